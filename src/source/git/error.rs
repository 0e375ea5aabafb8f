//! Why Git could not tell, in words for people who know little of it.

use std::io;
use std::path::{Path, PathBuf};

/// Why Git could not tell.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no `git` on this machine.
    #[error(
        "there is no `git` on this machine\n\
         help: install it from https://git-scm.com, and see that the command `git` is found"
    )]
    NoGit,
    /// The folder is in no repository.
    #[error(
        "{} is in no Git repository\n\
         help: go to the project in its repository, or name it with -C DIR", .0.display()
    )]
    NoRepository(PathBuf),
    /// The repository belongs to somebody else, as often in a container.
    #[error(
        "Git does not trust the repository, because another user owns {}\n\
         help: if it is yours, run `git config --global --add safe.directory '{}'`",
         .0.display(), .0.display()
    )]
    Ownership(PathBuf),
    /// What was written is no name of a revision.
    #[error(
        "`{0}` cannot be the name of a revision\n\
         help: name a branch, a tag or a commit, such as main, v1.2 or 3f2a9c1; \
         or two of them, as in main..draft or main...draft"
    )]
    NoName(String),
    /// There is no such revision in the repository.
    #[error("there is no revision `{name}` in this repository{}", help(.advice.as_ref()))]
    Unknown {
        /// What was asked for.
        name: String,
        /// What would help, in a sentence, if that is clear.
        advice: Option<String>,
        /// The names of branches and tags that there are.
        names: Vec<String>,
    },
    /// Something has that name, and it is no state of all files.
    #[error(
        "`{0}` names something that is no commit\n\
         help: name a branch, a tag or a commit"
    )]
    NoCommit(String),
    /// Two revisions have nothing in common, or not in a clone that goes back so little.
    #[error("`{base}` and `{head}` have no common ancestor here{}", help(.advice.as_ref()))]
    NoMergeBase {
        /// The one.
        base: String,
        /// The other.
        head: String,
        /// What would help, in a sentence, if that is clear.
        advice: Option<String>,
    },
    /// Texts are missing in a clone that fetches them only when they are needed.
    #[error(
        "{count} files of `{name}` are not in this clone, which was made without them\n\
         help: fetch them with `git fetch --refetch --no-filter {remote}`"
    )]
    Missing {
        /// The revision.
        name: String,
        /// How many objects are missing.
        count: usize,
        /// Where to fetch from.
        remote: String,
    },
    /// The state has more files than anybody keeps personas in.
    #[error("`{0}` has more files than can be read")]
    TooMany(String),
    /// Git said something else.
    #[error("Git says: {0}")]
    Other(String),
}

/// A sentence of help below the error.
fn help(advice: Option<&String>) -> String {
    advice.map_or_else(String::new, |advice| format!("\nhelp: {advice}"))
}

impl GitError {
    /// The error for a `git` that did not start.
    pub(super) fn not_run(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NoGit,
            _ => Self::Other(error.to_string()),
        }
    }

    /// The error for what `git` said when it failed.
    pub(super) fn of(said: &[u8], root: &Path) -> Self {
        let said = String::from_utf8_lossy(said);
        if said.contains("dubious ownership") {
            // The folder as Git calls it is in the command that it proposes.
            let folder = said.split_once("safe.directory ");
            let folder = folder.and_then(|(_, rest)| rest.lines().next());
            let folder = folder.map(|folder| folder.trim().trim_matches('\''));
            return Self::Ownership(folder.map_or_else(|| root.to_path_buf(), PathBuf::from));
        }
        if said.contains("not a git repository") || said.contains("must be run in a work tree") {
            return Self::NoRepository(root.to_path_buf());
        }
        let line = said.lines().find(|line| !line.trim().is_empty());
        let line = line.unwrap_or("nothing").trim();
        Self::Other(line.strip_prefix("fatal: ").unwrap_or(line).to_owned())
    }

    /// Whether one of the states is what cannot be had, and not the way it was asked for.
    pub fn is_of_a_side(&self) -> bool {
        matches!(
            self,
            Self::Unknown { .. }
                | Self::NoCommit(_)
                | Self::NoMergeBase { .. }
                | Self::Missing { .. }
                | Self::TooMany(_)
                | Self::Other(_)
        )
    }
}
