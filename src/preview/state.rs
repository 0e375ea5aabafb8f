//! What the preview holds: the library, what is wrong with it, and the theme.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::check::Findings;
use crate::diagnostic::{Diagnostic, Severity, Summary};
use crate::library::{Entity, Library, SETTINGS_FILE};
use crate::schema::{Kind, Settings};
use crate::site::{Base, Compared, Options, RefCache, Site, Theme};
use crate::source::Folder;

/// Everything that a page is made of.
pub(super) struct State {
    pub(super) library: Library,
    pub(super) findings: Findings,
    theme: Theme,
    theme_findings: Vec<Diagnostic>,
    clashes: Vec<Diagnostic>,
    refs: RefCache,
    pub(super) compared: Option<Compared>,
}

impl State {
    /// Reads everything; settings that cannot be read stay what they were in `before`. It is
    /// compared with `base`.
    pub(super) fn load(
        folder: &Folder,
        options: &Options,
        (before, base): (Option<&Settings>, Option<&Base>),
    ) -> Self {
        let library = Library::load_after(Arc::new(folder.clone()), before);
        let (theme, theme_findings) = Theme::load(&library);
        let mut state = Self {
            findings: Findings::of(&library, options.today),
            clashes: Vec::new(),
            refs: RefCache::new(&library),
            compared: base.map(|base| Compared::with(base.clone(), &library, options)),
            library,
            theme,
            theme_findings,
        };
        state.clashes = state.site(options).clashes();
        state.try_templates(options);
        state
    }

    /// Adds what is wrong with templates only when they are filled in.
    fn try_templates(&mut self, options: &Options) {
        let found = self.site(options).trial();
        self.theme_findings.extend(found);
    }

    pub(super) fn site<'a>(&'a self, options: &'a Options) -> Site<'a> {
        Site::new(&self.library, &self.theme, options, &self.refs)
    }

    /// What is wrong with the site rather than with the content.
    fn of_site(&self) -> impl Iterator<Item = &Diagnostic> {
        self.theme_findings.iter().chain(&self.clashes)
    }

    /// All findings, sorted.
    pub(super) fn findings(&self) -> Vec<Diagnostic> {
        let all = self.findings.iter().chain(self.of_site());
        let mut all: Vec<Diagnostic> = all.cloned().collect();
        all.sort_by(Diagnostic::order);
        all
    }

    /// How many findings there are. Those of the library are counted as they come and go.
    pub(super) fn summary(&self) -> Summary {
        let mut summary = Summary::of(self.library.file_count(), self.of_site());
        let library = self.findings.tally();
        summary.errors += library.errors;
        summary.warnings += library.warnings;
        summary.infos += library.infos;
        summary
    }
}

/// Applies changed files; whether nothing but stylesheets changed.
pub(super) fn update(state: &mut State, options: &Options, paths: &BTreeSet<String>) -> bool {
    let theme = state.library.settings.theme.as_deref();
    let theme_folder = theme.map(|name| format!("themes/{name}"));
    let (themed, content): (Vec<&String>, Vec<&String>) =
        paths.iter().partition(|path| path.starts_with("themes/"));
    // The folder itself is named when it is gone.
    let ours = |path: &&&String| {
        let below = theme_folder.as_deref().and_then(|f| path.strip_prefix(f));
        below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    };
    let themed: Vec<&&String> = themed.iter().filter(ours).collect();
    if !themed.is_empty() {
        (state.theme, state.theme_findings) = Theme::load(&state.library);
        state.refs.clear();
    }
    let known = content
        .iter()
        .filter_map(|path| state.library.by_path(path));
    let mut touched: Vec<_> = known.map(|(_, entity)| key(entity)).collect();
    let before = addresses(&state.library, &content);
    let changed = state
        .library
        .update(content.iter().map(|path| path.as_str()));
    state.refs.follow(&state.library, &changed);
    if let Some(compared) = &mut state.compared {
        let ids = changed.changed.iter();
        touched.extend(ids.filter_map(|&id| state.library.entity(id)).map(key));
        compared.refresh(&state.library, touched);
        if !themed.is_empty() {
            compared.forget_pieces();
        }
    }
    state.findings.refresh(&state.library, &changed);
    // To look at every file again costs what the project is; most saves change no address.
    if !themed.is_empty() || addresses(&state.library, &content) != before {
        state.clashes = state.site(options).clashes();
    }
    if !themed.is_empty() {
        state.try_templates(options);
    }
    content.is_empty()
        && !themed.is_empty()
        && themed
            .iter()
            .all(|path| path.rsplit('.').next() == Some("css"))
}

fn key(entity: &Entity) -> (Kind, Box<str>) {
    (entity.kind, entity.id.as_ref().into())
}

/// What stands at these paths, as far as addresses of the site depend on it: whether it is a file
/// that is copied, and the former ids of an entity.
fn addresses(library: &Library, paths: &[&String]) -> Vec<(bool, Option<Vec<String>>)> {
    let entity = |path: &str| Some(library.by_path(path)?.1.common.aliases.clone());
    let paths = paths.iter();
    paths
        .map(|path| (library.has_asset(path), entity(path)))
        .collect()
}

/// The errors of a project, sorted: those of the settings first, since others may follow from them.
pub(super) fn errors(state: &State) -> Vec<&Diagnostic> {
    let site = state.of_site().filter(|f| f.severity == Severity::Error);
    let errors = state.findings.errors().chain(site);
    let mut errors: Vec<&Diagnostic> = errors.collect();
    errors.sort_by(|a, b| {
        let elsewhere = |finding: &Diagnostic| *finding.path != *SETTINGS_FILE;
        elsewhere(a).cmp(&elsewhere(b)).then_with(|| a.order(b))
    });
    errors
}

#[cfg(test)]
mod tests;
