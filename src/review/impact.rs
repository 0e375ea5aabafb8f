//! Whom a change reaches.
//!
//! In: the changes of a comparison. Out: for each of them the journeys, steps, measures, stories and
//! buying groups that say something about what changed, and the teams that own them, the nearest
//! first, with the way that leads there. References are followed outwards, three at most, and asked
//! of the table of names; so it costs what the changed entities cost, however many others there are.

mod edges;
#[cfg(test)]
mod tests;

use foldhash::{HashMap, HashSet};

use super::code::{
    ALIASES_CHANGED, ID_CHANGED, MEASUREMENT_ADDED, MEASUREMENT_COMPLETED, MOVED, OWNER_CHANGED,
    PORTRAIT_CHANGED, PROSE_CHANGED, REVIEWED, REVIEWED_ALONE, SUPPRESSION_ADDED, TAGS_CHANGED,
    TRANSLATION_CHANGED,
};
use super::{Change, Code, Reached};
use crate::library::{Entity, Library};
use crate::schema::content::plain;
use crate::schema::{Data, Kind};
use edges::{Graph, Part, Scope, Spot};

/// How many references are followed in a row.
const MAX_HOPS: usize = 3;
/// How many are named for one change; of more it is said how many.
const MOST: usize = 50;

/// Codes that nobody beside the owner has to know of: nothing that others say rests on them.
const QUIET: &[&Code] = &[
    ALIASES_CHANGED,
    MEASUREMENT_ADDED,
    MEASUREMENT_COMPLETED,
    MOVED,
    PORTRAIT_CHANGED,
    PROSE_CHANGED,
    REVIEWED,
    REVIEWED_ALONE,
    SUPPRESSION_ADDED,
    TAGS_CHANGED,
    TRANSLATION_CHANGED,
];

/// Whom something reaches.
#[derive(Debug, Clone, Default)]
struct Impact {
    reached: Vec<Reached>,
    more: usize,
}

/// Fills in whom each change reaches: what is gone reached those who spoke of it before.
pub(super) fn fill(changes: &mut [Change], old: &Library, new: &Library) {
    let mut known: HashMap<(bool, usize, Scope), Impact> = HashMap::default();
    for change in changes {
        let Some((library, root)) = root(change, old, new) else {
            continue;
        };
        let is_before = std::ptr::eq(library, old);
        let scope = if QUIET.contains(&change.code) {
            Scope::Owner
        } else {
            Scope::of(root, &change.pointer)
        };
        let impact = known
            .entry((is_before, root.index.index(), scope))
            .or_insert_with(|| impact(Graph { library }, root, scope));
        change.impact.clone_from(&impact.reached);
        change.more = impact.more;
        if *change.code == *OWNER_CHANGED
            && let Some(team) = old_owner(change, old)
        {
            // Who gives something away should know of it, too.
            let given = Reached::of(team, None, Vec::new(), old);
            if change.impact.iter().all(|known| known.id != given.id) {
                change.impact.push(given);
            }
        }
    }
}

/// The state whose references say whom a change reaches, and what changed in it.
fn root<'a>(
    change: &Change,
    old: &'a Library,
    new: &'a Library,
) -> Option<(&'a Library, &'a Entity)> {
    let find = |library: &'a Library| {
        let by_path = library.by_path(&change.path).map(|(_, entity)| entity);
        let entity = by_path.or_else(|| library.get(change.kind, &change.id));
        let entity = entity.filter(|entity| entity.kind == change.kind)?;
        Some((library, entity))
    };
    // Who used the id that is no more has to know, not only who uses the one that is there now.
    if *change.code == *ID_CHANGED
        && change.pointer.is_empty()
        && let Some(before) = &change.before
        && let Some(entity) = old.get(change.kind, before)
    {
        return Some((old, entity));
    }
    let [first, second] = if change.is_before {
        [old, new]
    } else {
        [new, old]
    };
    find(first).or_else(|| find(second))
}

fn old_owner<'a>(change: &Change, old: &'a Library) -> Option<&'a Entity> {
    let before = old
        .get(change.kind, &change.id)
        .or_else(|| Some(old.by_path(&change.path)?.1))?;
    let owner = before.common.owner.as_ref()?;
    Some(old.find(Kind::Team, owner.id())?.entity)
}

/// Somebody found, and the way that led there.
#[derive(Clone)]
struct Found<'a> {
    spot: Spot<'a>,
    path: Vec<&'a Entity>,
    hop: usize,
}

/// The teams that were found.
struct Teams<'a> {
    graph: Graph<'a>,
    root: &'a Entity,
    found: Vec<Found<'a>>,
}

