use std::time::{Duration, Instant};

use super::super::Position;
use super::*;

const PLAIN: Look = Look {
    colour: false,
    unicode: false,
};
const BOXES: Look = Look {
    colour: false,
    unicode: true,
};

fn written(findings: &[Diagnostic], files: usize, look: Look) -> String {
    let mut out = Vec::new();
    write(&mut out, findings, files, look).expect("writing to memory");
    let text = String::from_utf8(out).expect("text");
    // White space at line ends is invisible and does not survive every editor.
    text.lines()
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect()
}

/// A finding in `text`, which begins at line 10; `«»` mark the culprit.
fn finding(text: &str) -> Diagnostic {
    let start = text.find('«').expect("a start");
    let end = text.find('»').expect("an end") - '«'.len_utf8();
    let text = text.replace(['«', '»'], "");
    let line = |at: usize| u32::try_from(text[..at].matches('\n').count()).expect("small");
    let column = |at: usize| {
        let from = text[..at].rfind('\n').map_or(0, |i| i + 1);
        u32::try_from(text[from..at].chars().count()).expect("small")
    };
    let position = |at| Position {
        line: 10 + line(at),
        column: 1 + column(at),
    };
    let place = Place {
        start: position(start),
        end: position(end),
        excerpt: Excerpt {
            first_line: 10,
            span: start..end,
            text: text.clone(),
        },
    };
    Diagnostic::new(
        "unknown-ref",
        Severity::Error,
        "content/a.md",
        "there is no team `x`",
    )
    .at(place)
}

