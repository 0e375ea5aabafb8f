//! A journey in two states.
//!
//! Stages and steps are known again by their ids, then by what they say; so one that was moved or
//! renamed is one change. What stands in a stage that is gone or new is told with the stage.

mod same;

use foldhash::HashMap;
use same::{stage_pairs, step_pairs, steps};

use super::spot::{Differ, Spot, name, quoted};
use crate::review::claims::{self, List};
use crate::review::code::{
    EMOTION_MOVED, EMOTION_SHIFTED, FIELD_ADDED, FIELD_CHANGED, FIELD_REMOVED, ID_CHANGED,
    LIFECYCLE_CHANGED, ORDER_CHANGED, PERSONA_JOINED, PERSONA_LEFT, PROSE_CHANGED, STAGE_ADDED,
    STAGE_REMOVED, STEP_ADDED, STEP_REMOVED, STEP_REWORDED,
};
use crate::review::fields::{Codes, FIELD};
use crate::review::pair::{Notes, Pair};
use crate::schema::Data;
use crate::schema::content::plain;
use crate::schema::kinds::journey::{Emotion, Journey, Stage, Step};
use crate::schema::kinds::persona::Persona;

/// The fields whose changes are noted here.
pub(super) const FIELDS: &[&str] = &[
    "personas",
    "scenario",
    "expectations",
    "state",
    "parent",
    "stages",
];

/// What is said for people and relied on by nobody.
const PROSE: Codes = [PROSE_CHANGED; 3];

/// The phase of a stage.
const LIFECYCLE: Codes = [LIFECYCLE_CHANGED; 3];

/// Notes what is different.
pub(super) fn changes<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>) {
    let Some((Data::Journey(before), Data::Journey(after))) = pair.data() else {
        return;
    };
    let mut differ = Differ { pair, notes };
    let common = personas(&mut differ, before, after);
    let texts = |a: &'a str, b: &'a str| (Some(a), Some(b));
    let scenario = texts(&before.scenario, &after.scenario);
    differ.text(FIELD, "Scenario", &Spot::top("scenario"), scenario);
    let expectations = (
        before.expectations.as_deref(),
        after.expectations.as_deref(),
    );
    differ.text(
        FIELD,
        "Expectations",
        &Spot::top("expectations"),
        expectations,
    );
    let state = texts(before.state.as_str(), after.state.as_str());
    differ.text(FIELD, "State", &Spot::top("state"), state);
    let parent = (before.parent.as_ref(), after.parent.as_ref());
    differ.reference(FIELD, "Larger journey", &Spot::top("parent"), parent);
    Stages {
        differ,
        before,
        after,
        personas: common,
    }
    .compare();
}

/// Notes who joined and who left; gives those who are there in both states, by the id of today.
fn personas(differ: &mut Differ<'_, '_>, before: &Journey, after: &Journey) -> Vec<String> {
    let old = differ.ids_before(&before.personas);
    let new = differ.ids_after(&after.personas);
    for (index, written) in after.personas.iter().enumerate() {
        if !old.contains(&new[index]) && !new[..index].contains(&new[index]) {
            let who = name::<Persona>(differ.pair.new, written.as_str());
            let title = format!("{who} joins the journey");
            let pointer = format!("/personas/{index}");
            differ
                .notes
                .add(PERSONA_JOINED, title, pointer, (None, Some(who)));
        }
    }
    for (index, written) in before.personas.iter().enumerate() {
        if !new.contains(&old[index]) && !old[..index].contains(&old[index]) {
            let who = name::<Persona>(differ.pair.old, written.as_str());
            let title = format!("{who} leaves the journey");
            let pointer = format!("/personas/{index}");
            differ.notes.gone(PERSONA_LEFT, title, pointer, Some(who));
        }
    }
    new.into_iter().filter(|id| old.contains(id)).collect()
}

/// The stages of a journey in both states.
struct Stages<'d, 'a> {
    differ: Differ<'d, 'a>,
    before: &'a Journey,
    after: &'a Journey,
    personas: Vec<String>,
}

