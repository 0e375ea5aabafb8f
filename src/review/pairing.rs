//! Which entity of one state is which of the other.
//!
//! An entity is the same when its kind and id are. Of those that went and those that came:
//!
//! - An id that is the alias of one entity now was **renamed**, when that one is new and has no
//!   other such alias.
//! - Ids that are aliases of one entity now, which was there before or has several of them, were
//!   **merged** into it; so were those that say since the change that it supersedes them
//!   (`superseded_by`), if they are several.
//! - An id that is the alias of several entities now was **split**. `superseded_by` holds but one
//!   id, so an entity that stays, deprecated or retired, is split into the one it names and the new
//!   ones of its kind that it links to, or that link to it, since the change.
//! - An entity that went and one of its kind that came and says nearly the same are one whose **id
//!   changed**, without an alias.
//!
//! Only what came and went is compared by its words.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashSet};

use super::compare::is_same;
use super::matching::Matching;
use crate::library::links::Target;
use crate::library::{Entity, EntityId, Library, likeness};
use crate::schema::Kind;
use crate::schema::kinds::common::Status;
use crate::source::yaml::Node;

/// How much of the word pairs of two entities must be the same for one to be the other under a new
/// id. Git asks for half of the lines; as some sentences of a team are alike in all its files, it
/// is a little more here.
const ALIKE: f64 = 0.6;
/// With fewer word pairs there is too little text to tell: all of it must be the same then.
const FEWEST: usize = 6;

/// The ids that are others after a change, without an alias that says so.
#[derive(Debug, Default)]
pub struct Renames {
    now: HashMap<(Kind, Box<str>), Box<str>>,
    then: HashMap<(Kind, Box<str>), Box<str>>,
}

impl Renames {
    /// Notes that `before` is `after` now.
    fn note(&mut self, kind: Kind, before: &str, after: &str) {
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
    map: &'m HashMap<(Kind, Box<str>), Box<str>>,
    kind: Kind,
    id: &str,
) -> Option<&'m str> {
    if map.is_empty() {
        return None;
    }
    map.get(&(kind, id.into())).map(|id| &**id)
}

/// Who bears an id in both states.
type Bearers<'a> = [Vec<&'a Entity>; 2];

/// Kinds and ids of some entities.
pub type Ids = BTreeSet<(Kind, Box<str>)>;

/// Which entities are which.
#[derive(Default)]
pub(super) struct Pairing<'a> {
    /// Those that are there in both states and differ; the ids may, too.
    pub(super) pairs: Vec<(&'a Entity, &'a Entity)>,
    /// Those that are gone and became nothing else.
    pub(super) went: Vec<&'a Entity>,
    /// Those that are new and were nothing else.
    pub(super) came: Vec<&'a Entity>,
    /// Those that became several: as they were, as they are if they stay, and what they became.
    pub(super) splits: Vec<(&'a Entity, Option<&'a Entity>, Vec<&'a Entity>)>,
    /// What several became, and which they were.
    pub(super) merges: Vec<(&'a Entity, Vec<&'a Entity>)>,
    /// Those of which it is said already who supersedes them, by their index now.
    pub(super) told: HashSet<EntityId>,
    /// Ids that are others without an alias.
    pub(super) renames: Renames,
}

impl<'a> Pairing<'a> {
    /// Finds out which is which: of all entities, or of those with one of these ids.
    pub(super) fn of(old: &'a Library, new: &'a Library, among: Option<&Ids>) -> Self {
        let mut found = Self::default();
        found.by_id(old, new, among);
        found.by_alias(new);
        found.by_successor(new);
        found.by_words();
        found
    }

