//! A persona in two states.

use crate::review::claims::{self, List};
use crate::review::code::{
    BASIS_RAISED, EVIDENCE_STRONGER, EVIDENCE_WEAKER, FIELD_CHANGED, LIFECYCLE_CHANGED,
    MARKET_FLIPPED, NEGATIVE_CHANGED, PORTRAIT_CHANGED, PROSE_CHANGED, SEGMENTS_CHANGED,
    STANCE_FLIPPED,
};
use crate::review::pair::{Notes, Pair};
use crate::review::{Code, fields, grounds};
use crate::schema::content::plain;
use crate::schema::kinds::persona::CLAIM_LISTS;

/// The fields whose changes are noted here, beside the lists of claims.
pub(super) const FIELDS: &[&str] = &[
    "market",
    "stance",
    "basis",
    "quote",
    "portrait",
    "segments",
    "lifecycle",
    "evidence",
    "negative",
];

/// Fields that the schema knows enough of, and what a change of them is.
const PLAIN: &[(&str, &Code)] = &[
    ("quote", PROSE_CHANGED),
    ("portrait", PORTRAIT_CHANGED),
    ("segments", SEGMENTS_CHANGED),
    ("lifecycle", LIFECYCLE_CHANGED),
    ("negative", NEGATIVE_CHANGED),
];

/// Notes what is different.
pub(super) fn changes<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>) {
    flip(pair, notes, ("/stance", "Stance"), STANCE_FLIPPED);
    flip(pair, notes, ("/market", "Market"), MARKET_FLIPPED);
    grounds::lost(pair, notes, "Last evidence gone");
    let (before, after) = (grounds::all_before(pair), grounds::all_after(pair));
    let is_new = |id: &String| !before.contains(id) || grounds::has_grown(pair, id);
    basis(pair, notes, after.iter().any(is_new));
    for (name, code) in PLAIN {
        fields::compare(pair, notes, name, [code; 3]);
    }
    grounds::compare_whole(pair, notes);
    claims::compare(pair, notes, &CLAIM_LISTS.map(List::top));
}

/// A word that turns the whole persona round.
fn flip<'a>(
    pair: &Pair<'a>,
    notes: &mut Notes<'a>,
    (pointer, label): (&str, &str),
    code: &'static Code,
) {
    let (before, after) = pair.texts(pointer);
    let values = (before.map(plain), after.map(plain));
    match &values {
        (Some(before), Some(after)) if before != after => {
            let title = format!("{label} changed: {before} → {after}");
            notes.add(code, title, pointer, values);
        }
        (Some(_), None) | (None, Some(_)) => {
            notes.value(fields::FIELD, label, pointer, values);
        }
        _ => {}
    }
}

/// What the persona is said to rest on.
fn basis<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>, has_new_evidence: bool) {
    let rank = |word: &str| {
        ["proto", "qualitative", "statistical"]
            .iter()
            .position(|w| *w == word)
    };
    let (before, after) = pair.texts("/basis");
    let values = (before.map(plain), after.map(plain));
    if values.0 == values.1 {
        return;
    }
    let ranks = before.and_then(rank).zip(after.and_then(rank));
    let (code, title) = match ranks {
        Some((old, new)) if new < old => (EVIDENCE_WEAKER, "Basis lowered"),
        Some(_) if has_new_evidence => (EVIDENCE_STRONGER, "Basis raised, with new evidence"),
        Some(_) => (BASIS_RAISED, "Basis raised without new evidence"),
        None => (FIELD_CHANGED, "Basis changed"),
    };
    match &values.1 {
        None => notes.value(fields::FIELD, "Basis", "/basis", values),
        Some(_) => notes.add(code, title, "/basis", values),
    };
}
