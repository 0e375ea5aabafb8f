//! `no-negative-persona`: a library that does not say whom to leave to others.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "no-negative-persona",
        severity: Severity::Warn,
        group: Group::NoNegative,
        summary: "A library with active personas to win and no active negative persona",
        what: "Whether at least one active persona has `stance: negative` when there are active ones with \
               `stance: target`. It is reported once, at the first persona to win by name.",
        why: "Some customers cost more than they bring, however good the service. Without a picture of them sales \
              goes on winning them, support drowns in them, and the product bends towards people who leave.",
        source: "How customer personas can help deliver an exceptional customer experience, Acuity Knowledge \
                 Partners, 2023: not creating negative personas is a mistake.",
        fails: "# every persona of the library says\nstance: target",
        repair: "# content/personas/rob-harker.md\nstance: negative\nnegative:\n  reason: We cannot be the cheapest, and he wants nothing else.\n  drain: An hour of the support desk for an order that earns nothing.",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    if cx.is_one_sided(entity) {
        let message = "all active personas are customers to win; none says whom to leave to others";
        out.push(cx.finding(entity, "/stance", message).help(
            "ask sales and support who costs more than they bring, and write `personary new persona ID --stance negative`",
        ));
    }
}
