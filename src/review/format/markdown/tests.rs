use proptest::prelude::*;
use pulldown_cmark::{Event, Options as Extensions, Parser, Tag};

use super::super::Format;
use super::super::samples::{self, written, written_with};
use super::*;
use crate::diagnostic::concise::one_line;

const PREVIEW: &str = "https://preview.example/7/";
/// Writes what follows from right to left.
const OVERRIDE: char = '\u{202e}';
const REPORT: &str = "https://ci.example/report.html?job=7&full=1";

fn options() -> Options<'static> {
    Options {
        preview: Some(PREVIEW),
        report: Some(REPORT),
        folder: "docs/",
        ..Options::default()
    }
}

/// A comment as a reader of GitHub's Markdown takes it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Read {
    /// Blocks, tables, emphasis, links and HTML, in their order; the marks of words left out.
    structure: Vec<String>,
    /// Runs of text, as a host looks through them for mentions.
    texts: Vec<String>,
    /// How often the marks of words open, less how often they close.
    open: i32,
}

fn read(comment: &str) -> Read {
    let extensions = Extensions::ENABLE_TABLES
        | Extensions::ENABLE_FOOTNOTES
        | Extensions::ENABLE_STRIKETHROUGH
        | Extensions::ENABLE_TASKLISTS
        | Extensions::ENABLE_MATH
        | Extensions::ENABLE_GFM;
    let mut read = Read::default();
    let mut in_text = false;
    for event in Parser::new_ext(comment, extensions) {
        let was_in_text = std::mem::take(&mut in_text);
        let seen = match event {
            Event::Text(text) => {
                in_text = true;
                match read.texts.last_mut().filter(|_| was_in_text) {
                    Some(run) => run.push_str(&text),
                    None => read.texts.push(text.into_string()),
                }
                continue;
            }
            Event::InlineHtml(tag) => match &*tag {
                "<span>" | "<ins>" | "<del>" => {
                    read.open += 1;
                    continue;
                }
                "</span>" | "</ins>" | "</del>" => {
                    read.open -= 1;
                    continue;
                }
                tag => tag.to_owned(),
            },
            Event::Start(Tag::Link { dest_url, .. }) => {
                let ours = dest_url.starts_with(PREVIEW) || &*dest_url == REPORT;
                format!("link, ours: {ours}")
            }
            event => format!("{event:?}"),
        };
        read.structure.push(seen);
    }
    read
}

/// What a host would make of a run of text that is only to be shown.
fn references(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let at = |n: usize| chars.get(n).copied().unwrap_or(' ');
    let mut found = Vec::new();
    for n in 0..chars.len() {
        let next = at(n + 1);
        if "@#!~".contains(at(n)) && next.is_alphanumeric() {
            found.push(format!("{}{next}", at(n)));
        }
        if at(n).is_ascii_alphabetic() && next == '-' && at(n + 2).is_ascii_digit() {
            found.push("a ticket".to_owned());
        }
    }
    let small = text.to_lowercase();
    let forbidden = ["://", "www.", ":smile:", ":+1:"];
    found.extend(
        forbidden
            .iter()
            .filter(|f| small.contains(**f))
            .map(|f| (*f).to_owned()),
    );
    let commits = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| {
            let hex = word.bytes().all(|byte| byte.is_ascii_hexdigit());
            word.len() >= 7 && hex && word.bytes().any(|byte| byte.is_ascii_alphabetic())
        });
    found.extend(commits.map(str::to_owned));
    found
}

