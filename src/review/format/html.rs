//! A page of its own: one file without scripts, with what stood there and what stands there now side
//! by side, in the look of the site, for light and dark and for paper.

use std::io::{self, Write};
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use super::super::{Change, Level, Piece, Review, words};
use super::{Options, asked, phrases, reach};
use crate::diagnostic::concise::{lines, one_line};
use crate::diagnostic::markup::escaped;
use crate::diagnostic::{Diagnostic, Place};
use crate::schema::Kind;

const STYLE: &str = include_str!("report.css");
/// The stylesheet of the site, from which a report has its colours, type and space.
const THEME: &str = include_str!("../../../themes/default/static/style.css");
/// Nothing is loaded and nothing runs, whatever the content says; of styles only our own, which is
/// known by its hash.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = base64(&Sha256::digest(sheet()));
    format!("default-src 'none'; style-src 'sha256-{hash}'; form-action 'none'; base-uri 'none'")
});

/// What stands between the tags of the style.
fn sheet() -> String {
    format!("\n{}{STYLE}", roles())
}

pub(super) fn write(out: &mut dyn Write, review: &Review, options: &Options<'_>) -> io::Result<()> {
    let mut page = Page { out, options };
    page.head(review)?;
    for level in [Level::Breaking, Level::Review] {
        let changes = of(review, level);
        if !changes.is_empty() {
            let (id, words, number) = (level.as_str(), phrases::heading(level), changes.len());
            let out = &mut page.out;
            writeln!(
                out,
                "<section aria-labelledby=\"{id}\">\n\
                 <h2 id=\"{id}\">{words} <span class=\"count\">{number}</span></h2>"
            )?;
            page.entities(&changes)?;
            writeln!(page.out, "</section>")?;
        }
    }
    page.reached(review)?;
    page.owners(review)?;
    page.gaps(review)?;
    page.findings("New findings", &review.introduced)?;
    let info = of(review, Level::Info);
    if !info.is_empty() {
        page.folded(phrases::heading(Level::Info), info.len())?;
        page.entities(&info)?;
        writeln!(page.out, "</details>")?;
    }
    if !review.mended.is_empty() {
        page.folded("Mended findings", review.mended.len())?;
        page.list(&review.mended)?;
        writeln!(page.out, "</details>")?;
    }
    writeln!(page.out, "</main>\n</body>\n</html>")
}

/// The roles that the theme declares.
fn roles() -> &'static str {
    let rest = THEME.find(":root {").map_or("", |from| &THEME[from..]);
    rest.find("}\n").map_or("", |end| &rest[..end + 2])
}

fn of(review: &Review, level: Level) -> Vec<&Change> {
    let changes = review.changes.iter();
    changes.filter(|change| change.level == level).collect()
}

/// Bytes as policies write hashes.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, n| {
            bits << 8 | usize::from(three.get(n).copied().unwrap_or(0))
        });
        for digit in 0..4 {
            let is_there = digit <= three.len();
            let value = bits >> (18 - 6 * digit) & 63;
            out.push(if is_there {
                char::from(DIGITS[value])
            } else {
                '='
            });
        }
    }
    out
}

/// A text in one line.
fn text(text: &str) -> String {
    escaped(&one_line(text)).into_owned()
}

struct Page<'a, 'o> {
    out: &'a mut dyn Write,
    options: &'o Options<'o>,
}

impl Page<'_, '_> {
    fn head(&mut self, review: &Review) -> io::Result<()> {
        let (base, head) = (text(&review.base), text(phrases::head(review)));
        let verdict = phrases::verdict(review);
        let (policy, sheet) = (&*POLICY, sheet());
        writeln!(
            self.out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>Changes from {base} to {head}</title>\n\
             <style>{sheet}</style>\n</head>\n<body>\n<main>\n<header>"
        )?;
        if let Some(partly) = phrases::partly(review) {
            writeln!(self.out, "<div class=\"notice\">\n<p>{partly}.</p>\n<ul>")?;
            for file in &review.partial {
                let file = text(&phrases::partial(file));
                writeln!(self.out, "<li><bdi>{file}</bdi></li>")?;
            }
            writeln!(self.out, "</ul>\n</div>")?;
        }
        writeln!(
            self.out,
            "<p class=\"meta\">Changes from <bdi>{base}</bdi> to <bdi>{head}</bdi></p>\n\
             <h1>{verdict}</h1>"
        )?;
        let counts = phrases::counts(review);
        if !counts.is_empty() {
            let counts = counts.join("</li><li>");
            writeln!(self.out, "<ul class=\"badges\"><li>{counts}</li></ul>")?;
        }
        if let Some(preview) = self.options.preview() {
            writeln!(
                self.out,
                "<p class=\"ways\"><a href=\"{}\">Site with these changes</a></p>",
                escaped(&preview)
            )?;
        }
        writeln!(self.out, "</header>")
    }

