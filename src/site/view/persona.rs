//! The page of a persona.

mod card;
mod glance;

use minijinja::Value;

use super::super::fields::view;
use super::super::refs::At;
use super::super::{Site, encode};
use super::{Fields, Result, channel, claim, field_word, kpi, value_word};
use crate::library::Goal;
use crate::library::facts::{Coverage, Grounds};
use crate::schema::kinds::persona::Persona;
use crate::schema::shape::title;
use crate::schema::{Data, Kind};

pub(in crate::site) use card::{PATH as CARD, card, has_card};
use glance::Glance;

/// So many claims of a list are printed.
const PRINTED: usize = 3;

/// The evidence coverage as templates see it.
pub(super) fn coverage(coverage: Coverage) -> Value {
    view([
        ("claims", coverage.claims.into()),
        ("cited", coverage.cited.into()),
        ("assumptions", coverage.assumptions().into()),
        ("percent", coverage.percent().into()),
    ])
}

pub(super) fn extend(
    site: &Site<'_>,
    at: At<'_>,
    persona: &Persona,
    out: &mut Fields,
) -> Result<()> {
    let goals = site.library.goals(at.entity);
    let mut claim_lists = Vec::new();
    for ((key, claims), anchors) in persona.claim_lists().iter().zip(&at.entity.claim_anchors) {
        if claims.is_empty() {
            continue;
        }
        let mut html = String::new();
        for (number, (claim, anchor)) in claims.iter().zip(anchors).enumerate() {
            let goal = goals.get(number).filter(|_| *key == "goals");
            let item = claim::Item {
                claim,
                anchor: Some(anchor),
                lang: &site.attributes(at.entity, format_args!("/{key}/{number}")),
                served_by: goal.map_or(&[], Goal::unnamed),
                persona: Some(at.entity),
            };
            claim::write(site, at.root, item, &mut html)?;
        }
        claim_lists.push(view([
            ("key", Value::from(*key)),
            ("label", field_word(site, key)),
            ("claims", Value::from_safe_string(html)),
            ("unprinted", claims.len().saturating_sub(PRINTED).into()),
        ]));
    }
    out.push(("has_preferences", (!persona.preferences.is_empty()).into()));
    out.push(("glance", Glance::of(site, at.entity).view(site)?));
    out.push(("claim_lists", Value::from(claim_lists)));
    out.push(("coverage", coverage(Coverage::of(persona))));
    out.push(("founded", founded(site, at)));
    let traits = persona.traits.iter().map(|(name, value)| {
        view([
            ("name", Value::from(name)),
            ("label", title(name).into()),
            ("value", (*value).into()),
        ])
    });
    out.push(("traits_list", traits.collect()));
    let kpis = persona.kpis.iter();
    let kpis = kpis.map(|r| watched(site, at, r.as_str()));
    out.push(("kpis", kpis.collect()));
    out.push(("journeys", journeys(site, at)));
    out.push(("compare_with", super::compare::offers(site, at)));
    if let Some(channels) = &persona.channels {
        let preferred = channels.preferred.iter();
        let preferred = preferred.map(|name| channel::link(site, at.root, name));
        let channels = view([
            (
                "preferred",
                Value::from(preferred.collect::<Result<Vec<_>>>()?),
            ),
            ("online_share", Value::from(channels.online_share)),
        ]);
        out.push(("channels", channels));
    }
    Ok(())
}

/// A KPI to watch, with the value that it has for this persona alone where there is one.
fn watched(site: &Site<'_>, at: At<'_>, written: &str) -> Value {
    let shown = site.shown_as(written, &[Kind::Kpi], at.root);
    let (_, id, _) = crate::schema::reference::parse(written, [Kind::Kpi].into_iter().collect());
    let found = site.library.find(Kind::Kpi, id);
    view([
        ("ref", shown.view.clone()),
        (
            "own",
            Value::from(found.and_then(|f| kpi::own(site, f.entity, at.entity))),
        ),
    ])
}

/// The journeys that a persona goes through, with the names of their stages.
fn journeys(site: &Site<'_>, at: At<'_>) -> Value {
    site.library
        .referrers(at.entity)
        .into_iter()
        .filter(|other| site.is_published(other))
        .filter_map(|other| {
            let Some(Data::Journey(journey)) = &other.data else {
                return None;
            };
            let own = site.translation_of(other);
            let stages = journey.stages.iter().enumerate().map(|(number, stage)| {
                let said = own.and_then(|t| t.says(&format!("/stages/{number}/name")));
                said.unwrap_or(&stage.name)
            });
            Some(view([
                ("ref", site.reference(other, at.root)),
                ("stages", stages.collect()),
            ]))
        })
        .collect()
}

/// What a persona rests on: its newest research, by which methods and of whom, and which of its
/// claims rest on nothing.
fn founded(site: &Site<'_>, at: At<'_>) -> Value {
    let grounds = Grounds::of(site.library, at.entity);
    let newest = grounds.newest().map(|(day, study)| {
        let months = day.until((jiff::Unit::Month, site.now));
        let months = months.map_or(0, |span| span.get_months()).max(0);
        view([
            ("day", Value::from(day.to_string())),
            ("months", months.into()),
            ("study", site.reference(study, at.root)),
        ])
    });
    let pieces: usize = grounds.by_method().iter().map(|(_, n)| n).sum();
    let share = |field: &str, word: &'static str, n: usize| {
        view([
            ("word", value_word(site, field, word)),
            ("n", n.into()),
            ("percent", (n * 100 / pieces.max(1)).into()),
        ])
    };
    let methods = grounds.by_method().into_iter();
    let methods = methods.map(|(method, n)| share("method", method.as_str(), n));
    let populations = grounds.by_population().into_iter();
    let populations =
        populations.map(|(population, n)| share("population", population.as_str(), n));
    let claims = at.entity.claims().zip(at.entity.claim_places());
    let assumptions = claims.filter(|((_, claim, _), _)| claim.is_assumption());
    let assumptions = assumptions.map(|((_, claim, anchor), (list, number))| {
        let mut text = String::new();
        let lang = site.attributes(at.entity, format_args!("/{list}/{number}"));
        claim::text(claim, &lang, &mut text);
        view([
            ("text", Value::from_safe_string(text)),
            ("hash", format!("#{}", encode(anchor)).into()),
        ])
    });
    view([
        ("newest", Value::from(newest)),
        ("methods", methods.collect()),
        ("populations", populations.collect()),
        ("assumptions", assumptions.collect()),
    ])
}
