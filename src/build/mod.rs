//! Floor 6: writing the whole site.
//!
//! In: a [`Site`]. Out: a folder. Every route is rendered in parallel and written into a stage
//! beside the output; only when the last one is there the stage takes the output's place.

pub mod output;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::check::Findings;
use crate::diagnostic::Diagnostic;
use crate::library::Library;
use crate::site::{Route, Site};
use output::{OutputError, Report, Stage};

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
    Ok(stage.publish()?)
}

/// Where a build reads and writes.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The root of the project, which the output must not hold.
    pub project: &'a Path,
    /// The folder to publish into.
    pub out: &'a Path,
}

enum Failure {
    Output(OutputError),
    Page(Box<Diagnostic>),
}
