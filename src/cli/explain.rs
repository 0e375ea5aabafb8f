//! `personary explain`.

use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::{Result, bail};
use clap::ValueEnum;
use personary::check::{about, abouts};
use personary::diagnostic::Severity;
use personary::diagnostic::rule::{About, Group};
use personary::schema::nearest;
use serde_json::{Value, json};

use super::Outcome;

/// Tells what a rule checks, why it matters and how to mend what it finds; without a name, which
/// rules there are.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The rule, as it stands in brackets in a finding
    rule: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// How to print a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people at a terminal
    Text,
    /// Markdown, for a page of your own
    Markdown,
    /// JSON, for programs
    Json,
}

/// The longest line of a text.
const WIDTH: usize = 88;

impl Arguments {
    pub(super) fn run(self) -> Result<Outcome> {
        let mut out = anstream::stdout();
        match (&self.rule, self.format) {
            (None, Format::Text) => out.write_all(table().as_bytes())?,
            (None, Format::Markdown) => out.write_all(markdown_table().as_bytes())?,
            (None, Format::Json) => {
                let rules: Vec<Value> = abouts().into_iter().map(json_of).collect();
                writeln!(out, "{:#}", json!({ "version": 1, "rules": rules }))?;
            }
            (Some(name), format) => {
                let Some(rule) = about(name) else {
                    let names = abouts().into_iter().map(|rule| rule.name);
                    let help = nearest::nearest(name, names).map_or_else(
                        || "`personary explain` lists them all".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    );
                    bail!("there is no rule `{name}`\nhelp: {help}");
                };
                match format {
                    Format::Text => out.write_all(page(rule).as_bytes())?,
                    Format::Markdown => out.write_all(rule.markdown().as_bytes())?,
                    Format::Json => writeln!(out, "{:#}", json_of(rule))?,
                }
            }
        }
        Ok(Outcome::Clean)
    }
}

/// Every rule in a line, by group.
fn table() -> String {
    let abouts = abouts();
    let names = abouts.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    let mut groups: Vec<Group> = abouts.iter().map(|rule| rule.group).collect();
    groups.sort_unstable();
    groups.dedup();
    for group in groups {
        let heading = match group.mistake() {
            Some(number) => format!("Mistake {number}: {}", group.title()),
            None => group.title().to_owned(),
        };
        let _ = writeln!(out, "\x1b[1m{heading}\x1b[0m");
        for rule in abouts.iter().filter(|rule| rule.group == group) {
            let severities = rule.severities();
            // Colours have no width, so blanks are added to the words.
            let blanks = " ".repeat(12usize.saturating_sub(severities.len()));
            let start = format!("  {:names$}  ", rule.name);
            let indent = start.len() + 14;
            let summary = wrapped(rule.summary, WIDTH + 24, indent);
            let _ = writeln!(
                out,
                "{start}{}{blanks}  {}",
                coloured(rule),
                summary.trim_start()
            );
        }
        out.push('\n');
    }
    out.push_str("More on a rule: personary explain NAME\n");
    out
}

fn coloured(rule: &About) -> String {
    let colour = |severity: Severity| match severity {
        Severity::Error => "31",
        Severity::Warn => "33",
        Severity::Info => "36",
    };
    let word = |severity: Severity| format!("\x1b[{}m{severity}\x1b[0m", colour(severity));
    match rule.lesser {
        Some(lesser) => format!("{} / {}", word(lesser), word(rule.severity)),
        None => word(rule.severity),
    }
}

fn markdown_table() -> String {
    let mut out =
        String::from("| Rule | Severity | Group | What it finds |\n| --- | --- | --- | --- |\n");
    for rule in abouts() {
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} |",
            rule.name,
            rule.severities(),
            rule.group.title(),
            rule.summary
        );
    }
    out
}

/// A rule as a page for the terminal.
fn page(rule: &About) -> String {
    let mut out = format!("\x1b[1m{}\x1b[0m  {}", rule.name, coloured(rule));
    if let Some(number) = rule.group.mistake() {
        let _ = write!(out, "  mistake {number} of 7: {}", rule.group.title());
    } else {
        let _ = write!(out, "  {}", rule.group.title());
    }
    let _ = writeln!(out, "\n{}.", wrapped(rule.summary, WIDTH, 0));
    let mut part = |title: &str, text: String| {
        if !text.trim().is_empty() {
            let _ = writeln!(out, "\n\x1b[1m{title}\x1b[0m\n{}", text.trim_end());
        }
    };
    let code = |text: &str| {
        let lines = text
            .lines()
            .map(|line| format!("    \x1b[2m{line}\x1b[0m\n"));
        lines.collect::<String>()
    };
    part("What it checks", wrapped(rule.what, WIDTH, 2));
    part("Why it matters", wrapped(rule.why, WIDTH, 2));
    part("Source", wrapped(rule.source, WIDTH, 2));
    part("An example that fails", code(rule.fails));
    part("The repair", code(rule.repair));
    let settings = rule.thresholds.iter().map(|threshold| {
        let text = format!(
            "{} (default {}): {}.",
            threshold.name, threshold.default, threshold.doc
        );
        wrapped(&text, WIDTH, 2) + "\n"
    });
    part("Settings", settings.collect());
    part("In personary.yaml", code(&rule.settings()));
    out
}

fn json_of(rule: &About) -> Value {
    let thresholds = rule.thresholds.iter().map(|threshold| {
        json!({ "name": threshold.name, "default": threshold.default, "description": threshold.doc })
    });
    json!({
        "name": rule.name,
        "severity": rule.severity,
        "lesser_severity": rule.lesser,
        "group": rule.group.as_str(),
        "group_title": rule.group.title(),
        "mistake": rule.group.mistake(),
        "summary": rule.summary,
        "what": rule.what,
        "why": rule.why,
        "source": rule.source,
        "fails": rule.fails,
        "repair": rule.repair,
        "thresholds": thresholds.collect::<Vec<_>>(),
    })
}

/// A text in lines of at most `width`, each after `indent` blanks.
fn wrapped(text: &str, width: usize, indent: usize) -> String {
    let start = " ".repeat(indent);
    let mut lines = vec![start.clone()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > indent && line + 1 + word.chars().count() > width {
            lines.push(start.clone());
        }
        if let Some(line) = lines.last_mut() {
            if line.len() > indent {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}
