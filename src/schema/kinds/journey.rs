//! A journey: what personas go through, as stages of steps.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::claim::Claim;
use super::common::Phase;
use super::evidence::Evidence;
use super::kpi::Kpi;
use super::persona::Persona;
use super::touchpoint::Touchpoint;
use crate::schema::Ref;

/// What personas go through, stage by stage.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(extend("x-required" = ["owner"]))]
pub struct Journey {
    /// Who goes this way.
    #[schemars(length(min = 1))]
    pub personas: Vec<Ref<Persona>>,
    /// The situation it starts from and what they want to get done.
    pub scenario: String,
    /// What they expect of it.
    pub expectations: Option<String>,
    /// How it is today (current) or how it shall be (future).
    pub state: State,
    /// The larger journey that this one is a part of.
    pub parent: Option<Ref<Journey>>,
    /// The stages, in order.
    #[schemars(length(min = 1))]
    pub stages: Vec<Stage>,
}

words! {
    /// Whether a journey is real or wanted.
    State { Current "current", Future "future" }
}

/// A part of a journey.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Stage {
    /// A name for links, unique in the journey: `decide`.
    #[schemars(extend("pattern" = r"^[^\s#/]+$"))]
    pub id: Box<str>,
    /// The name that people read.
    pub name: String,
    /// The phase of the customer lifecycle it belongs to.
    pub lifecycle: Option<Phase>,
    /// What they want to have reached at its end.
    pub goal: Option<String>,
    /// The steps, in order.
    #[schemars(length(min = 1))]
    pub steps: Vec<Step>,
}

impl Stage {
    /// The anchor of a step: its id, or one made of its place in the stage.
    pub fn step_anchor(&self, index: usize) -> String {
        match self.steps.get(index).and_then(|step| step.id.as_deref()) {
            Some(id) => id.to_owned(),
            None => format!("{}-{}", self.id, index + 1),
        }
    }
}

/// One thing that somebody does.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Step {
    /// A name for links, unique in the journey.
    #[schemars(extend("pattern" = r"^[^\s#/]+$"))]
    pub id: Option<Box<str>>,
    /// What they do.
    pub action: String,
    /// What they think.
    pub thought: Option<String>,
    /// How they feel, from -2 to 2; one number, or one for each persona: `{priya-raman: 1}`.
    pub emotion: Emotion,
    /// The channel, such as phone or web.
    pub channel: Option<String>,
    /// Where they meet us.
    pub touchpoint: Option<Ref<Touchpoint>>,
    /// What goes wrong for them.
    #[serde(default)]
    pub pains: Vec<Claim>,
    /// What we could do better.
    #[serde(default)]
    pub opportunities: Vec<Claim>,
    /// The measures of this step.
    #[serde(default)]
    pub kpis: Vec<Ref<Kpi>>,
    /// What happens on our side, unseen.
    #[serde(default)]
    pub backstage: Vec<String>,
    /// The research that shows it.
    #[serde(default)]
    pub evidence: Vec<Ref<Evidence>>,
}

/// How somebody feels.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum Emotion {
    /// All personas alike, from -2 to 2.
    All(#[schemars(extend("minimum" = -2, "maximum" = 2))] i8),
    /// Each persona by itself, from -2 to 2.
    Each(
        #[schemars(extend(
            "additionalProperties" = {"type": "integer", "minimum": -2, "maximum": 2},
            "propertyNames" = {"x-reference": ["persona"]},
            "minProperties" = 1
        ))]
        BTreeMap<Ref<Persona>, i8>,
    ),
}

impl Emotion {
    /// The mean over all personas named.
    pub fn mean(&self) -> f64 {
        match self {
            Self::All(value) => f64::from(*value),
            Self::Each(values) if values.is_empty() => 0.0,
            Self::Each(values) => {
                let count = u32::try_from(values.len()).unwrap_or(u32::MAX);
                values.values().map(|&v| f64::from(v)).sum::<f64>() / f64::from(count)
            }
        }
    }

    /// How the persona `id` feels, if the step says so.
    pub fn of(&self, id: &str) -> Option<i8> {
        match self {
            Self::All(value) => Some(*value),
            Self::Each(values) => values.iter().find(|(r, _)| r.id() == id).map(|(_, v)| *v),
        }
    }
}
