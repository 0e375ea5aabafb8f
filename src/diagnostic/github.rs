//! Workflow commands of GitHub Actions, a line a finding: the runner shows each as an annotation
//! of the file in the pull request.
//!
//! It shows no more than ten of a kind for a step, and in the log it leaves the properties out.
//! So a message begins with its place, and the summary line stands at the end.
//!
//! Syntax: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>;
//! what is escaped, and how, is said by `packages/core/src/command.ts` of `actions/toolkit`.

use std::io::{self, BufWriter, Write};

use super::concise::{lines, location, paragraphs, summary_line};
use super::{Diagnostic, Severity};

/// Writes `findings`, made while reading `files` files, and the summary line. `folder` is the
/// project's place in the repository, with a `/` at its end; empty when it is the repository.
pub fn write(
    out: &mut dyn Write,
    findings: &[Diagnostic],
    files: usize,
    folder: &str,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    for finding in findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warn => "warning",
            Severity::Info => "notice",
        };
        let file = property(&format!("{folder}{}", finding.path));
        write!(out, "::{command} file={file}")?;
        if let Some(place) = &finding.place {
            let (line, last) = (place.start.line, place.last_line());
            write!(out, ",line={line},endLine={last}")?;
            // Columns are for places on one line; GitHub refuses others.
            if place.end.line == line {
                write!(
                    out,
                    ",col={},endColumn={}",
                    place.start.column, place.end.column
                )?;
            }
        }
        let title = property(&format!("Personary ({})", finding.code));
        let told = format!("{}: {}", location(finding, folder), paragraphs(finding));
        writeln!(out, ",title={title}::{}", data(&told))?;
    }
    writeln!(out, "{}", summary_line(findings, files))?;
    out.flush()
}

/// `text` as the message of a command.
pub(crate) fn data(text: &str) -> String {
    // The percent sign first: the others bring new ones.
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// `text` as the value of a property.
pub(crate) fn property(text: &str) -> String {
    data(&lines(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::{Place, samples};
    use super::*;

    fn written(findings: &[Diagnostic], folder: &str) -> String {
        let mut out = Vec::new();
        write(&mut out, findings, 31, folder).expect("writing to memory");
        String::from_utf8(out).expect("text")
    }

    /// A command as the runner reads it: its `ActionCommand.TryParseV2`, step by step.
    #[derive(Debug)]
    struct Command {
        name: String,
        properties: Vec<(String, String)>,
        message: String,
    }

    impl Command {
        fn read(line: &str) -> Option<Self> {
            let (head, message) = line.trim_start().strip_prefix("::")?.split_once("::")?;
            let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
            let pairs = properties.trim().split(',').filter(|part| !part.is_empty());
            let unescaped = |text: &str, codes: &[(&str, &str)]| {
                codes
                    .iter()
                    .fold(text.to_owned(), |text, (code, c)| text.replace(code, c))
            };
            let common = [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")];
            let all = [
                ("%0D", "\r"),
                ("%0A", "\n"),
                ("%3A", ":"),
                ("%2C", ","),
                ("%25", "%"),
            ];
            Some(Self {
                name: name.to_owned(),
                properties: pairs
                    .filter_map(|pair| pair.split_once('='))
                    .map(|(key, value)| (key.to_owned(), unescaped(value, &all)))
                    .collect(),
                message: unescaped(message, &common),
            })
        }

        fn property(&self, name: &str) -> Option<&str> {
            let mut found = self.properties.iter().filter(|(key, _)| key == name);
            let value = found.next().map(|(_, value)| value.as_str());
            assert!(found.next().is_none(), "{name} twice in {self:?}");
            value
        }
    }

    #[test]
    fn a_command_a_finding() {
        insta::assert_snapshot!(written(&samples::findings(), "docs/"), @r#"
        ::error file=docs/content/personas/ann.md,line=3,endLine=3,col=8,endColumn=15,title=Personary (unknown-ref)::docs/content/personas/ann.md:3:8: there is no team `nowhere`%0Ahelp: did you mean `nowhere-else`?
        ::error file=docs/content/personas/ann.md,line=9,endLine=9,col=8,endColumn=15,title=Personary (unknown-ref)::docs/content/personas/ann.md:9:8: there is no team `nowhere`%0Ahelp: did you mean `nowhere-else`?
        ::warning file=docs/content/pages/Zoë%3A 50%25 "off"%2C <b>?|名前.md,title=Personary (orphan)::docs/content/pages/Zoë: 50%25 "off", <b>?|名前.md: nothing refers to this page
        ::notice file=docs/personary.yaml,line=1,endLine=2,title=Personary (yaml-syntax)::docs/personary.yaml:1:1: 100%25 wrong: <a> & "b", it's%0A::error::␛[31m ␀
        2 errors, 1 warning, 1 info in 3 of 31 files
        "#);
    }

    #[test]
    fn nothing_found() {
        insta::assert_snapshot!(written(&[], ""), @"31 files checked, no findings");
    }

    #[test]
    fn whatever_is_said_arrives() {
        let nasty = [
            "100% of it, 50%25 of that: %0A is no line break",
            "a\nb\n::error file=x::forged\n::stop-commands::token",
            "::set-output name=a::b",
            "Zoë 名前 👩‍🔬, `a: b`, a=b; c]",
            "",
        ];
        for text in nasty {
            let finding = Diagnostic::new("schema", Severity::Warn, format!("{text}.md"), text)
                .help(format!("write {text}"));
            let report = written(&[finding], "a, b: 5%/");
            let lines: Vec<&str> = report.lines().collect();
            assert_eq!(lines.len(), 2, "one command and the summary: {report}");
            let command = Command::read(lines[0]).expect("a command");
            assert_eq!(command.name, "warning");
            let path = format!("a, b: 5%/{text}.md");
            assert_eq!(command.property("file"), Some(path.as_str()));
            assert_eq!(command.property("title"), Some("Personary (schema)"));
            assert_eq!(command.property("line"), None);
            assert!(
                command
                    .message
                    .ends_with(&format!(".md: {text}\nhelp: write {text}"))
            );
            assert!(Command::read(lines[1]).is_none());
        }
    }

    #[test]
    fn places_arrive() {
        let findings = samples::findings();
        let report = written(&findings, "");
        let commands: Vec<Command> = report.lines().filter_map(Command::read).collect();
        assert_eq!(commands.len(), findings.len());
        for (command, finding) in commands.iter().zip(&findings) {
            let number = |name| command.property(name).map(|text| text.parse().expect("it"));
            let place = finding.place.as_ref();
            assert_eq!(number("line"), place.map(|place| place.start.line));
            assert_eq!(number("endLine"), place.map(Place::last_line));
            let one_line = place.filter(|place| place.start.line == place.end.line);
            assert_eq!(number("col"), one_line.map(|place| place.start.column));
            assert_eq!(number("endColumn"), one_line.map(|place| place.end.column));
        }
    }

    #[test]
    fn nothing_steers_the_log() {
        let finding = Diagnostic::new("schema", Severity::Error, "a\u{1b}[2J.md", "x\u{1b}[31m\r");
        let report = written(&[finding], "");
        assert!(
            !report.contains(|c: char| c.is_control() && c != '\n'),
            "{report:?}"
        );
    }
}
