//! `missing-asset`: a picture or file that does not exist.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::About;
use crate::diagnostic::{Gathered, Severity};
use crate::library::links::{self, Target};
use crate::library::{Entity, Library, SETTINGS_FILE};
use crate::schema::Data;
use crate::schema::nearest;
use crate::source::markdown::Form;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "missing-asset",
        severity: Severity::Error,
        summary: "A picture or file that does not exist",
        what: "Portraits, logos, pictures in texts, and the CSV that `measurements:` names: the file must exist. \
               A picture of another site counts as missing: pages load nothing from elsewhere.",
        why: "A broken picture is what visitors see first, and a KPI without its figures is only a definition.",
        fails: "portrait: /portraits/nora.png  # static/portraits/nora.png is not there",
        repair: "portrait: /portraits/nora-lind.png",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let library = cx.library;
    if let Some(Data::Persona(persona)) = &entity.data
        && let Some(portrait) = &persona.portrait
        && !is_there(library, &entity.document.path, portrait)
        && let Some(node) = entity.document.root().and_then(|root| root.get("portrait"))
    {
        let finding = entity
            .document
            .finding(RULE.about.name, node.span(), missing(portrait))
            .help(help(library, portrait))
            .pointer("/portrait");
        out.push(finding);
    }
    for (link, target) in entity.outline.links.iter().zip(&entity.targets) {
        let path = match target {
            Target::File(path, _) if !library.has_asset(path) => path,
            Target::External => &link.to,
            _ => continue,
        };
        if link.form == Form::Image {
            let finding = entity
                .document
                .finding(RULE.about.name, link.span.clone(), missing(path))
                .help(help(library, path));
            out.push(finding);
        }
    }
}

/// The logo that the settings name.
pub(crate) fn logo(library: &Library, out: &mut Gathered) {
    if let Some(logo) = &library.settings.logo
        && !is_there(library, SETTINGS_FILE, logo)
    {
        let message = format!("{}, which the settings name as the logo", missing(logo));
        out.push(
            library
                .settings_finding(RULE.about.name, "logo", message)
                .help(help(library, logo)),
        );
    }
}

fn is_there(library: &Library, from: &str, written: &str) -> bool {
    links::file(from, written).is_some_and(|path| library.has_asset(&path))
}

fn is_elsewhere(written: &str) -> bool {
    written.contains("//")
}

fn missing(written: &str) -> String {
    if is_elsewhere(written) {
        format!("pages do not load `{written}`, a picture of another site")
    } else {
        format!("there is no picture `{written}`")
    }
}

fn help(library: &Library, written: &str) -> String {
    if is_elsewhere(written) {
        return "save a copy below static/, and write `/name.png` for `static/name.png`".to_owned();
    }
    let names = library.assets().map(|path| links::file_name(path));
    match nearest::nearest(links::file_name(written), names) {
        Some(near) => {
            let path = library.assets().find(|a| links::file_name(a) == near);
            let shown = path.map_or_else(String::new, |p| match p.strip_prefix("static/") {
                Some(below) => format!("/{below}"),
                None => p.to_string(),
            });
            format!("did you mean `{shown}`?")
        }
        None => {
            "put the file below static/, and write `/name.png` for `static/name.png`".to_owned()
        }
    }
}
