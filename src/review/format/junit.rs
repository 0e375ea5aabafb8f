//! JUnit XML, which nearly every CI system shows as the results of tests.
//!
//! A suite an entity and a case a change, since systems know a case by its names and tell from run
//! to run which is new; the new findings are a suite of their own. What fails the command is a
//! failed case, anything less a skipped one, which is shown and breaks nothing. The first case is
//! the comparison itself: it has passed, and says the verdict.

use std::io::{self, Write};

use super::super::{Change, Review};
use super::{Options, phrases};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::concise::{lines, one_line};
use crate::diagnostic::junit::Names;
use crate::diagnostic::markup::escaped;

/// A case that has not passed.
struct Case {
    name: String,
    class: String,
    file: String,
    line: u32,
    fails: bool,
    sort: String,
    message: String,
    told: String,
}

pub(super) fn write(out: &mut dyn Write, review: &Review, options: &Options<'_>) -> io::Result<()> {
    let mut suites: Vec<(String, Vec<Case>)> = Vec::new();
    for changes in phrases::by_entity(review.changes.iter()) {
        let name = changes.first().map(|change| phrases::name(change));
        let cases = changes.iter().map(|change| of_change(change, options));
        suites.push((name.unwrap_or_default(), cases.collect()));
    }
    let findings = review.introduced.iter();
    let findings: Vec<Case> = findings.map(|f| of_finding(f, options)).collect();
    if !findings.is_empty() {
        suites.push(("new findings".to_owned(), findings));
    }
    let all = || suites.iter().flat_map(|(_, cases)| cases);
    let (tests, failures) = (all().count() + 1, all().filter(|case| case.fails).count());
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"personary diff\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
    )?;
    comparison(out, review)?;
    for (name, cases) in &suites {
        suite(out, name, cases)?;
    }
    writeln!(out, "</testsuites>")
}

fn comparison(out: &mut dyn Write, review: &Review) -> io::Result<()> {
    let mut told = String::new();
    if let Some(partly) = phrases::partly(review) {
        told = partly + "\n";
        for file in &review.partial {
            told += &phrases::partial(file);
            told.push('\n');
        }
    }
    told += &phrases::verdict(review);
    writeln!(
        out,
        "<testsuite name=\"comparison\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">\n\
         <testcase name=\"comparison\" classname=\"personary\">\n\
         <system-out>{}</system-out>\n</testcase>\n</testsuite>",
        escaped(&lines(&told))
    )
}

