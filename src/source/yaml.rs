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
pub use write::{flow, indent, inline, line_break, plain};

/// How deep lists and mappings may be nested.
pub const MAX_DEPTH: usize = 64;

/// The index of a node in its [`Yaml`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    /// The root of every tree.
    const ROOT: Self = Self(NonZeroU32::MIN);

    #[inline]
    fn of(index: usize) -> Self {
        Self(NonZeroU32::MIN.saturating_add(short(index)))
    }

    /// Its number in its tree, from 0.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// A scalar without quotes whose text stands at its place.
    Plain,
    /// A scalar that is not plain, of which the same is true.
    Whole,
    /// A scalar whose text stands at its place, in quotes.
    Quoted,
    /// A scalar without quotes whose text does not stand in the file as it is, for there are folded
    /// lines.
    PlainMade,
    /// The same in quotes or in a block, with escapes.
    Made,
    /// A list.
    List,
    /// A mapping.
    Map,
}

impl Sort {
    const ALL: [Self; 7] = [
        Self::Plain,
        Self::Whole,
        Self::Quoted,
        Self::PlainMade,
        Self::Made,
        Self::List,
        Self::Map,
    ];

    fn is_collection(self) -> bool {
        matches!(self, Self::List | Self::Map)
    }
}

/// One of eight bytes that a node is made of. All trees of a project stay in memory, and there is a
/// node for every few bytes of text.
///
/// Nodes stand in the order in which they begin, so what a collection holds follows it. A scalar is
/// one record: where it starts, and how long it is. A collection has how many records it and all in
/// it are in place of a length, and a second record that says where it ends. A scalar that is made
/// has a second record, too: the index of its text.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Record {
    start: u32,
    /// The sort in the last bits, then whether it is a repeated key, then the length.
    rest: u32,
}

impl Record {
    const SORT: u32 = 7;
    const REPEATED: u32 = 8;
    const LENGTH: u32 = 4;

    fn new(start: usize, sort: Sort, length: usize) -> Self {
        let mut record = Self {
            start: short(start),
            rest: sort as u32,
        };
        record.set_length(length);
        record
    }

    /// The second record of a node.
    fn second(number: usize) -> Self {
        Self::new(number, Sort::Plain, 0)
    }

    #[inline]
    fn sort(self) -> Sort {
        let which = self.rest & Self::SORT;
        *Sort::ALL.get(which as usize).unwrap_or(&Sort::Map)
    }

    fn is_repeated(self) -> bool {
        self.rest & Self::REPEATED != 0
    }

    fn length(self) -> usize {
        (self.rest >> Self::LENGTH) as usize
    }

    fn set_length(&mut self, length: usize) {
        let kept = self.rest & (Self::SORT | Self::REPEATED);
        self.rest = short(length).min(u32::MAX >> Self::LENGTH) << Self::LENGTH | kept;
    }

