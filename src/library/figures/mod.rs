//! What measurements come to: for each line of a KPI its latest value, change, outlook and age.
//!
//! In: [`Row`]s, the KPI, and a day to look at them from. Out: [`Series`] and their [`Figures`].
//! Nothing is read or kept. A series is what may be drawn as one line: one slice from one source.
//! Values are compared inside a series only, and only between periods of the same length.

mod change;
mod freshness;
mod outlook;
mod state;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::measurements::{Gauge, Period, Row, Slice};
use super::statistics::{self, Counts, Interval, real, share_interval};
use crate::schema::kinds::kpi::{Direction, Kpi, Measure};

pub use change::Change;
pub use freshness::{Freshness, OVERDUE_CADENCES, freshness};
pub use outlook::{Answer, Forecast, Outlook, Reason, TREND_PERIODS};
pub use state::{State, state};

/// The measurements of one slice from one source, by period.
#[derive(Debug, Clone)]
pub struct Series<'a> {
    /// For whom.
    pub slice: &'a Slice,
    /// Where the values come from, when the file tells several sources apart.
    pub source: Option<&'a str>,
    /// The measurements; never empty.
    pub rows: Vec<&'a Row>,
}

/// What a series comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures<'a> {
    /// The measurement whose period ends last; of several the shortest.
    pub latest: &'a Row,
    /// The interval around it: as given, or from what was counted.
    pub interval: Option<Interval>,
    /// Whether it is good, a warning or bad.
    pub state: State,
    /// Whether so few were asked that no trend should be shown.
    pub small_sample: bool,
    /// Against the last period of the same length that was measured before.
    pub change: Option<Change<'a>>,
    /// Against the same period a year before.
    pub year_change: Option<Change<'a>>,
    /// How far it is to the target: positive when the value must rise. In the unit of the KPI.
    pub to_target: Option<f64>,
    /// Whether the value meets the target now.
    pub meets_target: Option<bool>,
    /// Whether it will, by its day.
    pub outlook: Outlook,
    /// How old it is.
    pub freshness: Freshness,
}

/// The series of some rows: everybody first, then the slices by name, each by source.
pub fn series(rows: &[Row]) -> Vec<Series<'_>> {
    let mut lines: BTreeMap<(&Slice, Option<&str>), Vec<&Row>> = BTreeMap::new();
    for row in rows {
        let line = (&*row.slice, row.source.as_deref());
        lines.entry(line).or_default().push(row);
    }
    let lines = lines.into_iter().map(|((slice, source), mut rows)| {
        rows.sort_by(|a, b| a.period.cmp(&b.period));
        Series {
            slice,
            source,
            rows,
        }
    });
    lines.collect()
}

/// The series that stands for the KPI as a whole: everybody's, or without one the first slice's.
/// Of several sources it is the one that was measured last.
pub fn overall(rows: &[Row]) -> Option<Series<'_>> {
    let everybody = rows.iter().find(|row| row.slice.is_all());
    let slice = match everybody {
        Some(row) => &row.slice,
        None => rows.iter().map(|row| &row.slice).min()?,
    };
    let source = latest(rows, |own| *own == **slice)?;
    let of_line = |row: &&Row| row.slice == source.slice && row.source == source.source;
    let mut line: Vec<&Row> = rows.iter().filter(of_line).collect();
    line.sort_by(|a, b| a.period.cmp(&b.period));
    Some(Series {
        slice: &source.slice,
        source: source.source.as_deref(),
        rows: line,
    })
}

/// The latest measurement of the slices that are `wanted`.
pub fn latest(rows: &[Row], wanted: impl Fn(&Slice) -> bool) -> Option<&Row> {
    let rows = rows.iter().filter(|row| wanted(&row.slice));
    rows.max_by(|a, b| {
        let by_source = || b.source.cmp(&a.source);
        recency(&a.period)
            .cmp(&recency(&b.period))
            .then_with(by_source)
    })
}

/// Periods by their last day; of those that end together the shortest is the most recent.
fn recency(period: &Period) -> (Date, Date) {
    (period.end(), period.start)
}

