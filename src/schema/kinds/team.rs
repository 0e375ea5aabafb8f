//! A team: who owns and answers.

use schemars::JsonSchema;
use serde::Deserialize;

/// A team of ours that owns personas, journeys, KPIs or evidence.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Team {
    /// How to reach it: an address or a channel.
    pub contact: String,
}
