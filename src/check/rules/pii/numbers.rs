//! What a number in a text is.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::Hit;
use super::checksums::{
    ean13, eleven_test, french_nir, german_tax_id, is_dni, is_iban, is_nino, luhn, pesel, value,
};
use super::phone::phone;

/// How far before a number a word may stand that tells what it is, in bytes.
const CONTEXT: usize = 40;

/// Digits of the shortest number that a person has.
const SHORTEST: usize = 6;

/// The numbers of passports, insurances, tax offices and registers.
const IDENTITY: &str = "the number of an identity document";

/// What the digit at `from` begins, and where to go on looking.
pub(super) fn at(text: &str, from: usize) -> (Option<Hit>, usize) {
    let bytes = text.as_bytes();
    // A word such as `study-00077` or `GB29NWBK…` goes on from its letters.
    let word = word(bytes, from);
    let run = run(bytes, from);
    let digits = |part: &Range<usize>| {
        let part = bytes[part.clone()].iter();
        part.filter(|b| b.is_ascii_digit()).count()
    };
    // Nearly all numbers are too short to be anybody's, but for a year, which may be one of birth.
    let length = digits(&run);
    // The IBAN of a printed bill stands in groups of four.
    let group = matches!(
        &bytes[word.clone()],
        [b'A'..=b'Z', b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9', ..]
    );
    if length < SHORTEST && length != 4 && !group && digits(&word) < SHORTEST {
        return (None, run.end.max(word.end));
    }
    let found = if bytes[word.clone()].iter().any(u8::is_ascii_alphabetic) {
        mixed(text, &word)
    } else {
        spaced_nino(text, &word)
    };
    if let Some((what, span)) = found {
        let end = span.end;
        return (Some(Hit { span, what }), end);
    }
    if word.start < from && bytes[from - 1].is_ascii_alphabetic() {
        return (None, word.end);
    }
    let next = run.end;
    let raw = &text[run.clone()];
    let digits: Vec<u8> = raw
        .bytes()
        .filter(u8::is_ascii_digit)
        .map(|b| b - b'0')
        .collect();
    // Part of an identifier, a file name, a percentage or a decimal number.
    let before = bytes[..run.start].last().copied().unwrap_or(b' ');
    let after = bytes.get(run.end).copied().unwrap_or(b' ');
    let glued = before.is_ascii_alphanumeric()
        || b"_-#=&%~$".contains(&before)
        || !before.is_ascii() && !"\u{a0}".as_bytes().contains(&before)
        || after.is_ascii_alphanumeric()
        || b"_=%".contains(&after);
    if digits.len() == 4 && !glued {
        return (written_birth(text, &run), next);
    }
    if digits.len() < 7 || glued {
        return (None, next);
    }
    let context = Context::before(text, run.start);
    let what = if is_date(raw) {
        context.tells_birth().then_some("a date of birth")
    } else if is_card(raw, &digits) {
        Some("a card number")
    } else {
        identity(raw, &digits, &context).or_else(|| phone(raw, &digits, &context))
    };
    (what.map(|what| Hit { span: run, what }), next)
}

/// The letters and digits around a place.
fn word(bytes: &[u8], at: usize) -> Range<usize> {
    let part = |b: &&u8| b.is_ascii_alphanumeric();
    let start = at - bytes[..at].iter().rev().take(40).take_while(part).count();
    let end = at + bytes[at..].iter().take(40).take_while(part).count();
    start..end
}

/// Digits with the signs that people write between and before them, on one line.
fn run(bytes: &[u8], from: usize) -> Range<usize> {
    let mut end = from;
    let mut at = from;
    let mut gap = 0;
    while let Some(b) = bytes.get(at) {
        if b.is_ascii_digit() {
            gap = 0;
            end = at + 1;
        } else if b" -.()/".contains(b) && gap < 2 {
            gap += 1;
        } else {
            break;
        }
        at += 1;
        if at - from > 40 {
            break;
        }
    }
    let mut start = from;
    if start > 0 && bytes[start - 1] == b'(' {
        start -= 1;
    }
    if start > 0 && bytes[start - 1] == b'+' {
        start -= 1;
    }
    start..end
}

/// The words before a number, in small letters.
pub(super) struct Context(String);

/// Words before a date of birth.
const BIRTH: [&str; 12] = [
    "born",
    "birth",
    "dob",
    "geboren",
    "geburts",
    "né le",
    "née le",
    "naissance",
    "nacid",
    "nacimiento",
    "geboorte",
    "nato il",
];

/// Finds them all at once.
static BIRTHS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(BIRTH).ok());

