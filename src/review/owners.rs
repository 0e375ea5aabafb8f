//! Who should look at a change: the teams that own what is changed or reached.

use std::collections::BTreeMap;

use foldhash::HashSet;

use super::codeowners::Requested;
use super::{Change, Counts, Level, Review};
use crate::library::Library;
use crate::schema::{Data, Kind};

/// A team that should look at a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewer {
    /// Its id.
    pub team: Box<str>,
    /// Its name, for people; `None` where no file says who it is.
    pub name: Option<Box<str>>,
    /// How to reach it, as its file says.
    pub contact: Option<Box<str>>,
    /// How many changes there are in what it owns.
    pub direct: Counts,
    /// How many changes elsewhere reach what it owns.
    pub reached: Counts,
    /// What of theirs is changed or reached, what is changed first: its kind and name.
    pub things: Vec<(Kind, Box<str>)>,
    /// Whether `CODEOWNERS` asks it to review each file that it owns and that is changed; `None`
    /// where there is no such file, or where the team owns none of those that are changed.
    pub is_requested: Option<bool>,
}

impl Reviewer {
    /// What it is called: by its name or, where nobody knows it, by its id.
    pub fn called(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.team)
    }

    /// How many changes concern it.
    pub fn counts(&self) -> Counts {
        let (direct, reached) = (self.direct, self.reached);
        Counts {
            breaking: direct.breaking + reached.breaking,
            review: direct.review + reached.review,
            info: direct.info + reached.info,
        }
    }
}

impl Counts {
    /// Counts one more change.
    pub fn add(&mut self, level: Level) {
        match level {
            Level::Breaking => self.breaking += 1,
            Level::Review => self.review += 1,
            Level::Info => self.info += 1,
        }
    }

    /// How many changes there are in all.
    pub fn total(self) -> usize {
        self.breaking + self.review + self.info
    }

    /// The most important first.
    fn rank(self) -> [usize; 3] {
        [self.breaking, self.review, self.info]
    }
}

/// The teams that should look at some changes: those first in whose things most is breaking, then
/// those whose things are reached. `requested` is what `CODEOWNERS` says about the changed files.
pub fn reviewers(
    changes: &[Change],
    (old, new): (&Library, &Library),
    requested: Option<&Requested>,
) -> Vec<Reviewer> {
    let known = |id: &str| {
        let found = [new, old]
            .into_iter()
            .find_map(|library| library.find(Kind::Team, id));
        let team = found?.entity;
        let contact = match &team.data {
            Some(Data::Team(data)) => Some(data.contact.trim().into()),
            _ => None,
        };
        Some(Card {
            name: team.name().into(),
            contact,
        })
    };
    concerned(changes, known, requested)
}

/// What is known of a team.
pub(super) struct Card {
    pub(super) name: Box<str>,
    pub(super) contact: Option<Box<str>>,
}

/// What concerns a team.
#[derive(Default)]
struct Concern<'c> {
    direct: Counts,
    reached: Counts,
    /// The changed files that it owns.
    paths: HashSet<&'c str>,
    changed: Things<'c>,
    near: Things<'c>,
}

/// Things by kind and id, each once, with their names.
#[derive(Default)]
struct Things<'c> {
    met: HashSet<(Kind, &'c str)>,
    named: Vec<(Kind, &'c str, &'c str)>,
}

impl<'c> Things<'c> {
    fn add(&mut self, (kind, id, name): (Kind, &'c str, &'c str)) {
        // A team is no thing of its own.
        if kind != Kind::Team && self.met.insert((kind, id)) {
            self.named.push((kind, id, name));
        }
    }
}

impl Concern<'_> {
    fn things(&self) -> Vec<(Kind, Box<str>)> {
        let near = self.near.named.iter();
        let near = near.filter(|(kind, id, _)| !self.changed.met.contains(&(*kind, *id)));
        let all = self.changed.named.iter().chain(near);
        all.map(|(kind, _, name)| (*kind, (*name).into())).collect()
    }
}

/// The same; `known` tells what is known of a team.
pub(super) fn concerned(
    changes: &[Change],
    known: impl Fn(&str) -> Option<Card>,
    requested: Option<&Requested>,
) -> Vec<Reviewer> {
    let mut teams: BTreeMap<&str, Concern<'_>> = BTreeMap::new();
    for change in changes {
        let own = (change.kind == Kind::Team).then_some(&*change.id);
        let direct: Vec<&str> = own.into_iter().chain(change.owners()).collect();
        for team in &direct {
            let concern = teams.entry(team).or_default();
            concern.direct.add(change.level);
            concern.changed.add((change.kind, &change.id, &change.name));
            concern.paths.insert(&change.path);
        }
        let mut counted: Vec<&str> = direct;
        for reached in &change.impact {
            let Some(team) = reached.owner.as_deref() else {
                continue;
            };
            let concern = teams.entry(team).or_default();
            concern.near.add((reached.kind, &reached.id, &reached.name));
            if !counted.contains(&team) {
                counted.push(team);
                concern.reached.add(change.level);
            }
        }
    }
    let reviewers = teams.into_iter().map(|(id, concern)| {
        let team = known(id);
        let (name, contact) = team.map_or((None, None), |team| (Some(team.name), team.contact));
        let asked = requested.filter(|_| !concern.paths.is_empty());
        let is_requested = asked.map(|requested| {
            let mut paths = concern.paths.iter();
            paths.all(|path| requested.asks(path, id, contact.as_deref()))
        });
        Reviewer {
            team: id.into(),
            name,
            contact,
            direct: concern.direct,
            reached: concern.reached,
            things: concern.things(),
            is_requested,
        }
    });
    let mut reviewers: Vec<Reviewer> = reviewers.collect();
    reviewers.sort_by(|a, b| {
        let rank = |of: &Reviewer| (of.direct.rank(), of.reached.rank());
        let names = || a.called().cmp(b.called());
        rank(b).cmp(&rank(a)).then_with(names)
    });
    reviewers
}

impl Change {
    /// The teams that own what changed, by their ids; of one that was given away both.
    pub fn owners(&self) -> impl Iterator<Item = &str> {
        let near = self.impact.iter().filter(|reached| reached.path.is_empty());
        let teams = near.filter(|reached| reached.kind == Kind::Team);
        teams.map(|team| &*team.id)
    }
}

impl Review {
    /// Fills in who should look at its changes.
    pub fn ask(&mut self, libraries: (&Library, &Library), requested: Option<Requested>) {
        self.reviewers = reviewers(&self.changes, libraries, requested.as_ref());
        self.requested = requested;
    }
}
