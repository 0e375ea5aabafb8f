//! Workflow commands of GitHub Actions: an annotation in the pull request for what matters most.
//!
//! GitHub shows no more than ten errors, ten warnings and ten notices of a step and drops the others
//! without a word. So the most important come first, what is beyond ten goes into the log as plain
//! lines, and the last notice says how many those are.

use std::io::{self, Write};

use super::super::{Change, Review};
use super::{Options, phrases};
use crate::diagnostic::concise::{lines, one_line};
use crate::diagnostic::github::{data, property};
use crate::diagnostic::{Diagnostic, Place, Position, Severity};

/// Annotations of a kind that GitHub shows for a step.
const SHOWN: usize = 10;

/// What becomes an annotation.
struct Note {
    severity: Severity,
    file: String,
    start: Option<Position>,
    title: String,
    told: String,
}

pub(super) fn write(out: &mut dyn Write, review: &Review, options: &Options<'_>) -> io::Result<()> {
    let changes = review.changes.iter();
    let findings = review.introduced.iter();
    let mut notes: Vec<Note> = changes
        .map(|change| of_change(change, options))
        .chain(findings.map(|finding| of_finding(finding, options)))
        .collect();
    let partial = review.partial.iter().map(|file| Note {
        severity: Severity::Warn,
        file: format!("{}{}", options.folder, file.path),
        start: None,
        title: "Personary: compared in part only".to_owned(),
        told: phrases::partial(file),
    });
    // Before all others of its kind: what is not compared may be worse than what is.
    notes.splice(0..0, partial);
    let mut rest = Vec::new();
    for severity in [Severity::Error, Severity::Warn, Severity::Info] {
        let of_kind: Vec<&Note> = notes.iter().filter(|n| n.severity == severity).collect();
        // One notice is kept for the last.
        let most = SHOWN - usize::from(severity == Severity::Info);
        let (shown, more) = of_kind.split_at(of_kind.len().min(most));
        for note in shown {
            command(out, note)?;
        }
        rest.extend_from_slice(more);
    }
    if let Some(partly) = phrases::partly(review) {
        writeln!(out, "{partly}")?;
    }
    for note in &rest {
        let (word, told) = (word(note.severity), one_line(&note.told));
        writeln!(out, "{word}: {told}")?;
    }
    let verdict = phrases::verdict(review);
    if rest.is_empty() {
        return writeln!(out, "{verdict}");
    }
    let more = format!(
        "{verdict}\nThe first {} are shown as annotations, {} more stand in the log of this step",
        notes.len() - rest.len(),
        rest.len()
    );
    writeln!(out, "::notice title=Personary::{}", data(&more))
}

fn command(out: &mut dyn Write, note: &Note) -> io::Result<()> {
    write!(
        out,
        "::{} file={}",
        word(note.severity),
        property(&note.file)
    )?;
    if let Some(Position { line, column }) = note.start {
        write!(out, ",line={line}")?;
        if column > 0 {
            write!(out, ",col={column}")?;
        }
    }
    let (title, told) = (property(&note.title), data(&lines(&note.told)));
    writeln!(out, ",title={title}::{told}")
}

/// The kind of annotation.
const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info => "notice",
    }
}

fn of_change(change: &Change, options: &Options<'_>) -> Note {
    let place = phrases::place(change, options.folder);
    let before = if change.is_before { " (before)" } else { "" };
    let mut told = format!("{place}{before}: {}", phrases::with_values(change));
    for reached in phrases::impact(change) {
        told.push_str("\nreaches ");
        told.push_str(&reached);
    }
    Note {
        severity: phrases::severity(change.level),
        file: format!("{}{}", options.folder, change.path),
        // A line of the state before would point at something else in the state after.
        start: Some(change.start).filter(|start| !change.is_before && start.line > 0),
        title: format!("Personary: {} ({})", change.level, change.code.name),
        told,
    }
}

