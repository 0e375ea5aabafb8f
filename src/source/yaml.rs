//! YAML 1.2 with the place of every key and value.
//!
//! In: a piece of a file. Out: a [`Yaml`], an arena of nodes that borrow their text from the file
//! by range, so that a document costs one allocation for its tree and one for its text. Scalars
//! are not typed: `no`, `017` and `1.10` stay what the author wrote until a schema asks.

use std::borrow::Cow;
use std::num::NonZeroU32;
use std::ops::Range;

mod builder;
mod explain;
mod plain;
#[cfg(test)]
mod suite;
#[cfg(test)]
mod tests;
mod write;

pub use builder::{parse, parse_any};
pub use plain::read as parse_plain;
pub use write::{indent, inline, line_break, plain};

/// How deep lists and mappings may be nested.
pub const MAX_DEPTH: usize = 64;

/// The index of a node in its [`Yaml`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    /// The root of every tree.
    const ROOT: Self = Self(NonZeroU32::MIN);

    fn of(index: usize) -> Self {
        Self(NonZeroU32::MIN.saturating_add(short(index)))
    }

    /// Its number in its tree, from 0.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Data {
    /// A scalar whose text stands at its place.
    Whole { plain: bool },
    /// A scalar whose text stands at its place, in quotes.
    Quoted,
    /// A scalar whose text does not stand in the file as it is, for there are escapes or folded
    /// lines: its index in [`Yaml::texts`].
    Made { text: u32, plain: bool },
    /// The first of the chained items.
    List(Option<NodeId>),
    /// The first of the chained keys; a key's `next` is its value, the value's `next` the next key.
    Map(Option<NodeId>),
}

impl Data {
    /// The same for a list or a mapping that begins with `first`.
    fn beginning(self, first: NodeId) -> Self {
        match self {
            Self::List(_) => Self::List(Some(first)),
            Self::Map(_) => Self::Map(Some(first)),
            scalar => scalar,
        }
    }

    /// The first key or item.
    fn first(self) -> Option<NodeId> {
        match self {
            Self::List(first) | Self::Map(first) => first,
            _ => None,
        }
    }
}

/// A [`Data`] in four bytes: which it is in the last three bits, its number before them. All trees
/// of a project stay in memory, and there is a record for every few bytes of text.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Packed(u32);

impl From<Data> for Packed {
    fn from(data: Data) -> Self {
        let index = |id: Option<NodeId>| id.map_or(0, |id| id.0.get());
        let (number, which) = match data {
            Data::Whole { plain: false } => (0, 0),
            Data::Whole { plain: true } => (0, 1),
            Data::Quoted => (0, 2),
            Data::Made { text, plain: false } => (text, 3),
            Data::Made { text, plain: true } => (text, 4),
            Data::List(first) => (index(first), 5),
            Data::Map(first) => (index(first), 6),
        };
        Self(number << 3 | which)
    }
}

impl From<Packed> for Data {
    fn from(Packed(bits): Packed) -> Self {
        let number = bits >> 3;
        let first = NonZeroU32::new(number).map(NodeId);
        match bits & 7 {
            0 => Self::Whole { plain: false },
            1 => Self::Whole { plain: true },
            2 => Self::Quoted,
            which @ (3 | 4) => Self::Made {
                text: number,
                plain: which == 4,
            },
            5 => Self::List(first),
            _ => Self::Map(first),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Record {
    start: u32,
    end: u32,
    next: Option<NodeId>,
    data: Packed,
}

impl Record {
    fn new(span: Range<usize>, data: Data) -> Self {
        Self {
            start: short(span.start),
            end: short(span.end),
            next: None,
            data: data.into(),
        }
    }

    fn data(&self) -> Data {
        self.data.into()
    }

    fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A parsed piece of YAML. Node 0 is its root.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Yaml {
    records: Vec<Record>,
    texts: Vec<Box<str>>,
}

/// What is wrong with a piece of YAML, and where in the file (byte range).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `yaml-syntax` or `duplicate-key`.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// Bytes in the file.
    pub span: Range<usize>,
}

impl Problem {
    fn syntax(message: impl Into<String>, help: impl Into<String>, span: Range<usize>) -> Self {
        Self {
            code: "yaml-syntax",
            message: message.into(),
            help: help.into(),
            span,
        }
    }
}

/// What stands between the quotes of a place.
fn inside(quoted: Range<usize>) -> Range<usize> {
    quoted.start + 1..quoted.end.saturating_sub(1)
}

/// Offsets fit 32 bits, and numbers of nodes and texts 29: no file over 4 MiB is read.
fn short(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

impl Yaml {
    /// The root node; `None` when the text holds nothing but comments.
    pub fn root<'a>(&'a self, source: &'a str) -> Option<Node<'a>> {
        (!self.records.is_empty()).then(|| self.node(source, NodeId::ROOT))
    }

    /// The node `id`, which must come from this tree.
    pub fn node<'a>(&'a self, source: &'a str, id: NodeId) -> Node<'a> {
        Node {
            yaml: self,
            source,
            id,
        }
    }

    /// Makes `first` the first key or item of the node `of`.
    fn begin(&mut self, of: NodeId, first: NodeId) {
        let record = &mut self.records[of.index()];
        record.data = record.data().beginning(first).into();
    }

    /// The JSON Pointer (RFC 6901) of a node; empty for the root.
    pub fn pointer(&self, source: &str, id: NodeId) -> String {
        fn find(node: Node<'_>, id: NodeId, out: &mut String) -> bool {
            if node.id == id {
                return true;
            }
            let length = out.len();
            for (key, value) in node.entries() {
                out.push('/');
                out.push_str(
                    &key.as_str()
                        .unwrap_or("")
                        .replace('~', "~0")
                        .replace('/', "~1"),
                );
                if key.id == id || find(value, id, out) {
                    return true;
                }
                out.truncate(length);
            }
            for (index, item) in node.items().enumerate() {
                out.push('/');
                out.push_str(&index.to_string());
                if find(item, id, out) {
                    return true;
                }
                out.truncate(length);
            }
            false
        }
        let mut out = String::new();
        if let Some(root) = self.root(source) {
            find(root, id, &mut out);
        }
        out
    }
}

/// How far a JSON Pointer leads.
#[derive(Debug, Clone, Copy)]
pub struct Walk<'a> {
    /// The key at its end, if it ends at the value of one.
    pub key: Option<Node<'a>>,
    /// The value at its end; `None` when there is nothing.
    pub node: Option<Node<'a>>,
    /// The last key on the way that exists.
    pub nearest: Option<Node<'a>>,
}

/// A token of a JSON Pointer as the key it means.
pub fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

/// A value with its place: a view into a [`Yaml`].
#[derive(Clone, Copy)]
pub struct Node<'a> {
    yaml: &'a Yaml,
    source: &'a str,
    id: NodeId,
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(text) = self.as_str() {
            write!(f, "{text:?}")
        } else if self.is_map() {
            f.debug_map().entries(self.entries()).finish()
        } else {
            f.debug_list().entries(self.items()).finish()
        }
    }
}

impl<'a> Node<'a> {
    fn record(self) -> &'a Record {
        &self.yaml.records[self.id.index()]
    }