#[test]
fn a_comment_for_a_pull_request() {
    insta::assert_snapshot!(written_with(Format::Markdown, &samples::review(), &options()), @"
    <!-- personary diff docs/ -->

    **Compared in part only: 1 file does not validate, so some changes may be missing here.**

    ### 2 breaking changes; 3 to look at; 1 finding is new

    From <code>origin/main</code> to the working tree · Also 3 worth knowing, 1 mended finding · [Site with these changes](https://preview.example/7/) · [Full report](https://ci.example/report.html?job=7&amp;full=1)

    #### Could not be read

    | File | Why |
    | --- | --- |
    | <code>docs/content/kpis/churn.md</code>, before | the front matter is no YAML |

    #### Breaking

    | Whose | What changed | Before | After |
    | --- | --- | --- | --- |
    | [<b>Sarah Whitlock</b>](https://preview.example/7/personas/sarah/)<br>persona | Persona removed<br><sub><code>docs/content/personas/sarah.md:1</code>, before</sub> | – | – |
    | [<b>Ruth Adeyinka</b>](https://preview.example/7/personas/ruth-adeyinka/)<br>persona | Stance flipped<br><sub><code>docs/content/personas/ruth-adeyinka.md:4</code></sub> | target | negative |

    #### To look at

    | Whose | What changed | Before | After |
    | --- | --- | --- | --- |
    | [<b>Ruth Adeyinka</b>](https://preview.example/7/personas/ruth-adeyinka/)<br>persona | Goal reworded<br><sub><code>docs/content/personas/ruth-adeyinka.md:21</code></sub> | Go live within <del>60</del> days of the first <del>call</del>. | Go live within <ins>30</ins> days of the first <ins>order</ins>. |
    | [<b>Ruth Adeyinka</b>](https://preview.example/7/personas/ruth-adeyinka/)<br>persona | Goal “On time” lost its evidence<br><sub><code>docs/content/personas/ruth-adeyinka.md:24</code></sub> | Onboarding interviews 2026 | – |
    | [<b>NPS</b>](https://preview.example/7/kpis/nps/)<br>KPI | Target loosened<br><sub><code>docs/content/kpis/nps.md:9</code></sub> | <del>50</del> by 2026-12-31 | <ins>40</ins> by 2026-12-31 |

    #### Whom it reaches

    | Whom | Where | Because of |
    | --- | --- | --- |
    | [<b>Winter riders</b>](https://preview.example/7/journeys/winter-riders/)<br>journey | Decide | Sarah Whitlock: Persona removed<br>Ruth Adeyinka: Goal reworded |
    | [<b>NPS</b>](https://preview.example/7/kpis/nps/)<br>KPI | through Winter riders | Sarah Whitlock: Persona removed<br>Ruth Adeyinka: Goal reworded |

    #### Who should look at it

    | Team | Contact | Changes | What of theirs |
    | --- | --- | --- | --- |
    | [<b>CX research</b>](https://preview.example/7/teams/cx/) | #&#8203;cx-research | 1 breaking, 1 to look at | persona Sarah Whitlock, journey Winter riders |
    | [<b>Fleet sales</b>](https://preview.example/7/teams/sales/) | sales@&#8203;sumpter.example | 1 breaking, 1 to look at | KPI NPS |

    #### New findings

    | Where | What is wrong |
    | --- | --- |
    | <code>docs/content/journeys/winter-riders.md:12</code> | error: there is no persona &#96;sarah&#96;<br>did you mean &#96;sara&#96;? (unknown-ref) |

    <details>
    <summary>Worth knowing: 3 changes</summary>

    | Whose | What changed | Before | After |
    | --- | --- | --- | --- |
    | [<b>Dez Fowler</b>](https://preview.example/7/personas/dez/)<br>persona | Persona added<br><sub><code>docs/content/personas/dez.md:1</code></sub> | – | – |
    | [<b>NPS</b>](https://preview.example/7/kpis/nps/)<br>KPI | 2 measurements added<br><sub><code>docs/content/kpis/nps.csv:8</code></sub> | – | 2026-Q3: 41 |
    | [<b>About &#124; us</b>](https://preview.example/7/pages/about/)<br>page | Text changed<br><sub><code>docs/content/pages/about.md</code></sub> | One paragraph. <del>Two</del>. | One paragraph. <ins>Three</ins>. |

    </details>

    <details>
    <summary>Mended: 1 finding</summary>

    | Where | What is wrong |
    | --- | --- |
    | <code>docs/content/personas/ruth-adeyinka.md</code> | warn: the newest evidence is of 2024-05 (stale-evidence) |

    </details>
    ");
}

#[test]
fn nothing_is_a_comment_too() {
    insta::assert_snapshot!(written(Format::Markdown, &samples::nothing()), @"
    <!-- personary diff -->

    ### No changes in meaning

    From <code>v1.0</code> to <code>HEAD</code>
    ");
}

#[test]
fn the_marker_tells_projects_apart_and_nothing_ends_it() {
    let first = |folder| {
        let options = Options {
            folder,
            ..Options::default()
        };
        let report = written_with(Format::Markdown, &samples::nothing(), &options);
        report.lines().next().expect("a line").to_owned()
    };
    assert_eq!(first(""), "<!-- personary diff -->");
    assert_eq!(first("docs/a_b.c/"), "<!-- personary diff docs/a_b.c/ -->");
    assert_eq!(first("--> é <b>/"), "<!-- personary diff b/ -->");
}

const PIECES: [&str; 66] = [
    "`",
    "```",
    "|",
    "\n",
    "\n\n",
    "<",
    "</details>",
    "<details>",
    "<!--",
    "-->",
    "<script>",
    "*",
    "**",
    "_",
    "~~",
    "[x](javascript:a)",
    "![",
    "](",
    "[^1]",
    "@team",
    "@",
    "#12",
    "#",
    "GH-12",
    "http://a.b",
    "www.a.b",
    "a@b.c",
    ":smile:",
    ":+1:",
    ":",
    "$",
    "$$",
    "$`",
    "\\",
    "&",
    "&amp;",
    "&#124;",
    "&lt;",
    "- ",
    "1. ",
    "> ",
    "# ",
    "    ",
    "\t",
    "[ ]",
    "[[a]]",
    "\u{202e}",
    "\u{200b}",
    "deadbeef1",
    "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
    "1250000",
    "<b>",
    "</td>",
    "<br>",
    "=",
    "---",
    "| --- |",
    "~~~",
    "{+",
    "word",
    " ",
    "\r",
    "\u{0}",
    "é",
    "א",
    "👩‍🔬",
];

fn nasty() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(&PIECES[..]), 0..12);
    prop_oneof![pieces.prop_map(|pieces| pieces.concat()), "\\PC{0,40}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_breaks_out(text in nasty()) {
        let expected = read(&written_with(Format::Markdown, &samples::saying("word"), &options()));
        let comment = written_with(Format::Markdown, &samples::saying(&text), &options());
        let found = read(&comment);
        prop_assert_eq!(&found.structure, &expected.structure, "{}", comment);
        prop_assert_eq!(found.open, 0);
        for run in &found.texts {
            let references = references(run);
            prop_assert!(references.is_empty(), "{:?} in {:?}", references, run);
            prop_assert!(!run.contains(OVERRIDE));
        }
        // And it is there to be read.
        let shown = found.texts.concat().replace('\u{200b}', "");
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert!(shown.contains(&*one_line(&words)), "{:?} is not in {:?}", words, shown);
    }
}

#[test]
fn the_reader_of_the_tests_sees_what_breaks_out() {
    let expected = read("| a |\n| --- |\n| word |\n");
    for text in ["a\n\nb", "*x*", "<b>", "[a](b)", "`c`", "a | b\n| c |"] {
        let found = read(&format!("| a |\n| --- |\n| {text} |\n"));
        assert_ne!(found.structure, expected.structure, "{text}");
    }
    let all = "@a #1 !2 GH-3 http://a www.a :smile: deadbeef1";
    assert_eq!(references(all).len(), 8);
}

#[test]
fn a_long_comment_is_cut_by_rows_from_the_least_important_end() {
    let mut cut = 0;
    for number in [1, 20, 40, 60, 80, 120, 400] {
        let review = samples::many(number);
        let comment = written_with(Format::Markdown, &review, &options());
        assert!(length(&comment) < LIMIT, "{number}: {}", length(&comment));
        assert_eq!(
            comment.matches("<details>").count(),
            comment.matches("</details>").count()
        );
        let rows = comment.lines().filter(|line| line.starts_with('|'));
        assert!(rows.clone().all(|row| row.ends_with(" |")), "a row in two");
        let found = read(&comment);
        assert!(found.open == 0 && !found.structure.iter().any(|s| s.contains("false")));
        let of = |heading: &str| {
            let (_, after) = comment.split_once(heading).unwrap_or_default();
            let end = after.find("\n\n").map_or(after, |_| after);
            let table = end.lines().skip_while(|line| !line.starts_with('|'));
            table
                .take_while(|line| line.starts_with('|'))
                .count()
                .saturating_sub(2)
        };
        let shown = [
            of("#### Breaking"),
            of("#### To look at"),
            of("<summary>Worth knowing"),
        ];
        let is_cut = comment.contains("Cut to the length of a comment");
        assert_eq!(
            is_cut,
            shown.iter().sum::<usize>() < number * 3 || comment.contains("left out here")
        );
        // A level loses rows only when those below it have none.
        assert!(shown[0] == number || shown[1] == 0, "{shown:?}");
        assert!(shown[1] == number || shown[2] == 0, "{shown:?}");
        if is_cut {
            cut += 1;
            let (before, _) = comment.split_once("#### ").expect("a section");
            assert!(
                before.contains("[The full report](https://ci.example"),
                "{before}"
            );
        }
    }
    assert!((3..7).contains(&cut), "{cut}");
}

#[test]
fn what_takes_many_bytes_is_cut_too() {
    let mut review = samples::many(300);
    for change in &mut review.changes {
        change.before = Some("👩‍🔬 ".repeat(90));
        change.after = Some("|".repeat(900));
        change.name = "@".repeat(500).into();
    }
    let comment = written(Format::Markdown, &review);
    assert!(length(&comment) < LIMIT && comment.len() < 4 * LIMIT);
    assert!(comment.contains("`personary diff --format html` writes them all"));
}
