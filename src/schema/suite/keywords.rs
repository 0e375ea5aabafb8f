//! Every keyword of every schema that is printed, at every place where it stands, once just kept and
//! once just broken: our reading and the schema must judge alike.
//!
//! The schema is walked beside a value that has all that it speaks of; at a keyword, what stands there
//! is replaced. A keyword or a pattern that is not known here fails the test, so that whoever uses a
//! new one says how it is broken.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::super::shape::resolve;
use super::{Both, put, settings_of, without};

/// Fields of a project, with what projects ask of theirs.
const SETTINGS: &str = r#"
fields:
  term:
    score: {type: integer, minimum: 1, maximum: 5}
    share: {type: number, exclusiveMinimum: 0, exclusiveMaximum: 4}
    step: {type: number, multipleOf: 0.5}
    code: {type: string, pattern: "^[A-Z]{2}-[0-9]+$"}
    short: {type: string, minLength: 2, maxLength: 4}
    level: {type: string, enum: [low, high]}
    rank: {enum: [1, 2]}
    fixed: {const: always}
    since: {type: string, format: date}
    link: {type: string, format: uri}
    mail: {type: string, format: email}
    flag: {type: boolean}
    never: {type: string, not: {enum: [never]}}
    words: {type: array, items: {type: string}, minItems: 2, maxItems: 3, uniqueItems: true}
    block: {type: object, properties: {a: {type: string}, b: {type: boolean}}, required: [a], additionalProperties: false}
    open: {type: object, additionalProperties: {type: number}, minProperties: 1, maxProperties: 2}
    named: {type: object, additionalProperties: {type: string}, propertyNames: {pattern: "^[A-Z]{2}-[0-9]+$"}}
    any: {anyOf: [{type: integer, minimum: 3}, {type: array, items: {type: string}}]}
    one: {oneOf: [{type: boolean}, {type: object, properties: {a: {type: integer}}, required: [a]}]}
    who: {type: string, x-reference: persona}
"#;

/// Where the two do not judge alike: a number that is larger than we can count, of which a format
/// speaks that tells others nothing.
const DEVIATIONS: [&str; 3] = [
    "evidence/properties/n format: 18446744073709551615 is wrong to us and right to others",
    "evidence/properties/n format: 1e+20 is wrong to us and right to others",
    "page/properties/order format: 18446744073709551615 is wrong to us and right to others",
];

/// Keywords that tell people and programs something, and judge nothing.
#[rustfmt::skip]
const ANNOTATIONS: [&str; 9] = [
    "$schema", "$defs", "title", "description", "default", "examples", "x-reference", "x-typed",
    "x-asset",
];
/// Keywords that are broken when something below or beside them is.
const WALKED: [&str; 6] = [
    "$ref",
    "properties",
    "items",
    "allOf",
    "propertyNames",
    "then",
];
/// Keywords that say what is right.
#[rustfmt::skip]
const ASSERTIONS: [&str; 23] = [
    "additionalProperties", "anyOf", "const", "enum", "exclusiveMaximum", "exclusiveMinimum",
    "format", "if", "maximum", "maxItems", "maxLength", "maxProperties", "minimum", "minItems",
    "minLength", "minProperties", "multipleOf", "not", "oneOf", "pattern", "required", "type",
    "uniqueItems",
];

/// A text that fits each pattern, and texts that do not.
const PATTERNS: [(&str, &str, &[&str]); 9] = [
    (r"\S", "a", &["", " ", "\u{a0}\t"]),
    (r"^[^\s#/]+$", "a:b", &["", "a b", "a/b", "#a"]),
    (
        r#"^(https?://[^/\s?#"<>]|/)[^\s?#"<>]*$"#,
        "https://a/b/",
        &["https://", "http:/a", "a", "https://a/?b", "ftp://a"],
    ),
    (
        r"^[^/\\.][^/\\]*$",
        "mine",
        &["", ".mine", "a/b", "a\\b", ".."],
    ),
    (
        r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
        "de-CH",
        &["d", "de_CH", "de-", "deutschland"],
    ),
    (
        r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$",
        "de-CH",
        &["d", "de_CH", "de-", "deut"],
    ),
    (
        "^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$",
        "#0a6e5c",
        &["", "#0a6e", "green", "##0a6e5c", "0a6e5c\n"],
    ),
    (
        r#"^https?://[^\s"<>]+$"#,
        "https://a/b",
        &["https://", "a", "https://a b", "ftp://a"],
    ),
    (
        "^[A-Z]{2}-[0-9]+$",
        "AB-1",
        &["ab-1", "AB1", "AB-1a", "xAB-1"],
    ),
];

