//! From one entity to those that say something about it: one step outwards.

use crate::library::{Entity, Library};
use crate::schema::kinds::claim::Claim;
use crate::schema::kinds::journey::{Emotion, Journey, Step};
use crate::schema::kinds::kpi::Kpi;
use crate::schema::{Data, Kind, Ref, Target};

/// How many of those who refer to something are looked at when it is not what changed.
const WIDE: usize = 64;

/// A stage or a step of a journey, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Part {
    pub(super) stage: usize,
    pub(super) step: Option<usize>,
}

/// An entity, or a part of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) entity: &'a Entity,
    pub(super) part: Option<Part>,
}

impl<'a> Spot<'a> {
    pub(super) fn whole(entity: &'a Entity) -> Self {
        Self { entity, part: None }
    }
}

/// How much of an entity changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    /// Nothing that others rely on: only who owns it should know.
    Owner,
    /// Something that is about all of it.
    Whole,
    /// A claim of a persona, by its list and its place.
    Claim(&'static str, usize),
    /// The membership of a persona in a journey, by its place.
    Member(usize),
    /// A stage of a journey, or a step.
    Part(Part),
}

impl Scope {
    /// What the value at a JSON Pointer is about.
    pub(super) fn of(entity: &Entity, pointer: &str) -> Self {
        let mut tokens = pointer.split('/').skip(1);
        let (field, index) = (tokens.next(), tokens.next());
        let (Some(field), Some(index)) = (field, index.and_then(|token| token.parse().ok())) else {
            return Self::Whole;
        };
        match &entity.data {
            Some(Data::Persona(persona)) => {
                let lists = persona.claim_lists();
                let list = lists.iter().find(|(name, _)| *name == field);
                list.map_or(Self::Whole, |(name, _)| Self::Claim(name, index))
            }
            Some(Data::Journey(_)) if field == "personas" => Self::Member(index),
            Some(Data::Journey(_)) if field == "stages" => {
                let step = (tokens.next() == Some("steps")).then(|| tokens.next());
                let step = step.flatten().and_then(|token| token.parse().ok());
                Self::Part(Part { stage: index, step })
            }
            _ => Self::Whole,
        }
    }
}

/// A library, seen as who refers to whom.
#[derive(Clone, Copy)]
pub(super) struct Graph<'a> {
    pub(super) library: &'a Library,
}

