use super::scan;

fn found(text: &str) -> Vec<(&str, &'static str)> {
    scan(text)
        .into_iter()
        .map(|hit| (&text[hit.span], hit.what))
        .collect()
}

#[test]
fn what_belongs_to_a_person_is_found_where_it_stands() {
    let id = "the number of an identity document";
    for (text, part, what) in [
        (
            "write to ann.lee+x@corp.co.uk.",
            "ann.lee+x@corp.co.uk",
            "an e-mail address",
        ),
        ("<mailto:bob@corp.de>", "bob@corp.de", "an e-mail address"),
        ("ring 0161 715 3321 now", "0161 715 3321", "a phone number"),
        (
            "+49 (0)30 901820-12",
            "+49 (0)30 901820-12",
            "a phone number",
        ),
        ("(212) 736-5000", "(212) 736-5000", "a phone number"),
        ("212-736-5000", "212-736-5000", "a phone number"),
        ("06 12 34 56 78", "06 12 34 56 78", "a phone number"),
        ("07911123456", "07911123456", "a phone number"),
        ("0043 1 58858-0", "0043 1 58858-0", "a phone number"),
        ("phone: 7153321", "7153321", "a phone number"),
        (
            "4111 1111 1111 1111",
            "4111 1111 1111 1111",
            "a card number",
        ),
        ("378282246310005", "378282246310005", "a card number"),
        (
            "GB29 NWBK 6016 1331 9268 19",
            "GB29 NWBK 6016 1331 9268 19",
            "an account number (IBAN)",
        ),
        (
            "iban: DE89370400440532013000",
            "DE89370400440532013000",
            "an account number (IBAN)",
        ),
        ("SSN 536-22-1234", "536-22-1234", id),
        ("AB123456C", "AB123456C", id),
        ("her number AB 12 34 56 C", "AB 12 34 56 C", id),
        ("BSN 111222333", "111222333", id),
        ("Steuer-ID 86095742719", "86095742719", id),
        ("2 55 08 14 168 025 38", "2 55 08 14 168 025 38", id),
        ("DNI 12345678Z", "12345678Z", id),
        ("NIE X1234567L", "X1234567L", id),
        ("RSSMRA85T10A562S", "RSSMRA85T10A562S", id),
        ("811228-9874", "811228-9874", id),
        ("756.9217.0769.85", "756.9217.0769.85", id),
        ("85.07.30-033.28", "85.07.30-033.28", id),
        ("date_of_birth: 1985-03-14", "1985-03-14", "a date of birth"),
        ("geboren am 14.03.1985", "14.03.1985", "a date of birth"),
        ("born on 14 March 1985", "1985", "a date of birth"),
        ("born March 14, 1985 in Leeds", "1985", "a date of birth"),
    ] {
        assert_eq!(found(text), [(part, what)], "{text}");
    }
}

#[test]
fn what_only_looks_like_it_is_left_alone() {
    for text in [
        "last_reviewed: 2026-09-14",
        "from 2025-10-01 to 2026-09-30, 6,912 accounts",
        "collected: { from: 2026-01-01, to: 2026-09-30 }",
        "born in 1985, and 2026-09-14 it was",
        "£1,849.60 and 58,400 in 2025/26",
        "0.8123456789 of 1.58",
        "version 10.4.2.1 and 2026.11.24",
        "study-00077, persona-00436, 00012345678",
        "order 1234567890123",
        "4111 1111 1111 1112",
        "GB28 NWBK 6016 1331 9268 19",
        "AB123456Z and QQ123456C",
        "12345678A",
        "000-12-3456 and 987-65-4321",
        "111222334",
        "https://example.com/tickets/0161715332199?from=ann@corp.de",
        "[figures](https://x.test/4111111111111111)",
        "support@corp.de, ann@example.com, @mention, a@b",
        "07700 900123, +44 20 7946 0018 and 212-555-0142",
        "IS0 9001:2015, ISBN 978-3-16-148410-0",
        "51.501009, -0.141588",
        "8:00 10:00 12:00 14:00",
        "2024-11,*,33.5,403,201,136,66",
        "#1234567 and 15 000 000 EUR",
        "12 March 2026",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}
