//! A term: a word of the glossary.

use schemars::JsonSchema;
use serde::Deserialize;

/// A word of the glossary. Where its name appears in a text it is linked, once a page.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Term {
    /// What it means, in one or two sentences.
    pub definition: String,
}
