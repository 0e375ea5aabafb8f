//! The published JSON Schemas, held against our own reading of a front matter.
//!
//! An editor completes and underlines by the schemas that `personary schema` prints, and reads YAML in
//! its own way. So here they are compiled alone, given what another YAML reader makes of the sample,
//! and must accept what we accept and refuse what we refuse: the sample as it is, and with each of its
//! values in turn made wrong.

mod keywords;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Kind, Schemas, Settings, read_settings};
use crate::source::{Document, Folder, Memory, Tree};

/// Why the two disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// A field with nothing behind it is one that is not there; to the schema it is `null`.
    Nothing,
    /// A text may look like a number or a truth value without quotes; to the schema it is one.
    Plain,
    /// The fields of a project are schemas, which have rules of their own; to the schema of the
    /// settings they are anything.
    Meta,
}

/// Disagreements for other reasons: kind, field and value.
const EXCEPTIONS: &[&str] = &[];

/// What each value is replaced by.
fn replacements() -> [Value; 10] {
    [
        json!(null),
        json!(""),
        json!(" "),
        json!("no such thing"),
        json!("2026-13-45"),
        json!(0),
        json!(-1.5),
        json!(true),
        json!([]),
        json!({}),
    ]
}

/// The schemas of a project, and those that others compile from them, by name.
struct Both {
    ours: Schemas,
    theirs: BTreeMap<&'static str, jsonschema::Validator>,
}

impl Both {
    fn with(settings: &Settings) -> Self {
        let ours = Schemas::new(settings).expect("the schemas");
        let theirs = ours.all().map(|(name, schema)| {
            // What is printed is text.
            let schema: Value = serde_json::from_str(&schema.to_string()).expect("JSON");
            let validator = jsonschema::draft202012::options()
                .should_validate_formats(true)
                .build(&schema);
            (name, validator.expect("a schema"))
        });
        Self {
            theirs: theirs.collect(),
            ours,
        }
    }

    /// Whether we accept a front matter of a kind, or settings.
    fn we_accept(&self, name: &str, text: &str) -> bool {
        let Some(kind) = Kind::parse(name) else {
            return read_settings(&settings_document(text)).findings.is_empty();
        };
        let path: Arc<str> = format!("content/{}/x.md", kind.folder()).into();
        let tree = Memory::default().with(&path, format!("---\n{text}\n---\n"));
        let document = Document::read(&tree, &path, true);
        assert_eq!(document.findings, []);
        let checked = self.ours.read(kind, &document);
        assert_eq!(checked.data.is_some(), checked.findings.is_empty());
        checked.data.is_some()
    }

    fn they_accept(&self, name: &str, value: &Value) -> bool {
        self.theirs[name].is_valid(value)
    }
}

fn settings_document(text: &str) -> Document {
    let tree = Memory::default().with("personary.yaml", text);
    Document::read_yaml(&tree, &"personary.yaml".into())
}

/// Settings that are right.
fn settings_of(text: &str) -> Settings {
    let read = read_settings(&settings_document(text));
    assert_eq!(read.findings, []);
    read.settings
}

/// The project of this repository.
struct Sample {
    folder: Folder,
    both: Both,
}

impl Sample {
    fn new() -> Self {
        let folder = Folder::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the sample");
        let document = Document::read_yaml(&folder, &"personary.yaml".into());
        Self {
            both: Both::with(&settings_of(&document.text)),
            folder,
        }
    }

    /// The front matter of every file of a kind in the sample, as another reader reads it.
    fn of(&self, kind: Kind) -> Vec<(String, Value)> {
        let files = self
            .folder
            .list(&format!("content/{}", kind.folder()))
            .files;
        let read = files.iter().filter_map(|path| {
            // A translation holds a part of the fields.
            if path.ends_with(".de.md") || !path.ends_with(".md") {
                return None;
            }
            let document = Document::read(&self.folder, path, false);
            let front = document.text.get(document.front_range.clone())?.to_owned();
            let value = serde_yaml::from_str(&front).expect("YAML");
            Some((front, value))
        });
        read.collect()
    }
}

/// The pointers of all values below `value`.
fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let pointer = format!("{at}/{}", escaped(key));
                pointers(value, &pointer, out);
                out.push(pointer);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let pointer = format!("{at}/{index}");
                pointers(value, &pointer, out);
                out.push(pointer);
            }
        }
        _ => {}
    }
}

/// Takes away what stands at `pointer`.
fn without(value: &Value, pointer: &str) -> Value {
    let mut value = value.clone();
    let (parent, last) = pointer.rsplit_once('/').expect("a pointer");
    let last = last.replace("~1", "/").replace("~0", "~");
    match value.pointer_mut(parent) {
        Some(Value::Object(map)) => {
            map.remove(&last);
        }
        Some(Value::Array(items)) => {
            items.remove(last.parse().expect("an index"));
        }
        _ => {}
    }
    value
}

