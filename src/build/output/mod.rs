//! Puts a built site in place so that the old one stands until the new one is whole.
//!
//! 1. [`Stage::open`] checks the output folder, locks it and makes a staging folder beside it.
//! 2. [`Stage::write`] and [`Stage::copy`] put the files of the new site there, from any thread.
//!    A file that the old site has already is not written again.
//! 3. [`Stage::publish`] gives the staging folder what the old site has unchanged and what
//!    others have put there, records what is ours, and exchanges the two folders in one step.
//!
//! A stage that is dropped leaves nothing behind. What a killed build leaves, the next one
//! mends. Where the output folder cannot be renamed (something is mounted there, or its parent
//! is read-only), its files are replaced one by one.
//!
//! No file is deleted that the record, `.personary-manifest.json`, does not name as ours.

mod error;
mod inplace;
mod lock;
mod manifest;
mod place;
mod publish;
mod sys;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Duration;

pub use error::OutputError;
use error::io_error;
use lock::Lock;
pub use manifest::Hash;
use manifest::{Entry, Known, Manifest};
use place::Place;
pub use publish::Report;
use rayon::prelude::*;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

/// How long to wait for another build into the same folder.
const WAIT: Duration = Duration::from_secs(10);
/// A file up to this size is copied in one piece.
const PIECE: usize = 1 << 20;

/// A site on its way into an output folder.
#[derive(Debug)]
pub struct Stage {
    place: Place,
    /// Where the new site is built; after an exchange, where the old one is.
    folder: PathBuf,
    method: Method,
    old: Option<Manifest>,
    /// Folders of the new site that have been made.
    folders: RwLock<HashSet<Box<str>>>,
    /// The files of the new site, a list for each worker thread.
    entries: Vec<Mutex<Vec<Entry>>>,
    _lock: Lock,
}

/// How the new site takes the place of the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    /// The folders are exchanged.
    Exchange,
    /// The old folder is renamed, then the new one: for a moment there is none.
    #[cfg_attr(not(test), expect(dead_code, reason = "what Exchange falls back to"))]
    Aside,
    /// The files are replaced one by one.
    InPlace,
}

impl Stage {
    /// Begins to build into the folder `out` for the project in the folder `project`.
    ///
    /// Refuses a folder with sources of the project, or with files that Personary did not
    /// build. Waits up to 10 seconds for another build into the same folder.
    pub fn open(out: &Path, project: &Path) -> Result<Self, OutputError> {
        Self::open_within(out, project, WAIT)
    }

    fn open_within(out: &Path, project: &Path, wait: Duration) -> Result<Self, OutputError> {
        let place = Place::find(out, project)?;
        place.check_ours()?;
        place.create_parent()?;
        let (lock, inside) = take_lock(&place, wait)?;
        place.heal()?;
        // Once more: only now is nobody else writing to it.
        place.check_ours()?;
        let old = Manifest::load(&place.path)?;

        let folder = place.staging(inside);
        fs::create_dir(&folder).map_err(io_error("create the folder", &folder))?;
        let stage = Self {
            method: if inside {
                Method::InPlace
            } else {
                Method::Exchange
            },
            entries: (0..=rayon::current_num_threads())
                .map(|_| Mutex::default())
                .collect(),
            place,
            folder,
            old,
            folders: RwLock::default(),
            _lock: lock,
        };
        let marker = stage.folder.join(tree::MARKER);
        File::create(&marker).map_err(io_error("create", &marker))?;
        Ok(stage)
    }

