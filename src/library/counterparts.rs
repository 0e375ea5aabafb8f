//! Whom to compare a persona with: the one it is most easily taken for, and the nearest of the
//! other stance.
//!
//! In: the published personas. Out: for each at most two others. Whom an author names in a field of
//! the persona comes first. Otherwise it is told by the words of goals, needs and pains and by a
//! few facts (Jaccard). In a large library only those of one market and one first segment are
//! compared; of these, those whose sketches are closest (`SimHash`, Charikar 2002), so that nobody is
//! compared in full with more than a handful.
//!
//! The sketches are an index that changes with single personas. To ask it about one costs what lies
//! beside that one.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::Arc;

use rayon::prelude::*;

use super::likeness::{self, likeness};
use super::{Entity, EntityId, Library, Update};
use crate::schema::kinds::persona::{Persona, Stance};
use crate::schema::{Data, Kind};

/// Up to so many personas all are compared, whatever their market and segment.
const SMALL: usize = 400;
/// In a larger library each persona offers one comparison, the one with whom it is taken for: its
/// pages would otherwise be mostly comparisons.
pub const ONE_BEYOND: usize = 2_000;
/// How many are looked at beside one another in a large segment, in the order of their sketches.
const WINDOW: usize = 512;
/// How many of these are compared in full.
const CLOSEST: usize = 6;
/// Words with fewer letters say little about a persona.
const LONG: usize = 4;

/// Whom to compare one persona with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counterparts {
    /// The one of the same stance that is most alike.
    pub alike: Option<EntityId>,
    /// The nearest of the other stance.
    pub opposite: Option<EntityId>,
}

impl Counterparts {
    /// Both, the one that is alike first.
    pub fn iter(self) -> impl Iterator<Item = EntityId> {
        self.alike.into_iter().chain(self.opposite)
    }
}

/// The counterparts of everybody.
#[derive(Debug)]
pub struct AllCounterparts {
    each: Vec<Counterparts>,
    pairs: Vec<(EntityId, EntityId)>,
}

impl AllCounterparts {
    /// Of all personas of a library; the same as [`Sketches::counterparts`] says of each.
    pub fn of(library: &Library, sketches: &Sketches) -> Self {
        let groups: Vec<Vec<&Profile>> = sketches.groups.values().map(in_order).collect();
        let found: Vec<(EntityId, Counterparts)> = groups
            .par_iter()
            .flat_map(|group| {
                (0..group.len()).into_par_iter().map(|at| {
                    let from = at.saturating_sub(WINDOW / 2);
                    let to = (at + 1 + WINDOW / 2).min(group.len());
                    let beside = [&group[from..at], &group[at + 1..to]];
                    (group[at].id, sketches.chosen(library, group[at], beside))
                })
            })
            .collect();
        let mut each = vec![Counterparts::default(); library.capacity()];
        for (id, counterparts) in found {
            each[id.index()] = counterparts;
        }
        let mut all = Self {
            each,
            pairs: Vec::new(),
        };
        all.pairs = all.in_order(library);
        all
    }

    /// Those of one persona.
    pub fn get(&self, id: EntityId) -> Counterparts {
        self.each.get(id.index()).copied().unwrap_or_default()
    }

    /// Every two that are each other's counterpart or one the other's, once; the one with the lesser
    /// id first, in the order of ids.
    pub fn pairs(&self) -> &[(EntityId, EntityId)] {
        &self.pairs
    }

    fn in_order<'a>(&self, library: &'a Library) -> Vec<(EntityId, EntityId)> {
        let mut pairs = Vec::new();
        for (id, entity) in library.all() {
            for other in self.get(id).iter() {
                let is_told = other < id && self.get(other).iter().any(|back| back == id);
                if !is_told && let Some(other) = library.entity(other) {
                    pairs.push(ordered(entity, other));
                }
            }
        }
        let names = |pair: &(&'a Entity, &'a Entity)| (&*pair.0.id, &*pair.1.id);
        let paths = |pair: &(&'a Entity, &'a Entity)| {
            let path = |entity: &'a Entity| &*entity.document.path;
            (path(pair.0), path(pair.1))
        };
        // Two entities of one id have one page; which of them it names has nothing to do with when
        // their files came.
        pairs.par_sort_by(|a, b| (names(a), paths(a)).cmp(&(names(b), paths(b))));
        pairs.dedup_by(|a, b| names(a) == names(b));
        let pairs = pairs.into_iter();
        pairs.map(|(a, b)| (a.index, b.index)).collect()
    }
}

/// Two in the order of their ids, in which they stand in an address.
pub fn ordered<'a>(a: &'a Entity, b: &'a Entity) -> (&'a Entity, &'a Entity) {
    if a.id <= b.id { (a, b) } else { (b, a) }
}

