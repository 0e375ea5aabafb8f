//! The list of a kind, with what a filter needs.

mod data;
mod sheets;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use minijinja::Value;
use rayon::prelude::*;

use super::super::fields::view;
use super::super::markdown::escape;
use super::super::theme::{Part, Stencil};
use super::super::{Site, emblem, refs, route};
use super::{PageInfo, Result, field_word, kind_label, kpi, render, value_word};
use crate::library::Entity;
use crate::library::facts::{Coverage, Grounds};
use crate::schema::kinds::persona::Stance;
use crate::schema::{Data, Kind};

pub(in crate::site) use data::{file as data, find as find_data, names as data_names};
pub(super) use sheets::filtered;
pub(in crate::site) use sheets::{Sheets, find as find_sheet, names as sheet_names};

/// The filters in the order they are shown.
const FILTERS: [&str; 8] = [
    "segment",
    "market",
    "stance",
    "status",
    "lifecycle",
    "method",
    "owner",
    "tag",
];
/// A filter with more options than this would help nobody.
const MAX_OPTIONS: usize = 60;
/// Entries that one thread writes at a time.
const CHUNK: usize = 256;
/// The gaps of a persona's stencil with the texts by which it is sorted.
const SORT_KEYS: Range<usize> = 13..16;

/// The values by which an item is filtered: filter and value.
pub(super) type Facets<'a> = Vec<(&'static str, &'a str)>;
/// The filters of a list with their values, and how many entries have each.
type Options<'a> = BTreeMap<&'static str, BTreeMap<&'a str, usize>>;
/// What receives an entry: its stencil, and what writes the text of a gap.
pub(super) type Sink<'s> = dyn FnMut(&Arc<Stencil>, &dyn Fn(usize, &mut String)) -> Result<()> + 's;

impl Site<'_> {
    /// The list of a kind in order, found out once.
    pub(super) fn sheets(&self, kind: Kind) -> &Sheets {
        self.lists[kind as usize].get_or_init(|| Sheets::of(self, kind))
    }
}

/// A further page of a list that is too long for one.
pub(in crate::site) fn sheet(site: &Site<'_>, kind: Kind, number: usize) -> Result {
    let path = sheets::path(kind, number);
    let root = super::root(site, &path);
    let sheet = sheets::Sheet {
        site,
        kind,
        number,
        root: &root,
    };
    let title = sheets::title(site, kind, number);
    let head = view([
        ("kind", Value::from(kind.name())),
        ("title", Value::from(kind_label(site, kind))),
        ("count", site.sheets(kind).len().into()),
        ("path", sheets::path(kind, 1).into()),
    ]);
    let mut more = sheet.fields()?;
    more.push(("index", head));
    let info = PageInfo {
        kind: "index",
        title: &title,
        description: None,
        path: &path,
        entity: None,
    };
    render(site, "index.html", &info, more)
}

pub(in crate::site) fn index(site: &Site<'_>, kind: Kind) -> Result {
    if kind == Kind::Term {
        return super::glossary::index(site);
    }
    let path = sheets::path(kind, 1);
    let root = super::root(site, &path);
    let entities: Vec<&Entity> = site.published(kind).collect();
    let facets: Vec<Facets<'_>> = entities.iter().map(|e| facets(e)).collect();
    let mut options: Options<'_> = BTreeMap::new();
    for &(filter, value) in facets.iter().flatten() {
        *options.entry(filter).or_default().entry(value).or_default() += 1;
    }
    // A filter that cannot narrow the list is noise.
    options.retain(|_, values| {
        let narrows = values.len() > 1 || values.values().any(|count| *count < entities.len());
        narrows && values.len() <= MAX_OPTIONS
    });
    let filters = FILTERS.iter().filter_map(|&key| {
        let values = options.get(key)?.iter();
        let values = values.map(|(value, count)| {
            view([
                ("value", Value::from(*value)),
                ("label", facet_word(site, key, value)),
                ("count", (*count).into()),
            ])
        });
        Some(view([
            ("key", Value::from(key)),
            ("label", field_word(site, key)),
            ("options", values.collect()),
        ]))
    });
    let filters: Value = filters.collect();
    let place = Place {
        root: &root,
        level: "h2",
    };
    let mut more = Vec::new();
    let files = data::count(site, kind);
    if files > 0 {
        let sheet = sheets::Sheet {
            site,
            kind,
            number: 1,
            root: &root,
        };
        more.extend(sheet.fields()?);
    } else if kind == Kind::Kpi {
        let attributes = |facets: &Facets<'_>| attributes(read_by(facets, &options));
        let place = Place {
            level: "h3",
            ..place
        };
        more.extend(kpi::dashboard(
            site,
            (&entities, &facets),
            place,
            &attributes,
        )?);
    } else {
        let items = list(site, (&entities, &facets), &options, place)?;
        more.push(("items", Value::from_safe_string(items)));
    }
    let label = kind_label(site, kind);
    let lead = site.theme.word(&["kinds", kind.name(), "lead"]);
    let head = view([
        ("kind", Value::from(kind.name())),
        ("title", label.into()),
        ("lead", Value::from(lead)),
        ("count", entities.len().into()),
        ("files", files.into()),
        ("data", format!("{}{path}", sheets::FOLDER).into()),
    ]);
    more.extend([("index", head), ("filters", filters)]);
    let info = PageInfo {
        kind: "index",
        title: label,
        description: lead,
        path: &path,
        entity: None,
    };
    render(site, "index.html", &info, more)
}

