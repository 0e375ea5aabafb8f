//! From Rust types to JSON Schema, and from JSON Schema to shapes.
//!
//! The JSON Schema is what editors and validation use. A [`Shape`] is the part of it that reading
//! needs for every value: whether a plain scalar is a text, a number or a boolean, and which
//! texts are references.

use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::kinds::common::Common;
use super::{Kind, Settings, reference};

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KindSet(u16);

impl KindSet {
    /// Whether `kind` is in it.
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }

    /// Its kinds, in the order of [`Kind::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().copied().filter(move |&k| self.contains(k))
    }
}

impl FromIterator<Kind> for KindSet {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        Self(
            kinds
                .into_iter()
                .fold(0, |set, kind| set | 1 << kind as u16),
        )
    }
}

/// How to read a YAML value.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Scalars stay text.
    Text,
    /// A plain scalar that looks like a number is one.
    Number,
    /// Plain `true` and `false` are booleans.
    Bool,
    /// Scalars are typed as YAML 1.2's core schema says.
    Core,
    /// A text that points at an entity.
    Reference(KindSet),
    /// The path of a picture or another file.
    Asset,
    /// A list of one shape.
    List(Box<Shape>),
    /// A mapping: known fields, the shape of all others, and what its keys point at.
    Map {
        /// Known fields.
        fields: Vec<(Box<str>, Shape)>,
        /// The shape of other keys.
        others: Box<Shape>,
        /// Set when the keys are references.
        keys: Option<KindSet>,
    },
    /// One of several, told apart by whether the value is a scalar, a list or a mapping.
    Either(Vec<Shape>),
}

impl Shape {
    /// The shape of a field.
    pub fn field(&self, name: &str) -> &Shape {
        match self {
            Self::Map { fields, others, .. } => fields
                .iter()
                .find(|(field, _)| **field == *name)
                .map_or(others, |(_, shape)| shape),
            _ => &Shape::Text,
        }
    }

    /// Whether something in it names another entity or a file.
    pub(super) fn leads_on(&self) -> bool {
        match self {
            Self::Reference(_) | Self::Asset => true,
            Self::Text | Self::Number | Self::Bool | Self::Core => false,
            Self::List(items) => items.leads_on(),
            Self::Map {
                fields,
                others,
                keys,
            } => {
                let mut fields = fields.iter();
                keys.is_some() || others.leads_on() || fields.any(|(_, shape)| shape.leads_on())
            }
            Self::Either(options) => options.iter().any(Self::leads_on),
        }
    }

    /// Compiles the schema `node` of the document `root`.
    pub fn compile(root: &Value, node: &Value) -> Self {
        let node = resolve(root, node);
        if let Some(kinds) = reference_kinds(node) {
            return Self::Reference(kinds);
        }
        if node.get("x-asset").is_some() {
            return Self::Asset;
        }
        if node.get("x-typed").is_some() {
            return Self::Core;
        }
        if let Some(options) = node
            .get("anyOf")
            .or_else(|| node.get("oneOf"))
            .and_then(Value::as_array)
        {
            return Self::Either(options.iter().map(|o| Self::compile(root, o)).collect());
        }
        let is = |name: &str| match node.get("type") {
            Some(Value::String(one)) => one == name,
            Some(Value::Array(many)) => many.iter().any(|t| t == name),
            _ => false,
        };
        if is("object") || node.get("properties").is_some() {
            let fields = node.get("properties").and_then(Value::as_object);
            let others = node.get("additionalProperties").filter(|o| o.is_object());
            return Self::Map {
                fields: fields
                    .into_iter()
                    .flatten()
                    .map(|(name, schema)| (name.as_str().into(), Self::compile(root, schema)))
                    .collect(),
                others: Box::new(others.map_or(Self::Text, |o| Self::compile(root, o))),
                keys: node.get("propertyNames").and_then(reference_kinds),
            };
        }
        if is("array") || node.get("items").is_some() {
            let items = node
                .get("items")
                .map_or(Self::Text, |i| Self::compile(root, i));
            return Self::List(Box::new(items));
        }
        let values = || {
            let one = node.get("const").into_iter();
            one.chain(
                node.get("enum")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten(),
            )
        };
        if is("string") {
            Self::Text
        } else if is("integer") || is("number") || values().any(Value::is_number) {
            Self::Number
        } else if is("boolean") || values().any(Value::is_boolean) {
            Self::Bool
        } else if node.get("minimum").is_some() || node.get("maximum").is_some() {
            Self::Number
        } else {
            Self::Text
        }
    }
}

/// The shape of the items of a list.
pub fn items_of(shape: &Shape) -> &Shape {
    match shape {
        Shape::List(items) => items,
        Shape::Core => &Shape::Core,
        _ => &Shape::Text,
    }
}

/// The shape of an entry of a map.
pub(super) fn entry_of<'s>(shape: &'s Shape, name: &str) -> &'s Shape {
    match shape {
        Shape::Map { .. } => shape.field(name),
        Shape::Core => &Shape::Core,
        _ => &Shape::Text,
    }
}

