//! `vanity-kpi`: a KPI that serves no goal of anybody.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Kind;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "vanity-kpi",
        severity: Severity::Warn,
        group: Group::Measures,
        summary: "An active KPI that serves no goal of any persona",
        what: "Active KPIs: either `serves:` names a goal, or a claim of a persona names the KPI under `kpis:`. A persona \
               or a step that only lists it among its KPIs does not say what it is good for.",
        why: "A figure can rise for years while no customer is better off. A KPI earns its place by the goal that it tells \
              of.",
        source: "Eric Ries, The Lean Startup, 2011, on vanity metrics.",
        fails: "name: Page views\nserves: []",
        repair: "name: Second order\nserves: ['persona:nora-lind#good-cup']",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    if entity.kind != Kind::Kpi || entity.data.is_none() || !entity.is_active() {
        return;
    }
    if !cx.library.serves_a_goal(entity) {
        let message = "this KPI serves no goal of any persona";
        out.push(
            cx.finding(entity, "/serves", message)
                .help("write whose goal it tells of: `serves: ['persona:ID#goal-id']`; if there is none, stop measuring it"),
        );
    }
}
