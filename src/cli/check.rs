//! `personary check`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use personary::check;
use personary::diagnostic::{Diagnostic, Severity};
use personary::site::Theme;
use personary::source::Folder;

use super::output::{FailOn, Format, Printer};
use super::{Outcome, Project};

/// Checks all files of the project, or reports on some of them.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Report only what is in these files and folders (everything is read all the same)
    paths: Vec<PathBuf>,
    /// How to print the findings
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// From which severity on the exit code is 1 [default: what the settings say, or error]
    #[arg(long, value_enum)]
    fail_on: Option<FailOn>,
}

impl Arguments {
    pub(super) fn run(self, project: &Project) -> Result<Outcome> {
        let (root, library) = project.load()?;
        let wanted = project_paths(&root, &self.paths)?;
        let mut findings = check::all(&library);
        findings.extend(Theme::load(&library).1);
        findings.sort_by(Diagnostic::order);
        if !wanted.is_empty() {
            findings.retain(|finding| wanted.iter().any(|path| is_below(&finding.path, path)));
        }
        let limit = self
            .fail_on
            .map_or_else(|| library.settings.fail_on.severity(), Severity::from);
        let printer = Printer {
            format: self.format,
            root: &root,
            files: library.file_count(),
            limit,
        };
        printer.print(&findings)?;
        let outcome = outcome(&findings, limit);
        // The process ends here; giving back the memory of a large library one by one takes longer.
        std::mem::forget(library);
        Ok(outcome)
    }
}

/// Whether any finding reaches `limit`.
pub(super) fn outcome(findings: &[Diagnostic], limit: Severity) -> Outcome {
    if findings.iter().any(|finding| finding.severity >= limit) {
        Outcome::Findings
    } else {
        Outcome::Clean
    }
}

/// Turns paths from the command line into project paths.
fn project_paths(root: &Path, paths: &[PathBuf]) -> Result<Vec<String>> {
    let folder = Folder::open(root)?;
    paths
        .iter()
        .map(|path| {
            let real = path
                .canonicalize()
                .with_context(|| format!("there is no file {}", path.display()))?;
            match folder.project_path(&real) {
                Some(path) => Ok(path),
                None => bail!(
                    "{} is not in the project {}",
                    path.display(),
                    root.display()
                ),
            }
        })
        .collect()
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path == folder
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
}