fn of_finding(finding: &Diagnostic, options: &Options<'_>) -> Note {
    let start = finding.place.as_ref().map(|Place { start, .. }| *start);
    let file = format!("{}{}", options.folder, finding.path);
    let mut told = match start {
        Some(Position { line, column }) => format!("{file}:{line}:{column}: "),
        None => format!("{file}: "),
    };
    told.push_str(&finding.message);
    if let Some(help) = &finding.help {
        told.push_str("\nhelp: ");
        told.push_str(help);
    }
    Note {
        severity: finding.severity,
        file,
        start,
        title: format!("Personary: new finding ({})", finding.code),
        told,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::samples::{self, written};

    #[test]
    fn a_command_for_each() {
        insta::assert_snapshot!(written(Format::Github, &samples::review()), @"
        ::error file=content/personas/sarah.md,title=Personary%3A breaking (persona-removed)::content/personas/sarah.md:1:1 (before): Sarah Whitlock: Persona removed%0Areaches journey Winter riders%0Areaches KPI NPS, through Winter riders
        ::error file=content/personas/ruth-adeyinka.md,line=4,col=9,title=Personary%3A breaking (stance-flipped)::content/personas/ruth-adeyinka.md:4:9: Ruth Adeyinka: Stance flipped: from “target” to “negative”
        ::error file=content/journeys/winter-riders.md,line=12,col=14,title=Personary%3A new finding (unknown-ref)::content/journeys/winter-riders.md:12:14: there is no persona `sarah`%0Ahelp: did you mean `sara`?
        ::warning file=content/kpis/churn.md,title=Personary%3A compared in part only::content/kpis/churn.md (before): the front matter is no YAML
        ::warning file=content/personas/ruth-adeyinka.md,line=21,col=11,title=Personary%3A review (claim-reworded)::content/personas/ruth-adeyinka.md:21:11: Ruth Adeyinka: Goal reworded: from “Go live within 60 days of the first call.” to “Go live within 30 days of the first order.”%0Areaches journey Winter riders: Decide%0Areaches KPI NPS, through Winter riders
        ::warning file=content/personas/ruth-adeyinka.md,line=24,col=16,title=Personary%3A review (evidence-weaker)::content/personas/ruth-adeyinka.md:24:16: Ruth Adeyinka: Goal “On time” lost its evidence: “Onboarding interviews 2026”
        ::warning file=content/kpis/nps.md,line=9,col=10,title=Personary%3A review (target-loosened)::content/kpis/nps.md:9:10: NPS: Target loosened: from “50 by 2026-12-31” to “40 by 2026-12-31”
        ::notice file=content/personas/dez.md,line=1,col=1,title=Personary%3A info (added)::content/personas/dez.md:1:1: Dez Fowler: Persona added
        ::notice file=content/kpis/nps.csv,line=8,col=1,title=Personary%3A info (measurement-added)::content/kpis/nps.csv:8:1: NPS: 2 measurements added: “2026-Q3: 41”
        ::notice file=content/pages/about.md,title=Personary%3A info (prose-changed)::content/pages/about.md: About | us: Text changed: from “One paragraph. Two.” to “One paragraph. Three.”
        Compared in part only: 1 file does not validate, so some changes may be missing here
        2 breaking changes; 3 to look at; 1 finding is new
        ");
    }

    #[test]
    fn no_more_than_ten_of_a_kind() {
        let report = written(Format::Github, &samples::many(25));
        for kind in ["error", "warning", "notice"] {
            let start = format!("::{kind} ");
            let shown = report.lines().filter(|line| line.starts_with(&start));
            assert_eq!(shown.count(), 10, "{kind}: {report}");
        }
        // The most important is there, and the last says what is not.
        let first = report.lines().next().expect("a line");
        assert!(
            first.starts_with("::error file=content/personas/p0.md"),
            "{first}"
        );
        insta::assert_snapshot!(report.lines().last().expect("a line"), @"::notice title=Personary::25 breaking changes; 25 to look at%0AThe first 29 are shown as annotations, 46 more stand in the log of this step");
        // Nothing is lost.
        assert_eq!(report.lines().count(), samples::many(25).changes.len() + 1);
    }

    #[test]
    fn no_text_makes_a_command_of_its_own() {
        for text in [
            "a\n::error::b",
            "::stop-commands::x",
            "%0A::error::",
            "\u{1b}[2J\r\n::x",
        ] {
            let review = samples::saying(text);
            let report = written(Format::Github, &review);
            let commands = report.lines().filter(|line| line.starts_with("::"));
            let all = review.changes.len() + review.introduced.len() + review.partial.len();
            assert_eq!(commands.count(), all, "{report}");
            assert!(!report.contains(|c: char| c.is_control() && c != '\n'));
        }
    }
}
