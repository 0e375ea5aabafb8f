//! `personary check --summary`: how the library is doing, for a terminal.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use jiff::civil::Date;
use personary::diagnostic::Severity;
use personary::diagnostic::concise::{count, one_line};
use personary::library::health::{AHEAD_DAYS, Card, Expiry, Health, Tally};

/// Personas that are listed; the site lists all.
const MAX_PERSONAS: usize = 20;
/// The widest name in a column.
const NAME: usize = 28;

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const RED: &str = "\x1b[31m";
const END: &str = "\x1b[0m";

/// Prints the health of the library called `title` on the day `today`.
pub(super) fn print(title: &str, health: &Health<'_>, today: Date) -> io::Result<()> {
    let text = text(title, health, today);
    // The stream leaves the colours out where nobody wants them.
    anstream::stdout().write_all(text.as_bytes())
}

fn text(title: &str, health: &Health<'_>, today: Date) -> String {
    let mut out = String::new();
    let covered = health.coverage;
    let _ = writeln!(out, "{BOLD}{}{END}, as of {today}\n", one_line(title));
    let _ = writeln!(
        out,
        "  {:>4}%  of {} rest on research; {}",
        covered.percent(),
        count(covered.claims, "claim"),
        count(covered.assumptions(), "assumption")
    );
    let _ = writeln!(out, "  {:>5}  broken references", health.broken);
    let _ = writeln!(out, "         {}\n", tallied(health.tally));
    let _ = writeln!(out, "{BOLD}The seven mistakes{END}");
    for (number, mistake) in (1..).zip(&health.mistakes) {
        let found = match mistake.tally.worst() {
            None => String::new(),
            Some(_) => format!(
                "{DIM}in {}: {}{END}",
                if mistake.entities == 1 {
                    "1 entry".to_owned()
                } else {
                    format!("{} entries", mistake.entities)
                },
                tallied(mistake.tally)
            ),
        };
        let line = format!(
            "  {} {number}  {:<32}{found}",
            mark(mistake.tally.worst()),
            mistake.group.title()
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    personas(&mut out, &health.personas);
    if !health.expiring.is_empty() {
        let _ = writeln!(out, "\n{BOLD}Within {AHEAD_DAYS} days{END}");
        for expiring in &health.expiring {
            let what = match expiring.what {
                Expiry::Evidence => "grows too old",
                Expiry::Review => "wants a review",
                Expiry::Allow => "has an accepted finding that comes back",
            };
            let _ = writeln!(
                out,
                "  {}  {} {DIM}{what}{END}",
                expiring.day,
                expiring.entity.qualified()
            );
        }
    }
    if !health.owners.is_empty() {
        let _ = writeln!(out, "\n{BOLD}Open findings by owner{END}");
        for owner in &health.owners {
            let name = owner.team.map_or("nobody", |team| team.name());
            let _ = writeln!(out, "  {} {}", column(name), tallied(owner.tally));
        }
    }
    out
}

fn personas(out: &mut String, cards: &[Card<'_>]) {
    if cards.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "\n{BOLD}{:<width$} founded  assumptions  newest      reviewed    1 2 3 4 5 6 7{END}",
        "Personas",
        width = NAME + 2
    );
    for card in cards.iter().take(MAX_PERSONAS) {
        let day = |day: Option<Date>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
        let marks: Vec<_> = card.mistakes.iter().map(|worst| mark(*worst)).collect();
        let _ = writeln!(
            out,
            "  {} {:>6}%  {:>11}  {:<10}  {:<10}  {}",
            column(card.entity.name()),
            card.coverage.percent(),
            card.coverage.assumptions(),
            day(card.newest.map(|(day, _)| day)),
            day(card.entity.common.last_reviewed),
            marks.join(" ")
        );
    }
    if cards.len() > MAX_PERSONAS {
        let more = cards.len() - MAX_PERSONAS;
        let _ = writeln!(out, "  {DIM}and {more} more, of whom less was found{END}");
    }
}

/// A name, cut or filled to the width of its column.
fn column(name: &str) -> String {
    let name = one_line(name);
    let cut: String = if name.chars().count() > NAME {
        name.chars().take(NAME - 1).chain(['…']).collect()
    } else {
        name.into_owned()
    };
    format!("{cut:<NAME$}")
}

fn mark(worst: Option<Severity>) -> String {
    match worst {
        None => format!("{GREEN}✓{END}"),
        Some(Severity::Error) => format!("{RED}✗{END}"),
        Some(_) => format!("{YELLOW}!{END}"),
    }
}

fn tallied(tally: Tally) -> String {
    let parts = [
        (tally.errors, "error"),
        (tally.warnings, "warning"),
        (tally.infos, "note"),
    ];
    let parts = parts.into_iter().filter(|(n, _)| *n > 0);
    let parts: Vec<_> = parts.map(|(n, one)| count(n, one)).collect();
    if parts.is_empty() {
        "no findings".to_owned()
    } else {
        parts.join(", ")
    }
}
