//! Files as they would be: a tree with some of its files changed, gone or new, in memory.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Listing, Tree};

/// A tree with changes on top that nobody has written yet.
#[derive(Clone)]
pub struct Overlay {
    base: Arc<dyn Tree>,
    changes: BTreeMap<Arc<str>, Option<Arc<str>>>,
}

impl Overlay {
    /// The tree below, without changes.
    pub fn new(base: Arc<dyn Tree>) -> Self {
        Self {
            base,
            changes: BTreeMap::new(),
        }
    }

    /// Puts a text in the place of a file, or makes one.
    pub fn write(&mut self, path: &str, text: &str) {
        self.changes.insert(path.into(), Some(text.into()));
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) {
        self.changes.insert(path.into(), None);
    }
}

impl Tree for Overlay {
    fn list(&self, folder: &str) -> Listing {
        let mut listing = self.base.list(folder);
        listing
            .files
            .retain(|path| !self.changes.contains_key(path));
        let prefix = format!("{folder}/");
        let there = self
            .changes
            .iter()
            .filter(|(path, text)| text.is_some() && path.starts_with(&prefix));
        listing.files.extend(there.map(|(path, _)| path.clone()));
        listing.files.sort_unstable();
        listing
    }

    fn read(&self, path: &str, limit: u64) -> io::Result<Vec<u8>> {
        match self.changes.get(path) {
            Some(Some(text)) if text.len() as u64 > limit => {
                Err(io::ErrorKind::FileTooLarge.into())
            }
            Some(Some(text)) => Ok(text.as_bytes().to_vec()),
            Some(None) => Err(io::ErrorKind::NotFound.into()),
            None => self.base.read(path, limit),
        }
    }

    fn exists(&self, path: &str) -> bool {
        match self.changes.get(path) {
            Some(change) => change.is_some(),
            None => self.base.exists(path),
        }
    }

    fn locate(&self, path: &str) -> Option<PathBuf> {
        self.base.locate(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Memory;

    #[test]
    fn changes_hide_what_is_below_them() {
        let base = Memory::default()
            .with("a/x", "x")
            .with("a/y", "y")
            .with("a/z", "z");
        let mut overlay = Overlay::new(Arc::new(base));
        overlay.write("a/y", "new");
        overlay.write("a/b/n", "n");
        overlay.remove("a/x");
        let files: Vec<String> = overlay
            .list("a")
            .files
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(files, ["a/b/n", "a/y", "a/z"]);
        assert_eq!(overlay.read("a/y", 10).expect("there"), b"new");
        assert!(overlay.read("a/y", 1).is_err() && overlay.read("a/x", 10).is_err());
        assert!(overlay.exists("a/z") && overlay.exists("a/b/n") && !overlay.exists("a/x"));
    }
}
