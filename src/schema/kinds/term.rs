//! A term: a word of the glossary.

use schemars::JsonSchema;
use serde::Deserialize;

use super::common::{LONGEST_SUMMARY, NOT_BLANK};

/// A word of the glossary. Where its name appears in a text it is linked, once a page.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Term {
    /// What it means, in one or two sentences.
    #[schemars(extend("minLength" = 1, "pattern" = NOT_BLANK, "maxLength" = LONGEST_SUMMARY))]
    pub definition: String,
}
