//! "Did you mean …?": the nearest of some words.

use std::borrow::Cow;

use rapidfuzz::distance::osa::{Args, BatchComparator};

/// The word most like `word`, if one is near enough to be a slip of the keyboard; of two that are
/// equally near the first in the order of letters.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let sought = Sought::of(word)?;
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        // What is farther away than the best so far is not measured.
        let limit = best.map_or(sought.limit, |(distance, _)| distance);
        if let Some(distance) = sought.distance(candidate, limit) {
            let found = (distance, candidate);
            best = Some(best.map_or(found, |best| best.min(found)));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The word that `word` is a misspelling of, where that is beyond doubt: one letter, or two behind
/// the first, are wrong, missing, too many or swapped, and no other word is as near; of a slip of
/// two letters, none is near at all. Letters put before a word make another word of it:
/// `inactive` is no slip of `active`.
pub fn slip<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let sought = Sought::of(word)?;
    let measured = |candidate| {
        sought.distance(candidate, sought.limit)?;
        // Of a word within the other that is no limit.
        let distance = sought.compared.distance(lowercase(candidate).chars());
        Some((distance, candidate))
    };
    let mut near: Vec<(usize, &str)> = candidates.into_iter().filter_map(measured).collect();
    near.sort_unstable();
    let &(distance, meant) = near.first()?;
    let same_start = sought.lower.chars().next() == meant.to_lowercase().chars().next();
    let prefixed = distance > 0 && sought.lower.ends_with(&*lowercase(meant));
    let slipped = match near.get(1) {
        Some(&(other, _)) => distance <= 1 && other > distance,
        None => distance <= 1 || (distance == 2 && same_start),
    };
    (slipped && !prefixed).then_some(meant)
}

/// The longest word that may be a slip of another, in bytes.
const LONGEST: usize = 300;

/// A word for which others may be meant.
struct Sought {
    lower: String,
    letters: Letters,
    compared: BatchComparator<char>,
    /// How many letters there are.
    length: usize,
    /// How many edits a word may be away.
    limit: usize,
}

impl Sought {
    /// `None` for what is longer than any word.
    fn of(word: &str) -> Option<Self> {
        if word.len() > LONGEST {
            return None;
        }
        let length = word.chars().count();
        let lower = word.to_lowercase();
        Some(Self {
            letters: Letters::of(&lower),
            compared: BatchComparator::new(lower.chars()),
            limit: ((length + 1) / 3).min(4),
            lower,
            length,
        })
    }

    /// How many letters are wrong, missing, too many or swapped in `candidate`, if no more than
    /// `limit`; a word within the other is at most as far as any may be.
    fn distance(&self, candidate: &str, limit: usize) -> Option<usize> {
        let other = lowercase(candidate);
        let within = |a: &str, b: &str| a.len() >= 4 && b.contains(a);
        let part =
            limit == self.limit && (within(&self.lower, &other) || within(&other, &self.lower));
        let farthest = part.then_some(limit);
        // Counting letters is much cheaper than comparing words, and rules out nearly all.
        if self.letters.at_least_apart(&Letters::of(&other)) > limit {
            return farthest;
        }
        let cut = Args::default().score_cutoff(limit);
        let distance = self.compared.distance_with_args(other.chars(), &cut);
        distance
            .filter(|distance| *distance < self.length)
            .or(farthest)
    }
}

fn lowercase(word: &str) -> Cow<'_, str> {
    let is_lower = word
        .bytes()
        .all(|b| b.is_ascii() && !b.is_ascii_uppercase());
    if is_lower {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(word.to_lowercase())
    }
}

/// How often each letter occurs, other characters in a few bins.
struct Letters([i16; 32]);

impl Letters {
    fn of(word: &str) -> Self {
        let mut counts = [0; 32];
        for letter in word.chars() {
            counts[letter as usize % 32] += 1;
        }
        Self(counts)
    }

    /// A lower bound of the edits that lead from one word to the other.
    fn at_least_apart(&self, other: &Self) -> usize {
        let (mut more, mut less) = (0usize, 0usize);
        for (a, b) in self.0.iter().zip(other.0) {
            let apart = usize::from(a.abs_diff(b));
            if *a > b { more += apart } else { less += apart }
        }
        more.max(less)
    }
}

/// A help line: the nearest word if there is one, and all of them while they are few.
pub fn or_list<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    what: &str,
) -> String {
    let candidates: Vec<_> = candidates.into_iter().collect();
    let near = nearest(word, candidates.iter().copied());
    let list = if candidates.len() <= 12 {
        candidates
            .iter()
            .map(|c| format!("`{c}`"))
            .collect::<Vec<_>>()
            .join(", ")
    } else {
        String::new()
    };
    match (near, list.is_empty()) {
        (Some(near), true) => format!("did you mean `{near}`?"),
        (Some(near), false) => format!("did you mean `{near}`? Allowed: {list}"),
        (None, false) => format!("write one of {list}"),
        (None, true) => format!("check the {what}; nothing similar exists"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        let keys = ["owner", "summary", "segments", "status"];
        assert_eq!(nearest("onwer", keys), Some("owner"));
        assert_eq!(nearest("Summry", keys), Some("summary"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest("orfan", ["orphan"]), Some("orphan"));
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("", ["a"]), None);
        assert_eq!(nearest("cost", ["cost-per-order"]), Some("cost-per-order"));
        let renamed = ["lead-00123", "lead-00124x", "lead-00123x", "other"];
        assert_eq!(
            nearest("lead-00123", renamed[1..].iter().copied()),
            Some("lead-00123x")
        );
        assert_eq!(nearest("lead-00123", renamed), Some("lead-00123"));
    }

    #[test]
    fn only_what_is_beyond_doubt_is_a_slip() {
        let keys = [
            "name", "owner", "summary", "segments", "status", "reason", "goals", "gaols",
        ];
        for (word, meant) in [
            ("onwer", Some("owner")),
            ("Summary", Some("summary")),
            ("segment", Some("segments")),
            ("last_name", None),
            ("summary_of_it", None),
            ("gols", None),
            ("name_of", None),
            ("statsu", Some("status")),
            ("sumry__", None),
            ("rename", None),
            ("treason", None),
            ("reasn", Some("reason")),
            ("sttauss", Some("status")),
        ] {
            assert_eq!(slip(word, keys), meant, "{word}");
        }
    }
}
