//! `deprecated-ref`: a reference to something that is no longer current, or by a former id.

use crate::check::Rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::{Entity, Library};
use crate::schema::kinds::common::Status;

pub(crate) const RULE: Rule = Rule {
    name: "deprecated-ref",
    severity: Severity::Warn,
    summary: "A reference to a deprecated or retired entity, or by a former id",
    check: Some(check),
};

fn check(library: &Library, entity: &Entity, out: &mut Vec<Diagnostic>) {
    // What is itself no longer current may point at what was current with it.
    if matches!(entity.status(), Status::Deprecated | Status::Retired) {
        return;
    }
    for reference in &entity.references {
        let Some(resolved) = library.resolve(reference) else {
            continue;
        };
        let to = resolved.entity;
        let (message, help) = match to.status() {
            Status::Deprecated | Status::Retired => {
                let status = to.status().as_str();
                let help = match &to.common.superseded_by {
                    Some(next) => format!("its successor is `{next}`"),
                    None => "point at one that is active, or remove the reference".to_owned(),
                };
                (format!("the {} `{}` is {status}", to.kind, to.id), help)
            }
            _ if resolved.by_alias => (
                format!("`{}` is a former id", reference.id),
                format!("write `{}`", to.id),
            ),
            _ => continue,
        };
        let Some(yaml) = &entity.document.front else {
            continue;
        };
        let node = yaml.node(&entity.document.text, reference.node);
        let mut finding = entity
            .document
            .finding(RULE.name, node.span(), message)
            .help(help)
            .pointer(yaml.pointer(&entity.document.text, reference.node));
        finding.severity = RULE.severity;
        out.push(finding);
    }
}
