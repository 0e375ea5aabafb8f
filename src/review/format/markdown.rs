//! A comment for a pull request, which a product manager reads.
//!
//! A comment that is too long is refused, so it is cut: whole rows, from the least important end,
//! with a word about it where the eye falls first. The comment begins with a line that nobody sees,
//! by which whoever posted it finds it again.
//!
//! GitHub says that a comment has at most 65,536 characters. It was measured to count code points in
//! the text of a pull request, and in comments bytes, of which it takes four times as many. Here
//! UTF-16 code units are counted, of which a text has at least as many as code points, and no more
//! than three bytes each: what fits by them fits by any count.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::super::{Change, Level, Partial, Piece, Review, shortened, words};
use super::escape::inline;
use super::phrases::{self, first, listed, side};
use super::{Options, asked, reach};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::concise::count;
use crate::schema::Kind;

/// A comment must be shorter: in UTF-16 code units.
const LIMIT: usize = 65_536;
/// Characters of a text from content that are shown in a cell.
const CELL: usize = 280;
/// Characters of a name that are shown.
const NAME: usize = 80;
/// Names in a list before it says how many more there are.
const NAMES: usize = 4;
/// Closes a part that is folded.
const CLOSED: &str = "\n</details>\n\n";
/// Kept free for the words that say what was left out.
const NOTE: usize = 200;

/// A part of the comment: rows, and what stands around them. Without rows it is not there.
struct Section {
    before: String,
    rows: Vec<String>,
    after: &'static str,
    /// In which order sections lose their rows: the highest first.
    rank: u8,
}

pub(super) fn write(out: &mut dyn Write, review: &Review, options: &Options<'_>) -> io::Result<()> {
    let (mut head, mut tail) = head(review, options);
    let mut sections = sections(review, options);
    let frame = |section: &Section| length(&section.before) + length(section.after) + NOTE;
    let used = length(&head) + length(&tail) + NOTE + options.report().map_or(0, |r| length(&r));
    let frames: usize = sections.iter().map(frame).sum();
    let left_out = fit(&mut sections, LIMIT.saturating_sub(used + frames + 1));
    let rows: usize = left_out.iter().sum();
    if rows > 0 {
        let report = match options.report() {
            Some(address) => format!("[The full report]({}) has them.", reference(&address)),
            None => "`personary diff --format html` writes them all.".to_owned(),
        };
        let cut = format!(
            "**Cut to the length of a comment:** {} of this report {} left out, the least important first. {report}\n\n",
            count(rows, "row"),
            if rows == 1 { "is" } else { "are" },
        );
        head.push_str(&cut);
    }
    head.push_str(&std::mem::take(&mut tail));
    for (section, left_out) in sections.iter().zip(left_out) {
        if section.rows.is_empty() && left_out == 0 {
            continue;
        }
        head.push_str(&section.before);
        head.extend(section.rows.iter().map(String::as_str));
        if left_out > 0 {
            let _ = writeln!(head, "\n*{left_out} more left out here.*");
        }
        head.push_str(section.after);
    }
    out.write_all(head.trim_end().as_bytes())?;
    writeln!(out)
}

/// Takes rows away until `budget` is kept; how many of each section.
fn fit(sections: &mut [Section], budget: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sections.len()).collect();
    order.sort_by_key(|&at| sections[at].rank);
    let mut left_out = vec![0; sections.len()];
    let mut left = budget;
    let mut full = false;
    for at in order {
        let rows = &mut sections[at].rows;
        let mut kept = 0;
        while !full && let Some(row) = rows.get(kept) {
            match left.checked_sub(length(row)) {
                Some(rest) => (left, kept) = (rest, kept + 1),
                None => full = true,
            }
        }
        left_out[at] = rows.len() - kept;
        rows.truncate(kept);
    }
    left_out
}

fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// What stands above the sections: before and after the place for the word that it was cut.
fn head(review: &Review, options: &Options<'_>) -> (String, String) {
    let key = |c: char| c.is_ascii_alphanumeric() || "/._".contains(c);
    let folder: String = options.folder.chars().filter(|&c| key(c)).collect();
    let mut marker = format!("personary diff {folder}");
    marker.truncate(CELL);
    let mut head = format!("<!-- {} -->\n\n", marker.trim_end());
    if let Some(partly) = phrases::partly(review) {
        let _ = writeln!(head, "**{partly}.**\n");
    }
    let _ = writeln!(head, "### {}\n", phrases::verdict(review));
    let mut line = format!(
        "From <code>{}</code> to {}",
        inline(&cut(&review.base, NAME)),
        match &review.head {
            Some(head) => format!("<code>{}</code>", inline(&cut(head, NAME))),
            None => phrases::head(review).to_owned(),
        }
    );
    if let Some(beside) = phrases::beside(review) {
        line.push_str(" · ");
        line.push_str(&beside);
    }
    for (what, address) in [
        ("Site with these changes", options.preview()),
        ("Full report", options.report()),
    ] {
        if let Some(address) = address {
            let _ = write!(line, " · [{what}]({})", reference(&address));
        }
    }
    line.push_str("\n\n");
    (head, line)
}

