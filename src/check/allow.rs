//! Findings that a file allows, with a reason and perhaps an end.
//!
//! In: the findings of an entity and its `allow:`. Out: what is left of them, and a finding for each
//! entry that has expired or allows nothing.

use jiff::civil::Date;

use super::config::{Setting, unknown_rule};
use super::{Group, Rule, about};
use crate::diagnostic::rule::About;
use crate::diagnostic::{Diagnostic, Gathered, Severity};
use crate::library::Entity;
use crate::schema::Level;
use crate::source::yaml::Node;

pub(crate) const UNUSED: Rule = Rule {
    about: About {
        name: "unused-allow",
        severity: Severity::Warn,
        group: Group::Exceptions,
        summary: "An exception under `allow:` that nothing needs any more",
        what: "Each entry of `allow:` whose rule finds nothing in this file, or names no rule.",
        why: "An exception that outlives its reason hides the next mistake of the same sort: \
              the rule stays silent, and nobody remembers that it was told to.",
        fails: "last_reviewed: 2026-11-02\n\
                allow:\n  - rule: not-reviewed\n    reason: On parental leave until October.",
        repair: "last_reviewed: 2026-11-02",
        ..About::DEFAULT
    },
    check: None,
};

pub(crate) const EXPIRED: Rule = Rule {
    about: About {
        name: "expired-allow",
        severity: Severity::Warn,
        group: Group::Exceptions,
        summary: "An exception under `allow:` whose last day has passed",
        what: "Each entry of `allow:` with an `until:` before today. From the day after `until:` on \
               what it allowed is reported again.",
        why: "A deadline was agreed. When it has passed, somebody has to decide again: mend the \
              file, or give the exception a new day and say why.",
        fails: "allow:\n  - rule: stale-evidence\n    reason: Panel closed, the new one starts in May.\n    until: 2026-05-31",
        repair: "allow:\n  - rule: stale-evidence\n    reason: The new panel is late, first results in August.\n    until: 2026-08-31",
        ..About::DEFAULT
    },
    check: None,
};

/// Takes out what the entity allows on the day `today`, and adds what is wrong with its entries.
pub(super) fn apply(
    entity: &Entity,
    today: Date,
    setting: &Setting,
    findings: &mut Vec<Diagnostic>,
) {
    if entity.common.allow.is_empty() {
        return;
    }
    let mut used = vec![false; entity.common.allow.len()];
    findings.retain(|finding| {
        let mut allowed = false;
        for (entry, used) in entity.common.allow.iter().zip(&mut used) {
            let holds = entry.until.is_none_or(|until| today <= until);
            if holds && entry.rule == finding.code && is_judgement(&entry.rule) {
                *used = true;
                allowed = true;
            }
        }
        !allowed
    });
    let mut told = Gathered::default();
    let entries = entity.common.allow.iter().zip(used).enumerate();
    for (index, (entry, used)) in entries {
        let report = |rule: &Rule, field: &str, message: String, help: String| {
            let pointer = format!("/allow/{index}/{field}");
            let node = entity.document.root().and_then(|r| r.along(&pointer).node);
            let span = node.map_or_else(|| entity.document.opening(), Node::span);
            let mut finding = entity
                .document
                .finding(rule.about.name, span, message)
                .help(help)
                .pointer(pointer);
            finding.entity = Some(entity.qualified());
            finding.severity = match setting.level(rule.about.name).map(Level::severity) {
                Some(severity) => severity?,
                None => rule.about.severity,
            };
            Some(finding)
        };
        let expired = entry.until.filter(|until| *until < today);
        let found = match (expired, about(&entry.rule)) {
            (_, None) => report(
                &UNUSED,
                "rule",
                format!("there is no rule `{}`", entry.rule),
                unknown_rule(&entry.rule),
            ),
            (_, Some(_)) if !is_judgement(&entry.rule) => report(
                &UNUSED,
                "rule",
                format!(
                    "`{}` cannot be allowed: the file is broken, and stays so",
                    entry.rule
                ),
                "mend the file and remove the entry".to_owned(),
            ),
            (Some(until), _) => report(
                &EXPIRED,
                "until",
                format!("`{}` was allowed until {until}", entry.rule),
                "mend what is reported and remove the entry, or give it a new day and say why"
                    .to_owned(),
            ),
            (None, _) if !used => report(
                &UNUSED,
                "rule",
                format!(
                    "`{}` finds nothing here, so there is nothing to allow",
                    entry.rule
                ),
                "remove the entry".to_owned(),
            ),
            _ => None,
        };
        if let Some(found) = found {
            told.push(found);
        }
    }
    findings.extend(told.finish());
}

/// Whether a rule judges what was read, so that people may decide otherwise.
fn is_judgement(rule: &str) -> bool {
    let rules = super::RULES.iter();
    rules
        .filter(|known| known.about.name == rule)
        .any(|known| known.check.is_some())
}
