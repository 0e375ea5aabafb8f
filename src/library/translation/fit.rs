//! Which text of an entity a translation says, and what in it does not fit.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use serde_json::Value;

use super::{DAY, RULE};
use crate::diagnostic::{Gathered, Severity};
use crate::schema::kinds::common::NOT_BLANK;
use crate::schema::{nearest, repair, shape};
use crate::source::Document;
use crate::source::yaml::Node;

/// Texts that are the same in every language, though no list or pattern says so: names for
/// programs, and what is filtered by.
const SAME: [&str; 7] = [
    "aliases",
    "allow",
    "extra",
    "id",
    "measurements",
    "tags",
    "url",
];

/// A translation on its way over its original.
pub(super) struct Fit<'a> {
    schema: &'a Value,
    document: &'a Document,
    at: String,
    pub(super) texts: BTreeMap<String, String>,
    pub(super) unsaid: BTreeSet<String>,
    pub(super) findings: Gathered,
}

impl<'a> Fit<'a> {
    /// A fit under the schema of the kind; `document` is the translation.
    pub(super) fn new(schema: &'a Value, document: &'a Document) -> Self {
        Self {
            schema,
            document,
            at: String::new(),
            texts: BTreeMap::new(),
            unsaid: BTreeSet::new(),
            findings: Gathered::default(),
        }
    }

    /// Lays a translated front matter over the original.
    pub(super) fn lay(&mut self, original: Node<'_>, translated: Node<'_>) {
        self.map(self.schema, original, translated);
    }

    /// Notes the texts of the original that nobody has translated.
    pub(super) fn collect(&mut self, original: Node<'_>) {
        self.gather(self.schema, original);
    }

    /// Goes on with what stands under `step`.
    fn below(&mut self, step: &str, go: impl FnOnce(&mut Self)) {
        let length = self.at.len();
        self.at.push('/');
        self.at
            .push_str(&step.replace('~', "~0").replace('/', "~1"));
        go(self);
        self.at.truncate(length);
    }

    fn value(&mut self, schema: &'a Value, original: Node<'_>, translated: Node<'_>) {
        if translated.is_null() {
            return;
        }
        let schema = self.option(schema, original);
        if original.is_map() && translated.is_map() {
            self.map(schema, original, translated);
        } else if original.is_list() && translated.is_list() {
            self.list(schema, original, translated);
        } else if let (Some(old), Some(new)) = (original.as_str(), translated.as_str()) {
            self.text(schema, (old, new), translated);
        } else if let (Some(text), Some(_)) = (original.get("text"), translated.as_str()) {
            // A claim may be translated by its sentence alone, …
            let schema = self.property(schema, "text");
            self.below("text", |fit| fit.value(schema, text, translated));
        } else if let (Some(_), Some(text)) = (original.as_str(), translated.get("text")) {
            // … and be a sentence alone.
            self.value(schema, original, text);
        } else {
            self.changed(translated, "has another form than in the original");
        }
    }

    fn map(&mut self, schema: &'a Value, original: Node<'_>, translated: Node<'_>) {
        for (key, value) in translated.entries() {
            let Some(name) = key.as_str() else { continue };
            if self.at.is_empty() && name == DAY {
                continue;
            }
            if let Some(first) = original.get(name).filter(|first| !first.is_null()) {
                let schema = self.property(schema, name);
                self.below(name, |fit| fit.value(schema, first, value));
                continue;
            }
            let known = schema.get("properties").and_then(Value::as_object);
            let names = known.into_iter().flatten().map(|(name, _)| name.as_str());
            if names.clone().any(|known| known == name) {
                self.warn(
                    key,
                    format!("the original says nothing of `{name}`"),
                    "add it to the original first, or remove it here",
                );
            } else {
                self.findings.add(|| {
                    let fix = repair::key(translated, key, &names.clone().collect::<Vec<_>>());
                    let message = format!("there is no field `{name}`");
                    self.document
                        .finding("unknown-key", key.span(), message)
                        .help(nearest::or_list(name, names, "field"))
                        .fix(fix)
                });
            }
        }
    }

