//! What every kind has in two states: its status, its owner, its names, and what is allowed in it.

use std::collections::BTreeSet;

use super::code::{
    ALIASES_CHANGED, FIELD_CHANGED, FIELD_REMOVED, OWNER_CHANGED, PROSE_CHANGED, RETIRED_IN_USE,
    REVIEWED, REVIEWED_ALONE, STATUS_CHANGED, SUPPRESSION_ADDED, TAGS_CHANGED,
};
use super::fields::{self, FIELD};
use super::matching::Matching;
use super::pair::{Notes, Pair, below, node};
use super::{Code, Level, prose};
use crate::library::Entity;
use crate::schema::Kind;
use crate::schema::kinds::common::{Allow, Status};

/// The fields whose changes are noted here.
pub(super) const FIELDS: &[&str] = &[
    "summary",
    "status",
    "superseded_by",
    "aliases",
    "tags",
    "owner",
    "last_reviewed",
    "allow",
];

/// Notes what is different. Where it is said already who supersedes the entity, `is_told` is set.
pub(super) fn changes<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>, is_told: bool) {
    let Pair { before, after, .. } = *pair;
    fields::compare(pair, notes, "summary", [PROSE_CHANGED; 3]);
    fields::compare(pair, notes, "tags", [TAGS_CHANGED; 3]);
    owner(pair, notes);
    if !is_told {
        superseded(pair, notes);
    }
    // Of a file that does not validate, what is right by itself is known all the same.
    let is_known =
        |entity: &Entity| entity.common.status.is_some() || node(entity, "/status").is_none();
    if is_known(before) && is_known(after) {
        status(pair, notes);
    } else {
        fields::compare(pair, notes, "status", [STATUS_CHANGED; 3]);
    }
    if pair.data().is_some() {
        aliases(pair, notes);
        allowed(pair, notes);
    } else {
        fields::compare(pair, notes, "aliases", [ALIASES_CHANGED; 3]);
        fields::compare(pair, notes, "allow", FIELD);
        fields::compare(pair, notes, "last_reviewed", FIELD);
    }
    let texts = (&before.document, &after.document);
    prose::compare(notes, (PROSE_CHANGED, "Text"), texts);
}

fn status<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>) {
    let (was, is) = (pair.before.status(), pair.after.status());
    if was == is {
        return;
    }
    let values = (Some(was.as_str().to_owned()), Some(is.as_str().to_owned()));
    let users = if is == Status::Retired {
        let users = pair.new.referrers(pair.after).into_iter();
        users.filter(|user| user.is_current()).collect()
    } else {
        Vec::new()
    };
    let change = match &users[..] {
        [] => {
            let title = format!("Status changed: {} → {}", was.as_str(), is.as_str());
            notes.add(STATUS_CHANGED, title, "/status", values)
        }
        [user] => {
            let title = format!("Retired, but “{}” refers to it", user.name());
            notes.add(RETIRED_IN_USE, title, "/status", values)
        }
        [first, others @ ..] => {
            let (name, n) = (first.name(), others.len());
            let others = if n == 1 { "another" } else { "others" };
            let title = match n {
                1 => format!("Retired, but “{name}” and {others} refer to it"),
                _ => format!("Retired, but “{name}” and {n} {others} refer to it"),
            };
            notes.add(RETIRED_IN_USE, title, "/status", values)
        }
    };
    if was == Status::Draft {
        // A draft that is published is for all to look at.
        change.level = change.code.level;
    }
}

fn owner<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>) {
    let Some(values) = pair.references(pair.nodes("/owner"), Kind::Team) else {
        return;
    };
    let title = match &values {
        (Some(was), Some(is)) => format!("Owner changed: {was} → {is}"),
        (None, Some(is)) => format!("Owner added: {is}"),
        (Some(was), None) => format!("Owner removed: {was}"),
        (None, None) => "Owner changed".to_owned(),
    };
    told(notes, OWNER_CHANGED, title, ("/owner", values));
}

