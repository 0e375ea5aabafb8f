//! What the one pass reads must be what the parser reads: the same nodes at the same places, and
//! nothing wrong. Texts of the sample, small texts of every form, and mutations of both.

use std::path::Path;

use proptest::prelude::*;

use super::super::builder::parse_any;
use super::*;
use crate::fuzzing::mutation::{Dice, rounds};
use crate::scaffold;
use crate::suites::yaml_cases;

/// Texts that the one pass must read itself, each with something of its own.
const READ: &[&str] = &[
    "a: b\n",
    "a: b",
    "a:   b  \nc: d\n\n\n",
    "# first\n\na: b # why\n  # between\nc: d\n# last\n",
    "a: \"b: c # d\"\ne: 'f \"g\" h'\n",
    "a: é ü — 名前\n",
    "a:\n  b: c\n  d:\n    e: f\ng: h\n",
    "a:\n  b: c\n  # deep\n\nd: e\n",
    "a:\n- b\n- c d\ne: f\n",
    "a:\n  - b: c\n    d: e\n  - f: g\n\n# end\n",
    "a:\n  -   b: c\n      d: e\n",
    "a:\n  -\n    b: c\n  - # x\n    d: e\n",
    "a: []\nb: {}\nc: [ ]\n",
    "a: [b, \"c d\", 'e', -1, persona:x#y, [f, {g: h}]]\nb: {c: d, e: [f], g-h: -2}\n",
    "a: [b]   # c\nd: 8:00-9:00\ne: http://x.y/z?q=1#r\n",
    "a: -2\nb: +2\nc: .5\nd: ~5\ne: /x.png\nf: (g) [h] {i}, j\n",
    "a: 2026-09-14\nb: no\nc: 017\nd: 1.10\ne: null\n",
    "a: it's \"fine\" & *so* !is @this `here`\n",
    "a:\n    b:\n      - c\n      - d:\n          e: f\n        g: [h]\ni: j\n",
];

/// Texts that are left to the parser, or are wrong.
const LEFT: &[&str] = &[
    "",
    "# nothing\n",
    "- a\n",
    "  a: b\n",
    "a:\n",
    "a: b\n  c\n",
    "a: b\n c: d\n",
    "a: |\n  b\n",
    "a: >-\n  b\n",
    "a: &x b\nc: *x\n",
    "a: !!str b\n",
    "a: \"b\\n\"\n",
    "a: 'it''s'\n",
    "a: [b,\n  c]\n",
    "a: [b, , c]\n",
    "a: [b, ]\n",
    "a: [b: c]\n",
    "a: {b, c}\n",
    "a: b: c\n",
    "a: b:\n",
    "a: \"b\" c\n",
    "a: \"b\"# c\n",
    "a: 1\na: 2\n",
    "a: {b: 1, b: 2}\n",
    "a:\tb\n",
    "a: b\r\nc: d\r\n",
    "a: b\u{85}c: d\n",
    "a: \u{feff}b\n",
    "? a\n: b\n",
    "a: b\n---\nc: d\n",
    "a: b\n...\n",
    "a:\n  - b\n  c: d\n",
    "a:\n- b\n c: d\n",
    "a: - b\n",
    "a:\n  - - b\n",
    "\"a\": b\n",
    "a:\n  -\n    b\n",
    "a: @b\n",
    "a: `b`\n",
    "a: %b\n",
    "a: \"\"\n",
    "a: ,b\n",
];

/// Compares the two on one text; whether the one pass has read it.
fn agree(text: &str) -> bool {
    let Some(read) = read(text, 0..text.len()) else {
        return false;
    };
    let (whole, problems) = parse_any(text, 0..text.len());
    assert_eq!(problems, [], "in {text:?}");
    assert_eq!(Some(read), whole, "in {text:?}");
    true
}

#[test]
fn every_form_that_people_write_is_read_in_one_pass() {
    for text in READ {
        assert!(agree(text), "{text:?}");
    }
}

#[test]
fn everything_else_is_left_to_the_parser() {
    for text in LEFT {
        assert!(read(text, 0..text.len()).is_none(), "{text:?}");
    }
}

#[test]
fn deep_nesting_is_left_to_the_parser() {
    let mut text = String::new();
    for depth in 0..40 {
        text.push_str(&" ".repeat(depth));
        text.push_str("a:\n");
    }
    assert!(read(&text, 0..text.len()).is_none());
    let flow = format!("a: {}{}\n", "[".repeat(60), "]".repeat(60));
    assert!(read(&flow, 0..flow.len()).is_none());
}

/// The front matter of every file of the sample library.
fn sample() -> Vec<String> {
    fronts(Path::new(env!("CARGO_MANIFEST_DIR")))
}

/// The front matter of every file of a project.
fn fronts(project: &Path) -> Vec<String> {
    let content = project.join("content");
    let files = walkdir::WalkDir::new(content).into_iter().flatten();
    let texts = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
    texts.filter_map(|text| front(&text)).collect()
}

fn front(text: &str) -> Option<String> {
    let rest = text.strip_prefix("---\n")?;
    Some(rest[..=rest.find("\n---")?].to_owned())
}