impl Context {
    fn before(text: &str, at: usize) -> Self {
        let from = text.ceil_char_boundary(at.saturating_sub(CONTEXT));
        let window = &text[from..at];
        let line = window.rsplit('\n').next().unwrap_or_default();
        Self(line.to_lowercase().replace('_', " "))
    }

    /// Whether a word for birth stands before the number, with no more between them than a day.
    fn tells_birth(&self) -> bool {
        let found = BIRTHS
            .iter()
            .flat_map(|words| words.find_overlapping_iter(&self.0));
        let after = found.map(|found| found.end()).max();
        after
            .and_then(|end| self.0.get(end..))
            .is_some_and(|rest| rest.bytes().filter(u8::is_ascii_digit).count() <= 2)
    }

    pub(super) fn has(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.0.contains(word))
    }
}

/// `2026-09-14`, `14.09.2026`, `14/9/2026`, with or without a time behind it.
fn is_date(raw: &str) -> bool {
    let day = raw.split([' ', 'T']).next().unwrap_or_default();
    for sign in ['-', '.', '/'] {
        let parts: Vec<&str> = day.split(sign).collect();
        let [first, second, third] = parts.as_slice() else {
            continue;
        };
        let number =
            |text: &str, most: u32| text.parse::<u32>().is_ok_and(|n| (1..=most).contains(&n));
        let year =
            |text: &str| text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
        if year(first) && number(second, 12) && number(third, 31)
            || year(third) && number(first, 31) && number(second, 31)
        {
            return true;
        }
    }
    false
}

/// A year that ends a date written with the name of its month, after a word for birth.
fn written_birth(text: &str, year: &Range<usize>) -> Option<Hit> {
    let written = &text[year.clone()];
    if !written.starts_with("19") && !written.starts_with("20") {
        return None;
    }
    let context = Context::before(text, year.start);
    let words: Vec<&str> = context
        .0
        .split([' ', ',', '.'])
        .filter(|word| !word.is_empty())
        .collect();
    let month = |word: &str| {
        MONTHS
            .iter()
            .any(|month| word.len() >= 3 && word.starts_with(month))
    };
    let day = |word: &str| {
        let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
        digits
            .parse::<u32>()
            .is_ok_and(|day| (1..=31).contains(&day))
    };
    let dated = match words.as_slice() {
        [.., a, b] => month(a) && day(b) || day(a) && month(b),
        _ => false,
    };
    let of = matches!(words.as_slice(), [.., a, "of", b] if day(a) && month(b));
    ((dated || of) && context.tells_birth()).then(|| Hit {
        span: year.clone(),
        what: "a date of birth",
    })
}

/// The beginnings of the names of months in English, German, French, Spanish, Dutch and Italian.
const MONTHS: [&str; 24] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mär",
    "mai", "okt", "dez", "fév", "avr", "aoû", "déc", "ene", "abr", "mei", "giu",
];

/// Visa, Mastercard, American Express, Discover, Diners and JCB, with the checksum of Luhn.
fn is_card(raw: &str, digits: &[u8]) -> bool {
    if raw.contains(['.', '/', '(', '+']) || !(13..=19).contains(&digits.len()) {
        return false;
    }
    let prefix = |n: usize| {
        digits[..n]
            .iter()
            .fold(0u32, |sum, d| sum * 10 + u32::from(*d))
    };
    let known = match digits.len() {
        13 | 19 => digits[0] == 4,
        14 => matches!(prefix(2), 30 | 36 | 38),
        15 => matches!(prefix(2), 34 | 37),
        16 => {
            digits[0] == 4
                || matches!(prefix(2), 35 | 51..=55 | 65)
                || (2221..=2720).contains(&prefix(4))
                || prefix(4) == 6011
        }
        _ => false,
    };
    known && luhn(digits)
}

/// How a number is written: `9` for each digit, the other signs as they are.
pub(super) fn form(raw: &str) -> String {
    raw.chars()
        .map(|c| if c.is_ascii_digit() { '9' } else { c })
        .collect()
}

