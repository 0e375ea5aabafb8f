//! Checksums and rules by which the numbers of documents and accounts are given out.

/// The checksum of Luhn (ISO/IEC 7812-1).
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, d)| match (at % 2, u32::from(*d)) {
            (0, d) => d,
            (_, d) if d > 4 => d * 2 - 9,
            (_, d) => d * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The Dutch eleven-test, with -1 for the last digit.
pub(super) fn eleven_test(digits: &[u8]) -> bool {
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
    let sum: i32 = digits
        .iter()
        .zip(weights)
        .map(|(d, w)| i32::from(*d) * w)
        .sum();
    sum % 11 == 0 && digits.iter().any(|d| *d > 0)
}

/// ISO/IEC 7064, MOD 11,10; one digit of the first ten occurs twice or three times.
pub(super) fn german_tax_id(digits: &[u8]) -> bool {
    let mut product = 10u32;
    for d in &digits[..10] {
        let sum = (u32::from(*d) + product) % 10;
        product = if sum == 0 { 10 } else { sum } * 2 % 11;
    }
    let check = (11 - product) % 10;
    let mut counts = [0u8; 10];
    digits[..10]
        .iter()
        .for_each(|d| counts[usize::from(*d)] += 1);
    let repeated = counts.iter().filter(|count| **count > 1).count();
    digits[0] != 0 && repeated == 1 && check == u32::from(digits[10])
}

pub(super) fn pesel(digits: &[u8]) -> bool {
    let weights = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3];
    let sum: u32 = digits
        .iter()
        .zip(weights)
        .map(|(d, w)| u32::from(*d) * w)
        .sum();
    (10 - sum % 10) % 10 == u32::from(digits[10])
}

pub(super) fn ean13(digits: &[u8]) -> bool {
    let weights = [1, 3].into_iter().cycle();
    let sum: u32 = digits
        .iter()
        .zip(weights)
        .map(|(d, w)| u32::from(*d) * w)
        .sum();
    sum.is_multiple_of(10)
}

/// Sex, year, month, department and two serials, with 97 minus the rest by 97 as the key.
pub(super) fn french_nir(digits: &[u8]) -> bool {
    let month = value(&digits[3..5]);
    matches!(digits[0], 1 | 2)
        && (matches!(month, 1..=12 | 20..=42 | 50..=99))
        && 97 - value(&digits[..13]) % 97 == value(&digits[13..])
}

/// ISO 13616: the first four signs behind the others, letters as 10 to 35, the rest by 97 is 1.
pub(super) fn is_iban(text: &str) -> bool {
    let signs: Vec<u8> = text.bytes().filter(|b| *b != b' ').collect();
    if !(15..=34).contains(&signs.len()) {
        return false;
    }
    let moved = signs[4..].iter().chain(&signs[..4]);
    let rest = moved.fold(0u32, |rest, b| match b {
        b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
        _ => (rest * 100 + u32::from(b - b'A') + 10) % 97,
    });
    rest == 1
}

/// The letters that HM Revenue & Customs gives out.
pub(super) fn is_nino(text: &str) -> bool {
    let bytes = text.as_bytes();
    let unused = ["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"];
    !b"DFIQUV".contains(&bytes[0])
        && !b"DFIQUVO".contains(&bytes[1])
        && !unused.contains(&&text[..2])
        && (b'A'..=b'D').contains(&bytes[8])
}

/// Digits and the letter that their rest by 23 gives.
pub(super) fn is_dni(text: &str, add: u64) -> bool {
    let letters = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let (digits, letter) = text.split_at(text.len() - 1);
    let number: Option<u64> = digits.parse().ok();
    number.is_some_and(|n| {
        let at = usize::try_from((n + add) % 23).unwrap_or(0);
        letters[at] == letter.as_bytes()[0]
    })
}

pub(super) fn value(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |sum, d| sum * 10 + u64::from(*d))
}
