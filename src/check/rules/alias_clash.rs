//! `alias-clash`: a former id that somebody else bears or bore.

use foldhash::HashSet;

use crate::check::{Context, Rule};
use crate::diagnostic::rule::About;
use crate::diagnostic::{Gathered, Severity};
use crate::library::{Entity, id_fault};
use crate::source::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "alias-clash",
        severity: Severity::Error,
        summary: "A former id that can be none, or is that of another file too",
        what: "Each of `aliases:`: a file could be called so, it is nobody's id and nobody else's alias.",
        why: "Former ids keep old references and addresses working. That needs each of them to lead to one place.",
        fails: "aliases: [nora-lind]  # the present id of another persona",
        repair: "aliases: [nora]",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let library = cx.library;
    let Some(aliases) = entity.document.root().and_then(|root| root.get("aliases")) else {
        return;
    };
    let mut seen = HashSet::default();
    for (index, node) in aliases.items().enumerate() {
        let Some(alias) = node.as_str() else { continue };
        let is_second = !seen.insert(alias);
        let pointer = format!("/aliases/{index}");
        let report = |node: Node<'_>, message: String, help: &str| {
            let finding = entity
                .document
                .finding(RULE.about.name, node.span(), message);
            finding.help(help).pointer(pointer.clone())
        };
        if let Some(reason) = id_fault(entity.kind, alias) {
            let kind = entity.kind;
            let message = format!("`{alias}` cannot have been the id of a {kind}: {reason}");
            let help = "write the former name of the file, without its folder and `.md`";
            out.push(report(node, message, help));
            continue;
        }
        if is_second {
            let message = format!("`{alias}` is there twice");
            out.push(report(node, message, "remove one of them"));
            continue;
        }
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
