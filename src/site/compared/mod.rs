//! The site with the changes against another state marked in place.
//!
//! In: a [`Compared`], which holds the state before and what is different, and a page as it is
//! after. Out: the same page with what stood there before beside what stands there now. Both
//! states are rendered by the same code and laid upon each other element by element, so that
//! whatever a theme shows is marked, of every kind and every field. A page that nothing changed on
//! costs one question.

mod align;
mod element;
mod figure;
mod fit;
mod merge;
mod pages;
mod tree;

use std::sync::{Arc, OnceLock};

use foldhash::{HashMap, HashSet};

pub(super) use element::Side;
pub(super) use pages::{Became, GONE, words};

use super::{Options, RefCache, Site, may_be_told, route};
use crate::check::{Difference, Findings};
use crate::diagnostic::Diagnostic;
use crate::library::health::Found;
use crate::library::{Entity, Library};
use crate::review::{self, Change, Ids, Review};
use crate::schema::Kind;

/// The code of an id that is another one, without an alias.
const ID_CHANGED: &str = "id-changed";

/// An entity's kind and id.
type Key = (Kind, Box<str>);

/// A state of a project to compare another one with.
#[derive(Clone)]
pub struct Base {
    /// What it is called: a revision as the user wrote it.
    pub name: String,
    /// The state.
    pub library: Arc<Library>,
}

/// What a site is compared with: another state of the same project, and what is different.
pub struct Compared {
    before: Arc<Library>,
    /// What the rules find in the state before.
    judged: OnceLock<Vec<Diagnostic>>,
    refs: RefCache,
    options: Options,
    review: Review,
    /// The places in the review of the changes of each entity.
    changes: HashMap<Key, Vec<usize>>,
    /// What may show changes of others, since it refers to them or they to it.
    near: HashSet<Key>,
    /// Who had another id before, without an alias that says so.
    renamed: HashMap<Key, Box<str>>,
    /// What had another id before, and is restricted now: by that id.
    closed: HashSet<Key>,
    /// What may be different: all that ever was.
    open: Ids,
}

impl Compared {
    /// Makes ready to compare the site of `after`, made with `options`, with that of `before`;
    /// `review` says what is different.
    pub fn new(before: Arc<Library>, after: &Library, review: Review, options: &Options) -> Self {
        let mut compared = Self {
            judged: OnceLock::new(),
            refs: RefCache::new(&before),
            options: Options {
                show_findings: false,
                ..options.clone()
            },
            review: Review::default(),
            changes: HashMap::default(),
            near: HashSet::default(),
            renamed: HashMap::default(),
            closed: HashSet::default(),
            open: differing(&before, after),
            before,
        };
        compared.set(review, after);
        compared
    }

    /// The same, with what is different found here.
    pub fn with(base: Base, after: &Library, options: &Options) -> Self {
        let found = review::compared(&base.library, after);
        let review = Review {
            base: base.name,
            changes: found.changes,
            partial: found.partial,
            ..Review::default()
        };
        Self::new(base.library, after, review, options)
    }

    /// The findings that came and went; `found` is what the rules find in the state after. The state
    /// before is judged when somebody asks this for the first time.
    pub(super) fn difference(&self, after: &Library, found: &dyn Found) -> Difference {
        let before = || {
            let mut found = Findings::of(&self.before, self.options.today).sorted();
            found.retain(|found| may_be_told(&self.before, found));
            found
        };
        let mut before = self.judged.get_or_init(before).clone();
        before.retain(|found| {
            let entity = self.before.by_path(&found.path);
            entity.is_none_or(|(_, was)| !self.closed.contains(&key(was.kind, &was.id)))
        });
        let after_that = found.all().filter(|found| may_be_told(after, found));
        let after_that = after_that.cloned().collect();
        Difference::between((&self.before, before), (after, after_that))
    }

    /// Finds anew what is different, after a save that changed the entities `touched`. Only these
    /// are looked at, and those that were different or touched before.
    pub fn refresh(&mut self, after: &Library, touched: Vec<(Kind, Box<str>)>) {
        self.open.extend(touched);
        let found = review::compared_among(&self.before, after, &self.open);
        let mut review = std::mem::take(&mut self.review);
        review.changes = found.changes;
        review.partial = found.partial;
        self.set(review, after);
    }

    /// Forgets the pieces of HTML that the theme made, as another theme demands.
    pub fn forget_pieces(&mut self) {
        self.refs.clear();
    }

    /// The state before.
    pub fn before(&self) -> &Library {
        &self.before
    }

    /// What is different.
    pub fn review(&self) -> &Review {
        &self.review
    }