impl<'a> Series<'a> {
    /// The measurement whose period ends last; of several the shortest.
    pub fn latest(&self) -> Option<&'a Row> {
        let rows = self.rows.iter().copied();
        rows.max_by_key(|row| recency(&row.period))
    }

    /// The change of the latest value against the last period of the same length before it.
    pub fn change(&self, gauge: Gauge) -> Option<Change<'a>> {
        let latest = self.latest()?;
        let before = |row: &&&Row| {
            row.period.length == latest.period.length && row.period.start < latest.period.start
        };
        let since = self
            .rows
            .iter()
            .filter(before)
            .max_by_key(|r| r.period.start)?;
        Some(Change::between(latest, since, gauge))
    }

    /// The change of the latest value against the same period a year before.
    pub fn year_change(&self, gauge: Gauge) -> Option<Change<'a>> {
        let latest = self.latest()?;
        let start = latest.period.year_before()?;
        let since = self
            .rows
            .iter()
            .find(|row| row.period.length == latest.period.length && row.period.start == start)?;
        Some(Change::between(latest, since, gauge))
    }

    /// All figures, seen from the day `now`.
    pub fn figures(&self, kpi: &Kpi, now: Date) -> Option<Figures<'a>> {
        let latest = self.latest()?;
        let gauge = Gauge::of(kpi);
        let target = kpi.target.as_ref().map(|target| target.value);
        Some(Figures {
            latest,
            interval: interval(latest, gauge),
            state: state(kpi, latest.value),
            small_sample: latest.is_small_sample(),
            change: self.change(gauge),
            year_change: self.year_change(gauge),
            to_target: target.map(|target| target - latest.value),
            meets_target: target.map(|target| meets(kpi.direction, latest.value, target)),
            outlook: outlook::of(self, kpi, now)?,
            freshness: Freshness::of(&latest.period, kpi.cadence, now),
        })
    }
}

/// Whether a value is as good as a target or better.
fn meets(direction: Direction, value: f64, target: f64) -> bool {
    match direction {
        Direction::Up => value >= target,
        Direction::Down => value <= target,
    }
}

/// The interval around a value: as given, else from its counts, else from its `n` where the value
/// is a share of it.
pub fn interval(row: &Row, gauge: Gauge) -> Option<Interval> {
    row.interval.or_else(|| match countable(row, gauge) {
        Some(counts) => counts.interval(),
        None if gauge.is_share() => share_interval(row.value, real(row.n?)),
        None => None,
    })
}

/// The counts that a value is made of. Other kinds may keep them beside a value of their own.
fn countable(row: &Row, gauge: Gauge) -> Option<Counts> {
    row.counts.filter(|counts| match counts {
        Counts::Promoters(_) => gauge.measure == Measure::Nps,
        Counts::Share(_) => true,
    })
}

/// The rows of everybody where a file has only those of personas, or only those of segments or
/// of journeys: for each source and period, from the counts of its rows.
///
/// Empty when everybody stands in the file, when there is one slice or slices of different sorts,
/// which may overlap, and when a row has no counts: then there is no whole. A period that lacks one of the slices is left out,
/// since it would be another whole than the periods beside it.
pub fn roll_up(rows: &[Row], gauge: Gauge) -> Vec<Row> {
    let mut out = Vec::new();
    let sources: BTreeSet<Option<&Arc<str>>> = rows.iter().map(|r| r.source.as_ref()).collect();
    for source in sources {
        let rows = || rows.iter().filter(|row| row.source.as_ref() == source);
        let slices: BTreeSet<&Slice> = rows().map(|row| &*row.slice).collect();
        let parts: BTreeSet<[bool; 4]> = slices.iter().map(|slice| slice.parts()).collect();
        let alike = parts.len() == 1 && parts.iter().flatten().filter(|named| **named).count() == 1;
        if !alike || slices.len() < 2 || rows().any(|row| countable(row, gauge).is_none()) {
            continue;
        }
        let everybody = Arc::new(Slice::default());
        let mut periods: BTreeMap<&Period, Vec<&Row>> = BTreeMap::new();
        for row in rows() {
            periods.entry(&row.period).or_default().push(row);
        }
        for (period, parts) in periods {
            let complete = parts.len() == slices.len();
            let counts = statistics::sum(parts.iter().map(|row| row.counts));
            let Some(counts) = counts.filter(|_| complete) else {
                continue;
            };
            out.extend(counts.score().map(|value| Row {
                period: period.clone(),
                slice: everybody.clone(),
                value,
                n: Some(counts.n()),
                interval: counts.interval(),
                counts: Some(counts),
                source: source.cloned(),
            }));
        }
    }
    out
}
