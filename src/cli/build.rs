//! `personary build`.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use personary::build::output::Report;
use personary::build::{BuildError, Places, build, made_of, program};
use personary::check::{Findings, about, abouts};
use personary::diagnostic::Diagnostic;
use personary::diagnostic::concise::count;
use personary::diagnostic::rule::Group;
use personary::library::Library;
use personary::review::chronicle::Chronicle;
use personary::site::{Compared, Options, RefCache, Site, Theme};
use personary::source::{Tree, Witness};

use super::base::Against;
use super::baseline::Known;
use super::output::{Format, Printer, say};
use super::today::AsOf;
use super::{Outcome, Project, states};

/// Work that takes longer than this shows its progress.
const PATIENCE: Duration = Duration::from_millis(500);

/// Builds the site.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder to write the site into, relative to the project
    #[arg(short, long, value_name = "DIR", default_value = "public")]
    output: PathBuf,
    #[arg(
        long,
        value_name = "URL",
        help = "The address the site is published at, such as https://example.com/personas/; links \
                become absolute"
    )]
    base_url: Option<String>,
    /// Build the site of a revision: its content, settings, theme and files from Git, and nothing
    /// of what is in the folder now
    #[arg(long, value_name = "REVISION")]
    at: Option<String>,
    /// Publish drafts too
    #[arg(long)]
    drafts: bool,
    /// Publish in spite of errors, with broken places marked on their pages
    #[arg(long)]
    keep_going: bool,
    /// How to print the findings
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    #[command(flatten)]
    as_of: AsOf,
    #[command(flatten)]
    baseline: Known,
    #[command(flatten)]
    against: Against,
}

/// A project: its root, its library, its history, which is still being read, and the tree.
type Loaded = (
    PathBuf,
    Library,
    JoinHandle<Option<Chronicle>>,
    Arc<Witness>,
);

impl Arguments {
    pub(super) fn run(self, project: &Project) -> Result<Outcome> {
        let begun = Instant::now();
        let today = self.as_of.today()?;
        // Read while the sources are.
        let program = thread::spawn(program);
        let (root, library, history, tree) = self.load(project)?;
        let base = self.against.load(project)?;
        let base_url = self
            .base_url
            .as_deref()
            .or(library.settings.base_url.as_deref());
        let options = Options {
            drafts: self.drafts,
            base_url: base_url.map(base_url_of).transpose()?,
            show_findings: self.keep_going,
            today,
            rules: abouts(),
        };
        let (theme, theme_findings) = Theme::load(&library);
        let findings = Findings::of(&library, today);
        let limit = library.settings.fail_on.severity();
        // People at a build want to know what is wrong; `check` tells the rest.
        let is_shown =
            |finding: &&Diagnostic| self.format != Format::Human || finding.severity >= limit;
        let mut shown: Vec<Diagnostic> = findings.iter().filter(is_shown).cloned().collect();
        let beside = findings.iter().count() - shown.len();
        shown.extend(theme_findings);
        let refs = RefCache::new(&library);
        let history = history.join().unwrap_or_default();
        let program = program.join().unwrap_or_default();
        let compared = base.map(|base| Compared::with(base, &library, &options));
        let site = Site::new(&library, &theme, &options, &refs)
            .with_history(history.as_ref())
            .with_review(compared.as_ref());
        shown.extend(site.clashes());
        shown.sort_by(Diagnostic::order);
        let printer = Printer {
            format: self.format,
            root: &root,
            files: library.file_count(),
            limit,
        };
        self.baseline.hide(&library, &mut shown)?;
        let fails_build = &library.settings.fails_build;
        let fails = |finding: &Diagnostic| {
            let group = about(finding.code).map_or(Group::Structure, |about| about.group);
            let named = |name: &String| *name == finding.code || *name == group.as_str();
            finding.severity >= limit && fails_build.iter().any(named)
        };
        let failed = shown.iter().any(fails);
        if failed && !self.keep_going {
            printer.print(&shown)?;
            say(
                "Nothing was published; the last site stands as it was. To publish all the same: --keep-going",
            );
            return Ok(Outcome::Findings);
        }
        let out = root.join(&self.output);
        let places = Places {
            project: &root,
            out: &out,
            // Marks of changes are made of a second state, which is not asked.
            made_of: match (program, tree.fingerprint(), &compared) {
                (Some(program), Some(sources), None) => {
                    Some(made_of(program, sources, &options, history.as_ref()))
                }
                _ => None,
            },
        };
        let progress = Progress::new(begun);
        let published = build(&site, &library, &findings, places, &|done, all| {
            progress.tell(done, all);
        });
        progress.finish();
        // Once, when all are known: two documents one after the other would be none.
        if let Err(BuildError::Pages(findings)) = &published {
            shown.extend_from_slice(findings);
            shown.sort_by(Diagnostic::order);
        }
        printer.print_any(&shown)?;
        let report = match published {
            Ok(report) => report,
            Err(BuildError::Pages(_)) => {
                say("Nothing was published; the last site stands as it was");
                return Ok(Outcome::Findings);
            }
            Err(BuildError::Output(error)) => {
                return Err(error).context("the site was not published");
            }
        };
        self.tell(report, begun);
        if beside > 0 {
            say(&format!(
                "{} beside: personary check",
                count(beside, "finding")
            ));
        }
        // As in `check`: the process ends here.
        std::mem::forget((library, refs, findings));
        Ok(if failed {
            Outcome::Findings
        } else {
            Outcome::Clean
        })
    }

