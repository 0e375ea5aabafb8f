//! The findings as one JSON document, for scripts.
//!
//! One finding a line, so that two runs can be compared with `diff`. What a finding does not
//! have is `null`; lines and columns count from 1, and the end is one past the last character.

use std::io::{self, BufWriter, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::{Diagnostic, Severity, Summary};

/// Raised when a field changes its meaning or goes; new fields do not raise it.
const VERSION: u32 = 1;

/// A finding: what is wrong, where, and what to write instead.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub(crate) struct Row<'a> {
    /// The stable name of the rule, such as `unknown-ref`.
    code: &'static str,
    severity: Severity,
    /// What is wrong, in one sentence.
    message: &'a str,
    /// What to write instead.
    help: Option<&'a str>,
    /// The file, relative to the project.
    path: &'a str,
    /// Where it begins, counted from 1; null for a file as a whole.
    line: Option<u32>,
    /// Counted from 1, in characters.
    column: Option<u32>,
    /// Where it ends.
    end_line: Option<u32>,
    /// One past the last character.
    end_column: Option<u32>,
    /// The entity the file holds, such as `persona:priya-raman`.
    entity: Option<&'a str>,
    /// JSON Pointer (RFC 6901) of the value in the front matter.
    pointer: Option<&'a str>,
    /// What a repair would do, if there is one.
    fix: Option<&'a str>,
}

impl<'a> Row<'a> {
    pub(crate) fn of(finding: &'a Diagnostic) -> Self {
        let start = finding.place.as_ref().map(|place| place.start);
        let end = finding.place.as_ref().map(|place| place.end);
        Self {
            code: finding.code,
            severity: finding.severity,
            message: &finding.message,
            help: finding.help.as_deref(),
            path: &finding.path,
            line: start.map(|position| position.line),
            column: start.map(|position| position.column),
            end_line: end.map(|position| position.line),
            end_column: end.map(|position| position.column),
            entity: finding.entity.as_deref(),
            pointer: finding.pointer.as_deref(),
            fix: finding.fix.as_ref().map(|fix| &*fix.title),
        }
    }
}

/// Writes `findings`, made while reading `files` files, as one document.
pub fn write(out: &mut dyn Write, findings: &[Diagnostic], files: usize) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    write!(out, "{{\"version\":{VERSION},\"findings\":[")?;
    let mut separator = "\n";
    for finding in findings {
        out.write_all(separator.as_bytes())?;
        serde_json::to_writer(&mut out, &Row::of(finding))?;
        separator = ",\n";
    }
    if !findings.is_empty() {
        out.write_all(b"\n")?;
    }
    out.write_all(b"],\"summary\":")?;
    serde_json::to_writer(&mut out, &Summary::of(files, findings))?;
    out.write_all(b"}\n")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::super::{Edit, Excerpt, Fix, Place, Position};
    use super::*;

    fn written(findings: &[Diagnostic], files: usize) -> String {
        let mut out = Vec::new();
        write(&mut out, findings, files).expect("writing to memory");
        let text = String::from_utf8(out).expect("text");
        serde_json::from_str::<serde_json::Value>(&text).expect("valid JSON");
        text
    }

    #[test]
    fn a_finding_a_line() {
        let mut full = Diagnostic::new(
            "unknown-ref",
            Severity::Error,
            "content/personas/a.md",
            "there is no team `\u{1b}\"x`",
        )
        .at(Place {
            start: Position { line: 3, column: 8 },
            end: Position { line: 4, column: 2 },
            excerpt: Excerpt::default(),
        })
        .help("write `y`")
        .pointer("/owner")
        .fix(Some(Fix::new(
            "write `y`",
            Edit {
                span: 7..8,
                text: "y".to_owned(),
            },
        )));
        full.entity = Some("persona:a".to_owned());
        let bare = Diagnostic::new("stale", Severity::Warn, "b.md", "old 名前");
        insta::assert_snapshot!(written(&[full, bare], 31), @r#"
        {"version":1,"findings":[
        {"code":"unknown-ref","severity":"error","message":"there is no team `\u001b\"x`","help":"write `y`","path":"content/personas/a.md","line":3,"column":8,"end_line":4,"end_column":2,"entity":"persona:a","pointer":"/owner","fix":"write `y`"},
        {"code":"stale","severity":"warn","message":"old 名前","help":null,"path":"b.md","line":null,"column":null,"end_line":null,"end_column":null,"entity":null,"pointer":null,"fix":null}
        ],"summary":{"files":31,"errors":1,"warnings":1,"infos":0}}
        "#);
    }

    #[test]
    fn nothing_found() {
        insta::assert_snapshot!(
            written(&[], 31),
            @r#"{"version":1,"findings":[],"summary":{"files":31,"errors":0,"warnings":0,"infos":0}}"#
        );
    }
}
