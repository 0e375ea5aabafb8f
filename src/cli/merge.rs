//! `personary merge`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use personary::edit::{Markers, Sides, merge};

use super::Outcome;

/// Merges two changes of a file into our side of it: fields by name, lists of claims by id,
/// measurements by period. Conflicts are marked only where both sides changed the same thing, and
/// end it with exit code 1. Two lines make `git merge` and `git rebase` do so:
///
/// git config merge.personary.driver "personary merge %O %A %B --path %P --marker-size %L"
///
/// and in .gitattributes: content/** merge=personary
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Arguments {
    /// The file as it was before both changes (%O)
    base: PathBuf,
    /// The file as we have it (%A); the result is written into it
    ours: PathBuf,
    /// The file as they have it (%B)
    theirs: PathBuf,
    /// Its path in the project (%P), which tells what it holds [default: our file]
    #[arg(long)]
    path: Option<String>,
    /// How many characters a marker of a conflict has (%L)
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u8).range(1..))]
    marker_size: u8,
    /// What our side is called in a conflict
    #[arg(long, default_value = "ours")]
    our_name: String,
    /// What their side is called in a conflict
    #[arg(long, default_value = "theirs")]
    their_name: String,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Outcome> {
        let [base, ours, theirs] = [&self.base, &self.ours, &self.theirs].map(|path| read(path));
        let (base, ours, theirs) = (base?, ours?, theirs?);
        let sides = Sides {
            base: &base,
            ours: &ours,
            theirs: &theirs,
        };
        let markers = Markers {
            size: self.marker_size.into(),
            ours: &self.our_name,
            theirs: &self.their_name,
        };
        let path = self.path.as_deref().map_or(&*self.ours, Path::new);
        let merged = merge(&path.to_string_lossy(), sides, markers);
        std::fs::write(&self.ours, merged.text)
            .with_context(|| format!("cannot write {}", self.ours.display()))?;
        Ok(if merged.conflicts == 0 {
            Outcome::Clean
        } else {
            Outcome::Findings
        })
    }
}

/// The text of one side. What is no text cannot be merged, and Git keeps our side of it.
fn read(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(_) => bail!(
            "{} is not UTF-8 text, so it cannot be merged",
            path.display()
        ),
    }
}