impl<'a> Graph<'a> {
    /// The team that owns something.
    pub(super) fn owner(self, entity: &Entity) -> Option<&'a Entity> {
        let owner = entity.common.owner.as_ref()?;
        Some(self.library.find(Kind::Team, owner.id())?.entity)
    }

    /// Those who say something about what changed, and what it names that is measured by it.
    pub(super) fn first(self, root: &'a Entity, scope: Scope) -> Vec<Spot<'a>> {
        let mut out = Vec::new();
        if root.kind != Kind::Journey || matches!(scope, Scope::Whole) {
            for other in self.library.referrers(root) {
                self.referrer(root, other, scope, &mut out);
            }
        }
        match (&root.data, scope) {
            (Some(Data::Persona(persona)), Scope::Claim(list, index)) => {
                let lists = persona.claim_lists();
                let claims = lists.iter().find(|(name, _)| *name == list);
                let claim = claims.and_then(|(_, claims)| claims.get(index));
                self.named(claim.into_iter().flat_map(|c| &c.kpis), &mut out);
            }
            (Some(Data::Persona(persona)), _) => {
                let lists = persona.claim_lists();
                let claims = lists.iter().flat_map(|(_, claims)| *claims);
                self.named(claims.flat_map(|c| &c.kpis), &mut out);
                self.named(&persona.kpis, &mut out);
            }
            (Some(Data::Journey(journey)), scope) => {
                self.of_journey(root, journey, scope, &mut out);
            }
            (Some(Data::Kpi(kpi)), _) => self.named(&kpi.serves, &mut out),
            _ => {}
        }
        out
    }

    /// What a journey, a stage or a step has: its measures and touchpoints; of the whole also who
    /// goes that way.
    fn of_journey(
        self,
        root: &'a Entity,
        journey: &'a Journey,
        scope: Scope,
        out: &mut Vec<Spot<'a>>,
    ) {
        let part = match scope {
            Scope::Member(index) => {
                self.named(journey.personas.get(index), out);
                return;
            }
            Scope::Part(part) => Some(part),
            _ => {
                self.named(&journey.personas, out);
                None
            }
        };
        for (here, step) in steps(journey) {
            let within = part.is_none_or(|part| {
                part.stage == here.stage && (part.step.is_none() || part.step == here.step)
            });
            if within {
                self.named(step.touchpoint.as_ref(), out);
                self.named(step_kpis(step), out);
            }
        }
        // Whoever measures a stage by itself names it in the rows.
        if let Some(Part { stage, step: None }) = part
            && let Some(stage) = journey.stages.get(stage)
        {
            let measured = self.library.referrers(root).into_iter().filter(|other| {
                let measurements = other.measurements.as_ref();
                let stages = measurements.into_iter().flat_map(|m| &m.stages);
                stages
                    .into_iter()
                    .any(|(journey, id)| **id == *stage.id && self.is(Kind::Journey, journey, root))
            });
            out.extend(measured.map(Spot::whole));
        }
    }

    /// Adds `other`, or those steps of it, that say something about `root`.
    fn referrer(self, root: &'a Entity, other: &'a Entity, scope: Scope, out: &mut Vec<Spot<'a>>) {
        let library = self.library;
        match (root.kind, &other.data) {
            (Kind::Persona, Some(Data::Kpi(kpi))) => {
                let anchor = match scope {
                    Scope::Claim(list, index) => claim_anchor(root, list, index),
                    _ => None,
                };
                let serves = kpi.serves.iter().any(|served| {
                    let same = match (anchor, served.anchor()) {
                        (Some(anchor), Some(served)) => anchor == served,
                        _ => true,
                    };
                    same && library.points_at(served, root)
                });
                if serves || (scope == Scope::Whole && self.is_sliced(other, root)) {
                    out.push(Spot::whole(other));
                }
            }
            (Kind::Kpi | Kind::Touchpoint | Kind::Evidence, Some(Data::Journey(journey))) => {
                let names = |step: &Step| match root.kind {
                    Kind::Kpi => step_kpis(step).any(|r| library.points_at(r, root)),
                    Kind::Touchpoint => {
                        let named = step.touchpoint.as_ref();
                        named.is_some_and(|r| library.points_at(r, root))
                    }
                    _ => {
                        let cited = step_claims(step).flat_map(|claim| &claim.evidence);
                        let mut cited = step.evidence.iter().chain(cited);
                        cited.any(|r| library.points_at(r, root))
                    }
                };
                let before = out.len();
                let here = steps(journey).filter(|(_, step)| names(step));
                out.extend(here.map(|(part, _)| Spot {
                    entity: other,
                    part: Some(part),
                }));
                if out.len() == before && self.refers(other, root) {
                    out.push(Spot::whole(other));
                }
            }
            _ if self.refers(other, root) || self.is_sliced(other, root) => {
                out.push(Spot::whole(other));
            }
            _ => {}
        }
    }

    /// The next step outwards from `spot`, to which `way` led from what changed.
    pub(super) fn onwards(
        self,
        root: &'a Entity,
        way: &[&'a Entity],
        spot: Spot<'a>,
    ) -> Vec<Spot<'a>> {
        let mut out = Vec::new();
        let Spot { entity, part } = spot;
        match (root.kind, &entity.data) {
            (Kind::Segment | Kind::Evidence, Some(Data::Persona(_))) => {
                let referrers = self.library.each_referrer(entity).take(WIDE);
                let journeys = referrers.filter(|other| self.goes(other, entity));
                out.extend(journeys.map(Spot::whole));
            }
            (Kind::Persona | Kind::Segment | Kind::Evidence, Some(Data::Journey(journey)))
                if part.is_none() =>
            {
                let mut met = std::iter::once(&root).chain(way);
                let who = met.rfind(|e| e.kind == Kind::Persona);
                for (part, step) in steps(journey) {
                    let felt = who.map(|who| self.felt(&step.emotion, who));
                    if felt == Some(Felt::Named) {
                        out.push(Spot {
                            entity,
                            part: Some(part),
                        });
                    }
                    if felt != Some(Felt::Not) {
                        self.named(step_kpis(step), &mut out);
                    }
                }
            }
            (Kind::Touchpoint | Kind::Evidence, Some(Data::Journey(journey))) => {
                let step = part.and_then(|part| {
                    let stage = journey.stages.get(part.stage)?;
                    stage.steps.get(part.step?)
                });
                self.named(step.into_iter().flat_map(step_kpis), &mut out);
            }
            _ => {}
        }
        out
    }

    /// Whether a persona goes the way of a journey.
    fn goes(self, journey: &Entity, persona: &Entity) -> bool {
        match &journey.data {
            Some(Data::Journey(journey)) => {
                let mut personas = journey.personas.iter();
                personas.any(|r| self.library.points_at(r, persona))
            }
            _ => false,
        }
    }

    /// Whether a step says how a persona feels.
    fn felt(self, emotion: &Emotion, persona: &Entity) -> Felt {
        match emotion {
            Emotion::All(_) => Felt::Meant,
            Emotion::Each(values) => {
                let mut named = values.keys();
                if named.any(|r| self.library.points_at(r, persona)) {
                    Felt::Named
                } else {
                    Felt::Not
                }
            }
        }
    }

    /// Adds what some references mean.
    fn named<'r, T: Target + 'r>(
        self,
        references: impl IntoIterator<Item = &'r Ref<T>>,
        out: &mut Vec<Spot<'a>>,
    ) {
        for reference in references {
            let found = T::KINDS
                .iter()
                .find_map(|kind| self.library.find(*kind, reference.id()));
            out.extend(found.map(|found| Spot::whole(found.entity)));
        }
    }

    /// Whether a field of `other` means `entity`; not the one that says by whom it was superseded,
    /// which is about the past.
    fn refers(self, other: &Entity, entity: &Entity) -> bool {
        let document = &other.document;
        let Some(yaml) = &document.front else {
            return false;
        };
        other.references.iter().any(|reference| {
            let found = self.library.resolve(reference);
            found.is_some_and(|found| found.entity.index == entity.index) && {
                yaml.pointer(&document.text, reference.node) != "/superseded_by"
            }
        })
    }

    /// Whether measurements of `other` are of `entity`.
    fn is_sliced(self, other: &Entity, entity: &Entity) -> bool {
        let measurements = other.measurements.as_ref();
        let mut names = measurements.into_iter().flat_map(|m| &m.names);
        names.any(|(kind, id)| self.is(*kind, id, entity))
    }

    fn is(self, kind: Kind, id: &str, entity: &Entity) -> bool {
        kind == entity.kind
            && self
                .library
                .find(kind, id)
                .is_some_and(|found| found.entity.index == entity.index)
    }
}

