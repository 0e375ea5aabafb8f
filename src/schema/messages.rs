//! From a violated keyword to a sentence that says what to write instead.
//!
//! In: the errors of the JSON Schema validator, which name a place by JSON Pointer. Out: findings
//! that point into the file, one for each mistake of the author (a misspelt key is one mistake,
//! although its right spelling is then missing too).

use std::ops::Range;

use foldhash::HashSet;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Error;
use serde_json::Value;

use super::kinds::common;
use super::{nearest, repair, shape};
use crate::diagnostic::{Diagnostic, Gathered};
use crate::source::Document;
use crate::source::yaml::{Node, unescape};

/// Turns the errors of one document into findings.
pub(super) struct Reporter<'a> {
    schema: &'a Value,
    document: &'a Document,
}

/// A required field that is absent.
struct Missing {
    /// The block that should hold it.
    pointer: String,
    name: String,
    /// The field beside it whose value asks for it.
    cause: Option<String>,
}

/// Where an error is: its pointer, and the nearest node above that exists in the file.
struct Spot<'a> {
    pointer: String,
    key: Option<Node<'a>>,
    node: Option<Node<'a>>,
}

impl Spot<'_> {
    /// The last name in the pointer, for messages: `online_share`, or `item 3 of segments`.
    fn name(&self) -> String {
        let mut parts = self.pointer.rsplit('/').map(unescape);
        let last = parts.next().unwrap_or_default();
        match last.parse::<usize>() {
            Ok(index) => format!(
                "item {} of `{}`",
                index + 1,
                parts.next().unwrap_or_default()
            ),
            Err(_) if last.is_empty() => "the front matter".to_owned(),
            Err(_) => format!("`{last}`"),
        }
    }
}

impl<'a> Reporter<'a> {
    pub(super) fn new(schema: &'a Value, document: &'a Document) -> Self {
        Self { schema, document }
    }

