//! What templates receive, noted while pages are rendered; for `docs/theme-views.md`.
//!
//! In: the context of every rendering. Out: for each template the shape of all its contexts: which
//! values there are, of what type, and whether they are always there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use minijinja::Value;
use minijinja::value::ValueKind;

use super::stencil;

mod last;
mod views;
mod words;

/// Deeper than any view.
const DEPTH: usize = 8;

/// Notes what templates receive, once it is asked to.
#[derive(Debug, Default)]
pub(super) struct Recorder(Mutex<Option<BTreeMap<String, Shape>>>);

/// What a value was, all times it was met.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    /// How often there was one.
    times: usize,
    /// What it was.
    types: BTreeSet<&'static str>,
    /// The words it can be, in a stencil.
    words: BTreeSet<String>,
    fields: BTreeMap<String, Shape>,
    /// What the items of a list were.
    items: Option<Box<Shape>>,
}

impl Recorder {
    pub(super) fn start(&self) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *all = Some(BTreeMap::new());
    }

    fn taken(&self) -> BTreeMap<String, Shape> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.take().unwrap_or_default()
    }

    /// Whether it takes notes: then nothing is drawn but what is shown.
    pub(super) fn is_on(&self) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.is_some()
    }

    pub(super) fn note(&self, template: &str, context: &Value) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(all) = all.as_mut() else { return };
        let shape = all.entry(template.to_owned()).or_default();
        shape.times += 1;
        let is_stencil = template.starts_with("stencils/");
        for (name, value) in entries(context) {
            // The words of the site are described where they stand.
            if name != "labels" {
                let field = shape.fields.entry(name).or_default();
                field.note(&value, DEPTH, is_stencil);
            }
        }
    }
}

impl Shape {
    fn note(&mut self, value: &Value, depth: usize, is_stencil: bool) {
        if value.is_undefined() || value.is_none() || depth == 0 {
            return;
        }
        self.times += 1;
        let kind = match value.kind() {
            _ if stencil::is_gap(value) => "text to place",
            ValueKind::String if value.is_safe() => "HTML",
            ValueKind::String if is_stencil => {
                self.words
                    .insert(value.as_str().unwrap_or_default().to_owned());
                "word"
            }
            ValueKind::String => "text",
            ValueKind::Number => "number",
            ValueKind::Bool if is_stencil => "flag",
            ValueKind::Bool => "yes or no",
            ValueKind::Seq | ValueKind::Iterable => {
                let items = self.items.get_or_insert_default();
                for item in value.try_iter().into_iter().flatten() {
                    items.note(&item, depth - 1, is_stencil);
                }
                "list"
            }
            ValueKind::Map => {
                let entries = entries(value);
                let has = |wanted: &str| entries.iter().any(|(name, _)| name == wanted);
                if has("link") && has("chip") {
                    "reference"
                } else {
                    for (name, value) in entries {
                        let field = self.fields.entry(name).or_default();
                        field.note(&value, depth - 1, is_stencil);
                    }
                    "fields"
                }
            }
            _ => "value",
        };
        self.types.insert(kind);
    }
}

fn entries(value: &Value) -> Vec<(String, Value)> {
    let keys = value.try_iter().into_iter().flatten();
    keys.filter_map(|key| {
        let found = value.get_item(&key).ok()?;
        Some((key.to_string(), found))
    })
    .collect()
}
