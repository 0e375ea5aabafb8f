//! Where a file names what: asked for when a name turns out to be wrong.

use std::ops::Range;
use std::sync::Arc;

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
    /// Reads the file again and asks `judge` about every name in it; gives what it answered, with
    /// the place of each name.
    pub fn judge<T>(
        &self,
        mut judge: impl FnMut(Mention<'_>) -> Option<T>,
    ) -> Vec<(T, Range<usize>)> {
        let mut sheet = Sheet::new(&self.document.text);
        let Ok(Some(header)) = sheet.next() else {
            return Vec::new();
        };
        let (columns, _) = Columns::read(&header);
        let mut found = Vec::new();
        while let Ok(Some(record)) = sheet.next() {
            if record.len() != columns.len {
                continue;
            }
            for column in NAMES {
                if let Some(mention) = mention(&columns, &record, column)
                    && let Some(answer) = judge(mention)
                    && let Some(index) = columns.find(column)
                {
                    found.push((answer, record.span(index)));
                }
            }
        }
        found
    }
}

impl Measurements {
    /// The place of what a row says in a column, such as `n`; `None` where the file has no such
    /// column, or no such row since it holds answers.
    pub fn place(&self, row: &Row, column: &str) -> Option<Range<usize>> {
        let mut sheet = Sheet::new(&self.document.text);
        let (columns, _) = Columns::read(&sheet.next().ok()??);
        let wanted = columns.named(column)?;
        let slice = &row.slice;
        let parts = [
            (Column::Period, Some(&row.period.text)),
            (Column::Persona, slice.persona.as_ref()),
            (Column::Segment, slice.segment.as_ref()),
            (Column::Journey, slice.journey.as_ref()),
            (Column::Stage, slice.stage.as_ref()),
            (Column::Source, row.source.as_ref()),
        ];
        while let Some(record) = sheet.next().ok()? {
            let says = |(column, part): &(Column, Option<&Arc<str>>)| {
                columns.get(&record, *column) == part.map(|part| &**part)
            };
            if record.len() == columns.len && parts.iter().all(says) {
                return Some(record.span(wanted));
            }
        }
        None
    }
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
