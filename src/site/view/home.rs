//! The front page: what this library is, and the shortest way to the right persona.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value;

use super::super::Site;
use super::super::fields::view;
use super::persona::coverage;
use super::{PageInfo, Result, index, kpi, menu_entry, render, root, shown_findings, value_word};
use crate::library::facts::Coverage;
use crate::library::figures::State;
use crate::library::health::Found;
use crate::library::{Entity, EntityId};
use crate::schema::kinds::common::Status;
use crate::schema::kinds::persona::{Persona, Stance};
use crate::schema::{Data, Kind};

/// Personas that stand on the page when there are no more.
const MAX_PERSONAS: usize = 12;
/// Personas that stand for many: the ones that the library refers to most.
const FEW_PERSONAS: usize = 6;
const MAX_SEGMENTS: usize = 12;
const MAX_NEGATIVE: usize = 6;
const MAX_JOURNEYS: usize = 6;
const MAX_KPIS: usize = 6;

pub(in crate::site) fn home(site: &Site<'_>, found: &dyn Found) -> Result {
    let root = root(site, "");
    let people = People::of(site);
    let shown = people.first(site);
    let quoted = |&(entity, persona): &(_, &Persona)| {
        let has_quote = persona.quote.is_some();
        has_quote.then(|| start(site, entity, persona))
    };
    let first = shown.iter().find_map(quoted);
    let negative = people.negative.iter().take(MAX_NEGATIVE);
    let counts = Kind::ALL.iter().filter_map(|&kind| {
        let count = site.library.count(kind, site.options.drafts);
        (count > 0 && kind != Kind::Page).then(|| menu_entry(site, kind, count))
    });
    let text = site
        .library
        .get(Kind::Page, "index")
        .filter(|page| site.is_published(page));
    let body = text
        .map(|page| site.markdown(page, &root).html)
        .unwrap_or_default();
    let place = index::Place {
        root: &root,
        level: "h3",
    };
    let all = site.library.count(Kind::Persona, site.options.drafts);
    let (kpis, states) = kpis(site);
    let more_negative = people.negative.len().saturating_sub(MAX_NEGATIVE);
    let home = view([
        ("markets", people.markets(site)),
        ("segments", people.segments(site, &root)),
        ("coverage", coverage(people.coverage)),
        (
            "more_personas",
            all.saturating_sub(shown.len() + people.negative.len())
                .into(),
        ),
        ("chosen", (people.targets.len() > MAX_PERSONAS).into()),
        (
            "personas",
            index::items(site, shown.iter().map(|(entity, _)| *entity), place)?,
        ),
        (
            "negative",
            negative.map(|e| site.reference(e, &root)).collect(),
        ),
        ("more_negative", more_negative.into()),
        (
            "negative_path",
            index::filtered(Kind::Persona, "stance", Stance::Negative.as_str()).into(),
        ),
        (
            "journeys",
            index::items(site, journeys(site, &shown), place)?,
        ),
        ("kpis", index::items(site, kpis, place)?),
        ("states", states),
        ("counts", counts.collect()),
        ("start", Value::from(first)),
        ("body", Value::from_safe_string(body)),
    ]);
    let settings = &site.library.settings;
    let info = PageInfo {
        kind: "home",
        title: &settings.title,
        description: settings.description.as_deref(),
        path: "",
        entity: text,
    };
    let mut context = vec![("home", home)];
    context.extend(text.and_then(|page| shown_findings(site, found.about(page.index))));
    render(site, "home.html", &info, context)
}

/// The personas in use, looked at once.
#[derive(Default)]
struct People<'a> {
    targets: Vec<(&'a Entity, &'a Persona)>,
    negative: Vec<&'a Entity>,
    /// How well founded all of them are.
    coverage: Coverage,
}

impl<'a> People<'a> {
    fn of(site: &Site<'a>) -> Self {
        let mut people = Self::default();
        for entity in site.published(Kind::Persona) {
            let Some(Data::Persona(persona)) = &entity.data else {
                continue;
            };
            if entity.status() != Status::Active {
                continue;
            }
            let own = Coverage::of(persona);
            people.coverage.claims += own.claims;
            people.coverage.cited += own.cited;
            match persona.stance {
                Stance::Target => people.targets.push((entity, persona)),
                Stance::Negative => people.negative.push(entity),
            }
        }
        people
    }

