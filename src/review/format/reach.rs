//! Whom the changes of a review reach, all together.
//!
//! A change lists whom it reaches; people ask the other way: what reaches this journey, what should
//! my team look at?

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::super::{Change, Counts, Level, Reached, Review};
use super::{Options, Team};
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

/// Somebody who should look.
pub(super) struct Concerned<'a> {
    /// The id of the team.
    pub(super) id: &'a str,
    /// What is known of it.
    pub(super) team: Option<&'a Team>,
    /// How many changes there are for it.
    pub(super) counts: Counts,
    /// What of theirs is changed or reached: kind and name.
    pub(super) things: Vec<(Kind, &'a str)>,
}

impl Concerned<'_> {
    /// The name of the team, or its id where the team is not there.
    pub(super) fn name(&self) -> &str {
        self.team.map_or(self.id, |team| &team.name)
    }

    pub(super) fn contact(&self) -> &str {
        self.team.map_or("", |team| &team.contact)
    }
}

/// What concerns a team: the changes, and what of theirs is changed or reached, with its name.
type Owned<'a> = (Vec<&'a Change>, BTreeMap<(Kind, &'a str), &'a str>);

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

/// The teams that own what is changed or reached, by their ids.
pub(super) fn concerned<'a>(review: &'a Review, options: &Options<'a>) -> Vec<Concerned<'a>> {
    let mut all: BTreeMap<&str, Owned<'_>> = BTreeMap::new();
    for change in &review.changes {
        for reached in &change.impact {
            let Some(owner) = reached.owner.as_deref() else {
                continue;
            };
            let (changes, things) = all.entry(owner).or_default();
            let is_last = |last: &&Change| std::ptr::eq(*last, change);
            if !changes.last().is_some_and(is_last) {
                changes.push(change);
            }
            if reached.kind != Kind::Team {
                things.insert((reached.kind, &*reached.id), &*reached.name);
            }
        }
    }
    let teams = all.into_iter().map(|(id, (changes, things))| Concerned {
        id,
        team: options.teams.iter().find(|team| &*team.id == id),
        counts: tally(changes),
        things: things.into_iter().map(|((kind, _), n)| (kind, n)).collect(),
    });
    teams.collect()
}

/// The same, those first whom it concerns most.
pub(super) fn most_concerned<'a>(review: &'a Review, options: &Options<'a>) -> Vec<Concerned<'a>> {
    let mut teams = concerned(review, options);
    teams.sort_by_key(|team| {
        let counts = team.counts;
        Reverse((counts.breaking, counts.review, counts.info))
    });
    teams
}

fn tally<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Counts {
    let mut counts = Counts::default();
    for change in changes {
        match change.level {
            Level::Breaking => counts.breaking += 1,
            Level::Review => counts.review += 1,
            Level::Info => counts.info += 1,
        }
    }
    counts
}

fn weight<'a>(changes: impl IntoIterator<Item = &'a Change>) -> (usize, usize, usize) {
    let counts = tally(changes);
    (counts.breaking, counts.review, counts.info)
}
