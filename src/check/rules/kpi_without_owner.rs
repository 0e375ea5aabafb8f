//! `kpi-without-owner`: a KPI for which nobody answers.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Kind;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "kpi-without-owner",
        severity: Severity::Error,
        group: Group::Measures,
        summary: "An active KPI without an owner",
        what: "`owner:` of active KPIs: the team that answers when the figure turns bad. A draft may do without.",
        why: "A figure that belongs to nobody is looked at by everybody and acted on by no one.",
        fails: "name: Second order\ncadence: monthly",
        repair: "name: Second order\ncadence: monthly\nowner: customers",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    if entity.kind != Kind::Kpi || entity.data.is_none() || !entity.is_active() {
        return;
    }
    if entity.common.owner.is_none() {
        let message = "nobody answers for this KPI";
        let help = match cx.some_team() {
            Some(team) => {
                format!("write the id of a team from content/teams/, such as `owner: {team}`")
            }
            None => "make a team with `personary new team ID`, and write `owner: ID`".to_owned(),
        };
        out.push(cx.finding(entity, "/owner", message).help(help));
    }
}
