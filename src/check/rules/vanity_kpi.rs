//! `vanity-kpi`: a KPI that serves no goal of anybody.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::Entity;
use crate::schema::Data;

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

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Vec<Diagnostic>) {
    let Some(Data::Kpi(kpi)) = &entity.data else {
        return;
    };
    if !entity.is_active() || !kpi.serves.is_empty() {
        return;
    }
    let library = cx.library;
    let named = library
        .each_referrer(entity)
        .any(|other| match &other.data {
            Some(Data::Persona(persona)) => {
                let lists = persona.claim_lists();
                let mut kpis = lists
                    .iter()
                    .flat_map(|(_, list)| *list)
                    .flat_map(|c| &c.kpis);
                kpis.any(|reference| library.points_at(reference, entity))
            }
            _ => false,
        });
    if !named {
        let message = "this KPI serves no goal of any persona";
        out.push(
            cx.finding(entity, "/serves", message)
                .help("write whose goal it tells of: `serves: ['persona:ID#goal-id']`; if there is none, stop measuring it"),
        );
    }
}
