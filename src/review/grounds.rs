//! What something rests on, in two states: whether its evidence got better or worse.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::code::{CLAIM_CHANGED, EVIDENCE_LOST, EVIDENCE_STRONGER, EVIDENCE_WEAKER};
use super::pair::{Notes, Pair, Values, named, node};
use crate::library::{Entity, Library};
use crate::schema::kinds::evidence::{Evidence, Method, Population};
use crate::schema::shape::{KindSet, title};
use crate::schema::{Data, Kind, reference};
use crate::source::yaml::Node;

/// What happened to a value, as the end of a title.
pub(super) fn verb(values: &Values) -> &'static str {
    match values {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    }
}

/// How much a piece of research tells: what was only assumed nothing; what others found out, less
/// than what we saw ourselves.
pub(super) fn method_rank(method: Method) -> u8 {
    match method {
        Method::Assumption => 0,
        Method::Secondary => 1,
        _ => 2,
    }
}

/// How near those who were asked are to those who buy: actual buyers tell more than those who
/// might, and those more than whom we would like to have, or ourselves.
pub(super) fn population_rank(population: Population) -> u8 {
    match population {
        Population::Actual => 2,
        Population::Prospect => 1,
        Population::Ideal | Population::Internal => 0,
    }
}

/// The best of some pieces of research, in each respect.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Best {
    method: u8,
    population: u8,
    newest: Date,
}

impl Best {
    fn of<'e>(pieces: impl Iterator<Item = &'e Evidence>) -> Option<Self> {
        pieces
            .map(|evidence| Self {
                method: method_rank(evidence.method),
                population: population_rank(evidence.population),
                newest: evidence.collected.to,
            })
            .reduce(|a, b| Self {
                method: a.method.max(b.method),
                population: a.population.max(b.population),
                newest: a.newest.max(b.newest),
            })
    }
}

/// Compares the evidence that `about` names before and after, at these JSON Pointers.
pub(super) fn compare<'a>(
    pair: &Pair<'a>,
    notes: &mut Notes<'a>,
    (about, [old_pointer, pointer]): (&str, [String; 2]),
    (before, after): (Option<Node<'a>>, Option<Node<'a>>),
) {
    let Some(values) = pair.references((before, after), Kind::Evidence) else {
        return;
    };
    let old: BTreeSet<String> = pair.ids_before(before, Kind::Evidence).collect();
    let new: BTreeSet<String> = pair.ids_after(after, Kind::Evidence).collect();
    let went = !old.is_subset(&new);
    let came = !new.is_subset(&old);
    if new.is_empty() {
        notes.gone(
            EVIDENCE_WEAKER,
            format!("{about}: no evidence any more"),
            old_pointer,
            values.0,
        );
        return;
    }
    let (code, what) = match (went, came) {
        (true, false) => (EVIDENCE_WEAKER, "evidence removed"),
        (false, _) => (EVIDENCE_STRONGER, "evidence added"),
        (true, true) => {
            let was = best(pair.old, old.difference(&new), pair);
            let is = best(pair.new, new.difference(&old), pair);
            match (was, is) {
                (Some(was), Some(is)) if is.method < was.method => {
                    (EVIDENCE_WEAKER, "evidence replaced by a weaker method")
                }
                (Some(was), Some(is)) if is.population < was.population => (
                    EVIDENCE_WEAKER,
                    "evidence replaced by that of others than buyers",
                ),
                (Some(was), Some(is)) if is.newest < was.newest => {
                    (EVIDENCE_WEAKER, "evidence replaced by an older one")
                }
                (Some(was), Some(is)) if is > was => {
                    (EVIDENCE_STRONGER, "evidence replaced by a better one")
                }
                (Some(_), None) => (EVIDENCE_WEAKER, "evidence replaced by an unknown one"),
                _ => (CLAIM_CHANGED, "evidence replaced"),
            }
        }
    };
    notes.add(code, format!("{about}: {what}"), pointer, values);
}

/// The best of the pieces with these ids, which are those of the state after.
fn best<'i>(
    library: &Library,
    ids: impl Iterator<Item = &'i String>,
    pair: &Pair<'_>,
) -> Option<Best> {
    let pieces = ids.filter_map(|id| {
        // A piece that is gone now has no other id.
        let found = library.find(Kind::Evidence, id);
        let former = || pair.renames.former(Kind::Evidence, id);
        let found = found.or_else(|| library.find(Kind::Evidence, former()?))?;
        match &found.entity.data {
            Some(Data::Evidence(evidence)) => Some(&**evidence),
            _ => None,
        }
    });
    Best::of(pieces)
}

/// The research that an entity names anywhere in its front matter and that is there, by the ids of
/// the state after.
pub(super) fn all_before(pair: &Pair<'_>) -> BTreeSet<String> {
    let references = written(pair.before, pair.old);
    references
        .map(|text| pair.reference_before(KINDS.into_iter().collect(), text))
        .collect()
}

/// What it is called, in words for people.
pub(super) fn names_before(pair: &Pair<'_>) -> String {
    let kinds: KindSet = KINDS.into_iter().collect();
    let names = written(pair.before, pair.old).map(|text| named(pair.old, kinds, text));
    let names: BTreeSet<String> = names.collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// The research that an entity names in the state after and that is there.
pub(super) fn all_after(pair: &Pair<'_>) -> BTreeSet<String> {
    let references = written(pair.after, pair.new);
    references
        .map(|text| pair.reference_after(KINDS.into_iter().collect(), text))
        .collect()
}

/// The only kind that is research.
const KINDS: [Kind; 1] = [Kind::Evidence];

/// References of an entity to research that there is.
fn written<'e>(entity: &'e Entity, library: &Library) -> impl Iterator<Item = &'e str> {
    let references = entity.references.iter();
    references
        .filter(|reference| reference.candidates().any(|kind| kind == Kind::Evidence))
        .map(|reference| &*reference.id)
        .filter(|text| {
            let (_, id, _) = reference::parse(text, KINDS.into_iter().collect());
            library.find(Kind::Evidence, id).is_some()
        })
}

/// Notes that a persona lost all that it rested on, if it did.
pub(super) fn lost<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>, title: &str) {
    if !all_before(pair).is_empty() && all_after(pair).is_empty() {
        let names = names_before(pair);
        notes.add(EVIDENCE_LOST, title, "", (Some(names), None));
    }
}

/// Whether a piece of research tells more than it did: newer, or from more people.
pub(super) fn has_grown(pair: &Pair<'_>, id: &str) -> bool {
    let of = |library: &'_ Library| match &library.find(Kind::Evidence, id)?.entity.data {
        Some(Data::Evidence(evidence)) => Some((evidence.collected.to, evidence.n)),
        _ => None,
    };
    match (of(pair.old), of(pair.new)) {
        (Some(old), Some(new)) => new.0 > old.0 || new.1 > old.1,
        _ => false,
    }
}

/// The list of evidence of the whole entity.
pub(super) fn compare_whole<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>) {
    let pointer = "/evidence";
    let cited = (node(pair.before, pointer), node(pair.after, pointer));
    let pointers = [pointer.to_owned(), pointer.to_owned()];
    let whole = format!("{} as a whole", title(pair.after.kind.name()));
    compare(pair, notes, (&whole, pointers), cited);
}
