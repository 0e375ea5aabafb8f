//! A front matter as the validator of JSON Schemas sees it.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, Node, NodeIdentity, Object, cmp};
use serde_json::{Number, Value};

use super::{Fields, Filled, Form, List};

/// The representation of JSON whose values are [`Instance`]s.
#[derive(Debug)]
pub(in crate::schema) enum Front {}

/// One value of a front matter.
#[derive(Debug, Clone, Copy)]
pub(in crate::schema) enum Instance<'a> {
    /// What is written.
    Written(Filled<'a>),
    /// A front matter in which nothing is written: no field is there.
    Empty,
    /// The name of a field, which may have a schema too.
    Name(&'a str),
}

impl<'a> Instance<'a> {
    fn form(self) -> Form {
        match self {
            Self::Written(value) => value.form(),
            Self::Empty => Form::Map,
            Self::Name(_) => Form::Text,
        }
    }

    fn text(self) -> Option<&'a str> {
        match self {
            Self::Written(value) => value.text(),
            Self::Empty => None,
            Self::Name(name) => Some(name),
        }
    }

    fn written(self) -> Option<Filled<'a>> {
        match self {
            Self::Written(value) => Some(value),
            Self::Empty | Self::Name(_) => None,
        }
    }
}

impl Json for Front {
    type Node<'a> = Instance<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = ();

    // To look a field up is to go through those before it.
    const KEYS_PER_LOOKUP: usize = 2;
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(Instance<'_>) -> T) -> T {
        f(Instance::Name(string))
    }
}

impl<'a> Node<'a, Front> for Instance<'a> {
    type Object = Members<'a>;
    type Array = List<'a>;
    type Number = Number;

    fn as_object(&self) -> Option<Members<'a>> {
        (self.form() == Form::Map).then(|| Members(self.written().map(Filled::fields)))
    }

    fn as_array(&self) -> Option<List<'a>> {
        let list = self.written().filter(|value| value.form() == Form::List)?;
        Some(list.items())
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.text().map(Cow::Borrowed)
    }

    fn as_number(&self) -> Option<Number> {
        self.written()?.number()
    }

    fn is_number(&self) -> bool {
        matches!(self.form(), Form::Number | Form::AsWritten)
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.form() {
            Form::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self.form(), Form::Nothing | Form::Null)
    }

    fn json_type(&self) -> JsonType {
        match self.form() {
            Form::Nothing | Form::Null => JsonType::Null,
            Form::Flag(_) => JsonType::Boolean,
            Form::Number | Form::AsWritten => JsonType::Number,
            Form::Text => JsonType::String,
            Form::List => JsonType::Array,
            Form::Map => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (self.text(), expected.as_str()) {
            (None, None) => cmp::equal(&self.to_value(), expected),
            (text, expected) => text == expected,
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match self {
            Self::Written(value) => value.json(),
            Self::Empty => Value::Object(serde_json::Map::new()),
            Self::Name(name) => (*name).into(),
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        match self {
            Self::Written(Filled { node, forms }) => {
                let index = u32::try_from(node.id().index()).ok()?;
                Some(NodeIdentity::tagged(
                    std::ptr::from_ref(*forms).addr(),
                    index,
                ))
            }
            Self::Empty => None,
            Self::Name(name) => Some(NodeIdentity::new(name.as_ptr().addr())),
        }
    }
}

/// The fields of an object.
#[derive(Debug, Clone)]
pub(in crate::schema) struct Members<'a>(Option<Fields<'a>>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, Instance<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, value) = self.0.as_mut()?.next()?;
        Some((name, Instance::Written(value)))
    }
}

impl<'a> Object<'a, Front> for Members<'a> {
    type Node = Instance<'a>;
    type MemberName = &'a str;
    type MembersIter = Self;

    fn len(&self) -> usize {
        self.clone().count()
    }

    fn get(&self, key: &Box<str>) -> Option<Instance<'a>> {
        self.0.as_ref()?.get(key).map(Instance::Written)
    }

    fn members(&self) -> Self {
        self.clone()
    }
}

impl<'a> Array<'a, Front> for List<'a> {
    type Node = Instance<'a>;
    type ElementsIter = std::iter::Map<Self, fn(Filled<'a>) -> Instance<'a>>;

    fn len(&self) -> usize {
        self.clone().count()
    }

    fn elements(&self) -> Self::ElementsIter {
        self.clone().map(Instance::Written)
    }
}
