//! Giving an entity another id, wherever it is named.
//!
//! The file moves, every mention of the old id is written anew, and the old id stays as an alias,
//! so that addresses and links from elsewhere go on working. Mentions by an older alias are left
//! alone. The result is loaded in memory before anybody sees it: all that was named must still be
//! meant, and no file may have more findings than before.

mod error;
mod verify;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

pub use error::RenameError;

use super::{Changed, alias, preview};
use crate::diagnostic::{Edit, Edits};
use crate::library::links::{self, Target};
use crate::library::measurements;
use crate::library::mention::{Named, beside, mentions, targets};
use crate::library::translation;
use crate::library::{Entity, EntityId, Library, normal};
use crate::schema::shape::Shape;
use crate::schema::{Kind, choose, nearest};
use crate::source::markdown::Form;
use crate::source::yaml::Node;
use crate::source::{Document, MAX_FILE_BYTES, position};

/// A rename that can be written.
#[derive(Debug)]
pub struct Renamed {
    /// The files that change, the renamed one first.
    pub changes: Vec<Changed>,
    /// What could not be looked at and may still hold the old id.
    pub notes: Vec<String>,
}

/// Works out, in memory, what renaming the `kind` called `old` to `new` changes. `new` must be fit
/// for an id, which [`scaffold::id::check`](crate::scaffold::id::check) tells.
pub fn rename(library: &Library, kind: Kind, old: &str, new: &str) -> Result<Renamed, RenameError> {
    let entity = bearer(library, kind, &normal(old))?;
    refuse_taken(library, entity, new)?;
    let renaming = Renaming {
        library,
        entity,
        new,
        moves: moves(library, entity, new)?,
    };
    let mut changes = Vec::new();
    for (_, other) in library.all() {
        for translation in &other.translations {
            renaming.change(&translation.source, &mut changes)?;
        }
        renaming.change(other, &mut changes)?;
    }
    changes.sort_by_key(|change| (change.to.is_none(), change.path.clone()));
    let after = preview(library.tree(), &changes);
    let worse = verify::compare(library, &after, &renaming.moves);
    if !worse.is_empty() {
        return Err(RenameError::Worse(worse));
    }
    let notes = renaming.unread();
    Ok(Renamed { changes, notes })
}

fn bearer<'a>(library: &'a Library, kind: Kind, id: &str) -> Result<&'a Entity, RenameError> {
    let mut bearers = library.bearers(kind, id);
    match (bearers.next(), bearers.next()) {
        (Some(one), None) => Ok(one),
        (Some(first), Some(second)) => Err(RenameError::Twice {
            kind,
            id: id.to_owned(),
            first: first.document.path.clone(),
            second: second.document.path.clone(),
        }),
        (None, _) => {
            let former = library.former(kind, id).next();
            let help = match (former, nearest::nearest(id, library.ids(kind))) {
                (Some(now), _) => format!("it is called `{}` now", now.id),
                (None, Some(near)) => format!("did you mean `{near}`?"),
                (None, None) => format!(
                    "the names of the files in content/{}/ are the ids",
                    kind.folder()
                ),
            };
            Err(RenameError::Unknown {
                kind,
                id: id.to_owned(),
                help,
            })
        }
    }
}

fn refuse_taken(library: &Library, entity: &Entity, new: &str) -> Result<(), RenameError> {
    let kind = entity.kind;
    let taken = |other: &Entity, how, help| RenameError::Taken {
        id: new.to_owned(),
        how,
        path: other.document.path.clone(),
        help,
    };
    if *entity.id == *new {
        let id = new.to_owned();
        return Err(RenameError::Same { kind, id });
    }
    if let Some(other) = library.bearers(kind, new).next() {
        let help = format!("choose another id, or first `personary rename {kind} {new} ANOTHER`");
        return Err(taken(other, "the id of", help));
    }
    let mut former = library.former(kind, new);
    if let Some(other) = former.find(|other| other.index != entity.index) {
        let help = "choose another id, or remove it from the `aliases` there, which gives up its old addresses";
        return Err(taken(other, "a former id of", help.to_owned()));
    }
    Ok(())
}

/// Where files move, by project path: the entity, and the measurements beside a KPI.
type Moves = BTreeMap<Arc<str>, Arc<str>>;

