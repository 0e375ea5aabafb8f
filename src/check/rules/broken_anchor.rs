//! `broken-anchor`: a link to a place that its page does not have.

use crate::check::Rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::links::Target;
use crate::library::{Entity, Library};
use crate::schema::nearest;

pub(crate) const RULE: Rule = Rule {
    name: "broken-anchor",
    severity: Severity::Error,
    summary: "A link to a heading, claim or stage that its page does not have",
    check: Some(check),
    ..Rule::NEW
};

fn check(library: &Library, entity: &Entity, out: &mut Vec<Diagnostic>) {
    for (link, target) in entity.outline.links.iter().zip(&entity.targets) {
        let (to, anchor) = match target {
            Target::Here(anchor) if !anchor.is_empty() => (entity, anchor),
            Target::Entity {
                kind,
                id,
                anchor: Some(anchor),
            } => match library.resolve_name(*kind, id) {
                Some(resolved) => (resolved.entity, anchor),
                None => continue,
            },
            _ => continue,
        };
        if let Some((message, help)) = judge(to, anchor) {
            out.push(
                entity
                    .document
                    .finding(RULE.name, link.span.clone(), message)
                    .help(help),
            );
        }
    }
    for reference in &entity.references {
        let Some(anchor) = &reference.anchor else {
            continue;
        };
        let Some(resolved) = library.resolve(reference) else {
            continue;
        };
        let Some(yaml) = &entity.document.front else {
            continue;
        };
        if let Some((message, help)) = judge(resolved.entity, anchor) {
            let node = yaml.node(&entity.document.text, reference.node);
            let finding = entity
                .document
                .finding(RULE.name, node.span(), message)
                .help(help)
                .pointer(yaml.pointer(&entity.document.text, reference.node));
            out.push(finding);
        }
    }
}

/// What is wrong with an anchor of `to`, and what to write instead.
fn judge(to: &Entity, anchor: &str) -> Option<(String, String)> {
    to.data.as_ref()?;
    let anchors: Vec<String> = to.anchors().collect();
    if anchors.iter().any(|a| a == anchor) {
        return None;
    }
    let help = match nearest::nearest(anchor, anchors.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `#{near}`?"),
        None if anchors.is_empty() => "remove the part from `#` on".to_owned(),
        None => {
            let few: Vec<_> = anchors.iter().take(8).map(|a| format!("`#{a}`")).collect();
            format!("it has {}", few.join(", "))
        }
    };
    Some((
        format!("{} `{}` has no place `#{anchor}`", to.kind, to.id),
        help,
    ))
}
