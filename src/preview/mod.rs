//! Floor 6: the live preview.
//!
//! In: saves and requests. Out: pages, and word to the browser of what changed. It holds the
//! library, never a site: a request renders its one route, and a save re-reads its own file and
//! the findings of those that refer to it. So neither costs more in a larger project.
//!
//! - [`watch`] collects the events of the file system into changes and holds back requests until
//!   what was noticed is applied.
//! - [`http`] is the server, [`events`] the streams to the browser, `live.js` what runs in it.
//! - [`panel`] draws the findings over the page.
//! - [`Kept`] has the pages that were looked at last, which [`Start`] shows while the library is
//!   still being read.

mod descriptors;
pub mod events;
pub mod http;
mod kept;
pub mod panel;
mod past;
mod start;
mod state;
pub mod watch;

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard, Weak};
use std::time::{Duration, Instant};

use crate::diagnostic::{Diagnostic, Summary};
use crate::library::SETTINGS_FILE;
use crate::site::{Base, Options, Route, ThemeError, media};
use crate::source::Folder;
use events::Hub;
use http::{App, Get, Reply};
use past::Past;
use state::{State, errors, update};
use watch::{Change, Gate, Watcher};

pub use kept::Kept;
pub use start::Start;

/// Where the preview's own files stand.
const OWN: &str = "/__personary/";
const LIVE_SCRIPT: &str = include_str!("live.js");
/// What the page of a broken template may load: our own script and stylesheet.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      form-action 'none'; base-uri 'none'";
/// The pages of which is remembered what tabs know, before those are forgotten that no tab shows.
const MANY_ROUTES: usize = 4_096;
/// The longest that a request waits for a change to be applied.
const PATIENCE: Duration = Duration::from_mins(1);
/// What pages are made of, below the project's root.
const ROOTS: [&str; 4] = ["content", "static", "themes", SETTINGS_FILE];

/// A project that is being edited.
pub struct Preview {
    folder: Folder,
    /// The project's root as an absolute path.
    root: PathBuf,
    options: Options,
    base: Option<Base>,
    state: RwLock<State>,
    past: Arc<Past>,
    /// This preview, for work in the background.
    me: Weak<Self>,
    hub: Hub,
    gate: Gate,
    /// The hash of what was last sent or announced for a route, to tell tabs only of changes.
    shown: Mutex<HashMap<String, String>>,
    kept: Arc<Kept>,
    /// How many changes were applied.
    changes: AtomicU64,
}

/// What became of a change, for the log.
#[derive(Debug)]
pub struct Applied {
    /// The project paths that changed; empty when everything was read again.
    pub paths: Vec<String>,
    /// How long it took to apply.
    pub took: Duration,
    /// The findings there are now.
    pub summary: Summary,
    /// Why changes are no longer reported by the system and looked for instead, from now on.
    pub polling: Option<String>,
}

/// A page, or what to say instead.
struct Rendered {
    status: u16,
    content_type: &'static str,
    body: Vec<u8>,
}

impl Preview {
    /// Loads the project in `root` and follows the file system until the watcher is dropped.
    /// Broken content is no error: its findings are shown. Changes against `base` are marked.
    /// Pages that are `kept` are shown until something changes. `applied` is told of every change.
    pub fn open(
        root: &Path,
        options: Options,
        base: Option<Base>,
        kept: Arc<Kept>,
        mut applied: impl FnMut(&Self, &Applied) + Send + 'static,
    ) -> io::Result<(Arc<Self>, Watcher)> {
        let folder = Folder::open(root)?;
        let absolute = std::path::absolute(root)?;
        // It watches before it reads, so that nothing is missed in between; a change that comes
        // early waits for the first state.
        let opened: Arc<OnceLock<Arc<Self>>> = Arc::default();
        let later = Arc::clone(&opened);
        let roots = ROOTS.map(|name| absolute.join(name));
        let known = Arc::clone(&kept);
        let watcher = Watcher::start(&roots, is_noise, move |change| {
            known.forget();
            let preview = later.wait();
            if let Some(done) = preview.apply(change) {
                applied(preview, &done);
            }
        })?;
        let preview = Arc::new_cyclic(|me| Self {
            state: RwLock::new(State::load(&folder, &options, (None, base.as_ref()))),
            past: Arc::new(Past::new(absolute.clone())),
            root: absolute,
            folder,
            options,
            base,
            me: Weak::clone(me),
            hub: Hub::new(descriptors::available()),
            gate: watcher.gate(),
            shown: Mutex::new(HashMap::new()),
            kept,
            changes: AtomicU64::new(0),
        });
        let preview = opened.get_or_init(|| preview);
        preview.read_past();
        Ok((Arc::clone(preview), watcher))
    }

    /// Reads the history in the background; pages that show it are announced when it is there.
    fn read_past(&self) {
        let preview = Weak::clone(&self.me);
        self.past.refresh(move || {
            if let Some(preview) = preview.upgrade() {
                preview.kept.forget();
                preview.announce(false);
            }
        });
    }

