//! Merging a table of measurements: rows by period and slice, answers by their line.

use std::collections::HashMap;

use super::{Markers, Merged, Sides, order};

/// The columns that tell one measurement from another.
const KEYS: [&str; 5] = ["period", "persona", "segment", "journey", "stage"];

/// Rows of a table by what tells them apart, in the order of the file.
struct Table<'a> {
    head: &'a str,
    columns: Vec<String>,
    rows: Vec<(String, &'a str)>,
}

/// Merges three tables; `None` when their columns differ or their rows cannot be told apart.
pub(super) fn merge(sides: Sides<'_>, markers: Markers<'_>) -> Option<Merged> {
    let (ours, theirs) = (Table::read(sides.ours)?, Table::read(sides.theirs)?);
    let base = if sides.base.trim().is_empty() {
        Table {
            head: ours.head,
            columns: ours.columns.clone(),
            rows: Vec::new(),
        }
    } else {
        Table::read(sides.base)?
    };
    if base.columns != ours.columns || ours.columns != theirs.columns {
        return None;
    }
    let [was, our, their] = [&base, &ours, &theirs].map(Table::by_key);
    let order = {
        let [was, our, their] = [&base, &ours, &theirs].map(Table::keys);
        order::merged(&was, &our, &their).or_else(|| order::merged(&[], &our, &their))?
    };
    let mut text = format!("{}\n", ours.head);
    let mut conflicts = 0;
    for key in order {
        let [was, our, their] = [&was, &our, &their].map(|side| side.get(key).copied());
        let row = match () {
            () if cells(our) == cells(their) || cells(was) == cells(their) => our,
            () if cells(was) == cells(our) => their,
            () => {
                conflicts += 1;
                let line = |row: Option<&str>| row.map(|row| row.to_owned() + "\n");
                let (our, their) = (line(our), line(their));
                let sides = [&our, &their].map(|side| side.as_deref().unwrap_or_default());
                text.push_str(&markers.conflict("", sides[0], sides[1]));
                continue;
            }
        };
        if let Some(row) = row {
            text.push_str(row);
            text.push('\n');
        }
    }
    Some(Merged { text, conflicts })
}

impl<'a> Table<'a> {
    /// Reads a table whose rows are lines; `None` for one with line breaks in its cells.
    fn read(text: &'a str) -> Option<Self> {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let head = lines.next()?;
        let columns: Vec<String> = split(head)?;
        let at: Vec<usize> = KEYS
            .iter()
            .filter_map(|key| columns.iter().position(|column| column == key))
            .collect();
        let measured = columns.iter().any(|column| column == "value");
        if measured && columns.iter().all(|column| column != KEYS[0]) {
            return None;
        }
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut rows = Vec::new();
        for line in lines {
            let cells = split(line)?;
            let key = if measured {
                let cell = |at: &usize| cells.get(*at).map_or("", |c| c.trim_matches('*'));
                at.iter().map(cell).collect::<Vec<_>>().join("\u{1f}")
            } else {
                // Of equal answers each counts.
                cells.join("\u{1f}")
            };
            let times = seen.entry(key.clone()).or_default();
            *times += 1;
            if measured && *times > 1 {
                return None;
            }
            rows.push((format!("{key}\u{1e}{times}"), line));
        }
        Some(Self {
            head,
            columns,
            rows,
        })
    }

    fn keys(&self) -> Vec<&str> {
        self.rows.iter().map(|(key, _)| &**key).collect()
    }

    fn by_key(&self) -> HashMap<&str, &'a str> {
        self.rows.iter().map(|(key, row)| (&**key, *row)).collect()
    }
}

/// The cells of a row, without the spaces around them.
fn split(line: &str) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    reader
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All);
    let mut reader = reader.from_reader(line.as_bytes());
    let record = reader.records().next()?.ok()?;
    // A quote that is not closed takes the next line with it.
    let quotes = line.matches('"').count();
    (quotes.is_multiple_of(2)).then(|| record.iter().map(str::to_owned).collect())
}

fn cells(row: Option<&str>) -> Option<Vec<String>> {
    split(row?)
}
