//! Links and anchors in raw HTML.
//!
//! Tags are read as browsers read them, as far as that takes no tree: names, attributes, quotes and
//! comments. What is no tag is passed over. Of attributes that are given twice the first one counts.

use std::ops::Range;

use super::Form;

/// A destination in raw HTML: `href` of `<a>`, or `src` of `<img>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawLink {
    /// Where it leads, character references taken out.
    pub to: String,
    /// The whole tag, in bytes.
    pub tag: Range<usize>,
    /// The attribute with its name.
    pub attribute: Range<usize>,
    /// The same attribute, given again: what a browser would take if the first one went.
    pub again: Vec<Range<usize>>,
    /// The value without its quotes.
    pub value: Range<usize>,
    /// [`Form::Link`] or [`Form::Image`].
    pub form: Form,
}

/// What raw HTML holds.
#[derive(Debug, Default)]
pub struct Raw {
    /// Its links and images.
    pub links: Vec<RawLink>,
    /// The anchors it sets.
    pub ids: Vec<String>,
}

/// Reads raw HTML.
pub fn scan(html: &str) -> Raw {
    let mut raw = Raw::default();
    let mut at = 0;
    while let Some(next) = html[at..].find('<') {
        let start = at + next;
        if html[start..].starts_with("<!--") {
            at = comment_end(html, start);
            continue;
        }
        at = tag(html, start, &mut raw);
    }
    raw
}

/// Where the comment at `start` ends.
fn comment_end(html: &str, start: usize) -> usize {
    let closes =
        |at: &usize| html[start + 2..*at].ends_with("--") || html[start + 4..*at].ends_with("--!");
    let mut ends = html[start + 4..].match_indices('>');
    let end = ends.find_map(|(at, _)| Some(start + 4 + at).filter(closes));
    end.map_or(html.len(), |end| end + 1)
}

/// Reads the tag at `start`; where it ends, or the byte behind a `<` that begins none.
fn tag(html: &str, start: usize, raw: &mut Raw) -> usize {
    let rest = &html[start + 1..];
    let name_end = rest.find(|c| is_blank(c) || matches!(c, '/' | '>'));
    let name = &rest[..name_end.unwrap_or(rest.len())];
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return start + 1;
    }
    let wanted = match name.to_ascii_lowercase().as_str() {
        "a" => Some(("href", Form::Link)),
        "img" => Some(("src", Form::Image)),
        _ => None,
    };
    let first = raw.links.len();
    let mut at = start + 1 + name.len();
    while let Some(found) = attribute(html, at) {
        at = found.span.end;
        let is = |wanted: &str| found.name.eq_ignore_ascii_case(wanted);
        let Some(value) = found.value.filter(|value| !value.is_empty()) else {
            continue;
        };
        if is("id") {
            raw.ids.push(decoded(&html[value]));
        } else if let Some((_, form)) = wanted.filter(|(attribute, _)| is(attribute)) {
            if let Some(link) = raw.links.get_mut(first) {
                link.again.push(found.span);
                continue;
            }
            raw.links.push(RawLink {
                to: decoded(html[value.clone()].trim()),
                tag: start..start,
                attribute: found.span,
                again: Vec::new(),
                value,
                form,
            });
        }
    }
    let end = html[at..].find('>').map_or(html.len(), |end| at + end + 1);
    for link in &mut raw.links[first..] {
        link.tag = start..end;
    }
    end
}

/// Whether a character is a blank in a tag; none but these are.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\x0c' | '\r')
}

struct Attribute<'a> {
    name: &'a str,
    span: Range<usize>,
    value: Option<Range<usize>>,
}

/// The attribute that follows `at`; `None` at the end of the tag.
fn attribute(html: &str, at: usize) -> Option<Attribute<'_>> {
    let start = at + html[at..].find(|c| !(is_blank(c) || c == '/'))?;
    // A sign such as `=` or a quote in front is a part of the name.
    let first = html[start..].chars().next().filter(|c| *c != '>')?;
    let behind_first = start + first.len_utf8();
    let ends = |c: char| is_blank(c) || matches!(c, '/' | '>' | '=');
    let name_end = html[behind_first..].find(ends);
    let name_end = name_end.map_or(html.len(), |end| behind_first + end);
    let name = &html[start..name_end];
    let behind = html[name_end..].trim_start_matches(is_blank);
    let written = behind.strip_prefix('=');
    let Some(written) = written.map(|value| value.trim_start_matches(is_blank)) else {
        return Some(Attribute {
            name,
            span: start..name_end,
            value: None,
        });
    };
    let from = html.len() - written.len();
    let (value, end) = if let Some(quote @ ('"' | '\'')) = written.chars().next() {
        let close = html[from + 1..].find(quote).map(|end| from + 1 + end);
        let close = close.unwrap_or(html.len());
        (from + 1..close, (close + 1).min(html.len()))
    } else {
        let end = written.find(|c| is_blank(c) || c == '>');
        let end = from + end.unwrap_or(written.len());
        (from..end, end)
    };
    Some(Attribute {
        name,
        span: start..end,
        value: Some(value),
    })
}

