//! The JSON views: one of each entity, and one of the library.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Site, route};
use crate::library::Entity;
use crate::library::measurements::Row;
use crate::schema::Kind;
use crate::schema::front_matter;

/// The version of both views. Raised when a field changes its meaning or goes.
const VERSION: u32 = 1;

/// Everything about one entity: its front matter, what refers to it, and its measurements.
pub(super) fn entity(site: &Site<'_>, entity: &Entity) -> String {
    let mut out = header(site, entity);
    out.insert("version".to_owned(), json!(VERSION));
    out.insert("source".to_owned(), json!(&*entity.document.path));
    let fields = front_matter(site.library.schemas.shape(entity.kind), &entity.document);
    out.insert("fields".to_owned(), fields);
    out.insert("body".to_owned(), json!(entity.document.markdown().trim()));
    let mut referrers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for other in site.library.referrers(entity) {
        if site.is_published(other) {
            referrers
                .entry(other.kind.folder())
                .or_default()
                .push(&other.id);
        }
    }
    out.insert("referred_by".to_owned(), json!(referrers));
    if let Some(measurements) = &entity.measurements {
        out.insert(
            "measurements".to_owned(),
            measurements.rows.iter().map(row).collect(),
        );
    }
    let mut text = serde_json::to_string(&Value::Object(out)).unwrap_or_default();
    text.push('\n');
    text
}

fn row(row: &Row) -> Value {
    let mut out = Map::new();
    out.insert("period".to_owned(), json!(row.period.text));
    for (key, value) in [
        ("persona", &row.slice.persona),
        ("segment", &row.slice.segment),
        ("journey", &row.slice.journey),
        ("stage", &row.slice.stage),
    ] {
        if let Some(value) = value {
            out.insert(key.to_owned(), json!(value));
        }
    }
    out.insert("value".to_owned(), json!(row.value));
    if let Some(n) = row.n {
        out.insert("n".to_owned(), json!(n));
    }
    if let Some((low, high)) = row.interval {
        out.insert("low".to_owned(), json!(low));
        out.insert("high".to_owned(), json!(high));
    }
    Value::Object(out)
}

/// All entities with their addresses.
pub(super) fn library(site: &Site<'_>) -> String {
    let entities = Kind::ALL
        .iter()
        .flat_map(|&kind| site.published(kind))
        .map(|entity| Value::Object(header(site, entity)));
    let view = json!({
        "version": VERSION,
        "title": site.library.settings.title,
        "entities": entities.collect::<Value>(),
    });
    let mut text = serde_json::to_string(&view).unwrap_or_default();
    text.push('\n');
    text
}

fn header(site: &Site<'_>, entity: &Entity) -> Map<String, Value> {
    let path = route::entity_path(entity);
    let mut out = Map::new();
    out.insert("kind".to_owned(), json!(entity.kind.name()));
    out.insert("id".to_owned(), json!(entity.id));
    out.insert("name".to_owned(), json!(entity.name()));
    out.insert("status".to_owned(), json!(entity.status().as_str()));
    if let Some(summary) = super::refs::summary(entity) {
        out.insert("summary".to_owned(), json!(summary));
    }
    if let Some(url) = site.options.canonical(&path) {
        out.insert("url".to_owned(), json!(url));
    }
    out.insert("path".to_owned(), json!(path));
    out
}
