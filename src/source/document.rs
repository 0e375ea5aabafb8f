//! One content file: its front matter, its Markdown, and the places of both.

use std::io;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use memchr::{memchr_iter, memmem};

use super::{MAX_DATA_BYTES, MAX_FILE_BYTES, Tree, yaml};
use crate::diagnostic::{Diagnostic, Excerpt, Gathered, Place, Position, Severity};

/// Lines shown before and after a culprit.
const CONTEXT_LINES: usize = 1;
/// The longest excerpt kept, in bytes, before the culprit and after it.
const MAX_EXCERPT: usize = 2_000;
/// The lines of a culprit that are shown.
const MAX_LINES: usize = 8;

/// A file that was read: its text, its parsed front matter, and what is wrong with either.
#[derive(Debug, Clone)]
pub struct Document {
    /// Where it is, relative to the project.
    pub path: Arc<str>,
    /// The whole text, byte order mark and line ends as they are.
    pub text: String,
    /// The parsed front matter; `None` when there is none or it is broken.
    pub front: Option<yaml::Yaml>,
    /// Bytes of the front matter between its two `---` lines.
    pub front_range: Range<usize>,
    /// Bytes of the Markdown.
    pub body: Range<usize>,
    /// What is wrong with the file itself.
    pub findings: Vec<Diagnostic>,
    /// Where lines start; made when the first place is asked for.
    lines: OnceLock<Lines>,
}

/// Front matter, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FrontMatter {
    Required,
    Optional,
    /// The whole file is YAML.
    Whole,
}

impl Document {
    /// Reads a Markdown file. A file that cannot be read or is not text becomes an empty document
    /// with one finding. `front_required` decides whether missing front matter is one.
    pub fn read(tree: &dyn Tree, path: &Arc<str>, front_required: bool) -> Self {
        let mode = if front_required {
            FrontMatter::Required
        } else {
            FrontMatter::Optional
        };
        Self::load(tree, path, mode)
    }

    /// Reads a file that is YAML as a whole, such as `personary.yaml`.
    pub fn read_yaml(tree: &dyn Tree, path: &Arc<str>) -> Self {
        Self::load(tree, path, FrontMatter::Whole)
    }

    /// Reads a file that is neither, such as a CSV: only its text and places.
    pub fn read_text(tree: &dyn Tree, path: &Arc<str>) -> Self {
        let mut document = Self::empty(path);
        match read_utf8(tree, path, MAX_DATA_BYTES) {
            Ok(text) => {
                document.body = 0..text.len();
                document.text = text;
            }
            Err(finding) => document.findings.push(*finding),
        }
        document
    }

    fn empty(path: &Arc<str>) -> Self {
        Self {
            path: path.clone(),
            text: String::new(),
            front: None,
            front_range: 0..0,
            body: 0..0,
            findings: Vec::new(),
            lines: OnceLock::new(),
        }
    }

    fn load(tree: &dyn Tree, path: &Arc<str>, mode: FrontMatter) -> Self {
        let mut document = Self::empty(path);
        match read_utf8(tree, path, MAX_FILE_BYTES) {
            Ok(text) => document.text = text,
            Err(finding) => {
                document.findings.push(*finding);
                return document;
            }
        }
        let bom = if document.text.starts_with('\u{feff}') {
            3
        } else {
            0
        };
        if mode == FrontMatter::Whole {
            document.front_range = bom..document.text.len();
            document.body = document.text.len()..document.text.len();
            document.parse();
            return document;
        }
        match split(&document.text, bom) {
            Split::Found { front, body } => {
                document.front_range = front;
                document.body = body;
                document.parse();
            }
            Split::None => {
                document.body = bom..document.text.len();
                if mode == FrontMatter::Required {
                    let line_end = document.text[bom..]
                        .find('\n')
                        .map_or(document.text.len(), |n| bom + n);
                    let finding = document
                        .finding("front-matter-missing", bom..line_end, "this file has no front matter")
                        .help("start the file with a line `---`, then `name: …` and the other fields, then a line `---`");
                    document.findings.push(finding);
                }
            }
            Split::Unterminated(opening) => {
                document.body = document.text.len()..document.text.len();
                let finding = document
                    .finding(
                        "front-matter-missing",
                        opening,
                        "the front matter that starts here never ends",
                    )
                    .help("add a line `---` after the last field");
                document.findings.push(finding);
            }
        }
        document
    }