/// Values that fit each format, and values that do not.
fn formats(format: &str) -> (Vec<Value>, Vec<Value>) {
    let texts = |texts: &[&str]| texts.iter().map(|&text| json!(text)).collect();
    match format {
        "date" => (
            texts(&["2026-02-28", "2024-02-29", "0001-01-01", "9999-12-31"]),
            texts(&[
                "2026-02-29",
                "2026-2-3",
                "26-02-03",
                "2026-02",
                "20260203",
                "2026-02-28T00:00:00Z",
                "today",
                " 2026-02-28",
            ]),
        ),
        "uri" => (
            texts(&[
                "https://example.com/a?b#c",
                "mailto:a@example.com",
                "urn:x:y",
            ]),
            texts(&[
                "no such thing",
                "/a/b",
                "example.com",
                "https://a b",
                "https://é",
            ]),
        ),
        "email" => (
            texts(&["a@example.com"]),
            texts(&["a", "a@", "@example.com", "a b@example.com"]),
        ),
        // What a number fits into is told by its bounds.
        "double" | "int8" | "uint8" => (vec![json!(1)], Vec::new()),
        "int64" => (
            vec![json!(i64::MAX), json!(i64::MIN)],
            vec![json!(u64::MAX)],
        ),
        "uint64" => (vec![json!(i64::MAX), json!(u64::MAX)], vec![json!(1e20)]),
        other => panic!("how is the format {other} broken?"),
    }
}

/// A value that fits a schema, with every field that it knows.
pub(super) fn full(root: &Value, node: &Value) -> Value {
    let node = resolve(root, node);
    let number = |name: &str| node.get(name).and_then(Value::as_f64);
    let text = |name: &str| node.get(name).and_then(Value::as_str);
    if let Some(options) = options(node) {
        return full(root, &options[0]);
    }
    if let Some(one) = node.get("const") {
        return one.clone();
    }
    if let Some(values) = node.get("enum") {
        return values[0].clone();
    }
    match text("type") {
        Some("object") => {
            let known = node.get("properties").and_then(Value::as_object);
            let mut fields: Map<String, Value> = known
                .into_iter()
                .flatten()
                .map(|(name, node)| (name.clone(), full(root, node)))
                .collect();
            if let Some(others) = others(node) {
                fields.insert(key(root, node), full(root, others));
            }
            fields.into()
        }
        Some("array") => {
            let least = node.get("minItems").and_then(Value::as_u64).unwrap_or(1);
            (0..least).map(|at| item(root, node, at)).collect()
        }
        Some("integer" | "number") => {
            let least = number("minimum").or_else(|| Some(number("exclusiveMinimum")? + 1.0));
            whole(least.unwrap_or(1.0))
        }
        Some("boolean") => json!(true),
        Some("string") => {
            let least = node.get("minLength").and_then(Value::as_u64).unwrap_or(1);
            let pattern = text("pattern").map(|wanted| json!(pattern(wanted).1));
            let format = text("format").map(|wanted| formats(wanted).0[0].clone());
            pattern
                .or(format)
                .unwrap_or_else(|| json!("a".repeat(usize::try_from(least).expect("short"))))
        }
        // Anything goes; in the settings that is a schema.
        _ => json!({"type": "string"}),
    }
}

fn options(node: &Value) -> Option<&Vec<Value>> {
    node.get("anyOf").or(node.get("oneOf"))?.as_array()
}

/// The schema of fields that nobody has named.
fn others(node: &Value) -> Option<&Value> {
    node.get("additionalProperties")
        .filter(|others| others.is_object())
}

/// The name of such a field.
fn key(root: &Value, node: &Value) -> String {
    let names = node.get("propertyNames");
    let pattern = names.and_then(|names| names.get("pattern")?.as_str());
    match pattern {
        Some(wanted) => self::pattern(wanted).1.to_owned(),
        // Fields are those of a kind.
        None if std::ptr::eq(node, &raw const root["properties"]["fields"]) => "team".to_owned(),
        None => "any-name".to_owned(),
    }
}

