//! A drawing in two states: the curve of a journey, the chart of a KPI.
//!
//! While its scales are the same, what differs is drawn twice, and a line leads from where a point
//! was to where it is. On other scales the drawing of before stands beside it as a whole, for those
//! who look at the state before, and the one of after shows what moved as far as that can be said.

use std::fmt::Write;

use foldhash::HashMap;

use super::align::{Step, align, items};
use super::element::{NOW, Side, WAS, write_open};
use super::tree::{Element, Node};

/// Stands on what is shown of the state before only, not beside that of after.
const ONLY_BEFORE: &str = "chg-before";
/// Stands on what is not shown of the state before.
pub(super) const NOT_BEFORE: &str = "chg-not-before";
/// Stands on the line from where a point was to where it is.
const MOVED: &str = "chg-moved";

/// Writes the drawing `old` and `new` are two states of.
pub(super) fn write(old: &Element<'_>, new: &Element<'_>, out: &mut String) {
    let scales = Scales::of(old, new);
    if scales == Scales::Same {
        out.push_str(new.open);
        layers(old, new, scales, out);
        out.push_str(new.close);
        return;
    }
    copy(old, Side::Was, Some(ONLY_BEFORE), out);
    write_open(
        new,
        Side::Now,
        Some(NOT_BEFORE),
        &|href| Some(href.to_owned()),
        out,
    );
    layers(old, new, scales, out);
    out.push_str(new.close);
}

/// How far two drawings can be laid upon each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scales {
    /// Wholly.
    Same,
    /// Heights mean the same, places along the way do not.
    SameHeight,
    Different,
}

impl Scales {
    fn of(old: &Element<'_>, new: &Element<'_>) -> Self {
        let heights = |svg: &Element<'_>| {
            let lines = svg
                .elements()
                .filter(|e| e.has_class("lvl") || e.has_class("mid") || e.has_class("ty"));
            lines.map(|line| line.hash).collect::<Vec<u64>>()
        };
        let widths = |svg: &Element<'_>| {
            let marks = svg.elements().filter(|e| e.has_class("tx"));
            let inner = svg.elements().filter_map(|e| e.attribute("viewBox"));
            let inner = inner.map(super::tree::hash_of);
            marks
                .map(|mark| mark.hash)
                .chain(inner)
                .collect::<Vec<u64>>()
        };
        let is_as_wide = widths(old) == widths(new) && stand_alike(old, new);
        match (heights(old) == heights(new), is_as_wide) {
            (true, true) => Self::Same,
            (true, false) => Self::SameHeight,
            (false, _) => Self::Different,
        }
    }
}

/// Whether the points of the same name stand in the same place along the way.
fn stand_alike(old: &Element<'_>, new: &Element<'_>) -> bool {
    let mut places = HashMap::default();
    each_point(old, &mut |name, x| {
        places.insert(name, x);
    });
    let mut alike = true;
    each_point(new, &mut |name, x| {
        alike &= places.get(&name).is_none_or(|known| *known == x);
    });
    alike
}

fn each_point<'a>(element: &Element<'a>, call: &mut dyn FnMut(String, &'a str)) {
    for child in element.elements() {
        if let Some((name, x)) = point_name(child).zip(child.attribute("x")) {
            call(name, x);
        } else {
            each_point(child, call);
        }
    }
}

fn layers(old: &Element<'_>, new: &Element<'_>, scales: Scales, out: &mut String) {
    let (old, _) = items(&old.children);
    let (new, tail) = items(&new.children);
    for step in align(&old, &new) {
        match step {
            Step::Same(item) => {
                out.push_str(item.space);
                match item.element() {
                    Some(element) => out.push_str(element.source),
                    None => out.push_str(match item.what {
                        super::align::What::Word(word) => word,
                        super::align::What::Element(_) => "",
                    }),
                }
            }
            Step::Gone(item) => {
                if let Some(element) = item.element()
                    && scales == Scales::Same
                {
                    copy(element, Side::Was, Some(WAS), out);
                }
            }
            Step::Come(item) => {
                let Some(element) = item.element() else {
                    continue;
                };
                // On another scale all lines are others; only points say something.
                let is_new = scales == Scales::Same || is_point(element) || element.tag == "g";
                copy(element, Side::Now, is_new.then_some(NOW), out);
            }
            Step::Pair(old, item) => {
                if let Some(new) = item.element() {
                    pair(old, new, scales, out);
                }
            }
        }
    }
    out.push_str(tail);
}

fn pair(old: &Element<'_>, new: &Element<'_>, scales: Scales, out: &mut String) {
    if is_point(old) && is_point(new) {
        if title(old) == title(new) {
            out.push_str(new.source);
        } else {
            moved(old, new, scales, out);
        }
    } else if matches!(new.tag, "g" | "svg") && !is_point(new) {
        out.push_str(new.open);
        layers(old, new, scales, out);
        out.push_str(new.close);
    } else if scales == Scales::Same {
        copy(old, Side::Was, Some(WAS), out);
        copy(new, Side::Now, Some(NOW), out);
    } else {
        out.push_str(new.source);
    }
}

