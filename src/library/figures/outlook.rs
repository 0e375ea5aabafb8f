//! Whether the target will be reached by its day.

use jiff::civil::Date;

use super::{Series, meets};
use crate::library::measurements::{Gauge, Row};
use crate::library::statistics::{Interval, Line, real};
use crate::schema::kinds::kpi::{Direction, Kpi};

/// How many of the last periods make the present slope: half a year of months. They must lie
/// within twice as many periods, so that a line does not reach back over a long gap.
pub const TREND_PERIODS: usize = 6;

/// Whether the target will be reached by its day.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// The answer.
    pub answer: Answer,
    /// The present slope, in the unit of the KPI per period: of the least-squares line through
    /// the last [`TREND_PERIODS`] measurements, at least three, none of a small sample.
    pub slope: Option<f64>,
    /// How many measurements it rests on.
    pub points: usize,
    /// What the line says of the last period that is over by the target's day.
    pub forecast: Option<Forecast>,
}

/// What the present slope leads to. A line knows no scale, so all of it is cut at the ends of the
/// scale of the KPI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// How many periods after the latest one it is for.
    pub periods: i64,
    /// The value of the line.
    pub value: f64,
    /// The 95 % prediction interval.
    pub interval: Interval,
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It will: the whole prediction interval meets the target. Or the day is here and it does.
    Yes,
    /// It will not: nothing of the prediction interval meets it. Or the day is here.
    No,
    /// Nobody can say.
    CannotSay(Reason),
}

/// Why nobody can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The KPI has no target.
    NoTarget,
    /// The target has no day.
    NoDate,
    /// The day has passed, and its last period was not measured.
    NotMeasured,
    /// Fewer than three measurements make no trend.
    TooFewPoints,
    /// One of the measurements is a small sample.
    SmallSample,
    /// The prediction interval holds values on either side of the target.
    IntervalSpansTarget,
}

impl Answer {
    /// The word in the JSON view.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::CannotSay(_) => "cannot-say",
        }
    }

    /// Why nobody can say.
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::CannotSay(reason) => Some(reason),
            _ => None,
        }
    }
}

impl Reason {
    /// The word in the JSON view.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoTarget => "no-target",
            Self::NoDate => "no-date",
            Self::NotMeasured => "not-measured",
            Self::TooFewPoints => "too-few-points",
            Self::SmallSample => "small-sample",
            Self::IntervalSpansTarget => "interval-spans-target",
        }
    }
}

/// The outlook of a series on the day `now`; `None` of an empty one.
pub(super) fn of(series: &Series<'_>, kpi: &Kpi, now: Date) -> Option<Outlook> {
    let latest = series.latest()?;
    let recent = recent(series, latest);
    let small = recent.iter().any(|row| row.is_small_sample());
    let points: Vec<(f64, f64)> = recent
        .iter()
        .map(|row| (steps(row, latest), row.value))
        .collect();
    let line = Line::fit(&points).filter(|_| !small);
    let mut outlook = Outlook {
        answer: Answer::CannotSay(Reason::NoTarget),
        slope: line.map(|line| line.slope),
        points: points.len(),
        forecast: None,
    };
    let Some(target) = &kpi.target else {
        return Some(outlook);
    };
    let Some(by) = target.by else {
        outlook.answer = Answer::CannotSay(Reason::NoDate);
        return Some(outlook);
    };
    let meets = |value| meets(kpi.direction, value, target.value);
    let last = latest.period.last_over_by(by);
    let periods = last - latest.period.ordinal();
    if periods <= 0 || by < now {
        let due =
            |row: &&&Row| row.period.length == latest.period.length && row.period.ordinal() == last;
        outlook.answer = match series.rows.iter().find(due) {
            Some(row) if meets(row.value) => Answer::Yes,
            Some(_) => Answer::No,
            None => Answer::CannotSay(Reason::NotMeasured),
        };
        return Some(outlook);
    }
    let forecast = line.and_then(|line| line.predict(real(periods.unsigned_abs())));
    let (bottom, top) = Gauge::of(kpi).range().unwrap_or((f64::MIN, f64::MAX));
    let cut = |value: f64| value.clamp(bottom, top);
    outlook.forecast = forecast.map(|predicted| Forecast {
        periods,
        value: cut(predicted.value),
        interval: (cut(predicted.interval.0), cut(predicted.interval.1)),
    });
    outlook.answer = match outlook.forecast {
        None if small => Answer::CannotSay(Reason::SmallSample),
        None => Answer::CannotSay(Reason::TooFewPoints),
        Some(Forecast { interval, .. }) => {
            let (worst, best) = match kpi.direction {
                Direction::Up => interval,
                Direction::Down => (interval.1, interval.0),
            };
            match (meets(worst), meets(best)) {
                (true, _) => Answer::Yes,
                (_, false) => Answer::No,
                _ => Answer::CannotSay(Reason::IntervalSpansTarget),
            }
        }
    };
    Some(outlook)
}

/// The last measurements of the latest one's length of period, by period.
fn recent<'a>(series: &Series<'a>, latest: &Row) -> Vec<&'a Row> {
    let reach = real(2 * TREND_PERIODS as u64);
    let mut rows: Vec<&Row> = series
        .rows
        .iter()
        .copied()
        .filter(|row| row.period.length == latest.period.length && -steps(row, latest) < reach)
        .collect();
    rows.sort_by_key(|row| row.period.start);
    rows.split_off(rows.len().saturating_sub(TREND_PERIODS))
}

/// Where a row stands on the axis of periods, the latest one being 0 and those before below.
fn steps(row: &Row, latest: &Row) -> f64 {
    let back = latest.period.ordinal() - row.period.ordinal();
    -real(back.unsigned_abs())
}
