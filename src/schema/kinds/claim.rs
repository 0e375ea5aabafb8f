//! A claim: one sentence about a persona or a step, and what it rests on.

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::evidence::Evidence;
use super::kpi::Kpi;
use crate::schema::Ref;

/// One claim, from either of its two forms.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Written")]
pub struct Claim {
    /// The id the author gave, if any.
    pub id: Option<Box<str>>,
    /// The sentence.
    pub text: String,
    /// The research it rests on; without any it is an assumption.
    pub evidence: Vec<Ref<Evidence>>,
    /// The measures that serve it.
    pub kpis: Vec<Ref<Kpi>>,
    /// How sure the team is.
    pub confidence: Option<Grade>,
    /// How much it hurts.
    pub severity: Option<Grade>,
}

impl Claim {
    /// Whether nothing backs it.
    pub fn is_assumption(&self) -> bool {
        self.evidence.is_empty()
    }
}

/// A claim as written: a sentence, or an object with evidence.
#[derive(JsonSchema)]
#[serde(untagged)]
enum Written {
    /// The claim in one sentence.
    Sentence(String),
    /// The claim with what it rests on.
    Full(Full),
}

/// A claim with what it rests on.
#[derive(Deserialize, JsonSchema)]
struct Full {
    /// A name that stays the same when the sentence changes, so that links and reviews follow it.
    #[serde(default)]
    #[schemars(extend("pattern" = r"^[^\s#/]+$"))]
    id: Option<Box<str>>,
    /// The claim in one sentence, from the customer's point of view.
    #[schemars(extend("minLength" = 1))]
    text: String,
    /// The research it rests on. A claim without evidence is shown as an assumption.
    #[serde(default)]
    evidence: Vec<Ref<Evidence>>,
    /// The measures that serve it.
    #[serde(default)]
    kpis: Vec<Ref<Kpi>>,
    /// How sure the team is.
    #[serde(default)]
    confidence: Option<Grade>,
    /// How much it hurts; for pains.
    #[serde(default)]
    severity: Option<Grade>,
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

/// Tells a sentence from an object when it comes.
struct Either;

impl<'de> Visitor<'de> for Either {
    type Value = Written;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a claim: a sentence, or `text` with `evidence`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Written, E> {
        Ok(Written::Sentence(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Written, A::Error> {
        Full::deserialize(MapAccessDeserializer::new(map)).map(Written::Full)
    }
}

impl From<Written> for Claim {
    fn from(written: Written) -> Self {
        match written {
            Written::Sentence(text) => Self {
                id: None,
                text,
                evidence: Vec::new(),
                kpis: Vec::new(),
                confidence: None,
                severity: None,
            },
            Written::Full(full) => Self {
                id: full.id,
                text: full.text,
                evidence: full.evidence,
                kpis: full.kpis,
                confidence: full.confidence,
                severity: full.severity,
            },
        }
    }
}

impl JsonSchema for Claim {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Claim".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Written::json_schema(generator)
    }
}

words! {
    /// Low, medium or high.
    Grade { Low "low", Medium "medium", High "high" }
}