    /// Its index, to find it again.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// How many nodes there are in its tree.
    pub fn tree_len(self) -> usize {
        self.yaml.records.len()
    }

    /// Its place in the file, in bytes.
    pub fn span(self) -> Range<usize> {
        self.record().span()
    }

    /// The text of a scalar, as the author wrote it without quotes; `None` for lists and mappings.
    pub fn as_str(self) -> Option<&'a str> {
        let span = self.span();
        let range = match self.record().data() {
            Data::Whole { .. } => span,
            Data::Quoted => inside(span),
            Data::Made { text, .. } => return Some(&self.yaml.texts[text as usize]),
            Data::List(_) | Data::Map(_) => return None,
        };
        Some(self.source.get(range).unwrap_or(""))
    }

    /// Whether it is a scalar without quotes, which a schema may read as a number or a boolean.
    pub fn is_plain(self) -> bool {
        matches!(
            self.record().data(),
            Data::Whole { plain: true } | Data::Made { plain: true, .. }
        )
    }

    /// Whether nothing is written here: empty, `~` or `null`, without quotes.
    pub fn is_null(self) -> bool {
        self.is_plain() && matches!(self.as_str(), Some("" | "~" | "null" | "Null" | "NULL"))
    }

    /// Whether it is a mapping.
    pub fn is_map(self) -> bool {
        matches!(self.record().data(), Data::Map(_))
    }

    /// Whether it is a list.
    pub fn is_list(self) -> bool {
        matches!(self.record().data(), Data::List(_))
    }

    /// The items of a list; nothing for anything else.
    pub fn items(self) -> Items<'a> {
        let next = match self.record().data() {
            Data::List(first) => first,
            _ => None,
        };
        Items { of: self, next }
    }

    /// The keys and values of a mapping; nothing for anything else.
    pub fn entries(self) -> Entries<'a> {
        let next = match self.record().data() {
            Data::Map(first) => first,
            _ => None,
        };
        Entries { of: self, next }
    }

    /// The value of a key of a mapping.
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Walks along a JSON Pointer (RFC 6901), as far as it goes.
    pub fn along(self, pointer: &str) -> Walk<'a> {
        let mut walk = Walk {
            key: None,
            node: Some(self),
            nearest: None,
        };
        for token in pointer.split('/').skip(1) {
            let Some(node) = walk.node else { break };
            if node.is_list() {
                walk.key = None;
                walk.node = token.parse().ok().and_then(|index| node.items().nth(index));
            } else {
                let entry = node.entry(&unescape(token));
                walk.key = entry.map(|(key, _)| key);
                walk.node = entry.map(|(_, value)| value);
                walk.nearest = walk.key.or(walk.nearest);
            }
        }
        walk
    }

    /// A key of a mapping with its value.
    pub fn entry(self, key: &str) -> Option<(Node<'a>, Node<'a>)> {
        self.entries().find(|(k, _)| k.as_str() == Some(key))
    }
}

/// The items of a list: see [`Node::items`].
#[derive(Debug, Clone)]
pub struct Items<'a> {
    of: Node<'a>,
    next: Option<NodeId>,
}

impl<'a> Iterator for Items<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        let node = Node {
            id: self.next?,
            ..self.of
        };
        self.next = node.record().next;
        Some(node)
    }
}

/// The keys and values of a mapping: see [`Node::entries`].
#[derive(Debug, Clone)]
pub struct Entries<'a> {
    of: Node<'a>,
    next: Option<NodeId>,
}

impl<'a> Iterator for Entries<'a> {
    type Item = (Node<'a>, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let key = Node {
            id: self.next?,
            ..self.of
        };
        let value = Node {
            id: key.record().next?,
            ..self.of
        };
        self.next = value.record().next;
        Some((key, value))
    }
}