impl<'a> Teams<'a> {
    /// Adds the one that owns `of`, to which `path` leads.
    fn add(&mut self, of: &Entity, path: Vec<&'a Entity>, hop: usize) {
        let Some(team) = self.graph.owner(of) else {
            return;
        };
        let mut found = self.found.iter();
        if team.index != self.root.index && found.all(|f| f.spot.entity.index != team.index) {
            let spot = Spot::whole(team);
            self.found.push(Found { spot, path, hop });
        }
    }
}

fn impact<'a>(graph: Graph<'a>, root: &'a Entity, scope: Scope) -> Impact {
    let mut seen: HashSet<(usize, Option<Part>)> = HashSet::default();
    seen.insert((root.index.index(), None));
    let mut all: Vec<Found<'a>> = Vec::new();
    let mut teams = Teams {
        graph,
        root,
        found: Vec::new(),
    };
    teams.add(root, Vec::new(), 1);
    let mut level: Vec<Found<'a>> = Vec::new();
    if scope != Scope::Owner {
        let first = graph.first(root, scope).into_iter();
        level.extend(first.map(|spot| Found {
            spot,
            path: Vec::new(),
            hop: 1,
        }));
    }
    for hop in 1..=MAX_HOPS {
        level.retain(|found| seen.insert((found.spot.entity.index.index(), found.spot.part)));
        level.sort_by(|a, b| order(a).cmp(&order(b)));
        for found in &level {
            let mut path = found.path.clone();
            path.push(found.spot.entity);
            teams.add(found.spot.entity, path, hop + 1);
        }
        let next = level.iter().flat_map(|found| {
            let mut path = found.path.clone();
            path.push(found.spot.entity);
            let next = graph.onwards(root, &found.path, found.spot).into_iter();
            next.map(move |spot| Found {
                spot,
                path: path.clone(),
                hop: hop + 1,
            })
        });
        // Of a hub the nearest are enough; what they lead to would be everything.
        let next: Vec<Found<'a>> = if hop < MAX_HOPS && all.len() + level.len() <= MOST {
            next.collect()
        } else {
            Vec::new()
        };
        all.append(&mut level);
        level = next;
    }
    let mut teams = teams.found;
    let more = all.len().saturating_sub(MOST) + teams.len().saturating_sub(MOST);
    all.truncate(MOST);
    teams.truncate(MOST);
    all.append(&mut teams);
    all.sort_by_key(|found| found.hop);
    let reached = all.into_iter().map(|found| {
        let path = found.path.iter().map(|entity| entity.qualified()).collect();
        Reached::of(found.spot.entity, found.spot.part, path, graph.library)
    });
    Impact {
        reached: reached.collect(),
        more,
    }
}

/// The order of those who are equally near.
fn order<'a>(found: &Found<'a>) -> (Kind, &'a str, Option<Part>) {
    let entity = found.spot.entity;
    (entity.kind, entity.name(), found.spot.part)
}

/// An anchor of a page, and what stands there, in words.
pub(super) type Place = (Box<str>, Box<str>);

/// The anchor and the words of a part of a journey.
fn named(entity: &Entity, part: Part) -> Option<Place> {
    let Some(Data::Journey(journey)) = &entity.data else {
        return None;
    };
    let stage = journey.stages.get(part.stage)?;
    Some(match part.step {
        Some(step) => {
            let words = plain(&stage.steps.get(step)?.action);
            (stage.step_anchor(step).into(), words.into())
        }
        None => (stage.id.clone(), stage.name.as_str().into()),
    })
}

/// The claim, stage or step in which the value at a JSON Pointer stands.
pub(super) fn place(entity: &Entity, pointer: &str) -> Option<Place> {
    match Scope::of(entity, pointer) {
        Scope::Part(part) => named(entity, part),
        Scope::Claim(list, index) => {
            let mut claims = entity.claims().filter(|(field, ..)| *field == list);
            let (_, claim, anchor) = claims.nth(index)?;
            Some((anchor.into(), plain(&claim.text).into()))
        }
        Scope::Owner | Scope::Whole | Scope::Member(_) => None,
    }
}

impl Reached {
    fn of(entity: &Entity, part: Option<Part>, path: Vec<String>, library: &Library) -> Self {
        let owner = match entity.kind {
            Kind::Team => Some(entity.id.clone()),
            _ => Graph { library }.owner(entity).map(|team| team.id.clone()),
        };
        Self {
            kind: entity.kind,
            id: entity.id.clone(),
            name: entity.name().into(),
            part: part.and_then(|part| named(entity, part)),
            path,
            owner,
        }
    }
}
