//! What all commands share in printing.

use std::io::{self, IsTerminal, Write};

use anstream::AutoStream;
use clap::ValueEnum;
use personary::diagnostic::{Diagnostic, Severity, concise, human, json};

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// With the lines around the place, for people
    Human,
    /// One line a finding
    Concise,
    /// JSON, for programs
    Json,
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

/// Prints findings to standard output, in colour where it is a terminal that wants it.
pub(super) fn print_findings(
    format: Format,
    findings: &[Diagnostic],
    files: usize,
) -> io::Result<()> {
    let stdout = io::stdout();
    let colour = AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
    let mut out = stdout.lock();
    match format {
        Format::Human => {
            let unicode = colour && stdout.is_terminal();
            human::write(&mut out, findings, files, human::Look { colour, unicode })
        }
        Format::Concise => concise::write(&mut out, findings, files),
        Format::Json => json::write(&mut out, findings, files),
    }
}

/// Prints why a command could not do its work.
pub(crate) fn print_error(error: &anyhow::Error) {
    // Where even this fails there is nobody left to tell.
    let _ = writeln!(anstream::stderr(), "\x1b[1;31merror:\x1b[0m {error:#}");
}

/// Says something to the person at the terminal, beside the output proper.
pub(super) fn say(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}