fn moves(library: &Library, entity: &Entity, new: &str) -> Result<Moves, RenameError> {
    let document = &entity.document;
    let optional = entity.kind.front_matter_optional();
    if document.front.is_none() && !(optional && document.findings.is_empty()) {
        return Err(RenameError::Broken(document.path.clone()));
    }
    let named = Named {
        index: entity.index,
        kind: entity.kind,
        id: new,
    };
    let from = document.path.clone();
    let to = beside(&from, named);
    let tree = library.tree();
    let mut moves = Moves::new();
    let csv = measurements::beside(&from);
    if entity.kind == Kind::Kpi && tree.exists(&csv) {
        moves.insert(csv.into(), measurements::beside(&to).into());
    }
    for translation in &entity.translations {
        let is = &translation.source.document.path;
        moves.insert(
            is.clone(),
            translation::path_of(&to, &translation.lang).into(),
        );
    }
    moves.insert(from, to.into());
    let real = |path: &str| tree.locate(path)?.canonicalize().ok();
    for (from, to) in &moves {
        // Where letter case does not tell files apart, the new name may be the old file.
        if tree.exists(to) && (real(to).is_none() || real(to) != real(from)) {
            return Err(RenameError::Exists(to.to_string()));
        }
    }
    Ok(moves)
}

struct Renaming<'a> {
    library: &'a Library,
    entity: &'a Entity,
    new: &'a str,
    moves: Moves,
}

