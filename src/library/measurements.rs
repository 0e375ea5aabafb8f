//! The measurements of a KPI: a CSV file beside its Markdown, one row a period and slice.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::entity::Entity;
use super::links;
use crate::diagnostic::Diagnostic;
use crate::schema::nearest;
use crate::schema::{Data, Kind};
use crate::source::{Document, Tree};

/// The columns a file may have.
const COLUMNS: [&str; 13] = [
    "period",
    "value",
    "persona",
    "segment",
    "journey",
    "stage",
    "n",
    "promoters",
    "passives",
    "detractors",
    "low",
    "high",
    "source",
];

/// The measurements of one KPI.
#[derive(Debug)]
pub struct Measurements {
    /// The CSV file.
    pub document: Document,
    /// Its valid rows, by period.
    pub rows: Vec<Row>,
    /// The entities that its slices name, each with the place of the first mention.
    pub names: Vec<(Kind, Box<str>, Range<usize>)>,
}

/// One measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// When.
    pub period: Period,
    /// For whom; all when every part is absent.
    pub slice: Slice,
    /// The value in the unit of the KPI.
    pub value: f64,
    /// How many were asked or counted.
    pub n: Option<u64>,
    /// The interval around the value, where the source gives one.
    pub interval: Option<(f64, f64)>,
}

/// For whom a measurement was taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slice {
    /// One persona.
    pub persona: Option<Box<str>>,
    /// One segment.
    pub segment: Option<Box<str>>,
    /// One journey.
    pub journey: Option<Box<str>>,
    /// One stage of it.
    pub stage: Option<Box<str>>,
}

impl Slice {
    /// Whether it is everybody.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

/// A span of time as the CSV names it: `2026`, `2026-Q3`, `2026-09`, `2026-W38`, `2026-09-14`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// Its first day, for sorting and for the time axis.
    pub start: jiff::civil::Date,
    /// As written.
    pub text: Box<str>,
}

impl Period {
    /// Parses a period.
    pub fn parse(text: &str) -> Option<Self> {
        let date = |y: &str, m: i8, d: i8| jiff::civil::Date::new(year(y)?, m, d).ok();
        let parts: Vec<&str> = text.split('-').collect();
        let start = match parts.as_slice() {
            [y] => date(y, 1, 1)?,
            [y, part] => match part.split_at_checked(1)? {
                ("Q", quarter) => {
                    let quarter: i8 = quarter.parse().ok().filter(|q| (1..=4).contains(q))?;
                    date(y, quarter * 3 - 2, 1)?
                }
                ("W", week) if week.len() == 2 => {
                    let week = week.parse().ok()?;
                    jiff::civil::ISOWeekDate::new(year(y)?, week, jiff::civil::Weekday::Monday)
                        .ok()?
                        .date()
                }
                _ if part.len() == 2 => date(y, part.parse().ok()?, 1)?,
                _ => return None,
            },
            [y, m, d] if m.len() == 2 && d.len() == 2 => date(y, m.parse().ok()?, d.parse().ok()?)?,
            _ => return None,
        };
        Some(Self {
            start,
            text: text.into(),
        })
    }
}

fn year(text: &str) -> Option<i16> {
    (text.len() == 4).then(|| text.parse().ok())?
}

/// Finds and reads the CSV of a KPI, and puts it and its findings into the entity.
pub(super) fn attach(tree: &dyn Tree, entity: &mut Entity) {
    let Some(Data::Kpi(kpi)) = &entity.data else {
        return;
    };
    let path = match &kpi.measurements {
        Some(written) => match links::file(&entity.document.path, written) {
            Some(path) => path,
            None => return,
        },
        None => beside(&entity.document.path),
    };
    let path: Arc<str> = path.into();
    let document = Document::read_text(tree, &path);
    if !document.findings.is_empty() {
        // Without being named the file is optional; a named one that is absent is an error at its name.
        if kpi.measurements.is_some() {
            let node = entity
                .document
                .root()
                .and_then(|root| root.get("measurements"));
            let span = node.map_or(0..0, crate::source::yaml::Node::span);
            let reason = document.findings[0].message.clone();
            let finding = entity
                .document
                .finding(
                    "missing-asset",
                    span,
                    format!("the measurements `{path}` cannot be read: {reason}"),
                )
                .help("create the file, or correct its name")
                .pointer("/measurements");
            entity.findings.push(finding);
        }
        return;
    }
    let mut reader = Reader {
        document: &document,
        findings: Vec::new(),
        rows: Vec::new(),
        names: Vec::new(),
    };
    reader.read();
    let Reader {
        findings,
        mut rows,
        names,
        ..
    } = reader;
    rows.sort_by(|a, b| a.period.cmp(&b.period));
    entity.findings.extend(findings);
    entity.measurements = Some(Measurements {
        document,
        rows,
        names,
    });
}

/// `content/kpis/nps.csv` for `content/kpis/nps.md`.
pub fn beside(path: &str) -> String {
    format!("{}.csv", path.strip_suffix(".md").unwrap_or(path))
}

