//! A project in a temporary folder, and what a command said about it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use personary::scaffold;
use personary::schema::{Schemas, Settings};
use serde_json::Value;
use tempfile::TempDir;

/// The persona of [`Project::sample`].
pub(crate) const NORA: &str = "content/personas/nora-lind.md";

/// A project in a temporary folder.
pub(crate) struct Project {
    folder: TempDir,
}

impl Project {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// What `personary init` writes: a project without findings.
    pub(crate) fn sample() -> Self {
        let project = Self::empty();
        let schemas = Schemas::new(&Settings::default()).expect("schemas");
        let files = scaffold::project(&schemas, today());
        scaffold::write(project.root(), &files).expect("a project");
        project
    }

    /// A copy of the sample library of this repository.
    pub(crate) fn repository() -> Self {
        let project = Self::empty();
        let from = Path::new(env!("CARGO_MANIFEST_DIR"));
        for name in ["personary.yaml", "content", "static"] {
            for entry in walkdir::WalkDir::new(from.join(name)) {
                let entry = entry.expect("listed");
                if entry.file_type().is_file() {
                    let path = entry.path().strip_prefix(from).expect("below");
                    let content = fs::read(entry.path()).expect("read");
                    project.write(path.to_str().expect("UTF-8"), content);
                }
            }
        }
        project
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, content).expect("written");
        self
    }

    /// Writes a persona that is right, unless `more` says otherwise.
    pub(crate) fn persona(&self, id: &str, more: &str) -> &Self {
        self.write(&format!("content/personas/{id}.md"), persona(id, more))
    }

    pub(crate) fn replace(&self, path: &str, old: &str, new: &str) -> &Self {
        let text = self.read(path);
        assert!(text.contains(old), "{path} does not hold {old:?}");
        self.write(path, text.replace(old, new))
    }

    pub(crate) fn remove(&self, path: &str) -> &Self {
        fs::remove_file(self.path(path)).expect("removed");
        self
    }

    pub(crate) fn rename(&self, from: &str, to: &str) -> &Self {
        fs::rename(self.path(from), self.path(to)).expect("renamed");
        self
    }

    pub(crate) fn link(&self, path: &str, target: impl AsRef<Path>) -> &Self {
        std::os::unix::fs::symlink(target, self.path(path)).expect("a link");
        self
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// Runs Git in the project, on a day that does not depend on today.
    pub(crate) fn git(&self, arguments: &[&str]) -> &Self {
        let status = std::process::Command::new("git")
            .current_dir(self.root())
            .args([
                "-c",
                "user.name=Ada Byron",
                "-c",
                "user.email=ada@example.com",
            ])
            .args([
                "-c",
                "init.defaultBranch=main",
                "-c",
                "commit.gpgSign=false",
            ])
            .args(arguments)
            .env("GIT_AUTHOR_DATE", "2026-09-14T10:00:00Z")
            .env("GIT_COMMITTER_DATE", "2026-09-14T10:00:00Z")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status();
        assert!(status.expect("git runs").success(), "git {arguments:?}");
        self
    }

    /// Commits everything.
    pub(crate) fn commit(&self, subject: &str) -> &Self {
        if !self.has(".git") {
            self.git(&["init", "-q"]);
        }
        self.git(&["add", "-A"])
            .git(&["commit", "-q", "-m", subject])
    }

    /// All files below a folder, with their content.
    pub(crate) fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let root = self.path(folder);
        walkdir::WalkDir::new(&root)
            .into_iter()
            .map(|entry| entry.expect("listed"))
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let name = entry
                    .path()
                    .strip_prefix(&root)
                    .expect("below")
                    .display()
                    .to_string();
                (name, fs::read(entry.path()).expect("read"))
            })
            .collect()
    }

    /// The command, with the project as its current folder and nothing of the caller's taste.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::cargo_bin("personary").expect("the command");
        command.current_dir(self.root());
        for name in [
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "TERM",
            "CI",
            "SOURCE_DATE_EPOCH",
            "GIT_DIR",
            "GIT_WORK_TREE",
            "GIT_INDEX_FILE",
        ] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command().args(arguments))
    }

    /// `check --format json`, taken apart.
    pub(crate) fn findings(&self) -> Vec<Value> {
        self.run(&["check", "--format", "json"]).findings()
    }

    /// The codes of the errors of a file.
    pub(crate) fn errors(&self, path: &str) -> Vec<String> {
        let findings = self.findings();
        let errors = findings
            .iter()
            .filter(|f| f["path"] == path && f["severity"] == "error");
        errors
            .map(|f| f["code"].as_str().expect("a code").to_owned())
            .collect()
    }
}

/// A file of this repository.
pub(crate) fn own(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Its text.
pub(crate) fn own_text(path: &str) -> String {
    fs::read_to_string(own(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The day it is, as the program sees it by itself.
#[expect(clippy::disallowed_methods, reason = "what the program does by itself")]
pub(crate) fn today() -> jiff::civil::Date {
    jiff::Zoned::now().date()
}

/// The text of a persona.
pub(crate) fn persona(id: &str, more: &str) -> String {
    format!(
        "---\nname: {id}\nmarket: b2c\nstance: target\nstatus: draft\nbasis: proto\nowner: customers\n\
         summary: About {id}.\nb2c: {{ impulse: low }}\n{more}---\n\nThe text about {id}.\n"
    )
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().expect("the command runs");
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Ended with this code.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    /// Printed this, as its result.
    #[track_caller]
    pub(crate) fn prints(self, text: &str) -> Self {
        assert!(self.out.contains(text), "no {text:?} in {self:#?}");
        self
    }

    /// Said this, to the person at the terminal.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.err.contains(text), "no {text:?} in {self:#?}");
        self
    }

    /// Neither printed nor said this.
    #[track_caller]
    pub(crate) fn never(self, text: &str) -> Self {
        assert!(
            !self.out.contains(text) && !self.err.contains(text),
            "{text:?} in {self:#?}"
        );
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    #[track_caller]
    pub(crate) fn findings(&self) -> Vec<Value> {
        self.json()["findings"].as_array().expect("a list").clone()
    }
}