/// Takes out the character references that addresses need.
fn decoded(value: &str) -> String {
    value
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// A link of raw HTML; its ranges are those of the text around it.
pub(super) struct Placed {
    pub(super) to: Box<str>,
    pub(super) form: Form,
    pub(super) span: Range<usize>,
    /// The value; `None` where it is written otherwise than it reads.
    pub(super) at: Option<Range<usize>>,
}

/// Raw HTML that comes in pieces, with where each stands in the text.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    html: String,
    /// Where a piece starts in `html`, and in the text.
    starts: Vec<(usize, usize)>,
}

impl Pieces {
    pub(super) fn push(&mut self, html: &str, at: usize) {
        self.starts.push((self.html.len(), at));
        self.html.push_str(html);
    }

    /// Reads what has come.
    pub(super) fn take(&mut self) -> (Vec<Placed>, Vec<String>) {
        let raw = scan(&self.html);
        let links = raw.links.into_iter().map(|link| {
            let is_plain = self.html[link.value.clone()] == *link.to;
            let value = self.place(&link.value);
            let whole = value.len() == link.value.len() && is_plain;
            Placed {
                span: self.place(&link.tag),
                at: whole.then_some(value),
                to: link.to.into(),
                form: link.form,
            }
        });
        let links = links.collect();
        self.html.clear();
        self.starts.clear();
        (links, raw.ids)
    }

    fn place(&self, range: &Range<usize>) -> Range<usize> {
        let text = |at: usize| {
            let piece = self.starts.partition_point(|(start, _)| *start <= at);
            let (start, from) = self.starts[piece.saturating_sub(1)];
            from + at - start
        };
        // The end belongs to the piece that holds the last byte.
        text(range.start)..text(range.end.saturating_sub(1).max(range.start)) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_as_browsers_read_them() {
        for (html, expected) in [
            ("<a href=\"x.md\">", vec!["x.md"]),
            ("<A\n  class=b HREF = 'x.md' >", vec!["x.md"]),
            ("<a href=x.md>y</a>", vec!["x.md"]),
            ("<a href=x.md/>", vec!["x.md/"]),
            ("<a title=\"a > b\" href=\"x&amp;y\">", vec!["x&y"]),
            ("<a href=\"one\" href=\"two\">", vec!["one"]),
            ("<a href><a href=''><abbr href=x><a name=x>", vec![]),
            ("<img alt='<a href=no>' src=\"a.png\"/>", vec!["a.png"]),
            ("<!-- <a href=no> --><a href=x>", vec!["x"]),
            ("</a href=no> 1 < 2 <a", vec![]),
            ("<a href=\"never closed", vec!["never closed"]),
            ("<a =x href=y>", vec!["y"]),
            ("<a =\" href=y \">", vec!["y"]),
            ("<a title=\u{3000}\"b href=y \">", vec!["y"]),
            ("<a\u{a0}href=no> <a-b href=no>", vec![]),
            ("<ä <!-- <a href=no>", vec![]),
            ("<!--><a href=x> --><!---><a href=y>", vec!["x", "y"]),
            ("<!-- --!><a href=x><!--!> <a href=no>", vec!["x"]),
        ] {
            let links = scan(html).links;
            let found: Vec<_> = links.iter().map(|link| &*link.to).collect();
            assert_eq!(found, expected, "{html}");
        }
        assert_eq!(scan("<h2 id=top><a id='x' href=y>").ids, ["top", "x"]);
        let twice = "<a href=x href='y' HREF=z>";
        let again = scan(twice).links.remove(0).again;
        let again: Vec<_> = again.into_iter().map(|span| &twice[span]).collect();
        assert_eq!(again, ["href='y'", "HREF=z"]);
    }

    proptest::proptest! {
        #[test]
        fn any_html_is_read(html in "[<>a=\"' \n/!-hrefimgä]{0,40}") {
            for link in scan(&html).links {
                assert!(html.get(link.tag).is_some() && html.get(link.attribute).is_some());
            }
        }
    }
}
