//! From a front matter to a type, by `serde`.

use serde::Deserializer;
use serde::de::value::{Error, MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{self, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::{Filled, Form, List};

/// A list that knows how long it is, so that what is made of it takes no more memory than it needs.
struct Counted<'a> {
    list: List<'a>,
    left: usize,
}

impl<'a> Iterator for Counted<'a> {
    type Item = Filled<'a>;

    fn next(&mut self) -> Option<Filled<'a>> {
        self.left = self.left.saturating_sub(1);
        self.list.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<'de> IntoDeserializer<'de> for Filled<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Filled<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.form() {
            Form::Nothing | Form::Null => visitor.visit_unit(),
            Form::Flag(flag) => visitor.visit_bool(flag),
            Form::Number | Form::AsWritten => match self.number() {
                Some(number) => number.deserialize_any(visitor).map_err(de::Error::custom),
                None => visitor.visit_unit(),
            },
            Form::Text => visitor.visit_borrowed_str(self.node.as_str().unwrap_or_default()),
            Form::List => {
                let list = self.items();
                let left = list.clone().count();
                visitor.visit_seq(SeqDeserializer::new(Counted { list, left }))
            }
            Form::Map => visitor.visit_map(MapDeserializer::new(self.fields())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.form() {
            Form::Nothing | Form::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let word: Option<StrDeserializer<'_, Error>> =
            self.node.as_str().map(IntoDeserializer::into_deserializer);
        let word = word.ok_or_else(|| de::Error::custom(format_args!("{name} is not a word")))?;
        visitor.visit_enum(word)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier
    }
}