    fn by_id(&mut self, old: &'a Library, new: &'a Library, among: Option<&Ids>) {
        // What is shared stands in the same place in both.
        let differ = |library: &'a Library, other: &'a Library| -> Vec<&'a Entity> {
            let is_own = |entity: &&'a Entity| {
                let shared = other.entity(entity.index);
                !shared.is_some_and(|shared| std::ptr::eq(shared, *entity))
            };
            match among {
                None => library.all().map(|(_, e)| e).filter(is_own).collect(),
                Some(ids) => {
                    let bearers = ids.iter().flat_map(|(kind, id)| library.bearers(*kind, id));
                    bearers.filter(is_own).collect()
                }
            }
        };
        let mut bearers: BTreeMap<(Kind, &str), Bearers<'a>> = BTreeMap::new();
        for (state, (library, other)) in [(old, new), (new, old)].into_iter().enumerate() {
            for entity in differ(library, other) {
                let both = bearers.entry((entity.kind, &entity.id)).or_default();
                both[state].push(entity);
            }
        }
        for [mut before, mut after] in bearers.into_values() {
            // One id in two files is a mistake, but not one that makes it another entity.
            let path = |entity: &&Entity| entity.document.path.clone();
            if before.len() + after.len() > 2 {
                before.sort_by_key(path);
                after.sort_by_key(path);
                let same = |a: &Entity, b: &Entity| a.document.path == b.document.path;
                before.retain(|one| {
                    let at = after.iter().position(|other| same(one, other));
                    let other = at.map(|at| after.remove(at));
                    self.pairs.extend(other.map(|other| (*one, other)));
                    other.is_none()
                });
            }
            let pairs = before.len().min(after.len());
            self.went.extend(before.drain(pairs..));
            self.came.extend(after.drain(pairs..));
            self.pairs.extend(before.into_iter().zip(after));
        }
        self.pairs.retain(|(before, after)| !is_same(before, after));
    }

    fn by_alias(&mut self, new: &'a Library) {
        let came: HashSet<EntityId> = self.came.iter().map(|entity| entity.index).collect();
        let mut into: BTreeMap<EntityId, (&'a Entity, Vec<&'a Entity>)> = BTreeMap::new();
        for before in std::mem::take(&mut self.went) {
            let heirs: Vec<&Entity> = new.former(before.kind, &before.id).collect();
            match &heirs[..] {
                [] => self.went.push(before),
                [heir] => {
                    let merged = into.entry(heir.index).or_insert((heir, Vec::new()));
                    merged.1.push(before);
                }
                _ => self.splits.push((before, None, heirs)),
            }
        }
        // Those that stay, but say since the change who supersedes them.
        let mut named: BTreeMap<EntityId, Vec<(&'a Entity, &'a Entity)>> = BTreeMap::new();
        for &(before, after) in &self.pairs {
            if let Some(heir) = new_successor(before, after, new) {
                named.entry(heir.index).or_default().push((before, after));
            }
        }
        for (index, others) in named {
            let known = into.get(&index).map_or(0, |(_, merged)| merged.len());
            if known + others.len() < 2 {
                continue;
            }
            if let Some(heir) = new.entity(index) {
                let merged = into.entry(index).or_insert((heir, Vec::new()));
                merged.1.extend(others.iter().map(|(before, _)| before));
                self.told
                    .extend(others.iter().map(|(_, after)| after.index));
            }
        }
        let mut heirs: HashSet<EntityId> = HashSet::default();
        for (index, (heir, before)) in into {
            let is_new = came.contains(&index);
            if is_new {
                heirs.insert(index);
            }
            match &before[..] {
                [before] if is_new => self.pairs.push((before, heir)),
                _ => self.merges.push((heir, before)),
            }
        }
        self.came.retain(|entity| !heirs.contains(&entity.index));
    }

    /// What stays and is superseded by several.
    fn by_successor(&mut self, new: &'a Library) {
        if self.came.is_empty() {
            return;
        }
        let mut came: HashMap<(Kind, &str), &'a Entity> = HashMap::default();
        let mut links_to: HashMap<(Kind, &str), Vec<&'a Entity>> = HashMap::default();
        for &entity in &self.came {
            came.insert((entity.kind, &entity.id), entity);
            for id in linked(entity) {
                links_to.entry((entity.kind, id)).or_default().push(entity);
            }
        }
        for &(before, after) in &self.pairs {
            let leaves = |entity: &Entity| {
                let status = entity.status();
                matches!(status, Status::Deprecated | Status::Retired)
            };
            if before.id != after.id || !leaves(after) || self.told.contains(&after.index) {
                continue;
            }
            let Some(heir) = new_successor(before, after, new) else {
                continue;
            };
            let mut heirs: Vec<&Entity> = vec![heir];
            let (whole, before) = (before, linked(before));
            let named = linked(after).filter(|id| !before.clone().any(|known| known == *id));
            let named = named.filter_map(|id| came.get(&(after.kind, id)).copied());
            let naming = links_to.get(&(after.kind, &*after.id));
            for other in named.chain(naming.into_iter().flatten().copied()) {
                if heirs.iter().all(|heir| heir.index != other.index) {
                    heirs.push(other);
                }
            }
            if heirs.len() > 1 {
                self.told.insert(after.index);
                self.splits.push((whole, Some(after), heirs));
            }
        }
    }

    fn by_words(&mut self) {
        if self.went.is_empty() || self.came.is_empty() {
            return;
        }
        let mut matching = Matching::new(self.went.len(), self.came.len());
        let (went, came) = (&self.went, &self.came);
        let text = |entity: &'a Entity| (entity.kind, entity.document.text.as_str());
        matching.by(|at| Some(text(went[at])), |at| Some(text(came[at])));
        matching.alike(
            |at| pairs_of_words(went[at]),
            |at| pairs_of_words(came[at]),
            |a, b, share| {
                let (a, b) = (went[a], came[b]);
                let little = || pairs_of_words(a).len().min(pairs_of_words(b).len()) < FEWEST;
                a.kind == b.kind
                    && share >= ALIKE
                    && (!little() || share >= 1.0 && a.name() == b.name())
            },
        );
        for &(before, after) in &matching.pairs {
            let (before, after) = (went[before], came[after]);
            self.renames.note(after.kind, &before.id, &after.id);
            self.pairs.push((before, after));
        }
        self.went = matching.went.iter().map(|&at| went[at]).collect();
        self.came = matching.came.iter().map(|&at| came[at]).collect();
    }
}

/// Who supersedes an entity since the change.
fn new_successor<'a>(before: &Entity, after: &Entity, new: &'a Library) -> Option<&'a Entity> {
    let named = after.common.superseded_by.as_deref()?;
    if before.common.superseded_by.as_deref() == Some(named) {
        return None;
    }
    let heir = new.find(after.kind, named)?.entity;
    (heir.index != after.index).then_some(heir)
}

/// The ids of its kind that an entity links to.
fn linked(entity: &Entity) -> impl Iterator<Item = &str> + Clone {
    let kind = entity.kind;
    entity
        .targets
        .iter()
        .filter_map(move |target| match target {
            Target::Entity { kind: of, id, .. } if of.is_none_or(|of| of == kind) => Some(&**id),
            _ => None,
        })
}

/// The word pairs of all sentences of an entity. Words that stand alone are the same in many.
fn pairs_of_words(entity: &Entity) -> Box<[u32]> {
    fn collect(node: Node<'_>, out: &mut Vec<u32>) {
        if let Some(text) = node.as_str() {
            out.extend(likeness::word_pairs(text));
        }
        node.items().for_each(|item| collect(item, out));
        node.entries().for_each(|(_, value)| collect(value, out));
    }
    let mut out = Vec::new();
    if let Some(root) = entity.document.root() {
        collect(root, &mut out);
    }
    out.extend(likeness::word_pairs(entity.document.markdown()));
    likeness::set(out)
}
