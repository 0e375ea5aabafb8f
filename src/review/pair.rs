//! One entity in both states, and the changes that are noted of it.
//!
//! Whoever compares asks the [`Pair`] for values and tells [`Notes`] what is different: a code, a
//! title for people, the place and the two values. Level, file, line and name are filled in here.

mod notes;

use std::collections::BTreeSet;

pub use notes::{Notes, Values};

use super::pairing::Renames;
use crate::library::{Entity, Library};
use crate::schema::content::{Content, plain};
use crate::schema::shape::{KindSet, Shape};
use crate::schema::{Data, Kind, reference};
use crate::source::yaml::Node;

/// One entity in both states.
#[derive(Clone, Copy)]
pub struct Pair<'a> {
    /// As it was.
    pub before: &'a Entity,
    /// As it is.
    pub after: &'a Entity,
    /// All as it was.
    pub old: &'a Library,
    /// All as it is.
    pub new: &'a Library,
    /// The ids that are others now.
    pub renames: &'a Renames,
}

impl<'a> Pair<'a> {
    /// Both front matters, typed; `None` where one of them does not validate.
    pub fn data(&self) -> Option<(&'a Data, &'a Data)> {
        self.before.data.as_ref().zip(self.after.data.as_ref())
    }

    /// The values at a JSON Pointer in both states, as far as they are written. What is empty is
    /// not written.
    pub fn nodes(&self, pointer: &str) -> (Option<Node<'a>>, Option<Node<'a>>) {
        (node(self.before, pointer), node(self.after, pointer))
    }

    /// The texts at a JSON Pointer in both states, as they are written.
    pub fn texts(&self, pointer: &str) -> (Option<&'a str>, Option<&'a str>) {
        let (before, after) = self.nodes(pointer);
        (before.and_then(Node::as_str), after.and_then(Node::as_str))
    }

    /// What a node of the state before holds, read by its shape. References are written by the ids
    /// of the state after, so that those who mean the same entity are equal.
    pub fn content_before(&self, node: Node<'_>, shape: &Shape) -> Content {
        Content::of(node, shape, &|kinds, text| {
            self.reference_before(kinds, text)
        })
    }

    /// What a node of the state after holds, read by its shape.
    pub fn content_after(&self, node: Node<'_>, shape: &Shape) -> Content {
        Content::of(node, shape, &|kinds, text| {
            self.reference_after(kinds, text)
        })
    }

    /// What values of the two states are, in words for people.
    pub fn words(
        &self,
        (before, after): (Option<Node<'a>>, Option<Node<'a>>),
        shape: &Shape,
    ) -> Values {
        let words = |library: &Library, node: Option<Node<'a>>| {
            let content = Content::of(node?, shape, &|kinds, text| named(library, kinds, text));
            (!content.is_empty()).then(|| content.words())
        };
        (words(self.old, before), words(self.new, after))
    }

    /// What two lists of references name, in words for people; `None` when they name the same.
    pub fn references(
        &self,
        (before, after): (Option<Node<'a>>, Option<Node<'a>>),
        kind: Kind,
    ) -> Option<Values> {
        let old: BTreeSet<String> = self.ids_before(before, kind).collect();
        let new: BTreeSet<String> = self.ids_after(after, kind).collect();
        if old == new {
            return None;
        }
        let words = |library: &Library, node: Option<Node<'a>>| {
            let texts = texts_of(node);
            let kinds: KindSet = [kind].into_iter().collect();
            let names: Vec<String> = texts.map(|text| named(library, kinds, text)).collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        Some((words(self.old, before), words(self.new, after)))
    }

    /// The references in a list of the state before, by the ids of the state after.
    pub fn ids_before(
        &self,
        list: Option<Node<'a>>,
        kind: Kind,
    ) -> impl Iterator<Item = String> + use<'_, 'a> {
        let kinds: KindSet = [kind].into_iter().collect();
        texts_of(list).map(move |text| self.reference_before(kinds, text))
    }

    /// The references in a list of the state after.
    pub fn ids_after(
        &self,
        list: Option<Node<'a>>,
        kind: Kind,
    ) -> impl Iterator<Item = String> + use<'_, 'a> {
        let kinds: KindSet = [kind].into_iter().collect();
        texts_of(list).map(move |text| self.reference_after(kinds, text))
    }

    /// A reference of the state before by the id that it has in the state after: of an entity that
    /// was renamed or merged into another one, that of the other. Without a kind, if there is but one.
    pub fn reference_before(&self, kinds: KindSet, text: &str) -> String {
        written(kinds, text, |kind, id| {
            let found = self.old.find(kind, id)?.entity;
            let renamed = self.renames.get(kind, &found.id);
            let renamed = renamed.or_else(|| Some(&*self.new.find(kind, &found.id)?.entity.id));
            Some(renamed.unwrap_or(&found.id))
        })
    }

    /// A reference of the state after by the id of what it means.
    pub fn reference_after(&self, kinds: KindSet, text: &str) -> String {
        written(kinds, text, |kind, id| {
            Some(&*self.new.find(kind, id)?.entity.id)
        })
    }
}

/// The texts of a list, or the one that stands in its place.
fn texts_of(list: Option<Node<'_>>) -> impl Iterator<Item = &str> {
    let alone = list.and_then(Node::as_str);
    let items = list.into_iter().flat_map(Node::items);
    alone.into_iter().chain(
        items
            .filter(|item| !item.is_null())
            .filter_map(Node::as_str),
    )
}

/// What a reference means, in words for people: the name of the entity, or what is written. Of
/// restricted evidence it is the latter: what is said of a change is read where the evidence is not.
pub fn named(library: &Library, kinds: KindSet, text: &str) -> String {
    let (named, id, anchor) = reference::parse(text, kinds);
    let candidates = kinds.iter().filter(|kind| named.is_none_or(|n| n == *kind));
    let mut found = candidates.filter_map(|kind| library.find(kind, id));
    let found = found.next().map(|found| found.entity);
    let name = found.filter(|e| !e.is_restricted()).map(Entity::name);
    match (name, anchor) {
        (Some(name), Some(anchor)) => format!("{name} ({anchor})"),
        (Some(name), None) => name.to_owned(),
        (None, _) => plain(text),
    }
}

/// A reference with the id that `find` knows of.
fn written<'l>(kinds: KindSet, text: &str, find: impl Fn(Kind, &str) -> Option<&'l str>) -> String {
    let (named, id, anchor) = reference::parse(text, kinds);
    let candidates = kinds.iter().filter(|kind| named.is_none_or(|n| n == *kind));
    let found = candidates
        .into_iter()
        .find_map(|kind| Some((kind, find(kind, id)?)));
    let (kind, id) = found.map_or((named, id), |(kind, id)| (Some(kind), id));
    let mut out = match kind.filter(|_| kinds.iter().nth(1).is_some()) {
        Some(kind) => format!("{kind}:{id}"),
        None => id.to_owned(),
    };
    if let Some(anchor) = anchor {
        out.push('#');
        out.push_str(anchor);
    }
    out
}

/// The value at a JSON Pointer of an entity, if something is written there.
pub fn node<'a>(entity: &'a Entity, pointer: &str) -> Option<Node<'a>> {
    let found = entity.document.root()?.along(pointer).node;
    found.filter(|node| !node.is_null())
}

/// A JSON Pointer one step deeper.
pub fn below(pointer: &str, token: &str) -> String {
    let token = token.replace('~', "~0").replace('/', "~1");
    format!("{pointer}/{token}")
}
