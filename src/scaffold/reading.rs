//! What a JSON Schema says to the author of a file.

use jsonschema::PatternOptions;
use serde_json::{Map, Value};

use super::scalar;
use crate::schema::shape;

/// The fields that are required at the top, given some values, and those that only other values
/// would require.
pub(super) fn conditions<'s>(
    schema: &'s Value,
    given: &Map<String, Value>,
) -> (Vec<&'s str>, Vec<&'s str>) {
    let mut required = names(schema);
    let mut left_out = Vec::new();
    let given = Value::Object(given.clone());
    for rule in schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let (Some(condition), Some(then)) = (rule.get("if"), rule.get("then")) else {
            continue;
        };
        let options = jsonschema::options().with_pattern_options(PatternOptions::regex());
        let holds = options
            .build(condition)
            .is_ok_and(|condition| condition.is_valid(&given));
        if holds { &mut required } else { &mut left_out }.extend(names(then));
    }
    left_out.retain(|name| !required.contains(name));
    (required, left_out)
}

/// The fields that an object requires.
pub(super) fn names(schema: &Value) -> Vec<&str> {
    let required = schema.get("required").and_then(Value::as_array);
    required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// What stands in the comment behind a field.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct About {
    /// What the field means.
    pub(super) text: String,
    /// What may be written, in brackets.
    pub(super) words: String,
}

/// What a field means, and in brackets what may be written.
pub(super) fn about(root: &Value, declared: &Value) -> About {
    let schema = shape::resolve(root, declared);
    let description = declared
        .get("description")
        .or_else(|| schema.get("description"));
    let text = scalar::comment(description.and_then(Value::as_str).unwrap_or_default());
    let inner = schema
        .get("items")
        .map_or(schema, |items| shape::resolve(root, items));
    let words: Vec<String> = match (
        inner.get("enum").and_then(Value::as_array),
        shape::reference_kinds(inner),
    ) {
        (Some(words), _) => words
            .iter()
            .map(|word| scalar::comment(&scalar::yaml(word)))
            .collect(),
        (None, Some(kinds)) => kinds
            .iter()
            .map(|kind| format!("content/{}", kind.folder()))
            .collect(),
        (None, None) => Vec::new(),
    };
    let words = match words.is_empty() {
        true => String::new(),
        false if text.is_empty() => format!("[{}]", words.join(" | ")),
        false => format!(" [{}]", words.join(" | ")),
    };
    About { text, words }
}

/// Of several forms the simplest: a single value.
pub(super) fn simplest<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let forms = schema
        .get("anyOf")
        .or_else(|| schema.get("oneOf"))
        .and_then(Value::as_array);
    let mut forms = forms
        .into_iter()
        .flatten()
        .map(|form| shape::resolve(root, form));
    let first = forms.next();
    let single = |form: &&Value| form.get("properties").is_none() && form.get("items").is_none();
    first
        .into_iter()
        .chain(forms)
        .find(single)
        .or(first)
        .unwrap_or(schema)
}
