//! The settings of a project in two states.
//!
//! They are compared as a front matter is, by the schema of `personary.yaml`. What rules judge,
//! which fields there are and when a check fails is for review; how the site looks is not.

use super::code::SETTINGS_CHANGED;
use super::fields::{Field, Walk, names};
use super::pair::{Notes, Pair, below};
use super::{Change, Level, Renames};
use crate::library::{Entity, Library, SETTINGS_FILE};
use crate::schema::shape::Shape;
use crate::schema::{Kind, settings_schema};
use crate::source::{Document, Memory};

/// Settings that nobody's content depends on: how the site is called and looks.
const LOOKS: [&str; 8] = [
    "title",
    "description",
    "base_url",
    "theme",
    "logo",
    "brand",
    "edit_url",
    "history",
];

/// The changes of the settings. Each stands under the page `personary.yaml`, which no page can be
/// called.
pub(super) fn changes(old: &Library, new: &Library) -> Vec<Change> {
    let text = |library: &'_ Library| library.settings_document().map(|d| d.text.clone());
    if text(old) == text(new) {
        return Vec::new();
    }
    let entity = |library: &Library| {
        let empty = || {
            Document::read_yaml(
                &Memory::default().with(SETTINGS_FILE, ""),
                &SETTINGS_FILE.into(),
            )
        };
        let document = library.settings_document().cloned();
        Entity::of_text(document.unwrap_or_else(empty), Kind::Page, SETTINGS_FILE)
    };
    let (before, after) = (entity(old), entity(new));
    let pair = Pair {
        before: &before,
        after: &after,
        old,
        new,
        renames: &Renames::default(),
    };
    let schema = settings_schema();
    let shape = Shape::compile(&schema, &schema);
    let all = Field::document(&schema, &shape);
    let mut notes = Notes::of(&pair);
    let roots = (before.document.root(), after.document.root());
    let names = match roots {
        (Some(old), Some(new)) => names(old, new),
        (one, other) => one
            .or(other)
            .map_or_else(Vec::new, |root| names(root, root)),
    };
    for name in names {
        let field = all.entry(&name);
        let pointer = below("", &name);
        let label = field.label(&name);
        let both = pair.nodes(&pointer);
        let codes = [SETTINGS_CHANGED; 3];
        let (pair, notes) = (&pair, &mut notes);
        Walk { pair, notes, codes }.walk(&pointer, &label, field, both);
    }
    let mut changes = notes.into_changes();
    for change in &mut changes {
        change.name = "Settings".into();
        let top = change.pointer.split('/').nth(1).unwrap_or_default();
        if LOOKS.contains(&top) {
            change.level = Level::Info;
        }
        if let Some(rule) = change.pointer.strip_prefix("/rules/") {
            change.title = match (&change.before, change.after.as_deref()) {
                (_, Some("off")) => format!("Rule switched off: {rule}"),
                (Some(before), _) if before == "off" => format!("Rule switched on: {rule}"),
                _ => format!("Rule set differently: {rule}"),
            };
        }
    }
    changes
}
