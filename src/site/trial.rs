//! A trial of a project's own templates: a page of each sort, rendered and thrown away.

use super::{Route, Site, pages};
use crate::diagnostic::Diagnostic;
use crate::schema::Kind;

impl Site<'_> {
    /// What is wrong with the project's own templates, as far as it shows only when they are filled
    /// in. The built-in ones alone are not tried.
    pub fn trial(&self) -> Vec<Diagnostic> {
        if !self.theme.has_own_templates() {
            return Vec::new();
        }
        let rendered = self
            .samples()
            .into_iter()
            .map(|route| self.render(&route, &()));
        let mut findings: Vec<Diagnostic> = rendered
            .filter_map(Result::err)
            .map(|error| error.finding().clone())
            .collect();
        // The same mistake fails on many pages.
        findings.sort_by(Diagnostic::order);
        findings.dedup();
        findings
    }

    /// A route for each template, and for each kind.
    fn samples(&self) -> Vec<Route> {
        // What is no page has no template, and may be a lot to make.
        let fixed = pages::FIXED.iter().filter(|f| has_template(f.path));
        let mut routes: Vec<Route> = fixed.map(Route::Fixed).collect();
        for family in pages::FAMILIES.iter().filter(|f| has_template(f.around.1)) {
            let name = family.names_in(self).into_iter().next();
            routes.extend(name.map(|name| Route::Member(family, name)));
        }
        for &kind in Kind::ALL {
            // The longest one fills most fields.
            let entities = self.published(kind);
            if let Some(entity) = entities.max_by_key(|entity| entity.document.text.len()) {
                let id = entity.index;
                routes.extend([Route::Index(kind), Route::Entity(id)]);
                routes.extend(pages::PARTS.iter().map(|part| Route::Part(id, part)));
                // Any former id is shown in the same way.
                routes.push(Route::Alias("former".into(), entity.index));
            }
        }
        routes.retain(|route| self.has(route));
        routes
    }
}

/// Whether what has an address of this end is made by a template.
fn has_template(path: &str) -> bool {
    !matches!(path.rsplit('.').next(), Some("json" | "txt"))
}
