//! A report for a terminal.
//!
//! Changes stand by level and entity, each with a sign and a word for its level, what stood there and
//! what stands there now with the words that differ marked, the place, and whom it reaches. Without
//! colours the marks are those of `git diff --word-diff`. What is only worth knowing is a line each.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::super::{Change, Level, Piece, Review, shortened, words};
use super::wrap::{Page, Span, Style};
use super::{Options, asked, phrases};
use crate::diagnostic::concise::{one_line, write_lines};

/// Characters of a text that are shown.
const TEXT: usize = 600;
/// Names of a team's things in a line.
const NAMES: usize = 4;

pub(super) fn write(out: &mut dyn Write, review: &Review, options: &Options<'_>) -> io::Result<()> {
    let page = Page {
        out,
        colour: options.look.colour,
        width: options.width,
    };
    let mut report = Report { page, options };
    report.head(review)?;
    for level in [Level::Breaking, Level::Review] {
        report.level(review, level)?;
    }
    report.owners(review)?;
    report.gaps(review)?;
    report.level(review, Level::Info)?;
    report.findings(review)
}

struct Report<'a, 'o> {
    page: Page<'a>,
    options: &'o Options<'o>,
}

impl Report<'_, '_> {
    fn head(&mut self, review: &Review) -> io::Result<()> {
        let (base, head) = (one_line(&review.base), one_line(phrases::head(review)));
        let names = format!("Changes from {base} to {head}");
        self.page.paragraph("", &[(Style::Faint, names)])?;
        if let Some(partly) = phrases::partly(review) {
            self.page.line(&[])?;
            self.page.paragraph("", &[(Style::Review, partly)])?;
            for file in &review.partial {
                let file = (Style::Plain, phrases::partial(file));
                self.page.paragraph("  ", &[file])?;
            }
        }
        self.page.line(&[])?;
        let verdict = (Style::Bold, phrases::verdict(review));
        self.page.paragraph("", &[verdict])?;
        if let Some(beside) = phrases::beside(review) {
            self.page.paragraph("", &[(Style::Faint, beside)])?;
        }
        for (what, address) in [
            ("Full report", self.options.report),
            ("Site with these changes", self.options.preview),
        ] {
            if let Some(address) = address {
                let line = format!("{what}: {}", one_line(address));
                self.page.line(&[(Style::Plain, line)])?;
            }
        }
        Ok(())
    }

    /// The changes of a level, by entity.
    fn level(&mut self, review: &Review, level: Level) -> io::Result<()> {
        let changes = review.changes.iter().filter(|c| c.level == level);
        let entities = phrases::by_entity(changes);
        if entities.is_empty() {
            return Ok(());
        }
        self.heading(phrases::heading(level))?;
        for changes in entities {
            if let Some(first) = changes.first() {
                let name = one_line(&first.name).into_owned();
                let id = format!(" {}", phrases::name(first));
                let id = one_line(&id).into_owned();
                self.page.line(&[])?;
                self.page
                    .paragraph("", &[(Style::Bold, name), (Style::Faint, id)])?;
            }
            let mut said = BTreeSet::new();
            for change in changes {
                self.change(change)?;
                // What changed in one place mostly reaches the same as what changed beside it.
                let lines = phrases::impact(change).into_iter();
                for line in lines.filter(|_| change.level > Level::Info) {
                    if said.insert(line.clone()) {
                        self.page
                            .paragraph("    reaches ", &[(Style::Plain, line)])?;
                    }
                }
            }
        }
        Ok(())
    }

    fn heading(&mut self, words: &str) -> io::Result<()> {
        self.page.line(&[])?;
        self.page.line(&[(Style::Bold, words.to_uppercase())])
    }

    fn change(&mut self, change: &Change) -> io::Result<()> {
        let (sign, style) = match (change.level, self.options.look.unicode) {
            (Level::Breaking, true) => ("✗", Style::Breaking),
            (Level::Breaking, false) => ("x", Style::Breaking),
            (Level::Review, _) => ("!", Style::Review),
            (Level::Info, true) => ("·", Style::Info),
            (Level::Info, false) => ("-", Style::Info),
        };
        let title = [
            (style, format!("{sign} {} ", change.level)),
            (Style::Plain, one_line(&change.title).into_owned()),
            (Style::Faint, format!(" [{}]", change.code.name)),
        ];
        self.page.hanging("  ", 2, &title)?;
        if change.level > Level::Info {
            self.values(change)?;
        }
        let place = phrases::place(change, "");
        let mut place = vec![(Style::Plain, format!("    {place}"))];
        if change.is_before {
            place.push((Style::Faint, " (before)".to_owned()));
        }
        self.page.line(&place)
    }

