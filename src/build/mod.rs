//! Floor 6: writing the whole site.
//!
//! In: a [`Site`]. Out: a folder. Every route is rendered in parallel and written into a stage
//! beside the output; only when the last one is there the stage takes the output's place.

mod made_of;
pub mod output;

pub use made_of::{made_of, program};

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::check::Findings;
use crate::diagnostic::Diagnostic;
use crate::library::Library;
use crate::site::{Route, Site};
use output::{Hash, OutputError, Report, Stage};

/// Why a site was not written. The output is what it was before.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The output folder cannot be used, or a file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// Pages that could not be rendered, each with the reason.
    #[error("{} pages could not be rendered", .0.len())]
    Pages(Vec<Diagnostic>),
}

/// Builds the site of the project in `project` into `out`. `done` is called with the number of
/// finished routes and of all, from many threads.
pub fn build(
    site: &Site<'_>,
    library: &Library,
    findings: &Findings,
    places: Places<'_>,
    done: &(dyn Fn(usize, usize) + Sync),
) -> Result<Report, BuildError> {
    let stage = Stage::open(places.out, places.project)?;
    let routes = site.routes();
    if let Some(made_of) = places.made_of {
        // What is copied is read here and not before, so a fingerprint of the sources lacks it.
        let copied = routes.par_iter().filter(|r| matches!(r, Route::Asset(_)));
        let copied = copied.map(|route| {
            let page = site.render(route, findings).ok()?;
            Some((route.file(library), page.body))
        });
        if let Some(unchanged) = stage.stands(made_of, copied) {
            return Ok(Report {
                unchanged,
                ..Report::default()
            });
        }
    }
    let finished = AtomicUsize::new(0);
    let one = |route: &Route| -> Result<(), Failure> {
        let page = site
            .render(route, findings)
            .map_err(|error| Failure::Page(Box::new(error.finding().clone())))?;
        stage
            .write(&route.file(library), &page.body)
            .map_err(Failure::Output)?;
        done(finished.fetch_add(1, Ordering::Relaxed) + 1, routes.len());
        Ok(())
    };
    let failures: Vec<Failure> = routes
        .par_iter()
        .filter_map(|route| one(route).err())
        .collect();
    let mut pages = Vec::new();
    for failure in failures {
        match failure {
            Failure::Output(error) => return Err(error.into()),
            Failure::Page(finding) => pages.push(*finding),
        }
    }
    if !pages.is_empty() {
        // The same mistake in a template fails on many pages.
        pages.sort_by(Diagnostic::order);
        pages.dedup();
        return Err(BuildError::Pages(pages));
    }
    Ok(stage.publish(places.made_of)?)
}

/// Where a build reads and writes.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The root of the project, which the output must not hold.
    pub project: &'a Path,
    /// The folder to publish into.
    pub out: &'a Path,
    /// A hash of what decides all that is rendered, where it can be told: see [`made_of`]. A site
    /// that was made of the same is not rendered again.
    pub made_of: Option<Hash>,
}

enum Failure {
    Output(OutputError),
    Page(Box<Diagnostic>),
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::check::abouts;
    use crate::site::{Options, RefCache, Theme};
    use crate::source::Memory;

    #[test]
    fn a_site_that_is_made_of_the_same_is_not_rendered_again() {
        let tree = Memory::default()
            .with("personary.yaml", "title: Site\n")
            .with("content/teams/a.md", "---\nname: A\n---\n")
            .with("static/a.txt", "a");
        let library = Library::load(Arc::new(tree));
        let (theme, _) = Theme::load(&library);
        let options = Options {
            rules: abouts(),
            ..Options::default()
        };
        let refs = RefCache::new(&library);
        let site = Site::new(&library, &theme, &options, &refs);
        let findings = Findings::of(&library, options.today);
        let folder = tempfile::tempdir().expect("a folder");
        let (project, out) = (folder.path().join("project"), folder.path().join("out"));
        std::fs::create_dir(&project).expect("made");
        let rendered = |made_of| {
            let places = Places {
                project: &project,
                out: &out,
                made_of,
            };
            let count = AtomicUsize::new(0);
            let report = build(&site, &library, &findings, places, &|_, _| {
                count.fetch_add(1, Ordering::Relaxed);
            });
            let report = report.expect("built");
            (report.unchanged, count.into_inner())
        };
        let all = site.routes().len();
        assert_eq!(rendered(Some(1)), (0, all));
        assert_eq!(rendered(Some(1)), (all, 0), "nothing is new");
        assert_eq!(rendered(Some(2)), (all, all), "made of something else");
        assert_eq!(rendered(Some(2)), (all, 0), "which is known from then on");
        assert_eq!(rendered(None), (all, all), "nobody knows of what");
        std::fs::write(out.join("a.txt"), "b").expect("written");
        assert_eq!(rendered(Some(2)), (all - 1, all), "somebody was there");
    }
}
