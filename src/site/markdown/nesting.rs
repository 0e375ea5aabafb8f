//! Raw HTML in order: every element that begins also ends, in the order in which they began.
//!
//! In: HTML of Markdown, in which authors may leave anything open, cross it, or nest it without end. Out:
//! the same elements in a tree that is written out, no deeper than [`DEEPEST`]. A parser of HTML opens
//! an element such as `<b>` that was left open again in every paragraph that follows, and moves what
//! stands in a table beside its cells, so that it makes millions of elements of a small text, or
//! takes minutes for it; what is in order it only reads. This cleans nothing: what an element may hold
//! is the business of the cleaner that comes next.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use html5ever::LocalName;
use html5ever::tokenizer::states::{RawKind, Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::escape;

/// How many elements may stand in one another. What would be deeper loses its tags and keeps its text.
const DEEPEST: usize = 200;
/// The longest tag or comment, in bytes, give or take as much. Each of its attributes is compared with all
/// before, which takes minutes with some hundred thousand; so HTML with a longer one is shown as text.
const LONGEST: usize = 16 * 1024;
/// How many elements of [`FORMATTING`] may be open where others begin, on average. A parser may open
/// each of them again there.
const MOST_FORMATTING: usize = 4;
/// The same for short texts, in all.
const FEW: usize = 1_000;

/// Elements that a parser opens again where they were left open.
const FORMATTING: [&str; 10] = [
    "a", "b", "code", "em", "i", "s", "small", "strike", "strong", "tt",
];
/// Elements that hold nothing but parts of a table, and these.
const TABLE: [&str; 5] = ["table", "tbody", "thead", "tr", "colgroup"];
const PARTS: [&str; 8] = [
    "caption", "col", "colgroup", "tbody", "td", "th", "thead", "tr",
];
/// Elements without an end.
const VOID: [&str; 7] = ["area", "br", "col", "hr", "img", "input", "wbr"];
/// Elements whose text is no markup.
const TEXT: [(&str, RawKind); 8] = [
    ("title", Rcdata),
    ("textarea", Rcdata),
    ("xmp", Rawtext),
    ("iframe", Rawtext),
    ("noembed", Rawtext),
    ("noframes", Rawtext),
    ("style", Rawtext),
    ("script", ScriptData),
];
/// What begins, what it ends if that is open, and in what it is looked for: ends that authors may leave
/// out.
const ENDS: [(&[&str], &[&str], &[&str]); 7] = [
    (&["li"], &["li"], &["ul", "ol"]),
    (&["dt", "dd"], &["dt", "dd"], &["dl"]),
    (&["td", "th"], &["td", "th"], &["table", "tr"]),
    (&["tr"], &["tr", "caption", "colgroup"], &["table"]),
    (
        &["tbody", "thead", "caption", "colgroup"],
        &["tbody", "thead", "caption", "colgroup"],
        &["table"],
    ),
    (&["rt", "rp", "rtc"], &["rt", "rp", "rtc"], &["ruby"]),
    (
        &[
            "article",
            "aside",
            "blockquote",
            "center",
            "dd",
            "details",
            "div",
            "dl",
            "dt",
            "figcaption",
            "figure",
            "footer",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hgroup",
            "hr",
            "li",
            "nav",
            "ol",
            "p",
            "pre",
            "section",
            "summary",
            "table",
            "ul",
        ],
        &["p"],
        &["td", "th", "caption", "table"],
    ),
];

/// `html` with its elements in order; those that are not `allowed` lose their tags, and scripts and
/// styles what is in them.
pub(super) fn in_order(html: &str, allowed: &HashSet<&str>) -> String {
    let sink = Sink(RefCell::new(Order {
        out: String::with_capacity(html.len()),
        allowed,
        open: Vec::new(),
        left_out: HashMap::new(),
        hidden: None,
        formatting: 0,
        begun: 0,
        again: 0,
        tokens: 0,
    }));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, next) = rest.split_at(rest.floor_char_boundary(LONGEST));
        rest = next;
        let before = tokenizer.sink.0.borrow().tokens;
        input.push_back(piece.into());
        let _ = tokenizer.feed(&input);
        let is_within_one = tokenizer.sink.0.borrow().tokens == before;
        if is_within_one && !rest.is_empty() {
            return escape(html).into_owned();
        }
    }
    tokenizer.end();
    let mut order = tokenizer.sink.0.into_inner();
    order.close(0);
    order.out
}

struct Sink<'a>(RefCell<Order<'a>>);

