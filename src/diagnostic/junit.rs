//! JUnit XML, which nearly every CI system shows as the results of tests.
//!
//! A suite a file with findings, a case a finding. What makes the command fail is a failed case,
//! anything less a skipped one, which is shown and breaks nothing. Where nothing was found, one
//! case has passed, since many readers take a report without cases for a mistake.
//!
//! There is no standard. Names are unique within their suite and free of line numbers, since
//! systems know a case by its names. `file` and `line` of a case are what GitLab and GitHub's
//! reporters link to; the rest is what the schema of Jenkins allows.

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};

use super::concise::{lines, one_line, summary_line};
use super::markup::escaped;
use super::{Diagnostic, Severity, human};

/// Where findings are written, and what the cases need to know beside them.
struct Cases<'a> {
    out: &'a mut dyn Write,
    folder: &'a str,
    limit: Severity,
}

/// Writes `findings`, made while reading `files` files; from severity `limit` on they are failures.
/// `folder` is the project's place in the repository, with a `/` at its end; empty when it is the
/// repository.
pub fn write(
    out: &mut dyn Write,
    findings: &[Diagnostic],
    files: usize,
    limit: Severity,
    folder: &str,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let tests = findings.len().max(1);
    let failures = failures(findings.iter(), limit);
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        out,
        r#"<testsuites name="personary" tests="{tests}" failures="{failures}" errors="0">"#
    )?;
    if findings.is_empty() {
        writeln!(
            out,
            r#"<testsuite name="personary" tests="1" failures="0" errors="0" skipped="0">
<testcase name="no findings" classname="personary">
<system-out>{}</system-out>
</testcase>
</testsuite>"#,
            escaped(&summary_line(findings, files))
        )?;
    }
    // Their own order is kept within a file.
    let mut sorted: Vec<&Diagnostic> = findings.iter().collect();
    sorted.sort_by(|one, other| one.path.cmp(&other.path));
    let mut cases = Cases {
        out: &mut out,
        folder,
        limit,
    };
    for suite in sorted.chunk_by(|one, other| one.path == other.path) {
        cases.suite(suite)?;
    }
    writeln!(out, "</testsuites>")?;
    out.flush()
}

impl Cases<'_> {
    /// Writes the findings of one file.
    fn suite(&mut self, findings: &[&Diagnostic]) -> io::Result<()> {
        let Some(first) = findings.first() else {
            return Ok(());
        };
        let failures = failures(findings.iter().copied(), self.limit);
        let path = one_line(&first.path);
        writeln!(
            self.out,
            r#"<testsuite name="{}" tests="{}" failures="{failures}" errors="0" skipped="{}">"#,
            escaped(&path),
            findings.len(),
            findings.len() - failures,
        )?;
        let mut names = Names::default();
        for finding in findings {
            let name = names.unique(format!("{}: {}", finding.code, one_line(&finding.message)));
            self.case(finding, &name)?;
        }
        writeln!(self.out, "</testsuite>")
    }

    fn case(&mut self, finding: &Diagnostic, name: &str) -> io::Result<()> {
        // Jenkins takes what stands before the last full stop for a package.
        let class = finding.entity.as_deref().unwrap_or_else(|| {
            let path = &*finding.path;
            path.rsplit_once('.').map_or(path, |(before, _)| before)
        });
        let file = format!("{}{}", self.folder, finding.path);
        write!(
            self.out,
            r#"<testcase name="{}" classname="{}" file="{}""#,
            escaped(name),
            escaped(&one_line(class)),
            escaped(&one_line(&file)),
        )?;
        if let Some(place) = &finding.place {
            write!(self.out, r#" line="{}""#, place.start.line)?;
        }
        let result = if finding.severity >= self.limit {
            "failure"
        } else {
            "skipped"
        };
        writeln!(
            self.out,
            "><{result} message=\"{}\" type=\"{}\">\n{}\n</{result}></testcase>",
            escaped(&one_line(&finding.message)),
            escaped(finding.code),
            escaped(&lines(&human::plain(finding))),
        )
    }
}

/// The names of the cases of a suite, with how many have asked for each.
#[derive(Default)]
pub(crate) struct Names {
    seen: HashMap<String, usize>,
}

