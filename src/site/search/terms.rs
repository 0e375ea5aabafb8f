//! The words of all entities, and the pages they are cut into.

use std::cmp::Ordering;

use foldhash::HashMap;
use rayon::prelude::*;

use super::list;
use super::texts::{Rank, texts};
use super::words::{is_dense, words};
use crate::library::Entity;

/// A page is cut when it has grown to so many bytes.
const PAGE: usize = 10 * 1024;
/// What begins alike and is larger than this has a line of its own, so that to look for a beginning
/// takes one or two pages. Half a page: anything smaller lies on two at most.
const LARGE: usize = PAGE / 2;
/// Fewer entities are not worth a thread.
const CHUNK: usize = 256;
/// Shorter words are not looked for in spite of a typing error.
const FUZZY: usize = 3;

/// The entities that hold a word, by their numbers: those whose name has it, those that say it in
/// short, and those that have it in their text.
#[derive(Debug, Default)]
struct Held {
    lists: [Vec<u32>; 3],
    /// The one after the last that was entered: most words of a text stand in it more than once.
    next: u32,
}

impl Held {
    /// Enters an entity, whose numbers rise, unless a better rank has done so.
    fn enter(&mut self, id: u32, rank: Rank) {
        if self.next <= id {
            self.next = id + 1;
            self.lists[rank as usize].push(id);
        }
    }

    /// Appends what comes behind.
    fn append(&mut self, mut other: Self) {
        for (list, more) in self.lists.iter_mut().zip(&mut other.lists) {
            list.append(more);
        }
    }

    fn line(&self, word: &str) -> String {
        let mut line = word.to_owned();
        let last = self.lists.iter().rposition(|list| !list.is_empty());
        for list in &self.lists[..last.map_or(0, |at| at + 1)] {
            line.push(' ');
            list::write(list, &mut line);
        }
        line
    }
}

/// A word, who holds it, and the line that says so.
type Line<'h> = (&'h str, &'h Held, String);

/// Lines in order, cut into pages.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// The first word of each.
    pub(super) first: Vec<Box<str>>,
    /// What each holds, a word a line.
    pub(super) texts: Vec<String>,
}

impl Pages {
    /// The word is what stands before the first space of a line.
    fn of(lines: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut pages = Self::default();
        for line in lines {
            let line = line.as_ref();
            match pages.texts.last_mut() {
                Some(page) if page.len() + line.len() / 2 < PAGE => {
                    page.push('\n');
                    page.push_str(line);
                }
                _ => {
                    let word = line.split(' ').next().unwrap_or(line);
                    pages.first.push(word.into());
                    pages.texts.push(line.to_owned());
                }
            }
        }
        pages
    }
}

/// All words, in three orders.
#[derive(Debug)]
pub(super) struct Terms {
    /// Each with who holds it; `re*` stands for all that begin with `re`.
    pub(super) held: Pages,
    /// Those that people mistype, by their beginnings.
    pub(super) front: Pages,
    /// The same written backwards, by their ends.
    pub(super) back: Pages,
}

impl Terms {
    /// The words of `entities`, which are numbered in this order.
    pub(super) fn of(entities: &[&Entity]) -> Self {
        let held = gather(entities);
        let mut lines: Vec<Line<'_>> = held
            .par_iter()
            .map(|(word, held)| (&**word, held, held.line(word)))
            .collect();
        lines.par_sort_unstable_by(|(a, ..), (b, ..)| order(a, b));
        let mut all: Vec<(String, String)> = beginnings(&lines, entities.len());
        let fuzzy = lines.iter().map(|(word, ..)| *word);
        let fuzzy: Vec<&str> = fuzzy.filter(|word| is_mistyped(word)).collect();
        let mut back: Vec<String> = fuzzy.iter().map(|w| w.chars().rev().collect()).collect();
        back.par_sort_unstable_by(|a, b| order(a, b));
        let front = Pages::of(&fuzzy);
        all.extend(
            lines
                .into_iter()
                .map(|(word, _, line)| (word.to_owned(), line)),
        );
        all.par_sort_unstable_by(|(a, _), (b, _)| order(a, b));
        Self {
            held: Pages::of(all.iter().map(|(_, line)| line)),
            front,
            back: Pages::of(&back),
        }
    }
}

/// The order that a script compares texts in, which is not that of bytes where characters have two
/// halves.
fn order(a: &str, b: &str) -> Ordering {
    if a.is_ascii() || b.is_ascii() {
        return a.cmp(b);
    }
    a.encode_utf16().cmp(b.encode_utf16())
}

