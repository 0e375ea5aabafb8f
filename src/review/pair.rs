//! One entity in both states, and the changes that are noted of it.
//!
//! Whoever compares asks the [`Pair`] for values and tells [`Notes`] what is different: a code, a
//! title for people, the place and the two values. Level, file, line and name are filled in here.

use std::collections::BTreeSet;
use std::ops::Range;

use super::pairing::Renames;
use super::{Change, Code};
use crate::diagnostic::Position;
use crate::library::{Entity, Library};
use crate::schema::content::{Content, plain};
use crate::schema::kinds::common::Status;
use crate::schema::shape::{KindSet, Shape};
use crate::schema::{Data, Kind, reference};
use crate::source::Document;
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

/// What a reference means, in words for people: the name of the entity, or what is written.
pub fn named(library: &Library, kinds: KindSet, text: &str) -> String {
    let (named, id, anchor) = reference::parse(text, kinds);
    let candidates = kinds.iter().filter(|kind| named.is_none_or(|n| n == *kind));
    let mut found = candidates.filter_map(|kind| library.find(kind, id));
    let name = found.next().map(|found| found.entity.name());
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

/// What a value was and what it is, in words for people.
pub type Values = (Option<String>, Option<String>);

/// The changes of one entity.
pub struct Notes<'a> {
    before: Option<&'a Entity>,
    after: Option<&'a Entity>,
    changes: Vec<Change>,
}

impl<'a> Notes<'a> {
    /// For an entity that is there in both states.
    pub fn of(pair: &Pair<'a>) -> Self {
        Self {
            before: Some(pair.before),
            after: Some(pair.after),
            changes: Vec::new(),
        }
    }

    /// For an entity that is there after the change alone.
    pub fn came(entity: &'a Entity) -> Self {
        Self {
            before: None,
            after: Some(entity),
            changes: Vec::new(),
        }
    }

    /// For an entity that was there before the change alone.
    pub fn went(entity: &'a Entity) -> Self {
        Self {
            before: Some(entity),
            after: None,
            changes: Vec::new(),
        }
    }

    /// Notes a change whose place is in the state after: the value at the JSON Pointer `pointer`,
    /// or the deepest one on the way to it that exists. What is told can be made more exact, such
    /// as by [`Change::at`].
    pub fn add(
        &mut self,
        code: &'static Code,
        title: impl Into<String>,
        pointer: impl Into<String>,
        (before, after): Values,
    ) -> &mut Change {
        self.note(code, title.into(), pointer.into(), (before, after), false)
    }

    /// Notes that something is gone. Its place is in the state before.
    pub fn gone(
        &mut self,
        code: &'static Code,
        title: impl Into<String>,
        pointer: impl Into<String>,
        before: Option<String>,
    ) -> &mut Change {
        self.note(code, title.into(), pointer.into(), (before, None), true)
    }