    /// The entries of a list: by their `id` where they have one, by their place where not.
    fn list(&mut self, schema: &'a Value, original: Node<'_>, translated: Node<'_>) {
        let items = schema.get("items").unwrap_or(&Value::Null);
        let first: Vec<Node<'_>> = original.items().collect();
        let ids = first.iter().map(|one| one.get("id").and_then(Node::as_str));
        // Of two with one id the first is meant.
        let ids = ids.enumerate().rev();
        let places: HashMap<&str, usize> = ids.filter_map(|(at, id)| Some((id?, at))).collect();
        let named = translated.items().any(|item| item.get("id").is_some());
        let count = translated.items().count();
        if !named && count != first.len() {
            self.warn(
                translated,
                format!("the original has {} entries here, and this {count}", first.len()),
                "translate all of them in their order, or name those that you translate by their `id`",
            );
        }
        for (place, item) in translated.items().enumerate() {
            let id = item.get("id").and_then(Node::as_str);
            let at = match id {
                Some(id) => places.get(id).copied(),
                None => (place < first.len()).then_some(place),
            };
            match (at, id) {
                (Some(at), _) => {
                    let one = first[at];
                    self.below(&at.to_string(), |fit| fit.value(items, one, item));
                }
                (None, Some(id)) => self.warn(
                    item.get("id").unwrap_or(item),
                    format!("the original has no `{id}` here"),
                    "write the id as it stands in the original, or remove this entry",
                ),
                (None, None) => {}
            }
        }
    }

    fn text(&mut self, schema: &'a Value, (old, new): (&str, &str), translated: Node<'_>) {
        if !self.is_free(schema) {
            if old != new {
                self.changed(translated, "cannot be changed by a translation");
            }
        } else if new.trim().is_empty() {
            self.warn(
                translated,
                "this text is empty".to_owned(),
                "translate it, or remove the line: what a translation does not say comes from the original",
            );
        } else if let Some(most) = longest(schema).filter(|&most| new.chars().count() > most) {
            self.warn(
                translated,
                format!("this text has more than {most} characters"),
                "shorten it: other pages show it too",
            );
        } else {
            self.texts.insert(self.at.clone(), new.to_owned());
        }
    }

    /// The texts of the original below here that can be translated and are not.
    fn gather(&mut self, schema: &'a Value, node: Node<'_>) {
        let schema = self.option(schema, node);
        if let Some(text) = node.as_str() {
            let words = text.chars().any(char::is_alphabetic);
            if words && self.is_free(schema) && !self.texts.contains_key(&self.at) {
                self.unsaid.insert(self.at.clone());
            }
        } else if node.is_list() {
            let items = schema.get("items").unwrap_or(&Value::Null);
            for (index, item) in node.items().enumerate() {
                self.below(&index.to_string(), |fit| fit.gather(items, item));
            }
        } else {
            for (key, value) in node.entries() {
                let name = key.as_str().unwrap_or_default();
                let schema = self.property(schema, name);
                self.below(name, |fit| fit.gather(schema, value));
            }
        }
    }

    /// Whether the text at this place is one that people wrote for people.
    fn is_free(&self, schema: &Value) -> bool {
        let same = self.at.split('/').any(|step| SAME.contains(&step));
        let fixed = ["enum", "const", "format", "x-reference", "x-asset"];
        let pattern = schema.get("pattern").and_then(Value::as_str);
        !same
            && schema.get("type").and_then(Value::as_str) == Some("string")
            && fixed.iter().all(|key| schema.get(key).is_none())
            && pattern.is_none_or(|pattern| pattern == NOT_BLANK)
    }

    /// Of several forms that a value may have the one that it has.
    fn option(&self, schema: &'a Value, node: Node<'_>) -> &'a Value {
        let schema = shape::resolve(self.schema, schema);
        let options = schema.get("anyOf").or_else(|| schema.get("oneOf"));
        let Some(options) = options.and_then(Value::as_array) else {
            return schema;
        };
        let mut options = options.iter().map(|one| shape::resolve(self.schema, one));
        let kind = if node.is_map() {
            "object"
        } else if node.is_list() {
            "array"
        } else {
            "string"
        };
        let fits = |one: &&Value| one.get("type").and_then(Value::as_str) == Some(kind);
        options.find(fits).unwrap_or(&Value::Null)
    }

    fn property(&self, schema: &'a Value, name: &str) -> &'a Value {
        let known = schema.get("properties").and_then(|all| all.get(name));
        let found = known.or_else(|| schema.get("additionalProperties"));
        shape::resolve(self.schema, found.unwrap_or(&Value::Null))
    }

    fn changed(&mut self, node: Node<'_>, how: &str) {
        let field = self
            .at
            .rsplit('/')
            .find(|step| step.parse::<usize>().is_err());
        let message = format!("`{}` {how}", field.unwrap_or_default());
        self.warn(
            node,
            message,
            "remove it here: what a translation does not say comes from the original",
        );
    }

    fn warn(&mut self, node: Node<'_>, message: String, help: &str) {
        self.findings.add(|| {
            let mut finding = self.document.finding(RULE, node.span(), message).help(help);
            finding.severity = Severity::Warn;
            finding.pointer(&self.at)
        });
    }
}

/// How many characters a text may have.
fn longest(schema: &Value) -> Option<usize> {
    usize::try_from(schema.get("maxLength")?.as_u64()?).ok()
}
