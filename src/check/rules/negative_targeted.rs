//! `negative-targeted`: work for somebody whom not to serve.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::kinds::persona::{Persona, Stance};
use crate::schema::{Data, Ref, Target};

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "negative-targeted",
        severity: Severity::Error,
        group: Group::NoNegative,
        summary: "A negative persona that a journey is made for, or whose goal a KPI serves",
        what: "`personas:` of journeys and `serves:` of KPIs: none may name an active negative persona. A KPI may \
               still be measured for them, as a slice of its CSV.",
        why: "A journey improves what its personas go through, and a KPI that serves a goal brings more of those \
              who have it. Both would win the very customers that the library says to leave.",
        source: "How customer personas can help deliver an exceptional customer experience, Acuity Knowledge \\
                 Partners, 2023, on negative personas.",
        fails: "# content/journeys/first-month.md\npersonas: [nora-lind, rob-harker]  # Rob is a negative persona",
        repair: "# content/journeys/first-month.md\npersonas: [nora-lind]",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let (field, personas, why): (_, &[Ref<Persona>], _) = match &entity.data {
        Some(Data::Journey(journey)) => ("personas", &journey.personas, "this journey is made for"),
        Some(Data::Kpi(kpi)) => ("serves", &kpi.serves, "this KPI serves a goal of"),
        _ => return,
    };
    if !entity.is_active() {
        return;
    }
    for (index, reference) in personas.iter().enumerate() {
        let Some(named) = cx.library.find(Persona::KINDS[0], reference.id()) else {
            continue;
        };
        if named.entity.active_stance() != Some(Stance::Negative) {
            continue;
        }
        let message = format!("{why} `{}`, a negative persona", named.entity.id);
        let pointer = format!("/{field}/{index}");
        out.push(
            cx.finding(entity, &pointer, message)
                .label("not to be won")
                .help("remove it; what to do with them instead belongs under their `negative.handling`"),
        );
    }
}
