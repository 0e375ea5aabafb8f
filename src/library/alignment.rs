//! Lists of texts put beside each other: which text of one list says what a text of another says.
//!
//! In: a list of texts for each side. Out: [`Line`]s, in which texts that are the same or alike
//! stand together. How alike two texts are is told by their words (the coefficient of Dice, 1945);
//! the two that are most alike find each other first.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use super::likeness::{fraction, least, shared, words};

/// The share of their words that two texts must have in common to stand in one line.
pub const ENOUGH: f64 = 0.45;
/// Words with fewer letters say little: they join others.
pub const LONG: usize = 4;

/// How the sides of a line stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// One side alone says it.
    Only,
    /// Several say nearly the same, or not all say it.
    Alike,
    /// All say the same.
    Same,
}

/// Texts that belong together: for each side which of its texts it is, if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How they stand to each other.
    pub sort: Sort,
    /// The place of the text in the list of each side.
    pub at: Vec<Option<usize>>,
}

/// The words of a text.
#[derive(Debug, Clone)]
struct Words {
    /// Where each stands in the text, and its number.
    places: Vec<(Range<usize>, u32)>,
    /// The numbers of the long ones, sorted, each once; of all when it has none.
    long: Vec<u32>,
    /// The numbers of all, sorted, when somebody has asked whether one is there.
    sorted: OnceCell<Vec<u32>>,
}

impl Words {
    fn of(text: &str) -> Self {
        let mut places = Vec::with_capacity(16);
        let mut long = Vec::with_capacity(16);
        for (place, number) in words(text) {
            let word = &text[place.clone()];
            // Bytes are compared first: only short words are counted letter by letter.
            if word.len() >= LONG && (word.is_ascii() || word.chars().count() >= LONG) {
                long.push(number);
            }
            places.push((place, number));
        }
        if long.is_empty() {
            long.extend(places.iter().map(|(_, number)| *number));
        }
        long.sort_unstable();
        long.dedup();
        Self {
            places,
            long,
            sorted: OnceCell::new(),
        }
    }

    fn has(&self, word: u32) -> bool {
        let sorted = self.sorted.get_or_init(|| {
            let mut all: Vec<u32> = self.places.iter().map(|(_, number)| *number).collect();
            all.sort_unstable();
            all
        });
        sorted.binary_search(&word).is_ok()
    }
}

/// The texts of several sides, ready to be compared. A text is cut into words when it is held
/// against one that is not the same.
#[derive(Debug)]
pub struct Texts<'t, 'a> {
    sides: &'t [Vec<&'a str>],
    words: Vec<Vec<OnceCell<Words>>>,
}

impl<'t, 'a> Texts<'t, 'a> {
    /// Takes the texts of each side.
    pub fn new(sides: &'t [Vec<&'a str>]) -> Self {
        let words = sides.iter().map(|texts| vec![OnceCell::new(); texts.len()]);
        Self {
            sides,
            words: words.collect(),
        }
    }

    fn words(&self, (side, text): (usize, usize)) -> &Words {
        self.words[side][text].get_or_init(|| Words::of(self.sides[side][text]))
    }

    /// The lines in the order of the first side, then of the second, and so on. Each text stands in
    /// exactly one.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<Vec<Option<usize>>> = Vec::new();
        for side in 0..self.sides.len() {
            let taken = self.matches(&lines, side);
            for text in 0..self.sides[side].len() {
                let line = taken.get(&text).copied().unwrap_or(lines.len());
                if line == lines.len() {
                    lines.push(vec![None; self.sides.len()]);
                }
                lines[line][side] = Some(text);
            }
        }
        let lines = lines.into_iter().map(|at| Line {
            sort: self.sort(&at),
            at,
        });
        lines.collect()
    }

    /// The line that each text of a side joins, if any.
    fn matches(&self, lines: &[Vec<Option<usize>>], side: usize) -> BTreeMap<usize, usize> {
        let own = &self.sides[side];
        let mut taken = BTreeMap::new();
        let mut full = vec![false; lines.len()];
        // The same text comes first, and no word of it needs to be looked at.
        for (line, at) in lines.iter().enumerate() {
            let same = |text: &usize| others(at).any(|(a, i)| self.sides[a][i] == own[*text]);
            let mut free = (0..own.len()).filter(|text| !taken.contains_key(text));
            if let Some(text) = free.find(same) {
                full[line] = true;
                taken.insert(text, line);
            }
        }
        let mut scores: Vec<(f64, usize, usize)> = Vec::new();
        for text in (0..own.len()).filter(|text| !taken.contains_key(text)) {
            for (line, at) in lines.iter().enumerate().filter(|(line, _)| !full[*line]) {
                let score = others(at).map(|other| self.alike((side, text), other));
                let score = score.fold(0.0, f64::max);
                if score >= ENOUGH {
                    scores.push((score, line, text));
                }
            }
        }
        scores.sort_by(|(a, i, j), (b, k, l)| b.total_cmp(a).then((i, j).cmp(&(k, l))));
        for (_, line, text) in scores {
            if !full[line] && !taken.contains_key(&text) {
                full[line] = true;
                taken.insert(text, line);
            }
        }
        taken
    }

    /// How alike two texts are, from 0 to 1; less than enough is 0.
    fn alike(&self, a: (usize, usize), b: (usize, usize)) -> f64 {
        let (a, b) = (&self.words(a).long, &self.words(b).long);
        let both = a.len() + b.len();
        let common = shared(a, b, least(both, ENOUGH / 2.0)).unwrap_or(0);
        2.0 * fraction(common, both)
    }

    fn sort(&self, at: &[Option<usize>]) -> Sort {
        let texts = at.iter().zip(self.sides);
        let mut texts = texts.filter_map(|(at, texts)| at.map(|at| texts[at]));
        let first = texts.next();
        let (mut count, mut same) = (1, true);
        for text in texts {
            count += 1;
            same &= Some(text) == first;
        }
        match count {
            1 if at.len() > 1 => Sort::Only,
            n if n == at.len() && same => Sort::Same,
            _ => Sort::Alike,
        }
    }

    /// A text of a line in pieces: what another text of the line lacks, and what all have.
    pub fn pieces(&self, line: &Line, side: usize) -> Vec<(bool, &'a str)> {
        let Some(own) = line.at[side] else {
            return Vec::new();
        };
        let others = others(&line.at).filter(|(other, _)| *other != side);
        let others: Vec<&Words> = others.map(|other| self.words(other)).collect();
        let lacking = |word: u32| others.iter().any(|words| !words.has(word));
        pieces(
            self.sides[side][own],
            &self.words((side, own)).places,
            lacking,
        )
    }
}

