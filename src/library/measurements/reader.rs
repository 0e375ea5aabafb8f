//! From the text of a CSV to rows and findings.
//!
//! What is common to both sorts of file stands here: periods, slices, numbers. Ids and periods
//! are kept once and compared by number, so a row of a large file allocates nothing.

use std::ops::Range;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::columns::{Column, Columns, Sort};
use super::gauge::Gauge;
use super::interner::Interner;
use super::responses::Responses;
use super::rows::Rows;
use super::sheet::{Record, Sheet};
use super::{Period, Row, Slice};
use crate::diagnostic::{Diagnostic, Edit, Fix, Gathered};
use crate::schema::Kind;
use crate::source::Document;

/// What a file says.
#[derive(Default)]
pub(super) struct Content {
    pub(super) rows: Vec<Row>,
    pub(super) names: Vec<(Kind, Arc<str>)>,
    pub(super) stages: Vec<(Arc<str>, Arc<str>)>,
    pub(super) findings: Vec<Diagnostic>,
    pub(super) of_answers: bool,
}

/// Reads a file. Without a gauge nothing is said about scales and formulas.
pub(super) fn read(document: &Document, gauge: Option<Gauge>) -> Content {
    let mut reader = Reader::new(document, gauge.unwrap_or(Gauge::NONE));
    reader.read(gauge);
    let mut content = reader.content;
    content.findings = reader.findings.finish();
    content
        .rows
        .sort_by_key(|row| (row.period.start, row.period.length));
    content
}

enum Shape {
    Measurements(Rows),
    Responses(Responses),
}

/// A slice by the numbers of its parts.
type Key = [Option<u32>; 4];

/// A file being read.
pub(super) struct Reader<'a> {
    document: &'a Document,
    pub(super) gauge: Gauge,
    pub(super) columns: Columns,
    pub(super) content: Content,
    findings: Gathered,
    periods: Interner,
    parsed: Vec<Option<Period>>,
    /// Personas, segments, journeys, stages.
    ids: [Interner; 4],
    slices: HashMap<Key, u32>,
    known: Vec<Arc<Slice>>,
    named: HashSet<(Kind, u32)>,
    staged: HashSet<(Option<u32>, Option<u32>)>,
    sources: Interner,
}

impl<'a> Reader<'a> {
    fn new(document: &'a Document, gauge: Gauge) -> Self {
        Self {
            document,
            gauge,
            columns: Columns::default(),
            content: Content::default(),
            findings: Gathered::default(),
            periods: Interner::default(),
            parsed: Vec::new(),
            ids: <[Interner; 4]>::default(),
            slices: HashMap::default(),
            known: Vec::new(),
            named: HashSet::default(),
            staged: HashSet::default(),
            sources: Interner::default(),
        }
    }

    fn read(&mut self, gauge: Option<Gauge>) {
        let mut sheet = Sheet::new(&self.document.text);
        self.columns = match sheet.next() {
            Ok(Some(header)) => match separator(&header) {
                None => self.header(&header, gauge.is_some()),
                Some(wrong) => return self.separated(&header, wrong),
            },
            Ok(None) => {
                let help = "start it with the line `period,value`";
                self.report("csv-column", 0..0, "this file is empty".to_owned(), help);
                return;
            }
            Err((error, at)) => return self.unreadable(&error, at),
        };
        self.content.of_answers = self.columns.sort == Sort::Responses;
        let mut rows = match self.columns.sort {
            Sort::Measurements => Shape::Measurements(Rows::default()),
            Sort::Responses => Shape::Responses(Responses::new(self.gauge)),
        };
        loop {
            match sheet.next() {
                Ok(Some(record)) if !self.fits(&record) => {}
                Ok(Some(record)) => match &mut rows {
                    Shape::Measurements(rows) => rows.read(self, &record),
                    Shape::Responses(rows) => rows.read(self, &record),
                },
                Ok(None) => break,
                Err((error, at)) => {
                    self.unreadable(&error, at);
                    break;
                }
            }
        }
        if let Shape::Responses(answers) = rows {
            answers.finish(self);
        }
    }

    /// The columns are told apart by something else than commas.
    fn separated(&mut self, header: &Record<'_>, (wrong, name): (char, &str)) {
        let message = format!("the columns of this file are separated by {name}s");
        let help = format!(
            "save it with commas: `{}`",
            header.fields().next().unwrap_or("").replace(wrong, ",")
        );
        self.report("csv-syntax", header.line(), message, &help);
    }

