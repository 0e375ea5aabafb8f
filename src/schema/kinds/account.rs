//! An account: a buying group.

use schemars::JsonSchema;
use serde::Deserialize;

use super::persona::{BuyingRole, Persona};
use crate::schema::Ref;

/// A business customer as the group of people who decide together.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Account {
    /// Who belongs to the group.
    #[schemars(length(min = 1))]
    pub members: Vec<Member>,
}

/// One of the group.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Member {
    /// Who it is.
    pub persona: Ref<Persona>,
    /// Their part in the decision.
    pub buying_role: BuyingRole,
}
