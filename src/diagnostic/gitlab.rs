//! A Code Quality report for GitLab, which shows in a merge request what is new and what is gone.
//!
//! One finding a line of a JSON array. Severities are those of the format: an error is `major`,
//! a warning `minor`.
//!
//! Format: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::concise::sentence;
use super::fingerprint::Fingerprints;
use super::{Diagnostic, Place, Position, Severity};

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    #[serde(flatten)]
    range: Range,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Range {
    Positions { begin: Point, end: Point },
    Lines { begin: u32 },
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
}

impl From<Position> for Point {
    fn from(Position { line, column }: Position) -> Self {
        Self { line, column }
    }
}

impl From<Option<&Place>> for Range {
    fn from(place: Option<&Place>) -> Self {
        match place {
            Some(place) => Self::Positions {
                begin: place.start.into(),
                end: place.end.into(),
            },
            // The format has no findings about a file as a whole.
            None => Self::Lines { begin: 1 },
        }
    }
}

/// Writes `findings` as one report. `folder` is the project's place in the repository, with a `/`
/// at its end; empty when it is the repository.
pub fn write(out: &mut dyn Write, findings: &[Diagnostic], folder: &str) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let mut fingerprints = Fingerprints::default();
    out.write_all(b"[")?;
    let mut separator = "\n";
    for finding in findings {
        out.write_all(separator.as_bytes())?;
        let issue = Issue {
            description: sentence(finding),
            check_name: finding.code,
            fingerprint: fingerprints.of(finding),
            severity: match finding.severity {
                Severity::Error => "major",
                Severity::Warn => "minor",
                Severity::Info => "info",
            },
            location: Location {
                path: format!("{folder}{}", finding.path),
                range: finding.place.as_ref().into(),
            },
        };
        serde_json::to_writer(&mut out, &issue)?;
        separator = ",\n";
    }
    out.write_all(if findings.is_empty() {
        b"]\n"
    } else {
        b"\n]\n"
    })?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde::Deserialize;

    use super::super::samples;
    use super::*;

    fn written(findings: &[Diagnostic], folder: &str) -> String {
        let mut out = Vec::new();
        write(&mut out, findings, folder).expect("writing to memory");
        String::from_utf8(out).expect("text")
    }

    /// The format as GitLab documents it, and nothing beside it.
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Read {
        description: String,
        check_name: String,
        fingerprint: String,
        severity: Level,
        location: Where,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Level {
        Info,
        Minor,
        Major,
        Critical,
        Blocker,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Where {
        path: String,
        lines: Option<Lines>,
        positions: Option<Positions>,
    }

    #[derive(Debug, Deserialize)]
    struct Lines {
        begin: u32,
    }

    #[derive(Debug, Deserialize)]
    struct Positions {
        begin: LineColumn,
        end: LineColumn,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct LineColumn {
        line: u32,
        column: u32,
    }

    #[test]
    fn a_finding_a_line() {
        insta::assert_snapshot!(written(&samples::findings(), "docs/"), @r#"
        [
        {"description":"there is no team `nowhere` (did you mean `nowhere-else`?)","check_name":"unknown-ref","fingerprint":"60cfa08ea20ccf32536cbc3ba8ea2561","severity":"major","location":{"path":"docs/content/personas/ann.md","positions":{"begin":{"line":3,"column":8},"end":{"line":3,"column":15}}}},
        {"description":"there is no team `nowhere` (did you mean `nowhere-else`?)","check_name":"unknown-ref","fingerprint":"ee7561bcf0c51f36818c2498947417e7","severity":"major","location":{"path":"docs/content/personas/ann.md","positions":{"begin":{"line":9,"column":8},"end":{"line":9,"column":15}}}},
        {"description":"nothing refers to this page","check_name":"orphan","fingerprint":"eb014be969fe4177c163711bcd166432","severity":"minor","location":{"path":"docs/content/pages/Zoë: 50% \"off\", <b>?|名前.md","lines":{"begin":1}}},
        {"description":"100% wrong: <a> & \"b\", it's␊::error::␛[31m ␀","check_name":"yaml-syntax","fingerprint":"6395efe1a115a8b30db1394046504aac","severity":"info","location":{"path":"docs/personary.yaml","positions":{"begin":{"line":1,"column":1},"end":{"line":3,"column":1}}}}
        ]
        "#);
    }

    #[test]
    fn nothing_found() {
        insta::assert_snapshot!(written(&[], ""), @"[]");
    }

    #[test]
    fn a_reader_of_the_format_understands_it() {
        let findings = samples::findings();
        let issues: Vec<Read> =
            serde_json::from_str(&written(&findings, "docs/")).expect("a report");
        assert_eq!(issues.len(), findings.len());
        for (issue, finding) in issues.iter().zip(&findings) {
            assert_eq!(issue.check_name, finding.code);
            assert_eq!(issue.location.path, format!("docs/{}", finding.path));
            assert!(!issue.description.is_empty() && !issue.description.contains('\n'));
            let level = match finding.severity {
                Severity::Error => Level::Major,
                Severity::Warn => Level::Minor,
                Severity::Info => Level::Info,
            };
            assert_eq!(issue.severity, level);
            // GitLab looks for a line at the one or at the other.
            let lines = issue.location.lines.as_ref().map(|lines| lines.begin);
            let positions = issue.location.positions.as_ref();
            assert_eq!(
                lines.or(positions.map(|positions| positions.begin.line)),
                Some(finding.start().line)
            );
            if let (Some(positions), Some(place)) = (positions, &finding.place) {
                let Position { line, column } = place.end;
                assert_eq!(positions.end, LineColumn { line, column });
                assert_eq!(positions.begin.column, place.start.column);
            }
        }
        // Of two issues with one fingerprint GitLab shows one.
        let fingerprints: HashSet<&str> = issues.iter().map(|i| i.fingerprint.as_str()).collect();
        assert_eq!(fingerprints.len(), issues.len());
    }
}
