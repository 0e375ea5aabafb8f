//! The list of a kind, with what a filter needs.

use std::collections::BTreeMap;

use minijinja::Value;

use super::super::Site;
use super::super::fields::view;
use super::persona::Coverage;
use super::{Fields, PageInfo, Result, field_word, kind_label, render, value_word};
use crate::library::Entity;
use crate::schema::{Data, Kind};

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

/// The values by which an item is filtered: filter, value, and the value in words.
type Facets = Vec<(&'static str, String, Value)>;

pub(in crate::site) fn index(site: &Site<'_>, kind: Kind) -> Result {
    let mut items = Vec::new();
    let mut options: BTreeMap<&str, BTreeMap<String, (Value, usize)>> = BTreeMap::new();
    for entity in site.published(kind) {
        let facets = facets(site, entity);
        for (filter, value, words) in &facets {
            let option = options.entry(filter).or_default().entry(value.clone());
            option.or_insert_with(|| (words.clone(), 0)).1 += 1;
        }
        items.push(item_with(site, entity, facets));
    }
    let total = items.len();
    let filters = FILTERS.iter().filter_map(|&key| {
        let options = options.get(key)?;
        // A filter that cannot narrow the list is noise.
        let narrows = options.len() > 1 || options.values().any(|(_, count)| *count < total);
        (narrows && options.len() <= MAX_OPTIONS).then(|| {
            let options = options.iter().map(|(value, (label, count))| {
                view([
                    ("value", Value::from(value)),
                    ("label", label.clone()),
                    ("count", (*count).into()),
                ])
            });
            view([
                ("key", Value::from(key)),
                ("label", field_word(site, key)),
                ("options", options.collect()),
            ])
        })
    });
    let label = kind_label(site, kind);
    let lead = site.theme.word(&["kinds", kind.name(), "lead"]);
    let head = view([
        ("kind", Value::from(kind.name())),
        ("title", label.into()),
        ("lead", Value::from(lead)),
    ]);
    let more = vec![
        ("index", head),
        ("filters", filters.collect()),
        ("items", Value::from(items)),
    ];
    let path = format!("{}/", kind.folder());
    let info = PageInfo {
        kind: "index",
        title: label,
        description: lead,
        path: &path,
        entity: None,
    };
    render(site, "index.html", &info, more)
}

/// An entity as an entry of a list.
pub(super) fn item(site: &Site<'_>, entity: &Entity) -> Value {
    item_with(site, entity, Vec::new())
}

fn item_with(site: &Site<'_>, entity: &Entity, facets: Facets) -> Value {
    let mut fields: Fields = site.reference_fields(entity);
    fields.push(("meta", Value::from(meta(site, entity))));
    if let Some(Data::Persona(persona)) = &entity.data {
        fields.push(("coverage", Coverage::of(persona).view()));
    }
    if !facets.is_empty() {
        let mut grouped: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (filter, value, _) in facets {
            grouped.entry(filter).or_default().push(value);
        }
        fields.push(("facets", Value::from(grouped)));
    }
    view(fields)
}

/// The name behind an id, for people.
fn name_of<'a>(site: &Site<'a>, kind: Kind, id: &'a str) -> &'a str {
    let found = site.library.find(kind, id);
    found.map_or(id, |f| f.entity.name())
}

fn facets<'a>(site: &Site<'a>, entity: &'a Entity) -> Facets {
    let mut out: Facets = Vec::new();
    let mut add =
        |key: &'static str, value: &str, words: Value| out.push((key, value.to_owned(), words));
    let status = entity.status().as_str();
    add("status", status, value_word(site, "status", status));
    if let Some(owner) = &entity.common.owner {
        add(
            "owner",
            owner.id(),
            name_of(site, Kind::Team, owner.id()).into(),
        );
    }
    for tag in &entity.common.tags {
        add("tag", tag, tag.into());
    }
    match &entity.data {
        Some(Data::Persona(persona)) => {
            add(
                "market",
                persona.market.as_str(),
                value_word(site, "market", persona.market.as_str()),
            );
            add(
                "stance",
                persona.stance.as_str(),
                value_word(site, "stance", persona.stance.as_str()),
            );
            for segment in &persona.segments {
                add(
                    "segment",
                    segment.id(),
                    name_of(site, Kind::Segment, segment.id()).into(),
                );
            }
            for phase in &persona.lifecycle {
                add(
                    "lifecycle",
                    &phase.0,
                    value_word(site, "lifecycle", &phase.0),
                );
            }
        }
        Some(Data::Evidence(evidence)) => {
            add(
                "method",
                evidence.method.as_str(),
                value_word(site, "method", evidence.method.as_str()),
            );
        }
        _ => {}
    }
    out
}

/// Short facts for the second line of an entry.
fn meta<'a>(site: &Site<'a>, entity: &'a Entity) -> Vec<Value> {
    let word = |field: &str, value: &str| value_word(site, field, value);
    match &entity.data {
        Some(Data::Persona(persona)) => match &persona.b2b {
            Some(b2b) => vec![Value::from(&b2b.designation)],
            None => Vec::new(),
        },
        Some(Data::Journey(journey)) => {
            let names = journey
                .personas
                .iter()
                .map(|p| name_of(site, Kind::Persona, p.id()));
            vec![
                word("state", journey.state.as_str()),
                names.collect::<Vec<_>>().join(", ").into(),
            ]
        }
        Some(Data::Evidence(evidence)) => vec![
            word("method", evidence.method.as_str()),
            word("population", evidence.population.as_str()),
            format!("n = {}", super::super::chart::count(evidence.n)).into(),
            site.theme.day(&evidence.collected.to.to_string()).into(),
        ],
        Some(Data::Touchpoint(touchpoint)) => {
            vec![
                Value::from(&touchpoint.channel),
                word("mode", touchpoint.mode.as_str()),
            ]
        }
        Some(Data::Scenario(scenario)) => {
            vec![name_of(site, Kind::Persona, scenario.persona.id()).into()]
        }
        Some(Data::Account(account)) => {
            let names = account
                .members
                .iter()
                .map(|m| name_of(site, Kind::Persona, m.persona.id()));
            vec![names.collect::<Vec<_>>().join(", ").into()]
        }
        Some(Data::Team(team)) => vec![Value::from(&team.contact)],
        _ => Vec::new(),
    }
}
