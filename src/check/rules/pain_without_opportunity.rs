//! `pain-without-opportunity`: a pain that nobody means to relieve.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Data;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "pain-without-opportunity",
        severity: Severity::Info,
        group: Group::Journeys,
        summary: "A step of a journey with pains and no opportunity",
        what: "The steps of active journeys: where a step has `pains:`, it or another step of its stage must have \
               `opportunities:`. A journey without any opportunity is left to `journey-without-opportunity`.",
        why: "Writing pains down is the easy half. The other is to say what could be done about them, be it small.",
        source: "Sarah Gibbons, Journey Mapping 101, Nielsen Norman Group, 2018.",
        fails: "- action: Rings the yard before it opens\n  emotion: -2\n  pains: [The desk opens too late.]",
        repair: "- action: Rings the yard before it opens\n  emotion: -2\n  pains: [The desk opens too late.]\n  opportunities: [Open at 05:00 for traders.]",
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
    let empty = |stage: &crate::schema::kinds::journey::Stage| {
        stage.steps.iter().all(|step| step.opportunities.is_empty())
    };
    if journey.stages.iter().all(empty) {
        return;
    }
    for (s, stage) in journey
        .stages
        .iter()
        .enumerate()
        .filter(|(_, stage)| empty(stage))
    {
        let pains = stage.steps.iter().enumerate();
        for (n, _) in pains.filter(|(_, step)| !step.pains.is_empty()) {
            let message =
                "these pains have no opportunity beside them, here or elsewhere in the stage";
            out.push(
                cx.finding(entity, &format!("/stages/{s}/steps/{n}/pains"), message)
                    .help("write under `opportunities:` of the step what could be done about them"),
            );
        }
    }
}
