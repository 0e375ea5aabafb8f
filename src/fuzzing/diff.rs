//! Two states of a small project.

use super::world::{text, with_files};
use crate::library::Library;
use crate::review::compare;

/// The files of the project, each with its two states one after the other.
const FILES: &[&str] = &[
    "content/personas/x.md",
    "content/journeys/x.md",
    "content/kpis/x.md",
    "content/kpis/x.csv",
];
/// Stands between the texts.
const BETWEEN: &str = "%%\n";

/// The texts of a persona, a journey, a KPI and its measurements, each before and after; an empty
/// one is a file that is not there. Nothing differs from itself, and what differs does so both ways.
pub fn diff(data: &[u8]) {
    let text = text(data);
    let texts: Vec<&str> = text.split(BETWEEN).collect();
    let state = |which: usize| -> Library {
        let of = |at: usize| texts.get(at * 2 + which).copied().unwrap_or_default();
        let files: Vec<(&str, &[u8])> = FILES
            .iter()
            .enumerate()
            .map(|(at, path)| (*path, of(at).as_bytes()))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        with_files(&files)
    };
    let (before, again, after) = (state(0), state(0), state(1));
    assert_eq!(compare(&before, &again), []);
    let changes = compare(&before, &after);
    let back = compare(&after, &before);
    assert_eq!(changes.is_empty(), back.is_empty());
    for change in changes.iter().chain(&back) {
        assert!(!change.title.is_empty() && change.level <= change.code.level);
    }
}
