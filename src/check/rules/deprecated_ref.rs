//! `deprecated-ref`: a reference to something that is no longer current, or by a former id.

use std::ops::Range;

use foldhash::HashSet;

use crate::check::{Context, Rule};
use crate::diagnostic::rule::About;
use crate::diagnostic::{Diagnostic, Edit, Fix, Gathered, Severity};
use crate::library::links::Target;
use crate::library::mention::{Mention, Named, mentions};
use crate::library::{Entity, Library, Resolved};
use crate::schema::Kind;
use crate::schema::kinds::common::Status;
use crate::source::Document;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "deprecated-ref",
        severity: Severity::Warn,
        summary: "A reference to a deprecated or retired entity, or by a former id",
        what: "References to an entity whose status is `deprecated` or `retired`, and references by a former id. What is itself no longer current may point at what was current with it.",
        why: "Work that goes on resting on a retired persona or a replaced study carries the old picture into new decisions.",
        fails: "personas: [sarah-whitlock]  # retired, superseded by amara-nwosu",
        repair: "personas: [amara-nwosu]",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let library = cx.library;
    // What is itself no longer current may point at what was current with it.
    if !matches!(entity.status(), Status::Deprecated | Status::Retired) {
        not_current(library, entity, out);
    }
    if names_by_alias(library, entity) {
        by_alias(library, entity, out);
    }
}

/// Reports references to what is deprecated or retired. A text may speak of the past.
fn not_current(library: &Library, entity: &Entity, out: &mut Gathered) {
    for reference in &entity.references {
        let Some(to) = library.resolve(reference).map(|resolved| resolved.entity) else {
            continue;
        };
        let status = to.status();
        if !matches!(status, Status::Deprecated | Status::Retired) {
            continue;
        }
        let Some(yaml) = &entity.document.front else {
            continue;
        };
        let help = match &to.common.superseded_by {
            Some(next) => format!("its successor is `{next}`"),
            None => "point at one that is active, or remove the reference".to_owned(),
        };
        let node = yaml.node(&entity.document.text, reference.node);
        let message = format!("the {} `{}` is {}", to.kind, to.id, status.as_str());
        let finding = finding(&entity.document, node.span(), message)
            .help(help)
            .pointer(yaml.pointer(&entity.document.text, reference.node));
        out.push(finding);
    }
}

fn finding(document: &Document, span: Range<usize>, message: String) -> Diagnostic {
    let mut finding = document.finding(RULE.about.name, span, message);
    finding.severity = RULE.about.severity;
    finding
}

fn is_former(resolved: Option<Resolved<'_>>) -> bool {
    resolved.is_some_and(|resolved| resolved.by_alias)
}

/// Whether anything is named by a former id. Telling so is cheap; telling where is not.
fn names_by_alias(library: &Library, entity: &Entity) -> bool {
    let in_text = |target: &Target| match target {
        Target::Entity { kind, id, .. } => is_former(library.resolve_name(*kind, id)),
        _ => false,
    };
    let measurements = entity.measurements.iter();
    entity
        .references
        .iter()
        .any(|r| is_former(library.resolve(r)))
        || entity.targets.iter().any(in_text)
        || measurements
            .flat_map(|m| &m.names)
            .any(|(kind, id)| is_former(library.find(*kind, id)))
}

/// Reports every mention by a former id, with its repair.
fn by_alias(library: &Library, entity: &Entity, out: &mut Gathered) {
    let find = |kind: Kind, id: &str| Some(library.find(kind, id)?.entity.index);
    // An alias of YAML is repaired, and so reported, where its value is written.
    let mut seen = HashSet::default();
    for mention in mentions(entity) {
        let Some((kind, _)) = mention.resolve(find) else {
            continue;
        };
        let Some(resolved) = library.find(kind, &mention.id).filter(|r| r.by_alias) else {
            continue;
        };
        if !seen.insert((&mention.document.path, mention.span.clone())) {
            continue;
        }
        out.add(|| {
            let to = resolved.entity;
            let named = Named {
                index: to.index,
                kind: to.kind,
                id: &to.id,
            };
            let message = format!("`{}` is a former id", mention.id);
            let edit = mention.write(named, find);
            let mut finding = finding(mention.document, mention.span.clone(), message)
                .help(format!("write `{}`", to.id))
                .fix(edit.map(|edit| repair(&mention, edit)));
            finding.pointer = mention.pointer();
            finding
        });
    }
}

fn repair(mention: &Mention<'_>, edit: Edit) -> Fix {
    let before = mention.document.text.get(edit.span.clone());
    let title = format!("write `{}` for `{}`", edit.text, before.unwrap_or_default());
    Fix::new(title, edit)
}
