//! Floor 3: all entities of a project, and how they refer to each other.
//!
//! In: a [`Tree`]. Out: a [`Library`], which every output is a function of. References stay names;
//! they are resolved when they are asked for, through one table that knows for each name who
//! bears it, who bore it before (aliases), and who mentions it. So a changed file changes its own
//! entries and no others, and [`Library::update`] costs what that file costs, not what the site does.

pub mod alignment;
mod beside;
pub mod channels;
mod citations;
pub mod counterparts;
pub mod coverage;
mod entity;
pub mod facts;
pub mod figures;
mod glossary;
mod goals;
pub mod health;
pub mod history;
pub mod likeness;
pub mod links;
pub mod measurements;
pub mod mention;
mod names;
pub mod opportunities;
mod project;
pub mod questions;
mod reading;
pub mod statistics;
#[cfg(test)]
mod tests;
pub mod touch;
pub mod translation;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::HashMap;
use rayon::prelude::*;
use smallvec::{SmallVec, smallvec};

use crate::diagnostic::{Diagnostic, Severity};
use crate::schema::kinds::persona::Stance;
use crate::schema::{Kind, Ref, Reference, Schemas, Settings, nearest};
use crate::source::{Document, Tree};

pub use citations::Citations;
pub use entity::{Entity, Role, id_fault, normal, role};
pub use glossary::Glossary;
pub use goals::Goal;
use links::Target;
use names::{Names, names_of};
use project::read_project;
pub use translation::{Translated, Translation};

/// The file of a project's settings.
pub const SETTINGS_FILE: &str = "personary.yaml";

/// The index of an entity in its library. It stays the same as long as its file is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntityId(u32);

impl EntityId {
    /// Of the entity in this slot.
    fn at(slot: usize) -> Self {
        Self(u32::try_from(slot).unwrap_or(u32::MAX))
    }

    /// A small number, below [`Library::capacity`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// All entities of a project. A clone shares them and has tables of its own.
#[derive(Clone)]
pub struct Library {
    tree: Arc<dyn Tree>,
    /// The settings of the project.
    pub settings: Arc<Settings>,
    /// The schemas under these settings.
    pub schemas: Arc<Schemas>,
    /// Findings about the project as a whole: settings, folders, symbolic links.
    pub findings: Vec<Diagnostic>,
    slots: Vec<Option<Arc<Entity>>>,
    free: Vec<EntityId>,
    by_path: HashMap<Arc<str>, EntityId>,
    /// The CSVs of KPIs that name another than the one beside them.
    elsewhere: BTreeSet<(Box<str>, EntityId)>,
    names: Names,
    order: BTreeSet<Place>,
    counts: Vec<Count>,
    stances: Stances,
    settings_document: Option<Document>,
    settings_good: bool,
    assets: BTreeSet<Arc<str>>,
    strays: BTreeMap<Arc<str>, Diagnostic>,
    glossary: Arc<Glossary>,
    /// How often somebody looked at an entity, for tests of what work costs.
    #[cfg(test)]
    pub(crate) looks: Arc<std::sync::atomic::AtomicUsize>,
}

/// What entities are put in order by: kind, then name.
type Place = (Kind, Arc<str>, EntityId);

fn place(entity: &Entity) -> Place {
    (entity.kind, Arc::clone(&entity.sort_name), entity.index)
}

/// The CSV that a KPI reads, or would read, if it is not the one beside it.
fn sheet_elsewhere(entity: &Entity) -> Option<(Box<str>, EntityId)> {
    let read = entity.broken.as_deref().unwrap_or(entity);
    let is_kpi = entity.kind == Kind::Kpi;
    let path = is_kpi.then(|| measurements::path_of(read)).flatten()?;
    (path != measurements::beside(&read.document.path)).then(|| (path.into(), entity.index))
}

/// How many entities of a kind may be published.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    all: usize,
    drafts: usize,
}

/// How many active personas there are of each stance.
#[derive(Debug, Clone, Copy, Default)]
struct Stances {
    targets: usize,
    negatives: usize,
}

