//! The options by which `check` and `build` look away from what is known.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use personary::check::baseline::{Baseline, Compared, FILE};
use personary::diagnostic::Diagnostic;
use personary::library::Library;
use personary::source::MAX_DATA_BYTES;

/// Which findings are known.
#[derive(Debug, clap::Args)]
pub(super) struct Known {
    /// Leave out the findings that this file lists, which check --write-baseline wrote [default:
    /// personary-baseline.json in the project, if it is there]
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Show all findings, known or not
    #[arg(long, conflicts_with = "baseline")]
    no_baseline: bool,
}

impl Known {
    /// Takes the known findings out; `None` when there is no baseline.
    pub(super) fn hide(
        &self,
        library: &Library,
        findings: &mut Vec<Diagnostic>,
    ) -> Result<Option<Compared>> {
        if self.no_baseline {
            return Ok(None);
        }
        // The one of the project comes from where the project does: a folder, or a revision.
        let tree = library.tree();
        let (path, read) = match &self.baseline {
            Some(path) => (path.clone(), fs::read(path)),
            None if tree.exists(FILE) => {
                let path = tree.locate(FILE).unwrap_or_else(|| FILE.into());
                (path, tree.read(FILE, MAX_DATA_BYTES))
            }
            None => return Ok(None),
        };
        let text = read.and_then(|bytes| String::from_utf8(bytes).map_err(io::Error::other));
        let text = text.with_context(|| format!("cannot read the baseline {}", path.display()))?;
        let baseline = Baseline::parse(&text).with_context(|| {
            format!(
                "cannot use the baseline {}\nhelp: write it again with `personary check --write-baseline`",
                path.display()
            )
        })?;
        Ok(Some(baseline.hide(library, findings)))
    }
}

/// Writes the baseline of `findings` and tells how many they are.
pub(super) fn write(path: &Path, library: &Library, findings: &[Diagnostic]) -> Result<usize> {
    let baseline = Baseline::of(library, findings);
    fs::write(path, baseline.to_string())
        .with_context(|| format!("cannot write the baseline {}", path.display()))?;
    Ok(baseline.len())
}
