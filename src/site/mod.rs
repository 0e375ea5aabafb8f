//! Floor 5: from the library to pages.
//!
//! In: a [`Library`], a [`Theme`] and [`Options`]. Out: for a [`Route`] its [`Page`]. Nothing is
//! kept between two renderings but the views of references, so the build renders all routes in
//! parallel and the preview one at a time, through the same [`Site::render`].

#[cfg(test)]
mod arrival;
mod brand;
mod chart;
mod clash;
mod colour;
mod compared;
#[cfg(test)]
mod cost;
mod emblem;
mod fields;
#[cfg(test)]
mod hostile;
mod json;
mod languages;
mod letters;
mod markdown;
mod pages;
mod refs;
mod route;
mod search;
mod shown;
mod theme;
mod trial;
mod view;
mod whole;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock, RwLock};

use foldhash::HashSet;
use jiff::civil::Date;
use minijinja::Value;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::About;
use crate::library::channels::{self, Channels};
use crate::library::counterparts::AllCounterparts;
use crate::library::health::Found;
use crate::library::{Entity, EntityId, Library, Translation, id_fault};
use crate::review::chronicle::Chronicle;
use crate::schema::{Extra, Kind, Past};
use crate::source::yaml::Node;

pub use compared::{Base, Compared};
pub use pages::{Family, Fixed, Part};
pub use refs::RefCache;
pub use route::{Route, asset_path, content_type, encode};
pub use theme::{Theme, ThemeError, shipped};
use whole::Whole;

/// What differs between two sites of the same library.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether drafts have pages.
    pub drafts: bool,
    /// The address of the site, with a `/` at its end; links are relative without it.
    pub base_url: Option<String>,
    /// Whether broken references and findings are shown on the pages.
    pub show_findings: bool,
    /// The day for which the site is made: ages and what is due are counted from it.
    pub today: Date,
    /// The rules that have a page.
    pub rules: Vec<&'static About>,
}

impl Options {
    /// All that decides what pages show, in words that only equal options have.
    pub fn told(&self) -> String {
        let Self {
            drafts,
            base_url,
            show_findings,
            today,
            // They are those of the program.
            rules: _,
        } = self;
        format!("{drafts} {base_url:?} {show_findings} {today}")
    }

    /// The path of the site on its host, or `None` for relative links.
    fn base_path(&self) -> Option<&str> {
        let url = self.base_url.as_deref()?;
        let after_scheme = url.find("://").map_or(0, |at| at + 3);
        let path = match after_scheme {
            0 => 0,
            from => url[from..].find('/').map_or(url.len(), |at| from + at),
        };
        Some(&url[path..])
    }

    /// The whole address of a page, if the site's address is one.
    fn canonical(&self, path: &str) -> Option<String> {
        let url = self.base_url.as_deref()?;
        url.contains("://").then(|| format!("{url}{path}"))
    }
}

/// A rendered route.
#[derive(Debug, Clone)]
pub struct Page {
    /// The media type.
    pub content_type: &'static str,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// A library seen as a site.
pub struct Site<'a> {
    library: &'a Library,
    theme: &'a Theme,
    options: &'a Options,
    refs: &'a RefCache,
    whole: &'a Whole,
    history: Option<&'a Chronicle>,
    /// What its changes are marked against, and the site of that state.
    compared: Option<&'a Compared>,
    before: Option<Box<Site<'a>>>,
    /// Menu, title and language: the same on every page, converted once.
    shared: Value,
    headers: RwLock<Vec<view::Header>>,
    /// The frames of pages that were drawn.
    frames: RwLock<Vec<view::Frame>>,
    /// The list of each kind, where it is too long for one page.
    lists: Box<[OnceLock<view::Sheets>]>,
    /// Whom each persona is compared with: filled when all routes are wanted, as by a build. Who
    /// renders single pages asks about single personas.
    counterparts: Arc<OnceLock<AllCounterparts>>,
    /// All that is said of channels: found when the first page about one asks.
    channels: Arc<OnceLock<Channels>>,
    /// The pieces of comparisons.
    kit: OnceLock<view::Kit>,
    coverage: view::Coverage,
    /// What the sitemap lists.
    listing: view::Listing,
    now: Date,
    /// Which of the languages of translations its pages are in; that of the originals without one.
    language: Option<usize>,
    /// The same library in the languages of translations.
    editions: Vec<Site<'a>>,
}

