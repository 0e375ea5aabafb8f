//! The YAML that people write, read in one pass.
//!
//! Nearly all front matter is block mappings and lists of one-line scalars, with a short flow list
//! here and there. That much needs no tokens and no look-ahead. [`read`] reads it and gives up at
//! the first thing it is not sure of (a tab, an escape, an anchor, a text over several lines, any
//! mistake), and the whole parser begins anew. What it does read is the very tree that the parser
//! would have built, places included; the tests of this module hold the two against each other.

use std::ops::Range;

use memchr::{memchr, memchr2_iter};

use super::{NodeId, Sort, Yaml};

/// Deeper nesting is left to the parser, which has limits of its own.
const MAX_DEPTH: usize = 24;
/// The most entries of a mapping; looking for repeated keys compares each with all others.
const MAX_ENTRIES: usize = 64;
/// The longest line, in bytes.
const MAX_LINE: usize = 4_000;

/// Reads `source[range]`, or gives up.
pub fn read(source: &str, range: Range<usize>) -> Option<Yaml> {
    let bytes = source.as_bytes().get(..range.end)?;
    if !is_plain(bytes.get(range.clone())?) {
        return None;
    }
    let mut reader = Reader {
        bytes,
        at: range.start,
        line: range.start,
        keys: Vec::new(),
        yaml: Yaml::default(),
    };
    // A record takes about ten bytes of text.
    reader.yaml.records.reserve(range.len() / 8);
    reader.skip();
    if reader.at == bytes.len() || reader.indent() != 0 || reader.is_dash() {
        return None;
    }
    reader.map(0, 0)?;
    if reader.at != bytes.len() {
        return None;
    }
    // It stays as long as the project is open.
    reader.yaml.records.shrink_to_fit();
    Some(reader.yaml)
}

/// Whether a text holds printable characters alone, and none but `\n` that ends a line or marks a
/// byte order.
fn is_plain(text: &[u8]) -> bool {
    let is_short = text.len() <= MAX_LINE;
    is_short && is_ascii(text) || text.split(|&b| b == b'\n').all(is_plain_line)
}

/// Whether there are printable characters of ASCII and ends of lines alone, told of many bytes at
/// once.
fn is_ascii(text: &[u8]) -> bool {
    let is_one = |&byte: &u8| (b' '..0x7f).contains(&byte) || byte == b'\n';
    let (chunks, rest) = text.as_chunks::<32>();
    let mut chunks = chunks.iter();
    chunks.all(|chunk| chunk.iter().fold(true, |all, byte| all & is_one(byte)))
        && rest.iter().all(is_one)
}

fn is_plain_line(line: &[u8]) -> bool {
    line.len() <= MAX_LINE
        && (is_ascii(line)
            || std::str::from_utf8(line).is_ok_and(|line| {
                line.chars().all(|c| match c {
                    ' '..='~' => true,
                    '\u{feff}' | '\u{fffe}' | '\u{ffff}' => false,
                    // The parser ends lines at some of those that are white space.
                    c => c > '\u{a0}' && !c.is_whitespace(),
                })
            }))
}

/// Where a scalar stands, which says where it must end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Block,
    Flow,
}

