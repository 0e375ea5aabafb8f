//! From a goal to the KPIs that measure whether it is reached, and back.
//!
//! Either side may say so: a goal names its KPIs (`kpis:`), or a KPI the goals it serves
//! (`serves: [persona:ID#claim]`).

use super::{Entity, Library};
use crate::schema::kinds::claim::Claim;
use crate::schema::{Data, Kind};

/// A goal of a persona, and what measures it.
#[derive(Debug)]
pub struct Goal<'a> {
    /// The goal.
    pub claim: &'a Claim,
    /// Its id on the page of its persona.
    pub anchor: &'a str,
    /// The KPIs that serve it, each once: those that it names, then those that say so themselves.
    pub kpis: Vec<&'a Entity>,
    /// How many of them it names.
    named: usize,
}

impl<'a> Goal<'a> {
    fn of(claim: &'a Claim, anchor: &'a str, named: impl Iterator<Item = &'a Entity>) -> Self {
        let mut goal = Self {
            claim,
            anchor,
            kpis: Vec::new(),
            named: 0,
        };
        named.for_each(|kpi| goal.add(kpi));
        goal.named = goal.kpis.len();
        goal
    }

    fn add(&mut self, kpi: &'a Entity) {
        if self.kpis.iter().all(|known| known.index != kpi.index) {
            self.kpis.push(kpi);
        }
    }

    /// The KPIs that say they serve it, and that it does not name.
    pub fn unnamed(&self) -> &[&'a Entity] {
        &self.kpis[self.named..]
    }
}

impl Library {
    /// The goals of a persona with their KPIs, in the order in which they are written.
    pub fn goals<'a>(&'a self, persona: &'a Entity) -> Vec<Goal<'a>> {
        let claims = persona.claims().filter(|(field, ..)| *field == "goals");
        let mut goals: Vec<Goal<'a>> = claims
            .map(|(_, claim, anchor)| {
                let named = claim.kpis.iter();
                let named = named.filter_map(|r| Some(self.find(Kind::Kpi, r.id())?.entity));
                Goal::of(claim, anchor, named)
            })
            .collect();
        let mut kpis: Vec<&Entity> = self
            .each_referrer(persona)
            .filter(|other| other.kind == Kind::Kpi)
            .collect();
        kpis.sort_unstable_by_key(|kpi| (&kpi.sort_name, kpi.index));
        for kpi in kpis {
            let Some(Data::Kpi(measure)) = &kpi.data else {
                continue;
            };
            for served in &measure.serves {
                if self.points_at(served, persona)
                    && let Some(goal) = goals.iter_mut().find(|g| Some(g.anchor) == served.anchor())
                {
                    goal.add(kpi);
                }
            }
        }
        goals
    }

    /// Whether a KPI serves anybody: it says so, or a claim of a persona names it.
    pub fn serves_a_goal(&self, kpi: &Entity) -> bool {
        let says_so = matches!(&kpi.data, Some(Data::Kpi(measure)) if !measure.serves.is_empty());
        says_so
            || self.each_referrer(kpi).any(|other| {
                let mut named = other.claims().flat_map(|(_, claim, _)| &claim.kpis);
                named.any(|reference| self.points_at(reference, kpi))
            })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::Memory;

    #[test]
    fn goals_and_kpis_find_each_other_from_either_side() {
        let persona = "---\nname: A\nmarket: b2c\nstance: target\nstatus: active\nbasis: proto\nowner: t\nsummary: s\nb2c: {}\ngoals:\n  - id: one\n    text: One\n    kpis: [k, k]\n  - id: two\n    text: Two\n  - Three\n---\n";
        let kpi = |serves: &str| {
            format!(
                "---\nname: K\nkind: custom\nclass: outcome\nunit: x\ndirection: up\ncadence: monthly\nowner: t\n{serves}---\n"
            )
        };
        let tree = Memory::default()
            .with("content/personas/a.md", persona)
            .with("content/kpis/k.md", kpi(""))
            .with(
                "content/kpis/l.md",
                kpi("serves: [persona:a#one, a#two, a]\n"),
            )
            .with("content/kpis/m.md", kpi(""));
        let library = Library::load(Arc::new(tree));
        let a = library.get(Kind::Persona, "a").expect("there");
        let found: Vec<(&str, Vec<&str>)> = library
            .goals(a)
            .into_iter()
            .map(|goal| (goal.anchor, goal.kpis.iter().map(|kpi| &*kpi.id).collect()))
            .collect();
        assert_eq!(
            found,
            [
                ("one", vec!["k", "l"]),
                ("two", vec!["l"]),
                ("three", vec![])
            ]
        );
        let serves = |id| library.serves_a_goal(library.get(Kind::Kpi, id).expect("there"));
        assert_eq!((serves("k"), serves("l"), serves("m")), (true, true, false));
    }
}
