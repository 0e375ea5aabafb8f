//! The findings that two states of a project do not have in common.
//!
//! In: both libraries, and the day for which both are judged. Out: what the later one introduced
//! and what it mended. A finding is the same one by what a [`Baseline`] knows it by, so nothing is
//! new because lines moved.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rayon::prelude::*;

use super::baseline::Baseline;
use super::{Findings, Judge};
use crate::diagnostic::Diagnostic;
use crate::library::{EntityId, Library, Update};

/// What a change did to the findings.
#[derive(Debug, Default, PartialEq)]
pub struct Difference {
    /// Findings of the later state only, sorted by path and place.
    pub introduced: Vec<Diagnostic>,
    /// Findings of the earlier state only, sorted by path and place.
    pub mended: Vec<Diagnostic>,
}

impl Difference {
    /// Judges both states as a whole.
    pub fn of(old: &Library, new: &Library, today: Date) -> Self {
        let [before, after] = [old, new].map(|library| Findings::of(library, today).sorted());
        Self::between((old, before), (new, after))
    }

    /// The same where `old` came from `new` by `update`, as [`Library::turned_to`] tells: only
    /// those are judged whom the update concerns.
    pub fn beside(old: &Library, new: &Library, update: &Update, today: Date) -> Self {
        let mut judge = Judge::new(new, today);
        let again = judge.turn_to(old, update);
        let before = judge.some(old, &again);
        judge.turn_to(new, update);
        let after = judge.some(new, &again);
        Self::between((old, before), (new, after))
    }

    /// The same of what has been found already.
    pub fn between(
        (old, mut before): (&Library, Vec<Diagnostic>),
        (new, mut after): (&Library, Vec<Diagnostic>),
    ) -> Self {
        let known = Baseline::of(old, &before);
        let left = Baseline::of(new, &after);
        known.hide(new, &mut after);
        left.hide(old, &mut before);
        before.sort_by(Diagnostic::order);
        after.sort_by(Diagnostic::order);
        Self {
            introduced: after,
            mended: before,
        }
    }
}

impl Judge {
    /// The findings about the project and about some of its entities.
    fn some(&self, library: &Library, indices: &BTreeSet<EntityId>) -> Vec<Diagnostic> {
        let found = indices.par_iter().map(|&index| self.entity(library, index));
        let mut findings: Vec<Diagnostic> = found.flatten().collect();
        findings.extend(self.project(library));
        findings
    }
}
