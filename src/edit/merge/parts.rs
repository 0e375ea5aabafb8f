//! Taking a block of YAML apart into the lines of its entries.
//!
//! In: a mapping or a list, and the bytes of the lines it stands in. Out: its [`Part`]s, each with
//! its lines moved to the left margin, so that they can stand in a file with another indentation.

use std::collections::HashSet;
use std::ops::Range;

use crate::schema::content::plain;
use crate::source::yaml::Node;

/// The fields that tell an item of a list from the others, the first that it has.
const NAMES: [&str; 6] = ["id", "name", "text", "persona", "rule", "action"];

/// A mapping or a list with its lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'a> {
    pub(super) node: Node<'a>,
    /// The text of the file.
    pub(super) text: &'a str,
    /// Where its lines begin (at the left margin, unless it begins behind a dash) and end.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// An entry of a block.
#[derive(Debug, Clone)]
pub(super) struct Part<'a> {
    /// The key, or what tells an item from the others.
    pub(super) key: String,
    /// The value.
    pub(super) node: Node<'a>,
    /// Its bytes: from the comments above it to the next entry.
    range: Range<usize>,
    /// How many columns it is indented.
    column: usize,
    /// Where its key ends; `None` for an item of a list.
    below: Option<usize>,
    text: &'a str,
}

impl<'a> Block<'a> {
    /// Its entries; `None` when they have no lines of their own or cannot be told apart.
    pub(super) fn parts(&self) -> Option<Vec<Part<'a>>> {
        if self.node.is_flow() {
            return None;
        }
        let mut parts = Vec::new();
        let mut keys = HashSet::new();
        let entries = self.node.entries().map(|(key, value)| {
            let column = key.margin().chars().count();
            let at = key.span();
            Some((
                key.as_str()?.to_owned(),
                value,
                at.start,
                column,
                Some(at.end),
            ))
        });
        let items = self.node.items().map(|item| {
            let dash = dash(item)?;
            let column = item.margin()[..dash].chars().count();
            Some((name(item)?, item, item.span().start, column, None))
        });
        let all: Vec<_> = entries.chain(items).collect::<Option<_>>()?;
        let mut from = self.start;
        for (number, (key, node, at, column, below)) in all.into_iter().enumerate() {
            let own = line_start(self.text, at);
            let first = number == 0;
            let begins = if first { self.start } else { own };
            // Several entries on one line cannot be moved.
            if (!first && own < from) || !keys.insert(key.clone()) {
                return None;
            }
            let lead = if first {
                begins
            } else {
                above(self.text, from..own)
            };
            if let Some(last) = parts.last_mut() {
                let last: &mut Part<'a> = last;
                last.range.end = lead;
            }
            parts.push(Part {
                key,
                node,
                range: lead..self.end,
                column,
                below,
                text: self.text,
            });
            from = own + 1;
        }
        let columns: HashSet<usize> = parts.iter().map(|part| part.column).collect();
        (columns.len() <= 1).then_some(parts)
    }
}

impl<'a> Part<'a> {
    /// Its lines, at the left margin.
    pub(super) fn lines(&self) -> String {
        outdent(&self.text[self.range.clone()], self.column)
    }

    /// Its value as a block of its own, and by how many columns that is indented below the entry.
    /// `None` when the value has no lines of its own.
    pub(super) fn inner(&self) -> Option<(Block<'a>, usize)> {
        let first = match self.node.entries().next() {
            Some((key, _)) => key,
            None => self.node.items().next()?,
        };
        let at = first.span().start;
        let (start, column) = match self.below {
            // What belongs to a key begins on the line after it.
            Some(key_end) => {
                let line = key_end + self.text[key_end..].find('\n')? + 1;
                let margin = first.margin();
                let behind = if self.node.is_list() {
                    dash(first)?
                } else {
                    margin.len()
                };
                (line, margin[..behind].chars().count())
            }
            // An item begins behind its dash.
            None if self.node.is_map() => (at, first.margin().chars().count()),
            None => return None,
        };
        let block = Block {
            node: self.node,
            text: self.text,
            start,
            end: self.range.end,
        };
        let fits = start <= at && column >= self.column;
        fits.then(|| (block, column - self.column))
    }

    /// Whether it is an item of a list, and begins behind a dash.
    pub(super) fn is_item(&self) -> bool {
        self.below.is_none()
    }

    /// Its lines with another value, which stands on one line.
    pub(super) fn with_value(&self, value: &str) -> String {
        let span = self.node.span();
        let before = &self.text[self.range.start..span.start];
        let after = &self.text[span.end..self.range.end];
        outdent(&format!("{before}{value}{after}"), self.column)
    }

    /// What stands before the block of its value: the key with its colon, or the dash.
    pub(super) fn head(&self, inner: &Block<'_>) -> String {
        outdent(&self.text[self.range.start..inner.start], self.column)
    }
}

/// What tells an item of a list from the others.
fn name(item: Node<'_>) -> Option<String> {
    if let Some(text) = item.as_str() {
        return Some(format!("text={}", plain(text)));
    }
    let field = NAMES.iter().find_map(|name| Some((name, item.get(name)?)));
    let (name, value) = field?;
    Some(format!("{name}={}", plain(value.as_str()?)))
}

/// Where in the margin of an item its dash stands.
fn dash(item: Node<'_>) -> Option<usize> {
    let margin = match item.entries().next() {
        Some((key, _)) => key.margin(),
        None => item.margin(),
    };
    let at = margin.rfind('-')?;
    let blank = |text: &str| text.chars().all(|c| c == ' ');
    (blank(&margin[..at]) && blank(&margin[at + 1..])).then_some(at)
}

/// Where the line that holds `at` begins.
fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |line| line + 1)
}

/// Where the comments begin that stand right above the end of `range`.
fn above(text: &str, range: Range<usize>) -> usize {
    let mut at = range.end;
    while at > range.start {
        let line = line_start(text, at - 1);
        if line < range.start || !text[line..at].trim_start().starts_with('#') {
            break;
        }
        at = line;
    }
    at
}

/// Lines with up to so many spaces less before each.
fn outdent(text: &str, columns: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        out.push_str(&line[spaces.min(columns)..]);
    }
    out
}

/// Lines with so many spaces more before each that is not blank; marks of conflicts stay.
pub(super) fn indent(text: &str, columns: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if !line.trim_end().is_empty() && !line.starts_with(super::fields::MARK) {
            out.extend(std::iter::repeat_n(' ', columns));
        }
        out.push_str(line);
    }
    out
}
