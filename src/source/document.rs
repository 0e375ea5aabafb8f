//! One content file: its front matter, its Markdown, and the places of both.

use std::io;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use memchr::{memchr_iter, memmem};

use super::{MAX_DATA_BYTES, MAX_FILE_BYTES, Tree, yaml};
use crate::diagnostic::{Diagnostic, Excerpt, Place, Position, Severity};

/// Lines shown before and after a culprit.
const CONTEXT_LINES: usize = 1;
/// The longest excerpt kept, in bytes, before the culprit and after it.
const MAX_EXCERPT: usize = 2_000;

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
        for problem in problems {
            let finding = self
                .finding(problem.code, problem.span, problem.message)
                .help(problem.help);
            self.findings.push(finding);
        }
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

/// The place of `span` in `text`, with the lines around it.
pub fn place(text: &str, span: Range<usize>) -> Place {
    Lines::of(text).place(text, span)
}

/// Where the lines of a text start, so that many places cost one pass over it.
#[derive(Debug, Clone)]
struct Lines(Vec<u32>);

impl Lines {
    fn of(text: &str) -> Self {
        // No file is so large that an offset would not fit.
        let short = |at| u32::try_from(at).unwrap_or(u32::MAX);
        let ends = memchr_iter(b'\n', text.as_bytes()).map(|at| short(at + 1));
        Self(std::iter::once(0).chain(ends).collect())
    }

    /// The 1-based line of an offset.
    fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start as usize <= offset)
    }

    fn position(&self, text: &str, offset: usize) -> Position {
        let offset = floor(text, offset);
        let line = self.line(offset);
        let start = self.0[line - 1] as usize;
        let before = &text[start..offset];
        let column = before.chars().filter(|&c| c != '\u{feff}').count() + 1;
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }

    fn place(&self, text: &str, span: Range<usize>) -> Place {
        let start = floor(text, span.start);
        let end = floor(text, span.end.max(start));
        let mut from = start;
        for _ in 0..=CONTEXT_LINES {
            from = text[..from].rfind('\n').unwrap_or(0);
        }
        if from > 0 {
            from += 1;
        }
        from = from.max(ceil(text, start.saturating_sub(MAX_EXCERPT)));
        if text[from..].starts_with('\u{feff}') {
            from = (from + 3).min(start);
        }
        // A culprit of many lines is shown by its first ones.
        let shown_end = text[start..end]
            .match_indices('\n')
            .nth(7)
            .map_or(end, |(n, _)| start + n)
            .min(floor(text, start + MAX_EXCERPT));
        let mut to = shown_end;
        for _ in 0..=CONTEXT_LINES {
            to = text[to..].find('\n').map_or(text.len(), |n| to + n + 1);
        }
        to = to.min(floor(text, shown_end + MAX_EXCERPT));
        let cut = text[from..to].trim_end_matches(['\n', '\r']);
        let first_line = self.position(text, from).line;
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
                first_line,
                text: shown,
                span: shown_start.min(length)..shown_stop.min(length),
            },
        }
    }
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rev()
        .find(|&i| text.is_char_boundary(i))
        .unwrap_or(0)
}

/// The nearest character boundary at or after `at`.
fn ceil(text: &str, at: usize) -> usize {
    (at..=text.len())
        .find(|&i| text.is_char_boundary(i))
        .unwrap_or(text.len())
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
    fn a_place_never_splits_a_character() {
        let text = "é".repeat(5000);
        let document = read(text.clone());
        let place = document.place(2001..2003);
        assert!(place.excerpt.text.len() < 5000);
    }
}
