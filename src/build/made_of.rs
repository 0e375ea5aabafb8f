//! What decides every byte of a site: a hash by which a build knows that there is nothing to do.

use std::fmt::{self, Write};

use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

use super::output::Hash;
use crate::review::chronicle::Chronicle;
use crate::site::Options;

/// A hash of the program itself, which decides what a page looks like; `None` where it cannot be
/// read. It takes some milliseconds.
pub fn program() -> Option<Hash> {
    let program = std::fs::read(std::env::current_exe().ok()?).ok()?;
    Some(xxh3_128(&program))
}

/// A hash of what pages are made of: the `program`, the `sources` that were read for them, how they
/// are shown, and the history. What is merely copied is no part of it.
pub fn made_of(
    program: Hash,
    sources: Hash,
    options: &Options,
    history: Option<&Chronicle>,
) -> Hash {
    let mut all = Hasher(Xxh3Default::new());
    // Writing to a hash does not fail.
    let _ = write!(all, "{program:x} {sources:x} {}", options.told());
    for commit in history.map_or(&[][..], |history| history.history().commits()) {
        let _ = write!(all, " {commit:?}");
    }
    let _ = write!(all, " {}", history.is_some());
    all.0.digest128()
}

struct Hasher(Xxh3Default);

impl Write for Hasher {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}
