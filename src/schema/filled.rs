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

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use jsonschema::Validator;
    use jsonschema::json::SerdeJson;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::schema::shape::kind_schema;
    use crate::schema::validate::compile;
    use crate::schema::{Kind, Settings, Typed};
    use crate::source::{Document, Memory};

    /// The schema of personas, compiled for front matter and for JSON.
    struct Schemas {
        shape: Shape,
        ours: Validator<Front>,
        theirs: Validator<SerdeJson>,
    }

    static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| {
        let schema = kind_schema(Kind::Persona, &Settings::default());
        Schemas {
            shape: Shape::compile(&schema, &schema),
            ours: compile(&schema).expect("compiles"),
            theirs: compile(&schema).expect("compiles"),
        }
    });

    /// Fields of personas, with values that fit them and values that do not.
    fn value() -> impl Strategy<Value = String> {
        let scalar = prop::sample::select(vec![
            "",
            "~",
            "null",
            "true",
            "False",
            "3",
            "2.0",
            "-1.5",
            "0x1f",
            "1e300",
            "word",
            "{a: b}",
            "\"3\"",
            "''",
            "2026-09-14",
            "persona:x#y",
            "high",
            "négatif",
        ]);
        let scalar = scalar.prop_map(str::to_owned);
        let key = prop::sample::select(vec![
            "text",
            "evidence",
            "id",
            "severity",
            "x",
            "a",
            "age_range",
            "role",
            "preferred",
        ]);
        scalar.prop_recursive(3, 24, 5, move |inner| {
            let list = prop::collection::vec(inner.clone(), 0..4);
            let map = prop::collection::btree_map(key.clone(), inner, 0..4);
            prop_oneof![
                list.prop_map(|items| {
                    // Nothing between two commas is no value to YAML.
                    let items = items.iter().map(|i| if i.is_empty() { "~" } else { i });
                    format!("[{}]", items.collect::<Vec<_>>().join(", "))
                }),
                map.prop_map(|fields| {
                    let fields = fields.iter().map(|(key, value)| format!("{key}: {value}"));
                    format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
                }),
            ]
        })
    }

    proptest! {
        /// What the schema judges and the types are made from is what is written as JSON.
        #[test]
        fn it_is_the_json_that_a_front_matter_is_written_as(fields in prop::collection::btree_map(
            prop::sample::select(vec![
                "name", "market", "goals", "pains", "traits", "b2b", "channels", "extra", "quote",
                "tags", "owner", "kpis", "last_reviewed", "online", "demographics", "segments",
            ]),
            value(),
            0..8,
        )) {
            let fields = fields.iter().map(|(key, value)| format!("{key}: {value}\n"));
            let text = format!("---\n{}---\n", fields.collect::<String>());
            let path = "content/personas/a.md";
            let tree = Memory::default().with(path, text.as_str());
            let document = Document::read(&tree, &path.into(), true);
            prop_assert_eq!(&document.findings, &[], "{}", text);
            let Some(root) = document.root() else { return Ok(()) };
            let Schemas { shape, ours, theirs } = &*SCHEMAS;
            for shape in [shape, &Shape::Core] {
                let forms = Forms::of(root, shape, &mut |_| ());
                let value = forms.value(root);
                let written = json!(Typed { node: root, shape });
                prop_assert_eq!(value.json(), written, "{}", text);
            }
            let forms = Forms::of(root, shape, &mut |_| ());
            let value = forms.value(root);
            let errors = |errors: jsonschema::ErrorIterator<'_>| -> Vec<String> {
                errors.map(|e| format!("{} {e}", e.instance_path())).collect()
            };
            let json = value.json();
            let instance = Instance::Written(value);
            prop_assert_eq!(ours.is_valid(instance), theirs.is_valid(&json), "{}", text);
            prop_assert_eq!(errors(ours.iter_errors(instance)), errors(theirs.iter_errors(&json)), "{}", text);
        }
    }
}
