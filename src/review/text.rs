//! Texts in two states: which words differ.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A part of a text that was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// It is in both.
    Same(&'t str),
    /// It is gone.
    Gone(&'t str),
    /// It is new.
    Came(&'t str),
}

/// The longest texts that are compared word by word, in words of both together. Longer ones are
/// told as one piece each, so that no text takes a report's time.
const LONGEST: usize = 6_000;

/// The words that differ between two texts. Put together, what is [`Piece::Same`] or
/// [`Piece::Gone`] is `before`, and what is [`Piece::Same`] or [`Piece::Came`] is `after`.
pub fn words<'t>(before: &'t str, after: &'t str) -> Vec<Piece<'t>> {
    let (old, new) = (tokens(before), tokens(after));
    if old.len() + new.len() > LONGEST {
        return pieces(&[[0..0, 0..before.len(), 0..after.len()]], before, after);
    }
    let ends = |tokens: &[&str]| {
        let ends = tokens.iter().scan(0, |end, token| {
            *end += token.len();
            Some(*end)
        });
        std::iter::once(0).chain(ends).collect::<Vec<usize>>()
    };
    let (old_at, new_at) = (ends(&old), ends(&new));
    // What is the same, then what is gone and what came, over and over, in bytes.
    let mut parts: Vec<[std::ops::Range<usize>; 3]> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (_, old, new) = op.as_tag_tuple();
        let gone = old_at[old.start]..old_at[old.end];
        let came = new_at[new.start]..new_at[new.end];
        if parts.is_empty() {
            parts.push([0..0, 0..0, 0..0]);
        }
        let at = parts.len() - 1;
        if matches!(op, DiffOp::Equal { .. }) {
            let is_space = before[gone.clone()].trim().is_empty();
            let is_first = parts[at][1].is_empty() && parts[at][2].is_empty();
            // A space between two changes is no reason to tell them apart.
            if !is_space || is_first || gone.end == before.len() {
                parts.push([gone.clone(), gone.end..gone.end, came.end..came.end]);
                continue;
            }
        }
        // Of what only went, the place in the other text is not to be relied on, and the other way
        // round.
        if !gone.is_empty() {
            parts[at][1].end = gone.end;
        }
        if !came.is_empty() {
            parts[at][2].end = came.end;
        }
    }
    pieces(&parts, before, after)
}

fn pieces<'t>(
    parts: &[[std::ops::Range<usize>; 3]],
    before: &'t str,
    after: &'t str,
) -> Vec<Piece<'t>> {
    let mut pieces: Vec<Piece<'t>> = Vec::new();
    for [same, gone, came] in parts {
        let (gone, came) = (&before[gone.clone()], &after[came.clone()]);
        // What both sides of a change begin or end with was drawn in with a space.
        let tail = match (
            gone.strip_suffix(char::is_whitespace),
            came.strip_suffix(char::is_whitespace),
        ) {
            (Some(a), Some(b)) if gone[a.len()..] == came[b.len()..] => gone.len() - a.len(),
            _ => 0,
        };
        let parts = [
            Piece::Same(&before[same.clone()]),
            Piece::Gone(&gone[..gone.len() - tail]),
            Piece::Came(&came[..came.len() - tail]),
            Piece::Same(&gone[gone.len() - tail..]),
        ];
        pieces.extend(parts.into_iter().filter(|piece| !piece.text().is_empty()));
    }
    pieces
}

impl<'t> Piece<'t> {
    /// The text of it.
    pub fn text(self) -> &'t str {
        match self {
            Self::Same(text) | Self::Gone(text) | Self::Came(text) => text,
        }
    }
}

/// The words of a text, and what stands between them.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, letter) in text.char_indices() {
        let sort = (letter.is_alphanumeric(), letter.is_whitespace());
        // Signs stand each for itself.
        if last.is_some_and(|last| last != sort || sort == (false, false)) {
            tokens.push(&text[start..at]);
            start = at;
        }
        last = Some(sort);
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

/// The first words of a text, for a title.
pub(super) fn short(text: &str) -> String {
    const LETTERS: usize = 60;
    if text.chars().count() <= LETTERS {
        return text.to_owned();
    }
    let end = text
        .char_indices()
        .nth(LETTERS)
        .map_or(text.len(), |(at, _)| at);
    let cut = text[..end].rfind(' ').unwrap_or(end);
    format!(
        "{}…",
        text[..cut].trim_end_matches([',', ';', ':', '.', ' '])
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marked(before: &str, after: &str) -> String {
        let pieces = words(before, after).into_iter();
        pieces
            .map(|piece| match piece {
                Piece::Same(text) => text.to_owned(),
                Piece::Gone(text) => format!("[-{text}-]"),
                Piece::Came(text) => format!("[+{text}+]"),
            })
            .collect()
    }

    #[test]
    fn the_words_that_differ_are_marked() {
        assert_eq!(
            marked("Go live within 60 days.", "Go live within 45 days."),
            "Go live within [-60-][+45+] days."
        );
        assert_eq!(
            marked(
                "Know the day of a repair",
                "Know the hour or day of any repair"
            ),
            "Know the [+hour or +]day of [-a-][+any+] repair"
        );
        assert_eq!(marked("one two", "three four"), "[-one two-][+three four+]");
        assert_eq!(
            (marked("", "new"), marked("same", "same")),
            ("[+new+]".to_owned(), "same".to_owned())
        );
    }

    #[test]
    fn a_title_has_the_first_words() {
        assert_eq!(short("short."), "short.");
        let long = short(&"words, ".repeat(20));
        assert!(
            long.ends_with("words…") && long.chars().count() < 62,
            "{long}"
        );
    }

    proptest! {
        #[test]
        fn both_texts_can_be_put_together_again(before in "[ab .]{0,30}", after in "[ab é]{0,30}") {
            let pieces = words(&before, &after);
            let of = |wanted: fn(&Piece<'_>) -> bool| -> String {
                pieces.iter().filter(|p| wanted(p)).map(|p| p.text()).collect()
            };
            prop_assert_eq!(of(|p| !matches!(p, Piece::Came(_))), before.clone());
            prop_assert_eq!(of(|p| !matches!(p, Piece::Gone(_))), after.clone());
            let same = pieces.iter().all(|p| matches!(p, Piece::Same(_)));
            prop_assert_eq!(same, before == after);
        }
    }
}
