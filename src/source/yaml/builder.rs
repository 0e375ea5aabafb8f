//! From the events of the YAML parser to the arena.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle};

use crate::diagnostic::MOST;

use super::{MAX_DEPTH, Node, NodeId, Problem, Record, Sort, Yaml};

/// How many records the aliases of one file may add.
const MAX_ALIASED: usize = 20_000;
/// How many bytes of text they may add.
const MAX_ALIASED_TEXT: usize = 1024 * 1024;

/// A collection that is still open while events come in.
pub(super) struct Open {
    pub(super) id: NodeId,
    pub(super) flow: bool,
    pub(super) is_map: bool,
    /// Whether a key waits for its value.
    in_entry: bool,
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
        aliased_text: 0,
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
    aliased_text: usize,
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
                    self.check_depth(&span)?;
                    let id = self.scalar(text, style == ScalarStyle::Plain, span);
                    self.remember(anchor, id);
                    self.attach(id)?;
                }
                Event::SequenceStart(style, anchor, _) => {
                    self.enter(span, style, anchor, Sort::List)?;
                }
                Event::MappingStart(style, anchor, _) => {
                    self.enter(span, style, anchor, Sort::Map)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.leave(span.end),
                Event::Alias(target) => self.alias(target, span)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Adds a scalar that stands at `span`.
    fn scalar(&mut self, text: Cow<'s, str>, plain: bool, span: Range<usize>) -> NodeId {
        if let Cow::Borrowed(slice) = text {
            // A borrowed slice lies inside `source`; its address tells where.
            let start = (slice.as_ptr() as usize).wrapping_sub(self.source.as_ptr() as usize);
            let range = start..start.wrapping_add(slice.len());
            if range == span {
                let sort = if plain { Sort::Plain } else { Sort::Whole };
                return self.yaml.add_scalar(span, sort);
            }
            if range == super::inside(span.clone()) && !plain {
                return self.yaml.add_scalar(span, Sort::Quoted);
            }
        }
        self.made(span, text.into(), plain)
    }

    fn made(&mut self, span: Range<usize>, text: Box<str>, plain: bool) -> NodeId {
        let sort = if plain { Sort::PlainMade } else { Sort::Made };
        self.yaml.add_made(span, text, sort)
    }

    /// Block scalars reach to the next token: their last line break is not part of the place.
    fn trimmed(&self, span: Range<usize>) -> Range<usize> {
        match self.source.get(span.clone()) {
            Some(text) => span.start..span.start + text.trim_end().len(),
            None => span,
        }
    }

    /// Whether what stands at `span` may be in all that is open.
    fn check_depth(&self, span: &Range<usize>) -> Step {
        if self.open.len() >= MAX_DEPTH {
            return Err(Box::new(too_deep(span.clone())));
        }
        Ok(())
    }

    fn remember(&mut self, anchor: usize, id: NodeId) {
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
    }

    fn enter(
        &mut self,
        span: Range<usize>,
        style: granit_parser::StructureStyle,
        anchor: usize,
        sort: Sort,
    ) -> Step {
        self.check_depth(&span)?;
        let id = self.yaml.open(span.start, sort);
        self.attach(id)?;
        self.open.push(Open {
            id,
            flow: style == granit_parser::StructureStyle::Flow,
            is_map: sort == Sort::Map,
            in_entry: false,
            anchor,
            keys: Keys::default(),
        });
        Ok(())
    }

    fn leave(&mut self, end: usize) {
        let Some(open) = self.open.pop() else {
            return;
        };
        let end = if open.flow {
            end
        } else {
            // A block collection ends where its last line does, not where the next token starts.
            let start = self.yaml.start(open.id);
            let text = self.source.get(start..end).unwrap_or("");
            start + text.trim_end().len()
        };
        self.yaml.close(open.id, end);
        self.remember(open.anchor, open.id);
    }

    /// Looks at a node that was added to the innermost collection.
    fn attach(&mut self, id: NodeId) -> Step {
        let Some(mut open) = self.open.pop_if(|open| open.is_map) else {
            return Ok(());
        };
        open.in_entry = !open.in_entry;
        let done = if open.in_entry {
            self.note_key(&mut open, id)
        } else {
            Ok(())
        };
        self.open.push(open);
        done
    }

    fn note_key(&mut self, open: &mut Open, id: NodeId) -> Step {
        if self.is_repeated(open, id)? {
            self.yaml.records[id.index()].rest |= Record::REPEATED;
        }
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
        if first.is_some() && self.problems.len() > MOST {
            return Ok(true);
        }
        if let Some(first) = first {
            let first = self.yaml.node(self.source, first).span();
            let line = crate::source::line(self.source, first.start);
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
        let node = self.yaml.node(self.source, from);
        let size = node.record().size();
        self.aliased += size;
        if self.aliased <= MAX_ALIASED {
            self.aliased_text += text_length(node);
        }
        if self.aliased > MAX_ALIASED || self.aliased_text > MAX_ALIASED_TEXT {
            return Err(Box::new(Problem::syntax(
                "the aliases of this file expand to too much",
                "write the values out instead of nesting `*aliases`",
                span,
            )));
        }
        if self.open.len() + height(node) > MAX_DEPTH {
            return Err(Box::new(too_deep(span)));
        }
        // A mistake in an aliased value is best shown where the alias stands.
        let id = if let Some(text) = node.as_str().map(Box::from) {
            let plain = node.is_plain();
            self.made(span, text, plain)
        } else {
            let id = NodeId::of(self.yaml.records.len());
            let records = &mut self.yaml.records;
            records.extend_from_within(from.index()..from.index() + size);
            records[id.index()].start = super::short(span.start);
            self.yaml.close(id, span.end);
            id
        };
        self.attach(id)
    }
}

/// How many bytes of text there are in a node.
fn text_length(node: Node<'_>) -> usize {
    let entries = node.entries().flat_map(|(key, value)| [key, value]);
    let inner: usize = entries.chain(node.items()).map(text_length).sum();
    inner + node.as_str().map_or(0, str::len)
}

/// How many levels there are in a node, itself included.
fn height(node: Node<'_>) -> usize {
    let entries = node.entries().flat_map(|(key, value)| [key, value]);
    let deepest = entries.chain(node.items()).map(height).max();
    1 + deepest.unwrap_or(0)
}

pub(super) fn too_deep(span: Range<usize>) -> Problem {
    Problem::syntax(
        format!("lists and mappings are nested deeper than {MAX_DEPTH} levels"),
        "flatten this value",
        span,
    )
}
