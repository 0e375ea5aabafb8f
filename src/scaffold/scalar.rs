//! Single values of a new file: what stands in for one, and how it is written as YAML.

use jiff::civil::Date;
use jsonschema::PatternOptions;
use serde_json::{Value, json};

pub(super) use crate::source::yaml::inline as yaml;

/// A text as it may stand in a comment: on one line.
pub(super) fn comment(text: &str) -> String {
    let words: Vec<_> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect();
    words.join(" ")
}

/// The beginning of a description: its first sentence, and more as long as it fits into `room`
/// characters.
pub(super) fn sentences(description: &str, room: usize) -> &str {
    let mut end = description.len();
    for (at, _) in description.match_indices(". ") {
        if end == description.len() || description[..=at].chars().count() <= room {
            end = at + 1;
        }
    }
    if description.chars().count() <= room {
        description
    } else {
        &description[..end]
    }
}

/// Stands in for the value of a required field until its author writes one: the first of the
/// likely values that its schema takes.
pub(super) fn placeholder(schema: &Value, id: &str, today: Date) -> Value {
    let given = ["const", "default"]
        .iter()
        .filter_map(|key| schema.get(*key));
    let examples = schema.get("examples").and_then(Value::as_array);
    if let Some(value) = given
        .chain(examples.into_iter().flatten())
        .find(|value| is_scalar(value))
    {
        return value.clone();
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        // A KPI with the id `nps` measures that.
        let fitting = [id, "custom"]
            .into_iter()
            .map(|word| json!(word))
            .find(|word| words.contains(word));
        return fitting
            .or_else(|| words.first().cloned())
            .unwrap_or_default();
    }
    let limit = |key: &str| schema.get(key).cloned();
    let candidates = match schema.get("type").and_then(Value::as_str) {
        Some("integer" | "number") => [
            Some(json!(0)),
            Some(json!(1)),
            limit("minimum"),
            limit("maximum"),
        ]
        .into_iter()
        .flatten()
        .collect(),
        Some("boolean") => vec![json!(false)],
        _ => match schema.get("format").and_then(Value::as_str) {
            Some("date") => vec![json!(today)],
            Some("uri") => vec![json!("https://example.com/")],
            _ => texts(schema),
        },
    };
    let found = candidates
        .iter()
        .find(|candidate| accepts(schema, candidate));
    found.or(candidates.first()).cloned().unwrap_or_default()
}

fn texts(schema: &Value) -> Vec<Value> {
    let description = schema
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or("to be written");
    let description = comment(description);
    let task = sentences(&description, 0).trim_end_matches('.');
    vec![
        json!(format!("TODO: {task}")),
        json!("TODO"),
        json!("start"),
        json!("0"),
    ]
}

fn is_scalar(value: &Value) -> bool {
    !value.is_object() && !value.is_array() && !value.is_null()
}

fn accepts(schema: &Value, value: &Value) -> bool {
    let options = jsonschema::options().with_pattern_options(PatternOptions::regex());
    options
        .build(schema)
        .is_ok_and(|validator| validator.is_valid(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_type_and_stay_on_a_line() {
        for (value, written) in [
            (json!("Ann"), "Ann"),
            (json!("yes"), "yes"),
            (json!("12"), "'12'"),
            (json!("a: b # c"), "'a: b # c'"),
            (json!("- a"), "'- a'"),
            (json!(""), "''"),
            (json!(12), "12"),
            (json!("a\nb: c"), "\"a\\nb: c\""),
        ] {
            let text = yaml(&value);
            assert_eq!(text, written);
            let back: Value = serde_yaml::from_str(&format!("key: {text}  # why\n")).expect("YAML");
            assert_eq!(back["key"], value, "{text}");
        }
        assert_eq!(comment("a\nb: \u{1b}[31m\tc\u{85}d"), "a b: [31m c d");
    }

    #[test]
    fn placeholders_fit_their_schema() {
        let today = jiff::civil::date(2026, 3, 1);
        let of = |schema: Value| placeholder(&schema, "nps", today);
        assert_eq!(of(json!({"enum": ["csat", "nps", "custom"]})), "nps");
        assert_eq!(of(json!({"enum": ["csat", "custom"]})), "custom");
        assert_eq!(of(json!({"enum": ["up", "down"]})), "up");
        assert_eq!(
            of(json!({"type": "string", "format": "date"})),
            "2026-03-01"
        );
        assert_eq!(of(json!({"type": "integer", "minimum": 5})), 5);
        assert_eq!(
            of(json!({"type": "integer", "minimum": -2, "maximum": 2})),
            0
        );
        assert_eq!(
            of(json!({"type": "string", "pattern": r"^[^\s#/]+$", "description": "A b."})),
            "TODO"
        );
        assert_eq!(
            of(json!({"type": "string", "pattern": r"^[a-z]+$"})),
            "start"
        );
        assert_eq!(
            of(json!({"type": "string", "description": "What it is. More."})),
            "TODO: What it is"
        );
        assert_eq!(of(json!({"type": "string", "default": "x"})), "x");
    }

    #[test]
    fn a_description_is_cut_between_sentences() {
        let text = "One two. Three. Four five.";
        assert_eq!(sentences(text, 100), text);
        assert_eq!(sentences(text, 16), "One two. Three.");
        assert_eq!(sentences(text, 3), "One two.");
        assert_eq!(sentences("No end", 2), "No end");
    }
}
