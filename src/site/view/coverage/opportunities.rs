//! What could be done better, by how much it would help.

use std::collections::BTreeMap;

use minijinja::Value;
use serde::Serialize;

use super::super::super::fields::view;
use super::super::super::markdown::escape;
use super::super::super::theme::Part;
use super::super::super::{Site, encode, json, route};
use super::super::{Result, field_word, value_word};
use super::{Sheet, counts};
use crate::library::Entity;
use crate::library::opportunities::{Opportunity, Seen, ranked};
use crate::schema::kinds::claim::Grade;

/// Rows of a table that people still read. The JSON view has all.
const MAX_ROWS: usize = 200;
/// Opportunities in the JSON view; those after them stand in the views of their journeys.
const MAX_DATA: usize = 5_000;
/// Opportunities named on the overview.
const BEST: usize = 3;
/// Personas named in a row.
const MAX_NAMES: usize = 3;
/// A filter with more options than this would help nobody.
const MAX_OPTIONS: usize = 60;
const FILTERS: [&str; 3] = ["owner", "persona", "lifecycle"];

fn all<'a>(site: &Site<'a>) -> Vec<Opportunity<'a>> {
    ranked(site.library, &|e| counts(site, e))
}

/// The address of the step or claim, as it stands in a link.
pub(in crate::site::view) fn address(found: &Opportunity<'_>) -> String {
    let anchor = match found.seen {
        Seen::Step(met) => encode(&met.anchor()),
        Seen::Persona(_, anchor) => encode(anchor),
    };
    format!("{}#{anchor}", route::entity_path(found.entity()))
}

/// Where it was seen, in words.
pub(in crate::site::view) fn place(found: &Opportunity<'_>) -> String {
    match found.seen {
        Seen::Step(met) => format!("{} › {}", met.entity.name(), met.stage.name),
        Seen::Persona(persona, _) => persona.name().to_owned(),
    }
}

/// An opportunity for templates.
pub(in crate::site::view) fn shown(root: &str, found: &Opportunity<'_>) -> Value {
    view([
        ("text", Value::from(&found.claim.text)),
        ("href", format!("{root}{}", address(found)).into()),
        ("place", place(found).into()),
        ("score", found.score().into()),
        ("assumption", found.claim.is_assumption().into()),
    ])
}

/// The first few for the overview.
pub(super) fn best(site: &Site<'_>, root: &str) -> Value {
    let all = all(site);
    let assumed = all.iter().filter(|o| o.claim.is_assumption()).count();
    view([
        ("total", Value::from(all.len())),
        ("assumed", assumed.into()),
        (
            "best",
            all.iter().take(BEST).map(|o| shown(root, o)).collect(),
        ),
    ])
}

/// The values by which a row is filtered: filter, value, and what people read for it.
fn facets<'a>(site: &Site<'a>, found: &Opportunity<'a>) -> Vec<(&'static str, &'a str, &'a str)> {
    let team = found.team(site.library);
    let mut out: Vec<_> = team
        .map(|team| ("owner", &*team.id, team.name()))
        .into_iter()
        .collect();
    let personas = found.reach.personas.iter();
    out.extend(personas.map(|persona| ("persona", &*persona.id, persona.name())));
    if let Seen::Step(met) = found.seen {
        out.extend(met.phase().map(|phase| ("lifecycle", phase, phase)));
    }
    out
}

