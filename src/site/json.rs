//! The JSON views: one of each entity, and one of the library.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::{Site, route};
use crate::library::Entity;
use crate::library::measurements::Row;
use crate::schema::{Kind, Typed};

/// The version of both views. Raised when a field changes its meaning or goes.
pub(super) const VERSION: u32 = 1;

/// What both views say of an entity.
#[derive(Serialize)]
struct Header<'a> {
    kind: &'static str,
    id: &'a str,
    name: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    path: String,
}

/// Everything about one entity: its front matter, what refers to it, and its measurements.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    header: Header<'a>,
    version: u32,
    source: &'a str,
    #[serde(serialize_with = "or_empty")]
    fields: Option<Typed<'a>>,
    body: &'a str,
    referred_by: BTreeMap<&'static str, Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    measurements: Option<Vec<Measurement<'a>>>,
}

#[derive(Serialize)]
struct Measurement<'a> {
    period: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    persona: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    segment: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    journey: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'a str>,
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
}

impl<'a> From<&'a Row> for Measurement<'a> {
    fn from(row: &'a Row) -> Self {
        Self {
            period: &row.period.text,
            persona: row.slice.persona.as_deref(),
            segment: row.slice.segment.as_deref(),
            journey: row.slice.journey.as_deref(),
            stage: row.slice.stage.as_deref(),
            value: row.value,
            n: row.n,
            low: row.interval.map(|(low, _)| low),
            high: row.interval.map(|(_, high)| high),
        }
    }
}

/// All entities with their addresses.
#[derive(Serialize)]
struct Contents<'a> {
    version: u32,
    title: &'a str,
    entities: Vec<Header<'a>>,
}

/// The view of one entity.
pub(super) fn entity(site: &Site<'_>, entity: &Entity) -> String {
    let mut referred_by: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for other in site.library.referrers(entity) {
        if site.is_published(other) {
            let ids = referred_by.entry(other.kind.folder()).or_default();
            ids.push(&*other.id);
        }
    }
    let shape = site.library.schemas.shape(entity.kind);
    let root = entity.document.root().filter(|node| node.is_map());
    let measurements = entity.measurements.as_ref();
    written(&Whole {
        header: header(site, entity),
        version: VERSION,
        source: &entity.document.path,
        fields: root.map(|node| Typed { node, shape }),
        body: entity.document.markdown().trim(),
        referred_by,
        measurements: measurements.map(|m| m.rows.iter().map(Measurement::from).collect()),
    })
}

/// The view of the library.
pub(super) fn library(site: &Site<'_>) -> String {
    let entities = Kind::ALL.iter().flat_map(|&kind| site.published(kind));
    written(&Contents {
        version: VERSION,
        title: &site.library.settings.title,
        entities: entities.map(|entity| header(site, entity)).collect(),
    })
}

fn header<'a>(site: &Site<'_>, entity: &'a Entity) -> Header<'a> {
    let path = route::entity_path(entity);
    Header {
        kind: entity.kind.name(),
        id: &entity.id,
        name: entity.name(),
        status: entity.status().as_str(),
        summary: super::refs::summary(entity),
        url: site.options.canonical(&path),
        path,
    }
}

pub(super) fn written(view: &impl Serialize) -> String {
    let mut text = serde_json::to_string(view).unwrap_or_default();
    text.push('\n');
    text
}

/// A broken front matter has no fields.
#[expect(clippy::ref_option, reason = "what serde passes")]
fn or_empty<S: Serializer>(fields: &Option<Typed<'_>>, serializer: S) -> Result<S::Ok, S::Error> {
    match fields {
        Some(fields) => fields.serialize(serializer),
        None => serializer.collect_map(std::iter::empty::<((), ())>()),
    }
}
