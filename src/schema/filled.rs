//! A front matter as it is read: one walk finds out what each value is, and everything that looks at
//! it afterwards, the JSON Schema (`instance`) and the types (`de`), does so in place, without a copy.
//!
//! In: a tree of YAML and the [`Shape`] of a kind. Out: [`Forms`] and the references.

mod de;
mod instance;

use serde::Deserialize;
use serde_json::{Number, Value as Json};

pub(super) use instance::{Front, Instance};

use super::reference::{self, Reference};
use super::shape::{KindSet, Shape, entry_of, items_of};
use super::typed::{choose, number, typed, whole};
use crate::source::yaml::{Entries, Items, Node};

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Nothing is filled in.
    Nothing,
    /// `null`, where it means something.
    Null,
    Text,
    /// A number; one that is whole is so however it is written.
    Number,
    /// A number as it is written.
    AsWritten,
    Flag(bool),
    List,
    Map,
}

/// What the values of a front matter are, by their nodes.
#[derive(Debug)]
pub(super) struct Forms(Vec<Form>);

/// A value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filled<'a> {
    node: Node<'a>,
    forms: &'a Forms,
}

impl Forms {
    /// Looks at `root` and all that is below it, and calls `refer` with every reference, in the
    /// order of the file.
    pub(super) fn of(root: Node<'_>, shape: &Shape, refer: &mut impl FnMut(Reference)) -> Self {
        let mut forms = Self(vec![Form::Nothing; root.tree_len()]);
        forms.walk(root, shape, refer);
        forms
    }

    /// The value of a node, if anything is filled in.
    pub(super) fn filled<'a>(&'a self, node: Node<'a>) -> Option<Filled<'a>> {
        let value = self.value(node);
        (value.form() != Form::Nothing).then_some(value)
    }

    fn value<'a>(&'a self, node: Node<'a>) -> Filled<'a> {
        Filled { node, forms: self }
    }

    fn walk(&mut self, node: Node<'_>, mut shape: &Shape, refer: &mut impl FnMut(Reference)) {
        let is_null = node.is_null();
        while let (Shape::Either(options), false) = (shape, is_null) {
            shape = choose(node, options);
        }
        let form = if is_null {
            match shape {
                Shape::Core => Form::Null,
                _ => Form::Nothing,
            }
        } else if let Some(text) = node.as_str() {
            if let Shape::Reference(kinds) = shape {
                refer(found(node, text, *kinds));
            }
            match typed(node, text, shape) {
                Some(Json::Bool(flag)) => Form::Flag(flag),
                Some(Json::Number(_)) if matches!(shape, Shape::Core) => Form::AsWritten,
                Some(Json::Number(_)) => Form::Number,
                _ => Form::Text,
            }
        } else if node.is_list() {
            let shape = items_of(shape);
            for node in node.items() {
                self.walk(node, shape, refer);
            }
            Form::List
        } else {
            let keys = match shape {
                Shape::Map { keys, .. } => *keys,
                _ => None,
            };
            for (key, node) in node.entries() {
                let Some(name) = key.as_str() else { continue };
                if let Some(kinds) = keys {
                    refer(found(key, name, kinds));
                }
                self.walk(node, entry_of(shape, name), refer);
            }
            Form::Map
        };
        self.0[node.id().index()] = form;
    }
}

fn found(node: Node<'_>, text: &str, kinds: KindSet) -> Reference {
    let (kind, id, anchor) = reference::parse(text, kinds);
    Reference {
        node: node.id(),
        kind,
        kinds,
        id: id.into(),
        anchor: anchor.map(Into::into),
    }
}

impl<'a> Filled<'a> {
    fn form(self) -> Form {
        self.forms.0[self.node.id().index()]
    }

    fn text(self) -> Option<&'a str> {
        self.node.as_str().filter(|_| self.form() == Form::Text)
    }

    fn number(self) -> Option<Number> {
        match self.form() {
            Form::Number => number(self.node.as_str()?).map(whole),
            Form::AsWritten => number(self.node.as_str()?),
            _ => None,
        }
    }

    /// The fields of a mapping that are filled; none of anything else.
    pub(super) fn fields(self) -> Fields<'a> {
        Fields {
            entries: self.node.entries(),
            forms: self.forms,
        }
    }

    /// The items of a list; none of anything else. One that is not filled is `null`.
    fn items(self) -> List<'a> {
        List {
            items: self.node.items(),
            forms: self.forms,
        }
    }

    /// The same as JSON.
    pub(super) fn json(self) -> Json {
        Json::deserialize(self).unwrap_or_default()
    }
}

/// The items of a list.
#[derive(Debug, Clone)]
pub(super) struct List<'a> {
    items: Items<'a>,
    forms: &'a Forms,
}

impl<'a> Iterator for List<'a> {
    type Item = Filled<'a>;

    fn next(&mut self) -> Option<Filled<'a>> {
        Some(self.forms.value(self.items.next()?))
    }
}

/// The fields of a mapping that are filled.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a> {
    entries: Entries<'a>,
    forms: &'a Forms,
}

impl<'a> Fields<'a> {
    fn get(&self, name: &str) -> Option<Filled<'a>> {
        let mut entries = self.entries.clone();
        let (_, node) = entries.find(|(key, _)| key.as_str() == Some(name))?;
        self.forms.filled(node)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a str, Filled<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let forms = self.forms;
        self.entries
            .find_map(|(key, node)| Some((key.as_str()?, forms.filled(node)?)))
    }
}
