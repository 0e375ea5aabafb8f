//! Symbolic links below the roots.
//!
//! Behind a link a file has a second path, and the system reports a change of it under one of the
//! two. So while there are links, any change may be a change of anything.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use walkdir::{DirEntry, WalkDir};

use super::lock;

/// What the links lead to, shared by all that ask.
#[derive(Clone)]
pub(super) struct Links {
    /// Where the roots stand, without links: what a link leads to elsewhere is not ours.
    homes: Arc<[PathBuf]>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    any: bool,
    targets: Vec<PathBuf>,
}

/// A path, if it is a symbolic link, and all links below it, also those that lead nowhere.
pub(super) fn links_below(path: &Path) -> impl Iterator<Item = PathBuf> {
    // A walk that begins at a link looks behind it first, and ends where there is nothing.
    let itself = path.is_symlink().then(|| path.to_owned());
    let below = WalkDir::new(path).min_depth(1).into_iter();
    let below = below
        .filter_map(Result::ok)
        .filter(DirEntry::path_is_symlink);
    itself.into_iter().chain(below.map(DirEntry::into_path))
}

impl Links {
    pub(super) fn of(roots: &[PathBuf]) -> Self {
        let homes = roots.iter().filter_map(|root| root.parent());
        Self {
            homes: homes.filter_map(|home| home.canonicalize().ok()).collect(),
            state: Arc::default(),
        }
    }

    /// Finds all links there are now.
    pub(super) fn search(&self, roots: &[PathBuf]) {
        let mut found = State::default();
        for link in roots.iter().flat_map(|root| links_below(root)) {
            found.any = true;
            found.targets.extend(self.target(&link));
        }
        *lock(&self.state) = found;
    }

    /// Whether there were any when they were searched for.
    pub(super) fn any(&self) -> bool {
        lock(&self.state).any
    }

    /// Whether a path is what a link leads to, or below it.
    pub(super) fn lead_to(&self, path: &Path) -> bool {
        let state = lock(&self.state);
        state.targets.iter().any(|target| path.starts_with(target))
    }

    /// What there is beside the roots that links lead to.
    pub(super) fn targets(&self) -> Vec<PathBuf> {
        lock(&self.state).targets.clone()
    }

    /// Whether to look behind a found path: not behind a link that leaves the project.
    pub(super) fn may_follow(&self, entry: &DirEntry) -> bool {
        !entry.path_is_symlink() || self.target(entry.path()).is_some()
    }

    fn target(&self, link: &Path) -> Option<PathBuf> {
        let target = link.canonicalize().ok()?;
        let inside = self.homes.iter().any(|home| target.starts_with(home));
        inside.then_some(target)
    }
}
