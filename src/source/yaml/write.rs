//! Writing single values, and putting another text in the place of a scalar.

use std::fmt::Write;

use serde_json::{Value, json};

use super::Node;
use crate::diagnostic::Edit;

/// A value as it stands behind `key: ` or `- `, on one line.
pub fn inline(value: &Value) -> String {
    match serde_yaml::to_string(value) {
        Ok(text) if !text.trim_end().contains('\n') => text.trim_end().to_owned(),
        // A text of several lines, which YAML would spread.
        _ => flow(value),
    }
}

/// A value in brackets, braces and double quotes: JSON is YAML, but for characters that a file of YAML
/// must not hold as they are.
pub fn flow(value: &Value) -> String {
    let is_odd = |c: char| {
        matches!(
            c,
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
    };
    let json = value.to_string();
    if !json.contains(is_odd) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_odd(c) {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// A text as a scalar that may stand anywhere, between `[` and `]` too; in quotes only if it
/// would be read as something else without.
pub fn plain(text: &str) -> String {
    let written = inline(&json!(text));
    if written == text && text.contains([',', '[', ']', '{', '}']) {
        return single(text);
    }
    written
}

fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl<'a> Node<'a> {
    /// Puts `text` in the place of a scalar, in the same kind of quotes. `None` for a list or a
    /// mapping, and for a block of text (`|`, `>`) that holds more than its one word.
    pub fn rewrite(self, text: &str) -> Option<Edit> {
        let old = self.as_str()?;
        let span = self.span();
        let raw = self.source.get(span.clone())?;
        let block = !self.is_plain() && raw.trim_end() == old.trim_end();
        let written = match raw.as_bytes().first() {
            // A block of text stands as it is, and its place begins behind the `|` or `>`.
            _ if block && old.trim_end().contains('\n') => return None,
            _ if block => text.to_owned(),
            Some(b'\'') if !text.contains(char::is_control) => single(text),
            Some(b'\'' | b'"') => flow(&json!(text)),
            _ if !self.is_plain() => return None,
            _ => plain(text),
        };
        Some(Edit {
            span,
            text: written,
        })
    }

    /// The name in `*name`, where an alias stands for a value that is written elsewhere.
    pub fn alias(self) -> Option<&'a str> {
        self.source.get(self.span())?.strip_prefix('*')
    }

    /// The name in `&name` right before this value.
    pub fn anchor(self) -> Option<&'a str> {
        let before = self.source.get(..self.span().start)?.trim_end();
        let start = before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        before[start..]
            .trim_start_matches(['[', '{', ','])
            .strip_prefix('&')
    }

    /// Whether it is written between brackets or braces.
    pub fn is_flow(self) -> bool {
        let raw = self.source.get(self.span()).unwrap_or("");
        !self.is_scalar() && raw.starts_with(['[', '{'])
    }

    fn is_scalar(self) -> bool {
        self.as_str().is_some()
    }

    /// What stands on the line of this value before it.
    pub fn margin(self) -> &'a str {
        let before = self.source.get(..self.span().start).unwrap_or("");
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        &before[start..]
    }
}

/// The line break that a text uses.
pub fn line_break(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// As many columns of spaces as `margin` takes.
pub fn indent(margin: &str) -> String {
    " ".repeat(margin.chars().count())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::source::yaml::{Node, parse};

    #[test]
    fn every_character_is_read_as_it_was() {
        for c in ('\0'..='\u{30ff}').chain('\u{d7f0}'..='\u{10080}') {
            let text = format!("a{c}b");
            let written = super::flow(&json!({ "key": text }));
            let (yaml, _) = parse(&written, 0..written.len());
            let read = yaml
                .as_ref()
                .and_then(|yaml| yaml.root(&written)?.get("key"));
            assert_eq!(read.and_then(Node::as_str), Some(&*text), "{c:?}");
        }
    }

    /// `text` with the first value that reads `old` rewritten to `new`.
    fn rewritten(text: &str, old: &str, new: &str) -> Option<String> {
        fn find<'a>(node: Node<'a>, old: &str) -> Option<Node<'a>> {
            if node.as_str().is_some_and(|t| t.trim_end() == old) {
                return Some(node);
            }
            let inner = node.entries().flat_map(|(k, v)| [k, v]);
            inner.chain(node.items()).find_map(|n| find(n, old))
        }
        let (yaml, _) = parse(text, 0..text.len());
        let yaml = yaml.expect("YAML");
        let edit = find(yaml.root(text).expect("a root"), old)?.rewrite(new)?;
        let mut out = text.to_owned();
        out.replace_range(edit.span, &edit.text);
        let (again, problems) = parse(&out, 0..out.len());
        assert!(problems.is_empty(), "{out}");
        let again = again.expect("YAML");
        assert!(
            find(again.root(&out).expect("a root"), new).is_some(),
            "{out}"
        );
        Some(out)
    }

    #[test]
    fn a_scalar_keeps_its_quotes_and_its_surroundings() {
        for (text, after) in [
            ("a: old # why\n", "a: new # why\n"),
            ("a: 'old'\r\nb: 1\r\n", "a: 'new'\r\nb: 1\r\n"),
            ("a: \"old\"", "a: \"new\""),
            ("a: [x, old, y]\n", "a: [x, new, y]\n"),
            ("a: {b: old}\n", "a: {b: new}\n"),
            ("a: &x old\nb: *x\n", "a: &x new\nb: *x\n"),
            ("a: !!str old\n", "a: !!str new\n"),
            ("a:\n  - old # one\n  - y\n", "a:\n  - new # one\n  - y\n"),
            ("? old\n: 1\n", "? new\n: 1\n"),
            ("\"old\": 1\n", "\"new\": 1\n"),
            ("old : 1\n", "new : 1\n"),
            ("a: >-\n  old\nb: 1\n", "a: >-\n  new\nb: 1\n"),
            ("a: | # why\n  old\n", "a: | # why\n  new\n"),
        ] {
            assert_eq!(rewritten(text, "old", "new").as_deref(), Some(after));
        }
        assert_eq!(rewritten("a: |\n  old\n  b\n", "old\nb", "new"), None);
    }

    #[test]
    fn a_text_that_needs_quotes_gets_them() {
        for (text, new, after) in [
            ("a: old\n", "12", "a: '12'\n"),
            ("a: old\n", "null", "a: 'null'\n"),
            ("a: [old]\n", "x, y", "a: ['x, y']\n"),
            ("a: old\n", "x: y", "a: 'x: y'\n"),
            ("a: 'old'\n", "it's", "a: 'it''s'\n"),
            ("a: \"old\"\n", "a\"b", "a: \"a\\\"b\"\n"),
            ("a: old\n", "Änne", "a: Änne\n"),
        ] {
            assert_eq!(rewritten(text, "old", new).as_deref(), Some(after));
        }
    }

    #[test]
    fn anchors_and_aliases_are_told_by_name() {
        let text = "a: &x old\nb: [*x, &y z, w]\n";
        let (yaml, _) = parse(text, 0..text.len());
        let yaml = yaml.expect("YAML");
        let root = yaml.root(text).expect("a root");
        assert_eq!(root.get("a").and_then(Node::anchor), Some("x"));
        let items: Vec<_> = root.get("b").expect("b").items().collect();
        let names: Vec<_> = items.iter().map(|n| (n.alias(), n.anchor())).collect();
        assert_eq!(names, [(Some("x"), None), (None, Some("y")), (None, None)]);
    }
}
