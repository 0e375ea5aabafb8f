//! The team page: what it answers for, and what of that wants attention.

use std::collections::BTreeMap;

use minijinja::Value;

use super::super::Site;
use super::super::fields::view;
use super::super::refs::At;
use super::coverage::opportunities;
use super::{Fields, kind_label, rules};
use crate::diagnostic::Severity;
use crate::library::Entity;
use crate::library::facts::Coverage;
use crate::library::figures::State;
use crate::library::health::Found;
use crate::library::opportunities::{Opportunity, of_journey};
use crate::schema::{Data, Kind};

/// Entries of a kind that are listed; a link leads to the rest.
const MAX_OWNED: usize = 40;
/// Entries that want attention.
const MAX_ATTENTION: usize = 24;
/// Opportunities.
const MAX_OPPORTUNITIES: usize = 8;
/// Rules named beside one entry.
const MAX_RULES: usize = 3;
/// Of a persona, fewer claims than this share with evidence want attention, in percent: the
/// threshold of the rule `assumption-based`.
const FOUNDED: usize = 60;

pub(super) fn extend(site: &Site<'_>, at: At<'_>, found: &dyn Found, out: &mut Fields) {
    let mut owned: BTreeMap<Kind, Vec<&Entity>> = BTreeMap::new();
    for other in site.library.referrers(at.entity) {
        if owns(site, at, other) && site.is_published(other) {
            owned.entry(other.kind).or_default().push(other);
        }
    }
    let groups = owned.iter().map(|(kind, entities)| {
        let shown = entities.iter().take(MAX_OWNED);
        view([
            ("key", Value::from(kind.name())),
            ("label", kind_label(site, *kind).into()),
            ("count", entities.len().into()),
            ("items", shown.map(|e| site.reference(e, at.root)).collect()),
            ("more", entities.len().saturating_sub(MAX_OWNED).into()),
            (
                "path",
                format!(
                    "{}/?owner={}",
                    kind.folder(),
                    super::super::encode(&at.entity.id)
                )
                .into(),
            ),
        ])
    });
    out.push(("owned", groups.collect()));
    let count: usize = owned.values().map(Vec::len).sum();
    out.push(("owned_count", count.into()));
    out.push(("attention", attention(site, at, found, &owned)));
    out.push(("opportunities", best(site, at)));
    // What it owns stands above.
    let elsewhere = |e: &Entity| !owns(site, at, e);
    out.push(("backlinks", super::backlinks(site, at, &elsewhere)));
}

/// Whether the team of this page answers for an entity.
fn owns(site: &Site<'_>, at: At<'_>, other: &Entity) -> bool {
    let owner = other.common.owner.as_ref();
    owner.is_some_and(|r| site.library.points_at(r, at.entity))
}

/// Something that wants attention.
struct Case<'a> {
    entity: &'a Entity,
    worst: Option<Severity>,
    state: State,
    /// The share of founded claims in percent, when it is small.
    founded: Option<usize>,
    rules: Vec<&'static str>,
}

impl Case<'_> {
    /// Errors and missed targets first.
    fn weight(&self) -> usize {
        let severity = match self.worst {
            Some(Severity::Error) => 8,
            Some(Severity::Warn) => 3,
            Some(Severity::Info) | None => 0,
        };
        let state = match self.state {
            State::Bad => 6,
            State::Warn => 2,
            State::Good | State::Unknown => 0,
        };
        severity + state + if self.founded.is_some() { 2 } else { 0 }
    }
}

fn case<'a>(entity: &'a Entity, found: &dyn Found) -> Case<'a> {
    let mut worst = None;
    let mut rules: Vec<&'static str> = Vec::new();
    for finding in found
        .about(entity.index)
        .iter()
        .filter(|f| f.severity != Severity::Info)
    {
        worst = worst.max(Some(finding.severity));
        if !rules.contains(&finding.code) {
            rules.push(finding.code);
        }
    }
    let founded = match &entity.data {
        Some(Data::Persona(persona)) if entity.is_active() => Some(Coverage::of(persona).percent()),
        _ => None,
    };
    let state = match &entity.data {
        Some(Data::Kpi(_)) if entity.is_active() => super::kpi::state_of(entity),
        _ => State::Unknown,
    };
    Case {
        entity,
        worst,
        state,
        founded: founded.filter(|percent| *percent < FOUNDED),
        rules,
    }
}

fn attention(
    site: &Site<'_>,
    at: At<'_>,
    found: &dyn Found,
    owned: &BTreeMap<Kind, Vec<&Entity>>,
) -> Value {
    let owned = owned.values().flatten();
    let mut cases: Vec<Case<'_>> = owned.map(|entity| case(entity, found)).collect();
    cases.retain(|case| case.weight() > 0);
    cases.sort_by_key(|case| std::cmp::Reverse(case.weight()));
    let rows = cases.iter().take(MAX_ATTENTION).map(|case| {
        let named = case.rules.iter().filter_map(|code| site.rule(code));
        let named = named.take(MAX_RULES).map(|rule| {
            view([
                ("name", Value::from(rule.name)),
                ("path", rules::path(rule.name).into()),
            ])
        });
        let state = match case.state {
            State::Good | State::Unknown => None,
            state => Some(state.as_str()),
        };
        view([
            ("ref", site.reference(case.entity, at.root)),
            ("kind", Value::from(case.entity.kind.name())),
            ("worst", Value::from(case.worst.map(Severity::as_str))),
            ("state", Value::from(state)),
            ("founded", Value::from(case.founded)),
            ("rules", named.collect()),
        ])
    });
    view([
        ("rows", Value::from(rows.collect::<Vec<_>>())),
        ("count", cases.len().into()),
        ("more", cases.len().saturating_sub(MAX_ATTENTION).into()),
    ])
}

/// The opportunities that the team could take up: those at its touchpoints and in its journeys.
fn best(site: &Site<'_>, at: At<'_>) -> Value {
    let library = site.library;
    let mut journeys: Vec<&Entity> = Vec::new();
    for other in library.referrers(at.entity) {
        if !owns(site, at, other) {
            continue;
        }
        match other.kind {
            Kind::Journey => journeys.push(other),
            Kind::Touchpoint => journeys.extend(
                library
                    .each_referrer(other)
                    .filter(|e| e.kind == Kind::Journey),
            ),
            _ => {}
        }
    }
    journeys.sort_unstable_by_key(|journey| journey.sort_key());
    journeys.dedup_by_key(|journey| journey.index);
    let mut all: Vec<Opportunity<'_>> = Vec::new();
    for journey in journeys
        .into_iter()
        .filter(|e| e.is_active() && site.is_published(e))
    {
        of_journey(library, journey, &mut all);
    }
    all.retain(|o| {
        o.team(library)
            .is_some_and(|team| team.index == at.entity.index)
    });
    all.sort_by_key(|o| std::cmp::Reverse(o.score()));
    let rows = all
        .iter()
        .take(MAX_OPPORTUNITIES)
        .map(|o| opportunities::shown(at.root, o));
    view([
        ("rows", Value::from(rows.collect::<Vec<_>>())),
        ("count", all.len().into()),
        ("more", all.len().saturating_sub(MAX_OPPORTUNITIES).into()),
        (
            "path",
            format!(
                "coverage/opportunities/?owner={}",
                super::super::encode(&at.entity.id)
            )
            .into(),
        ),
    ])
}
