//! `not-reviewed`: a persona that nobody has looked at for long.

use crate::check::context::{ago, is_older};
use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group, Threshold, Unit};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;

const WARN: Threshold = Threshold {
    name: "warn_months",
    default: 6.0,
    unit: Unit::Months,
    doc: "After how many months without a review there is a warning",
};
const ERROR: Threshold = Threshold {
    name: "error_months",
    default: 12.0,
    unit: Unit::Months,
    doc: "After how many months it is an error",
};

pub(crate) const RULE: Rule = Rule {
    about: About {
        optional: false,
        name: "not-reviewed",
        severity: Severity::Error,
        lesser: Some(Severity::Warn),
        group: Group::NeverUpdated,
        summary: "An active persona that nobody has reviewed for more than 6 or 12 months",
        what: "`last_reviewed` of active personas: the day on which somebody last read it and found it still \
               true. Without the field the persona counts as never reviewed, which is a warning. The day of \
               the last commit never counts: mending a comma is no review.",
        why: "A persona is a statement about customers today. If nobody says that it still holds, people either \
              trust it too much or stop using it.",
        source: "How customer personas can help deliver an exceptional customer experience, Acuity Knowledge \
                 Partners, 2023: personas have to be updated regularly.",
        fails: "status: active\nlast_reviewed: 2025-03-02",
        repair: "status: active\nlast_reviewed: 2026-11-02  # read, compared with the newest research, still true",
        thresholds: &[WARN, ERROR],
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    if entity.active_stance().is_none() {
        return;
    }
    let pointer = "/last_reviewed";
    let help = "read it with its owner, correct what has changed, and write the day: ";
    let help = format!("{help}`last_reviewed: {}`", cx.today);
    let Some(day) = entity.common.last_reviewed else {
        let message = "nobody has said when this persona was last reviewed";
        out.push(cx.lesser(entity, pointer, message).help(help));
        return;
    };
    if !is_older(day, cx.count(&WARN), cx.today) {
        return;
    }
    let ago = ago(day, cx.today);
    let message = format!("this persona was last reviewed {ago}");
    let finding = if is_older(day, cx.count(&ERROR), cx.today) {
        cx.finding(entity, pointer, message)
    } else {
        cx.lesser(entity, pointer, message)
    };
    out.push(finding.help(help));
}
