//! References from one entity to another, as the front matter writes them.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use compact_str::CompactString;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use super::Kind;
use super::shape::KindSet;
use crate::source::yaml::NodeId;

/// The keyword that makes a text a reference in a JSON Schema: the kinds it may point at.
pub const KEYWORD: &str = "x-reference";

/// What a [`Ref`] may point at.
pub trait Target {
    /// The kinds; the first one is meant when the reference does not say.
    const KINDS: &'static [Kind];
}

/// The id of an entity of kind `T`, as written: `priya-raman`, `persona:priya-raman` or
/// `persona:priya-raman#on-time`.
pub struct Ref<T>(CompactString, PhantomData<fn() -> T>);

impl<T> Ref<T> {
    /// The reference as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: Target> Ref<T> {
    /// The id alone, without kind and anchor.
    pub fn id(&self) -> &str {
        parse(&self.0, T::KINDS.iter().copied().collect()).1
    }

    /// The claim, stage or heading within the entity.
    pub fn anchor(&self) -> Option<&str> {
        parse(&self.0, T::KINDS.iter().copied().collect()).2
    }
}

impl<T> Clone for Ref<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<T> fmt::Debug for Ref<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<T> PartialEq for Ref<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Ref<T> {}

impl<T> PartialOrd for Ref<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Ref<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl<'de, T> Deserialize<'de> for Ref<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(CompactString::deserialize(deserializer)?, PhantomData))
    }
}

impl<T: Target> JsonSchema for Ref<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        let kinds: Vec<_> = T::KINDS.iter().map(|kind| kind.name()).collect();
        format!("Ref_{}", kinds.join("_")).into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let kinds: Vec<_> = T::KINDS.iter().map(|kind| kind.name()).collect();
        json_schema!({ "type": "string", "minLength": 1, KEYWORD: kinds })
    }
}

/// A reference that was found in a front matter.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The node that holds its text.
    pub node: NodeId,
    /// The kind that the text names.
    pub kind: Option<Kind>,
    /// The kinds it may point at.
    pub kinds: KindSet,
    /// The id it points at.
    pub id: CompactString,
    /// A claim, stage or heading within the entity.
    pub anchor: Option<CompactString>,
}

impl Reference {
    /// The kinds under which the id is looked up, in order.
    pub fn candidates(&self) -> impl Iterator<Item = Kind> {
        let named = self.kind;
        self.kinds
            .iter()
            .filter(move |&kind| named.is_none_or(|n| n == kind))
    }
}

/// Splits `[kind:]id[#anchor]`. The kind is `None` when the text names none of `kinds`; an id
/// itself may contain a colon.
pub fn parse(text: &str, kinds: KindSet) -> (Option<Kind>, &str, Option<&str>) {
    // Most references are an id and nothing else.
    if !text.bytes().any(|byte| matches!(byte, b'#' | b':')) {
        return (None, text, None);
    }
    let (rest, anchor) = match text.split_once('#') {
        Some((rest, anchor)) => (rest, Some(anchor)),
        None => (text, None),
    };
    if let Some((prefix, id)) = rest.split_once(':')
        && let Some(kind) = Kind::parse(prefix.trim())
        && kinds.contains(kind)
    {
        return (Some(kind), id.trim(), anchor);
    }
    (None, rest, anchor)
}

/// The reference `text` with another id; `kind` is put before it where the text names no kind.
pub fn with_id(text: &str, kinds: KindSet, kind: Option<Kind>, id: &str) -> String {
    let (named, old, _) = parse(text, kinds);
    let end = text.find('#').unwrap_or(text.len());
    let from = match named {
        Some(_) => text.find(':').map_or(0, |at| at + 1),
        None => 0,
    };
    let old = old.trim();
    let start = from + text[from..end].find(old).unwrap_or(0);
    let prefix = match (named, kind) {
        (None, Some(kind)) => format!("{kind}:"),
        _ => String::new(),
    };
    let (before, after) = (&text[..start], &text[start + old.len()..]);
    format!("{before}{prefix}{id}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_alone_is_replaced() {
        let kinds: KindSet = [Kind::Persona, Kind::Kpi].into_iter().collect();
        for (text, kind, after) in [
            ("old", None, "new"),
            ("old#old", None, "new#old"),
            ("persona:old", None, "persona:new"),
            ("KPIS: old #why", Some(Kind::Persona), "KPIS: new #why"),
            ("old", Some(Kind::Kpi), "kpi:new"),
            ("team:old#a", None, "new#a"),
            ("persona:persona", None, "persona:new"),
            (" old ", None, " new "),
        ] {
            assert_eq!(with_id(text, kinds, kind, "new"), after);
        }
    }
}