/// The texts of a line, each by its side and its place there.
fn others(at: &[Option<usize>]) -> impl Iterator<Item = (usize, usize)> {
    let texts = at.iter().enumerate();
    texts.filter_map(|(side, text)| Some((side, (*text)?)))
}

/// Cuts a text where words that are `marked` begin and end; what stands between two of them is
/// marked too.
fn pieces<'a>(
    text: &'a str,
    words: &[(Range<usize>, u32)],
    marked: impl Fn(u32) -> bool,
) -> Vec<(bool, &'a str)> {
    let mut out = Vec::new();
    let (mut done, mut open, mut end) = (0, None, 0);
    for (word, number) in words {
        if marked(*number) {
            open.get_or_insert(word.start);
            end = word.end;
        } else if let Some(begun) = open.take() {
            out.extend([(false, &text[done..begun]), (true, &text[begun..end])]);
            done = end;
        }
    }
    if let Some(begun) = open {
        out.extend([(false, &text[done..begun]), (true, &text[begun..end])]);
        done = end;
    }
    out.push((false, &text[done..]));
    out.retain(|(_, piece)| !piece.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(sides: &[Vec<&str>]) -> Vec<(Sort, Vec<Option<usize>>)> {
        let lines = Texts::new(sides).lines().into_iter();
        lines.map(|line| (line.sort, line.at)).collect()
    }

    #[test]
    fn what_is_alike_stands_in_one_line() {
        let a = vec![
            "Close the books on day five",
            "Find a safe place for the bike",
            "Sleep at night",
        ];
        let b = vec![
            "Find a dry place for the bike",
            "Close the books on day five",
        ];
        let found = lines(&[a, b]);
        assert_eq!(
            found,
            [
                (Sort::Same, vec![Some(0), Some(1)]),
                (Sort::Alike, vec![Some(1), Some(0)]),
                (Sort::Only, vec![Some(2), None]),
            ]
        );
    }

    #[test]
    fn the_most_alike_find_each_other_first() {
        let a = vec![
            "Know the day of a repair",
            "Know the day of a repair by evening",
        ];
        let b = vec!["Know the day of a repair by evening"];
        assert_eq!(lines(&[a, b])[1], (Sort::Same, vec![Some(1), Some(0)]));
    }

    #[test]
    fn a_line_of_three_sides_need_not_be_whole() {
        let sides = [
            vec!["Pay only for months with rides"],
            vec![],
            vec!["Pay only for months with rides"],
        ];
        assert_eq!(lines(&sides), [(Sort::Alike, vec![Some(0), None, Some(0)])]);
    }

    #[test]
    fn words_that_the_other_lacks_are_marked_in_runs() {
        let sides = [
            vec!["Find a safe, legal place for it"],
            vec!["Find a dry place for it."],
        ];
        let texts = Texts::new(&sides);
        let line = &texts.lines()[0];
        assert_eq!(
            texts.pieces(line, 0),
            [
                (false, "Find a "),
                (true, "safe, legal"),
                (false, " place for it")
            ]
        );
        assert_eq!(
            texts.pieces(line, 1),
            [(false, "Find a "), (true, "dry"), (false, " place for it.")]
        );
    }

    proptest! {
        /// Each text stands in one line, and its pieces are the text.
        #[test]
        fn nothing_is_lost(sides in prop::collection::vec(prop::collection::vec("[a-dÄß ]{0,24}", 0..5), 1..5)) {
            let sides: Vec<Vec<&str>> = sides.iter().map(|side| side.iter().map(String::as_str).collect()).collect();
            let texts = Texts::new(&sides);
            let lines = texts.lines();
            for (side, own) in sides.iter().enumerate() {
                let mut found: Vec<usize> = lines.iter().filter_map(|line| line.at[side]).collect();
                found.sort_unstable();
                prop_assert_eq!(found, (0..own.len()).collect::<Vec<_>>());
                for line in &lines {
                    let whole: String = texts.pieces(line, side).iter().map(|(_, piece)| *piece).collect();
                    prop_assert_eq!(whole, line.at[side].map_or("", |at| own[at]));
                }
            }
        }
    }
}