#[test]
fn underlined_with_label_and_help() {
    let mut warning = finding("owner: «team-a»").label("no such team");
    warning.severity = Severity::Warn;
    let findings = [
        finding("one: 1\ntwo: 2\nname: A\nowner: «team-x»\nstatus: active\nlast: 1\nmore: 2")
            .label("no such team")
            .help("did you mean `team-y`?\nor `team-z`?"),
        warning,
    ];
    insta::assert_snapshot!(written(&findings, 31, PLAIN), @"
    error[unknown-ref]: there is no team `x`
      --> content/a.md:13:8
       |
    11 | two: 2
    12 | name: A
    13 | owner: team-x
       |        ^^^^^^ no such team
    14 | status: active
    15 | last: 1
       |
       = help: did you mean `team-y`?
               or `team-z`?

    warning[unknown-ref]: there is no team `x`
      --> content/a.md:10:8
       |
    10 | owner: team-a
       |        ^^^^^^ no such team

    1 error, 1 warning in 1 of 31 files
    ");
}

#[test]
fn boxes() {
    let finding = finding("name: A\nowner: «team-x»").label("here").help("h");
    insta::assert_snapshot!(written(&[finding], 1, BOXES), @"
    error[unknown-ref]: there is no team `x`
       ╭▸ content/a.md:11:8
       │
    10 │ name: A
    11 │ owner: team-x
       │        ━━━━━━ here
       │
       ╰ help: h

    1 error in 1 of 1 file
    ");
}

#[test]
fn several_lines() {
    let findings = [
        finding("a: 1\nquote: «|\n  one\n  two\n»b: 2").label("too long"),
        finding(&format!("a: 1\nquote: «|{}»\nb: 2", "\n  line".repeat(40))).label("too long"),
    ];
    insta::assert_snapshot!(written(&findings, 31, PLAIN), @"
    error[unknown-ref]: there is no team `x`
      --> content/a.md:11:8
       |
    10 |   a: 1
    11 |   quote: |
       |  ________^
    12 | |   one
    13 | |   two
       | |_____^ too long
    14 |   b: 2
       |

    error[unknown-ref]: there is no team `x`
      --> content/a.md:11:8
       |
    11 |   quote: |
       |  ________^
    12 | |   line
    13 | |   line
    14 | |   line
    ...  |
    50 | |   line
    51 | |   line
       | |______^ too long

    2 errors in 1 of 31 files
    ");
}

#[test]
fn nothing_at_the_end_of_a_line() {
    let findings = [
        finding("name:«»\nb: 2").label("a value is missing"),
        finding("name: A\n«»").label("the file ends here"),
        finding("name:«\n»b: 2").label("a value is missing"),
    ];
    insta::assert_snapshot!(written(&findings, 31, PLAIN), @"
    error[unknown-ref]: there is no team `x`
      --> content/a.md:10:6
       |
    10 | name:
       |      ^ a value is missing
    11 | b: 2
       |

    error[unknown-ref]: there is no team `x`
      --> content/a.md:11:1
       |
    10 | name: A
    11 |
       | ^ the file ends here

    error[unknown-ref]: there is no team `x`
      --> content/a.md:10:6
       |
    10 | name:
       |      ^ a value is missing
    11 | b: 2
       |

    3 errors in 1 of 31 files
    ");
}

#[test]
fn wide_characters_and_tabs() {
    let findings = [
        finding("\t名前: «価格に敏感»な人").label("too long"),
        finding("👩‍🌾 é: «é»").label("here"),
    ];
    insta::assert_snapshot!(written(&findings, 31, PLAIN), @"
    error[unknown-ref]: there is no team `x`
      --> content/a.md:10:6
       |
    10 |     名前: 価格に敏感な人
       |           ^^^^^^^^^^ too long

    error[unknown-ref]: there is no team `x`
      --> content/a.md:10:8
       |
    10 | 👩🌾 é: é
       |         ^ here

    2 errors in 1 of 31 files
    ");
}

#[test]
fn without_place_or_excerpt() {
    let mut place = finding("«x»").place.expect("a place");
    place.excerpt = Excerpt::default();
    let findings = [
        Diagnostic::new("stale", Severity::Info, "content/b.md", "old").help("review it"),
        Diagnostic::new("not-text", Severity::Error, "content/c.md", "not UTF-8")
            .at(place)
            .label("the first such byte"),
    ];
    insta::assert_snapshot!(written(&findings, 1, PLAIN), @"
    info[stale]: old
    --> content/b.md
     = help: review it

    error[not-text]: not UTF-8
    --> content/c.md:10:1
     = note: the first such byte

    1 error, 1 info in 2 of 2 files
    ");
}

#[test]
fn nothing_found() {
    insta::assert_snapshot!(written(&[], 31, PLAIN), @"31 files checked, no findings");
}

#[test]
fn nothing_steers_the_terminal() {
    let mut finding = finding("a\u{1b}[31m: «\u{9b}2J\u{202e}b»\u{7f}c\r\nnext\u{7}")
        .label("\u{1b}c")
        .help("\u{1b}[2J");
    finding.message = "x\u{1b}]0;title\u{7}\r\ny".to_owned();
    finding.path = "a\u{1b}\n.md".into();
    let text = written(&[finding], 1, PLAIN);
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'));
    insta::assert_snapshot!(text, @"
    error[unknown-ref]: x␛]0;title␇␍
                        y
      --> a␛␊.md:10:9
       |
    10 | a␛[31m: �2J�b␡c
       |         ^^^^^ ␛c
    11 | next␇
       |
       = help: ␛[2J

    1 error in 1 of 1 file
    ");
}

#[test]
fn colour() {
    let look = Look {
        colour: true,
        unicode: false,
    };
    let text = written(&[finding("a: «\u{1b}[0mb»")], 1, look);
    insta::assert_snapshot!(text.replace('\u{1b}', "ESC"), @"
    ESC[1mESC[91merror[unknown-ref]ESC[0mESC[1m: there is no team `x`ESC[0m
      ESC[1mESC[94m--> ESC[0mcontent/a.md:10:4
       ESC[1mESC[94m|ESC[0m
    ESC[1mESC[94m10ESC[0m ESC[1mESC[94m|ESC[0m a: ␛[0mb
       ESC[1mESC[94m|ESC[0m    ESC[1mESC[91m^^^^^ESC[0m

    1 error in 1 of 1 file
    ");
}

/// The columns of what the drawing adds and the tests use.
fn exact_width(c: char) -> usize {
    1 + usize::from(('一'..='龥').contains(&c))
}

#[test]
fn long_lines_are_cut_around_the_culprit() {
    let long = "lorem ipsum ".repeat(10_000);
    let wide = "価格".repeat(10_000);
    let findings = [
        finding(&format!("{long}\n{long}«culprit»{long}\n{long}"))
            .label("a label of up to forty-four columns in all"),
        finding(&format!("{long}«{long}»{long}")).label("all of this"),
        finding(&format!("{wide}«{wide}\n{wide}»{wide}")).label("these two"),
        finding(&format!("{long}«end»")).label("a label that is long ".repeat(5)),
    ];
    for look in [PLAIN, BOXES] {
        let text = written(&findings, 1, look);
        for line in text.lines() {
            let columns: usize = line.chars().map(exact_width).sum();
            assert!(columns <= 160, "{columns}: {line}");
        }
    }
    insta::assert_snapshot!(written(&findings, 1, PLAIN), @"
    error[unknown-ref]: there is no team `x`
      --> content/a.md:11:120001
       |
    10 | lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum ...
    11 | ...lorem ipsum lorem ipsum lorem ipsum lorem ipsum culpritlorem ipsum lorem ipsum lorem ipsum lorem...
       |                                                    ^^^^^^^ a label of up to forty-four columns in all
    12 | lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum ...
       |

    error[unknown-ref]: there is no team `x`
      --> content/a.md:10:120001
       |
    10 | ...lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum ...
       |                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ all of this

    error[unknown-ref]: there is no team `x`
      --> content/a.md:10:20001
       |
    10 |   ...価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格...
       |  ____________________________________________________^
    11 | | ...価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格価格...
       | |___________________________________________________^ these two

    error[unknown-ref]: there is no team `x`
      --> content/a.md:10:120001
       |
    10 | ...em ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum end
       |                                                                                                 ^^^
       |
       = note: a label that is long a label that is long a label that is long a label that is long a label that is long

    4 errors in 1 of 1 file
    ");
}

#[test]
fn a_wrong_span_is_drawn_somewhere() {
    let mut place = finding("名前: «A»").place.expect("a place");
    for (start, end) in [(1, 2), (2, 1), (5, 500), (400, 500), (0, 0)] {
        place.excerpt.span = start..end;
        let view = View::cut(&place.excerpt, "...").expect("a view");
        assert!(view.text.get(view.span).is_some());
    }
}

#[test]
fn ten_thousand_findings() {
    let one = finding("a: 1\nb: 2\nowner: «team-x»\nc: 3\nd: 4").help("write `y`");
    let started = Instant::now();
    written(&vec![one; 10_000], 1, PLAIN);
    let took = started.elapsed();
    // About 0.1 s in a release build; quadratic work would take minutes.
    assert!(took < Duration::from_secs(20), "{took:?}");
}
