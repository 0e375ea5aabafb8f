//! Whether two values say the same, however they are written.

use crate::source::yaml::Node;

/// Whether two values are the same but for quotes, wrapping, style and the order of keys.
pub(super) fn same(a: Node<'_>, b: Node<'_>) -> bool {
    if let (Some(a), Some(b)) = (a.as_str(), b.as_str()) {
        return a.split_whitespace().eq(b.split_whitespace());
    }
    if a.is_list() && b.is_list() {
        let (mut a, mut b) = (a.items(), b.items());
        loop {
            match (a.next(), b.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if same(a, b) => {}
                _ => return false,
            }
        }
    }
    a.is_map()
        && b.is_map()
        && a.entries().count() == b.entries().count()
        && a.entries().all(|(key, value)| {
            let other = key.as_str().and_then(|key| b.get(key));
            other.is_some_and(|other| same(value, other))
        })
}

/// Whether two values that may be missing are the same.
pub(super) fn same_or_none(a: Option<Node<'_>>, b: Option<Node<'_>>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => same(a, b),
        _ => false,
    }
}

/// Whether an anchor or an alias stands in it, so that it means something only where it stands.
pub(super) fn has_anchor(node: Node<'_>) -> bool {
    node.anchor().is_some()
        || node.alias().is_some()
        || node.items().any(has_anchor)
        || node.entries().any(|(_, value)| has_anchor(value))
}
