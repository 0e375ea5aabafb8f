//! Where a file names what: asked for when a name turns out to be wrong.

use std::ops::Range;

use super::Measurements;
use super::columns::{Column, Columns};
use super::reader::NAMES;
use super::sheet::{Record, Sheet};
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
