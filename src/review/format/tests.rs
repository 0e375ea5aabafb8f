use std::fmt::Write as _;

use super::samples::{review, written, written_with};
use super::*;
use crate::review::CODES;

const DOCUMENT: &str = "docs/review.md";

#[test]
fn formats_have_names_of_their_own() {
    for &format in Format::ALL {
        assert_eq!(Format::parse(format.name()), Some(format));
        assert!(!written(format, &review()).is_empty(), "{format:?}");
    }
    assert_eq!(Format::parse("Text"), None);
}

#[test]
fn verdicts() {
    let verdicts: Vec<String> = [
        (2, 5, 9, 3),
        (1, 0, 0, 1),
        (0, 1, 0, 0),
        (0, 5, 1, 0),
        (0, 0, 1, 0),
        (0, 0, 0, 2),
        (0, 0, 0, 0),
    ]
    .into_iter()
    .map(|(breaking, look, info, findings)| {
        let sample = review();
        let some = |level, number| {
            let change = sample.changes.iter().find(|c| c.level == level);
            std::iter::repeat_n(change.expect("one").clone(), number)
        };
        let mut review = Review {
            introduced: vec![sample.introduced[0].clone(); findings],
            ..Review::default()
        };
        review.changes.extend(some(Level::Breaking, breaking));
        review.changes.extend(some(Level::Review, look));
        review.changes.extend(some(Level::Info, info));
        phrases::verdict(&review)
    })
    .collect();
    insta::assert_snapshot!(verdicts.join("\n"), @"
    2 breaking changes; 5 to look at; 3 findings are new
    1 breaking change; 1 finding is new
    1 change to look at
    5 changes to look at
    1 change worth knowing, none to look at
    No changes in meaning; 2 findings are new
    No changes in meaning
    ");
}

#[test]
fn owners_are_a_line_each() {
    insta::assert_snapshot!(written(Format::Owners, &review()).replace('\t', " | "), @"
    cx | CX research | #cx-research | 1 | 1 | 0
    sales | Fleet sales | sales@sumpter.example | 1 | 1 | 0
    ");
    let report = written(Format::Owners, &samples::saying("a\tb\nc"));
    assert!(report.lines().all(|line| line.matches('\t').count() == 5));
    assert_eq!(report.lines().count(), 1);
    assert_eq!(written(Format::Owners, &samples::nothing()), "");
}

#[test]
fn what_codeowners_asks_stands_beside_who_should_look() {
    let review = samples::requested();
    let says = |format: Format, texts: &[&str]| {
        let report = written(format, &review);
        for text in texts {
            assert!(report.contains(text), "{format:?}: no {text} in {report}");
        }
        let plain = written(format, &samples::review());
        assert!(!plain.contains("CODEOWNERS"), "{plain}");
    };
    says(
        Format::Text,
        &[
            "and 1 more; CODEOWNERS does not ask it about all it owns",
            "KPI NPS; CODEOWNERS does not ask it about all it owns",
            "GAPS IN CODEOWNERS\n\n  content/pages/about.md: nobody is asked to review it by .github/CODEOWNERS\n  \
             .github/CODEOWNERS:3: `everybody` is neither an account nor an address\n",
        ],
    );
    says(
        Format::Markdown,
        &[
            "| What of theirs | Asked by CODEOWNERS |\n",
            "| no, not about all it owns |\n",
            "#### Gaps in CODEOWNERS\n",
            "| <code>content/pages/about.md</code> | nobody is asked",
        ],
    );
    says(
        Format::Html,
        &[
            "<th scope=\"col\">Asked by CODEOWNERS</th>",
            "<td>no, not about all it owns</td></tr>",
            "<th scope=\"row\"><code>content/pages/about.md</code></th>",
        ],
    );
    says(Format::Owners, &["\tno\n"]);
}

#[test]
fn only_addresses_of_the_web_become_links() {
    assert_eq!(
        link(" https://ci.example/a b(c)?d=é&e=%20#f "),
        Some("https://ci.example/a%20b%28c%29?d=%C3%A9&e=%20#f".to_owned())
    );
    for none in ["javascript:alert(1)", "/report.html", "ftp://a", "", "é"] {
        assert_eq!(link(none), None, "{none}");
    }
    assert_eq!(link(&format!("https://{}", "a".repeat(3000))), None);
}

#[test]
fn a_side_that_was_read_in_part_is_said_before_the_verdict_and_never_no_changes() {
    let mut partial = samples::nothing();
    partial.partial = review().partial;
    let options = Options::default();
    for format in [Format::Text, Format::Markdown, Format::Html, Format::Junit] {
        for review in [&partial, &review()] {
            let report = written_with(format, review, &options);
            let at = |words: &str| report.find(words);
            let said = at("ompared in part only").expect("said");
            assert!(at(&phrases::verdict(review)).is_some_and(|verdict| said < verdict));
        }
    }
    for &format in Format::ALL {
        let report = written(format, &partial).to_lowercase();
        assert!(!report.contains("no change"), "{report}");
    }
}

/// The part of a document between its marks, as it is and as it should be.
fn between(text: &str, mark: &str, now: &str) -> String {
    let (open, close) = (format!("<!-- {mark} -->\n"), format!("<!-- /{mark} -->"));
    let (before, rest) = text.split_once(&open).expect("a begin");
    let (_, after) = rest.split_once(&close).expect("an end");
    format!("{before}{open}{now}{close}{after}")
}

#[test]
fn codes_and_formats_are_documented() {
    let mut codes = "| Code | Level | What it says |\n| --- | --- | --- |\n".to_owned();
    for code in CODES {
        let _ = writeln!(
            codes,
            "| `{}` | {} | {} |",
            code.name, code.level, code.about
        );
    }
    let mut formats = "| `--format` | For |\n| --- | --- |\n".to_owned();
    for format in Format::ALL {
        let _ = writeln!(formats, "| `{}` | {} |", format.name(), format.about());
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    let text = std::fs::read_to_string(&path).expect("the document");
    let now = between(&between(&text, "codes", &codes), "formats", &formats);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &now).expect("written");
        return;
    }
    assert!(
        now == text,
        "{DOCUMENT} is out of date: BLESS=1 cargo test --lib documented"
    );
}