struct Reader<'s> {
    /// The text, up to its end.
    bytes: &'s [u8],
    /// Where reading has come to: outside of a value, at the first character of a line or at the end.
    at: usize,
    /// Where the line of `at` begins.
    line: usize,
    /// The keys of the mappings that are being read, those of the innermost last.
    keys: Vec<Range<usize>>,
    yaml: Yaml,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// Spaces before `at` in its line, or the columns of dashes and spaces.
    fn indent(&self) -> usize {
        self.at - self.line
    }

    /// Whether an item of a list begins here.
    fn is_dash(&self) -> bool {
        self.peek(0) == Some(b'-') && matches!(self.peek(1), None | Some(b' ' | b'\n'))
    }

    fn spaces(&mut self) {
        while self.peek(0) == Some(b' ') {
            self.at += 1;
        }
    }

    /// Goes on to the first character of the next line that is neither empty nor a comment.
    fn skip(&mut self) {
        loop {
            self.spaces();
            match self.peek(0) {
                Some(b'\n') => {}
                Some(b'#') => self.skip_line(),
                _ => return,
            }
            if self.peek(0).is_some() {
                self.at += 1;
                self.line = self.at;
            }
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += memchr(b'\n', rest).unwrap_or(rest.len());
    }

    /// Leaves a line whose value is read, which must be all there is on it.
    fn end_line(&mut self) -> Option<()> {
        let from = self.at;
        self.spaces();
        match self.peek(0) {
            None | Some(b'\n') => {}
            Some(b'#') if self.at > from => {}
            _ => return None,
        }
        self.skip();
        Some(())
    }

    /// A block collection ends where the last line before the next token does.
    fn close(&mut self, id: NodeId) {
        let start = self.yaml.start(id);
        let text = self.bytes[start..self.at].trim_ascii_end();
        self.yaml.close(id, start + text.len());
    }

    /// A mapping or a list whose first character is here.
    fn block(&mut self, depth: usize) -> Option<()> {
        let indent = self.indent();
        if depth > MAX_DEPTH {
            None
        } else if self.is_dash() {
            self.list(indent, depth)
        } else {
            self.map(indent, depth)
        }
    }

    /// A mapping whose keys stand at column `indent`.
    fn map(&mut self, indent: usize, depth: usize) -> Option<()> {
        let map = self.yaml.open(self.at, Sort::Map);
        let keys = self.keys.len();
        loop {
            let name = self.key()?;
            self.note_key(keys, &name)?;
            self.yaml.add_scalar(name, Sort::Plain);
            self.value(indent, depth)?;
            if self.at == self.bytes.len() || self.indent() < indent {
                self.close(map);
                self.keys.truncate(keys);
                return Some(());
            }
            if self.indent() > indent || self.is_dash() {
                return None;
            }
        }
    }

    /// Notes a key of the mapping whose keys stand from `first` on, if it is none of them.
    fn note_key(&mut self, first: usize, name: &Range<usize>) -> Option<()> {
        let text = &self.bytes[name.clone()];
        let known = &self.keys[first..];
        if known.len() == MAX_ENTRIES || known.iter().any(|k| self.bytes[k.clone()] == *text) {
            return None;
        }
        self.keys.push(name.clone());
        Some(())
    }

    /// A key, its colon and the spaces behind it.
    fn key(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let is_key = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        let length = self.bytes[start..]
            .iter()
            .take_while(|&&b| is_key(b))
            .count();
        self.at += length;
        if length == 0 || length > 200 || self.bytes[start] == b'-' || self.peek(0)? != b':' {
            return None;
        }
        self.at += 1;
        matches!(self.peek(0), None | Some(b' ' | b'\n')).then_some(start..start + length)
    }

    /// The value of a key at column `indent`: the rest of its line, or the block below it.
    fn value(&mut self, indent: usize, depth: usize) -> Option<()> {
        self.spaces();
        if matches!(self.peek(0)?, b'\n' | b'#') {
            self.skip();
            if self.at == self.bytes.len() || self.indent() < indent {
                return None;
            }
            return if self.indent() > indent {
                self.block(depth + 1)
            } else if self.is_dash() {
                self.list_at_key(indent, depth + 1)
            } else {
                None
            };
        }
        self.line_value(indent, depth)
    }

    /// A value that ends with its line.
    fn line_value(&mut self, indent: usize, depth: usize) -> Option<()> {
        self.inline(Context::Block, depth + 1)?;
        self.end_line()?;
        // A deeper line would go on with the value.
        (self.at == self.bytes.len() || self.indent() <= indent).then_some(())
    }

    /// A list whose dashes stand below the first letter of its key. To the parser it begins with
    /// its first item, at least where that stands on the line of its dash.
    fn list_at_key(&mut self, indent: usize, depth: usize) -> Option<()> {
        let (line, list) = (self.line, self.yaml.records.len());
        self.list(indent, depth)?;
        let records = &mut self.yaml.records[list..];
        // Here a list has an item, behind its own two records.
        let start = records[2].start;
        records[0].start = start;
        let same_line = !self.bytes[line..start as usize].contains(&b'\n');
        same_line.then_some(())
    }

    /// A list whose dashes stand at column `indent`.
    fn list(&mut self, indent: usize, depth: usize) -> Option<()> {
        let id = self.yaml.open(self.at, Sort::List);
        loop {
            self.at += 1;
            self.spaces();
            match self.peek(0)? {
                b'\n' | b'#' => {
                    self.skip();
                    if self.at == self.bytes.len() || self.indent() <= indent {
                        return None;
                    }
                    self.block(depth + 1)?;
                }
                b'-' if self.is_dash() => return None,
                _ => {
                    let start = self.at;
                    let is_map = self.key().is_some();
                    self.at = start;
                    if is_map {
                        self.block(depth + 1)?;
                    } else {
                        self.line_value(indent, depth)?;
                    }
                }
            }
            let ends = self.at == self.bytes.len() || self.indent() < indent;
            if ends || self.indent() == indent && !self.is_dash() {
                self.close(id);
                return Some(());
            }
            if self.indent() > indent {
                return None;
            }
        }
    }

    /// A scalar or a flow collection, all on this line.
    fn inline(&mut self, context: Context, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.peek(0)? {
            quote @ (b'"' | b'\'') => self.quoted(quote),
            b'[' => self.flow(b']', depth),
            b'{' => self.flow(b'}', depth),
            _ => self.plain(context),
        }
    }

    fn quoted(&mut self, quote: u8) -> Option<()> {
        let start = self.at;
        let inner = &self.bytes[start + 1..];
        let length = inner
            .iter()
            .position(|&b| b == quote || b == b'\n' || b == b'\\' && quote == b'"')?;
        if inner[length] != quote || length == 0 {
            return None;
        }
        self.at = start + length + 2;
        if quote == b'\'' && self.peek(0) == Some(quote) {
            return None;
        }
        self.yaml.add_scalar(start..self.at, Sort::Quoted);
        Some(())
    }

    fn plain(&mut self, context: Context) -> Option<()> {
        let start = self.at;
        let begins = |b: u8| b.is_ascii_alphanumeric() || b >= 0x80;
        match self.peek(0)? {
            b'-' | b'.' | b'+' | b'/' | b'(' | b'<' | b'~' | b'$' => {
                begins(self.peek(1)?).then_some(())?;
            }
            b => begins(b).then_some(())?,
        }
        let rest = &self.bytes[start..];
        let line = &rest[..memchr(b'\n', rest).unwrap_or(rest.len())];
        let length = match context {
            Context::Block => block_scalar(line)?,
            Context::Flow => flow_scalar(line)?,
        };
        self.at = start + line[..length].trim_ascii_end().len();
        self.yaml.add_scalar(start..self.at, Sort::Plain);
        Some(())
    }

    /// A flow list or mapping up to the bracket `closing`.
    fn flow(&mut self, closing: u8, depth: usize) -> Option<()> {
        let is_map = closing == b'}';
        let sort = if is_map { Sort::Map } else { Sort::List };
        let flow = self.yaml.open(self.at, sort);
        self.at += 1;
        self.spaces();
        let keys = self.keys.len();
        if self.peek(0)? != closing {
            loop {
                if is_map {
                    let name = self.key()?;
                    self.note_key(keys, &name)?;
                    (self.peek(0)? == b' ').then_some(())?;
                    self.yaml.add_scalar(name, Sort::Plain);
                    self.spaces();
                }
                self.inline(Context::Flow, depth + 1)?;
                self.spaces();
                match self.peek(0)? {
                    b',' => {
                        self.at += 1;
                        (self.peek(0)? == b' ').then_some(())?;
                        self.spaces();
                    }
                    b if b == closing => break,
                    _ => return None,
                }
            }
        }
        self.at += 1;
        self.keys.truncate(keys);
        self.yaml.close(flow, self.at);
        Some(())
    }
}

/// How much of the rest of a line is a scalar without quotes, spaces behind it included. Few lines
/// have any of what may end one.
fn block_scalar(line: &[u8]) -> Option<usize> {
    for at in memchr2_iter(b':', b'#', line) {
        match line[at] {
            b':' if matches!(line.get(at + 1), None | Some(b' ')) => return None,
            b'#' if line[..at].ends_with(b" ") => return Some(at),
            _ => {}
        }
    }
    Some(line.len())
}

/// The same within brackets, where more may end it.
fn flow_scalar(line: &[u8]) -> Option<usize> {
    for (at, byte) in line.iter().enumerate() {
        let next = line.get(at + 1);
        match byte {
            b',' | b']' | b'}' => return Some(at),
            b'[' | b'{' | b'"' | b'\'' => return None,
            b':' if matches!(next, None | Some(b' ' | b',' | b'[' | b']' | b'{' | b'}')) => {
                return None;
            }
            b'#' if line[..at].ends_with(b" ") => return Some(at),
            _ => {}
        }
    }
    Some(line.len())
}

#[cfg(test)]
mod tests;
