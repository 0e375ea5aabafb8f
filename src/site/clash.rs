//! Files of the project that would take the place of something else in the site.
//!
//! Each is looked up at its own address, so this costs what the files are, not what the library is.

use std::sync::Arc;

use super::{Route, Site, asset_path};
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::Library;
use crate::schema::Kind;

impl Site<'_> {
    /// A finding for each copied file whose address a page, a file of the theme or another copied
    /// file has.
    pub fn clashes(&self) -> Vec<Diagnostic> {
        let found = |asset: &Arc<str>| {
            let other = taken(self, asset)?;
            let message = format!(
                "this file cannot be `{}` in the site: that is the address of {}",
                asset_path(asset),
                name(self.library, &other)
            );
            Some(
                Diagnostic::new("path-clash", Severity::Error, Arc::clone(asset), message)
                    .help("rename the file, or move it to another folder"),
            )
        };
        self.library.assets().filter_map(found).collect()
    }
}

/// What has the address of a copied file, or stands where one of its folders would be, or has the
/// file's name as a folder.
pub(super) fn taken(site: &Site<'_>, asset: &str) -> Option<Route> {
    let library = site.library;
    let address = asset_path(asset);
    let is_there = |route: &Route| match route {
        Route::Theme(name) => site.theme.file(name).is_some(),
        Route::Asset(path) => **path != *asset,
        route => site.has(route),
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
    in_the_way.last().or_else(|| below(site, address, &at))
}

/// What stands in the folder that a file without an ending would be in the place of.
fn below(site: &Site<'_>, address: &str, at: &dyn Fn(&str) -> Option<Route>) -> Option<Route> {
    let library = site.library;
    if address == "assets" {
        return site
            .theme
            .files()
            .next()
            .map(|name| Route::Theme(name.into()));
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
        let below = library.ids(Kind::Page).filter(|id| id.starts_with(pages));
        let id = below.min()?;
        Some(Route::Entity(library.get(Kind::Page, id)?.index))
    })
}

/// What people call a route.
fn name(library: &Library, route: &Route) -> String {
    let path = |id| library.entity(id).map_or("", |e| &*e.document.path);
    match route {
        Route::Fixed(fixed) => fixed.name.to_owned(),
        Route::Index(kind) => format!("the list of {}", kind.folder()),
        Route::Entity(id) => format!("the page of {}", path(*id)),
        Route::Translation(id, lang) => format!("the page of {} in {lang}", path(*id)),
        Route::Part(id, part) => format!("{} of {}", part.name, path(*id)),
        Route::Alias(_, id) => format!("a redirect to {}", path(*id)),
        Route::Member(family, name) => format!("{} `{name}`", family.name),
        Route::Theme(name) => format!("`{name}` of the theme"),
        Route::Asset(path) => path.to_string(),
    }
}
