//! Findings in the look of `rustc`: the lines around the place with the culprit underlined.
//!
//! The excerpt of a finding is cut and made harmless here before it is drawn: few lines, no
//! line wider than a terminal, and nothing in it that a terminal would obey.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use rayon::prelude::*;

use super::concise::{lines, one_line, stand_in, summary_line, word};
use super::{Diagnostic, Excerpt, Place, Severity};

/// Columns of an excerpt's line that are shown. With line number, ellipses and label a line of
/// the terminal stays below 160.
const WIDTH: usize = 96;
/// A label wider than this stands below the excerpt.
const LABEL_WIDTH: usize = 44;
/// Lines shown before and after the culprit.
const CONTEXT: usize = 2;
/// A culprit of more lines is folded in its middle.
const UNFOLDED: usize = 8;
const TAB: &str = "    ";
/// Stands for the path while a finding is drawn; no text that was made harmless contains it.
const ORIGIN: &str = "\u{1}";
/// Lines are cut here; the drawing crate's own cut would come on top of it.
const NO_LIMIT: usize = 1000;
/// Findings that are drawn side by side before they are written.
const AT_ONCE: usize = 512;

/// How findings are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Colours, by ANSI escape sequences.
    pub colour: bool,
    /// Lines drawn with box characters instead of ASCII.
    pub unicode: bool,
}

impl Look {
    /// What draws like this, and what it writes for text left out.
    fn renderer(self) -> (Renderer, &'static str) {
        let renderer = if self.colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let (decor, ellipsis) = if self.unicode {
            (DecorStyle::Unicode, "…")
        } else {
            (DecorStyle::Ascii, "...")
        };
        (renderer.term_width(NO_LIMIT).decor_style(decor), ellipsis)
    }
}

/// Writes `findings`, made while reading `files` files, and the summary line.
pub fn write(
    out: &mut dyn Write,
    findings: &[Diagnostic],
    files: usize,
    look: Look,
) -> io::Result<()> {
    let (renderer, ellipsis) = look.renderer();
    let mut out = BufWriter::new(out);
    for findings in findings.chunks(AT_ONCE) {
        let drawn = findings.par_iter();
        let drawn: Vec<String> = drawn.map(|f| draw(&renderer, f, ellipsis)).collect();
        for drawn in drawn {
            writeln!(out, "{drawn}\n")?;
        }
    }
    writeln!(out, "{}", summary_line(findings, files))?;
    let repairable = findings.iter().filter(|f| f.fix.is_some()).count();
    if repairable > 0 {
        let line = "of these can be repaired: personary check --fix";
        writeln!(out, "{repairable} {line}")?;
    }
    out.flush()
}

/// One finding in ASCII without colours, for formats that quote it.
pub(crate) fn plain(finding: &Diagnostic) -> String {
    let (renderer, ellipsis) = Look::default().renderer();
    draw(&renderer, finding, ellipsis)
}

fn draw(renderer: &Renderer, finding: &Diagnostic, ellipsis: &str) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warn => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level
        .with_name(word(finding.severity))
        .primary_title(told(&finding.message))
        .id(finding.code);

    let mut label = Some(one_line(&finding.label)).filter(|label| !label.is_empty());
    let place = finding.place.as_ref();
    let view = place.and_then(|place| View::cut(&place.excerpt, ellipsis));
    let mut group = match view {
        Some(view) => {
            let mut annotation = AnnotationKind::Primary.span(view.span);
            if let Some(label) = label.take_if(|label| columns(label) <= LABEL_WIDTH) {
                annotation = annotation.label(label);
            }
            title.element(
                Snippet::source(view.text)
                    .path(ORIGIN)
                    .line_start(view.first_line)
                    .fold(view.fold)
                    .annotation(annotation),
            )
        }
        None => title.element(Origin::path(ORIGIN)),
    };
    if let Some(label) = label {
        group = group.element(Level::NOTE.message(label));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(told(help)));
    }
    let report: &[Group<'_>] = &[group];
    with_origin(&renderer.render(report), finding)
}

/// A text in lines; in one, if a line of it would be a command to the CI system that shows the log.
fn told(text: &str) -> Cow<'_, str> {
    let is_command = |line: &str| {
        ["::", "##["]
            .iter()
            .any(|sign| line.trim_start().starts_with(sign))
    };
    if text.lines().any(is_command) {
        one_line(text)
    } else {
        lines(text)
    }
}

/// Puts path, line and column where the drawing has counted the columns of the cut excerpt.
fn with_origin(drawing: &str, finding: &Diagnostic) -> String {
    let Some((before, after)) = drawing.split_once(ORIGIN) else {
        return drawing.to_owned();
    };
    let after = after.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit());
    let path = one_line(&finding.path);
    match &finding.place {
        Some(Place { start, .. }) => {
            format!("{before}{path}:{}:{}{after}", start.line, start.column)
        }
        None => format!("{before}{path}{after}"),
    }
}

