//! What all commands share in printing.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anstream::AutoStream;
use clap::ValueEnum;
use personary::check::RULES;
use personary::diagnostic::{
    Diagnostic, Severity, concise, github, gitlab, human, json, junit, sarif,
};

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// With the lines around the place, for people
    Human,
    /// One line a finding
    Concise,
    /// JSON, for programs
    Json,
    /// Annotations of a pull request, for GitHub Actions
    Github,
    /// A Code Quality report, for GitLab
    Gitlab,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    #[value(help = "JUnit XML, for the test reports of CI systems")]
    Junit,
}

impl Format {
    /// Whether no findings are a document too, which somebody waits for.
    const fn is_document(self) -> bool {
        matches!(self, Self::Json | Self::Gitlab | Self::Sarif | Self::Junit)
    }
}

/// From which severity on a command fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors only
    Error,
    /// Warnings and errors
    Warn,
    /// Any finding
    Info,
}

impl From<FailOn> for Severity {
    fn from(level: FailOn) -> Self {
        match level {
            FailOn::Error => Self::Error,
            FailOn::Warn => Self::Warn,
            FailOn::Info => Self::Info,
        }
    }
}

/// Prints the findings of one run.
pub(super) struct Printer<'a> {
    pub(super) format: Format,
    /// The project's folder.
    pub(super) root: &'a Path,
    /// How many files were read.
    pub(super) files: usize,
    /// From which severity on the command fails.
    pub(super) limit: Severity,
}

impl Printer<'_> {
    /// Prints findings to standard output, in colour where it is a terminal that wants it.
    pub(super) fn print(&self, findings: &[Diagnostic]) -> io::Result<()> {
        let stdout = io::stdout();
        let colour = AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
        let folder = folder_in_repository(self.root);
        let files = self.files;
        let mut out = stdout.lock();
        match self.format {
            Format::Human => {
                let unicode = colour && stdout.is_terminal();
                human::write(&mut out, findings, files, human::Look { colour, unicode })
            }
            Format::Concise => concise::write(&mut out, findings, files),
            Format::Json => json::write(&mut out, findings, files),
            Format::Github => github::write(&mut out, findings, files, &folder),
            Format::Gitlab => gitlab::write(&mut out, findings, &folder),
            Format::Sarif => {
                let rules = RULES
                    .iter()
                    .map(|rule| (rule.about.name, rule.about.severity, rule.about.summary));
                sarif::write(&mut out, findings, rules, &folder)
            }
            Format::Junit => junit::write(&mut out, findings, files, self.limit, &folder),
        }
    }

    /// As [`Printer::print`], but says nothing to people where nothing was found.
    pub(super) fn print_any(&self, findings: &[Diagnostic]) -> io::Result<()> {
        if findings.is_empty() && !self.format.is_document() {
            return Ok(());
        }
        self.print(findings)
    }
}

/// Where the project lies in the Git repository around it, as `docs/personas/`: CI systems know
/// files by their paths from there. Empty at the top of a repository and outside of any.
pub(super) fn folder_in_repository(root: &Path) -> String {
    let Ok(root) = root.canonicalize() else {
        return String::new();
    };
    let repository = root.ancestors().find(|folder| folder.join(".git").exists());
    let inside = repository.and_then(|repository| root.strip_prefix(repository).ok());
    inside
        .into_iter()
        .flatten()
        .flat_map(|name| [name.to_string_lossy(), Cow::Borrowed("/")])
        .collect()
}

/// Prints why a command could not do its work.
pub(crate) fn print_error(error: &anyhow::Error) {
    // Where even this fails there is nobody left to tell.
    let _ = writeln!(
        anstream::stderr(),
        "\x1b[1;31merror:\x1b[0m {}",
        in_words(error)
    );
}

/// An error and its causes. Some say their cause themselves; it is not said twice.
fn in_words(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

/// Says something to the person at the terminal, beside the output proper.
pub(super) fn say(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Prints a patch to standard output: byte for byte for a program, harmless for a terminal.
pub(super) fn print_patch(patch: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if io::stdout().is_terminal() {
        out.write_all(concise::lines(patch).as_bytes())?;
    } else {
        out.write_all(patch.as_bytes())?;
    }
    out.flush()
}
