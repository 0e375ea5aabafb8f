//! What the fuzz targets do with bytes of any kind.
//!
//! In: what a file, a request or a project may hold at its worst. Out: nothing; a promise that is
//! broken panics. The targets in `fuzz/` call these functions with what a fuzzer makes up; the tests
//! beside this module call them with the corpora that fuzzing has left, so that every run of the
//! tests goes through them again. Absent from the program that people run.

#![expect(
    clippy::missing_panics_doc,
    reason = "a panic is what these functions are for"
)]

mod diff;
pub(crate) mod html;
mod http;
#[cfg(test)]
pub(crate) mod mutation;
#[cfg(test)]
pub(crate) mod page;
mod references;
#[cfg(test)]
mod tests;
mod world;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, human};
use crate::schema::Kind;
use crate::source::yaml::{self, Node, Yaml};
use crate::source::{Document, Memory};
use world::{WORLD, text, with_files};

pub use diff::diff;
pub use http::http;
pub use references::references;

/// A target: its name, which is that of its corpus, and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// Every target there is.
pub const TARGETS: &[Target] = &[
    ("front_matter", front_matter),
    ("yaml", yaml),
    ("references", references),
    ("csv", csv),
    ("markdown", markdown),
    ("diff", diff),
    ("http", http),
];

/// A content file: split, parsed, typed by the schema of a kind, which the first byte chooses.
pub fn front_matter(data: &[u8]) {
    let Some((first, file)) = data.split_first() else {
        return;
    };
    let kind = Kind::ALL[usize::from(*first) % Kind::ALL.len()];
    let path: Arc<str> = format!("content/{}/x.md", kind.folder()).into();
    let tree = Memory::default().with(&path, file);
    let document = Document::read(&tree, &path, !kind.front_matter_optional());
    assert!(document.front_range.end <= document.body.start || document.body.is_empty());
    if let Some(front) = &document.front {
        within(front, &document.text);
    }
    let checked = WORLD.library.schemas.read(kind, &document);
    assert!(
        checked.data.is_some() || !checked.findings.is_empty() || !document.findings.is_empty(),
        "a file was refused without a reason"
    );
    for reference in &checked.references {
        let node = document
            .front
            .as_ref()
            .map(|front| front.node(&document.text, reference.node));
        assert!(node.is_some_and(|node| node.as_str().is_some()));
    }
    can_be_shown(document.findings.iter().chain(&checked.findings));
}

/// A piece of YAML: what the one pass reads is what the parser reads, and every value has a place.
pub fn yaml(data: &[u8]) {
    let text = text(data);
    let (read, problems) = yaml::parse(&text, 0..text.len());
    let (whole, mistakes) = yaml::parse_any(&text, 0..text.len());
    assert_eq!(read, whole);
    assert_eq!(problems, mistakes);
    assert!(read.is_some() || !problems.is_empty());
    for problem in &problems {
        assert!(text.get(problem.span.clone()).is_some());
        assert!(!problem.message.is_empty() && !problem.help.is_empty());
    }
    if let Some(read) = &read {
        within(read, &text);
    }
}

/// Asserts that every node of a tree stands in `text`.
fn within(yaml: &Yaml, text: &str) {
    fn visit(node: Node<'_>, text: &str) {
        assert!(text.get(node.span()).is_some(), "{:?}", node.span());
        for (key, value) in node.entries() {
            visit(key, text);
            visit(value, text);
        }
        node.items().for_each(|item| visit(item, text));
    }
    if let Some(root) = yaml.root(text) {
        visit(root, text);
    }
}

/// The measurements of a KPI, whose kind and unit the first byte chooses, and the page that shows
/// them.
pub fn csv(data: &[u8]) {
    const KINDS: &[&str] = &["nps", "csat", "ces", "other"];
    const UNITS: &[&str] = &["percent", "points"];
    let Some((first, rows)) = data.split_first() else {
        return;
    };
    let first = usize::from(*first);
    let kpi = format!(
        "---\nname: X\nkind: {}\nclass: perception\nunit: {}\ndirection: up\n\
         target: {{value: 50, by: 2027-03-31}}\nthresholds: {{warn: 30, bad: 10}}\n\
         cadence: quarterly\nowner: product\n---\n",
        KINDS[first % KINDS.len()],
        UNITS[first / KINDS.len() % UNITS.len()],
    );
    let (path, sheet) = ("content/kpis/x.md", "content/kpis/x.csv");
    let library = with_files(&[(path, kpi.as_bytes()), (sheet, rows)]);
    let (_, entity) = library.by_path(path).expect("the KPI");
    can_be_shown(&entity.findings);
    let Some(measurements) = &entity.measurements else {
        assert!(!entity.findings.is_empty());
        return;
    };
    assert!(measurements.rows.is_sorted_by_key(|row| row.period.start));
    assert!(measurements.rows.iter().all(|row| row.value.is_finite()));
    let page = world::page(&library, entity);
    assert!(!page.contains(">NaN") && !page.contains("\"NaN"), "{page}");
}

/// A text in Markdown, as a page shows it: it holds what texts may hold, and ends what it begins.
pub fn markdown(data: &[u8]) {
    let shown = shown(data);
    if let Err(fault) = html::judge(&shown) {
        panic!("{fault} in {shown}");
    }
}

/// What a text in Markdown becomes on a page.
fn shown(data: &[u8]) -> String {
    let path = "content/pages/x.md";
    let library = with_files(&[(path, data)]);
    let (_, entity) = library.by_path(path).expect("the page");
    can_be_shown(&entity.findings);
    world::html(&library, entity)
}

/// Asserts that findings can be drawn, and that a terminal finds nothing in them to obey.
fn can_be_shown<'a>(findings: impl IntoIterator<Item = &'a Diagnostic>) {
    for finding in findings {
        if let Some(place) = &finding.place {
            assert!(place.start <= place.end);
            assert!(place.excerpt.text.get(place.excerpt.span.clone()).is_some());
        }
        let mut out = Vec::new();
        let shown = std::slice::from_ref(finding);
        human::write(&mut out, shown, 1, human::Look::default()).expect("memory to write to");
        let out = String::from_utf8(out).expect("text");
        let obeyed = |c: char| c.is_control() && c != '\n';
        assert!(!out.contains(obeyed), "{out:?}");
    }
}
