//! The list of KPIs as a dashboard: one row a KPI, by the team that answers for it.

use std::collections::BTreeMap;

use minijinja::Value;

use super::super::super::fields::view;
use super::super::super::markdown::escape;
use super::super::super::theme::Part;
use super::super::super::{Site, refs, route};
use super::super::Result;
use super::super::index::{Facets, Place, Sink};
use super::Lines;
use super::figures::{own_row, spark};
use crate::library::{Entity, figures as maths};
use crate::schema::kinds::kpi::Kpi;
use crate::schema::{Data, Kind};

/// A longer unit does not fit into a chip.
const CHIP_UNIT: usize = 12;
/// Personas that a list by persona can show and still be read.
const MAX_PERSONAS: usize = 60;

/// Hands a KPI as a row to `sink`: the value, its course and change, the target, and how fresh it
/// is. `facets` are the attributes that filters read.
pub(in crate::site::view) fn item(
    site: &Site<'_>,
    entity: &Entity,
    place: Place<'_>,
    facets: &str,
    sink: &mut Sink<'_>,
) -> Result<()> {
    let Some(Data::Kpi(kpi)) = &entity.data else {
        return Ok(());
    };
    let lines = Lines::of(entity, kpi);
    let line = lines.overall(entity);
    let now = line.as_ref().and_then(|line| line.figures(kpi, site.now));
    let now = now.as_ref();
    let summary = refs::summary(entity);
    let target = kpi.target.as_ref();
    // A change between small samples is no trend.
    let change = now.and_then(|now| now.change).filter(|c| !c.small_sample);
    let direction = change.map(|change| match change.difference {
        d if d > 0.0 => "up",
        d if d < 0.0 => "down",
        _ => "same",
    });
    let form = [
        ("name", Part::Gap),
        ("href", Part::gap(site.is_published(entity))),
        ("summary", Part::gap(summary.is_some())),
        ("facets", Part::gap(!facets.is_empty())),
        ("spark", Part::gap(now.is_some())),
        ("value", Part::gap(now.is_some())),
        ("unit", Part::Gap),
        ("period", Part::gap(now.is_some())),
        ("change", Part::gap(change.is_some())),
        ("target", Part::gap(target.is_some())),
        (
            "n",
            Part::gap(now.is_some_and(|now| now.latest.n.is_some())),
        ),
        ("status", Part::Word(entity.status().as_str())),
        ("level", Part::Word(place.level)),
        ("direction", Part::word(direction)),
        ("state", Part::Word(super::figures::state(now))),
        (
            "overdue",
            Part::flag(now.is_some_and(|now| now.freshness.overdue)),
        ),
        ("small", Part::flag(now.is_some_and(|now| now.small_sample))),
    ];
    let stencil = site.theme.stencil("kpi_row", &form)?;
    sink(&stencil, &|gap, out| match (gap, now) {
        (0, _) => out.push_str(&escape(entity.name())),
        (1, _) => {
            out.push_str(place.root);
            out.push_str(&escape(&route::entity_path(entity)));
        }
        (2, _) => out.push_str(&escape(summary.unwrap_or_default())),
        (3, _) => out.push_str(facets),
        (4, _) => out.push_str(&line.as_ref().map(|l| spark(&l.rows)).unwrap_or_default()),
        (5, Some(now)) => out.push_str(&site.theme.numerals.number(now.latest.value)),
        (6, _) => out.push_str(&escape(&kpi.unit)),
        (7, Some(now)) => out.push_str(&escape(&now.latest.period.text)),
        (8, _) => out.push_str(
            &change
                .map(|c| site.theme.numerals.signed(c.difference))
                .unwrap_or_default(),
        ),
        (9, _) => out.push_str(
            &target
                .map(|t| site.theme.numerals.number(t.value))
                .unwrap_or_default(),
        ),
        (10, Some(now)) => {
            out.push_str(
                &now.latest
                    .n
                    .map(|n| site.theme.numerals.count(n))
                    .unwrap_or_default(),
            );
        }
        _ => {}
    })
}

