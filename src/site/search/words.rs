//! What a text is searched by: its words, without case and accents.
//!
//! `static/search.js` does the same to what people type. Both are tested against `words.json`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Of a longer word only so many characters count.
const LONGEST: usize = 32;

/// Calls `each` with every word of `text`; `buffer` is only to be used again.
///
/// A word is a run of letters and digits. Scripts that put no spaces between words are read in
/// pairs of characters, and the last one of a run by itself, so that every character begins
/// something.
pub(super) fn words(text: &str, buffer: &mut String, mut each: impl FnMut(&str)) {
    buffer.clear();
    fold(text, buffer);
    if buffer.is_ascii() {
        let mut rest = buffer.as_str();
        let place = |text: &str, is_letter| {
            let mut bytes = text.bytes();
            bytes.position(|b| b.is_ascii_alphanumeric() == is_letter)
        };
        while let Some(start) = place(rest, true) {
            let end = place(&rest[start..], false).map_or(rest.len(), |length| start + length);
            each(&rest[start..end.min(start + LONGEST)]);
            rest = &rest[end..];
        }
        return;
    }
    let mut start = None;
    for (at, c) in buffer.char_indices() {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                run(&buffer[from..at], &mut each);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        run(&buffer[from..], &mut each);
    }
}

/// The words of a run of letters and digits.
fn run(mut rest: &str, each: &mut impl FnMut(&str)) {
    if rest.is_ascii() {
        return each(&rest[..rest.len().min(LONGEST)]);
    }
    while let Some(first) = rest.chars().next() {
        let dense = is_dense(first);
        let end = rest.find(|c| is_dense(c) != dense).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        rest = after;
        if !dense {
            let cut = part.char_indices().nth(LONGEST);
            each(&part[..cut.map_or(part.len(), |(at, _)| at)]);
            continue;
        }
        let mut starts = part.char_indices().map(|(at, _)| at).peekable();
        while let Some(at) = starts.next() {
            let mut behind = starts.clone();
            behind.next();
            let to = behind.next().unwrap_or(part.len());
            each(&part[at..to]);
        }
    }
}

/// Whether a character belongs to a script that is written without spaces, or in which words are
/// so short that pairs of characters find more.
pub(in super::super) fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}'
        | '\u{3021}'..='\u{318f}' | '\u{31a0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Appends `text` without case, accents and the forms that Unicode has for compatibility.
pub(in super::super) fn fold(text: &str, out: &mut String) {
    if text.is_ascii() {
        let from = out.len();
        out.push_str(text);
        out[from..].make_ascii_lowercase();
        return;
    }
    let bare = text.nfkd().filter(|c| !is_combining_mark(*c));
    let small = bare.flat_map(char::to_uppercase);
    let small = small.flat_map(char::to_lowercase);
    let mut plain = String::with_capacity(text.len());
    for c in small {
        match letters(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    // Composed again, so that a syllable of Hangul is one character.
    out.extend(plain.nfc());
}

/// The plain letters that people type for one that has no accent to remove.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'ς' => "σ",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ŧ' => "t",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_list_that_the_script_is_tested_with() {
        let list: Vec<(String, Vec<String>)> =
            serde_json::from_str(include_str!("words.json")).expect("pairs of text and words");
        assert!(list.len() > 20);
        for (text, expected) in list {
            let mut found = Vec::new();
            words(&text, &mut String::new(), |word| {
                found.push(word.to_owned());
            });
            assert_eq!(found, expected, "{text}");
        }
    }
}
