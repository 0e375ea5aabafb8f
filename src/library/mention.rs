//! Where a file names other entities, and how each place is written for another id.
//!
//! In: an [`Entity`]. Out: its [`Mention`]s: references of the front matter, links and wiki links
//! of the text, cells of the measurements. This reads the text once more, so it is for those who
//! change files; everybody else asks the library by name.

use std::ops::Range;

use super::links::{self, Target};
use super::{Entity, EntityId, measurements};
use crate::diagnostic::Edit;
use crate::schema::shape::KindSet;
use crate::schema::{Kind, reference};
use crate::source::Document;
use crate::source::markdown::{Destination, Form, Link, destinations};
use crate::source::yaml::Node;

/// A place in a file that names an entity.
#[derive(Debug)]
pub struct Mention<'a> {
    /// The file: that of the entity, or its measurements.
    pub document: &'a Document,
    /// The value, link or cell, in bytes.
    pub span: Range<usize>,
    /// The id it names.
    pub id: Box<str>,
    /// The kinds that may be meant, in the order in which they are looked up.
    kinds: Vec<Kind>,
    site: Site<'a>,
}

/// How a mention is written.
#[derive(Debug)]
enum Site<'a> {
    Value(Node<'a>, KindSet),
    Wiki(Option<Range<usize>>),
    Path {
        at: Option<Range<usize>>,
        to: Box<str>,
    },
    Cell,
}

/// Whom a name is to mean.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The entity.
    pub index: EntityId,
    /// Its kind.
    pub kind: Kind,
    /// The id to write.
    pub id: &'a str,
}

/// All mentions of a file, in its order: front matter, text, measurements.
pub fn mentions(entity: &Entity) -> Vec<Mention<'_>> {
    let mut all: Vec<Mention<'_>> = values(entity).collect();
    if entity
        .targets
        .iter()
        .any(|t| matches!(t, Target::Entity { .. }))
    {
        all.extend(links(entity));
    }
    all.extend(cells(entity));
    all
}

/// Every destination in the text of an entity, with what it points at.
pub fn targets(entity: &Entity) -> impl Iterator<Item = (Destination, Target)> {
    let document = &entity.document;
    let all = destinations(document.markdown(), document.body.start);
    all.into_iter().map(|destination| {
        let link = Link {
            to: destination.to.clone(),
            span: destination.span.clone(),
            form: destination.form,
        };
        let target = links::target(&document.path, &link);
        (destination, target)
    })
}

/// The references of the front matter. One that stands in the place of an alias (`*x`) is that
/// at its anchor (`&x`), if the same id is written there.
fn values(entity: &Entity) -> impl Iterator<Item = Mention<'_>> {
    let document = &entity.document;
    let yaml = document.front.as_ref();
    entity.references.iter().filter_map(move |reference| {
        let mut node = yaml?.node(&document.text, reference.node);
        if let Some(name) = node.alias() {
            let anchored = entity
                .references
                .iter()
                .filter(|other| other.id == reference.id)
                .filter_map(|other| Some(yaml?.node(&document.text, other.node)))
                .find(|other| other.anchor() == Some(name));
            node = anchored.unwrap_or(node);
        }
        Some(Mention {
            document,
            span: node.span(),
            id: reference.id.as_str().into(),
            kinds: reference.candidates().collect(),
            site: Site::Value(node, reference.kinds),
        })
    })
}

fn links(entity: &Entity) -> impl Iterator<Item = Mention<'_>> {
    targets(entity).filter_map(|(destination, target)| {
        let Target::Entity { kind, id, .. } = target else {
            return None;
        };
        let site = match destination.form {
            Form::Wiki => Site::Wiki(destination.at),
            _ => Site::Path {
                at: destination.at,
                to: destination.to,
            },
        };
        Some(Mention {
            document: &entity.document,
            span: destination.span,
            id,
            kinds: kind.map_or_else(|| Kind::ALL.to_vec(), |kind| vec![kind]),
            site,
        })
    })
}

fn cells(entity: &Entity) -> impl Iterator<Item = Mention<'_>> {
    entity.measurements.iter().flat_map(|measurements| {
        let mut cells = Vec::new();
        measurements.mentions(|name, span| {
            if let measurements::Mention::Entity(kind, id) = name {
                cells.push(Mention {
                    document: &measurements.document,
                    span: span(),
                    id: id.into(),
                    kinds: vec![kind],
                    site: Site::Cell,
                });
            }
        });
        cells
    })
}

impl Mention<'_> {
    /// Whom it means, by what `find` knows of names, and as which kind.
    pub fn resolve(
        &self,
        find: impl Fn(Kind, &str) -> Option<EntityId>,
    ) -> Option<(Kind, EntityId)> {
        self.named(&self.id, find)
    }

    /// Whether it is a link by the path of a file.
    pub fn is_path(&self) -> bool {
        matches!(self.site, Site::Path { .. })
    }

    /// The JSON Pointer of a reference of the front matter.
    pub fn pointer(&self) -> Option<String> {
        match &self.site {
            Site::Value(node, _) => {
                let yaml = self.document.front.as_ref()?;
                Some(yaml.pointer(&self.document.text, node.id()))
            }
            _ => None,
        }
    }

    fn named(
        &self,
        id: &str,
        find: impl Fn(Kind, &str) -> Option<EntityId>,
    ) -> Option<(Kind, EntityId)> {
        self.kinds
            .iter()
            .find_map(|&kind| Some((kind, find(kind, id)?)))
    }

    /// Writes it so that it means `to`, by what `find` knows of names: with the kind if the id
    /// alone would mean another. `None` when its way of writing cannot be told apart.
    pub fn write(
        &self,
        to: Named<'_>,
        find: impl Fn(Kind, &str) -> Option<EntityId>,
    ) -> Option<Edit> {
        let alone = self.named(to.id, find).map(|(_, index)| index) == Some(to.index);
        let kind = (!alone).then_some(to.kind);
        let text = &self.document.text;
        match &self.site {
            Site::Value(node, kinds) => {
                node.rewrite(&reference::with_id(node.as_str()?, *kinds, kind, to.id))
            }
            Site::Wiki(at) => {
                let at = at.clone()?;
                let all = Kind::ALL.iter().copied().collect();
                let name = reference::with_id(text.get(at.clone())?, all, kind, to.id);
                Some(edit(at, name))
            }
            Site::Path { at, to: written } => {
                let at = at.clone()?;
                let path = &*self.document.path;
                let target = beside(&links::leads_to(path, written)?, to);
                let raw = text.get(at.clone())?;
                Some(edit(at, links::redirect(raw, path, path, &target)?))
            }
            Site::Cell => {
                let raw = text.get(self.span.clone())?;
                let start = self.span.start + raw.find(&*self.id)?;
                let special = to.id.contains([',', '"', '\n', '\r']);
                let quoted = raw.trim_start().starts_with('"');
                let written = match (quoted, special) {
                    (_, false) => to.id.to_owned(),
                    (true, true) => to.id.replace('"', "\"\""),
                    (false, true) => format!("\"{}\"", to.id.replace('"', "\"\"")),
                };
                Some(edit(start..start + self.id.len(), written))
            }
        }
    }
}

fn edit(span: Range<usize>, text: String) -> Edit {
    Edit { span, text }
}

/// The file of `to`, as a link to `path` knows it: only pages have folders in their ids, all
/// others are found by their names.
pub fn beside(path: &str, to: Named<'_>) -> String {
    let folder = match to.kind {
        Kind::Page => "content/pages",
        _ => path.rsplit_once('/').map_or("", |(folder, _)| folder),
    };
    format!("{folder}/{}.md", to.id)
}
