//! A file as lines that people compare: fields instead of YAML.
//!
//! In: the text of a content file or a table. Out: the same in one form, whatever the order of its
//! keys, its quotes and its wrapping, one thing a line. `git diff` shows this when the project's
//! attributes say so.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use serde_json::Value;

use crate::schema::content::plain;
use crate::schema::{Kind, Schemas, Settings};
use crate::source::yaml::Node;
use crate::source::{Document, Memory};

/// The fields that say what an item of a list is, the first that it has.
const HEADS: [&str; 4] = ["text", "name", "action", "persona"];
/// The columns of a table that say what a row measures; the others say what was measured.
const SLICE: [&str; 4] = ["persona", "segment", "journey", "stage"];

/// The text of the file at `path` as lines to compare. What cannot be read stays as it is.
pub fn textconv(path: &str, text: &str) -> String {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    if ending == "csv" {
        return table(text).unwrap_or_else(|| text.to_owned());
    }
    let path: Arc<str> = path.into();
    let tree = Memory::default().with(&path, text);
    let document = if matches!(ending, "yaml" | "yml") {
        Document::read_yaml(&tree, &path)
    } else {
        Document::read(&tree, &path, false)
    };
    let Some(root) = document.root().filter(|_| document.findings.is_empty()) else {
        return text.to_owned();
    };
    let mut out = String::new();
    fields(root, 0, &[], &mut out);
    let body = document.markdown().trim_matches(['\n', '\r']);
    if !body.is_empty() {
        out.push('\n');
        for line in body.lines() {
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
    out
}

/// The fields of a mapping, in the order of the schemas, without those that are told already.
fn fields(map: Node<'_>, depth: usize, told: &[&str], out: &mut String) {
    let entries = map
        .entries()
        .filter_map(|(key, value)| Some((key.as_str()?, value)));
    let mut entries: Vec<_> = entries.filter(|(key, _)| !told.contains(key)).collect();
    let rank = |key: &str| RANKS.get(key).copied().unwrap_or(usize::MAX);
    entries.sort_by_key(|(key, _)| (rank(key), *key));
    for (key, value) in entries {
        let _ = write!(out, "{:1$}{key}:", "", depth * 2);
        below(value, depth, out);
    }
}

/// What stands behind a key: a text on its line, or what it holds on the lines below.
fn below(value: Node<'_>, depth: usize, out: &mut String) {
    if value.is_map() {
        out.push('\n');
        fields(value, depth + 1, &[], out);
    } else if value.is_list() {
        out.push('\n');
        for item in value.items() {
            entry(item, depth + 1, out);
        }
    } else {
        let text = words(value);
        let _ = writeln!(out, "{}{text}", if text.is_empty() { "" } else { " " });
    }
}

/// An item of a list: its text with its id, and its other fields below.
fn entry(item: Node<'_>, depth: usize, out: &mut String) {
    let _ = write!(out, "{:1$}-", "", depth * 2);
    if !item.is_map() {
        below(item, depth, out);
        return;
    }
    let head = HEADS.iter().find_map(|name| Some((*name, item.get(name)?)));
    let head = head.filter(|(_, value)| value.as_str().is_some());
    if let Some((_, value)) = head {
        let _ = write!(out, " {}", words(value));
    }
    if let Some(id) = item.get("id").filter(|id| id.as_str().is_some()) {
        let _ = write!(out, " [{}]", words(id));
    }
    out.push('\n');
    fields(
        item,
        depth + 1,
        &["id", head.map_or("id", |(name, _)| name)],
        out,
    );
}

/// A text without its wrapping.
fn words(value: Node<'_>) -> String {
    if value.is_null() {
        return String::new();
    }
    plain(value.as_str().unwrap_or_default())
}

/// A table with one measurement a line: `2026-Q3 persona=ann: 41 n=120`.
fn table(text: &str) -> Option<String> {
    let mut reader = csv::ReaderBuilder::new();
    reader.flexible(true).trim(csv::Trim::All);
    let mut reader = reader.from_reader(text.as_bytes());
    let columns = reader.headers().ok()?.clone();
    if !columns.iter().any(|column| column == "period") {
        return None;
    }
    let mut out = String::new();
    for record in reader.records() {
        let record = record.ok()?;
        let cells = columns.iter().zip(&record);
        let mut cells: Vec<_> = cells
            .filter(|(_, cell)| !matches!(*cell, "" | "*"))
            .collect();
        let get = |name: &str| {
            cells
                .iter()
                .find(|(column, _)| *column == name)
                .map(|(_, c)| *c)
        };
        out.push_str(get("period").unwrap_or("?"));
        for name in SLICE {
            if let Some(cell) = get(name) {
                let _ = write!(out, " {name}={cell}");
            }
        }
        let value = get("value").or_else(|| get("score")).unwrap_or("?");
        let _ = write!(out, ": {value}");
        cells.retain(|(c, _)| !["period", "value", "score"].contains(c) && !SLICE.contains(c));
        cells.sort_unstable();
        for (column, cell) in cells {
            let _ = write!(out, " {column}={cell}");
        }
        out.push('\n');
    }
    Some(out)
}

/// The place of each field's name among all fields that the schemas know.
static RANKS: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
    let mut ranks = HashMap::new();
    // The schemas come from the program alone; were there none, fields would stand by their names.
    if let Ok(schemas) = Schemas::new(&Settings::default()) {
        for kind in Kind::ALL {
            rank(schemas.json(*kind), &mut ranks);
        }
    }
    ranks
});

