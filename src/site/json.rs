//! The JSON views: one of each entity, and one of the library.

mod series;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::{Site, emblem, route};
use crate::library::facts::{Coverage, Grounds};
use crate::library::measurements::{Gauge, Row};
use crate::library::{Entity, figures};
use crate::schema::kinds::persona::Stance;
use crate::schema::{Data, Kind, Typed};
use crate::source::yaml::Node;
use series::{Line, Parts};

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
    fields: Option<Fields<'a>>,
    body: &'a str,
    referred_by: BTreeMap<&'static str, Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    measurements: Option<Vec<Measurement<'a>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    series: Vec<Line<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    founded: Option<Founded<'a>>,
    /// What stands for a persona, for scripts that show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    emblem: Option<Emblem>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    translations: Vec<Other<'a>>,
}

/// The front matter, as far as pages show it.
struct Fields<'a> {
    whole: Typed<'a>,
    shown: Vec<(&'a str, Node<'a>)>,
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = self.shown.iter();
        serializer.collect_map(
            shown.filter_map(|&(name, node)| Some((name, self.whole.entry(name, node)?))),
        )
    }
}

/// A page in another language.
#[derive(Serialize)]
struct Other<'a> {
    lang: &'a str,
    source: &'a str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    translated: Option<String>,
}

/// What a persona rests on.
#[derive(Serialize)]
struct Founded<'a> {
    claims: usize,
    cited: usize,
    assumptions: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<Newest<'a>>,
    methods: BTreeMap<&'static str, usize>,
    populations: BTreeMap<&'static str, usize>,
}

/// The newest research, and when that ended.
#[derive(Serialize)]
struct Newest<'a> {
    evidence: &'a str,
    to: String,
}

impl<'a> Founded<'a> {
    fn of(site: &Site<'a>, entity: &'a Entity) -> Option<Self> {
        let Some(Data::Persona(persona)) = &entity.data else {
            return None;
        };
        let coverage = Coverage::of(persona);
        let grounds = Grounds::of(site.library, entity);
        let assumptions = entity
            .claims()
            .filter(|(_, claim, _)| claim.is_assumption());
        let methods = grounds.by_method().into_iter();
        let populations = grounds.by_population().into_iter();
        Some(Self {
            claims: coverage.claims,
            cited: coverage.cited,
            assumptions: assumptions.map(|(.., anchor)| anchor).collect(),
            newest: grounds.newest().map(|(to, study)| Newest {
                evidence: &study.id,
                to: to.to_string(),
            }),
            methods: methods.map(|(m, n)| (m.as_str(), n)).collect(),
            populations: populations.map(|(p, n)| (p.as_str(), n)).collect(),
        })
    }
}

#[derive(Serialize)]
struct Measurement<'a> {
    period: &'a str,
    #[serde(flatten)]
    slice: Parts<'a>,
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
}

impl<'a> From<&'a Row> for Measurement<'a> {
    fn from(row: &'a Row) -> Self {
        Self {
            period: &row.period.text,
            slice: (&*row.slice).into(),
            value: row.value,
            n: row.n,
            low: row.interval.map(|(low, _)| low),
            high: row.interval.map(|(_, high)| high),
            source: row.source.as_deref(),
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

/// What stands for a persona: its hue in degrees, the inside of an SVG of four by four units, and
/// the address of its portrait in the site, if it has one there.
#[derive(Serialize)]
struct Emblem {
    hue: u64,
    drawing: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    portrait: Option<String>,
}

impl Emblem {
    fn of(site: &Site<'_>, entity: &Entity) -> Option<Self> {
        let Some(Data::Persona(persona)) = &entity.data else {
            return None;
        };
        Some(Self {
            portrait: site.portrait(entity, persona),
            hue: emblem::hue(&entity.id),
            drawing: emblem::emblem(&entity.id, persona.stance == Stance::Negative),
        })
    }
}

/// The view of one entity.
pub(super) fn entity<'a>(site: &Site<'a>, entity: &'a Entity) -> String {
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
    let rows = measurements.map_or(&[][..], |m| &m.rows);
    let kpi = match &entity.data {
        Some(Data::Kpi(kpi)) => Some(kpi),
        _ => None,
    };
    let rolled_up = kpi.map_or_else(Vec::new, |kpi| figures::roll_up(rows, Gauge::of(kpi)));
    let series = kpi.map(|kpi| series::lines(rows, &rolled_up, kpi, site.now));
    written(&Whole {
        header: header(site, entity),
        version: VERSION,
        source: &entity.document.path,
        fields: root.map(|node| Fields {
            whole: Typed { node, shape },
            shown: site.fields(entity).collect(),
        }),
        body: entity.document.markdown().trim(),
        referred_by,
        measurements: measurements.map(|m| m.rows.iter().map(Measurement::from).collect()),
        series: series.unwrap_or_default(),
        founded: Founded::of(site, entity),
        emblem: Emblem::of(site, entity),
        translations: entity
            .translations
            .iter()
            .map(|translation| Other {
                lang: &translation.lang,
                source: &translation.source.document.path,
                path: route::translated_path(entity, &translation.lang),
                translated: translation.translated.map(|day| day.to_string()),
            })
            .collect(),
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
fn or_empty<S: Serializer>(fields: &Option<Fields<'_>>, serializer: S) -> Result<S::Ok, S::Error> {
    match fields {
        Some(fields) => fields.serialize(serializer),
        None => serializer.collect_map(std::iter::empty::<((), ())>()),
    }
}
