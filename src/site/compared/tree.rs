//! Cuts a page into its elements, so that two states of it can be laid beside each other.
//!
//! Pages come from templates that close what they open. What does not (a theme may do as it
//! likes) is not cut at all, and shown without marks.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::LazyLock;

/// Makes the hashes by which elements and words are told apart. It has a secret, so that nobody can
/// write a change that looks like none.
static HASHES: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// Elements without an end tag.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
/// Elements whose content is no HTML.
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];
/// Elements within each other; deeper ones are not cut.
const MAX_DEPTH: usize = 200;

/// A piece of a page.
#[derive(Debug)]
pub(super) enum Node<'a> {
    Element(Element<'a>),
    /// Text, comments and what else stands between tags.
    Text(&'a str),
}

/// An element with all in it.
#[derive(Debug)]
pub(super) struct Element<'a> {
    pub(super) tag: &'a str,
    /// The start tag as it is written.
    pub(super) open: &'a str,
    pub(super) children: Vec<Node<'a>>,
    /// The end tag; empty where there is none.
    pub(super) close: &'a str,
    /// The whole of it as it is written.
    pub(super) source: &'a str,
    /// Equal for elements that say the same.
    pub(super) hash: u64,
}

impl<'a> Element<'a> {
    /// The value of an attribute, as it is written.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        attributes(self.open)
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// Whether it has a class.
    pub(super) fn has_class(&self, name: &str) -> bool {
        let classes = self.attribute("class").unwrap_or_default();
        classes.split_ascii_whitespace().any(|class| class == name)
    }

    /// The elements directly in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element<'a>> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element below it, itself included, that is wanted.
    pub(super) fn find(&self, wanted: &dyn Fn(&Element<'a>) -> bool) -> Option<&Element<'a>> {
        if wanted(self) {
            return Some(self);
        }
        self.elements().find_map(|child| child.find(wanted))
    }

    /// Calls `each` with every text below it, in order.
    pub(super) fn texts(&self, each: &mut dyn FnMut(&'a str)) {
        for child in &self.children {
            match child {
                Node::Text(text) if !text.starts_with("<!") => each(text),
                Node::Text(_) => {}
                Node::Element(element) => element.texts(each),
            }
        }
    }

    /// The words of its text, with one space between them.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        self.texts(&mut |text| {
            for word in text.split_ascii_whitespace() {
                if !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(word);
            }
        });
        out
    }

    /// Whether any text is in it.
    pub(super) fn has_text(&self) -> bool {
        let mut any = false;
        self.texts(&mut |text| any |= !text.trim().is_empty());
        any
    }
}

/// Name and value of each attribute of a start tag, in order.
pub(super) fn attributes(open: &str) -> impl Iterator<Item = (&str, &str)> {
    let name_end = open.find(|c: char| c.is_ascii_whitespace());
    let mut rest = name_end.map_or("", |at| &open[at..]);
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let end = rest.find(|c: char| c == '=' || c == '>' || c.is_ascii_whitespace())?;
        let name = rest[..end].trim_end_matches('/');
        if name.is_empty() {
            return None;
        }
        rest = &rest[end..];
        let Some(value) = rest.strip_prefix('=') else {
            return Some((name, ""));
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = if let Some(quote) = quote {
            value[1..].split_once(quote)?
        } else {
            let end = value.find(|c: char| c == '>' || c.is_ascii_whitespace());
            value.split_at(end?)
        };
        rest = after;
        Some((name, value))
    })
}

