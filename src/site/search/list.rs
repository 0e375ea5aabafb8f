//! Lists of numbers as short texts.
//!
//! Every character stands for six bits. A list begins with a letter that says how it is written:
//! `g` the gaps between numbers, `r` runs of neighbours, `b` a bit for each number between the
//! first and the last; whichever is shortest.

/// What stands for the values from 0 to 63.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Appends `ids`, which rise.
pub(super) fn write(ids: &[u32], out: &mut String) {
    let (Some(&first), Some(&last)) = (ids.first(), ids.last()) else {
        return out.push('g');
    };
    let gaps: usize = gaps(ids).map(length).sum();
    let runs: usize = runs(ids)
        .map(|(gap, more)| length(gap) + length(more))
        .sum();
    let bits = length(first) + ((last - first) / 6 + 1) as usize;
    if runs < gaps.min(bits) {
        out.push('r');
        for (gap, more) in self::runs(ids) {
            number(gap, out);
            number(more, out);
        }
    } else if bits < gaps {
        out.push('b');
        number(first, out);
        let mut at = first;
        let mut six = 0;
        for &id in ids {
            while id >= at + 6 {
                digit(six, out);
                six = 0;
                at += 6;
            }
            six |= 1 << (id - at);
        }
        digit(six, out);
    } else {
        out.push('g');
        self::gaps(ids).for_each(|gap| number(gap, out));
    }
}

/// How many numbers lie between each and the one before.
fn gaps(ids: &[u32]) -> impl Iterator<Item = u32> {
    let mut next = 0;
    ids.iter()
        .map(move |&id| id - std::mem::replace(&mut next, id + 1))
}

/// The runs of neighbours: the gap before each, and how many follow its first.
fn runs(ids: &[u32]) -> impl Iterator<Item = (u32, u32)> {
    let mut next = 0;
    let runs = ids.chunk_by(|a, b| a + 1 == *b);
    runs.filter_map(move |run| {
        let (&first, &last) = run.first().zip(run.last())?;
        Some((first - std::mem::replace(&mut next, last + 1), last - first))
    })
}

/// Five bits a digit, the lowest first; the sixth says that more follow.
fn number(mut value: u32, out: &mut String) {
    while value >= 32 {
        digit(value & 31 | 32, out);
        value >>= 5;
    }
    digit(value, out);
}

fn length(value: u32) -> usize {
    (32 - value.leading_zeros()).div_ceil(5).max(1) as usize
}

fn digit(value: u32, out: &mut String) {
    out.push(char::from(DIGITS[(value & 63) as usize]));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<u32> {
        let values = text[1..].chars();
        let mut values = values.map(|c| {
            DIGITS
                .iter()
                .position(|d| char::from(*d) == c)
                .expect("a digit")
        });
        let mut number = move || {
            let (mut value, mut shift) = (0, 0);
            loop {
                let six = values.next()?;
                value |= (six & 31) << shift;
                shift += 5;
                if six < 32 {
                    return Some(u32::try_from(value).expect("a number"));
                }
            }
        };
        let mut ids = Vec::new();
        let mut next = 0;
        match &text[..1] {
            "g" => {
                while let Some(gap) = number() {
                    ids.push(next + gap);
                    next += gap + 1;
                }
            }
            "r" => {
                while let Some((gap, more)) = number().zip(number()) {
                    ids.extend(next + gap..=next + gap + more);
                    next += gap + more + 1;
                }
            }
            _ => {
                let first = number().expect("the first");
                let skip = 1 + length(first);
                for (at, c) in text[skip..].chars().enumerate() {
                    let six = DIGITS
                        .iter()
                        .position(|d| char::from(*d) == c)
                        .expect("a digit");
                    let base = first + u32::try_from(at).expect("few") * 6;
                    ids.extend(
                        (0..6)
                            .filter(|bit| six >> bit & 1 == 1)
                            .map(|bit| base + bit),
                    );
                }
            }
        }
        ids
    }

    fn written(ids: &[u32]) -> String {
        let mut out = String::new();
        write(ids, &mut out);
        out
    }

    #[test]
    fn the_shortest_form_is_taken() {
        assert_eq!(written(&[]), "g");
        assert_eq!(written(&[0, 40]), "gAnB");
        assert_eq!(written(&(3..1000).collect::<Vec<_>>()), "rDkf");
        let every_other: Vec<u32> = (100..160).step_by(2).collect();
        assert_eq!(written(&every_other), "bkDVVVVVVVVVV");
    }

    proptest! {
        #[test]
        fn what_is_written_can_be_read(ids in prop::collection::btree_set(0_u32..5000, 0..600)) {
            let ids: Vec<u32> = ids.into_iter().collect();
            prop_assert_eq!(read(&written(&ids)), ids);
        }

        #[test]
        fn dense_lists_can_be_read(from in 0_u32..40_000, holes in prop::collection::btree_set(0_u32..400, 0..200)) {
            let ids: Vec<u32> = (0..400).filter(|n| !holes.contains(n)).map(|n| n + from).collect();
            prop_assert_eq!(read(&written(&ids)), ids);
        }
    }
}
