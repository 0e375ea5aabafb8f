//! The words of the glossary, found in a text.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use super::Library;
use crate::schema::Kind;

/// The names of all terms, compiled so that one pass over a text finds every one.
#[derive(Debug, Default)]
pub struct Glossary {
    finder: Option<AhoCorasick>,
    /// The id of the term of each pattern.
    terms: Vec<Box<str>>,
}

impl Glossary {
    /// The glossary of a library.
    pub(super) fn of(library: &Library) -> Self {
        let mut patterns = Vec::new();
        let mut terms = Vec::new();
        for term in library.of_kind(Kind::Term) {
            if term.common.name.chars().count() > 1 {
                patterns.push(term.common.name.as_str());
                terms.push(term.id.clone());
            }
        }
        let finder = (!patterns.is_empty())
            .then(|| {
                AhoCorasickBuilder::new()
                    .ascii_case_insensitive(true)
                    .match_kind(MatchKind::LeftmostLongest)
                    .build(patterns)
            })
            .and_then(Result::ok);
        Self { finder, terms }
    }

    /// Whole words of `text` that are terms: byte range and id of the term.
    pub fn find<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = (std::ops::Range<usize>, &'a str)> {
        self.finder
            .iter()
            .flat_map(move |finder| finder.find_iter(text))
            .filter_map(move |found| {
                let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                let whole = !is_word(text[..found.start()].chars().next_back())
                    && !is_word(text[found.end()..].chars().next());
                let id = self.terms.get(found.pattern().as_usize())?;
                whole.then(|| (found.range(), &**id))
            })
    }

    /// Whether the term of this id stands in a text as a whole word.
    pub fn names(&self, text: &str, term: &str) -> bool {
        self.find(text).any(|(_, id)| id == term)
    }

    /// Whether there is no term.
    pub fn is_empty(&self) -> bool {
        self.finder.is_none()
    }
}
