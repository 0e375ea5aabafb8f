//! A value of a front matter by its shape: what a scalar is, and the value as JSON.

use serde::{Serialize, Serializer};
use serde_json::{Number, Value};

use super::shape::{Shape, entry_of, items_of};
use crate::source::yaml::Node;

/// What a scalar is by its shape, when it is not a text.
pub(super) fn typed(node: Node<'_>, text: &str, shape: &Shape) -> Option<Value> {
    match shape {
        Shape::Number if node.is_plain() => number(text).map(whole).map(Value::Number),
        Shape::Bool if node.is_plain() => boolean(text).map(Value::Bool),
        Shape::Core if node.is_null() => Some(Value::Null),
        Shape::Core if node.is_plain() => number(text)
            .map(Value::Number)
            .or_else(|| boolean(text).map(Value::Bool)),
        _ => None,
    }
}

/// A value of a front matter, to be written as JSON: typed by its shape, what is not filled left
/// out. The same as what is validated, without a copy.
pub struct Typed<'a> {
    /// The value.
    pub node: Node<'a>,
    /// What it should be.
    pub shape: &'a Shape,
}

impl<'a> Typed<'a> {
    /// What stands in it under this name, if that is filled.
    pub fn entry(&self, name: &str, node: Node<'a>) -> Option<Self> {
        let shape = entry_of(self.shape, name);
        let filled = !node.is_null() || matches!(shape, Shape::Core);
        filled.then_some(Self { node, shape })
    }
}

impl Serialize for Typed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { node, shape } = *self;
        if let Shape::Either(options) = shape {
            let shape = choose(node, options);
            return Typed { node, shape }.serialize(serializer);
        }
        if let Some(text) = node.as_str() {
            return match typed(node, text, shape) {
                Some(value) => value.serialize(serializer),
                None => serializer.serialize_str(text),
            };
        }
        if node.is_list() {
            let shape = items_of(shape);
            return serializer.collect_seq(node.items().map(|node| {
                let filled = !node.is_null() || matches!(shape, Shape::Core);
                filled.then_some(Typed { node, shape })
            }));
        }
        let entries = node.entries().filter_map(|(key, node)| {
            let name = key.as_str()?;
            Some((name, self.entry(name, node)?))
        });
        serializer.collect_map(entries)
    }
}

/// The option that fits the form of a node; the first one when none does.
pub fn choose<'a>(node: Node<'_>, options: &'a [Shape]) -> &'a Shape {
    let fits = |shape: &&Shape| match shape {
        Shape::Map { .. } => node.is_map(),
        Shape::List(_) => node.is_list(),
        Shape::Number => node.is_plain() && node.as_str().is_some_and(|t| number(t).is_some()),
        Shape::Bool => node.is_plain() && node.as_str().is_some_and(|t| boolean(t).is_some()),
        _ => node.as_str().is_some(),
    };
    options
        .iter()
        .find(fits)
        .or(options.first())
        .unwrap_or(&Shape::Text)
}

/// A number as YAML 1.2's core schema writes it.
pub fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return i64::from_str_radix(hex, 16).ok().map(Number::from);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return i64::from_str_radix(octal, 8).ok().map(Number::from);
    }
    let plain = text.strip_prefix('+').unwrap_or(text);
    if let Ok(whole) = plain.parse::<i64>() {
        return Some(whole.into());
    }
    Number::from_f64(plain.parse().ok()?)
}

/// A number that is whole is so however it is written: the schemas take `2.0` for a whole number,
/// which the types behind them do not.
pub(super) fn whole(number: Number) -> Number {
    let fraction = number.as_f64().filter(|_| number.is_f64());
    let whole = fraction.filter(|value| value.fract() == 0.0);
    let whole = whole.and_then(|value| format!("{value:.0}").parse::<i64>().ok());
    whole.map_or(number, Number::from)
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{number, whole};

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        let told = |text: &str| number(text).map(|number| whole(number).to_string());
        let told = |text: &str| told(text).unwrap_or_default();
        for (written, meant) in [
            ("2", "2"),
            ("2.0", "2"),
            ("-1.0", "-1"),
            ("1e3", "1000"),
            ("-0.0", "0"),
            ("2.5", "2.5"),
            ("1e300", "1e+300"),
            ("two", ""),
        ] {
            assert_eq!(told(written), meant, "{written}");
        }
    }
}
