//! `ideal-buyer`: a persona that rests on the buyers one would like to have.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::kinds::evidence::{Method, Population};

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "ideal-buyer",
        severity: Severity::Error,
        group: Group::IdealBuyers,
        summary: "An active persona without evidence about people who bought, or about what they did",
        what: "An active persona must cite at least one piece of research with `population: actual`, and \
               at least one that observed behaviour: analytics, CRM data, support cases or a field study. \
               Research that its claims cite counts as well as its own `evidence:`. A persona that cites \
               nothing but assumptions is left to `assumption-based`.",
        why: "Teams describe the buyer they would like to have and then build, price and advertise for \
              somebody who does not buy. What people say about themselves does not mend that: it has to be \
              held against what actual customers did.",
        source: "How customer personas can help deliver an exceptional customer experience, Acuity Knowledge \
                 Partners, 2023: base personas on actual and not on ideal buyers. On saying and doing: \
                 Jakob Nielsen, First Rule of Usability? Don't Listen to Users, Nielsen Norman Group, 2001.",
        fails: "status: active\nevidence: [launch-panel]\n\n# content/evidence/launch-panel.md\nmethod: survey\npopulation: ideal",
        repair: "status: active\nevidence: [customer-interviews, order-history]\n\n# content/evidence/order-history.md\nmethod: analytics\npopulation: actual",
        ..About::DEFAULT
    },
    check: Some(check),
};

/// Methods that watch what people do.
const BEHAVIOURAL: [Method; 4] = [
    Method::Analytics,
    Method::Crm,
    Method::Support,
    Method::Field,
];

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    if entity.active_stance().is_none() {
        return;
    }
    let grounds = cx.grounds(entity);
    if !grounds.has_research() {
        return;
    }
    let actual = grounds
        .research()
        .any(|(_, evidence)| evidence.population == Population::Actual);
    let observed = grounds.has_method(&BEHAVIOURAL);
    let (message, help) = match (actual, observed) {
        (true, true) => return,
        (false, _) => (
            "nothing that this persona rests on is about people who bought",
            "cite research with `population: actual`, or make the persona a draft until there is some",
        ),
        (true, false) => (
            "this persona rests on what buyers say, and on nothing that shows what they do",
            "cite evidence whose method is analytics, crm, support or field",
        ),
    };
    out.push(cx.finding(entity, "/evidence", message).help(help));
}
