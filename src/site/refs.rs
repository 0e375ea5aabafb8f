//! How pages show other entities, and values that may hold references.

use std::borrow::Cow;
use std::fmt::{Display, Write};
use std::sync::OnceLock;

use minijinja::Value;

use super::letters::Letters;
use super::markdown::escape;
use super::search::Index;
use super::shown::{Shown, Slot};
use super::whole::Whole;
use super::{Site, Theme, emblem, languages, route};
use crate::library::{Entity, EntityId, Library, Translated, Translation, Update};
use crate::schema::kinds::persona::{Persona, Stance};
use crate::schema::shape::Shape;
use crate::schema::{Data, Kind, reference};
use crate::source::yaml::Node;

/// Entities as others show them, made when first needed. What others show of an entity depends on
/// that entity and its picture alone, so after a change only the changed ones are forgotten.
///
/// What is made of all entities together is kept beside them until anything changes.
#[derive(Debug, Default)]
pub struct RefCache {
    slots: Vec<Slot>,
    search: OnceLock<Index>,
    letters: OnceLock<Letters>,
    /// What is the same on every page, without and with a history.
    menus: [OnceLock<Value>; 2],
    /// What was found of the library, whatever the language.
    pub(super) whole: Whole,
    /// The same for the pages in other languages, in the order of the settings.
    editions: Vec<RefCache>,
}

impl RefCache {
    /// An empty cache for a library.
    pub fn new(library: &Library) -> Self {
        let languages = library.settings.languages.iter();
        let mut cache = Self {
            editions: languages.map(|_| Self::default()).collect(),
            whole: Whole::new(library),
            ..Self::default()
        };
        cache.fit(library);
        cache
    }

    /// Follows an update of the library: forgets what is shown of entities that changed, and makes
    /// room for new ones. Costs what the update touched.
    pub fn follow(&mut self, library: &Library, update: &Update) {
        if self.whole.follow(library, update) {
            self.forget_menus();
        }
        self.fit(library);
        let gone = update.removed.iter().chain(&update.showing);
        for &id in update.changed.iter().chain(gone) {
            self.forget(id);
        }
    }

    /// Makes room for all entities of a library that has grown.
    fn fit(&mut self, library: &Library) {
        self.slots.resize_with(library.capacity(), Slot::default);
        self.forget_whole();
        self.editions.iter_mut().for_each(|e| e.fit(library));
    }

    /// Forgets what was made of all entities.
    fn forget_whole(&mut self) {
        self.search.take();
        self.letters.take();
    }

    fn forget_menus(&mut self) {
        self.menus = Default::default();
        self.editions.iter_mut().for_each(Self::forget_menus);
    }

    /// Forgets what is shown of an entity that changed.
    fn forget(&mut self, id: EntityId) {
        if let Some(slot) = self.slots.get_mut(id.index()) {
            *slot = Slot::default();
        }
        self.forget_whole();
        self.editions.iter_mut().for_each(|e| e.forget(id));
    }

    /// What is shown of an entity.
    pub(super) fn slot(&self, id: EntityId) -> Option<&Slot> {
        self.slots.get(id.index())
    }

    /// The cache of a language of translations, by its place in the settings.
    pub(super) fn edition(&self, language: usize) -> Option<&Self> {
        self.editions.get(language)
    }

    /// Forgets everything that is shown, as another theme demands.
    pub fn clear(&mut self) {
        self.forget_whole();
        self.forget_menus();
        self.slots
            .iter_mut()
            .for_each(|slot| *slot = Slot::default());
        self.editions.iter_mut().for_each(Self::clear);
    }
}

/// The page for which a view is made.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    /// Whose page it is.
    pub(super) entity: &'a Entity,
    /// What stands before every path in its links.
    pub(super) root: &'a str,
}

