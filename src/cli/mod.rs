//! Floor 7: the command line. A file a command, each a few calls into the library.

mod base;
mod baseline;
mod build;
mod check;
mod diff;
mod explain;
mod init;
mod log;
mod memory;
mod merge;
mod new;
mod output;
mod rename;
mod schema;
mod serve;
mod states;
mod summary;
mod textconv;
mod theme;
mod today;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use personary::library::{Library, SETTINGS_FILE};
use personary::source::Folder;

pub(crate) use output::print_error;

/// Personas in Git, checked, cross-linked and published.
#[derive(Debug, Parser)]
#[command(name = "personary", version, about, max_term_width = 100)]
pub(crate) struct Arguments {
    /// The project's folder. Without it: the nearest folder upwards with a personary.yaml
    #[arg(short = 'C', value_name = "DIR", global = true)]
    directory: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the site
    Build(build::Arguments),
    /// Check all files and say what to mend
    Check(check::Arguments),
    /// Compare two states of the project and tell what changed in meaning
    Diff(diff::Arguments),
    /// Tell what a rule checks, why, and how to mend what it finds
    Explain(explain::Arguments),
    /// Make a small project to begin with
    Init(init::Arguments),
    /// Tell the history in words, commit by commit
    Log(log::Arguments),
    /// Merge two changes of a file by fields and claims, as a merge driver of Git
    Merge(merge::Arguments),
    /// Make a content file with all its fields
    New(new::Arguments),
    /// Give something another id, wherever it is named
    Rename(rename::Arguments),
    /// Show the site and follow every save
    Serve(serve::Arguments),
    /// Print the JSON Schema of a kind, for editors
    Schema(schema::Arguments),
    /// Print the fields of a file, as a diff driver of Git
    Textconv(textconv::Arguments),
    /// Begin a theme of your own
    Theme(theme::Arguments),
}

/// How a command ended, when it did what it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing to complain about: exit code 0.
    Clean,
    /// There are findings: exit code 1.
    Findings,
    /// A state that was to be compared could not be loaded, which has been said: exit code 3.
    Unloaded,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => Self::SUCCESS,
            Outcome::Findings => Self::from(1),
            Outcome::Unloaded => Self::from(3),
        }
    }
}

impl Arguments {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<Outcome> {
        let project = Project {
            directory: self.directory,
        };
        match self.command {
            Command::Build(arguments) => arguments.run(&project),
            Command::Check(arguments) => arguments.run(&project),
            Command::Diff(arguments) => arguments.run(&project),
            Command::Explain(arguments) => arguments.run(),
            Command::Init(arguments) => arguments.run(&project),
            Command::Log(arguments) => arguments.run(&project),
            Command::Merge(arguments) => arguments.run(),
            Command::New(arguments) => arguments.run(&project),
            Command::Rename(arguments) => arguments.run(&project),
            Command::Serve(arguments) => arguments.run(&project),
            Command::Schema(arguments) => arguments.run(&project),
            Command::Textconv(arguments) => arguments.run(),
            Command::Theme(arguments) => arguments.run(&project),
        }
    }
}

/// The project that a command works on, found when it is needed.
pub(crate) struct Project {
    directory: Option<PathBuf>,
}

impl Project {
    /// The root of the project: `-C`, or the nearest folder upwards with a `personary.yaml`.
    pub(crate) fn root(&self) -> Result<PathBuf> {
        if let Some(directory) = &self.directory {
            if !directory.is_dir() {
                bail!("there is no folder {}", directory.display());
            }
            if !directory.join(SETTINGS_FILE).exists() && !directory.join("content").is_dir() {
                bail!(
                    "{} is not a Personary project: it has no {SETTINGS_FILE}\n\
                     help: make one with `personary init {}`",
                    directory.display(),
                    directory.display()
                );
            }
            return Ok(directory.clone());
        }
        let here = std::env::current_dir().context("the current folder cannot be read")?;
        let found = here
            .ancestors()
            .find(|folder| folder.join(SETTINGS_FILE).is_file());
        match found {
            Some(folder) => Ok(folder.to_owned()),
            None => bail!(
                "there is no {SETTINGS_FILE} here or in any folder above\n\
                 help: go to your project, name it with -C DIR, or make one with `personary init DIR`"
            ),
        }
    }

    /// The folder a command that makes a project works in.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.as_deref().unwrap_or(Path::new("."))
    }

    /// Loads the project.
    pub(crate) fn load(&self) -> Result<(PathBuf, Library)> {
        Ok((self.root()?, Library::load(Arc::new(self.folder()?))))
    }

    /// The files of the project.
    pub(crate) fn folder(&self) -> Result<Folder> {
        let root = self.root()?;
        Folder::open(&root).with_context(|| format!("cannot read {}", root.display()))
    }
}
