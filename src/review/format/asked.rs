//! Whom `CODEOWNERS` asks, beside those whom a change concerns.

use super::super::codeowners::Requested;
use super::super::{Review, Reviewer};
use crate::diagnostic::concise::one_line;

/// The heading of what `CODEOWNERS` leaves out.
pub(super) const GAPS: &str = "Gaps in CODEOWNERS";
/// The heading of a column that says whether `CODEOWNERS` asks a team.
pub(super) const COLUMN: &str = "Asked by CODEOWNERS";

/// Whether `CODEOWNERS` asks a team about all that it owns, in a word. Nobody has to be asked whose
/// things are only reached.
pub(super) const fn word(reviewer: &Reviewer) -> &'static str {
    match reviewer.is_requested {
        Some(true) => "yes",
        Some(false) => "no, not about all it owns",
        None => "–",
    }
}

/// The same as the end of a sentence.
pub(super) const fn clause(reviewer: &Reviewer) -> &'static str {
    match reviewer.is_requested {
        Some(true) => "; CODEOWNERS asks it",
        Some(false) => "; CODEOWNERS does not ask it about all it owns",
        None => "",
    }
}

/// What `CODEOWNERS` leaves out: places, and what is wrong there. `folder` is the project's in the
/// repository.
pub(super) fn gaps(review: &Review, folder: &str) -> Vec<(String, String)> {
    let Some(requested) = &review.requested else {
        return Vec::new();
    };
    let Requested { file, faults, .. } = requested;
    let unowned = requested.unowned().map(|path| {
        let why = format!("nobody is asked to review it by {file}");
        (one_line(&format!("{folder}{path}")).into_owned(), why)
    });
    let faults = faults.iter().map(|(line, fault)| {
        let why = one_line(fault).into_owned();
        (format!("{file}:{line}"), why)
    });
    unowned.chain(faults).collect()
}