/// The entries of all `entities`, each with the attributes that the filters in `options` read.
fn list(
    site: &Site<'_>,
    (entities, facets): (&[&Entity], &[Facets<'_>]),
    options: &Options<'_>,
    place: Place<'_>,
) -> Result {
    // The list of a large library is by far its largest page.
    let parts = entities.par_chunks(CHUNK).zip(facets.par_chunks(CHUNK));
    let parts = parts.map(|(entities, facets)| {
        let mut html = String::new();
        for (entity, facets) in entities.iter().zip(facets) {
            write_item(site, entity, place, read_by(facets, options), &mut html)?;
        }
        Ok(html)
    });
    Ok(parts.collect::<Result<Vec<String>>>()?.concat())
}

/// What the filters in `options` read of an entry.
fn read_by<'a>(
    facets: &'a Facets<'_>,
    options: &'a Options<'_>,
) -> impl Iterator<Item = (&'static str, &'a str)> {
    let read = facets.iter().filter(|(key, _)| options.contains_key(key));
    read.copied()
}

/// Where an entry of a list stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// What stands before its links.
    pub(super) root: &'a str,
    /// The element of its heading, such as `h2`.
    pub(super) level: &'static str,
}

/// Entries of a list, without what a filter needs.
pub(super) fn items<'e>(
    site: &Site<'_>,
    entities: impl IntoIterator<Item = &'e Entity>,
    place: Place<'_>,
) -> Result<Value> {
    let mut html = String::new();
    for entity in entities {
        write_item(site, entity, place, [], &mut html)?;
    }
    Ok(Value::from_safe_string(html))
}

/// Writes an entity as an entry of a list.
fn write_item<'f>(
    site: &Site<'_>,
    entity: &Entity,
    place: Place<'_>,
    facets: impl IntoIterator<Item = (&'static str, &'f str)>,
    out: &mut String,
) -> Result<()> {
    let facets = attributes(facets);
    item(site, entity, place, &facets, &mut |stencil, fill| {
        stencil.fill(out, |gap, out| {
            fill(gap, out);
            Ok(())
        })
    })
}

/// Hands an entity as an entry of a list to `sink`. `facets` are the attributes that filters read.
fn item(
    site: &Site<'_>,
    entity: &Entity,
    place: Place<'_>,
    facets: &str,
    sink: &mut Sink<'_>,
) -> Result<()> {
    let published = site.is_published(entity);
    let summary = refs::summary(entity);
    let meta = meta(site, entity);
    let common = [
        ("name", Part::Gap),
        ("href", Part::gap(published)),
        ("summary", Part::gap(summary.is_some())),
        ("meta", Part::gap(!meta.is_empty())),
        ("facets", Part::gap(!facets.is_empty())),
        ("status", Part::Word(entity.status().as_str())),
        ("level", Part::Word(place.level)),
    ];
    let write_common = |gap: usize, out: &mut String| match gap {
        0 => out.push_str(&escape(entity.name())),
        1 => {
            out.push_str(place.root);
            out.push_str(&escape(&route::entity_path(entity)));
        }
        2 => out.push_str(&escape(summary.unwrap_or_default())),
        3 => out.push_str(&escape(&meta)),
        _ => out.push_str(facets),
    };
    match &entity.data {
        Some(Data::Kpi(_)) => kpi::item(site, entity, place, facets, sink),
        Some(Data::Persona(persona)) => {
            let portrait = site.portrait(entity, persona);
            let mut form = common.to_vec();
            form.extend([
                ("market", Part::Word(persona.market.as_str())),
                ("stance", Part::Word(persona.stance.as_str())),
                ("portrait", Part::gap(portrait.is_some())),
                ("emblem", Part::gap(portrait.is_none())),
                ("hue", Part::gap(portrait.is_none())),
                ("founded", Part::Gap),
                ("sort_founded", Part::Gap),
                ("newest", Part::Gap),
                ("reviewed", Part::Gap),
            ]);
            let founded = Coverage::of(persona).percent();
            let reviewed = entity.common.last_reviewed;
            let stencil = site.theme.stencil("persona_card", &form)?;
            sink(&stencil, &|gap, out| match (gap, &portrait) {
                (9, Some(picture)) => out.push_str(&escape(&route::from(place.root, picture))),
                (10, _) => {
                    let negative = persona.stance == Stance::Negative;
                    out.push_str(&emblem::emblem(&entity.id, negative));
                }
                (11, _) => out.push_str(&emblem::hue(&entity.id).to_string()),
                (12, _) => {
                    let text = site.theme.word(&["index", "founded"]).unwrap_or("{n}%");
                    out.push_str(&escape(&text.replace("{n}", &founded.to_string())));
                }
                // As many digits for all, so that texts sort as numbers do.
                (13, _) => {
                    let _ = write!(out, "{founded:03}");
                }
                (14, _) => {
                    let newest = Grounds::of(site.library, entity).newest();
                    out.push_str(&newest.map(|(day, _)| day.to_string()).unwrap_or_default());
                }
                (15, _) => out.push_str(&reviewed.map(|d| d.to_string()).unwrap_or_default()),
                _ => write_common(gap, out),
            })
        }
        _ => sink(&site.theme.stencil("row", &common)?, &write_common),
    }
}