    /// Says what was published.
    fn tell(&self, report: Report, begun: Instant) {
        let total = report.written + report.unchanged;
        let seconds = begun.elapsed().as_secs_f64();
        say(&format!(
            "Published {total} files in {} ({} written, {} unchanged, {} removed) in {seconds:.2} s",
            self.output.display(),
            report.written,
            report.unchanged,
            report.removed,
        ));
    }

    /// Reads the project, as it is or as it was in a revision.
    fn load(&self, project: &Project) -> Result<Loaded> {
        let (root, revision) = match &self.at {
            Some(name) => {
                let (root, revision) = states::revision(project, name)?;
                (root, Some(revision))
            }
            None => (project.root()?, None),
        };
        // Git reads its log while the files are read.
        let (folder, state) = (root.clone(), revision.clone());
        let history = thread::spawn(move || match state {
            Some(state) => Chronicle::at(&folder, state.commit(), &*state),
            None => Chronicle::read(&folder),
        });
        let tree: Arc<dyn Tree> = match &revision {
            Some(revision) => revision.clone(),
            None => Arc::new(project.folder()?),
        };
        let tree = Arc::new(Witness::new(tree));
        let library = Library::load(tree.clone());
        if let Some(error) = revision.as_ref().and_then(|revision| revision.failure()) {
            return Err(error.into());
        }
        Ok((root, library, history, tree))
    }
}

/// Checks the address of the site and gives it a slash at its end.
fn base_url_of(text: &str) -> Result<String> {
    let known =
        text.starts_with("https://") || text.starts_with("http://") || text.starts_with('/');
    if !known || text.contains(['?', '#', ' ', '"', '<', '>']) {
        bail!(
            "`{text}` cannot be the address of a site\n\
             help: write something like https://example.com/personas/, or /personas/"
        );
    }
    Ok(if text.ends_with('/') {
        text.to_owned()
    } else {
        format!("{text}/")
    })
}

/// A bar that appears when the work takes long, and only on a terminal.
struct Progress {
    begun: Instant,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    fn new(begun: Instant) -> Self {
        Self {
            begun,
            bar: OnceLock::new(),
        }
    }

    fn tell(&self, done: usize, all: usize) {
        // A look at the clock for every page would cost more than the bar.
        if !done.is_multiple_of(64) || self.begun.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let bar = ProgressBar::new(all as u64);
            if let Ok(style) =
                ProgressStyle::with_template("{bar:40} {pos}/{len} pages, {eta} left")
            {
                bar.set_style(style);
            }
            bar
        });
        bar.set_position(done as u64);
    }

    fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
