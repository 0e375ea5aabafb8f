//! A page: free text.

use schemars::JsonSchema;
use serde::Deserialize;

/// A free page. Its front matter is optional; without a name the first heading is its name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Page {
    /// Its place in the menu; pages without it come last, by name.
    pub order: Option<i64>,
}