impl Stances {
    /// The number that an entity is counted in.
    fn of(&mut self, entity: &Entity) -> Option<&mut usize> {
        match entity.active_stance()? {
            Stance::Target => Some(&mut self.targets),
            Stance::Negative => Some(&mut self.negatives),
        }
    }
}

/// What a reference resolves to.
#[derive(Debug, Clone, Copy)]
pub struct Resolved<'a> {
    /// The entity.
    pub entity: &'a Entity,
    /// Whether it was found by a former id.
    pub by_alias: bool,
}

/// What [`Library::update`] changed.
#[derive(Debug, Default)]
pub struct Update {
    /// Entities that were read again or are new.
    pub changed: Vec<EntityId>,
    /// Entities whose references may resolve differently now.
    pub affected: BTreeSet<EntityId>,
    /// Entities that are gone.
    pub removed: Vec<EntityId>,
    /// Entities that show or link to a file that came or went.
    pub showing: Vec<EntityId>,
    /// Ids that came or went.
    pub ids: BTreeSet<(Kind, Box<str>)>,
}

impl Library {
    /// Reads all files of a project. Whatever is wrong becomes a finding.
    pub fn load(tree: Arc<dyn Tree>) -> Self {
        Self::load_after(tree, None)
    }

    /// The same for a project whose settings were `last` before: they stand as long as the new ones
    /// are wrong.
    pub fn load_after(tree: Arc<dyn Tree>, last: Option<&Settings>) -> Self {
        let read = read_project(&*tree, last);
        let mut findings = read.findings;
        let content = tree.list("content");
        let files = tree.list("static");
        findings.extend(content.findings);
        findings.extend(files.findings);
        let mut library = Self {
            settings: Arc::new(read.settings),
            schemas: Arc::new(read.schemas),
            settings_document: read.document,
            settings_good: read.good,
            findings,
            slots: Vec::with_capacity(content.files.len()),
            free: Vec::new(),
            by_path: HashMap::default(),
            elsewhere: BTreeSet::new(),
            names: Names::default(),
            order: BTreeSet::new(),
            counts: vec![Count::default(); Kind::ALL.len()],
            stances: Stances::default(),
            assets: files.files.into_iter().collect(),
            strays: BTreeMap::new(),
            glossary: Arc::default(),
            #[cfg(test)]
            looks: Arc::default(),
            tree,
        };
        let mut sources = Vec::new();
        let mut translations = Vec::new();
        for path in content.files {
            match role(&path) {
                Role::Entity(..) if library.is_translation(&path) => translations.push(path),
                Role::Entity(kind, id) => sources.push((path, kind, id)),
                Role::Asset => library.publish(path),
                Role::Stray(folder) => library.stray(path, &folder),
                Role::Ignored => {}
            }
        }
        library.read_all(&sources);
        for path in translations {
            library.note_translation(&path);
        }
        library.glossary = Arc::new(Glossary::of(&library));
        library
    }

    fn is_translation(&self, path: &str) -> bool {
        translation::original_of(path, &self.settings.languages).is_some()
    }

    /// Notes whether the translation at `path` has an original.
    fn note_translation(&mut self, path: &Arc<str>) {
        let original = translation::original_of(path, &self.settings.languages);
        let Some((original, _)) = original else {
            return;
        };
        if !self.by_path.contains_key(&*original) && self.tree.exists(path) {
            let finding = translation::lonely(path, &original);
            self.strays.insert(Arc::clone(path), finding);
        } else {
            self.strays.remove(path);
        }
    }

