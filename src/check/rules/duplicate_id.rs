//! `duplicate-id`: two files, or two claims or stages of one file, with the same id.

use foldhash::HashSet;

use crate::check::{Context, Rule};
use crate::diagnostic::rule::About;
use crate::diagnostic::{Diagnostic, Gathered, Severity};
use crate::library::Entity;
use crate::source::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "duplicate-id",
        severity: Severity::Error,
        summary: "Two files of a kind, or two claims or stages of a file, with the same id",
        what: "Two files of one kind with the same name, and two claims, stages or steps of a file with the same `id`.",
        why: "References name ids. With two bearers they mean one of them, and not the one that the author thought of.",
        fails: "goals:\n  - id: on-time\n    text: Go live within 60 days.\n  - id: on-time\n    text: Report every Friday.",
        repair: "goals:\n  - id: on-time\n    text: Go live within 60 days.\n  - id: weekly-report\n    text: Report every Friday.",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let library = cx.library;
    let first = library.bearers(entity.kind, &entity.id).next();
    if let Some(first) = first.filter(|first| first.index != entity.index) {
        let message = format!(
            "there are two {} `{}`; the other is {}",
            entity.kind.folder(),
            entity.id,
            first.document.path
        );
        out.push(
            Diagnostic::new(
                RULE.about.name,
                RULE.about.severity,
                entity.document.path.clone(),
                message,
            )
            .help("rename one of the files: its name without `.md` is the id"),
        );
    }
    let Some(root) = entity.document.root() else {
        return;
    };
    let mut seen = HashSet::default();
    for (field, value) in root.entries() {
        match field.as_str() {
            // Stages and steps share one page, so their ids must differ from each other.
            Some("stages") => {
                for stage in value.items() {
                    unique(entity, stage, &mut seen, out);
                    for step in stage.get("steps").into_iter().flat_map(Node::items) {
                        unique(entity, step, &mut seen, out);
                    }
                }
            }
            Some(_) if value.is_list() => {
                for item in value.items() {
                    unique(entity, item, &mut seen, out);
                }
            }
            _ => {}
        }
    }
}

fn unique<'a>(entity: &Entity, item: Node<'a>, seen: &mut HashSet<&'a str>, out: &mut Gathered) {
    let Some(node) = item.get("id") else { return };
    let Some(id) = node.as_str() else { return };
    if seen.insert(id) {
        return;
    }
    out.add(|| {
        let document = &entity.document;
        let front = document.front.as_ref();
        let pointer = front.map(|y| y.pointer(&document.text, node.id()));
        let message = format!("the id `{id}` is used twice in this file");
        document
            .finding(RULE.about.name, node.span(), message)
            .help("give one of the two another id")
            .pointer(pointer.unwrap_or_default())
    });
}
