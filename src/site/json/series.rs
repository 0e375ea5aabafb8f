//! The lines of a KPI with all their figures, at full precision.

use jiff::civil::Date;
use serde::Serialize;

use crate::library::figures::{self, Answer, Change, Figures, Forecast, Outlook, Reason, Series};
use crate::library::measurements::{Gauge, Row, Slice};
use crate::library::statistics::{Counts, Interval};
use crate::schema::kinds::kpi::Kpi;

/// One line: a slice from one source.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    #[serde(flatten)]
    slice: Parts<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    /// Whether it stands in no file but is the sum of the counts of all slices.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    rolled_up: bool,
    rows: Vec<Point<'a>>,
    figures: Option<Summary<'a>>,
}

/// The parts of a slice that are named.
#[derive(Serialize)]
pub(super) struct Parts<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    persona: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    segment: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    journey: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'a str>,
}

impl<'a> From<&'a Slice> for Parts<'a> {
    fn from(slice: &'a Slice) -> Self {
        Self {
            persona: slice.persona.as_deref(),
            segment: slice.segment.as_deref(),
            journey: slice.journey.as_deref(),
            stage: slice.stage.as_deref(),
        }
    }
}

/// One measurement.
#[derive(Serialize)]
struct Point<'a> {
    period: &'a str,
    start: Date,
    end: Date,
    length: &'static str,
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<u64>,
    /// As given, or from what was counted.
    #[serde(flatten)]
    interval: Option<Ends>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<Counted>,
    small_sample: bool,
}

#[derive(Serialize)]
struct Ends {
    low: f64,
    high: f64,
}

impl From<Interval> for Ends {
    fn from((low, high): Interval) -> Self {
        Self { low, high }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Counted {
    Promoters {
        promoters: u64,
        passives: u64,
        detractors: u64,
    },
    Share {
        part: u64,
        whole: u64,
    },
}

impl From<Counts> for Counted {
    fn from(counts: Counts) -> Self {
        match counts {
            Counts::Promoters(c) => Self::Promoters {
                promoters: c.promoters,
                passives: c.passives,
                detractors: c.detractors,
            },
            Counts::Share(share) => Self::Share {
                part: share.part,
                whole: share.whole,
            },
        }
    }
}

/// What the line comes to.
#[derive(Serialize)]
struct Summary<'a> {
    latest: Point<'a>,
    state: &'static str,
    small_sample: bool,
    change: Option<Moved<'a>>,
    year_change: Option<Moved<'a>>,
    to_target: Option<f64>,
    meets_target: Option<bool>,
    outlook: Ahead,
    freshness: Measured,
}

#[derive(Serialize)]
struct Moved<'a> {
    since: &'a str,
    periods: i64,
    difference: f64,
    beyond_chance: Option<bool>,
    small_sample: bool,
}

impl<'a> From<Change<'a>> for Moved<'a> {
    fn from(change: Change<'a>) -> Self {
        Self {
            since: &change.since.period.text,
            periods: change.periods,
            difference: change.difference,
            beyond_chance: change.beyond_chance,
            small_sample: change.small_sample,
        }
    }
}

/// Whether the target will be reached by its day.
#[derive(Serialize)]
struct Ahead {
    answer: &'static str,
    reason: Option<&'static str>,
    slope: Option<f64>,
    points: usize,
    forecast: Option<Forecasted>,
}

#[derive(Serialize)]
struct Forecasted {
    periods: i64,
    value: f64,
    #[serde(flatten)]
    interval: Ends,
}

impl From<Forecast> for Forecasted {
    fn from(forecast: Forecast) -> Self {
        Self {
            periods: forecast.periods,
            value: forecast.value,
            interval: forecast.interval.into(),
        }
    }
}

impl From<Outlook> for Ahead {
    fn from(outlook: Outlook) -> Self {
        Self {
            answer: outlook.answer.as_str(),
            reason: Answer::reason(outlook.answer).map(Reason::as_str),
            slope: outlook.slope,
            points: outlook.points,
            forecast: outlook.forecast.map(Into::into),
        }
    }
}

#[derive(Serialize)]
struct Measured {
    until: Date,
    age_days: i32,
    cadences: f64,
    overdue: bool,
}

/// All lines of a KPI as they are seen on the day `now`; `rolled_up` are the rows that
/// [`figures::roll_up`] makes of `rows`.
pub(super) fn lines<'a>(
    rows: &'a [Row],
    rolled_up: &'a [Row],
    kpi: &Kpi,
    now: Date,
) -> Vec<Line<'a>> {
    let line = |series: Series<'a>, rolled_up| {
        let gauge = Gauge::of(kpi);
        Line {
            slice: series.slice.into(),
            source: series.source,
            rolled_up,
            rows: series.rows.iter().map(|row| point(row, gauge)).collect(),
            figures: series.figures(kpi, now).map(|found| summary(found, gauge)),
        }
    };
    let sums = figures::series(rolled_up).into_iter();
    let written = figures::series(rows).into_iter();
    sums.map(|series| line(series, true))
        .chain(written.map(|series| line(series, false)))
        .collect()
}

fn point(row: &Row, gauge: Gauge) -> Point<'_> {
    Point {
        period: &row.period.text,
        start: row.period.start,
        end: row.period.end(),
        length: row.period.length.as_str(),
        value: row.value,
        n: row.n,
        interval: figures::interval(row, gauge).map(Into::into),
        counts: row.counts.map(Into::into),
        small_sample: row.is_small_sample(),
    }
}

fn summary(found: Figures<'_>, gauge: Gauge) -> Summary<'_> {
    let Figures {
        latest,
        freshness: age,
        ..
    } = found;
    Summary {
        latest: point(latest, gauge),
        state: found.state.as_str(),
        small_sample: found.small_sample,
        change: found.change.map(Into::into),
        year_change: found.year_change.map(Into::into),
        to_target: found.to_target,
        meets_target: found.meets_target,
        outlook: found.outlook.into(),
        freshness: Measured {
            until: age.until,
            age_days: age.age_days,
            cadences: age.cadences,
            overdue: age.overdue,
        },
    }
}
