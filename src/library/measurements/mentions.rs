//! Where a file says what: asked for when something in it turns out to be wrong, or different.

use foldhash::HashMap;
use std::ops::Range;

use super::columns::{Column, Columns};
use super::reader::NAMES;
use super::sheet::{Record, Sheet};
use super::{Measurements, Row};
use crate::schema::Kind;

/// A name in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mention<'a> {
    /// An entity.
    Entity(Kind, &'a str),
    /// A stage of a journey.
    Stage {
        /// The id of the journey.
        journey: &'a str,
        /// The id of the stage.
        stage: &'a str,
    },
}

impl Measurements {
    /// Reads the file again and tells `each` every name in it, with its place.
    pub fn mentions(&self, mut each: impl FnMut(Mention<'_>, &dyn Fn() -> Range<usize>)) {
        let mut sheet = Sheet::new(&self.document.text);
        let Ok(Some(header)) = sheet.next() else {
            return;
        };
        let (columns, _) = Columns::read(&header);
        while let Ok(Some(record)) = sheet.next() {
            if record.len() != columns.len {
                continue;
            }
            for column in NAMES {
                if let Some(mention) = mention(&columns, &record, column)
                    && let Some(index) = columns.find(column)
                {
                    each(mention, &|| record.span(index));
                }
            }
        }
    }
}

impl Measurements {
    /// The place of what a row says in a column, such as `n`; `None` where the file has no such
    /// column, or no such row since it holds answers.
    pub fn place(&self, row: &Row, column: &str) -> Option<Range<usize>> {
        self.places(&[row], column).pop()?
    }

    /// The places of what some rows say in a column, in their order; the file is read once.
    pub fn places(&self, rows: &[&Row], column: &str) -> Vec<Option<Range<usize>>> {
        let mut places = vec![None; rows.len()];
        let mut wanted: HashMap<Parts<'_>, usize> = HashMap::default();
        wanted.extend((0..).zip(rows).map(|(at, row)| (parts(row), at)));
        let mut sheet = Sheet::new(&self.document.text);
        let Ok(Some(header)) = sheet.next() else {
            return places;
        };
        let (columns, _) = Columns::read(&header);
        let Some(index) = columns.named(column) else {
            return places;
        };
        let mut missing = wanted.len();
        while let (Ok(Some(record)), true) = (sheet.next(), missing > 0) {
            let said = PARTS.map(|column| columns.get(&record, column));
            if record.len() == columns.len
                && let Some(&at) = wanted.get(&said)
                && places[at].is_none()
            {
                places[at] = Some(record.span(index));
                missing -= 1;
            }
        }
        places
    }
}

/// The columns by which a row is told from all others.
const PARTS: [Column; 6] = [
    Column::Period,
    Column::Persona,
    Column::Segment,
    Column::Journey,
    Column::Stage,
    Column::Source,
];

/// What a row says in these columns.
type Parts<'a> = [Option<&'a str>; 6];

fn parts(row: &Row) -> Parts<'_> {
    let slice = &row.slice;
    [
        Some(&*row.period.text),
        slice.persona.as_deref(),
        slice.segment.as_deref(),
        slice.journey.as_deref(),
        slice.stage.as_deref(),
        row.source.as_deref(),
    ]
}

fn mention<'r>(columns: &Columns, record: &Record<'r>, column: Column) -> Option<Mention<'r>> {
    let id = columns.get(record, column)?;
    let kind = match column {
        Column::Persona => Kind::Persona,
        Column::Segment => Kind::Segment,
        Column::Journey => Kind::Journey,
        _ => {
            let journey = columns.get(record, Column::Journey)?;
            return Some(Mention::Stage { journey, stage: id });
        }
    };
    Some(Mention::Entity(kind, id))
}
