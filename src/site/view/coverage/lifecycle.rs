//! Which phases of the lifecycle a persona's journeys tell of.

use std::fmt::Write;

use minijinja::Value;
use serde::Serialize;

use super::super::super::fields::view;
use super::super::super::theme::Part;
use super::super::super::{Site, encode, json, route};
use super::super::{Fields, Result};
use super::groups::{Matrix, Sums, groups};
use super::{Sheet, counts, phase_words, targets, write_link, write_row};
use crate::library::Entity;
use crate::library::coverage::Cell;

/// Journeys named in one cell.
const MAX_JOURNEYS: usize = 3;

/// Persona by phase.
pub(in crate::site) static LIFECYCLE: Matrix = Matrix {
    tab: "lifecycle",
    path: "coverage/lifecycle/",
    rows: 150,
    table,
};

/// How many personas name each phase, and for how many of those a journey tells of it.
#[derive(Default)]
pub(super) struct Tally(Vec<(usize, usize)>);

impl Tally {
    fn of(cells: &[Cell<'_>]) -> Self {
        let cells = cells.iter();
        let counts = cells.map(|cell| (cell.named, cell.named && !cell.is_gap()));
        Self(
            counts
                .map(|(named, told)| (named.into(), told.into()))
                .collect(),
        )
    }

    fn join(&mut self, other: &Self) {
        self.0.resize(self.0.len().max(other.0.len()), (0, 0));
        for (sum, one) in self.0.iter_mut().zip(&other.0) {
            sum.0 += one.0;
            sum.1 += one.1;
        }
    }

    fn named(&self) -> usize {
        self.0.iter().map(|(named, _)| named).sum()
    }

    fn gaps(&self) -> usize {
        self.0.iter().map(|(named, covered)| named - covered).sum()
    }

    /// The sums of columns for templates.
    fn columns(&self) -> Value {
        let cells = self.0.iter().map(|(named, covered)| {
            view([
                ("named", Value::from(*named)),
                ("covered", (*covered).into()),
                ("gaps", (named - covered).into()),
                (
                    "percent",
                    (covered * 100).checked_div(*named).unwrap_or(0).into(),
                ),
            ])
        });
        cells.collect()
    }
}

fn cells<'a>(site: &Site<'a>, persona: &Entity) -> Vec<Cell<'a>> {
    site.library.phases(persona, &|e| counts(site, e))
}

fn all<'a>(site: &'a Site<'_>) -> &'a Sums<Tally> {
    let of = |persona: &Entity| Tally::of(&cells(site, persona));
    let find = || Sums::of(site, of, Tally::join);
    site.coverage.lifecycle.get_or_init(find)
}

/// The sums for the overview.
pub(super) fn sums(site: &Site<'_>) -> Value {
    let tally = &all(site).total;
    view([
        ("named", Value::from(tally.named())),
        ("gaps", tally.gaps().into()),
        ("columns", tally.columns()),
        ("phases", phase_words(site).into()),
    ])
}

pub(in crate::site) fn lifecycle(site: &Site<'_>) -> Result {
    let sheet = Sheet {
        tab: LIFECYCLE.tab,
        path: LIFECYCLE.path,
        part: None,
    };
    let root = super::super::root(site, sheet.path);
    if !LIFECYCLE.is_split(site) {
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
        view([
            ("name", Value::from(group.name(site))),
            ("path", LIFECYCLE.address(group).into()),
            ("count", group.personas.len().into()),
            ("cells", tally.columns()),
            ("gaps", tally.gaps().into()),
        ])
    });
    let fields = vec![
        ("phases", phase_words(site).into()),
        ("groups", rows.collect()),
        ("named", total.named().into()),
        ("gaps", total.gaps().into()),
        ("columns", total.columns()),
    ];
    sheet.render(site, fields)
}

/// The table of some personas.
fn table(site: &Site<'_>, root: &str, personas: &[&Entity]) -> Result<Fields> {
    let mut tally = Tally::default();
    let mut rows = String::new();
    let mut html = String::new();
    for persona in personas {
        let cells = cells(site, persona);
        tally.join(&Tally::of(&cells));
        html.clear();
        for cell in &cells {
            write_cell(site, root, cell, &mut html)?;
        }
        let named = cells.iter().filter(|cell| cell.named).count();
        let gaps = cells.iter().filter(|cell| cell.is_gap()).count();
        let sum = format!("{}/{named}", named - gaps);
        write_row(site, (root, persona), &html, Some(&sum), &mut rows)?;
    }
    Ok(vec![
        ("phases", phase_words(site).into()),
        ("rows", Value::from_safe_string(rows)),
        ("named", tally.named().into()),
        ("gaps", tally.gaps().into()),
        ("columns", tally.columns()),
    ])
}

fn write_cell(site: &Site<'_>, root: &str, cell: &Cell<'_>, out: &mut String) -> Result<()> {
    let state = match (cell.named, cell.journeys.is_empty()) {
        (true, true) => "gap",
        (true, false) => "covered",
        (false, false) => "unnamed",
        (false, true) => "unneeded",
    };
    let more = cell.journeys.len().saturating_sub(MAX_JOURNEYS);
    let form = [
        ("state", Part::Word(state)),
        ("links", Part::Gap),
        ("more", Part::gap(more > 0)),
    ];
    site.theme
        .stencil("phase_cell", &form)?
        .fill(out, |gap, out| {
            if gap == 2 {
                let _ = write!(out, "{more}");
                return Ok(());
            }
            for (journey, stage) in cell.journeys.iter().take(MAX_JOURNEYS) {
                let href = format!(
                    "{root}{}#{}",
                    route::entity_path(journey),
                    encode(&stage.id)
                );
                write_link(site, (&href, journey.name()), out)?;
            }
            Ok(())
        })
}

/// The whole of it as JSON.
pub(in crate::site) fn data(site: &Site<'_>) -> String {
    #[derive(Serialize)]
    struct Phase {
        named: bool,
        journeys: Vec<String>,
    }
    #[derive(Serialize)]
    struct Row<'a> {
        persona: &'a str,
        phases: Vec<Phase>,
    }
    #[derive(Serialize)]
    struct Whole<'a> {
        version: u32,
        phases: &'a [String],
        personas: Vec<Row<'a>>,
    }
    let rows = targets(site).map(|persona| Row {
        persona: &persona.id,
        phases: cells(site, persona)
            .into_iter()
            .map(|cell| Phase {
                named: cell.named,
                journeys: cell
                    .journeys
                    .iter()
                    .map(|(journey, stage)| format!("{}#{}", journey.id, stage.id))
                    .collect(),
            })
            .collect(),
    });
    json::written(&Whole {
        version: json::VERSION,
        phases: &site.library.settings.lifecycle,
        personas: rows.collect(),
    })
}
