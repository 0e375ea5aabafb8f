//! Files of the project that would take the place of something else in the site.
//!
//! Each is looked up at its own address, so this costs what the files are, not what the library is.

use std::sync::Arc;

use super::{Route, Theme, asset_path};
use crate::diagnostic::rule::About;
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::Library;
use crate::schema::Kind;

/// A finding for each copied file whose address a page, a file of the theme or another copied file
/// has. `rules` are those that have a page.
pub fn clashes(library: &Library, theme: &Theme, rules: &[&About]) -> Vec<Diagnostic> {
    let found = |asset: &Arc<str>| {
        let other = taken(library, theme, rules, asset)?;
        let message = format!(
            "this file cannot be `{}` in the site: that is the address of {}",
            asset_path(asset),
            name(library, &other)
        );
        Some(
            Diagnostic::new("path-clash", Severity::Error, Arc::clone(asset), message)
                .help("rename the file, or move it to another folder"),
        )
    };
    library.assets().filter_map(found).collect()
}

/// What has the address of a copied file, or stands where one of its folders would be, or has the
/// file's name as a folder.
pub(super) fn taken(
    library: &Library,
    theme: &Theme,
    rules: &[&About],
    asset: &str,
) -> Option<Route> {
    let address = asset_path(asset);
    let is_there = |route: &Route| match route {
        Route::Index(kind) => library.count(*kind, true) > 0,
        Route::Rules => !rules.is_empty(),
        Route::Rule(name) => rules.iter().any(|rule| *rule.name == **name),
        Route::Theme(name) => theme.file(name).is_some(),
        Route::Asset(path) => **path != *asset,
        _ => true,
    };
    let at = |path: &str| Route::at(library, path).filter(|route| is_there(route));
    let of_theme = address
        .strip_prefix("assets/")
        .map(|name| Route::Theme(name.into()));
    if let Some(route) = of_theme.filter(is_there).or_else(|| at(address)) {
        return Some(route);
    }
    let folders = address.match_indices('/').map(|(end, _)| &address[..end]);
    let in_the_way = folders.filter_map(|folder| at(folder).filter(|r| r.file(library) == folder));
    in_the_way
        .last()
        .or_else(|| below(library, theme, address, &at))
}

/// What stands in the folder that a file without an ending would be in the place of.
fn below(
    library: &Library,
    theme: &Theme,
    address: &str,
    at: &dyn Fn(&str) -> Option<Route>,
) -> Option<Route> {
    if address == "assets" {
        return theme.files().next().map(|name| Route::Theme(name.into()));
    }
    let folder = format!("{address}/");
    at(&folder).or_else(|| {
        // Hardly a folder is called like a picture, and a look at all pages for each would cost.
        if address.rsplit('/').next()?.contains('.') {
            return None;
        }
        let pages = folder
            .strip_prefix(Kind::Page.folder())?
            .strip_prefix('/')?;
        let id = library.ids(Kind::Page).find(|id| id.starts_with(pages))?;
        Some(Route::Entity(library.get(Kind::Page, id)?.index))
    })
}

/// What people call a route.
fn name(library: &Library, route: &Route) -> String {
    let path = |id| library.entity(id).map_or("", |e| &*e.document.path);
    match route {
        Route::Home => "the home page".to_owned(),
        Route::Index(kind) => format!("the list of {}", kind.folder()),
        Route::Entity(id) => format!("the page of {}", path(*id)),
        Route::Data(id) => format!("the data of {}", path(*id)),
        Route::Alias(_, id) => format!("a redirect to {}", path(*id)),
        Route::Fields => "the field reference".to_owned(),
        Route::Trace | Route::TraceData => "the traceability table".to_owned(),
        Route::Health | Route::HealthData => "the page about health".to_owned(),
        Route::Rules => "the list of rules".to_owned(),
        Route::Rule(name) => format!("the page of the rule `{name}`"),
        Route::NotFound => "the page for addresses that do not exist".to_owned(),
        Route::Sitemap => "the sitemap".to_owned(),
        Route::Robots => "the word to search engines".to_owned(),
        Route::Library => "the data of the library".to_owned(),
        Route::Theme(name) => format!("`{name}` of the theme"),
        Route::Asset(path) => path.to_string(),
    }
}
