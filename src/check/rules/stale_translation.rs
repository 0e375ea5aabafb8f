//! `stale-translation`: a translation of a text that has changed since.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::library::translation::DAY;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "stale-translation",
        severity: Severity::Info,
        group: Group::NeverUpdated,
        summary: "A translation that is older than its original",
        what: "`translated` of a translation, the day of the text that it translates, against the day of the \
               original: the one in `last_reviewed`. Where one of the two is missing nothing is said.",
        why: "People read the page in their language and take it for the present state. The page says that it is \
              older; this says so to those who can change it.",
        source: "",
        fails: "# content/personas/nora.de.md, where nora.md says `last_reviewed: 2026-10-01`\ntranslated: 2026-02-01",
        repair: "# content/personas/nora.de.md, compared with the original and brought up to date\ntranslated: 2026-10-01",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(_: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    for translation in &entity.translations {
        let Some(changed) = entity.changed().filter(|_| translation.is_older(entity)) else {
            continue;
        };
        let document = &translation.source.document;
        let node = document.root().and_then(|root| root.get(DAY));
        let span = node.map_or_else(|| document.opening(), crate::source::yaml::Node::span);
        let message = format!("this translation is older than its original of {changed}");
        let mut finding = document
            .finding(RULE.about.name, span, message)
            .help(format!(
                "compare it with {}, translate what has changed, and write `{DAY}: {changed}`",
                entity.document.path
            ));
        finding.severity = RULE.about.severity;
        out.push(finding.pointer(format!("/{DAY}")));
    }
}