    /// Notes that a value came, went or is another: by which of `values` are there.
    pub fn value(
        &mut self,
        codes: [&'static Code; 3],
        title: &str,
        pointer: impl Into<String>,
        values: Values,
    ) -> &mut Change {
        let [added, changed, removed] = codes;
        match values {
            (before, None) => self.gone(removed, format!("{title} removed"), pointer, before),
            (None, after) => self.add(added, format!("{title} added"), pointer, (None, after)),
            both => self.add(changed, format!("{title} changed"), pointer, both),
        }
    }

    fn note(
        &mut self,
        code: &'static Code,
        title: String,
        pointer: String,
        (before, after): Values,
        is_before: bool,
    ) -> &mut Change {
        let there = if is_before {
            self.before.or(self.after)
        } else {
            self.after.or(self.before)
        };
        // Nobody relies on a draft. One that is published with this change was a draft for all who
        // knew it; one that becomes a draft is taken from those who relied on it.
        let first = self.before.or(self.after);
        let level = match first.map(Entity::status) {
            Some(Status::Draft) => code.level.lower(),
            _ => code.level,
        };
        let at = self.changes.len();
        self.changes.push(Change {
            code,
            level,
            title,
            before,
            after,
            is_before,
            ..placed(there, self.after.or(self.before), pointer)
        });
        &mut self.changes[at]
    }

    /// Whether anything is noted.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// What is noted.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// What was noted, to be kept.
    pub fn into_changes(self) -> Vec<Change> {
        self.changes
    }
}

/// A change of `named`, at a place in the file of `there`.
fn placed(there: Option<&Entity>, named: Option<&Entity>, pointer: String) -> Change {
    let start = there.map_or_else(Position::default, |entity| start(entity, &pointer));
    Change {
        code: super::code::FIELD_CHANGED,
        level: super::Level::Info,
        kind: named.map_or(Kind::Page, |entity| entity.kind),
        id: named.map_or_else(Default::default, |entity| entity.id.clone()),
        name: named.map_or_else(Default::default, |entity| entity.name().into()),
        title: String::new(),
        pointer,
        before: None,
        after: None,
        path: there.map_or_else(|| "".into(), |entity| entity.document.path.clone()),
        start,
        is_before: false,
        impact: Vec::new(),
        more: 0,
    }
}

/// Where a value begins: at its key, if it has one.
fn start(entity: &Entity, pointer: &str) -> Position {
    let document = &entity.document;
    let root = document.root().filter(|_| !pointer.is_empty());
    let mut span = document.opening();
    let mut end = pointer.len();
    while let Some(root) = root {
        let walk = root.along(&pointer[..end]);
        if let (Some(found), false) = (walk.key.or(walk.node), end == 0) {
            span = found.span();
            break;
        }
        let Some(shorter) = pointer[..end].rfind('/') else {
            break;
        };
        end = shorter;
    }
    document.place(span).start
}

impl Change {
    /// Puts it at the bytes `span` of another file of the entity, such as its measurements.
    pub fn at(&mut self, document: &Document, span: Range<usize>) -> &mut Self {
        self.path = document.path.clone();
        self.start = document.place(span).start;
        self
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::review::{Level, code};
    use crate::source::Memory;

    fn library(text: &str) -> Library {
        Library::load(Arc::new(
            Memory::default().with("content/personas/ann.md", text),
        ))
    }

    fn noted(before: &str, after: &str, pointer: &str, gone: bool) -> Change {
        let (old, new) = (library(before), library(after));
        let before = old.get(Kind::Persona, "ann").expect("there");
        let after = new.get(Kind::Persona, "ann").expect("there");
        let pair = Pair {
            before,
            after,
            old: &old,
            new: &new,
            renames: &Renames::default(),
        };
        let mut notes = Notes::of(&pair);
        if gone {
            notes.gone(
                code::CLAIM_REMOVED,
                "Goal removed",
                pointer,
                Some("a".into()),
            );
        } else {
            notes.add(
                code::CLAIM_ADDED,
                "Goal added",
                pointer,
                (None, Some("b".into())),
            );
        }
        notes.into_changes().remove(0)
    }

    #[test]
    fn a_note_knows_its_place_on_either_side() {
        let before = "---\nname: Ann\ngoals:\n  - Ride\n---\n";
        let after = "---\nname: Ann B\n\ngoals:\n- {text: Ride}\n- Swim\n---\n";
        let added = noted(before, after, "/goals/1", false);
        assert_eq!((added.start.line, added.start.column), (6, 3));
        assert_eq!((&*added.name, added.is_before), ("Ann B", false));
        let gone = noted(before, after, "/goals/0", true);
        assert_eq!((gone.start.line, gone.is_before), (4, true));
        // The deepest place there is; at the last the entity.
        assert_eq!(noted(before, after, "/goals/7/text", false).start.line, 4);
        assert_eq!(noted(before, after, "/needs", false).start.line, 1);
        assert_eq!(noted(before, after, "", false).start.line, 1);
    }

    #[test]
    fn what_was_a_draft_matters_one_level_less() {
        let text = |status: &str| format!("---\nname: Ann\nstatus: {status}\n---\n");
        let level = |before: &str, after: &str| noted(&text(before), &text(after), "", true).level;
        assert_eq!(level("draft", "draft"), Level::Info);
        assert_eq!(level("draft", "active"), Level::Info);
        assert_eq!(level("active", "draft"), Level::Review);
    }
}
