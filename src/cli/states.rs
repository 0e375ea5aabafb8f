//! Two states of a project as the command line names them: found in Git, read, and held against
//! each other.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Error, Result, bail};
use personary::library::SETTINGS_FILE;
use personary::review::{SideError, Sides};
use personary::schema::nearest;
use personary::source::Folder;
use personary::source::git::{Against, GitError, Range, Repository, Revision, differing};

use super::Project;
use super::output::say;

/// The folders that a library is made of.
const FOLDERS: [&str; 2] = ["content", "static"];
/// What CI systems call the branch that a pull request goes to.
const TARGETS: [&str; 2] = ["GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"];
/// What the state is called that has no revision.
const WORK_TREE: &str = "the working tree";

/// Which states to compare.
#[derive(Debug, clap::Args)]
pub(super) struct Named {
    /// The state before: a branch, tag or commit; A..B for two of them; A...B for what B did since
    /// it left A
    base: String,
    /// The state after [default: the working tree, with all that is not committed]
    head: Option<String>,
    /// Begin where the two parted, as with A...B: what others did in the state before meanwhile is
    /// no change
    #[arg(long)]
    merge_base: bool,
    /// Read both states from this repository, in which -C is the folder of the project
    #[arg(long, value_name = "DIR")]
    git_dir: Option<PathBuf>,
}

/// Two states, read.
pub(super) struct States {
    /// What the state before is called.
    pub(super) base: String,
    /// What the state after is called; the working tree has no name.
    pub(super) head: Option<String>,
    pub(super) sides: Sides,
}

/// Whether an error says that one of the states could not be loaded.
pub(super) fn is_of_a_side(error: &Error) -> bool {
    let git = error.downcast_ref::<GitError>();
    git.is_some_and(GitError::is_of_a_side) || error.is::<SideError>()
}

impl Named {
    /// Finds and reads both states.
    pub(super) fn load(&self, project: &Project) -> Result<States> {
        let (root, repository) = match &self.git_dir {
            Some(git_dir) => {
                let folder = project.directory().to_str().unwrap_or(".");
                (git_dir.clone(), Repository::at(git_dir, folder)?)
            }
            None => place(project)?,
        };
        let (base, head, fork) = self.names()?;
        let head = head.or_else(|| repository.is_bare().then(|| "HEAD".to_owned()));
        let at = |name: &str| repository.revision(name).map_err(explained);
        let base = if fork {
            let tip = head.as_deref().unwrap_or("HEAD");
            let parted = repository.merge_base(&base, tip).map_err(explained)?;
            repository.state(&base, parted)?
        } else {
            at(&base)?
        };
        let base = Arc::new(base);
        let head = head.as_deref().map(at).transpose()?.map(Arc::new);
        let sides = if let Some(head) = &head {
            Sides::load(base.clone(), head.clone(), || differing(&base, head))
        } else {
            let folder = Folder::open(&root);
            let folder = folder.with_context(|| format!("cannot read {}", root.display()))?;
            let now = Arc::new(Against::new(folder, Arc::clone(&base)));
            Sides::load(base.clone(), now.clone(), || {
                now.differing(&FOLDERS, &[SETTINGS_FILE])
            })
        };
        for revision in [Some(&base), head.as_ref()].into_iter().flatten() {
            if let Some(error) = revision.failure() {
                return Err(error.into());
            }
        }
        let head_name = head.as_ref().map_or(WORK_TREE, |head| head.name());
        sides.check(base.name(), head_name)?;
        if sides.is_begun() {
            say(&format!(
                "There was no project in {} yet; everything is new",
                base.name()
            ));
        }
        Ok(States {
            base: base.name().to_owned(),
            head: head.map(|head| head.name().to_owned()),
            sides,
        })
    }

    /// The two names, and whether the merge base is meant.
    fn names(&self) -> Result<(String, Option<String>, bool)> {
        let range = Range::parse(&self.base)?;
        let head = match &self.head {
            Some(head) => match Range::parse(head)? {
                Range::One(name) => Some(name),
                _ => bail!("`{head}` names two states, and only one can be the one after"),
            },
            None => None,
        };
        Ok(match (range, head) {
            (Range::One(base), head) => (base, head, self.merge_base),
            (Range::Ends(base, tip), None) => (base, Some(tip), self.merge_base),
            (Range::Fork(base, tip), None) => (base, Some(tip), true),
            (_, Some(head)) => bail!(
                "`{}` names two states already, so `{head}` is one too many",
                self.base
            ),
        })
    }
}

/// The state of a project that a revision names.
pub(super) fn revision(project: &Project, name: &str) -> Result<(PathBuf, Arc<Revision>)> {
    let (root, repository) = place(project)?;
    let revision = repository.revision(name).map_err(explained)?;
    if revision.is_empty() {
        bail!(
            "there is no project in `{name}`\n\
             help: it has no files in the folder that is asked for"
        );
    }
    Ok((root, Arc::new(revision)))
}

/// The folder of the project and its repository. The folder may be a bare repository, or one in
/// which only revisions have a project.
fn place(project: &Project) -> Result<(PathBuf, Repository)> {
    let error = match project.root() {
        Ok(root) => {
            let repository = Repository::find(&root)?;
            return Ok((root, repository));
        }
        Err(error) => error,
    };
    let folder = project.directory();
    match Repository::find(folder) {
        Ok(repository) if folder.is_dir() => Ok((folder.to_owned(), repository)),
        _ => Err(error),
    }
}

/// An unknown revision with what is nearest to it, or what the job of a CI system is about.
fn explained(error: GitError) -> Error {
    let mut more = Vec::new();
    if let GitError::Unknown {
        name,
        advice,
        names,
    } = &error
    {
        if advice.is_none() {
            more.push(
                match nearest::nearest(name, names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if names.is_empty() => "there are no branches or tags yet".to_owned(),
                    None => {
                        let few: Vec<_> = names.iter().take(8).map(|n| format!("`{n}`")).collect();
                        format!("there are {}", few.join(", "))
                    }
                },
            );
        }
        let targets = TARGETS.iter().filter_map(|name| std::env::var(name).ok());
        let target = targets.into_iter().find(|target| !target.is_empty());
        if let Some(target) = target.filter(|target| !name.ends_with(target.as_str())) {
            more.push(format!("this job is about a pull request into `{target}`"));
        }
    }
    let text = more.iter().fold(error.to_string(), |text, more| {
        format!("{text}\nhelp: {more}")
    });
    Error::new(error).context(Explained(text))
}

/// An error in more words; it says its cause itself.
#[derive(Debug)]
struct Explained(String);

impl std::fmt::Display for Explained {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
