//! The options by which `check` and `build` look away from what is known.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use personary::check::baseline::{Baseline, Compared, FILE};
use personary::diagnostic::Diagnostic;
use personary::library::Library;

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
        root: &Path,
        library: &Library,
        findings: &mut Vec<Diagnostic>,
    ) -> Result<Option<Compared>> {
        if self.no_baseline {
            return Ok(None);
        }
        let path = match &self.baseline {
            Some(path) => path.clone(),
            None if root.join(FILE).is_file() => root.join(FILE),
            None => return Ok(None),
        };
        let text = fs::read_to_string(&path)
            .with_context(|| format!("cannot read the baseline {}", path.display()))?;
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