impl TokenSink for Sink<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut order = self.0.borrow_mut();
        order.tokens += usize::from(!matches!(token, Token::ParseError(_)));
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return order.begin(&tag),
            Token::TagToken(tag) => order.end(&tag.name),
            Token::CharacterTokens(text) if order.hidden.is_none() => {
                if !text.trim_ascii().is_empty() {
                    order.begin_cell();
                }
                order.out.push_str(&escape(&text));
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

struct Order<'a> {
    out: String,
    allowed: &'a HashSet<&'a str>,
    open: Vec<LocalName>,
    /// How many elements of a name were left out, whose ends are to be left out too.
    left_out: HashMap<LocalName, usize>,
    /// The script or style that is passed over.
    hidden: Option<LocalName>,
    /// How many of the open ones are formatting.
    formatting: usize,
    begun: usize,
    /// How many elements a parser may have opened again.
    again: usize,
    /// How many tags and texts were read.
    tokens: usize,
}

impl Order<'_> {
    fn begin(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        if let Some((_, kind)) = TEXT.iter().find(|(text, _)| *text == name) {
            if ["script", "style"].contains(&name) {
                self.hidden = Some(tag.name.clone());
            }
            return TokenSinkResult::RawData(*kind);
        }
        if name == "plaintext" {
            return TokenSinkResult::Plaintext;
        }
        if !self.allowed.contains(name) {
            return TokenSinkResult::Continue;
        }
        for (_, ended, within) in ENDS.iter().filter(|(begun, ..)| begun.contains(&name)) {
            let last = |names: &[&str]| self.open.iter().rposition(|open| names.contains(&&**open));
            let (open, limit) = (last(ended), last(within));
            if let Some(at) = open.filter(|_| open > limit) {
                self.close(at);
            }
        }
        if !PARTS.contains(&name) {
            self.begin_cell();
        }
        self.begun += 1;
        self.again += self.formatting;
        if self.again > FEW + MOST_FORMATTING * self.begun {
            let lowest = self.open.iter().position(is_formatting);
            self.close(lowest.unwrap_or(self.open.len()));
        }
        let is_void = VOID.contains(&name);
        if self.open.len() >= DEEPEST && !is_void {
            *self.left_out.entry(tag.name.clone()).or_default() += 1;
            return TokenSinkResult::Continue;
        }
        self.out.push('<');
        self.out.push_str(name);
        for attribute in &tag.attrs {
            let (name, value) = (&attribute.name.local, escape(&attribute.value));
            let _ = write!(self.out, " {name}=\"{value}\"");
        }
        self.out.push('>');
        if !is_void {
            self.formatting += usize::from(is_formatting(&tag.name));
            self.open.push(tag.name.clone());
        }
        TokenSinkResult::Continue
    }

    fn end(&mut self, name: &LocalName) {
        if self.hidden.as_ref() == Some(name) {
            self.hidden = None;
            return;
        }
        if let Some(count) = self.left_out.get_mut(name).filter(|count| **count > 0) {
            *count -= 1;
            return;
        }
        // What stands in a cell ends nothing around its table.
        let around = ["td", "th", "caption"];
        let is_of_table =
            ["table", "tbody", "thead", "tr", "td", "th", "caption"].contains(&&**name);
        let at = self.open.iter().rposition(|open| open == name);
        let cell = self.open.iter().rposition(|open| around.contains(&&**open));
        if let Some(at) = at.filter(|at| is_of_table || cell.is_none_or(|cell| cell < *at)) {
            self.close(at);
        }
    }

    /// Begins a cell where something stands in a table and in no cell.
    fn begin_cell(&mut self) {
        if self.open.last().is_some_and(|open| &**open == "colgroup") {
            self.close(self.open.len() - 1);
        }
        if self
            .open
            .last()
            .is_some_and(|open| TABLE.contains(&&**open))
        {
            self.out.push_str("<td>");
            self.open.push("td".into());
        }
    }

    /// Writes the ends of what is open from `depth` on.
    fn close(&mut self, depth: usize) {
        for name in self.open.drain(depth..).rev() {
            self.formatting -= usize::from(is_formatting(&name));
            let _ = write!(self.out, "</{name}>");
        }
    }
}

fn is_formatting(name: &LocalName) -> bool {
    FORMATTING.contains(&&**name)
}

#[cfg(test)]
mod tests {
    use super::super::TAGS;
    use super::*;

    fn ordered(html: &str) -> String {
        in_order(html, &TAGS)
    }

    #[test]
    fn what_is_in_order_stays_as_it_is() {
        for html in [
            "<p>One <b>two <i>three</i></b><br>four</p>",
            "<details open=\"\"><summary>More</summary><p>text</p></details>",
            "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
            "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b<p>c</p></td></tr></tbody></table>",
            "<a href=\"../x/?a=1&amp;b=2\"><div>card</div></a> &lt;p&gt; &amp;amp;",
            "<ruby>x<rp>(</rp><rt>y</rt></ruby><dl><dt>a</dt><dd>b</dd></dl>",
        ] {
            assert_eq!(ordered(html), html);
        }
    }

