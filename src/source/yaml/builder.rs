//! From the events of the YAML parser to the arena.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle};

use super::{Data, MAX_DEPTH, NodeId, Problem, Record, Yaml, short};

/// How many nodes the aliases of one file may add.
const MAX_ALIASED_NODES: usize = 10_000;

/// A collection that is still open while events come in.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Open {
    pub(super) id: NodeId,
    pub(super) flow: bool,
    pub(super) is_map: bool,
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
    match super::plain::read(source, range.clone()) {
        Some(yaml) => (Some(yaml), Vec::new()),
        None => parse_any(source, range),
    }
}

/// The same by the whole parser alone, also where one pass would do: what that is held against.
pub fn parse_any(source: &str, range: Range<usize>) -> (Option<Yaml>, Vec<Problem>) {
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
        Ok(()) => {
            // It stays as long as the project is open.
            builder.yaml.records.shrink_to_fit();
            (Some(builder.yaml), builder.problems)
        }
        Err(problem) => {
            builder.problems.push(*problem);
            (None, builder.problems)
        }
    }
}

pub(super) struct Builder<'s> {
    pub(super) source: &'s str,
    pub(super) base: usize,
    pub(super) end: usize,
    pub(super) yaml: Yaml,
    pub(super) open: Vec<Open>,
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
                    let span = self.trimmed(span);
                    let data = self.scalar(text, style == ScalarStyle::Plain, &span);
                    let id = self.add(span, data)?;
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

    /// A scalar that stands at `span`.
    fn scalar(&mut self, text: Cow<'s, str>, plain: bool, span: &Range<usize>) -> Data {
        if let Cow::Borrowed(slice) = text {
            // A borrowed slice lies inside `source`; its address tells where.
            let start = (slice.as_ptr() as usize).wrapping_sub(self.source.as_ptr() as usize);
            let range = start..start.wrapping_add(slice.len());
            if range == *span {
                return Data::Whole { plain };
            }
            if range == super::inside(span.clone()) && !plain {
                return Data::Quoted;
            }
        }
        self.made(text.into(), plain)
    }

    fn made(&mut self, text: Box<str>, plain: bool) -> Data {
        self.yaml.texts.push(text);
        Data::Made {
            text: short(self.yaml.texts.len() - 1),
            plain,
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
        let id = NodeId::of(self.yaml.records.len());
        self.yaml.records.push(Record::new(span, data));
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
        let record = &mut self.yaml.records[open.id.index()];
        let last_end = if open.flow {
            short(end)
        } else {
            // A block collection ends where its last line does, not where the next token starts.
            let text = self.source.get(record.start as usize..end).unwrap_or("");
            record.start + short(text.trim_end().len())
        };
        record.end = last_end.max(record.start);
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
            Some(last) => self.yaml.records[last.index()].next = Some(id),
            None => self.yaml.begin(open.id, id),
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
            let line = crate::source::position(
                self.source,
                self.yaml.node(self.source, first).span().start,
            )
            .line;
            self.problems.push(Problem {
                code: "duplicate-key",
                message: format!("`{key}` is given twice"),
                help: format!("the first is on line {line}: keep one and remove the other"),
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
        let node = self.yaml.node(self.source, id);
        let data = match node.as_str().map(Box::from) {
            Some(text) => self.made(text, node.is_plain()),
            None => node.record().data(),
        };
        let record = &mut self.yaml.records[id.index()];
        (record.start, record.end) = (short(span.start), short(span.end));
        record.data = data.into();
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
        let record = self.yaml.records[from.index()].clone();
        let id = NodeId::of(self.yaml.records.len());
        let first = record.data().first();
        self.yaml.records.push(Record {
            next: None,
            ..record
        });
        let mut child = first;
        let mut last: Option<NodeId> = None;
        while let Some(c) = child {
            let copied = self.copy(c, alias, depth + 1)?;
            match last {
                Some(last) => self.yaml.records[last.index()].next = Some(copied),
                None => self.yaml.begin(id, copied),
            }
            last = Some(copied);
            child = self.yaml.records[c.index()].next;
        }
        Ok(id)
    }
}

pub(super) fn too_deep(span: Range<usize>) -> Problem {
    Problem::syntax(
        format!("lists and mappings are nested deeper than {MAX_DEPTH} levels"),
        "flatten this value",
        span,
    )
}
