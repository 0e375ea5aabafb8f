//! YAML 1.2 with the place of every key and value.
//!
//! In: a piece of a file. Out: a [`Yaml`], an arena of nodes that borrow their text from the file
//! by range, so that a document costs one allocation for its tree and one for its text. Scalars
//! are not typed: `no`, `017` and `1.10` stay what the author wrote until a schema asks.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle};

/// How deep lists and mappings may be nested.
pub const MAX_DEPTH: usize = 64;
/// How many nodes the aliases of one file may add.
const MAX_ALIASED_NODES: usize = 10_000;

/// The index of a node in its [`Yaml`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

#[derive(Debug, Clone)]
enum Text {
    /// Stands in the file as it is.
    Source(Range<u32>),
    /// Escapes or folded lines made it differ.
    Owned(Box<str>),
}

#[derive(Debug, Clone)]
enum Data {
    Scalar {
        text: Text,
        plain: bool,
    },
    /// The first of the chained items.
    List(Option<NodeId>),
    /// The first of the chained keys; a key's `next` is its value, the value's `next` the next key.
    Map(Option<NodeId>),
}

#[derive(Debug, Clone)]
struct Record {
    span: Range<u32>,
    next: Option<NodeId>,
    data: Data,
}

/// A parsed piece of YAML. Node 0 is its root.
#[derive(Debug, Clone, Default)]
pub struct Yaml {
    records: Vec<Record>,
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

/// A collection that is still open while events come in.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Open {
    id: NodeId,
    flow: bool,
    is_map: bool,
    last: Option<NodeId>,
    /// Whether `last` is a key that waits for its value.
    in_entry: bool,
    /// Set while the entry of a repeated key is read; it is not linked.
    skip: bool,
    anchor: usize,
    keys: Keys,
}

/// The keys seen in a mapping: a list while it is short, a table when it is long.
#[derive(Default)]
struct Keys {
    few: Vec<NodeId>,
    many: HashMap<String, NodeId>,
}

/// Parses `source[range]`. The tree is there even when keys are repeated (the first one counts);
/// after a syntax error it is absent.
pub fn parse(source: &str, range: Range<usize>) -> (Option<Yaml>, Vec<Problem>) {
    let mut builder = Builder {
        source,
        base: range.start,
        end: range.end,
        yaml: Yaml::default(),
        open: Vec::new(),
        anchors: HashMap::new(),
        aliased: 0,
        problems: Vec::new(),
    };
    match builder.run() {
        Ok(()) => (Some(builder.yaml), builder.problems),
        Err(problem) => {
            builder.problems.push(*problem);
            (None, builder.problems)
        }
    }
}

struct Builder<'s> {
    source: &'s str,
    base: usize,
    end: usize,
    yaml: Yaml,
    open: Vec<Open>,
    anchors: HashMap<usize, NodeId>,
    aliased: usize,
    problems: Vec<Problem>,
}

type Step = Result<(), Box<Problem>>;

