//! The table of names: for each name of each kind, who bears it, who bore it, and who mentions it.

use std::sync::Arc;

use compact_str::CompactString;
use foldhash::HashMap;
use smallvec::SmallVec;

use super::EntityId;
use super::entity::Entity;
use super::links::Target;
use crate::schema::{Data, Kind};

/// The table of names.
#[derive(Debug, Clone)]
pub(super) struct Names {
    of_kinds: Vec<HashMap<CompactString, Name>>,
    /// The path of each entity. Of several that bear one name the first by path is meant, whenever
    /// its file came.
    paths: Vec<Arc<str>>,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            of_kinds: Kind::ALL.iter().map(|_| HashMap::default()).collect(),
            paths: Vec::new(),
        }
    }
}

impl Names {
    /// What is known of a name.
    pub(super) fn get(&self, kind: Kind, id: &str) -> Option<&Name> {
        self.of_kinds[kind as usize].get(id)
    }

    /// How many names of a kind there are.
    pub(super) fn len(&self, kind: Kind) -> usize {
        self.of_kinds[kind as usize].len()
    }

    /// The names of a kind that somebody bears.
    pub(super) fn borne(&self, kind: Kind) -> impl Iterator<Item = &str> {
        let names = self.of_kinds[kind as usize].iter();
        names
            .filter(|(_, name)| !name.bearers.is_empty())
            .map(|(id, _)| id.as_str())
    }

    /// The names of a kind that are mentioned and reach nobody.
    pub(super) fn unborne(&self, kind: Kind) -> impl Iterator<Item = (&str, &Name)> {
        let names = self.of_kinds[kind as usize].iter();
        names
            .filter(|(_, name)| name.holder().is_none())
            .map(|(id, name)| (id.as_str(), name))
    }

    /// Enters every name that `entity` bears, bore or mentions.
    pub(super) fn enter(&mut self, entity: &Entity) {
        let at = entity.index.index();
        if self.paths.len() <= at {
            self.paths.resize(at + 1, Arc::default());
        }
        self.paths[at] = entity.document.path.clone();
        for_names(entity, |kind, id, standing| {
            let names = &mut self.of_kinds[kind as usize];
            let name = match names.get_mut(id) {
                Some(name) => name,
                None => names.entry(id.into()).or_default(),
            };
            let list = standing.list(name);
            if let Err(at) = standing.place(list, entity, &self.paths) {
                list.insert(at, entity.index);
            }
        });
        for id in targeted_segments(entity) {
            if let Some(name) = self.of_kinds[Kind::Segment as usize].get_mut(id) {
                name.targets += 1;
            }
        }
    }

    /// Takes out what [`enter`](Self::enter) put in.
    pub(super) fn leave(&mut self, entity: &Entity) {
        for_names(entity, |kind, id, standing| {
            if let Some(name) = self.of_kinds[kind as usize].get_mut(id) {
                let list = standing.list(name);
                if let Ok(at) = standing.place(list, entity, &self.paths) {
                    list.remove(at);
                }
            }
        });
        for id in targeted_segments(entity) {
            if let Some(name) = self.of_kinds[Kind::Segment as usize].get_mut(id) {
                name.targets = name.targets.saturating_sub(1);
            }
        }
    }

    /// Everybody that `entity` mentions, by present or former name.
    pub(super) fn mentioned_by(&self, entity: &Entity) -> std::collections::BTreeSet<EntityId> {
        let mut found = std::collections::BTreeSet::new();
        for_names(entity, |kind, id, standing| {
            if let (Standing::Mention | Standing::Guess, Some(name)) =
                (standing, self.get(kind, id))
            {
                found.extend(name.bearers.iter().chain(&name.former));
            }
        });
        found
    }
}

/// Most names have one bearer and few who mention them: then both stand in the table itself, and
/// nothing else has to be fetched from memory.
type Entities = SmallVec<[EntityId; 4]>;

/// What is known of one name of one kind. The lists are sorted: the first two by path.
#[derive(Debug, Clone, Default)]
pub(super) struct Name {
    /// Who bears it: one entity, or several by mistake.
    pub(super) bearers: Entities,
    /// Who has it as an alias.
    pub(super) former: Entities,
    /// Who refers to it and can mean no other kind.
    pub(super) mentions: Entities,
    /// Who may refer to it, or to the same name of another kind.
    pub(super) guesses: Entities,
    /// Whose translations have a link to it: these are no references, but are judged by it.
    pub(super) translated: Entities,
    /// How many active personas to win have it among their segments.
    pub(super) targets: u32,
}

