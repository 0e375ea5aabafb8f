//! `journey-without-evidence`: a journey that nobody has watched.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Data;
use crate::schema::kinds::journey::State;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "journey-without-evidence",
        severity: Severity::Warn,
        group: Group::Journeys,
        summary: "A journey of today that cites no research, apart from assumptions",
        what: "Active journeys with `state: current`: at least one step, pain or opportunity must cite evidence whose \
               method is not `assumption`. A journey with `state: future` is a plan and needs none.",
        why: "A journey map drawn in a meeting room shows how the company believes it works. What customers go \
              through is seen where they go through it.",
        source: "Kate Kaplan, Journey-Mapping Approaches: 2 Critical Decisions To Make Before You Begin, Nielsen Norman Group.",
        fails: "state: current\nstages:\n  - id: choose\n    name: Choose\n    steps:\n      - action: Opens eleven tabs and closes ten\n        emotion: -1",
        repair: "state: current\nstages:\n  - id: choose\n    name: Choose\n    steps:\n      - action: Opens eleven tabs and closes ten\n        emotion: -1\n        evidence: [order-history]",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let Some(Data::Journey(journey)) = &entity.data else {
        return;
    };
    if !entity.is_active() || journey.state != State::Current || cx.grounds(entity).has_research() {
        return;
    }
    let message = "no step of this journey rests on research";
    out.push(
        cx.finding(entity, "/stages", message).help(
            "add `evidence: [id]` to the steps that somebody watched, counted or was told of",
        ),
    );
}
