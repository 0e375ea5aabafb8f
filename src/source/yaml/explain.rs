//! From the errors of the YAML parser to sentences that a product manager can act on.

use std::ops::Range;

use granit_parser::ErrorKind;

use super::Problem;
use super::builder::{Builder, Open, too_deep};

impl Builder<'_> {
    /// Turns the parser's error into one that a product manager can act on.
    pub(super) fn explain(&self, error: &granit_parser::ScanError) -> Problem {
        let at = (error.marker().byte_offset().unwrap_or(0) + self.base).min(self.end);
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            return too_deep(self.word(at));
        }
        // A bracket that is never closed is noticed lines later; the culprit is the bracket.
        let line_of = |offset| crate::source::line(self.source, offset);
        let start_of = |open: &Open| self.yaml.start(open.id);
        // A pair in a list, as in `[a: b]`, is a mapping without a bracket.
        let is_bracket = |open: &&Open| {
            let first = self.source.as_bytes().get(start_of(open));
            open.flow && matches!(first, Some(b'[' | b'{'))
        };
        if let Some(open) = self.open.iter().rev().find(is_bracket) {
            let start = start_of(open);
            if at >= self.end || line_of(start) < line_of(at) {
                let (left, right) = if open.is_map { ('{', '}') } else { ('[', ']') };
                return Problem::syntax(
                    format!("this `{left}` is never closed"),
                    format!("add the missing `{right}`, or remove the extra `{left}`"),
                    start..start + 1,
                );
            }
        }
        if let ErrorKind::UnclosedFlowCollection { open } = error.kind() {
            return Problem::syntax(
                format!("this `{open}` is never closed"),
                format!("add the missing bracket, or remove the extra `{open}`"),
                at..at + open.len_utf8(),
            );
        }
        let span = self.word(at);
        let (message, help) = match error.kind() {
            ErrorKind::MismatchedFlowCollectionEnd { open, close } => (
                format!("`{open}` is closed by `{close}`"),
                "close `[` with `]` and `{` with `}`".to_owned(),
            ),
            ErrorKind::MisplacedFlowCollectionEnd => (
                "this bracket closes nothing".to_owned(),
                "remove it, or put the text in quotes".to_owned(),
            ),
            ErrorKind::UnclosedQuotedScalar | ErrorKind::InvalidQuotedScalarIndent => (
                "this quote is never closed".to_owned(),
                "add the closing quote; inside single quotes write '' for an apostrophe".to_owned(),
            ),
            ErrorKind::InvalidTrailingDoubleQuotedScalar
            | ErrorKind::InvalidTrailingSingleQuotedScalar => (
                "there is text after the closing quote".to_owned(),
                "put the whole value in quotes; inside double quotes write \\\" for a quote"
                    .to_owned(),
            ),
            ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
                "a colon followed by a space starts a value, which is not allowed here".to_owned(),
                "put text that contains `: ` in quotes".to_owned(),
            ),
            ErrorKind::TabInIndentation
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabNotAllowed => (
                "a tab is used for indentation".to_owned(),
                "indent with spaces".to_owned(),
            ),
            ErrorKind::SimpleKeyExpected
            | ErrorKind::InvalidSimpleKey
            | ErrorKind::ExpectedBlockMappingKey
            | ErrorKind::InvalidIndentation => (
                "this line is neither `key: value` nor part of the value above".to_owned(),
                "write `key: value`, or indent the line under the key it belongs to".to_owned(),
            ),
            ErrorKind::UnknownAnchor => (
                "this alias stands for nothing".to_owned(),
                "put text that starts with `*` in quotes".to_owned(),
            ),
            ErrorKind::UnexpectedCharacter { character } => (
                format!("a value cannot start with `{}`", character.escape_default()),
                "put the value in quotes".to_owned(),
            ),
            kind => (
                format!("this is not valid YAML: {kind}"),
                "check the indentation, the quotes and the brackets around this place".to_owned(),
            ),
        };
        Problem::syntax(message, help, span)
    }

    /// The word at a byte offset, at least one character unless at the end of the line.
    fn word(&self, at: usize) -> Range<usize> {
        let rest = self.source.get(at..self.end).unwrap_or("");
        let length = rest
            .find(|c: char| c.is_whitespace())
            .unwrap_or(rest.len())
            .min(80);
        at..at + rest.floor_char_boundary(length)
    }
}
