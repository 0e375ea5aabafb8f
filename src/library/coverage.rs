//! What is there for each persona, and what is missing: journeys for the phases of the lifecycle,
//! and measures.

use super::figures::{self, State};
use super::measurements::Row;
use super::{Entity, Library};
use crate::schema::kinds::journey::Stage;
use crate::schema::{Data, Kind};

/// A phase of the lifecycle as one persona goes through it.
#[derive(Debug, Default)]
pub struct Cell<'a> {
    /// Whether the persona says that it matters in this phase.
    pub named: bool,
    /// The journeys that tell of it, each with the first stage that does.
    pub journeys: Vec<(&'a Entity, &'a Stage)>,
}

impl Cell<'_> {
    /// Whether the persona matters here and nothing tells of it.
    pub fn is_gap(&self) -> bool {
        self.named && self.journeys.is_empty()
    }
}

/// A KPI that a persona has.
#[derive(Debug)]
pub struct Measured<'a> {
    /// The KPI.
    pub kpi: &'a Entity,
    /// The latest measurement of this persona, and how that stands; none when the KPI is only named.
    pub latest: Option<(&'a Row, State)>,
}

impl Library {
    /// What tells of each phase for a persona, in the order of the settings. Only journeys that are
    /// `wanted` count.
    pub fn phases<'a>(
        &'a self,
        persona: &Entity,
        wanted: &dyn Fn(&Entity) -> bool,
    ) -> Vec<Cell<'a>> {
        let phases = &self.settings.lifecycle;
        let named = match &persona.data {
            Some(Data::Persona(data)) => &*data.lifecycle,
            _ => &[],
        };
        let mut cells: Vec<Cell<'a>> = phases
            .iter()
            .map(|phase| Cell {
                named: named.iter().any(|own| own.0 == *phase),
                journeys: Vec::new(),
            })
            .collect();
        for other in self.each_referrer(persona).filter(|e| wanted(e)) {
            let Some(Data::Journey(journey)) = &other.data else {
                continue;
            };
            if !journey.personas.iter().any(|r| self.points_at(r, persona)) {
                continue;
            }
            for stage in &journey.stages {
                let phase = stage.lifecycle.as_ref();
                let at = phase.and_then(|phase| phases.iter().position(|p| *p == phase.0));
                let Some(cell) = at.and_then(|at| cells.get_mut(at)) else {
                    continue;
                };
                if cell
                    .journeys
                    .iter()
                    .all(|(known, _)| known.index != other.index)
                {
                    cell.journeys.push((other, stage));
                }
            }
        }
        for cell in &mut cells {
            cell.journeys
                .sort_by_key(|(journey, _)| (&journey.sort_name, journey.index));
        }
        cells
    }

    /// The KPIs that are measured for a persona, that it names (itself or with a claim), or that say
    /// they serve it; by name. Only those that are `wanted` count.
    pub fn kpis_of<'a>(
        &'a self,
        persona: &Entity,
        wanted: &dyn Fn(&Entity) -> bool,
    ) -> Vec<Measured<'a>> {
        let mut found: Vec<Measured<'a>> = Vec::new();
        let named = persona.references.iter();
        let named = named.filter(|r| r.candidates().any(|kind| kind == Kind::Kpi));
        let named = named.filter_map(|r| self.resolve(r));
        let named = named.map(|resolved| (resolved.entity, None));
        let telling = self.each_referrer(persona).filter_map(|kpi| {
            let Some(Data::Kpi(data)) = &kpi.data else {
                return None;
            };
            let latest = self.latest_for(kpi, persona);
            let serves = || data.serves.iter().any(|r| self.points_at(r, persona));
            let latest = latest.map(|row| (row, figures::state(data, row.value)));
            (latest.is_some() || serves()).then_some((kpi, latest))
        });
        for (kpi, latest) in named.chain(telling) {
            if kpi.kind != Kind::Kpi || !wanted(kpi) {
                continue;
            }
            match found.iter_mut().find(|known| known.kpi.index == kpi.index) {
                Some(known) => known.latest = known.latest.or(latest),
                None => found.push(Measured { kpi, latest }),
            }
        }
        found.sort_by_key(|measured| (&measured.kpi.sort_name, measured.kpi.index));
        found
    }

    /// The measurement of one persona whose period ends last; of several the shortest.
    fn latest_for<'a>(&self, kpi: &'a Entity, persona: &Entity) -> Option<&'a Row> {
        let rows = kpi.measurements.iter().flat_map(|m| &m.rows);
        let own = rows.filter(|row| {
            let Some(id) = row.slice.only_persona() else {
                return false;
            };
            *id == *persona.id
                || self
                    .find(Kind::Persona, id)
                    .is_some_and(|found| found.by_alias && found.entity.index == persona.index)
        });
        own.max_by_key(|row| (row.period.end(), row.period.start))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::Memory;

    fn library() -> Library {
        let persona = |more: &str| {
            format!(
                "---\nname: A\nmarket: b2c\nstance: target\nstatus: active\nbasis: proto\nowner: t\nsummary: s\nb2c: {{}}\n{more}---\n"
            )
        };
        let kpi = "---\nname: K\nkind: custom\nclass: outcome\nunit: x\ndirection: up\ncadence: monthly\nowner: t\nthresholds: {warn: 50, bad: 30}\n---\n";
        let journey = "---\nname: J\nowner: t\nstate: current\nscenario: s\npersonas: [a]\nstages:\n  - {id: one, name: One, lifecycle: renewal, steps: [{action: x, emotion: 1}]}\n  - {id: two, name: Two, lifecycle: renewal, steps: [{action: x, emotion: 1}]}\n---\n\nSee [[b]].\n";
        let tree = Memory::default()
            .with(
                "content/personas/a.md",
                persona("lifecycle: [acquisition]\nkpis: [k, l]\n"),
            )
            .with("content/personas/b.md", persona("lifecycle: [renewal]\n"))
            .with("content/kpis/k.md", kpi)
            .with(
                "content/kpis/k.csv",
                "period,persona,value\n2026-01,a,20\n2026-02,a,40\n2026-03,*,90\n",
            )
            .with("content/kpis/l.md", kpi)
            .with("content/journeys/j.md", journey);
        Library::load(Arc::new(tree))
    }

    #[test]
    fn a_phase_is_covered_missing_or_not_meant() {
        let library = library();
        let seen = |id: &str| -> Vec<(bool, Vec<&str>)> {
            let persona = library.get(Kind::Persona, id).expect("there");
            let cells = library.phases(persona, &|_| true).into_iter();
            let stages = |cell: &Cell<'_>| {
                cell.journeys
                    .iter()
                    .map(|(_, s)| s.id.to_string())
                    .collect::<Vec<_>>()
            };
            cells
                .map(|cell| (cell.is_gap(), stages(&cell)))
                .map(|(gap, stages)| {
                    (
                        gap,
                        if stages == ["one"] {
                            vec!["one"]
                        } else {
                            vec![]
                        },
                    )
                })
                .collect()
        };
        assert_eq!(
            seen("a"),
            [
                (true, vec![]),
                (false, vec![]),
                (false, vec![]),
                (false, vec!["one"])
            ]
        );
        // A journey that only mentions somebody in its text is not theirs.
        assert_eq!(
            seen("b"),
            [
                (false, vec![]),
                (false, vec![]),
                (false, vec![]),
                (true, vec![])
            ]
        );
    }

    #[test]
    fn a_kpi_is_measured_for_a_persona_or_only_named() {
        let library = library();
        let of = |id: &str| {
            let persona = library.get(Kind::Persona, id).expect("there");
            library.kpis_of(persona, &|_| true)
        };
        let seen: Vec<_> = of("a")
            .into_iter()
            .map(|m| {
                (
                    m.kpi.id.to_string(),
                    m.latest.map(|(row, state)| (row.value, state)),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("k".to_owned(), Some((40.0, State::Warn))),
                ("l".to_owned(), None)
            ]
        );
        assert!(of("b").is_empty());
    }
}