/// Writes a KPI as a chip on the page of a persona: with the persona's own value, or else with
/// that of everybody, which it then says.
pub(in crate::site::view) fn write_chip(
    site: &Site<'_>,
    kpi: &Entity,
    persona: &Entity,
    root: &str,
    out: &mut String,
) -> Result<()> {
    let own = own_row(kpi, persona).filter(|_| kpi.is_active());
    if let (Some(Data::Kpi(measure)), Some(row)) = (&kpi.data, own) {
        write_slice(site, (kpi, measure), row.value, root, out)
    } else {
        out.push_str(site.shown(kpi, root).everybody());
        Ok(())
    }
}

/// Writes a KPI with the value that it has for one persona.
fn write_slice(
    site: &Site<'_>,
    (kpi, measure): (&Entity, &Kpi),
    value: f64,
    root: &str,
    out: &mut String,
) -> Result<()> {
    let form = [
        ("name", Part::Gap),
        ("href", Part::gap(site.is_published(kpi))),
        ("value", Part::Gap),
        ("unit", Part::gap(measure.unit.chars().count() <= CHIP_UNIT)),
        ("lang", Part::gap(site.is_left(kpi))),
        ("state", Part::Word(maths::state(measure, value).as_str())),
    ];
    site.theme
        .stencil("kpi_slice", &form)?
        .fill(out, |gap, out| {
            match gap {
                0 => out.push_str(&escape(site.name_of(kpi))),
                1 => {
                    out.push_str(root);
                    out.push_str(&escape(&site.path_of(kpi)));
                }
                2 => out.push_str(&site.theme.numerals.number(value)),
                3 => out.push_str(&escape(&measure.unit)),
                _ => out.push_str(&site.original()),
            }
            Ok(())
        })
}

/// All KPIs by owner, and the personas they are measured for.
pub(in crate::site::view) fn dashboard(
    site: &Site<'_>,
    (kpis, facets): (&[&Entity], &[Facets<'_>]),
    place: Place<'_>,
    attributes: &dyn Fn(&Facets<'_>) -> String,
) -> Result<Vec<(&'static str, Value)>> {
    let mut owners: BTreeMap<(bool, String), (Value, String)> = BTreeMap::new();
    let mut personas: BTreeMap<&str, (Value, String)> = BTreeMap::new();
    for (kpi, facets) in kpis.iter().zip(facets) {
        let owner = kpi.common.owner.as_ref();
        let team = owner.map(|r| site.shown_as(r.as_str(), &[Kind::Team], place.root));
        let name = owner.and_then(|r| site.library.find(Kind::Team, r.id()));
        let name = name.map(|found| found.entity.name().to_lowercase());
        let key = (name.is_none(), name.unwrap_or_default());
        let group = owners.entry(key).or_insert_with(|| {
            let owner = Value::from(team.as_ref().map(|team| team.view.clone()));
            (owner, String::new())
        });
        item(
            site,
            kpi,
            place,
            &attributes(facets),
            &mut |stencil, fill| {
                stencil.fill(&mut group.1, |gap, out| {
                    fill(gap, out);
                    Ok(())
                })
            },
        )?;
        let Some(Data::Kpi(measure)) = &kpi.data else {
            continue;
        };
        let of_persona = maths::series(super::rows(kpi)).into_iter();
        for line in of_persona {
            let Some(id) = line.slice.only_persona() else {
                continue;
            };
            let (Some(found), Some(now)) = (
                site.library.find(Kind::Persona, id),
                line.figures(measure, site.now),
            ) else {
                continue;
            };
            if site.is_published(found.entity) {
                let shown = site.shown(found.entity, place.root);
                let entry = personas.entry(found.entity.name());
                let entry = entry.or_insert_with(|| (shown.view.clone(), String::new()));
                let value = now.latest.value;
                write_slice(site, (kpi, measure), value, place.root, &mut entry.1)?;
            }
        }
    }
    let groups = |all: Vec<(Value, String)>| -> Value {
        all.into_iter()
            .map(|(of, items)| view([("of", of), ("items", Value::from_safe_string(items))]))
            .collect()
    };
    let personas: Vec<_> = personas.into_values().collect();
    let fit = personas.len() <= MAX_PERSONAS;
    Ok(vec![
        ("owners", groups(owners.into_values().collect())),
        ("personas", groups(if fit { personas } else { Vec::new() })),
    ])
}
