//! `stale-evidence`: a persona whose newest research is old.

use crate::check::context::{ago, is_older};
use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group, Threshold, Unit};
use crate::diagnostic::{Gathered, Severity};
use crate::library::{Entity, EntityId, Library};

const WARN: Threshold = Threshold {
    name: "warn_months",
    default: 12.0,
    unit: Unit::Months,
    doc: "After how many months the newest research is a warning",
};
const ERROR: Threshold = Threshold {
    name: "error_months",
    default: 24.0,
    unit: Unit::Months,
    doc: "After how many months it is an error",
};

pub(crate) const RULE: Rule = Rule {
    about: About {
        optional: false,
        name: "stale-evidence",
        severity: Severity::Error,
        lesser: Some(Severity::Warn),
        group: Group::OldData,
        summary: "An active persona whose newest research ended more than 12 or 24 months ago",
        what: "The latest `collected.to` of all research that an active persona cites, itself or in its \
               claims. Assumptions do not count as research. The day of the last edit does not matter.",
        why: "Markets, prices and habits change. A persona that rests on the customers of three years ago is \
              precise about people who may have left.",
        source: "How customer personas can help deliver an exceptional customer experience, Acuity Knowledge \
                 Partners, 2023: using old data is a mistake.",
        fails: "# content/evidence/panel.md, the newest that the persona cites\ncollected: { from: 2023-03-01, to: 2023-05-31 }",
        repair: "# content/evidence/panel-2026.md, cited by the persona\ncollected: { from: 2026-03-01, to: 2026-05-31 }",
        thresholds: &[WARN, ERROR],
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    if entity.active_stance().is_none() {
        return;
    }
    let Some((day, evidence)) = cx.grounds(entity).newest() else {
        return;
    };
    if !is_older(day, cx.count(&WARN), cx.today) {
        return;
    }
    let message = format!(
        "the newest research that this persona rests on, `{}`, ended {}",
        evidence.id,
        ago(day, cx.today)
    );
    let pointer = mention(cx.library, entity, evidence.index);
    let finding = if is_older(day, cx.count(&ERROR), cx.today) {
        cx.finding(entity, &pointer, message)
    } else {
        cx.lesser(entity, &pointer, message)
    };
    out.push(finding.help(format!(
        "{day} was its last day; ask again, add the new study to content/evidence/ and cite it"
    )));
}

/// The pointer of the first reference to `to`.
fn mention(library: &Library, entity: &Entity, to: EntityId) -> String {
    let mut references = entity.references.iter();
    let found = references.find(|reference| {
        let resolved = library.resolve(reference);
        resolved.is_some_and(|resolved| resolved.entity.index == to)
    });
    match (found, &entity.document.front) {
        (Some(found), Some(yaml)) => yaml.pointer(&entity.document.text, found.node),
        _ => "/evidence".to_owned(),
    }
}
