//! A tree that knows afterwards what was read from it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

use super::{Listing, Tree};

/// A question to a tree.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    List(Box<str>),
    Read(Box<str>, u64),
    Exists(Box<str>),
}

/// Passes every question on to another tree, and keeps a hash of each answer.
pub struct Witness {
    tree: Arc<dyn Tree>,
    /// What was answered; `None` where two answers were not the same.
    heard: Mutex<BTreeMap<Asked, Option<u128>>>,
}

impl Witness {
    /// Watches what is read from `tree`.
    pub fn new(tree: Arc<dyn Tree>) -> Self {
        Self {
            tree,
            heard: Mutex::default(),
        }
    }

    /// A hash of all questions so far and of their answers, in whatever order they came. `None` if
    /// something changed in between, so that what was read is no state of the tree.
    pub fn fingerprint(&self) -> Option<u128> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hasher = Xxh3Default::new();
        for (asked, answer) in &*heard {
            let (sort, path, limit) = match asked {
                Asked::List(folder) => (0, folder, 0),
                Asked::Read(path, limit) => (1, path, *limit),
                Asked::Exists(path) => (2, path, 0),
            };
            hasher.update(&[sort]);
            hasher.update(&path.len().to_le_bytes());
            hasher.update(path.as_bytes());
            hasher.update(&limit.to_le_bytes());
            hasher.update(&(*answer)?.to_le_bytes());
        }
        Some(hasher.digest128())
    }

    fn hear(&self, asked: Asked, answer: u128) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        match heard.entry(asked) {
            Entry::Vacant(entry) => {
                entry.insert(Some(answer));
            }
            Entry::Occupied(mut entry) => {
                if *entry.get() != Some(answer) {
                    entry.insert(None);
                }
            }
        }
    }
}

impl Tree for Witness {
    fn list(&self, folder: &str) -> Listing {
        let listing = self.tree.list(folder);
        let answer = format!("{listing:?}");
        self.hear(Asked::List(folder.into()), xxh3_128(answer.as_bytes()));
        listing
    }

    fn read(&self, path: &str, limit: u64) -> io::Result<Vec<u8>> {
        let read = self.tree.read(path, limit);
        let answer = match &read {
            Ok(bytes) => xxh3_128(bytes),
            // No file has this hash of its bytes but by chance.
            Err(error) => !xxh3_128(super::reason(error).as_bytes()),
        };
        self.hear(Asked::Read(path.into(), limit), answer);
        read
    }

    fn exists(&self, path: &str) -> bool {
        let exists = self.tree.exists(path);
        self.hear(Asked::Exists(path.into()), exists.into());
        exists
    }

    fn locate(&self, path: &str) -> Option<PathBuf> {
        self.tree.locate(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Memory;

    fn fingerprint(tree: Memory, ask: impl Fn(&dyn Tree)) -> Option<u128> {
        let witness = Witness::new(Arc::new(tree));
        ask(&witness);
        witness.fingerprint()
    }

    #[test]
    fn the_same_answers_have_the_same_fingerprint_in_any_order() {
        let tree = || Memory::default().with("a", "1").with("b", "2");
        let once = fingerprint(tree(), |tree| {
            let _ = (tree.read("a", 9), tree.read("b", 9), tree.list(""));
        });
        let twice = fingerprint(tree(), |tree| {
            let _ = (tree.list(""), tree.read("b", 9), tree.read("a", 9));
            let _ = tree.read("a", 9);
        });
        assert!(once.is_some() && once == twice);
    }

    #[test]
    fn another_answer_has_another_fingerprint() {
        let ask = |tree: &dyn Tree| {
            let _ = (tree.read("x/a", 9), tree.exists("x/b"), tree.list("x"));
        };
        let tree = || Memory::default().with("x/a", "1").with("x/b", "2");
        let known = fingerprint(tree(), ask);
        let others = [
            tree().with("x/a", "2"),
            tree().with("x/a", "0123456789"),
            tree().with("x/c", ""),
            Memory::default().with("x/a", "1"),
            Memory::default().with("x/b", "2"),
        ];
        for other in others {
            assert_ne!(known, fingerprint(other, ask));
        }
    }

    #[test]
    fn what_changes_while_it_is_read_has_no_fingerprint() {
        struct Clock(Mutex<u8>);
        impl Tree for Clock {
            fn list(&self, _: &str) -> Listing {
                Listing::default()
            }
            fn read(&self, _: &str, _: u64) -> io::Result<Vec<u8>> {
                let mut time = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                *time += 1;
                Ok(vec![*time])
            }
            fn locate(&self, _: &str) -> Option<PathBuf> {
                None
            }
        }
        let witness = Witness::new(Arc::new(Clock(Mutex::default())));
        let _ = witness.read("now", 1);
        assert!(witness.fingerprint().is_some());
        let _ = witness.read("now", 1);
        assert_eq!(witness.fingerprint(), None);
    }
}
