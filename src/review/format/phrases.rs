//! Words that all reports for people share.

use std::collections::BTreeMap;

use super::super::{Change, Counts, Level, Partial, Piece, Reached, Review, shortened};
use super::reach;
use crate::diagnostic::Severity;
use crate::diagnostic::concise::{count, one_line};
use crate::schema::Kind;

/// Characters of a value in a sentence.
const VALUE: usize = 160;
/// Lines about whom a change reaches, before one says how many more there are.
const LINES: usize = 6;

/// The verdict: one sentence without a full stop.
pub(super) fn verdict(review: &Review) -> String {
    let counts = review.counts();
    let mut parts = Vec::new();
    if counts.breaking > 0 {
        parts.push(count(counts.breaking, "breaking change"));
    }
    if counts.review > 0 {
        let number = counts.review;
        parts.push(if parts.is_empty() {
            format!("{} to look at", count(number, "change"))
        } else {
            format!("{number} to look at")
        });
    }
    if parts.is_empty() {
        parts.push(match (counts.info, review.partial.is_empty()) {
            (0, true) => "No changes in meaning".to_owned(),
            (0, false) => "Nothing differs in what could be compared".to_owned(),
            (number, _) => format!("{} worth knowing, none to look at", count(number, "change")),
        });
    }
    match review.introduced.len() {
        0 => {}
        1 => parts.push("1 finding is new".to_owned()),
        number => parts.push(format!("{number} findings are new")),
    }
    parts.join("; ")
}

/// What there is, of each sort that there is.
pub(super) fn counts(review: &Review) -> Vec<String> {
    let findings = [
        (review.introduced.len(), "new finding"),
        (review.mended.len(), "mended finding"),
    ];
    let findings = findings.into_iter().filter(|(number, _)| *number > 0);
    of_levels(review.counts())
        .into_iter()
        .chain(findings.map(|(number, what)| count(number, what)))
        .collect()
}

/// What there is that the verdict does not tell.
pub(super) fn beside(review: &Review) -> Option<String> {
    let counts = review.counts();
    let is_told = counts.breaking + counts.review == 0;
    let info = Counts {
        info: if is_told { 0 } else { counts.info },
        ..Counts::default()
    };
    let mut parts = of_levels(info);
    if !review.mended.is_empty() {
        parts.push(count(review.mended.len(), "mended finding"));
    }
    (!parts.is_empty()).then(|| format!("Also {}", parts.join(", ")))
}

/// `1 breaking, 2 to look at` of the changes that concern somebody.
pub(super) fn tally(counts: Counts) -> String {
    of_levels(counts).join(", ")
}

fn of_levels(counts: Counts) -> Vec<String> {
    let all = [
        (counts.breaking, "breaking"),
        (counts.review, "to look at"),
        (counts.info, "worth knowing"),
    ];
    let some = all.into_iter().filter(|(number, _)| *number > 0);
    some.map(|(number, what)| format!("{number} {what}"))
        .collect()
}

/// What is said before the verdict when a side could not be read as a whole.
pub(super) fn partly(review: &Review) -> Option<String> {
    let files = review.partial.len();
    let verb = if files == 1 { "does" } else { "do" };
    (files > 0).then(|| {
        format!(
            "Compared in part only: {} {verb} not validate, so some changes may be missing here",
            count(files, "file")
        )
    })
}

/// Which of the two states a file is of.
pub(super) const fn side(is_before: bool) -> &'static str {
    if is_before { "before" } else { "after" }
}

/// The name of the state after.
pub(super) fn head(review: &Review) -> &str {
    review.head.as_deref().unwrap_or("the working tree")
}

/// The heading of a level.
pub(super) const fn heading(level: Level) -> &'static str {
    match level {
        Level::Breaking => "Breaking",
        Level::Review => "To look at",
        Level::Info => "Worth knowing",
    }
}

/// The word for a kind in a sentence.
pub(super) const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Kpi => "KPI",
        _ => kind.name(),
    }
}

