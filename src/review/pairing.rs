//! Which entity of one state is which of the other.

use rustc_hash::FxHashMap;

use super::compare::is_same;
use crate::library::{Entity, Library};
use crate::schema::Kind;

/// The ids that are others after a change, without an alias that says so.
#[derive(Debug, Default)]
pub struct Renames {
    now: FxHashMap<(Kind, Box<str>), Box<str>>,
    then: FxHashMap<(Kind, Box<str>), Box<str>>,
}

impl Renames {
    /// Notes that `before` is `after` now.
    pub fn note(&mut self, kind: Kind, before: &str, after: &str) {
        self.now.insert((kind, before.into()), after.into());
        self.then.insert((kind, after.into()), before.into());
    }

    /// The id after the change, if it is another one.
    pub fn get(&self, kind: Kind, id: &str) -> Option<&str> {
        look_up(&self.now, kind, id)
    }

    /// The id before the change, if it was another one.
    pub fn former(&self, kind: Kind, id: &str) -> Option<&str> {
        look_up(&self.then, kind, id)
    }
}

fn look_up<'m>(
    map: &'m FxHashMap<(Kind, Box<str>), Box<str>>,
    kind: Kind,
    id: &str,
) -> Option<&'m str> {
    if map.is_empty() {
        return None;
    }
    map.get(&(kind, id.into())).map(|id| &**id)
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
