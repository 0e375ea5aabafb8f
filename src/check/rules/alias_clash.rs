//! `alias-clash`: a former id that somebody else bears or bore.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::About;
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::Entity;
use crate::source::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "alias-clash",
        severity: Severity::Error,
        summary: "A former id that is the id, or a former id, of another file",
        what: "Each of `aliases:`: it must be nobody's id and nobody else's alias.",
        why: "Former ids keep old references and addresses working. That needs each of them to lead to one place.",
        fails: "aliases: [nora-lind]  # the present id of another persona",
        repair: "aliases: [nora]",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Vec<Diagnostic>) {
    let library = cx.library;
    let Some(aliases) = entity.document.root().and_then(|root| root.get("aliases")) else {
        return;
    };
    for (index, node) in aliases.items().enumerate() {
        let Some(alias) = node.as_str() else { continue };
        let pointer = format!("/aliases/{index}");
        let report = |node: Node<'_>, message: String, help: &str| {
            let finding = entity
                .document
                .finding(RULE.about.name, node.span(), message);
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