/// `kind:id`.
pub(super) fn name(change: &Change) -> String {
    format!("{}:{}", change.kind, change.id)
}

/// Where a change is: `path:line:column`, harmless for a terminal. `folder` is empty or has a `/`
/// at its end.
pub(super) fn place(change: &Change, folder: &str) -> String {
    let (folder, path) = (one_line(folder), one_line(&change.path));
    match (change.start.line, change.start.column) {
        // Something that has no place in its file.
        (0, _) => format!("{folder}{path}"),
        (line, 0) => format!("{folder}{path}:{line}"),
        (line, column) => format!("{folder}{path}:{line}:{column}"),
    }
}

/// What changed in whom, in one sentence.
pub(super) fn sentence(change: &Change) -> String {
    let (name, title) = (one_line(&change.name), one_line(&change.title));
    format!("{name}: {title}")
}

/// The same with what stood there and what stands there now, shortened, in one line.
pub(super) fn with_values(change: &Change) -> String {
    let quoted = |text: &str| {
        let whole = [Piece {
            text,
            differs: false,
        }];
        let pieces = shortened(&whole, VALUE);
        let text: String = pieces.iter().map(|piece| piece.text).collect();
        let words: Vec<&str> = text.split_whitespace().collect();
        format!("“{}”", one_line(&words.join(" ")))
    };
    let sentence = sentence(change);
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            format!("{sentence}: from {} to {}", quoted(before), quoted(after))
        }
        (Some(value), None) | (None, Some(value)) => format!("{sentence}: {}", quoted(value)),
        (None, None) => sentence,
    }
}

/// Whom a change reaches, in short lines: `KPI NPS, through Winter riders`.
pub(super) fn impact(change: &Change) -> Vec<String> {
    let reached: Vec<&Reached> = reach::beyond(change).collect();
    let (shown, more) = first(&reached, LINES);
    let mut lines: Vec<String> = shown
        .iter()
        .map(|reached| {
            let mut line = format!("{} {}", kind(reached.kind), one_line(&reached.name));
            if let Some((_, part)) = &reached.part {
                line.push_str(": ");
                line.push_str(&one_line(part));
            }
            let path = reach::through(change, reached);
            if !path.is_empty() {
                let path: Vec<_> = path.iter().map(|step| one_line(step)).collect();
                line.push_str(", through ");
                line.push_str(&path.join(", "));
            }
            line
        })
        .collect();
    let more = more + change.more;
    if more > 0 {
        lines.push(format!("{more} more"));
    }
    lines
}

/// Where a partial file is.
pub(super) fn partial(partial: &Partial) -> String {
    let path = one_line(&partial.path);
    let reason = one_line(&partial.reason);
    format!("{path} ({}): {reason}", side(partial.is_before))
}

/// A level as the severity that other formats know.
pub(super) const fn severity(level: Level) -> Severity {
    match level {
        Level::Breaking => Severity::Error,
        Level::Review => Severity::Warn,
        Level::Info => Severity::Info,
    }
}

/// Changes by entity, in the order in which the entities come.
pub(super) fn by_entity<'a>(changes: impl Iterator<Item = &'a Change>) -> Vec<Vec<&'a Change>> {
    let mut entities: Vec<Vec<&Change>> = Vec::new();
    let mut known = BTreeMap::new();
    for change in changes {
        let entity = (change.kind, &change.id);
        let at = *known.entry(entity).or_insert(entities.len());
        match entities.get_mut(at) {
            Some(changes) => changes.push(change),
            None => entities.push(vec![change]),
        }
    }
    entities
}

/// The first `most` of `items`, and how many more there are.
pub(super) fn first<T>(items: &[T], most: usize) -> (&[T], usize) {
    let (first, rest) = items.split_at(items.len().min(most));
    (first, rest.len())
}

/// Adds `and 3 more` to names, if there are more.
pub(super) fn listed(mut names: Vec<String>, more: usize) -> String {
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}
