//! The YAML test suite, held against what this parser makes of it.
//!
//! Front matter is one document with words as keys, and what is not that is refused. The lists
//! below name every case in which that shows, with the reason; a case that is not on a list must
//! come out as the suite says, and a case on a list must not.

use super::{Node, parse};
use crate::schema::number;
use crate::suites::{YamlCase, yaml_cases};

/// Why a case comes out otherwise than the suite says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// It holds no document, or several; front matter is one.
    Documents,
    /// A key is a list or a mapping; fields have names.
    Key,
    /// A key stands twice; the suite leaves that to whoever builds values.
    Repeated,
    /// It is accepted although it should be refused.
    Lenient,
    /// It is refused although it is valid.
    Strict,
    /// A number, a truth value or nothing is tagged as a text. Front matter takes no notice of tags:
    /// what a field is, its schema says.
    Text,
    /// A value is tagged as one of another type, such as `!local` or `!!set`.
    Type,
    /// It means another value here.
    Other,
}

/// Every case that deviates.
const DEVIATIONS: &[(Reason, &[&str])] = &[
    (
        Reason::Documents,
        &[
            "35KP", "5TYM", "6WLZ", "6XDY", "6ZKB", "7Z25", "9DXL", "9KAX", "9WXW", "JHB9", "KSS4",
            "L383", "M7A3", "NKF9", "PUW8", "RZT7", "U9NS", "UT92", "W4TN",
        ],
    ),
    (
        Reason::Key,
        &[
            "4FJ6", "6BFJ", "6PBE", "9MMW", "KK5P", "LX3P", "M2N8/0", "M2N8/1", "M5DY", "Q9WF",
            "RZP5", "SBG9", "V9D5", "X38W", "XW4D",
        ],
    ),
    (Reason::Repeated, &["2JQS"]),
    // The later lines of a flow list and of a quoted text may stand at the margin, or after a tab:
    // what is meant is clear.
    (Reason::Lenient, &["9C9N", "DK95/1", "QB6E"]),
    (
        Reason::Text,
        &["74H7", "FH7J", "LE5A", "S4JQ", "UKK6/2", "WZ62"],
    ),
    (
        Reason::Type,
        &[
            "2XXW", "565N", "6CK3", "7FWL", "C4HZ", "CC74", "CUP7", "J7PZ", "M5C3", "P76L", "UGM3",
            "Z67P", "Z9M4",
        ],
    ),
];

/// A value, as the suite and as this parser read it.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    /// Nothing is written; front matter makes no difference between the ways to write that.
    Null,
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Value>),
    Map(Vec<(Value, Value)>),
    /// A value of a type that is not one of the above.
    Typed(String, Box<Value>),
}

impl Value {
    fn of(node: Node<'_>) -> Self {
        if node.is_null() {
            Self::Null
        } else if let Some(text) = node.as_str() {
            Self::Scalar {
                text: text.to_owned(),
                plain: node.is_plain(),
            }
        } else if node.is_map() {
            let entries = node.entries();
            Self::Map(entries.map(|(k, v)| (Self::of(k), Self::of(v))).collect())
        } else {
            Self::List(node.items().map(Self::of).collect())
        }
    }

    fn holds_typed(&self) -> bool {
        match self {
            Self::Null | Self::Scalar { .. } => false,
            Self::List(items) => items.iter().any(Self::holds_typed),
            Self::Map(entries) => entries
                .iter()
                .any(|(key, value)| key.holds_typed() || value.holds_typed()),
            Self::Typed(..) => true,
        }
    }
}

/// The documents that the events of a case stand for.
struct Events<'a> {
    lines: std::iter::Peekable<std::str::Lines<'a>>,
    anchors: Vec<(String, Value)>,
    /// Whether tags say what values are.
    tagged: bool,
}