impl Stages<'_, '_> {
    fn compare(&mut self) {
        let (old, new) = (&self.before.stages, &self.after.stages);
        let pairs = stage_pairs(old, new);
        let [now, then] = both_ways(&pairs);
        let of_old = |i: usize| now.get(&i).copied();
        let of_new = |j: usize| then.get(&j).copied();
        let (old_steps, new_steps) = (steps(self.before), steps(self.after));
        let step_pairs = step_pairs(&old_steps, &new_steps, of_old);
        // What was moved is told as moved.
        let [steps_now, steps_then] = both_ways(&step_pairs);
        let moved = |at: usize| steps_now.contains_key(&at);
        let is_new = |at: usize| !steps_then.contains_key(&at);
        self.order(&pairs);
        for (j, stage) in new.iter().enumerate() {
            if let Some(i) = of_new(j) {
                self.stage(i, j);
            } else {
                let with = new_steps.iter().enumerate();
                let with = with.filter(|(at, (s, ..))| *s == j && is_new(*at));
                let actions: Vec<String> = with.map(|(_, s)| plain(&s.2.action)).collect();
                self.came(j, stage, &actions);
            }
        }
        for (i, stage) in old.iter().enumerate() {
            if of_old(i).is_none() {
                let with = old_steps.iter().enumerate();
                let with = with.filter(|(at, (s, ..))| *s == i && !moved(*at));
                let actions: Vec<String> = with.map(|(_, s)| plain(&s.2.action)).collect();
                self.went(i, stage, &actions);
            }
        }
        let mut lists: Vec<List> = Vec::new();
        for (at, &(s, index, step)) in new_steps.iter().enumerate() {
            match steps_then.get(&at) {
                Some(&from) => {
                    let (was, place, before) = old_steps[from];
                    let from = (of_old(was) != Some(s)).then_some(was);
                    let spot = Spot::top("stages").item(was, s).field("steps");
                    let spot = spot.item(place, index);
                    self.moved(from, s, &spot, step);
                    self.step(before, step, &spot);
                    for field in ["pains", "opportunities"] {
                        let claims = spot.field(field);
                        lists.push(List {
                            field,
                            before: Some(claims.before),
                            after: Some(claims.after),
                            place: plain(&step.action),
                        });
                    }
                }
                None if of_new(s).is_some() => {
                    let title = format!("Step {} added", quoted(&step.action));
                    let pointer = format!("/stages/{s}/steps/{index}");
                    let values = (None, Some(plain(&step.action)));
                    self.differ.notes.add(STEP_ADDED, title, pointer, values);
                }
                None => {}
            }
        }
        for (at, &(s, index, step)) in old_steps.iter().enumerate() {
            if !moved(at) && of_old(s).is_some() {
                let title = format!("Step {} removed", quoted(&step.action));
                let pointer = format!("/stages/{s}/steps/{index}");
                let before = Some(plain(&step.action));
                self.differ.notes.gone(STEP_REMOVED, title, pointer, before);
            }
        }
        claims::compare(self.differ.pair, self.differ.notes, &lists);
        for &(i, j) in &pairs {
            let stay = step_pairs.iter().filter_map(|&(from, to)| {
                let (was, place, _) = old_steps[from];
                (was == i && new_steps[to].0 == j).then_some((place, new_steps[to].1))
            });
            self.steps_order((i, j), &stay.collect::<Vec<_>>());
        }
    }

    /// Stages in another order, told once.
    fn order(&mut self, pairs: &[(usize, usize)]) {
        if is_reordered(pairs.iter().map(|pair| pair.0)) {
            let names = |stages: &[Stage]| {
                let names = stages.iter().map(|stage| plain(&stage.name));
                names.collect::<Vec<_>>().join(" → ")
            };
            let values = (
                Some(names(&self.before.stages)),
                Some(names(&self.after.stages)),
            );
            let title = "Stages in another order";
            self.differ
                .notes
                .add(ORDER_CHANGED, title, "/stages", values);
        }
    }

