//! Which entity of one state is which of the other.

use rustc_hash::FxHashMap;

use super::compare::is_same;
use crate::library::{Entity, Library};
use crate::schema::Kind;

/// The ids that are others after a change, without an alias that says so.
#[derive(Debug, Default)]
pub struct Renames(FxHashMap<(Kind, Box<str>), Box<str>>);

impl Renames {
    /// The id after the change, if it is another one.
    pub fn get(&self, kind: Kind, id: &str) -> Option<&str> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&(kind, id.into())).map(|id| &**id)
    }
}

/// Which entities are which.
#[derive(Default)]
pub(super) struct Pairing<'a> {
    /// Those that are there in both states and differ.
    pub(super) pairs: Vec<(&'a Entity, &'a Entity)>,
    /// Ids that are others without an alias.
    pub(super) renames: Renames,
}

impl<'a> Pairing<'a> {
    /// Finds out which is which.
    pub(super) fn of(old: &'a Library, new: &'a Library) -> Self {
        let mut found = Self::default();
        for (index, before) in old.all() {
            // What is shared stands in the same place in both.
            let shared = new.entity(index);
            if shared.is_some_and(|after| std::ptr::eq(before, after)) {
                continue;
            }
            if let Some(after) = new.get(before.kind, &before.id)
                && !is_same(before, after)
            {
                found.pairs.push((before, after));
            }
        }
        found
    }
}
