//! The panel that shows findings on top of a page.
//!
//! In: the findings, the project's root and how to open an editor. Out: HTML for the shadow root
//! that `live.js` keeps; [`STYLE`] stands beside it, in a file, as the policy of pages asks. Every text of the project is escaped here.

use std::borrow::Borrow;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Component, Path};

use crate::diagnostic::{Diagnostic, Excerpt, Summary};

/// Opens a place in Visual Studio Code. `{path}` is the absolute path, percent-encoded and with a
/// leading `/`; `{line}` and `{column}` count from 1.
pub const VS_CODE: &str = "vscode://file{path}:{line}:{column}";

/// How it looks.
pub(super) const STYLE: &str = include_str!("panel.css");

/// Findings shown; the terminal has the others.
const SHOWN: usize = 20;

/// The panel for `findings` of the project at `root`, an absolute path; empty when there are none.
/// `editor` is the address that opens a place in an editor, such as [`VS_CODE`].
pub fn panel<F: Borrow<Diagnostic>>(findings: &[F], root: &Path, editor: &str) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let title = title(&Summary::of(0, findings.iter().map(Borrow::borrow)));
    let mut html = format!(
        "<section class=\"panel\" aria-labelledby=\"title\" tabindex=\"-1\">\
         <header><h2 id=\"title\">{title}</h2>\
         <button type=\"button\" data-close aria-label=\"Close the findings\" title=\"Close (Esc)\">\
         <span aria-hidden=\"true\">×</span></button></header>\n<ol>\n",
    );
    for finding in findings.iter().take(SHOWN).map(Borrow::borrow) {
        item(&mut html, finding, address(finding, root, editor));
    }
    html.push_str("</ol>\n");
    if findings.len() > SHOWN {
        let more = findings.len() - SHOWN;
        put(
            &mut html,
            format_args!("<p class=\"more\">and {more} more</p>\n"),
        );
    }
    html.push_str("</section>\n");
    html
}