/// Whether pages may tell of a finding: of none in what is restricted.
fn may_be_told(library: &Library, found: &Diagnostic) -> bool {
    library.by_path(&found.path).is_none_or(|(_, entity)| {
        let pointer = found.pointer.as_deref().unwrap_or_default();
        !entity.is_restricted() && library.shows_at(entity.kind, pointer)
    })
}

impl<'a> Site<'a> {
    /// Makes ready to render. `refs` may be used again with a changed library after
    /// [`RefCache::forget`].
    pub fn new(
        library: &'a Library,
        theme: &'a Theme,
        options: &'a Options,
        refs: &'a RefCache,
    ) -> Self {
        let mut site = Self::edition_of(library, (theme, refs), options, None);
        let languages = 0..library.settings.languages.len();
        site.editions = languages
            .filter_map(|n| {
                let made = (theme.edition(n)?, refs.edition(n)?);
                let mut edition = Self::edition_of(library, made, options, Some(n));
                // What was found of the library is the same in every language.
                edition.whole = site.whole;
                edition.counterparts = Arc::clone(&site.counterparts);
                edition.channels = Arc::clone(&site.channels);
                Some(edition)
            })
            .collect();
        site
    }

    fn edition_of(
        library: &'a Library,
        (theme, refs): (&'a Theme, &'a RefCache),
        options: &'a Options,
        language: Option<usize>,
    ) -> Self {
        let mut site = Self {
            language,
            editions: Vec::new(),
            library,
            theme,
            options,
            refs,
            whole: &refs.whole,
            history: None,
            compared: None,
            before: None,
            shared: Value::UNDEFINED,
            headers: RwLock::default(),
            frames: RwLock::default(),
            lists: Kind::ALL.iter().map(|_| OnceLock::new()).collect(),
            counterparts: Arc::default(),
            channels: Arc::default(),
            kit: OnceLock::new(),
            coverage: view::Coverage::default(),
            listing: view::Listing::default(),
            now: options.today,
        };
        site.shared = site.menu();
        site
    }

    /// Adds what Git tells of the library, as far as the settings allow.
    #[must_use]
    pub fn with_history(mut self, history: Option<&'a Chronicle>) -> Self {
        self.history = history.filter(|_| self.library.settings.history != Past::Off);
        self.shared = self.menu();
        self.headers = RwLock::default();
        self.frames = RwLock::default();
        let editions = self.editions.into_iter();
        self.editions = editions.map(|e| e.with_history(history)).collect();
        self
    }

