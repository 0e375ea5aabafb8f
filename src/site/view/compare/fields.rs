//! What of personas is compared, in order. The page in the browser reads the same table.

use serde::Serialize;

use super::super::super::Site;
use super::super::super::markdown::escape;
use crate::library::Entity;
use crate::schema::Kind;
use crate::schema::shape::{self, KindSet, title};
use crate::source::yaml::Node;

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Sort {
    /// As it is written; of a list all values in a row.
    Text,
    /// By the words that the labels have for its values.
    Word,
    /// A share in percent that is online.
    Share,
    /// As a list of sentences, each with its like.
    Texts,
    /// By what it refers to.
    Reference,
    /// Yes or no.
    Bool,
}

/// A field that is compared.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Field<'a> {
    /// The heading under which it stands, in the labels.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) group: &'a str,
    /// Where it stands in the front matter: `buying.role` below `b2b`.
    pub(super) path: Path<'a>,
    /// Its name in the labels, and that of its values.
    pub(super) key: &'a str,
    /// How it is compared.
    pub(super) sort: Sort,
    /// What it may refer to.
    #[serde(serialize_with = "folders", skip_serializing_if = "Option::is_none")]
    pub(super) kinds: Option<KindSet>,
    /// Its name, where the labels have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
}

/// Up to three names, the outermost first.
pub(super) type Path<'a> = [&'a str; 3];

/// The folders of kinds, in which the browser finds their data.
#[expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "what serde passes"
)]
fn folders<S: serde::Serializer>(
    kinds: &Option<KindSet>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(
        kinds
            .iter()
            .flat_map(|kinds| kinds.iter())
            .map(Kind::folder),
    )
}

const fn field(group: &'static str, path: Path<'static>, sort: Sort) -> Field<'static> {
    let key = if !path[2].is_empty() {
        path[2]
    } else if !path[1].is_empty() {
        path[1]
    } else {
        path[0]
    };
    Field {
        group,
        path,
        key,
        sort,
        kinds: None,
        title: None,
    }
}

/// The built-in fields. Traits, measures and journeys have rows of their own.
pub(super) static FIELDS: &[Field<'static>] = &[
    field("facts", ["summary", "", ""], Sort::Text),
    Field {
        group: "facts",
        path: ["quote", "text", ""],
        key: "quote",
        sort: Sort::Text,
        kinds: None,
        title: None,
    },
    field("facts", ["market", "", ""], Sort::Word),
    field("facts", ["stance", "", ""], Sort::Word),
    field("facts", ["basis", "", ""], Sort::Word),
    field("facts", ["segments", "", ""], Sort::Reference),
    field("facts", ["lifecycle", "", ""], Sort::Word),
    field("facts", ["b2b", "designation", ""], Sort::Text),
    field("facts", ["b2b", "department", ""], Sort::Text),
    field("facts", ["b2b", "role", ""], Sort::Word),
    field("facts", ["b2c", "impulse", ""], Sort::Word),
    field("facts", ["demographics", "age_range", ""], Sort::Text),
    field("facts", ["demographics", "location", ""], Sort::Text),
    field("facts", ["demographics", "education", ""], Sort::Text),
    field("facts", ["demographics", "income", ""], Sort::Text),
    field("negative", ["negative", "reason", ""], Sort::Text),
    field("negative", ["negative", "drain", ""], Sort::Text),
    field("negative", ["negative", "signals", ""], Sort::Texts),
    field("negative", ["negative", "handling", ""], Sort::Text),
    field("claims", ["goals", "", ""], Sort::Texts),
    field("claims", ["pains", "", ""], Sort::Texts),
    field("claims", ["needs", "", ""], Sort::Texts),
    field("claims", ["motivations", "", ""], Sort::Texts),
    field("claims", ["expectations", "", ""], Sort::Texts),
    field("claims", ["preferences", "", ""], Sort::Texts),
    field("claims", ["behaviours", "", ""], Sort::Texts),
    field("claims", ["concerns", "", ""], Sort::Texts),
    field("claims", ["jobs", "", ""], Sort::Texts),
    field("claims", ["opportunities", "", ""], Sort::Texts),
    field("channels", ["channels", "preferred", ""], Sort::Texts),
    field("channels", ["channels", "online_share", ""], Sort::Share),
    Field {
        group: "buying",
        path: ["b2b", "buying", "role"],
        key: "buying_role",
        sort: Sort::Word,
        kinds: None,
        title: None,
    },
    field("buying", ["b2b", "buying", "trigger"], Sort::Text),
    field("buying", ["b2b", "buying", "success_factors"], Sort::Texts),
    field("buying", ["b2b", "buying", "barriers"], Sort::Texts),
    field("buying", ["b2b", "buying", "criteria"], Sort::Texts),
    field("buying", ["b2b", "job_kpis", ""], Sort::Texts),
    field("b2c", ["b2c", "interests", ""], Sort::Texts),
    field("b2c", ["b2c", "emotions", ""], Sort::Texts),
    field("b2c", ["b2c", "concerns", ""], Sort::Texts),
    field("empathy", ["empathy", "says", ""], Sort::Texts),
    field("empathy", ["empathy", "thinks", ""], Sort::Texts),
    field("empathy", ["empathy", "does", ""], Sort::Texts),
    field("empathy", ["empathy", "feels", ""], Sort::Texts),
];

