//! `personary textconv`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use personary::review::textconv;

use super::Outcome;

/// Prints a content file, or a table of measurements, by its fields, one a line, in one form
/// whatever its order, quotes and wrapping. Two lines make `git diff` and `git log -p` show this:
///
/// git config diff.personary.textconv "personary textconv"
///
/// and in .gitattributes: content/** diff=personary
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Arguments {
    /// The file
    file: PathBuf,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Outcome> {
        let file = &self.file;
        let bytes =
            std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let mut out = std::io::stdout().lock();
        // What is no text has no fields; Git shows it as it shows such files.
        match String::from_utf8(bytes) {
            Ok(text) => out.write_all(textconv(&file.to_string_lossy(), &text).as_bytes())?,
            Err(other) => out.write_all(other.as_bytes())?,
        }
        Ok(Outcome::Clean)
    }
}
