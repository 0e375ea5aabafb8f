//! The steps of journeys, seen from where they happen: who meets whom at a touchpoint, and how
//! that feels.

use super::{Entity, Library};
use crate::schema::kinds::journey::{Journey, Stage, State, Step};
use crate::schema::{Data, Kind};

/// From how many feelings on their mean says something: below, it is an anecdote.
pub const FEW_FEELINGS: usize = 5;

/// A step with the stage and the journey that it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Met<'a> {
    /// The entity of the journey.
    pub entity: &'a Entity,
    /// The journey.
    pub journey: &'a Journey,
    /// The stage.
    pub stage: &'a Stage,
    /// The place of the stage in the journey.
    pub stage_index: usize,
    /// The place of the step in its stage.
    pub index: usize,
}

impl<'a> Met<'a> {
    /// The step at a place in a journey, if there is one.
    pub(super) fn at(entity: &'a Entity, stage_index: usize, index: usize) -> Option<Self> {
        let Some(Data::Journey(journey)) = &entity.data else {
            return None;
        };
        let stage = journey.stages.get(stage_index)?;
        stage.steps.get(index)?;
        Some(Self {
            entity,
            journey,
            stage,
            stage_index,
            index,
        })
    }

    /// The step.
    pub fn step(&self) -> &'a Step {
        &self.stage.steps[self.index]
    }

    /// Its id on the page of the journey.
    pub fn anchor(&self) -> String {
        self.stage.step_anchor(self.index)
    }

    /// The phase of the lifecycle, if the stage names one.
    pub fn phase(&self) -> Option<&'a str> {
        self.stage.lifecycle.as_ref().map(|phase| phase.0.as_str())
    }

    /// Whether it is so today; what is only wanted has been felt by nobody.
    pub fn is_real(&self) -> bool {
        self.journey.state == State::Current
    }

    /// Who meets it and how they feel, -2 to 2: the personas of the journey of whom the step says so.
    pub fn feelings(
        &self,
        library: &'a Library,
    ) -> impl Iterator<Item = (&'a Entity, i8)> + use<'a> {
        let emotion = &self.step().emotion;
        self.journey.personas.iter().filter_map(move |persona| {
            let felt = emotion.of(persona.id())?;
            let found = library.find(Kind::Persona, persona.id())?;
            Some((found.entity, felt))
        })
    }

    /// The touchpoint it happens at.
    pub fn touchpoint(&self, library: &'a Library) -> Option<&'a Entity> {
        let named = self.step().touchpoint.as_ref()?;
        Some(library.find(Kind::Touchpoint, named.id())?.entity)
    }

    /// Its channel: its own, else that of its touchpoint.
    pub fn channel(&self, library: &'a Library) -> Option<&'a str> {
        if let Some(own) = &self.step().channel {
            return Some(own);
        }
        match &self.touchpoint(library)?.data {
            Some(Data::Touchpoint(touchpoint)) => Some(&touchpoint.channel),
            _ => None,
        }
    }
}

/// Feelings from -2 to 2, added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mood {
    sum: i64,
    /// How many feelings: one a step and persona.
    pub n: usize,
}

impl Mood {
    /// Adds one feeling.
    pub fn add(&mut self, felt: i8) {
        self.sum += i64::from(felt);
        self.n += 1;
    }

    /// Adds those of another.
    pub fn join(&mut self, other: Self) {
        self.sum += other.sum;
        self.n += other.n;
    }

    /// The mean, -2 to 2; none of nothing.
    pub fn mean(self) -> Option<f64> {
        let sum = f64::from(i32::try_from(self.sum).ok()?);
        let n = f64::from(u32::try_from(self.n).ok()?);
        (self.n > 0).then(|| sum / n)
    }

    /// Whether so few felt it that the mean is an anecdote: fewer than [`FEW_FEELINGS`].
    pub fn is_small(self) -> bool {
        self.n < FEW_FEELINGS
    }

    /// Orders the worst mean first, and nothing felt last.
    pub fn worst_first(self, other: Self) -> std::cmp::Ordering {
        let mean = |mood: Self| mood.mean().unwrap_or(f64::INFINITY);
        mean(self).total_cmp(&mean(other))
    }
}

impl Extend<i8> for Mood {
    fn extend<T: IntoIterator<Item = i8>>(&mut self, felt: T) {
        felt.into_iter().for_each(|felt| self.add(felt));
    }
}

/// The steps of a journey, in order; of anything else none.
pub fn steps_of(entity: &Entity) -> impl Iterator<Item = Met<'_>> {
    let journey = match &entity.data {
        Some(Data::Journey(journey)) => Some(journey),
        _ => None,
    };
    journey.into_iter().flat_map(move |journey| {
        let stages = journey.stages.iter().enumerate();
        stages.flat_map(move |(stage_index, stage)| {
            (0..stage.steps.len()).map(move |index| Met {
                entity,
                journey,
                stage,
                stage_index,
                index,
            })
        })
    })
}