    /// How many records its node and all that is in it take.
    #[inline]
    fn size(self) -> usize {
        let which = self.rest & Self::SORT;
        if which < Sort::PlainMade as u32 {
            1
        } else if which < Sort::List as u32 {
            2
        } else {
            self.length()
        }
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

/// Offsets fit 32 bits, and lengths and numbers of records 28: no file over 4 MiB is read.
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

    /// Adds a scalar whose text stands at its place.
    fn add_scalar(&mut self, span: Range<usize>, sort: Sort) -> NodeId {
        let id = NodeId::of(self.records.len());
        self.records.push(Record::new(span.start, sort, span.len()));
        id
    }

    /// Adds a scalar whose text does not.
    fn add_made(&mut self, span: Range<usize>, text: Box<str>, sort: Sort) -> NodeId {
        let id = self.add_scalar(span, sort);
        self.records.push(Record::second(self.texts.len()));
        self.texts.push(text);
        id
    }

    /// Adds a collection that starts at `start`. What is added from now on is in it, until it is
    /// closed.
    fn open(&mut self, start: usize, sort: Sort) -> NodeId {
        let id = NodeId::of(self.records.len());
        self.records.push(Record::new(start, sort, 0));
        self.records.push(Record::second(start));
        id
    }

    /// Where a node starts.
    fn start(&self, id: NodeId) -> usize {
        self.records[id.index()].start as usize
    }

    /// Closes a collection that ends at `end`.
    fn close(&mut self, id: NodeId, end: usize) {
        let size = self.records.len() - id.index();
        self.records[id.index()].set_length(size);
        self.records[id.index() + 1] = Record::second(end.max(self.start(id)));
    }

    /// The JSON Pointer (RFC 6901) of a node; empty for the root.
    pub fn pointer(&self, source: &str, id: NodeId) -> String {
        let mut out = String::new();
        let mut next = self.root(source).filter(|root| root.holds(id));
        while let Some(node) = next.filter(|node| node.id != id) {
            let mut items = node.items().enumerate();
            let mut entries = node.entries();
            out.push('/');
            next = if let Some((key, value)) =
                entries.find(|(key, value)| key.id == id || value.holds(id))
            {
                let name = key.as_str().unwrap_or_default();
                out.push_str(&name.replace('~', "~0").replace('/', "~1"));
                value.holds(id).then_some(value)
            } else if let Some((index, item)) = items.find(|(_, item)| item.holds(id)) {
                out.push_str(&index.to_string());
                Some(item)
            } else {
                None
            };
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
    #[inline]
    fn record(self) -> Record {
        self.yaml.records[self.id.index()]
    }

    /// The number in its second record.
    fn second(self) -> usize {
        self.yaml.records[self.id.index() + 1].start as usize
    }

    fn sort(self) -> Sort {
        self.record().sort()
    }

    /// Its index, to find it again.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// One more than the largest number of a node of its tree.
    pub fn tree_len(self) -> usize {
        self.yaml.records.len()
    }

    /// Its place in the file, in bytes.
    pub fn span(self) -> Range<usize> {
        let record = self.record();
        let start = record.start as usize;
        if record.sort().is_collection() {
            start..self.second()
        } else {
            start..start + record.length()
        }
    }

    /// The text of a scalar, as the author wrote it without quotes; `None` for lists and mappings.
    pub fn as_str(self) -> Option<&'a str> {
        let range = match self.sort() {
            Sort::Plain | Sort::Whole => self.span(),
            Sort::Quoted => inside(self.span()),
            Sort::PlainMade | Sort::Made => return Some(&self.yaml.texts[self.second()]),
            Sort::List | Sort::Map => return None,
        };
        Some(self.source.get(range).unwrap_or(""))
    }

    /// Whether it is a scalar without quotes, which a schema may read as a number or a boolean.
    pub fn is_plain(self) -> bool {
        matches!(self.sort(), Sort::Plain | Sort::PlainMade)
    }

    /// Whether nothing is written here: empty, `~` or `null`, without quotes.
    pub fn is_null(self) -> bool {
        self.is_plain() && matches!(self.as_str(), Some("" | "~" | "null" | "Null" | "NULL"))
    }

    /// Whether it is a mapping.
    pub fn is_map(self) -> bool {
        self.sort() == Sort::Map
    }

    /// Whether it is a list.
    pub fn is_list(self) -> bool {
        self.sort() == Sort::List
    }

    /// The nodes in a collection of this sort; none of anything else.
    #[inline]
    fn children(self, sort: Sort) -> Children<'a> {
        let first = self.id.index();
        let (next, end) = match self.record() {
            record if record.sort() == sort => (first + 2, first + record.length()),
            _ => (first, first),
        };
        Children {
            of: self,
            next,
            end,
        }
    }

    /// The items of a list; nothing for anything else.
    pub fn items(self) -> Items<'a> {
        Items(self.children(Sort::List))
    }

    /// The keys and values of a mapping; nothing for anything else.
    pub fn entries(self) -> Entries<'a> {
        Entries(self.children(Sort::Map))
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

    /// Whether a node is this one or stands in it: what is in a collection follows it.
    fn holds(self, id: NodeId) -> bool {
        let from = self.id.index();
        (from..from + self.record().size()).contains(&id.index())
    }
}

/// The nodes in a collection, one after the other.
#[derive(Debug, Clone)]
struct Children<'a> {
    of: Node<'a>,
    next: usize,
    end: usize,
}

impl<'a> Iterator for Children<'a> {
    type Item = Node<'a>;

    #[inline]
    fn next(&mut self) -> Option<Node<'a>> {
        let record = self.of.yaml.records[..self.end].get(self.next)?;
        let id = NodeId::of(self.next);
        self.next += record.size();
        Some(Node { id, ..self.of })
    }
}

/// The items of a list: see [`Node::items`].
#[derive(Debug, Clone)]
pub struct Items<'a>(Children<'a>);

impl<'a> Iterator for Items<'a> {
    type Item = Node<'a>;

    #[inline]
    fn next(&mut self) -> Option<Node<'a>> {
        self.0.next()
    }
}

/// The keys and values of a mapping: see [`Node::entries`].
#[derive(Debug, Clone)]
pub struct Entries<'a>(Children<'a>);

impl<'a> Iterator for Entries<'a> {
    type Item = (Node<'a>, Node<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let Children { of, next, end } = &mut self.0;
        let records = &of.yaml.records[..*end];
        loop {
            let record = records.get(*next)?;
            let (key, value) = (*next, *next + record.size());
            *next = value + records.get(value)?.size();
            if !record.is_repeated() {
                let node = |index| Node {
                    id: NodeId::of(index),
                    ..*of
                };
                return Some((node(key), node(value)));
            }
        }
    }
}
