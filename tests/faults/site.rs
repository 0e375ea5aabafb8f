//! A project with two states, the site of each, and what may be found where a site should be.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::fixture::{NORA, Project, Run};

/// The files of a site, the record among them.
pub(crate) type Site = BTreeMap<String, Vec<u8>>;

/// A day that does not end while the tests run.
const DAY: &str = "2026-11-24";

/// The sites of both states, each built in peace.
pub(crate) fn sites() -> [Site; 2] {
    [0, 1].map(|state| {
        let peace = Place::in_project();
        peace.turn(state);
        peace.finish();
        peace.site()
    })
}

/// A project and the folder that it is built into.
pub(crate) struct Place {
    pub(crate) project: Project,
    /// What `--output` is given.
    output: PathBuf,
    /// The folder that this is in truth.
    pub(crate) folder: PathBuf,
    /// Whether other people's files are there, too.
    is_shared: bool,
    _elsewhere: Option<TempDir>,
}

/// Files in the output that are not ours.
const FOREIGN: [(&str, &str); 3] = [
    ("CNAME", "personas.example.com"),
    ("letters/2019/old.txt", "mine"),
    ("pages/note.txt", "beside ours"),
];

impl Place {
    /// `public` in the project.
    pub(crate) fn in_project() -> Self {
        Self::of(Project::sample())
    }

    /// `public` in a project that is there.
    pub(crate) fn of(project: Project) -> Self {
        let folder = project.path("public");
        Self {
            project,
            output: "public".into(),
            folder,
            is_shared: false,
            _elsewhere: None,
        }
    }

    /// On another file system, where there is one.
    pub(crate) fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        let elsewhere = match tempfile::tempdir_in(memory) {
            Ok(folder) => folder,
            Err(_) => tempfile::tempdir().expect("a folder"),
        };
        let folder = elsewhere.path().join("site");
        Self {
            output: folder.clone(),
            folder,
            _elsewhere: Some(elsewhere),
            ..Self::in_project()
        }
    }

    /// A symbolic link to a folder on another file system.
    pub(crate) fn through_a_link() -> Self {
        let place = Self::in_memory();
        fs::create_dir(&place.folder).expect("a folder");
        place.project.link("public", &place.folder);
        Self {
            output: "public".into(),
            ..place
        }
    }

    /// With other people's files in it. A site is there already.
    pub(crate) fn shared() -> Self {
        let mut place = Self::in_project();
        place.turn(0);
        place.finish();
        place.is_shared = true;
        for (path, text) in FOREIGN {
            place.project.write(&format!("public/{path}"), text);
        }
        place
    }

    /// Gives the sources one of two states, which differ in all that files can differ in.
    pub(crate) fn turn(&self, state: usize) {
        let project = &self.project;
        let text = project.read(NORA);
        let words = ["How to talk", "How to write"];
        project.write(NORA, text.replace(words[1 - state], words[state]));
        for name in ["content/pages/many", "static/many"] {
            let _ = fs::remove_dir_all(project.path(name));
        }
        let _ = fs::remove_file(project.path("static/many"));
        for n in 20 * state..20 * state + 40 {
            let text = format!("# Page {n}\n\nIn state {state}.\n");
            project.write(&format!("content/pages/many/p{n}.md"), text);
        }
        // A file in one is a folder in the other.
        let path = ["static/many", "static/many/one.txt"][state];
        project.write(path, "x".repeat(300_000));
    }

    /// A build that is not begun yet.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("personary"));
        command
            .current_dir(self.project.root())
            .stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.args(["build", "--as-of", DAY, "--output"]);
        command.arg(&self.output);
        command
    }

    /// A build from beginning to end.
    pub(crate) fn run(&self) -> Run {
        let output = self.output.to_str().expect("UTF-8");
        self.project
            .run(&["build", "--as-of", DAY, "--output", output])
    }

    /// A build that must succeed and leave nothing beside the site.
    #[track_caller]
    pub(crate) fn finish(&self) {
        self.run().code(0);
        assert_eq!(self.litter(), [""; 0]);
    }

    /// What is published. Other people's files must be there, and are left out.
    #[track_caller]
    pub(crate) fn site(&self) -> Site {
        let mut site = if self.folder.is_dir() {
            self.files()
        } else {
            Site::new()
        };
        for (path, text) in FOREIGN.iter().filter(|_| self.is_shared) {
            let found = site.remove(*path);
            assert_eq!(found.as_deref(), Some(text.as_bytes()), "{path} is lost");
        }
        site
    }

    fn files(&self) -> Site {
        // The path of a folder elsewhere is absolute, and takes the place of the project's.
        self.project.files(self.folder.to_str().expect("UTF-8"))
    }

    /// The site must be one of these, whole; says which. An absent site is none of them.
    #[track_caller]
    pub(crate) fn is_one_of(&self, sites: &[Site]) -> Option<usize> {
        let found = self.site();
        if found.is_empty() {
            return None;
        }
        let which = sites.iter().position(|site| *site == found);
        assert!(which.is_some(), "a mixture: {}", describe(&found, sites));
        which
    }

    /// Names of ours beside the site and in it that should be gone.
    pub(crate) fn litter(&self) -> Vec<String> {
        let names = |folder: &Path| -> Vec<String> {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
            names.collect()
        };
        let beside = names(self.folder.parent().expect("a parent"));
        let beside = beside
            .into_iter()
            .filter(|name| name.contains(".personary-"));
        let inside = names(&self.folder).into_iter();
        let inside = inside
            .filter(|name| name.starts_with(".personary-") && name != ".personary-manifest.json");
        beside.chain(inside).collect()
    }
}

fn describe(found: &Site, sites: &[Site]) -> String {
    let mut text = String::new();
    for (n, site) in sites.iter().enumerate() {
        let missing = site.keys().filter(|path| !found.contains_key(*path));
        let more = found.keys().filter(|path| !site.contains_key(*path));
        let other = found.iter().filter(|(path, bytes)| {
            let there = site.get(*path);
            there.is_some_and(|there| there != *bytes)
        });
        let other = other.map(|(path, _)| path);
        let [missing, more, other]: [Vec<_>; 3] =
            [missing.collect(), more.collect(), other.collect()];
        let _ = write!(
            text,
            "\nfrom site {n}: missing {missing:?}, more {more:?}, other {other:?}"
        );
    }
    text
}
