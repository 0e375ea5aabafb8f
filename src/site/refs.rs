//! How pages show other entities, and values that may hold references.

use std::sync::OnceLock;

use minijinja::Value;

use super::{Site, route};
use crate::library::{Entity, EntityId, Library};
use crate::schema::shape::Shape;
use crate::schema::{Data, Kind, reference};
use crate::source::yaml::Node;

/// The views of entities as others show them, made when first needed. An entity's view depends on
/// that entity alone, so after a change only the changed ones are forgotten.
#[derive(Debug, Default)]
pub struct RefCache {
    slots: Vec<OnceLock<Value>>,
}

impl RefCache {
    /// An empty cache for a library.
    pub fn new(library: &Library) -> Self {
        let mut cache = Self::default();
        cache.fit(library);
        cache
    }

    /// Makes room for all entities of a library that has grown.
    pub fn fit(&mut self, library: &Library) {
        self.slots.resize_with(library.capacity(), OnceLock::new);
    }

    /// Forgets the view of an entity that changed.
    pub fn forget(&mut self, id: EntityId) {
        if let Some(slot) = self.slots.get_mut(id.index()) {
            slot.take();
        }
    }
}

impl Site<'_> {
    /// How pages show `entity`: name, address, status and what a chip or card needs.
    pub(super) fn reference(&self, entity: &Entity) -> Value {
        let slot = self
            .library
            .by_path(&entity.document.path)
            .and_then(|(id, _)| self.refs.slots.get(id.index()));
        match slot {
            Some(slot) => slot.get_or_init(|| Value::from_pairs(self.reference_fields(entity))).clone(),
            None => Value::from_pairs(self.reference_fields(entity)),
        }
    }

    pub(super) fn reference_fields(&self, entity: &Entity) -> Vec<(&'static str, Value)> {
        let path = self.is_published(entity).then(|| route::entity_path(entity));
        let mut fields = vec![
            ("kind", entity.kind.name().into()),
            ("id", (*entity.id).into()),
            ("name", entity.name().into()),
            ("path", Value::from(path)),
            ("status", entity.status().as_str().into()),
            ("summary", Value::from(summary(entity))),
            ("initials", initials(entity.name()).into()),
            ("hue", hue(&entity.id).into()),
        ];
        if let Some(Data::Persona(persona)) = &entity.data {
            fields.push(("market", persona.market.as_str().into()));
            fields.push(("stance", persona.stance.as_str().into()));
            let portrait = persona.portrait.as_deref();
            let picture = portrait.and_then(|p| route::picture(self.library, &entity.document.path, p));
            if let Some(picture) = picture {
                fields.push(("portrait", picture.into()));
            }
        }
        fields
    }

    /// The view of a reference as written in front matter.
    pub(super) fn reference_to(&self, text: &str, kinds: &[Kind]) -> Value {
        let set = kinds.iter().copied().collect();
        let (kind, id, _) = reference::parse(text, set);
        let found = match kind {
            Some(kind) => self.library.find(kind, id),
            None => kinds.iter().find_map(|&kind| self.library.find(kind, id)),
        };
        match found {
            Some(found) => self.reference(found.entity),
            None => Value::from_pairs([
                ("id", Value::from(id)),
                ("name", Value::from(id)),
                ("missing", true.into()),
            ]),
        }
    }

    /// A front matter value for templates: typed by its shape, references as views.
    pub(super) fn value(&self, entity: &Entity, node: Node<'_>, shape: &Shape) -> Value {
        if node.is_null() {
            return Value::from(());
        }
        if let Shape::Either(options) = shape {
            return self.value(entity, node, crate::schema::choose(node, options));
        }
        if let Some(text) = node.as_str() {
            return match shape {
                Shape::Reference(kinds) => {
                    let kinds: Vec<Kind> = kinds.iter().collect();
                    self.reference_to(text, &kinds)
                }
                Shape::Number | Shape::Core if node.is_plain() => number(text),
                Shape::Bool if node.is_plain() => Value::from(text.eq_ignore_ascii_case("true")),
                Shape::Asset => Value::from(route::picture(self.library, &entity.document.path, text)),
                _ => Value::from(text),
            };
        }
        if node.is_list() {
            let items = match shape {
                Shape::List(items) => items,
                other => other,
            };
            return node.items().map(|item| self.value(entity, item, items)).collect();
        }
        let entries = node.entries().filter_map(|(key, value)| {
            let name = key.as_str()?;
            Some((name, self.value(entity, value, shape.field(name))))
        });
        Value::from_pairs(entries)
    }
}

fn number(text: &str) -> Value {
    match crate::schema::number(text) {
        Some(number) => number
            .as_i64()
            .map(Value::from)
            .or_else(|| number.as_f64().map(Value::from))
            .unwrap_or_else(|| text.into()),
        None => text.into(),
    }
}

/// The summary of an entity; the definition of a term.
pub(super) fn summary(entity: &Entity) -> Option<&str> {
    match &entity.data {
        Some(Data::Term(term)) => Some(&term.definition),
        Some(Data::Journey(journey)) if entity.common.summary.is_none() => Some(&journey.scenario),
        _ => entity.common.summary.as_deref(),
    }
}

/// One or two letters that stand for a name.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|w| w.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

/// A hue from 0 to 359 that stays with an id.
fn hue(id: &str) -> u32 {
    // FNV-1a: the same on every machine and in every version.
    let hash = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    hash % 360
}
