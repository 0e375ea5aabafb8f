//! The field reference: every field of every kind in words, from the JSON Schema.

use serde::Serialize;
use serde_json::Value;

use super::settings::restricts;
use super::{Kind, Schemas, messages, shape};

/// A field as the reference shows it.
#[derive(Debug, Clone, Serialize)]
pub struct FieldDoc {
    /// Its key in YAML.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What it means.
    pub description: String,
    /// What may be written, in words.
    #[serde(rename = "type")]
    pub expected: String,
    /// Whether it must be there.
    pub required: bool,
    /// The allowed words, if they are few.
    pub values: Vec<String>,
    /// The kinds it points at.
    pub reference: Option<String>,
    /// How deep it is nested: 0 at the top.
    pub depth: usize,
}

/// The fields of a kind, nested ones after the one that holds them; without those that no page shows.
pub fn fields(schemas: &Schemas, kind: Kind) -> Vec<FieldDoc> {
    let mut out = Vec::new();
    let root = schemas.json(kind);
    collect(root, root, 0, &mut out);
    out
}

fn collect(root: &Value, schema: &Value, depth: usize, out: &mut Vec<FieldDoc>) {
    let required = |name: &str| {
        let list = schema.get("required").and_then(Value::as_array);
        list.into_iter().flatten().any(|r| r == name)
    };
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    for (name, declared) in properties.iter().filter(|(_, field)| !restricts(field)) {
        let field = shape::resolve(root, declared);
        let text = |key: &str| {
            let value = declared.get(key).or_else(|| field.get(key));
            value
                .and_then(Value::as_str)
                .unwrap_or_default()
                .replace('\n', " ")
        };
        let inner = innermost(root, field);
        out.push(FieldDoc {
            name: name.clone(),
            title: text("title"),
            description: text("description"),
            expected: expected(root, field),
            required: required(name),
            values: inner
                .get("enum")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
                .collect(),
            reference: shape::reference_kinds(inner)
                .map(|kinds| kinds.iter().map(Kind::name).collect::<Vec<_>>().join(", ")),
            depth,
        });
        if depth < 4 {
            collect(root, inner, depth + 1, out);
        }
    }
}

/// The schema of the items of a list, and of the object among several forms.
fn innermost<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let schema = shape::resolve(root, schema);
    if let Some(items) = schema.get("items") {
        return innermost(root, items);
    }
    let options = schema.get("anyOf").and_then(Value::as_array);
    options
        .into_iter()
        .flatten()
        .map(|option| shape::resolve(root, option))
        .find(|option| option.get("properties").is_some())
        .unwrap_or(schema)
}

fn expected(root: &Value, schema: &Value) -> String {
    match schema.get("items") {
        Some(items) => format!("a list; each item {}", messages::describe(root, items)),
        None => messages::describe(root, schema),
    }
}
