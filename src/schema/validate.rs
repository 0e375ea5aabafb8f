//! Reading a front matter with a schema: typing, references and findings in one go.

use jsonschema::{PatternOptions, Validator};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Number, Value};

use super::kinds::common::Common;
use super::reference::{self, Reference};
use super::settings::settings_schema;
use super::shape::{KindSet, Shape, entry_of, items_of, kind_schema};
use super::{Data, Kind, Settings, messages};
use crate::diagnostic::Diagnostic;
use crate::source::Document;
use crate::source::yaml::Node;

/// The compiled schemas of all kinds under the settings of one project.
#[derive(Debug, Default)]
pub struct Schemas {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    json: Value,
    shape: Shape,
    validator: Validator,
}

/// A front matter that was read.
#[derive(Debug, Default)]
pub struct Checked {
    /// The typed fields; `None` when the schema was violated.
    pub data: Option<Data>,
    /// The fields that every kind has, as far as they could be read.
    pub common: Common,
    /// Every reference in it, with its place.
    pub references: Vec<Reference>,
    /// What is wrong.
    pub findings: Vec<Diagnostic>,
}

impl Schemas {
    /// Compiles the schemas of all kinds. The settings were checked when they were read, so an
    /// error is a custom field that is a valid schema alone but not within its kind.
    pub fn new(settings: &Settings) -> Result<Self, String> {
        Self::compiled(settings, |_| {})
    }

    /// The same when nobody can tell which fields the project has added: any other field may stand
    /// beside the known ones.
    pub fn open(settings: &Settings) -> Result<Self, String> {
        Self::compiled(settings, |json| json["additionalProperties"] = true.into())
    }

    fn compiled(settings: &Settings, adapt: impl Fn(&mut Value)) -> Result<Self, String> {
        let entries = Kind::ALL
            .iter()
            .map(|&kind| {
                let mut json = kind_schema(kind, settings);
                adapt(&mut json);
                Ok(Entry {
                    shape: Shape::compile(&json, &json),
                    validator: compile(&json)?,
                    json,
                })
            })
            .collect::<Result<_, String>>()?;
        Ok(Self { entries })
    }

    /// The JSON Schema of a kind.
    pub fn json(&self, kind: Kind) -> &Value {
        &self.entries[kind as usize].json
    }

    /// Every schema there is, by the name of its file: the kinds and the settings.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, Value)> + '_ {
        let kinds = Kind::ALL
            .iter()
            .map(|&kind| (kind.name(), self.json(kind).clone()));
        kinds.chain([("settings", settings_schema())])
    }

    /// How the values of a kind are read.
    pub fn shape(&self, kind: Kind) -> &Shape {
        &self.entries[kind as usize].shape
    }

    /// Reads the front matter of `document` as `kind`.
    pub fn read(&self, kind: Kind, document: &Document) -> Checked {
        let entry = &self.entries[kind as usize];
        let mut checked = Checked::default();
        let mut conversion = Conversion::default();
        let value = match document.root() {
            Some(root) => conversion.convert(root, &entry.shape).unwrap_or_default(),
            None if document.findings.is_empty() && kind.front_matter_optional() => {
                Value::default()
            }
            None if document.findings.is_empty() => Value::Object(Map::new()),
            None => return checked,
        };
        conversion.references.shrink_to_fit();
        checked.references = conversion.references;
        let value = match value {
            Value::Null => Value::Object(Map::new()),
            value => value,
        };
        if entry.validator.is_valid(&value) {
            match (Common::deserialize(&value), kind.data(value)) {
                (Ok(common), Ok(data)) => {
                    checked.data = Some(data);
                    checked.common = common;
                }
                (Err(error), _) | (_, Err(error)) => checked.findings.push(document.finding(
                    "schema",
                    document.front_range.clone(),
                    error.to_string(),
                )),
            }
        } else {
            checked.findings = findings(&entry.validator, &entry.json, document, &value);
            checked.common = salvage(&value);
        }
        checked
    }
}

/// The common fields of a front matter that is wrong elsewhere: those that are right by themselves.
fn salvage(value: &Value) -> Common {
    let mut kept = Map::new();
    for (key, field) in value.as_object().into_iter().flatten() {
        let one = Map::from_iter([(key.clone(), field.clone())]);
        if Common::deserialize(&Value::Object(one)).is_ok() {
            kept.insert(key.clone(), field.clone());
        }
    }
    Common::deserialize(&Value::Object(kept)).unwrap_or_default()
}

/// Compiles a schema with formats checked and regular expressions that cannot run away.
pub(super) fn compile(schema: &Value) -> Result<Validator, String> {
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .with_pattern_options(PatternOptions::regex())
        .should_validate_formats(true)
        .build(schema)
        .map_err(|error| error.to_string())
}

/// The findings of a validation, each at its place in `document`.
pub(super) fn findings(
    validator: &Validator,
    schema: &Value,
    document: &Document,
    value: &Value,
) -> Vec<Diagnostic> {
    let reporter = messages::Reporter::new(schema, document);
    reporter.report(validator.iter_errors(value))
}

/// From YAML to JSON, by shape.
#[derive(Default)]
pub(super) struct Conversion {
    references: Vec<Reference>,
}