struct Reader<'a> {
    document: &'a Document,
    findings: Vec<Diagnostic>,
    rows: Vec<Row>,
    names: Vec<(Kind, Box<str>, Range<usize>)>,
}

/// A record with the places of its fields.
struct Fields<'a> {
    texts: &'a csv::StringRecord,
    columns: &'a [Option<&'static str>],
    start: usize,
    document: &'a Document,
}

impl Fields<'_> {
    fn get(&self, column: &str) -> Option<&str> {
        let index = self.columns.iter().position(|c| *c == Some(column))?;
        self.texts
            .get(index)
            .map(str::trim)
            .filter(|t| !t.is_empty() && *t != "*")
    }

    fn span(&self, column: &str) -> Range<usize> {
        let index = self.columns.iter().position(|c| *c == Some(column));
        field_span(&self.document.text, self.start, index.unwrap_or(0))
    }
}

impl Reader<'_> {
    fn read(&mut self) {
        let text = self
            .document
            .text
            .strip_prefix('\u{feff}')
            .unwrap_or(&self.document.text);
        let bom = self.document.text.len() - text.len();
        let mut csv = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let mut record = csv::StringRecord::new();
        let mut columns: Option<Vec<Option<&'static str>>> = None;
        let mut seen = HashSet::new();
        loop {
            match csv.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    let at = error.position().map_or(0, |p| offset(p) + bom);
                    self.report(
                        "csv-syntax",
                        at..at,
                        error.to_string(),
                        "check the quotes of this row",
                    );
                    break;
                }
            }
            let start = record.position().map_or(0, offset) + bom;
            let Some(columns) = &columns else {
                columns = Some(self.header(&record, start));
                continue;
            };
            if record.len() != columns.len() {
                let message = format!(
                    "this row has {} fields, the first row has {}",
                    record.len(),
                    columns.len()
                );
                self.report(
                    "csv-syntax",
                    line_span(&self.document.text, start),
                    message,
                    "give every row one field for each column",
                );
                continue;
            }
            let fields = Fields {
                texts: &record,
                columns,
                start,
                document: self.document,
            };
            self.row(&fields, &mut seen);
        }
        if columns.is_none() {
            self.report(
                "csv-column",
                0..0,
                "this file is empty".to_owned(),
                "start it with the line `period,value`",
            );
        }
    }

    fn header(&mut self, record: &csv::StringRecord, start: usize) -> Vec<Option<&'static str>> {
        let mut columns = Vec::new();
        for (index, name) in record.iter().enumerate() {
            let name = name.trim();
            let known = COLUMNS.iter().copied().find(|c| *c == name);
            let span = || field_span(&self.document.text, start, index);
            if known.is_none() {
                let help = nearest::or_list(name, COLUMNS, "column");
                self.report(
                    "csv-column",
                    span(),
                    format!("there is no column `{name}`"),
                    &help,
                );
            } else if columns.contains(&known) {
                self.report(
                    "csv-column",
                    span(),
                    format!("the column `{name}` is there twice"),
                    "remove one of them",
                );
            }
            columns.push(known);
        }
        for needed in ["period", "value"] {
            if !columns.contains(&Some(needed)) {
                let message = format!("the column `{needed}` is missing");
                self.report(
                    "csv-column",
                    line_span(&self.document.text, start),
                    message,
                    "start the file with the line `period,value`, and add the other columns behind",
                );
            }
        }
        columns
    }

    fn row(&mut self, fields: &Fields<'_>, seen: &mut HashSet<(Period, Slice)>) {
        let period = fields.get("period").and_then(Period::parse);
        if period.is_none() && fields.columns.contains(&Some("period")) {
            let message = format!("`{}` is not a period", fields.get("period").unwrap_or(""));
            self.report("csv-period", fields.span("period"), message, "write a year, quarter, month, week or day: `2026`, `2026-Q3`, `2026-09`, `2026-W38`, `2026-09-14`");
        }
        let value = self.number(fields, "value");
        if value.is_none()
            && fields.columns.contains(&Some("value"))
            && fields.get("value").is_none()
        {
            self.report(
                "csv-value",
                fields.span("value"),
                "the value is missing".to_owned(),
                "write a number, or remove the row",
            );
        }
        let n = match self.number(fields, "n") {
            Some(n) if n < 1.0 || n.fract() != 0.0 => {
                self.report(
                    "csv-value",
                    fields.span("n"),
                    "`n` must be a whole number of at least 1".to_owned(),
                    "write how many were asked, or leave it empty",
                );
                None
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a whole number above 0"
            )]
            n => n.map(|n| n as u64),
        };
        let interval = self.number(fields, "low").zip(self.number(fields, "high"));
        for count in ["promoters", "passives", "detractors"] {
            self.number(fields, count);
        }
        let slice = Slice {
            persona: self.name(fields, "persona", Kind::Persona),
            segment: self.name(fields, "segment", Kind::Segment),
            journey: self.name(fields, "journey", Kind::Journey),
            stage: fields.get("stage").map(Into::into),
        };
        let (Some(period), Some(value)) = (period, value) else {
            return;
        };
        if !seen.insert((period.clone(), slice.clone())) {
            let message = format!("{} is there twice for the same slice", period.text);
            self.report(
                "csv-duplicate",
                fields.span("period"),
                message,
                "keep one row for a period and slice",
            );
            return;
        }
        self.rows.push(Row {
            period,
            slice,
            value,
            n,
            interval,
        });
    }

    fn name(&mut self, fields: &Fields<'_>, column: &str, kind: Kind) -> Option<Box<str>> {
        let id = fields.get(column)?;
        if !self
            .names
            .iter()
            .any(|(k, known, _)| *k == kind && **known == *id)
        {
            self.names.push((kind, id.into(), fields.span(column)));
        }
        Some(id.into())
    }

    fn number(&mut self, fields: &Fields<'_>, column: &str) -> Option<f64> {
        let text = fields.get(column)?;
        let number = text.parse::<f64>().ok().filter(|n| n.is_finite());
        if number.is_none() {
            let message = format!("`{text}` in the column `{column}` is not a number");
            self.report(
                "csv-value",
                fields.span(column),
                message,
                "write digits and a point: `41.5`",
            );
        }
        number
    }

    fn report(&mut self, code: &'static str, span: Range<usize>, message: String, help: &str) {
        self.findings
            .push(self.document.finding(code, span, message).help(help));
    }
}

