//! All changes between two states.

use super::pair::{Notes, Pair};
use super::pairing::Pairing;
use super::{Change, Partial, fields, kinds, settings};
use crate::library::{Entity, Library};

/// What a comparison found.
#[derive(Debug, Default)]
pub struct Compared {
    /// All changes, the most important first: by level, kind, entity and place. Whom they reach is
    /// not filled in yet.
    pub changes: Vec<Change>,
    /// The files that could be compared in part only.
    pub partial: Vec<Partial>,
}

/// All changes between two states, the most important first.
pub fn compare(old: &Library, new: &Library) -> Vec<Change> {
    compared(old, new).changes
}

/// The same, with the files that could be compared in part only. What both states share, as those
/// of [`Library::beside`] do, is passed over without a look.
pub fn compared(old: &Library, new: &Library) -> Compared {
    let mut found = Compared {
        changes: settings::changes(old, new),
        partial: Vec::new(),
    };
    let pairing = Pairing::of(old, new);
    for &(before, after) in &pairing.pairs {
        let pair = Pair {
            before,
            after,
            old,
            new,
            renames: &pairing.renames,
        };
        found.changes.extend(of_pair(&pair));
    }
    sort(&mut found.changes);
    found
}

/// The changes of one entity.
fn of_pair(pair: &Pair<'_>) -> Vec<Change> {
    let mut notes = Notes::of(pair);
    let special = kinds::special(pair.after.kind);
    let mut told: &[&str] = &[];
    if let Some(special) = special {
        (special.changes)(pair, &mut notes);
        if special.untyped || pair.data().is_some() {
            told = special.fields;
        }
    }
    if let (Some(old), Some(new)) = (pair.before.document.root(), pair.after.document.root()) {
        for name in fields::names(old, new) {
            if !told.contains(&&*name) {
                fields::compare(pair, &mut notes, &name, fields::FIELD);
            }
        }
    }
    notes.into_changes()
}

/// Whether nothing at all is different: both are one, or say the same in the same letters.
pub(super) fn is_same(before: &Entity, after: &Entity) -> bool {
    if std::ptr::eq(before, after) {
        return true;
    }
    let measurements = |entity: &'_ Entity| -> Option<(String, String)> {
        let measurements = entity.measurements.as_ref()?;
        let document = &measurements.document;
        Some((document.path.to_string(), document.text.clone()))
    };
    before.document.text == after.document.text
        && before.document.path == after.document.path
        && before.id == after.id
        && measurements(before) == measurements(after)
        && before.translations.len() == after.translations.len()
        && (before.translations.iter())
            .zip(&after.translations)
            .all(|(a, b)| a.lang == b.lang && a.source.document.text == b.source.document.text)
}

/// Puts the most important first; of one level by kind, entity and place.
fn sort(changes: &mut [Change]) {
    changes.sort_by(|a, b| {
        (b.level.cmp(&a.level))
            .then_with(|| a.kind.cmp(&b.kind))
            .then_with(|| a.id.cmp(&b.id))
            .then_with(|| a.is_before.cmp(&b.is_before))
            .then_with(|| a.path.cmp(&b.path))
            .then_with(|| a.start.line.cmp(&b.start.line))
            .then_with(|| a.pointer.cmp(&b.pointer))
    });
}
