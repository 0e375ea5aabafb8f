//! A folder on disk, held against a former state of it.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::Revision;
use crate::source::{Folder, Listing, Tree};

/// A file that was not read is taken for another one when it is larger than this, in bytes.
const MAX_COMPARED: u64 = 64 * 1024 * 1024;

/// A project's folder that notes, while it is read, which files are what they are in a revision. So
/// nothing is read twice, and what counts is what was read, not what Git's index makes of it:
/// untracked, ignored and hidden changes are seen, and no filter runs.
pub struct Against {
    folder: Folder,
    base: Arc<Revision>,
    /// By the position of a file in `base`: whether what was read is the same.
    same: Box<[AtomicBool]>,
    listed: Mutex<BTreeSet<Arc<str>>>,
}

impl Against {
    /// The folder held against `base`.
    pub fn new(folder: Folder, base: Arc<Revision>) -> Self {
        Self {
            folder,
            same: (0..base.len()).map(|_| AtomicBool::new(false)).collect(),
            listed: Mutex::default(),
            base,
        }
    }

    /// The files among `folders` and `files` that are others in the revision, or there or here
    /// only: by what has been listed and read, which is done for those that have not been.
    pub fn differing(&self, folders: &[&str], files: &[&str]) -> Vec<Arc<str>> {
        let mut all = std::mem::take(&mut *self.listed());
        for folder in folders {
            if !all.iter().any(|path| path.starts_with(folder)) {
                all.extend(self.folder.list(folder).files);
            }
            all.extend(self.base.list(folder).files);
        }
        all.extend(files.iter().map(|&path| Arc::from(path)));
        let all: Vec<Arc<str>> = all.into_iter().collect();
        all.into_par_iter()
            .filter(|path| !self.is_same(path))
            .collect()
    }

    fn is_same(&self, path: &str) -> bool {
        let Some((at, _)) = self.base.file(path) else {
            // In neither of both it is the same.
            return !self.folder.exists(path);
        };
        self.same[at].load(Ordering::Relaxed)
            || (self.read(path, MAX_COMPARED).is_ok() && self.same[at].load(Ordering::Relaxed))
    }

    fn listed(&self) -> std::sync::MutexGuard<'_, BTreeSet<Arc<str>>> {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tree for Against {
    fn list(&self, folder: &str) -> Listing {
        let listing = self.folder.list(folder);
        self.listed().extend(listing.files.iter().cloned());
        listing
    }

    fn read(&self, path: &str, limit: u64) -> io::Result<Vec<u8>> {
        let bytes = self.folder.read(path, limit)?;
        if let Some((at, id)) = self.base.file(path) {
            self.same[at].store(id.is_of(&bytes), Ordering::Relaxed);
        }
        Ok(bytes)
    }

    fn exists(&self, path: &str) -> bool {
        self.folder.exists(path)
    }

    fn locate(&self, path: &str) -> Option<PathBuf> {
        self.folder.locate(path)
    }
}
