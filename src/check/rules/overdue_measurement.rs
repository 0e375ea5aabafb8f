//! `overdue-measurement`: a KPI that has not been measured when it should have been.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group, Threshold, Unit};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::library::figures::{self, OVERDUE_CADENCES};
use crate::schema::Data;

const TIMES: Threshold = Threshold {
    name: "cadences",
    default: OVERDUE_CADENCES,
    unit: Unit::Times,
    doc: "After how many cadences since the end of the last period a measurement is overdue",
};

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "overdue-measurement",
        severity: Severity::Warn,
        group: Group::Measures,
        summary: "An active KPI whose last measurement is more than one and a half cadences old",
        what: "The end of the last period in the CSV of an active KPI, against its `cadence`: a monthly KPI whose last \
               row is `2026-08` is overdue from the middle of October on. A KPI without any measurement is not judged.",
        why: "Readers take the last figure for today's. When measuring has stopped, they should hear of it from the \
              library and not from a customer.",
        fails: "# 2026-11-24, cadence: monthly\nperiod,value\n2026-07,41.5",
        repair: "# 2026-11-24, cadence: monthly\nperiod,value\n2026-07,41.5\n2026-10,43.0",
        thresholds: &[TIMES],
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let (Some(Data::Kpi(kpi)), Some(measured)) = (&entity.data, &entity.measurements) else {
        return;
    };
    if !entity.is_active() {
        return;
    }
    let Some(fresh) = figures::freshness(&measured.rows, kpi.cadence, cx.today) else {
        return;
    };
    if fresh.cadences > cx.value(&TIMES) {
        let message = format!(
            "the last measurement ends on {}, and this KPI is to be measured {}",
            fresh.until,
            kpi.cadence.as_str()
        );
        let help = format!(
            "add the missing rows to {}, or write the cadence that you keep",
            measured.document.path
        );
        out.push(cx.finding(entity, "/cadence", message).help(help));
    }
}