/// The headings in the order of the page; fields stand below theirs, and some have rows of another
/// sort: traits below `traits`, KPIs below `kpis`, journeys below `journeys`.
pub(super) const GROUPS: [&str; 11] = [
    "facts", "negative", "claims", "traits", "channels", "buying", "b2c", "empathy", "own", "kpis",
    "journeys",
];

/// The project's own fields.
pub(super) fn own<'a>(site: &Site<'a>) -> Vec<Field<'a>> {
    let fields = site.library.settings.published_fields(Kind::Persona);
    let fields = fields.map(|(key, schema)| {
        let items = schema.get("items").unwrap_or(schema);
        let kinds = shape::reference_kinds(items);
        let named = schema.get("title").and_then(serde_json::Value::as_str);
        let is_bool = schema.get("type").and_then(serde_json::Value::as_str) == Some("boolean");
        Field {
            kinds,
            title: Some(named.map_or_else(|| title(key), str::to_owned)),
            sort: match kinds {
                Some(_) => Sort::Reference,
                None if is_bool => Sort::Bool,
                None => Sort::Text,
            },
            group: "own",
            path: [key, "", ""],
            key,
        }
    });
    fields.collect()
}

impl Field<'_> {
    /// What somebody has written there, if anything.
    pub(super) fn node<'e>(&self, front: &Front<'e>) -> Option<Node<'e>> {
        let [first, inner @ ..] = self.path;
        let names = inner.iter().take_while(|name| !name.is_empty());
        let node = names
            .into_iter()
            .try_fold(front.get(first)?, |node, name| node.get(name))?;
        (!node.is_null()).then_some(node)
    }

    /// What it is called, as HTML.
    pub(super) fn label(&self, site: &Site<'_>) -> String {
        let word = || site.theme.word(&["fields", self.key]);
        let label = self.title.as_deref().or_else(word);
        escape(label.unwrap_or(self.key)).into_owned()
    }

    /// The kinds that its references may point at.
    pub(super) fn kinds(&self) -> Vec<Kind> {
        match self.kinds {
            Some(kinds) => kinds.iter().collect(),
            None => vec![Kind::Segment],
        }
    }
}

/// What somebody has written, by the keys of the front matter. Every field is looked for in it.
pub(super) struct Front<'e>(Vec<(&'e str, Node<'e>)>);

impl<'e> Front<'e> {
    pub(super) fn of(site: &Site<'_>, entity: &'e Entity) -> Self {
        Self(site.fields(entity).collect())
    }

    fn get(&self, key: &str) -> Option<Node<'e>> {
        let found = self.0.iter().find(|(name, _)| *name == key);
        found.map(|(_, node)| *node)
    }
}

/// The texts of a node: those of a list, those of claims, or a single one.
pub(super) fn texts(node: Node<'_>) -> Vec<&str> {
    if let Some(text) = node.as_str() {
        return vec![text];
    }
    let items = node.items();
    let texts = items.filter_map(|item| match item.as_str() {
        Some(text) => Some(text),
        None => item.get("text")?.as_str(),
    });
    texts.collect()
}