fn offset(position: &csv::Position) -> usize {
    usize::try_from(position.byte()).unwrap_or(0)
}

/// The line that starts at or holds `start`, without its end.
fn line_span(text: &str, start: usize) -> Range<usize> {
    let start = skip_blank(text, start);
    let rest = text.get(start..).unwrap_or("");
    start..start + rest.lines().next().unwrap_or("").len()
}

/// The place of field `index` in the record that starts at `start`.
fn field_span(text: &str, start: usize, index: usize) -> Range<usize> {
    let start = skip_blank(text, start);
    let rest = text.get(start..).unwrap_or("");
    let mut quoted = false;
    let mut field = 0;
    let mut from = 0;
    for (at, c) in rest.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                if field == index {
                    return start + from..start + at;
                }
                field += 1;
                from = at + 1;
            }
            '\n' | '\r' if !quoted => return start + from..start + at,
            _ => {}
        }
    }
    start + from..start + rest.len()
}

/// The CSV reader skips empty lines before a record.
fn skip_blank(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or("");
    start + rest.len() - rest.trim_start_matches(['\n', '\r']).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Memory;

    fn read(text: &str) -> (Vec<Row>, Vec<String>) {
        let tree = Memory::default().with("a.csv", text);
        let document = Document::read_text(&tree, &"a.csv".into());
        let mut reader = Reader {
            document: &document,
            findings: Vec::new(),
            rows: Vec::new(),
            names: Vec::new(),
        };
        reader.read();
        let shown = |f: &Diagnostic| {
            let place = f.place.clone().unwrap_or_default();
            let culprit = &place.excerpt.text[place.excerpt.span.clone()];
            format!(
                "{}:{} {} [{culprit}]",
                place.start.line, place.start.column, f.code
            )
        };
        let findings = reader.findings.iter().map(shown).collect();
        (reader.rows, findings)
    }

    #[test]
    fn periods_are_read_in_all_their_forms() {
        for (text, start) in [
            ("2026", "2026-01-01"),
            ("2026-Q3", "2026-07-01"),
            ("2026-09", "2026-09-01"),
            ("2026-W38", "2026-09-14"),
            ("2026-09-14", "2026-09-14"),
        ] {
            let period = Period::parse(text).map(|p| p.start.to_string());
            assert_eq!(period.as_deref(), Some(start));
        }
        for text in [
            "",
            "26",
            "2026-13",
            "2026-Q5",
            "2026-W60",
            "2026-02-30",
            "2026-9",
            "x",
        ] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn rows_are_read_and_slices_kept_apart() {
        let (rows, findings) = read(
            "period,persona,value,n\n2026-01,*,41.5,120\n2026-01,priya,39,30\n\n2026-02,,40,\n",
        );
        assert!(findings.is_empty());
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[1].slice.persona.as_deref(), Some("priya"));
        assert!(rows[2].slice.is_all());
        assert_eq!(rows[0].n, Some(120));
    }

    #[test]
    fn a_bad_field_is_reported_where_it_stands() {
        let (_, findings) = read(
            "period,value,persna\r\n2026-13,1,\r\n2026-01,\"a,b\",\r\n2026-02,3,\r\n2026-02,4,\r\n2026-03\r\n",
        );
        assert_eq!(
            findings,
            [
                "1:14 csv-column [persna]",
                "2:1 csv-period [2026-13]",
                "3:9 csv-value [\"a,b\"]",
                "5:1 csv-duplicate [2026-02]",
                "6:1 csv-syntax [2026-03]",
            ]
        );
    }
}
