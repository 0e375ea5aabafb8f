//! How old measurements are, against how often they should be taken.

use jiff::civil::Date;

use crate::library::measurements::{Period, Row, days};
use crate::schema::kinds::kpi::Cadence;

/// A measurement is overdue when the last one is older than this many cadences.
pub const OVERDUE_CADENCES: f64 = 1.5;

/// The age of a measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Freshness {
    /// The last day of its period.
    pub until: Date,
    /// Days since then; less than 0 while the period goes on.
    pub age_days: i32,
    /// The age in cadences.
    pub cadences: f64,
    /// Whether the next one is overdue: the age is over [`OVERDUE_CADENCES`].
    pub overdue: bool,
}

impl Freshness {
    /// The age of a measurement of `period` on the day `now`.
    pub fn of(period: &Period, cadence: Cadence, now: Date) -> Self {
        let until = period.end();
        let age_days = days(now) - days(until);
        let cadences = f64::from(age_days) / cadence_days(cadence);
        Self {
            until,
            age_days,
            cadences,
            overdue: cadences > OVERDUE_CADENCES,
        }
    }
}

/// The age of the newest of some measurements, of whatever slice; `None` when there are none.
pub fn freshness(rows: &[Row], cadence: Cadence, now: Date) -> Option<Freshness> {
    let newest = rows.iter().map(|row| &row.period).max_by_key(|p| p.end())?;
    Some(Freshness::of(newest, cadence, now))
}

/// The days of a cadence, a year being 365.25 days.
fn cadence_days(cadence: Cadence) -> f64 {
    match cadence {
        Cadence::Weekly => 7.0,
        Cadence::Monthly => 365.25 / 12.0,
        Cadence::Quarterly => 365.25 / 4.0,
        Cadence::Yearly => 365.25,
    }
}