/// Who is compared with whom: in a large library those of one market and one first segment.
type Bucket = (&'static str, Box<str>);

/// Those who are compared with each other, in the order of their sketches.
type Group = BTreeSet<Arc<Profile>>;

fn in_order(group: &Group) -> Vec<&Profile> {
    group.iter().map(|profile| &**profile).collect()
}

/// What of each published persona is compared, with those beside whom it is.
#[derive(Debug)]
pub struct Sketches {
    drafts: bool,
    /// Whether all are compared with each other.
    small: bool,
    groups: BTreeMap<Bucket, Group>,
    /// Where each persona stands, by its number.
    places: Vec<Option<(Bucket, Arc<Profile>)>>,
}

impl Sketches {
    /// Of all personas; `drafts` tells whether drafts are published.
    pub fn of(library: &Library, drafts: bool) -> Self {
        let mut sketches = Self {
            drafts,
            small: is_small(library, drafts),
            groups: BTreeMap::new(),
            places: vec![None; library.capacity()],
        };
        let personas: Vec<&Entity> = library.of_kind(Kind::Persona).collect();
        let places: Vec<_> = personas
            .into_par_iter()
            .filter_map(|entity| sketches.place(entity))
            .collect();
        for place in places {
            sketches.enter(place);
        }
        sketches
    }

    /// Looks again at those whom an update of the library changed.
    pub fn update(&mut self, library: &Library, update: &Update) {
        if self.small != is_small(library, self.drafts) {
            *self = Self::of(library, self.drafts);
            return;
        }
        for &id in update.removed.iter().chain(&update.changed) {
            self.leave(id);
            if let Some(place) = library.entity(id).and_then(|entity| self.place(entity)) {
                self.enter(place);
            }
        }
    }

    /// Whom to compare one persona with.
    pub fn counterparts(&self, library: &Library, id: EntityId) -> Counterparts {
        let place = self.places.get(id.index()).and_then(Option::as_ref);
        let Some((group, own)) = place.and_then(|(bucket, own)| {
            let group = self.groups.get(bucket)?;
            Some((group, own))
        }) else {
            return Counterparts::default();
        };
        let before = group.range::<Arc<Profile>, _>((Unbounded, Excluded(own)));
        let mut before: Vec<&Profile> = before.rev().take(WINDOW / 2).map(|p| &**p).collect();
        before.reverse();
        let after = group.range::<Arc<Profile>, _>((Excluded(own), Unbounded));
        let after: Vec<&Profile> = after.take(WINDOW / 2).map(|p| &**p).collect();
        self.chosen(library, own, [&before, &after])
    }

    fn place(&self, entity: &Entity) -> Option<(Bucket, Arc<Profile>)> {
        let Some(Data::Persona(persona)) = &entity.data else {
            return None;
        };
        let segment = || persona.segments.first().map_or("", |r| r.id());
        let bucket = if self.small {
            Bucket::default()
        } else {
            (persona.market.as_str(), segment().into())
        };
        entity
            .is_published(self.drafts)
            .then(|| (bucket, Arc::new(Profile::of(entity, persona))))
    }

    fn enter(&mut self, place: (Bucket, Arc<Profile>)) {
        let id = place.1.id;
        let group = self.groups.entry(place.0.clone()).or_default();
        group.insert(Arc::clone(&place.1));
        if self.places.len() <= id.index() {
            self.places.resize(id.index() + 1, None);
        }
        self.places[id.index()] = Some(place);
    }

    fn leave(&mut self, id: EntityId) {
        let place = self.places.get_mut(id.index()).and_then(Option::take);
        if let Some((bucket, profile)) = place
            && let Some(group) = self.groups.get_mut(&bucket)
        {
            group.remove(&profile);
            if group.is_empty() {
                self.groups.remove(&bucket);
            }
        }
    }

    /// Whom to compare a persona with, of those before and after it.
    fn chosen(&self, library: &Library, own: &Profile, beside: [&[&Profile]; 2]) -> Counterparts {
        let named = self.named(library, own.id);
        let find = |wanted: &dyn Fn(Stance) -> bool| {
            let named = named.iter().find(|(_, stance)| wanted(*stance));
            named
                .map(|(id, _)| *id)
                .or_else(|| nearest(own, beside, wanted))
        };
        let alike = find(&|other| other == own.stance);
        let one_only = library.count(Kind::Persona, true) > ONE_BEYOND;
        let opposite = || find(&|other| other != own.stance);
        Counterparts {
            alike,
            opposite: (!one_only || alike.is_none()).then(opposite).flatten(),
        }
    }

    /// Whom the author of a persona names, with their stance.
    fn named(&self, library: &Library, own: EntityId) -> Vec<(EntityId, Stance)> {
        // Most personas name nobody; a reference that cannot be one to a persona is not looked up.
        let references = library.entity(own).into_iter().flat_map(|e| &e.references);
        let named = references.filter(|r| r.candidates().any(|kind| kind == Kind::Persona));
        let named = named.filter_map(|reference| {
            let other = library.resolve(reference)?.entity;
            let Some(Data::Persona(persona)) = &other.data else {
                return None;
            };
            let offered = other.is_current() && other.is_published(self.drafts);
            (offered && other.index != own).then_some((other.index, persona.stance))
        });
        named.collect()
    }
}

fn is_small(library: &Library, drafts: bool) -> bool {
    library.count(Kind::Persona, drafts) <= SMALL
}

/// The nearest of those beside a persona whose stance is `wanted`.
fn nearest(
    own: &Profile,
    beside: [&[&Profile]; 2],
    wanted: &dyn Fn(Stance) -> bool,
) -> Option<EntityId> {
    // The closest sketches, the best first.
    let mut closest: Vec<(u32, &Profile)> = Vec::with_capacity(CLOSEST + 1);
    let others = beside.into_iter().flatten().copied();
    for other in others.filter(|other| other.is_current) {
        if !wanted(other.stance) {
            continue;
        }
        let distance = (own.sketch ^ other.sketch).count_ones();
        if closest.len() < CLOSEST || distance < closest[CLOSEST - 1].0 {
            let at = closest.partition_point(|(d, _)| *d <= distance);
            closest.insert(at, (distance, other));
            closest.truncate(CLOSEST);
        }
    }
    let closest = closest.into_iter().map(|(_, other)| other);
    let best = closest.max_by(|a, b| {
        let score = |other: &Profile| likeness(&own.words, &other.words);
        let order = score(a).total_cmp(&score(b));
        order.then_with(|| Reverse(&a.name).cmp(&Reverse(&b.name)))
    });
    best.map(|other| other.id)
}

/// What of a persona is compared.
#[derive(Debug)]
struct Profile {
    id: EntityId,
    name: Box<str>,
    /// Tells apart two with one name, whenever their files came.
    path: Arc<str>,
    stance: Stance,
    /// Whether others may be sent to it.
    is_current: bool,
    words: Box<[u32]>,
    sketch: u64,
}

impl Profile {
    fn of(entity: &Entity, persona: &Persona) -> Self {
        let words = features(persona);
        Self {
            id: entity.index,
            name: entity.id.clone(),
            path: entity.document.path.clone(),
            stance: persona.stance,
            is_current: entity.is_current(),
            sketch: sketch(&words),
            words,
        }
    }

    /// By its sketch; of equal ones by name.
    fn key(&self) -> (u64, &str, &str) {
        (self.sketch, &self.name, &self.path)
    }
}

impl Ord for Profile {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Profile {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Profile {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Profile {}

/// The long words of what somebody wants and suffers from, and a few facts as if they were words.
fn features(persona: &Persona) -> Box<[u32]> {
    let claims = persona.goals.iter().chain(&persona.needs);
    let texts = claims.chain(&persona.pains).map(|claim| &*claim.text);
    let words = texts.flat_map(likeness::words);
    let words = words.filter(|(word, _)| word.len() >= LONG);
    let mut numbers: Vec<u32> = words.map(|(_, number)| number).collect();
    let mut fact = |text: &str| {
        let fact = likeness::words(text).map(|(_, number)| number.rotate_left(7));
        numbers.extend(fact);
    };
    fact(persona.market.as_str());
    persona
        .segments
        .iter()
        .for_each(|segment| fact(segment.id()));
    persona.lifecycle.iter().for_each(|phase| fact(&phase.0));
    if let Some(b2b) = &persona.b2b {
        fact(b2b.role.as_str());
        fact(&b2b.department);
        fact(&b2b.designation);
    }
    likeness::set(numbers)
}

/// A number of which two share the more bits the more words they share.
fn sketch(words: &[u32]) -> u64 {
    let mut sums = [0i32; 64];
    for &word in words {
        // The mixer of `SplitMix64`: every bit of the word decides about every bit of the sketch.
        let mut bits = u64::from(word).wrapping_add(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        for (at, sum) in sums.iter_mut().enumerate() {
            *sum += if bits >> at & 1 == 1 { 1 } else { -1 };
        }
    }
    let set = sums.iter().enumerate().filter(|(_, sum)| **sum > 0);
    set.fold(0, |sketch, (at, _)| sketch | 1 << at)
}

#[cfg(test)]
mod tests;
