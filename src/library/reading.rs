//! Reading the entities of a library.
//!
//! In: their paths. Out: entities, and for a new library its tables filled with them.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Entity, EntityId, Library, Place, place, translation};
use crate::schema::{Kind, Schemas, Settings};
use crate::source::Tree;

/// So many files are read together: enough for many cores, and what was read is still at hand when
/// it is entered.
const BATCH: usize = 4_096;

/// What it takes to read an entity.
pub(super) struct Reader {
    tree: Arc<dyn Tree>,
    schemas: Arc<Schemas>,
    settings: Arc<Settings>,
}

impl Reader {
    /// Reads an entity with all that belongs to it.
    pub(super) fn read(&self, path: &Arc<str>, kind: Kind, id: &str) -> Entity {
        let mut entity = Entity::read(&*self.tree, &self.schemas, path, kind, id);
        let languages = &self.settings.languages;
        translation::attach(&*self.tree, &self.schemas, languages, &mut entity);
        entity
    }
}

impl Library {
    /// Reads all entities of a new library. While some cores read, one enters what was read before:
    /// tables that are written by one core alone would otherwise be waited for by all others.
    pub(super) fn read_all(&mut self, sources: &[(Arc<str>, Kind, Box<str>)]) {
        let reader = self.reader();
        let mut read = Vec::new();
        for batch in sources.chunks(BATCH) {
            let first = self.slots.len() + read.len();
            let next = || {
                let batch = batch.par_iter().with_max_len(32).enumerate();
                let entities = batch.map(|(at, (path, kind, id))| {
                    let mut entity = reader.read(path, *kind, id);
                    entity.number(EntityId::at(first + at));
                    Arc::new(entity)
                });
                entities.collect()
            };
            let enter = || self.enter_all(read);
            read = rayon::join(next, enter).0;
        }
        self.enter_all(read);
        // Put in order by all cores at once, before it becomes a table that can be changed.
        let entities = self.slots.par_iter().flatten();
        let mut order: Vec<Place> = entities.map(|entity| place(entity)).collect();
        order.par_sort_unstable();
        self.order = order.into_iter().collect();
    }

    fn enter_all(&mut self, entities: Vec<Arc<Entity>>) {
        for entity in entities {
            self.slots.push(None);
            self.enter(entity);
        }
    }

    /// What reads further files of the same project.
    pub(super) fn reader(&self) -> Reader {
        Reader {
            tree: Arc::clone(&self.tree),
            schemas: Arc::clone(&self.schemas),
            settings: Arc::clone(&self.settings),
        }
    }
}
