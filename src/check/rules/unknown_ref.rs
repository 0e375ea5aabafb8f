//! `unknown-ref`: a reference that points at nothing.

use crate::check::Rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::{Entity, Library};
use crate::schema::{Kind, nearest};

pub(crate) const RULE: Rule = Rule {
    name: "unknown-ref",
    severity: Severity::Error,
    summary: "A reference to an id that does not exist",
    check: Some(check),
};

fn check(library: &Library, entity: &Entity, out: &mut Vec<Diagnostic>) {
    for reference in &entity.references {
        if library.resolve(reference).is_some() {
            continue;
        }
        let Some(yaml) = &entity.document.front else {
            continue;
        };
        let node = yaml.node(&entity.document.text, reference.node);
        let kinds: Vec<Kind> = reference.candidates().collect();
        let finding = entity
            .document
            .finding(RULE.name, node.span(), missing(&kinds, &reference.id))
            .label("no such id")
            .help(suggestion(library, &kinds, &reference.id))
            .pointer(yaml.pointer(&entity.document.text, reference.node));
        out.push(finding);
    }
    if let Some(measurements) = &entity.measurements {
        for (kind, id, span) in &measurements.names {
            if library.find(*kind, id).is_none() {
                let finding = measurements
                    .document
                    .finding(RULE.name, span.clone(), missing(&[*kind], id))
                    .label("no such id")
                    .help(suggestion(library, &[*kind], id));
                out.push(finding);
            }
        }
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