    /// What stood there and what stands there now.
    fn values(&mut self, change: &Change) -> io::Result<()> {
        let (old, new) = match (&change.before, &change.after) {
            (Some(before), Some(after)) => words(before, after),
            (before, after) => (whole(before.as_deref()), whole(after.as_deref())),
        };
        if !old.is_empty() {
            let spans = self.marked(&old, (Style::Before, Style::Gone), ("[-", "-]"));
            self.page.paragraph("    - ", &spans)?;
        }
        if !new.is_empty() {
            let spans = self.marked(&new, (Style::After, Style::New), ("{+", "+}"));
            self.page.paragraph("    + ", &spans)?;
        }
        Ok(())
    }

    fn marked(
        &self,
        pieces: &[Piece<'_>],
        (same, other): (Style, Style),
        (open, close): (&str, &str),
    ) -> Vec<Span> {
        // Where everything differs there is nothing to mark.
        let all = pieces.len() == 1;
        let spans = shortened(pieces, TEXT).into_iter().map(|piece| {
            let text = one_line(&piece.text.replace('\n', " ")).into_owned();
            match (piece.differs && !all, self.options.look.colour) {
                (false, _) => (same, text),
                (true, true) => (other, text),
                (true, false) => (other, format!("{open}{text}{close}")),
            }
        });
        spans.collect()
    }

    fn owners(&mut self, review: &Review) -> io::Result<()> {
        if review.reviewers.is_empty() {
            return Ok(());
        }
        self.heading("Who should look at it")?;
        self.page.line(&[])?;
        for team in &review.reviewers {
            let (things, more) = phrases::first(&team.things, NAMES);
            let things = things
                .iter()
                .map(|(kind, name)| format!("{} {}", phrases::kind(*kind), one_line(name)));
            let things = phrases::listed(things.collect(), more);
            let mut spans = vec![(Style::Bold, one_line(team.called()).into_owned())];
            if let Some(contact) = team.contact.as_deref().filter(|text| !text.is_empty()) {
                let contact = format!(" ({})", one_line(contact));
                spans.push((Style::Plain, contact));
            }
            let counts = phrases::tally(team.counts());
            spans.push((Style::Plain, format!(": {counts}")));
            if !things.is_empty() {
                spans.push((Style::Plain, format!("; {things}")));
            }
            let asked = if team.is_requested == Some(false) {
                Style::Review
            } else {
                Style::Plain
            };
            spans.push((asked, asked::clause(team).to_owned()));
            self.page.hanging("  ", 2, &spans)?;
        }
        Ok(())
    }

    /// What `CODEOWNERS` leaves out.
    fn gaps(&mut self, review: &Review) -> io::Result<()> {
        let gaps = asked::gaps(review, self.options.folder);
        if gaps.is_empty() {
            return Ok(());
        }
        self.heading(asked::GAPS)?;
        self.page.line(&[])?;
        for (place, why) in gaps {
            let gap = format!("{place}: {why}");
            self.page.hanging("  ", 2, &[(Style::Plain, gap)])?;
        }
        Ok(())
    }

    fn findings(&mut self, review: &Review) -> io::Result<()> {
        if !review.introduced.is_empty() {
            self.heading("New findings")?;
            self.page.line(&[])?;
            write_lines(self.page.out, &review.introduced)?;
        }
        if !review.mended.is_empty() {
            let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
            for finding in &review.mended {
                *rules.entry(finding.code).or_default() += 1;
            }
            let rules = rules
                .iter()
                .map(|(rule, number)| format!("{rule} ({number})"));
            self.heading("Mended findings")?;
            self.page.line(&[])?;
            let rules = phrases::listed(rules.collect(), 0);
            self.page.paragraph("  ", &[(Style::Plain, rules)])?;
        }
        Ok(())
    }
}

fn whole(text: Option<&str>) -> Vec<Piece<'_>> {
    let piece = text.filter(|text| !text.is_empty()).map(|text| Piece {
        text,
        differs: false,
    });
    piece.into_iter().collect()
}

#[cfg(test)]
mod tests;
