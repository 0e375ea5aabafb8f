//! Anything that can happen to files, while the preview looks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use personary::check::abouts;
use personary::diagnostic::Diagnostic;
use personary::library::Library;
use personary::preview::Preview;
use personary::preview::http::{App, Get, Reply};
use personary::preview::watch::Watcher;
use personary::site::{Options, RefCache, Site, Theme};
use personary::source::Folder;
use tempfile::TempDir;

use crate::dice::Dice;
use crate::fixture::Project;
use crate::machine;

/// How long after the last change the preview may need to be up to date.
const SOON: Duration = Duration::from_secs(20);

#[test]
fn after_anything_the_preview_is_as_if_just_started() {
    anything(150, 10);
}

#[test]
#[ignore = "long: some minutes"]
fn after_anything_the_preview_is_as_if_just_started_long() {
    anything(machine::count(10_000), 10);
}

/// `count` random file operations in bursts of about `burst`. After each burst every address that
/// ever was, and all findings, must be those of a preview that starts now.
fn anything(count: usize, burst: usize) {
    let mut chaos = Chaos::new(machine::dice());
    let (preview, watcher) = open(&chaos);
    let mut addresses = BTreeSet::new();
    let mut streams = Vec::new();
    let (mut done, mut bursts) = (0, 0);
    while done < count {
        let of_this = (1 + chaos.dice.below(2 * burst)).min(count - done);
        chaos.log.clear();
        // While there are links all is read again after each save, so mostly there are none.
        if chaos.dice.below(4) != 0 {
            chaos.cut_links();
        }
        for _ in 0..of_this {
            chaos.act();
            if chaos.dice.below(20) == 0 {
                respond(&preview, "/");
            }
        }
        chaos.mend();
        done += of_this;
        bursts += 1;
        addresses.extend(routes(chaos.project.root()));
        assert_up_to_date(&chaos, &preview, &addresses, done);
        assert_eq!(watcher.polling(), None, "{}", chaos.log);
        // Tabs that are open, so that pages are rendered after every change.
        streams.clear();
        streams.extend(["/", "/personas/"].map(|route| {
            let request = format!("/__personary/events?route={route}");
            preview.respond(&Get::parse(&request).expect("an address"))
        }));
    }
    println!(
        "{done} file operations in {bursts} bursts: {} addresses and all findings as after a fresh \
         start, every time",
        addresses.len()
    );
}

fn open(chaos: &Chaos) -> (Arc<Preview>, Watcher) {
    let root = chaos.project.root();
    Preview::open(root, options(), None, Arc::default(), |_, _| ()).expect("a preview")
}

fn assert_up_to_date(chaos: &Chaos, live: &Preview, addresses: &BTreeSet<String>, done: usize) {
    thread::sleep(Duration::from_millis(30));
    let (fresh, _watcher) = open(chaos);
    let begun = Instant::now();
    loop {
        // To look at all pages takes time, too: what counts is when it began.
        let is_late = begun.elapsed() >= SOON;
        let Some(difference) = difference(live, &fresh, addresses) else {
            return;
        };
        assert!(
            !is_late,
            "after {done} operations: {difference}\nthe last ones:\n{}",
            chaos.log
        );
        // The fresh one reads what Git tells in the background.
        thread::sleep(Duration::from_millis(50));
    }
}

fn options() -> Options {
    Options {
        drafts: true,
        today: jiff::civil::date(2026, 11, 24),
        rules: abouts(),
        ..Options::default()
    }
}

/// All addresses of the site as a build would write it.
fn routes(root: &Path) -> Vec<String> {
    let folder = Folder::open(root).expect("the project");
    let library = Library::load(Arc::new(folder));
    let (theme, _) = Theme::load(&library);
    let (options, refs) = (options(), RefCache::new(&library));
    let site = Site::new(&library, &theme, &options, &refs);
    let routes = site.routes();
    let paths = routes.iter().map(|route| route.path(&library));
    paths.map(|path| format!("/{path}")).collect()
}

/// What is answered at an address: the status and the page.
fn respond(preview: &Preview, address: &str) -> (u16, Vec<u8>) {
    let get = Get::parse(address).expect("an address");
    match preview.respond(&get) {
        Reply::Page { status, body, .. } => (status, body.into_owned()),
        Reply::Events(_) => unreachable!("no page is a stream"),
    }
}