    /// Steps of a stage in another order, told once.
    fn steps_order(&mut self, (i, j): (usize, usize), stay: &[(usize, usize)]) {
        if is_reordered(stay.iter().map(|pair| pair.0)) {
            let (old, new) = (&self.before.stages[i], &self.after.stages[j]);
            let actions = |stage: &Stage, places: &mut dyn Iterator<Item = usize>| {
                let actions = places.map(|at| quoted(&stage.steps[at].action));
                actions.collect::<Vec<_>>().join(" → ")
            };
            let mut before: Vec<usize> = stay.iter().map(|pair| pair.0).collect();
            before.sort_unstable();
            let values = (
                Some(actions(old, &mut before.into_iter())),
                Some(actions(new, &mut stay.iter().map(|pair| pair.1))),
            );
            let title = format!("Stage {}: steps in another order", quoted(&new.name));
            let pointer = format!("/stages/{j}/steps");
            self.differ.notes.add(ORDER_CHANGED, title, pointer, values);
        }
    }

    fn came(&mut self, j: usize, stage: &Stage, actions: &[String]) {
        let title = format!("Stage {} added", quoted(&stage.name));
        let values = (None, Some(told(stage, actions)));
        let pointer = format!("/stages/{j}");
        self.differ.notes.add(STAGE_ADDED, title, pointer, values);
    }

    fn went(&mut self, i: usize, stage: &Stage, actions: &[String]) {
        let title = format!("Stage {} removed", quoted(&stage.name));
        let before = Some(told(stage, actions));
        let pointer = format!("/stages/{i}");
        self.differ
            .notes
            .gone(STAGE_REMOVED, title, pointer, before);
    }

    fn stage(&mut self, i: usize, j: usize) {
        let (before, after) = (&self.before.stages[i], &self.after.stages[j]);
        let spot = Spot::top("stages").item(i, j);
        let title = |what: &str| format!("Stage {}{what}", quoted(&after.name));
        if before.id != after.id {
            let values = (Some(before.id.to_string()), Some(after.id.to_string()));
            let pointer = spot.field("id").after;
            self.differ
                .notes
                .add(ID_CHANGED, title(": id changed"), pointer, values);
        }
        if plain(&before.name) != plain(&after.name) {
            let values = (Some(plain(&before.name)), Some(plain(&after.name)));
            let title = format!("Stage {} renamed", quoted(&before.name));
            let pointer = spot.field("name").after;
            self.differ.notes.add(FIELD_CHANGED, title, pointer, values);
        }
        let goals = (before.goal.as_deref(), after.goal.as_deref());
        let goal = spot.field("goal");
        self.differ.text(FIELD, &title(": goal"), &goal, goals);
        let phases = (phase(before), phase(after));
        let spot = spot.field("lifecycle");
        self.differ
            .text(LIFECYCLE, &title(": phase"), &spot, phases);
    }

    /// A step that stands in another stage.
    fn moved(&mut self, from: Option<usize>, to: usize, spot: &Spot, step: &Step) {
        if let Some(from) = from {
            let names = [&self.before.stages[from].name, &self.after.stages[to].name];
            let title = format!(
                "Step {} moved from {} to {}",
                quoted(&step.action),
                quoted(names[0]),
                quoted(names[1])
            );
            let values = (Some(plain(names[0])), Some(plain(names[1])));
            let pointer = spot.after.clone();
            self.differ.notes.add(ORDER_CHANGED, title, pointer, values);
        }
    }

    fn step(&mut self, before: &Step, after: &Step, spot: &Spot) {
        let step = format!("Step {}", quoted(&after.action));
        let title = |what: &str| format!("{step}: {what}");
        let differ = &mut self.differ;
        let ids = (before.id.as_deref(), after.id.as_deref());
        differ.text(FIELD, &title("id"), &spot.field("id"), ids);
        let (was, is) = (plain(&before.action), plain(&after.action));
        if was != is {
            let title = format!("Step {} reworded", quoted(&was));
            let pointer = spot.field("action").after;
            let values = (Some(was), Some(is));
            differ.notes.add(STEP_REWORDED, title, pointer, values);
        }
        let texts = (before.thought.as_deref(), after.thought.as_deref());
        differ.text(PROSE, &title("thought"), &spot.field("thought"), texts);
        let texts = (before.channel.as_deref(), after.channel.as_deref());
        differ.text(FIELD, &title("channel"), &spot.field("channel"), texts);
        let both = (before.touchpoint.as_ref(), after.touchpoint.as_ref());
        let place = spot.field("touchpoint");
        differ.reference(FIELD, &title("touchpoint"), &place, both);
        let both = (&*before.backstage, &*after.backstage);
        differ.sentences(FIELD, &title("backstage"), &spot.field("backstage"), both);
        let both = (&*before.kpis, &*after.kpis);
        differ.references(FIELD, &title("KPIs"), &spot.field("kpis"), both);
        differ.evidence(&step, &spot.field("evidence"));
        self.emotion(before, after, (&step, spot));
    }

