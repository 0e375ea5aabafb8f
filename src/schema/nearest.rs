//! "Did you mean …?": the nearest of some words.

use std::borrow::Cow;

/// The word most like `word`, if one is near enough to be a slip of the keyboard.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let limit = ((length + 1) / 3).min(4);
    let lower = word.to_lowercase();
    let letters = Letters::of(&lower);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = lowercase(candidate);
            let within = |a: &str, b: &str| a.len() >= 4 && b.contains(a);
            if within(&lower, &other) || within(&other, &lower) {
                return Some((limit, candidate));
            }
            // Counting letters is much cheaper than comparing words, and rules out nearly all.
            if letters.at_least_apart(&Letters::of(&other)) > limit {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&lower, &other);
            (distance <= limit && distance < length).then_some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
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
    }
}
