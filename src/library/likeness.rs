//! How alike texts are: their words as numbers, and how many of them two sets share.
//!
//! Small and capital letters are the same; what is no letter and no digit stands between words.

use std::ops::Range;

/// What stands for a byte of a text: itself as a small letter or a digit, or one of these two.
static BYTES: [u8; 256] = {
    let mut table = [PART; 256];
    let mut byte = 0u8;
    while byte < 128 {
        table[byte as usize] = if byte.is_ascii_alphanumeric() {
            byte.to_ascii_lowercase()
        } else {
            BETWEEN
        };
        byte += 1;
    }
    table
};
/// No word has this byte in it.
const BETWEEN: u8 = 0;
/// A part of a character that is looked at as a whole.
const PART: u8 = 255;

/// The words of a text: where each stands, and a number that stands for it.
pub fn words(text: &str) -> impl Iterator<Item = (Range<usize>, u32)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut start = None;
        let mut hash = 0;
        while let Some(byte) = text.as_bytes().get(at) {
            let mut length = 1;
            match BYTES[usize::from(*byte)] {
                BETWEEN if start.is_some() => break,
                BETWEEN => {}
                PART => {
                    let c = text[at..].chars().next().unwrap_or_default();
                    length = c.len_utf8();
                    if c.is_alphanumeric() {
                        start.get_or_insert(at);
                        for small in c.to_lowercase() {
                            hash = mix(hash, u32::from(small));
                        }
                    } else if start.is_some() {
                        break;
                    }
                }
                small => {
                    start.get_or_insert(at);
                    hash = mix(hash, u32::from(small));
                }
            }
            at += length;
        }
        start.map(|start| (start..at, fold(hash)))
    })
}

/// A number for what `hash` stands for with one more letter, or one more word.
fn mix(hash: u64, letter: u32) -> u64 {
    // An odd number whose bits are those of the golden ratio, so that no letter is lost.
    (hash.rotate_left(5) ^ u64::from(letter)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A number for each two words of a text that stand beside each other.
pub fn word_pairs(text: &str) -> impl Iterator<Item = u32> {
    let mut before: Option<u32> = None;
    words(text).filter_map(move |(_, word)| {
        let first = before.replace(word)?;
        Some(fold(mix(mix(0, first), word)))
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

/// The least number that is the given share, from 0 to 1, of `length`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "lengths of texts, shares from 0 to 1"
)]
pub fn least(length: usize, share: f64) -> usize {
    // A little less, so that rounding never loses one.
    ((length as f64 * share - 1e-9).ceil() as usize).min(length)
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
