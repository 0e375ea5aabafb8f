//! Evidence: the research that claims rest on.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

/// The research that claims rest on: a study, a data set, a series of interviews.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(extend("x-required" = ["owner"]))]
pub struct Evidence {
    /// How it was gathered.
    pub method: Method,
    /// Whom it is about: people who bought (actual), who might (prospect), whom we would like to
    /// have (ideal), or ourselves (internal).
    pub population: Population,
    /// When it was gathered.
    pub collected: Collected,
    /// How many people, answers or cases.
    #[schemars(range(min = 0))]
    pub n: u64,
    /// Where the report is.
    #[schemars(extend("format" = "uri"))]
    pub url: Option<String>,
    /// Who may read the report. Of what is restricted the site shows nothing, not even its name.
    pub sensitivity: Option<Sensitivity>,
}

words! {
    /// How evidence was gathered.
    Method {
        Interview "interview", Survey "survey", Analytics "analytics", Crm "crm",
        Support "support", Usability "usability", Field "field", Secondary "secondary",
        Assumption "assumption"
    }
    /// Whom evidence is about.
    Population { Actual "actual", Prospect "prospect", Ideal "ideal", Internal "internal" }
    /// Who may read it.
    Sensitivity { Public "public", Internal "internal", Restricted "restricted" }
}

/// A span of time.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Collected {
    /// The first day, as `2026-02-01`.
    pub from: Date,
    /// The last day.
    pub to: Date,
}
