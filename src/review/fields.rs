//! Fields that are compared by what the schema says of them: all that nobody knows more about,
//! custom fields among them.
//!
//! In: a field in both states. Out: a change for each value in it that is different, titled by the
//! labels of the schema. Mappings are compared key by key, lists of sentences sentence by sentence.

use foldhash::HashSet;
use serde_json::Value;

use super::Code;
use super::code::{FIELD_ADDED, FIELD_CHANGED, FIELD_REMOVED};
use super::matching::{Matching, word_set};
use super::pair::{Notes, Pair, below};
use crate::library::Library;
use crate::schema::content::Content;
use crate::schema::shape::{self, Shape, items_of};
use crate::source::yaml::Node;

/// The codes of what came, is another, and went.
pub(super) type Codes = [&'static Code; 3];

/// The codes of any field.
pub(super) const FIELD: Codes = [FIELD_ADDED, FIELD_CHANGED, FIELD_REMOVED];

/// Lists of ours whose order means something; the others are sets. Of those that a project adds it
/// is the other way round: references and words of a closed list are sets, and what says that each
/// item is there once.
const SEQUENCES: [&str; 4] = ["preferred", "stages", "steps", "backstage"];
/// By which of their fields items of a list are found again.
const KEYS: [&str; 7] = ["id", "persona", "rule", "name", "text", "action", "paths"];
/// From how many words on a text is a sentence, which is compared with others by its words.
const SENTENCE: usize = 4;
/// How much of two items must be the same for one to be the other, as for claims.
const ALIKE: f64 = 0.5;

/// A field, as far as its schema is known.
#[derive(Clone, Copy)]
pub(super) struct Field<'s> {
    root: &'s Value,
    schema: &'s Value,
    shape: &'s Shape,
    /// Whether the project has added it.
    custom: bool,
}

/// Compares a field at the top of the front matter by what the schema says of it.
pub(super) fn compare<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>, name: &str, codes: Codes) {
    let field = Field::of(pair, name);
    let pointer = below("", name);
    let label = field.label(name);
    let both = pair.nodes(&pointer);
    let is_restricted = |library: &Library| library.settings.is_restricted(pair.after.kind, name);
    if !is_restricted(pair.old) && !is_restricted(pair.new) {
        Walk { pair, notes, codes }.walk(&pointer, &label, field, both);
        return;
    }
    // A report is read where the files are not: it says that there is a change, and not which.
    let mut hidden = Notes::of(pair);
    Walk {
        pair,
        notes: &mut hidden,
        codes,
    }
    .walk(&pointer, &label, field, both);
    if !hidden.is_empty() {
        let title = format!("{label} changed (restricted)");
        notes.add(codes[1], title, pointer, (None, None));
    }
}

impl<'s> Field<'s> {
    /// A field at the top of the front matter. One that the settings have no more is read as it
    /// was meant.
    fn of(pair: &Pair<'s>, name: &str) -> Self {
        let kind = pair.after.kind;
        let of = |library: &'s Library| {
            let root = library.schemas.json(kind);
            Some(Self {
                root,
                schema: root.get("properties")?.get(name)?,
                shape: library.schemas.shape(kind).field(name),
                custom: library.settings.custom_fields(kind).any(|(n, _)| n == name),
            })
        };
        of(pair.new).or_else(|| of(pair.old)).unwrap_or(Self {
            root: &Value::Null,
            schema: &Value::Null,
            shape: &Shape::Core,
            custom: true,
        })
    }

    /// A part of a document that has a schema of its own.
    pub(super) fn document(root: &'s Value, shape: &'s Shape) -> Self {
        Self {
            root,
            schema: root,
            shape,
            custom: false,
        }
    }
    pub(super) fn label(self, name: &str) -> String {
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

    pub(super) fn entry(self, name: &str) -> Self {
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
            custom: self.custom,
        }
    }

    fn items(self) -> Self {
        let schema = shape::resolve(self.root, self.schema);
        Self {
            root: self.root,
            schema: schema.get("items").unwrap_or(&Value::Null),
            shape: items_of(self.shape),
            custom: self.custom,
        }
    }

    /// Whether the order of a list means something.
    fn is_sequence(self, pointer: &str) -> bool {
        let name = pointer.rsplit('/').next().unwrap_or(pointer);
        if !self.custom {
            return SEQUENCES.contains(&name);
        }
        let schema = shape::resolve(self.root, self.schema);
        let items = self.items();
        let is_set = schema.get("uniqueItems") == Some(&Value::Bool(true))
            || shape::resolve(items.root, items.schema)
                .get("enum")
                .is_some()
            || matches!(items.shape, Shape::Reference(_));
        !is_set
    }
}

/// Goes through a value in both states.
pub(super) struct Walk<'w, 'a> {
    pub(super) pair: &'w Pair<'a>,
    pub(super) notes: &'w mut Notes<'a>,
    pub(super) codes: Codes,
}

type Both<'a> = (Option<Node<'a>>, Option<Node<'a>>);

