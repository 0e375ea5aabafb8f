//! A KPI: a measure of how a persona is served.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::persona::Persona;
use crate::schema::Ref;

/// A measure, with its target. The measurements stand in a CSV file beside it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Kpi {
    /// What is measured; `custom` for anything that is not in the list.
    pub kind: Measure,
    /// Whether it measures what customers think (perception), what becomes of the business
    /// (outcome), or what happens in a contact (interaction). The three classes are Forrester's.
    pub class: Class,
    /// The question that customers are asked, word for word.
    pub question: Option<String>,
    /// The scale of the answers, such as 0-10.
    pub scale: Option<String>,
    /// How it is measured. Two vendors' CSAT are not the same number.
    pub method: Option<String>,
    /// The unit of the value: points, percent, days, EUR.
    #[schemars(extend("maxLength" = super::common::LONGEST_NAME))]
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// What to reach, and by when.
    pub target: Option<Goal>,
    /// From which value on it is a warning, and from which it is bad.
    pub thresholds: Option<Thresholds>,
    /// How often it is measured.
    pub cadence: Cadence,
    /// The goals it serves, each as `persona:ID#claim-id`.
    #[serde(default)]
    pub serves: Vec<Ref<Persona>>,
    /// Where the figures come from.
    pub source: Option<String>,
    /// The CSV file beside this one that holds the measurements; without it, the CSV file of the
    /// same name. Its first row names the columns: `period`, `value`, and any of `persona`,
    /// `segment`, `journey`, `stage`, `n`, `promoters`, `passives`, `detractors`, `low`, `high` and
    /// `source`. With `score` instead of `value` each row is one answer.
    pub measurements: Option<String>,
}

words! {
    /// What a KPI measures.
    Measure {
        Nps "nps", Csat "csat", Ces "ces", Churn "churn", Retention "retention", Clv "clv",
        FirstResponseTime "first-response-time", TimeToValue "time-to-value", Custom "custom"
    }
    /// What sort of measure it is (Forrester).
    Class { Perception "perception", Outcome "outcome", Interaction "interaction" }
    /// Which way is better.
    Direction { Up "up", Down "down" }
    /// How often it is measured.
    Cadence { Weekly "weekly", Monthly "monthly", Quarterly "quarterly", Yearly "yearly" }
}

/// A target.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Goal {
    /// The value to reach, in the unit of the KPI.
    pub value: f64,
    /// The day to reach it by, as `2027-03-31`.
    pub by: Option<Date>,
}

/// Where it becomes worrying, in the unit of the KPI.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Thresholds {
    /// From this value on it is a warning.
    pub warn: Option<f64>,
    /// From this value on it is bad.
    pub bad: Option<f64>,
}
