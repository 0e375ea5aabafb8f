//! All changes between two states.

use std::collections::BTreeSet;

use super::code::{
    ADDED, ENTITY_REMOVED, ID_CHANGED, JOURNEY_REMOVED, KPI_REMOVED, MERGED, MOVED,
    PERSONA_REMOVED, RENAMED, SPLIT,
};
use super::pair::{Notes, Pair};
use super::pairing::{Ids, Pairing};
use super::{
    Change, Code, Partial, common, fields, grounds, impact, kinds, settings, translations,
};
use crate::library::{Entity, Library};
use crate::schema::{Kind, shape::title};
use crate::source::Document;

/// What a comparison found.
#[derive(Debug, Default)]
pub struct Compared {
    /// All changes, the most important first: by level, kind, entity and place.
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
    compared_of(old, new, None)
}

/// The same of the entities that have one of `ids` in either state; the others are not looked at.
pub fn compared_among(old: &Library, new: &Library, ids: &Ids) -> Compared {
    compared_of(old, new, Some(ids))
}

fn compared_of(old: &Library, new: &Library, ids: Option<&Ids>) -> Compared {
    let mut found = Compared {
        changes: settings::changes(old, new),
        partial: Vec::new(),
    };
    let pairing = Pairing::of(old, new, ids);
    for &both in &pairing.pairs {
        let (before, after) = both;
        found.partial.extend(partial(before, true));
        found.partial.extend(partial(after, false));
        let is_told = pairing.told.contains(&after.index);
        let pair = pair_of(&pairing, both, (old, new));
        found.changes.extend(of_pair(&pair, is_told));
    }
    for &before in &pairing.went {
        found.partial.extend(partial(before, true));
        found.changes.extend(removed(before, new));
    }
    for &after in &pairing.came {
        found.partial.extend(partial(after, false));
        found.changes.extend(added(after));
    }
    found.changes.extend(regrouped(&pairing));
    found.changes.extend(bereft(&pairing, (old, new)));
    sort(&mut found.changes);
    impact::fill(&mut found.changes, old, new);
    found
        .partial
        .sort_by(|a, b| (&a.path, !a.is_before).cmp(&(&b.path, !b.is_before)));
    found
}

/// One entity in both states.
fn pair_of<'a>(
    pairing: &'a Pairing<'_>,
    (before, after): (&'a Entity, &'a Entity),
    (old, new): (&'a Library, &'a Library),
) -> Pair<'a> {
    Pair {
        before,
        after,
        old,
        new,
        renames: &pairing.renames,
    }
}

/// What is said of an entity that is new.
pub(super) fn added(after: &Entity) -> Vec<Change> {
    let mut notes = Notes::came(after);
    let name = Some(after.name().to_owned());
    notes.add(
        ADDED,
        format!("{} added", noun(after.kind)),
        "",
        (None, name),
    );
    notes.into_changes()
}

/// The changes of one entity.
fn of_pair(pair: &Pair<'_>, is_told: bool) -> Vec<Change> {
    let Pair { before, after, .. } = *pair;
    let mut notes = Notes::of(pair);
    if before.id != after.id {
        let ids = (Some(before.id.to_string()), Some(after.id.to_string()));
        let (code, why) = if after
            .common
            .aliases
            .iter()
            .any(|alias| **alias == *before.id)
        {
            (RENAMED, "the old id keeps working")
        } else {
            (ID_CHANGED, "without an alias")
        };
        let title = format!("Id changed: {} → {}, {why}", before.id, after.id);
        notes.add(code, title, "", ids);
    } else if before.document.path != after.document.path {
        let paths = [before, after].map(|entity| Some(entity.document.path.to_string()));
        let [from, to] = paths;
        notes.add(MOVED, "File moved", "", (from, to));
    }
    let renamed = notes.changes().len();
    // What cannot be read has not lost its fields.
    if !is_readable(before) || !is_readable(after) {
        return notes.into_changes();
    }
    let mut told: &[&[&str]] = &[];
    if let Some(special) = kinds::special(after.kind) {
        (special.changes)(pair, &mut notes);
        if special.untyped || pair.data().is_some() {
            told = special.fields;
        }
    }
    let names = match (before.document.root(), after.document.root()) {
        (Some(old), Some(new)) => fields::names(old, new),
        (one, other) => one
            .or(other)
            .map_or_else(Vec::new, |root| fields::names(root, root)),
    };
    for name in names {
        let mut known = told.iter().chain([&common::FIELDS]);
        if !known.any(|fields| fields.contains(&&*name)) {
            fields::compare(pair, &mut notes, &name, fields::FIELD);
        }
    }
    common::changes(pair, &mut notes, is_told);
    let translated = translations::changes(pair);
    let is_alone = notes.changes().len() == renamed && translated.is_empty();
    common::reviewed(pair, &mut notes, is_alone);
    let mut changes = notes.into_changes();
    changes.extend(translated);
    changes
}

