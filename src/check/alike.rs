//! Which personas are nearly the same: an index that changes with single personas.
//!
//! In: the goals and pains of active personas, as sets of word pairs. Out: for a persona its
//! twins, of which it and they share at least a given part of their pairs (Jaccard).
//!
//! Nobody is compared with everybody. Word pairs are put in an order that stays the same while the
//! library changes, the rarest first. Two sets that are alike must share some of their rarest
//! pairs (the prefix filter of Chaudhuri, Ganti and Kaushik, 2006, with several shared pairs as
//! by Wang, Li and Feng, 2012), so only the rarest pairs of each are indexed, and only those who
//! share enough of them are compared. Who that is, is counted along the short lists of holders and
//! looked up in the long ones (Sarawagi and Kirpal, 2004).

use std::cell::RefCell;
use std::collections::BTreeSet;

use foldhash::HashMap;
use rayon::prelude::*;

use crate::library::likeness::{self, fraction, least, shared};
use crate::library::{Entity, EntityId, Library};
use crate::schema::kinds::common::Status;
use crate::schema::{Data, Kind};

/// Pairs that two sets must share among their rarest ones before they are compared, at most: the
/// more, the fewer are compared and the more are indexed.
const SHARED: usize = 8;
/// With fewer word pairs there is too little text to call two personas alike.
const FEWEST: usize = 10;
/// Entries of the index that are looked through for one persona, rarest pairs first. A library that
/// has more of the same text than this has been told of it in thousands of places.
const MOST: usize = 4_096;

/// The index.
#[derive(Debug, Default)]
pub(super) struct Alike {
    /// How much must be shared, from 0 to 1.
    share: f64,
    /// How many of the rarest pairs must be shared; no more than the smallest set has to share.
    shared: usize,
    /// In how many sets a pair was when the index was made: the order of pairs.
    commonness: HashMap<u32, u32>,
    /// Each set, rarest pair first, and sorted by value for comparing.
    sets: Vec<Option<Set>>,
    /// Who has a pair among its rarest ones, in order.
    holders: HashMap<u32, Vec<EntityId>>,
}

#[derive(Debug)]
struct Set {
    sorted: Box<[u32]>,
    rarest: Box<[u32]>,
}

impl Alike {
    /// Makes the index of a library; `share` is from 0 to 1.
    pub(super) fn of(library: &Library, share: f64) -> Self {
        let share = share.clamp(0.05, 1.0);
        let mut index = Self {
            share,
            shared: least(FEWEST, share).clamp(1, SHARED),
            ..Self::default()
        };
        let entities: Vec<&Entity> = library.of_kind(Kind::Persona).collect();
        let mut sets: Vec<(EntityId, Box<[u32]>)> = entities
            .into_par_iter()
            .filter_map(|entity| Some((entity.index, pairs(entity)?)))
            .collect();
        sets.sort_unstable_by_key(|(id, _)| *id);
        for pair in sets.iter().flat_map(|(_, set)| &**set) {
            *index.commonness.entry(*pair).or_default() += 1;
        }
        for (id, sorted) in sets {
            index.enter(id, sorted);
        }
        index
    }

    /// Puts what an entity is now in the place of what it was, and tells whose twins changed.
    pub(super) fn update(&mut self, library: &Library, id: EntityId) -> BTreeSet<EntityId> {
        let now = library.entity(id).and_then(pairs);
        if self.set(id).map(|set| &set.sorted) == now.as_ref() {
            // A new path may change who of two is the later one.
            return self.candidates(id).into_iter().collect();
        }
        let mut touched = BTreeSet::new();
        touched.extend(self.twins(id));
        self.leave(id);
        if let Some(sorted) = now {
            self.enter(id, sorted);
            touched.extend(self.twins(id));
        }
        touched
    }