    fn header(&mut self, record: &Record<'_>, is_known: bool) -> Columns {
        let (columns, faults) = Columns::read(record);
        for fault in faults {
            let span = |index| record.span(index);
            let place = fault.index.map_or_else(|| record.line(), span);
            let fix = fault.meant.map(|meant| {
                let edit = Edit {
                    span: unquoted(&self.document.text, place.clone()),
                    text: meant.to_owned(),
                };
                Fix::new(format!("write `{meant}`"), edit)
            });
            if let Some(finding) = self.report("csv-column", place, fault.message, &fault.help) {
                finding.fix = fix.map(Box::new);
            }
        }
        if is_known && columns.sort == Sort::Responses && self.gauge.answers().is_none() {
            let message = format!(
                "a KPI of the kind `{}` has no formula that makes a value of answers",
                self.gauge.measure.as_str()
            );
            let index = columns.find(Column::Score).unwrap_or(0);
            let help = "write one row a period, with the columns `period,value`";
            self.report("csv-column", record.span(index), message, help);
        }
        columns
    }

    fn unreadable(&mut self, error: &csv::Error, at: usize) {
        let help = "check the quotes of this row";
        self.report("csv-syntax", at..at, error.to_string(), help);
    }

    /// Whether a row has as many fields as there are columns.
    fn fits(&mut self, record: &Record<'_>) -> bool {
        if let Some(span) = record.open_quote() {
            let message = "this quote is never closed".to_owned();
            let help = "close it at the end of its field, or remove it";
            self.report("csv-syntax", span, message, help);
            return false;
        }
        if record.len() == self.columns.len {
            return true;
        }
        let message = format!(
            "this row has {} fields, the first row has {}",
            record.len(),
            self.columns.len
        );
        let help = "give every row one field for each column";
        self.report("csv-syntax", record.line(), message, help);
        false
    }

    /// The number of the period of a row; without one there is a finding.
    pub(super) fn period(&mut self, record: &Record<'_>) -> Option<u32> {
        let index = self.columns.find(Column::Period)?;
        let text = record.get(index).unwrap_or("");
        let (number, new) = self.periods.intern(text);
        if new {
            self.parsed.push(Period::parse(text));
        }
        if self.find_period(number).is_none() {
            let message = if text.is_empty() {
                "the period is missing".to_owned()
            } else {
                format!("`{text}` is not a period")
            };
            self.report("csv-period", record.span(index), message, "write a year, quarter, month, week or day: `2026`, `2026-Q3`, `2026-09`, `2026-W38`, `2026-09-14`");
            return None;
        }
        Some(number)
    }

    pub(super) fn find_period(&self, number: u32) -> Option<&Period> {
        self.parsed.get(number as usize)?.as_ref()
    }

    /// The number of the slice of a row.
    pub(super) fn slice(&mut self, record: &Record<'_>) -> u32 {
        let mut key: Key = [None; 4];
        for ((place, ids), column) in key.iter_mut().zip(&mut self.ids).zip(NAMES) {
            if let Some(id) = self.columns.get(record, column) {
                *place = Some(ids.intern(id).0);
            }
        }
        if let [_, _, None, Some(_)] = key {
            let span = self.span(record, Column::Stage);
            let message = "this row names a stage, but not the journey it is a part of";
            let help = "name the journey in the column `journey`";
            self.report("csv-value", span, message.to_owned(), help);
        }
        if let Some(&number) = self.slices.get(&key) {
            return number;
        }
        let text = |part: usize| self.ids[part].text(key[part]?).cloned();
        let slice = Slice {
            persona: text(0),
            segment: text(1),
            journey: text(2),
            stage: text(3),
        };
        self.note(key, &slice);
        let number = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        self.known.push(Arc::new(slice));
        self.slices.insert(key, number);
        number
    }

    /// Remembers whom a new slice names.
    fn note(&mut self, key: Key, slice: &Slice) {
        let parts = [
            (Kind::Persona, &slice.persona),
            (Kind::Segment, &slice.segment),
            (Kind::Journey, &slice.journey),
        ];
        for ((kind, id), number) in parts.into_iter().zip(key) {
            if let (Some(id), Some(number)) = (id, number)
                && self.named.insert((kind, number))
            {
                self.content.names.push((kind, id.clone()));
            }
        }
        if let (Some(journey), Some(stage)) = (&slice.journey, &slice.stage)
            && self.staged.insert((key[2], key[3]))
        {
            self.content.stages.push((journey.clone(), stage.clone()));
        }
    }

