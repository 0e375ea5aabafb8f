//! Links and anchors in raw HTML.
//!
//! Tags are read as browsers read them, as far as that takes no tree: names, attributes, quotes and
//! comments. What is no tag is passed over.

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
            let end = html[start..].find("-->");
            at = end.map_or(html.len(), |end| start + end + 3);
            continue;
        }
        at = tag(html, start, &mut raw);
    }
    raw
}

/// Reads the tag at `start`; where it ends, or the byte behind a `<` that begins none.
fn tag(html: &str, start: usize, raw: &mut Raw) -> usize {
    let rest = &html[start + 1..];
    let name_end = rest.find(|c: char| !c.is_ascii_alphanumeric());
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
        } else if let Some((_, form)) = wanted.filter(|(attribute, _)| is(attribute))
            && raw.links.len() == first
        {
            raw.links.push(RawLink {
                to: decoded(html[value.clone()].trim()),
                tag: start..start,
                attribute: found.span,
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

struct Attribute<'a> {
    name: &'a str,
    span: Range<usize>,
    value: Option<Range<usize>>,
}

/// The attribute that follows `at`; `None` at the end of the tag.
fn attribute(html: &str, at: usize) -> Option<Attribute<'_>> {
    let blank = |c: char| c.is_whitespace() || c == '/';
    let start = at + html[at..].find(|c| !blank(c))?;
    let ends = |c: char| blank(c) || c == '>' || c == '=';
    let name_end = start + html[start..].find(ends).unwrap_or(html.len() - start);
    if name_end == start && !html[start..].starts_with('=') {
        return None;
    }
    let name = &html[start..name_end];
    let behind = html[name_end..].trim_start();
    let Some(written) = behind.strip_prefix('=').map(str::trim_start) else {
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
        let end = written.find(|c: char| c.is_whitespace() || c == '>');
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
            ("<ä <!-- <a href=no>", vec![]),
        ] {
            let links = scan(html).links;
            let found: Vec<_> = links.iter().map(|link| &*link.to).collect();
            assert_eq!(found, expected, "{html}");
        }
        assert_eq!(scan("<h2 id=top><a id='x' href=y>").ids, ["top", "x"]);
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
