//! Traceability: which goal is measured by what, and where a goal or a measure stands alone.

use minijinja::Value;
use serde::Serialize;

use super::super::fields::view;
use super::super::markdown::escape;
use super::super::theme::Part;
use super::super::{Site, encode, json, route};
use super::{PageInfo, Result, kpi, render};
use crate::library::{Entity, Goal};
use crate::schema::kinds::common::Status;
use crate::schema::kinds::persona::Stance;
use crate::schema::{Data, Kind};

pub(super) const PATH: &str = "traceability/";
/// More goals than this are no page that anybody reads: then only those without a measure are
/// shown, and of them no more either.
const MAX_GOALS: usize = 500;
/// KPIs without a goal that are shown.
const MAX_IDLE: usize = 100;

/// The goals of everybody whom the company wants to serve.
fn goals<'a>(site: &Site<'a>) -> impl Iterator<Item = (&'a Entity, Vec<Goal<'a>>)> {
    let library = site.library;
    site.published(Kind::Persona)
        .filter(|entity| entity.status() == Status::Active)
        .filter(
            |entity| matches!(&entity.data, Some(Data::Persona(p)) if p.stance == Stance::Target),
        )
        .map(|persona| (persona, library.goals(persona)))
}

/// The KPIs in use that serve no goal.
fn idle<'a>(site: &Site<'a>) -> impl Iterator<Item = &'a Entity> {
    let library = site.library;
    site.published(Kind::Kpi)
        .filter(|kpi| kpi.status() == Status::Active)
        .filter(|kpi| !library.serves_a_goal(kpi))
}

pub(in crate::site) fn trace(site: &Site<'_>) -> Result {
    let all: Vec<_> = goals(site).collect();
    let total: usize = all.iter().map(|(_, goals)| goals.len()).sum();
    let unmeasured = |goal: &&Goal<'_>| goal.kpis.is_empty();
    let gaps = all.iter().flat_map(|(_, goals)| goals).filter(unmeasured);
    let gaps = gaps.count();
    let only_gaps = total > MAX_GOALS;
    let root = super::root(site, PATH);
    let mut rows = String::new();
    let mut shown = 0;
    for (persona, goals) in &all {
        let wanted = goals.iter().filter(|goal| !only_gaps || unmeasured(goal));
        let wanted: Vec<_> = wanted.take(MAX_GOALS - shown).collect();
        if !wanted.is_empty() {
            shown += wanted.len();
            write_persona(site, &root, (persona, &wanted), &mut rows)?;
        }
    }
    let without = idle(site).count();
    let idle = idle(site).take(MAX_IDLE);
    let idle: Vec<Value> = idle.map(|kpi| site.reference(kpi, &root)).collect();
    let page = view([
        ("rows", Value::from_safe_string(rows)),
        ("total", total.into()),
        ("gaps", gaps.into()),
        ("measured", (total - gaps).into()),
        ("only_gaps", only_gaps.into()),
        (
            "more",
            (if only_gaps { gaps } else { total } - shown).into(),
        ),
        ("idle", Value::from(idle)),
        ("idle_count", without.into()),
        ("more_idle", without.saturating_sub(MAX_IDLE).into()),
        ("json", format!("{PATH}index.json").into()),
    ]);
    let info = PageInfo {
        kind: "trace",
        title: site.theme.word(&["trace", "title"]).unwrap_or(PATH),
        description: site.theme.word(&["trace", "lead"]),
        path: PATH,
        entity: None,
    };
    render(site, "trace.html", &info, vec![("trace", page)])
}

/// Writes a persona and some of its goals.
fn write_persona(
    site: &Site<'_>,
    root: &str,
    (persona, goals): (&Entity, &[&Goal<'_>]),
    out: &mut String,
) -> Result<()> {
    let form = [
        ("tile", Part::Gap),
        ("link", Part::Gap),
        ("goals", Part::Gap),
    ];
    let shown = site.shown(persona, root);
    let address = format!("{root}{}", route::entity_path(persona));
    site.theme
        .stencil("trace_persona", &form)?
        .fill(out, |gap, out| {
            match gap {
                0 => out.push_str(shown.tile()),
                1 => out.push_str(shown.link()),
                _ => {
                    for goal in goals {
                        write_goal(site, root, (persona, &address, goal), out)?;
                    }
                }
            }
            Ok(())
        })
}

fn write_goal(
    site: &Site<'_>,
    root: &str,
    (persona, address, goal): (&Entity, &str, &Goal<'_>),
    out: &mut String,
) -> Result<()> {
    let form = [
        ("href", Part::Gap),
        ("text", Part::Gap),
        ("kpis", Part::gap(!goal.kpis.is_empty())),
    ];
    site.theme
        .stencil("trace_goal", &form)?
        .fill(out, |gap, out| {
            match gap {
                0 => {
                    out.push_str(&escape(address));
                    out.push('#');
                    out.push_str(&escape(&encode(goal.anchor)));
                }
                1 => out.push_str(&escape(&goal.claim.text)),
                _ => {
                    for kpi in &goal.kpis {
                        kpi::write_chip(site, kpi, persona, root, out)?;
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
        persona: &'a str,
        id: &'a str,
        text: &'a str,
        kpis: Vec<&'a str>,
    }
    #[derive(Serialize)]
    struct Whole<'a> {
        version: u32,
        goals: Vec<Row<'a>>,
        kpis_without_goal: Vec<&'a str>,
    }
    let goals = goals(site).flat_map(|(persona, goals)| {
        goals.into_iter().map(|goal| Row {
            persona: &persona.id,
            id: goal.anchor,
            text: &goal.claim.text,
            kpis: goal.kpis.iter().map(|kpi| &*kpi.id).collect(),
        })
    });
    json::written(&Whole {
        version: json::VERSION,
        goals: goals.collect(),
        kpis_without_goal: idle(site).map(|kpi| &*kpi.id).collect(),
    })
}
