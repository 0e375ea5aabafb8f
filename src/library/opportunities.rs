//! What could be done better, by how much it would help.

use std::cmp::Reverse;
use std::rc::Rc;

use super::touch::{Met, steps_of};
use super::{Entity, EntityId, Library};
use crate::schema::kinds::claim::{Claim, Grade};
use crate::schema::kinds::journey::Emotion;
use crate::schema::{Data, Kind};

/// Where somebody saw an opportunity.
#[derive(Debug, Clone, Copy)]
pub enum Seen<'a> {
    /// At a step of a journey.
    Step(Met<'a>),
    /// With a persona, under this id on its page.
    Persona(&'a Entity, &'a str),
}

/// Who would gain from it.
#[derive(Debug, Default)]
pub struct Reach<'a> {
    /// The active personas to win who meet the step; of a persona's own opportunity that persona.
    pub personas: Vec<&'a Entity>,
    /// The segments that they belong to.
    pub segments: usize,
    /// The accounts in which they take part.
    pub accounts: usize,
}

/// Something that could be done better.
#[derive(Debug)]
pub struct Opportunity<'a> {
    /// The sentence.
    pub claim: &'a Claim,
    /// Where it was seen.
    pub seen: Seen<'a>,
    /// The worst pain beside it that has a grade: at the same step, or of the same persona.
    pub pain: Option<Grade>,
    /// Who would gain.
    pub reach: Rc<Reach<'a>>,
}

impl<'a> Opportunity<'a> {
    /// What the pain beside it counts: high 3, medium 2, low 1; 1 where nobody has graded one.
    pub fn severity(&self) -> usize {
        match self.pain {
            Some(Grade::High) => 3,
            Some(Grade::Medium) => 2,
            Some(Grade::Low) | None => 1,
        }
    }

    /// Severity times reach: [`severity`](Self::severity) × the number of personas in
    /// [`Reach::personas`]. It says what to look at first, not what it is worth: nothing in it knows
    /// how many customers a persona stands for, or what a repair costs.
    pub fn score(&self) -> usize {
        self.severity() * self.reach.personas.len()
    }

    /// The entity that it stands in.
    pub fn entity(&self) -> &'a Entity {
        match self.seen {
            Seen::Step(met) => met.entity,
            Seen::Persona(persona, _) => persona,
        }
    }

    /// The team that answers for it: the owner of the touchpoint, else of the journey or persona.
    pub fn team(&self, library: &'a Library) -> Option<&'a Entity> {
        let touchpoint = match self.seen {
            Seen::Step(met) => met.touchpoint(library),
            Seen::Persona(..) => None,
        };
        let owner = touchpoint.and_then(|e| e.common.owner.as_ref());
        let owner = owner.or(self.entity().common.owner.as_ref())?;
        Some(library.find(Kind::Team, owner.id())?.entity)
    }
}

/// All opportunities in entities that are `wanted`, those with the highest
/// [score](Opportunity::score) first; of equal ones those that touch more segments and accounts, then
/// those with evidence. Of journeys only those of today are asked, and only what reaches somebody
/// counts.
pub fn ranked<'a>(library: &'a Library, wanted: &dyn Fn(&Entity) -> bool) -> Vec<Opportunity<'a>> {
    let mut out = Vec::new();
    for entity in library
        .of_kind(Kind::Journey)
        .filter(|e| e.is_active() && wanted(e))
    {
        of_journey(library, entity, &mut out);
    }
    for entity in library.of_kind(Kind::Persona).filter(|e| wanted(e)) {
        of_persona(library, entity, &mut out);
    }
    // Equal ones stay in the order of names.
    out.sort_by_key(|found| {
        let breadth = found.reach.segments + found.reach.accounts;
        (
            Reverse(found.score()),
            Reverse(breadth),
            found.claim.is_assumption(),
        )
    });
    out
}

