//! `persona-without-journey`: somebody to win whose way nobody knows.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Data;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "persona-without-journey",
        severity: Severity::Warn,
        group: Group::Journeys,
        summary: "An active persona to win whom no journey names",
        what: "Active personas with `stance: target`: at least one journey must have them among its `personas:`. \
               A draft of a journey counts; a retired one does not.",
        why: "A persona says who; a journey says where it goes well and where it does not. Without one the persona \
              has no place at which anything could be improved.",
        fails: "# content/personas/nora-lind.md, named by no journey\nstance: target\nstatus: active",
        repair: "# content/journeys/first-month.md\npersonas: [nora-lind]",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    if !entity.is_active_target() {
        return;
    }
    let library = cx.library;
    let named = library
        .each_referrer(entity)
        .any(|other| match &other.data {
            Some(Data::Journey(journey)) => {
                other.is_current()
                    && journey
                        .personas
                        .iter()
                        .any(|r| library.points_at(r, entity))
            }
            _ => false,
        });
    if !named {
        let message = format!("no journey shows what `{}` goes through", entity.id);
        out.push(cx.finding(entity, "/name", message).help(
            "name them under `personas:` of a journey, or make one with `personary new journey ID`",
        ));
    }
}