impl Library {
    /// The steps that happen at a touchpoint, by journey.
    pub fn steps_at<'a>(&'a self, touchpoint: &'a Entity) -> Vec<Met<'a>> {
        let journeys = self.referrers(touchpoint).into_iter();
        let steps = journeys.flat_map(steps_of);
        let here = steps.filter(|met| {
            let named = met.step().touchpoint.as_ref();
            named.is_some_and(|named| self.points_at(named, touchpoint))
        });
        here.collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::Memory;

    #[test]
    fn a_mean_is_over_steps_and_personas_and_says_when_it_is_an_anecdote() {
        let mut mood = Mood::default();
        assert_eq!(mood.mean(), None);
        mood.extend([-2, -1, 0, 1]);
        assert_eq!((mood.mean(), mood.is_small()), (Some(-0.5), true));
        let mut other = Mood::default();
        other.add(2);
        mood.join(other);
        assert_eq!(
            (mood.mean(), mood.n, mood.is_small()),
            (Some(0.0), 5, false)
        );
        assert_eq!(
            Mood::default().worst_first(other),
            std::cmp::Ordering::Greater
        );
    }

    #[test]
    fn a_step_is_met_by_those_of_whom_it_says_how_they_feel() {
        let persona = "---\nname: A\nmarket: b2c\nstance: target\nstatus: active\nbasis: proto\nowner: t\nsummary: s\nb2c: {}\n---\n";
        let journey = "---\nname: J\nowner: t\nstate: current\nscenario: s\npersonas: [a, b]\nstages:\n  - id: one\n    name: One\n    lifecycle: renewal\n    steps:\n      - {action: x, emotion: 1, touchpoint: shop}\n      - {action: y, emotion: {b: -2}, touchpoint: shop, channel: Phone}\n      - {action: z, emotion: 0}\n---\n";
        let tree = Memory::default()
            .with("content/personas/a.md", persona)
            .with("content/personas/b.md", persona)
            .with("content/journeys/j.md", journey)
            .with(
                "content/touchpoints/shop.md",
                "---\nname: Shop\nchannel: store\nmode: offline\n---\n",
            );
        let library = Library::load(Arc::new(tree));
        let shop = library.get(Kind::Touchpoint, "shop").expect("there");
        let met = library.steps_at(shop);
        let seen: Vec<_> = met
            .iter()
            .map(|met| {
                let feelings = met.feelings(&library).map(|(who, felt)| (&*who.id, felt));
                (
                    met.anchor(),
                    met.phase(),
                    met.channel(&library),
                    feelings.collect::<Vec<_>>(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (
                    "one-1".to_owned(),
                    Some("renewal"),
                    Some("store"),
                    vec![("a", 1), ("b", 1)]
                ),
                (
                    "one-2".to_owned(),
                    Some("renewal"),
                    Some("Phone"),
                    vec![("b", -2)]
                ),
            ]
        );
    }
}
