//! What is special in a kind: which of its fields are compared by whom.
//!
//! A module a kind. Its `changes` notes what is different in the fields named in `FIELDS`, which
//! are those at the top of the front matter; all other fields are compared by what the schema says
//! of them.

mod account;
mod answers;
mod evidence;
mod journey;
mod kpi;
mod measurements;
mod page;
mod persona;
mod scenario;
mod spot;
#[cfg(test)]
mod tests;

use super::pair::{Notes, Pair};
use crate::schema::Kind;
use crate::schema::kinds::persona::CLAIM_LISTS;

/// How a kind is compared.
pub(super) struct Special {
    /// The kind.
    kind: Kind,
    /// The fields whose changes `changes` notes.
    pub(super) fields: &'static [&'static [&'static str]],
    /// Whether it does so where a side does not validate. If not, these fields are compared like
    /// all others then; `changes` is called all the same.
    pub(super) untyped: bool,
    /// Notes what is different.
    pub(super) changes: for<'a> fn(&Pair<'a>, &mut Notes<'a>),
}

/// The kinds that have something special.
const SPECIAL: &[Special] = &[
    Special {
        kind: Kind::Persona,
        fields: &[persona::FIELDS, &CLAIM_LISTS],
        untyped: true,
        changes: persona::changes,
    },
    Special {
        kind: Kind::Journey,
        fields: &[journey::FIELDS],
        untyped: false,
        changes: journey::changes,
    },
    Special {
        kind: Kind::Kpi,
        fields: &[kpi::FIELDS],
        untyped: false,
        changes: kpi::changes,
    },
    Special {
        kind: Kind::Evidence,
        fields: &[evidence::FIELDS],
        untyped: false,
        changes: evidence::changes,
    },
    Special {
        kind: Kind::Scenario,
        fields: &[scenario::FIELDS],
        untyped: false,
        changes: scenario::changes,
    },
    Special {
        kind: Kind::Account,
        fields: &[account::FIELDS],
        untyped: false,
        changes: account::changes,
    },
    Special {
        kind: Kind::Page,
        fields: &[page::FIELDS],
        untyped: false,
        changes: page::changes,
    },
];

/// What is special in a kind.
pub(super) fn special(kind: Kind) -> Option<&'static Special> {
    SPECIAL.iter().find(|special| special.kind == kind)
}