    /// Keeps the pages that were looked at, for the next start. It does nothing while files change.
    pub fn keep(&self) -> io::Result<()> {
        let changes = self.changes.load(Ordering::SeqCst);
        let git = self.past.stamp();
        let Some(stamp) = kept::stamp(self.folder.real(), &self.options, &git) else {
            return Ok(());
        };
        // What was noticed before the files were looked at is applied after this.
        let is_calm = self.gate.wait(Duration::from_secs(1));
        let state = self.read();
        if !is_calm || self.changes.load(Ordering::SeqCst) != changes {
            return Ok(());
        }
        self.kept.keep(stamp, &git, |path| {
            let page = self.render(&state, path);
            (page.status == 200).then_some(page.body)
        })
    }

    /// The title of the site, and its findings.
    pub fn status(&self) -> (String, Summary) {
        let state = self.read();
        (state.library.settings.title.clone(), state.summary())
    }

    /// All findings, sorted.
    pub fn findings(&self) -> Vec<Diagnostic> {
        self.read().findings()
    }

    /// The worst findings, sorted, for the terminal.
    pub fn errors(&self) -> Vec<Diagnostic> {
        errors(&self.read()).into_iter().cloned().collect()
    }

    /// Ends the event streams, so that the server can end.
    pub fn close(&self) {
        self.hub.close();
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the next library and tells the browser. `None` when nothing of ours changed.
    fn apply(&self, change: Change) -> Option<Applied> {
        let begun = Instant::now();
        let (paths, polling) = match change {
            Change::Rescan => (None, None),
            Change::Polling(why) => (None, Some(why)),
            Change::Paths(paths) => (Some(self.project_paths(&paths)), None),
        };
        if paths.as_ref().is_some_and(BTreeSet::is_empty) {
            return None;
        }
        self.changes.fetch_add(1, Ordering::SeqCst);
        let mut only_styles = false;
        match &paths {
            Some(paths) if !paths.contains(SETTINGS_FILE) => {
                let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
                only_styles = update(&mut state, &self.options, paths);
            }
            _ => {
                let before = self.read().library.good_settings().cloned();
                let next = State::load(
                    &self.folder,
                    &self.options,
                    (before.as_ref(), self.base.as_ref()),
                );
                *self.state.write().unwrap_or_else(PoisonError::into_inner) = next;
                self.past.follow_settings();
            }
        }
        self.announce(only_styles);
        let (_, summary) = self.status();
        Some(Applied {
            paths: paths.into_iter().flatten().collect(),
            took: begun.elapsed(),
            summary,
            polling,
        })
    }

    /// Project paths of changed places; a folder that came or went stands for all in it.
    fn project_paths(&self, paths: &BTreeSet<PathBuf>) -> BTreeSet<String> {
        let state = self.read();
        let mut out = BTreeSet::new();
        for path in paths {
            let below = path.strip_prefix(&self.root).ok().and_then(Path::to_str);
            let Some(name) = below
                .map(str::to_owned)
                .or_else(|| self.folder.project_path(path))
            else {
                continue;
            };
            if !path.is_file() {
                let below = state.library.known_below(&name);
                out.extend(below.iter().map(std::string::ToString::to_string));
            }
            // A folder may have come in the place of a file.
            if !path.is_dir() || state.library.knows(&name) {
                out.insert(name);
            }
        }
        out
    }

    /// Tells every tab whose page is another one now.
    fn announce(&self, only_styles: bool) {
        if only_styles {
            self.hub.broadcast("style", "{}");
        }
        let state = self.read();
        for route in self.hub.routes() {
            let page = self.render(&state, &route);
            let hash = page.hash();
            let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
            if shown.get(&route) != Some(&hash) {
                let event = if page.status == 404 { "gone" } else { "page" };
                self.hub
                    .send_to(&route, event, &format!("{{\"hash\":\"{hash}\"}}"));
                shown.insert(route, hash);
            }
        }
        self.hub.broadcast("findings", &self.panel(&state));
    }

    fn panel(&self, state: &State) -> String {
        let errors = errors(state);
        let html = panel::panel(&errors, &self.root, panel::VS_CODE);
        serde_json::json!({ "count": errors.len(), "html": html }).to_string()
    }

    /// Renders the page at an address, which starts with a slash.
    fn render(&self, state: &State, path: &str) -> Rendered {
        if let Some(page) = self.kept.page(path) {
            return Rendered::kept(path, page);
        }
        let past = self.past.now();
        let site = state.site(&self.options).with_history(past.as_deref());
        let site = site.with_review(state.compared.as_ref());
        let route = Route::at(&state.library, path.trim_start_matches('/'));
        let route = route.filter(|route| site.has(route));
        let status = if route.is_some() { 200 } else { 404 };
        let route = route.unwrap_or_else(Route::not_found);
        match site.render(&route, &state.findings) {
            Ok(page) => Rendered {
                status,
                content_type: page.content_type,
                body: page.body,
            },
            // A theme without the file is a missing file; a broken template is shown as such.
            Err(_) if matches!(route, Route::Theme(_) | Route::Asset(_)) => Rendered {
                status: 404,
                content_type: "text/plain; charset=utf-8",
                body: b"There is no such file.\n".to_vec(),
            },
            Err(error) => self.failure(&error),
        }
    }

    /// The page that stands in for one whose template is broken.
    fn failure(&self, error: &ThemeError) -> Rendered {
        let finding = error.finding().clone();
        let body = format!(
            "<!doctype html><html lang=\"en\"><head>\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\
             <meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <link rel=\"stylesheet\" href=\"{OWN}panel.css\">\
             <title>This page cannot be shown</title></head><body>{}</body></html>",
            panel::panel(&[finding], &self.root, panel::VS_CODE)
        );
        Rendered {
            status: 500,
            content_type: "text/html; charset=utf-8",
            body: body.into_bytes(),
        }
    }

    /// Sends the browser to the address with a slash when only that one exists.
    fn with_slash(&self, path: &str) -> Option<String> {
        let state = self.read();
        let with = format!("{path}/");
        let last = path.rsplit('/').next().unwrap_or_default();
        let site = state.site(&self.options);
        let site = site.with_review(state.compared.as_ref());
        let found = |path: &str| {
            let route = Route::at(&state.library, path.trim_start_matches('/'));
            route.is_some_and(|route| !route.is_of_gone() || site.has(&route))
        };
        (!path.ends_with('/') && !last.is_empty() && !found(path) && found(&with))
            .then(|| crate::site::encode(&with))
    }
}

impl App for Preview {
    fn respond(&self, request: &Get) -> Reply {
        self.gate.wait(PATIENCE);
        if let Some(name) = request.path.strip_prefix(OWN) {
            return match name {
                "events" => {
                    let route = request.query("route").unwrap_or("/");
                    let state = self.read();
                    let hash = self.render(&state, route).hash();
                    let page = format!("{{\"hash\":\"{hash}\"}}");
                    // The hash lets a tab notice what changed before it was connected.
                    let subscription = self.hub.subscribe(route);
                    let shown = &mut self.shown.lock().unwrap_or_else(PoisonError::into_inner);
                    if shown.len() > MANY_ROUTES {
                        // Tabs that are gone leave theirs behind.
                        let open = self.hub.routes();
                        shown.retain(|known, _| open.contains(known));
                    }
                    // What was announced stays: an older tab on this route may still wait for it.
                    shown.entry(route.to_owned()).or_insert(hash);
                    Reply::Events(
                        subscription
                            .first("page", &page)
                            .first("findings", &self.panel(&state)),
                    )
                }
                _ => own(name).unwrap_or_else(|| Reply::text(404, "There is no such file.\n")),
            };
        }
        if let Some(location) = self.with_slash(&request.path) {
            return Reply::redirect(location);
        }
        if self.past.has_moved() {
            self.read_past();
        }
        let page = self.render(&self.read(), &request.path);
        if page.status == 200 {
            self.kept.note(&request.path);
        }
        page.reply()
    }
}

/// A file of the preview itself.
fn own(name: &str) -> Option<Reply> {
    let (content_type, text) = match name {
        "live.js" => ("text/javascript; charset=utf-8", LIVE_SCRIPT),
        "panel.css" => ("text/css; charset=utf-8", panel::STYLE),
        _ => return None,
    };
    Some(Reply::file(200, content_type, text.as_bytes()))
}

impl Rendered {
    /// A page that was kept.
    fn kept(path: &str, body: Vec<u8>) -> Self {
        Self {
            status: 200,
            content_type: media(path),
            body,
        }
    }

    fn reply(self) -> Reply {
        let hash = self.hash();
        Reply::file(self.status, self.content_type, self.with_script(&hash))
    }

    /// What tells this page from another.
    fn hash(&self) -> String {
        blake3::hash(&self.body).to_hex().as_str()[..16].to_owned()
    }

    /// The page with the script that keeps it up to date.
    fn with_script(mut self, hash: &str) -> Vec<u8> {
        if !self.content_type.starts_with("text/html") {
            return self.body;
        }
        let script = format!("<script src=\"{OWN}live.js\" data-hash=\"{hash}\"></script>");
        let end = b"</body>";
        let at = self
            .body
            .windows(end.len())
            .rposition(|window| window == end);
        let at = at.unwrap_or(self.body.len());
        self.body.splice(at..at, script.into_bytes());
        self.body
    }
}

/// Files that editors leave beside the ones people save.
fn is_noise(path: &Path) -> bool {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy())
        .unwrap_or_default();
    name.starts_with('.') || name.ends_with('~') || name.ends_with(".swp")
}
