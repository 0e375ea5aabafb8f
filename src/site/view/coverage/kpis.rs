//! How each persona is measured.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use minijinja::Value;
use serde::Serialize;

use super::super::super::fields::view;
use super::super::super::markdown::escape;
use super::super::super::theme::Part;
use super::super::super::{Site, json, route};
use super::super::{Fields, Result};
use super::groups::{Matrix, Sums, groups};
use super::{Sheet, counts, targets, write_link, write_row};
use crate::library::coverage::Measured;
use crate::library::figures::State;
use crate::library::{Entity, EntityId};
use crate::schema::Data;

/// KPIs with a column of their own; what fewer personas share stands together in the last one.
const MAX_COLUMNS: usize = 12;
/// KPIs named in that last column.
const MAX_OTHERS: usize = 4;

/// Persona by KPI.
pub(in crate::site) static KPIS: Matrix = Matrix {
    tab: "kpis",
    path: "coverage/kpis/",
    rows: 100,
    table,
};

/// How some personas are measured.
#[derive(Default)]
pub(super) struct Tally {
    personas: usize,
    /// Personas with a value of their own.
    measured: usize,
    /// Personas with KPIs, none of which has a value of theirs.
    named: usize,
    /// KPIs that are named without such a value.
    unmeasured: usize,
    warn: usize,
    bad: usize,
}

impl Tally {
    fn of(kpis: &[Measured<'_>]) -> Self {
        let count = |wanted: State| {
            let states = kpis.iter().filter_map(|m| m.latest.map(|(_, state)| state));
            states.filter(|state| *state == wanted).count()
        };
        let own = kpis.iter().filter(|m| m.latest.is_some()).count();
        Self {
            personas: 1,
            measured: usize::from(own > 0),
            named: usize::from(own == 0 && !kpis.is_empty()),
            unmeasured: kpis.len() - own,
            warn: count(State::Warn),
            bad: count(State::Bad),
        }
    }

    fn join(&mut self, other: &Self) {
        self.personas += other.personas;
        self.measured += other.measured;
        self.named += other.named;
        self.unmeasured += other.unmeasured;
        self.warn += other.warn;
        self.bad += other.bad;
    }

    fn fields(&self) -> Fields {
        vec![
            ("personas", self.personas.into()),
            ("measured", self.measured.into()),
            ("named", self.named.into()),
            (
                "without",
                (self.personas - self.measured - self.named).into(),
            ),
            ("unmeasured", self.unmeasured.into()),
            ("warn", self.warn.into()),
            ("bad", self.bad.into()),
        ]
    }
}

fn of<'a>(site: &Site<'a>, persona: &Entity) -> Vec<Measured<'a>> {
    site.library.kpis_of(persona, &|e| counts(site, e))
}

fn all<'a>(site: &'a Site<'_>) -> &'a Sums<Tally> {
    let single = |persona: &Entity| Tally::of(&of(site, persona));
    let find = || Sums::of(site, single, Tally::join);
    site.coverage.kpis.get_or_init(find)
}

/// The sums for the overview.
pub(super) fn sums(site: &Site<'_>) -> Value {
    view(all(site).total.fields())
}

pub(in crate::site) fn kpis(site: &Site<'_>) -> Result {
    let sheet = Sheet {
        tab: KPIS.tab,
        path: KPIS.path,
        part: None,
    };
    let root = super::super::root(site, sheet.path);
    if !KPIS.is_split(site) {
        let personas: Vec<&Entity> = targets(site).collect();
        return sheet.render(site, table(site, &root, &personas)?);
    }
    let Sums {
        total,
        groups: sums,
    } = all(site);
    let groups = groups(site)
        .zip(sums)
        .filter(|(group, _)| !group.personas.is_empty());
    let rows = groups.map(|(group, tally)| {
        let mut fields = tally.fields();
        fields.push(("name", group.name(site).into()));
        fields.push(("path", KPIS.address(group).into()));
        view(fields)
    });
    let rows: Value = rows.collect();
    let mut fields = total.fields();
    fields.push(("groups", rows));
    sheet.render(site, fields)
}