/// A point that stands elsewhere: where it was, the way from there, and where it is.
fn moved(old: &Element<'_>, new: &Element<'_>, scales: Scales, out: &mut String) {
    let at = |point: &Element<'_>, name| point.attribute(name).unwrap_or_default().to_owned();
    if scales != Scales::Different {
        let (x, from, to) = (at(new, "x"), at(old, "y"), at(new, "y"));
        let was = if scales == Scales::Same {
            at(old, "x")
        } else {
            x.clone()
        };
        let _ = write!(
            out,
            "<line class=\"{MOVED}\" x1=\"{was}\" y1=\"{from}\" x2=\"{x}\" y2=\"{to}\"/>"
        );
        let _ = write!(out, "<svg x=\"{was}\" y=\"{from}\" class=\"{WAS}\">");
        for child in &old.children {
            write_node(child, out);
        }
        out.push_str(old.close);
    }
    copy(new, Side::Now, Some(NOW), out);
}

fn copy(element: &Element<'_>, side: Side, class: Option<&str>, out: &mut String) {
    write_open(element, side, class, &|href| Some(href.to_owned()), out);
    for child in &element.children {
        match (side, child) {
            (Side::Now, child) => write_node(child, out),
            (Side::Was, Node::Text(text)) => out.push_str(text),
            (Side::Was, Node::Element(child)) => copy(child, side, None, out),
        }
    }
    out.push_str(element.close);
}

fn write_node(node: &Node<'_>, out: &mut String) {
    out.push_str(match node {
        Node::Text(text) => text,
        Node::Element(element) => element.source,
    });
}

/// Whether it is a point of a line: a drawing of its own at a place.
pub(super) fn is_point(element: &Element<'_>) -> bool {
    element.tag == "svg" && element.attribute("x").is_some()
}

fn title(point: &Element<'_>) -> Option<String> {
    let title = point.elements().find(|child| child.tag == "title");
    title.map(Element::text)
}

/// Whose point it is and where along the way: its title without its value.
pub(super) fn point_name(point: &Element<'_>) -> Option<String> {
    let title = title(point)?;
    let (name, _) = title.rsplit_once(": ")?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::tree::cut;
    use super::*;

    fn drawing(width: u32, points: &[(&str, u32, &str)]) -> String {
        let points = points.iter().enumerate().map(|(n, (step, y, feeling))| {
            let x = n * 10;
            format!("<svg x=\"{x}%\" y=\"{y}%\"><title>Ann, {step}: {feeling}</title><i/></svg>")
        });
        format!(
            "<svg role=\"img\"><line class=\"mid\" y1=\"50%\"/><svg viewBox=\"0 0 {width} 9\">\
             <path class=\"line w0\" d=\"M{width}\"/></svg><g class=\"w0\">{}</g></svg>",
            points.collect::<String>()
        )
    }

    fn both(old: &str, new: &str) -> String {
        let (old, new) = (cut(old).expect("old"), cut(new).expect("new"));
        let (Node::Element(old), Node::Element(new)) = (&old[0], &new[0]) else {
            panic!("no drawings");
        };
        let mut out = String::new();
        write(old, new, &mut out);
        out
    }

    #[test]
    fn a_line_leads_from_where_a_point_was_to_where_it_is() {
        let old = drawing(20, &[("Look", 10, "Content"), ("Buy", 70, "Uneasy")]);
        let new = drawing(20, &[("Look", 10, "Content"), ("Buy", 30, "Content")]);
        insta::assert_snapshot!(both(&old, &new), @r#"<svg role="img"><line class="mid" y1="50%"/><svg viewBox="0 0 20 9"><path class="line w0" d="M20"/></svg><g class="w0"><svg x="0%" y="10%"><title>Ann, Look: Content</title><i/></svg><line class="chg-moved" x1="10%" y1="70%" x2="10%" y2="30%"/><svg x="10%" y="70%" class="chg-was"><title>Ann, Buy: Uneasy</title><i/></svg><svg x="10%" y="30%" class="chg-now"><title>Ann, Buy: Content</title><i/></svg></g></svg>"#);
    }

    #[test]
    fn on_another_scale_the_drawing_of_before_stands_beside() {
        let old = drawing(20, &[("Look", 10, "Content"), ("Buy", 70, "Uneasy")]);
        let new = drawing(
            30,
            &[
                ("Look", 10, "Content"),
                ("Try", 50, "Neutral"),
                ("Buy", 30, "Content"),
            ],
        );
        let html = both(&old, &new);
        assert!(
            html.starts_with("<svg role=\"img\" class=\"chg-before\">"),
            "{html}"
        );
        let after = &html[old.len()..];
        assert!(
            after.contains("<svg role=\"img\" class=\"chg-not-before\">"),
            "{html}"
        );
        // Where the point was, at the place that its step has now.
        assert!(
            after.contains("x1=\"20%\" y1=\"70%\" x2=\"20%\" y2=\"30%\""),
            "{html}"
        );
        assert!(
            after.contains("class=\"chg-now\"><title>Ann, Try: Neutral"),
            "{html}"
        );
        assert!(!after.contains("<path class=\"line w0 chg"), "{html}");
    }
}