pub(in crate::site) fn opportunities(site: &Site<'_>) -> Result {
    let sheet = Sheet {
        tab: "opportunities",
        path: "coverage/opportunities/",
        part: None,
    };
    let root = super::super::root(site, sheet.path);
    let all = all(site);
    let assumed = all.iter().filter(|o| o.claim.is_assumption()).count();
    let rows = &all[..all.len().min(MAX_ROWS)];
    let facets: Vec<_> = rows.iter().map(|found| facets(site, found)).collect();
    let mut options: BTreeMap<&str, BTreeMap<(&str, &str), usize>> = BTreeMap::new();
    for &(key, value, name) in facets.iter().flatten() {
        *options
            .entry(key)
            .or_default()
            .entry((name, value))
            .or_default() += 1;
    }
    options.retain(|_, values| values.len() > 1 && values.len() <= MAX_OPTIONS);
    let filters = FILTERS.iter().filter_map(|&key| {
        let values = options.get(key)?.iter().map(|((name, value), count)| {
            let label = match key {
                "lifecycle" => value_word(site, key, name),
                _ => (*name).into(),
            };
            view([
                ("value", Value::from(*value)),
                ("label", label),
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
    let mut html = String::new();
    for (at, (found, facets)) in rows.iter().zip(&facets).enumerate() {
        let read = facets.iter().filter(|(key, ..)| options.contains_key(key));
        let attributes =
            super::super::index::attributes(read.map(|(key, value, _)| (*key, *value)));
        write(site, (&root, at + 1), (found, &attributes), &mut html)?;
    }
    let fields = vec![
        ("total", Value::from(all.len())),
        ("assumed", assumed.into()),
        ("shown", rows.len().into()),
        ("more", (all.len() - rows.len()).into()),
        ("filters", filters),
        ("rows", Value::from_safe_string(html)),
    ];
    sheet.render(site, fields)
}

fn write(
    site: &Site<'_>,
    (root, number): (&str, usize),
    (found, facets): (&Opportunity<'_>, &str),
    out: &mut String,
) -> Result<()> {
    let team = found.team(site.library);
    let reach = &found.reach;
    let more = reach.personas.len().saturating_sub(MAX_NAMES);
    let step = match found.seen {
        Seen::Step(met) => Some(met),
        Seen::Persona(..) => None,
    };
    let form = [
        ("facets", Part::gap(!facets.is_empty())),
        ("number", Part::Gap),
        ("href", Part::Gap),
        ("text", Part::Gap),
        ("place", Part::Gap),
        ("action", Part::gap(step.is_some())),
        ("score", Part::Gap),
        ("points", Part::Gap),
        ("reach", Part::Gap),
        ("names", Part::Gap),
        ("more", Part::gap(more > 0)),
        ("segments", Part::gap(reach.segments > 0)),
        ("accounts", Part::gap(reach.accounts > 0)),
        ("team", Part::gap(team.is_some())),
        ("severity", Part::word(found.pain.map(Grade::as_str))),
        ("assumption", Part::flag(found.claim.is_assumption())),
    ];
    let count = |n: usize, out: &mut String| out.push_str(&n.to_string());
    site.theme
        .stencil("opportunity_row", &form)?
        .fill(out, |gap, out| {
            match gap {
                0 => out.push_str(facets),
                1 => count(number, out),
                2 => {
                    out.push_str(root);
                    out.push_str(&escape(&address(found)));
                }
                3 => out.push_str(&escape(&found.claim.text)),
                4 => out.push_str(&escape(&place(found))),
                5 => out.push_str(&escape(
                    step.map(|met| &*met.step().action).unwrap_or_default(),
                )),
                6 => count(found.score(), out),
                7 => count(found.severity(), out),
                8 => count(reach.personas.len(), out),
                9 => {
                    let names = reach.personas.iter().take(MAX_NAMES).map(|p| p.name());
                    out.push_str(&escape(&names.collect::<Vec<_>>().join(", ")));
                }
                10 => count(more, out),
                11 => count(reach.segments, out),
                12 => count(reach.accounts, out),
                _ => {
                    if let Some(team) = team {
                        out.push_str(site.shown(team, root).link());
                    }
                }
            }
            Ok(())
        })
}

/// The whole of it as JSON.
pub(in crate::site) fn data(site: &Site<'_>) -> String {
    #[derive(Serialize)]
    struct Row<'a> {
        text: &'a str,
        at: String,
        score: usize,
        severity: usize,
        personas: Vec<&'a str>,
        segments: usize,
        accounts: usize,
        team: Option<&'a str>,
        evidence: Vec<&'a str>,
    }
    #[derive(Serialize)]
    struct Whole<'a> {
        version: u32,
        total: usize,
        opportunities: Vec<Row<'a>>,
    }
    let all = all(site);
    let rows = all.iter().take(MAX_DATA).map(|found| Row {
        text: &found.claim.text,
        at: match found.seen {
            Seen::Step(met) => format!("{}#{}", met.entity.qualified(), met.anchor()),
            Seen::Persona(persona, anchor) => format!("{}#{anchor}", persona.qualified()),
        },
        score: found.score(),
        severity: found.severity(),
        personas: found
            .reach
            .personas
            .iter()
            .map(|p: &&Entity| &*p.id)
            .collect(),
        segments: found.reach.segments,
        accounts: found.reach.accounts,
        team: found.team(site.library).map(|team| &*team.id),
        evidence: found
            .claim
            .evidence
            .iter()
            .map(crate::schema::Ref::id)
            .collect(),
    });
    json::written(&Whole {
        version: json::VERSION,
        total: all.len(),
        opportunities: rows.collect(),
    })
}