/// A pointer without the numbers in it.
fn field(pointer: &str) -> String {
    let parts = pointer.split('/').map(|part| match part.parse::<usize>() {
        Ok(_) => "*",
        Err(_) => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// What stands in place of something.
fn put(whole: &Value, pointer: &str, value: Value) -> Value {
    let mut whole = whole.clone();
    *whole.pointer_mut(pointer).expect("a value") = value;
    whole
}

/// Why the two should disagree about `value`, in which `what` stands at `pointer`.
fn reason(both: &Both, name: &str, value: &Value, pointer: &str, what: &Value) -> Option<Reason> {
    if both.they_accept(name, value) {
        let fields = value.get("fields").filter(|_| name == "settings");
        let mut fields = fields.and_then(Value::as_object).into_iter().flatten();
        let are_schemas = |fields: &Value| {
            let mut fields = fields.as_object().into_iter().flatten();
            fields.all(|(_, schema)| jsonschema::draft202012::new(schema).is_ok())
        };
        return (!fields.all(|(_, fields)| are_schemas(fields))).then_some(Reason::Meta);
    }
    let above = pointer
        .rsplit_once('/')
        .and_then(|(above, _)| value.pointer(above));
    let is_field = above.is_some_and(Value::is_object);
    if what.is_null() && is_field && both.they_accept(name, &without(value, pointer)) {
        return Some(Reason::Nothing);
    }
    let quoted = || put(value, pointer, Value::String(what.to_string()));
    let is_plain = what.is_number() || what.is_boolean();
    (is_plain && both.they_accept(name, &quoted())).then_some(Reason::Plain)
}

#[test]
fn the_sample_is_right_to_both() {
    let sample = Sample::new();
    let both = &sample.both;
    for &kind in Kind::ALL {
        for (front, value) in sample.of(kind) {
            assert!(both.we_accept(kind.name(), &front), "{kind}:\n{front}");
            let errors: Vec<String> = both.theirs[kind.name()]
                .iter_errors(&value)
                .map(|error| format!("{} {error}", error.instance_path()))
                .collect();
            assert_eq!(errors, [""; 0], "{kind}:\n{front}");
        }
    }
}

/// The fullest values of each schema: the file of the sample that has most, and what has every field.
fn fullest(sample: &Sample) -> Vec<(&'static str, Value)> {
    let mut all = Vec::new();
    for &kind in Kind::ALL {
        let values = sample.of(kind).into_iter().map(|(_, value)| value);
        let longest = values.max_by_key(|value| value.to_string().len());
        all.extend(longest.map(|value| (kind.name(), value)));
    }
    let schemas = sample.both.ours.all();
    all.extend(schemas.map(|(name, root)| (name, keywords::full(&root, &root))));
    all
}

#[test]
fn what_is_wrong_is_wrong_to_both_but_for_what_is_named() {
    let sample = Sample::new();
    let both = &sample.both;
    let mut exceptions = BTreeSet::new();
    let mut reasons: BTreeMap<Reason, usize> = BTreeMap::new();
    let (mut tried, mut refused) = (0, 0);
    for (name, full) in fullest(&sample) {
        let mut all = Vec::new();
        pointers(&full, "", &mut all);
        // Of the items of a list one is enough.
        let mut known = BTreeSet::new();
        all.retain(|pointer| known.insert(field(pointer)));
        let mut judge = |value: &Value, pointer: &str, what: &Value| {
            tried += 1;
            let ours = both.we_accept(name, &value.to_string());
            refused += usize::from(!ours);
            let disagree = ours != both.they_accept(name, value);
            match reason(both, name, value, pointer, what) {
                // Each time there is a reason they disagree, and never else.
                Some(reason) if disagree && ours == (reason != Reason::Meta) => {
                    *reasons.entry(reason).or_default() += 1;
                }
                None if !disagree => {}
                reason => {
                    exceptions.insert(format!("{name} {} {what} {reason:?}", field(pointer)));
                }
            }
        };
        for pointer in &all {
            judge(&without(&full, pointer), pointer, &json!("nothing"));
            for what in replacements() {
                judge(&put(&full, pointer, what.clone()), pointer, &what);
            }
            let mut value = full.clone();
            if let Some(Value::Object(map)) = value.pointer_mut(pointer) {
                map.insert("no-such-field".to_owned(), json!(1));
                judge(&value, pointer, &json!("no-such-field"));
            }
        }
        let mut value = full.clone();
        value["no-such-field"] = json!(1);
        judge(&value, "", &json!("no-such-field"));
    }
    let exceptions: Vec<String> = exceptions.into_iter().collect();
    assert_eq!(exceptions, EXCEPTIONS);
    assert!(tried > 1_000 && refused > tried / 3, "{refused} of {tried}");
    println!("{refused} of {tried} refused, {reasons:?}");
    assert_eq!(reasons.len(), 3, "{reasons:?}");
}
