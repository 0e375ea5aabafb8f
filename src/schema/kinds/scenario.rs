//! A scenario: a user story.

use schemars::JsonSchema;
use serde::Deserialize;

use super::journey::Journey;
use super::persona::Persona;
use crate::schema::Ref;

/// A user story, scenario or use case of one persona.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Scenario {
    /// Whose story it is.
    pub persona: Ref<Persona>,
    /// The story in its three parts.
    pub story: Story,
    /// The journey it is a part of.
    pub journey: Option<Ref<Journey>>,
    /// Where it lives elsewhere: a ticket, a board.
    #[schemars(extend("format" = "uri"))]
    pub url: Option<String>,
}

/// As …, I want …, so that ….
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Story {
    /// In which role: "a facility manager".
    pub r#as: String,
    /// What they want.
    pub want: String,
    /// What it is good for.
    pub so_that: String,
}
