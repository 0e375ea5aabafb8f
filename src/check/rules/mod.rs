//! The rules, a file each: its constant `RULE`, its check, and the tests of both.

pub(super) mod alias_clash;
pub(super) mod broken_anchor;
pub(super) mod broken_link;
pub(super) mod claim_without_id;
pub(super) mod deprecated_ref;
pub(super) mod duplicate_id;
pub(super) mod missing_asset;
pub(super) mod orphan;
pub(super) mod unknown_ref;

#[cfg(test)]
mod tests;
