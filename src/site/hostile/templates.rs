//! That the library of the tests beside this one goes through every template.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::theme::shipped;
use super::super::{compared, pages};
use super::filled::{Files, files, many, tree};
use super::{BODY, Route, World, plain};
use crate::library::Library;
use crate::schema::Kind;

/// Parts of templates that nothing is shown with, and why.
const UNUSED: &[&str] = &[];

/// Stands on a page where a part of a template was used.
fn mark(name: &str) -> String {
    format!("¤{}¤", name.trim())
}

/// A template that leaves a mark wherever it is used; macros leave one each.
fn marked(name: &str, source: &str) -> String {
    let after_tag = |start: usize| start + source[start..].find("%}").expect("its end") + 2;
    let mut marks = Vec::new();
    for (at, word) in source.match_indices("macro ") {
        let opens = source[..at].ends_with("{% ") || source[..at].ends_with("{%- ");
        if opens {
            let name_of = source[at + word.len()..]
                .split('(')
                .next()
                .unwrap_or_default();
            marks.push((after_tag(at), mark(&format!("{name}:{name_of}"))));
        }
    }
    if source.contains("{% extends") {
        // What stands outside of blocks is not shown.
        let block = source.find("{% block").expect("a block");
        marks.push((after_tag(block), mark(name)));
    } else if marks.is_empty() {
        marks.push((source.len(), mark(name)));
    }
    marks.sort();
    let mut out = source.to_owned();
    for (at, mark) in marks.into_iter().rev() {
        out.insert_str(at, &mark);
    }
    out
}

#[test]
fn texts_go_through_every_template_and_to_every_sort_of_page() {
    let texts = plain();
    let mut theme = Files::new();
    let mut unused = BTreeSet::new();
    for (_, name) in shipped::files() {
        if let Some(template) = name.strip_prefix("templates/") {
            let source = shipped::text(&name).expect("a template");
            let source = marked(template, &source);
            unused.extend(source.split('¤').skip(1).step_by(2).map(mark));
            theme.insert(format!("themes/marked/{name}"), source.into_bytes());
        }
    }
    assert!(unused.len() > 130, "{}", unused.len());
    let themed = |mut files: Files| {
        files.extend(theme.clone());
        let settings = files.get_mut("personary.yaml").expect("settings");
        settings.extend_from_slice(b"theme: marked\n");
        Library::load(Arc::new(tree(&files)))
    };
    let small = World {
        library: themed(files(&texts, BODY)),
        show_findings: true,
        ..World::with_changes(&texts)
    };
    let mut shown = small.shown(|_| true);
    let small = World {
        before: None,
        ..small
    };
    shown.extend(small.shown(|_| true));
    let large = World {
        library: themed(many(&texts)),
        ..small
    };
    let team = large.library.get(Kind::Team, "team-0").expect("a team");
    let team = team.index;
    shown.extend(large.shown(|route| match route {
        Route::Member(..) | Route::Fixed(_) => true,
        Route::Part(id, _) => *id == team,
        _ => false,
    }));
    let names: BTreeSet<String> = shown.iter().map(|page| sort(&page.route)).collect();
    for page in shown {
        unused.retain(|mark| !page.body.contains(mark));
    }
    let unused: Vec<&str> = unused.iter().map(|mark| mark.trim_matches('¤')).collect();
    assert_eq!(unused, UNUSED);
    let fixed = pages::FIXED.iter().map(|fixed| fixed.path.to_owned());
    let parts = pages::PARTS.iter().map(|part| format!("…/{}", part.path));
    let families = pages::FAMILIES.iter().chain([&compared::GONE]).map(family);
    let others = ["index", "entity", "translation", "alias"].map(str::to_owned);
    let all = fixed.chain(parts).chain(families).chain(others);
    let unseen: Vec<String> = all.filter(|name| !names.contains(name)).collect();
    // A part of the sitemap has 40,000 addresses.
    assert_eq!(unseen, ["sitemap-….xml"]);
}

fn family(family: &pages::Family) -> String {
    format!("{}…{}", family.around.0, family.around.1)
}

/// What sort of page or file a route leads to.
fn sort(route: &Route) -> String {
    match route {
        Route::Fixed(fixed) => fixed.path.to_owned(),
        Route::Part(_, part) => format!("…/{}", part.path),
        Route::Member(of, _) => family(of),
        Route::Index(_) => "index".to_owned(),
        Route::Entity(_) => "entity".to_owned(),
        Route::Translation(..) => "translation".to_owned(),
        Route::Alias(..) => "alias".to_owned(),
        Route::Theme(_) | Route::Asset(_) => "copy".to_owned(),
    }
}
