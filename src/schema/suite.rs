//! The published JSON Schemas, held against our own reading of a front matter.
//!
//! An editor completes and underlines by the schemas that `personary schema` prints, and reads YAML in
//! its own way. So here they are compiled alone, given what another YAML reader makes of the sample,
//! and must accept what we accept and refuse what we refuse: the sample as it is, and with each of its
//! values in turn made wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::settings::read_settings;
use super::{Kind, Schemas};
use crate::source::{Document, Folder, Memory, Tree};

/// Why the two disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// A field with nothing behind it is one that is not there; to the schema it is `null`.
    Nothing,
    /// A text may look like a number or a truth value without quotes; to the schema it is one.
    Plain,
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

/// The schemas of the sample project, and those that others compile from them.
struct Both {
    folder: Folder,
    ours: Schemas,
    theirs: BTreeMap<Kind, jsonschema::Validator>,
}

impl Both {
    fn new() -> Self {
        let folder = Folder::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the sample");
        let document = Document::read_yaml(&folder, &"personary.yaml".into());
        let ours = Schemas::new(&read_settings(&document).settings).expect("the schemas");
        let theirs = Kind::ALL.iter().map(|&kind| {
            // What is printed is text.
            let text = ours.json(kind).to_string();
            let schema: Value = serde_json::from_str(&text).expect("JSON");
            let validator = jsonschema::draft202012::options()
                .should_validate_formats(true)
                .build(&schema);
            (kind, validator.expect("a schema"))
        });
        Self {
            theirs: theirs.collect(),
            ours,
            folder,
        }
    }

    /// The front matter of every file of a kind in the sample, as another reader reads it.
    fn sample(&self, kind: Kind) -> Vec<(String, Value)> {
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

    /// Whether we accept a front matter.
    fn we_accept(&self, kind: Kind, front: &str) -> bool {
        let path: Arc<str> = format!("content/{}/x.md", kind.folder()).into();
        let tree = Memory::default().with(&path, format!("---\n{front}\n---\n"));
        let document = Document::read(&tree, &path, true);
        assert_eq!(document.findings, []);
        let checked = self.ours.read(kind, &document);
        assert_eq!(checked.data.is_some(), checked.findings.is_empty());
        checked.data.is_some()
    }

    fn they_accept(&self, kind: Kind, value: &Value) -> bool {
        self.theirs[&kind].is_valid(value)
    }

    /// Why the two disagree about `value`, in which `what` stands at `pointer`.
    fn reason(&self, kind: Kind, value: &Value, pointer: &str, what: &Value) -> Option<Reason> {
        let theirs = self.they_accept(kind, value);
        if what.is_null() && !theirs {
            return Some(Reason::Nothing);
        }
        if !theirs && (what.is_number() || what.is_boolean()) {
            let mut quoted = value.clone();
            *quoted.pointer_mut(pointer)? = Value::String(what.to_string());
            return self.they_accept(kind, &quoted).then_some(Reason::Plain);
        }
        None
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

#[test]
fn the_sample_is_right_to_both() {
    let both = Both::new();
    for &kind in Kind::ALL {
        for (front, value) in both.sample(kind) {
            assert!(both.we_accept(kind, &front), "{kind}:\n{front}");
            let errors: Vec<String> = both.theirs[&kind]
                .iter_errors(&value)
                .map(|error| format!("{} {error}", error.instance_path()))
                .collect();
            assert_eq!(errors, [""; 0], "{kind}:\n{front}");
        }
    }
}

#[test]
fn what_is_wrong_is_wrong_to_both_but_for_what_is_named() {
    let both = Both::new();
    let mut exceptions = BTreeSet::new();
    let mut reasons: BTreeMap<Reason, usize> = BTreeMap::new();
    let (mut tried, mut refused) = (0, 0);
    for &kind in Kind::ALL {
        // The fullest file has most of the fields.
        let sample = both.sample(kind).into_iter().map(|(_, value)| value);
        let Some(full) = sample.max_by_key(|value| value.to_string().len()) else {
            continue;
        };
        let mut all = Vec::new();
        pointers(&full, "", &mut all);
        // Of the items of a list one is enough.
        let mut known = BTreeSet::new();
        all.retain(|pointer| known.insert(field(pointer)));
        let mut judge = |value: &Value, pointer: &str, what: &Value| {
            tried += 1;
            let ours = both.we_accept(kind, &value.to_string());
            refused += usize::from(!ours);
            if ours == both.they_accept(kind, value) {
                return;
            }
            match both.reason(kind, value, pointer, what) {
                Some(reason) if ours => *reasons.entry(reason).or_default() += 1,
                _ => {
                    exceptions.insert(format!("{kind} {} {what}", field(pointer)));
                }
            }
        };
        for pointer in &all {
            judge(&without(&full, pointer), pointer, &json!("nothing"));
            for what in replacements() {
                let mut value = full.clone();
                *value.pointer_mut(pointer).expect("a value") = what.clone();
                judge(&value, pointer, &what);
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
    assert_eq!(reasons.len(), 2, "{reasons:?}");
}
