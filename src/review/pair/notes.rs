//! The changes that are noted of one entity.

use std::ops::Range;

use super::Pair;
use crate::diagnostic::Position;
use crate::library::Entity;
use crate::review::{Change, Code};
use crate::schema::Kind;
use crate::schema::kinds::common::Status;
use crate::source::Document;

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
        code: crate::review::code::FIELD_CHANGED,
        level: crate::review::Level::Info,
        kind: named.map_or(Kind::Page, |entity| entity.kind),
        id: named.map_or_else(Default::default, |entity| entity.id.clone()),
        name: named.map_or_else(Default::default, |entity| entity.name().into()),
        count: 1,
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
    use crate::library::Library;
    use crate::review::{Level, Renames, code};
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