impl<'a> Walk<'_, 'a> {
    /// Notes what is different in the value at a JSON Pointer.
    pub(super) fn walk(
        &mut self,
        pointer: &str,
        label: &str,
        field: Field<'_>,
        (old, new): Both<'a>,
    ) {
        let before = old.map(|node| self.pair.content_before(node, field.shape));
        let after = new.map(|node| self.pair.content_after(node, field.shape));
        let before = before.filter(|content| !content.is_empty());
        let after = after.filter(|content| !content.is_empty());
        match (&before, &after) {
            (before, after) if before == after => {}
            (Some(Content::Map(_)), Some(Content::Map(_))) => {
                let both = old.zip(new);
                for name in both.map_or_else(Vec::new, |(old, new)| names(old, new)) {
                    let entry = field.entry(&name);
                    let label = format!("{label}: {}", lower(&entry.label(&name)));
                    let get = |node: Option<Node<'a>>| node?.get(&name).filter(|n| !n.is_null());
                    self.walk(&below(pointer, &name), &label, entry, (get(old), get(new)));
                }
            }
            (Some(Content::List(_)), Some(Content::List(_))) => {
                self.list(pointer, label, field, (old, new));
            }
            _ => {
                let values = self.pair.words((old, new), field.shape);
                self.notes.value(self.codes, label, pointer, values);
            }
        }
    }

    /// Lists of words and numbers are told as a whole, others item by item.
    fn list(&mut self, pointer: &str, label: &str, field: Field<'_>, both: Both<'a>) {
        let shape = field.items().shape;
        let items = |node: Option<Node<'a>>, read: &dyn Fn(Node<'a>) -> Content| {
            let items = node.into_iter().flat_map(Node::items).enumerate();
            let items = items.filter(|(_, node)| !node.is_null());
            let items = items.map(|(index, node)| Item {
                index,
                node,
                words: read(node).words(),
            });
            items.collect::<Vec<_>>()
        };
        let old = items(both.0, &|node| self.pair.content_before(node, shape));
        let new = items(both.1, &|node| self.pair.content_after(node, shape));
        let mut matching = Matching::new(old.len(), new.len());
        matching.by(|at| Some(&*old[at].words), |at| Some(&*new[at].words));
        let is_sequence = field.is_sequence(pointer);
        if !is_sequence {
            // What a set holds twice it holds once.
            let words = |items: &[Item<'a>]| -> HashSet<String> {
                items.iter().map(|item| item.words.clone()).collect()
            };
            let (before, after) = (words(&old), words(&new));
            matching.went.retain(|&at| !after.contains(&old[at].words));
            matching.came.retain(|&at| !before.contains(&new[at].words));
        }
        let is_same = matching.went.is_empty() && matching.came.is_empty();
        if is_same || is_sequence && matching.is_reordered() {
            if is_sequence {
                let values = self.pair.words(both, field.shape);
                let title = format!("{label}: order changed");
                self.notes.add(self.codes[1], title, pointer, values);
            }
            if is_same {
                return;
            }
        }
        if !old.iter().chain(&new).any(Item::is_long) {
            let values = self.pair.words(both, field.shape);
            self.notes.value(self.codes, label, pointer, values);
            return;
        }
        matching.by(|at| old[at].key(), |at| new[at].key());
        matching.alike(
            |at| word_set(&old[at].words),
            |at| word_set(&new[at].words),
            |_, _, share| share >= ALIKE,
        );
        let place = |item: &Item<'a>| below(pointer, &item.index.to_string());
        let words = |both: Both<'a>| self.pair.words(both, shape);
        for &at in &matching.went {
            let title = format!("{label}: one removed");
            let before = words((Some(old[at].node), None)).0;
            self.notes
                .gone(self.codes[2], title, place(&old[at]), before);
        }
        for &at in &matching.came {
            let title = format!("{label}: one added");
            let values = words((None, Some(new[at].node)));
            self.notes
                .add(self.codes[0], title, place(&new[at]), values);
        }
        for &(before, after) in &matching.pairs {
            let (old, new) = (&old[before], &new[after]);
            let both = (Some(old.node), Some(new.node));
            if old.node.is_map() && new.node.is_map() {
                self.walk(&place(new), label, field.items(), both);
            } else if old.words != new.words {
                let title = format!("{label}: one reworded");
                self.notes
                    .add(self.codes[1], title, place(new), words(both));
            }
        }
    }
}

/// An item of a list.
struct Item<'a> {
    index: usize,
    node: Node<'a>,
    words: String,
}

impl<'a> Item<'a> {
    /// Whether it is more than a word or a number.
    fn is_long(&self) -> bool {
        let is_sentence = || self.words.split(' ').nth(SENTENCE - 1).is_some();
        self.node.as_str().is_none() || is_sentence()
    }

    /// By what it is found again.
    fn key(&self) -> Option<(&'static str, &'a str)> {
        let found = KEYS.iter().find_map(|&key| {
            let value = self.node.get(key)?.as_str()?;
            Some((key, value))
        });
        found.filter(|_| self.node.is_map())
    }
}

/// The keys of two mappings, those of the newer one first.
pub(super) fn names(old: Node<'_>, new: Node<'_>) -> Vec<String> {
    let keys = new.entries().chain(old.entries());
    let keys = keys.filter_map(|(key, _)| key.as_str());
    let mut known: HashSet<&str> = HashSet::default();
    keys.filter(|name| known.insert(name))
        .map(str::to_owned)
        .collect()
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