/// The item of a list at a place, which is no other's if it can be.
fn item(root: &Value, node: &Value, at: u64) -> Value {
    match full(root, &node["items"]) {
        Value::String(text) if text == "a" => json!(format!("a{at}")),
        item => item,
    }
}

fn whole(number: f64) -> Value {
    if number.fract() == 0.0 {
        json!(format!("{number:.0}").parse::<i64>().expect("a number"))
    } else {
        json!(number)
    }
}

fn pattern(wanted: &str) -> &'static (&'static str, &'static str, &'static [&'static str]) {
    let known = PATTERNS.iter().find(|(known, ..)| *known == wanted);
    known.unwrap_or_else(|| panic!("how is the pattern {wanted} broken?"))
}

/// A place in a schema, and what it judges.
#[derive(Clone)]
struct Place {
    /// Where the schema stands.
    schema: String,
    /// A whole front matter that is right.
    whole: Value,
    /// Where in it what is judged stands.
    value: String,
    /// Whether it is the name of the field there that is judged.
    is_name: bool,
    /// Whether the schema is one of several of which one must fit.
    is_option: bool,
}

impl Place {
    fn with(&self, value: Value) -> Value {
        if !self.is_name {
            return put(&self.whole, &self.value, value);
        }
        let (above, name) = self.value.rsplit_once('/').expect("a field");
        let held = self.whole.pointer(&self.value).expect("a value").clone();
        let mut whole = without(&self.whole, &self.value);
        let fields = whole
            .pointer_mut(above)
            .and_then(Value::as_object_mut)
            .expect("fields");
        fields.insert(value.as_str().unwrap_or(name).to_owned(), held);
        whole
    }

    fn down(&self, schema: &str, value: &str) -> Self {
        Self {
            schema: format!("{}/{schema}", self.schema),
            value: format!("{}{value}", self.value),
            is_option: false,
            ..self.clone()
        }
    }
}

/// What a walk has seen.
struct Walk<'a> {
    both: &'a Both,
    name: &'static str,
    root: &'a Value,
    seen: BTreeSet<String>,
    /// How often each keyword was kept, and broken.
    judged: BTreeMap<String, [usize; 2]>,
    /// What was not judged as it should be.
    wrong: Vec<String>,
}