/// The opportunities at the steps of a journey.
pub fn of_journey<'a>(library: &'a Library, entity: &'a Entity, out: &mut Vec<Opportunity<'a>>) {
    let mut whole: Option<Rc<Reach<'a>>> = None;
    for met in steps_of(entity).filter(Met::is_real) {
        let step = met.step();
        if step.opportunities.is_empty() {
            continue;
        }
        let everybody = matches!(step.emotion, Emotion::All(_));
        let reach = match &whole {
            Some(known) if everybody => Rc::clone(known),
            _ => Rc::new(reach(library, met.feelings(library).map(|(who, _)| who))),
        };
        if everybody {
            whole = Some(Rc::clone(&reach));
        }
        if reach.personas.is_empty() {
            continue;
        }
        let pain = worst(&step.pains);
        out.extend(step.opportunities.iter().map(|claim| Opportunity {
            claim,
            seen: Seen::Step(met),
            pain,
            reach: Rc::clone(&reach),
        }));
    }
}

/// The opportunities that a persona has by itself.
fn of_persona<'a>(library: &'a Library, entity: &'a Entity, out: &mut Vec<Opportunity<'a>>) {
    let Some(Data::Persona(persona)) = &entity.data else {
        return;
    };
    if persona.opportunities.is_empty() || !entity.is_active_target() {
        return;
    }
    let reach = Rc::new(reach(library, [entity]));
    let pain = worst(&persona.pains);
    let own = entity
        .claims()
        .filter(|(field, ..)| *field == "opportunities");
    out.extend(own.map(|(_, claim, anchor)| Opportunity {
        claim,
        seen: Seen::Persona(entity, anchor),
        pain,
        reach: Rc::clone(&reach),
    }));
}

/// The worst grade among some pains.
fn worst(pains: &[Claim]) -> Option<Grade> {
    pains.iter().filter_map(|pain| pain.severity).max()
}

fn reach<'a>(library: &'a Library, personas: impl IntoIterator<Item = &'a Entity>) -> Reach<'a> {
    let mut found = Reach::default();
    let mut segments: Vec<EntityId> = Vec::new();
    let mut accounts: Vec<EntityId> = Vec::new();
    for entity in personas {
        let known = found.personas.iter().any(|p| p.index == entity.index);
        if known || !entity.is_active_target() {
            continue;
        }
        found.personas.push(entity);
        if let Some(Data::Persona(persona)) = &entity.data {
            let named = persona.segments.iter();
            let named = named.filter_map(|r| library.find(Kind::Segment, r.id()));
            segments.extend(named.map(|found| found.entity.index));
        }
        let referrers = library.each_referrer(entity);
        accounts.extend(
            referrers
                .filter(|e| e.kind == Kind::Account)
                .map(|e| e.index),
        );
    }
    let count = |mut all: Vec<EntityId>| {
        all.sort_unstable();
        all.dedup();
        all.len()
    };
    found.segments = count(segments);
    found.accounts = count(accounts);
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::Memory;

    #[test]
    fn what_hurts_most_and_reaches_most_comes_first() {
        let persona = |more: &str| {
            format!(
                "---\nname: A\nmarket: b2c\nstance: target\nstatus: active\nbasis: proto\nowner: t\nsummary: s\nb2c: {{}}\n{more}---\n"
            )
        };
        let journey = |state: &str| {
            format!(
                "---\nname: J\nowner: t\nstatus: active\nstate: {state}\nscenario: s\npersonas: [a, b]\nstages:\n  - id: one\n    name: One\n    steps:\n      - {{action: x, emotion: 1, pains: [{{text: p, severity: high}}, {{text: q, severity: low}}], opportunities: [both]}}\n      - {{action: y, emotion: {{a: -2}}, pains: [p], opportunities: [guess, {{text: known, evidence: [e]}}]}}\n---\n"
            )
        };
        let tree = Memory::default()
            .with("content/personas/a.md", persona(""))
            .with(
                "content/personas/b.md",
                persona("pains: [{text: p, severity: medium}]\nopportunities: [own]\n"),
            )
            .with("content/journeys/j.md", journey("current"))
            .with("content/journeys/k.md", journey("future"));
        let library = Library::load(Arc::new(tree));
        let seen: Vec<_> = ranked(&library, &|_| true)
            .iter()
            .map(|o| {
                (
                    o.claim.text.clone(),
                    o.severity(),
                    o.reach.personas.len(),
                    o.score(),
                )
            })
            .collect();
        let row = |text: &str, severity, reach, score| (text.to_owned(), severity, reach, score);
        assert_eq!(
            seen,
            [
                row("both", 3, 2, 6),
                row("own", 2, 1, 2),
                row("known", 1, 1, 1),
                row("guess", 1, 1, 1),
            ]
        );
    }
}
