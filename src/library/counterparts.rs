//! Whom to compare a persona with: the one it is most easily taken for, and the nearest of the
//! other stance.
//!
//! In: the published personas. Out: for each at most two others. Whom an author names in a field of
//! the persona comes first. Otherwise it is told by the words of goals, needs and pains and by a
//! few facts (Jaccard). In a large library only those of one market and one first segment are
//! compared; of these, those whose sketches are closest (`SimHash`, Charikar 2002), so that nobody is
//! compared in full with more than a handful.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::likeness::{self, likeness};
use super::{Entity, EntityId, Library};
use crate::schema::kinds::common::Status;
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
    /// Of one persona. `drafts` tells whether drafts are published. Costs what its segment has.
    pub fn of(library: &Library, entity: &Entity, drafts: bool) -> Self {
        let small = is_small(library, drafts);
        let Some(wanted) = bucket(entity, small) else {
            return Self::default();
        };
        let all = library.of_kind(Kind::Persona);
        let all = all.filter(|e| is_published(e, drafts) && bucket(e, small) == Some(wanted));
        let all: Vec<&Entity> = all.collect();
        let group = Group::new(library, &all, drafts);
        let own = group.profiles.iter().position(|p| p.id == entity.index);
        own.map_or_else(Self::default, |own| group.counterparts(own))
    }

    /// Both, the one that is alike first.
    pub fn iter(self) -> impl Iterator<Item = EntityId> {
        self.alike.into_iter().chain(self.opposite)
    }
}

/// The counterparts of everybody.
#[derive(Debug, Default)]
pub struct AllCounterparts(Vec<Counterparts>);

impl AllCounterparts {
    /// Of all personas of a library; the same as [`Counterparts::of`] says of each.
    pub fn of(library: &Library, drafts: bool) -> Self {
        let small = is_small(library, drafts);
        let mut buckets: BTreeMap<Bucket<'_>, Vec<&Entity>> = BTreeMap::new();
        for entity in library.of_kind(Kind::Persona) {
            if let Some(bucket) = bucket(entity, small).filter(|_| is_published(entity, drafts)) {
                buckets.entry(bucket).or_default().push(entity);
            }
        }
        let groups: Vec<Group> = buckets
            .into_values()
            .map(|entities| Group::new(library, &entities, drafts))
            .collect();
        let found: Vec<(EntityId, Counterparts)> = groups
            .par_iter()
            .flat_map(|group| {
                let all = (0..group.profiles.len()).into_par_iter();
                all.map(|own| (group.profiles[own].id, group.counterparts(own)))
            })
            .collect();
        let mut all = vec![Counterparts::default(); library.capacity()];
        for (id, counterparts) in found {
            all[id.index()] = counterparts;
        }
        Self(all)
    }

    /// Those of one persona.
    pub fn get(&self, id: EntityId) -> Counterparts {
        self.0.get(id.index()).copied().unwrap_or_default()
    }

    /// Every two that are each other's counterpart or one the other's, once; the one with the lesser
    /// id first, in the order of ids.
    pub fn pairs<'a>(&self, library: &'a Library) -> Vec<(&'a Entity, &'a Entity)> {
        let mut pairs: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut entities = Vec::new();
        for (id, entity) in library.all() {
            for other in self
                .get(id)
                .iter()
                .filter_map(|other| library.entity(other))
            {
                let pair = ordered(entity, other);
                if pairs.insert((&pair.0.id, &pair.1.id)) {
                    entities.push(pair);
                }
            }
        }
        entities.sort_unstable_by(|a, b| (&a.0.id, &a.1.id).cmp(&(&b.0.id, &b.1.id)));
        entities
    }
}

/// Two in the order of their ids, in which they stand in an address.
pub fn ordered<'a>(a: &'a Entity, b: &'a Entity) -> (&'a Entity, &'a Entity) {
    if a.id <= b.id { (a, b) } else { (b, a) }
}

fn is_published(entity: &Entity, drafts: bool) -> bool {
    drafts || entity.status() != Status::Draft
}

fn is_small(library: &Library, drafts: bool) -> bool {
    library.count(Kind::Persona, drafts) <= SMALL
}