/// Whether a word is one that people mistype: of letters, and long enough. To take one number for
/// another would be no help.
fn is_mistyped(word: &str) -> bool {
    word.chars().count() >= FUZZY && word.chars().all(|c| c.is_alphabetic() && !is_dense(c))
}

/// Who holds which word.
fn gather(entities: &[&Entity]) -> HashMap<Box<str>, Held> {
    // What the threads have found is put together one after the other, so the parts are few.
    let parts = 2 * rayon::current_num_threads();
    let size = entities.len().div_ceil(parts).max(CHUNK);
    let chunks = entities.par_chunks(size).enumerate();
    let parts: Vec<HashMap<Box<str>, Held>> = chunks
        .map(|(chunk, entities)| {
            let mut held: HashMap<Box<str>, Held> = HashMap::default();
            let mut buffer = String::new();
            for (at, entity) in entities.iter().enumerate() {
                let id = u32::try_from(chunk * size + at).unwrap_or(u32::MAX);
                texts(entity, &mut |rank, text| {
                    words(text, &mut buffer, |word| match held.get_mut(word) {
                        Some(held) => held.enter(id, rank),
                        None => held.entry(word.into()).or_default().enter(id, rank),
                    });
                });
            }
            held
        })
        .collect();
    let mut all: HashMap<Box<str>, Held> = HashMap::default();
    for part in parts {
        for (word, held) in part {
            match all.get_mut(&word) {
                Some(known) => known.append(held),
                None => {
                    all.insert(word, held);
                }
            }
        }
    }
    all
}

/// A line for every beginning of words that is shared by more than a search should read.
fn beginnings(lines: &[Line<'_>], entities: usize) -> Vec<(String, String)> {
    let mut large: Vec<(&str, &[Line<'_>])> = Vec::new();
    let mut open = vec![(0, lines)];
    while let Some((depth, lines)) = open.pop() {
        let beginning = |word: &str| word.chars().nth(depth);
        for group in lines.chunk_by(|(a, ..), (b, ..)| beginning(a) == beginning(b)) {
            let Some((word, ..)) = group.first() else {
                continue;
            };
            let size: usize = group.iter().map(|(.., line)| line.len() + 1).sum();
            let Some((at, c)) = word.char_indices().nth(depth) else {
                continue;
            };
            if size > LARGE && group.len() > 1 {
                large.push((&word[..at + c.len_utf8()], group));
                open.push((depth + 1, group));
            }
        }
    }
    let union = |(beginning, group): (&str, &[Line<'_>])| {
        let mut best = vec![u8::MAX; entities];
        for (_, held, _) in group {
            for (rank, list) in (0_u8..).zip(&held.lists) {
                for id in list {
                    let best = &mut best[*id as usize];
                    *best = rank.min(*best);
                }
            }
        }
        let mut held = Held::default();
        for (id, rank) in (0_u32..).zip(best) {
            if let Some(list) = held.lists.get_mut(rank as usize) {
                list.push(id);
            }
        }
        let name = format!("{beginning}*");
        let line = held.line(&name);
        (name, line)
    };
    large.into_par_iter().map(union).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_the_order_of_a_script() {
        let mut words = ["z", "é", "\u{ff5e}", "\u{20000}", "a*", "ab", "a"];
        words.sort_unstable_by(|a, b| order(a, b));
        assert_eq!(words, ["a", "a*", "ab", "z", "é", "\u{20000}", "\u{ff5e}"]);
    }

    #[test]
    fn an_entity_is_entered_once_under_its_best_rank() {
        let mut held = Held::default();
        held.enter(3, Rank::Name);
        held.enter(3, Rank::Text);
        held.enter(4, Rank::Text);
        assert_eq!(held.line("word"), "word gD g gE");
    }

    #[test]
    fn a_page_is_cut_when_it_is_full_and_known_by_its_first_word() {
        let lines: Vec<String> = (1000..4000).map(|n| format!("{n} gA")).collect();
        let pages = Pages::of(&lines);
        assert!(pages.texts.len() > 1);
        assert!(pages.texts.iter().all(|page| page.len() <= PAGE + 8));
        assert_eq!(pages.texts.join("\n"), lines.join("\n"));
        for (first, page) in pages.first.iter().zip(&pages.texts) {
            assert!(page.starts_with(&format!("{first} ")));
        }
    }

    #[test]
    fn numbers_and_short_words_have_no_typing_errors() {
        assert!(is_mistyped("abc") && is_mistyped("мир"));
        assert!(!is_mistyped("ab") && !is_mistyped("b2b4") && !is_mistyped("東京都"));
    }
}
