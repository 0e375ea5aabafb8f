//! Merging two changes of one file: what a merge driver for Git does that knows fields and claims.
//!
//! In: a file as it was, and as we and as they have changed it. Out: the file with both changes,
//! written the way ours is. Fields are merged by name; claims, stages and steps by id or by their
//! words; measurements by period and slice; Markdown by its lines. A conflict is marked only where
//! both sides changed the same thing. What cannot be read, or is written so that its lines cannot
//! be moved (anchors), is merged as text.

mod fields;
mod order;
mod parts;
mod table;

use std::sync::Arc;

use diffy::{ConflictStyle, MergeOptions};

use crate::source::yaml::line_break;
use crate::source::{Document, Memory};

/// A file in its three states.
#[derive(Debug, Clone, Copy)]
pub struct Sides<'a> {
    /// As it was before either change; empty when both sides added it.
    pub base: &'a str,
    /// As we have it.
    pub ours: &'a str,
    /// As they have it.
    pub theirs: &'a str,
}

/// How conflicts are marked.
#[derive(Debug, Clone, Copy)]
pub struct Markers<'a> {
    /// How many characters a marker has; Git says 7 unless told otherwise.
    pub size: usize,
    /// What our side is called.
    pub ours: &'a str,
    /// What their side is called.
    pub theirs: &'a str,
}

impl Markers<'_> {
    /// The lines of a conflict, with `lead` before each marker. What both sides have there ends in
    /// a line break, or is nothing.
    fn conflict(&self, lead: &str, ours: &str, theirs: &str) -> String {
        let mark = |sign: &str| format!("{lead}{}", sign.repeat(self.size));
        let (open, between, close) = (mark("<"), mark("="), mark(">"));
        let (us, them) = (self.ours, self.theirs);
        format!("{open} {us}\n{ours}{between}\n{theirs}{close} {them}\n")
    }
}

impl Default for Markers<'_> {
    fn default() -> Self {
        Self {
            size: 7,
            ours: "ours",
            theirs: "theirs",
        }
    }
}

/// A merged file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Its text, with markers where there are conflicts.
    pub text: String,
    /// How many conflicts there are.
    pub conflicts: usize,
}

/// Merges the three states of the file at `path`, whose ending says what it holds.
pub fn merge(path: &str, sides: Sides<'_>, markers: Markers<'_>) -> Merged {
    let [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(in_lines);
    let lines = Sides {
        base: &base,
        ours: &ours,
        theirs: &theirs,
    };
    let by_meaning = match path.rsplit_once('.') {
        Some((_, "md")) => document(path, lines, markers),
        Some((_, "csv")) => table::merge(lines, markers),
        _ => None,
    };
    let mut merged = by_meaning.unwrap_or_else(|| text(lines, markers));
    let written = if sides.ours.is_empty() {
        sides.theirs
    } else {
        sides.ours
    };
    if line_break(written) == "\r\n" {
        merged.text = merged.text.replace('\n', "\r\n");
    }
    merged
}

/// A text with line feeds alone.
fn in_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Merges line by line, as Git does.
fn text(sides: Sides<'_>, markers: Markers<'_>) -> Merged {
    let mut options = MergeOptions::new();
    options.set_conflict_style(ConflictStyle::Merge);
    options.set_conflict_marker_length(markers.size);
    match options.merge(sides.base, sides.ours, sides.theirs) {
        Ok(text) => Merged { text, conflicts: 0 },
        Err(text) => {
            // The crate has names of its own for the sides.
            let mark = |sign: &str, name: &str| format!("{} {name}", sign.repeat(markers.size));
            let (open, close) = (mark("<", "ours"), mark(">", "theirs"));
            let mut conflicts = 0;
            let mut named = String::with_capacity(text.len());
            for line in text.split_inclusive('\n') {
                let bare = line.trim_end_matches('\n');
                let own = if bare == open {
                    conflicts += 1;
                    mark("<", markers.ours)
                } else if bare == close {
                    mark(">", markers.theirs)
                } else {
                    bare.to_owned()
                };
                named.push_str(&own);
                named.push_str(&line[bare.len()..]);
            }
            Merged {
                text: named,
                conflicts: conflicts.max(1),
            }
        }
    }
}

/// Merges Markdown with front matter; `None` when a side has none that can be taken apart.
fn document(path: &str, sides: Sides<'_>, markers: Markers<'_>) -> Option<Merged> {
    let path: Arc<str> = path.into();
    let read = |text: &str| {
        let tree = Memory::default().with(&path, text);
        Some(Document::read(&tree, &path, true)).filter(|read| read.findings.is_empty())
    };
    let (ours, theirs) = (read(sides.ours)?, read(sides.theirs)?);
    let base = if sides.base.is_empty() {
        None
    } else {
        Some(read(sides.base)?)
    };
    let front = fields::merge(base.as_ref(), &ours, &theirs, markers)?;
    let body = text(
        Sides {
            base: base.as_ref().map_or("", Document::markdown),
            ours: ours.markdown(),
            theirs: theirs.markdown(),
        },
        markers,
    );
    let (opening, closing) = (
        &ours.text[..ours.front_range.start],
        &ours.text[ours.front_range.end..ours.body.start],
    );
    Some(Merged {
        text: format!("{opening}{}{closing}{}", front.text, body.text),
        conflicts: front.conflicts + body.conflicts,
    })
}

#[cfg(test)]
mod tests;
