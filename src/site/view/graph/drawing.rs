//! A drawing of nodes that are links, lines, and groups, as SVG.

use std::fmt::Write;

use itoa::Buffer;
use unicode_normalization::char::canonical_combining_class;

use super::super::super::markdown::escape;

/// The size of a node.
pub(super) const BOX: (f64, f64) = (214.0, 30.0);
/// From one node to the next below it.
pub(super) const PITCH: f64 = 36.0;
/// The height of the words over a group.
pub(super) const HEAD: f64 = 24.0;
/// Room around everything, for borders and outlines.
const MARGIN: f64 = 12.0;
/// The letters that fit into a node, and a letter of full width counts as two.
const LETTERS: usize = 27;

/// What stands in a node.
pub(super) struct Node<'a> {
    /// What it is, for its colour: a kind or `self`, where its group does not say it.
    pub(super) class: Option<&'a str>,
    /// Its name, shortened in the drawing.
    pub(super) name: &'a str,
    /// A number beside it.
    pub(super) note: Option<String>,
    /// Where it leads.
    pub(super) href: Option<String>,
}

/// A drawing under way.
pub(super) struct Drawing {
    lines: String,
    nodes: String,
    /// Its least and its greatest corner.
    corners: [(f64, f64); 2],
    /// The id of the box that all its nodes show, which no other drawing of a page has.
    id: &'static str,
    /// The width of its nodes.
    node_width: f64,
}

impl Drawing {
    /// A drawing between two corners with nodes of a width.
    pub(super) fn new(id: &'static str, corners: [(f64, f64); 2], node_width: f64) -> Self {
        Self {
            lines: String::with_capacity(1024),
            nodes: String::with_capacity(8 * 1024),
            corners,
            id,
            node_width,
        }
    }

    /// A curve from left to right, with its point at the end.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64)) {
        let bend = f64::midpoint(from.0, to.0);
        let out = &mut self.lines;
        write(out, "<path d=\"M", &[from.0, from.1]);
        write(out, "C", &[bend, from.1, bend, to.1, to.0, to.1]);
        out.push_str("m-6-4l6 4-6 4\"/>");
    }

    /// A line past points to the last of them, `strength` wide.
    pub(super) fn path(&mut self, points: &[(f64, f64)], strength: f64, title: &str) {
        let [(x, y), rest @ ..] = points else {
            return;
        };
        let out = &mut self.lines;
        write(out, "<path d=\"M", &[*x, *y]);
        for pair in rest.windows(2) {
            let ((x, y), next) = (pair[0], pair[1]);
            // The last point is reached; those before it only bend the line.
            let (to_x, to_y) = (f64::midpoint(x, next.0), f64::midpoint(y, next.1));
            write(out, "Q", &[x, y, to_x, to_y]);
        }
        if let Some((x, y)) = rest.last() {
            write(out, "L", &[*x, *y]);
        }
        let _ = write!(
            self.lines,
            "\" stroke-width=\"{strength:.1}\"><title>{}</title></path>",
            escape(title)
        );
    }

    /// The frame around nodes of one kind, with words over them. The nodes that `fill` draws are in it.
    pub(super) fn group(
        &mut self,
        at: (f64, f64),
        size: (f64, f64),
        (kind, label): (&str, &str),
        fill: impl FnOnce(&mut Self),
    ) {
        let out = &mut self.nodes;
        out.push_str("<g class=\"n-");
        out.push_str(kind);
        out.push_str("\">");
        write(out, "<rect class=\"g\" x=\"", &[at.0 - 8.0]);
        write(out, "\" y=\"", &[at.1 - 2.0]);
        write(out, "\" width=\"", &[size.0 + 16.0]);
        write(out, "\" height=\"", &[size.1 + 4.0]);
        write(out, "\" rx=\"10\"/><text class=\"h\" x=\"", &[at.0]);
        write(out, "\" y=\"", &[at.1 + 14.0]);
        out.push_str("\">");
        out.push_str(&escape(label));
        out.push_str("</text>");
        fill(self);
        self.nodes.push_str("</g>");
    }

    /// A node at a place.
    pub(super) fn node(&mut self, at: (f64, f64), node: &Node<'_>) {
        let out = &mut self.nodes;
        if let Some(href) = &node.href {
            out.push_str("<a href=\"");
            out.push_str(&escape(href));
            out.push_str("\">");
        }
        out.push_str("<use ");
        if let Some(class) = node.class {
            out.push_str("class=\"n-");
            out.push_str(class);
            out.push_str("\" ");
        }
        out.push_str("href=\"#");
        out.push_str(self.id);
        write(out, "\" x=\"", &[at.0]);
        write(out, "\" y=\"", &[at.1]);
        let room = LETTERS - node.note.as_ref().map_or(0, String::len);
        let short = shorten(node.name, room);
        write(out, "\"/><text x=\"", &[at.0 + 12.0]);
        write(out, "\" y=\"", &[at.1 + 20.0]);
        out.push_str("\">");
        out.push_str(&escape(&short));
        out.push_str("</text>");
        if let Some(note) = &node.note {
            let end = at.0 + self.node_width - 10.0;
            write(out, "<text class=\"c\" x=\"", &[end]);
            write(out, "\" y=\"", &[at.1 + 20.0]);
            out.push_str("\">");
            out.push_str(&escape(note));
            out.push_str("</text>");
        }
        if short.len() != node.name.len() {
            out.push_str("<title>");
            out.push_str(&escape(node.name));
            out.push_str("</title>");
        }
        if node.href.is_some() {
            out.push_str("</a>");
        }
    }

    /// The whole as an element; the page describes it in words.
    pub(super) fn finish(self) -> String {
        let [least, greatest] = self.corners;
        let size = [
            greatest.0 - least.0 + 2.0 * MARGIN,
            greatest.1 - least.1 + 2.0 * MARGIN,
        ];
        let mut out = String::with_capacity(self.lines.len() + self.nodes.len() + 256);
        write(
            &mut out,
            "<svg class=\"graph\" viewBox=\"",
            &[least.0 - MARGIN, least.1 - MARGIN, size[0], size[1]],
        );
        write(&mut out, "\" width=\"", &size[..1]);
        write(&mut out, "\" height=\"", &size[1..]);
        out.push_str("\"><defs><rect id=\"");
        out.push_str(self.id);
        write(&mut out, "\" width=\"", &[self.node_width]);
        write(&mut out, "\" height=\"", &[BOX.1]);
        out.push_str("\" rx=\"7\"/></defs><g class=\"e\">");
        out.push_str(&self.lines);
        out.push_str("</g>");
        out.push_str(&self.nodes);
        out.push_str("</svg>");
        out
    }
}