    fn parse(&mut self) {
        let (front, problems) = yaml::parse(&self.text, self.front_range.clone());
        self.front = front;
        let mut findings = Gathered::default();
        for problem in problems {
            findings.add(|| {
                self.finding(problem.code, problem.span, problem.message)
                    .help(problem.help)
            });
        }
        self.findings.extend(findings.finish());
    }

    /// The root of the front matter.
    pub fn root(&self) -> Option<yaml::Node<'_>> {
        self.front.as_ref()?.root(&self.text)
    }

    /// The line that opens the front matter: where a field at the top level is missing.
    pub fn opening(&self) -> Range<usize> {
        let before = self.text.get(..self.front_range.start).unwrap_or("");
        match before.trim_end().rfind("---") {
            Some(fence) => fence..fence + 3,
            None => 0..0,
        }
    }

    /// The Markdown of the file.
    pub fn markdown(&self) -> &str {
        self.text.get(self.body.clone()).unwrap_or("")
    }

    /// An error about the bytes `span` of this file.
    pub fn finding(
        &self,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(code, Severity::Error, self.path.clone(), message).at(self.place(span))
    }

    /// The place of the bytes `span`, with the lines around it.
    pub fn place(&self, span: Range<usize>) -> Place {
        let lines = self.lines.get_or_init(|| Lines::of(&self.text));
        lines.place(&self.text, span)
    }
}

fn read_utf8(tree: &dyn Tree, path: &Arc<str>, limit: u64) -> Result<String, Box<Diagnostic>> {
    let error = |message: String, help: String| {
        Box::new(Diagnostic::new("unreadable", Severity::Error, path.clone(), message).help(help))
    };
    match tree.read(path, limit) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|e| {
            let good = e.utf8_error().valid_up_to();
            let line = e.as_bytes()[..good].split(|&b| b == b'\n').count();
            error(
                "this file is not UTF-8 text".to_owned(),
                format!("save it as UTF-8 in your editor; line {line} holds a byte that no character starts with"),
            )
        }),
        Err(e) if e.kind() == io::ErrorKind::FileTooLarge => Err(error(
            format!("this file is larger than {} MiB", limit / 1024 / 1024),
            "split it; put pictures and data into files of their own".to_owned(),
        )),
        Err(e) => Err(error(
            format!("this file cannot be read: {}", super::reason(&e)),
            "check that it exists and that you may read it".to_owned(),
        )),
    }
}

enum Split {
    Found {
        front: Range<usize>,
        body: Range<usize>,
    },
    None,
    /// The bytes of the opening line.
    Unterminated(Range<usize>),
}

/// Finds the front matter of `text`, which starts at `start`.
fn split(text: &str, start: usize) -> Split {
    let is_fence = |line: &str| line.trim_end() == "---";
    let line = |at: usize| text[at..].split_inclusive('\n').next();
    let Some(first) = line(start).filter(|line| is_fence(line)) else {
        return Split::None;
    };
    let front = start + first.len();
    // Before a line that may be the second fence stands the end of another.
    let dashes = memmem::find_iter(&text.as_bytes()[front - 1..], b"\n---");
    for at in dashes.map(|end| front + end) {
        if let Some(second) = line(at).filter(|line| is_fence(line)) {
            return Split::Found {
                front: front..at,
                body: at + second.len()..text.len(),
            };
        }
    }
    Split::Unterminated(start..start + 3)
}

/// Line and column of a byte offset. A byte order mark has no column.
pub fn position(text: &str, offset: usize) -> Position {
    Lines::of(text).position(text, offset)
}

/// The 1-based line of a byte offset.
pub fn line(text: &str, offset: usize) -> usize {
    memchr_iter(b'\n', &text.as_bytes()[..offset.min(text.len())]).count() + 1
}

/// The place of `span` in `text`, with the lines around it.
pub fn place(text: &str, span: Range<usize>) -> Place {
    Lines::of(text).place(text, span)
}

