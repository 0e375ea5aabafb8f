//! Who should look at a change: the teams that own what is changed or reached.

use std::collections::BTreeMap;

use super::codeowners::Requested;
use super::{Change, Counts, Level, Review};
use crate::library::Library;
use crate::schema::{Data, Kind};

/// A team that should look at a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewer {
    /// Its id.
    pub team: Box<str>,
    /// Its name, for people.
    pub name: Box<str>,
    /// How to reach it, as its file says.
    pub contact: Option<Box<str>>,
    /// How many changes there are in what it owns.
    pub direct: Counts,
    /// How many changes elsewhere reach what it owns.
    pub reached: Counts,
    /// Whether `CODEOWNERS` asks it to review each file that it owns and that is changed; `None`
    /// where there is no such file, or where the team owns none of those that are changed.
    pub is_requested: Option<bool>,
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
    let mut teams: BTreeMap<&str, (Counts, Counts, Vec<&str>)> = BTreeMap::new();
    for change in changes {
        let own = (change.kind == Kind::Team).then_some(&*change.id);
        let direct: Vec<&str> = own.into_iter().chain(change.owners()).collect();
        for team in &direct {
            let (counts, _, paths) = teams.entry(team).or_default();
            counts.add(change.level);
            if !paths.contains(&&*change.path) {
                paths.push(&change.path);
            }
        }
        let mut reached: Vec<&str> = change
            .impact
            .iter()
            .filter_map(|reached| reached.owner.as_deref())
            .filter(|team| !direct.contains(team))
            .collect();
        reached.sort_unstable();
        reached.dedup();
        for team in reached {
            teams.entry(team).or_default().1.add(change.level);
        }
    }
    let reviewers = teams.into_iter().map(|(id, (direct, reached, paths))| {
        let team = [new, old]
            .into_iter()
            .find_map(|library| library.find(Kind::Team, id));
        let contact = team.and_then(|team| match &team.entity.data {
            Some(Data::Team(data)) => Some(data.contact.trim().into()),
            _ => None,
        });
        let is_requested = requested.filter(|_| !paths.is_empty()).map(|requested| {
            let mut paths = paths.iter();
            paths.all(|path| requested.asks(path, id, contact.as_deref()))
        });
        Reviewer {
            team: id.into(),
            name: team.map_or(id, |team| team.entity.name()).into(),
            contact,
            direct,
            reached,
            is_requested,
        }
    });
    let mut reviewers: Vec<Reviewer> = reviewers.collect();
    reviewers.sort_by(|a, b| {
        let rank = |of: &Reviewer| (of.direct.rank(), of.reached.rank());
        rank(b).cmp(&rank(a)).then_with(|| a.name.cmp(&b.name))
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
