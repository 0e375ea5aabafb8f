//! Watching the project's files.
//!
//! In: the roots to watch. Out: a [`Change`] for every burst of saves, once it is over; and a
//! [`Gate`], which tells a request to wait as soon as the first event of a burst is seen.
//!
//! `notify` reports raw events; what is added here: reads are no changes; a burst is one change,
//! 10 ms after its last event; a new folder is watched first and searched then, since a file may
//! be in it before the watch is (notify #727); roots may come and go, because the folders they
//! stand in are watched too; and where the system offers no watching, the files are polled.

use std::collections::BTreeSet;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use notify::event::{Event, EventKind, ModifyKind};
use notify::{Config, ErrorKind, PollWatcher, RecommendedWatcher, RecursiveMode, WatcherKind};
use walkdir::WalkDir;

/// A burst is over when nothing has happened for so long,
const QUIET: Duration = Duration::from_millis(10);
/// or when it has lasted so long.
const LONGEST: Duration = Duration::from_secs(1);
/// How often files are polled.
const POLL: Duration = Duration::from_secs(1);

/// What a burst of events comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// These paths were written, created or removed. A path that is gone may have been a folder:
    /// all that was below it is gone as well. A new folder comes with every file in it.
    Paths(BTreeSet<PathBuf>),
    /// Events were lost or a root came or went: anything may have changed.
    Rescan,
}

/// Watches until it is dropped.
pub struct Watcher {
    gate: Gate,
    backend: Arc<Mutex<Backend>>,
}

impl Watcher {
    /// Watches `roots`, files or folders that may not exist yet. `on_change` runs on a thread of
    /// its own, a call at a time; what it did not panic over is applied when it returns.
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
        let roots = roots.iter().map(std::path::absolute).collect::<io::Result<Arc<[_]>>>()?;
        let (sender, events) = channel();
        let gate = Gate::default();
        let filter = Filter { roots: Arc::clone(&roots), ignore: Arc::new(ignore), gate: gate.clone(), sender };
        let burst = Burst { ignore: Arc::clone(&filter.ignore), roots: Arc::clone(&roots), ..Burst::default() };
        let backend = Arc::new(Mutex::new(Backend::start(roots, filter, poll)?));
        let weak = Arc::downgrade(&backend);
        let at_work = gate.clone();
        thread::Builder::new()
            .name("watch".into())
            .spawn(move || settle(&events, burst, &at_work, &weak, on_change))?;
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

/// Lets nobody see an old page after a save was noticed.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<(Mutex<Tide>, Condvar)>);

/// Events count up `noticed`; what was applied counts up `applied` behind it.
#[derive(Debug, Default)]
struct Tide {
    noticed: u64,
    applied: u64,
}

impl Gate {
    /// Waits until every change noticed before this call is applied, at most for `limit`;
    /// `false` when the time is over. Returns at once when there is none.
    pub fn wait(&self, limit: Duration) -> bool {
        let (tide, applied) = &*self.0;
        let tide = lock(tide);
        let target = tide.noticed;
        let wait = applied.wait_timeout_while(tide, limit, |tide| tide.applied < target);
        wait.is_ok_and(|(_, result)| !result.timed_out())
    }

    /// Whether a change is noticed and not yet applied.
    pub fn is_pending(&self) -> bool {
        let tide = lock(&self.0.0);
        tide.applied < tide.noticed
    }

    fn notice(&self) -> u64 {
        let mut tide = lock(&self.0.0);
        tide.noticed += 1;
        tide.noticed
    }

    fn apply(&self, until: u64) {
        lock(&self.0.0).applied = until;
        self.0.1.notify_all();
    }
}

type Ignore = Arc<dyn Fn(&Path) -> bool + Send + Sync>;

/// Takes raw events on the thread of `notify`: raises the gate and passes on what matters.
#[derive(Clone)]
struct Filter {
    roots: Arc<[PathBuf]>,
    ignore: Ignore,
    gate: Gate,
    sender: Sender<(u64, Raw)>,
}

/// What is left of an event.
enum Raw {
    /// Something happened to these paths, and they may be new folders.
    Paths(Vec<PathBuf>, bool),
    /// Events were lost; with the reason when there will be no more.
    Lost(Option<String>),
}

impl notify::EventHandler for Filter {
    fn handle_event(&mut self, event: notify::Result<Event>) {
        let raw = match event {
            Ok(event) if event.need_rescan() => Raw::Lost(None),
            Ok(Event { kind: EventKind::Access(_), .. }) => return,
            Ok(Event { kind, mut paths, .. }) => {
                paths.retain(|path| self.concerns(path));
                let place = EventKind::is_create(&kind) || matches!(kind, EventKind::Modify(ModifyKind::Name(_)) | EventKind::Any);
                // A change of metadata above a root, such as a new file beside it, is none of ours.
                if paths.is_empty() {
                    return;
                }
                Raw::Paths(paths, place)
            }
            Err(error) => Raw::Lost(matches!(error.kind, ErrorKind::MaxFilesWatch).then(|| error.to_string())),
        };
        // When nobody receives any more, the watcher is being dropped.
        let _ = self.sender.send((self.gate.notice(), raw));
    }
}

impl Filter {
    fn concerns(&self, path: &Path) -> bool {
        let below = self.roots.iter().any(|root| path.starts_with(root));
        if below { !(self.ignore)(path) } else { self.roots.iter().any(|root| root.starts_with(path)) }
    }
}

/// The watcher of `notify` in use, and how to make another.
struct Backend {
    roots: Arc<[PathBuf]>,
    filter: Filter,
    watcher: Box<dyn notify::Watcher + Send>,
    polling: Option<String>,
}

impl Backend {
    fn start(roots: Arc<[PathBuf]>, filter: Filter, poll: Option<Duration>) -> io::Result<Self> {
        let native = match poll {
            Some(_) => Err("polling was asked for".to_owned()),
            None => RecommendedWatcher::new(filter.clone(), Config::default())
                .and_then(|watcher| watch_all(Box::new(watcher), &roots))
                .map_err(|error| error.to_string()),
        };
        let (watcher, polling) = match native {
            Ok(watcher) => (watcher, None),
            Err(why) => (poller(&filter, &roots, poll.unwrap_or(POLL)).map_err(io::Error::other)?, Some(why)),
        };
        Ok(Self { roots, filter, watcher, polling })
    }
}
