//! The order of what two sides have changed, item by item.

use std::collections::{HashMap, HashSet};

/// The items of a merged list, each by its key: all of ours and theirs, in the order of the side
/// that changed it. What a side took away is still among them. `None` when both sides changed the
/// order, each in its own way.
pub(super) fn merged<'k>(
    base: &[&'k str],
    ours: &[&'k str],
    theirs: &[&'k str],
) -> Option<Vec<&'k str>> {
    let moved = |side: &[&'k str]| !common(base, side).eq(common(side, base));
    let (first, second) = match (moved(ours), moved(theirs)) {
        (_, false) => (ours, theirs),
        (false, true) => (theirs, ours),
        (true, true) if common(ours, theirs).eq(common(theirs, ours)) => (ours, theirs),
        (true, true) => return None,
    };
    let known: HashSet<&str> = first.iter().copied().collect();
    // Each goes behind what it follows in its own list, and behind what the other side put there.
    let mut behind: HashMap<Option<&str>, Vec<&str>> = HashMap::new();
    let mut before = None;
    for key in second.iter().copied() {
        if known.contains(key) {
            before = Some(key);
        } else {
            behind.entry(before).or_default().push(key);
        }
    }
    let old: HashSet<&str> = base.iter().chain(second).copied().collect();
    let mut all = Vec::with_capacity(first.len());
    let mut waiting = behind.remove(&None).unwrap_or_default();
    for key in first.iter().copied() {
        if old.contains(key) {
            all.append(&mut waiting);
            waiting = behind.remove(&Some(key)).unwrap_or_default();
        }
        all.push(key);
    }
    all.append(&mut waiting);
    Some(all)
}

/// The items of a list that another has too, in its order.
fn common<'a, 'k>(
    of: &'a [&'k str],
    other: &[&'k str],
) -> impl Iterator<Item = &'k str> + use<'a, 'k> {
    let other: HashSet<&'k str> = other.iter().copied().collect();
    of.iter().copied().filter(move |key| other.contains(*key))
}

#[cfg(test)]
mod tests {
    use super::merged;

    #[test]
    fn what_came_stands_where_its_side_put_it() {
        let base = ["a", "b", "c"];
        let all = |ours: &[&'static str], theirs: &[&'static str]| merged(&base, ours, theirs);
        let is = |keys: &[&'static str]| Some(keys.to_vec());
        assert_eq!(
            all(&["a", "x", "b", "c"], &["y", "a", "b", "z", "c"]),
            is(&["y", "a", "x", "b", "z", "c"])
        );
        assert_eq!(all(&base, &["c", "a", "b"]), is(&["c", "a", "b"]));
        assert_eq!(
            all(&["a", "b", "x", "c"], &["c", "b", "a"]),
            is(&["c", "b", "x", "a"])
        );
        assert_eq!(all(&["b", "a", "c"], &["a", "c", "b"]), None);
        assert_eq!(
            all(&["b", "a", "c"], &["b", "a", "c"]),
            is(&["b", "a", "c"])
        );
        assert_eq!(
            all(&["a", "b"], &["a", "c", "d"]),
            is(&["a", "c", "d", "b"])
        );
    }
}
