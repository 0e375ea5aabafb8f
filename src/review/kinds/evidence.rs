//! Evidence in two states: whether it says more or less than before.
//!
//! It is weaker when it is older, asks fewer people, or asks those who are further from buying; when
//! it was gathered at second hand or only assumed. Of interviews, surveys, data and observation none
//! is better than the other: for each there is a question it answers.

use super::spot::{Differ, Spot};
use crate::review::Code;
use crate::review::code::{
    EVIDENCE_STRONGER, EVIDENCE_WEAKER, FIELD_CHANGED, SENSITIVITY_LOWERED, SENSITIVITY_RAISED,
};
use crate::review::grounds::{method_rank, population_rank};
use crate::review::pair::{Notes, Pair};
use crate::schema::Data;
use crate::schema::kinds::evidence::{Collected, Evidence, Sensitivity};

/// The fields whose changes are noted here.
pub(super) const FIELDS: &[&str] = &["method", "population", "collected", "n", "sensitivity"];

/// Notes what is different.
pub(super) fn changes<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>) {
    let Some((Data::Evidence(before), Data::Evidence(after))) = pair.data() else {
        return;
    };
    if before.method != after.method {
        let codes = ranks(method_rank(before.method), method_rank(after.method));
        let values = (before.method.as_str(), after.method.as_str());
        note(notes, codes, ("Method", "method"), values);
    }
    if before.population != after.population {
        let codes = ranks(
            population_rank(before.population),
            population_rank(after.population),
        );
        let values = (before.population.as_str(), after.population.as_str());
        note(notes, codes, ("Population", "population"), values);
    }
    if before.n != after.n {
        let (code, title) = if after.n < before.n {
            (EVIDENCE_WEAKER, "Rests on fewer people or cases")
        } else {
            (EVIDENCE_STRONGER, "Rests on more people or cases")
        };
        let values = (Some(before.n.to_string()), Some(after.n.to_string()));
        notes.add(code, title, "/n", values);
    }
    collected(before, after, notes);
    sensitivity(before, after, Differ { pair, notes });
}

/// The code for something that is of another rank now, or only another.
fn ranks(before: u8, after: u8) -> (&'static Code, &'static str) {
    match after.cmp(&before) {
        std::cmp::Ordering::Less => (EVIDENCE_WEAKER, "weaker"),
        std::cmp::Ordering::Greater => (EVIDENCE_STRONGER, "stronger"),
        std::cmp::Ordering::Equal => (FIELD_CHANGED, "changed"),
    }
}

fn note(
    notes: &mut Notes<'_>,
    (code, way): (&'static Code, &str),
    (title, field): (&str, &str),
    (before, after): (&str, &str),
) {
    let values = (Some(before.to_owned()), Some(after.to_owned()));
    notes.add(code, format!("{title} {way}"), format!("/{field}"), values);
}

fn collected(before: &Evidence, after: &Evidence, notes: &mut Notes<'_>) {
    let (was, is) = (&before.collected, &after.collected);
    if (was.from, was.to) == (is.from, is.to) {
        return;
    }
    let words = |span: &Collected| Some(format!("{} to {}", span.from, span.to));
    let (code, title) = match is.to.cmp(&was.to) {
        std::cmp::Ordering::Less => (EVIDENCE_WEAKER, "Older than it was said to be"),
        std::cmp::Ordering::Greater => (EVIDENCE_STRONGER, "Collected until later"),
        std::cmp::Ordering::Equal => (FIELD_CHANGED, "Collected from another day on"),
    };
    notes.add(code, title, "/collected", (words(was), words(is)));
}

/// Who may read it. What says nothing is for colleagues: neither published nor locked away.
fn sensitivity(before: &Evidence, after: &Evidence, mut differ: Differ<'_, '_>) {
    let closed = |sensitivity: Option<Sensitivity>| match sensitivity {
        Some(Sensitivity::Public) => 0,
        None | Some(Sensitivity::Internal) => 1,
        Some(Sensitivity::Restricted) => 2,
    };
    let code = if closed(after.sensitivity) < closed(before.sensitivity) {
        SENSITIVITY_LOWERED
    } else {
        SENSITIVITY_RAISED
    };
    let words = |of: &Evidence| of.sensitivity.map(|s| s.as_str().to_owned());
    let values = (words(before), words(after));
    differ.value([code; 3], "Sensitivity", &Spot::top("sensitivity"), values);
}