impl Walk<'_> {
    fn judge(&mut self, keyword: &str, place: &Place, whole: &Value, is_right: bool) {
        let ours = self.both.we_accept(self.name, &whole.to_string());
        let theirs = self.both.they_accept(self.name, whole);
        if ours == is_right && theirs == is_right {
            self.judged.entry(keyword.to_owned()).or_default()[usize::from(!is_right)] += 1;
        } else {
            let word = |accepts| if accepts { "right" } else { "wrong" };
            let value = whole.pointer(&place.value).unwrap_or(&Value::Null);
            self.wrong.push(format!(
                "{}{} {keyword}: {value} is {} to us and {} to others",
                self.name,
                place.schema,
                word(ours),
                word(theirs),
            ));
        }
    }

    fn right(&mut self, keyword: &str, place: &Place, values: impl IntoIterator<Item = Value>) {
        for value in values {
            self.judge(keyword, place, &place.with(value), true);
        }
    }

    fn wrong(&mut self, keyword: &str, place: &Place, values: impl IntoIterator<Item = Value>) {
        for value in values {
            // Another option may take it, or would if it were in quotes.
            let text = if value.is_string() {
                value.clone()
            } else {
                json!(value.to_string())
            };
            let wholes = [value, text].map(|value| place.with(value));
            let taken = wholes
                .iter()
                .any(|whole| self.both.they_accept(self.name, whole));
            if !(place.is_option && taken) {
                self.judge(keyword, place, &wholes[0], false);
            }
        }
    }

    fn walk(&mut self, node: &Value, place: &Place) {
        let mut place = place.clone();
        let mut node = node;
        if let Some(target) = node.get("$ref").and_then(Value::as_str) {
            target.trim_start_matches('#').clone_into(&mut place.schema);
            node = resolve(self.root, node);
        }
        if !self.seen.insert(place.schema.clone()) {
            return;
        }
        let root = self.root;
        for (keyword, argument) in node.as_object().into_iter().flatten() {
            self.probe(keyword, argument, node, &place);
            match keyword.as_str() {
                "properties" => {
                    for (name, node) in argument.as_object().into_iter().flatten() {
                        self.walk(
                            node,
                            &place.down(&format!("properties/{name}"), &format!("/{name}")),
                        );
                    }
                }
                "items" => self.walk(argument, &place.down("items", "/0")),
                "additionalProperties" if argument.is_object() => {
                    let key = key(root, node);
                    self.walk(
                        argument,
                        &place.down("additionalProperties", &format!("/{key}")),
                    );
                }
                "propertyNames" => {
                    let mut names = place.down("propertyNames", &format!("/{}", key(root, node)));
                    names.is_name = true;
                    self.walk(argument, &names);
                }
                "anyOf" | "oneOf" | "allOf" => {
                    for (at, option) in argument.as_array().into_iter().flatten().enumerate() {
                        let mut option_at = place.down(&format!("{keyword}/{at}"), "");
                        if keyword != "allOf" {
                            option_at.whole = place.with(full(root, option));
                            option_at.is_option = true;
                        }
                        self.walk(option, &option_at);
                    }
                }
                _ => {}
            }
        }
    }

    /// Keeps and breaks a keyword.
    fn probe(&mut self, keyword: &str, argument: &Value, node: &Value, place: &Place) {
        let root = self.root;
        let number = argument.as_f64().unwrap_or_default();
        let count = argument.as_u64().unwrap_or_default();
        let list = |length: u64| {
            (0..length)
                .map(|at| item(root, node, at))
                .collect::<Value>()
        };
        let text = |length: u64| json!("a".repeat(usize::try_from(length).expect("short")));
        let fields = |count: u64| -> Value {
            let held = others(node).map_or(Value::Null, |others| full(root, others));
            let fields = (0..count).map(|at| (format!("key{at}"), held.clone()));
            fields.collect::<Map<_, _>>().into()
        };
        let now = place
            .whole
            .pointer(&place.value)
            .cloned()
            .unwrap_or_default();
        let (right, wrong) = match keyword {
            "type" => (vec![now], no_type(argument)),
            "enum" => {
                let values = argument.as_array().expect("values").clone();
                let other = values
                    .iter()
                    .filter_map(|value| Some(json!(value.as_str()?.to_uppercase())));
                let mut wrong: Vec<Value> = other.collect();
                wrong.push(if values[0].is_number() {
                    json!(-99)
                } else {
                    json!("no such thing")
                });
                (values, wrong)
            }
            "const" => (vec![argument.clone()], vec![json!("no such thing")]),
            "pattern" => {
                let (_, right, wrong) = pattern(argument.as_str().expect("a pattern"));
                (
                    vec![json!(right)],
                    wrong.iter().map(|text| json!(text)).collect(),
                )
            }
            "format" => formats(argument.as_str().expect("a format")),
            "minimum" => (
                vec![argument.clone()],
                vec![whole(number - 1.0), json!(number - 0.5)],
            ),
            "maximum" => (
                vec![argument.clone()],
                vec![whole(number + 1.0), json!(number + 0.5)],
            ),
            "exclusiveMinimum" => (
                vec![whole(number + 1.0)],
                vec![argument.clone(), whole(number - 1.0)],
            ),
            "exclusiveMaximum" => (
                vec![whole(number - 1.0)],
                vec![argument.clone(), whole(number + 1.0)],
            ),
            "multipleOf" => (
                vec![json!(number * 3.0), json!(0)],
                vec![json!(number * 1.5)],
            ),
            "minLength" => (vec![text(count)], vec![text(count - 1)]),
            "maxLength" => (vec![text(count)], vec![text(count + 1)]),
            "minItems" => (vec![list(count)], vec![list(count - 1)]),
            "maxItems" => (vec![list(count)], vec![list(count + 1)]),
            "uniqueItems" => {
                let twice = [item(root, node, 0), item(root, node, 0)];
                (vec![now], vec![json!(twice)])
            }
            "minProperties" => (vec![fields(count)], vec![fields(count - 1)]),
            "maxProperties" => (vec![fields(count)], vec![fields(count + 1)]),
            "required" => {
                let names = argument.as_array().into_iter().flatten();
                let names = names.map(|name| format!("/{}", name.as_str().expect("a name")));
                let fewer = names.map(|name| without(&now, &name)).collect();
                (vec![now], fewer)
            }
            "additionalProperties" => {
                let mut more = now.clone();
                more["no-such-field"] = json!(1);
                if argument == false {
                    (vec![now], vec![more])
                } else {
                    (vec![now], Vec::new())
                }
            }
            "anyOf" | "oneOf" => {
                let options = options(node).into_iter().flatten();
                let right = options.map(|option| full(root, option)).collect();
                (right, vec![json!([[]]), json!({"no-such-field": []})])
            }
            "not" => (vec![now], vec![full(root, argument)]),
            "if" => return self.condition(argument, &node["then"], place),
            known if ANNOTATIONS.contains(&known) || WALKED.contains(&known) => return,
            other => panic!("how is {other} at {}{} broken?", self.name, place.schema),
        };
        self.right(keyword, place, right);
        self.wrong(keyword, place, wrong);
    }

    /// A field that must be there when another one has a certain value.
    fn condition(&mut self, condition: &Value, then: &Value, place: &Place) {
        let only = |node: &Value| match node["required"].as_array().map(Vec::as_slice) {
            Some([Value::String(name)]) => name.clone(),
            _ => panic!("how is {node} broken?"),
        };
        let (cause, asked) = (only(condition), only(then));
        let value = &condition["properties"][&cause]["const"];
        let [asked, cause_at] = [&asked, &cause].map(|name| format!("{}/{name}", place.value));
        let kept = put(&place.whole, &cause_at, value.clone());
        self.judge("if", place, &kept, true);
        self.judge("if", place, &without(&kept, &asked), false);
        // With another value it is not asked for.
        let values = &resolve(self.root, &self.root["properties"][&cause])["enum"];
        let mut others = values.as_array().into_iter().flatten();
        let other = others.find(|other| *other != value).expect("another value");
        let free = without(&put(&kept, &cause_at, other.clone()), &asked);
        self.judge("if", place, &free, true);
    }
}

