//! What is new, and what changed in each entity: in words, as pages and as feeds.

use std::sync::Arc;

use minijinja::Value;

use super::super::Site;
use super::super::fields::view;
use super::told::{entity_of, in_one_line, lines, reference, shown};
use super::{PageInfo, Result, render, route};
use crate::library::Entity;
use crate::library::history::History;
use crate::review::chronicle::{Changed, Chronicle, Line, RECENT, Span, Told};
use crate::schema::Past;
use crate::source::git::Commit;

/// The address of the page.
const PATH: &str = "news/";
/// The feed of the whole, and of one entity below its page.
pub(in crate::site) const FEED: &str = "news/feed.xml";
const OWN_FEED: &str = "feed.xml";
/// The page of all changes of an entity, below its own.
pub(in crate::site) const PART: &str = "history/";
/// So many entities of a commit are shown.
const MOST_ENTITIES: usize = 12;
/// So many changes of an entity are shown where there are others beside it.
const MOST_LINES: usize = 5;
/// So many changes of a commit are shown on the page of an entity, and where that is all there is.
const MOST_HERE: usize = 6;
const MOST_ALONE: usize = 40;
/// The newest commits that the feed of an entity tells of.
const MOST_ENTRIES: usize = 20;

/// What a commit changed in an entity, as far as the site tells of it.
type Seen<'t> = (&'t Changed, Vec<&'t Line>);

/// The page of the latest changes.
pub(in crate::site) fn news(site: &Site<'_>) -> Result {
    let root = super::root(site, PATH);
    let latest = latest(site);
    let commits = latest.iter().filter_map(|told| {
        let seen = seen(site, told)?;
        let entities = seen.iter().take(MOST_ENTITIES).map(|(of, all)| {
            let entity = entity_of(site, of);
            let mut fields = vec![
                ("kind", Value::from(of.kind.name())),
                ("ref", reference(site, entity, &root)),
                ("name", (&*of.name).into()),
                ("level", of.level().as_str().into()),
            ];
            fields.extend(lines(site, entity, all, MOST_LINES));
            view(fields)
        });
        let commit = commit(site, told)?;
        let mut fields = head(site, commit);
        fields.extend([
            ("id", Value::from(commit.id.get(..10))),
            ("entities", entities.collect()),
            (
                "more_entities",
                seen.len().saturating_sub(MOST_ENTITIES).into(),
            ),
            ("more_files", told.more.into()),
        ]);
        Some(view(fields))
    });
    let page = view([
        ("commits", commits.collect()),
        ("cut", is_cut(site).into()),
        ("feed", FEED.into()),
    ]);
    let info = PageInfo {
        kind: "news",
        title: site.theme.word(&["news", "title"]).unwrap_or(PATH),
        description: site.theme.word(&["news", "lead"]),
        path: PATH,
        entity: None,
    };
    render(site, "news.html", &info, vec![("news", page)])
}

/// The latest changes on the page of an entity; nothing of one that was added and never changed.
pub(super) fn here(site: &Site<'_>, entity: &Entity) -> Option<Value> {
    let entity = site.library.entity(entity.index)?;
    let life = life_of(site, entity)?;
    if life < 2 {
        return None;
    }
    let steps = steps(site, entity, Span::Recent, MOST_HERE);
    if steps.is_empty() {
        return None;
    }
    let older = life.saturating_sub(RECENT);
    let path = (older > 0).then(|| format!("{}{PART}", route::entity_path(entity)));
    Some(view([
        ("steps", Value::from(steps)),
        ("older", older.into()),
        ("path", Value::from(path)),
        ("cut", is_cut(site).into()),
    ]))
}

/// Whether an entity changed too often for its page to show it all.
pub(in crate::site) fn has_history(site: &Site<'_>, entity: &Entity) -> bool {
    life_of(site, entity).is_some_and(|life| life > RECENT)
}

/// The page of all changes of an entity.
pub(in crate::site) fn history(site: &Site<'_>, entity: &Entity) -> Result {
    let path = format!("{}{PART}", route::entity_path(entity));
    let mut all = steps(site, entity, Span::Recent, MOST_ALONE);
    all.extend(steps(site, entity, Span::Older, MOST_ALONE));
    let template = site.theme.word(&["history", "of"]).unwrap_or("{name}");
    let title = template.replace("{name}", entity.name());
    let info = PageInfo {
        kind: entity.kind.name(),
        title: &title,
        description: site.theme.word(&["history", "lead"]),
        path: &path,
        entity: None,
    };
    let root = super::root(site, &path);
    let page = view([
        ("steps", Value::from(all)),
        ("cut", is_cut(site).into()),
        ("ref", site.reference(entity, &root)),
    ]);
    render(site, "history.html", &info, vec![("history", page)])
}

