//! `alias-clash`: a former id that somebody else bears or bore.

use crate::check::Rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::{Entity, Library};
use crate::source::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    name: "alias-clash",
    severity: Severity::Error,
    summary: "A former id that is the id, or a former id, of another file",
    check: Some(check),
    ..Rule::NEW
};

fn check(library: &Library, entity: &Entity, out: &mut Vec<Diagnostic>) {
    let Some(aliases) = entity.document.root().and_then(|root| root.get("aliases")) else {
        return;
    };
    for (index, node) in aliases.items().enumerate() {
        let Some(alias) = node.as_str() else { continue };
        let pointer = format!("/aliases/{index}");
        let report = |node: Node<'_>, message: String, help: &str| {
            let finding = entity.document.finding(RULE.name, node.span(), message);
            finding.help(help).pointer(pointer.clone())
        };
        let bearer = library.bearers(entity.kind, alias).next();
        let former = library
            .former(entity.kind, alias)
            .find(|other| other.index != entity.index);
        if let Some(bearer) = bearer {
            let message = if bearer.index == entity.index {
                format!("`{alias}` is the present id of this file")
            } else {
                format!("`{alias}` is the id of {}", bearer.document.path)
            };
            out.push(report(node, message, "remove it from the aliases"));
        } else if let Some(other) = former {
            let message = format!("`{alias}` is also an alias of {}", other.document.path);
            out.push(report(node, message, "keep it in one of the two files"));
        }
    }
}
