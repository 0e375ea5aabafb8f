//! The search index: small files from which `static/search.js` answers without a server.
//!
//! In: the entities that have a page. Out: texts by name, each a file below `search/`. Entities are
//! numbered by kind, then those that are current before the others, then by name; so of two that
//! say a word in the same way the smaller number comes first, and what is shown together lies
//! together.
//!
//! | file | holds |
//! | --- | --- |
//! | `index.json` | what the others are: kinds, the first word of each page, words of the interface |
//! | `t0`, `t1` … | words in order, a line each: who has it in the name, in short, in the text |
//! | `f0` …, `b0` … | the same words alone by their beginnings and, written backwards, by their ends: one typing error leaves one of the two halves whole |
//! | `d0` … | what is shown of so many entities: name, address, marks, job, summary |
//! | `x-market` … | the values of a filter, a line each: value, name, who has it |
//!
//! So a word costs a page of words, and a mistyped one a few more; what is shown costs the pages of
//! those that are shown. None of it grows with the library but the lists of very frequent words, by
//! a bit an entity.

mod list;
mod terms;
mod texts;
mod words;

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::{Site, json, refs, route};
use crate::library::Entity;
use crate::schema::kinds::common::Status;
use crate::schema::kinds::persona::Stance;
use crate::schema::{Data, Kind};
use terms::{Pages, Terms};
pub(super) use words::{fold, is_dense};

/// How many entities share a page of what is shown of them.
const SHOWN: usize = 24;
/// How much of a summary is shown, in characters.
const SUMMARY: usize = 140;
/// The filters, in the order they are shown.
const FILTERS: [&str; 5] = ["market", "stance", "segment", "status", "owner"];

/// The files of the index by their names.
#[derive(Debug)]
pub(super) struct Index {
    files: BTreeMap<Box<str>, String>,
    head: String,
}

/// What the script reads first.
#[derive(Serialize)]
struct Head<'a> {
    /// Tells these files from those of another build.
    version: &'a str,
    /// How many entities there are, and how many share a page.
    entities: usize,
    shown: usize,
    kinds: Vec<KindRange<'a>>,
    filters: Vec<(&'static str, minijinja::Value)>,
    /// The first word of each page.
    terms: &'a [Box<str>],
    front: &'a [Box<str>],
    back: &'a [Box<str>],
    words: minijinja::Value,
    statuses: minijinja::Value,
    negative: minijinja::Value,
}

/// The numbers of the entities of a kind: from the first up to the last, without it.
#[derive(Serialize)]
struct KindRange<'a> {
    name: &'static str,
    label: &'a str,
    folder: &'static str,
    from: usize,
    to: usize,
}

impl Index {
    /// The index of a site.
    pub(super) fn of(site: &Site<'_>) -> Self {
        let mut entities: Vec<&Entity> = site.listed().collect();
        entities.sort_by_key(|entity| (entity.kind, age(entity.status())));
        let ((terms, shown), filters) = rayon::join(
            || rayon::join(|| Terms::of(&entities), || shown(&entities)),
            || filters(site, &entities),
        );
        let mut files = BTreeMap::new();
        let mut add = |name: String, text: String| {
            files.insert(name.into_boxed_str(), text);
        };
        let mut hash = blake3::Hasher::new();
        let paged = [("t", terms.held), ("f", terms.front), ("b", terms.back)];
        let mut firsts = Vec::new();
        for (letter, Pages { first, texts }) in paged {
            firsts.push(first);
            for (at, text) in texts.into_iter().enumerate() {
                hash.update(text.as_bytes());
                add(format!("{letter}{at}"), text);
            }
        }
        for (at, text) in shown.into_iter().enumerate() {
            hash.update(text.as_bytes());
            add(format!("d{at}"), text);
        }
        let mut heads = Vec::new();
        for (key, text) in filters {
            hash.update(text.as_bytes());
            heads.push((key, site.theme.label(&["fields", key])));
            add(format!("x-{key}"), text);
        }
        let head = Head {
            version: &hash.finalize().to_hex()[..12],
            entities: entities.len(),
            shown: SHOWN,
            kinds: ranges(site, &entities),
            filters: heads,
            terms: &firsts[0],
            front: &firsts[1],
            back: &firsts[2],
            words: site.theme.label(&["search"]),
            statuses: site.theme.label(&["values", "status"]),
            negative: site
                .theme
                .label(&["values", "stance", Stance::Negative.as_str()]),
        };
        Self {
            head: json::written(&head),
            files,
        }
    }

    /// The file that the others are found by.
    pub(super) fn head(&self) -> &str {
        &self.head
    }

    /// The names of all other files.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(|name| &**name)
    }

    /// One of them.
    pub(super) fn file(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }
}

/// Those on their way out come behind the others.
fn age(status: Status) -> u8 {
    match status {
        Status::Active | Status::Draft => 0,
        Status::Deprecated => 1,
        Status::Retired => 2,
    }
}