impl Names {
    /// `name`, with a number behind it when it is taken.
    pub(crate) fn unique(&mut self, name: String) -> String {
        let mut number = self.seen.get(&name).map_or(1, |number| number + 1);
        let mut unique = name.clone();
        if number > 1 {
            unique = format!("{name} ({number})");
            // Somebody's message may end with a number of its own.
            while self.seen.contains_key(&unique) {
                number += 1;
                unique = format!("{name} ({number})");
            }
            self.seen.insert(unique.clone(), 1);
        }
        self.seen.insert(name, number);
        unique
    }
}

fn failures<'a>(findings: impl Iterator<Item = &'a Diagnostic>, limit: Severity) -> usize {
    findings.filter(|finding| finding.severity >= limit).count()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use junit_parser::{TestCase, TestSuites};

    use super::super::samples;
    use super::*;

    /// Written, and understood by a strict reader of XML.
    fn written(findings: &[Diagnostic], limit: Severity) -> String {
        let mut out = Vec::new();
        write(&mut out, findings, 31, limit, "docs/").expect("writing to memory");
        let text = String::from_utf8(out).expect("text");
        roxmltree::Document::parse(&text).expect("XML");
        text
    }

    fn read(text: &str) -> TestSuites {
        junit_parser::from_reader(text.as_bytes()).expect("JUnit XML")
    }

    #[test]
    fn a_suite_a_file_and_a_case_a_finding() {
        insta::assert_snapshot!(written(&samples::findings(), Severity::Error), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="personary" tests="4" failures="2" errors="0">
        <testsuite name="content/pages/Zoë: 50% &quot;off&quot;, &lt;b&gt;?|名前.md" tests="1" failures="0" errors="0" skipped="1">
        <testcase name="orphan: nothing refers to this page" classname="content/pages/Zoë: 50% &quot;off&quot;, &lt;b&gt;?|名前" file="docs/content/pages/Zoë: 50% &quot;off&quot;, &lt;b&gt;?|名前.md"><skipped message="nothing refers to this page" type="orphan">
        warning[orphan]: nothing refers to this page
        --&gt; content/pages/Zoë: 50% &quot;off&quot;, &lt;b&gt;?|名前.md
        </skipped></testcase>
        </testsuite>
        <testsuite name="content/personas/ann.md" tests="2" failures="2" errors="0" skipped="0">
        <testcase name="unknown-ref: there is no team `nowhere`" classname="persona:ann" file="docs/content/personas/ann.md" line="3"><failure message="there is no team `nowhere`" type="unknown-ref">
        error[unknown-ref]: there is no team `nowhere`
         --&gt; content/personas/ann.md:3:8
          |
        1 | ---
        2 | name: Ann
        3 | owner: nowhere
          |        ^^^^^^^ no such team
          |
          = help: did you mean `nowhere-else`?
        </failure></testcase>
        <testcase name="unknown-ref: there is no team `nowhere` (2)" classname="persona:ann" file="docs/content/personas/ann.md" line="9"><failure message="there is no team `nowhere`" type="unknown-ref">
        error[unknown-ref]: there is no team `nowhere`
        --&gt; content/personas/ann.md:9:8
         = note: no such team
         = help: did you mean `nowhere-else`?
        </failure></testcase>
        </testsuite>
        <testsuite name="personary.yaml" tests="1" failures="0" errors="0" skipped="1">
        <testcase name="yaml-syntax: 100% wrong: &lt;a&gt; &amp; &quot;b&quot;, it's␊::error::␛[31m ␀" classname="personary" file="docs/personary.yaml" line="1"><skipped message="100% wrong: &lt;a&gt; &amp; &quot;b&quot;, it's␊::error::␛[31m ␀" type="yaml-syntax">
        info[yaml-syntax]: 100% wrong: &lt;a&gt; &amp; &quot;b&quot;, it's␊::error::␛[31m ␀
         --&gt; personary.yaml:1:1
          |
        1 | / a: 1
        2 | | b: 2
          | |____^
        </skipped></testcase>
        </testsuite>
        </testsuites>
        "#);
    }

    #[test]
    fn nothing_found_is_one_case_that_passed() {
        let report = written(&[], Severity::Info);
        insta::assert_snapshot!(report, @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="personary" tests="1" failures="0" errors="0">
        <testsuite name="personary" tests="1" failures="0" errors="0" skipped="0">
        <testcase name="no findings" classname="personary">
        <system-out>31 files checked, no findings</system-out>
        </testcase>
        </testsuite>
        </testsuites>
        "#);
        let suites = read(&report);
        assert_eq!((suites.tests, suites.failures), (1, 0));
        assert!(suites.suites[0].cases[0].status.is_success());
    }

    #[test]
    fn a_reader_of_the_format_understands_it() {
        let findings = samples::findings();
        for limit in [Severity::Error, Severity::Warn, Severity::Info] {
            let fails = |finding: &&Diagnostic| finding.severity >= limit;
            let suites = read(&written(&findings, limit));
            assert_eq!(suites.name, "personary");
            let all: Vec<&TestCase> = suites.suites.iter().flat_map(|s| &s.cases).collect();
            assert_eq!(all.len(), findings.len());
            let failed = findings.iter().filter(fails).count();
            assert_eq!(suites.failures, failed as u64);
            assert_eq!(
                all.iter().filter(|case| case.status.is_failure()).count(),
                failed
            );
            let paths: HashSet<&str> = findings.iter().map(|f| &*f.path).collect();
            assert_eq!(suites.suites.len(), paths.len());
            for suite in &suites.suites {
                let of_file = || findings.iter().filter(|f| *f.path == *suite.name);
                assert_eq!(suite.tests, of_file().count() as u64);
                assert_eq!(suite.failures, of_file().filter(fails).count() as u64);
                assert_eq!(suite.skipped, suite.tests - suite.failures);
                assert_eq!(suite.errors, 0);
                let names: HashSet<&str> = suite.cases.iter().map(|c| &*c.name).collect();
                assert_eq!(names.len(), suite.cases.len(), "each name once");
                for (case, finding) in suite.cases.iter().zip(of_file()) {
                    assert_eq!(case.file, Some(format!("docs/{}", finding.path)));
                    let line = finding.place.as_ref().map(|place| place.start.line);
                    assert_eq!(case.line, line.map(u64::from));
                    if fails(&finding) {
                        let failure = case.status.failure_as_ref();
                        assert_eq!(failure.message, one_line(&finding.message));
                        assert_eq!(failure.failure_type, finding.code);
                        assert!(failure.text.contains(finding.code));
                    } else {
                        let skipped = case.status.skipped_as_ref();
                        assert_eq!(skipped.message, one_line(&finding.message));
                    }
                }
            }
        }
    }

    #[test]
    fn findings_in_no_order_are_still_a_suite_a_file() {
        let mut findings = samples::findings();
        findings.extend(samples::findings());
        assert_eq!(
            read(&written(&findings, Severity::Error)).suites.len(),
            read(&written(&samples::findings(), Severity::Error))
                .suites
                .len()
        );
    }

    #[test]
    fn names_are_unique_whatever_is_asked_for() {
        let mut names = Names::default();
        let asked = ["a", "a", "a (2)", "b (2)", "b", "b", "b", "a"];
        let given = asked.map(|name| names.unique(name.to_owned()));
        assert_eq!(
            given,
            [
                "a",
                "a (2)",
                "a (2) (2)",
                "b (2)",
                "b",
                "b (3)",
                "b (4)",
                "a (3)"
            ]
        );
    }

    #[test]
    fn no_character_breaks_the_file() {
        // Every character below U+0100, the surroundings of the surrogates, and the forbidden two.
        let all: String = ('\0'..='\u{ff}')
            .chain(['\u{d7ff}', '\u{e000}', '\u{fffd}', '\u{fffe}', '\u{ffff}'])
            .chain(['\u{10ffff}', '\u{202e}'])
            .chain("]]> <!-- &amp; &#0; <![CDATA[".chars())
            .collect();
        let finding = Diagnostic::new("schema", Severity::Error, format!("{all}.md"), all.clone())
            .help(all.clone())
            .label(all);
        let report = written(&[finding], Severity::Error);
        assert_eq!(read(&report).suites[0].cases.len(), 1);
    }
}
