//! A whole project in small: something to look at, to change, and to throw away.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;

use super::sample::{CONTENT, GITIGNORE, MEASURED, SETTINGS};
use super::{File, schema_hint};
use crate::library::SETTINGS_FILE;
use crate::schema::Schemas;

/// The files of a new project. It checks without findings on the day `today`.
pub fn project(schemas: &Schemas, today: Date) -> Vec<File> {
    let file = |path: &str, text: String| File {
        path: path.to_owned(),
        text,
    };
    let days = [
        ("{today}", today),
        ("{quarter}", today.saturating_sub(3.months())),
        ("{next_year}", today.saturating_add(1.year())),
    ];
    let dated = |text: &str| {
        days.iter().fold(text.to_owned(), |text, (mark, day)| {
            text.replace(mark, &day.to_string())
        })
    };
    let mut files = vec![
        file(
            SETTINGS_FILE,
            schema_hint(SETTINGS_FILE, "settings") + SETTINGS,
        ),
        file(".gitignore", GITIGNORE.to_owned()),
        file("content/kpis/second-order.csv", measurements(today)),
    ];
    files.extend(CONTENT.iter().map(|(path, kind, text)| {
        file(
            path,
            format!("---\n{}{}", schema_hint(path, kind.name()), dated(text)),
        )
    }));
    files.extend(self::schemas(schemas, "schemas"));
    files
}

fn measurements(today: Date) -> String {
    let months = i64::try_from(MEASURED.len()).unwrap_or(0);
    let rows = MEASURED
        .iter()
        .zip((1..=months).rev())
        .map(|((value, n), ago)| {
            let month = today.first_of_month().saturating_sub(ago.months());
            format!("{},{value:.1},{n}\n", month.strftime("%Y-%m"))
        });
    std::iter::once("period,value,n\n".to_owned())
        .chain(rows)
        .collect()
}

/// The JSON Schemas of all kinds and of the settings, as files in `folder`.
pub fn schemas(schemas: &Schemas, folder: &str) -> Vec<File> {
    schemas
        .all()
        .map(|(name, schema)| File {
            path: format!("{folder}/{name}.schema.json"),
            text: pretty(&schema),
        })
        .collect()
}

/// JSON over several lines, with a line end.
fn pretty(schema: &Value) -> String {
    format!("{schema:#}\n")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::check;
    use crate::library::Library;
    use crate::schema::Settings;
    use crate::source::Memory;

    #[test]
    fn it_checks_without_findings_on_any_day() {
        let schemas = Schemas::new(&Settings::default()).expect("schemas");
        for today in ["2024-02-29", "2026-01-01", "2026-03-31", "2026-12-31"] {
            let today: Date = today.parse().expect("a day");
            let files = project(&schemas, today);
            let tree = files.into_iter().fold(Memory::default(), |tree, file| {
                tree.with(&file.path, file.text)
            });
            let library = Library::load(Arc::new(tree));
            let findings = check::all(&library, today);
            assert!(findings.is_empty(), "{today}: {findings:#?}");
            assert_eq!(library.file_count(), CONTENT.len());
        }
    }

    #[test]
    fn measurements_end_with_the_month_before() {
        let text = measurements(jiff::civil::date(2026, 3, 31));
        let periods: Vec<_> = text
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').next())
            .collect();
        assert_eq!(
            periods,
            [
                "2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02"
            ]
        );
    }
}
