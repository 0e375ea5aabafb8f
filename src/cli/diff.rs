//! `personary diff`.

use anyhow::Result;
use clap::ValueEnum;
use jiff::civil::Date;
use personary::check::Difference;
use personary::diagnostic::Severity;
use personary::review::{self, Level, Review};

use super::output::print_error;
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
        let review = review_of(&states, today);
        print(&review)?;
        let outcome = self.outcome(&review);
        // As in `check`: the process ends here.
        std::mem::forget(states);
        Ok(outcome)
    }

    fn outcome(&self, review: &Review) -> Outcome {
        let level = match self.fail_on {
            FailOn::Breaking => Level::Breaking,
            FailOn::Review => Level::Review,
            FailOn::Info => Level::Info,
        };
        let severity = self.new_findings.map(|severity| match severity {
            NewFindings::Error => Severity::Error,
            NewFindings::Warn => Severity::Warn,
        });
        let is_new = |limit| review.introduced.iter().any(|f| f.severity >= limit);
        if review.worst() >= Some(level) || severity.is_some_and(is_new) {
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
    }
}

/// Prints a review: a line a change.
fn print(review: &Review) -> std::io::Result<()> {
    use std::io::Write;
    let mut out = anstream::stdout().lock();
    let counts = review.counts();
    if review.changes.is_empty() && review.partial.is_empty() {
        writeln!(out, "No changes in meaning")?;
    }
    writeln!(
        out,
        "{} breaking, {} review, {} info",
        counts.breaking, counts.review, counts.info
    )?;
    for change in &review.changes {
        writeln!(
            out,
            "{}:{}:{}: {}[{}] {}: {}",
            change.path,
            change.start.line,
            change.start.column,
            change.level,
            change.code.name,
            change.name,
            change.title
        )?;
    }
    for (word, findings) in [
        ("introduced", &review.introduced),
        ("mended", &review.mended),
    ] {
        for finding in findings {
            let (path, line) = (&finding.path, finding.start().line);
            writeln!(
                out,
                "{path}:{line}: {word} {}[{}] {}",
                finding.severity, finding.code, finding.message
            )?;
        }
    }
    for partial in &review.partial {
        let side = if partial.is_before { "before" } else { "after" };
        writeln!(
            out,
            "{}: compared in part ({side}): {}",
            partial.path, partial.reason
        )?;
    }
    out.flush()
}
