//! Whether a renamed library means what it meant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Moves;
use jiff::civil::Date;

use crate::check;
use crate::library::links::Target;
use crate::library::{Entity, Library, Resolved};

/// What is worse in `after` than in `before`, a line each; nothing if all is well.
pub(super) fn compare(before: &Library, after: &Library, moves: &Moves) -> Vec<String> {
    let mut worse = Vec::new();
    for (_, entity) in before.all() {
        let path = moves
            .get(&entity.document.path)
            .unwrap_or(&entity.document.path);
        let Some((_, now)) = after.by_path(path) else {
            worse.push(format!("{path} would be lost"));
            continue;
        };
        let was = meant(before, entity);
        let is = meant(after, now);
        let lost = was.iter().zip(&is).any(|(was, is)| {
            let was = was.as_ref().map(|path| moves.get(path).unwrap_or(path));
            was.is_some() && was != is.as_ref()
        });
        if lost || was.len() != is.len() {
            worse.push(format!("{path} would refer to something else"));
        }
        let measured = |library: &Library, entity: &Entity| -> BTreeSet<Arc<str>> {
            let names = entity.measurements.iter().flat_map(|m| &m.names);
            let found = names.filter_map(|(kind, id)| path_of(library.find(*kind, id)));
            found
                .map(|path| moves.get(&path).cloned().unwrap_or(path))
                .collect()
        };
        if !measured(before, entity).is_subset(&measured(after, now)) {
            worse.push(format!(
                "the measurements of {path} would refer to something else"
            ));
        }
    }
    worse.extend(findings(before, after, moves));
    worse
}

/// What each reference and link of an entity leads to, in their order.
fn meant(library: &Library, entity: &Entity) -> Vec<Option<Arc<str>>> {
    let references = entity.references.iter();
    let references = references.map(|reference| path_of(library.resolve(reference)));
    let targets = entity.targets.iter().filter_map(|target| match target {
        Target::Entity { kind, id, .. } => Some(path_of(library.resolve_name(*kind, id))),
        _ => None,
    });
    references.chain(targets).collect()
}

fn path_of(resolved: Option<Resolved<'_>>) -> Option<Arc<str>> {
    Some(resolved?.entity.document.path.clone())
}

/// What a rename changes does not depend on the day.
const ANY_DAY: Date = Date::constant(2026, 1, 1);

/// The findings that are new, by file and code.
fn findings(before: &Library, after: &Library, moves: &Moves) -> Vec<String> {
    let mut known: BTreeMap<(Arc<str>, &str), usize> = BTreeMap::new();
    for finding in check::all(before, ANY_DAY) {
        let path = moves.get(&finding.path).unwrap_or(&finding.path).clone();
        *known.entry((path, finding.code)).or_default() += 1;
    }
    let mut new = Vec::new();
    for finding in check::all(after, ANY_DAY) {
        let entry = known
            .entry((finding.path.clone(), finding.code))
            .or_default();
        if *entry == 0 {
            let line = finding.start().line;
            new.push(format!("{}:{line}: {}", finding.path, finding.message));
        } else {
            *entry -= 1;
        }
    }
    new
}