/// The first thing in which two previews are not the same.
fn difference(live: &Preview, fresh: &Preview, addresses: &BTreeSet<String>) -> Option<String> {
    let (left, right) = (live.findings(), fresh.findings());
    if left != right {
        let lacks = |all: &[Diagnostic], other: &[Diagnostic]| -> Vec<String> {
            let lacks = all.iter().filter(|finding| !other.contains(finding));
            lacks
                .map(|f| format!("{}: {}: {}", f.path, f.code, f.message))
                .collect()
        };
        return Some(format!(
            "findings of the preview only: {:#?}, after a fresh start only: {:#?}",
            lacks(&left, &right),
            lacks(&right, &left)
        ));
    }
    if live.status() != fresh.status() {
        return Some(format!("{:?}, not {:?}", live.status(), fresh.status()));
    }
    // Not in parallel: the threads that wait here for a change would be those that apply it.
    addresses.iter().find_map(|address| {
        let (left, right) = (respond(live, address), respond(fresh, address));
        (left != right).then(|| {
            let mut both = left.1.iter().zip(&right.1);
            let at = both.position(|(left, right)| left != right).unwrap_or(0);
            let around = |page: &[u8]| {
                let piece = &page[at.saturating_sub(120)..page.len().min(at + 120)];
                String::from_utf8_lossy(piece).into_owned()
            };
            let (l, r) = (around(&left.1), around(&right.1));
            format!("{address}: {}: {l}\n=== not {}: {r}", left.0, right.0)
        })
    })
}

/// A project in Git, and somebody without a plan.
struct Chaos {
    project: Project,
    /// What links out of the project lead to: who writes to such a link writes here.
    outside: TempDir,
    dice: Dice,
    /// The texts there were at the beginning, by what they can be put in the place of.
    texts: BTreeMap<String, Vec<String>>,
    /// What the settings may be.
    settings: [String; 3],
    /// What was done in this burst.
    log: String,
}

impl Chaos {
    fn new(dice: Dice) -> Self {
        let project = Project::repository();
        let settings = project.read("personary.yaml");
        let settings = format!("theme: house\n{settings}");
        let settings = [
            format!("{settings}# More\n"),
            settings.replacen("title: ", "title: New ", 1),
            settings,
        ];
        project.write("personary.yaml", &settings[2]);
        project.write("themes/house/static/extra.css", "a { color: red }\n");
        project.write(
            "themes/house/templates/page.html",
            "{% extends 'default/page.html' %}\n",
        );
        project.commit("One");
        let mut chaos = Self {
            project,
            outside: tempfile::tempdir().expect("a temporary folder"),
            dice,
            texts: BTreeMap::new(),
            settings,
            log: String::new(),
        };
        for path in chaos.files() {
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            let kind = chaos.kind(&path);
            chaos.texts.entry(kind).or_default().push(text);
        }
        // Another branch: some files fewer, some more, some others.
        chaos.project.git(&["checkout", "-q", "-b", "other"]);
        for _ in 0..60 {
            chaos.calm_act();
        }
        chaos.mend();
        // Git takes no file that it may not read.
        for file in chaos.files().iter().filter(|file| !file.is_symlink()) {
            fs::set_permissions(file, fs::Permissions::from_mode(0o644)).expect("our file");
        }
        chaos.project.commit("Two");
        chaos.project.git(&["checkout", "-q", "-f", "main"]);
        chaos
    }

    /// All files and links of the sources.
    fn files(&self) -> Vec<PathBuf> {
        let folders = ["content", "static", "themes", "personary.yaml"];
        let entries = folders
            .iter()
            .flat_map(|folder| walkdir::WalkDir::new(self.project.path(folder)).sort_by_file_name())
            .filter_map(Result::ok);
        let files = entries.filter(|entry| !entry.file_type().is_dir());
        files.map(walkdir::DirEntry::into_path).collect()
    }

