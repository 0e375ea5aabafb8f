//! "Did you mean …?": the nearest of some words.

/// The word most like `word`, if one is near enough to be a slip of the keyboard.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let limit = ((length + 1) / 3).min(4);
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = candidate.to_lowercase();
            let within = |a: &str, b: &str| a.len() >= 4 && b.contains(a);
            if within(&lower, &other) || within(&other, &lower) {
                return Some((limit, candidate));
            }
            if candidate.len().abs_diff(word.len()) > limit * 2 {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&lower, &other);
            (distance <= limit && distance < length).then_some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
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
