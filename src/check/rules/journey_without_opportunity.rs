//! `journey-without-opportunity`: a journey that leads to nothing.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Data;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "journey-without-opportunity",
        severity: Severity::Warn,
        group: Group::Journeys,
        summary: "A journey without a single opportunity",
        what: "The `opportunities` of all steps of active journeys: at least one in the whole journey.",
        why: "A map is made to decide what to do next. One that names no opportunity is a picture on the wall.",
        source: "Sarah Gibbons, Journey Mapping 101, Nielsen Norman Group, 2018: opportunities are one of the parts that \
                 every journey map has.",
        fails: "steps:\n  - action: Opens eleven tabs and closes ten\n    emotion: -1\n    pains: [The names say nothing about the taste.]",
        repair: "steps:\n  - action: Opens eleven tabs and closes ten\n    emotion: -1\n    pains: [The names say nothing about the taste.]\n    opportunities: [Ask three questions and recommend one.]",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let Some(Data::Journey(journey)) = &entity.data else {
        return;
    };
    let mut steps = journey.stages.iter().flat_map(|stage| &stage.steps);
    if entity.is_active() && steps.all(|step| step.opportunities.is_empty()) {
        let message = "this journey names no opportunity, so nothing follows from it";
        out.push(
            cx.finding(entity, "/stages", message)
                .help("begin with the step that feels worst: what could be better there? Write it under its `opportunities:`"),
        );
    }
}
