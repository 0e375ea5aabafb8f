//! One line a finding, for `grep`, editors and small terminals:
//! `path:line:col: error[code] message (help)`, then the summary line.
//!
//! The words are those that compilers print, so that the problem matchers of editors and CI
//! systems recognise the lines. What every renderer for the terminal needs stands here too:
//! the summary line, and `one_line`, which keeps a file's bytes from steering the terminal.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, BufWriter, Write};

use super::{Diagnostic, Place, Severity, Summary};

/// Writes `findings`, made while reading `files` files, one line each, and the summary line.
pub fn write(out: &mut dyn Write, findings: &[Diagnostic], files: usize) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    write_lines(&mut out, findings)?;
    writeln!(out, "{}", summary_line(findings, files))?;
    out.flush()
}

/// Writes `findings`, one line each, and nothing more.
pub fn write_lines(out: &mut dyn Write, findings: &[Diagnostic]) -> io::Result<()> {
    for finding in findings {
        writeln!(
            out,
            "{}: {}[{}] {}",
            location(finding, ""),
            word(finding.severity),
            finding.code,
            sentence(finding)
        )?;
    }
    Ok(())
}

/// `path:line:column`, or the path alone for a finding about the whole file. The project is in
/// `folder`, which is empty or has a `/` at its end.
pub(super) fn location(finding: &Diagnostic, folder: &str) -> String {
    let (folder, path) = (one_line(folder), one_line(&finding.path));
    match &finding.place {
        Some(Place { start, .. }) => format!("{folder}{path}:{}:{}", start.line, start.column),
        None => format!("{folder}{path}"),
    }
}

/// What is wrong and what to write instead, on one line.
pub(super) fn sentence(finding: &Diagnostic) -> String {
    let message = one_line(&finding.message);
    match &finding.help {
        Some(help) => format!("{message} ({})", one_line(help)),
        None => message.into_owned(),
    }
}

/// What is wrong, and below it what to write instead.
pub(super) fn paragraphs(finding: &Diagnostic) -> String {
    let message = lines(&finding.message);
    match &finding.help {
        Some(help) => format!("{message}\nhelp: {}", lines(help)),
        None => message.into_owned(),
    }
}

/// The word for a severity where compilers have accustomed people to one.
pub(super) const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info => "info",
    }
}

/// `3 errors, 1 warning in 2 of 31 files`, or `31 files checked, no findings`.
pub(super) fn summary_line(findings: &[Diagnostic], files: usize) -> String {
    if findings.is_empty() {
        return format!("{} checked, no findings", count(files, "file"));
    }
    let summary = Summary::of(files, findings);
    let counts: Vec<String> = [
        (summary.errors, "error"),
        (summary.warnings, "warning"),
        (summary.infos, "info"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, noun)| count(number, noun))
    .collect();
    let touched = findings
        .iter()
        .map(|finding| &*finding.path)
        .collect::<HashSet<_>>()
        .len();
    // The configuration can have findings too and is not among the content files.
    let files = count(files.max(touched), "file");
    format!("{} in {touched} of {files}", counts.join(", "))
}

/// `1 file`, `2 files`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// The character to show for one that a terminal would obey or hide: a control character, a
/// change of writing direction, an invisible space. `None` when it can be shown as it is.
pub(super) const fn stand_in(c: char) -> Option<char> {
    match c {
        // U+2400 and up are the pictures of the control characters, in their order.
        '\0'..='\x1f' => char::from_u32(0x2400 + c as u32),
        '\x7f' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200b}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => Some(char::REPLACEMENT_CHARACTER),
        _ => None,
    }
}

/// `text` made fit for one line of a terminal: see [`stand_in`]; a tab becomes a space.
pub fn one_line(text: &str) -> Cow<'_, str> {
    neutral(text, |_| false)
}

/// `text` made fit for a terminal that would obey some of its characters; line breaks stay.
pub fn lines(text: &str) -> Cow<'_, str> {
    neutral(text, |c| c == '\n')
}

fn neutral(text: &str, keep: fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(|c| stand_in(c).is_some() && !keep(c)) {
        return Cow::Borrowed(text);
    }
    text.chars()
        .map(|c| match c {
            _ if keep(c) => c,
            '\t' => ' ',
            _ => stand_in(c).unwrap_or(c),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Excerpt, Position};
    use super::*;

    fn written(findings: &[Diagnostic], files: usize) -> String {
        let mut out = Vec::new();
        write(&mut out, findings, files).expect("writing to memory");
        String::from_utf8(out).expect("text")
    }

    fn place(line: u32, column: u32) -> Place {
        Place {
            start: Position { line, column },
            end: Position {
                line,
                column: column + 1,
            },
            excerpt: Excerpt::default(),
        }
    }

    #[test]
    fn a_line_each_and_the_summary() {
        let findings = [
            Diagnostic::new(
                "unknown-ref",
                Severity::Error,
                "content/personas/a.md",
                "there is no team `x`",
            )
            .at(place(3, 8))
            .help("write `y`"),
            Diagnostic::new(
                "stale",
                Severity::Warn,
                "content/personas/a.md",
                "not reviewed since 2024",
            ),
            Diagnostic::new("hint", Severity::Info, "personary.yaml", "no `base_url`")
                .at(place(1, 1)),
        ];
        insta::assert_snapshot!(written(&findings, 31), @r"
        content/personas/a.md:3:8: error[unknown-ref] there is no team `x` (write `y`)
        content/personas/a.md: warning[stale] not reviewed since 2024
        personary.yaml:1:1: info[hint] no `base_url`
        1 error, 1 warning, 1 info in 2 of 31 files
        ");
    }

    #[test]
    fn nothing_found() {
        insta::assert_snapshot!(written(&[], 31), @"31 files checked, no findings");
        insta::assert_snapshot!(written(&[], 1), @"1 file checked, no findings");
    }

    #[test]
    fn more_files_with_findings_than_content_files() {
        let findings = [
            Diagnostic::new("a", Severity::Warn, "personary.yaml", "x"),
            Diagnostic::new("a", Severity::Warn, "content", "y"),
        ];
        assert!(written(&findings, 0).ends_with("2 warnings in 2 of 2 files\n"));
    }

    #[test]
    fn nothing_steers_the_terminal() {
        let finding = Diagnostic::new(
            "syntax",
            Severity::Error,
            "a\u{1b}]0;b\n.md",
            "x\u{1b}[31m\ty\r\nz \u{9b}2J \u{202e}abc \u{7f}\u{7}",
        )
        .help("one\ntwo");
        insta::assert_snapshot!(written(&[finding], 2), @"
        a␛]0;b␊.md: error[syntax] x␛[31m y␍␊z �2J �abc ␡␇ (one␊two)
        1 error in 1 of 2 files
        ");
    }
}