/// The commits of an entity for a template, with at most `most` changes of each.
fn steps(site: &Site<'_>, entity: &Entity, span: Span, most: usize) -> Vec<Value> {
    let Some(chronicle) = site.history else {
        return Vec::new();
    };
    let told = chronicle.told(site.library, entity, span);
    let steps = told.iter().filter_map(|told| {
        let all: Vec<&Line> = match seen(site, told) {
            Some(seen) => seen.into_iter().flat_map(|(_, lines)| lines).collect(),
            // Nothing changed in meaning; or nothing that all may see.
            None if told.entities.is_empty() => Vec::new(),
            None => return None,
        };
        let mut fields = head(site, commit(site, told)?);
        fields.extend(lines(site, Some(entity), &all, most));
        Some(view(fields))
    });
    steps.collect()
}

/// How often an entity changed, as far as is known and told.
fn life_of(site: &Site<'_>, entity: &Entity) -> Option<usize> {
    let life = site.history?.life(site.library, entity);
    (!route::is_home(entity)).then_some(life.len())
}

/// The feed of all changes.
pub(in crate::site) fn feed(site: &Site<'_>) -> Result {
    let latest = latest(site);
    let entries = latest.iter().filter_map(|told| {
        let (commit, seen) = (commit(site, told)?, seen(site, told)?);
        let lines: Vec<String> = seen.iter().map(|(of, all)| about(site, of, all)).collect();
        let only = match &seen[..] {
            [(of, _)] => entity_of(site, of).map(route::entity_path),
            _ => None,
        };
        let anchor = || format!("{PATH}#{}", commit.id.get(..10).unwrap_or_default());
        let path = only.unwrap_or_else(anchor);
        Some(entry(site, commit, (&path, lines)))
    });
    let entries: Vec<Value> = entries.collect();
    let title = &site.library.settings.title;
    write(site, (title, PATH, FEED), entries)
}

/// Whether an entity has a feed: it has changed, as far as anybody knows.
pub(in crate::site) fn has_own_feed(site: &Site<'_>, entity: &Entity) -> bool {
    let last = |chronicle: &Chronicle| chronicle.history().last_of(&entity.document.path).is_some();
    site.history.is_some_and(last)
}

/// The path of the feed of an entity, if it has one.
pub(super) fn own_feed_path(site: &Site<'_>, entity: &Entity) -> Option<String> {
    let kind = entity.kind == crate::schema::Kind::Persona;
    (kind && has_own_feed(site, entity))
        .then(|| format!("{}{OWN_FEED}", route::entity_path(entity)))
}

/// The feed of an entity.
pub(in crate::site) fn own_feed(site: &Site<'_>, entity: &Entity) -> Result {
    let path = route::entity_path(entity);
    let Some(chronicle) = site.history else {
        return super::not_found(site);
    };
    let told = [Span::Recent, Span::Older].map(|span| chronicle.told(site.library, entity, span));
    let told = told.iter().flat_map(|told| told.iter());
    let entries = told.take(MOST_ENTRIES).filter_map(|told| {
        let seen = seen(site, told);
        if seen.is_none() && !told.entities.is_empty() {
            return None;
        }
        let seen = seen.into_iter().flatten();
        let lines = seen.map(|(of, all)| about(site, of, &all)).collect();
        Some(entry(site, commit(site, told)?, (&path, lines)))
    });
    let title = format!("{} – {}", entity.name(), site.library.settings.title);
    write(
        site,
        (&title, &path, &format!("{path}{OWN_FEED}")),
        entries.collect(),
    )
}

/// When an entity changed last, and who did it, for its page.
pub(super) fn last_change(site: &Site<'_>, entity: &Entity) -> Value {
    let history = site.history.map(Chronicle::history);
    let commit = history.and_then(|history| history.last_change(entity));
    Value::from(commit.map(|commit| {
        view([
            ("day", Value::from(commit.day.to_string())),
            ("author", author(site, commit)),
        ])
    }))
}

