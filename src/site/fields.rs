//! Small objects for templates.
//!
//! Templates look up far more names than views are made, so both kinds answer without making a
//! value of the name first.

use std::borrow::Cow;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use minijinja::Value;
use minijinja::value::{Enumerator, Object};

/// The fields of a view. There are few, so that looking through them is faster than hashing.
#[derive(Debug)]
struct Fields(Vec<(&'static str, Value)>);

impl Object for Fields {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        // The first byte tells most names apart, which spares the call that compares the rest.
        let first = key.as_bytes().first();
        let found = self
            .0
            .iter()
            .find(|(name, _)| name.as_bytes().first() == first && *name == key);
        found.map(|(_, value)| value.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.iter().map(|(name, _)| Value::from(*name)).collect())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.0.len())
    }
}

/// A view with these fields.
pub(super) fn view(fields: impl Into<Vec<(&'static str, Value)>>) -> Value {
    Value::from_object(Fields(fields.into()))
}

/// Fields whose names hold dots, as views within views: `page.title` is the `title` of `page`.
pub(super) fn nested(
    fields: impl IntoIterator<Item = (&'static str, Value)>,
) -> Vec<(&'static str, Value)> {
    let mut flat = Vec::new();
    let mut groups: Vec<(&'static str, Vec<(&'static str, Value)>)> = Vec::new();
    for (name, value) in fields {
        let Some((first, rest)) = name.split_once('.') else {
            flat.push((name, value));
            continue;
        };
        match groups.iter_mut().find(|(group, _)| *group == first) {
            Some((_, group)) => group.push((rest, value)),
            None => groups.push((first, vec![(rest, value)])),
        }
    }
    let groups = groups.into_iter();
    flat.extend(groups.map(|(name, fields)| {
        // What has nothing in it is not there.
        let is_there = fields.iter().any(|(_, value)| !value.is_undefined());
        let fields = is_there.then(|| view(nested(fields)));
        (name, fields.unwrap_or_default())
    }));
    flat
}

/// Many fields, or fields whose names are known only at run time.
#[derive(Debug)]
struct Table {
    /// The names in the order they were given.
    names: Vec<Value>,
    values: HashMap<Cow<'static, str>, Value>,
}

impl Object for Table {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.values.get(key).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.names.clone())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.names.len())
    }
}

/// A view with these fields; of two with one name the later one counts.
pub(super) fn table(fields: impl IntoIterator<Item = (Cow<'static, str>, Value)>) -> Value {
    let fields = fields.into_iter();
    let mut names = Vec::with_capacity(fields.size_hint().0);
    let mut values = HashMap::with_capacity(fields.size_hint().0);
    for (name, value) in fields {
        let shown = Value::from(&*name);
        if values.insert(name, value).is_none() {
            names.push(shown);
        }
    }
    Value::from_object(Table { names, values })
}

/// The same for a tree of texts.
pub(super) fn words(tree: &serde_json::Value) -> Value {
    match tree {
        serde_json::Value::Object(entries) => table(
            entries
                .iter()
                .map(|(name, value)| (Cow::Owned(name.clone()), words(value))),
        ),
        serde_json::Value::Array(items) => items.iter().map(words).collect(),
        other => Value::from(minijinja::value::Serde(other)),
    }
}