/// The attributes that the filters read: one a filter, values separated by a bar.
pub(super) fn attributes<'f>(facets: impl IntoIterator<Item = (&'static str, &'f str)>) -> String {
    let mut out = String::new();
    let mut last = "";
    for (filter, value) in facets {
        if filter == last {
            out.push('|');
        } else {
            if !last.is_empty() {
                out.push('"');
            }
            out.push_str(" data-f-");
            out.push_str(filter);
            out.push_str("=\"");
            last = filter;
        }
        out.push_str(&escape(value));
    }
    if !last.is_empty() {
        out.push('"');
    }
    out
}

/// The name behind an id, for people.
fn name_of<'a>(site: &Site<'a>, kind: Kind, id: &'a str) -> &'a str {
    let found = site.library.find(kind, id);
    found.map_or(id, |f| f.entity.name())
}

fn facets(entity: &Entity) -> Facets<'_> {
    let mut out: Facets<'_> = vec![("status", entity.status().as_str())];
    let mut add = |key: &'static str, value| out.push((key, value));
    if let Some(owner) = &entity.common.owner {
        add("owner", owner.id());
    }
    for tag in &entity.common.tags {
        add("tag", tag);
    }
    match &entity.data {
        Some(Data::Persona(persona)) => {
            add("market", persona.market.as_str());
            add("stance", persona.stance.as_str());
            for segment in &persona.segments {
                add("segment", segment.id());
            }
            for phase in &persona.lifecycle {
                add("lifecycle", &phase.0);
            }
        }
        Some(Data::Evidence(evidence)) => add("method", evidence.method.as_str()),
        _ => {}
    }
    out
}

/// What people read for a value of a filter.
fn facet_word(site: &Site<'_>, filter: &str, value: &str) -> Value {
    match filter {
        "owner" => name_of(site, Kind::Team, value).into(),
        "segment" => name_of(site, Kind::Segment, value).into(),
        "tag" => value.into(),
        _ => value_word(site, filter, value),
    }
}

/// Short facts for the second line of an entry.
fn meta(site: &Site<'_>, entity: &Entity) -> String {
    let word = |field: &str, value: &str| value_word(site, field, value).to_string();
    let personas = |ids: &mut dyn Iterator<Item = &str>| {
        let names: Vec<_> = ids.map(|id| name_of(site, Kind::Persona, id)).collect();
        names.join(", ")
    };
    let facts = match &entity.data {
        Some(Data::Persona(persona)) => match &persona.b2b {
            Some(b2b) => vec![b2b.designation.clone()],
            None => Vec::new(),
        },
        Some(Data::Journey(journey)) => vec![
            word("state", journey.state.as_str()),
            personas(&mut journey.personas.iter().map(crate::schema::Ref::id)),
        ],
        Some(Data::Evidence(evidence)) => vec![
            word("method", evidence.method.as_str()),
            word("population", evidence.population.as_str()),
            format!("n = {}", site.theme.numerals.count(evidence.n)),
            site.theme.day(&evidence.collected.to.to_string()),
        ],
        Some(Data::Touchpoint(touchpoint)) => vec![
            touchpoint.channel.clone(),
            word("mode", touchpoint.mode.as_str()),
        ],
        Some(Data::Scenario(scenario)) => {
            vec![personas(&mut std::iter::once(scenario.persona.id()))]
        }
        Some(Data::Account(account)) => {
            vec![personas(
                &mut account.members.iter().map(|m| m.persona.id()),
            )]
        }
        Some(Data::Team(team)) => vec![team.contact.clone()],
        _ => Vec::new(),
    };
    facts.join(" · ")
}