    /// The findings for `errors`, in the order of the file.
    pub(super) fn report<'e>(
        &self,
        errors: impl Iterator<Item = ValidationError<'e>>,
    ) -> Vec<Diagnostic> {
        let mut findings = Gathered::default();
        let mut missing = Vec::new();
        let mut misspelt = HashSet::default();
        for error in errors {
            self.one(&error, &mut findings, &mut missing, &mut misspelt);
        }
        for Missing {
            pointer,
            name,
            cause,
        } in missing
        {
            // `onwer` instead of `owner` is one mistake, not two.
            if !misspelt.contains(&(pointer.clone(), name.clone())) {
                findings.add(|| self.missing(&pointer, &name, cause.as_deref()));
            }
        }
        let mut findings = findings.finish();
        findings.sort_by(Diagnostic::order);
        findings.dedup();
        findings
    }

    fn one(
        &self,
        error: &ValidationError<'_>,
        findings: &mut Gathered,
        missing: &mut Vec<Missing>,
        misspelt: &mut HashSet<(String, String)>,
    ) {
        let pointer = error.instance_path().to_string();
        match error.kind() {
            Error::Required { property } => {
                missing.push(Missing {
                    pointer,
                    name: property.as_str().unwrap_or_default().to_owned(),
                    cause: self.cause(error),
                });
            }
            Error::AdditionalProperties { unexpected }
            | Error::UnevaluatedProperties { unexpected } => {
                for key in unexpected {
                    findings.add(|| {
                        let (finding, meant) = self.unknown_key(&pointer, key);
                        misspelt.extend(meant.map(|meant| (pointer.clone(), meant)));
                        finding
                    });
                }
            }
            Error::AnyOf { context } | Error::OneOfNotValid { context } => {
                // Of several forms, speak of the one that the author chose.
                let wrong_form = |errors: &[ValidationError<'_>]| {
                    errors.iter().any(|e| {
                        matches!(e.kind(), Error::Type { .. })
                            && e.instance_path() == error.instance_path()
                    })
                };
                let chosen = context.iter().find(|errors| !wrong_form(errors));
                match chosen {
                    Some(errors) if !errors.is_empty() => {
                        for inner in errors {
                            self.one(inner, findings, missing, misspelt);
                        }
                    }
                    _ => findings.add(|| self.value(&pointer, error)),
                }
            }
            Error::PropertyNames { error: inner } => findings.add(|| self.value(&pointer, inner)),
            _ => findings.add(|| self.value(&pointer, error)),
        }
    }

    /// A value that violates its schema.
    fn value(&self, pointer: &str, error: &ValidationError<'_>) -> Diagnostic {
        let spot = self.spot(pointer);
        let schema = self.schema_at(pointer);
        let name = spot.name();
        let mut fix = None;
        let expected = describe(self.schema, schema);
        let written = spot.node.map(written).unwrap_or_default();
        let (message, help) = match error.kind() {
            Error::Type { .. } | Error::AnyOf { .. } | Error::OneOfNotValid { .. } => {
                let quoted = spot
                    .node
                    .is_some_and(|n| n.as_str().is_some() && !n.is_plain());
                let help = if quoted && expected.contains("number") {
                    "remove the quotes".to_owned()
                } else {
                    format!("write {}", example(self.schema, schema))
                };
                (format!("{name} must be {expected}, not {written}"), help)
            }
            Error::Enum { options } => {
                let words: Vec<_> = options
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(plain)
                    .collect();
                let word = spot.node.and_then(Node::as_str).unwrap_or_default();
                fix = spot.node.and_then(|node| repair::word(node, &words));
                (
                    format!("{written} is not allowed for {name}"),
                    nearest::or_list(word, words.iter().map(String::as_str), "value"),
                )
            }
            Error::Constant { expected_value } => (
                format!("{name} must be {}", plain(expected_value)),
                format!("write `{}`", plain(expected_value)),
            ),
            Error::Format { format } if format == "date" => (
                format!("{name} must be a day, not {written}"),
                "write the year, the month and the day: `2026-09-14`".to_owned(),
            ),
            Error::Format { format } if format == "uri" => (
                format!("{name} must be a web address, not {written}"),
                "write the whole address: `https://example.com/report`".to_owned(),
            ),
            Error::Minimum { .. }
            | Error::Maximum { .. }
            | Error::ExclusiveMinimum { .. }
            | Error::ExclusiveMaximum { .. } => (
                format!("{name} must be {expected}, not {written}"),
                format!("write {}", example(self.schema, schema)),
            ),
            Error::MinItems { .. } | Error::MinProperties { .. } => (
                format!("{name} must not be empty"),
                format!("write {}", example(self.schema, schema)),
            ),
            Error::MinLength { .. } => (
                format!("{name} must not be empty"),
                "write a text".to_owned(),
            ),
            Error::MaxLength { limit } => {
                let length = spot
                    .node
                    .and_then(Node::as_str)
                    .map_or(0, |text| text.chars().count());
                (
                    format!("{name} has {length} characters, and must not have more than {limit}"),
                    "shorten it, and say the rest in the text below the front matter".to_owned(),
                )
            }
            Error::Pattern { pattern } => self.formless(pattern, &name, &written, schema),
            _ => (
                format!("{name} is not allowed like this: {error}"),
                format!("write {}", example(self.schema, schema)),
            ),
        };
        let at = match spot.node.or(spot.key) {
            Some(node) => node.span(),
            None => self.document.opening(),
        };
        // The help lists the allowed words; saying them twice helps nobody.
        let label = match error.kind() {
            Error::Enum { .. } => "not one of the allowed words".to_owned(),
            Error::MaxLength { .. } => "too long".to_owned(),
            _ => format!("expected {expected}"),
        };
        self.document
            .finding("schema", at, message)
            .label(label)
            .help(help)
            .fix(fix)
            .pointer(spot.pointer)
    }

    /// What is wrong with a text that does not match a pattern, and what to write instead.
    fn formless(
        &self,
        pattern: &str,
        name: &str,
        written: &str,
        schema: &Value,
    ) -> (String, String) {
        if pattern == common::NOT_BLANK {
            return (
                format!("{name} must not be empty"),
                "write a text".to_owned(),
            );
        }
        if pattern.contains("#/") {
            return (
                format!("{name} must be a word without spaces, `#` and `/`, not {written}"),
                "write something like `first-order`".to_owned(),
            );
        }
        if pattern == super::settings::COLOUR {
            return (
                format!("{written} is not a colour that {name} can be"),
                "write three or six digits, 0 to 9 and a to f, in quotes: `\"#0a6e5c\"`".to_owned(),
            );
        }
        if schema.get("examples").is_some() {
            return (
                format!("{written} cannot be {name}"),
                format!("write something like {}", example(self.schema, schema)),
            );
        }
        (
            format!("{name} does not have the form that its schema asks for: {written}"),
            format!("it must match the pattern `{pattern}`"),
        )
    }

    fn unknown_key(&self, pointer: &str, key: &str) -> (Diagnostic, Option<String>) {
        let known: Vec<&str> = properties(self.schema_at(pointer)).collect();
        let meant = nearest::nearest(key, known.iter().copied()).map(str::to_owned);
        let help = match &meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if known.len() <= 12 => format!(
                "the fields here are {}",
                known
                    .iter()
                    .map(|k| format!("`{k}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            None => {
                "put it under `extra:`, or define it under `fields:` in personary.yaml".to_owned()
            }
        };
        let spot = self.spot(pointer);
        let entry = spot.node.and_then(|node| Some((node, node.entry(key)?.0)));
        let place = entry.map_or_else(|| self.document.opening(), |(_, key)| key.span());
        let fix = entry.and_then(|(block, key)| repair::key(block, key, &known));
        let place_name = match spot.pointer.as_str() {
            "" => String::new(),
            _ => format!(" in {}", spot.name()),
        };
        let finding = self
            .document
            .finding(
                "unknown-key",
                place,
                format!("there is no field `{key}`{place_name}"),
            )
            .label("unknown field")
            .help(help)
            .fix(fix)
            .pointer(format!("{pointer}/{}", escape(key)));
        (finding, meant)
    }

    /// The field whose value makes another one required: `market` for `b2b`.
    fn cause(&self, error: &ValidationError<'_>) -> Option<String> {
        let path = error.schema_path().to_string();
        let condition = self.schema.pointer(path.strip_suffix("/then/required")?)?;
        let fields = properties_of(condition.get("if")?)?;
        fields.keys().next().cloned()
    }

    /// A required field that is absent: at the value that asks for it, or at the block that should
    /// hold it.
    fn missing(&self, pointer: &str, name: &str, cause: Option<&str>) -> Diagnostic {
        let spot = self.spot(pointer);
        let written_empty = spot.node.and_then(|node| node.entry(name));
        let asking = cause.and_then(|cause| spot.node?.get(cause));
        let asking = asking.filter(|_| written_empty.is_none());
        let at = match (written_empty, spot.key, spot.node) {
            _ if asking.is_some() => asking.map_or(0..0, Node::span),
            (Some((key, _)), ..) | (None, Some(key), _) => key.span(),
            (None, None, Some(node)) if !pointer.is_empty() => self.first_line(&node.span()),
            _ => self.document.opening(),
        };
        let field = properties_of(self.schema_at(pointer)).and_then(|p| p.get(name));
        let field = field.map(|f| shape::resolve(self.schema, f));
        let sample = field
            .map(|f| bare_example(self.schema, f))
            .unwrap_or_default();
        let description = field
            .and_then(|f| f.get("description"))
            .and_then(Value::as_str)
            .map(|text| format!(" ({})", first_sentence(text)))
            .unwrap_or_default();
        let message = match (written_empty, pointer) {
            (Some(_), _) => format!("`{name}` is empty"),
            (None, "") => format!("`{name}` is missing"),
            (None, _) => format!("`{name}` is missing in {}", spot.name()),
        };
        self.document
            .finding("schema", at, message)
            .label(match asking {
                Some(_) => format!("this needs `{name}`"),
                None => format!("`{name}` belongs here"),
            })
            .help(format!("add `{name}: {sample}`{description}"))
            .pointer(pointer.to_owned())
    }

    fn first_line(&self, span: &Range<usize>) -> Range<usize> {
        let text = self.document.text.get(span.clone()).unwrap_or("");
        span.start..span.start + text.lines().next().unwrap_or("").trim_end().len()
    }

    /// Walks the file along a pointer, as far as it goes.
    fn spot(&self, pointer: &str) -> Spot<'a> {
        let walk = self.document.root().map(|root| root.along(pointer));
        Spot {
            pointer: pointer.to_owned(),
            key: walk.and_then(|walk| walk.key),
            node: walk.and_then(|walk| walk.node),
        }
    }

    /// The schema of the value at a pointer.
    fn schema_at(&self, pointer: &str) -> &'a Value {
        let mut schema = shape::resolve(self.schema, self.schema);
        let mut node = self.document.root();
        for token in pointer.split('/').skip(1).map(unescape) {
            let item = node.is_some_and(Node::is_list);
            schema = self.form(schema, if item { "array" } else { "object" });
            let next = if item {
                node = node.and_then(|n| n.items().nth(token.parse().ok()?));
                schema.get("items")
            } else {
                node = node.and_then(|n| n.get(&token));
                properties_of(schema)
                    .and_then(|p| p.get(&*token))
                    .or_else(|| schema.get("additionalProperties"))
            };
            schema = shape::resolve(self.schema, next.unwrap_or(&Value::Null));
        }
        match node {
            Some(node) if node.is_map() => self.form(schema, "object"),
            Some(node) if node.is_list() => self.form(schema, "array"),
            _ => schema,
        }
    }

    /// The option of `anyOf` that has the type `wanted`; the schema itself without options.
    fn form(&self, schema: &'a Value, wanted: &str) -> &'a Value {
        let options = schema.get("anyOf").or_else(|| schema.get("oneOf"));
        options
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|option| shape::resolve(self.schema, option))
            .find(|option| option.get("type").is_some_and(|t| t == wanted))
            .unwrap_or(schema)
    }
}

