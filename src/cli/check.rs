//! `personary check`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use jiff::civil::Date;
use personary::check::baseline::{Compared, FILE};
use personary::diagnostic::concise::count;
use personary::diagnostic::{Diagnostic, Severity};
use personary::edit::{Changed, Left, Repairs};
use personary::library::Library;
use personary::library::health::Health;
use personary::site::{Options, RefCache, Site, Theme};
use personary::source::Folder;
use personary::{check, edit};

use super::baseline::Known;
use super::memory::SmallPages;
use super::output::{FailOn, Format, Printer, print_patch, say};
use super::today::AsOf;
use super::{Outcome, Project, baseline, summary};

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
    /// Repair what can be repaired without a decision: misspelt fields and words, references by a
    /// former id, and what rules of the settings ask for
    #[arg(long)]
    fix: bool,
    /// Print the repairs as a patch and write nothing
    #[arg(long)]
    diff: bool,
    #[command(flatten)]
    as_of: AsOf,
    #[command(flatten)]
    known: Known,
    /// Accept today's findings: list them in a file, so that from now on only new ones count
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        default_missing_value = FILE,
        conflicts_with_all = ["paths", "baseline", "no_baseline", "fix", "diff"]
    )]
    write_baseline: Option<PathBuf>,
    /// Sum up how the library is doing instead of listing findings
    #[arg(long, conflicts_with_all = ["paths", "fix", "diff", "write_baseline", "format"])]
    summary: bool,
}

impl Arguments {
    pub(super) fn run(self, project: &Project) -> Result<Outcome> {
        SmallPages::ask();
        let today = self.as_of.today()?;
        let (root, library) = project.load()?;
        let wanted = project_paths(&root, &self.paths)?;
        let is_wanted = |finding: &Diagnostic| {
            wanted.is_empty() || wanted.iter().any(|path| is_below(&finding.path, path))
        };
        let (library, mut findings) = if self.fix || self.diff {
            let repairs = edit::repairs(library, today, is_wanted);
            if self.diff {
                show(repairs)?
            } else {
                write(project, (&root, today), repairs)?
            }
        } else {
            let findings = check::all(&library, today);
            (library, findings)
        };
        findings.extend(of_site(&library, today));
        findings.sort_by(Diagnostic::order);
        if let Some(file) = &self.write_baseline {
            let path = if file.as_path() == Path::new(FILE) {
                root.join(FILE)
            } else {
                file.clone()
            };
            let accepted = baseline::write(&path, &library, &findings)?;
            say(&format!(
                "{} accepted in {}",
                count(accepted, "finding"),
                path.display()
            ));
            std::mem::forget(library);
            return Ok(Outcome::Clean);
        }
        let known = self.known.hide(&library, &mut findings)?;
        findings.retain(is_wanted);
        let limit = self
            .fail_on
            .map_or_else(|| library.settings.fail_on.severity(), Severity::from);
        let printer = Printer {
            format: self.format,
            root: &root,
            files: library.file_count(),
            limit,
        };
        if self.summary {
            let health = Health::of(&library, &findings, &check::abouts(), today);
            summary::print(&library.settings.title, &health, today)?;
        } else if !self.diff {
            printer.print(&findings)?;
            if let Some(known) = known {
                tell(known, wanted.is_empty());
            }
        }
        let outcome = outcome(&findings, limit);
        // The process ends here; giving back the memory of a large library one by one takes longer.
        std::mem::forget(library);
        Ok(outcome)
    }
}

/// What would keep the site from being built: files at the address of a page, templates that cannot
/// be read or filled in.
fn of_site(library: &Library, today: Date) -> Vec<Diagnostic> {
    let (theme, mut findings) = Theme::load(library);
    let options = Options {
        drafts: true,
        today,
        rules: check::abouts(),
        ..Options::default()
    };
    let refs = RefCache::new(library);
    let site = Site::new(library, &theme, &options, &refs);
    findings.extend(site.clashes());
    findings.extend(site.trial());
    findings
}

/// Writes repairs; answers with what is there now and what is wrong with it.
fn write(
    project: &Project,
    (root, today): (&Path, Date),
    repairs: Repairs,
) -> Result<(Library, Vec<Diagnostic>)> {
    let unsaved = edit::save_each(root, &repairs.changes);
    let is_saved = |change: &&Changed| unsaved.iter().all(|left| left.path != change.path);
    let saved = repairs.changes.iter().filter(is_saved);
    sum_up("Repaired", saved);
    report_left(repairs.left.iter().chain(&unsaved));
    if unsaved.is_empty() {
        return Ok((repairs.library, repairs.findings));
    }
    let (_, library) = project.load()?;
    let findings = check::all(&library, today);
    Ok((library, findings))
}

/// Prints repairs and writes nothing; answers with what there would be.
fn show(repairs: Repairs) -> Result<(Library, Vec<Diagnostic>)> {
    print_patch(&edit::diff(&repairs.changes))?;
    sum_up("Would repair", &repairs.changes);
    report_left(&repairs.left);
    Ok((repairs.library, repairs.findings))
}

fn sum_up<'a>(what: &str, changes: impl IntoIterator<Item = &'a Changed>) {
    let (mut places, mut files) = (0, 0);
    for change in changes {
        places += change.places;
        files += 1;
    }
    say(&match files {
        0 => "Nothing was repaired".to_owned(),
        _ => format!(
            "{what} {} in {}",
            count(places, "place"),
            count(files, "file")
        ),
    });
}

fn report_left<'a>(left: impl IntoIterator<Item = &'a Left>) {
    for Left { path, reason } in left {
        say(&format!("Left {path} as it is: {reason}"));
    }
}

/// Says what the baseline knows. Not among the findings, so that programs read only these.
fn tell(known: Compared, everything: bool) {
    if known.known > 0 {
        say(&format!(
            "{} known by the baseline are not shown; to see them: --no-baseline",
            count(known.known, "finding")
        ));
    }
    if known.gone > 0 && everything {
        say(&format!(
            "{} of the baseline no longer occur: --write-baseline",
            if known.gone == 1 {
                "1 entry".to_owned()
            } else {
                format!("{} entries", known.gone)
            }
        ));
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
