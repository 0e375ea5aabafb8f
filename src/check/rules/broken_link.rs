//! `broken-link`: a link in a text that leads nowhere.

use crate::check::Rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::links::Target;
use crate::library::{Entity, Library};
use crate::schema::Kind;
use crate::source::markdown::Form;

use super::unknown_ref::{missing, suggestion};

pub(crate) const RULE: Rule = Rule {
    name: "broken-link",
    severity: Severity::Error,
    summary: "A link in a text to a file or an id that does not exist",
    check: Some(check),
    ..Rule::NEW
};

fn check(library: &Library, entity: &Entity, out: &mut Vec<Diagnostic>) {
    for (link, target) in entity.outline.links.iter().zip(&entity.targets) {
        let (message, help) = match target {
            Target::Entity { kind, id, .. } => {
                if library.resolve_name(*kind, id).is_some() {
                    continue;
                }
                let kinds = kind.map_or_else(|| Kind::ALL.to_vec(), |k| vec![k]);
                (missing(&kinds, id), suggestion(library, &kinds, id))
            }
            Target::File(path, _) if link.form != Form::Image && !library.has_asset(path) => (
                format!("`{path}` is not part of the site"),
                "link to a file below content/ or static/, or give the whole web address"
                    .to_owned(),
            ),
            Target::Forbidden => (
                format!(
                    "a link must not start with `{}:`",
                    link.to.split(':').next().unwrap_or("")
                ),
                "use https, http, mailto or tel".to_owned(),
            ),
            Target::Outside => (
                "this link leads out of the project".to_owned(),
                "count the `../`: a path is relative to the file it stands in".to_owned(),
            ),
            _ => continue,
        };
        let finding = entity
            .document
            .finding(RULE.name, link.span.clone(), message)
            .help(help);
        out.push(finding);
    }
}