/// Who is compared with whom: in a large library those of one market and one first segment.
type Bucket<'a> = Option<(&'static str, &'a str)>;

fn bucket(entity: &Entity, small: bool) -> Option<Bucket<'_>> {
    let Some(Data::Persona(persona)) = &entity.data else {
        return None;
    };
    let segment = || persona.segments.first().map_or("", |r| r.id());
    Some((!small).then(|| (persona.market.as_str(), segment())))
}

/// Those who are compared with each other, in the order of their sketches.
struct Group {
    profiles: Vec<Profile>,
    one_only: bool,
}

/// What of a persona is compared.
struct Profile {
    id: EntityId,
    name: Box<str>,
    stance: Stance,
    /// Whether others may be sent to it.
    is_current: bool,
    words: Box<[u32]>,
    sketch: u64,
    /// Whom the author names, with their stance.
    named: Vec<(EntityId, Stance)>,
}

impl Group {
    fn new(library: &Library, entities: &[&Entity], drafts: bool) -> Self {
        let profiles = entities.par_iter();
        let profiles = profiles.filter_map(|entity| Profile::of(library, entity, drafts));
        let mut profiles: Vec<Profile> = profiles.collect();
        profiles.sort_unstable_by(|a, b| (a.sketch, &a.name).cmp(&(b.sketch, &b.name)));
        Self {
            profiles,
            one_only: library.count(Kind::Persona, true) > ONE_BEYOND,
        }
    }

    fn counterparts(&self, own: usize) -> Counterparts {
        let stance = self.profiles[own].stance;
        let alike = self.nearest(own, &|other| other == stance);
        let opposite = || self.nearest(own, &|other| other != stance);
        Counterparts {
            alike,
            opposite: (!self.one_only || alike.is_none()).then(opposite).flatten(),
        }
    }

    /// The nearest whose stance is `wanted`.
    fn nearest(&self, own: usize, wanted: &dyn Fn(Stance) -> bool) -> Option<EntityId> {
        let profile = &self.profiles[own];
        if let Some((named, _)) = profile.named.iter().find(|(_, stance)| wanted(*stance)) {
            return Some(*named);
        }
        let from = own.saturating_sub(WINDOW / 2);
        let to = (own + WINDOW / 2 + 1).min(self.profiles.len());
        // The closest sketches, the best first.
        let mut closest: Vec<(u32, &Profile)> = Vec::with_capacity(CLOSEST + 1);
        let others = self.profiles[from..to].iter();
        for other in others.filter(|other| other.id != profile.id && other.is_current) {
            if !wanted(other.stance) {
                continue;
            }
            let distance = (profile.sketch ^ other.sketch).count_ones();
            if closest.len() < CLOSEST || distance < closest[CLOSEST - 1].0 {
                let at = closest.partition_point(|(d, _)| *d <= distance);
                closest.insert(at, (distance, other));
                closest.truncate(CLOSEST);
            }
        }
        let closest = closest.into_iter().map(|(_, other)| other);
        let best = closest.max_by(|a, b| {
            let score = |other: &Profile| likeness(&profile.words, &other.words);
            let order = score(a).total_cmp(&score(b));
            order.then_with(|| Reverse(&a.name).cmp(&Reverse(&b.name)))
        });
        best.map(|other| other.id)
    }
}