    fn folders(&self) -> Vec<PathBuf> {
        let entries = ["content", "static", "themes"]
            .iter()
            .flat_map(|folder| walkdir::WalkDir::new(self.project.path(folder)).sort_by_file_name())
            .filter_map(Result::ok);
        let folders = entries.filter(|entry| entry.file_type().is_dir());
        folders.map(walkdir::DirEntry::into_path).collect()
    }

    fn some_file(&mut self) -> PathBuf {
        let files = self.files();
        if files.is_empty() {
            return self.project.path("content/pages/about.md");
        }
        self.dice.of(&files).clone()
    }

    fn some_folder(&mut self) -> PathBuf {
        let folders = self.folders();
        if folders.is_empty() {
            return self.project.path("content");
        }
        self.dice.of(&folders).clone()
    }

    /// A name that is there, was there, or never was.
    fn some_place(&mut self) -> PathBuf {
        let folder = self.some_folder();
        let names = [
            "a.md", "b.md", "c.md", "a.de.md", "b.csv", "c.svg", "index.md", "d",
        ];
        let stem = self.dice.below(4);
        if stem == 0 {
            let file = self.some_file();
            return folder.join(file.file_name().expect("a name"));
        }
        folder.join(self.dice.of(&names))
    }

    /// A text of the same kind of file.
    fn whole_text(&mut self, path: &Path) -> String {
        if path.ends_with("personary.yaml") {
            return self.dice.of(&self.settings).clone();
        }
        let texts = self.texts.get(&self.kind(path));
        texts.map_or("nothing of ours\n".to_owned(), |texts| {
            self.dice.of(texts).clone()
        })
    }

    /// A text of the same kind of file, often with a word changed.
    fn some_text(&mut self, path: &Path) -> String {
        let text = self.whole_text(path);
        let words = [
            ("status: active", "status: draft"),
            ("stance: target", "stance: negative"),
            ("market: b2c", "market: b2b"),
            ("confidence: high", "confidence: low"),
            ("the ", "that "),
            ("owner: ", "owner: x-"),
            ("name: ", "name: New "),
            ("title: ", "title: New "),
            ("2026", "2025"),
        ];
        let (old, new) = self.dice.of(&words);
        if path.ends_with("personary.yaml") || self.dice.below(3) == 0 {
            return text;
        }
        text.replacen(old, new, 1 + self.dice.below(3))
    }

    /// What tells texts that can take each other's place: the folder and the ending.
    fn kind(&self, path: &Path) -> String {
        let below = path.strip_prefix(self.project.root()).unwrap_or(path);
        let folder: PathBuf = below.iter().take(2).collect();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let dot = name.find('.').unwrap_or(name.len());
        format!("{}{}", folder.display(), &name[dot..])
    }

    fn say(&mut self, what: &str, paths: &[&Path], done: &io::Result<()>) {
        let root = self.project.root();
        let _ = write!(self.log, "  {what}");
        for path in paths {
            let below = path.strip_prefix(root).unwrap_or(path);
            let _ = write!(self.log, " {}", below.display());
        }
        let _ = writeln!(self.log, "{}", if done.is_ok() { "" } else { " (refused)" });
    }

    /// One operation of any kind. The system may refuse it.
    fn act(&mut self) {
        match self.dice.below(24) {
            0..16 => self.calm_act(),
            16 | 17 => {
                let path = self.some_file();
                let length = fs::metadata(&path).map_or(0, |status| status.len());
                let to = self.dice.below(usize::try_from(length).expect("small") + 1);
                let file = fs::File::options().write(true).open(&path);
                let done = file.and_then(|file| file.set_len(to as u64));
                self.say("truncate", &[&path], &done);
            }
            18 => {
                let path = self.some_file();
                let done = fs::write(&path, "---\nname: [\n---\n\u{fffd}");
                self.say("spoil", &[&path], &done);
            }
            19 => {
                let (from, to) = (self.some_folder(), self.some_place());
                let done = fs::rename(&from, &to);
                self.say("move the folder", &[&from, &to], &done);
            }
            20 => {
                // Away and back, as a change of branch in a large project looks.
                let from = self.some_folder();
                let aside = self.project.path("aside");
                let done = fs::rename(&from, &aside).and_then(|()| fs::rename(&aside, &from));
                self.say("away and back", &[&from], &done);
            }
            21 => {
                let branch = *self.dice.of(&["main", "other"]);
                // A link in the place of a folder is replaced with all that stands behind it.
                self.project.git(&["checkout", "-q", "-f", branch]);
                self.project.git(&["reset", "-q", "--hard"]);
                self.say(branch, &[], &Ok(()));
            }
            22 => {
                let folder = self.some_folder();
                let tops = ["content", "static", "themes"].map(|name| self.project.path(name));
                let done = if tops.contains(&folder) {
                    Ok(())
                } else {
                    fs::remove_dir_all(&folder)
                };
                self.say("remove the folder", &[&folder], &done);
            }
            _ => self.link(),
        }
    }

