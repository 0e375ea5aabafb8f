//! Floor 4: what a change means.
//!
//! In: two states of a project, each a [`Library`], and what the rules find in each. Out: a
//! [`Review`]: every change in meaning with its code, its level, its place and whom it reaches;
//! the findings that came and went; a verdict. Order of keys, quoting, wrapping and line endings
//! are no change. The renderers turn it into what people and programs read.

pub mod chronicle;
pub mod claims;
mod code;
pub mod codeowners;
mod common;
mod compare;
mod fields;
pub mod format;
mod grounds;
mod impact;
mod kinds;
mod matching;
mod owners;
pub mod pair;
mod pairing;
mod prose;
mod settings;
mod sides;
mod textconv;
mod translations;
mod words;

use std::sync::Arc;

pub use code::{CODES, Code, Level};
pub use compare::{Compared, compare, compared, compared_among, is_same};
pub use owners::{Reviewer, reviewers};
pub use pairing::{Ids, Renames};
pub use sides::{SideError, Sides};
pub use textconv::textconv;
pub use words::{Part, Piece, parts, shortened, words};

use crate::diagnostic::{Diagnostic, Position};
use crate::schema::Kind;
use code::{ID_CHANGED, RENAMED};

/// What is different between two states of a project.
#[derive(Debug, Default)]
pub struct Review {
    /// What the state before is called: a revision as the user wrote it.
    pub base: String,
    /// What the state after is called; the working tree has no revision.
    pub head: Option<String>,
    /// All changes, the most important first: by level, kind, entity and place.
    pub changes: Vec<Change>,
    /// Findings that are there after the change and were not before.
    pub introduced: Vec<Diagnostic>,
    /// Findings that were there before the change and are not after it.
    pub mended: Vec<Diagnostic>,
    /// Files of a side that could be compared in part only, because they do not validate.
    pub partial: Vec<Partial>,
    /// The teams that should look at it, those first whom it concerns most.
    pub reviewers: Vec<Reviewer>,
    /// Whom `CODEOWNERS` asks, where the repository has such a file.
    pub requested: Option<codeowners::Requested>,
}

/// One change in meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What sort of change it is.
    pub code: &'static Code,
    /// How much it matters here: the level of the code, one lower for a draft.
    pub level: Level,
    /// The kind of the entity.
    pub kind: Kind,
    /// Its id: the one after the change, or the last one of an entity that is gone.
    pub id: Box<str>,
    /// Its name, for people.
    pub name: Box<str>,
    /// For how many of the same it stands, such as new measurements; one for most.
    pub count: usize,
    /// What is different in it, in words that need no other: "Goal reworded", "NPS target loosened".
    pub title: String,
    /// JSON Pointer (RFC 6901) of the value: in the state after, or before for what is gone. Empty
    /// for the entity as a whole; `/measurements/2026-Q3` with the slice for a measurement.
    pub pointer: String,
    /// What stood there, in words for people; `None` for what is new.
    pub before: Option<String>,
    /// What stands there now; `None` for what is gone.
    pub after: Option<String>,
    /// The file: after the change, or before it for what is gone.
    pub path: Arc<str>,
    /// Where in the file the value or, without one, the entity begins.
    pub start: Position,
    /// Whether `path` and `start` are of the state before, as they are for what is gone.
    pub is_before: bool,
    /// Whom it reaches, the nearest first.
    pub impact: Vec<Reached>,
    /// How many others it reaches at the least, which `impact` leaves out.
    pub more: usize,
}

impl Change {
    /// The id that the entity had before, if the change is that it has another one now.
    pub fn former_id(&self) -> Option<&str> {
        let is_one = self.code == RENAMED || self.code == ID_CHANGED && self.pointer.is_empty();
        self.before.as_deref().filter(|_| is_one)
    }
}

/// Somebody that a change reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// What is reached.
    pub kind: Kind,
    /// Its id.
    pub id: Box<str>,
    /// Its name, for people.
    pub name: Box<str>,
    /// The stage or step of a journey, by its anchor and its words.
    pub part: Option<(Box<str>, Box<str>)>,
    /// The way that leads there from what changed, as words between the two: each entity on it,
    /// both ends left out, as `kind:id`.
    pub path: Vec<String>,
    /// The team that owns it, by its id.
    pub owner: Option<Box<str>>,
}

/// A file that was compared as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partial {
    /// Whether it is the one before.
    pub is_before: bool,
    /// The file.
    pub path: Arc<str>,
    /// Why, in words that follow a colon.
    pub reason: String,
}

/// How many changes there are of each level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Breaking changes.
    pub breaking: usize,
    /// Changes that somebody should look at.
    pub review: usize,
    /// Changes worth knowing.
    pub info: usize,
}

impl Review {
    /// How many changes there are of each level.
    pub fn counts(&self) -> Counts {
        let of = |level| self.changes.iter().filter(|c| c.level == level).count();
        Counts {
            breaking: of(Level::Breaking),
            review: of(Level::Review),
            info: of(Level::Info),
        }
    }

    /// The highest level there is; nothing without changes.
    pub fn worst(&self) -> Option<Level> {
        self.changes.iter().map(|change| change.level).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(code: &'static Code, owner: Option<&str>) -> Change {
        let reached = Reached {
            kind: Kind::Journey,
            id: "onboarding".into(),
            name: "Onboarding".into(),
            part: None,
            path: Vec::new(),
            owner: owner.map(Into::into),
        };
        Change {
            code,
            level: code.level,
            kind: Kind::Persona,
            id: "ann".into(),
            name: "Ann".into(),
            count: 1,
            title: "Goal reworded".to_owned(),
            pointer: "/goals/0".to_owned(),
            before: None,
            after: None,
            path: "content/personas/ann.md".into(),
            start: Position::default(),
            is_before: false,
            impact: vec![reached],
            more: 0,
        }
    }

    #[test]
    fn a_review_counts_its_changes_and_names_who_should_look() {
        let mut review = Review::default();
        assert_eq!(review.worst(), None);
        review.changes = vec![
            change(code::STANCE_FLIPPED, Some("cx")),
            change(code::CLAIM_ADDED, Some("cx")),
            change(code::CLAIM_ADDED, None),
        ];
        let counts = review.counts();
        assert_eq!((counts.breaking, counts.review, counts.info), (1, 0, 2));
        assert_eq!(review.worst(), Some(Level::Breaking));
        let reviewers = owners::concerned(&review.changes, |_| None, None);
        let teams: Vec<&str> = reviewers.iter().map(Reviewer::called).collect();
        assert_eq!(teams, ["cx"]);
    }
}