/// Follows `$ref` within `root`.
pub fn resolve<'a>(root: &'a Value, mut node: &'a Value) -> &'a Value {
    for _ in 0..16 {
        let target = node
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|path| root.pointer(path.strip_prefix('#')?));
        match target {
            Some(target) => node = target,
            None => break,
        }
    }
    node
}

/// The kinds named by the reference keyword of a schema.
pub fn reference_kinds(schema: &Value) -> Option<KindSet> {
    let kinds: KindSet = match schema.get(reference::KEYWORD)? {
        Value::String(one) => Kind::parse(one).into_iter().collect(),
        Value::Array(many) => many
            .iter()
            .filter_map(|k| Kind::parse(k.as_str()?))
            .collect(),
        _ => return None,
    };
    (kinds != KindSet::default()).then_some(kinds)
}

/// The JSON Schema that the type `T` has by itself.
pub(super) fn schema_for<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::draft2020_12().with(|s| s.meta_schema = None);
    settings.into_generator().into_root_schema_for::<T>()
}

/// The JSON Schema (2020-12) of the front matter of `kind`, custom fields included.
pub fn kind_schema(kind: Kind, settings: &Settings) -> Value {
    let own = kind.own_schema().to_value();
    let common = schema_for::<Common>().to_value();
    let mut properties = Map::new();
    let mut shared = object(common.get("properties"));
    let mut take = |properties: &mut Map<String, Value>, names: &[&str]| {
        for &name in names {
            if let Some(schema) = shared.shift_remove(name) {
                properties.insert(name.to_owned(), schema);
            }
        }
    };
    take(&mut properties, &["name", "summary", "status", "owner"]);
    properties.extend(object(own.get("properties")));
    take(
        &mut properties,
        &[
            "last_reviewed",
            "tags",
            "aliases",
            "superseded_by",
            "allow",
            "extra",
        ],
    );
    for (name, schema) in settings.custom_fields(kind) {
        properties.insert(name.clone(), schema.clone());
    }
    let mut required = Vec::new();
    if !kind.front_matter_optional() {
        required.push(json!("name"));
    }
    for key in ["x-required", "required"] {
        required.extend(
            own.get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .cloned(),
        );
    }
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title(kind.name()),
        "description": own.get("description"),
        "type": "object",
        "properties": properties,
        "required": required,
    });
    if let Some(conditions) = own.get("allOf") {
        schema["allOf"] = conditions.clone();
    }
    let mut definitions = object(own.get("$defs"));
    definitions.extend(object(common.get("$defs")));
    schema["$defs"] = Value::Object(definitions);
    tidy(&mut schema, kind, settings);
    schema
}

fn object(value: Option<&Value>) -> Map<String, Value> {
    value
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}

/// Makes the derived schema the one to publish: no `null`, nothing unknown, a title everywhere.
pub(super) fn tidy(schema: &mut Value, kind: Kind, settings: &Settings) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|i| tidy(i, kind, settings)),
        Value::Object(map) => {
            drop_null(map);
            if map.get(reference::KEYWORD) == Some(&json!("same")) {
                map.insert(reference::KEYWORD.to_owned(), json!([kind.name()]));
            }
            if map.get("x-values") == Some(&json!("lifecycle")) {
                map.shift_remove("x-values");
                map.insert("enum".to_owned(), json!(settings.lifecycle));
            }
            if let Some(Value::Object(properties)) = map.get_mut("properties") {
                for (name, property) in properties.iter_mut() {
                    if let Value::Object(property) = property
                        && !property.contains_key("title")
                        && !property.contains_key("const")
                    {
                        property.shift_insert(0, "title".to_owned(), json!(title(name)));
                    }
                }
                let closed = map.get("type").is_some();
                if closed && !map.contains_key("additionalProperties") {
                    map.insert("additionalProperties".to_owned(), json!(false));
                }
            }
            for value in map.values_mut() {
                tidy(value, kind, settings);
            }
        }
        _ => {}
    }
}

/// An absent value is absent, not `null` and no empty text: readers drop empty values, editors need not offer them.
fn drop_null(map: &mut Map<String, Value>) {
    if matches!(map.get("default"), Some(Value::Null)) || map.get("default") == Some(&json!("")) {
        map.shift_remove("default");
    }
    if let Some(Value::Array(types)) = map.get_mut("type") {
        types.retain(|t| t != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            map.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(values)) = map.get_mut("enum") {
        values.retain(|v| !v.is_null());
    }
    if let Some(Value::Array(options)) = map.get_mut("anyOf") {
        options.retain(|o| o.get("type") != Some(&json!("null")));
        if let [Value::Object(one)] = options.as_slice() {
            let one = one.clone();
            map.shift_remove("anyOf");
            for (key, value) in one {
                map.entry(key).or_insert(value);
            }
        }
    }
}

/// `last_reviewed` as people read it: `Last reviewed`.
pub fn title(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    match name {
        "kpi" | "b2b" | "b2c" | "id" | "url" => words.to_uppercase(),
        "kpis" => "KPIs".to_owned(),
        "job_kpis" => "Job KPIs".to_owned(),
        _ => {
            let mut letters = words.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect())
                .unwrap_or_default()
        }
    }
}