impl Name {
    /// Who refers to it, or may, in whatever language.
    pub(super) fn mentioners(&self) -> impl Iterator<Item = &EntityId> {
        let all = self.mentions.iter().chain(&self.guesses);
        all.chain(&self.translated)
    }

    /// Whom a reference by this name reaches, and whether by a former id.
    pub(super) fn holder(&self) -> Option<(EntityId, bool)> {
        match self.bearers.first() {
            Some(&index) => Some((index, false)),
            None => Some((*self.former.first()?, true)),
        }
    }
}

/// In which of the lists of a [`Name`] an entity stands.
#[derive(Clone, Copy)]
enum Standing {
    Bearer,
    Former,
    Mention,
    Guess,
    Translated,
}

impl Standing {
    /// Where an entity stands in a list, or should.
    fn place(self, list: &[EntityId], entity: &Entity, paths: &[Arc<str>]) -> Result<usize, usize> {
        match self {
            Self::Bearer | Self::Former => {
                list.binary_search_by(|id| paths[id.index()].cmp(&entity.document.path))
            }
            // Entities come in the order of their numbers when a library is read, and lists are long.
            Self::Mention | Self::Guess | Self::Translated => match list.last() {
                Some(before) if *before < entity.index => Err(list.len()),
                _ => list.binary_search(&entity.index),
            },
        }
    }

    fn list(self, name: &mut Name) -> &mut Entities {
        match self {
            Self::Bearer => &mut name.bearers,
            Self::Former => &mut name.former,
            Self::Mention => &mut name.mentions,
            Self::Guess => &mut name.guesses,
            Self::Translated => &mut name.translated,
        }
    }
}

/// The id and the former ids of an entity.
pub(super) fn names_of(entity: &Entity) -> impl Iterator<Item = &str> {
    std::iter::once(&*entity.id).chain(entity.common.aliases.iter().map(String::as_str))
}

/// The segments of an active persona to win, each once; nothing for anybody else.
fn targeted_segments(entity: &Entity) -> Vec<&str> {
    let mut segments: Vec<&str> = match &entity.data {
        Some(Data::Persona(persona)) if entity.is_active_target() => persona
            .segments
            .iter()
            .map(crate::schema::Ref::id)
            .collect(),
        _ => Vec::new(),
    };
    segments.sort_unstable();
    segments.dedup();
    segments
}

/// Every name that an entity bears, bore or mentions.
fn for_names(entity: &Entity, mut each: impl FnMut(Kind, &str, Standing)) {
    each(entity.kind, &entity.id, Standing::Bearer);
    for alias in &entity.common.aliases {
        each(entity.kind, alias, Standing::Former);
    }
    for reference in &entity.references {
        let standing = match reference.candidates().count() {
            1 => Standing::Mention,
            _ => Standing::Guess,
        };
        for kind in reference.candidates() {
            each(kind, &reference.id, standing);
        }
    }
    for (kind, id) in links_of(entity) {
        match kind {
            Some(kind) => each(kind, id, Standing::Mention),
            None => Kind::ALL
                .iter()
                .for_each(|&kind| each(kind, id, Standing::Guess)),
        }
    }
    let translations = entity.translations.iter();
    for (kind, id) in translations.flat_map(|translation| links_of(&translation.source)) {
        let kinds = Kind::ALL.iter();
        let kinds = kinds.filter(|known| kind.is_none_or(|kind| kind == **known));
        kinds.for_each(|&kind| each(kind, id, Standing::Translated));
    }
    for (kind, id) in entity.measurements.iter().flat_map(|m| &m.names) {
        each(*kind, id, Standing::Mention);
    }
}

/// The entities that the text of one has links to: the kind, if the link says it, and the id.
fn links_of(entity: &Entity) -> impl Iterator<Item = (Option<Kind>, &str)> {
    let targets = entity.targets.iter();
    targets.filter_map(|target| match target {
        Target::Entity { kind, id, .. } => Some((*kind, &**id)),
        _ => None,
    })
}
