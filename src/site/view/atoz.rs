//! The A–Z index, and the page that the search leads to.

use minijinja::Value;

use super::super::fields::view;
use super::super::letters::{Letter, PageOf};
use super::super::markdown::escape;
use super::super::theme::Part;
use super::super::{Site, encode, refs, route};
use super::{PageInfo, Result, render};
use crate::library::{Entity, EntityId};
use crate::schema::kinds::persona::Stance;

const PATH: &str = "a-z/";

/// The index of everything: all names when they are few, or where to find them.
pub(in super::super) fn atoz(site: &Site<'_>) -> Result {
    let info = PageInfo {
        kind: "atoz",
        title: site.theme.word(&["atoz", "title"]).unwrap_or("A–Z"),
        description: site.theme.word(&["atoz", "lead"]),
        path: PATH,
        entity: None,
    };
    let more = vec![("letters", letters(site, PATH, true)?)];
    render(site, "atoz.html", &info, more)
}

/// A page of one letter.
pub(in super::super) fn letter(site: &Site<'_>, page: PageOf<'_>) -> Result {
    let PageOf { letter, number } = page;
    let path = path_of(page);
    let name = label(site, letter);
    let total = letter.pages();
    let numbered = site.theme.word(&["atoz", "page_title"]);
    let title = match numbered.filter(|_| total > 1) {
        Some(title) => title
            .replace("{letter}", &name)
            .replace("{n}", &(number + 1).to_string())
            .replace("{total}", &total.to_string()),
        None => name,
    };
    let pages = (0..total).map(|number| {
        let page = PageOf { letter, number };
        view([
            ("n", Value::from(number + 1)),
            ("path", path_of(page).into()),
            ("first", name_at(site, page.ids().first()).into()),
            ("last", name_at(site, page.ids().last()).into()),
        ])
    });
    let shown = view([
        ("count", Value::from(letter.ids.len())),
        ("n", (number + 1).into()),
        ("pages", pages.collect()),
        ("items", items(site, page.ids(), &path)?),
    ]);
    let info = PageInfo {
        kind: "atoz",
        title: &title,
        description: site.theme.word(&["atoz", "lead"]),
        path: &path,
        entity: None,
    };
    let more = vec![("letters", letters(site, &path, false)?), ("letter", shown)];
    render(site, "atoz.html", &info, more)
}

/// The page of the search. Its results are the work of a script; without one it leads to the A–Z
/// index.
pub(in super::super) fn search(site: &Site<'_>) -> Result {
    let path = "search/";
    let info = PageInfo {
        kind: "search",
        title: site.theme.word(&["search", "title"]).unwrap_or("Search"),
        description: site.theme.word(&["search", "lead"]),
        path,
        entity: None,
    };
    let more = vec![("letters", letters(site, path, true)?)];
    render(site, "search.html", &info, more)
}

/// The letters for the page at `path`, if `whole` with their names where these are few.
fn letters(site: &Site<'_>, path: &str, whole: bool) -> Result<Value> {
    let letters = site.letters();
    let few = letters.are_few();
    let views = letters.all.iter().map(|letter| {
        let first = PageOf { letter, number: 0 };
        let anchor = format!("l-{}", letter.key);
        let target = if few {
            format!("#{}", encode(&anchor))
        } else {
            path_of(first)
        };
        let mut fields = vec![
            ("label", Value::from(label(site, letter))),
            ("count", letter.ids.len().into()),
            ("anchor", anchor.into()),
            ("path", target.into()),
            ("here", (!few && path.starts_with(&*path_of(first))).into()),
            ("first", name_at(site, letter.ids.first()).into()),
            ("last", name_at(site, letter.ids.last()).into()),
        ];
        if whole && few {
            fields.push(("items", items(site, &letter.ids, path)?));
        }
        Ok(view(fields))
    });
    Ok(view([
        ("all", Value::from(views.collect::<Result<Vec<_>>>()?)),
        ("few", few.into()),
        ("count", letters.count.into()),
    ]))
}

fn path_of(page: PageOf<'_>) -> String {
    encode(&format!("{PATH}{}/", page.name()))
}

/// What people read for a letter.
fn label(site: &Site<'_>, letter: &Letter) -> String {
    let word = || site.theme.word(&["atoz", "groups", &letter.key]);
    let capital = letter.capital();
    capital.unwrap_or_else(|| word().unwrap_or(&letter.key).to_owned())
}

fn name_at<'a>(site: &Site<'a>, id: Option<&EntityId>) -> &'a str {
    let entity = id.and_then(|id| site.library.entity(*id));
    entity.map_or("", Entity::name)
}

/// The entries of these entities for the page at `path`.
fn items(site: &Site<'_>, ids: &[EntityId], path: &str) -> Result<Value> {
    let root = super::root(site, path);
    let mut html = String::new();
    for entity in ids.iter().filter_map(|id| site.library.entity(*id)) {
        let summary = refs::summary(entity);
        let negative = entity.active_stance() == Some(Stance::Negative);
        let form = [
            ("name", Part::Gap),
            ("href", Part::Gap),
            ("summary", Part::gap(summary.is_some())),
            ("kind", Part::Word(entity.kind.name())),
            ("status", Part::Word(entity.status().as_str())),
            ("negative", Part::flag(negative)),
        ];
        site.theme
            .stencil("entry", &form)?
            .fill(&mut html, |gap, out| {
                match gap {
                    0 => out.push_str(&escape(entity.name())),
                    1 => {
                        out.push_str(&root);
                        out.push_str(&escape(&route::entity_path(entity)));
                    }
                    _ => out.push_str(&escape(summary.unwrap_or_default())),
                }
                Ok(())
            })?;
    }
    Ok(Value::from_safe_string(html))
}