/// What is shown of an excerpt.
struct View {
    text: String,
    first_line: usize,
    span: Range<usize>,
    fold: bool,
}

impl View {
    /// Cuts `excerpt`; `None` when it has no text.
    fn cut(excerpt: &Excerpt, ellipsis: &str) -> Option<Self> {
        let text = &*excerpt.text;
        if text.is_empty() {
            return None;
        }
        let span = tidy(text, &excerpt.span);
        let culprit_from = text[..span.start].matches('\n').count();
        let culprit_to = culprit_from + text[span.clone()].matches('\n').count();
        let fold = culprit_to - culprit_from >= UNFOLDED;
        let first = culprit_from.saturating_sub(CONTEXT);

        let mut view = Self {
            text: String::new(),
            first_line: excerpt.first_line as usize + first,
            span: 0..0,
            fold,
        };
        let mut offset = 0;
        for (number, line) in text.split('\n').enumerate() {
            let from = offset;
            offset += line.len() + 1;
            if number < first {
                continue;
            }
            if number > culprit_to + CONTEXT {
                break;
            }
            if number > first {
                view.text.push('\n');
            }
            // The drawing leaves these lines out; they are there to be counted.
            if fold && number > culprit_from + UNFOLDED && number + UNFOLDED < culprit_to {
                continue;
            }
            let line = Line {
                text: line.strip_suffix('\r').unwrap_or(line),
                start: (number == culprit_from).then(|| span.start - from),
                end: (number == culprit_to).then(|| span.end - from),
            };
            line.show(ellipsis, &mut view);
        }
        Some(view)
    }
}

/// `span` inside `text`, on character boundaries and without the line breaks at its end.
fn tidy(text: &str, span: &Range<usize>) -> Range<usize> {
    let [start, end] = [span.start, span.end].map(|at| text.floor_char_boundary(at));
    let culprit = text.get(start..end).unwrap_or("");
    start..start + culprit.trim_end_matches(['\n', '\r']).len()
}

/// A line of an excerpt, with the culprit's ends that lie in it.
struct Line<'a> {
    text: &'a str,
    start: Option<usize>,
    end: Option<usize>,
}

impl Line<'_> {
    /// Appends the line to `view`, cut around the culprit.
    fn show(&self, ellipsis: &str, view: &mut View) {
        let window = self.window();
        if window.start > 0 {
            view.text.push_str(ellipsis);
        }
        for (at, c) in self.text[window.clone()].char_indices() {
            self.note_ends(window.start + at, view);
            match (c, stand_in(c)) {
                ('\t', _) => view.text.push_str(TAB),
                (_, stand_in) => view.text.push(stand_in.unwrap_or(c)),
            }
        }
        self.note_ends(window.end, view);
        if window.end < self.text.len() {
            view.text.push_str(ellipsis);
        } else if self.text.is_empty() && self.start.is_some() {
            // At a line of nothing the drawing would point to the end of the line before.
            view.text.push(' ');
        }
        // A culprit that goes on beyond the cut is underlined to the ellipsis.
        if self.end.is_some_and(|end| end > window.end) {
            view.span.end = view.text.len();
        }
    }

    /// Remembers where the culprit's ends have come to lie.
    fn note_ends(&self, at: usize, view: &mut View) {
        if self
            .start
            .is_some_and(|start| start.min(self.text.len()) == at)
        {
            view.span.start = view.text.len();
        }
        if self.end == Some(at) {
            view.span.end = view.text.len();
        }
    }

    /// The bytes to show: all of a short line, else what lies around the culprit.
    ///
    /// Looks at no more of the line than it shows.
    fn window(&self) -> Range<usize> {
        let focus = self.start.or(self.end).unwrap_or(0).min(self.text.len());
        let (before, after) = self.text.split_at(focus);
        let (mut right, used) = fitting(after.chars(), WIDTH / 2);
        let (left, used) = fitting(before.chars().rev(), WIDTH - used);
        if left == before.len() {
            (right, _) = fitting(after.chars(), WIDTH - used);
        }
        focus - left..focus + right
    }
}

/// How many bytes, and how many columns, of `chars` fit in `columns`.
fn fitting(chars: impl Iterator<Item = char>, columns: usize) -> (usize, usize) {
    let (mut bytes, mut used) = (0, 0);
    for c in chars {
        let width = width(c);
        if used + width > columns {
            break;
        }
        bytes += c.len_utf8();
        used += width;
    }
    (bytes, used)
}

fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// The most columns `c` can take: the drawing knows exactly, cutting need not.
const fn width(c: char) -> usize {
    match c {
        '\t' => TAB.len(),
        '\0'..'\u{1100}' => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests;