/// Where the lines of a text start, so that many places cost one pass over it.
#[derive(Debug, Clone)]
struct Lines {
    starts: Vec<u32>,
    /// How many columns there are in all before each [`STEP`] of a text that is longer than one: a line
    /// can be as long as a file.
    columns: Vec<u32>,
}

/// The bytes of a text after which its columns are counted anew.
const STEP: usize = 4_096;

impl Lines {
    fn of(text: &str) -> Self {
        let ends = memchr_iter(b'\n', text.as_bytes()).map(|at| short(at + 1));
        let steps = (STEP..text.len()).step_by(STEP);
        let steps = steps.scan((0, 0), |(from, columns), at| {
            let at = text.floor_char_boundary(at);
            *columns += columns_of(&text[*from..at]);
            *from = at;
            Some(short(*columns))
        });
        Self {
            starts: std::iter::once(0).chain(ends).collect(),
            columns: std::iter::once(0).chain(steps).collect(),
        }
    }

    /// The 1-based line of an offset.
    fn line(&self, offset: usize) -> usize {
        self.starts
            .partition_point(|start| *start as usize <= offset)
    }

    /// Where a line starts, counted from 0; the end of the text behind the last one.
    fn start(&self, text: &str, line: usize) -> usize {
        self.starts
            .get(line)
            .map_or(text.len(), |&start| start as usize)
    }

    /// How many columns there are in all before an offset.
    fn columns_before(&self, text: &str, offset: usize) -> usize {
        let step = (offset / STEP).min(self.columns.len() - 1);
        self.columns[step] as usize
            + columns_of(&text[text.floor_char_boundary(step * STEP)..offset])
    }

    fn position(&self, text: &str, offset: usize) -> Position {
        let offset = text.floor_char_boundary(offset);
        let line = self.line(offset);
        let start = self.start(text, line - 1);
        let column = if offset - start > STEP {
            self.columns_before(text, offset) - self.columns_before(text, start)
        } else {
            columns_of(&text[start..offset])
        };
        Position {
            line: short(line),
            column: short(column + 1),
        }
    }

    fn place(&self, text: &str, span: Range<usize>) -> Place {
        let start = text.floor_char_boundary(span.start);
        let end = text.floor_char_boundary(span.end.max(start));
        let line = self.line(start) - 1;
        let from = self.start(text, line.saturating_sub(CONTEXT_LINES));
        let mut from = from.max(text.ceil_char_boundary(start.saturating_sub(MAX_EXCERPT)));
        if text[from..].starts_with('\u{feff}') {
            from = (from + 3).min(start);
        }
        // A culprit of many lines is shown by its first ones.
        let eighth = self
            .starts
            .get(line + MAX_LINES)
            .map(|&next| next as usize - 1);
        let shown_end = eighth.map_or(end, |eighth| eighth.min(end));
        let shown_end = shown_end.min(text.floor_char_boundary(start + MAX_EXCERPT));
        let to = self.start(text, self.line(shown_end) + CONTEXT_LINES);
        let to = to.min(text.floor_char_boundary(shown_end + MAX_EXCERPT));
        let cut = text[from..to].trim_end_matches(['\n', '\r']);
        // Windows line ends are not shown, which moves the culprit.
        let carriage_returns = |range: Range<usize>| text[range].matches("\r\n").count();
        let shown_start = start - from - carriage_returns(from..start);
        let shown_stop = shown_end - from - carriage_returns(from..shown_end);
        let shown = cut.replace("\r\n", "\n");
        let length = shown.len();
        Place {
            start: self.position(text, start),
            end: self.position(text, end),
            excerpt: Excerpt {
                first_line: short(self.line(from)),
                text: shown,
                span: shown_start.min(length)..shown_stop.min(length),
            },
        }
    }
}

/// How many columns a text takes.
fn columns_of(text: &str) -> usize {
    text.chars().count() - text.matches('\u{feff}').count()
}

