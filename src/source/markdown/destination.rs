//! Where in a text its links say where they lead.
//!
//! Only those who change a text need this, so it is not part of the outline: reading a project
//! would pay for it in every file.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Parser, Tag, TagEnd};

use super::raw::Pieces;
use super::{Form, OPTIONS};

/// A place that says where a link leads: a link or an image, or the definition that links by
/// reference share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Where it leads, escapes taken out.
    pub to: Box<str>,
    /// How it is written; [`Form::Link`] for a definition.
    pub form: Form,
    /// The whole link or definition, in bytes of the file.
    pub span: Range<usize>,
    /// The destination alone, without angle brackets; `None` when it is written in a way that
    /// cannot be told apart, such as over two lines of a quote.
    pub at: Option<Range<usize>>,
}

/// A link that is still open while events come in.
struct Open<'a> {
    to: CowStr<'a>,
    kind: LinkType,
    image: bool,
    /// The end of what it holds so far.
    inner: usize,
}

/// The destinations in `markdown`, whose first byte is at `offset` in its file, in its order.
pub fn destinations(markdown: &str, offset: usize) -> Vec<Destination> {
    let mut found = Vec::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut raw = Pieces::default();
    let mut parser = Parser::new_ext(markdown, OPTIONS).into_offset_iter();
    for (event, span) in parser.by_ref() {
        match event {
            Event::Start(Tag::Link {
                link_type: kind,
                dest_url: to,
                ..
            }) => open.push(Open {
                to,
                kind,
                image: false,
                inner: span.start + 1,
            }),
            Event::Start(Tag::Image {
                link_type: kind,
                dest_url: to,
                ..
            }) => open.push(Open {
                to,
                kind,
                image: true,
                inner: span.start + 2,
            }),
            Event::End(TagEnd::Link | TagEnd::Image) => {
                found.extend(open.pop().and_then(|link| link.close(markdown, &span)));
                inside(&mut open, span.end);
            }
            Event::Html(html) => raw.push(&html, span.start),
            Event::InlineHtml(html) => {
                raw.push(&html, span.start);
                found.extend(in_html(&mut raw));
                inside(&mut open, span.end);
            }
            Event::End(TagEnd::HtmlBlock) => found.extend(in_html(&mut raw)),
            _ => inside(&mut open, span.end),
        }
    }
    for (_, definition) in parser.reference_definitions().iter() {
        let span = definition.span.clone();
        found.push(Destination {
            at: in_definition(markdown, &span, &definition.dest),
            to: (&*definition.dest).into(),
            form: Form::Link,
            span,
        });
    }
    found.sort_by_key(|destination| destination.span.start);
    for destination in &mut found {
        destination.span = shifted(&destination.span, offset);
        destination.at = destination.at.as_ref().map(|at| shifted(at, offset));
    }
    found
}

fn in_html(raw: &mut Pieces) -> impl Iterator<Item = Destination> {
    raw.take().0.into_iter().map(|link| Destination {
        to: link.to,
        form: link.form,
        span: link.span,
        at: link.at,
    })
}

fn inside(open: &mut [Open<'_>], end: usize) {
    if let Some(link) = open.last_mut() {
        link.inner = link.inner.max(end);
    }
}

fn shifted(span: &Range<usize>, by: usize) -> Range<usize> {
    span.start + by..span.end + by
}

impl Open<'_> {
    /// The link, when it says itself where it leads.
    fn close(self, text: &str, span: &Range<usize>) -> Option<Destination> {
        let (form, at) = match self.kind {
            LinkType::WikiLink { .. } => (Form::Wiki, in_wiki(text, span, &self.to)),
            LinkType::Inline => {
                let form = if self.image { Form::Image } else { Form::Link };
                (form, in_link(text, self.inner..span.end, &self.to))
            }
            _ => return None,
        };
        Some(Destination {
            to: (&*self.to).into(),
            form,
            span: span.clone(),
            at,
        })
    }
}

fn in_wiki(text: &str, span: &Range<usize>, to: &str) -> Option<Range<usize>> {
    let inner = span.start + text.get(span.clone())?.find("[[")? + 2;
    let start = inner + text.get(inner..span.end)?.find(to)?;
    // In a table the `|` that follows is written `\|`.
    Some(start..start + to.trim_end_matches('\\').len())
}

