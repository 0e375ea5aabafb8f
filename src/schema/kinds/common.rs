//! The fields that every kind has.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::team::Team;
use crate::schema::Ref;

/// The pattern of a text that says something.
pub const NOT_BLANK: &str = r"\S";
/// The longest name, in characters: many pages show it.
pub const LONGEST_NAME: usize = 300;
/// The longest text that other pages show too, in characters.
pub const LONGEST_SUMMARY: usize = 2_000;

/// Fields of every kind.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Common {
    /// The name that people read.
    #[schemars(extend("minLength" = 1, "pattern" = NOT_BLANK, "maxLength" = LONGEST_NAME))]
    pub name: String,
    /// One or two sentences that say what this is. Shown in lists, in search and in link previews.
    #[schemars(extend("maxLength" = LONGEST_SUMMARY))]
    pub summary: Option<String>,
    /// Where it is in its life. A draft is checked but not published; a deprecated or retired one
    /// stays readable and says so. Without it: active.
    pub status: Option<Status>,
    /// The id of the one that takes its place, when it is deprecated or retired.
    #[schemars(extend("x-reference" = "same"))]
    pub superseded_by: Option<Box<str>>,
    /// Former ids. Old references and old addresses keep working.
    pub aliases: Vec<String>,
    /// Free words to filter by.
    pub tags: Vec<String>,
    /// The team that answers for it.
    pub owner: Option<Ref<Team>>,
    /// The day somebody last read it and found it still true, as `2026-09-14`.
    pub last_reviewed: Option<Date>,
    /// Findings about this file that the team has decided to live with, each with its reason.
    pub allow: Vec<Allow>,
    /// Anything else you want to keep with it. Not checked.
    pub extra: Option<Value>,
}

/// A finding to live with.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Allow {
    /// The name of the rule, as it stands in the finding.
    pub rule: String,
    /// Why it is accepted, for the next person who asks.
    #[schemars(extend("minLength" = 1))]
    pub reason: String,
    /// The last day it is accepted; without it for good.
    pub until: Option<Date>,
}

impl Common {
    /// The status, active when the author gave none.
    pub fn status(&self) -> Status {
        self.status.unwrap_or_default()
    }
}

words! {
    /// Where an entity is in its life.
    Status { Draft "draft", Active "active", Deprecated "deprecated", Retired "retired" }
}

#[expect(
    clippy::derivable_impls,
    reason = "the macro that writes the enum knows no default"
)]
impl Default for Status {
    fn default() -> Self {
        Self::Active
    }
}

/// A phase of the customer lifecycle; the project's settings say which there are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Phase(pub String);

impl JsonSchema for Phase {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Phase".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "x-values": "lifecycle" })
    }
}
