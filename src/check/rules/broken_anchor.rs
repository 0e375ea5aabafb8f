//! `broken-anchor`: a link to a place that its page does not have.

use foldhash::{HashMap, HashSet};

use crate::check::{Context, Rule};
use crate::diagnostic::rule::About;
use crate::diagnostic::{Gathered, Severity};
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

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let library = cx.library;
    let mut known = Known::default();
    check_links(library, (entity, None), &mut known, out);
    for translation in &entity.translations {
        check_links(library, (entity, Some(translation)), &mut known, out);
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
        let place = (resolved.entity, None);
        if !known.has(place, anchor) {
            out.add(|| {
                let (message, help) = fault(place, anchor);
                let node = yaml.node(&entity.document.text, reference.node);
                entity
                    .document
                    .finding(RULE.about.name, node.span(), message)
                    .help(help)
                    .pointer(yaml.pointer(&entity.document.text, reference.node))
            });
        }
    }
}

/// The links in the text of an entity, or in that of one of its translations, which lead to pages in
/// that language where there are some.
fn check_links<'a>(
    library: &'a Library,
    (entity, translation): (&'a Entity, Option<&'a Translation>),
    known: &mut Known<'a>,
    out: &mut Gathered,
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
        let place = (to, translation.map(|t| &*t.lang));
        if !known.has(place, anchor) {
            out.add(|| {
                let (message, help) = fault(place, anchor);
                let document = &text.document;
                let finding = document.finding(RULE.about.name, link.span.clone(), message);
                finding.help(help)
            });
        }
    }
}

/// The page of an entity in a language.
type Page<'a> = (&'a Entity, Option<&'a str>);

/// The anchors of the pages that were asked for.
#[derive(Default)]
struct Known<'a>(HashMap<(*const Entity, Option<&'a str>), HashSet<String>>);

impl<'a> Known<'a> {
    /// Whether a page has an anchor. One that cannot be read may have any.
    fn has(&mut self, (to, lang): Page<'a>, anchor: &str) -> bool {
        let known = self.0.entry((std::ptr::from_ref(to), lang));
        let known = known.or_insert_with(|| anchors((to, lang)).into_iter().collect());
        to.data.is_none() || known.contains(anchor)
    }
}

fn anchors((to, lang): Page<'_>) -> Vec<String> {
    // Headings are those of the text that is shown; claims and stages keep their names.
    let translation = lang.and_then(|lang| to.translation(lang));
    let translation = translation.filter(|t| !t.source.document.markdown().trim().is_empty());
    match translation {
        Some(translation) => translation
            .source
            .anchors()
            .chain(to.own_anchors())
            .collect(),
        None => to.anchors().collect(),
    }
}

/// What is wrong with an anchor of a page, and what to write instead.
fn fault((to, lang): Page<'_>, anchor: &str) -> (String, String) {
    let anchors = anchors((to, lang));
    let help = match nearest::nearest(anchor, anchors.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `#{near}`?"),
        None if anchors.is_empty() => "remove the part from `#` on".to_owned(),
        None => {
            let few: Vec<_> = anchors.iter().take(8).map(|a| format!("`#{a}`")).collect();
            format!("it has {}", few.join(", "))
        }
    };
    let message = format!("{} `{}` has no place `#{anchor}`", to.kind, to.id);
    (message, help)
}