/// How a step speaks of a persona.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Felt {
    /// It says nothing of this one.
    Not,
    /// It speaks of all alike.
    Meant,
    /// It names this one.
    Named,
}

/// The steps of a journey with their places.
fn steps(journey: &Journey) -> impl Iterator<Item = (Part, &Step)> {
    let stages = journey.stages.iter().enumerate();
    stages.flat_map(|(stage, of)| {
        let steps = of.steps.iter().enumerate();
        steps.map(move |(step, said)| {
            let step = Some(step);
            (Part { stage, step }, said)
        })
    })
}

fn step_claims(step: &Step) -> impl Iterator<Item = &Claim> {
    step.pains.iter().chain(&step.opportunities)
}

/// The measures that a step names, itself or in its claims.
fn step_kpis(step: &Step) -> impl Iterator<Item = &Ref<Kpi>> {
    let claimed = step_claims(step).flat_map(|claim| &claim.kpis);
    step.kpis.iter().chain(claimed)
}

/// The anchor of a claim on the page of its persona.
fn claim_anchor<'e>(persona: &'e Entity, list: &str, index: usize) -> Option<&'e str> {
    let Some(Data::Persona(data)) = &persona.data else {
        return None;
    };
    let lists = data.claim_lists();
    let at = lists.iter().position(|(name, _)| *name == list)?;
    Some(persona.claim_anchors.get(at)?.get(index)?)
}