fn rank(schema: &Value, ranks: &mut HashMap<String, usize>) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::Object(properties)) = fields.get("properties") {
                for name in properties.keys() {
                    let next = ranks.len();
                    ranks.entry(name.clone()).or_insert(next);
                }
            }
            fields.values().for_each(|value| rank(value, ranks));
        }
        Value::Array(items) => items.iter().for_each(|value| rank(value, ranks)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persona_is_told_by_its_fields() {
        let text = "---\nb2b: {department: Ops, designation: Head}\ngoals:\n- {id: a, confidence: high, text: >-\n    Ride to\n    work.}\n- Sleep.\nname: 'Ann'\ntags: [x, \"y\"]\nextra: {z: 1}\nquote:\n---\n\n# Who\nOne.  \n";
        let text = text.replace(">-\n    Ride to\n    work.", "\"Ride to\n    work.\"");
        insta::assert_snapshot!(textconv("ann.md", &text), @r"
        name: Ann
        quote:
        goals:
          - Ride to work. [a]
            confidence: high
          - Sleep.
        b2b:
          designation: Head
          department: Ops
        tags:
          - x
          - y
        extra:
          z: 1

        # Who
        One.
        ");
    }

    #[test]
    fn form_makes_no_difference() {
        let one = "---\nname: Ann\ngoals:\n  - id: a\n    text: Ride to work.\n    confidence: high\nmarket: b2c\n---\nOne.\n";
        let other = "---\r\nmarket: \"b2c\"\r\ngoals: [{confidence: high, text: 'Ride to\r\n  work.', id: a}]\r\nname: Ann\r\n---\r\n\r\nOne.\r\n";
        assert_eq!(textconv("a.md", one), textconv("a.md", other));
    }

    #[test]
    fn a_table_is_told_row_by_row() {
        let text = "period,n,value, persona\n2026-Q3,120,41,ann\n2026-Q3,300, 40 ,*\n";
        assert_eq!(
            textconv("nps.csv", text),
            "2026-Q3 persona=ann: 41 n=120\n2026-Q3: 40 n=300\n"
        );
    }

    #[test]
    fn what_cannot_be_read_stays_as_it_is() {
        for (path, text) in [
            ("a.md", "---\na: [\n---\nx"),
            ("a.md", "no front"),
            ("a.csv", "x,y\n1,2\n"),
        ] {
            assert_eq!(textconv(path, text), text);
        }
    }
}
