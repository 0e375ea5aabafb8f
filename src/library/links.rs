//! What the links of a Markdown text point at, by name. Whether it exists is asked later.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::schema::Kind;
use crate::source::markdown::{Form, Link};

use super::entity::{Role, normal, role};

/// What would mean something else in a link, or end it.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'(')
    .add(b')')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'`');

/// What may stand in the path of an address as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Whether a path stands in a link as it is, as nearly all do.
pub fn is_plain(path: &str) -> bool {
    let stays = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'.' | b'_' | b'~');
    path.bytes().all(stays)
}

/// A path of the site as it stands in a link.
pub fn encode(path: &str) -> String {
    if is_plain(path) {
        return path.to_owned();
    }
    utf8_percent_encode(path, PATH).to_string()
}

/// What a link points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An entity; of a kind that the link names, or of any kind with this id.
    Entity {
        /// The kind, if the link says.
        kind: Option<Kind>,
        /// The id.
        id: Box<str>,
        /// A place within its page.
        anchor: Option<Box<str>>,
    },
    /// The list of a kind: a link to its folder.
    Index(Kind),
    /// A place on the same page.
    Here(Box<str>),
    /// A file of the project, by its project path, with the fragment if there is one.
    File(Box<str>, Option<Box<str>>),
    /// Another site.
    External,
    /// An address that a page must not have, such as `javascript:`.
    Forbidden,
    /// A path that leads out of the project.
    Outside,
}

/// Tells what `link` in the file `from` points at.
pub fn target(from: &str, link: &Link) -> Target {
    if link.form == Form::Wiki {
        return wiki(&link.to);
    }
    let to = &*link.to;
    if let Some(anchor) = to.strip_prefix('#') {
        return Target::Here(decoded(anchor).into());
    }
    if let Some(scheme) = scheme(to) {
        let known = ["http", "https", "mailto", "tel"];
        return if known.iter().any(|k| scheme.eq_ignore_ascii_case(k)) {
            Target::External
        } else {
            Target::Forbidden
        };
    }
    if to.starts_with("//") {
        return Target::External;
    }
    let (path, anchor) = match to.split_once('#') {
        Some((path, anchor)) => (path, Some(decoded(anchor).into())),
        None => (to, None),
    };
    let path = path.split('?').next().unwrap_or(path);
    match file(from, path) {
        Some(path) => locate(&path, anchor),
        None => Target::Outside,
    }
}