    fn link(&mut self) {
        let path = self.some_place();
        let target = match self.dice.below(6) {
            0 => self.outside.path().join("nowhere.md"),
            1 => self.outside.path().join("there.md"),
            2 => self.some_folder(),
            _ => self.some_file(),
        };
        // One is a file, and the other none, whatever was written to the links before.
        let _ = fs::remove_file(self.outside.path().join("nowhere.md"));
        let there = self.outside.path().join("there.md");
        let _ = fs::remove_file(&there);
        fs::write(there, "Not of this project.\n").expect("written");
        let done = symlink(&target, &path);
        self.say("link", &[&path, &target], &done);
    }

    /// Removes every link.
    fn cut_links(&mut self) {
        let links = self.files().into_iter().filter(|file| file.is_symlink());
        for link in links {
            let done = fs::remove_file(&link);
            self.say("cut", &[&link], &done);
        }
    }

    /// One operation that leaves every file whole.
    fn calm_act(&mut self) {
        match self.dice.below(8) {
            0..2 => {
                let path = self.some_place();
                let text = self.some_text(&path);
                let done = fs::write(&path, text);
                self.say("create", &[&path], &done);
            }
            2 | 3 => {
                let path = self.some_file();
                let text = self.some_text(&path);
                let done = fs::write(&path, text);
                self.say("write", &[&path], &done);
            }
            4 => {
                let path = self.some_file();
                let text = self.some_text(&path);
                let beside = path.with_file_name(".new.tmp");
                let done = fs::write(&beside, text).and_then(|()| fs::rename(&beside, &path));
                self.say("replace", &[&path], &done);
            }
            5 => {
                let (from, to) = (self.some_file(), self.some_place());
                let done = fs::rename(&from, &to);
                self.say("rename", &[&from, &to], &done);
            }
            6 => {
                let path = self.some_file();
                let done = fs::remove_file(&path);
                self.say("remove", &[&path], &done);
            }
            _ => {
                let path = self.some_file();
                let mode = *self.dice.of(&[0o644, 0o600, 0o000]);
                let done = fs::set_permissions(&path, fs::Permissions::from_mode(mode));
                self.say("mode", &[&path], &done);
            }
        }
    }

    /// Makes whole what cannot be read: of such the preview keeps the last good state, which a
    /// fresh start does not know.
    fn mend(&mut self) {
        let settings = self.project.path("personary.yaml");
        let found = fs::read_to_string(&settings).unwrap_or_default();
        if settings.is_symlink() || !self.settings.contains(&found) {
            let _ = fs::remove_file(&settings).or_else(|_| fs::remove_dir_all(&settings));
            let done = fs::write(&settings, &self.settings[2]);
            self.say("mend", &[&settings], &done);
        }
        for round in 0.. {
            let folder = Folder::open(self.project.root()).expect("the project");
            let library = Library::load(Arc::new(folder));
            let entities = library.all().filter(|(_, entity)| entity.data.is_none());
            let paths = entities.map(|(_, entity)| self.project.path(&entity.document.path));
            let paths: Vec<PathBuf> = paths.collect();
            if paths.is_empty() {
                return;
            }
            for path in paths {
                let text = self.whole_text(&path);
                let mut done = fs::remove_file(&path);
                if round < 3 {
                    done = done.and_then(|()| fs::write(&path, text));
                }
                self.say("mend", &[&path], &done);
            }
            assert!(round < 10, "cannot be mended:\n{}", self.log);
        }
    }
}