    fn folded(&mut self, words: &str, number: usize) -> io::Result<()> {
        writeln!(
            self.out,
            "<details>\n<summary><h2>{words}</h2> <span class=\"count\">{number}</span></summary>"
        )
    }

    /// Changes of one level, by entity.
    fn entities(&mut self, changes: &[&Change]) -> io::Result<()> {
        for changes in phrases::by_entity(changes.iter().copied()) {
            let Some(first) = changes.first() else {
                continue;
            };
            writeln!(
                self.out,
                "<article class=\"entity\">\n<h3>{} <small>{}</small></h3>",
                self.name(first.kind, &first.id, &first.name),
                phrases::kind(first.kind)
            )?;
            for change in changes {
                self.change(change)?;
            }
            writeln!(self.out, "</article>")?;
        }
        Ok(())
    }

    /// A name, which leads to its page where there is a site.
    fn name(&self, kind: Kind, id: &str, name: &str) -> String {
        let name = text(name);
        match self.options.page(kind, id) {
            Some(page) => format!("<a href=\"{}\"><bdi>{name}</bdi></a>", escaped(&page)),
            None => format!("<bdi>{name}</bdi>"),
        }
    }

    fn change(&mut self, change: &Change) -> io::Result<()> {
        let sign = match change.level {
            Level::Breaking => "✗",
            Level::Review => "!",
            Level::Info => "·",
        };
        let level = change.level;
        let gone = if change.is_before { " (before)" } else { "" };
        writeln!(
            self.out,
            "<div class=\"change {level}\">\n\
             <h4><span class=\"state\"><span aria-hidden=\"true\">{sign}</span> {level}</span> \
             <bdi>{}</bdi></h4>\n\
             <p class=\"meta\"><code>{}</code>{gone} · {}</p>",
            text(&change.title),
            text(&phrases::place(change, self.options.folder)),
            change.code.name,
        )?;
        if change.before.is_some() || change.after.is_some() {
            self.sides(change)?;
        }
        let reached = phrases::impact(change);
        if !reached.is_empty() {
            writeln!(self.out, "<ul class=\"reaches\" aria-label=\"Reaches\">")?;
            for line in reached {
                writeln!(self.out, "<li><bdi>{}</bdi></li>", text(&line))?;
            }
            writeln!(self.out, "</ul>")?;
        }
        writeln!(self.out, "</div>")
    }

    /// What stood there beside what stands there now.
    fn sides(&mut self, change: &Change) -> io::Result<()> {
        let (before, after) = match (&change.before, &change.after) {
            (Some(before), Some(after)) => {
                let (old, new) = words(before, after);
                (Some(marked(&old, "del")), Some(marked(&new, "ins")))
            }
            (before, after) => {
                let whole = |text: &Option<String>| {
                    let text = text.as_deref()?;
                    Some(escaped(&lines(text)).into_owned())
                };
                (whole(before), whole(after))
            }
        };
        writeln!(self.out, "<dl class=\"sides\">")?;
        for (side, value) in [("Before", before), ("After", after)] {
            let value = match value {
                Some(value) => format!("<dd dir=\"auto\">{value}</dd>"),
                None => "<dd class=\"meta\">Not there</dd>".to_owned(),
            };
            writeln!(self.out, "<div><dt>{side}</dt>{value}</div>")?;
        }
        writeln!(self.out, "</dl>")
    }

    /// Begins a section with a table.
    fn table(&mut self, title: &str, columns: &[&str]) -> io::Result<()> {
        let id = title.to_lowercase().replace(' ', "-");
        let columns = columns.join("</th><th scope=\"col\">");
        writeln!(
            self.out,
            "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>\n\
             <div class=\"scroll\" role=\"group\" aria-labelledby=\"{id}\" tabindex=\"0\">\n<table>\n\
             <thead><tr><th scope=\"col\">{columns}</th></tr></thead>\n<tbody>"
        )
    }