    /// The first persona, by path, that stands before this one and is alike, and how alike they
    /// are in percent. So of two that are the same only the later one is told.
    pub(super) fn twin<'a>(
        &self,
        library: &'a Library,
        id: EntityId,
    ) -> Option<(&'a Entity, usize)> {
        let own = library.entity(id)?;
        let others = self.candidates(id).into_iter();
        others
            .filter_map(|other| Some((self.share_of(id, other)?, library.entity(other)?)))
            .filter(|(_, other)| other.document.path < own.document.path)
            .min_by(|(_, a), (_, b)| a.document.path.cmp(&b.document.path))
            .map(|(share, other)| (other, percent(share)))
    }

    fn set(&self, id: EntityId) -> Option<&Set> {
        self.sets.get(id.index())?.as_ref()
    }

    fn twins(&self, id: EntityId) -> Vec<EntityId> {
        let mut found = self.candidates(id);
        found.retain(|other| self.share_of(id, *other).is_some());
        found
    }

    /// How much two share, if it is enough.
    fn share_of(&self, a: EntityId, b: EntityId) -> Option<f64> {
        let (a, b) = (&self.set(a)?.sorted, &self.set(b)?.sorted);
        // The Jaccard index is at least `share` when this many of all are in both.
        let wanted = least(a.len() + b.len(), self.share / (1.0 + self.share));
        let common = shared(a, b, wanted)?;
        let share = fraction(common, a.len() + b.len() - common);
        (share >= self.share).then_some(share)
    }

    /// Who shares enough of the rarest pairs to be worth comparing.
    fn candidates(&self, id: EntityId) -> Vec<EntityId> {
        let Some(set) = self.set(id) else {
            return Vec::new();
        };
        let mut looked = 0;
        let lists = set.rarest.iter().filter_map(|pair| self.holders.get(pair));
        let lists: Vec<&Vec<EntityId>> = lists
            .take_while(|holders| {
                looked += holders.len();
                looked <= MOST
            })
            .collect();
        // Whoever shares enough of all pairs shares one of these; the others, which are less rare,
        // are asked for those alone.
        let Some(rarest) = (lists.len() + 1).checked_sub(self.shared) else {
            return Vec::new();
        };
        let (rarest, others) = lists.split_at(rarest);
        // A counter for everybody costs less than looking up the few that are counted, as long as
        // it is made once a thread and not once an entity.
        thread_local!(static COUNTS: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) });
        COUNTS.with_borrow_mut(|counts| {
            counts.resize(self.sets.len().max(counts.len()), 0);
            let mut met = Vec::new();
            for &holder in rarest.iter().copied().flatten() {
                let count = &mut counts[holder.index()];
                if *count == 0 {
                    met.push(holder);
                }
                *count = count.saturating_add(1);
            }
            for holders in others {
                let steps = holders.len().checked_ilog2().unwrap_or(0) as usize + 1;
                if met.len() * steps < holders.len() {
                    for holder in &met {
                        let has = holders.binary_search(holder).is_ok();
                        let count = &mut counts[holder.index()];
                        *count = count.saturating_add(u8::from(has));
                    }
                } else {
                    for holder in *holders {
                        let count = &mut counts[holder.index()];
                        *count = count.saturating_add(u8::from(*count > 0));
                    }
                }
            }
            met.retain(|holder| {
                let count = std::mem::take(&mut counts[holder.index()]);
                usize::from(count) >= self.shared && *holder != id
            });
            met
        })
    }

    fn enter(&mut self, id: EntityId, sorted: Box<[u32]>) {
        let mut by_rarity: Vec<(u32, u32)> = sorted
            .iter()
            .map(|pair| (self.commonness.get(pair).copied().unwrap_or(0), *pair))
            .collect();
        by_rarity.sort_unstable();
        let rarest: Box<[u32]> = by_rarity
            .into_iter()
            .take(self.prefix(sorted.len()))
            .map(|(_, pair)| pair)
            .collect();
        for pair in &rarest {
            let holders = self.holders.entry(*pair).or_default();
            if let Err(at) = holders.binary_search(&id) {
                holders.insert(at, id);
            }
        }
        if self.sets.len() <= id.index() {
            self.sets.resize_with(id.index() + 1, || None);
        }
        self.sets[id.index()] = Some(Set { sorted, rarest });
    }

    /// How many of the rarest of `length` pairs are indexed, so that two sets which share enough
    /// share enough of these.
    fn prefix(&self, length: usize) -> usize {
        (length - least(length, self.share) + self.shared).min(length)
    }

    fn leave(&mut self, id: EntityId) {
        let Some(set) = self.sets.get_mut(id.index()).and_then(Option::take) else {
            return;
        };
        for pair in &set.rarest {
            if let Some(holders) = self.holders.get_mut(pair) {
                if let Ok(at) = holders.binary_search(&id) {
                    holders.remove(at);
                }
                if holders.is_empty() {
                    self.holders.remove(pair);
                }
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share from 0 to 1"
)]
fn percent(share: f64) -> usize {
    (share * 100.0).floor() as usize
}

/// The word pairs of the goals and pains of an active persona, sorted, each once; `None` for all
/// others and for those with too little text.
fn pairs(entity: &Entity) -> Option<Box<[u32]>> {
    let Some(Data::Persona(persona)) = &entity.data else {
        return None;
    };
    if entity.status() != Status::Active {
        return None;
    }
    let claims = persona.goals.iter().chain(&persona.pains);
    let pairs = claims.flat_map(|claim| likeness::word_pairs(&claim.text));
    let pairs = likeness::set(pairs.collect());
    (pairs.len() >= FEWEST).then_some(pairs)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::source::Memory;

    fn library(goals: &[Vec<u8>]) -> Library {
        let tree = goals.iter().enumerate().fold(Memory::default(), |tree, (n, words)| {
            let words: Vec<String> = words.iter().map(|word| format!("w{word}")).collect();
            let text = format!(
                "---\nname: P\nmarket: b2c\nstance: target\nstatus: active\nbasis: proto\nowner: cx\nsummary: S\nb2c: {{}}\ngoals: [{}]\n---\n",
                words.join(" ")
            );
            tree.with(&format!("content/personas/p{n:03}.md"), text)
        });
        Library::load(Arc::new(tree))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        /// The index finds whom a comparison of all with all finds.
        #[test]
        fn nobody_alike_is_missed(
            start in prop::collection::vec(0u8..12, 14..60),
            changes in prop::collection::vec((0usize..60, 0u8..12), 0..40),
            share in 0.4f64..1.0,
        ) {
            // Each is the one before with a word changed, so that all degrees of likeness occur.
            let mut goals = vec![start];
            for (at, word) in changes {
                let mut next = goals.last().cloned().unwrap_or_default();
                let at = at % next.len();
                next[at] = word;
                goals.push(next);
            }
            let library = library(&goals);
            let index = Alike::of(&library, share);
            let personas: Vec<&Entity> = library.of_kind(Kind::Persona).collect();
            let sets: Vec<Option<Box<[u32]>>> = personas.iter().map(|p| pairs(p)).collect();
            for (a, one) in personas.iter().zip(&sets) {
                let mut wanted: Vec<EntityId> = Vec::new();
                for (b, other) in personas.iter().zip(&sets) {
                    let (Some(one), Some(other)) = (one, other) else { continue };
                    let common = shared(one, other, 0).unwrap_or(0);
                    let all = one.len() + other.len() - common;
                    if a.index != b.index && fraction(common, all) >= share {
                        wanted.push(b.index);
                    }
                }
                let mut found = index.twins(a.index);
                found.sort_unstable();
                wanted.sort_unstable();
                prop_assert_eq!(found, wanted);
            }
        }
    }
}
