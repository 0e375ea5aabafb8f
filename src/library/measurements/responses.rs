//! A file of answers: one row an answer, aggregated by the formula of the KPI's kind.
//!
//! Answers are tallied by period, slice and source as the rows name them. From the tallies, never
//! from their scores, come the figures of each persona, segment, journey and stage, and of all.
//! Answers from two sources are not added up.

use foldhash::HashMap;

use super::Row;
use super::columns::Column;
use super::gauge::{Answers, Gauge, Tally};
use super::reader::Reader;
use super::sheet::Record;

/// Period, slice and source, by their numbers.
type Key = (u32, u32, Option<u32>);

/// The answers that were read so far.
pub(super) struct Responses {
    /// What an answer can be, and a tally of none; `None` where answers do not make the figure.
    formula: Option<(Answers, Tally)>,
    tallies: HashMap<Key, Tally>,
}

impl Responses {
    /// Begins to read answers.
    pub(super) fn new(gauge: Gauge) -> Self {
        Self {
            formula: gauge.answers().zip(gauge.tally()),
            tallies: HashMap::default(),
        }
    }

    /// Reads one answer and reports all that is wrong with it.
    pub(super) fn read(&mut self, reader: &mut Reader<'_>, record: &Record<'_>) {
        let period = reader.period(record);
        let score = reader.figure(record);
        let slice = reader.slice(record);
        let source = reader.source(record);
        let Some((answers, empty)) = &self.formula else {
            return;
        };
        let score = score.filter(|&score| on_scale(reader, record, score, *answers));
        if let (Some(period), Some(score)) = (period, score) {
            let tally = self.tallies.entry((period, slice, source));
            tally.or_insert_with(|| empty.clone()).add(score, *answers);
        }
    }

    /// Makes the rows of all slices.
    pub(super) fn finish(self, reader: &mut Reader<'_>) {
        let Some((_, empty)) = self.formula else {
            return;
        };
        let mut whole: Vec<(Row, Tally)> = Vec::new();
        let mut places = HashMap::default();
        for ((period, slice, source), tally) in self.tallies {
            let (Some(period), Some(slice)) =
                (reader.find_period(period), reader.find_slice(slice))
            else {
                continue;
            };
            let origin = reader.find_source(source);
            for slice in slice.roll_ups() {
                let key = (period.start, period.length, slice.clone(), source);
                let at = *places.entry(key).or_insert_with(|| {
                    let row = Row {
                        period: period.clone(),
                        slice: slice.into(),
                        value: 0.0,
                        n: None,
                        interval: None,
                        counts: None,
                        source: origin.clone(),
                    };
                    whole.push((row, empty.clone()));
                    whole.len() - 1
                });
                if let Some((_, sum)) = whole.get_mut(at) {
                    sum.merge(&tally);
                }
            }
        }
        let mut rows: Vec<Row> = whole
            .into_iter()
            .filter_map(|(row, tally)| {
                let score = tally.score()?;
                Some(Row {
                    value: score.value,
                    n: Some(score.n),
                    interval: score.interval,
                    counts: score.counts,
                    ..row
                })
            })
            .collect();
        rows.sort_by(|a, b| {
            (&a.period, &a.slice, &a.source).cmp(&(&b.period, &b.slice, &b.source))
        });
        reader.content.rows = rows;
    }
}

fn on_scale(reader: &mut Reader<'_>, record: &Record<'_>, score: f64, answers: Answers) -> bool {
    let (low, high) = answers.range;
    if (low..=high).contains(&score) && !(answers.whole && score.fract() != 0.0) {
        return true;
    }
    let measure = reader.gauge.measure.as_str();
    let (message, help) = if high < f64::MAX {
        (
            format!("the score {score} is not on the scale of the kind `{measure}`"),
            format!("write a whole number from {low} to {high}, or remove the row"),
        )
    } else {
        (
            format!("the score {score} is not a length of time"),
            "write a number that is not negative, or remove the row".to_owned(),
        )
    };
    reader.report(
        "csv-scale",
        reader.span(record, Column::Score),
        message,
        &help,
    );
    false
}