/// An address inside the brackets of a link.
fn reference(address: &str) -> String {
    address.replace('&', "&amp;")
}

fn sections(review: &Review, options: &Options<'_>) -> Vec<Section> {
    let table = |columns: &[&str]| {
        let rules = vec!["---"; columns.len()];
        format!("| {} |\n| {} |\n", columns.join(" | "), rules.join(" | "))
    };
    let open = |title: &str, columns: &[&str]| format!("#### {title}\n\n{}", table(columns));
    let folded = |title: &str, columns: &[&str]| {
        format!(
            "<details>\n<summary>{title}</summary>\n\n{}",
            table(columns)
        )
    };
    let of = |level: Level| -> Vec<String> {
        let changes = review.changes.iter().filter(|c| c.level == level);
        changes.map(|change| row(change, options)).collect()
    };
    let changes = ["Whose", "What changed", "Before", "After"];
    let findings = ["Where", "What is wrong"];
    let mut teams = vec!["Team", "Contact", "Changes", "What of theirs"];
    if review.requested.is_some() {
        teams.push(asked::COLUMN);
    }
    let partial = review.partial.iter();
    let info = of(Level::Info);
    vec![
        Section {
            before: open("Could not be read", &["File", "Why"]),
            rows: partial.map(|file| unread(file, options)).collect(),
            after: "\n",
            rank: 2,
        },
        Section {
            before: open(phrases::heading(Level::Breaking), &changes),
            rows: of(Level::Breaking),
            after: "\n",
            rank: 0,
        },
        Section {
            before: open(phrases::heading(Level::Review), &changes),
            rows: of(Level::Review),
            after: "\n",
            rank: 3,
        },
        Section {
            before: open("Whom it reaches", &["Whom", "Where", "Because of"]),
            rows: reached(review, options),
            after: "\n",
            rank: 6,
        },
        Section {
            before: open("Who should look at it", &teams),
            rows: owners(review, options),
            after: "\n",
            rank: 1,
        },
        Section {
            before: open(asked::GAPS, &findings),
            rows: gaps(review, options),
            after: "\n",
            rank: 5,
        },
        Section {
            before: open("New findings", &findings),
            rows: found(&review.introduced, options),
            after: "\n",
            rank: 4,
        },
        Section {
            before: folded(
                &format!("Worth knowing: {}", count(info.len(), "change")),
                &changes,
            ),
            rows: info,
            after: CLOSED,
            rank: 7,
        },
        Section {
            before: folded(
                &format!("Mended: {}", count(review.mended.len(), "finding")),
                &findings,
            ),
            rows: found(&review.mended, options),
            after: CLOSED,
            rank: 8,
        },
    ]
}

/// The row of a change.
fn row(change: &Change, options: &Options<'_>) -> String {
    let (before, after) = values(change);
    let line = Some(change.start.line).filter(|line| *line > 0);
    let place = place(&change.path, line, options);
    let gone = if change.is_before { ", before" } else { "" };
    format!(
        "| {}<br>{} | {}<br><sub><code>{}</code>{gone}</sub> | {before} | {after} |\n",
        linked(change.kind, &change.id, &change.name, options),
        phrases::kind(change.kind),
        inline(&cut(&change.title, CELL)),
        place,
    )
}

/// Before and after, with the words that differ marked.
fn values(change: &Change) -> (String, String) {
    let (before, after) = (change.before.as_deref(), change.after.as_deref());
    match (before, after) {
        (Some(before), Some(after)) => {
            let (old, new) = words(before, after);
            (marked(&old, "del"), marked(&new, "ins"))
        }
        (one, other) => (plain(one), plain(other)),
    }
}

fn plain(text: Option<&str>) -> String {
    text.map_or_else(|| "–".to_owned(), |text| inline(&cut(text, CELL)))
}