/// In `tail`, which begins behind the text of a link.
fn in_link(text: &str, tail: Range<usize>, to: &str) -> Option<Range<usize>> {
    let start = tail.start + text.get(tail.clone())?.find("](")? + 2;
    written(text, start..tail.end, to)
}

fn in_definition(text: &str, span: &Range<usize>, to: &str) -> Option<Range<usize>> {
    let definition = text.get(span.clone())?;
    let mut ends = definition.match_indices("]:").map(|(at, _)| at);
    let end = ends.find(|&at| !definition[..at].ends_with('\\'))?;
    written(text, span.start + end + 2..span.end, to)
}

/// The destination at the beginning of `range`, if it reads as `to`.
fn written(text: &str, range: Range<usize>, to: &str) -> Option<Range<usize>> {
    let rest = text.get(range.clone())?;
    let start = range.start + rest.len() - rest.trim_start().len();
    let rest = text.get(start..range.end)?;
    let bracketed = rest.starts_with('<');
    let at = if bracketed {
        start + 1..start + 1 + end(&rest[1..], true)
    } else {
        start..start + end(rest, false)
    };
    let raw = text.get(at.clone())?;
    let same = *raw == *to || {
        let link = if bracketed {
            format!("[x](<{raw}>)")
        } else {
            format!("[x]({raw})")
        };
        let mut events = Parser::new_ext(&link, OPTIONS);
        events.any(
            |event| matches!(event, Event::Start(Tag::Link { dest_url, .. }) if *dest_url == *to),
        )
    };
    same.then_some(at)
}

/// How long a destination is.
fn end(text: &str, bracketed: bool) -> usize {
    let mut depth = 0usize;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '>' if bracketed => return at,
            _ if bracketed => {}
            '(' => depth += 1,
            ')' if depth == 0 => return at,
            ')' => depth -= 1,
            c if c.is_whitespace() => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_link_shows_its_destination() {
        for (text, expected) in [
            ("[a](x.md)", vec!["x.md"]),
            ("[a]( x.md 'Title' )", vec!["x.md"]),
            ("[a](<x y.md#z>)", vec!["x y.md#z"]),
            ("[a](x%20y.md)", vec!["x%20y.md"]),
            ("[a](x\\_y.md)", vec!["x\\_y.md"]),
            ("[a](x&amp;y.md)", vec!["x&amp;y.md"]),
            ("[a](x(1).md)", vec!["x(1).md"]),
            ("[a](\n  x.md)", vec!["x.md"]),
            ("[`](no)` *b*](x.md)", vec!["x.md"]),
            ("[b \\]( no](x.md)", vec!["x.md"]),
            ("[](x.md)", vec!["x.md"]),
            ("![a](x.png)", vec!["x.png"]),
            ("[![a](x.png) b](y.md)", vec!["y.md", "x.png"]),
            ("[[x]] and [[k:x#y|z]]", vec!["x", "k:x#y"]),
            ("![[x]]", vec!["x"]),
            ("| a |\n| - |\n| [[x\\|y]] |\n", vec!["x"]),
            ("[a][b], [b], [b][]\n\n[b]: <x.md> \"T\"\n", vec!["x.md"]),
            ("> [b]\n>\n> [b]: x.md\n", vec!["x.md"]),
            ("[b\\]: c]: x.md\n", vec!["x.md"]),
            (
                "`[a](x.md)`\n\n    [a](x.md)\n\n<!-- [a](x.md) -->\n",
                vec![],
            ),
            ("<https://example.com>", vec![]),
            (
                "x <a href=\"x.md\">y</a> ![a](y.png)",
                vec!["x.md", "y.png"],
            ),
            ("> <p>\n> <img\n> src=a.png>\n> </p>\n", vec!["a.png"]),
        ] {
            let padded = format!("--{text}");
            let found = destinations(text, 2);
            let shown: Vec<_> = found
                .iter()
                .map(|d| &padded[d.at.clone().expect(text)])
                .collect();
            assert_eq!(shown, expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_not_guessed() {
        let found = destinations("> [a](\n> x.md)\n", 0);
        assert_eq!((found.len(), &*found[0].to), (1, "x.md"));
        assert_eq!(found[0].at, None);
    }
}
