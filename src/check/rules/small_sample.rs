//! `small-sample`: a figure of too few answers to tell a trend.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group, Threshold, Unit};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::library::measurements::Row;

const LEAST: Threshold = Threshold {
    name: "least",
    default: 30.0,
    unit: Unit::Count,
    doc: "How many answers a figure of the last period must at least rest on",
};

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "small-sample",
        severity: Severity::Warn,
        group: Group::Measures,
        summary: "A figure of the last period that rests on fewer than 30 answers",
        what: "The column `n` in the rows of the last period of active KPIs. Below 30 the page shows the figure without \
               the arrow that tells a trend.",
        why: "With a dozen answers one customer in a bad mood moves the score by eight points. The arrow would tell of the \
              dice.",
        source: "The interval of a proportion of 30 answers is some 35 points wide: Alan Agresti and Brent Coull, \
                 Approximate is Better than Exact, The American Statistician, 1998.",
        fails: "period,persona,value,n\n2026-10,nora-lind,41.5,12",
        repair: "# a longer period, until there are enough\nperiod,persona,value,n\n2026-Q4,nora-lind,40.2,38",
        thresholds: &[LEAST],
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let Some(measured) = entity.measurements.as_ref().filter(|_| entity.is_active()) else {
        return;
    };
    let Some(last) = measured.rows.last() else {
        return;
    };
    let enough = cx.count(&LEAST) as u64;
    let latest = measured.rows.iter().rev();
    let latest = latest.take_while(|row| row.period.start == last.period.start);
    let small: Vec<(&Row, u64)> = latest
        .filter_map(|row| Some((row, row.n.filter(|n| *n < enough)?)))
        .collect();
    for (row, n) in small {
        let message = format!(
            "the figure of {} rests on {n} answers, fewer than {enough}",
            row.period.text
        );
        let help =
            "its trend is not shown; ask more people, or give the figure for a longer period";
        let mut finding = match measured.place(row, "n") {
            Some(span) => measured.document.finding(RULE.about.name, span, message),
            None => cx.finding(entity, "/measurements", message),
        };
        finding.severity = RULE.about.severity;
        out.push(finding.help(help));
    }
}