#[test]
fn the_sample_is_read_in_one_pass_but_for_folded_texts() {
    let sample = sample();
    assert!(sample.len() > 50);
    let read = sample.iter().filter(|text| agree(text)).count();
    let folded = sample
        .iter()
        .filter(|text| text.contains(": >") || text.contains(": |"))
        .count();
    assert!(
        read + folded >= sample.len() * 9 / 10,
        "{read} of {}",
        sample.len()
    );
}

/// A change to a text, as a slip of the hand makes it.
fn mutate(text: &str, cuts: &[(usize, usize, usize)]) -> String {
    const INSERTS: &[&str] = &[
        " ", "  ", "\n", "\n\n", ":", ": ", "- ", "-", "#", " #", "\"", "'", "[", "]", "{", "}",
        ",", ", ", "&a ", "*a", "!t ", "|", ">", "\\", "\t", "a", "é", "a: b\n", "  - c\n",
        "# d\n", "---\n", "~", "? ", "\r\n", "\u{2028}", "\u{a0}", "%", "@", "null", "''", "\"\"",
    ];
    let mut text = text.to_owned();
    for (at, length, insert) in cuts {
        let boundary = |at: usize| (at..=text.len()).find(|&i| text.is_char_boundary(i));
        let start = boundary(at % (text.len() + 1)).unwrap_or(text.len());
        let end = boundary((start + length).min(text.len())).unwrap_or(text.len());
        text.replace_range(start..end, INSERTS[insert % INSERTS.len()]);
    }
    text
}

/// Compares the two on texts and on mutations of them, the same ones in every run: so many of each
/// text, or as many as `PERSONARY_MUTATIONS` says. How many texts were read in one pass.
fn agree_on_mutations(texts: &[String], usual: usize) -> usize {
    let mut dice = Dice::new(1);
    let mut read = 0;
    for text in texts {
        read += usize::from(agree(text));
        for _ in 0..rounds(usual) {
            let mut cut = || (dice.below(100_000), dice.below(12), dice.below(1000));
            let cuts = [cut(), cut(), cut()];
            let some = dice.below(cuts.len()) + 1;
            agree(&mutate(text, &cuts[..some]));
        }
    }
    read
}

#[test]
#[ignore = "reads the Node modules"]
fn the_yaml_suite_and_mutations_of_it_are_read_alike() {
    let texts: Vec<String> = yaml_cases().into_iter().map(|case| case.yaml).collect();
    let read = agree_on_mutations(&texts, 5_000);
    // Most of the suite is about what people do not write.
    assert!(read > 10, "{read} of {}", texts.len());
}

#[test]
fn a_large_library_and_mutations_of_it_are_read_alike() {
    let files = scaffold::generated(300, jiff::civil::date(2026, 11, 24));
    let texts: Vec<String> = files.filter_map(|file| front(&file.text)).collect();
    assert!(texts.len() > 400, "{}", texts.len());
    let read = agree_on_mutations(&texts, 100);
    assert!(read > texts.len() * 9 / 10, "{read} of {}", texts.len());
}

/// What others have written, whose habits nobody here thinks of: the variable `PERSONARY_CORPUS`
/// names the folder that their `content/` stands in, and `PERSONARY_MUTATIONS` may ask for more
/// mutations. `PERSONARY_CORPUS=~/personas cargo test --lib a_corpus -- --ignored --nocapture`
#[test]
#[ignore = "reads the project in PERSONARY_CORPUS"]
fn a_corpus_and_mutations_of_it_are_read_alike() {
    let project = std::env::var_os("PERSONARY_CORPUS").expect("PERSONARY_CORPUS names a project");
    let texts = fronts(Path::new(&project));
    let read = agree_on_mutations(&texts, 100);
    println!("{read} of {} in one pass", texts.len());
    assert!(read > texts.len() / 2, "{read} of {}", texts.len());
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn mutations_of_short_texts_are_read_alike(
        which in 0..READ.len() + LEFT.len(),
        cuts in prop::collection::vec((0usize..80, 0usize..3, 0usize..1000), 1..4),
    ) {
        let text = READ.iter().chain(LEFT).nth(which).copied().unwrap_or_default();
        agree(&mutate(text, &cuts));
    }

    #[test]
    fn mutations_of_the_sample_are_read_alike(
        which in 0usize..1000,
        cuts in prop::collection::vec((0usize..100_000, 0usize..12, 0usize..1000), 1..3),
    ) {
        thread_local!(static SAMPLE: Vec<String> = sample());
        SAMPLE.with(|sample| agree(&mutate(&sample[which % sample.len()], &cuts)));
    }

    #[test]
    fn lines_put_together_at_random_are_read_alike(
        lines in prop::collection::vec((0usize..4, 0usize..12), 1..10),
    ) {
        const LINES: &[&str] = &[
            "a: b", "b:", "c: [d, e]", "- f", "- g: h", "i: \"j\"", "# k", "", "-", "l: {m: n}", "o p", "q: r # s",
        ];
        let mut text = String::new();
        for (indent, line) in lines {
            text.push_str(&"  ".repeat(indent));
            text.push_str(LINES[line]);
            text.push('\n');
        }
        agree(&text);
    }
}