/// The elements of `html`; nothing where they are not closed in order.
pub(super) fn cut(html: &str) -> Option<Vec<Node<'_>>> {
    let mut open: Vec<(Element<'_>, usize)> = Vec::new();
    let mut top: Vec<Node<'_>> = Vec::new();
    let mut at = 0;
    while at < html.len() {
        let rest = &html[at..];
        let in_raw = open.last().filter(|(e, _)| RAW.contains(&e.tag));
        let end = match in_raw {
            Some((element, _)) => rest.find(&format!("</{}", element.tag))?,
            None => rest.find('<').unwrap_or(rest.len()),
        };
        if end > 0 {
            let text = Node::Text(&rest[..end]);
            siblings(&mut open, &mut top).push(text);
            at += end;
            continue;
        }
        if rest.starts_with("<!--") {
            let end = rest.find("-->")? + 3;
            siblings(&mut open, &mut top).push(Node::Text(&rest[..end]));
            at += end;
            continue;
        }
        let tag_end = end_of_tag(rest)?;
        let written = &rest[..tag_end];
        if let Some(name) = written.strip_prefix("</") {
            let (mut element, from) = open.pop()?;
            if name.trim_end_matches('>').trim_end() != element.tag {
                return None;
            }
            element.close = written;
            element.source = &html[from..at + tag_end];
            element.hash = hash(&element);
            siblings(&mut open, &mut top).push(Node::Element(element));
        } else {
            let name = &written[1..];
            let end = name.find(|c: char| c == '>' || c == '/' || c.is_ascii_whitespace())?;
            let element = Element {
                tag: &name[..end],
                open: written,
                children: Vec::new(),
                close: "",
                source: written,
                hash: 0,
            };
            if written.ends_with("/>") || VOID.contains(&element.tag) {
                let hash = hash(&element);
                let element = Element { hash, ..element };
                siblings(&mut open, &mut top).push(Node::Element(element));
            } else if open.len() >= MAX_DEPTH {
                return None;
            } else {
                open.push((element, at));
            }
        }
        at += tag_end;
    }
    open.is_empty().then_some(top)
}

/// Where the next piece belongs: into the innermost open element.
fn siblings<'s, 'a>(
    open: &'s mut [(Element<'a>, usize)],
    top: &'s mut Vec<Node<'a>>,
) -> &'s mut Vec<Node<'a>> {
    match open.last_mut() {
        Some((element, _)) => &mut element.children,
        None => top,
    }
}

/// Where a tag ends, which may have `>` in the values of its attributes.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return Some(at + 1),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// Spaces between elements say nothing, and how many there are between words neither.
fn hash(element: &Element<'_>) -> u64 {
    let mut state = HASHES.build_hasher();
    element.open.hash(&mut state);
    for child in &element.children {
        match child {
            Node::Text(text) => {
                for word in text.split_ascii_whitespace() {
                    word.hash(&mut state);
                }
            }
            Node::Element(element) => element.hash.hash(&mut state),
        }
    }
    state.finish()
}

/// The hash of a word.
pub(super) fn hash_of(word: &str) -> u64 {
    HASHES.hash_one(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_cut_into_their_elements() {
        let nodes = cut("<p class=\"a b\" title='x > y' hidden>One <b>two</b><br>three</p> end");
        let nodes = nodes.expect("well formed");
        let Node::Element(p) = &nodes[0] else {
            panic!("no element: {nodes:?}");
        };
        assert_eq!((p.tag, p.close), ("p", "</p>"));
        assert_eq!(p.attribute("title"), Some("x > y"));
        assert_eq!(p.attribute("hidden"), Some(""));
        assert!(p.has_class("b") && !p.has_class("c"));
        assert_eq!(p.text(), "One two three");
        assert_eq!(p.elements().map(|e| e.tag).collect::<Vec<_>>(), ["b", "br"]);
    }

    #[test]
    fn what_is_not_closed_in_order_is_not_cut() {
        for html in ["<p>", "<p><b></p></b>", "</p>", "<p", "<script>", "<!-- "] {
            assert!(cut(html).is_none(), "{html}");
        }
        assert!(cut("<script>if (a < b) {}</script>").is_some());
        assert!(cut(&"<i>".repeat(300)).is_none());
    }

    #[test]
    fn spaces_are_no_difference() {
        let hash = |html| match &cut(html).expect("well formed")[0] {
            Node::Element(element) => element.hash,
            Node::Text(_) => 0,
        };
        assert_eq!(hash("<p>a  b\n<i></i></p>"), hash("<p>a b <i></i> </p>"));
        assert_ne!(hash("<p>a b</p>"), hash("<p>ab</p>"));
        assert_ne!(hash("<p id=a></p>"), hash("<p id=b></p>"));
    }
}