    #[test]
    fn ends_that_may_be_left_out_stand_where_a_parser_sees_them() {
        for (html, expected) in [
            ("<p>a<p>b", "<p>a</p><p>b</p>"),
            ("<ul><li>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul>c"),
            (
                "<table><tr><td>a<td>b<tr><td>c</table>d",
                "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>d",
            ),
            (
                "<dl><dt>a<dd>b<dt>c</dl>",
                "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>",
            ),
            ("<p>a<div>b</div>", "<p>a</p><div>b</div>"),
            (
                "<ul><li><table><tr><td><ul><li>a</table>",
                "<ul><li><table><tr><td><ul><li>a</li></ul></td></tr></table></li></ul>",
            ),
        ] {
            assert_eq!(ordered(html), expected);
            let by_cleaner = ammonia::clean(html);
            let without = |tag: &str, html: &str| {
                html.replace(&format!("<{tag}>"), "")
                    .replace(&format!("</{tag}>"), "")
            };
            assert_eq!(
                without("tbody", &by_cleaner),
                without("tbody", &ammonia::clean(expected))
            );
        }
    }

    #[test]
    fn what_crosses_or_stays_open_ends_with_what_it_stands_in() {
        assert_eq!(
            ordered("<p>a <b>b</p><p>c</b></p>"),
            "<p>a <b>b</b></p><p>c</p>"
        );
        assert_eq!(ordered("<b>a<i>b</b>c</i>"), "<b>a<i>b</i></b>c");
        assert_eq!(ordered("</p></div>a"), "a");
        assert_eq!(
            ordered("<b><table><tr><td></b>a</table>b"),
            "<b><table><tr><td>a</td></tr></table>b</b>"
        );
        assert_eq!(ordered("<div><span>a</div>b"), "<div><span>a</span></div>b");
    }

    #[test]
    fn what_stands_in_a_table_and_in_no_cell_gets_one() {
        let expected = "<table><tr><td>a</td></tr><tr><td><i>b</i></td></tr></table>";
        assert_eq!(ordered("<table><tr>a<tr><i>b</table>"), expected);
        let spaces = "<table> <tr> <td>a</td> </tr> </table>";
        assert_eq!(ordered(spaces), spaces);
    }

    #[test]
    fn nothing_stands_deeper_than_pages_need_and_no_text_is_lost() {
        let html = ordered(&format!(
            "{}x{}y",
            "<div>".repeat(1_000),
            "</div>".repeat(1_000)
        ));
        let tags = (
            html.matches("<div>").count(),
            html.matches("</div>").count(),
        );
        assert_eq!(tags, (DEEPEST, DEEPEST));
        assert!(html.contains('x') && html.ends_with("</div>y"), "{html}");
    }

    #[test]
    fn elements_that_a_parser_would_open_again_do_not_pile_up() {
        let bold: String = (0..150).fold(String::new(), |mut out, n| {
            let _ = write!(out, "<b class=\"x-{n}\">");
            out
        });
        let html = format!("{bold}{}", "<p>x</p>".repeat(5_000));
        let cleaned = ammonia::clean(&ordered(&html));
        assert!(cleaned.len() < 2 * html.len(), "{}", cleaned.len());
        assert_eq!(cleaned.matches('x').count(), 5_000);
    }

    #[test]
    fn scripts_and_styles_are_left_out_with_what_is_in_them() {
        assert_eq!(
            ordered("a<script>'<b>'</script>b<style>p{}</style>c"),
            "abc"
        );
        assert_eq!(
            ordered("<textarea><b>x</b></textarea>"),
            "&lt;b&gt;x&lt;/b&gt;"
        );
        assert_eq!(
            ordered("<form><p onclick=\"x\">a"),
            "<p onclick=\"x\">a</p>"
        );
        assert_eq!(ordered("a<script>b"), "a");
    }

    #[test]
    fn a_tag_without_end_is_a_text() {
        let long = format!("<p>a</p><b {}>", "x ".repeat(LONGEST * 2));
        assert!(ordered(&long).starts_with("&lt;p&gt;a"));
        // However long its characters are.
        let long = format!("<p>a</p><b {}>", "é ".repeat(LONGEST * 2));
        assert!(ordered(&long).starts_with("&lt;p&gt;a"));
        let longest = format!("<p title=\"{}\">a</p>", "x".repeat(LONGEST - 100));
        assert_eq!(ordered(&longest), longest);
    }
}
