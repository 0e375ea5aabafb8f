//! Making the repairs that findings carry.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Changed, Left, preview};
use jiff::civil::Date;

use crate::check;
use crate::diagnostic::{Diagnostic, Edits};
use crate::library::Library;
use crate::source::{Document, MAX_FILE_BYTES, Memory};

/// A repair may show what it hid: a key that is spelt right has a value to look at.
const ROUNDS: usize = 6;

/// What repairing comes to.
pub struct Repairs {
    /// The files that change.
    pub changes: Vec<Changed>,
    /// The files whose repairs were not made.
    pub left: Vec<Left>,
    /// The library with the repairs.
    pub library: Library,
    /// What it still has to complain about.
    pub findings: Vec<Diagnostic>,
}

/// Makes, in memory, every repair of the findings of the day `today` that are `wanted`, and of
/// those that come to light by it.
pub fn repairs(library: Library, today: Date, wanted: impl Fn(&Diagnostic) -> bool) -> Repairs {
    let base = library.tree().clone();
    let mut now = library;
    let mut changes: BTreeMap<Arc<str>, Changed> = BTreeMap::new();
    let mut left: BTreeMap<Arc<str>, Left> = BTreeMap::new();
    let mut findings = check::repairable(&now, today);
    for _ in 0..ROUNDS {
        let chosen = findings
            .iter()
            .filter(|finding| wanted(finding) && !left.contains_key(&finding.path));
        let edits = collect(chosen);
        if edits.is_empty() {
            break;
        }
        for (path, edits) in edits {
            let known = changes.get(&path).cloned();
            let change = known.or_else(|| read(&now, &path));
            if let Some(change) = change.and_then(|change| repaired(change, &edits)) {
                changes.insert(path, change);
            } else {
                let reason = "its repairs would have made it unreadable".to_owned();
                left.insert(path.clone(), Left { path, reason });
            }
        }
        now = preview(&base, changes.values());
        findings = check::repairable(&now, today);
    }
    let findings = check::all(&now, today);
    Repairs {
        changes: changes.into_values().collect(),
        left: left.into_values().collect(),
        library: now,
        findings,
    }
}

/// The edits of all repairs, by file. Of two that overlap the second waits for the next round.
fn collect<'a>(findings: impl Iterator<Item = &'a Diagnostic>) -> BTreeMap<Arc<str>, Edits> {
    let mut edits: BTreeMap<Arc<str>, Edits> = BTreeMap::new();
    for finding in findings {
        if let Some(fix) = &finding.fix {
            edits
                .entry(finding.path.clone())
                .or_default()
                .add(&fix.edits);
        }
    }
    edits
}

/// The text of a file as the library read it: an entity, measurements, or the settings.
fn read(library: &Library, path: &Arc<str>) -> Option<Changed> {
    let entity = library.by_path(path).map(|(_, entity)| &entity.document);
    let measurements = || {
        library
            .all()
            .filter_map(|(_, entity)| Some(&entity.measurements.as_ref()?.document))
            .find(|document| document.path == *path)
    };
    let before = match entity.or_else(measurements) {
        Some(document) => document.text.clone(),
        None => String::from_utf8(library.tree().read(path, MAX_FILE_BYTES).ok()?).ok()?,
    };
    Some(Changed {
        path: path.clone(),
        to: None,
        after: before.clone(),
        before,
        places: 0,
    })
}

/// The file with the edits made, unless it cannot be read any more then.
fn repaired(change: Changed, edits: &Edits) -> Option<Changed> {
    let after = edits.apply(&change.after)?;
    let faults = |text: &str| {
        let tree = Memory::default().with(&change.path, text);
        let document = if change.path.ends_with(".yaml") {
            Document::read_yaml(&tree, &change.path)
        } else {
            Document::read(&tree, &change.path, false)
        };
        document.findings.len()
    };
    if faults(&after) > faults(&change.after) {
        return None;
    }
    Some(Changed {
        after,
        places: change.places + edits.len(),
        ..change
    })
}

#[cfg(test)]
mod tests;
