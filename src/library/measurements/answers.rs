//! The single answers of a file: asked for when two states of it are compared. All else works with
//! the rows that are made of them.

use super::columns::{Column, Columns};
use super::reader::NAMES;
use super::sheet::Sheet;
use super::{Measurements, Period};

/// One answer of a file that holds one a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer<'a> {
    /// The period, as written.
    pub period: &'a str,
    /// Persona, segment, journey and stage, as far as the row names them.
    pub slice: [Option<&'a str>; 4],
    /// Where it comes from.
    pub source: Option<&'a str>,
    /// The answer.
    pub score: f64,
    /// The byte at which its row begins.
    pub start: usize,
}

impl Measurements {
    /// Reads the file again and shows `each` answer in it, in the order of the file. A row that says
    /// no period or no score is none.
    pub fn each_answer(&self, mut each: impl FnMut(Answer<'_>)) {
        let mut sheet = Sheet::new(&self.document.text);
        let Ok(Some(header)) = sheet.next() else {
            return;
        };
        let (columns, _) = Columns::read(&header);
        while let Ok(Some(record)) = sheet.next() {
            let score = columns.get(&record, Column::Score);
            let score = score.and_then(|text| text.parse::<f64>().ok());
            let period = columns.get(&record, Column::Period);
            let period = period.filter(|text| Period::parse(text).is_some());
            if let (Some(period), Some(score)) = (period, score.filter(|score| score.is_finite()))
                && record.len() == columns.len
            {
                each(Answer {
                    period,
                    slice: NAMES.map(|column| columns.get(&record, column)),
                    source: columns.get(&record, Column::Source),
                    score,
                    start: record.start(),
                });
            }
        }
    }
}
