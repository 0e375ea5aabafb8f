//! `flat-emotion`: a journey in which nobody feels anything change.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group, Threshold, Unit};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Data;
use crate::schema::kinds::journey::Emotion;

const STEPS: Threshold = Threshold {
    name: "steps",
    default: 3.0,
    unit: Unit::Count,
    doc: "From how many steps on a journey is judged",
};

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "flat-emotion",
        severity: Severity::Info,
        group: Group::Journeys,
        summary: "A journey in which all steps feel the same",
        what: "The `emotion` of all steps of active journeys with at least three steps: they must not all be equal.",
        why: "The curve shows where to work first. A flat one mostly means that the number was filled in to have one.",
        source: "Sarah Gibbons, Journey Mapping 101, Nielsen Norman Group, 2018: the emotional line shows the ups and \
                 downs of the experience.",
        fails: "steps:\n  - { action: Compares, emotion: 0 }\n  - { action: Orders, emotion: 0 }\n  - { action: Waits, emotion: 0 }",
        repair: "steps:\n  - { action: Compares, emotion: -1 }\n  - { action: Orders, emotion: 1 }\n  - { action: Waits, emotion: -2 }",
        thresholds: &[STEPS],
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let Some(Data::Journey(journey)) = &entity.data else {
        return;
    };
    if !entity.is_active() {
        return;
    }
    let mut count = 0;
    let mut first = None;
    for step in journey.stages.iter().flat_map(|stage| &stage.steps) {
        let values: Vec<i8> = match &step.emotion {
            Emotion::All(value) => vec![*value],
            Emotion::Each(values) => values.values().copied().collect(),
        };
        count += 1;
        let one = *first.get_or_insert(values.first().copied().unwrap_or(0));
        if values.iter().any(|value| *value != one) {
            return;
        }
    }
    if let Some(value) = first
        && count >= cx.count(&STEPS)
    {
        let message =
            format!("all {count} steps feel the same ({value}), so the curve shows nothing");
        out.push(
            cx.finding(entity, "/stages/0/steps/0/emotion", message)
                .help("ask how each step felt: from -2 (frustrated) to 2 (delighted)"),
        );
    }
}
