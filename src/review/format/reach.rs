//! Whom the changes of a review reach, all together.
//!
//! A change lists whom it reaches; people ask the other way: what reaches this journey, what should
//! my team look at?

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::super::{Change, Counts, Reached, Review, Reviewer};
use super::phrases;
use crate::diagnostic::concise::{count, one_line};
use crate::schema::Kind;

/// Something that is reached.
pub(super) struct Touched<'a> {
    /// What is said of it by the first change that reaches it.
    pub(super) reached: &'a Reached,
    /// The words of its stages and steps that are reached.
    pub(super) parts: Vec<&'a str>,
    /// What reaches it.
    pub(super) changes: Vec<&'a Change>,
}

/// Whether `reached` is the changed thing itself, which is there to name its owner.
fn is_itself(change: &Change, reached: &Reached) -> bool {
    reached.kind == change.kind && reached.id == change.id && reached.part.is_none()
}

/// Whom a change reaches beside itself.
pub(super) fn beyond(change: &Change) -> impl Iterator<Item = &Reached> {
    let all = change.impact.iter();
    // Teams are named as those who should look at it.
    all.filter(move |reached| reached.kind != Kind::Team && !is_itself(change, reached))
}

/// The way from a change to somebody it reaches, by the names of those in between. A part of
/// something is reached through the whole, which needs no words.
pub(super) fn through<'a>(change: &'a Change, reached: &'a Reached) -> Vec<&'a str> {
    let is = |other: &Reached, step: &str| {
        let (kind, id) = step.split_once(':').unwrap_or_default();
        kind == other.kind.name() && *id == *other.id
    };
    let steps = reached.path.iter().filter(|step| !is(reached, step));
    let name = |step: &'a String| {
        let known = change.impact.iter().find(|other| is(other, step));
        known.map_or(&**step, |known| &*known.name)
    };
    steps.map(name).collect()
}

/// Some changes in short: by whose they are, what changed where it is one thing, and else how much.
pub(super) fn in_short(changes: &[&Change]) -> Vec<String> {
    let entities = phrases::by_entity(changes.iter().copied());
    let sentences = entities.iter().filter_map(|changes| match &changes[..] {
        [] => None,
        [change] => Some(phrases::sentence(change)),
        [first, ..] => Some(format!(
            "{}: {}",
            one_line(&first.name),
            count(changes.len(), "change")
        )),
    });
    sentences.collect()
}

/// All that is reached, what matters most first.
pub(super) fn touched(review: &Review) -> Vec<Touched<'_>> {
    let mut all: BTreeMap<(Kind, &str), Touched<'_>> = BTreeMap::new();
    for change in &review.changes {
        for reached in beyond(change) {
            let entry = all.entry((reached.kind, &*reached.id));
            let touched = entry.or_insert_with(|| Touched {
                reached,
                parts: Vec::new(),
                changes: Vec::new(),
            });
            let part = reached.part.as_ref().map(|(_, words)| &**words);
            if let Some(part) = part.filter(|part| !touched.parts.contains(part)) {
                touched.parts.push(part);
            }
            let is_last = |last: &&Change| std::ptr::eq(*last, change);
            if !touched.changes.last().is_some_and(is_last) {
                touched.changes.push(change);
            }
        }
    }
    let mut all: Vec<Touched<'_>> = all.into_values().collect();
    all.sort_by_key(|touched| Reverse(weight(touched.changes.iter().copied())));
    all
}

/// The teams that should look at it, by their ids, as programs like lists to be.
pub(super) fn by_id(review: &Review) -> Vec<&Reviewer> {
    let mut teams: Vec<&Reviewer> = review.reviewers.iter().collect();
    teams.sort_by(|a, b| a.team.cmp(&b.team));
    teams
}

fn weight<'a>(changes: impl IntoIterator<Item = &'a Change>) -> (usize, usize, usize) {
    let mut counts = Counts::default();
    for change in changes {
        counts.add(change.level);
    }
    (counts.breaking, counts.review, counts.info)
}