fn properties_of(schema: &Value) -> Option<&serde_json::Map<String, Value>> {
    schema.get("properties")?.as_object()
}

fn properties(schema: &Value) -> impl Iterator<Item = &str> {
    properties_of(schema)
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
}

/// What a schema expects, in words: `a whole number from 0 to 100`.
pub(super) fn describe(root: &Value, schema: &Value) -> String {
    let schema = shape::resolve(root, schema);
    if let Some(options) = schema
        .get("anyOf")
        .or_else(|| schema.get("oneOf"))
        .and_then(Value::as_array)
    {
        let words: Vec<_> = options.iter().map(|o| describe(root, o)).collect();
        return words.join(" or ");
    }
    if let Some(kinds) = shape::reference_kinds(schema) {
        let kinds: Vec<_> = kinds.iter().map(super::Kind::name).collect();
        return format!("the id of {}", with_article(&kinds.join(" or ")));
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let words: Vec<_> = values.iter().map(plain).collect();
        return format!("one of {}", words.join(", "));
    }
    let range = match (schema.get("minimum"), schema.get("maximum")) {
        (Some(low), Some(high)) => format!(" from {low} to {high}"),
        (Some(low), None) => format!(" of at least {low}"),
        (None, Some(high)) => format!(" of at most {high}"),
        (None, None) => String::new(),
    };
    match schema.get("type").and_then(Value::as_str) {
        Some("integer") => format!("a whole number{range}"),
        Some("number") => format!("a number{range}"),
        Some("boolean") => "true or false".to_owned(),
        Some("array") => "a list".to_owned(),
        Some("object") => "a block of fields".to_owned(),
        Some("string") => match schema.get("format").and_then(Value::as_str) {
            Some("date") => "a day such as 2026-09-14".to_owned(),
            Some("uri") => "a web address".to_owned(),
            _ => "a text".to_owned(),
        },
        _ => "another value".to_owned(),
    }
}