    pub(super) fn find_slice(&self, number: u32) -> Option<&Arc<Slice>> {
        self.known.get(number as usize)
    }

    /// The number of the source of a row.
    pub(super) fn source(&mut self, record: &Record<'_>) -> Option<u32> {
        let text = self.columns.get(record, Column::Source)?;
        Some(self.sources.intern(text).0)
    }

    pub(super) fn find_source(&self, number: Option<u32>) -> Option<Arc<str>> {
        self.sources.text(number?).cloned()
    }

    /// The figure of a row, which must be there.
    pub(super) fn figure(&mut self, record: &Record<'_>) -> Option<f64> {
        let column = self.columns.sort.figure();
        let index = self.columns.find(column)?;
        if record.get(index).is_none() {
            let message = format!("the {} is missing", column.name());
            let help = "write a number, or remove the row";
            self.report("csv-value", record.span(index), message, help);
        }
        self.number(record, column)
    }

    /// A number, if the field holds something.
    pub(super) fn number(&mut self, record: &Record<'_>, column: Column) -> Option<f64> {
        let text = self.columns.get(record, column)?;
        let number = text.parse::<f64>().ok().filter(|n| n.is_finite());
        if number.is_none() {
            let message = format!("`{text}` in the column `{}` is not a number", column.name());
            let help = "write digits and a point: `41.5`";
            self.report("csv-value", self.span(record, column), message, help);
        }
        number
    }

    /// A whole number that is not less than `least`, if the field holds something.
    pub(super) fn count(&mut self, record: &Record<'_>, column: Column, least: u64) -> Option<u64> {
        let text = self.columns.get(record, column)?;
        if let Some(count) = text.parse().ok().filter(|&count| count >= least) {
            return Some(count);
        }
        let number = self.number(record, column)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number that is small and not negative is kept, any other is reported"
        )]
        let count = number as u64;
        if number.fract() == 0.0 && (0.0..=2f64.powi(53)).contains(&number) && count >= least {
            return Some(count);
        }
        let name = column.name();
        let message = match least {
            0 => format!("`{name}` must be a whole number"),
            _ => format!("`{name}` must be a whole number of at least {least}"),
        };
        let help = "write how many there were, or leave it empty";
        self.report("csv-value", self.span(record, column), message, help);
        None
    }

    /// The place of a column in a record.
    pub(super) fn span(&self, record: &Record<'_>, column: Column) -> Range<usize> {
        match self.columns.find(column) {
            Some(index) => record.span(index),
            None => record.line(),
        }
    }

    /// The line of a byte.
    pub(super) fn line(&self, at: usize) -> u32 {
        self.document.place(at..at).start.line
    }

    /// Says what is wrong; gives the finding back, if there is room for it.
    pub(super) fn report(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: String,
        help: &str,
    ) -> Option<&mut Diagnostic> {
        let make = || self.document.finding(code, span, message).help(help);
        self.findings.keep(make)
    }
}

/// The columns that name a slice.
pub(super) const NAMES: [Column; 4] = [
    Column::Persona,
    Column::Segment,
    Column::Journey,
    Column::Stage,
];

/// What separates the columns instead of the comma, when the first row is one field that names
/// several of them.
fn separator(header: &Record<'_>) -> Option<(char, &'static str)> {
    let only = header.fields().next().filter(|_| header.len() == 1)?;
    let known = |name: &str| {
        let name = name.trim().trim_matches('"');
        [Column::Period, Column::Value, Column::Score]
            .iter()
            .any(|column| column.name() == name)
    };
    [(';', "semicolon"), ('\t', "tab"), ('|', "vertical bar")]
        .into_iter()
        .find(|(mark, _)| only.contains(*mark) && only.split(*mark).any(known))
}

/// A field without its quotes.
fn unquoted(text: &str, span: Range<usize>) -> Range<usize> {
    let field = text.get(span.clone()).unwrap_or_default();
    let quotes = usize::from(field.len() > 1 && field.starts_with('"') && field.ends_with('"'));
    span.start + quotes..span.end - quotes
}
