//! Which words of a text are other ones than in another text.
//!
//! In: what stood there and what stands there now. Out: both as one text, in parts that are the same,
//! gone or new, or each for itself, cut into pieces that differ and pieces that do not, for whoever
//! marks them.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Of texts with more tokens than this nobody reads the words that differ; the time to find them
/// grows with the square.
const MOST_TOKENS: usize = 2000;
/// Characters that are kept beside a word that differs when a text is shortened.
const AROUND: usize = 40;
/// Characters of a text in a title.
const TITLE: usize = 60;
/// Stands for what is left out.
const ELLIPSIS: &str = "…";

/// A part of two texts that are shown as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'t> {
    /// It is in both.
    Same(&'t str),
    /// It is gone.
    Gone(&'t str),
    /// It is new.
    Came(&'t str),
}

impl<'t> Part<'t> {
    /// The text of it.
    pub fn text(self) -> &'t str {
        match self {
            Self::Same(text) | Self::Gone(text) | Self::Came(text) => text,
        }
    }
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Its characters.
    pub text: &'a str,
    /// Whether the other text has others here.
    pub differs: bool,
}

impl<'a> Piece<'a> {
    const fn same(text: &'a str) -> Self {
        Self {
            text,
            differs: false,
        }
    }
}

/// Both texts in one. Put together, what is [`Part::Same`] or [`Part::Gone`] is `before`, and what is
/// [`Part::Same`] or [`Part::Came`] is `after`. Texts that share less than a quarter of their words
/// are one part each.
pub fn parts<'t>(before: &'t str, after: &'t str) -> Vec<Part<'t>> {
    let mut parts = Vec::new();
    for change in changes(before, after) {
        let (gone, came) = (&before[change.gone], &after[change.came]);
        // What both sides of a change end with was drawn in with a space.
        let tail = match (
            gone.strip_suffix(char::is_whitespace),
            came.strip_suffix(char::is_whitespace),
        ) {
            (Some(a), Some(b)) if gone[a.len()..] == came[b.len()..] => gone.len() - a.len(),
            _ => 0,
        };
        let all = [
            Part::Same(&before[change.same]),
            Part::Gone(&gone[..gone.len() - tail]),
            Part::Came(&came[..came.len() - tail]),
            Part::Same(&gone[gone.len() - tail..]),
        ];
        parts.extend(all.into_iter().filter(|part| !part.text().is_empty()));
    }
    parts
}

/// Each text in pieces that, joined, are the text again. Texts that share less than a quarter of
/// their words are one piece each, which differs.
pub fn words<'a>(before: &'a str, after: &'a str) -> (Vec<Piece<'a>>, Vec<Piece<'a>>) {
    let changes = changes(before, after);
    let gone = changes.iter().map(|change| change.gone.clone());
    let came = changes.iter().map(|change| change.came.clone());
    (pieces(before, gone), pieces(after, came))
}

/// What is the same in both texts, and what differs behind it.
struct Change {
    /// In the text before.
    same: Range<usize>,
    /// In the text before.
    gone: Range<usize>,
    /// In the text after.
    came: Range<usize>,
}

/// What differs between two texts, from their beginning to their end.
fn changes(before: &str, after: &str) -> Vec<Change> {
    let whole = || {
        vec![Change {
            same: 0..0,
            gone: 0..before.len(),
            came: 0..after.len(),
        }]
    };
    if before == after {
        return vec![Change {
            same: 0..before.len(),
            gone: before.len()..before.len(),
            came: after.len()..after.len(),
        }];
    }
    let (old, new) = (tokens(before), tokens(after));
    if old.len().max(new.len()) > MOST_TOKENS {
        return whole();
    }
    let (old_at, new_at) = (starts(&old), starts(&new));
    // Where what differs begins is the end of what does not: of what only went, the place in the
    // other text is not to be relied on, and the other way round.
    let mut last = Change {
        same: 0..0,
        gone: 0..0,
        came: 0..0,
    };
    let mut all: Vec<Change> = Vec::new();
    let mut kept = 0;
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (_, old_range, new_range) = op.as_tag_tuple();
        let gone = old_at[old_range.start]..old_at[old_range.end];
        let came = new_at[new_range.start]..new_at[new_range.end];
        if matches!(op, DiffOp::Equal { .. }) {
            kept += count(&old[old_range]);
            let is_space = before[gone.clone()].trim().is_empty();
            let is_first = last.gone.is_empty() && last.came.is_empty();
            // A space between two changes is no reason to tell them apart.
            if !is_space || is_first || gone.end == before.len() {
                let next = Change {
                    same: gone.clone(),
                    gone: gone.end..gone.end,
                    came: came.end..came.end,
                };
                all.push(std::mem::replace(&mut last, next));
                continue;
            }
        }
        if !gone.is_empty() {
            last.gone.end = gone.end;
        }
        if !came.is_empty() {
            last.came.end = came.end;
        }
    }
    all.push(last);
    if kept * 4 < count(&old).max(count(&new)) {
        return whole();
    }
    all
}