/// Notes a value that came, went or is another with a title of its own.
fn told(
    notes: &mut Notes<'_>,
    code: &'static Code,
    title: String,
    (pointer, values): (&str, super::pair::Values),
) {
    match values {
        (before, None) => notes.gone(code, title, pointer, before),
        values => notes.add(code, title, pointer, values),
    };
}

fn superseded<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>) {
    let both = pair.nodes("/superseded_by");
    if let Some(values) = pair.references(both, pair.after.kind) {
        notes.value(FIELD, "Successor", "/superseded_by", values);
    }
}

/// An alias that was an id is told as what became of that id.
fn aliases<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>) {
    let kind = pair.after.kind;
    let (old, new) = (&pair.before.common.aliases, &pair.after.common.aliases);
    let was_id = |alias: &str| pair.old.get(kind, alias).is_some();
    let is_id = |alias: &str| pair.new.get(kind, alias).is_some();
    let sets = [old, new].map(|list| list.iter().collect::<BTreeSet<&String>>());
    let mut came = sets[1].difference(&sets[0]);
    let mut went = sets[0].difference(&sets[1]);
    if came.all(|alias| was_id(alias)) && went.all(|alias| is_id(alias)) {
        return;
    }
    let words = |aliases: &[String]| (!aliases.is_empty()).then(|| aliases.join(", "));
    let values = (words(old), words(new));
    notes.value([ALIASES_CHANGED; 3], "Former ids", "/aliases", values);
}

/// Findings that somebody decided to live with.
fn allowed<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>) {
    let (old, new) = (&pair.before.common.allow, &pair.after.common.allow);
    let mut matching = Matching::new(old.len(), new.len());
    matching.by(|at| Some(&*old[at].rule), |at| Some(&*new[at].rule));
    let pointer = |at: usize| below("/allow", &at.to_string());
    for &at in &matching.went {
        let title = format!("Finding allowed no more: {}", old[at].rule);
        let change = notes.gone(FIELD_REMOVED, title, pointer(at), Some(words(&old[at])));
        change.level = Level::Info;
    }
    for &at in &matching.came {
        let title = format!("Finding allowed: {}", new[at].rule);
        let values = (None, Some(words(&new[at])));
        notes.add(SUPPRESSION_ADDED, title, pointer(at), values);
    }
    for &(before, after) in &matching.pairs {
        let (old, new) = (&old[before], &new[after]);
        let values = (Some(words(old)), Some(words(new)));
        if values.0 == values.1 {
            continue;
        }
        // Without a last day it is for good.
        let longer = match (old.until, new.until) {
            (Some(old), Some(new)) => new > old,
            (Some(_), None) => true,
            _ => false,
        };
        let (code, what) = if longer {
            (SUPPRESSION_ADDED, "Finding allowed for longer")
        } else {
            (FIELD_CHANGED, "Exception changed")
        };
        notes.add(
            code,
            format!("{what}: {}", new.rule),
            pointer(after),
            values,
        );
    }
}

fn words(allow: &Allow) -> String {
    let reason = crate::schema::content::plain(&allow.reason);
    match allow.until {
        Some(until) => format!("{reason} (until {until})"),
        None => reason,
    }
}

/// Notes the day of the last review, by whether it is alone: a new day and nothing else says that somebody read
/// it and changed nothing, which others can only believe.
pub(super) fn reviewed<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>, is_alone: bool) {
    if pair.data().is_none() {
        return;
    }
    let day = |entity: &Entity| entity.common.last_reviewed;
    let (was, is) = (day(pair.before), day(pair.after));
    let pointer = "/last_reviewed";
    if was == is {
        return;
    }
    let values = (
        was.map(|day| day.to_string()),
        is.map(|day| day.to_string()),
    );
    if is.is_none() {
        let title = "Day of the last review removed".to_owned();
        told(notes, FIELD_REMOVED, title, (pointer, values));
        return;
    }
    let (code, title) = if is < was {
        (FIELD_CHANGED, "Day of the last review set back")
    } else if is_alone {
        (REVIEWED_ALONE, "Said to be reviewed, with nothing changed")
    } else {
        (REVIEWED, "Reviewed")
    };
    notes.add(code, title, pointer, values);
}
