//! What an element of a page is for the marks, and how its start tag is written on one side.

use std::borrow::Cow;
use std::fmt::Write;

use super::align::is_inline;
use super::tree::{Element, attributes};

/// Stands on what was there before only.
pub(super) const WAS: &str = "chg-was";
/// Stands on what is there after only.
pub(super) const NOW: &str = "chg-now";
/// What helps to get around and says nothing of its own: the page after has it right.
const AROUND: [&str; 9] = [
    "crumbs",
    "languages",
    "findings",
    "toc",
    "way",
    "vh",
    "filters",
    "pager",
    "on-paper",
];
/// What people operate; of the page before it would do nothing.
const CONTROLS: [&str; 7] = [
    "button", "form", "input", "label", "script", "select", "textarea",
];
/// On which side something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::site) enum Side {
    Was,
    Now,
}

impl Side {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Was => WAS,
            Self::Now => NOW,
        }
    }

    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::Was => "del",
            Self::Now => "ins",
        }
    }
}

/// Writes the start tag of an element as it is on one side.
pub(super) fn write_open(
    element: &Element<'_>,
    side: Side,
    class: Option<&str>,
    leads: &dyn Fn(&str) -> Option<String>,
    out: &mut String,
) {
    if side == Side::Now && class.is_none() {
        out.push_str(element.open);
        return;
    }
    out.push('<');
    out.push_str(element.tag);
    let mut class = class;
    for (name, value) in attributes(element.open) {
        let mut value = Cow::Borrowed(value);
        if side == Side::Was {
            match name {
                "id" | "for" | "aria-labelledby" | "aria-describedby" | "name" => continue,
                // A row that went stands for itself.
                "rowspan" => value = Cow::Borrowed("1"),
                // Within a drawing it is what is drawn.
                "href" if element.tag != "use" => match leads(&value) {
                    Some(href) => value = Cow::Owned(href),
                    None => continue,
                },
                _ => {}
            }
        }
        let more = class.filter(|_| name == "class");
        let _ = match (more, value.is_empty() && name != "alt") {
            (Some(more), _) => write!(out, " class=\"{value} {more}\""),
            (None, true) => write!(out, " {name}"),
            (None, false) => write!(out, " {name}=\"{}\"", value.replace('"', "&quot;")),
        };
        if more.is_some() {
            class = None;
        }
    }
    if let Some(class) = class {
        let _ = write!(out, " class=\"{class}\"");
    }
    out.push_str(if element.open.ends_with("/>") {
        "/>"
    } else {
        ">"
    });
}

/// Whether an element helps to get around.
pub(super) fn is_around(element: &Element<'_>) -> bool {
    AROUND.iter().any(|class| element.has_class(class))
        || element.attribute("role") == Some("status")
        || (element.tag == "nav" && !element.has_class("stage-nav"))
}

/// Whether two elements are better shown as a whole than taken apart.
pub(super) fn is_another(old: &Element<'_>, new: &Element<'_>) -> bool {
    if new.tag == "a" && old.text() == new.text() {
        return false;
    }
    let differs = old.open != new.open;
    let is_short = || new.text().split(' ').count() <= 3 && old.text().split(' ').count() <= 3;
    (differs && (is_inline(new) || !new.has_text()) && new.elements().next().is_none())
        || (differs && is_inline(new) && is_short())
        || (new.tag == "li"
            && new.attribute("id").is_none()
            && old.attribute("class") != new.attribute("class")
            && is_short())
        || is_text_only(new.tag)
}

/// Whether nothing but text can be in an element.
pub(super) fn is_text_only(tag: &str) -> bool {
    matches!(
        tag,
        "option" | "script" | "select" | "style" | "textarea" | "title" | "text"
    )
}

/// The number of columns that an element says it has, and the attribute that says it.
pub(super) fn columns(element: &Element<'_>) -> Option<(&'static str, usize)> {
    ["data-n", "data-steps"]
        .into_iter()
        .find_map(|name| Some((name, element.attribute(name)?.parse().ok()?)))
}

/// Whether people operate it.
pub(super) fn is_control(element: &Element<'_>) -> bool {
    CONTROLS.contains(&element.tag)
}