impl Events<'_> {
    fn documents(events: &str, tagged: bool) -> Vec<Value> {
        let mut events = Events {
            lines: events.lines().peekable(),
            anchors: Vec::new(),
            tagged,
        };
        let mut documents = Vec::new();
        while let Some(line) = events.lines.next() {
            if line.trim_start().starts_with("+DOC") {
                documents.extend(events.value());
            }
        }
        documents
    }

    /// The next value; `None` at the end of a collection.
    fn value(&mut self) -> Option<Value> {
        let line = self.lines.next()?.trim_start();
        let (event, rest) = line.split_at(line.len().min(4));
        if event == "=ALI" {
            let name = rest.trim().trim_start_matches('*');
            let mut known = self.anchors.iter().rev();
            return known
                .find(|(anchor, _)| anchor == name)
                .map(|(_, value)| value.clone());
        }
        let Properties { anchor, tag, rest } = properties(rest);
        let tag = tag.filter(|_| self.tagged);
        let value = match event {
            "=VAL" => scalar(rest, tag),
            "+SEQ" => Value::List(std::iter::from_fn(|| self.value()).collect()),
            "+MAP" => {
                Value::Map(std::iter::from_fn(|| Some((self.value()?, self.value()?))).collect())
            }
            _ => return None,
        };
        let value = match tag {
            // What these say is plain to see.
            None | Some("!") => value,
            Some(tag)
                if PLAIN_TAGS
                    .iter()
                    .any(|plain| tag == format!("{CORE}{plain}")) =>
            {
                value
            }
            Some(tag) => Value::Typed(tag.to_owned(), Box::new(value)),
        };
        self.anchors
            .extend(anchor.map(|name| (name.to_owned(), value.clone())));
        Some(value)
    }
}

/// Begins the tags of YAML itself.
const CORE: &str = "tag:yaml.org,2002:";
/// Those of values that are told apart by how they are written.
const PLAIN_TAGS: [&str; 7] = ["str", "int", "float", "bool", "null", "map", "seq"];

/// What stands before a value.
#[derive(Default)]
struct Properties<'l> {
    anchor: Option<&'l str>,
    tag: Option<&'l str>,
    /// The value, after the style of a collection.
    rest: &'l str,
}

fn properties(rest: &str) -> Properties<'_> {
    let mut found = Properties::default();
    let mut rest = rest.trim_start_matches(' ');
    loop {
        let end = rest.find(' ').unwrap_or(rest.len());
        match rest.as_bytes().first() {
            Some(b'&') => found.anchor = Some(&rest[1..end]),
            Some(b'<') => found.tag = Some(rest[1..end].trim_end_matches('>')),
            Some(b'[' | b'{') => {}
            _ => return Properties { rest, ..found },
        }
        rest = rest[end..].trim_start_matches(' ');
    }
}

/// A scalar; one that is tagged as a text is no number and not nothing, even without quotes.
fn scalar(written: &str, tag: Option<&str>) -> Value {
    let (style, text) = written.split_at(written.len().min(1));
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('b') => '\u{8}',
                Some(other) => other,
                None => '\\',
            },
            c => c,
        });
    }
    let is_text = tag.is_some_and(|tag| tag == "!" || tag == format!("{CORE}str"));
    let is_null = matches!(&*out, "" | "~" | "null" | "Null" | "NULL");
    if style == ":" && is_null && !is_text {
        return Value::Null;
    }
    let flag = matches!(
        &*out,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE"
    );
    let is_typed = is_null || flag || number(&out).is_some();
    Value::Scalar {
        plain: style == ":" && !(is_text && is_typed),
        text: out,
    }
}

/// How a case deviates, if it does.
fn deviation(case: &YamlCase) -> Option<Reason> {
    let (read, problems) = parse(&case.yaml, 0..case.yaml.len());
    let read = read
        .as_ref()
        .and_then(|yaml| yaml.root(&case.yaml))
        .map(Value::of);
    let first = problems.first();
    if case.fails {
        return first.is_none().then_some(Reason::Lenient);
    }
    let expected = Events::documents(&case.events, true);
    let untagged = Events::documents(&case.events, false);
    match first {
        Some(problem) if problem.code == "duplicate-key" => Some(Reason::Repeated),
        Some(problem) if problem.message.starts_with("a second YAML document") => {
            assert!(expected.len() > 1, "{}", case.name);
            Some(Reason::Documents)
        }
        Some(problem) if problem.message.starts_with("a key must be a word") => Some(Reason::Key),
        Some(_) => Some(Reason::Strict),
        None if read.iter().eq(&expected) => None,
        None if read.iter().eq(&untagged) => {
            let typed = expected.iter().any(Value::holds_typed);
            Some(if typed { Reason::Type } else { Reason::Text })
        }
        None => Some(Reason::Other),
    }
}

#[test]
#[ignore = "reads the Node modules"]
fn the_yaml_suite_is_read_but_for_the_cases_that_are_named() {
    let cases = yaml_cases();
    let found: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{} {:?}", case.name, deviation(case)?)))
        .collect();
    let mut named: Vec<String> = DEVIATIONS
        .iter()
        .flat_map(|(reason, names)| names.iter().map(move |name| format!("{name} {reason:?}")))
        .collect();
    named.sort_unstable();
    assert_eq!(found, named);
}
