//! The KPI page: the value and what to think of it, its course, and where it is measured.

mod chart;
mod figures;
mod row;

use std::collections::BTreeSet;

use minijinja::Value;

use super::super::fields::view;
use super::super::refs::At;
use super::super::{Site, route};
use super::{Fields, Result};
use crate::library::figures::Series;
use crate::library::measurements::{Gauge, Row};
use crate::library::{Entity, EntityId, figures as maths};
use crate::schema::kinds::kpi::Kpi;
use crate::schema::{Data, Kind};

pub(in crate::site) use figures::summary;
pub(super) use figures::{own, state_of};
pub(super) use row::{dashboard, item, write_chip};

/// Lines, references and steps of one sort that a page shows. The file of the measurements and the
/// JSON view have all.
const MAX_SHOWN: usize = 100;

/// The rows of a KPI, those of everybody first that are added up from their parts.
struct Lines {
    rolled_up: Vec<Row>,
}

impl Lines {
    fn of(entity: &Entity, kpi: &Kpi) -> Self {
        Self {
            rolled_up: maths::roll_up(rows(entity), Gauge::of(kpi)),
        }
    }

    /// Every line, the one for everybody first.
    fn all<'a>(&'a self, entity: &'a Entity) -> Vec<Series<'a>> {
        let mut lines = maths::series(&self.rolled_up);
        lines.extend(maths::series(rows(entity)));
        lines
    }

    /// The line that stands for the KPI as a whole.
    fn overall<'a>(&'a self, entity: &'a Entity) -> Option<Series<'a>> {
        maths::overall(&self.rolled_up).or_else(|| maths::overall(rows(entity)))
    }
}

fn rows(entity: &Entity) -> &[Row] {
    let measurements = entity.measurements.as_ref();
    measurements.map_or(&[], |m| &m.rows)
}

pub(super) fn extend(site: &Site<'_>, at: At<'_>, kpi: &Kpi, out: &mut Fields) -> Result<()> {
    let entity = at.entity;
    let lines = Lines::of(entity, kpi);
    let overall = lines.overall(entity);
    let now = overall.and_then(|line| line.figures(kpi, site.now));
    out.push(("state", figures::state(now.as_ref()).into()));
    out.push((
        "latest",
        Value::from(now.map(|now| figures::view_of(site, &now))),
    ));
    if let Some(target) = &kpi.target {
        let target = view([
            ("value", Value::from(target.value)),
            (
                "value_text",
                site.theme.numerals.number(target.value).into(),
            ),
            ("by", Value::from(target.by.map(|day| day.to_string()))),
        ]);
        out.push(("target", target));
    }
    let all = lines.all(entity);
    if !all.is_empty() {
        let frame = chart::Frame {
            site,
            root: at.root,
            kpi,
        };
        out.push(("chart", frame.chart(&all)?));
        let shown = &all[..all.len().min(MAX_SHOWN)];
        out.push(("lines", frame.lines(shown)));
        out.push(("more_lines", (all.len() - shown.len()).into()));
        out.push((
            "table",
            frame.table(&all[..all.len().min(chart::MAX_LINES)]),
        ));
    }
    if let Some(measurements) = &entity.measurements {
        let path = route::asset_path(&measurements.document.path);
        out.push(("csv", super::super::encode(path).into()));
    }
    let (steps, more_steps, journeys) = steps(site, at);
    out.push(("steps", Value::from(steps)));
    out.push(("more_steps", more_steps.into()));
    let elsewhere =
        move |other: &Entity| other.kind == Kind::Persona || journeys.contains(&other.index);
    out.push((
        "backlinks",
        super::backlinks(site, at, &|other| !elsewhere(other)),
    ));
    let personas = personas(site, entity);
    let shown = personas.iter().take(MAX_SHOWN);
    let shown = shown.map(|persona| site.reference(persona, at.root));
    out.push(("personas", shown.collect()));
    let more = personas.len().saturating_sub(MAX_SHOWN);
    out.push(("more_personas", more.into()));
    out.push(("serves", serves(site, at.root, kpi)));
    let more = kpi.serves.len().saturating_sub(MAX_SHOWN);
    out.push(("more_serves", more.into()));
    Ok(())
}

/// The first steps of journeys at which it is measured, how many more there are, and the journeys
/// of all.
fn steps(site: &Site<'_>, at: At<'_>) -> (Vec<Value>, usize, BTreeSet<EntityId>) {
    let entity = at.entity;
    let mut out = Vec::new();
    let mut more = 0;
    let mut journeys = BTreeSet::new();
    for other in site.library.referrers(entity) {
        let Some(Data::Journey(journey)) = &other.data else {
            continue;
        };
        if !site.is_published(other) {
            continue;
        }
        let reference = site.reference(other, at.root);
        for stage in &journey.stages {
            for (index, step) in stage.steps.iter().enumerate() {
                if step.kpis.iter().any(|r| site.library.points_at(r, entity)) {
                    journeys.insert(other.index);
                    if out.len() == MAX_SHOWN {
                        more += 1;
                        continue;
                    }
                    let anchor = super::super::encode(&stage.step_anchor(index));
                    out.push(view([
                        ("journey", reference.clone()),
                        ("stage", Value::from(&stage.name)),
                        ("action", Value::from(&step.action)),
                        ("hash", format!("#{anchor}").into()),
                    ]));
                }
            }
        }
    }
    (out, more, journeys)
}

/// The personas that name it, or that it is measured for.
fn personas<'a>(site: &Site<'a>, entity: &Entity) -> Vec<&'a Entity> {
    let mut found: Vec<&Entity> = site.library.referrers(entity);
    found.retain(|other| other.kind == Kind::Persona);
    let mut known: BTreeSet<EntityId> = found.iter().map(|other| other.index).collect();
    for (kind, id) in entity.measurements.iter().flat_map(|m| &m.names) {
        if let Some(resolved) = site.library.find(*kind, id)
            && *kind == Kind::Persona
            && known.insert(resolved.entity.index)
        {
            found.push(resolved.entity);
        }
    }
    found
}

/// The first goals it serves, each with the address of its claim.
fn serves(site: &Site<'_>, root: &str, kpi: &Kpi) -> Value {
    kpi.serves
        .iter()
        .take(MAX_SHOWN)
        .map(|reference| {
            let text = reference.as_str();
            let anchor = reference.anchor();
            let Some(found) = site.library.find(Kind::Persona, reference.id()) else {
                return site.reference_to(text, &[Kind::Persona], root);
            };
            let persona = found.entity;
            let claim = anchor.and_then(|anchor| claim_text(persona, anchor));
            let path = site.is_published(persona).then(|| {
                let hash = anchor.map(|a| format!("#{}", super::super::encode(a)));
                format!("{}{}", site.path_of(persona), hash.unwrap_or_default())
            });
            let name = match claim {
                Some(claim) => format!("{}: {claim}", site.name_of(persona)),
                None => site.name_of(persona).to_owned(),
            };
            let view = vec![
                ("kind", Value::from("persona")),
                ("name", name.into()),
                ("path", Value::from(path)),
                ("status", persona.status().as_str().into()),
            ];
            site.new_shown(view, root).view
        })
        .collect()
}

fn claim_text<'a>(persona: &'a Entity, anchor: &str) -> Option<&'a str> {
    let mut claims = persona.claims();
    let found = claims.find(|(.., own)| *own == anchor);
    found.map(|(_, claim, _)| claim.text.as_str())
}