impl Renaming<'_> {
    /// Who will be found by a name.
    fn find(&self, kind: Kind, id: &str) -> Option<EntityId> {
        if kind == self.entity.kind && (*id == *self.new || *id == *self.entity.id) {
            return Some(self.entity.index);
        }
        self.find_now(kind, id)
    }

    fn find_now(&self, kind: Kind, id: &str) -> Option<EntityId> {
        Some(self.library.find(kind, id)?.entity.index)
    }

    fn moved<'b>(&'b self, path: &'b str) -> &'b str {
        self.moves.get(path).map_or(path, |to| to)
    }

    /// Whether anything in `other` may have to change. Telling so is cheap.
    fn concerns(&self, other: &Entity) -> bool {
        let named = |id: &str| id == &*self.entity.id || id == self.new;
        let measured = other.measurements.as_ref();
        other.index == self.entity.index
            || other.references.iter().any(|r| named(&r.id))
            || other.targets.iter().any(|target| match target {
                Target::Entity { id, .. } => named(id),
                Target::File(path, _) => self.moves.contains_key(&**path),
                _ => false,
            })
            || measured.is_some_and(|m| {
                self.moves.contains_key(&m.document.path) || m.names.iter().any(|(_, id)| named(id))
            })
    }

    /// Adds what changes in the files of an entity.
    fn change(&self, other: &Entity, changes: &mut Vec<Changed>) -> Result<(), RenameError> {
        if !self.concerns(other) {
            return Ok(());
        }
        let measured = other.measurements.as_ref().map(|m| &m.document);
        let (mut own, mut csv) = (Edits::default(), Edits::default());
        for mention in mentions(other).iter().filter(|mention| !mention.is_path()) {
            let Some((kind, index)) = mention.resolve(|kind, id| self.find_now(kind, id)) else {
                continue;
            };
            let will = mention.resolve(|kind, id| self.find(kind, id));
            let by_old = index == self.entity.index && *mention.id == *self.entity.id;
            if !by_old && will.map(|(_, index)| index) == Some(index) {
                continue;
            }
            let id = if by_old { self.new } else { &mention.id };
            let edit = mention
                .write(Named { index, kind, id }, |kind, id| self.find(kind, id))
                .ok_or_else(|| unwritable(mention.document, &mention.span))?;
            let edits = match measured {
                Some(measured) if measured.path == mention.document.path => &mut csv,
                _ => &mut own,
            };
            edits.add(&[edit]);
        }
        self.paths(other, &mut own)?;
        let is_it = other.document.path == self.entity.document.path;
        if is_it {
            let noted = alias::note(&other.document, &self.entity.id, self.new)
                .map_err(|_| RenameError::Aliases(other.document.path.clone()))?;
            own.add(noted.as_slice());
        }
        self.push(&other.document, &own, changes);
        if let Some(measured) = measured {
            self.push(measured, &csv, changes);
        } else if is_it {
            self.push_unread(changes);
        }
        Ok(())
    }

    /// Measurements that the KPI does not use, or could not be read, move all the same.
    fn push_unread(&self, changes: &mut Vec<Changed>) {
        for (path, to) in &self.moves {
            let text = self.library.tree().read(path, MAX_FILE_BYTES).ok();
            let known = changes.iter().any(|change| change.path == *path);
            if let (false, Some(text)) = (known, text.and_then(|t| String::from_utf8(t).ok())) {
                changes.push(Changed {
                    path: path.clone(),
                    to: Some(to.clone()),
                    before: text.clone(),
                    after: text,
                    places: 0,
                });
            }
        }
    }

    fn push(&self, document: &Document, edits: &Edits, changes: &mut Vec<Changed>) {
        let to = self.moves.get(&document.path).cloned();
        let known = changes.iter().any(|change| change.path == document.path);
        if known || (edits.is_empty() && to.is_none()) {
            return;
        }
        let before = document.text.clone();
        changes.push(Changed {
            path: document.path.clone(),
            to,
            after: edits.apply(&before).unwrap_or_else(|| before.clone()),
            before,
            places: edits.len(),
        });
    }

    /// Writes anew the paths that lead to a file that moves, and those of a file that moves to
    /// another folder.
    fn paths(&self, other: &Entity, edits: &mut Edits) -> Result<(), RenameError> {
        let document = &other.document;
        let was = &*document.path;
        let now = self.moved(was);
        for (destination, target) in targets(other) {
            let inside = matches!(
                target,
                Target::Entity { .. } | Target::Index(_) | Target::File(..)
            );
            let Some(path) = links::leads_to(was, &destination.to) else {
                continue;
            };
            if destination.form == Form::Wiki || !inside {
                continue;
            }
            let to = self.leads_to(&target, &path);
            let unchanged = to == path && folder(was) == folder(now);
            if unchanged {
                continue;
            }
            let at = destination.at.clone();
            let edit = at.and_then(|at| {
                let text = links::redirect(document.text.get(at.clone())?, was, now, &to)?;
                Some(Edit { span: at, text })
            });
            let edit = edit.ok_or_else(|| unwritable(document, &destination.span))?;
            if document.text.get(edit.span.clone()) != Some(&edit.text) {
                edits.add(&[edit]);
            }
        }
        let mut files = Vec::new();
        if let Some(root) = document.root() {
            assets(root, self.library.schemas.shape(other.kind), &mut files);
            files.extend(root.get("measurements").filter(|_| other.kind == Kind::Kpi));
        }
        for node in files {
            let written = node.as_str().unwrap_or_default();
            let Some(path) = links::leads_to(was, written).filter(|_| !written.contains("://"))
            else {
                continue;
            };
            let to = self.moved(&path);
            if to == path && folder(was) == folder(now) {
                continue;
            }
            let text = links::redirect(written, was, now, to).unwrap_or_default();
            if text != written {
                let edit = node.rewrite(&text);
                edits.add(&[edit.ok_or_else(|| unwritable(document, &node.span()))?]);
            }
        }
        Ok(())
    }

    /// Where a link to `path` has to lead.
    fn leads_to(&self, target: &Target, path: &str) -> String {
        match target {
            Target::Entity {
                kind: Some(kind),
                id,
                ..
            } if *kind == self.entity.kind && *id == self.entity.id => {
                let named = Named {
                    index: self.entity.index,
                    kind: *kind,
                    id: self.new,
                };
                beside(path, named)
            }
            _ => self.moved(path).to_owned(),
        }
    }

    /// Files that could not be read and hold the old id somewhere.
    fn unread(&self) -> Vec<String> {
        let old = &*self.entity.id;
        let mut notes = Vec::new();
        for (_, other) in self.library.all() {
            let document = &other.document;
            let front = document.text.get(document.front_range.clone());
            if document.front.is_none() && front.is_some_and(|text| text.contains(old)) {
                let path = &document.path;
                notes.push(format!(
                    "the front matter of {path} cannot be read and may still say `{old}`"
                ));
            }
            if other.kind == Kind::Kpi && other.data.is_none() {
                let csv = measurements::beside(&document.path);
                let rows = self.library.tree().read(&csv, MAX_FILE_BYTES);
                let rows = rows.ok().and_then(|rows| String::from_utf8(rows).ok());
                if rows.is_some_and(|rows| rows.contains(old)) {
                    notes.push(format!(
                        "{csv} may still say `{old}`: it is not read as long as its KPI has errors"
                    ));
                }
            }
        }
        notes
    }
}

/// The values that are paths of files.
fn assets<'a>(node: Node<'a>, shape: &Shape, out: &mut Vec<Node<'a>>) {
    match shape {
        Shape::Asset if node.as_str().is_some() => out.push(node),
        Shape::Either(options) => assets(node, choose(node, options), out),
        Shape::List(items) => node.items().for_each(|item| assets(item, items, out)),
        Shape::Map { .. } => {
            for (key, value) in node.entries() {
                assets(value, shape.field(key.as_str().unwrap_or_default()), out);
            }
        }
        _ => {}
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn unwritable(document: &Document, span: &Range<usize>) -> RenameError {
    let text = document.text.get(span.clone()).unwrap_or_default();
    RenameError::Unwritable {
        path: document.path.clone(),
        line: position(&document.text, span.start).line,
        text: text.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

#[cfg(test)]
mod tests;
