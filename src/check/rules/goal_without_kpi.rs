//! `goal-without-kpi`: a goal of a customer that nobody measures.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Data;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "goal-without-kpi",
        severity: Severity::Info,
        group: Group::Measures,
        summary: "A goal of an active persona to win that no KPI serves",
        what: "The `goals:` of active personas with `stance: target`: each must name a KPI under `kpis:`, or be named by \
               one under `serves:`, as `persona:ID#goal-id`.",
        why: "If a goal matters, somebody should be able to say whether customers reach it more often than last year.",
        fails: "goals:\n  - id: good-cup\n    text: Make a cup on a weekday that is as good as the one at the weekend.",
        repair: "goals:\n  - id: good-cup\n    text: Make a cup on a weekday that is as good as the one at the weekend.\n    kpis: [second-order]",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let Some(Data::Persona(persona)) = &entity.data else {
        return;
    };
    if !entity.is_active_target() || persona.goals.iter().all(|goal| !goal.kpis.is_empty()) {
        return;
    }
    for (index, goal) in cx.library.goals(entity).into_iter().enumerate() {
        // A name that leads nowhere is another rule's matter.
        if goal.claim.kpis.is_empty() && goal.kpis.is_empty() {
            let anchor = goal.anchor;
            let message = "no KPI tells whether they reach this goal";
            let help = format!(
                "name one with `kpis: [id]`, or write `serves: ['persona:{}#{anchor}']` in the KPI",
                entity.id
            );
            out.push(
                cx.finding(entity, &format!("/goals/{index}"), message)
                    .help(help),
            );
        }
    }
}
