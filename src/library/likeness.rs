//! How alike texts are: their words as numbers, and how many of them two sets share.
//!
//! Small and capital letters are the same; what is no letter and no digit stands between words.

use std::hash::Hasher;
use std::ops::Range;

use rustc_hash::FxHasher;

/// The words of a text: where each stands, and a number that stands for it.
pub fn words(text: &str) -> impl Iterator<Item = (Range<usize>, u32)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = run(text, at, false);
        at = run(text, start, true);
        (at > start).then(|| (start..at, number(&text[start..at])))
    })
}

/// Which bytes are letters and digits of ASCII.
static IS_IN_WORD: [bool; 128] = {
    let mut table = [false; 128];
    let mut byte = 0u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

/// Where the letters and digits that begin at a byte of a text end, or what is none of them.
fn run(text: &str, mut at: usize, of_words: bool) -> usize {
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        let (is_in_word, length) = if let Some(known) = IS_IN_WORD.get(usize::from(*byte)) {
            (*known, 1)
        } else {
            let c = text[at..].chars().next().unwrap_or_default();
            (c.is_alphanumeric(), c.len_utf8())
        };
        if is_in_word != of_words {
            break;
        }
        at += length;
    }
    at
}

/// The number of a word.
fn number(word: &str) -> u32 {
    /// These bits make small letters of capitals, and leave digits as they are.
    const SMALL: u64 = 0x2020_2020_2020_2020;
    let mut hasher = FxHasher::default();
    if word.is_ascii() {
        let (whole, rest) = word.as_bytes().as_chunks::<8>();
        for bytes in whole {
            hasher.write_u64(u64::from_le_bytes(*bytes) | SMALL);
        }
        if !rest.is_empty() {
            let join = |all, byte: &u8| (all << 8) | u64::from(*byte);
            hasher.write_u64(rest.iter().fold(0, join) | SMALL);
        }
    } else {
        let small = word.chars().flat_map(char::to_lowercase);
        small.for_each(|c| hasher.write_u32(u32::from(c)));
    }
    fold(hasher.finish())
}

/// A number for each two words of a text that stand beside each other.
pub fn word_pairs(text: &str) -> impl Iterator<Item = u32> {
    let mut before: Option<u32> = None;
    words(text).filter_map(move |(_, word)| {
        let first = before.replace(word)?;
        let mut hasher = FxHasher::default();
        hasher.write_u32(first);
        hasher.write_u32(word);
        Some(fold(hasher.finish()))
    })
}

/// How many values two sorted sets share, if it is at least `wanted`. Most sets are told apart by
/// their first values.
pub fn shared(a: &[u32], b: &[u32], wanted: usize) -> Option<usize> {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        if count + (a.len() - i).min(b.len() - j) < wanted {
            return None;
        }
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                count += 1;
                i += 1;
                j += 1;
            }
        }
    }
    (count >= wanted).then_some(count)
}

/// The share of two sorted sets that is in both, from 0 to 1 (Jaccard).
pub fn likeness(a: &[u32], b: &[u32]) -> f64 {
    let common = shared(a, b, 0).unwrap_or(0);
    fraction(common, a.len() + b.len() - common)
}

/// A part of a whole, from 0 to 1; of nothing it is 0.
#[expect(clippy::cast_precision_loss, reason = "lengths of texts")]
pub fn fraction(part: usize, all: usize) -> f64 {
    if all == 0 {
        0.0
    } else {
        part as f64 / all as f64
    }
}

/// Sorts a list of numbers and keeps each once.
pub fn set(mut numbers: Vec<u32>) -> Box<[u32]> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into()
}

#[expect(clippy::cast_possible_truncation, reason = "the halves are mixed")]
fn fold(hash: u64) -> u32 {
    (hash ^ (hash >> 32)) as u32
}