    /// How everybody feels or, where one state tells them apart, how each of those feels who are
    /// there in both.
    fn emotion(&mut self, before: &Step, after: &Step, (step, spot): (&str, &Spot)) {
        let spot = spot.field("emotion");
        if let (Emotion::All(was), Emotion::All(is)) = (&before.emotion, &after.emotion) {
            self.felt(&format!("{step}: emotion"), &spot, (Some(*was), Some(*is)));
            return;
        }
        let pair = self.differ.pair;
        for id in self.personas.clone() {
            let kinds = || std::iter::once(crate::schema::Kind::Persona).collect();
            let was = match &before.emotion {
                Emotion::All(value) => Some((None, *value)),
                Emotion::Each(values) => values
                    .iter()
                    .find(|(who, _)| pair.reference_before(kinds(), who.as_str()) == id)
                    .map(|(who, value)| (Some(who.as_str()), *value)),
            };
            let is = match &after.emotion {
                Emotion::All(value) => Some((None, *value)),
                Emotion::Each(values) => values
                    .iter()
                    .find(|(who, _)| pair.reference_after(kinds(), who.as_str()) == id)
                    .map(|(who, value)| (Some(who.as_str()), *value)),
            };
            let mut place = spot.clone();
            if let Some((Some(key), _)) = was {
                place.before = spot.field(key).before;
            }
            if let Some((Some(key), _)) = is {
                place.after = spot.field(key).after;
            }
            let who = name::<Persona>(pair.new, &id);
            let values = (was.map(|(_, value)| value), is.map(|(_, value)| value));
            self.felt(&format!("{step}: emotion of {who}"), &place, values);
        }
    }

    fn felt(&mut self, title: &str, spot: &Spot, (was, is): (Option<i8>, Option<i8>)) {
        if was == is {
            return;
        }
        let words = |felt: Option<i8>| felt.map(signed);
        let values = (words(was), words(is));
        let (Some(was), Some(is)) = (was, is) else {
            let codes = [FIELD_ADDED, FIELD_CHANGED, FIELD_REMOVED];
            self.differ.value(codes, title, spot, values);
            return;
        };
        let code = if has_moved(was, is) {
            EMOTION_MOVED
        } else {
            EMOTION_SHIFTED
        };
        let way = if is > was { "rose" } else { "fell" };
        let title = format!("{title} {way} from {} to {}", signed(was), signed(is));
        self.differ
            .notes
            .add(code, title, spot.after.clone(), values);
    }
}

/// Whether an emotion moved by 2, or from one side of zero to the other.
fn has_moved(was: i8, is: i8) -> bool {
    was.abs_diff(is) >= 2 || was.signum() * is.signum() < 0
}

/// An emotion as people read it: `+1`, `0`, `-2`.
fn signed(value: i8) -> String {
    if value == 0 {
        "0".to_owned()
    } else {
        format!("{value:+}")
    }
}

/// The phase of the lifecycle that a stage belongs to.
fn phase(stage: &Stage) -> Option<&str> {
    stage.lifecycle.as_ref().map(|phase| phase.0.as_str())
}

/// A stage in words: its name and what happens in it.
fn told(stage: &Stage, actions: &[String]) -> String {
    if actions.is_empty() {
        return plain(&stage.name);
    }
    format!("{}: {}", plain(&stage.name), actions.join("; "))
}

/// Where what stands at a place stands now, and the other way.
fn both_ways(pairs: &[(usize, usize)]) -> [HashMap<usize, usize>; 2] {
    let turned = pairs.iter().map(|&(before, after)| (after, before));
    [pairs.iter().copied().collect(), turned.collect()]
}

/// Whether places stand in another order.
fn is_reordered(places: impl Iterator<Item = usize>) -> bool {
    !places.is_sorted()
}
