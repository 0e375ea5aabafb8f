//! Repairs of what does not fit a schema: only slips of the keyboard, where one word can be meant.

use super::nearest;
use crate::diagnostic::Fix;
use crate::source::yaml::Node;

/// Spells the misspelt `key` of `block` as the one of the `known` keys that it must be. Not when
/// that key is there too, or a second misspelling of it: which of the values counts is a decision.
pub(crate) fn key(block: Node<'_>, key: Node<'_>, known: &[&str]) -> Option<Fix> {
    let meant_by = |key: Node<'_>| nearest::slip(key.as_str()?, known.iter().copied());
    let meant = meant_by(key)?;
    let rivals = block
        .entries()
        .map(|(other, _)| other)
        .filter(|other| other.id() != key.id())
        .any(|other| other.as_str() == Some(meant) || meant_by(other) == Some(meant));
    if rivals {
        return None;
    }
    Some(Fix::new(format!("write `{meant}`"), key.rewrite(meant)?))
}

/// Spells a value as the one of the allowed `words` that it must be.
pub(super) fn word(node: Node<'_>, words: &[String]) -> Option<Fix> {
    let meant = nearest::slip(node.as_str()?, words.iter().map(String::as_str))?;
    // The value that an alias stands for is repaired where it is written.
    if node.alias().is_some() {
        return None;
    }
    Some(Fix::new(format!("write `{meant}`"), node.rewrite(meant)?))
}
