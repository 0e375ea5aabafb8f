//! The segment page: who belongs to it, what they share, and how it is doing.

use std::cmp::Reverse;

use foldhash::{HashMap, HashSet};
use minijinja::Value;

use super::super::Site;
use super::super::fields::view;
use super::super::refs::At;
use super::{Fields, Result, index, value_word};
use crate::library::figures::series;
use crate::library::{Entity, EntityId};
use crate::schema::kinds::persona::{Persona, Stance};
use crate::schema::{Data, Kind};

/// Personas shown as cards; a link leads to the rest.
const MAX_CARDS: usize = 24;
/// Journeys shown, those that most of its personas take first.
const MAX_JOURNEYS: usize = 24;
/// Of each thing that personas share, how many are named.
const MAX_SHARED: usize = 6;
/// What fewer personas than this have, nobody shares.
const SHARED_BY: usize = 2;

pub(super) fn extend(site: &Site<'_>, at: At<'_>, out: &mut Fields) -> Result<()> {
    let referrers = site.library.referrers(at.entity);
    let mut targets = Vec::new();
    let mut negative = Vec::new();
    let mut shown_above = HashSet::default();
    for other in &referrers {
        let Some(Data::Persona(persona)) = &other.data else {
            continue;
        };
        let belongs = persona
            .segments
            .iter()
            .any(|r| site.library.points_at(r, at.entity));
        if !belongs || !site.is_published(other) || !other.is_current() {
            continue;
        }
        shown_above.insert(other.index);
        match persona.stance {
            Stance::Target => targets.push((*other, &**persona)),
            Stance::Negative => negative.push(*other),
        }
    }
    let place = index::Place {
        root: at.root,
        level: "h3",
    };
    let cards = targets.iter().map(|(entity, _)| *entity).take(MAX_CARDS);
    let shown = negative.iter().take(MAX_CARDS);
    out.extend([
        ("personas", index::items(site, cards, place)?),
        ("persona_count", targets.len().into()),
        (
            "more_personas",
            targets.len().saturating_sub(MAX_CARDS).into(),
        ),
        (
            "negative",
            shown.map(|e| site.reference(e, at.root)).collect(),
        ),
        ("journeys", journeys(site, at, &targets)),
        ("kpis", kpis(site, at, &referrers, &mut shown_above)),
        ("shared", shared(site, at, &targets)),
    ]);
    let others = |e: &Entity| !shown_above.contains(&e.index);
    out.push(("backlinks", super::backlinks(site, at, &others)));
    Ok(())
}

/// The journeys of its personas, and how many of them take each.
fn journeys(site: &Site<'_>, at: At<'_>, personas: &[(&Entity, &Persona)]) -> Value {
    let mut found: HashMap<EntityId, (&Entity, usize, EntityId)> = HashMap::default();
    for (persona, _) in personas {
        let journeys = site.library.each_referrer(persona);
        for journey in journeys.filter(|e| e.kind == Kind::Journey && site.is_published(e)) {
            let entry = found.entry(journey.index);
            let entry = entry.or_insert((journey, 0, EntityId::default()));
            // Who is named twice is counted once.
            if entry.1 == 0 || entry.2 != persona.index {
                entry.1 += 1;
                entry.2 = persona.index;
            }
        }
    }
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by_key(|(journey, count, _)| (Reverse(*count), journey.sort_key()));
    let rows = found.iter().take(MAX_JOURNEYS).map(|(journey, count, _)| {
        view([
            ("ref", site.reference(journey, at.root)),
            ("count", (*count).into()),
        ])
    });
    view([
        ("rows", Value::from(rows.collect::<Vec<_>>())),
        ("count", found.len().into()),
        ("more", found.len().saturating_sub(MAX_JOURNEYS).into()),
    ])
}

