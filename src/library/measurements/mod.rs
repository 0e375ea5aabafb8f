//! The measurements of a KPI: a CSV file beside its Markdown.
//!
//! In: the CSV. Out: [`Row`]s, one a period and slice, and a finding for each field that is wrong,
//! at its place. A file with a column `score` holds answers, which are aggregated into rows by the
//! formula of the KPI's kind; its rows, too, are one a period and slice, for each source.

mod answers;
mod columns;
mod gauge;
mod interner;
mod mentions;
mod period;
mod reader;
mod responses;
mod rows;
mod sheet;
mod slice;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::entity::Entity;
use super::links;
use super::statistics::{Counts, Interval};
use crate::schema::{Data, Kind};
use crate::source::yaml::Node;
use crate::source::{Document, Tree};

pub use answers::Answer;
pub use gauge::Gauge;
pub use mentions::Mention;
pub use period::{Length, Period, days};
pub use slice::Slice;

/// From how many answers on a figure is more than an anecdote: below, no trend is shown.
pub const SMALL_SAMPLE: u64 = 30;

/// The measurements of one KPI.
#[derive(Debug)]
pub struct Measurements {
    /// The CSV file.
    pub document: Document,
    /// Its valid rows, by period.
    pub rows: Vec<Row>,
    /// The entities that its slices name, each once.
    pub names: Vec<(Kind, Arc<str>)>,
    /// The stages that its slices name, each with its journey.
    pub stages: Vec<(Arc<str>, Arc<str>)>,
    /// Whether the file holds answers, which the rows are made of.
    pub of_answers: bool,
}

/// One measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// When.
    pub period: Period,
    /// For whom; all when every part is absent.
    pub slice: Arc<Slice>,
    /// The value in the unit of the KPI.
    pub value: f64,
    /// How many were asked or counted.
    pub n: Option<u64>,
    /// The interval around the value, where the source gives one or answers make one.
    pub interval: Option<Interval>,
    /// What was counted, where the source says so.
    pub counts: Option<Counts>,
    /// Where the value comes from, when the file tells several sources apart.
    pub source: Option<Arc<str>>,
}

impl Row {
    /// Whether so few were asked that chance moves the value: fewer than [`SMALL_SAMPLE`]. A row
    /// that does not say how many is not small.
    pub fn is_small_sample(&self) -> bool {
        self.n.is_some_and(|n| n < SMALL_SAMPLE)
    }
}

/// The value that names a CSV.
fn named(root: Node<'_>) -> Option<Node<'_>> {
    let node = root.get("measurements")?;
    node.as_str().filter(|_| !node.is_null())?;
    Some(node)
}

/// Where the CSV of a KPI is or would be: the file that it names, or else the one beside it. `None`
/// for a name that leads out of the project.
pub(super) fn path_of(entity: &Entity) -> Option<String> {
    let path = &entity.document.path;
    match entity
        .document
        .root()
        .and_then(named)
        .and_then(Node::as_str)
    {
        Some(written) => links::file(path, written),
        None => Some(beside(path)),
    }
}

/// Finds and reads the CSV of a KPI, and puts it and its findings into the entity. Mistakes in the
/// front matter hide none in the CSV; without a kind only the scale is not checked.
pub(super) fn attach(tree: &dyn Tree, entity: &mut Entity) {
    let root = entity.document.root();
    let named = root.and_then(named);
    let Some(path) = path_of(entity) else { return };
    let path: Arc<str> = path.into();
    // Without being named the file is optional; a named one that is absent is an error at its name.
    if !tree.exists(&path) {
        if let Some(node) = named {
            let message = format!("there is no file `{path}` with the measurements");
            let finding = entity
                .document
                .finding("missing-asset", node.span(), message)
                .help("create the file, or correct its name")
                .pointer("/measurements");
            entity.findings.push(finding);
        }
        return;
    }
    let document = Document::read_text(tree, &path);
    if !document.findings.is_empty() {
        entity.findings.extend(document.findings);
        return;
    }
    let gauge = match &entity.data {
        Some(Data::Kpi(kpi)) => Some(Gauge::of(kpi)),
        _ => root.and_then(Gauge::written),
    };
    let content = reader::read(&document, gauge);
    entity.findings.extend(content.findings);
    entity.measurements = Some(Measurements {
        document,
        rows: content.rows,
        names: content.names,
        stages: content.stages,
        of_answers: content.of_answers,
    });
}

/// `content/kpis/nps.csv` for `content/kpis/nps.md`.
pub fn beside(path: &str) -> String {
    format!("{}.csv", path.strip_suffix(".md").unwrap_or(path))
}