    /// Writes `bytes` to `path`, which is relative to the site's root with `/` between folders.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<(), OutputError> {
        let known = self.claim(path)?;
        let hash = xxh3_128(bytes);
        let size = bytes.len() as u64;
        let kept = self.keeps(path, known, size, &hash);
        if !kept {
            let target = self.folder.join(path);
            let written = self
                .create(path, &target)?
                .write_all(bytes)
                .map_err(io_error("write", &target));
            or_remove(written, &target)?;
        }
        self.record(Entry {
            path: path.into(),
            size,
            hash: Some(hash),
            written: !kept,
        });
        Ok(())
    }

    /// Copies the file `from` to `path`, as [`write`](Self::write) does with bytes.
    pub fn copy(&self, path: &str, from: &Path) -> Result<(), OutputError> {
        let failed = || io_error("read", from);
        let mut source = File::open(from).map_err(failed())?;
        let size = source.metadata().map_err(failed())?.len();
        if size <= PIECE as u64 {
            let mut bytes = Vec::new();
            source.read_to_end(&mut bytes).map_err(failed())?;
            return self.write(path, &bytes);
        }
        let known = self.claim(path)?;
        if known.is_some_and(|known| known.size() == size) {
            let source = File::open(from).map_err(failed())?;
            let (_, hash) = pour((source, from), (io::sink(), from))?;
            if self.keeps(path, known, size, &hash) {
                self.record(Entry {
                    path: path.into(),
                    size,
                    hash: Some(hash),
                    written: false,
                });
                return Ok(());
            }
        }
        let target = self.folder.join(path);
        let file = self.create(path, &target)?;
        let (size, hash) = or_remove(pour((source, from), (file, &target)), &target)?;
        self.record(Entry {
            path: path.into(),
            size,
            hash: Some(hash),
            written: true,
        });
        Ok(())
    }

    /// Checks `path` and finds it in the old site. The second time, where known, is an error.
    fn claim(&self, path: &str) -> Result<Option<&Known>, OutputError> {
        manifest::check_path(path)?;
        let known = self.old.as_ref().and_then(|old| old.files.get(path));
        if known.is_some_and(|known| !known.claim()) {
            return Err(OutputError::Duplicate(path.to_owned()));
        }
        Ok(known)
    }

    /// Whether the old site's file can stay: it should hold the same and was not touched.
    fn keeps(&self, path: &str, known: Option<&Known>, size: u64, hash: &Hash) -> bool {
        let (Some(old), Some(known)) = (&self.old, known) else {
            return false;
        };
        let keeps = known.holds(size, hash) && self.is_untouched(old, path, size);
        if keeps {
            known.keep();
        }
        keeps
    }

    /// Whether a file of the old site is there and was not touched.
    fn is_untouched(&self, old: &Manifest, path: &str, size: u64) -> bool {
        fs::symlink_metadata(self.place.path.join(path)).is_ok_and(|status| {
            status.is_file()
                && status.len() == size
                && status.modified().is_ok_and(|time| time <= old.built)
        })
    }

    /// How many files the old site has, if it was made of `made_of`, is whole, nobody has touched it,
    /// and it holds `copies`, paths with bytes, which are not part of what `made_of` stands for. `None`
    /// among them is one that could not be read.
    pub fn stands(
        &self,
        made_of: Hash,
        copies: impl ParallelIterator<Item = Option<(String, Vec<u8>)>>,
    ) -> Option<usize> {
        let old = self.old.as_ref()?;
        let is_there = |copy: Option<(String, Vec<u8>)>| {
            copy.is_some_and(|(path, bytes)| {
                let known = old.files.get(&*path);
                known.is_some_and(|known| known.holds(bytes.len() as u64, &xxh3_128(&bytes)))
            })
        };
        let stands = old.made_of == Some(made_of)
            && old.files.par_iter().all(|(path, known)| {
                known.is_whole() && self.is_untouched(old, path, known.size())
            })
            && copies.all(is_there);
        stands.then_some(old.files.len())
    }

    /// Makes the file and the folders it lies in.
    fn create(&self, path: &str, target: &Path) -> Result<File, OutputError> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.ensure_folder(folder)
            .and_then(|()| File::create_new(target))
            .map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => OutputError::Duplicate(path.to_owned()),
                io::ErrorKind::NotADirectory => OutputError::FileAndFolder(path.to_owned()),
                _ => io_error("create", target)(error),
            })
    }

    /// Makes a folder of the new site, given as the site writes it, unless it was made before.
    fn ensure_folder(&self, folder: &str) -> io::Result<()> {
        let made = || self.folders.read().unwrap_or_else(PoisonError::into_inner);
        if folder.is_empty() || made().contains(folder) {
            return Ok(());
        }
        // Several threads may come here with the same folder; no lock is held meanwhile.
        if let Some((parent, _)) = folder.rsplit_once('/') {
            self.ensure_folder(parent)?;
        }
        match fs::create_dir(self.folder.join(folder)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        self.folders
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(folder.into());
        Ok(())
    }

    fn record(&self, entry: Entry) {
        // Threads outside of the pool share the last list.
        let shared = self.entries.len() - 1;
        let index = rayon::current_thread_index().map_or(shared, |index| index.min(shared));
        self.entries[index]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(entry);
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // What cannot be removed now is a leftover that the next build removes.
        if self.folder.exists() {
            let _ = tree::dispose(&self.folder, &self.place.path);
        }
    }
}

/// Takes the lock beside the output, or in it where it must be updated in place.
fn take_lock(place: &Place, wait: Duration) -> Result<(Lock, bool), OutputError> {
    let take = |inside| {
        let path = place.lock(inside);
        match Lock::take(path.clone(), wait) {
            Ok(Some(lock)) => Ok((lock, inside)),
            Ok(None) => Err(OutputError::Busy {
                out: place.shown.clone(),
                waited: wait.as_secs(),
            }),
            Err(error) => Err(io_error("create", &path)(error)),
        }
    };
    if place.is_mount_point() {
        return take(true);
    }
    match take(false) {
        Err(OutputError::Io { source, .. }) if is_denied(&source) && place.path.is_dir() => {
            take(true)
        }
        taken => taken,
    }
}

fn is_denied(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    )
}

/// Leaves no file behind that was written in part.
fn or_remove<T>(written: Result<T, OutputError>, target: &Path) -> Result<T, OutputError> {
    written.inspect_err(|_| {
        let _ = fs::remove_file(target);
    })
}

/// Copies a large file, hashing on the way: the hash is of what was written even when the
/// source changes meanwhile.
fn pour(
    (mut source, from): (File, &Path),
    (mut target, to): (impl Write, &Path),
) -> Result<(u64, Hash), OutputError> {
    let mut hasher = Xxh3Default::new();
    let mut size = 0;
    let mut buffer = vec![0; PIECE];
    loop {
        let length = match source.read(&mut buffer) {
            Ok(0) => return Ok((size, hasher.digest128())),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(io_error("read", from)(error)),
        };
        hasher.update(&buffer[..length]);
        size += length as u64;
        target
            .write_all(&buffer[..length])
            .map_err(io_error("write", to))?;
    }
}
