//! A file of measurements: one row a period and slice.

use foldhash::HashMap;

use super::Row;
use super::columns::Column;
use super::reader::Reader;
use super::sheet::Record;
use crate::diagnostic::Severity;
use crate::library::statistics::{Counts, Interval, Promoters};
use crate::schema::kinds::kpi::Measure;

/// What was read so far: for each period and slice, where its row starts.
#[derive(Default)]
pub(super) struct Rows {
    seen: HashMap<(u32, u32), usize>,
}

impl Rows {
    /// Reads one row and reports all that is wrong with it.
    pub(super) fn read(&mut self, reader: &mut Reader<'_>, record: &Record<'_>) {
        let period = reader.period(record);
        let value = reader.figure(record);
        let n = reader.count(record, Column::N, 1);
        let counts = counts(reader, record, n, value);
        let interval = interval(reader, record, value);
        let slice = reader.slice(record);
        let source = reader.source(record);
        if let Some(value) = value {
            on_scale(reader, record, value);
        }
        let (Some(period), Some(value)) = (period, value) else {
            return;
        };
        if let Some(&first) = self.seen.get(&(period, slice)) {
            twice(reader, record, period, first);
            return;
        }
        self.seen.insert((period, slice), record.start());
        if let (Some(period), Some(slice)) = (reader.find_period(period), reader.find_slice(slice))
        {
            let row = Row {
                period: period.clone(),
                slice: slice.clone(),
                value,
                n: n.or_else(|| counts.map(Counts::n)),
                interval,
                counts,
                source: reader.find_source(source),
            };
            reader.content.rows.push(row);
        }
    }
}

fn twice(reader: &mut Reader<'_>, record: &Record<'_>, period: u32, first: usize) {
    let text = reader.find_period(period).map_or("", |p| &p.text);
    let message = format!(
        "{text} is there twice for the same slice; it stands in line {} too",
        reader.line(first)
    );
    let span = reader.span(record, Column::Period);
    let help = "keep one row for a period and slice";
    reader.report("csv-duplicate", span, message, help);
}

/// Warns of a value off the scale. It is shown all the same: it is what the source says.
fn on_scale(reader: &mut Reader<'_>, record: &Record<'_>, value: f64) {
    let Some((low, high)) = reader.gauge.range() else {
        return;
    };
    if !(low..=high).contains(&value) {
        let message = format!(
            "the value {value} is not between {low} and {high}, the scale of the kind `{}`",
            reader.gauge.measure.as_str()
        );
        let help = "correct it, or give the KPI the kind `custom`";
        let span = reader.span(record, Column::Value);
        if let Some(finding) = reader.report("csv-scale", span, message, help) {
            finding.severity = Severity::Warn;
        }
    }
}

/// The counts of a row, when they are whole: one that is left out is worked out from `n`. Counts
/// that contradict `n` or the value are reported and not used.
fn counts(
    reader: &mut Reader<'_>,
    record: &Record<'_>,
    n: Option<u64>,
    value: Option<f64>,
) -> Option<Counts> {
    const COLUMNS: [Column; 3] = [Column::Promoters, Column::Passives, Column::Detractors];
    if COLUMNS.iter().all(|&c| reader.columns.find(c).is_none()) {
        return None;
    }
    let given = COLUMNS.map(|column| reader.count(record, column, 0));
    let sum = given
        .iter()
        .flatten()
        .fold(0u64, |a, &b| a.saturating_add(b));
    let missing = given.iter().filter(|count| count.is_none()).count();
    if missing == 3 {
        return None;
    }
    let contradicts = n.is_some_and(|n| if missing == 0 { sum != n } else { sum > n });
    if let Some(n) = n.filter(|_| contradicts) {
        let message = format!("the counts of this row make {sum}, but `n` is {n}");
        let help = "correct `n`, or the promoters, passives and detractors";
        reader.report("csv-counts", reader.span(record, Column::N), message, help);
        return None;
    }
    let rest = match missing {
        0 => 0,
        1 => n?.checked_sub(sum)?,
        _ => return None,
    };
    let [promoters, passives, detractors] = given.map(|count| count.unwrap_or(rest));
    let counts = Promoters {
        promoters,
        passives,
        detractors,
    };
    if counts.n() == 0 {
        let message = "the counts of this row are all 0".to_owned();
        let help = "write how many answered, or leave the counts empty";
        let span = reader.span(record, Column::Promoters);
        reader.report("csv-counts", span, message, help);
        return None;
    }
    agrees(reader, record, counts, value).then_some(Counts::Promoters(counts))
}

/// Whether an NPS is the one of its counts, as far as it is written out.
fn agrees(
    reader: &mut Reader<'_>,
    record: &Record<'_>,
    counts: Promoters,
    value: Option<f64>,
) -> bool {
    let (Some(value), Some(score)) = (value, counts.score()) else {
        return true;
    };
    let text = reader.columns.get(record, Column::Value).unwrap_or("");
    if reader.gauge.measure != Measure::Nps || (value - score).abs() <= rounding(text) {
        return true;
    }
    let message = format!(
        "the counts of this row make an NPS of {score:.*}, not {text}",
        decimals(text).clamp(0, 6).unsigned_abs() as usize
    );
    let help = "correct the value or the counts: 100 × (promoters − detractors) / n";
    reader.report(
        "csv-counts",
        reader.span(record, Column::Value),
        message,
        help,
    );
    false
}

/// Half a unit of the last digit that is written, and a little for the arithmetic.
fn rounding(text: &str) -> f64 {
    0.5 * 10f64.powi(-decimals(text)) + 1e-9
}

/// How many digits a number has behind its point; fewer than none before an exponent.
fn decimals(text: &str) -> i32 {
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let behind = number.split_once('.').map_or(0, |(_, digits)| digits.len());
    let behind = i32::try_from(behind).unwrap_or(i32::MAX);
    behind.saturating_sub(exponent.parse().unwrap_or(0))
}

/// The interval of a row, when it has both ends and they hold the value.
fn interval(reader: &mut Reader<'_>, record: &Record<'_>, value: Option<f64>) -> Option<Interval> {
    let low = reader.number(record, Column::Low);
    let high = reader.number(record, Column::High);
    if let (Some(low), Some(high)) = (low, high)
        && low > high
    {
        let message = format!("`low` is {low}, which is more than `high`, {high}");
        let help = "exchange the two";
        reader.report(
            "csv-interval",
            reader.span(record, Column::Low),
            message,
            help,
        );
        return None;
    }
    let value = value?;
    let outside = if low.is_some_and(|low| value < low) {
        Some(("below `low`", low))
    } else if high.is_some_and(|high| value > high) {
        Some(("above `high`", high))
    } else {
        None
    };
    if let Some((side, Some(limit))) = outside {
        let message = format!("the value {value} is {side}, {limit}");
        let help = "correct the value or its interval";
        reader.report(
            "csv-interval",
            reader.span(record, Column::Value),
            message,
            help,
        );
        return None;
    }
    low.zip(high)
}
