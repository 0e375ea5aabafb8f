//! What Git knows of a project: who changed which file when, and what stood in it.
//!
//! In: the folder of a project. Out: its commits in one pass over the log ([`log`](self::log)), and
//! a former state of all its files as a [`Tree`](super::Tree): a [`Revision`], read from Git's
//! objects and never checked out. It asks the `git` command, never one that content or settings
//! could name: no external diff, no text conversion, no filter, no hook, no signature program,
//! nothing fetched. The index is not asked either, so nothing that it hides is missed.

mod against;
mod error;
mod lfs;
mod links;
mod log;
mod objects;
mod range;
mod revision;
#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub use against::Against;
pub use error::GitError;
pub use log::{Commit, How, Touched};
pub use objects::{ObjectId, Objects};
pub use range::{CommitId, Range};
pub use revision::{Revision, differing};

/// The longest line of an answer that is taken for one, in bytes.
const MAX_LINE: u64 = 1024 * 1024;

/// The repository in which a project stands.
#[derive(Debug, Clone)]
pub struct Repository {
    /// The project's folder, or the repository where there is no work tree.
    root: PathBuf,
    /// The way from the top of the repository to the project: empty or ending in a slash.
    prefix: String,
    /// Where Git keeps its objects, absolute.
    git_dir: PathBuf,
    /// The top of the work tree; a bare repository has none.
    work_tree: Option<PathBuf>,
}

impl Repository {
    /// The repository around the folder `root`; `None` outside one, without commits, or where
    /// there is no `git`.
    pub fn around(root: &Path) -> Option<Self> {
        let repository = Self::find(root).ok()?;
        repository.head()?;
        Some(repository)
    }

    /// The repository around the folder `root`, with or without commits. The one that `GIT_DIR`
    /// names comes first, as in a hook, if `root` is in its work tree.
    pub fn find(root: &Path) -> Result<Self, GitError> {
        if let Some(named) = named_by_environment(root) {
            return Ok(named);
        }
        let git = || {
            let mut git = bare_command();
            git.arg("-C").arg(root);
            git
        };
        let text = said(
            git().args(["rev-parse", "--is-bare-repository", "--show-prefix"]),
            root,
        )?;
        let git_dir = said(git().args(["rev-parse", "--absolute-git-dir"]), root)?;
        let (is_bare, prefix) = text.split_once('\n').unwrap_or((&text, ""));
        let work_tree = if is_bare == "true" {
            None
        } else {
            // In the folder `.git` itself there is no work tree to speak of.
            let top = said(git().args(["rev-parse", "--show-toplevel"]), root)?;
            Some(PathBuf::from(top))
        };
        Ok(Self {
            root: root.to_path_buf(),
            prefix: prefix.to_owned(),
            git_dir: git_dir.into(),
            work_tree,
        })
    }

    /// The repository whose objects are in `git_dir`, with a project in the folder `project` of it,
    /// counted from its top. No work tree is looked for.
    pub fn at(git_dir: &Path, project: &str) -> Result<Self, GitError> {
        let mut git = bare_command();
        git.arg("--git-dir").arg(git_dir);
        let found = said(git.args(["rev-parse", "--absolute-git-dir"]), git_dir)?;
        let parts = project.split('/').filter(|part| !matches!(*part, "" | "."));
        Ok(Self {
            root: git_dir.to_path_buf(),
            prefix: parts.flat_map(|part| [part, "/"]).collect(),
            git_dir: found.into(),
            work_tree: None,
        })
    }

    /// Whether there is no work tree beside the objects.
    pub fn is_bare(&self) -> bool {
        self.work_tree.is_none()
    }

    /// The name of the commit that is checked out.
    pub fn head(&self) -> Option<String> {
        self.answer(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])
    }

    /// The file that every commit and checkout of this work tree writes to, to tell cheaply that
    /// something happened.
    pub fn stamp(&self) -> Option<PathBuf> {
        let path = self.answer(&["rev-parse", "--git-path", "logs/HEAD"])?;
        Some(self.root.join(path))
    }

    /// A command whose output is one line; `None` when it fails.
    fn answer(&self, arguments: &[&str]) -> Option<String> {
        said(&mut self.git(arguments), &self.root).ok()
    }

    fn git(&self, arguments: &[&str]) -> Command {
        let mut command = bare_command();
        command
            .arg("-C")
            .arg(&self.root)
            .args([
                "-c",
                "core.quotePath=false",
                "-c",
                "log.showSignature=false",
            ])
            .args(arguments)
            .env("GIT_DIR", &self.git_dir);
        if let Some(work_tree) = &self.work_tree {
            command.env("GIT_WORK_TREE", work_tree);
        }
        command
    }
}

/// `git` without what a hook or a shell tells of another place, and without a way to the network.
fn bare_command() -> Command {
    let mut command = Command::new("git");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        // The same for a Git that does not know this yet: no way to fetch is allowed.
        .env("GIT_ALLOW_PROTOCOL", "none")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// The repository that `GIT_DIR` names. Git itself takes the current folder for the top of its work
/// tree, unless `GIT_WORK_TREE` names another.
fn named_by_environment(root: &Path) -> Option<Repository> {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let git_dir = std::path::absolute(named("GIT_DIR")?).ok()?;
    let git = |arguments: &[&OsStr]| {
        let mut git = bare_command();
        git.arg("--git-dir").arg(&git_dir).args(arguments);
        said(&mut git, root).ok()
    };
    let asked = ["rev-parse", "--is-bare-repository"].map(OsStr::new);
    if git(&asked)? == "true" {
        return Some(Repository {
            root: root.to_path_buf(),
            prefix: String::new(),
            work_tree: None,
            git_dir,
        });
    }
    let top = named("GIT_WORK_TREE").unwrap_or_else(|| OsString::from("."));
    let top = std::path::absolute(top).ok()?.canonicalize().ok()?;
    let below = root.canonicalize().ok()?;
    let below = below.strip_prefix(&top).ok()?;
    let mut prefix = String::new();
    for part in below {
        prefix.push_str(part.to_str()?);
        prefix.push('/');
    }
    Some(Repository {
        root: root.to_path_buf(),
        prefix,
        git_dir,
        work_tree: Some(top),
    })
}

/// What a command answers, without the line break at its end; an error says why it cannot.
fn said(command: &mut Command, root: &Path) -> Result<String, GitError> {
    let output = command.stderr(Stdio::piped()).output();
    let output = output.map_err(|error| GitError::not_run(&error))?;
    if !output.status.success() {
        return Err(GitError::of(&output.stderr, root));
    }
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}

/// Waits for the end of a command, so that none is left behind.
fn finish(mut child: Child) -> io::Result<()> {
    let status = child.wait()?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("git ended with {status}")))
    }
}