/// Writes a text, and behind it numbers without their fractions. A page has hundreds of them, and
/// to format a float costs more than all else in a node.
fn write(out: &mut String, text: &str, numbers: &[f64]) {
    out.push_str(text);
    for (at, number) in numbers.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "places in a drawing are small, and larger ones may be cut off"
        )]
        let whole = (number + 0.5f64.copysign(*number)) as i32;
        out.push_str(Buffer::new().format(whole));
    }
}

/// A text of at most so many letters, cut with an ellipsis.
fn shorten(text: &str, letters: usize) -> std::borrow::Cow<'_, str> {
    let width = |c: char| match c {
        _ if canonical_combining_class(c) != 0 => 0,
        '\u{1100}'..='\u{11ff}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    };
    if text.is_ascii() && text.len() <= letters {
        return text.into();
    }
    let mut used = 0;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        used += width(c);
        if used > letters {
            return format!("{}…", text[..end].trim_end()).into();
        }
        if used < letters {
            end = at + c.len_utf8();
        }
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_digits() {
        let mut out = String::new();
        write(&mut out, "M", &[0.0, -7.4, 10.5, 214.0, 4_294_967_295.0]);
        assert_eq!(out, "M0 -7 11 214 2147483647");
    }

    #[test]
    fn long_names_are_cut_between_letters() {
        assert_eq!(shorten("Priya Raman", 26), "Priya Raman");
        assert_eq!(shorten("abcdef", 6), "abcdef");
        assert_eq!(shorten("abcdefg", 6), "abcde…");
        assert_eq!(shorten("顧客の旅路", 8), "顧客の…");
        assert_eq!(
            shorten("e\u{301}e\u{301}e\u{301}e\u{301}", 3),
            "e\u{301}e\u{301}…"
        );
    }
}