    /// Puts what is different now, after a save. This costs what the changes are, not what the
    /// libraries are.
    pub fn set(&mut self, mut review: Review, after: &Library) {
        let is_closed = |change: &&Change| {
            let after = after.get(change.kind, &change.id);
            after.is_some_and(Entity::is_restricted)
        };
        let closed = review.changes.iter().filter(is_closed);
        let closed = closed.filter_map(|change| Some(key(change.kind, change.former_id()?)));
        self.closed = closed.collect();
        let is_shown = |kind: Kind, id: &str| {
            let both = [&*self.before, after].into_iter();
            let mut found = both.filter_map(|library| library.find(kind, id));
            !found.any(|found| found.entity.is_restricted())
                && !self.closed.contains(&key(kind, id))
        };
        let is_open = |change: &Change| {
            let mut both = [&*self.before, after].into_iter();
            both.all(|library| library.shows_at(change.kind, &change.pointer))
        };
        review
            .changes
            .retain(|change| is_shown(change.kind, &change.id) && is_open(change));
        for change in &mut review.changes {
            change
                .impact
                .retain(|reached| is_shown(reached.kind, &reached.id));
        }
        review.ask((&self.before, after), None);
        self.changes.clear();
        self.near.clear();
        self.renamed.clear();
        for (number, change) in review.changes.iter().enumerate() {
            let places = self.changes.entry(key(change.kind, &change.id));
            places.or_default().push(number);
            if change.code.name == ID_CHANGED
                && let Some(id) = &change.before
            {
                let key = key(change.kind, &change.id);
                self.renamed.insert(key, id.as_str().into());
            }
        }
        for (kind, id) in self.changes.keys() {
            for library in [&*self.before, after] {
                let Some(found) = library.find(*kind, id) else {
                    continue;
                };
                let around = library.each_referrer(found.entity);
                let around = around.chain(library.each_referred(found.entity));
                self.near.extend(around.map(|e| key(e.kind, &e.id)));
            }
        }
        self.review = review;
    }

    /// The changes of an entity.
    pub(super) fn of(&self, kind: Kind, id: &str) -> impl Iterator<Item = &Change> {
        let places = self.changes.get(&key(kind, id));
        let places = places.into_iter().flatten();
        places.filter_map(|&place| self.review.changes.get(place))
    }

    /// Whether the page of an entity may show a change.
    fn may_differ(&self, entity: &Entity) -> bool {
        let key = key(entity.kind, &entity.id);
        self.changes.contains_key(&key) || self.near.contains(&key)
    }

    /// What an entity was, under its id or a former one.
    pub(super) fn was(&self, entity: &Entity) -> Option<&Entity> {
        let by = |id: &str| self.before.get(entity.kind, id);
        let mut aliases = entity.common.aliases.iter();
        let renamed = || self.renamed.get(&key(entity.kind, &entity.id));
        let was = by(&entity.id)
            .or_else(|| aliases.find_map(|alias| by(alias)))
            .or_else(|| by(renamed()?));
        was.filter(|was| self.was_published(was))
    }

    fn was_published(&self, entity: &Entity) -> bool {
        entity.is_published(self.options.drafts)
    }

    /// The id that something has now that had another one before.
    pub(super) fn now_called(&self, was: &Entity) -> Option<&str> {
        let mut renamed = self.renamed.iter();
        let found = renamed.find(|((kind, _), id)| *kind == was.kind && ***id == *was.id);
        found.map(|((_, id), _)| &**id)
    }

    /// What had a page of this kind and id, and has none at that address now.
    pub(super) fn gone(&self, site: &Site<'_>, kind: Kind, id: &str) -> Option<&Entity> {
        let was = self.before.get(kind, id)?;
        let now = site.library.find(kind, id);
        // What is no longer to be seen leaves no page of how it was.
        if now.is_some_and(|now| now.entity.is_restricted()) || self.closed.contains(&key(kind, id))
        {
            return None;
        }
        let is_there = now.is_some_and(|now| site.is_published(now.entity));
        (self.was_published(was) && !is_there && !route::is_home(was)).then_some(was)
    }

    /// The same for what somebody refers to by an id, whose kind is one of `kinds`.
    pub(super) fn gone_among(
        &self,
        site: &Site<'_>,
        kinds: impl IntoIterator<Item = Kind>,
        id: &str,
    ) -> Option<&Entity> {
        let mut kinds = kinds.into_iter();
        kinds.find_map(|kind| self.gone(site, kind, id))
    }

    /// All that had a page and has none now, by kind and name.
    pub(super) fn all_gone(&self, site: &Site<'_>) -> impl Iterator<Item = &Entity> {
        let all = Kind::ALL.iter().flat_map(|&kind| self.before.of_kind(kind));
        all.filter(|was| self.gone(site, was.kind, &was.id).is_some())
    }
}

/// What has other letters in one state than in the other, or is there in one only.
fn differing(before: &Library, after: &Library) -> Ids {
    let mut ids = Ids::new();
    for (one, other) in [(before, after), (after, before)] {
        for (_, entity) in one.all() {
            let beside = other.get(entity.kind, &entity.id);
            if !beside.is_some_and(|beside| review::is_same(beside, entity)) {
                ids.insert(key(entity.kind, &entity.id));
            }
        }
    }
    ids
}

fn key(kind: Kind, id: &str) -> Key {
    (kind, id.into())
}

#[cfg(test)]
mod tests;