/// No file is so large that an offset would not fit.
fn short(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Memory;

    fn read(content: impl Into<Vec<u8>>) -> Document {
        let tree = Memory::default().with("content/personas/a.md", content);
        Document::read(&tree, &"content/personas/a.md".into(), true)
    }

    fn codes(document: &Document) -> Vec<(&str, u32, u32)> {
        document
            .findings
            .iter()
            .map(|f| (f.code, f.start().line, f.start().column))
            .collect()
    }

    #[test]
    fn front_matter_and_body_are_split() {
        for text in [
            "---\nname: A\n---\nBody\n",
            "\u{feff}---\r\nname: A\r\n---\r\nBody\n",
            "--- \nname: A\n---   \nBody\n",
        ] {
            let document = read(text);
            assert!(document.findings.is_empty(), "{text:?}");
            assert_eq!(document.markdown(), "Body\n");
            let name = document.root().and_then(|r| r.get("name"));
            assert_eq!(name.and_then(yaml::Node::as_str), Some("A"));
        }
        assert_eq!(read("---\nname: A\n---").markdown(), "");
    }

    #[test]
    fn what_is_wrong_with_a_file_is_one_finding() {
        assert_eq!(codes(&read("# Title\n")), [("front-matter-missing", 1, 1)]);
        assert_eq!(
            codes(&read("---\nname: A\n")),
            [("front-matter-missing", 1, 1)]
        );
        assert_eq!(
            codes(&read(b"---\nname: \xff\n---\n".to_vec())),
            [("unreadable", 1, 1)]
        );
        assert_eq!(
            codes(&read(vec![b' '; 4 * 1024 * 1024 + 1])),
            [("unreadable", 1, 1)]
        );
        assert_eq!(codes(&read("")), [("front-matter-missing", 1, 1)]);
    }

    #[test]
    fn an_excerpt_underlines_the_culprit_whatever_the_line_ends() {
        for text in [
            "---\nname: A\nsegments: [[x]\nlast: 1\nmore: 2\n---\n",
            "\u{feff}---\r\nname: A\r\nsegments: [[x]\r\nlast: 1\r\nmore: 2\r\n---\r\n",
        ] {
            let document = read(text);
            assert_eq!(codes(&document), [("yaml-syntax", 3, 11)]);
            let place = document.findings[0].place.clone().unwrap_or_default();
            assert_eq!(place.excerpt.text, "name: A\nsegments: [[x]\nlast: 1");
            assert_eq!(place.excerpt.first_line, 2);
            assert_eq!(&place.excerpt.text[place.excerpt.span], "[");
        }
    }

    #[test]
    fn a_column_is_counted_in_a_line_of_any_length() {
        let text = format!(
            "---\n{}\n{}\u{feff}x\n",
            "aé€𝄞\u{feff}".repeat(3_000),
            "é".repeat(9_000)
        );
        let lines = Lines::of(&text);
        for (at, _) in text.char_indices().step_by(7) {
            let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
            let column = text[start..at].chars().filter(|&c| c != '\u{feff}').count() + 1;
            let line = text[..at].matches('\n').count() + 1;
            assert_eq!(
                lines.position(&text, at),
                Position {
                    line: short(line),
                    column: short(column)
                }
            );
        }
        let last = text.find('x').expect("there");
        assert_eq!(lines.position(&text, last).column, 9_001);
    }

    #[test]
    fn an_excerpt_has_a_line_before_and_one_behind_and_eight_of_the_culprit() {
        let lines: Vec<String> = (1..=20).map(|n| n.to_string()).collect();
        let text = lines.join("\n") + "\n";
        let span = |from: &str, to: &str| {
            text.find(&format!("\n{from}\n")).map_or(0, |at| at + 1)
                ..text.find(&format!("\n{to}\n")).expect("there") + 1 + to.len()
        };
        for (span, first, shown) in [
            (span("5", "5"), 4, "4 5 6"),
            (span("5", "7"), 4, "4 5 6 7 8"),
            (span("5", "19"), 4, "4 5 6 7 8 9 10 11 12 13"),
            (0..1, 1, "1 2"),
            (text.len()..text.len(), 20, "20"),
        ] {
            let excerpt = place(&text, span.clone()).excerpt;
            assert_eq!(
                (excerpt.first_line, &*excerpt.text.replace('\n', " ")),
                (first, shown),
                "{span:?}"
            );
        }
    }

    #[test]
    fn a_place_never_splits_a_character() {
        let text = "é".repeat(5000);
        let document = read(text.clone());
        let place = document.place(2001..2003);
        assert!(place.excerpt.text.len() < 5000);
    }
}
