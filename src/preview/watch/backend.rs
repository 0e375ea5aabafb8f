//! Where raw events come from.
//!
//! In: what `notify` reports, or what a look at all files tells. Out: the paths that matter, each
//! event with its number at the gate.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, SystemTime};

use notify::event::{AccessKind, AccessMode, Event, EventKind, ModifyKind, RenameMode};
use notify::{Config, ErrorKind, RecommendedWatcher, RecursiveMode, Watcher as _, WatcherKind};
use walkdir::WalkDir;

use super::Gate;
use super::links::{Links, links_below};

/// How often files are polled, where they have to be.
const POLL: Duration = Duration::from_secs(1);

/// How often a walk through folders that come and go begins anew.
const TRIES: usize = 100;

/// Takes raw events on the thread of `notify`: raises the gate and passes on what matters.
#[derive(Clone)]
pub(super) struct Filter {
    pub(super) roots: Arc<[PathBuf]>,
    pub(super) links: Links,
    pub(super) ignore: Arc<dyn Fn(&Path) -> bool + Send + Sync>,
    pub(super) gate: Gate,
    pub(super) sender: Sender<(u64, Raw)>,
}

/// What is left of an event.
pub(super) enum Raw {
    /// These paths were written to.
    Written(Vec<PathBuf>),
    /// These paths appeared or disappeared; they may be folders.
    Moved(Vec<PathBuf>),
    /// Whoever wrote this file is done: it was closed, or moved here. Not every system tells.
    Closed(PathBuf),
    /// Events were lost; with the reason when the system will report no more.
    Lost(Option<String>),
}

impl notify::EventHandler for Filter {
    fn handle_event(&mut self, event: notify::Result<Event>) {
        match event {
            Ok(event) if event.need_rescan() => self.pass(Raw::Lost(None)),
            Ok(Event {
                kind: EventKind::Access(AccessKind::Close(AccessMode::Write)),
                paths,
                ..
            }) => self.pass_closed(paths.into_iter().next_back()),
            Ok(Event {
                kind: EventKind::Access(_),
                ..
            }) => {}
            Ok(Event {
                kind: EventKind::Modify(kind),
                mut paths,
                ..
            }) if !matches!(kind, ModifyKind::Name(_)) => {
                paths.retain(|path| self.is_below(path));
                self.pass(Raw::Written(paths));
            }
            Ok(Event {
                kind, mut paths, ..
            }) => {
                let is_arrival = matches!(
                    kind,
                    EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both))
                );
                let arrived = paths.last().filter(|_| is_arrival).cloned();
                paths.retain(|path| {
                    self.is_below(path) || self.roots.iter().any(|root| root.starts_with(path))
                });
                self.pass(Raw::Moved(paths));
                self.pass_closed(arrived);
            }
            Err(error) => {
                let last = matches!(error.kind, ErrorKind::MaxFilesWatch);
                self.pass(Raw::Lost(last.then(|| reason(&error))));
            }
        }
    }
}

impl Filter {
    fn is_below(&self, path: &Path) -> bool {
        let is_ours =
            self.roots.iter().any(|root| path.starts_with(root)) || self.links.lead_to(path);
        is_ours && !(self.ignore)(path)
    }

    fn pass_closed(&self, path: Option<PathBuf>) {
        if let Some(path) = path.filter(|path| self.is_below(path)) {
            self.pass(Raw::Closed(path));
        }
    }

    fn pass(&self, raw: Raw) {
        if !matches!(&raw, Raw::Written(paths) | Raw::Moved(paths) if paths.is_empty()) {
            // When nobody receives any more, the watcher is being dropped.
            let _ = self.sender.send((self.gate.notice(), raw));
        }
    }

    fn files_below(&self, path: &Path) -> impl Iterator<Item = walkdir::DirEntry> {
        WalkDir::new(path)
            .follow_links(true)
            .into_iter()
            .filter_entry(|entry| !(self.ignore)(entry.path()) && self.links.may_follow(entry))
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
    }

    /// Every file with what changes when it is written, and every link with where it leads: one to
    /// nothing is no file.
    fn snapshot(&self) -> BTreeMap<PathBuf, Stamp> {
        let files = self.roots.iter().flat_map(|root| self.files_below(root));
        let files = files.filter_map(|entry| {
            let metadata = entry.metadata().ok()?;
            let stamp = Stamp {
                modified: metadata.modified().ok(),
                length: metadata.len(),
                to: None,
            };
            Some((entry.into_path(), stamp))
        });
        let mut found: BTreeMap<PathBuf, Stamp> = files.collect();
        let links = self.roots.iter().flat_map(|root| links_below(root));
        for link in links.filter(|link| !(self.ignore)(link)) {
            let to = link.read_link().ok();
            found.entry(link).or_default().to = to;
        }
        found
    }
}

/// What tells one state of a file from another.
#[derive(Default, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    /// Where it leads, if it is a link.
    to: Option<PathBuf>,
}

/// Where the events come from, and how to start anew.
pub(super) struct Backend {
    pub(super) filter: Filter,
    source: Source,
    pub(super) polling: Option<String>,
}