/// Where each token begins in the text, and where the last one ends.
fn starts(tokens: &[&str]) -> Vec<usize> {
    let ends = tokens.iter().scan(0, |end, token| {
        *end += token.len();
        Some(*end)
    });
    std::iter::once(0).chain(ends).collect()
}

/// A text cut where it begins to differ and where it ends to. Spaces around what differs say
/// nothing.
fn pieces(text: &str, differing: impl Iterator<Item = Range<usize>>) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for range in differing {
        let part = &text[range.clone()];
        let from = range.start + (part.len() - part.trim_start().len());
        let to = from + part.trim().len();
        if from < to {
            pieces.push(Piece::same(&text[at..from]));
            pieces.push(Piece {
                text: &text[from..to],
                differs: true,
            });
            at = to;
        }
    }
    pieces.push(Piece::same(&text[at..]));
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// The first words of a text, for a title.
pub(super) fn short(text: &str) -> String {
    let head = start(text, TITLE);
    if head.len() == text.len() {
        return text.to_owned();
    }
    let head = head.trim_end_matches([',', ';', ':', '.', ' ']);
    format!("{head}{ELLIPSIS}")
}

/// The pieces with no more than about `limit` characters: of what does not differ the ends beside
/// what does are kept, and then the end is cut.
pub fn shortened<'a>(pieces: &[Piece<'a>], limit: usize) -> Vec<Piece<'a>> {
    let long = |pieces: &[Piece<'_>]| {
        let chars = pieces.iter().map(|piece| piece.text.chars().count());
        chars.sum::<usize>() > limit
    };
    if !long(pieces) {
        return pieces.to_vec();
    }
    let mut short = Vec::new();
    let last = pieces.len().saturating_sub(1);
    for (at, piece) in pieces.iter().enumerate() {
        let (head, tail) = ends(piece.text);
        if piece.differs || pieces.len() == 1 || head.len() + tail.len() >= piece.text.len() {
            short.push(*piece);
            continue;
        }
        let head = Some(head).filter(|_| at > 0);
        let tail = Some(tail).filter(|_| at < last);
        let parts = [head, Some(ELLIPSIS), tail];
        short.extend(parts.into_iter().flatten().map(Piece::same));
    }
    let mut left = limit;
    let mut cut = Vec::new();
    for piece in short {
        let chars = piece.text.chars().count();
        if chars > left {
            let text = start(piece.text, left);
            cut.extend([Piece { text, ..piece }, Piece::same(ELLIPSIS)]);
            break;
        }
        left -= chars;
        cut.push(piece);
    }
    cut.retain(|piece| !piece.text.is_empty());
    cut
}

/// The first and the last characters of a text, cut between words where there are any.
fn ends(text: &str) -> (&str, &str) {
    let head = start(text, AROUND);
    let from = text.char_indices().rev().nth(AROUND - 1);
    let tail = from.map_or(text, |(at, _)| &text[at..]);
    let tail = match tail.find(char::is_whitespace) {
        Some(at) if from.is_some() => &tail[at..],
        _ => tail,
    };
    (head, tail)
}

/// The first characters of a text, cut between words where there is a place in its second half.
fn start(text: &str, chars: usize) -> &str {
    let Some((end, _)) = text.char_indices().nth(chars) else {
        return text;
    };
    let head = &text[..end];
    match head.rfind(char::is_whitespace) {
        Some(space) if space * 2 > end => head[..space].trim_end(),
        _ => head,
    }
}

/// A text as words, spaces and single signs.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if first.is_whitespace() {
            rest.find(|c: char| !c.is_whitespace())
        } else if first.is_alphanumeric() && !stands_alone(first) {
            Some(word_end(rest))
        } else {
            Some(first.len_utf8())
        };
        let (token, after) = rest.split_at(end.unwrap_or(rest.len()));
        tokens.push(token);
        rest = after;
    }
    tokens
}

/// Where the word at the beginning of `text` ends. `3.5`, `re-order` and `don't` are one.
fn word_end(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |&(_, c)| c);
        let joins = match c {
            '.' | ',' | ':' => before.is_numeric() && next.is_numeric(),
            '-' | '\'' | '’' | '_' => next.is_alphanumeric(),
            // A letter, or a mark upon the letter before.
            _ => (c.is_alphanumeric() && !stands_alone(c)) || is_mark(c),
        };
        if !joins {
            return at;
        }
        before = c;
    }
    text.len()
}

/// Whether a letter is a word of its own, as in scripts without spaces.
const fn stands_alone(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether a character belongs to the one before it.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{200c}' | '\u{200d}')
}

fn is_word(token: &&str) -> bool {
    token.chars().any(char::is_alphanumeric)
}