/// Pieces with those that differ in an element, unless all do.
fn marked(pieces: &[Piece<'_>], element: &str) -> String {
    let all = pieces.len() == 1;
    let mut out = String::new();
    for piece in shortened(pieces, CELL) {
        // A piece alone loses the space that parts it from the next.
        let start = if piece.text.starts_with(char::is_whitespace) {
            " "
        } else {
            ""
        };
        let end = if piece.text.ends_with(char::is_whitespace) {
            " "
        } else {
            ""
        };
        let text = inline(piece.text);
        let part = match (text.is_empty(), piece.differs && !all) {
            (true, _) => " ".to_owned(),
            (false, true) => format!("{start}<{element}>{text}</{element}>{end}"),
            (false, false) => format!("{start}{text}{end}"),
        };
        out.push_str(&part);
    }
    out.trim().to_owned()
}

/// A name, which leads to its page where there is a site.
fn linked(kind: Kind, id: &str, name: &str, options: &Options<'_>) -> String {
    let name = inline(&cut(name, NAME));
    match options.page(kind, id).filter(|page| page.len() < CELL * 4) {
        Some(page) => format!("[<b>{name}</b>]({})", reference(&page)),
        None => format!("<b>{name}</b>"),
    }
}

fn unread(file: &Partial, options: &Options<'_>) -> String {
    let what = place(&file.path, None, options);
    let why = inline(&cut(&file.reason, CELL));
    format!(
        "| <code>{what}</code>, {} | {why} |\n",
        side(file.is_before)
    )
}

fn reached(review: &Review, options: &Options<'_>) -> Vec<String> {
    let rows = reach::touched(review).into_iter().map(|touched| {
        let reached = touched.reached;
        let (parts, more) = first(&touched.parts, NAMES);
        let parts = parts.iter().map(|part| inline(&cut(part, NAME)));
        let mut place = listed(parts.collect(), more);
        let path = touched
            .changes
            .first()
            .map_or_else(Vec::new, |change| reach::through(change, reached));
        if !path.is_empty() {
            let (path, more) = first(&path, NAMES);
            let path = path.iter().map(|step| inline(&cut(step, NAME)));
            let through = format!("through {}", listed(path.collect(), more));
            place = [place, through].join(" ");
        }
        let changes = reach::in_short(&touched.changes);
        let (changes, more) = first(&changes, NAMES);
        let changes = changes.iter().map(|what| inline(&cut(what, CELL / 2)));
        let mut changes: Vec<String> = changes.collect();
        if more > 0 {
            changes.push(format!("and {more} more"));
        }
        format!(
            "| {}<br>{} | {} | {} |\n",
            linked(reached.kind, &reached.id, &reached.name, options),
            phrases::kind(reached.kind),
            if place.is_empty() {
                "–"
            } else {
                place.trim()
            },
            changes.join("<br>"),
        )
    });
    rows.collect()
}

fn owners(review: &Review, options: &Options<'_>) -> Vec<String> {
    let rows = review.reviewers.iter().map(|team| {
        let (things, more) = first(&team.things, NAMES);
        let things = things
            .iter()
            .map(|(kind, name)| format!("{} {}", phrases::kind(*kind), inline(&cut(name, NAME))));
        let contact = match team.contact.as_deref() {
            None | Some("") => "–".to_owned(),
            Some(contact) => inline(&cut(contact, NAME)),
        };
        let things = listed(things.collect(), more);
        let mut cells = vec![
            linked(Kind::Team, &team.team, team.called(), options),
            contact,
            phrases::tally(team.counts()),
            if things.is_empty() {
                "–".to_owned()
            } else {
                things
            },
        ];
        if review.requested.is_some() {
            cells.push(asked::word(team).to_owned());
        }
        format!("| {} |\n", cells.join(" | "))
    });
    rows.collect()
}

/// What `CODEOWNERS` leaves out.
fn gaps(review: &Review, options: &Options<'_>) -> Vec<String> {
    let gaps = asked::gaps(review, options.folder).into_iter();
    let rows = gaps.map(|(place, why)| {
        let (place, why) = (inline(&cut(&place, CELL)), inline(&cut(&why, CELL)));
        format!("| <code>{place}</code> | {why} |\n")
    });
    rows.collect()
}

/// Findings that say the same of one file are one row, with all their lines.
fn found(findings: &[Diagnostic], options: &Options<'_>) -> Vec<String> {
    let mut rows: Vec<(&Diagnostic, Vec<u32>)> = Vec::new();
    for finding in findings {
        let line = finding.place.as_ref().map(|place| place.start.line);
        let says = |f: &Diagnostic| (f.path.clone(), f.code, f.message.clone(), f.help.clone());
        let known = rows
            .iter_mut()
            .find(|(known, _)| says(known) == says(finding));
        match known {
            Some((_, lines)) => lines.extend(line),
            None => rows.push((finding, line.into_iter().collect())),
        }
    }
    let rows = rows.into_iter().map(|(finding, mut lines)| {
        lines.dedup();
        let (first, more) = lines
            .split_first()
            .map_or((None, &[][..]), |(f, m)| (Some(*f), m));
        let more = more
            .iter()
            .fold(String::new(), |text, line| format!("{text}, {line}"));
        let help = finding.help.as_deref().map(|help| inline(&cut(help, CELL)));
        format!(
            "| <code>{}{}</code> | {}: {}{} ({}) |\n",
            place(&finding.path, first, options),
            cut(&more, CELL),
            finding.severity,
            inline(&cut(&finding.message, CELL)),
            help.map_or_else(String::new, |help| format!("<br>{help}")),
            inline(finding.code),
        )
    });
    rows.collect()
}

/// The first characters of a text.
fn cut(text: &str, limit: usize) -> String {
    let whole = [Piece {
        text,
        differs: false,
    }];
    let pieces = shortened(&whole, limit);
    pieces.iter().map(|piece| piece.text).collect()
}

/// Where something is: a file and a line. A column would only make it harder to copy, since `:4:` is
/// how codes of emoji look.
fn place(path: &str, line: Option<u32>, options: &Options<'_>) -> String {
    let path = format!("{}{path}", options.folder);
    let path = match path.char_indices().rev().nth(CELL - 1) {
        Some((at, _)) if at > 0 => format!("…{}", &path[at..]),
        _ => path,
    };
    inline(&match line {
        Some(line) => format!("{path}:{line}"),
        None => path,
    })
}

#[cfg(test)]
mod tests;