enum Source {
    System(RecommendedWatcher),
    /// Polling ends when this is dropped.
    Poll {
        _stop: Sender<()>,
    },
}

impl Backend {
    pub(super) fn start(filter: Filter, poll: Option<Duration>) -> io::Result<Self> {
        let watcher = match poll {
            Some(_) => Err("polling was asked for".to_owned()),
            // What links lead to is watched by itself, unless that is outside the project.
            None => RecommendedWatcher::new(
                filter.clone(),
                Config::default().with_follow_symlinks(false),
            )
            .and_then(|mut watcher| watch_all(&mut watcher, &filter).map(|()| watcher))
            .map_err(|error| reason(&error)),
        };
        let (source, polling) = match watcher {
            Ok(watcher) => (Source::System(watcher), None),
            Err(why) => (
                start_polling(filter.clone(), poll.unwrap_or(POLL))?,
                Some(why),
            ),
        };
        Ok(Self {
            filter,
            source,
            polling,
        })
    }

    /// Goes on by polling, because of `why`.
    pub(super) fn give_up(&mut self, why: String) {
        if self.polling.is_none()
            && let Ok(source) = start_polling(self.filter.clone(), POLL)
        {
            self.source = source;
            self.polling = Some(why);
        }
    }

    /// Watches all that there is of the roots now.
    pub(super) fn watch_again(&mut self) {
        if let Source::System(watcher) = &mut self.source
            && let Err(error) = watch_all(watcher, &self.filter)
        {
            self.give_up(reason(&error));
        }
    }

    /// The files in a new folder. Only when its watch stands is nothing missed by looking.
    pub(super) fn enter(&mut self, folder: &Path) -> Vec<PathBuf> {
        if let Source::System(watcher) = &mut self.source
            && RecommendedWatcher::kind() == WatcherKind::Inotify
            && let Err(error) = patiently(|| watcher.watch(folder, RecursiveMode::Recursive))
            && matches!(error.kind, ErrorKind::MaxFilesWatch)
        {
            self.give_up(reason(&error));
        }
        self.filter
            .files_below(folder)
            .map(walkdir::DirEntry::into_path)
            .collect()
    }
}

/// Why the system does not watch, and what would help.
fn reason(error: &notify::Error) -> String {
    /// What Linux answers when a user has too many watchers.
    const TOO_MANY: i32 = 24;
    match &error.kind {
        ErrorKind::MaxFilesWatch => {
            "too many folders are watched; fs.inotify.max_user_watches is the limit".to_owned()
        }
        ErrorKind::Io(error) if error.raw_os_error() == Some(TOO_MANY) => {
            "too many programs watch files; fs.inotify.max_user_instances is the limit".to_owned()
        }
        ErrorKind::Io(error) => crate::source::reason(error),
        _ => error.to_string(),
    }
}

/// Watches what may change meanwhile. A folder that goes while its tree is walked ends the walk,
/// and those after it have no watch: then it begins anew.
fn patiently(mut watch: impl FnMut() -> notify::Result<()>) -> notify::Result<()> {
    let mut result = watch();
    for _ in 0..TRIES {
        if !result.as_ref().is_err_and(is_gone) {
            break;
        }
        result = watch();
    }
    result
}

fn is_gone(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => matches!(
            error.kind(),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
        ),
        _ => false,
    }
}

/// Watches the roots, and the folders they stand in for roots that come, go or are replaced.
fn watch_all(watcher: &mut RecommendedWatcher, filter: &Filter) -> notify::Result<()> {
    patiently(|| watch_all_at_once(watcher, filter))
}

fn watch_all_at_once(watcher: &mut RecommendedWatcher, filter: &Filter) -> notify::Result<()> {
    let roots = &filter.roots;
    filter.links.search(roots);
    for root in roots.iter().chain(&filter.links.targets()) {
        let parent = root.ancestors().skip(1).find(|path| path.is_dir());
        // A second, flat watch on a folder inside a root would end the deep one.
        if let Some(parent) =
            parent.filter(|parent| !roots.iter().any(|root| parent.starts_with(root)))
        {
            watcher.watch(parent, RecursiveMode::NonRecursive)?;
        }
    }
    roots
        .iter()
        .chain(&filter.links.targets())
        .filter(|root| root.is_dir())
        .try_for_each(|root| watcher.watch(root, RecursiveMode::Recursive))
}

fn start_polling(filter: Filter, every: Duration) -> io::Result<Source> {
    let (stop, stopped) = channel::<()>();
    let mut before = filter.snapshot();
    thread::Builder::new().name("poll".into()).spawn(move || {
        while stopped.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
            let now = filter.snapshot();
            let written = now
                .iter()
                .filter(|(path, stamp)| before.get(*path) != Some(stamp))
                .map(|(path, _)| path);
            let gone = before.keys().filter(|path| !now.contains_key(*path));
            filter.pass(Raw::Written(written.chain(gone).cloned().collect()));
            before = now;
        }
    })?;
    Ok(Source::Poll { _stop: stop })
}
