//! `broken-anchor`: a link to a place that its page does not have.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::About;
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::links::Target;
use crate::library::translation::Translation;
use crate::library::{Entity, Library};
use crate::schema::nearest;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "broken-anchor",
        severity: Severity::Error,
        summary: "A link to a heading, claim or stage that its page does not have",
        what: "The part behind `#` in links and references: the page must have that heading, claim, stage or step.",
        why: "A KPI that serves `persona:nora#good-cup` serves nothing once the claim is called otherwise, and nobody notices.",
        fails: "serves: ['persona:nora-lind#good-cups']",
        repair: "serves: ['persona:nora-lind#good-cup']",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Vec<Diagnostic>) {
    let library = cx.library;
    check_links(library, (entity, None), out);
    for translation in &entity.translations {
        check_links(library, (entity, Some(translation)), out);
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
        if let Some((message, help)) = judge((resolved.entity, None), anchor) {
            let node = yaml.node(&entity.document.text, reference.node);
            let finding = entity
                .document
                .finding(RULE.about.name, node.span(), message)
                .help(help)
                .pointer(yaml.pointer(&entity.document.text, reference.node));
            out.push(finding);
        }
    }
}

/// The links in the text of an entity, or in that of one of its translations, which lead to pages in
/// that language where there are some.
fn check_links(
    library: &Library,
    (entity, translation): (&Entity, Option<&Translation>),
    out: &mut Vec<Diagnostic>,
) {
    let text = translation.map_or(entity, |t| &t.source);
    for (link, target) in text.outline.links.iter().zip(&text.targets) {
        let (to, anchor) = match target {
            // Browsers know the top of any page.
            Target::Here(anchor) if anchor.is_empty() || anchor.eq_ignore_ascii_case("top") => {
                continue;
            }
            Target::Here(anchor) => (entity, anchor),
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
        if let Some((message, help)) = judge((to, translation.map(|t| &*t.lang)), anchor) {
            let finding = text
                .document
                .finding(RULE.about.name, link.span.clone(), message);
            out.push(finding.help(help));
        }
    }
}

/// What is wrong with an anchor of the page of `to` in a language, and what to write instead.
fn judge((to, lang): (&Entity, Option<&str>), anchor: &str) -> Option<(String, String)> {
    to.data.as_ref()?;
    // Headings are those of the text that is shown; claims and stages keep their names.
    let translation = lang.and_then(|lang| to.translation(lang));
    let translation = translation.filter(|t| !t.source.document.markdown().trim().is_empty());
    let anchors: Vec<String> = match translation {
        Some(translation) => translation
            .source
            .anchors()
            .chain(to.own_anchors())
            .collect(),
        None => to.anchors().collect(),
    };
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
