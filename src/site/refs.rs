//! How pages show other entities, and values that may hold references.

use std::sync::{PoisonError, RwLock};

use minijinja::Value;

use super::fields::view;
use super::{Site, route};
use crate::library::{Entity, EntityId, Library};
use crate::schema::shape::Shape;
use crate::schema::{Data, Kind, reference};
use crate::source::yaml::Node;

/// The views of entities as others show them, made when first needed. An entity's view depends on
/// that entity alone, so after a change only the changed ones are forgotten.
#[derive(Debug, Default)]
pub struct RefCache {
    slots: Vec<Slot>,
}

/// The views of one entity, by what stands before its address. Nearly all pages are equally deep,
/// so there are two or three.
type Slot = RwLock<Vec<(Box<str>, Value)>>;

impl RefCache {
    /// An empty cache for a library.
    pub fn new(library: &Library) -> Self {
        let mut cache = Self::default();
        cache.fit(library);
        cache
    }

    /// Makes room for all entities of a library that has grown.
    pub fn fit(&mut self, library: &Library) {
        self.slots.resize_with(library.capacity(), Slot::default);
    }

    /// Forgets the view of an entity that changed.
    pub fn forget(&mut self, id: EntityId) {
        if let Some(slot) = self.slots.get_mut(id.index()) {
            slot.get_mut()
                .unwrap_or_else(PoisonError::into_inner)
                .clear();
        }
    }

    /// Forgets everything, as another theme demands.
    pub fn clear(&mut self) {
        self.slots
            .iter_mut()
            .for_each(|slot| *slot = Slot::default());
    }
}

/// What the theme makes of a reference, and with which template.
const HTML: [(&str, &str); 3] = [
    ("link", "_link.html"),
    ("chip", "_chip.html"),
    ("tile", "_tile.html"),
];

/// The page for which a view is made.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    /// Whose page it is.
    pub(super) entity: &'a Entity,
    /// What stands before every path in its links.
    pub(super) root: &'a str,
}

impl Site<'_> {
    /// How pages whose links start with `root` show `entity`: name, address, status, and the HTML
    /// of a link and of a chip, which the theme makes once for all pages.
    pub(super) fn reference(&self, entity: &Entity, root: &str) -> Value {
        let Some(slot) = self.refs.slots.get(entity.index.index()) else {
            return self.new_reference(entity, root);
        };
        let known = |views: &[(Box<str>, Value)]| {
            let found = views.iter().find(|(at, _)| **at == *root);
            found.map(|(_, view)| view.clone())
        };
        if let Some(view) = known(&slot.read().unwrap_or_else(PoisonError::into_inner)) {
            return view;
        }
        let view = self.new_reference(entity, root);
        let mut views = slot.write().unwrap_or_else(PoisonError::into_inner);
        views.push((root.into(), view.clone()));
        view
    }

    fn new_reference(&self, entity: &Entity, root: &str) -> Value {
        self.with_html(self.reference_fields(entity), root)
    }

    /// Adds what the theme makes of a reference.
    pub(super) fn with_html(&self, mut fields: Vec<(&'static str, Value)>, root: &str) -> Value {
        for (name, template) in HTML {
            let mut context = fields.clone();
            context.push(("root", root.into()));
            context.push(("labels", self.theme.labels.clone()));
            // A broken template is reported by the pages that use it as a whole.
            let html = self
                .theme
                .render(template, view(context))
                .unwrap_or_default();
            fields.push((name, Value::from_safe_string(html.trim().to_owned())));
        }
        view(fields)
    }

    pub(super) fn reference_fields(&self, entity: &Entity) -> Vec<(&'static str, Value)> {
        let path = self
            .is_published(entity)
            .then(|| route::entity_path(entity));
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
        if let Some(Data::Kpi(_)) = &entity.data {
            fields.push(("kpi", super::view::kpi_summary(entity)));
        }
        if let Some(Data::Persona(persona)) = &entity.data {
            fields.push(("market", persona.market.as_str().into()));
            fields.push(("stance", persona.stance.as_str().into()));
            let portrait = persona.portrait.as_deref();
            let picture =
                portrait.and_then(|p| route::picture(self.library, &entity.document.path, p));
            if let Some(picture) = picture {
                fields.push(("portrait", picture.into()));
            }
        }
        fields
    }

    /// The view of a reference as written in front matter.
    pub(super) fn reference_to(&self, text: &str, kinds: &[Kind], root: &str) -> Value {
        let set = kinds.iter().copied().collect();
        let (kind, id, _) = reference::parse(text, set);
        let found = match kind {
            Some(kind) => self.library.find(kind, id),
            None => kinds.iter().find_map(|&kind| self.library.find(kind, id)),
        };
        match found {
            Some(found) => self.reference(found.entity, root),
            None => self.with_html(
                vec![
                    ("id", Value::from(id)),
                    ("name", Value::from(id)),
                    ("missing", true.into()),
                ],
                root,
            ),
        }
    }

    /// A front matter value for templates: typed by its shape, references as views.
    pub(super) fn value(&self, at: At<'_>, node: Node<'_>, shape: &Shape) -> Value {
        if node.is_null() {
            return Value::from(());
        }
        if let Shape::Either(options) = shape {
            return self.value(at, node, crate::schema::choose(node, options));
        }
        if let Some(text) = node.as_str() {
            return match shape {
                Shape::Reference(kinds) => {
                    let kinds: Vec<Kind> = kinds.iter().collect();
                    self.reference_to(text, &kinds, at.root)
                }
                Shape::Number | Shape::Core if node.is_plain() => number(text),
                Shape::Bool if node.is_plain() => Value::from(text.eq_ignore_ascii_case("true")),
                Shape::Asset => {
                    Value::from(route::picture(self.library, &at.entity.document.path, text))
                }
                _ => Value::from(text),
            };
        }
        if node.is_list() {
            let items = match shape {
                Shape::List(items) => items,
                other => other,
            };
            return node
                .items()
                .map(|item| self.value(at, item, items))
                .collect();
        }
        let entries = node.entries().filter_map(|(key, value)| {
            let name = key.as_str()?;
            Some((name, self.value(at, value, shape.field(name))))
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
    let mut words = name
        .split_whitespace()
        .filter_map(|w| w.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first
        .into_iter()
        .chain(words.next_back())
        .flat_map(char::to_uppercase)
        .collect()
}

/// A hue from 0 to 359 that stays with an id.
fn hue(id: &str) -> u32 {
    // FNV-1a: the same on every machine and in every version.
    let hash = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    hash % 360
}