/// The name of a file without its folders.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The project path that a path written in the file `from` means: relative to the file, or with a
/// leading `/` below the project (`/content/…`) or below `static/`.
pub fn file(from: &str, written: &str) -> Option<String> {
    let written = decoded(written);
    if let Some(absolute) = written.strip_prefix('/') {
        let within = absolute.starts_with("content/") || absolute.starts_with("static/");
        return join(if within { "" } else { "static" }, absolute);
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    join(folder, &written)
}

/// The project path that the destination of a link in the file `from` means, without its anchor.
pub fn leads_to(from: &str, to: &str) -> Option<String> {
    file(from, to.split(['#', '?']).next().unwrap_or(to))
}

/// The destination of a link, `raw` as it is written in the file `was`, when that file is `now` and
/// the link leads to the file or folder `to`. As much as possible stays as it is written. `None`
/// when `raw` leads out of the project.
pub fn redirect(raw: &str, was: &str, now: &str, to: &str) -> Option<String> {
    let end = raw.find(['#', '?']).unwrap_or(raw.len());
    let (path, rest) = raw.split_at(end);
    let before = file(was, path)?;
    let slash = if path.ends_with('/') { "/" } else { "" };
    if before == to && (path.starts_with('/') || folder_of(was) == folder_of(now)) {
        return Some(raw.to_owned());
    }
    let stays = path.starts_with('/') || folder_of(was) == folder_of(now);
    if stays && slash.is_empty() && folder_of(&before) == folder_of(to) {
        let kept = path.rfind('/').map_or("", |at| &path[..=at]);
        let name = file_name(to);
        return Some(format!("{kept}{}{rest}", encoded(name)));
    }
    if path.starts_with('/') {
        return Some(format!("/{}{slash}{rest}", encoded(to)));
    }
    let relative = relative(now, to);
    let dot = if path.starts_with("./") && !relative.starts_with("..") {
        "./"
    } else {
        ""
    };
    Some(format!("{dot}{}{slash}{rest}", encoded(&relative)))
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The way from the file `from` to `to`.
fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = folder_of(from)
        .split('/')
        .filter(|p| !p.is_empty())
        .collect();
    let to: Vec<&str> = to.split('/').collect();
    let last = to.len().saturating_sub(1);
    let shared = from
        .iter()
        .zip(&to[..last])
        .take_while(|(a, b)| a == b)
        .count();
    let mut parts = vec![".."; from.len() - shared];
    parts.extend(&to[shared..]);
    parts.join("/")
}

fn encoded(path: &str) -> String {
    utf8_percent_encode(path, ESCAPED).to_string()
}

fn locate(path: &str, anchor: Option<Box<str>>) -> Target {
    if let Role::Entity(kind, id) = role(path) {
        return Target::Entity {
            kind: Some(kind),
            id,
            anchor,
        };
    }
    let folder = path
        .strip_prefix("content/")
        .map(|p| p.trim_end_matches('/'));
    if let Some(kind) = folder.and_then(|f| Kind::ALL.iter().find(|k| k.folder() == f)) {
        return Target::Index(*kind);
    }
    Target::File(path.into(), anchor)
}

fn wiki(to: &str) -> Target {
    // In a table the `|` behind the name has to be written `\|`.
    let to = to.trim_end_matches('\\');
    let (name, anchor) = match to.split_once('#') {
        Some((name, anchor)) => (name, Some(anchor.trim().into())),
        None => (to, None),
    };
    let (kind, id) = match name
        .split_once(':')
        .and_then(|(k, id)| Some((Kind::parse(k.trim())?, id)))
    {
        Some((kind, id)) => (Some(kind), id),
        None => (None, name),
    };
    Target::Entity {
        kind,
        id: normal(id.trim()),
        anchor,
    }
}

fn scheme(to: &str) -> Option<&str> {
    let (scheme, _) = to.split_once(':')?;
    let fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    fits.then_some(scheme)
}

/// Joins two paths and takes out `.` and `..`; `None` when the result leaves the project.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Takes out `%20` and the like.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(written: &str, form: Form) -> Target {
        let link = Link {
            to: written.into(),
            span: 0..0,
            form,
        };
        target("content/personas/priya.md", &link)
    }

    #[test]
    fn links_are_told_apart() {
        let entity = |kind: Option<Kind>, id: &str, anchor: Option<&str>| Target::Entity {
            kind,
            id: id.into(),
            anchor: anchor.map(Into::into),
        };
        let link = |written| to(written, Form::Link);
        assert_eq!(
            link("../kpis/nps.md#why"),
            entity(Some(Kind::Kpi), "nps", Some("why"))
        );
        assert_eq!(
            link("sub/na%20me.md"),
            entity(Some(Kind::Persona), "na me", None)
        );
        assert_eq!(
            link("../pages/a/b.md"),
            entity(Some(Kind::Page), "a/b", None)
        );
        assert_eq!(link("../kpis/"), Target::Index(Kind::Kpi));
        assert_eq!(
            link("../../static/x.png"),
            Target::File("static/x.png".into(), None)
        );
        assert_eq!(link("/x.png"), Target::File("static/x.png".into(), None));
        assert_eq!(link("#here"), Target::Here("here".into()));
        assert_eq!(link("https://example.com"), Target::External);
        assert_eq!(link("JavaScript:alert(1)"), Target::Forbidden);
        assert_eq!(link("../../../x"), Target::Outside);
        assert_eq!(
            to("kpi:nps", Form::Wiki),
            entity(Some(Kind::Kpi), "nps", None)
        );
        assert_eq!(to("nps#a", Form::Wiki), entity(None, "nps", Some("a")));
        assert_eq!(to("nps\\", Form::Wiki), entity(None, "nps", None));
    }

    #[test]
    fn a_destination_keeps_the_form_it_is_written_in() {
        let here = "content/personas/a.md";
        let in_place = |raw, to| redirect(raw, here, here, to).expect("in the project");
        let kpi = "content/kpis/new.md";
        for (raw, to, after) in [
            ("../kpis/old.md", kpi, "../kpis/new.md"),
            ("../kpis/old.md?x#why", kpi, "../kpis/new.md?x#why"),
            ("/content/kpis/old.md#a", kpi, "/content/kpis/new.md#a"),
            ("old.md", "content/personas/new.md", "new.md"),
            ("./old.md", "content/personas/new.md", "./new.md"),
            (
                "../personas/old.md",
                "content/personas/new.md",
                "../personas/new.md",
            ),
            ("o%20d.md", "content/personas/ne w.md", "ne%20w.md"),
            ("../pages/a/b.md", "content/pages/c.md", "../pages/c.md"),
            (
                "/content/pages/a/b.md",
                "content/pages/c.md",
                "/content/pages/c.md",
            ),
        ] {
            assert_eq!(in_place(raw, to), after, "{raw}");
        }
        let moved = |raw, to| {
            redirect(raw, "content/pages/a/b.md", "content/pages/c.md", to).expect("in the project")
        };
        for (raw, to, after) in [
            ("../../kpis/x.md", "content/kpis/x.md", "../kpis/x.md"),
            ("../../kpis/", "content/kpis", "../kpis/"),
            ("./d.md#x", "content/pages/a/d.md", "./a/d.md#x"),
            ("/x.png", "static/x.png", "/x.png"),
            ("b.md", "content/pages/c.md", "c.md"),
        ] {
            assert_eq!(moved(raw, to), after, "{raw}");
        }
        assert_eq!(redirect("../../../x", here, here, "x"), None);
    }
}
