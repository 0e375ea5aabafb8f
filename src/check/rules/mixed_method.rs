//! `mixed-method`: figures side by side that were not measured alike.

use std::collections::BTreeMap;

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "mixed-method",
        severity: Severity::Warn,
        group: Group::Measures,
        summary: "Two slices of a KPI that were measured in different ways in the same period",
        what: "The column `source` in the CSV of active KPIs: within a period all rows that name a source must name the \
               same one.",
        why: "Two vendors' CSAT are not the same number, and neither are a survey and an average of support cases. Side \
              by side on one chart they look like a difference between customers.",
        source: "Fred Reichheld and Rob Markey, The Ultimate Question 2.0, 2011: scores compare only when they are \
                 asked in the same way.",
        fails: "period,persona,value,source\n2026-10,nora-lind,41.5,in-app survey\n2026-10,amara-nwosu,56.0,phone panel",
        repair: "# two KPIs, each with its method\nperiod,persona,value,source\n2026-10,nora-lind,41.5,in-app survey\n2026-10,amara-nwosu,43.0,in-app survey",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let Some(measured) = entity.measurements.as_ref().filter(|_| entity.is_active()) else {
        return;
    };
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    for row in &measured.rows {
        let Some(source) = row.source.as_deref() else {
            continue;
        };
        let first = *known.entry(&row.period.text).or_insert(source);
        if first == source {
            continue;
        }
        let message = format!(
            "`{source}` and `{first}` are two ways to measure, side by side in {}",
            row.period.text
        );
        let mut finding = match measured.place(row, "source") {
            Some(span) => measured.document.finding(RULE.about.name, span, message),
            None => cx.finding(entity, "/measurements", message),
        };
        finding.severity = RULE.about.severity;
        out.push(finding.help(
            "measure all in one way, or make a KPI of its own for the other, with its `method:`",
        ));
        // One is enough: the others of this file say the same.
        return;
    }
}