fn suite(out: &mut dyn Write, name: &str, cases: &[Case]) -> io::Result<()> {
    let failures = cases.iter().filter(|case| case.fails).count();
    writeln!(
        out,
        r#"<testsuite name="{}" tests="{}" failures="{failures}" errors="0" skipped="{}">"#,
        escaped(&one_line(name)),
        cases.len(),
        cases.len() - failures,
    )?;
    let mut names = Names::default();
    for case in cases {
        let name = names.unique(one_line(&case.name).into_owned());
        write!(
            out,
            r#"<testcase name="{}" classname="{}" file="{}""#,
            escaped(&name),
            escaped(&one_line(&case.class)),
            escaped(&one_line(&case.file)),
        )?;
        if case.line > 0 {
            write!(out, r#" line="{}""#, case.line)?;
        }
        let result = if case.fails { "failure" } else { "skipped" };
        writeln!(
            out,
            "><{result} message=\"{}\" type=\"{}\">\n{}\n</{result}></testcase>",
            escaped(&one_line(&case.message)),
            escaped(&case.sort),
            escaped(&lines(&case.told)),
        )?;
    }
    writeln!(out, "</testsuite>")
}

fn of_change(change: &Change, options: &Options<'_>) -> Case {
    let before = if change.is_before { " (before)" } else { "" };
    let mut told = vec![
        format!("{}: {}", change.level, phrases::sentence(change)),
        format!("at {}{before}", phrases::place(change, options.folder)),
    ];
    let values = [("before", &change.before), ("after", &change.after)];
    for (side, value) in values {
        told.extend(value.as_ref().map(|value| format!("{side}: {value}")));
    }
    let reached = phrases::impact(change);
    told.extend(reached.iter().map(|reached| format!("reaches {reached}")));
    Case {
        name: format!("{}: {}", change.code.name, change.title),
        class: phrases::name(change),
        file: format!("{}{}", options.folder, change.path),
        line: if change.is_before {
            0
        } else {
            change.start.line
        },
        fails: options.fails(change),
        sort: change.code.name.to_owned(),
        message: format!("{}: {}", change.level, phrases::with_values(change)),
        told: told.join("\n"),
    }
}

fn of_finding(finding: &Diagnostic, options: &Options<'_>) -> Case {
    Case {
        name: format!("{}: {}", finding.code, finding.message),
        class: finding
            .entity
            .clone()
            .unwrap_or_else(|| "personary".to_owned()),
        file: format!("{}{}", options.folder, finding.path),
        line: finding.place.as_ref().map_or(0, |place| place.start.line),
        fails: options.fails_with(finding),
        sort: finding.code.to_owned(),
        message: format!("{}: {}", finding.severity, finding.message),
        told: crate::diagnostic::human::plain(finding),
    }
}

#[cfg(test)]
mod tests {
    use junit_parser::TestSuites;

    use super::super::samples::{self, written, written_with};
    use super::super::{Format, Options};
    use super::*;
    use crate::diagnostic::Severity;
    use crate::review::Level;

    fn read(text: &str) -> TestSuites {
        roxmltree::Document::parse(text).expect("XML");
        junit_parser::from_reader(text.as_bytes()).expect("JUnit XML")
    }

    #[test]
    fn a_suite_an_entity_and_a_case_a_change() {
        let report = written(Format::Junit, &samples::review());
        insta::assert_snapshot!(report, @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="personary diff" tests="10" failures="2" errors="0">
        <testsuite name="comparison" tests="1" failures="0" errors="0" skipped="0">
        <testcase name="comparison" classname="personary">
        <system-out>Compared in part only: 1 file does not validate, so some changes may be missing here
        content/kpis/churn.md (before): the front matter is no YAML
        2 breaking changes; 3 to look at; 1 finding is new</system-out>
        </testcase>
        </testsuite>
        <testsuite name="persona:sarah" tests="1" failures="1" errors="0" skipped="0">
        <testcase name="persona-removed: Persona removed" classname="persona:sarah" file="content/personas/sarah.md"><failure message="breaking: Sarah Whitlock: Persona removed" type="persona-removed">
        breaking: Sarah Whitlock: Persona removed
        at content/personas/sarah.md:1:1 (before)
        reaches journey Winter riders
        reaches KPI NPS, through Winter riders
        </failure></testcase>
        </testsuite>
        <testsuite name="persona:ruth-adeyinka" tests="3" failures="1" errors="0" skipped="2">
        <testcase name="stance-flipped: Stance flipped" classname="persona:ruth-adeyinka" file="content/personas/ruth-adeyinka.md" line="4"><failure message="breaking: Ruth Adeyinka: Stance flipped: from “target” to “negative”" type="stance-flipped">
        breaking: Ruth Adeyinka: Stance flipped
        at content/personas/ruth-adeyinka.md:4:9
        before: target
        after: negative
        </failure></testcase>
        <testcase name="claim-reworded: Goal reworded" classname="persona:ruth-adeyinka" file="content/personas/ruth-adeyinka.md" line="21"><skipped message="review: Ruth Adeyinka: Goal reworded: from “Go live within 60 days of the first call.” to “Go live within 30 days of the first order.”" type="claim-reworded">
        review: Ruth Adeyinka: Goal reworded
        at content/personas/ruth-adeyinka.md:21:11
        before: Go live within 60 days of the first call.
        after: Go live within 30 days of the first order.
        reaches journey Winter riders: Decide
        reaches KPI NPS, through Winter riders
        </skipped></testcase>
        <testcase name="evidence-weaker: Goal “On time” lost its evidence" classname="persona:ruth-adeyinka" file="content/personas/ruth-adeyinka.md" line="24"><skipped message="review: Ruth Adeyinka: Goal “On time” lost its evidence: “Onboarding interviews 2026”" type="evidence-weaker">
        review: Ruth Adeyinka: Goal “On time” lost its evidence
        at content/personas/ruth-adeyinka.md:24:16
        before: Onboarding interviews 2026
        </skipped></testcase>
        </testsuite>
        <testsuite name="kpi:nps" tests="2" failures="0" errors="0" skipped="2">
        <testcase name="target-loosened: Target loosened" classname="kpi:nps" file="content/kpis/nps.md" line="9"><skipped message="review: NPS: Target loosened: from “50 by 2026-12-31” to “40 by 2026-12-31”" type="target-loosened">
        review: NPS: Target loosened
        at content/kpis/nps.md:9:10
        before: 50 by 2026-12-31
        after: 40 by 2026-12-31
        </skipped></testcase>
        <testcase name="measurement-added: 2 measurements added" classname="kpi:nps" file="content/kpis/nps.csv" line="8"><skipped message="info: NPS: 2 measurements added: “2026-Q3: 41”" type="measurement-added">
        info: NPS: 2 measurements added
        at content/kpis/nps.csv:8:1
        after: 2026-Q3: 41
        </skipped></testcase>
        </testsuite>
        <testsuite name="persona:dez" tests="1" failures="0" errors="0" skipped="1">
        <testcase name="added: Persona added" classname="persona:dez" file="content/personas/dez.md" line="1"><skipped message="info: Dez Fowler: Persona added" type="added">
        info: Dez Fowler: Persona added
        at content/personas/dez.md:1:1
        </skipped></testcase>
        </testsuite>
        <testsuite name="page:about" tests="1" failures="0" errors="0" skipped="1">
        <testcase name="prose-changed: Text changed" classname="page:about" file="content/pages/about.md"><skipped message="info: About | us: Text changed: from “One paragraph. Two.” to “One paragraph. Three.”" type="prose-changed">
        info: About | us: Text changed
        at content/pages/about.md
        before: One paragraph.

        Two.
        after: One paragraph.

        Three.
        </skipped></testcase>
        </testsuite>
        <testsuite name="new findings" tests="1" failures="0" errors="0" skipped="1">
        <testcase name="unknown-ref: there is no persona `sarah`" classname="journey:winter-riders" file="content/journeys/winter-riders.md" line="12"><skipped message="error: there is no persona `sarah`" type="unknown-ref">
        error[unknown-ref]: there is no persona `sarah`
          --&gt; content/journeys/winter-riders.md:12:14
           |
        12 | personas: [x, sarah]
           |               ^^^^^
           |
           = help: did you mean `sara`?
        </skipped></testcase>
        </testsuite>
        </testsuites>
        "#);
        let review = samples::review();
        let suites = read(&report);
        assert_eq!(suites.failures, review.counts().breaking as u64);
        let cases = review.changes.len() + review.introduced.len() + 1;
        assert_eq!(suites.tests, cases as u64);
    }

    #[test]
    fn what_fails_is_what_fails_the_command() {
        let review = samples::review();
        let failures = |fail_on, new_findings| {
            let options = Options {
                fail_on,
                new_findings,
                ..Options::default()
            };
            read(&written_with(Format::Junit, &review, &options)).failures
        };
        assert_eq!(failures(None, None), 0);
        let counts = review.counts();
        let marked = counts.breaking + counts.review;
        assert_eq!(failures(Some(Level::Review), None), marked as u64);
        assert_eq!(
            failures(Some(Level::Info), Some(Severity::Info)),
            (review.changes.len() + review.introduced.len()) as u64
        );
    }

    #[test]
    fn nothing_is_one_case_that_passed() {
        let report = written(Format::Junit, &Review::default());
        let suites = read(&report);
        assert_eq!((suites.tests, suites.failures), (1, 0));
        assert!(suites.suites[0].cases[0].status.is_success());
        assert!(report.contains("No changes in meaning"), "{report}");
    }

    #[test]
    fn no_character_breaks_the_file() {
        let all: String = ('\0'..='\u{ff}')
            .chain(['\u{fffe}', '\u{ffff}', '\u{202e}'])
            .chain("]]> <!-- &amp; &#0; <![CDATA[".chars())
            .collect();
        read(&written(Format::Junit, &samples::saying(&all)));
    }
}
