//! The Markdown of a file in two states, block by block.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::Code;
use super::pair::Notes;
use crate::source::Document;
use crate::source::markdown::{Block, blocks};

/// The longest texts that are compared block by block, in blocks of both together.
const LONGEST: usize = 6_000;

/// Notes that the Markdown of a file is another one: the blocks that came and went, in words, at
/// the place of the first. How it is written makes no difference.
pub(super) fn compare(
    notes: &mut Notes<'_>,
    (code, label): (&'static Code, &str),
    (before, after): (&Document, &Document),
) {
    if before.markdown() == after.markdown() {
        return;
    }
    let (old, new) = (blocks(before.markdown()), blocks(after.markdown()));
    let contents = |blocks: &[Block]| -> Vec<String> {
        blocks.iter().map(|block| block.content.clone()).collect()
    };
    let (mut gone, mut came): (Vec<&Block>, Vec<&Block>) = (Vec::new(), Vec::new());
    if old.len() + new.len() > LONGEST {
        if contents(&old) != contents(&new) {
            gone.extend(&old);
            came.extend(&new);
        }
    } else {
        for op in capture_diff_slices(Algorithm::Myers, &contents(&old), &contents(&new)) {
            if !matches!(op, DiffOp::Equal { .. }) {
                gone.extend(&old[op.old_range()]);
                came.extend(&new[op.new_range()]);
            }
        }
    }
    let mut values = (words(&gone, before, false), words(&came, after, false));
    if values.0 == values.1 {
        // What differs is no word, but where a link leads or what is emphasised.
        values = (words(&gone, before, true), words(&came, after, true));
    }
    let is_whole = |of: &[Block], changed: &[&Block]| of.len() == changed.len();
    let verb = match (&values, is_whole(&old, &gone), is_whole(&new, &came)) {
        ((None, None), ..) => return,
        ((None, Some(_)), true, _) => "added",
        ((Some(_), None), _, true) => "removed",
        _ => "changed",
    };
    let title = format!("{label} {verb}");
    if let Some(first) = came.first() {
        let span = span(first, after);
        notes.add(code, title, "", values).at(after, span);
    } else if let Some(first) = gone.first() {
        let span = span(first, before);
        notes.gone(code, title, "", values.0).at(before, span);
    }
}

fn span(block: &Block, document: &Document) -> std::ops::Range<usize> {
    let offset = document.body.start;
    block.span.start + offset..block.span.end + offset
}

/// What some blocks say, or how they are written.
fn words(blocks: &[&Block], document: &Document, written: bool) -> Option<String> {
    let texts = blocks.iter().map(|block| {
        let source = document.markdown().get(block.span.clone());
        let source = source.unwrap_or_default().trim();
        if written || block.text.is_empty() {
            source.replace('\r', "")
        } else {
            block.text.clone()
        }
    });
    let texts: Vec<String> = texts.collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}
