//! The fields that every kind has.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::team::Team;
use crate::schema::Ref;

/// Fields of every kind.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Common {
    /// The name that people read.
    #[schemars(extend("minLength" = 1))]
    pub name: String,
    /// One or two sentences that say what this is. Shown in lists, in search and in link previews.
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
    /// Anything else you want to keep with it. Not checked.
    pub extra: Option<Value>,
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
