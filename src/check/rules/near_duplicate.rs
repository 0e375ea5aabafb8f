//! `near-duplicate`: two personas that want and suffer the same.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group, Threshold, Unit};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Kind;

pub(crate) const SHARE: Threshold = Threshold {
    name: "percent",
    default: 80.0,
    unit: Unit::Percent,
    doc: "How alike goals and pains must be, in percent; the same for all files",
};

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "near-duplicate",
        severity: Severity::Warn,
        group: Group::TooMany,
        summary: "Two active personas whose goals and pains are nearly the same",
        what: "The goals and pains of all active personas, as pairs of neighbouring words. Two personas that \
               share at least 80 % of all their pairs are alike (the Jaccard index); the one whose file comes \
               later is reported. Personas with only a few words are not compared.",
        why: "Personas are there to be told apart. Two with the same goals and pains are one persona with two \
              pictures: they take two places in everybody's mind and lead to the same decision.",
        source: "How customer personas can help deliver an exceptional customer experience, Acuity Knowledge \
                 Partners, 2023: creating too many personas is a mistake. The measure: Paul Jaccard, 1901.",
        fails: "# a copy of another persona with a new name and a new picture\ngoals:\n  - text: Make a cup on a weekday that is as good as the one at the weekend.",
        repair: "# keep one of the two; the other says\nstatus: retired\nsuperseded_by: nora-lind",
        thresholds: &[SHARE],
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    if entity.kind != Kind::Persona || !entity.is_active() {
        return;
    }
    let Some((twin, percent)) = cx.twin(entity) else {
        return;
    };
    let message = format!(
        "the goals and pains of this persona are those of `{}` ({percent} % alike)",
        twin.id
    );
    let list = match &entity.data {
        Some(crate::schema::Data::Persona(persona)) if persona.goals.is_empty() => "/pains",
        _ => "/goals",
    };
    let help = format!(
        "say what sets them apart, or retire one: `status: retired` and `superseded_by: {}`",
        twin.id
    );
    out.push(cx.finding(entity, list, message).help(help));
}
