//! `kpi-without-target`: a KPI that cannot be missed.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Data;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "kpi-without-target",
        severity: Severity::Warn,
        group: Group::Measures,
        summary: "An active KPI without a target",
        what: "`target:` of active KPIs: the value to reach, and by when.",
        why: "Without a target nobody can say whether 41 is good, so the figure is reported every month and never \
              leads to anything.",
        source: "Peter Drucker, The Practice of Management, 1954: objectives that can be measured.",
        fails: "name: Second order\nunit: percent\ndirection: up",
        repair: "name: Second order\nunit: percent\ndirection: up\ntarget: { value: 45, by: 2027-03-31 }",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let Some(Data::Kpi(kpi)) = &entity.data else {
        return;
    };
    if entity.is_active() && kpi.target.is_none() {
        let message = "this KPI has no target, so nobody can tell whether it is good";
        let day = cx.today.saturating_add(jiff::ToSpan::year(1));
        let help = format!("write what to reach and by when: `target: {{ value: 45, by: {day} }}`");
        out.push(cx.finding(entity, "/target", message).help(help));
    }
}
