//! `personary diff`.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anstream::AutoStream;
use anyhow::{Context, Result};
use clap::ValueEnum;
use jiff::civil::Date;
use personary::check::Difference;
use personary::diagnostic::Severity;
use personary::diagnostic::human::Look;
use personary::review::codeowners::{CodeOwners, Requested};
use personary::review::format::{self, Format};
use personary::review::{self, Level, Review};
use personary::source::{Folder, MAX_FILE_BYTES, Tree};

use super::output::{folder_in_repository, print_error, say};
use super::states::{Named, States, is_of_a_side};
use super::today::AsOf;
use super::{Outcome, Project};

/// Compares two states of the project and tells what changed in meaning.
///
/// Ends with 0 when no change reaches --fail-on, with 1 when one does, with 2 when it was asked
/// for something impossible, and with 3 when one of the states could not be loaded.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    named: Named,
    /// From which level of change on the exit code is 1
    #[arg(long, value_enum, default_value = "breaking")]
    fail_on: FailOn,
    /// From which severity on a finding that the change introduces makes the exit code 1, too
    /// [default: none does; `personary check` is for that]
    #[arg(long, value_enum)]
    new_findings: Option<NewFindings>,
    /// How to report: text, markdown, json, html, github, gitlab, junit or owners
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = format_of)]
    format: Format,
    /// Write the report into this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The address of the full report, for a comment that is too long
    #[arg(long, value_name = "URL")]
    report_url: Option<String>,
    /// The address of a site that shows the state after, for links to its pages
    #[arg(long, value_name = "URL")]
    preview_url: Option<String>,
    /// Look at CODEOWNERS, too: does it ask the teams that should look, and who is asked about nothing?
    #[arg(long)]
    codeowners: bool,
    #[command(flatten)]
    as_of: AsOf,
}

/// From which level of change on the command fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// What others rely on is gone or means something else
    Breaking,
    /// Also what somebody should look at
    Review,
    /// Any change in meaning
    Info,
    /// None: only a state that cannot be read makes the command fail
    Never,
}

impl FailOn {
    fn level(self) -> Option<Level> {
        match self {
            Self::Breaking => Some(Level::Breaking),
            Self::Review => Some(Level::Review),
            Self::Info => Some(Level::Info),
            Self::Never => None,
        }
    }
}

/// From which severity on a new finding makes the command fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum NewFindings {
    /// Errors only
    Error,
    /// Warnings and errors
    Warn,
}

impl Arguments {
    pub(super) fn run(self, project: &Project) -> Result<Outcome> {
        let today = self.as_of.today()?;
        let states = match self.named.load(project) {
            Err(error) if is_of_a_side(&error) => {
                print_error(&error);
                return Ok(Outcome::Unloaded);
            }
            loaded => loaded?,
        };
        let mut review = review_of(&states, today);
        let root = project.root();
        let root = root.as_deref().unwrap_or_else(|_| project.directory());
        let requested = self.codeowners.then(|| requested(root, &review)).flatten();
        review.ask((&states.sides.old, &states.sides.new), requested);
        if self.codeowners && review.requested.is_none() {
            say("There is no CODEOWNERS in this repository, so nobody is asked by one");
        }
        self.print(root, &review)?;
        let outcome = self.outcome(&review);
        // As in `check`: the process ends here.
        std::mem::forget(states);
        Ok(outcome)
    }

    fn new_findings(&self) -> Option<Severity> {
        self.new_findings.map(|severity| match severity {
            NewFindings::Error => Severity::Error,
            NewFindings::Warn => Severity::Warn,
        })
    }

    fn outcome(&self, review: &Review) -> Outcome {
        let is_new = |limit| review.introduced.iter().any(|f| f.severity >= limit);
        let level = self.fail_on.level();
        let reaches = level.is_some() && review.worst() >= level;
        if reaches || self.new_findings().is_some_and(is_new) {
            Outcome::Findings
        } else {
            Outcome::Clean
        }
    }
}

/// Compares what has been loaded, judged for the day `today` on both sides.
fn review_of(states: &States, today: Date) -> Review {
    let sides = &states.sides;
    let (old, new) = (&sides.old, &sides.new);
    let found = match &sides.update {
        Some(update) => Difference::beside(old, new, update, today),
        None => Difference::of(old, new, today),
    };
    let compared = review::compared(old, new);
    Review {
        base: states.base.clone(),
        head: states.head.clone(),
        changes: compared.changes,
        introduced: found.introduced,
        mended: found.mended,
        partial: compared.partial,
        ..Review::default()
    }
}

/// What the `CODEOWNERS` of the repository around `root` says of the changes.
fn requested(root: &Path, review: &Review) -> Option<Requested> {
    let folder = folder_in_repository(root);
    let top = root.canonicalize().ok()?;
    let top = top.ancestors().nth(folder.matches('/').count())?;
    let repository = Folder::open(top).ok()?;
    let owners = CodeOwners::find(|path| {
        let bytes = repository.read(path, MAX_FILE_BYTES).ok()?;
        String::from_utf8(bytes).ok()
    })?;
    Some(owners.requested(&review.changes, &folder))
}

impl Arguments {
    /// Writes the report where it is wanted.
    fn print(&self, root: &Path, review: &Review) -> Result<()> {
        let stdout = io::stdout();
        let colour =
            self.output.is_none() && AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
        let is_terminal = self.output.is_none() && stdout.is_terminal();
        let width = terminal_size::terminal_size().filter(|_| is_terminal);
        let folder = folder_in_repository(root);
        let options = format::Options {
            look: Look {
                colour,
                unicode: colour && is_terminal,
            },
            width: width.map(|(width, _)| width.0.into()),
            folder: &folder,
            report: self.report_url.as_deref(),
            preview: self.preview_url.as_deref(),
            fail_on: self.fail_on.level(),
            new_findings: self.new_findings(),
        };
        match &self.output {
            None => self.format.write(&mut stdout.lock(), review, &options)?,
            Some(path) => {
                let mut text = Vec::new();
                self.format.write(&mut text, review, &options)?;
                fs::write(path, text)
                    .with_context(|| format!("cannot write {}", path.display()))?;
            }
        }
        Ok(())
    }
}

/// A format by its name, for the command line.
fn format_of(name: &str) -> Result<Format, String> {
    Format::parse(name).ok_or_else(|| {
        let names = Format::ALL.iter().map(|format| format.name());
        format!("it is one of {}", names.collect::<Vec<_>>().join(", "))
    })
}
