//! A few findings for the tests of all formats.

use super::{Diagnostic, Excerpt, Place, Position, Severity};

/// A finding at a value, the same one further down, one about a whole file whose name is hard to
/// write, and one over several lines with words that are hard to write.
pub(super) fn findings() -> Vec<Diagnostic> {
    let mut unknown = Diagnostic::new(
        "unknown-ref",
        Severity::Error,
        "content/personas/ann.md",
        "there is no team `nowhere`",
    )
    .at(place(
        (3, 8),
        (3, 15),
        ("---\nname: Ann\nowner: nowhere\n", 21..28),
    ))
    .label("no such team")
    .help("did you mean `nowhere-else`?")
    .pointer("/owner");
    unknown.entity = Some("persona:ann".to_owned());
    let mut again = unknown.clone();
    again.place = Some(place((9, 8), (9, 15), ("", 0..0)));
    let whole = Diagnostic::new(
        "orphan",
        Severity::Warn,
        "content/pages/Zoë: 50% \"off\", <b>?|名前.md",
        "nothing refers to this page",
    );
    let nasty = Diagnostic::new(
        "yaml-syntax",
        Severity::Info,
        "personary.yaml",
        "100% wrong: <a> & \"b\", it's\n::error::\u{1b}[31m \u{0}",
    )
    .at(place((1, 1), (3, 1), ("a: 1\nb: 2\n", 0..10)));
    vec![unknown, again, whole, nasty]
}

fn place(
    start: (u32, u32),
    end: (u32, u32),
    (text, span): (&str, std::ops::Range<usize>),
) -> Place {
    let position = |(line, column)| Position { line, column };
    Place {
        start: position(start),
        end: position(end),
        excerpt: Excerpt {
            first_line: 1,
            text: text.to_owned(),
            span,
        },
    }
}