/// `2 errors, 1 warning`
fn title(summary: &Summary) -> String {
    let counts = [
        (summary.errors, "error"),
        (summary.warnings, "warning"),
        (summary.infos, "note"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = counts
        .map(|(count, word)| format!("{count} {word}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    words.join(", ")
}

fn item(html: &mut String, finding: &Diagnostic, address: Option<String>) {
    let severity = finding.severity.as_str();
    let start = finding.start();
    let place = match finding.place {
        Some(_) => format!("{}:{}:{}", finding.path, start.line, start.column),
        None => finding.path.to_string(),
    };
    let place = escape(&place);
    let place = address.map_or(place.clone(), |address| {
        format!("<a href=\"{}\">{place}</a>", escape(&address))
    });
    put(
        html,
        format_args!(
            "<li class=\"{severity}\"><p class=\"message\"><strong>{severity}</strong> {}</p>\n\
             <p class=\"place\">{place} <a class=\"rule\" href=\"/rules/{}/\"><code>{}</code></a></p>\n",
            escape(&finding.message),
            escape(finding.code),
            escape(finding.code),
        ),
    );
    if let Some(place) = &finding.place
        && !place.excerpt.text.is_empty()
    {
        frame(html, &place.excerpt, &finding.label);
    }
    if let Some(help) = &finding.help {
        let help = escape(help);
        put(
            html,
            format_args!("<p class=\"help\"><b>help</b> {help}</p>\n"),
        );
    }
    html.push_str("</li>\n");
}

/// The lines of an excerpt with their numbers, the culprit marked.
fn frame(html: &mut String, excerpt: &Excerpt, label: &str) {
    // Reachable with the keyboard, since a long line scrolls.
    html.push_str("<pre tabindex=\"0\" role=\"group\" aria-label=\"Excerpt\">");
    let last = excerpt.text.split('\n').count();
    let digits = (excerpt.first_line as usize + last).to_string().len();
    let mut offset = 0;
    for (number, line) in (excerpt.first_line..).zip(excerpt.text.split('\n')) {
        put(
            html,
            format_args!("<span class=\"line\"><i>{number:>digits$}</i> "),
        );
        let culprit = culprit(offset..offset + line.len(), &excerpt.span);
        let parts = culprit.and_then(|(start, end)| {
            Some((line.get(..start)?, line.get(start..end)?, line.get(end..)?))
        });
        if let Some((before, culprit, after)) = parts {
            // An empty place shows as a mark one space wide.
            let culprit = if culprit.is_empty() { " " } else { culprit };
            let (before, culprit, after) = (escape(before), escape(culprit), escape(after));
            put(html, format_args!("{before}<mark>{culprit}</mark>{after}"));
            if excerpt.span.end <= offset + line.len() && !label.is_empty() {
                put(html, format_args!(" <em>{}</em>", escape(label)));
            }
        } else {
            html.push_str(&escape(line));
        }
        html.push_str("</span>\n");
        offset += line.len() + 1;
    }
    html.push_str("</pre>\n");
}

/// The part of a line, by byte, that the span of the excerpt covers.
fn culprit(line: Range<usize>, span: &Range<usize>) -> Option<(usize, usize)> {
    let (start, end) = (span.start.max(line.start), span.end.min(line.end));
    let here = if span.is_empty() {
        start == span.start && start <= line.end
    } else {
        start < end
    };
    here.then(|| (start - line.start, end.saturating_sub(line.start)))
}

/// The address that opens the place of a finding in an editor; none for what does not stand below
/// the root.
fn address(finding: &Diagnostic, root: &Path, editor: &str) -> Option<String> {
    let below = Path::new(&*finding.path);
    let mut parts = below.components();
    if !parts.all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let file = root.join(below);
    let file = file
        .to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/");
    let mut path = if file.starts_with('/') {
        String::new()
    } else {
        "/".to_owned()
    };
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            put(&mut path, format_args!("%{byte:02X}"));
        }
    }
    let start = finding.start();
    let address = editor
        .replace("{path}", &path)
        .replace("{line}", &start.line.to_string())
        .replace("{column}", &start.column.to_string());
    Some(address)
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn put(html: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = html.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Place, Position, Severity};

    fn finding(path: &str, text: &str, span: Range<usize>) -> Diagnostic {
        let excerpt = Excerpt {
            first_line: 9,
            text: text.into(),
            span,
        };
        let start = Position {
            line: 10,
            column: 4,
        };
        Diagnostic::new("unknown-ref", Severity::Error, path, "There is no KPI nsp")
            .help("Write `nps`")
            .label("not a KPI")
            .at(Place {
                start,
                end: start,
                excerpt,
            })
    }

    #[test]
    fn shows_the_culprit_and_opens_the_editor() {
        let text = "kpis:\n  - nsp # ä\n  - ces";
        let findings = [finding("content/a b.md", text, 10..13)];
        let html = panel(&findings, Path::new("/my/project"), VS_CODE);
        assert!(html.contains("<h2 id=\"title\">1 error</h2>"), "{html}");
        let link =
            "<a href=\"vscode://file/my/project/content/a%20b.md:10:4\">content/a b.md:10:4</a>";
        assert!(html.contains(link), "{html}");
        let frame = "<i> 9</i> kpis:</span>\n<span class=\"line\"><i>10</i>   - <mark>nsp</mark> # ä \
                     <em>not a KPI</em></span>\n<span class=\"line\"><i>11</i>   - ces</span>\n</pre>";
        assert!(html.contains(frame), "{html}");
        assert!(html.contains("<b>help</b> Write `nps`"), "{html}");
    }

    #[test]
    fn an_editor_is_asked_for_files_of_the_project_alone() {
        let shown = |path: &str| {
            let found = [finding(path, "a: b", 0..1)];
            panel(&found, Path::new("/my/project"), VS_CODE)
        };
        for path in ["/etc/passwd", "../a.md", "content/../../a.md", "./a.md"] {
            let html = shown(path);
            assert!(!html.contains("vscode:"), "{html}");
            assert!(html.contains(&format!("{path}:10:4")), "{html}");
        }
        // What a name may hold without being a way out.
        for (path, link) in [
            ("content/..a.md", "/content/..a.md:10"),
            ("content/a\"?b#c.md", "/content/a%22%3Fb%23c.md:10"),
            ("content/a:1:2.md", "/content/a%3A1%3A2.md:10"),
            (
                "content/..%2f..%2fetc/passwd",
                "/content/..%252f..%252fetc/passwd:10",
            ),
        ] {
            let html = shown(path);
            let link = format!("href=\"vscode://file/my/project{link}:4\"");
            assert!(html.contains(&link), "{link}: {html}");
        }
    }

    #[test]
    fn spans_of_any_shape_are_shown() {
        let marks = |span| {
            panel(
                &[finding("a.md", "äb\n\ncd", span)],
                Path::new("/"),
                VS_CODE,
            )
        };
        assert!(marks(2..6).contains("ä<mark>b</mark></span>"));
        assert!(marks(2..6).contains("<mark>c</mark>d <em>"));
        assert!(marks(4..4).contains("<i>10</i> <mark> </mark> <em>"));
        assert!(marks(3..3).contains("äb<mark> </mark> <em>"));
        for odd in [1..2, 90..95, 7..9, Range { start: 5, end: 1 }] {
            assert!(marks(odd).contains("<i>11</i> "));
        }
    }

    #[test]
    fn nothing_of_the_project_becomes_markup() {
        let evil = "</script></style><img src=x onerror='alert(1)'>\"&";
        let mut finding = finding(evil, evil, 0..9).help(evil).label(evil.to_owned());
        finding.message = evil.into();
        let html = panel(&[finding], Path::new("/"), VS_CODE);
        assert!(!html.contains("<img") && !html.contains("</script") && !html.contains("'alert"));
        assert!(
            !html.contains("<style") && !html.contains("</style"),
            "{html}"
        );
        assert_eq!(html.matches("&lt;img").count(), 5, "{html}");
    }

    #[test]
    fn twenty_are_enough() {
        let one = Diagnostic::new("draft", Severity::Warn, "a.md", "It is a draft");
        let html = panel(
            &vec![one; 23],
            Path::new("/"),
            "idea://open?file={path}&line={line}",
        );
        assert_eq!(html.matches("<li ").count(), 20);
        assert!(html.contains("and 3 more") && html.contains("23 warnings"));
        assert!(html.contains("idea://open?file=/a.md&amp;line=1"), "{html}");
        assert_eq!(panel::<Diagnostic>(&[], Path::new("/"), VS_CODE), "");
    }
}