impl<'a> Site<'a> {
    /// The search index. [`Site::routes`] has made it before a build renders anything: made within
    /// one of many renderings, it could wait for itself.
    pub(super) fn search(&self) -> &'a Index {
        self.refs.search.get_or_init(|| Index::of(self))
    }

    /// All entities by the letters of their names.
    pub(super) fn letters(&self) -> &'a Letters {
        self.refs.letters.get_or_init(|| Letters::of(self))
    }

    /// Menu, title and language, which are the same on every page.
    pub(super) fn menu(&self) -> Value {
        let menu = &self.refs.menus[usize::from(self.history.is_some())];
        menu.get_or_init(|| super::view::shared(self)).clone()
    }

    pub(super) fn reference_fields(&self, entity: &Entity) -> Vec<(&'static str, Value)> {
        let path = self.is_published(entity).then(|| self.path_of(entity));
        let (name, summary) = (self.name_of(entity), self.summary_of(entity));
        let status = (!entity.is_restricted()).then(|| entity.status().as_str());
        let mut fields = vec![
            ("kind", entity.kind.name().into()),
            ("id", (*entity.id).into()),
            ("name", name.into()),
            ("path", Value::from(path)),
            ("status", Value::from(status)),
            ("summary", Value::from(summary)),
            ("initials", initials(name).into()),
            ("hue", emblem::hue(&entity.id).into()),
        ];
        // In another language, what has no page in it leads to one in that of the original.
        if self.is_left(entity) {
            fields.push(("lang", Value::from(&self.library.settings.lang)));
        }
        if let Some(Data::Kpi(_)) = &entity.data {
            fields.push(("kpi", super::view::kpi_summary(self, entity)));
        }
        if let Some(Data::Persona(persona)) = &entity.data {
            fields.push(("market", persona.market.as_str().into()));
            fields.push(("stance", persona.stance.as_str().into()));
            if let Some(picture) = self.portrait(entity, persona) {
                fields.push(("portrait", picture.into()));
            } else {
                let negative = persona.stance == Stance::Negative;
                let drawing = emblem::emblem(&entity.id, negative);
                fields.push(("emblem", Value::from_safe_string(drawing)));
            }
        }
        fields
    }

    /// The address of a persona's picture, without `root`.
    pub(super) fn portrait(&self, entity: &Entity, persona: &Persona) -> Option<String> {
        let path = persona.portrait.as_deref()?;
        route::picture(self.library, &entity.document.path, path)
    }

    /// How a reference is shown that is written as `text` in a front matter.
    pub(super) fn shown_as(&self, text: &str, kinds: &[Kind], root: &str) -> Cow<'a, Shown> {
        let set = kinds.iter().copied().collect();
        let (kind, id, _) = reference::parse(text, set);
        let found = match kind {
            Some(kind) => self.library.find(kind, id),
            None => kinds.iter().find_map(|&kind| self.library.find(kind, id)),
        };
        if let Some(found) = found {
            return self.shown(found.entity, root);
        }
        let among = kind.map_or_else(|| kinds.to_vec(), |kind| vec![kind]);
        let gone = self.compared.and_then(|c| c.gone_among(self, among, id));
        let fields = match gone {
            // It has a page that tells what it was.
            Some(was) => vec![
                ("kind", Value::from(was.kind.name())),
                ("id", Value::from(id)),
                ("name", Value::from(was.name())),
                ("path", route::entity_path(was).into()),
                ("gone", true.into()),
            ],
            None => vec![
                ("id", Value::from(id)),
                ("name", Value::from(id)),
                ("missing", true.into()),
            ],
        };
        Cow::Owned(self.new_shown(fields, root))
    }

    /// The view of a reference that is written as `text` in a front matter.
    pub(super) fn reference_to(&self, text: &str, kinds: &[Kind], root: &str) -> Value {
        self.shown_as(text, kinds, root).view.clone()
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
                Shape::Text => self.text(at.entity, node, text),
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

impl<'a> Site<'a> {
    /// A text of a front matter; marked where a translation has left it in the language of the
    /// original.
    fn text(&self, entity: &Entity, node: Node<'_>, text: &str) -> Value {
        let (Some(translated), Some(front)) = (&entity.translated, &entity.document.front) else {
            return Value::from(text);
        };
        let pointer = front.pointer(&entity.document.text, node.id());
        // A unit stands in captions, and an address is shown as a link.
        if pointer == "/unit" || text.starts_with("http") || !translated.lacks(&pointer) {
            return Value::from(text);
        }
        let mut out = String::new();
        self.mark(entity, &pointer, text, &mut out);
        Value::from_safe_string(out)
    }

    /// Writes a text of an entity as HTML, with its language where it is not that of the page.
    pub(super) fn mark(&self, entity: &Entity, pointer: &str, text: &str, out: &mut String) {
        let attributes = self.attributes(entity, pointer);
        let text = escape(text);
        if attributes.is_empty() {
            out.push_str(&text);
        } else {
            let _ = write!(out, "<span{attributes}>{text}</span>");
        }
    }

    /// The attributes of an element that holds the text at a JSON Pointer of an entity.
    /// The pointer is only written for a translation.
    pub(super) fn attributes(&self, entity: &Entity, pointer: impl Display) -> String {
        let translated = entity.translated.as_ref();
        let lacking = translated.filter(|t| t.lacks(&pointer.to_string()));
        lacking.map_or_else(String::new, |_| self.original())
    }

    /// The attributes of what is in the language of the originals.
    pub(super) fn original(&self) -> String {
        languages::attributes(&self.library.settings.lang, self.lang())
    }

    /// Whether what these pages say of an entity stands in the language of the originals, and not
    /// in theirs.
    pub(super) fn is_left(&self, entity: &Entity) -> bool {
        self.language.is_some()
            && self.translation_of(entity).is_none()
            && entity.translated.is_none()
    }

    /// The translation of an entity into the language of these pages.
    pub(super) fn translation_of<'e>(&self, entity: &'e Entity) -> Option<&'e Translation> {
        let lang = self.library.settings.languages.get(self.language?)?;
        let translation = entity.translation(lang)?;
        (!route::is_home(entity)).then_some(translation)
    }

    /// The address of an entity's page, in the language of these pages where there is one.
    pub(super) fn path_of(&self, entity: &Entity) -> String {
        match (&entity.translated, self.translation_of(entity)) {
            (Some(Translated { lang, .. }), _) | (None, Some(Translation { lang, .. })) => {
                route::translated_path(entity, lang)
            }
            (None, None) => route::entity_path(entity),
        }
    }

    /// The name of an entity in the language of these pages.
    pub(super) fn name_of<'e>(&self, entity: &'e Entity) -> &'e str
    where
        'a: 'e,
    {
        if entity.is_restricted() {
            let theme: &'a Theme = self.theme;
            return theme
                .word(&["ref", "restricted"])
                .unwrap_or("Restricted source");
        }
        let translated = self.translation_of(entity).and_then(Translation::name);
        translated.unwrap_or_else(|| entity.name())
    }

    /// The summary of an entity, in the language of these pages where it is translated.
    fn summary_of<'e>(&self, entity: &'e Entity) -> Option<&'e str> {
        if entity.is_restricted() {
            return None;
        }
        let translated = self.translation_of(entity).and_then(|t| {
            let definition = match &entity.data {
                Some(Data::Term(_)) => t.says("/definition"),
                Some(Data::Journey(_)) if entity.common.summary.is_none() => t.says("/scenario"),
                _ => None,
            };
            definition.or_else(|| t.says("/summary"))
        });
        translated.or_else(|| summary(entity))
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
pub(super) fn initials(name: &str) -> String {
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