/// When, by whom and with which words something was committed.
fn head(site: &Site<'_>, commit: &Commit) -> Vec<(&'static str, Value)> {
    vec![
        ("day", Value::from(commit.day.to_string())),
        ("author", author(site, commit)),
        ("subject", Value::from(&*commit.subject)),
    ]
}

/// Who made a commit, if the site may tell.
fn author(site: &Site<'_>, commit: &Commit) -> Value {
    let told = site.library.settings.history == Past::People;
    Value::from(told.then(|| &*commit.author))
}

fn is_cut(site: &Site<'_>) -> bool {
    let history = site.history.map(Chronicle::history);
    history.is_some_and(|history| History::is_cut(history))
}

fn latest(site: &Site<'_>) -> Arc<[Told]> {
    site.history.map_or_else(Arc::default, Chronicle::latest)
}

fn commit<'s>(site: &'s Site<'_>, told: &Told) -> Option<&'s Commit> {
    site.history?.commit(told)
}

/// What a commit changed, as far as the site may tell; nothing without any.
fn seen<'t>(site: &Site<'_>, told: &'t Told) -> Option<Vec<Seen<'t>>> {
    let all = told.entities.iter().map(|of| (of, shown(site, of)));
    let all: Vec<Seen<'t>> = all.filter(|(_, lines)| !lines.is_empty()).collect();
    (!all.is_empty()).then_some(all)
}

/// What changed in an entity in one line, for readers that see nothing else.
fn about(site: &Site<'_>, of: &Changed, lines: &[&Line]) -> String {
    let kind = of.kind.name();
    let kind = site.theme.word(&["kinds", kind, "one"]).unwrap_or(kind);
    let name = entity_of(site, of).map_or(&*of.name, Entity::name);
    let said = lines.iter().take(MOST_LINES);
    let mut said: Vec<String> = said.map(|line| in_one_line(site, line)).collect();
    if lines.len() > MOST_LINES {
        said.extend(
            site.theme
                .counted(&["history", "more"], lines.len() - MOST_LINES),
        );
    }
    format!("{kind} “{name}”: {}", said.join("; "))
}

/// An entry of a feed.
fn entry(site: &Site<'_>, commit: &Commit, (path, lines): (&str, Vec<String>)) -> Value {
    view([
        ("id", urn(&[&*commit.id, path]).into()),
        ("title", clean(&commit.subject).into()),
        ("updated", commit.time.to_string().into()),
        ("author", author(site, commit).as_str().map(clean).into()),
        ("path", path.into()),
        (
            "lines",
            lines.iter().map(|line| Value::from(clean(line))).collect(),
        ),
    ])
}

fn write(site: &Site<'_>, (title, path, feed): (&str, &str, &str), entries: Vec<Value>) -> Result {
    let context = view([
        (
            "id",
            Value::from(urn(&[&site.library.settings.title, path])),
        ),
        ("title", clean(title).into()),
        ("path", path.into()),
        ("feed", feed.into()),
        ("site", site.shared.clone()),
        (
            "root",
            Value::from(match &site.options.base_url {
                Some(url) => url.clone(),
                None => site.root(feed).into_owned(),
            }),
        ),
        ("entries", Value::from(entries)),
    ]);
    site.theme.render("feed.xml", context)
}

/// A name for an entry that stays when the site moves: a UUID of version 8 (RFC 9562), which leaves
/// the choice of its bits to whoever makes it.
fn urn(parts: &[&str]) -> String {
    let hash = blake3::hash(parts.join("\n").as_bytes());
    let mut bits = [0; 16];
    bits.copy_from_slice(&hash.as_bytes()[..16]);
    let bits = u128::from_be_bytes(bits) & !(0xf << 76) & !(0x3 << 62) | 0x8 << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|group| &hex[group]);
    format!("urn:uuid:{}", groups.join("-"))
}

/// A text without what XML 1.0 cannot hold.
fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_entries_are_uuids_and_stay() {
        let urn = urn(&["a", "b"]);
        assert_eq!(urn, super::urn(&["a", "b"]));
        assert_ne!(urn, super::urn(&["a", "c"]));
        assert_eq!(urn.len(), "urn:uuid:".len() + 36);
        assert_eq!(&urn["urn:uuid:".len() + 14..][..1], "8");
    }

    #[test]
    fn feeds_hold_nothing_that_xml_cannot() {
        assert_eq!(clean("a\u{1b}[31m\u{0}b\tc\u{ffff}"), "a[31mb\tc");
    }
}