impl<'s> Builder<'s> {
    fn run(&mut self) -> Step {
        let source = self.source;
        let Some(text) = source.get(self.base..self.end) else {
            return Ok(());
        };
        let options = granit_parser::options! {
            emit_comments: false,
            simple_key_max_lookahead: 4096,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        let mut documents = 0;
        for next in Parser::new_from_str_with_options(text, options) {
            let (event, span) = match next {
                Ok(next) => next,
                Err(error) => return Err(Box::new(self.explain(&error))),
            };
            let at = |marker: granit_parser::Marker| marker.byte_offset().unwrap_or(0) + self.base;
            let span = at(span.start)..at(span.end);
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(Box::new(Problem::syntax(
                            "a second YAML document starts here",
                            "keep one document: remove this line",
                            span,
                        )));
                    }
                }
                Event::Scalar(text, style, anchor, _) => {
                    let data = Data::Scalar {
                        text: self.text(text),
                        plain: style == ScalarStyle::Plain,
                    };
                    let id = self.add(self.trimmed(span), data)?;
                    self.remember(anchor, id);
                    self.attach(id)?;
                }
                Event::SequenceStart(style, anchor, _) => {
                    let id = self.add(span, Data::List(None))?;
                    self.enter(id, style, anchor, false)?;
                }
                Event::MappingStart(style, anchor, _) => {
                    let id = self.add(span, Data::Map(None))?;
                    self.enter(id, style, anchor, true)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.leave(span.end),
                Event::Alias(target) => self.alias(target, span)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn text(&self, text: Cow<'s, str>) -> Text {
        match text {
            Cow::Borrowed(slice) => {
                // A borrowed slice lies inside `source`; its address tells where.
                let start = (slice.as_ptr() as usize).wrapping_sub(self.source.as_ptr() as usize);
                match self.source.get(start..start.wrapping_add(slice.len())) {
                    Some(found) if found == slice => {
                        Text::Source(short(start)..short(start + slice.len()))
                    }
                    _ => Text::Owned(slice.into()),
                }
            }
            Cow::Owned(text) => Text::Owned(text.into()),
        }
    }

    /// Block scalars reach to the next token: their last line break is not part of the place.
    fn trimmed(&self, span: Range<usize>) -> Range<usize> {
        match self.source.get(span.clone()) {
            Some(text) => span.start..span.start + text.trim_end().len(),
            None => span,
        }
    }

    fn add(&mut self, span: Range<usize>, data: Data) -> Result<NodeId, Box<Problem>> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Box::new(too_deep(span)));
        }
        let id = NodeId(short(self.yaml.records.len()));
        self.yaml.records.push(Record {
            span: short(span.start)..short(span.end),
            next: None,
            data,
        });
        Ok(id)
    }

    fn remember(&mut self, anchor: usize, id: NodeId) {
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
    }

    fn enter(
        &mut self,
        id: NodeId,
        style: granit_parser::StructureStyle,
        anchor: usize,
        is_map: bool,
    ) -> Step {
        self.attach(id)?;
        self.open.push(Open {
            id,
            flow: style == granit_parser::StructureStyle::Flow,
            is_map,
            last: None,
            in_entry: false,
            skip: false,
            anchor,
            keys: Keys::default(),
        });
        Ok(())
    }

    fn leave(&mut self, end: usize) {
        let Some(open) = self.open.pop() else {
            return;
        };
        let record = &mut self.yaml.records[open.id.0 as usize];
        let last_end = if open.flow {
            short(end)
        } else {
            // A block collection ends where its last line does, not where the next token starts.
            let start = record.span.start;
            let text = self.source.get(start as usize..end).unwrap_or("");
            start + short(text.trim_end().len())
        };
        record.span.end = last_end.max(record.span.start);
        self.remember(open.anchor, open.id);
    }

    /// Links a finished or just opened node to the collection that holds it.
    fn attach(&mut self, id: NodeId) -> Step {
        let Some(mut open) = self.open.pop() else {
            return Ok(());
        };
        let done = self.link(&mut open, id);
        self.open.push(open);
        done
    }

    fn link(&mut self, open: &mut Open, id: NodeId) -> Step {
        if open.is_map {
            if open.in_entry {
                open.in_entry = false;
                if std::mem::take(&mut open.skip) {
                    return Ok(());
                }
            } else {
                open.in_entry = true;
                if self.is_repeated(open, id)? {
                    open.skip = true;
                    return Ok(());
                }
            }
        }
        match open.last {
            Some(last) => self.yaml.records[last.0 as usize].next = Some(id),
            None => match &mut self.yaml.records[open.id.0 as usize].data {
                Data::List(first) | Data::Map(first) => *first = Some(id),
                Data::Scalar { .. } => {}
            },
        }
        open.last = Some(id);
        Ok(())
    }

    fn is_repeated(&mut self, open: &mut Open, id: NodeId) -> Result<bool, Box<Problem>> {
        let node = self.yaml.node(self.source, id);
        let Some(key) = node.as_str() else {
            return Err(Box::new(Problem::syntax(
                "a key must be a word, not a list or a mapping",
                "write `key: value`; put text with special characters in quotes",
                node.span(),
            )));
        };
        let first = if open.keys.many.is_empty() {
            open.keys
                .few
                .iter()
                .copied()
                .find(|&k| self.yaml.node(self.source, k).as_str() == Some(key))
        } else {
            open.keys.many.get(key).copied()
        };
        if let Some(first) = first {
            let line =
                super::position(self.source, self.yaml.node(self.source, first).span().start).line;
            self.problems.push(Problem {
                code: "duplicate-key",
                message: format!("`{key}` is given twice; the first is on line {line}"),
                help: format!("keep one `{key}` and remove the other"),
                span: node.span(),
            });
            return Ok(true);
        }
        if !open.keys.many.is_empty() {
            open.keys.many.insert(key.to_owned(), id);
        } else if open.keys.few.len() < 32 {
            open.keys.few.push(id);
        } else {
            for &k in &open.keys.few {
                if let Some(text) = self.yaml.node(self.source, k).as_str() {
                    open.keys.many.insert(text.to_owned(), k);
                }
            }
            open.keys.many.insert(key.to_owned(), id);
        }
        Ok(false)
    }

    fn alias(&mut self, target: usize, span: Range<usize>) -> Step {
        let Some(&from) = self.anchors.get(&target) else {
            return Err(Box::new(Problem::syntax(
                "this alias is inside the value it stands for",
                "write the value out",
                span,
            )));
        };
        let id = self.copy(from, &span, self.open.len())?;
        // A mistake in an aliased value is best shown where the alias stands.
        self.yaml.records[id.0 as usize].span = short(span.start)..short(span.end);
        self.attach(id)
    }

    fn copy(
        &mut self,
        from: NodeId,
        alias: &Range<usize>,
        depth: usize,
    ) -> Result<NodeId, Box<Problem>> {
        self.aliased += 1;
        if self.aliased > MAX_ALIASED_NODES {
            return Err(Box::new(Problem::syntax(
                "the aliases of this file expand to too much",
                "write the values out instead of nesting `*aliases`",
                alias.clone(),
            )));
        }
        if depth >= MAX_DEPTH {
            return Err(Box::new(too_deep(alias.clone())));
        }
        let record = self.yaml.records[from.0 as usize].clone();
        let id = NodeId(short(self.yaml.records.len()));
        let first = match record.data {
            Data::List(first) | Data::Map(first) => first,
            Data::Scalar { .. } => None,
        };
        self.yaml.records.push(Record {
            next: None,
            ..record
        });
        let mut child = first;
        let mut last: Option<NodeId> = None;
        while let Some(c) = child {
            let copied = self.copy(c, alias, depth + 1)?;
            match last {
                Some(last) => self.yaml.records[last.0 as usize].next = Some(copied),
                None => match &mut self.yaml.records[id.0 as usize].data {
                    Data::List(first) | Data::Map(first) => *first = Some(copied),
                    Data::Scalar { .. } => {}
                },
            }
            last = Some(copied);
            child = self.yaml.records[c.0 as usize].next;
        }
        Ok(id)
    }

    /// Turns the parser's error into one that a product manager can act on.
    fn explain(&self, error: &granit_parser::ScanError) -> Problem {
        let at = (error.marker().byte_offset().unwrap_or(0) + self.base).min(self.end);
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            return too_deep(self.word(at));
        }
        // A bracket that is never closed is noticed lines later; the culprit is the bracket.
        let line_of = |offset| super::position(self.source, offset).line;
        if let Some(open) = self.open.iter().rev().find(|o| o.flow) {
            let start = self.yaml.records[open.id.0 as usize].span.start as usize;
            if at >= self.end || line_of(start) < line_of(at) {
                let (left, right) = if open.is_map { ('{', '}') } else { ('[', ']') };
                return Problem::syntax(
                    format!("this `{left}` is never closed"),
                    format!("add the missing `{right}`, or remove the extra `{left}`"),
                    start..start + 1,
                );
            }
        }
        if let ErrorKind::UnclosedFlowCollection { open } = error.kind() {
            return Problem::syntax(
                format!("this `{open}` is never closed"),
                format!("add the missing bracket, or remove the extra `{open}`"),
                at..at + open.len_utf8(),
            );
        }
        let span = self.word(at);
        let (message, help) = match error.kind() {
            ErrorKind::MismatchedFlowCollectionEnd { open, close } => (
                format!("`{open}` is closed by `{close}`"),
                "close `[` with `]` and `{` with `}`".to_owned(),
            ),
            ErrorKind::MisplacedFlowCollectionEnd => (
                "this bracket closes nothing".to_owned(),
                "remove it, or put the text in quotes".to_owned(),
            ),
            ErrorKind::UnclosedQuotedScalar | ErrorKind::InvalidQuotedScalarIndent => (
                "this quote is never closed".to_owned(),
                "add the closing quote; inside single quotes write '' for an apostrophe".to_owned(),
            ),
            ErrorKind::InvalidTrailingDoubleQuotedScalar
            | ErrorKind::InvalidTrailingSingleQuotedScalar => (
                "there is text after the closing quote".to_owned(),
                "put the whole value in quotes; inside double quotes write \\\" for a quote"
                    .to_owned(),
            ),
            ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
                "a colon followed by a space starts a value, which is not allowed here".to_owned(),
                "put text that contains `: ` in quotes".to_owned(),
            ),
            ErrorKind::TabInIndentation
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabNotAllowed => (
                "a tab is used for indentation".to_owned(),
                "indent with spaces".to_owned(),
            ),
            ErrorKind::SimpleKeyExpected
            | ErrorKind::InvalidSimpleKey
            | ErrorKind::ExpectedBlockMappingKey
            | ErrorKind::InvalidIndentation => (
                "this line is neither `key: value` nor part of the value above".to_owned(),
                "write `key: value`, or indent the line under the key it belongs to".to_owned(),
            ),
            ErrorKind::UnknownAnchor => (
                "this alias stands for nothing".to_owned(),
                "put text that starts with `*` in quotes".to_owned(),
            ),
            ErrorKind::UnexpectedCharacter { character } => (
                format!("a value cannot start with `{}`", character.escape_default()),
                "put the value in quotes".to_owned(),
            ),
            kind => (
                format!("this is not valid YAML: {kind}"),
                "check the indentation, the quotes and the brackets around this place".to_owned(),
            ),
        };
        Problem::syntax(message, help, span)
    }

    /// The word at a byte offset, at least one character unless at the end of the line.
    fn word(&self, at: usize) -> Range<usize> {
        let rest = self.source.get(at..self.end).unwrap_or("");
        let length = rest
            .find(|c: char| c.is_whitespace())
            .unwrap_or(rest.len())
            .min(80);
        let length = (0..=length)
            .rev()
            .find(|&l| rest.is_char_boundary(l))
            .unwrap_or(0);
        at..at + length
    }
}

