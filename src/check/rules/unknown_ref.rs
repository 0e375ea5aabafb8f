//! `unknown-ref`: a reference that points at nothing.

use foldhash::HashSet;

use crate::check::{Context, Rule};
use crate::diagnostic::rule::About;
use crate::diagnostic::{Gathered, Severity};
use crate::library::measurements::{Measurements, Mention};
use crate::library::{Entity, Library};
use crate::schema::kinds::journey::Journey;
use crate::schema::{Data, Kind, nearest};

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "unknown-ref",
        severity: Severity::Error,
        summary: "A reference to an id that does not exist",
        what: "Every reference in a front matter, and every persona, segment or journey in a CSV of measurements: an entity of the right kind must bear the id, now or formerly.",
        why: "A reference to nothing is a claim without its proof, or a journey without its traveller. It looks right in the file and is missing on the page.",
        fails: "evidence: [order-histori]",
        repair: "evidence: [order-history]",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let library = cx.library;
    for reference in &entity.references {
        if library.resolve(reference).is_some() {
            continue;
        }
        let Some(yaml) = &entity.document.front else {
            continue;
        };
        out.add(|| {
            let node = yaml.node(&entity.document.text, reference.node);
            let kinds: Vec<Kind> = reference.candidates().collect();
            entity
                .document
                .finding(RULE.about.name, node.span(), missing(&kinds, &reference.id))
                .label("no such id")
                .help(suggestion(library, &kinds, &reference.id))
                .pointer(yaml.pointer(&entity.document.text, reference.node))
        });
    }
    if let Some(measurements) = &entity.measurements {
        check_measurements(library, measurements, out);
    }
}

/// The names in a CSV. Each is judged once; only when one is wrong is the file read again, for all
/// the places at which it stands.
fn check_measurements(library: &Library, measurements: &Measurements, out: &mut Gathered) {
    let names = measurements.names.iter();
    let stages = measurements.stages.iter();
    let faults: HashSet<Mention<'_>> = names
        .map(|(kind, id)| Mention::Entity(*kind, id))
        .chain(stages.map(|(journey, stage)| Mention::Stage { journey, stage }))
        .filter(|mention| is_wrong(library, *mention))
        .collect();
    if faults.is_empty() {
        return;
    }
    measurements.mentions(|mention, span| {
        if faults.contains(&mention) {
            out.add(|| {
                let (message, help) = fault(library, mention);
                let document = &measurements.document;
                let finding = document.finding(RULE.about.name, span(), message);
                finding.label("no such id").help(help)
            });
        }
    });
}

fn is_wrong(library: &Library, mention: Mention<'_>) -> bool {
    match mention {
        Mention::Entity(kind, id) => library.find(kind, id).is_none(),
        // A journey that is not there, or cannot be read, has been reported itself.
        Mention::Stage { journey, stage } => {
            journey_of(library, journey).is_some_and(|of| of.stages.iter().all(|s| &*s.id != stage))
        }
    }
}

/// What is wrong with a name in a CSV, and what to write instead.
fn fault(library: &Library, mention: Mention<'_>) -> (String, String) {
    match mention {
        Mention::Entity(kind, id) => (missing(&[kind], id), suggestion(library, &[kind], id)),
        Mention::Stage { journey, stage } => {
            let stages = journey_of(library, journey).into_iter();
            let stages = stages.flat_map(|journey| journey.stages.iter().map(|s| &*s.id));
            (
                format!("the journey `{journey}` has no stage `{stage}`"),
                nearest::or_list(stage, stages, "stage"),
            )
        }
    }
}

fn journey_of<'a>(library: &'a Library, id: &str) -> Option<&'a Journey> {
    match &library.find(Kind::Journey, id)?.entity.data {
        Some(Data::Journey(journey)) => Some(journey),
        _ => None,
    }
}

/// "there is no persona `pria`".
pub(super) fn missing(kinds: &[Kind], id: &str) -> String {
    let names: Vec<_> = kinds.iter().map(|k| k.name()).collect();
    match names.as_slice() {
        few @ ([_] | [_, _]) => format!("there is no {} `{id}`", few.join(" or ")),
        _ => format!("there is no entity `{id}`"),
    }
}

/// The nearest existing id, or how to make one.
pub(super) fn suggestion(library: &Library, kinds: &[Kind], id: &str) -> String {
    let near = kinds.iter().find_map(|&kind| {
        let near = nearest::nearest(id, library.ids(kind))?;
        Some(if kinds.len() > 1 {
            format!("{kind}:{near}")
        } else {
            near.to_owned()
        })
    });
    // The right id of the wrong kind is a common slip.
    let elsewhere = || Kind::ALL.iter().find(|&&k| library.get(k, id).is_some());
    match (near, kinds) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, kinds) => match (elsewhere(), kinds) {
            (Some(kind), _) => format!(
                "`{id}` is the id of a {kind}; write the id of a {}",
                kinds.first().unwrap_or(kind)
            ),
            (None, [kind]) => {
                format!("create it with `personary new {kind} {id}`, or correct the id")
            }
            (None, _) => "correct the id, or create the file".to_owned(),
        },
    }
}