    /// The library of another state of the same project: `tree` differs from the tree of this one
    /// in the files at `paths` (which may be new or gone) and not in the settings. What is in other
    /// files is shared and not read again.
    #[must_use]
    pub fn beside<'p>(
        &self,
        tree: Arc<dyn Tree>,
        paths: impl IntoIterator<Item = &'p str>,
    ) -> Self {
        self.turned_to(tree, paths).0
    }

    /// As [`Library::beside`], and what is different there from here.
    #[must_use]
    pub fn turned_to<'p>(
        &self,
        tree: Arc<dyn Tree>,
        paths: impl IntoIterator<Item = &'p str>,
    ) -> (Self, Update) {
        let mut other = self.clone();
        let listed = ["content", "static"].map(|folder| tree.list(folder).findings);
        other.findings.retain(|f| *f.path == *SETTINGS_FILE);
        other.findings.extend(listed.into_iter().flatten());
        other.tree = tree;
        // A shared entity is never changed in place, so none of the other state shows through.
        let update = other.update(paths);
        (other, update)
    }

    /// Reads again the files at `paths` (project paths, which may be gone), and nothing else.
    /// Changed settings need [`Library::load`].
    pub fn update<'p>(&mut self, paths: impl IntoIterator<Item = &'p str>) -> Update {
        let mut sources: BTreeMap<Arc<str>, (Kind, Box<str>)> = BTreeMap::new();
        let mut translations: Vec<Arc<str>> = Vec::new();
        let mut assets: Vec<(&str, bool)> = Vec::new();
        for path in paths {
            assets.push((path, self.has_asset(path)));
            for entity_path in self.entity_paths(path) {
                match role(&entity_path) {
                    Role::Entity(..) if self.is_translation(&entity_path) => {
                        translations.push(entity_path);
                    }
                    Role::Entity(kind, id) => {
                        if self.is_translation(path) {
                            translations.push(path.into());
                        } else if path != &*entity_path {
                            self.note_asset(path);
                        }
                        sources.insert(entity_path, (kind, id));
                    }
                    Role::Stray(folder) if self.tree.exists(path) => {
                        self.stray(path.into(), &folder);
                    }
                    Role::Stray(_) => {
                        self.strays.remove(path);
                    }
                    Role::Asset => self.note_asset(path),
                    Role::Ignored if path.starts_with("static/") => self.note_asset(path),
                    Role::Ignored => {}
                }
            }
        }
        let terms_changed = sources.values().any(|(kind, _)| *kind == Kind::Term);
        let sources: Vec<_> = sources.into_iter().collect();
        let reader = self.reader();
        let read: Vec<Option<Entity>> = sources
            .par_iter()
            .map(|(path, (kind, id))| {
                let exists = self.tree.exists(path);
                exists.then(|| reader.read(path, *kind, id))
            })
            .collect();
        let mut update = Update::default();
        for ((path, _), entity) in sources.iter().zip(read) {
            self.replace(path, entity, &mut update);
            let beside = self.settings.languages.iter();
            translations.extend(beside.map(|l| translation::path_of(path, l).into()));
        }
        for path in translations {
            self.note_translation(&path);
        }
        if terms_changed {
            self.glossary = Arc::new(Glossary::of(self));
        }
        // Of content nearly all paths are no assets, before or after.
        let assets = assets.into_iter();
        let assets = assets.filter(|(path, was)| self.has_asset(path) != *was);
        let assets: BTreeSet<&str> = assets.map(|(path, _)| path).collect();
        if !assets.is_empty() {
            update.showing = self.showing(&assets);
            update.affected.extend(&update.showing);
        }
        self.collect_misspelt(&mut update);
        update
    }

    /// Who refers to a name that nobody bears, and for which an id that came or went may be meant.
    fn collect_misspelt(&self, update: &mut Update) {
        let Update { ids, affected, .. } = update;
        for of_kind in ids.iter().collect::<Vec<_>>().chunk_by(|a, b| a.0 == b.0) {
            let near = |name: &str| {
                let ids = of_kind.iter().map(|(_, id)| &**id);
                nearest::nearest(name, ids).is_some()
            };
            let unborne = of_kind.first().map(|(kind, _)| self.names.unborne(*kind));
            let unborne = unborne.into_iter().flatten().filter(|(id, _)| near(id));
            unborne.for_each(|(_, name)| affected.extend(name.mentioners()));
        }
        // The right id of the wrong kind is suggested, too.
        for (_, id) in ids.iter() {
            let names = Kind::ALL.iter().filter_map(|&k| self.names.get(k, id));
            let unborne = names.filter(|name| name.holder().is_none());
            unborne.for_each(|name| affected.extend(name.mentioners()));
        }
    }

    /// The entities that show or link to one of these files, or to one that is not there and for
    /// which one of these may be suggested.
    fn showing(&self, assets: &BTreeSet<&str>) -> Vec<EntityId> {
        let names: BTreeSet<&str> = assets.iter().map(|path| links::file_name(path)).collect();
        let concerns = |path: &str| {
            assets.contains(path)
                || (!self.has_asset(path)
                    && nearest::nearest(links::file_name(path), names.iter().copied()).is_some())
        };
        let shows = |entity: &Entity| {
            let read = entity.broken.as_deref().unwrap_or(entity);
            let texts = read.translations.iter().map(|t| &*t.source);
            let linked = std::iter::once(read).chain(texts).flat_map(|e| &e.targets);
            let mut linked = linked.filter_map(|target| match target {
                Target::File(path, _) => Some(path),
                _ => None,
            });
            let portrait = match &read.data {
                Some(crate::schema::Data::Persona(persona)) => persona.portrait.as_deref(),
                _ => None,
            };
            let portrait = portrait.and_then(|p| links::file(&read.document.path, p));
            portrait.is_some_and(|path| concerns(&path)) || linked.any(|path| concerns(path))
        };
        let all = self.all().filter(|(_, entity)| shows(entity));
        all.map(|(index, _)| index).collect()
    }

    /// Whether the library knows a file at this path.
    pub fn knows(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
            || self.assets.contains(path)
            || self.strays.contains_key(path)
    }

    /// The files below a folder that the library knows: for a folder that is gone.
    pub fn known_below(&self, folder: &str) -> Vec<Arc<str>> {
        let prefix = format!("{folder}/");
        let files = self
            .by_path
            .keys()
            .chain(&self.assets)
            .chain(self.strays.keys());
        files
            .filter(|path| path.starts_with(&prefix))
            .cloned()
            .collect()
    }

    /// The entities that a changed CSV or translation belongs to, or the path itself.
    fn entity_paths(&self, path: &str) -> SmallVec<[Arc<str>; 1]> {
        let translates = translation::original_of(path, &self.settings.languages);
        if let Some((original, _)) = translates
            && self.tree.exists(&original)
        {
            return smallvec![original.into()];
        }
        let Some(stem) = path.strip_suffix(".csv") else {
            return smallvec![path.into()];
        };
        let beside = self.by_path.get_key_value(&*format!("{stem}.md"));
        let beside = beside.map(|(path, _)| Arc::clone(path));
        // A file that is not there yet is the one that is named already.
        let named = self.elsewhere.range((path.into(), EntityId(0))..);
        let named = named.take_while(|(named, _)| **named == *path);
        let named = named.filter_map(|(_, kpi)| Some(self.entity(*kpi)?.document.path.clone()));
        let mut all: SmallVec<_> = beside.into_iter().chain(named).collect();
        if all.is_empty() {
            all.push(path.into());
        }
        all
    }

    fn note_asset(&mut self, path: &str) {
        self.assets.remove(path);
        self.strays.remove(path);
        if !self.tree.exists(path) {
            return;
        }
        if path.starts_with("static/") {
            self.assets.insert(path.into());
        } else {
            self.publish(path.into());
        }
    }

    /// A file beside the texts: one that is copied, or one that nobody may bring along.
    fn publish(&mut self, path: Arc<str>) {
        match beside::refused(&*self.tree, &path) {
            None => {
                self.assets.insert(path);
            }
            Some(finding) => {
                self.strays.insert(path, finding);
            }
        }
    }

    /// Takes a file for one of the site, whatever it is called.
    #[cfg(test)]
    pub(crate) fn adopt(&mut self, path: &str) {
        self.strays.remove(path);
        self.assets.insert(path.into());
    }

    fn stray(&mut self, path: Arc<str>, folder: &str) {
        let folders = Kind::ALL.iter().map(|k| k.folder());
        let message = if folder.is_empty() {
            "a file directly in content/ is not part of the site".to_owned()
        } else {
            format!("`content/{folder}/` is not the folder of any kind")
        };
        let finding = Diagnostic::new("unknown-folder", Severity::Warn, path.clone(), message)
            .help(format!(
                "move it: {}",
                nearest::or_list(folder, folders, "folder")
            ));
        self.strays.insert(path, finding);
    }

    /// Puts what was read from `path` in the place of what was there.
    fn replace(&mut self, path: &Arc<str>, mut new: Option<Entity>, update: &mut Update) {
        let old = self.by_path.get(path).copied();
        if let (Some(index), Some(read)) = (old, &new)
            && read.data.is_none()
            && let Some(entity) = self.slots[index.0 as usize].as_mut()
            && let Some(entity) = Arc::get_mut(entity)
            && entity.data.is_some()
        {
            // The last good state stays; the findings are about the new one.
            let before = sheet_elsewhere(entity);
            entity.broken = new.take().map(|mut new| {
                new.index = index;
                Box::new(new)
            });
            before.map(|sheet| self.elsewhere.remove(&sheet));
            self.elsewhere.extend(sheet_elsewhere(entity));
            update.changed.push(index);
            update.affected.insert(index);
            return;
        }
        let gone = old.and_then(|index| {
            let entity = self.entity(index)?;
            let mentioned = self.names.mentioned_by(entity);
            Some((self.remove(index)?, mentioned))
        });
        // Who refers to it need not be looked at again when it still answers to the same names.
        let same = match (&gone, &new) {
            (Some((before, _)), Some(after)) => before.answers_like(after),
            _ => false,
        };
        let mut mentioned = BTreeSet::new();
        if gone.is_some() != new.is_some() {
            let gone = gone.as_ref().map(|(entity, _)| &**entity);
            let id = gone.or(new.as_ref()).map(|e| (e.kind, (*e.id).into()));
            update.ids.extend(id);
        }
        if let Some((entity, before)) = gone {
            if !same {
                self.collect_mentions(&entity, &mut update.affected);
            }
            mentioned = before;
            update.affected.remove(&entity.index);
            if new.is_none() {
                update.removed.push(entity.index);
            }
        }
        let mut now = BTreeSet::new();
        if let Some(entity) = new {
            if !same {
                self.collect_mentions(&entity, &mut update.affected);
            }
            now = self.names.mentioned_by(&entity);
            let index = self.insert(entity);
            update.changed.push(index);
            update.affected.insert(index);
        }
        // Whom it mentions is judged by that too: it may be an orphan no more, or a negative
        // persona that a journey names, or a goal that a measure serves.
        update.affected.extend(mentioned);
        update.affected.extend(now);
    }

    /// Everybody who refers to one of the names of `entity`, or bears the same name. Who means no kind
    /// in particular may reach somebody of another kind now, who is then mentioned or no more.
    fn collect_mentions(&self, entity: &Entity, into: &mut BTreeSet<EntityId>) {
        for id in names_of(entity) {
            let Some(name) = self.names.get(entity.kind, id) else {
                continue;
            };
            into.extend(name.mentioners());
            let is_guessed = !name.guesses.is_empty();
            let kinds = Kind::ALL.iter();
            let kinds = kinds.filter(|kind| is_guessed || **kind == entity.kind);
            for name in kinds.filter_map(|&kind| self.names.get(kind, id)) {
                into.extend(&name.bearers);
                into.extend(&name.former);
            }
        }
    }

    fn insert(&mut self, mut entity: Entity) -> EntityId {
        let index = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            EntityId::at(self.slots.len() - 1)
        });
        entity.number(index);
        let entity = Arc::new(entity);
        self.order.insert(place(&entity));
        self.enter(entity);
        index
    }

    /// Enters an entity that has its index into all tables but the order.
    fn enter(&mut self, entity: Arc<Entity>) {
        let index = entity.index;
        self.names.enter(&entity);
        self.by_path.insert(entity.document.path.clone(), index);
        self.elsewhere.extend(sheet_elsewhere(&entity));
        let count = &mut self.counts[entity.kind as usize];
        count.all += usize::from(entity.is_published(true));
        count.drafts += usize::from(entity.is_published(true) && !entity.is_published(false));
        if let Some(count) = self.stances.of(&entity) {
            *count += 1;
        }
        self.slots[index.index()] = Some(entity);
    }

    fn remove(&mut self, index: EntityId) -> Option<Arc<Entity>> {
        let entity = self.slots[index.0 as usize].take()?;
        self.names.leave(&entity);
        self.by_path.remove(&entity.document.path);
        sheet_elsewhere(&entity).map(|sheet| self.elsewhere.remove(&sheet));
        self.order.remove(&place(&entity));
        let count = &mut self.counts[entity.kind as usize];
        count.all -= usize::from(entity.is_published(true));
        count.drafts -= usize::from(entity.is_published(true) && !entity.is_published(false));
        if let Some(count) = self.stances.of(&entity) {
            *count -= 1;
        }
        self.free.push(index);
        Some(entity)
    }

    /// The tree it was read from.
    pub fn tree(&self) -> &Arc<dyn Tree> {
        &self.tree
    }

    /// The entity at an index, if it is still there.
    pub fn entity(&self, index: EntityId) -> Option<&Entity> {
        #[cfg(test)]
        self.look();
        self.slots.get(index.0 as usize)?.as_deref()
    }

    /// One more than the largest index of an entity.
    pub fn capacity(&self) -> usize {
        self.slots.len()
    }

    /// All entities.
    pub fn all(&self) -> impl Iterator<Item = (EntityId, &Entity)> {
        let indices = (0u32..).map(EntityId);
        let slots = indices.zip(&self.slots);
        #[cfg(test)]
        let slots = slots.inspect(|_| self.look());
        slots.filter_map(|(index, slot)| Some((index, slot.as_deref()?)))
    }

    /// Counts a look at an entity.
    #[cfg(test)]
    fn look(&self) {
        self.looks
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }

    /// The entities of a kind, by name.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Entity> {
        let first: Place = (kind, Arc::from(""), EntityId(0));
        self.order
            .range(first..)
            .take_while(move |(k, ..)| *k == kind)
            .filter_map(|(.., index)| self.entity(*index))
    }

    /// Whether pages show a field of the front matter of a kind: none that is restricted. Where the
    /// settings cannot be read nobody knows which those are, so none that the project has added.
    pub fn shows(&self, kind: Kind, field: &str) -> bool {
        let is_known = !self.schemas.are_open() || self.schemas.knows(kind, field);
        is_known && !self.settings.is_restricted(kind, field)
    }

    /// The same of the field that a JSON Pointer leads into; the entity as a whole is shown.
    pub fn shows_at(&self, kind: Kind, pointer: &str) -> bool {
        let field = pointer.split('/').nth(1);
        field.is_none_or(|name| self.shows(kind, &name.replace("~1", "/").replace("~0", "~")))
    }

    /// The entity that a file holds.
    pub fn by_path(&self, path: &str) -> Option<(EntityId, &Entity)> {
        let index = *self.by_path.get(path)?;
        Some((index, self.entity(index)?))
    }

    /// The entity with this id.
    pub fn get(&self, kind: Kind, id: &str) -> Option<&Entity> {
        let name = self.names.get(kind, id)?;
        self.entity(*name.bearers.first()?)
    }

    /// The entity with this id or this alias.
    pub fn find(&self, kind: Kind, id: &str) -> Option<Resolved<'_>> {
        let (index, by_alias) = self.names.get(kind, id)?.holder()?;
        let entity = self.entity(index)?;
        Some(Resolved { entity, by_alias })
    }

    /// Every entity that bears this id, which should be one.
    pub fn bearers(&self, kind: Kind, id: &str) -> impl Iterator<Item = &Entity> {
        let name = self.names.get(kind, id);
        name.into_iter()
            .flat_map(|n| &n.bearers)
            .filter_map(|&i| self.entity(i))
    }

    /// Every entity that has this id as an alias, which should be at most one.
    pub fn former(&self, kind: Kind, id: &str) -> impl Iterator<Item = &Entity> {
        let name = self.names.get(kind, id);
        name.into_iter()
            .flat_map(|n| &n.former)
            .filter_map(|&i| self.entity(i))
    }

    /// What a reference of a front matter points at.
    pub fn resolve(&self, reference: &Reference) -> Option<Resolved<'_>> {
        reference
            .candidates()
            .find_map(|kind| self.find(kind, &reference.id))
    }

    /// What the name in a link points at: of the given kind, or of the first kind that has it.
    pub fn resolve_name(&self, kind: Option<Kind>, id: &str) -> Option<Resolved<'_>> {
        match kind {
            Some(kind) => self.find(kind, id),
            None => Kind::ALL.iter().find_map(|&kind| self.find(kind, id)),
        }
    }

    /// The entities that refer to `entity`, in front matter or text, by name within their kind.
    pub fn referrers(&self, entity: &Entity) -> Vec<&Entity> {
        // Most names are told apart by their first letters, which stand here side by side.
        let first = |name: &str| {
            let bytes = name.bytes().chain(std::iter::repeat(0)).take(8);
            bytes.fold(0, |number, byte| number << 8 | u64::from(byte))
        };
        let referrers = self.each_referrer(entity);
        let mut referrers: Vec<(Kind, u64, &Entity)> = referrers
            .map(|e| (e.kind, first(&e.sort_name), e))
            .collect();
        referrers.sort_unstable_by(|(kind, first, e), (other_kind, other_first, other)| {
            let order = (kind, first).cmp(&(other_kind, other_first));
            order.then_with(|| (&e.sort_name, e.index).cmp(&(&other.sort_name, other.index)))
        });
        referrers.dedup_by_key(|(.., e)| e.index);
        referrers.into_iter().map(|(.., e)| e).collect()
    }

    /// Whether any other entity refers to `entity`.
    pub fn has_referrer(&self, entity: &Entity) -> bool {
        self.each_referrer(entity).next().is_some()
    }

    /// Who refers to `entity`, some of them twice. Whoever mentions a name of one kind that is
    /// borne by `entity` refers to it; all else is looked at more closely.
    pub fn each_referrer<'a>(&'a self, entity: &Entity) -> impl Iterator<Item = &'a Entity> {
        names_of(entity)
            .filter_map(|id| self.names.get(entity.kind, id))
            .filter(|name| {
                name.holder()
                    .is_some_and(|(index, _)| index == entity.index)
            })
            .flat_map(move |name| {
                let guesses = name.guesses.iter().filter(move |&&index| {
                    let other = self.entity(index);
                    other.is_some_and(|other| self.refers(other, entity))
                });
                name.mentions.iter().chain(guesses)
            })
            .filter(|&&index| index != entity.index)
            .filter_map(|&index| self.entity(index))
    }

    /// Whether a reference or link of `from` really resolves to `to`. Names are compared first:
    /// most of what `from` refers to is something else.
    fn refers(&self, from: &Entity, to: &Entity) -> bool {
        let named = |id: &str| names_of(to).any(|name| name == id);
        let is = |found: Option<Resolved<'_>>| found.is_some_and(|r| r.entity.index == to.index);
        from.references
            .iter()
            .any(|r| named(&r.id) && is(self.resolve(r)))
            || from.targets.iter().any(|t| match t {
                Target::Entity { kind, id, .. } => named(id) && is(self.resolve_name(*kind, id)),
                _ => false,
            })
            || from.measurements.as_ref().is_some_and(|m| {
                m.names
                    .iter()
                    .any(|(kind, id)| named(id) && is(self.find(*kind, id)))
            })
    }

    /// The entities that `entity` refers to in front matter, text and measurements, in the order of
    /// its file, each as often as it does.
    pub fn each_referred<'a>(&'a self, entity: &'a Entity) -> impl Iterator<Item = &'a Entity> {
        let written = entity.references.iter().filter_map(|r| self.resolve(r));
        let linked = entity.targets.iter().filter_map(|target| match target {
            Target::Entity { kind, id, .. } => self.resolve_name(*kind, id),
            _ => None,
        });
        let measured = entity.measurements.iter().flat_map(|m| &m.names);
        let measured = measured.filter_map(|(kind, id)| self.find(*kind, id));
        let all = written.chain(linked).chain(measured).map(|r| r.entity);
        all.filter(|other| other.index != entity.index)
    }

    /// Whether a typed reference points at `to`.
    pub fn points_at<T: crate::schema::Target>(&self, reference: &Ref<T>, to: &Entity) -> bool {
        let text = reference.as_str();
        // Nearly all references are a bare id, and nearly all are somebody else's. With a kind or
        // an anchor a text is longer than the id.
        if to.common.aliases.is_empty() && text.len() <= to.id.len() && *text != *to.id {
            return false;
        }
        let id = reference.id();
        names_of(to).any(|name| name == id)
            && T::KINDS.contains(&to.kind)
            && self
                .find(to.kind, id)
                .is_some_and(|r| r.entity.index == to.index)
    }

    /// The claims of `persona` that cite `study`, by their place: which of
    /// [`Persona::claim_lists`](crate::schema::kinds::persona::Persona::claim_lists), and which claim
    /// in it.
    pub fn citations(&self, persona: &Entity, study: &Entity) -> Vec<(usize, usize)> {
        let Some(crate::schema::Data::Persona(data)) = &persona.data else {
            return Vec::new();
        };
        let candidates = names_of(study).flat_map(|id| persona.citations.candidates(id));
        let mut places: Vec<_> = candidates.collect();
        // Of two names one may be used in one claim and one in the other, or both in one.
        places.sort_unstable();
        places.dedup();
        let lists = data.claim_lists();
        places.retain(|&(list, claim)| {
            let cited = lists[list].1[claim].evidence.iter();
            cited.into_iter().any(|r| self.points_at(r, study))
        });
        places
    }

    /// The ids of a kind, for suggestions.
    pub fn ids(&self, kind: Kind) -> impl Iterator<Item = &str> {
        let names = self.names.borne(kind);
        // Where many names are mentioned that nobody bears, those who bear one are found sooner.
        let entities = self.of_kind(kind).map(|entity| &*entity.id);
        let is_crowded = self.names.len(kind) / 8 > self.counts[kind as usize].all;
        let entities = entities.take(if is_crowded { usize::MAX } else { 0 });
        names
            .take(if is_crowded { 0 } else { usize::MAX })
            .chain(entities)
    }

    /// How many entities of a kind are published, with or without drafts.
    pub fn count(&self, kind: Kind, drafts: bool) -> usize {
        let count = &self.counts[kind as usize];
        if drafts {
            count.all
        } else {
            count.all - count.drafts
        }
    }

    /// How many active personas there are to win, and how many to leave to others.
    pub fn stances(&self) -> (usize, usize) {
        (self.stances.targets, self.stances.negatives)
    }

    /// How many active personas to win say that they belong to a segment.
    pub fn targets_in(&self, segment: &Entity) -> usize {
        let names = names_of(segment).filter_map(|id| self.names.get(segment.kind, id));
        let held = names.filter(|name| name.holder().is_some_and(|(id, _)| id == segment.index));
        held.map(|name| name.targets as usize).sum()
    }

    /// The settings as they were written, if there are any.
    pub fn settings_document(&self) -> Option<&Document> {
        self.settings_document.as_ref()
    }

    /// The settings, if they were read without a mistake, now or in the last state that was good.
    pub fn good_settings(&self) -> Option<&Settings> {
        self.settings_good.then_some(&self.settings)
    }

    /// An error about the setting `key`, at its value.
    pub fn settings_finding(
        &self,
        code: &'static str,
        key: &str,
        message: impl Into<String>,
    ) -> Diagnostic {
        let root = self.settings_document.as_ref().and_then(|document| {
            let node = document.root()?.get(key)?;
            Some((document, node))
        });
        match root {
            Some((document, node)) => document
                .finding(code, node.span(), message)
                .pointer(format!("/{key}")),
            None => Diagnostic::new(code, Severity::Error, SETTINGS_FILE, message),
        }
    }

    /// Whether a file that pages may show or link to exists: below `static/`, or beside content.
    pub fn has_asset(&self, path: &str) -> bool {
        self.assets.contains(path)
    }

    /// The files that are copied into the site, by project path.
    pub fn assets(&self) -> impl Iterator<Item = &Arc<str>> {
        self.assets.iter()
    }

    /// Findings about files that belong to no kind.
    pub fn stray_findings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.strays.values()
    }

    /// The words that are linked where they appear.
    pub fn glossary(&self) -> &Glossary {
        &self.glossary
    }

    /// How many content files were read.
    pub fn file_count(&self) -> usize {
        self.by_path.len()
    }
}
