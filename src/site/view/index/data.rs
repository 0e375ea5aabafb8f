//! What the filters of a long list look at: all its entries, in files that a page loads when
//! somebody filters.
//!
//! An entry is the number of its form and the texts for it, so that a script shows it as the theme
//! does: the forms are what the stencils of the theme make of them.

use std::sync::Arc;

use serde::Serialize;

use super::super::super::shown::ROOT;
use super::super::super::theme::Stencil;
use super::super::super::{Site, json};
use super::super::Result;
use super::{Place, SORT_KEYS, facets, sheets};
use crate::schema::Kind;

/// Entries in one file, which is 60 to 100 kB.
const ENTRIES: usize = 240;

/// How many files the list of a kind has: none if it is one page, which has all on it.
pub(super) fn count(site: &Site<'_>, kind: Kind) -> usize {
    if sheets::count(site, kind) == 1 {
        return 0;
    }
    let entries = site.library.count(kind, site.options.drafts);
    entries.div_ceil(ENTRIES)
}

/// The names of the files: `personas/0`.
pub(in crate::site) fn names(site: &Site<'_>) -> Vec<Box<str>> {
    let files = |&kind: &Kind| (0..count(site, kind)).map(move |n| sheets::name(kind, n));
    Kind::ALL.iter().flat_map(files).collect()
}

/// The kind and the number of a file that there is.
pub(in crate::site) fn find(site: &Site<'_>, name: &str) -> Option<(Kind, usize)> {
    sheets::parse(name).filter(|&(kind, number)| number < count(site, kind))
}

/// Some entries of a list.
#[derive(Default, Serialize)]
struct File<'a> {
    version: u32,
    forms: Vec<Form>,
    /// Filters with a value, to which entries refer by number.
    facets: Vec<(&'static str, &'a str)>,
    entries: Vec<Entry>,
}

/// How entries look: the HTML around their texts, and which text stands in each gap.
#[derive(Serialize)]
struct Form {
    html: Vec<Box<str>>,
    gaps: Vec<usize>,
    #[serde(skip)]
    stencil: Arc<Stencil>,
}

/// The number of its form, of its facets, its texts, and the keys by which it is sorted.
#[derive(Serialize)]
struct Entry(usize, Vec<usize>, Vec<String>, Vec<String>);

/// A file of the list of a kind.
pub(in crate::site) fn file(site: &Site<'_>, kind: Kind, number: usize) -> Result {
    let sheets = site.sheets(kind);
    let mut file = File {
        version: json::VERSION,
        ..File::default()
    };
    let place = Place {
        root: ROOT,
        level: "h2",
    };
    for entity in sheets.some(site, sheets.part(number, ENTRIES)) {
        let numbers = facets(entity).into_iter().map(|facet| {
            let known = file.facets.iter().position(|known| *known == facet);
            known.unwrap_or_else(|| {
                file.facets.push(facet);
                file.facets.len() - 1
            })
        });
        let mut numbers: Vec<usize> = numbers.collect();
        super::item(site, entity, place, "", &mut |stencil, fill| {
            let form = file.form(stencil);
            let used = stencil.gaps();
            let text = |gap: usize| {
                let mut text = String::new();
                fill(gap, &mut text);
                text
            };
            let texts = used.into_iter().map(text).collect();
            let keys = match kind {
                Kind::Persona => SORT_KEYS.map(text).collect(),
                _ => Vec::new(),
            };
            let numbers = std::mem::take(&mut numbers);
            file.entries.push(Entry(form, numbers, texts, keys));
            Ok(())
        })?;
    }
    Ok(json::written(&file))
}

impl File<'_> {
    /// The number of the form that a stencil was drawn for.
    fn form(&mut self, stencil: &Arc<Stencil>) -> usize {
        let known = self.forms.iter();
        let mut known = known.map(|form| Arc::ptr_eq(&form.stencil, stencil));
        known.position(|same| same).unwrap_or_else(|| {
            let used = stencil.gaps();
            let (html, gaps): (Vec<_>, Vec<_>) = stencil.pieces().unzip();
            let gaps = gaps.into_iter().flatten();
            self.forms.push(Form {
                html: html.into_iter().map(Box::from).collect(),
                gaps: gaps
                    .filter_map(|gap| used.iter().position(|known| *known == gap))
                    .collect(),
                stencil: Arc::clone(stencil),
            });
            self.forms.len() - 1
        })
    }
}
