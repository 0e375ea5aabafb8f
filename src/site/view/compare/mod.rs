//! Personas side by side: a page for each two that are worth it, and one on which to choose freely.

mod fields;
mod kit;
mod sheet;
mod special;

use std::collections::BTreeMap;

use minijinja::Value;
use serde::Serialize;

use super::super::fields::view;
use super::super::refs::At;
use super::super::{Site, encode, json};
use super::parts::Parts;
use super::{PageInfo, Result, render, render_whole};
use crate::library::Entity;
use crate::library::counterparts::{AllCounterparts, Counterparts, ordered};
use crate::schema::{Data, Extra, Kind};
use fields::{FIELDS, GROUPS, own};
pub(in crate::site) use kit::Kit;
use sheet::{Sheet, Side};

pub(in crate::site) const PATH: &str = "compare/";
/// Pairs that a list can have and still be read. The others are offered on the pages of personas.
const MAX_PAIRS: usize = 300;
/// Names in one file for the browser.
const NAMES: usize = 1_000;

/// The name that a pair has in its address.
fn pair_name(a: &Entity, b: &Entity) -> String {
    let (a, b) = ordered(a, b);
    format!("{}/{}", a.id, b.id)
}

/// The names of all pairs.
pub(in crate::site) fn pair_names(site: &Site<'_>) -> Vec<Box<str>> {
    pairs(site).map(|(a, b)| pair_name(a, b).into()).collect()
}

/// All pairs that have a page, in the order of their addresses.
fn pairs<'s>(site: &'s Site<'_>) -> impl Iterator<Item = (&'s Entity, &'s Entity)> {
    let entity = |id| site.library.entity(id);
    let pairs = all(site).pairs().iter();
    pairs.filter_map(move |&(a, b)| entity(a).zip(entity(b)))
}

/// Whether a pair has a page.
pub(in crate::site) fn has_pair(site: &Site<'_>, name: &str) -> bool {
    sides(site, name).is_some_and(|[a, b]| {
        let offers = |a: &Side<'_>, b: &Side<'_>| {
            counterparts(site, a.entity)
                .iter()
                .any(|id| id == b.entity.index)
        };
        a.entity.id < b.entity.id && (offers(&a, &b) || offers(&b, &a))
    })
}

/// Those whom an address names.
fn sides<'a>(site: &Site<'a>, name: &str) -> Option<[Side<'a>; 2]> {
    let (a, b) = name.split_once('/')?;
    let find = |id: &str| {
        let entity = site.library.get(Kind::Persona, id)?;
        match &entity.data {
            Some(Data::Persona(persona)) if site.is_published(entity) => {
                Some(Side { entity, persona })
            }
            _ => None,
        }
    };
    Some([find(a)?, find(b)?])
}

fn all<'s>(site: &'s Site<'_>) -> &'s AllCounterparts {
    let drafts = site.options.drafts;
    let sketches = || site.whole.sketches(site.library, drafts);
    site.counterparts
        .get_or_init(|| AllCounterparts::of(site.library, sketches()))
}

/// Whom a persona is compared with. Looked up where all were wanted before, as a build does.
fn counterparts(site: &Site<'_>, entity: &Entity) -> Counterparts {
    let all = site.counterparts.get();
    all.map_or_else(
        || {
            let sketches = site.whole.sketches(site.library, site.options.drafts);
            sketches.counterparts(site.library, entity.index)
        },
        |all| all.get(entity.index),
    )
}

/// What the page of a persona offers: whom to compare it with, and where.
pub(super) fn offers(site: &Site<'_>, at: At<'_>) -> Value {
    if !site.offers(&[Extra::Compare]) {
        return Value::UNDEFINED;
    }
    let found = counterparts(site, at.entity);
    let other = |id, sort: &'static str| {
        let other = site.library.entity(id)?;
        let path = encode(&format!("{PATH}{}/", pair_name(at.entity, other)));
        Some(view([
            ("name", Value::from(site.name_of(other))),
            ("path", path.into()),
            ("sort", sort.into()),
        ]))
    };
    let alike = found.alike.and_then(|id| other(id, "alike"));
    let opposite = found.opposite.and_then(|id| other(id, "opposite"));
    alike.into_iter().chain(opposite).collect()
}

/// The page of a pair.
pub(in crate::site) fn pair(site: &Site<'_>, name: &str) -> Result {
    let Some(sides) = sides(site, name) else {
        return super::not_found(site);
    };
    let path = encode(&format!("{PATH}{name}/"));
    let root = site.root(&path);
    let kit = kit(site)?;
    let sheet = Sheet::of(site, kit, (&root, &sides))?;
    let text = site.theme.word(&["compare", "pair"]).unwrap_or("{a}, {b}");
    let [a, b] = sides.map(|side| side.entity);
    let title = text.replace("{a}", a.name()).replace("{b}", b.name());
    let info = PageInfo {
        kind: "compare",
        title: &title,
        description: None,
        path: &path,
        entity: None,
    };
    let ids = format!("?p={}&p={}", encode(&a.id), encode(&b.id));
    let counts = sheet.counts;
    let count = |n: usize| {
        let n = u64::try_from(n).unwrap_or(u64::MAX);
        site.theme.numerals.count(n)
    };
    let same = (!sheet.same.is_empty()).then_some(sheet.same);
    let mut parts = Parts::default();
    parts.html("compared.different", Some(sheet.different));
    parts.html("compared.same", same);
    parts.text("compared.differ", Some(count(counts.different)));
    parts.text("compared.alike", Some(count(counts.alike)));
    parts.text("compared.equal", Some(count(counts.same)));
    parts.text("compared.change", Some(format!("{PATH}{ids}")));
    render_whole(site, "pair.html", &info, parts)
}