    /// Those to show: all, or of many the ones that most others refer to.
    fn first(&self, site: &Site<'_>) -> Vec<(&'a Entity, &'a Persona)> {
        let mut all = self.targets.clone();
        if all.len() > MAX_PERSONAS {
            // Equal ones stay in the order of names.
            all.sort_by_cached_key(|(entity, _)| {
                Reverse(site.library.each_referrer(entity).count())
            });
            all.truncate(FEW_PERSONAS);
        }
        all
    }

    /// The markets with the number of personas in each, if there are several.
    fn markets(&self, site: &Site<'_>) -> Value {
        let mut markets: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, persona) in &self.targets {
            *markets.entry(persona.market.as_str()).or_default() += 1;
        }
        if markets.len() < 2 {
            return Value::from(());
        }
        let markets = markets.into_iter().map(|(market, count)| {
            view([
                ("name", value_word(site, "market", market)),
                ("count", count.into()),
                (
                    "path",
                    index::filtered(Kind::Persona, "market", market).into(),
                ),
            ])
        });
        markets.collect()
    }

    /// The largest segments with the number of personas in each.
    fn segments(&self, site: &Site<'_>, root: &str) -> Value {
        let mut counts: BTreeMap<EntityId, usize> = BTreeMap::new();
        for reference in self.targets.iter().flat_map(|(_, p)| &p.segments) {
            if let Some(found) = site.library.find(Kind::Segment, reference.id()) {
                *counts.entry(found.entity.index).or_default() += 1;
            }
        }
        let published = site.published(Kind::Segment);
        let mut segments: Vec<(&Entity, usize)> = published
            .filter_map(|segment| Some((segment, *counts.get(&segment.index)?)))
            .collect();
        segments.sort_by_key(|(_, count)| Reverse(*count));
        let segments = segments.into_iter().take(MAX_SEGMENTS);
        let segments = segments.map(|(segment, count)| {
            view([
                ("of", site.reference(segment, root)),
                ("count", count.into()),
            ])
        });
        segments.collect()
    }
}

/// The journeys to show: those of the personas that are shown before others.
fn journeys<'a>(
    site: &Site<'a>,
    shown: &[(&Entity, &Persona)],
) -> impl Iterator<Item = &'a Entity> {
    let shown: BTreeSet<EntityId> = shown.iter().map(|(entity, _)| entity.index).collect();
    let is_theirs = |journey: &&Entity| match &journey.data {
        Some(Data::Journey(data)) => data.personas.iter().any(|persona| {
            let found = site.library.find(Kind::Persona, persona.id());
            found.is_some_and(|found| shown.contains(&found.entity.index))
        }),
        _ => false,
    };
    let (theirs, others): (Vec<_>, Vec<_>) = site.published(Kind::Journey).partition(is_theirs);
    theirs.into_iter().chain(others).take(MAX_JOURNEYS)
}

/// The KPIs in use that need somebody most, and how many stand how.
fn kpis<'a>(site: &Site<'a>) -> (impl Iterator<Item = &'a Entity>, Value) {
    let rank = |state: State| match state {
        State::Bad => 0,
        State::Warn => 1,
        State::Good => 2,
        State::Unknown => 3,
    };
    let active = site.published(Kind::Kpi);
    let active = active.filter(|entity| entity.status() == Status::Active);
    let mut kpis: Vec<(State, &Entity)> = active.map(|kpi| (kpi::state_of(kpi), kpi)).collect();
    kpis.sort_by_key(|(state, _)| rank(*state));
    let states = kpis.chunk_by(|(a, _), (b, _)| a == b).map(|alike| {
        let state = alike.first().map_or(State::Unknown, |(state, _)| *state);
        view([
            ("state", Value::from(state.as_str())),
            ("count", alike.len().into()),
        ])
    });
    let states = states.collect();
    (kpis.into_iter().take(MAX_KPIS).map(|(_, kpi)| kpi), states)
}

/// The persona to begin with.
fn start(site: &Site<'_>, entity: &Entity, persona: &Persona) -> Value {
    let mut fields = site.reference_fields(entity);
    let quote = persona
        .quote
        .as_ref()
        .map(|q| view([("text", Value::from(&q.text))]));
    fields.push(("quote", Value::from(quote)));
    view(fields)
}