/// The table of some personas: a column for each of the KPIs that most of them share.
fn table(site: &Site<'_>, root: &str, personas: &[&Entity]) -> Result<Fields> {
    let all: Vec<Vec<Measured<'_>>> = personas.iter().map(|p| of(site, p)).collect();
    let mut tally = Tally::default();
    let mut shared: BTreeMap<EntityId, (usize, &Entity)> = BTreeMap::new();
    for kpis in &all {
        tally.join(&Tally::of(kpis));
        for measured in kpis {
            shared
                .entry(measured.kpi.index)
                .or_insert((0, measured.kpi))
                .0 += 1;
        }
    }
    let mut columns: Vec<(usize, &Entity)> = shared.into_values().collect();
    columns.sort_by_key(|(count, kpi)| (Reverse(*count), kpi.sort_key()));
    let others = columns.len().saturating_sub(MAX_COLUMNS);
    columns.truncate(MAX_COLUMNS);
    let mut rows = String::new();
    let mut html = String::new();
    for (persona, kpis) in personas.iter().zip(&all) {
        html.clear();
        for (_, column) in &columns {
            let own = kpis.iter().find(|m| m.kpi.index == column.index);
            write_cell(site, root, (own, kpis.is_empty()), &mut html)?;
        }
        if others > 0 {
            let rest = kpis.iter();
            let rest = rest.filter(|m| columns.iter().all(|(_, c)| c.index != m.kpi.index));
            write_others(site, root, &rest.collect::<Vec<_>>(), &mut html)?;
        }
        write_row(site, (root, persona), &html, None, &mut rows)?;
    }
    let columns = columns
        .iter()
        .map(|(_, kpi)| view([("ref", site.reference(kpi, root))]));
    let columns: Value = columns.collect();
    let mut fields = tally.fields();
    fields.extend([
        ("columns", columns),
        ("others", others.into()),
        ("rows", Value::from_safe_string(rows)),
    ]);
    Ok(fields)
}

/// A cell; `alone` is a persona without any KPI.
fn write_cell(
    site: &Site<'_>,
    root: &str,
    (own, alone): (Option<&Measured<'_>>, bool),
    out: &mut String,
) -> Result<()> {
    let latest = own.and_then(|own| own.latest);
    let state = match (own, latest) {
        (Some(_), Some((_, state))) => state.as_str(),
        (Some(_), None) => "named",
        (None, _) if alone => "gap",
        (None, _) => "unneeded",
    };
    let unit = match own.map(|own| &own.kpi.data) {
        Some(Some(Data::Kpi(kpi))) => &*kpi.unit,
        _ => "",
    };
    let form = [
        ("state", Part::Word(state)),
        ("href", Part::gap(own.is_some())),
        ("value", Part::gap(latest.is_some())),
        ("unit", Part::gap(!unit.is_empty())),
        ("period", Part::gap(latest.is_some())),
    ];
    site.theme
        .stencil("kpi_cell", &form)?
        .fill(out, |gap, out| {
            match (gap, own, latest) {
                (1, Some(own), _) => {
                    out.push_str(root);
                    out.push_str(&escape(&route::entity_path(own.kpi)));
                }
                (2, _, Some((row, _))) => out.push_str(&site.theme.numerals.number(row.value)),
                (3, ..) => out.push_str(&escape(unit)),
                (4, _, Some((row, _))) => out.push_str(&escape(&row.period.text)),
                _ => {}
            }
            Ok(())
        })
}

/// The KPIs of a persona that have no column.
fn write_others(
    site: &Site<'_>,
    root: &str,
    rest: &[&Measured<'_>],
    out: &mut String,
) -> Result<()> {
    let more = rest.len().saturating_sub(MAX_OTHERS);
    let form = [
        ("links", Part::gap(!rest.is_empty())),
        ("more", Part::gap(more > 0)),
    ];
    site.theme
        .stencil("kpi_others", &form)?
        .fill(out, |gap, out| {
            if gap == 1 {
                out.push_str(&more.to_string());
                return Ok(());
            }
            for (at, measured) in rest.iter().take(MAX_OTHERS).enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                let href = format!("{root}{}", route::entity_path(measured.kpi));
                let name = measured.kpi.name();
                match measured.latest {
                    Some((row, _)) => {
                        let text = format!("{name} {}", site.theme.numerals.number(row.value));
                        write_link(site, (&href, &text), out)?;
                    }
                    None => write_link(site, (&href, name), out)?,
                }
            }
            Ok(())
        })
}

/// The whole of it as JSON.
pub(in crate::site) fn data(site: &Site<'_>) -> String {
    #[derive(Serialize)]
    struct Own<'a> {
        kpi: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<f64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        period: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        state: Option<&'static str>,
    }
    #[derive(Serialize)]
    struct Row<'a> {
        persona: &'a str,
        kpis: Vec<Own<'a>>,
    }
    #[derive(Serialize)]
    struct Whole<'a> {
        version: u32,
        personas: Vec<Row<'a>>,
    }
    let rows = targets(site).map(|persona| Row {
        persona: &persona.id,
        kpis: of(site, persona)
            .into_iter()
            .map(|measured| Own {
                kpi: &measured.kpi.id,
                value: measured.latest.map(|(row, _)| row.value),
                period: measured.latest.map(|(row, _)| &*row.period.text),
                state: measured.latest.map(|(_, state)| state.as_str()),
            })
            .collect(),
    });
    json::written(&Whole {
        version: json::VERSION,
        personas: rows.collect(),
    })
}
