//! The glossary: all terms on one page, and a page for each.

use minijinja::Value;

use super::super::Site;
use super::super::fields::view;
use super::super::refs::At;
use super::super::route;
use super::{Fields, PageInfo, Result, kind_label, render};
use crate::library::Entity;
use crate::schema::{Data, Kind};

/// Terms on the page of all; more are no page that anybody reads.
const MAX_TERMS: usize = 1_000;
/// Places named where a word is used.
const MAX_USES: usize = 40;
/// Terms beside a term, on either side.
const BESIDE: usize = 1;

/// The letter under which a name stands.
fn letter(name: &str) -> String {
    let first = name.chars().find(|c| c.is_alphanumeric());
    match first {
        Some(c) if c.is_alphabetic() => c.to_uppercase().to_string(),
        _ => "#".to_owned(),
    }
}

fn definition(entity: &Entity) -> &str {
    match &entity.data {
        Some(Data::Term(term)) => &term.definition,
        _ => "",
    }
}

/// All terms by their letter.
pub(super) fn index(site: &Site<'_>) -> Result {
    let path = format!("{}/", Kind::Term.folder());
    let mut letters: Vec<(String, Vec<Value>)> = Vec::new();
    let mut count = 0;
    for entity in site.published(Kind::Term) {
        count += 1;
        if count > MAX_TERMS {
            continue;
        }
        let letter = letter(entity.name());
        let term = view([
            ("name", Value::from(entity.name())),
            ("path", route::entity_path(entity).into()),
            ("definition", definition(entity).into()),
            ("status", entity.status().as_str().into()),
        ]);
        match letters.iter_mut().find(|(known, _)| *known == letter) {
            Some((_, terms)) => terms.push(term),
            None => letters.push((letter, vec![term])),
        }
    }
    let letters = letters
        .into_iter()
        .enumerate()
        .map(|(at, (letter, terms))| {
            view([
                ("anchor", Value::from(format!("letter-{}", at + 1))),
                ("letter", letter.into()),
                ("terms", terms.into()),
            ])
        });
    let title = kind_label(site, Kind::Term);
    let lead = site.theme.word(&["kinds", Kind::Term.name(), "lead"]);
    let info = PageInfo {
        kind: "index",
        title,
        description: lead,
        path: &path,
        entity: None,
    };
    let glossary = view([
        ("title", Value::from(title)),
        ("lead", Value::from(lead)),
        ("letters", letters.collect()),
        ("count", count.into()),
        ("more", count.saturating_sub(MAX_TERMS).into()),
    ]);
    render(site, "glossary.html", &info, vec![("glossary", glossary)])
}

/// Where a term is used, and which stand beside it.
pub(super) fn extend(site: &Site<'_>, at: At<'_>, out: &mut Fields) {
    let terms: Vec<&Entity> = site.published(Kind::Term).collect();
    let here = terms.iter().position(|term| term.index == at.entity.index);
    let here = here.unwrap_or_default();
    let beside = |range: std::ops::Range<usize>| -> Value {
        let near = terms.get(range).unwrap_or_default().iter();
        let near = near.filter(|term| term.index != at.entity.index);
        near.map(|term| site.reference(term, at.root)).collect()
    };
    out.push(("before", beside(here.saturating_sub(BESIDE)..here)));
    out.push((
        "after",
        beside((here + 1).min(terms.len())..(here + 1 + BESIDE).min(terms.len())),
    ));
    let glossary = site.library.glossary();
    let related = terms.iter().filter(|term| {
        term.index != at.entity.index
            && (glossary.names(definition(at.entity), &term.id)
                || glossary.names(definition(term), &at.entity.id))
    });
    let related: Vec<Value> = related.map(|term| site.reference(term, at.root)).collect();
    out.push(("related", related.into()));
    let (uses, more) = uses(site, at);
    out.push(("uses", uses));
    out.push(("more_uses", more.into()));
    // All who refer to it stand among those who use it.
    out.push(("backlinks", Value::from(Vec::<Value>::new())));
}

/// Who uses the word in its text or refers to it, by kind, and whether there may be more. It stops
/// when enough are found.
fn uses(site: &Site<'_>, at: At<'_>) -> (Value, bool) {
    let glossary = site.library.glossary();
    let mut found: Vec<&Entity> = site.library.referrers(at.entity);
    found.retain(|other| site.is_published(other));
    let mut more = found.len() > MAX_USES;
    found.truncate(MAX_USES);
    if !more {
        let all = Kind::ALL.iter().flat_map(|&kind| site.published(kind));
        for other in all {
            let known =
                other.index == at.entity.index || found.iter().any(|f| f.index == other.index);
            if known || other.kind == Kind::Term {
                continue;
            }
            if glossary.names(other.document.markdown(), &at.entity.id) {
                if found.len() == MAX_USES {
                    more = true;
                    break;
                }
                found.push(other);
            }
        }
    }
    let groups = Kind::ALL.iter().filter_map(|&kind| {
        let mut of_kind: Vec<_> = found.iter().filter(|other| other.kind == kind).collect();
        of_kind.sort_by_key(|other| other.sort_key());
        let items: Vec<Value> = of_kind
            .into_iter()
            .map(|other| site.reference(other, at.root))
            .collect();
        (!items.is_empty()).then(|| {
            view([
                ("label", Value::from(kind_label(site, kind))),
                ("items", items.into()),
            ])
        })
    });
    (groups.collect(), more)
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn a_term_stands_under_its_first_letter() {
        for (name, under) in [
            ("drop", "D"),
            ("“Über”", "Ü"),
            ("微信", "微"),
            ("3 D", "#"),
            ("…", "#"),
        ] {
            assert_eq!(letter(name), under);
        }
    }
}