impl Profile {
    fn of(library: &Library, entity: &Entity, drafts: bool) -> Option<Self> {
        let Some(Data::Persona(persona)) = &entity.data else {
            return None;
        };
        let words = features(persona);
        // Most personas name nobody; a reference that cannot be one to a persona is not looked up.
        let named = entity.references.iter();
        let named = named.filter(|r| r.candidates().any(|kind| kind == Kind::Persona));
        let named = named.filter_map(|reference| {
            let other = library.resolve(reference)?.entity;
            let Some(Data::Persona(persona)) = &other.data else {
                return None;
            };
            let offered = other.is_current() && is_published(other, drafts);
            (offered && other.index != entity.index).then_some((other.index, persona.stance))
        });
        Some(Self {
            id: entity.index,
            name: entity.id.clone(),
            stance: persona.stance,
            is_current: entity.is_current(),
            sketch: sketch(&words),
            words,
            named: named.collect(),
        })
    }
}

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
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::source::Memory;

    fn library(personas: &[(&str, &str)]) -> Library {
        let tree = personas.iter().fold(Memory::default(), |tree, (id, fields)| {
            let stance = if fields.contains("negative:") { "negative" } else { "target" };
            let status = if fields.contains("status:") { "" } else { "status: active\n" };
            let text = format!(
                "---\nname: {id}\n{status}market: b2c\nstance: {stance}\nbasis: proto\nowner: cx\nsummary: S\nb2c: {{}}\n{fields}\n---\n"
            );
            tree.with(&format!("content/personas/{id}.md"), text)
        });
        let tree = tree.with(
            "personary.yaml",
            "fields:\n  persona:\n    confused: {type: string, x-reference: persona}\n",
        );
        Library::load(Arc::new(tree))
    }

    fn names(library: &Library, id: &str) -> [Option<String>; 2] {
        let entity = library.get(Kind::Persona, id).expect("a persona");
        let found = Counterparts::of(library, entity, false);
        [found.alike, found.opposite].map(|id| Some(library.entity(id?)?.id.to_string()))
    }

    const NEGATIVE: &str = "negative: {reason: R, drain: D}";

    #[test]
    fn the_one_most_alike_and_the_nearest_of_the_other_stance_are_chosen() {
        let no = |goal: &str| format!("goals: [{goal}]\n{NEGATIVE}");
        let (close, far) = (no("ride children safely everywhere"), no("collect offers"));
        let library = library(&[
            ("a", "goals: [ride children safely through winter]"),
            ("b", "goals: [ride children safely through summer]"),
            ("c", "goals: [deliver parcels before noon]"),
            ("d", &close),
            ("e", &far),
            (
                "f",
                "status: draft\ngoals: [ride children safely through winter]",
            ),
            (
                "g",
                "status: retired\ngoals: [ride children safely through winter]",
            ),
        ]);
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(names(&library, "a"), [some("b"), some("d")]);
        assert_eq!(names(&library, "d"), [some("e"), some("a")]);
        assert_eq!(names(&library, "f"), [None, None], "drafts have no page");
        assert_eq!(names(&library, "g"), [some("a"), some("d")]);
        let all = AllCounterparts::of(&library, false);
        let pairs = all.pairs(&library).into_iter();
        let pairs: Vec<String> = pairs.map(|(a, b)| format!("{}/{}", a.id, b.id)).collect();
        assert_eq!(
            pairs,
            ["a/b", "a/c", "a/d", "a/g", "b/d", "c/e", "d/e", "d/g"]
        );
    }

    #[test]
    fn whom_the_author_names_comes_first() {
        let library = library(&[
            (
                "a",
                "goals: [ride children safely through winter]\nconfused: c",
            ),
            ("b", "goals: [ride children safely through winter]"),
            ("c", "goals: [deliver parcels before noon]"),
        ]);
        assert_eq!(names(&library, "a")[0].as_deref(), Some("c"));
        assert_eq!(names(&library, "b")[0].as_deref(), Some("a"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

        /// One alone is told what everybody together is, and nobody is their own counterpart.
        #[test]
        fn one_and_all_are_the_same(goals in prop::collection::vec(("[abc]{4} [abc]{4} [abc]{4}", any::<bool>()), 1..20)) {
            let personas: Vec<(String, String)> = goals.iter().enumerate().map(|(n, (goal, negative))| {
                let negative = if *negative { NEGATIVE } else { "" };
                (format!("p{n}"), format!("goals: [{goal}]\n{negative}"))
            }).collect();
            let personas: Vec<(&str, &str)> = personas.iter().map(|(id, text)| (&**id, &**text)).collect();
            let library = library(&personas);
            let all = AllCounterparts::of(&library, false);
            for (id, entity) in library.all() {
                let own = Counterparts::of(&library, entity, false);
                prop_assert_eq!(own, all.get(id));
                prop_assert!(own.iter().all(|other| other != id));
                prop_assert_eq!(own.iter().count() > 0, library.capacity() > 1);
            }
        }
    }
}
