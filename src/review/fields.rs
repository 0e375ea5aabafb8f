//! Fields that are compared by what the schema says of them: all that nobody knows more about,
//! custom fields among them.
//!
//! In: a field in both states. Out: a change for each value in it that is different, titled by the
//! labels of the schema. Mappings are compared key by key, lists of sentences sentence by sentence.

use serde_json::Value;

use super::Code;
use super::code::{FIELD_ADDED, FIELD_CHANGED, FIELD_REMOVED};
use super::pair::{Notes, Pair, below};
use crate::schema::content::Content;
use crate::schema::shape::{self, Shape};
use crate::source::yaml::Node;

/// The codes of what came, is another, and went.
pub(super) type Codes = [&'static Code; 3];

/// The codes of any field.
pub(super) const FIELD: Codes = [FIELD_ADDED, FIELD_CHANGED, FIELD_REMOVED];

/// A field, as far as its schema is known.
#[derive(Clone, Copy)]
struct Field<'s> {
    root: &'s Value,
    schema: &'s Value,
    shape: &'s Shape,
}

/// Compares a field at the top of the front matter by what the schema says of it.
pub(super) fn compare<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>, name: &str, codes: Codes) {
    let kind = pair.after.kind;
    let root = pair.new.schemas.json(kind);
    let known = root.get("properties").and_then(|fields| fields.get(name));
    // A custom field that the settings have no more is read as it was meant.
    let old = pair.old.schemas.json(kind);
    let old = old.get("properties").and_then(|fields| fields.get(name));
    let (root, schemas) = match known {
        None if old.is_some() => (pair.old.schemas.json(kind), &pair.old.schemas),
        _ => (root, &pair.new.schemas),
    };
    let field = Field {
        root,
        schema: known.or(old).unwrap_or(&Value::Null),
        shape: schemas.shape(kind).field(name),
    };
    let pointer = below("", name);
    let both = pair.nodes(&pointer);
    Walk { pair, notes, codes }.walk(&pointer, &field.label(name), field, both);
}

impl<'s> Field<'s> {
    fn label(self, name: &str) -> String {
        let titles = [self.schema, shape::resolve(self.root, self.schema)];
        let title = titles
            .iter()
            .find_map(|schema| schema.get("title")?.as_str());
        title.map_or_else(|| shape::title(name), str::to_owned)
    }

    /// The schema of the form that is a mapping.
    fn mapping(self) -> Option<&'s Value> {
        let schema = shape::resolve(self.root, self.schema);
        let forms = schema.get("anyOf").or_else(|| schema.get("oneOf"));
        let forms = forms.and_then(Value::as_array).into_iter().flatten();
        let forms = forms.map(|form| shape::resolve(self.root, form));
        std::iter::once(schema)
            .chain(forms)
            .find(|form| form.get("properties").is_some())
    }

    fn entry(self, name: &str) -> Self {
        let properties = self.mapping().and_then(|schema| schema.get("properties"));
        let shape = match self.shape {
            Shape::Either(options) => options
                .iter()
                .find(|option| matches!(option, Shape::Map { .. }))
                .unwrap_or(&Shape::Text),
            shape => shape,
        };
        Self {
            root: self.root,
            schema: properties.and_then(|p| p.get(name)).unwrap_or(&Value::Null),
            shape: match shape {
                Shape::Core => shape,
                _ => shape.field(name),
            },
        }
    }
}

struct Walk<'w, 'a> {
    pair: &'w Pair<'a>,
    notes: &'w mut Notes<'a>,
    codes: Codes,
}

type Both<'a> = (Option<Node<'a>>, Option<Node<'a>>);

impl<'a> Walk<'_, 'a> {
    fn walk(&mut self, pointer: &str, label: &str, field: Field<'_>, (old, new): Both<'a>) {
        let pair = self.pair;
        let before = old.map(|node| pair.content_before(node, field.shape));
        let after = new.map(|node| pair.content_after(node, field.shape));
        let before = before.filter(|content| !content.is_empty());
        let after = after.filter(|content| !content.is_empty());
        if before == after {
            return;
        }
        if let (Some(old), Some(new)) = (old, new)
            && old.is_map()
            && new.is_map()
        {
            for name in names(old, new) {
                let entry = field.entry(&name);
                let label = format!("{label}: {}", lower(&entry.label(&name)));
                let get = |node: Node<'a>| node.get(&name).filter(|node| !node.is_null());
                let both = (get(old), get(new));
                self.walk(&below(pointer, &name), &label, entry, both);
            }
            return;
        }
        let values = (
            before.as_ref().map(Content::words),
            after.as_ref().map(Content::words),
        );
        self.notes.value(self.codes, label, pointer, values);
    }
}

/// The keys of two mappings, those of the newer one first.
pub(super) fn names(old: Node<'_>, new: Node<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (key, _) in new.entries().chain(old.entries()) {
        if let Some(name) = key.as_str()
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

/// A label within a title: small, unless it is an abbreviation.
fn lower(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.next()) {
        (Some(first), second) if second.is_none_or(|c| !c.is_uppercase()) => {
            let rest = &label[first.len_utf8()..];
            first.to_lowercase().chain(rest.chars()).collect()
        }
        _ => label.to_owned(),
    }
}
