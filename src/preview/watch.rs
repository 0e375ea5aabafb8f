//! Watching the project's files.
//!
//! In: the roots to watch. Out: a [`Change`] for every burst of saves, once it is over; and a
//! [`Gate`], which tells a request to wait as soon as the first event of a burst is seen.
//!
//! `notify` reports raw events; what is added here: reads are no changes; a burst is one change,
//! 10 ms after its last event, or 2 ms where the writer is known to be done; a new folder is
//! watched first and searched then, since a file may be in it before the watch is (notify #727);
//! roots may come and go, because the folders they stand in are watched too; while there are
//! symbolic links, any change is a change of anything ([`links`]); and where the system offers no
//! watching, the files are polled.

use std::collections::BTreeSet;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

pub use gate::Gate;

use backend::{Backend, Filter, Raw};
use links::{Links, links_below};

mod backend;
mod gate;
mod links;
#[cfg(test)]
mod tests;

/// A burst is over when nothing has happened for so long,
const QUIET: Duration = Duration::from_millis(10);
/// or, when it is a save that is finished, for so long,
const QUIET_WHEN_CLOSED: Duration = Duration::from_millis(2);
/// or when it has lasted so long.
const LONGEST: Duration = Duration::from_secs(1);
/// A burst of more files is no save: somebody switches branches or replaces a word everywhere.
const SAVED_AT_ONCE: usize = 4;

/// What a burst of events comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// These paths were written, created or removed. For a folder among them, or a path that is
    /// gone, forget all that was below it; the files that a new folder holds are listed too.
    Paths(BTreeSet<PathBuf>),
    /// Events were lost, a root came or went, or there are symbolic links: anything may have
    /// changed.
    Rescan,
    /// For this reason the system reports no more, and from now on the files are polled: anything
    /// may have changed.
    Polling(String),
}

/// Watches until it is dropped.
pub struct Watcher {
    gate: Gate,
    backend: Arc<Mutex<Backend>>,
}

impl Watcher {
    /// Watches `roots`, files or folders that may not exist yet. `on_change` runs on a thread of
    /// its own, a call at a time; a change counts as applied when it returns.
    /// `ignore` is asked about every path. To miss nothing, start watching before reading.
    pub fn start(
        roots: &[PathBuf],
        ignore: impl Fn(&Path) -> bool + Send + Sync + 'static,
        on_change: impl FnMut(Change) + Send + 'static,
    ) -> io::Result<Self> {
        Self::start_with(roots, None, ignore, on_change)
    }

    /// Like [`start`](Self::start), but polls from the beginning when `poll` says how often.
    pub fn start_with(
        roots: &[PathBuf],
        poll: Option<Duration>,
        ignore: impl Fn(&Path) -> bool + Send + Sync + 'static,
        on_change: impl FnMut(Change) + Send + 'static,
    ) -> io::Result<Self> {
        let roots = roots
            .iter()
            .map(std::path::absolute)
            .collect::<io::Result<Arc<[_]>>>()?;
        let (sender, events) = channel();
        let gate = Gate::default();
        let filter = Filter {
            links: Links::of(&roots),
            roots,
            ignore: Arc::new(ignore),
            gate: gate.clone(),
            sender,
        };
        let backend = Arc::new(Mutex::new(Backend::start(filter, poll)?));
        // Weak: the thread ends when the backend, which holds the sender, is dropped.
        let (weak, raised) = (Arc::downgrade(&backend), gate.clone());
        thread::Builder::new()
            .name("watch".into())
            .spawn(move || settle(&events, &raised, &weak, on_change))?;
        Ok(Self { gate, backend })
    }

    /// What makes requests wait for changes.
    pub fn gate(&self) -> Gate {
        self.gate.clone()
    }

    /// Why the files are polled; `None` when the system reports changes.
    pub fn polling(&self) -> Option<String> {
        lock(&self.backend).polling.clone()
    }
}