/// What became of an entity that is gone.
fn removed(before: &Entity, new: &Library) -> Vec<Change> {
    let mut notes = Notes::went(before);
    let name = Some(before.name().to_owned());
    let noun = noun(before.kind);
    let heir = before.common.superseded_by.as_deref();
    let heir = heir.and_then(|id| Some(new.find(before.kind, id)?.entity));
    if new.get(before.kind, &before.id).is_some() {
        let title = format!("{noun} removed; another file has the same id");
        notes.gone(ENTITY_REMOVED, title, "", name);
    } else if let Some(heir) = heir {
        let title = format!("{noun} removed; “{}” takes its place", heir.name());
        notes.gone(ENTITY_REMOVED, title, "", name);
    } else {
        let code: &Code = match before.kind {
            Kind::Persona => PERSONA_REMOVED,
            Kind::Journey => JOURNEY_REMOVED,
            Kind::Kpi => KPI_REMOVED,
            _ => ENTITY_REMOVED,
        };
        notes.gone(code, format!("{noun} removed"), "", name);
    }
    notes.into_changes()
}

/// The personas that are what they were, and have lost all that they rested on: their last research
/// is gone.
fn bereft<'a>(pairing: &Pairing<'a>, (old, new): (&'a Library, &'a Library)) -> Vec<Change> {
    let went = pairing.went.iter();
    let research = went.filter(|before| before.kind == Kind::Evidence);
    let citing = research.flat_map(|before| old.each_referrer(before));
    let mut met: BTreeSet<&str> = BTreeSet::new();
    let mut changes = Vec::new();
    for before in citing.filter(|before| before.kind == Kind::Persona) {
        let differs = || pairing.pairs.iter().any(|(b, _)| std::ptr::eq(*b, before));
        let Some(after) = new.get(Kind::Persona, &before.id) else {
            continue;
        };
        if !met.insert(&before.id) || differs() {
            continue;
        }
        let pair = pair_of(pairing, (before, after), (old, new));
        let mut notes = Notes::of(&pair);
        grounds::lost(&pair, &mut notes, "Last evidence deleted");
        changes.extend(notes.into_changes());
    }
    changes
}

/// What was split and merged.
fn regrouped(pairing: &Pairing<'_>) -> Vec<Change> {
    let names = |entities: &[&Entity]| {
        let names: Vec<&str> = entities.iter().map(|entity| entity.name()).collect();
        names.join(", ")
    };
    let mut changes = Vec::new();
    for (before, after, heirs) in &pairing.splits {
        let (from, to) = (before.name().to_owned(), names(heirs));
        let title = format!("Split into {}", quoted(heirs));
        let values = (Some(from), Some(to));
        let mut notes;
        if let Some(after) = after {
            notes = Notes::came(after);
            notes.add(SPLIT, title, "/superseded_by", values);
        } else {
            notes = Notes::went(before);
            notes.gone(SPLIT, title, "", values.0).after = values.1;
        }
        changes.extend(notes.into_changes());
    }
    for (heir, before) in &pairing.merges {
        let mut notes = Notes::came(heir);
        let values = (Some(names(before)), Some(heir.name().to_owned()));
        notes.add(
            MERGED,
            format!("Merged: takes the place of {}", quoted(before)),
            "",
            values,
        );
        changes.extend(notes.into_changes());
    }
    changes
}

/// Names in a sentence: “A”, “B” and “C”.
fn quoted(entities: &[&Entity]) -> String {
    let names: Vec<String> = (entities.iter())
        .map(|entity| format!("“{}”", entity.name()))
        .collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}

fn noun(kind: Kind) -> String {
    title(kind.name())
}

/// Whether the fields of an entity can be told, be they right or wrong.
fn is_readable(entity: &Entity) -> bool {
    entity.data.is_some() || entity.document.root().is_some()
}

/// Why an entity can be compared in part only.
fn partial(entity: &Entity, is_before: bool) -> Option<Partial> {
    // The last good state is compared when the file is broken since.
    let now = entity.broken.as_deref().unwrap_or(entity);
    if now.data.is_some() {
        return None;
    }
    let reason = match now.findings.first() {
        Some(finding) => finding.message.clone(),
        None => "its front matter does not validate".to_owned(),
    };
    Some(Partial {
        is_before,
        path: entity.document.path.clone(),
        reason,
    })
}

/// Whether nothing at all is different: both are one, or say the same in the same letters.
pub fn is_same(before: &Entity, after: &Entity) -> bool {
    if std::ptr::eq(before, after) {
        return true;
    }
    let measurements = |entity: &'_ Entity| entity.measurements.is_some();
    let measured = (before.measurements.iter())
        .zip(&after.measurements)
        .all(|(a, b)| is_same_text(&a.document, &b.document));
    let translated = (before.translations.iter())
        .zip(&after.translations)
        .all(|(a, b)| a.lang == b.lang && is_same_text(&a.source.document, &b.source.document));
    before.id == after.id
        && is_same_text(&before.document, &after.document)
        && measurements(before) == measurements(after)
        && measured
        && before.translations.len() == after.translations.len()
        && translated
}

/// Whether two files are one, letter by letter.
pub(super) fn is_same_text(before: &Document, after: &Document) -> bool {
    before.path == after.path && before.text == after.text
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