/// Values of other types. What is a text to us when it is written without quotes is told elsewhere.
fn no_type(types: &Value) -> Vec<Value> {
    let is = |name: &str| {
        *types == *name
            || types
                .as_array()
                .is_some_and(|all| all.iter().any(|t| *t == *name))
    };
    let (text, number, whole) = (is("string"), is("number"), is("integer"));
    let mut wrong = Vec::new();
    for (fits, value) in [
        (is("array"), json!([])),
        (is("object"), json!({})),
        (text, json!("no such thing")),
        (text, json!("1")),
        (text, json!("true")),
        (text || is("boolean"), json!(true)),
        (text || number, json!(1.5)),
        (text || number || whole, json!(2)),
    ] {
        if !fits {
            wrong.push(value);
        }
    }
    wrong
}

#[test]
fn every_keyword_is_kept_and_broken_to_both_wherever_it_stands() {
    let both = Both::with(&settings_of(SETTINGS));
    let mut judged: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, root) in both.ours.all() {
        let whole = full(&root, &root);
        let mut walk = Walk {
            both: &both,
            name,
            root: &root,
            seen: BTreeSet::new(),
            judged: BTreeMap::new(),
            wrong: Vec::new(),
        };
        let place = Place {
            schema: String::new(),
            whole,
            value: String::new(),
            is_name: false,
            is_option: false,
        };
        walk.judge("", &place, &place.whole, true);
        walk.walk(&root, &place);
        for (keyword, [kept, broken]) in walk.judged {
            let sum = judged.entry(keyword).or_default();
            *sum = [sum[0] + kept, sum[1] + broken];
        }
        wrong.extend(walk.wrong);
    }
    assert_eq!(wrong, DEVIATIONS, "{wrong:#?}");
    judged.remove("");
    println!("{judged:?}");
    for keyword in ASSERTIONS {
        assert!(
            judged.get(keyword).is_some_and(|[_, broken]| *broken > 0),
            "{keyword}: {judged:?}"
        );
    }
    assert_eq!(judged.len(), ASSERTIONS.len(), "{judged:?}");
}
