//! The frames of pages: what surrounds the main part, drawn once for all pages of a sort.
//!
//! In: a page without its main part. Out: the stencil of its frame and what fills it, if the
//! theme lets it be drawn once. Pages that stand in the menu have frames of their own, as have
//! those in several languages or with findings.

use std::sync::{Arc, PoisonError};

use minijinja::Value;

use super::super::Site;
use super::super::theme::{Part, Stencil};
use super::parts::Parts;
use super::{Around, Fields, header, is_in_menu};

/// More frames than this are not kept: then pages differ too much for it to be worth while.
const MAX_FRAMES: usize = 200;

/// The frame of all pages that agree in this.
pub(in crate::site) struct Frame {
    template: &'static str,
    kind: Box<str>,
    root: Box<str>,
    form: Box<[(&'static str, Part)]>,
    /// `None` if it cannot be drawn once.
    stencil: Option<Arc<Stencil>>,
}

/// A frame and what fills it.
type Filled<'a> = (Arc<Stencil>, Parts<'a>);

/// The texts of `page` that frames show, and of `e`; behind a day the same in words.
const OF_PAGE: [(&str, &str); 10] = [
    ("title", "page.title"),
    ("description", "page.description"),
    ("path", "page.path"),
    ("canonical", "page.canonical"),
    ("id", "page.id"),
    ("source", "page.source"),
    ("graph", "page.graph"),
    ("folder", "page.folder"),
    ("feed", "page.feed"),
    ("edit_url", "page.edit_url"),
];
const CHANGED: [&str; 3] = [
    "page.changed.day",
    "page.changed.day|day",
    "page.changed.author",
];
const OF_ENTITY: [(&str, &str); 2] = [("json", "e.json"), ("csv", "e.csv")];
const REVIEWED: [&str; 2] = ["e.last_reviewed", "e.last_reviewed|day"];

/// The frame of a page that is rendered with `more`; its last part is the main one, still empty.
pub(super) fn of<'a>(
    site: &Site<'_>,
    template: &str,
    around: &Around<'a>,
    more: &Fields,
) -> Option<Filled<'a>> {
    let has_findings = more.iter().any(|(name, _)| *name == "findings");
    let template = site.theme.framed(template).filter(|_| !has_findings)?;
    let mut parts = parts(site, around)?;
    let entity = more.iter().find(|(name, _)| *name == "e");
    if let Some((_, entity)) = entity {
        let text = |name: &str| {
            let value = entity.get_attr(name).unwrap_or_default();
            value.as_str().filter(|t| !t.is_empty()).map(str::to_owned)
        };
        for (name, part) in OF_ENTITY {
            parts.text(part, text(name));
        }
        let reviewed = text("last_reviewed");
        let [iso, words] = REVIEWED;
        parts.text(words, reviewed.as_deref().map(|day| site.theme.day(day)));
        parts.text(iso, reviewed);
    }
    parts.html("main", Some(""));
    find(site, template, around, parts).ok()
}

/// The frame of a page that is nothing but texts, `own` and those of all pages. Else gives `own`
/// back.
pub(super) fn whole<'a>(
    site: &Site<'_>,
    template: &str,
    around: &Around<'a>,
    own: Parts<'a>,
) -> Result<Filled<'a>, Parts<'a>> {
    let Some(template) = site.theme.drawn_whole(template) else {
        return Err(own);
    };
    let Some(mut all) = parts(site, around) else {
        return Err(own);
    };
    let count = all.form.len();
    all.extend(own);
    find(site, template, around, all).map_err(|all| all.after(count))
}

/// What frames show of a page, unless it has one of its own.
fn parts<'a>(site: &Site<'_>, around: &Around<'a>) -> Option<Parts<'a>> {
    let value = |wanted: &str| {
        let found = around.page.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value)
    };
    let text = |name: &str| value(name)?.as_str().filter(|text| !text.is_empty());
    if is_in_menu(around.info) || value("languages").is_some_and(Value::is_true) {
        return None;
    }
    let mut parts = Parts::default();
    for (name, part) in OF_PAGE {
        parts.text(part, text(name));
    }
    if let Some(changed) = value("changed") {
        let text = |name: &str| {
            let value = changed.get_attr(name).unwrap_or_default();
            value.as_str().map(str::to_owned)
        };
        let day = text("day");
        let [iso, words, author] = CHANGED;
        parts.text(words, day.as_deref().map(|day| site.theme.day(day)));
        parts.text(iso, day);
        parts.text(author, text("author"));
    }
    Some(parts)
}

/// The frame for these parts, drawn if it was not before. Gives them back if it cannot be.
fn find<'a>(
    site: &Site<'_>,
    template: &'static str,
    around: &Around<'_>,
    parts: Parts<'a>,
) -> Result<Filled<'a>, Parts<'a>> {
    let (kind, root) = (around.info.kind, around.root);
    let known = |frames: &[Frame]| {
        let found = frames.iter().find(|frame| {
            frame.template == template
                && *frame.kind == *kind
                && *frame.root == *root
                && *frame.form == *parts.form
        });
        found.map_or(Err(frames.len()), |frame| Ok(frame.stencil.clone()))
    };
    let kept = site.frames.read().unwrap_or_else(PoisonError::into_inner);
    let found = known(&kept);
    drop(kept);
    let stencil = match found {
        Ok(stencil) => stencil,
        Err(MAX_FRAMES..) => None,
        Err(_) => {
            let drawn = draw(site, template, around, &parts).map(Arc::new);
            let mut kept = site.frames.write().unwrap_or_else(PoisonError::into_inner);
            if known(&kept).is_err() {
                kept.push(Frame {
                    template,
                    kind: kind.into(),
                    root: root.into(),
                    form: parts.form.clone().into(),
                    stencil: drawn.clone(),
                });
            }
            drawn
        }
    };
    match stencil {
        Some(stencil) => Ok((stencil, parts)),
        None => Err(parts),
    }
}

fn draw(
    site: &Site<'_>,
    template: &str,
    around: &Around<'_>,
    parts: &Parts<'_>,
) -> Option<Stencil> {
    let known = vec![
        ("header", header(site, around.info, around.root).ok()?),
        ("root", Value::from(around.root)),
        ("site", site.shared.clone()),
        ("labels", site.theme.labels.clone()),
        ("page.kind", Value::from(around.info.kind)),
    ];
    site.theme.draw(template, known, &parts.form)
}