/// The KPIs that are measured for the segment as a whole.
fn kpis(
    site: &Site<'_>,
    at: At<'_>,
    referrers: &[&Entity],
    shown: &mut HashSet<EntityId>,
) -> Value {
    let mut out = Vec::new();
    for kpi in referrers.iter().filter(|e| site.is_published(e)) {
        let (Some(Data::Kpi(data)), Some(measured)) = (&kpi.data, &kpi.measurements) else {
            continue;
        };
        for line in series(&measured.rows) {
            let parts = line.slice.parts();
            let own = line
                .slice
                .segment
                .as_deref()
                .filter(|_| parts == [false, true, false, false]);
            let is_it = own.and_then(|id| site.library.find(Kind::Segment, id));
            if is_it.is_none_or(|found| found.entity.index != at.entity.index) {
                continue;
            }
            if let Some(now) = line.figures(data, site.now) {
                shown.insert(kpi.index);
                out.push(view([
                    ("ref", site.reference(kpi, at.root)),
                    ("value", site.theme.numerals.number(now.latest.value).into()),
                    ("unit", Value::from(&data.unit)),
                    ("period", Value::from(&*now.latest.period.text)),
                    ("state", now.state.as_str().into()),
                ]));
            }
        }
    }
    out.into()
}

/// What several of its personas have in common, most common first.
fn shared(site: &Site<'_>, at: At<'_>, personas: &[(&Entity, &Persona)]) -> Value {
    let total = personas.len();
    let mut words: [HashMap<String, (String, usize)>; 2] = Default::default();
    let mut entities: HashMap<EntityId, (&Entity, usize)> = HashMap::default();
    let mut own: Vec<EntityId> = Vec::new();
    for (entity, persona) in personas {
        let mut seen: Vec<String> = Vec::new();
        for phase in &persona.lifecycle {
            let entry = words[0].entry(phase.0.clone());
            entry.or_insert_with(|| (phase.0.clone(), 0)).1 += 1;
        }
        for name in persona.channels.iter().flat_map(|c| &c.preferred) {
            let slug = crate::library::channels::slug(name).filter(|slug| !seen.contains(slug));
            if let Some(slug) = slug {
                seen.push(slug.clone());
                words[1].entry(slug).or_insert_with(|| (name.clone(), 0)).1 += 1;
            }
        }
        own.clear();
        let named = entity.references.iter();
        let named = named.filter(|r| {
            r.candidates()
                .any(|k| matches!(k, Kind::Evidence | Kind::Kpi))
        });
        for found in named.filter_map(|r| site.library.resolve(r)) {
            if !own.contains(&found.entity.index) {
                own.push(found.entity.index);
                entities
                    .entry(found.entity.index)
                    .or_insert((found.entity, 0))
                    .1 += 1;
            }
        }
    }
    let [phases, channels] = words.map(|all| {
        let mut all: Vec<_> = all
            .into_iter()
            .filter(|(_, (_, n))| *n >= SHARED_BY)
            .collect();
        all.sort_by(|(a, (_, n)), (b, (_, m))| m.cmp(n).then_with(|| a.cmp(b)));
        all.truncate(MAX_SHARED);
        all
    });
    let entry =
        |html: Value, n: usize| view([("html", html), ("n", n.into()), ("total", total.into())]);
    let of_kind = |kind: Kind| -> Vec<Value> {
        let mut all: Vec<_> = entities
            .values()
            .filter(|(e, n)| e.kind == kind && *n >= SHARED_BY && site.is_published(e))
            .collect();
        all.sort_by_key(|(e, n)| (Reverse(*n), e.sort_key()));
        all.truncate(MAX_SHARED);
        let link = |e: &Entity| Value::from_safe_string(site.shown(e, at.root).link().to_owned());
        all.into_iter().map(|(e, n)| entry(link(e), *n)).collect()
    };
    let phases = phases.into_iter();
    let phases = phases.map(|(_, (name, n))| entry(value_word(site, "lifecycle", &name), n));
    let channels = channels.into_iter().filter_map(|(_, (name, n))| {
        let link = super::channel::link(site, at.root, &name).ok()?;
        Some(entry(link.get_attr("link").ok()?, n))
    });
    view([
        ("lifecycle", Value::from(phases.collect::<Vec<_>>())),
        ("channels", channels.collect::<Vec<_>>().into()),
        ("kpis", of_kind(Kind::Kpi).into()),
        ("evidence", of_kind(Kind::Evidence).into()),
    ])
}