/// The pieces of comparisons, looked up once for all pages.
fn kit<'s>(site: &'s Site<'_>) -> Result<&'s Kit> {
    if let Some(kit) = site.kit.get() {
        return Ok(kit);
    }
    let new = Kit::of(site)?;
    Ok(site.kit.get_or_init(|| new))
}

/// The page on which to choose.
pub(in crate::site) fn chooser(site: &Site<'_>) -> Result {
    let root = super::root(site, PATH);
    let total = all(site).pairs().len();
    // Somebody who stands in many pairs would otherwise fill the list.
    let shown = pairs(site).take(MAX_PAIRS).map(|(a, b)| {
        view([
            ("a", site.reference(a, &root)),
            ("b", site.reference(b, &root)),
            (
                "path",
                encode(&format!("{PATH}{}/", pair_name(a, b))).into(),
            ),
        ])
    });
    let shown: Vec<Value> = shown.collect();
    let data = json::written(&ForBrowser {
        stencils: kit(site)?.draw()?,
        groups: GROUPS,
        fields: FIELDS.iter().cloned().chain(own(site)).collect(),
        kinds: (Kind::ALL.iter())
            .flat_map(|kind| [kind.name(), kind.folder()].map(|word| (word, kind.folder())))
            .collect(),
        enough: crate::library::alignment::ENOUGH,
        long: crate::library::alignment::LONG,
        names: first_names(site),
        root: &root,
        labels: site
            .theme
            .labels_below(&["compare", "fields", "values", "general", "number"]),
        share: site.theme.word(&["persona", "share"]).unwrap_or_default(),
        no_value: site.theme.word(&["kpi", "no_value"]).unwrap_or_default(),
        all: site.theme.word(&["kpi", "all"]).unwrap_or_default(),
    });
    let page = view([
        ("more", (total - shown.len()).into()),
        ("pairs", Value::from(shown)),
        // A script element ends at the first `</`, wherever it stands.
        (
            "data",
            Value::from_safe_string(data.trim().replace('<', "\\u003c")),
        ),
    ]);
    let info = PageInfo {
        kind: "compare",
        title: site.theme.word(&["compare", "title"]).unwrap_or(PATH),
        description: site.theme.word(&["compare", "lead"]),
        path: PATH,
        entity: None,
    };
    render(site, "compare.html", &info, vec![("chooser", page)])
}

/// What the page on which to choose tells its script.
#[derive(Serialize)]
struct ForBrowser<'a> {
    stencils: serde_json::Map<String, serde_json::Value>,
    groups: [&'static str; 11],
    fields: Vec<fields::Field<'a>>,
    /// The folder of a kind, by the words that a reference may name it with.
    kinds: BTreeMap<&'static str, &'static str>,
    enough: f64,
    long: usize,
    /// The first name in each file of names.
    names: Vec<String>,
    root: &'a str,
    labels: serde_json::Map<String, serde_json::Value>,
    share: &'a str,
    no_value: &'a str,
    all: &'a str,
}

fn first_names(site: &Site<'_>) -> Vec<String> {
    let personas = site.sheets(Kind::Persona);
    let starts = (0..personas.len()).step_by(NAMES);
    let first = starts.flat_map(|start| personas.some(site, start..start + 1));
    first.map(|e| e.name().to_lowercase()).collect()
}

/// The numbers of the files of names.
pub(in crate::site) fn name_files(site: &Site<'_>) -> Vec<Box<str>> {
    let count = site.library.count(Kind::Persona, site.options.drafts);
    let files = 0..count.div_ceil(NAMES);
    files.map(|number| number.to_string().into()).collect()
}

/// Whether there is a file of names of this number.
pub(in crate::site) fn has_name_file(site: &Site<'_>, number: &str) -> bool {
    let count = site.library.count(Kind::Persona, site.options.drafts);
    let known: Option<usize> = number.parse().ok();
    known.is_some_and(|n| n < count.div_ceil(NAMES) && n.to_string() == number)
}

/// A file of names: ids and names, in the order of names.
pub(in crate::site) fn names(site: &Site<'_>, number: &str) -> String {
    let number: usize = number.parse().unwrap_or_default();
    let personas = site.sheets(Kind::Persona);
    let personas = personas.some(site, personas.part(number, NAMES));
    let names: Vec<(&str, &str)> = personas.map(|e| (&*e.id, e.name())).collect();
    json::written(&names)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::super::{Options, RefCache, Theme};
    use super::{Site, has_name_file};
    use crate::library::Library;
    use crate::source::Memory;

    #[test]
    fn there_is_no_file_of_names_whose_number_is_too_large_to_count_with() {
        let tree = Memory::default().with("content/personas/ada.md", "---\nname: Ada\n---\n");
        let library = Library::load(Arc::new(tree));
        let (theme, _) = Theme::load(&library);
        let options = Options::default();
        let refs = RefCache::new(&library);
        let site = Site::new(&library, &theme, &options, &refs);
        // A thousand times this is 0 in 64 bits.
        let number = (1_u64 << 61).to_string();
        assert!(has_name_file(&site, "0"));
        assert!(!has_name_file(&site, &number));
    }
}
