//! The history beside the preview: read in the background, at the start and after a commit.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread;
use std::time::SystemTime;

use crate::library::history::History;
use crate::review::chronicle::Chronicle;
use crate::source::Folder;

/// A file that Git writes to at every commit, and when it did last; `None` outside a repository.
pub(super) type GitStamp = Option<(PathBuf, Option<SystemTime>)>;

/// What Git tells of the project, as of a moment ago. What was told of it in words stays with it, so
/// that a save tells nothing again.
pub(super) struct Past {
    root: PathBuf,
    read: RwLock<Option<Arc<Chronicle>>>,
    /// The file that every commit writes to, and when one did last.
    stamp: Mutex<GitStamp>,
    busy: AtomicBool,
    /// Held by whoever puts something in its place, so that of two who do the later one has looked
    /// last.
    turn: Mutex<()>,
}

impl Past {
    pub(super) fn new(root: PathBuf) -> Self {
        Self {
            root,
            read: RwLock::default(),
            stamp: Mutex::default(),
            busy: AtomicBool::new(false),
            turn: Mutex::default(),
        }
    }

    /// The history as far as it is read.
    pub(super) fn now(&self) -> Option<Arc<Chronicle>> {
        let read = self.read.read().unwrap_or_else(PoisonError::into_inner);
        read.clone()
    }

    /// The state of the repository that was read.
    pub(super) fn stamp(&self) -> GitStamp {
        self.stamp
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether there was a commit or a checkout since the history was read. This looks at one file.
    pub(super) fn has_moved(&self) -> bool {
        self.stamp()
            .is_some_and(|(path, then)| modified(path) != then)
    }

    /// Reads the history in the background, unless that is under way, and tells when it is there.
    pub(super) fn refresh(self: &Arc<Self>, done: impl FnOnce() + Send + 'static) {
        if self.busy.swap(true, Ordering::AcqRel) {
            return;
        }
        let past = Arc::clone(self);
        let begun = thread::Builder::new().name("history".to_owned());
        let begun = begun.spawn(move || {
            past.read();
            past.busy.store(false, Ordering::Release);
            done();
        });
        if begun.is_err() {
            self.busy.store(false, Ordering::Release);
        }
    }

    fn read(&self) {
        let known = self.now();
        let known = known.as_deref().map(Chronicle::history);
        // The time is taken before the log, so that a commit in between is read again.
        let before = known.and_then(|history| history.stamp());
        let time = before.as_ref().map(modified);
        if known.is_some_and(|history| !history.is_old()) {
            self.remember(before.zip(time));
            return;
        }
        let read = History::read(&self.root);
        let path = read.as_ref().and_then(History::stamp);
        let time = match (path.as_ref() == before.as_ref(), time) {
            (true, Some(time)) => Some(time),
            _ => path.as_ref().map(modified),
        };
        self.remember(path.zip(time));
        let _turn = self.turn();
        self.hold(read.map(Arc::new));
    }

    /// Reads the settings again, by which the history is told.
    pub(super) fn follow_settings(&self) {
        let _turn = self.turn();
        if let Some(known) = self.now() {
            self.hold(Some(Arc::clone(known.history())));
        }
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(&self, history: Option<Arc<History>>) {
        let tree = Folder::open(&self.root).ok();
        let read = history.zip(tree);
        let read = read.map(|(history, tree)| Arc::new(Chronicle::new(history, &tree)));
        let mut held = self.read.write().unwrap_or_else(PoisonError::into_inner);
        *held = read;
    }

    fn remember(&self, stamp: GitStamp) {
        *self.stamp.lock().unwrap_or_else(PoisonError::into_inner) = stamp;
    }
}

/// When a file was written last.
pub(super) fn modified(path: impl AsRef<Path>) -> Option<SystemTime> {
    path.as_ref().metadata().ok()?.modified().ok()
}
