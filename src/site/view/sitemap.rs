//! The list of all pages for search engines, and its parts where it is too long for one file.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use minijinja::Value;

use super::super::fields::view;
use super::super::{Site, encode, pages, route};
use super::Result;
use crate::library::{Entity, EntityId};
use crate::schema::Kind;

/// Addresses in one file. The protocol allows 50,000 and 50 MB.
const MAX: usize = 40_000;

/// What is found out once for all parts.
#[derive(Debug, Default)]
pub(in crate::site) struct Listing {
    at_most: OnceLock<usize>,
    pages: OnceLock<Vec<Listed>>,
}

/// The address of a page, and the entity whose last review is told with it.
type Listed = (Box<str>, Option<EntityId>);

fn is_page(path: &str) -> bool {
    path.is_empty() || path.ends_with('/')
}

/// The parts of pages of entities that are pages themselves. The card for slides asks not to be
/// found.
fn page_parts() -> impl Iterator<Item = &'static pages::Part> {
    let parts = pages::PARTS.iter();
    parts.filter(|part| is_page(part.path) && part.path != super::CARD)
}

/// The families whose members are pages.
fn page_families() -> impl Iterator<Item = &'static pages::Family> {
    pages::FAMILIES.iter().filter(|f| is_page(f.around.1))
}

/// No fewer pages than there are, without a look at each.
fn at_most(site: &Site<'_>) -> usize {
    let entities = Kind::ALL.iter();
    let entities = entities.map(|kind| site.library.count(*kind, site.options.drafts));
    let each = 1 + page_parts().count() + site.library.settings.languages.len();
    let entities = entities.sum::<usize>() * each;
    let members = page_families().map(|family| family.names_in(site).len());
    pages::FIXED.len() + Kind::ALL.len() + entities + members.sum::<usize>()
}

/// The numbers of the parts: none where one file holds all.
pub(in crate::site) fn parts(site: &Site<'_>) -> RangeInclusive<usize> {
    match *site.listing.at_most.get_or_init(|| at_most(site)) {
        ..=MAX => RangeInclusive::new(1, 0),
        more => 1..=more.div_ceil(MAX),
    }
}

/// The number of a part that there is.
pub(in crate::site) fn part(site: &Site<'_>, name: &str) -> Option<usize> {
    let number: usize = name.parse().ok()?;
    (number.to_string() == name && parts(site).contains(&number)).then_some(number)
}

/// Every page, and whose it is.
fn pages(site: &Site<'_>) -> Vec<Listed> {
    let fixed = pages::FIXED.iter();
    let fixed = fixed.filter(|fixed| is_page(fixed.path) && fixed.stands_in(site));
    let mut all: Vec<Listed> = fixed.map(|f| (encode(f.path).into(), None)).collect();
    for family in page_families() {
        let (before, after) = family.around;
        let names = family.names_in(site).into_iter();
        let paths = names.map(|name| encode(&format!("{before}{name}{after}")));
        all.extend(paths.map(|path| (path.into(), None)));
    }
    for &kind in Kind::ALL {
        let mut published = site.published(kind).peekable();
        if published.peek().is_some() {
            all.push((format!("{}/", kind.folder()).into(), None));
        }
        for entity in published.filter(|e| !route::is_home(e)) {
            let path = route::entity_path(entity);
            let id = Some(entity.index);
            for part in page_parts().filter(|part| part.stands_at(site, entity)) {
                all.push((format!("{path}{}", encode(part.path)).into(), id));
            }
            all.push((path.into(), id));
            let translations = entity.translations.iter();
            let translated = translations.map(|t| route::translated_path(entity, &t.lang));
            all.extend(translated.map(|path| (path.into(), None)));
        }
    }
    all
}

/// The list of all pages, or one part of it.
pub(in crate::site) fn sitemap(site: &Site<'_>, part: Option<usize>) -> Result {
    let url = |path: &str, entity: Option<&Entity>| {
        let reviewed = entity.and_then(|entity| entity.common.last_reviewed);
        view([
            ("loc", Value::from(site.options.canonical(path))),
            ("lastmod", Value::from(reviewed.map(|day| day.to_string()))),
        ])
    };
    let parts = parts(site);
    let files = parts.clone().count();
    if files > 0 && part.is_none() {
        let urls = parts.map(|number| url(&format!("sitemap-{number}.xml"), None));
        let context = view([("parts", urls.collect())]);
        return site.theme.render("sitemap.xml", context);
    }
    let all = site.listing.pages.get_or_init(|| pages(site));
    let each = all.len().div_ceil(files.max(1)).max(1);
    let urls = all.chunks(each).nth(part.map_or(0, |number| number - 1));
    let urls = urls.unwrap_or_default().iter();
    let urls = urls.map(|(path, id)| url(path, id.and_then(|id| site.library.entity(id))));
    let context = view([("urls", urls.collect())]);
    site.theme.render("sitemap.xml", context)
}