    /// What stands in the front matter of an entity, as far as pages show it.
    fn fields<'e>(&self, entity: &'e Entity) -> impl Iterator<Item = (&'e str, Node<'e>)> {
        let library = self.library;
        let all = entity.document.root().into_iter().flat_map(Node::entries);
        let named = all.filter_map(|(key, node)| Some((key.as_str()?, node)));
        named.filter(move |(name, _)| library.shows(entity.kind, name))
    }

    /// The rule of this name, if it has a page.
    fn rule(&self, name: &str) -> Option<&'static About> {
        self.options
            .rules
            .iter()
            .copied()
            .find(|rule| rule.name == name)
    }

    /// Whether its pages are translations.
    fn is_edition(&self) -> bool {
        self.language.is_some()
    }

    /// The language of its pages.
    fn lang(&self) -> &'a str {
        let settings = &self.library.settings;
        let own = self.language.and_then(|n| settings.languages.get(n));
        own.unwrap_or(&settings.lang)
    }

    /// The site in a language, and the translation of an entity into it.
    fn edition<'e>(&self, entity: &'e Entity, lang: &str) -> Option<(&Self, &'e Translation)> {
        let translation = entity.translation(lang)?;
        let edition = self
            .editions
            .iter()
            .find(|edition| edition.lang() == lang)?;
        (!route::is_home(entity)).then_some((edition, translation))
    }

    /// Whether a route leads to a page.
    pub fn has(&self, route: &Route) -> bool {
        match route {
            Route::Fixed(fixed) => fixed.stands_in(self),
            Route::Index(kind) => self.library.count(*kind, self.options.drafts) > 0,
            Route::Entity(id) | Route::Alias(_, id) => self.published_at(*id).is_some(),
            Route::Translation(id, lang) => self
                .published_at(*id)
                .is_some_and(|entity| self.edition(entity, lang).is_some()),
            Route::Part(id, part) => self
                .published_at(*id)
                .is_some_and(|entity| part.stands_at(self, entity)),
            Route::Member(family, name) => family.has_in(self, name),
            Route::Theme(_) | Route::Asset(_) => true,
        }
    }

    /// The channels that what has a page names.
    fn channels(&self) -> &Channels {
        let find = || channels::channels(self.library, |entity| self.is_published(entity));
        self.channels.get_or_init(find)
    }

    /// Whether there is a channel of this name in addresses.
    fn has_channel(&self, slug: &str) -> bool {
        let channels = self.whole.channels(self.library, self.options.drafts);
        channels.has(self.library, slug)
    }

    /// The entity of this number, if it has a page.
    fn published_at(&self, id: EntityId) -> Option<&'a Entity> {
        let entity = self.library.entity(id);
        entity.filter(|entity| self.is_published(entity))
    }

    /// Whether it leaves none of these out.
    fn offers(&self, extras: &[Extra]) -> bool {
        let left_out = &self.library.settings.leave_out;
        extras.iter().all(|extra| !left_out.contains(extra))
    }

    /// Whether an entity has a page.
    pub fn is_published(&self, entity: &Entity) -> bool {
        entity.is_published(self.options.drafts)
    }

    /// The entities of a kind that have a page, by name.
    fn published(&self, kind: Kind) -> impl Iterator<Item = &'a Entity> {
        let drafts = self.options.drafts;
        self.library
            .of_kind(kind)
            .filter(move |e| e.is_published(drafts))
    }

    /// Every entity that has a page, by kind and name.
    fn listed(&self) -> impl Iterator<Item = &'a Entity> {
        let published = Kind::ALL.iter().flat_map(|&kind| self.published(kind));
        published.filter(|entity| self.is_first(entity))
    }

    /// Whether an entity is the one at its address: of several with one id the first is.
    fn is_first(&self, entity: &Entity) -> bool {
        let first = self.library.get(entity.kind, &entity.id);
        first.is_some_and(|first| first.index == entity.index)
    }

    /// Renders a route; what was `found` is shown where it belongs when the options ask for it, and
    /// summed up on the page about health. An error is
    /// one of a template or a file that cannot be read.
    pub fn render(&self, route: &Route, found: &dyn Found) -> Result<Page, ThemeError> {
        let gone = || ThemeError::gone(route);
        let text = match route {
            Route::Fixed(fixed) => (fixed.make)(self, found)?,
            Route::Index(kind) => view::index(self, *kind)?,
            Route::Entity(id) => {
                let entity = self.library.entity(*id).ok_or_else(gone)?;
                view::entity(self, entity, found)?
            }
            Route::Translation(id, lang) => {
                let entity = self.library.entity(*id).ok_or_else(gone)?;
                let (edition, translation) = self.edition(entity, lang).ok_or_else(gone)?;
                view::entity(edition, &translation.whole(self.library, entity), found)?
            }
            Route::Part(id, part) => {
                let entity = self.library.entity(*id).ok_or_else(gone)?;
                (part.make)(self, entity)?
            }
            Route::Alias(from, to) => {
                let entity = self.library.entity(*to).ok_or_else(gone)?;
                view::redirect(self, from, entity)?
            }
            Route::Member(family, name) => (family.make)(self, name)?,
            Route::Theme(name) => {
                let bytes = self.theme.file(name).ok_or_else(gone)?;
                return Ok(Page {
                    content_type: content_type(name),
                    body: bytes.into_owned(),
                });
            }
            Route::Asset(path) => {
                let read = self.library.tree().read(path, u64::MAX);
                let body = read.map_err(|error| ThemeError::unreadable(path, &error))?;
                return Ok(Page {
                    content_type: content_type(path),
                    body,
                });
            }
        };
        let content_type = match route {
            Route::Fixed(Fixed { path: name, .. }) | Route::Part(_, Part { path: name, .. }) => {
                media(name)
            }
            Route::Member(family, _) => media(family.around.1),
            _ => media("/"),
        };
        Ok(Page {
            content_type,
            body: self.marked(route, text)?.into_bytes(),
        })
    }

    /// Every route of the site.
    pub fn routes(&self) -> Vec<Route> {
        let fixed = pages::FIXED.iter().filter(|fixed| fixed.stands_in(self));
        let mut routes: Vec<Route> = fixed.map(Route::Fixed).collect();
        for family in pages::FAMILIES {
            let names = family.names_in(self).into_iter();
            routes.extend(names.map(|name| Route::Member(family, name)));
        }
        for &kind in Kind::ALL {
            if self.library.count(kind, self.options.drafts) > 0 {
                routes.push(Route::Index(kind));
            }
        }
        for (id, entity) in self.library.all() {
            if !self.is_published(entity) || !self.is_first(entity) {
                continue;
            }
            if !route::is_home(entity) {
                routes.push(Route::Entity(id));
                let translations = entity.translations.iter();
                routes.extend(translations.map(|t| Route::Translation(id, t.lang.clone())));
            }
            let parts = pages::PARTS.iter();
            let parts = parts.filter(|part| part.stands_at(self, entity));
            routes.extend(parts.map(|part| Route::Part(id, part)));
            let mut seen = HashSet::default();
            for alias in &entity.common.aliases {
                // Of two that bore the same name one can be found by it.
                let holder = self.library.find(entity.kind, alias);
                let is_held = holder.is_some_and(|h| h.by_alias && h.entity.index == id);
                let is_first = seen.insert(alias);
                if is_held && is_first && id_fault(entity.kind, alias).is_none() {
                    routes.push(Route::Alias(alias.as_str().into(), id));
                }
            }
        }
        let gone = &compared::GONE;
        let names = gone.names_in(self).into_iter();
        routes.extend(names.map(|name| Route::Member(gone, name)));
        let files = self.theme.files();
        let files = files.filter(|name| self.compared.is_some() || !is_of_changes(name));
        routes.extend(files.map(|name| Route::Theme(name.into())));
        routes.extend(
            self.library
                .assets()
                .filter(|path| clash::taken(self, path).is_none())
                .map(|path| Route::Asset(Arc::clone(path))),
        );
        routes
    }

    fn robots(&self) -> String {
        let mut out = String::from("User-agent: *\nAllow: /\n");
        if let Some(url) = self.options.canonical("sitemap.xml") {
            out.push_str("Sitemap: ");
            out.push_str(&url);
            out.push('\n');
        }
        out
    }

    /// What stands before every path in a link on the page at `path`.
    fn root(&self, path: &str) -> Cow<'a, str> {
        match self.options.base_path() {
            Some(base) => Cow::Borrowed(base),
            None => match path.matches('/').count() {
                0 => Cow::Borrowed("./"),
                depth => Cow::Owned("../".repeat(depth)),
            },
        }
    }
}

/// Whether a file of the theme is for pages with marks only.
fn is_of_changes(name: &str) -> bool {
    name.strip_prefix("changes.")
        .is_some_and(|ending| matches!(ending, "css" | "js"))
}

/// The media type of what stands at an address: a page, or a file by its ending.
pub fn media(path: &str) -> &'static str {
    if path.is_empty() || path.ends_with('/') {
        content_type("index.html")
    } else {
        content_type(path)
    }
}
