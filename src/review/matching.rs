//! Which things of one list are which of another: by what they are called, then by likeness.
//!
//! Nothing is compared with everything. Things that are alike share words, so only those are
//! looked at that share one of the rarer words.

use std::collections::VecDeque;
use std::hash::Hash;

use foldhash::{HashMap, HashSet};

use crate::library::likeness;

/// A word that more things share than this tells nothing about which is which.
const COMMON: usize = 64;
/// So many things with the rarest words of a thing are looked at; one counts as often as it has them.
const LOOKED_AT: usize = 512;
/// So many things that share most of these words are looked at.
const NEAREST: usize = 8;

/// Two lists, as far as it is known which is which. Things are named by their place.
#[derive(Debug, Default)]
pub(super) struct Matching {
    /// Those of the first that have none in the second yet.
    pub(super) went: Vec<usize>,
    /// Those of the second that have none in the first yet.
    pub(super) came: Vec<usize>,
    /// Those that are the same thing.
    pub(super) pairs: Vec<(usize, usize)>,
}

impl Matching {
    /// Two lists of these lengths.
    pub(super) fn new(old: usize, new: usize) -> Self {
        Self {
            went: (0..old).collect(),
            came: (0..new).collect(),
            pairs: Vec::new(),
        }
    }

    /// Those with the same key are the same; of several the first ones. What has no key stays.
    pub(super) fn by<K: Hash + Eq>(
        &mut self,
        old: impl Fn(usize) -> Option<K>,
        new: impl Fn(usize) -> Option<K>,
    ) {
        if self.went.is_empty() || self.came.is_empty() {
            return;
        }
        let mut known: HashMap<K, VecDeque<usize>> = HashMap::default();
        for &one in &self.came {
            if let Some(key) = new(one) {
                known.entry(key).or_default().push_back(one);
            }
        }
        let found: Vec<(usize, usize)> = (self.went.iter())
            .filter_map(|&one| Some((one, known.get_mut(&old(one)?)?.pop_front()?)))
            .collect();
        self.join(&found);
    }

    /// Those are the same that share most of their values, if `enough` says so of the share
    /// (Jaccard, from 0 to 1). `sets` are sorted.
    pub(super) fn alike(
        &mut self,
        old: impl Fn(usize) -> Box<[u32]>,
        new: impl Fn(usize) -> Box<[u32]>,
        enough: impl Fn(usize, usize, f64) -> bool,
    ) {
        if self.went.is_empty() || self.came.is_empty() {
            return;
        }
        let sets: Vec<Box<[u32]>> = self.came.iter().map(|&one| new(one)).collect();
        let mut holders: HashMap<u32, Vec<usize>> = HashMap::default();
        for (at, set) in sets.iter().enumerate() {
            for value in set {
                holders.entry(*value).or_default().push(at);
            }
        }
        let mut found: Vec<(f64, usize, usize)> = Vec::new();
        let mut near: Vec<usize> = Vec::new();
        for &one in &self.went {
            let set = old(one);
            let mut lists: Vec<&Vec<usize>> = (set.iter())
                .filter_map(|value| holders.get(value))
                .filter(|list| list.len() <= COMMON)
                .collect();
            lists.sort_by_key(|list| list.len());
            near.clear();
            near.extend(lists.into_iter().flatten().take(LOOKED_AT));
            for at in most_frequent(&mut near) {
                let share = likeness::likeness(&set, &sets[at]);
                if enough(one, self.came[at], share) {
                    found.push((share, one, self.came[at]));
                }
            }
        }
        // The most alike first; of equal ones those that stand nearest to each other.
        found.sort_by(|a, b| {
            (b.0.total_cmp(&a.0))
                .then_with(|| a.1.abs_diff(a.2).cmp(&b.1.abs_diff(b.2)))
                .then_with(|| (a.1, a.2).cmp(&(b.1, b.2)))
        });
        let mut taken: [HashSet<usize>; 2] = Default::default();
        let mut pairs = Vec::new();
        for (_, one, other) in found {
            if !taken[0].contains(&one) && !taken[1].contains(&other) {
                taken[0].insert(one);
                taken[1].insert(other);
                pairs.push((one, other));
            }
        }
        self.join(&pairs);
    }

    fn join(&mut self, found: &[(usize, usize)]) {
        let gone: [HashSet<usize>; 2] = [
            found.iter().map(|pair| pair.0).collect(),
            found.iter().map(|pair| pair.1).collect(),
        ];
        self.went.retain(|one| !gone[0].contains(one));
        self.came.retain(|one| !gone[1].contains(one));
        self.pairs.extend(found);
    }

    /// Whether those that are in both stand in another order.
    pub(super) fn is_reordered(&mut self) -> bool {
        self.pairs.sort_unstable();
        !self.pairs.is_sorted_by_key(|pair| pair.1)
    }
}

/// The values that are most often in a list.
fn most_frequent(values: &mut [usize]) -> impl Iterator<Item = usize> + use<> {
    values.sort_unstable();
    let runs = values.chunk_by(|a, b| a == b);
    let mut counts: Vec<(usize, usize)> = runs.map(|run| (run.len(), run[0])).collect();
    counts.sort_by_key(|(count, value)| (std::cmp::Reverse(*count), *value));
    counts.into_iter().take(NEAREST).map(|(_, value)| value)
}

/// The words of a text as a set.
pub(super) fn word_set(text: &str) -> Box<[u32]> {
    likeness::set(likeness::words(text).map(|(_, number)| number).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_first_and_likeness_after() {
        let old = ["a: ride to work", "b: sleep well at night", "c: eat"];
        let new = ["b: sleep well by day", "x: ride to work", "y: drink"];
        let mut matching = Matching::new(old.len(), new.len());
        let key = |list: [&'static str; 3]| move |at: usize| list[at].split(':').next();
        matching.by(key(old), key(new));
        assert_eq!(matching.pairs, [(1, 0)]);
        let set = |list: [&'static str; 3]| move |at: usize| word_set(list[at]);
        matching.alike(set(old), set(new), |_, _, share| share >= 0.5);
        assert_eq!(matching.pairs, [(1, 0), (0, 1)]);
        assert_eq!((&*matching.went, &*matching.came), (&[2][..], &[2][..]));
        assert!(!Matching::new(2, 2).is_reordered() && matching.is_reordered());
    }

    /// Sentences of a few words each, all of which many others have too, and each with one word less
    /// in the second list.
    #[test]
    fn what_is_compared_grows_with_the_lists_and_no_faster() {
        let weighed = |things: usize| {
            let words = |at: usize| (0..40).map(move |n| (at * 7 + n * (at % 31 + 1)) % things);
            let set = |at: usize, from: usize| {
                let words = words(at).skip(from);
                likeness::set(
                    words
                        .map(|word| u32::try_from(word).expect("small"))
                        .collect(),
                )
            };
            let mut matching = Matching::new(things, things);
            let count = std::cell::Cell::new(0);
            matching.alike(
                |at| set(at, 0),
                |at| set(at, 1),
                |_, _, share| {
                    count.set(count.get() + 1);
                    share > 0.9
                },
            );
            assert_eq!(matching.pairs.len(), things);
            count.get()
        };
        let (few, many) = (weighed(503), weighed(2_003));
        assert!(
            few <= 503 * NEAREST && many <= 2_003 * NEAREST,
            "{few} {many}"
        );
        // Of each some others are looked at, or this proved nothing.
        assert!(many > 2_003, "{many}");
    }
}
