//! Floor 0: what Personary says about a file.
//!
//! Every finding of every module is a [`Diagnostic`]. It carries all that a renderer needs,
//! the lines around the place included, so that no renderer reads a file again. The renderers
//! stand beside this file, one a format.

pub mod concise;
pub mod fingerprint;
mod fix;
mod gathered;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod json;
pub mod junit;
pub(crate) mod markup;
pub mod rule;
#[cfg(test)]
mod samples;
pub mod sarif;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

pub use fix::{Edit, Edits, Fix};
pub use gathered::{Gathered, MOST};

/// How much a finding matters. Ordered: `Info < Warn < Error`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; never fails a build by default.
    Info,
    /// Probably wrong.
    Warn,
    /// Wrong: the site is not published.
    Error,
}

impl Severity {
    /// The word that people and formats use: `error`, `warn` or `info`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place in a text: line and column count from 1, columns in characters (Unicode scalar values).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    /// 1-based line.
    pub line: u32,
    /// 1-based column in characters.
    pub column: u32,
}

/// The lines around a place, cut from the file when the finding was made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Excerpt {
    /// 1-based number of the first line in `text`.
    pub first_line: u32,
    /// Whole lines, without a byte order mark, joined by `\n`.
    pub text: String,
    /// Byte range of the culprit in `text`; never splits a character. May be empty.
    pub span: std::ops::Range<usize>,
}

/// Where a finding points.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// First character of the culprit.
    pub start: Position,
    /// One past its last character.
    pub end: Position,
    /// The lines around it; empty when the file has none to show (it is not text).
    pub excerpt: Excerpt,
}

impl Place {
    /// The line of the last character; a line break belongs to the line that it ends.
    pub fn last_line(&self) -> u32 {
        let breaks = self.end.column == 1 && self.end.line > self.start.line;
        self.end.line - u32::from(breaks)
    }
}

/// One finding: what is wrong, where, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable name of the kind of finding, such as `unknown-ref`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in one sentence without a final full stop. It names no line of the file:
    /// by its words the finding is known again when lines have moved.
    pub message: String,
    /// A few words beside the underline, such as `expected a number`. May be empty.
    pub label: Cow<'static, str>,
    /// What to write instead.
    pub help: Option<String>,
    /// The file, relative to the project, with `/` between folders.
    pub path: Arc<str>,
    /// Where in the file; `None` when the finding is about the file as a whole.
    pub place: Option<Place>,
    /// The entity the file holds, such as `persona:priya-raman`.
    pub entity: Option<String>,
    /// JSON Pointer (RFC 6901) of the value in the front matter.
    pub pointer: Option<String>,
    /// How to repair it, where that is certain and takes no decision.
    pub fix: Option<Box<Fix>>,
}

impl Diagnostic {
    /// A finding about the whole file `path`; the builder methods add the rest.
    pub fn new(
        code: &'static str,
        severity: Severity,
        path: impl Into<Arc<str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity,
            message: shortened(message.into()),
            label: Cow::Borrowed(""),
            help: None,
            path: path.into(),
            place: None,
            entity: None,
            pointer: None,
            fix: None,
        }
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(shortened(help.into()));
        self
    }

    /// Puts a few words beside the underline.
    #[must_use]
    pub fn label(mut self, label: impl Into<Cow<'static, str>>) -> Self {
        self.label = match label.into() {
            Cow::Owned(label) => shortened(label).into(),
            label @ Cow::Borrowed(_) => label,
        };
        self
    }

    /// Points at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Names the value in the front matter by its JSON Pointer.
    #[must_use]
    pub fn pointer(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into()).filter(|pointer| pointer.len() <= LONGEST);
        self
    }

    /// Says how it can be repaired, if it can.
    #[must_use]
    pub fn fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix.map(Box::new);
        self
    }

    /// Line and column, `1:1` when the finding is about the whole file.
    pub fn start(&self) -> Position {
        self.place
            .as_ref()
            .map_or(Position { line: 1, column: 1 }, |p| p.start)
    }

    /// The order in which findings are shown: by path, then place, then code. Only those that are the
    /// same in all that is told are equal, so that it does not depend on how they came.
    pub fn order(&self, other: &Self) -> Ordering {
        let first = |it: &'_ Self| (it.start(), it.code);
        let paths = self.path.cmp(&other.path);
        let places = paths.then_with(|| first(self).cmp(&first(other)));
        places.then_with(|| {
            fn told(it: &Diagnostic) -> (&str, [Option<&str>; 3], &str) {
                let rest = [&it.entity, &it.pointer, &it.help];
                (&it.message, rest.map(Option::as_deref), &it.label)
            }
            told(self).cmp(&told(other))
        })
    }
}

/// The longest sentence of a finding, in bytes. What somebody has written is quoted in it, and may be
/// as long as a file.
const LONGEST: usize = 2_000;

/// A sentence of which the end is left, if it is too long: a quotation stands before it.
fn shortened(mut text: String) -> String {
    if text.len() > LONGEST {
        let from = text.floor_char_boundary(LONGEST / 2);
        let to = text.ceil_char_boundary(text.len() - LONGEST / 4);
        text.replace_range(from..to, " … ");
        text.shrink_to_fit();
    }
    text
}

/// How many findings of each severity there are, and in how many files was looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Summary {
    /// Content files that were read.
    pub files: usize,
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warn.
    pub warnings: usize,
    /// Findings of severity info.
    pub infos: usize,
}

impl Summary {
    /// Counts `findings` made while reading `files` files.
    pub fn of<'a>(files: usize, findings: impl IntoIterator<Item = &'a Diagnostic>) -> Self {
        let mut summary = Self {
            files,
            ..Self::default()
        };
        for finding in findings {
            match finding.severity {
                Severity::Error => summary.errors += 1,
                Severity::Warn => summary.warnings += 1,
                Severity::Info => summary.infos += 1,
            }
        }
        summary
    }
}
