//! What is new: the latest changes in words, as a page and as feeds.

use minijinja::Value;

use super::super::Site;
use super::super::fields::view;
use super::super::languages;
use super::{PageInfo, Result, field_word, render, route};
use crate::library::Entity;
use crate::library::history::{Change, Edit, History, Told, What};
use crate::library::translation::original_of;
use crate::schema::Past;
use crate::source::git::Commit;

/// The address of the page.
const PATH: &str = "news/";
/// The feed of the whole, and of one entity below its page.
pub(in crate::site) const FEED: &str = "news/feed.xml";
const OWN_FEED: &str = "feed.xml";

/// The page of the latest changes.
pub(in crate::site) fn news(site: &Site<'_>) -> Result {
    let root = super::root(site, PATH);
    let days = told(site).map(|(history, told, changes)| {
        let commit = history.commit(told);
        let items = changes.iter().map(|change| {
            view([
                ("kind", Value::from(change.kind.name())),
                ("what", mark(&change.what).into()),
                (
                    "ref",
                    entity_of(site, change)
                        .map_or_else(Value::default, |e| site.reference(e, &root)),
                ),
                ("name", (&*change.name).into()),
                ("words", words(site, change).into()),
            ])
        });
        view([
            ("id", Value::from(commit.map(|c| c.id.get(..10)))),
            ("day", Value::from(commit.map(|c| c.day.to_string()))),
            ("author", author(site, commit)),
            ("subject", Value::from(commit.map(|c| &*c.subject))),
            ("changes", items.collect()),
            ("more", told.more.into()),
        ])
    });
    let page = view([
        ("commits", days.collect()),
        ("cut", site.history.is_some_and(History::is_cut).into()),
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

/// The feed of all changes.
pub(in crate::site) fn feed(site: &Site<'_>) -> Result {
    let entries = told(site).filter_map(|(history, told, changes)| {
        let commit = history.commit(told)?;
        let lines: Vec<String> = changes.iter().map(|c| line(site, c)).collect();
        let only = match &changes[..] {
            [change] => entity_of(site, change).map(route::entity_path),
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
    let history = site.history;
    history.is_some_and(|history| history.changes(entity).next().is_some())
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
    let Some(history) = site.history else {
        return super::not_found(site);
    };
    // The latest changes are known in words, the older ones by what their author said.
    let told = |commit: &Commit| {
        let latest = history.latest().iter();
        let mut latest = latest.filter(|t| history.commit(t).is_some_and(|c| c.id == commit.id));
        let changes = latest.next().into_iter().flat_map(|told| &told.changes);
        let about = changes.filter(|c| *c.path == *entity.document.path);
        about.map(|change| line(site, change)).collect::<Vec<_>>()
    };
    let entries = history
        .changes(entity)
        .map(|commit| entry(site, commit, (&path, told(commit))));
    let title = format!("{} – {}", entity.name(), site.library.settings.title);
    write(
        site,
        (&title, &path, &format!("{path}{OWN_FEED}")),
        entries.collect(),
    )
}

/// When an entity changed last, and who did it, for its page.
pub(super) fn last_change(site: &Site<'_>, entity: &Entity) -> Value {
    let commit = site.history.and_then(|history| history.last_change(entity));
    Value::from(commit.map(|commit| {
        view([
            ("day", Value::from(commit.day.to_string())),
            ("author", author(site, Some(commit))),
        ])
    }))
}

/// Who made a commit, if the site may tell.
fn author(site: &Site<'_>, commit: Option<&Commit>) -> Value {
    let told = site.library.settings.history == Past::People;
    Value::from(commit.filter(|_| told).map(|commit| &*commit.author))
}

/// The latest commits with those of their changes that the site may tell of.
fn told<'s>(site: &'s Site<'_>) -> impl Iterator<Item = (&'s History, &'s Told, Vec<&'s Change>)> {
    let drafts = site.options.drafts;
    site.history.into_iter().flat_map(move |history| {
        history.latest().iter().filter_map(move |told| {
            let shown = |change: &&Change| {
                drafts
                    || !change.draft && entity_of(site, change).is_none_or(|e| site.is_published(e))
            };
            let changes: Vec<&Change> = told.changes.iter().filter(shown).collect();
            (!changes.is_empty()).then_some((history, told, changes))
        })
    })
}

/// The entity that a change is about, if it is still there: of a translation what it translates.
fn entity_of<'a>(site: &Site<'a>, change: &Change) -> Option<&'a Entity> {
    let (_, entity) = match translated(site, change) {
        Some((original, _)) => site.library.by_path(&original)?,
        None => site.library.by_path(&change.path)?,
    };
    Some(entity)
}

/// The path of the original and the language, if a change is one of a translation.
fn translated<'s>(site: &'s Site<'_>, change: &Change) -> Option<(String, &'s str)> {
    original_of(&change.path, &site.library.settings.languages)
}

/// What happened, in one word for a mark.
fn mark(what: &What) -> &'static str {
    match what {
        What::Added => "added",
        What::Removed => "removed",
        What::Renamed(..) => "renamed",
        What::Edited(_) => "edited",
        What::Measured(..) => "measured",
    }
}

/// A change with what it is about, for readers that see nothing else.
fn line(site: &Site<'_>, change: &Change) -> String {
    let kind = change.kind.name();
    let kind = site.theme.word(&["kinds", kind, "one"]).unwrap_or(kind);
    let name = entity_of(site, change).map_or(&*change.name, Entity::name);
    format!("{kind} “{name}”: {}", words(site, change))
}

/// What happened to an entity, and in which language if that is not the one of the originals.
fn words(site: &Site<'_>, change: &Change) -> String {
    let happened = what_happened(site, change);
    let Some((_, lang)) = translated(site, change) else {
        return happened;
    };
    let template = site.theme.word(&["news", "translation"]);
    let template = template.unwrap_or("{language}: {words}");
    let text = template.replace("{language}", &languages::name(lang));
    text.replace("{words}", &happened)
}

/// What happened to the file of an entity.
fn what_happened(site: &Site<'_>, change: &Change) -> String {
    let word = |key: &'static str| site.theme.word(&["news", key]).unwrap_or(key).to_owned();
    let count = |key: &'static str, n: usize| {
        let form = if n == 1 { "one" } else { "many" };
        let text = site.theme.word(&["news", key, form]).unwrap_or("{n}");
        (n > 0).then(|| text.replace("{n}", &n.to_string()))
    };
    let edits = |edits: &[Edit]| {
        let parts = edits.iter().map(|edit| match edit {
            Edit::Body => word("body"),
            Edit::Field(name, counts) => {
                let field = field_word(site, name).to_string();
                let [came, went, others] = counts.unwrap_or_default();
                let counts = [
                    count("came", came),
                    count("went", went),
                    count("others", others),
                ];
                let counts: Vec<String> = counts.into_iter().flatten().collect();
                if counts.is_empty() {
                    field
                } else {
                    let text = word("field");
                    text.replace("{field}", &field)
                        .replace("{counts}", &counts.join(", "))
                }
            }
        });
        let parts: Vec<String> = parts.collect();
        (!parts.is_empty()).then(|| word("edited").replace("{parts}", &parts.join(", ")))
    };
    let parts: Vec<String> = match &change.what {
        What::Added => vec![word("added")],
        What::Removed => vec![word("removed")],
        What::Renamed(from, others) => {
            let renamed = word("renamed").replace("{from}", from);
            std::iter::once(renamed).chain(edits(others)).collect()
        }
        What::Edited(others) => edits(others).into_iter().collect(),
        What::Measured(came, went) => {
            let both = [count("measured", *came), count("unmeasured", *went)];
            both.into_iter().flatten().collect()
        }
    };
    if parts.is_empty() {
        word("form")
    } else {
        parts.join("; ")
    }
}

/// An entry of a feed.
fn entry(site: &Site<'_>, commit: &Commit, (path, lines): (&str, Vec<String>)) -> Value {
    view([
        ("id", urn(&[&*commit.id, path]).into()),
        ("title", clean(&commit.subject).into()),
        ("updated", commit.time.to_string().into()),
        (
            "author",
            author(site, Some(commit)).as_str().map(clean).into(),
        ),
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
