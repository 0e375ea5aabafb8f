//! The addresses of the site.

use std::sync::Arc;

pub use crate::library::links::encode;

use super::compared;
use super::pages::{self, Family, Fixed, Part};
use crate::library::{Entity, EntityId, Library, SETTINGS_FILE, links};
use crate::schema::Kind;

/// Something that has an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Route {
    /// A page or file with an address of its own.
    Fixed(&'static Fixed),
    /// The list of a kind.
    Index(Kind),
    /// The page of an entity.
    Entity(EntityId),
    /// The page of an entity in another language, as the settings write it.
    Translation(EntityId, Box<str>),
    /// What stands below the page of an entity.
    Part(EntityId, &'static Part),
    /// The redirect from a former id.
    Alias(Box<str>, EntityId),
    /// One of a family, by its name.
    Member(&'static Family, Box<str>),
    /// A file of the theme, by its name below `static/`.
    Theme(Box<str>),
    /// A file of the project that is copied, by its project path.
    Asset(Arc<str>),
}

impl Route {
    /// What is shown for an address that does not exist.
    pub fn not_found() -> Self {
        Self::Fixed(&pages::NOT_FOUND)
    }

    /// The route at an address: a decoded path without its leading slash.
    pub fn at(library: &Library, path: &str) -> Option<Self> {
        if let Some(fixed) = pages::fixed(path) {
            return Some(Self::Fixed(fixed));
        }
        let asset = ["static/", "content/"]
            .iter()
            .map(|folder| format!("{folder}{path}"))
            .find(|project| library.has_asset(project))
            .map(|project| Self::Asset(project.into()));
        if let Some(name) = path.strip_prefix("assets/") {
            return asset.or_else(|| Some(Self::Theme(name.into())));
        }
        let page = path.strip_suffix("index.html").unwrap_or(path);
        if let Some((family, name)) = pages::member(page) {
            return Some(Self::Member(family, name.into()));
        }
        if let Some((lang, rest)) = page.split_once('/')
            && library.settings.languages.iter().any(|known| known == lang)
            && let Some(Self::Entity(id)) = Self::at(library, rest)
        {
            return Some(Self::Translation(id, lang.into()));
        }
        if let Some((kind, rest)) = kind_of(page) {
            if rest.is_empty() {
                return Some(Self::Index(kind));
            }
            let named = |id: &str| {
                let found = library.find(kind, id)?;
                let (index, entity) = library.by_path(&found.entity.document.path)?;
                Some((index, entity, found.by_alias))
            };
            if let Some(id) = rest.strip_suffix('/')
                && let Some((index, entity, by_alias)) = named(id)
            {
                return if by_alias {
                    Some(Self::Alias(id.into(), index))
                } else {
                    (!is_home(entity)).then_some(Self::Entity(index))
                };
            }
            // Ids of pages may hold slashes, so a part is looked for where no page is.
            let cuts = rest.match_indices('/').map(|(at, _)| rest.split_at(at));
            let part = cuts.rev().find_map(|(id, below)| {
                let part = pages::part(below.strip_prefix('/')?)?;
                let (index, _, by_alias) = named(id)?;
                (!by_alias).then_some(Self::Part(index, part))
            });
            if part.is_some() {
                return part;
            }
            // What is gone has a page on sites that show changes.
            if asset.is_none()
                && let Some(path) = page.strip_suffix('/')
            {
                return Some(Self::Member(&compared::GONE, path.into()));
            }
        }
        asset
    }

    /// Whether it could be the page of what is gone.
    pub fn is_of_gone(&self) -> bool {
        matches!(self, Self::Member(family, _) if *family == &compared::GONE)
    }

    /// The address of the page, as it stands in a link.
    pub fn path(&self, library: &Library) -> String {
        encode(&self.plain(library))
    }

    /// The file that the route is written to.
    pub fn file(&self, library: &Library) -> String {
        let path = self.plain(library);
        if path.is_empty() || path.ends_with('/') {
            path + "index.html"
        } else {
            path
        }
    }

    fn plain(&self, library: &Library) -> String {
        let folder = |id: &EntityId| library.entity(*id).map(folder_of).unwrap_or_default();
        match self {
            Self::Fixed(fixed) => fixed.path.to_owned(),
            Self::Index(kind) => format!("{}/", kind.folder()),
            Self::Entity(id) => folder(id),
            Self::Translation(id, lang) => format!("{lang}/{}", folder(id)),
            Self::Part(id, part) => folder(id) + part.path,
            Self::Alias(from, id) => {
                let kind = library.entity(*id).map_or(Kind::Page, |e| e.kind);
                format!("{}/{from}/", kind.folder())
            }
            Self::Member(family, name) => {
                let (before, after) = family.around;
                format!("{before}{name}{after}")
            }
            Self::Theme(name) => format!("assets/{name}"),
            Self::Asset(path) => asset_path(path).to_owned(),
        }
    }
}

/// The kind of a page path, and what follows its folder.
fn kind_of(path: &str) -> Option<(Kind, &str)> {
    Kind::ALL.iter().find_map(|&kind| {
        let rest = path.strip_prefix(kind.folder())?.strip_prefix('/')?;
        Some((kind, rest))
    })
}

/// The folder of an entity's page, not encoded: `personas/priya-raman/`.
fn folder_of(entity: &Entity) -> String {
    [entity.kind.folder(), "/", &entity.id, "/"].concat()
}

/// The address of an entity's page, as it stands in a link.
pub(super) fn entity_path(entity: &Entity) -> String {
    if is_home(entity) {
        String::new()
    } else {
        let folder = folder_of(entity);
        if links::is_plain(&folder) {
            folder
        } else {
            encode(&folder)
        }
    }
}

/// The address of an entity's page in another language.
pub(super) fn translated_path(entity: &Entity, lang: &str) -> String {
    format!("{lang}/{}", encode(&folder_of(entity)))
}

/// Whether an entity is the text of the front page: `content/pages/index.md`.
pub(super) fn is_home(entity: &Entity) -> bool {
    entity.kind == Kind::Page && &*entity.id == "index"
}

/// Where a file of the project stands in the site, not encoded.
pub fn asset_path(project: &str) -> &str {
    project
        .strip_prefix("static/")
        .or_else(|| project.strip_prefix("content/"))
        .unwrap_or(project)
}

/// The address in the site of a picture that a file names; `None` when it does not exist, as those
/// of other sites do not: pages load nothing from elsewhere.
pub(super) fn picture(library: &Library, from: &str, written: &str) -> Option<String> {
    let path = links::file(from, written)?;
    library.has_asset(&path).then(|| encode(asset_path(&path)))
}

/// The address of a picture on pages whose links start with `root`.
pub(super) fn from(root: &str, picture: &str) -> String {
    format!("{root}{picture}")
}

/// The logo's address in the site.
pub(super) fn logo(library: &Library) -> Option<String> {
    picture(library, SETTINGS_FILE, library.settings.logo.as_deref()?)
}

/// The media type of a file, by its ending.
pub fn content_type(name: &str) -> &'static str {
    match name
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
        .as_str()
    {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml",
        "txt" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "pdf" => "application/pdf",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