/// Collects bursts and applies them, until the watcher is dropped.
fn settle(
    events: &Receiver<(u64, Raw)>,
    gate: &Gate,
    backend: &Weak<Mutex<Backend>>,
    mut on_change: impl FnMut(Change),
) {
    while let Ok((mut last, raw)) = events.recv() {
        let (start, mut burst) = (Instant::now(), Burst::default());
        burst.add(raw);
        while start.elapsed() < LONGEST
            && let Ok((number, raw)) = events.recv_timeout(burst.quiet())
        {
            last = number;
            burst.add(raw);
        }
        let change = backend
            .upgrade()
            .and_then(|backend| burst.change(&mut lock(&backend)));
        if let Some(change) = change {
            // A panic is told on the terminal; the next save may heal what caused it.
            let _ = catch_unwind(AssertUnwindSafe(|| on_change(change)));
        }
        gate.apply(last);
    }
    gate.apply(u64::MAX);
}

/// The events of a burst.
#[derive(Default)]
struct Burst {
    written: BTreeSet<PathBuf>,
    moved: BTreeSet<PathBuf>,
    /// Of those the files whose writer is done.
    closed: BTreeSet<PathBuf>,
    lost: bool,
    over: Option<String>,
}

impl Burst {
    fn add(&mut self, raw: Raw) {
        if let Raw::Written(paths) | Raw::Moved(paths) = &raw {
            for path in paths {
                self.closed.remove(path);
            }
        }
        match raw {
            Raw::Written(paths) => self.written.extend(paths),
            Raw::Moved(paths) => self.moved.extend(paths),
            Raw::Closed(path) => {
                self.closed.insert(path);
            }
            Raw::Lost(over) => {
                self.lost = true;
                self.over = self.over.take().or(over);
            }
        }
    }

    /// How long nothing may happen until it is over. A file that is still open may be written on,
    /// and one that is gone may come back, which is how some editors save; but when all were
    /// closed or moved to their names, there is nothing to wait for.
    fn quiet(&self) -> Duration {
        let is_save = !self.lost && self.written.len().max(self.moved.len()) <= SAVED_AT_ONCE;
        let mut all = self.written.iter().chain(&self.moved);
        if is_save && all.all(|path| self.closed.contains(path)) {
            QUIET_WHEN_CLOSED
        } else {
            QUIET
        }
    }

    fn change(self, backend: &mut Backend) -> Option<Change> {
        if self.written.is_empty() && self.moved.is_empty() && !self.lost {
            return None;
        }
        let root_moved = |path: &PathBuf| {
            backend
                .filter
                .roots
                .iter()
                .any(|root| root.starts_with(path) && (root != path || !root.is_file()))
        };
        let root_moved = self.moved.iter().any(root_moved);
        let polled = backend.polling.is_some();
        let given_up = |backend: &Backend| backend.polling.clone().filter(|_| !polled);
        if let Some(why) = self.over {
            backend.give_up(why);
        }
        let mut all = self.written.iter().chain(&self.moved);
        let linked =
            backend.filter.links.any() || all.any(|path| links_below(path).next().is_some());
        if root_moved || self.lost || linked {
            backend.watch_again();
            return Some(given_up(backend).map_or(Change::Rescan, Change::Polling));
        }
        let mut paths = self.written;
        // A folder that was merely written to is no news: what is new in it has events of its own.
        paths.retain(|path| !path.is_dir());
        let mut folder: Option<&PathBuf> = None;
        for path in &self.moved {
            if !folder.is_some_and(|folder| path.starts_with(folder)) && path.is_dir() {
                paths.extend(backend.enter(path));
                folder = Some(path);
            }
        }
        paths.extend(self.moved);
        if let Some(why) = given_up(backend) {
            return Some(Change::Polling(why));
        }
        (!paths.is_empty()).then_some(Change::Paths(paths))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
