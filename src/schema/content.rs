//! A value without its form: what two ways to write it have in common.
//!
//! In: a node of a front matter and its [`Shape`]. Out: its [`Content`]. The order of keys, quotes,
//! block or flow, wrapping, line ends, spaces, and how letters with accents are composed make no
//! difference; nor does `1.0` for `1` where a number is meant, nor what is empty.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::shape::{KindSet, Shape, entry_of, items_of};
use super::typed::{choose, typed};
use crate::source::yaml::Node;

/// A value without its form.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A text, its words with one space between them.
    Text(String),
    /// A number.
    Number(f64),
    /// A truth.
    Flag(bool),
    /// A list.
    List(Vec<Content>),
    /// A mapping, by its keys.
    Map(Vec<(String, Content)>),
}

/// Writes a reference to one of some kinds so that all who mean the same entity are written alike.
pub type Names<'n> = dyn Fn(KindSet, &str) -> String + 'n;

impl Content {
    /// What `node` holds, read by `shape`; references as `names` writes them.
    pub fn of(node: Node<'_>, shape: &Shape, names: &Names<'_>) -> Self {
        if let Shape::Either(options) = shape {
            return Self::of(node, choose(node, options), names);
        }
        if let Some(text) = node.as_str() {
            return match (typed(node, text, shape), shape) {
                (Some(serde_json::Value::Bool(flag)), _) => Self::Flag(flag),
                (Some(serde_json::Value::Number(number)), _) => number
                    .as_f64()
                    .map_or_else(|| Self::Text(plain(text)), Self::Number),
                (_, Shape::Reference(kinds)) => Self::Text(names(*kinds, &plain(text))),
                _ => Self::Text(plain(text)),
            };
        }
        if node.is_list() {
            let items = node.items().filter(|item| !item.is_null());
            let shape = items_of(shape);
            return Self::List(items.map(|item| Self::of(item, shape, names)).collect());
        }
        let keys = match shape {
            Shape::Map { keys, .. } => *keys,
            _ => None,
        };
        let entries = node.entries().filter(|(_, value)| !value.is_null());
        let mut fields: Vec<(String, Self)> = entries
            .filter_map(|(key, value)| {
                let name = key.as_str()?;
                let value = Self::of(value, entry_of(shape, name), names);
                let name = match keys {
                    Some(kinds) => names(kinds, &plain(name)),
                    None => plain(name),
                };
                Some((name, value))
            })
            .filter(|(_, value)| !value.is_empty())
            .collect();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        Self::Map(fields)
    }

    /// What `node` holds for readers who know no schema.
    pub fn untyped(node: Node<'_>) -> Self {
        Self::of(node, &Shape::Text, &|_, text| text.to_owned())
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Number(_) | Self::Flag(_) => false,
            Self::List(items) => items.is_empty(),
            Self::Map(fields) => fields.is_empty(),
        }
    }

    /// It in words for people.
    pub fn words(&self) -> String {
        let joined = |parts: Vec<String>, between: &str| parts.join(between);
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Flag(true) => "yes".to_owned(),
            Self::Flag(false) => "no".to_owned(),
            Self::List(items) => {
                let long = items.iter().any(|item| match item {
                    Self::Text(text) => text.contains([',', ';']),
                    item => matches!(item, Self::Map(_) | Self::List(_)),
                });
                let between = if long { "; " } else { ", " };
                joined(items.iter().map(Self::words).collect(), between)
            }
            Self::Map(fields) => {
                let fields = fields.iter();
                let fields = fields.map(|(name, value)| format!("{name}: {}", value.words()));
                joined(fields.collect(), ", ")
            }
        }
    }

    /// The id of a claim or a step; a text is its own.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Map(fields) => fields.iter().find_map(|(name, value)| match value {
                Self::Text(id) if name == "id" => Some(id.as_str()),
                _ => None,
            }),
            _ => None,
        }
    }
}

/// A text as its words with one space between them, its letters composed.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        if is_nfc(word) {
            out.push_str(word);
        } else {
            out.extend(word.nfc());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Kind, Schemas, Settings};
    use crate::source::{Document, Memory};

    fn content(front: &str) -> Content {
        let path = "content/personas/a.md";
        let text = format!("---\n{front}\n---\n");
        let tree = Memory::default().with(path, text);
        let document = Document::read(&tree, &path.into(), true);
        let schemas = Schemas::new(&Settings::default()).expect("compiles");
        let names = |kinds, text: &str| crate::schema::reference::parse(text, kinds).1.to_owned();
        Content::of(
            document.root().expect("read"),
            schemas.shape(Kind::Persona),
            &names,
        )
    }

    #[test]
    fn form_is_no_content() {
        let same = [
            "name: Zoë\ntraits: {a: 3}\nsegments: [x, y]\nsummary: one two\nquote:",
            "traits:\n  a: 3.0\nsummary: >\n  one\n  two\nname: \"Zoe\u{308}\"\nsegments:\r\n- segment:x\n- 'y'\ntags: []",
        ];
        assert_eq!(content(same[0]), content(same[1]));
        // What is a text stays what the author wrote.
        assert_ne!(content("name: 017"), content("name: 17"));
        assert_ne!(content("segments: [x, y]"), content("segments: [y, x]"));
    }
}
