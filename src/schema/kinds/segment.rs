//! A segment: a part of the market.

use schemars::JsonSchema;
use serde::Deserialize;

/// A part of the market that personas belong to.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(extend("x-required" = ["summary"]))]
pub struct Segment {}
