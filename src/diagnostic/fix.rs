//! How a finding can be repaired: bytes of its file, and what to put in their place.

use std::collections::BTreeMap;
use std::ops::Range;

/// Some bytes of a file and what to put in their place. An empty range inserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go.
    pub span: Range<usize>,
    /// What comes in their place.
    pub text: String,
}

/// A repair that changes nothing of what its author meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a short request: "write `owner`".
    pub title: String,
    /// What it replaces, all in the file of the finding.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A repair at one place.
    pub fn new(title: impl Into<String>, edit: Edit) -> Self {
        Self {
            title: title.into(),
            edits: vec![edit],
        }
    }
}

/// Edits of one text that do not touch each other.
#[derive(Debug, Clone, Default)]
pub struct Edits(BTreeMap<(usize, usize), String>);

impl Edits {
    /// Adds edits, all or none: none when one of them overlaps one that is there. An edit that is
    /// there already is not added twice. Tells whether they are in.
    pub fn add(&mut self, edits: &[Edit]) -> bool {
        let fits = |edit: &Edit| {
            let same = self.0.get(&(edit.span.start, edit.span.end));
            same.map_or_else(|| self.is_free(&edit.span), |text| *text == edit.text)
        };
        let all = edits.iter().all(fits);
        if all {
            let entries = edits
                .iter()
                .map(|edit| ((edit.span.start, edit.span.end), edit.text.clone()));
            self.0.extend(entries);
        }
        all
    }

    fn is_free(&self, span: &Range<usize>) -> bool {
        let start = (span.start, 0);
        let before = self.0.range(..start).next_back();
        // At one start there are at most an insertion and a replacement.
        let after = self.0.range(start..).take(3);
        let overlaps = |&(from, to): &(usize, usize)| from < span.end && span.start < to;
        !before
            .into_iter()
            .chain(after)
            .any(|(other, _)| overlaps(other))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `text` with the edits made; `None` when they belong to another text.
    pub fn apply(&self, text: &str) -> Option<String> {
        let mut out = String::with_capacity(text.len() + 64);
        let mut done = 0;
        for ((start, end), new) in &self.0 {
            out.push_str(text.get(done..*start)?);
            text.get(*start..*end)?;
            out.push_str(new);
            done = *end;
        }
        out.push_str(text.get(done..)?);
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(span: Range<usize>, text: &str) -> Edit {
        Edit {
            span,
            text: text.to_owned(),
        }
    }

    #[test]
    fn edits_are_made_in_the_order_of_the_text() {
        let mut edits = Edits::default();
        assert!(edits.add(&[edit(4..7, "two"), edit(0..0, "> ")]));
        assert!(edits.add(&[edit(0..3, "one")]));
        assert_eq!(edits.apply("abc def g").as_deref(), Some("> one two g"));
        assert_eq!(edits.apply("abc"), None);
        assert_eq!(edits.apply("abcdéé"), None, "inside a character");
    }

    #[test]
    fn what_overlaps_is_left_out_as_a_whole() {
        let mut edits = Edits::default();
        assert!(edits.add(&[edit(2..5, "x"), edit(8..8, "y")]));
        for bad in [3..4, 0..3, 4..9, 2..6, 0..20, 3..3] {
            assert!(
                !edits.add(&[edit(20..21, "in"), edit(bad.clone(), "bad")]),
                "{bad:?}"
            );
        }
        assert!(!edits.add(&[edit(8..8, "another")]));
        assert!(edits.add(&[edit(2..5, "x")]), "the same once more");
        assert!(edits.add(&[edit(5..6, "touches"), edit(2..2, "before")]));
        assert_eq!(edits.len(), 4);
    }
}