/// `a persona`, `an account`, and `evidence` without either.
fn with_article(kind: &str) -> String {
    match kind {
        "evidence" => "a piece of evidence".to_owned(),
        _ if kind.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}

/// Something that a schema would accept, as the author would write it.
pub(super) fn example(root: &Value, schema: &Value) -> String {
    let schema = shape::resolve(root, schema);
    match bare_example(root, schema).as_str() {
        "…" => "a text".to_owned(),
        bare => format!("`{bare}`"),
    }
}

fn bare_example(root: &Value, schema: &Value) -> String {
    let schema = shape::resolve(root, schema);
    if let Some(first) = schema
        .get("anyOf")
        .or_else(|| schema.get("oneOf"))
        .and_then(|o| o.get(0))
    {
        return bare_example(root, first);
    }
    let offered = ["examples", "enum"].iter().find_map(|key| schema.get(key));
    if let Some(first) = offered.and_then(|values| values.get(0)) {
        return plain(first);
    }
    if let Some(kind) = shape::reference_kinds(schema).and_then(|kinds| kinds.iter().next()) {
        return format!("{kind}-id");
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("integer" | "number") => {
            let low = schema.get("minimum").and_then(Value::as_f64);
            let high = schema.get("maximum").and_then(Value::as_f64);
            match (low, high) {
                (Some(low), Some(high)) => format!("{}", f64::midpoint(low, high).floor()),
                (Some(low), None) => format!("{low}"),
                _ => "10".to_owned(),
            }
        }
        Some("boolean") => "true".to_owned(),
        Some("array") => {
            let item = schema
                .get("items")
                .map(|i| bare_example(root, i))
                .unwrap_or_default();
            format!("[{item}]")
        }
        Some("object") => {
            let required = schema.get("required").and_then(Value::as_array);
            let parts: Vec<_> = required
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(|name| {
                    let field = properties_of(schema).and_then(|p| p.get(name));
                    let value = field.map(|f| bare_example(root, f)).unwrap_or_default();
                    format!("{name}: {value}")
                })
                .collect();
            format!("{{{}}}", parts.join(", "))
        }
        _ => match schema.get("format").and_then(Value::as_str) {
            Some("date") => "2026-09-14".to_owned(),
            Some("uri") => "https://example.com/report".to_owned(),
            _ => "…".to_owned(),
        },
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What the author wrote, short enough for a sentence.
fn written(node: Node<'_>) -> String {
    match node.as_str() {
        Some(text) if text.chars().count() <= 40 => format!("`{text}`"),
        Some(text) => format!("`{}…`", text.chars().take(40).collect::<String>()),
        None if node.is_map() => "a block of fields".to_owned(),
        None => "a list".to_owned(),
    }
}

fn first_sentence(text: &str) -> String {
    let text = text.replace('\n', " ");
    match text.split_once(". ") {
        Some((first, _)) => first.to_owned(),
        None => text.trim_end_matches('.').to_owned(),
    }
}

fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}