fn count(tokens: &[&str]) -> usize {
    tokens.iter().filter(|token| is_word(token)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(pieces: &[Piece<'_>]) -> String {
        pieces
            .iter()
            .map(|piece| {
                if piece.differs {
                    format!("[{}]", piece.text)
                } else {
                    piece.text.to_owned()
                }
            })
            .collect()
    }

    fn both(before: &str, after: &str) -> String {
        let (old, new) = words(before, after);
        format!("{} > {}", shown(&old), shown(&new))
    }

    #[test]
    fn the_words_that_differ_are_marked() {
        let cases = [
            ("Go live in 60 days.", "Go live in 30 days."),
            ("Go live", "Go live fast"),
            ("Costs 3.5 a day", "Costs 3.8 a day"),
            ("a big red bus here", "a small blue bus here"),
            ("Don't re-order it", "Do re-order it"),
            ("same", "same"),
            ("a  b", "a b"),
            ("target", "negative"),
            ("", "new words"),
            ("one two three four five", "six seven eight nine five"),
            ("安全な自転車", "安全な車"),
        ];
        let marked: Vec<String> = cases.iter().map(|(a, b)| both(a, b)).collect();
        insta::assert_snapshot!(marked.join("\n"), @"
        Go live in [60] days. > Go live in [30] days.
        Go live > Go live [fast]
        Costs [3.5] a day > Costs [3.8] a day
        a [big red] bus here > a [small blue] bus here
        [Don't] re-order it > [Do] re-order it
        same > same
        a  b > a b
        [target] > [negative]
         > [new words]
        [one two three four five] > [six seven eight nine five]
        安全な[自転]車 > 安全な車
        ");
    }

    /// Both in one text.
    fn one(before: &str, after: &str) -> String {
        let parts = parts(before, after).into_iter();
        parts
            .map(|part| match part {
                Part::Same(text) => text.to_owned(),
                Part::Gone(text) => format!("[-{text}-]"),
                Part::Came(text) => format!("[+{text}+]"),
            })
            .collect()
    }

    #[test]
    fn two_texts_are_shown_as_one() {
        let cases = [
            ("Go live within 60 days.", "Go live within 45 days."),
            (
                "Know the day of a repair",
                "Know the hour or day of any repair",
            ),
            ("a big red bus here", "a small blue bus here"),
            ("one two", "three four"),
            ("", "new"),
            ("same", "same"),
            ("安全な自転車", "安全な車"),
            ("é  b é", " a a   é."),
        ];
        let marked: Vec<String> = cases.iter().map(|(a, b)| one(a, b)).collect();
        insta::assert_snapshot!(marked.join("\n"), @"
        Go live within [-60-][+45+] days.
        Know the [+hour or +]day of [-a-][+any+] repair
        a [-big red-][+small blue+] bus here
        [-one two-][+three four+]
        [+new+]
        same
        安全な[-自転-]車
        [-é  b-][+ a a  +] é[+.+]
        ");
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

    #[test]
    fn a_letter_keeps_its_marks() {
        let (old, new) = words("un e\u{301}te\u{301} long", "un hiver long");
        assert_eq!((old[1].text, new[1].text), ("e\u{301}te\u{301}", "hiver"));
    }

    #[test]
    fn long_texts_keep_what_differs() {
        let same = "lorem ipsum dolor sit amet ".repeat(20);
        let before = format!("{same}red {same}");
        let after = format!("{same}blue {same}");
        let (old, new) = words(&before, &after);
        insta::assert_snapshot!(shown(&shortened(&old, 200)), @"… sit amet lorem ipsum dolor sit amet [red] lorem ipsum dolor sit amet lorem ipsum…");
        insta::assert_snapshot!(shown(&shortened(&new, 50)), @"… sit amet lorem ipsum dolor sit amet [blue] lorem…");
        assert_eq!(shortened(&old, 100_000), old);
        let one = words("", &after).1;
        insta::assert_snapshot!(shown(&shortened(&one, 30)), @"[lorem ipsum dolor sit amet]…");
        let huge = "a ".repeat(MOST_TOKENS);
        assert_eq!(words(&huge, "a").1.len(), 1);
    }

    proptest! {
        #[test]
        fn pieces_are_the_text_again(before in "\\PC{0,60}", after in "\\PC{0,60}", limit in 0_usize..80) {
            let (old, new) = words(&before, &after);
            let text = |pieces: &[Piece<'_>]| pieces.iter().map(|p| p.text).collect::<String>();
            prop_assert_eq!(text(&old), before.clone());
            prop_assert_eq!(text(&new), after.clone());
            let marked = |pieces: &[Piece<'_>]| pieces.iter().any(|p| p.differs);
            if before == after {
                prop_assert!(!marked(&old) && !marked(&new));
            }
            // Each piece ends where the marks change.
            prop_assert!(old.windows(2).all(|two| two[0].differs != two[1].differs));
            let short = shortened(&new, limit);
            prop_assert!(text(&short).chars().count() <= limit + 1);
        }

        #[test]
        fn both_texts_can_be_put_together_again(before in "[ab .é]{0,30}", after in "[ab .é]{0,30}") {
            let parts = parts(&before, &after);
            let of = |wanted: fn(&Part<'_>) -> bool| -> String {
                parts.iter().filter(|p| wanted(p)).map(|p| p.text()).collect()
            };
            prop_assert_eq!(of(|p| !matches!(p, Part::Came(_))), before.clone());
            prop_assert_eq!(of(|p| !matches!(p, Part::Gone(_))), after.clone());
            let same = parts.iter().all(|p| matches!(p, Part::Same(_)));
            prop_assert_eq!(same, before == after);
        }
    }
}
