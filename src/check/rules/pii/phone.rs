//! Phone numbers.

use super::numbers::{Context, form};

/// Words before a phone number.
const PHONE: [&str; 14] = [
    "tel",
    "phone",
    "mobile",
    "call ",
    "ring ",
    "fax",
    "whatsapp",
    "handy",
    "mobil",
    "portable",
    "móvil",
    "sms",
    "cell",
    "number is",
];

/// Phone numbers: international, the common national forms, and whatever a word announces.
pub(super) fn phone(raw: &str, digits: &[u8], context: &Context) -> Option<&'static str> {
    let count = digits.len();
    let decimal = raw.starts_with("0.")
        || raw.matches('.').count() == 1 && raw.matches([' ', '-', '/', '(']).count() == 0;
    if count > 15 || decimal || is_fiction(digits) {
        return None;
    }
    let form = form(raw);
    let separated = raw.contains([' ', '-', '/', '(', '.']);
    let north_american = [
        "(999) 999-9999",
        "999-999-9999",
        "999.999.9999",
        "(999)999-9999",
        "1-999-999-9999",
    ]
    .contains(&form.as_str())
        && {
            let own = &digits[count - 10..];
            own[0] > 1 && own[3] > 1
        };
    let international = raw.starts_with('+') && count >= 8 && digits[0] != 0;
    let announced = context.has(&PHONE) && (7..=13).contains(&count) && !raw.contains('.');
    let national = digits[0] == 0
        && digits.get(1).is_some_and(|d| *d != 0)
        && (9..=12).contains(&count)
        && (separated && groups(raw) || mobile(digits));
    let exit_code = raw.starts_with("00") && count >= 11 && separated && digits[2] != 0;
    (north_american || international || announced || national || exit_code)
        .then_some("a phone number")
}

/// Whether the first group is a dialling code and none is a single digit, as in a list of numbers.
fn groups(raw: &str) -> bool {
    let groups: Vec<usize> = raw
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .filter(|length| *length > 0)
        .collect();
    groups.len() >= 2 && groups[0] >= 2 && groups.iter().all(|length| *length >= 2)
}

/// Mobile numbers without a blank: UK 07, France 06 and 07, Germany 015 to 017.
fn mobile(digits: &[u8]) -> bool {
    match (digits.len(), digits[1]) {
        (11, 7) | (10, 6 | 7) => true,
        (11 | 12, 1) => matches!(digits[2], 5..=7),
        _ => false,
    }
}

/// Numbers that nobody has: Ofcom's for drama, and 555-01xx of North America.
fn is_fiction(digits: &[u8]) -> bool {
    let national: Vec<u8> = match digits {
        [4, 4, rest @ ..] => std::iter::once(0)
            .chain(rest.iter().copied().skip_while(|d| *d == 0))
            .collect(),
        [0, 0, 4, 4, rest @ ..] => std::iter::once(0).chain(rest.iter().copied()).collect(),
        other => other.to_vec(),
    };
    let drama: [&[u8]; 5] = [
        &[0, 7, 7, 0, 0, 9, 0, 0],
        &[0, 1, 6, 3, 2, 9, 6, 0],
        &[0, 2, 0, 7, 9, 4, 6, 0],
        &[0, 1, 1, 3, 4, 9, 6, 0],
        &[0, 1, 1, 7, 4, 9, 6, 0],
    ];
    drama.iter().any(|start| national.starts_with(start))
        || digits.len() >= 10 && digits[digits.len() - 7..].starts_with(&[5, 5, 5, 0, 1])
}