fn ranges<'a>(site: &'a Site<'_>, entities: &[&Entity]) -> Vec<KindRange<'a>> {
    let mut from = 0;
    let of_kind = entities.chunk_by(|a, b| a.kind == b.kind);
    let ranges = of_kind.filter_map(|group| {
        let kind = group.first()?.kind;
        let first = from;
        from += group.len();
        Some(KindRange {
            name: kind.name(),
            label: site
                .theme
                .word(&["kinds", kind.name(), "many"])
                .unwrap_or(kind.folder()),
            folder: kind.folder(),
            from: first,
            to: from,
        })
    });
    ranges.collect()
}

/// What is shown of the entities, a page each so many.
fn shown(entities: &[&Entity]) -> Vec<String> {
    let pages = entities.par_chunks(SHOWN);
    pages
        .map(|entities| {
            let lines = entities.iter().map(|entity| shown_line(entity));
            lines.collect::<Vec<_>>().join("\n")
        })
        .collect()
}

/// Name, last part of the address, marks, job and summary, with tabs between them.
fn shown_line(entity: &Entity) -> String {
    let address = match route::entity_path(entity) {
        home if home.is_empty() => home,
        path => path[entity.kind.folder().len() + 1..path.len() - 1].to_owned(),
    };
    let mut marks = String::new();
    marks.push_str(match entity.status() {
        Status::Active => "",
        Status::Draft => "w",
        Status::Deprecated => "d",
        Status::Retired => "r",
    });
    let mut job = "";
    if let Some(Data::Persona(persona)) = &entity.data {
        if persona.stance == Stance::Negative {
            marks.push('n');
        }
        job = persona.b2b.as_ref().map_or("", |b2b| &b2b.designation);
    }
    let mut line = String::new();
    let summary = refs::summary(entity).unwrap_or_default();
    for (at, text) in [entity.name(), &address, &marks, job, summary]
        .into_iter()
        .enumerate()
    {
        if at > 0 {
            line.push('\t');
        }
        shorten(text, &mut line);
    }
    line.truncate(line.trim_end_matches('\t').len());
    line
}

/// Appends a text in one line, cut between two words when it is long.
fn shorten(text: &str, out: &mut String) {
    let mut left = SUMMARY;
    for (at, word) in text.split_whitespace().enumerate() {
        let length = word.chars().count();
        if length > left {
            // A script without spaces has no better place to cut.
            out.extend(word.chars().take(if at == 0 { left } else { 0 }));
            return out.push('…');
        }
        if at > 0 {
            out.push(' ');
        }
        out.push_str(word);
        left = left.saturating_sub(length + 1);
    }
}

/// The values of each filter: what they are called, and which entities have them.
fn filters(site: &Site<'_>, entities: &[&Entity]) -> Vec<(&'static str, String)> {
    let mut found: [BTreeMap<&str, Vec<u32>>; FILTERS.len()] = Default::default();
    for (id, entity) in (0..).zip(entities) {
        let mut add = |filter: usize, value| {
            let ids: &mut Vec<u32> = found[filter].entry(value).or_default();
            if ids.last() != Some(&id) {
                ids.push(id);
            }
        };
        if let Some(Data::Persona(persona)) = &entity.data {
            add(0, persona.market.as_str());
            add(1, persona.stance.as_str());
            persona
                .segments
                .iter()
                .for_each(|segment| add(2, segment.id()));
        }
        add(3, entity.status().as_str());
        if let Some(owner) = &entity.common.owner {
            add(4, owner.id());
        }
    }
    let named = FILTERS.into_iter().zip(found);
    let named = named.filter(|(_, values)| !values.is_empty());
    let written = named.map(|(filter, values)| {
        let mut text = String::new();
        for (value, ids) in values {
            if !text.is_empty() {
                text.push('\n');
            }
            shorten(value, &mut text);
            text.push('\t');
            shorten(name(site, filter, value), &mut text);
            text.push('\t');
            list::write(&ids, &mut text);
        }
        (filter, text)
    });
    written.collect()
}

/// What people call a value of a filter.
fn name<'a>(site: &'a Site<'_>, filter: &str, value: &'a str) -> &'a str {
    let kind = match filter {
        "segment" => Kind::Segment,
        "owner" => Kind::Team,
        _ => return site.theme.word(&["values", filter, value]).unwrap_or(value),
    };
    let found = site.library.find(kind, value);
    let found = found.filter(|found| site.is_published(found.entity));
    found.map_or(value, |found| found.entity.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_summary_is_cut_between_words_and_a_long_word_within() {
        let shortened = |text: &str| {
            let mut out = String::new();
            shorten(text, &mut out);
            out
        };
        assert_eq!(shortened(" one\n two\tthree "), "one two three");
        let long = shortened(&"word ".repeat(50));
        assert!(
            long.ends_with(" word…") && long.chars().count() <= SUMMARY + 1,
            "{long}"
        );
        assert_eq!(shortened(&"字".repeat(400)).chars().count(), SUMMARY + 1);
    }
}