    fn reached(&mut self, review: &Review) -> io::Result<()> {
        let all = reach::touched(review);
        if all.is_empty() {
            return Ok(());
        }
        self.table("Whom it reaches", &["Whom", "Where", "Because of"])?;
        for touched in all {
            let reached = touched.reached;
            let mut place = touched.parts.join(", ");
            let first = touched.changes.first();
            let path = first.map_or_else(Vec::new, |change| reach::through(change, reached));
            if !path.is_empty() {
                let through = format!(" through {}", path.join(", "));
                place.push_str(&through);
            }
            let changes = reach::in_short(&touched.changes).into_iter();
            let changes: Vec<String> = changes.map(|what| text(&what)).collect();
            writeln!(
                self.out,
                "<tr><th scope=\"row\">{} <small>{}</small></th><td>{}</td><td>{}</td></tr>",
                self.name(reached.kind, &reached.id, &reached.name),
                phrases::kind(reached.kind),
                text(place.trim()),
                changes.join("<br>")
            )?;
        }
        self.end_table()
    }

    fn owners(&mut self, review: &Review) -> io::Result<()> {
        if review.reviewers.is_empty() {
            return Ok(());
        }
        let mut columns = vec!["Team", "Contact", "Changes", "What of theirs"];
        if review.requested.is_some() {
            columns.push(asked::COLUMN);
        }
        self.table("Who should look at it", &columns)?;
        for team in &review.reviewers {
            let things = team.things.iter();
            let things = things.map(|(kind, name)| format!("{} {name}", phrases::kind(*kind)));
            let things: Vec<String> = things.collect();
            let mut cells = vec![
                text(team.contact.as_deref().unwrap_or_default()),
                phrases::tally(team.counts()),
                text(&things.join(", ")),
            ];
            if review.requested.is_some() {
                cells.push(asked::word(team).to_owned());
            }
            writeln!(
                self.out,
                "<tr><th scope=\"row\">{}</th><td>{}</td></tr>",
                self.name(Kind::Team, &team.team, team.called()),
                cells.join("</td><td>")
            )?;
        }
        self.end_table()
    }

    /// What `CODEOWNERS` leaves out.
    fn gaps(&mut self, review: &Review) -> io::Result<()> {
        let gaps = asked::gaps(review, self.options.folder);
        if gaps.is_empty() {
            return Ok(());
        }
        self.table(asked::GAPS, &["Where", "What is wrong"])?;
        for (place, why) in gaps {
            writeln!(
                self.out,
                "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td></tr>",
                text(&place),
                text(&why)
            )?;
        }
        self.end_table()
    }

    fn end_table(&mut self) -> io::Result<()> {
        writeln!(self.out, "</tbody>\n</table>\n</div>\n</section>")
    }

    fn findings(&mut self, title: &str, findings: &[Diagnostic]) -> io::Result<()> {
        if findings.is_empty() {
            return Ok(());
        }
        let number = findings.len();
        writeln!(
            self.out,
            "<section aria-labelledby=\"findings\">\n\
             <h2 id=\"findings\">{title} <span class=\"count\">{number}</span></h2>"
        )?;
        self.list(findings)?;
        writeln!(self.out, "</section>")
    }

    fn list(&mut self, findings: &[Diagnostic]) -> io::Result<()> {
        writeln!(self.out, "<ul class=\"findings\">")?;
        for finding in findings {
            let path = format!("{}{}", self.options.folder, finding.path);
            let place = match &finding.place {
                Some(Place { start, .. }) => format!("{path}:{}:{}", start.line, start.column),
                None => path,
            };
            let help = finding
                .help
                .as_deref()
                .map_or_else(String::new, |help| format!("<br>{}", escaped(&lines(help))));
            writeln!(
                self.out,
                "<li><b>{}</b> <bdi>{}</bdi>{help}<br><small><code>{}</code> · {}</small></li>",
                finding.severity,
                text(&finding.message),
                text(&place),
                text(finding.code)
            )?;
        }
        writeln!(self.out, "</ul>")
    }
}

/// Pieces with those that differ in an element, unless all do.
fn marked(pieces: &[Piece<'_>], element: &str) -> String {
    let all = pieces.len() == 1;
    let pieces = pieces.iter().map(|piece| {
        let text = lines(piece.text);
        let text = escaped(&text);
        if piece.differs && !all {
            format!("<{element}>{text}</{element}>")
        } else {
            text.into_owned()
        }
    });
    pieces.collect()
}

#[cfg(test)]
mod tests;