/// Identity numbers that are made of digits alone.
fn identity(raw: &str, digits: &[u8], context: &Context) -> Option<&'static str> {
    let form = form(raw);
    let compact = !raw.contains(['.', '/', '(', '+']);
    let found = match digits.len() {
        // US: no area 000, 666 or from 900 on (Social Security Administration).
        9 if form == "999-99-9999" => {
            let area = value(&digits[..3]);
            !matches!(area, 0 | 666 | 900..) && value(&digits[3..5]) > 0 && value(&digits[5..]) > 0
        }
        9 if context.has(&["bsn", "burgerservice", "sofinummer"]) => eleven_test(digits),
        9 if context.has(&["social insurance", " sin "]) => luhn(digits),
        10 if form == "999999-9999" || form == "999999+9999" => {
            (1..=12).contains(&value(&digits[2..4]))
                && (1..=31).contains(&value(&digits[4..6]))
                && luhn(digits)
        }
        11 if form == "99.99.99-999.99" => {
            let (number, check) = (value(&digits[..9]), value(&digits[9..]));
            97 - number % 97 == check || 97 - (2_000_000_000 + number) % 97 == check
        }
        11 if compact && context.has(&["steuer", "tax", "idnr", "id-nr", "tin"]) => {
            german_tax_id(digits)
        }
        11 if context.has(&["pesel"]) => pesel(digits),
        13 if form == "999.9999.9999.99" => digits.starts_with(&[7, 5, 6]) && ean13(digits),
        15 if compact => french_nir(digits),
        _ => false,
    };
    found.then_some(IDENTITY)
}

/// Numbers with letters in them: IBAN, and identity numbers of the UK, Spain, Italy and Finland.
fn mixed(text: &str, word: &Range<usize>) -> Option<(&'static str, Range<usize>)> {
    let first = &text[word.clone()];
    if first.len() >= 4 && is_like(&first[..4], "AA99") {
        let span = grouped(text, word.start, 34);
        if is_iban(&text[span.clone()]) {
            return Some(("an account number (IBAN)", span));
        }
    }
    let glued = |span: &Range<usize>| {
        let bytes = text.as_bytes();
        let before = bytes[..span.start].last().copied().unwrap_or(b' ');
        let after = bytes.get(span.end).copied().unwrap_or(b' ');
        b"_-#=/&.".contains(&before) || b"_=/".contains(&after)
    };
    if glued(word) {
        return None;
    }
    if is_like(first, "AA999999A") && is_nino(first) {
        return Some((IDENTITY, word.clone()));
    }
    if is_like(first, "99999999A") && is_dni(first, 0) {
        return Some((IDENTITY, word.clone()));
    }
    if is_like(first, "A9999999A") {
        let start = "XYZ".find(&first[..1]);
        if start.is_some_and(|start| is_dni(&first[1..], start as u64 * 10_000_000)) {
            return Some((IDENTITY, word.clone()));
        }
    }
    if is_like(first, "AAAAAA99A99A999A") && "ABCDEHLMPRST".contains(&first[8..9]) {
        return Some((IDENTITY, word.clone()));
    }
    None
}

/// `AB 12 34 56 C`: a word of two letters, of which the digits know nothing.
fn spaced_nino(text: &str, word: &Range<usize>) -> Option<(&'static str, Range<usize>)> {
    let start = word.start.checked_sub(3)?;
    let spaced = text.get(start..start + 13)?;
    (is_like(spaced, "AA 99 99 99 A") && is_nino(&spaced.replace(' ', "")))
        .then(|| (IDENTITY, start..start + 13))
}

/// Whether a text has a form: `A` is a capital letter, `9` a digit, all else itself.
fn is_like(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(b, f)| match f {
            b'A' => b.is_ascii_uppercase(),
            b'9' => b.is_ascii_digit(),
            f => b == f,
        })
}

/// A text that goes on in groups of at most four after single blanks.
fn grouped(text: &str, start: usize, most: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut end = start;
    let mut count = 0;
    loop {
        let group = bytes[end..]
            .iter()
            .take(most)
            .take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let group = group.count();
        if group == 0 || count > 0 && group > 4 {
            break;
        }
        count += group;
        end += group;
        if count >= most || bytes.get(end) != Some(&b' ') || group > 4 {
            break;
        }
        let next = bytes.get(end + 1);
        if !next.is_some_and(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
            break;
        }
        end += 1;
    }
    start..end
}
