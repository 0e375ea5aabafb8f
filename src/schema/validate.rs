//! Reading a front matter with a schema: typing, references and findings in one go.

use jsonschema::json::Json;
use jsonschema::{PatternOptions, Validator};
use serde::Deserialize;
use serde::de::value::{Error, MapDeserializer};
use serde_json::Value;

use super::filled::{Filled, Forms, Front, Instance};
use super::kinds::common::{Common, LONGEST_NAME, LONGEST_SUMMARY};
use super::reference::Reference;
use super::settings::settings_schema;
use super::shape::{Shape, kind_schema};

use super::{Data, Kind, Settings, messages};
use crate::diagnostic::Diagnostic;
use crate::source::Document;

/// The compiled schemas of all kinds under the settings of one project.
#[derive(Debug, Default)]
pub struct Schemas {
    entries: Vec<Entry>,
    /// Whether nobody can tell which fields the project has added.
    is_open: bool,
}

#[derive(Debug)]
struct Entry {
    json: Value,
    shape: Shape,
    validator: Validator<Front>,
}

/// A front matter that was read.
#[derive(Debug, Default)]
pub struct Checked {
    /// The typed fields; `None` when the schema was violated.
    pub data: Option<Data>,
    /// The fields that every kind has, as far as they could be read.
    pub common: Common,
    /// Every reference in it, with its place.
    pub references: Vec<Reference>,
    /// What is wrong.
    pub findings: Vec<Diagnostic>,
}

impl Schemas {
    /// Compiles the schemas of all kinds. The settings were checked when they were read, so an
    /// error is a custom field that is a valid schema alone but not within its kind.
    pub fn new(settings: &Settings) -> Result<Self, String> {
        Self::compiled(settings, |_| {})
    }

    /// The same when nobody can tell which fields the project has added: any other field may stand
    /// beside the known ones.
    pub fn open(settings: &Settings) -> Result<Self, String> {
        let mut schemas =
            Self::compiled(settings, |json| json["additionalProperties"] = true.into())?;
        schemas.is_open = true;
        Ok(schemas)
    }

    fn compiled(settings: &Settings, adapt: impl Fn(&mut Value)) -> Result<Self, String> {
        let entries = Kind::ALL
            .iter()
            .map(|&kind| {
                let mut json = kind_schema(kind, settings);
                adapt(&mut json);
                Ok(Entry {
                    shape: Shape::compile(&json, &json),
                    validator: compile(&json)?,
                    json,
                })
            })
            .collect::<Result<_, String>>()?;
        Ok(Self {
            entries,
            is_open: false,
        })
    }

    /// Whether a field is one that the kind has by itself, or that the project is known to have added.
    pub fn knows(&self, kind: Kind, name: &str) -> bool {
        let fields = self.json(kind).get("properties");
        fields.is_some_and(|fields| fields.get(name).is_some())
    }

    /// Whether fields are accepted that nobody knows, as the settings cannot be read.
    pub fn are_open(&self) -> bool {
        self.is_open
    }

    /// The JSON Schema of a kind.
    pub fn json(&self, kind: Kind) -> &Value {
        &self.entries[kind as usize].json
    }

    /// Every schema there is, by the name of its file: the kinds and the settings.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, Value)> + '_ {
        let kinds = Kind::ALL
            .iter()
            .map(|&kind| (kind.name(), self.json(kind).clone()));
        kinds.chain([("settings", settings_schema())])
    }

    /// How the values of a kind are read.
    pub fn shape(&self, kind: Kind) -> &Shape {
        &self.entries[kind as usize].shape
    }

    /// Reads the front matter of `document` as `kind`.
    pub fn read(&self, kind: Kind, document: &Document) -> Checked {
        let entry = &self.entries[kind as usize];
        let mut checked = Checked::default();
        let root = document.root();
        if root.is_none() && !document.findings.is_empty() {
            return checked;
        }
        let forms = root.map(|root| {
            let references = &mut checked.references;
            Forms::of(root, &entry.shape, &mut |found| references.push(found))
        });
        checked.references.shrink_to_fit();
        let root = root.zip(forms.as_ref());
        let root = root.and_then(|(root, forms)| forms.filled(root));
        let instance = root.map_or(Instance::Empty, Instance::Written);
        if entry.validator.is_valid(instance) {
            let fields = || MapDeserializer::new(root.into_iter().flat_map(Filled::fields));
            match (Common::deserialize(fields()), kind.data(fields())) {
                (Ok(common), Ok(data)) => {
                    checked.data = Some(data);
                    checked.common = common;
                }
                (Err(error), _) | (_, Err(error)) => checked.findings.push(document.finding(
                    "schema",
                    document.front_range.clone(),
                    Error::to_string(&error),
                )),
            }
        } else {
            checked.findings = findings(&entry.validator, &entry.json, document, instance);
            checked.common = root.map(salvage).unwrap_or_default();
        }
        checked
    }
}

/// The common fields of a front matter that is wrong elsewhere: those that are right by themselves,
/// and of texts that are too long the beginning.
fn salvage(root: Filled<'_>) -> Common {
    let is_right = |&field: &(_, _)| {
        let alone = MapDeserializer::<_, Error>::new(std::iter::once(field));
        Common::deserialize(alone).is_ok()
    };
    let kept = root.fields().filter(is_right);
    let kept = Common::deserialize(MapDeserializer::<_, Error>::new(kept));
    let mut common = kept.unwrap_or_default();
    cut(&mut common.name, LONGEST_NAME);
    if let Some(summary) = &mut common.summary {
        cut(summary, LONGEST_SUMMARY);
    }
    common
}

/// Leaves the first characters of a text.
fn cut(text: &mut String, most: usize) {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.shrink_to_fit();
    }
}

/// Compiles a schema with formats checked and regular expressions that cannot run away.
pub(super) fn compile<F: Json>(schema: &Value) -> Result<Validator<F>, String> {
    jsonschema::options_for::<F>()
        .with_draft(jsonschema::Draft::Draft202012)
        .with_pattern_options(PatternOptions::regex())
        .should_validate_formats(true)
        .build(schema)
        .map_err(|error| error.to_string())
}

/// The findings of a validation, each at its place in `document`.
pub(super) fn findings<'a, F: Json>(
    validator: &'a Validator<F>,
    schema: &Value,
    document: &Document,
    value: F::Node<'a>,
) -> Vec<Diagnostic> {
    let reporter = messages::Reporter::new(schema, document);
    reporter.report(validator.iter_errors(value))
}
