//! `broken-link`: a link in a text that leads nowhere.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::About;
use crate::diagnostic::{Gathered, Severity};
use crate::library::links::Target;
use crate::library::{Entity, Library};
use crate::schema::{Kind, nearest};
use crate::source::markdown::Form;

use super::unknown_ref::{missing, suggestion};

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "broken-link",
        severity: Severity::Error,
        summary: "A link in a text to a file or an id that does not exist",
        what: "Links and `[[names]]` in Markdown texts, and links in raw HTML: the file or entity must exist, the address must be one that a page may have, and a path must stay within the project.",
        why: "Readers stop following links after the second that fails, and the cross-references are what makes a library more than a folder of files.",
        fails: "See [the score](../kpis/npss.md).",
        repair: "See [the score](../kpis/nps.md).",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let library = cx.library;
    for (link, target) in entity.outline.links.iter().zip(&entity.targets) {
        let is_wrong = match target {
            Target::Entity { kind, id, .. } => library.resolve_name(*kind, id).is_none(),
            Target::File(path, _) => link.form != Form::Image && !library.has_asset(path),
            Target::Forbidden | Target::Outside => true,
            _ => false,
        };
        if is_wrong {
            out.add(|| {
                let (message, help) = fault(library, &link.to, target);
                let document = &entity.document;
                document
                    .finding(RULE.about.name, link.span.clone(), message)
                    .help(help)
            });
        }
    }
}

/// What is wrong with the link `to`, and what to write instead.
fn fault(library: &Library, to: &str, target: &Target) -> (String, String) {
    match target {
        Target::Entity { kind, id, .. } => {
            let kinds = kind.map_or_else(|| Kind::ALL.to_vec(), |k| vec![k]);
            (missing(&kinds, id), suggestion(library, &kinds, id))
        }
        Target::File(path, _) => (
            format!("`{path}` is not part of the site"),
            of_page(library, path).unwrap_or_else(|| {
                "link to a file below content/ or static/, or give the whole web address".to_owned()
            }),
        ),
        Target::Outside => (
            "this link leads out of the project".to_owned(),
            "count the `../`: a path is relative to the file it stands in".to_owned(),
        ),
        _ => (
            format!(
                "a link must not start with `{}:`",
                to.split(':').next().unwrap_or("")
            ),
            "use https, http, mailto or tel".to_owned(),
        ),
    }
}

/// What to write for a file that is not there, but would be the address of a page in the site.
fn of_page(library: &Library, path: &str) -> Option<String> {
    let address = path.strip_prefix("static/")?;
    let (folder, id) = address.split_once('/')?;
    let id = id.strip_suffix("/index.html").unwrap_or(id);
    let kind = *Kind::ALL.iter().find(|kind| kind.folder() == folder)?;
    let file = |id| Some(&library.find(kind, id)?.entity.document.path);
    if let Some(file) = file(id) {
        return Some(format!("write `/{file}`"));
    }
    let near = file(nearest::nearest(id, library.ids(kind))?)?;
    Some(format!("did you mean `/{near}`?"))
}