fn too_deep(span: Range<usize>) -> Problem {
    Problem::syntax(
        format!("lists and mappings are nested deeper than {MAX_DEPTH} levels"),
        "flatten this value",
        span,
    )
}

/// Offsets fit 32 bits: no file over 4 MiB is read.
fn short(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

impl Yaml {
    /// The root node; `None` when the text holds nothing but comments.
    pub fn root<'a>(&'a self, source: &'a str) -> Option<Node<'a>> {
        (!self.records.is_empty()).then(|| self.node(source, NodeId(0)))
    }

    /// The node `id`, which must come from this tree.
    pub fn node<'a>(&'a self, source: &'a str, id: NodeId) -> Node<'a> {
        Node {
            yaml: self,
            source,
            id,
        }
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
        &self.yaml.records[self.id.0 as usize]
    }

    /// Its index, to find it again.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// Its place in the file, in bytes.
    pub fn span(self) -> Range<usize> {
        let span = &self.record().span;
        span.start as usize..span.end as usize
    }

    /// The text of a scalar, as the author wrote it without quotes; `None` for lists and mappings.
    pub fn as_str(self) -> Option<&'a str> {
        match &self.record().data {
            Data::Scalar { text, .. } => Some(match text {
                Text::Source(range) => self
                    .source
                    .get(range.start as usize..range.end as usize)
                    .unwrap_or(""),
                Text::Owned(text) => text,
            }),
            _ => None,
        }
    }

    /// Whether it is a scalar without quotes, which a schema may read as a number or a boolean.
    pub fn is_plain(self) -> bool {
        matches!(self.record().data, Data::Scalar { plain: true, .. })
    }

    /// Whether nothing is written here: empty, `~` or `null`, without quotes.
    pub fn is_null(self) -> bool {
        self.is_plain() && matches!(self.as_str(), Some("" | "~" | "null" | "Null" | "NULL"))
    }

    /// Whether it is a mapping.
    pub fn is_map(self) -> bool {
        matches!(self.record().data, Data::Map(_))
    }

    /// Whether it is a list.
    pub fn is_list(self) -> bool {
        matches!(self.record().data, Data::List(_))
    }

    /// The items of a list; nothing for anything else.
    pub fn items(self) -> impl Iterator<Item = Node<'a>> + 'a {
        let mut next = match self.record().data {
            Data::List(first) => first,
            _ => None,
        };
        std::iter::from_fn(move || {
            let node = self.yaml.node(self.source, next?);
            next = node.record().next;
            Some(node)
        })
    }

    /// The keys and values of a mapping; nothing for anything else.
    pub fn entries(self) -> impl Iterator<Item = (Node<'a>, Node<'a>)> + 'a {
        let mut next = match self.record().data {
            Data::Map(first) => first,
            _ => None,
        };
        std::iter::from_fn(move || {
            let key = self.yaml.node(self.source, next?);
            let value = self.yaml.node(self.source, key.record().next?);
            next = value.record().next;
            Some((key, value))
        })
    }

    /// The value of a key of a mapping.
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// A key of a mapping with its value.
    pub fn entry(self, key: &str) -> Option<(Node<'a>, Node<'a>)> {
        self.entries().find(|(k, _)| k.as_str() == Some(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let (yaml, problems) = parse(text, 0..text.len());
        match yaml {
            Some(yaml) => format!("{:?} {:?}", yaml.root(text), problems.len()),
            None => problems
                .iter()
                .map(|p| format!("{} {:?} {}", p.message, p.span, &text[p.span.clone()]))
                .collect::<Vec<_>>()
                .join(", "),
        }
    }

    #[test]
    fn scalars_stay_what_the_author_wrote() {
        assert_eq!(
            shown("a: no\nb: 017\nc: 1.10\nd: 2026-09-14\ne: 'it''s'\nf: \"x\\ny\"\n"),
            r#"Some({"a": "no", "b": "017", "c": "1.10", "d": "2026-09-14", "e": "it's", "f": "x\ny"}) 0"#
        );
    }

    #[test]
    fn every_key_and_value_knows_its_place() {
        let text =
            "---\nname: Priya\nlist: [a, \"b c\"]\nmap:\n  k: >\n    folded\n    text\nlast: x\n";
        let (yaml, problems) = parse(text, 4..text.len());
        assert!(problems.is_empty());
        let yaml = yaml.expect("valid");
        let root = yaml.root(text).expect("not empty");
        let at = |node: Node<'_>| &text[node.span()];
        let places: Vec<_> = root.entries().map(|(k, v)| (at(k), at(v))).collect();
        assert_eq!(places[0], ("name", "Priya"));
        assert_eq!(places[1], ("list", "[a, \"b c\"]"));
        assert_eq!(places[2].1, "k: >\n    folded\n    text");
        let item = root
            .get("list")
            .and_then(|l| l.items().nth(1))
            .expect("item");
        assert_eq!((item.as_str(), at(item)), (Some("b c"), "\"b c\""));
        assert_eq!(yaml.pointer(text, item.id()), "/list/1");
    }

    #[test]
    fn an_unclosed_bracket_is_blamed_on_the_bracket() {
        assert_eq!(
            shown("a: [[x]\nlifecycle: [b, c]\nd: e\n"),
            "this `[` is never closed 3..4 ["
        );
        assert_eq!(shown("a: {x: 1\nb: 2\n"), "this `{` is never closed 3..4 {");
        assert_eq!(shown("a: [x\n"), "this `[` is never closed 3..4 [");
    }

    #[test]
    fn a_repeated_key_is_reported_and_the_first_counts() {
        let text = "a: 1\nb: 2\na: [3, {c: 4}]\nd: 5\n";
        let (yaml, problems) = parse(text, 0..text.len());
        assert_eq!(problems.len(), 1);
        assert_eq!(
            (problems[0].code, &text[problems[0].span.clone()]),
            ("duplicate-key", "a")
        );
        assert_eq!(
            format!("{:?}", yaml.expect("a tree").root(text)),
            r#"Some({"a": "1", "b": "2", "d": "5"})"#
        );
    }

    #[test]
    fn aliases_are_followed_but_bombs_are_not() {
        assert_eq!(
            shown("a: &x [1, 2]\nb: *x\n"),
            r#"Some({"a": ["1", "2"], "b": ["1", "2"]}) 0"#
        );
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for i in 1..12 {
            let refs = vec![format!("*a{}", i - 1); 10].join(", ");
            bomb.extend([
                "a",
                &i.to_string(),
                ": &a",
                &i.to_string(),
                " [",
                &refs,
                "]\n",
            ]);
        }
        assert!(shown(&bomb).starts_with("the aliases of this file expand to too much"));
        assert!(shown("a: &x [*x]\n").starts_with("this alias"));
    }

    #[test]
    fn deep_nesting_is_an_error_not_a_crash() {
        for text in [
            "[".repeat(40_000),
            "{a: ".repeat(40_000),
            "- ".repeat(40_000),
        ] {
            assert!(shown(&text).contains("64 levels"), "{}", &text[..4]);
        }
    }

    #[test]
    fn windows_line_ends_and_unicode_keep_their_places() {
        let text = "näme: 李\r\nb: |\r\n  x\r\n  y\r\nc: z\r\n";
        let (yaml, problems) = parse(text, 0..text.len());
        assert!(problems.is_empty());
        let yaml = yaml.expect("valid");
        let root = yaml.root(text).expect("not empty");
        assert_eq!(root.get("näme").map(|n| &text[n.span()]), Some("李"));
        assert_eq!(root.get("b").and_then(Node::as_str), Some("x\ny\n"));
        assert_eq!(root.get("c").map(|n| &text[n.span()]), Some("z"));
    }
}
