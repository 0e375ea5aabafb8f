//! A touchpoint: where customer and company meet.

use schemars::JsonSchema;
use serde::Deserialize;

/// Where customer and company meet.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Touchpoint {
    /// The channel it belongs to, such as email, phone or store.
    pub channel: String,
    /// Whether it is online.
    pub mode: Mode,
}

words! {
    /// Online or offline.
    Mode { Online "online", Offline "offline" }
}