impl Conversion {
    /// The JSON value of a node; `None` when nothing is written there.
    pub(super) fn convert(&mut self, node: Node<'_>, shape: &Shape) -> Option<Value> {
        if node.is_null() && !matches!(shape, Shape::Core) {
            return None;
        }
        if let Shape::Either(options) = shape {
            return self.convert(node, choose(node, options));
        }
        if let Some(text) = node.as_str() {
            return Some(self.scalar(node, text, shape));
        }
        if node.is_list() {
            let items = items_of(shape);
            let convert = |item| self.convert(item, items).unwrap_or_default();
            return Some(node.items().map(convert).collect());
        }
        let mut map = Map::new();
        for (key, value) in node.entries() {
            let Some(name) = key.as_str() else { continue };
            if let Shape::Map {
                keys: Some(kinds), ..
            } = shape
            {
                self.reference(key, name, *kinds);
            }
            if let Some(converted) = self.convert(value, entry_of(shape, name)) {
                map.insert(name.to_owned(), converted);
            }
        }
        Some(Value::Object(map))
    }

    fn scalar(&mut self, node: Node<'_>, text: &str, shape: &Shape) -> Value {
        if let Shape::Reference(kinds) = shape {
            self.reference(node, text, *kinds);
        }
        typed(node, text, shape).unwrap_or_else(|| Value::String(text.to_owned()))
    }

    fn reference(&mut self, node: Node<'_>, text: &str, kinds: KindSet) {
        let (kind, id, anchor) = reference::parse(text, kinds);
        self.references.push(Reference {
            node: node.id(),
            kind,
            kinds,
            id: id.into(),
            anchor: anchor.map(Into::into),
        });
    }
}

/// What a scalar is by its shape, when it is not a text.
pub(super) fn typed(node: Node<'_>, text: &str, shape: &Shape) -> Option<Value> {
    match shape {
        Shape::Number if node.is_plain() => number(text).map(whole).map(Value::Number),
        Shape::Bool if node.is_plain() => boolean(text).map(Value::Bool),
        Shape::Core if node.is_null() => Some(Value::Null),
        Shape::Core if node.is_plain() => number(text)
            .map(Value::Number)
            .or_else(|| boolean(text).map(Value::Bool)),
        _ => None,
    }
}

/// A value of a front matter, to be written as JSON: typed by its shape, what is not filled left
/// out. The same as what is validated, without a copy.
pub struct Typed<'a> {
    /// The value.
    pub node: Node<'a>,
    /// What it should be.
    pub shape: &'a Shape,
}

impl Serialize for Typed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { node, shape } = *self;
        if let Shape::Either(options) = shape {
            let shape = choose(node, options);
            return Typed { node, shape }.serialize(serializer);
        }
        if let Some(text) = node.as_str() {
            return match typed(node, text, shape) {
                Some(value) => value.serialize(serializer),
                None => serializer.serialize_str(text),
            };
        }
        if node.is_list() {
            let shape = items_of(shape);
            return serializer.collect_seq(node.items().map(|node| {
                let filled = !node.is_null() || matches!(shape, Shape::Core);
                filled.then_some(Typed { node, shape })
            }));
        }
        let entries = node.entries().filter_map(|(key, node)| {
            let name = key.as_str()?;
            let shape = entry_of(shape, name);
            let filled = !node.is_null() || matches!(shape, Shape::Core);
            filled.then_some((name, Typed { node, shape }))
        });
        serializer.collect_map(entries)
    }
}

/// The option that fits the form of a node; the first one when none does.
pub fn choose<'a>(node: Node<'_>, options: &'a [Shape]) -> &'a Shape {
    let fits = |shape: &&Shape| match shape {
        Shape::Map { .. } => node.is_map(),
        Shape::List(_) => node.is_list(),
        Shape::Number => node.is_plain() && node.as_str().is_some_and(|t| number(t).is_some()),
        Shape::Bool => node.is_plain() && node.as_str().is_some_and(|t| boolean(t).is_some()),
        _ => node.as_str().is_some(),
    };
    options
        .iter()
        .find(fits)
        .or(options.first())
        .unwrap_or(&Shape::Text)
}

/// A number as YAML 1.2's core schema writes it.
pub fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return i64::from_str_radix(hex, 16).ok().map(Number::from);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return i64::from_str_radix(octal, 8).ok().map(Number::from);
    }
    let plain = text.strip_prefix('+').unwrap_or(text);
    if let Ok(whole) = plain.parse::<i64>() {
        return Some(whole.into());
    }
    Number::from_f64(plain.parse().ok()?)
}

/// A number that is whole is so however it is written: the schemas take `2.0` for a whole number,
/// which the types behind them do not.
fn whole(number: Number) -> Number {
    let fraction = number.as_f64().filter(|_| number.is_f64());
    let whole = fraction.filter(|value| value.fract() == 0.0);
    let whole = whole.and_then(|value| format!("{value:.0}").parse::<i64>().ok());
    whole.map_or(number, Number::from)
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{number, whole};

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        let told = |text: &str| number(text).map(|number| whole(number).to_string());
        let told = |text: &str| told(text).unwrap_or_default();
        for (written, meant) in [
            ("2", "2"),
            ("2.0", "2"),
            ("-1.0", "-1"),
            ("1e3", "1000"),
            ("-0.0", "0"),
            ("2.5", "2.5"),
            ("1e300", "1e+300"),
            ("two", ""),
        ] {
            assert_eq!(told(written), meant, "{written}");
        }
    }
}
