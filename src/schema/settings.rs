//! `personary.yaml`: the settings of a project.

use std::collections::BTreeMap;

use jsonschema::json::SerdeJson;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::filled::{Filled, Forms};
use super::shape::{Shape, schema_for};
use super::{Kind, shape, validate};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Document;
use crate::source::yaml::Node;

/// How a colour is written.
pub(super) const COLOUR: &str = "^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$";

/// The settings of a project. A project without a `personary.yaml` has the default ones.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Settings {
    /// The title of the site.
    pub title: String,
    /// What the site is about, in one or two sentences.
    pub description: Option<String>,
    /// The address the site is published at, such as `https://example.com/personas/`. With it, links
    /// are absolute; without it they are relative and the site works in any folder.
    #[schemars(extend("pattern" = r#"^(https?://[^/\s?#"<>]|/)[^\s?#"<>]*$"#, "examples" = ["https://example.com/personas/"]))]
    pub base_url: Option<String>,
    /// A folder below `themes/` whose files take the place of the built-in theme's.
    #[schemars(extend("pattern" = r"^[^/\\.][^/\\]*$", "examples" = ["mine"]))]
    pub theme: Option<String>,
    /// The language of the content, as in HTML: `en`, `de-CH`.
    #[schemars(extend("pattern" = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", "examples" = ["de-CH"]))]
    pub lang: String,
    /// The languages that texts are translated into, as in HTML: with `[de]`, `ID.de.md` beside
    /// `ID.md` is its German translation.
    #[schemars(extend("items" = {"type": "string", "pattern": r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"}, "uniqueItems" = true, "examples" = [["de"]]))]
    pub languages: Vec<String>,
    /// The logo: a path such as `/logo.svg` for `static/logo.svg`.
    pub logo: Option<String>,
    /// The colour of your brand in six digits, in quotes: `"#0a6e5c"`. Links and marks take it, as
    /// dark or light as they must be to be read.
    #[schemars(extend("pattern" = COLOUR, "examples" = ["#0a6e5c"]))]
    pub brand: Option<String>,
    /// Where a page can be edited: an address to which the path of its file is added.
    #[schemars(extend("pattern" = r#"^https?://[^\s"<>]+$"#, "examples" = ["https://example.com/edit/main/"]))]
    pub edit_url: Option<String>,
    /// What the site tells of the history in Git: `people` who changed a page last and what is new,
    /// `dates` without names, or `off`.
    pub history: Past,
    /// What the site does without, such as `[compare, finder]`, with every link to it: the `card` of
    /// a persona for slides, the pages that `compare` personas, the tables of `coverage`, the `data`
    /// as JSON, the questions of the `finder`, the `graph` of what refers to what, and
    /// `traceability` from goals to measures.
    #[schemars(extend("uniqueItems" = true))]
    pub leave_out: Vec<Extra>,
    /// The phases of the customer lifecycle, in order.
    #[schemars(length(min = 1))]
    pub lifecycle: Vec<String>,
    /// From which severity on findings fail a check and a build: error, warn or info.
    pub fail_on: FailOn,
    /// Which findings keep a site from being published, when they are severe enough: names of rules
    /// and of groups of rules, as `/rules/` lists them. Without it `structure`, since pages would be
    /// broken, and `privacy`. Others fail a check alone: research that is a year old today was
    /// published yesterday.
    pub fails_build: Vec<String>,
    /// Single rules: a severity (error, warn, info or off), or a block with `severity` and the
    /// rule's own settings, such as `stale-evidence: {warn_months: 9}`.
    pub rules: BTreeMap<String, RuleSetting>,
    /// Other rules for some files: patterns of paths, and what is different there. Of several
    /// that match the later one counts.
    pub overrides: Vec<Override>,
    /// More fields for a kind, each as a JSON Schema. `x-reference: persona` makes a text a
    /// reference; `x-sensitivity: restricted` keeps a field out of the site.
    #[schemars(extend("additionalProperties" = {"type": "object", "additionalProperties": {"x-typed": true}}))]
    pub fields: BTreeMap<String, Map<String, Value>>,
}

/// What the site tells of the history.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Past {
    #[default]
    People,
    Dates,
    Off,
}

/// What a site can do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Extra {
    Card,
    Compare,
    Coverage,
    Data,
    Finder,
    Graph,
    Traceability,
}

impl Extra {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Card,
        Self::Compare,
        Self::Coverage,
        Self::Data,
        Self::Finder,
        Self::Graph,
        Self::Traceability,
    ];
}

/// From which severity on a check fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
#[allow(missing_docs, reason = "the words say it")]
pub enum FailOn {
    #[default]
    Error,
    Warn,
    Info,
}

impl FailOn {
    /// The severity it names.
    pub fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warn => Severity::Warn,
            Self::Info => Severity::Info,
        }
    }
}

/// The severity of a rule, or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Level {
    Error,
    Warn,
    Info,
    Off,
}

impl Level {
    /// The severity it names; `None` for off.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warn => Some(Severity::Warn),
            Self::Info => Some(Severity::Info),
            Self::Off => None,
        }
    }
}

/// What the settings say of one rule.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum RuleSetting {
    /// Its severity: error, warn, info or off.
    Level(Level),
    /// Its severity and its own settings.
    Full(FullSetting),
}

/// The severity of a rule and its own settings, which `personary explain RULE` lists.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(inline)]
pub struct FullSetting {
    /// The severity of all its findings: error, warn, info or off.
    pub severity: Option<Level>,
    /// The rule's own settings, all numbers.
    #[serde(flatten)]
    pub thresholds: BTreeMap<String, f64>,
}

/// Rules for some files.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Override {
    /// Patterns of paths from the project's root: `*` within a folder, `**` across folders.
    #[schemars(length(min = 1))]
    pub paths: Vec<String>,
    /// What is different there, as under `rules` at the top.
    pub rules: BTreeMap<String, RuleSetting>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            title: "Personas".to_owned(),
            description: None,
            base_url: None,
            theme: None,
            lang: "en".to_owned(),
            languages: Vec::new(),
            logo: None,
            brand: None,
            edit_url: None,
            history: Past::People,
            leave_out: Vec::new(),
            lifecycle: ["acquisition", "product-development", "marketing", "renewal"]
                .map(str::to_owned)
                .into(),
            fail_on: FailOn::Error,
            fails_build: ["structure", "privacy"].map(str::to_owned).into(),
            rules: BTreeMap::new(),
            overrides: Vec::new(),
            fields: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// The custom fields of a kind: name and JSON Schema.
    pub fn custom_fields(&self, kind: Kind) -> impl Iterator<Item = (&String, &Value)> {
        self.fields
            .iter()
            .filter(move |(name, _)| Kind::parse(name) == Some(kind))
            .flat_map(|(_, fields)| fields)
    }

    /// Those of them that a site shows.
    pub fn published_fields(&self, kind: Kind) -> impl Iterator<Item = (&String, &Value)> {
        let fields = self.custom_fields(kind);
        fields.filter(|(_, schema)| !restricts(schema))
    }

    /// Whether a field of the front matter is one that no site shows.
    pub fn is_restricted(&self, kind: Kind, name: &str) -> bool {
        let mut fields = self.custom_fields(kind);
        fields.any(|(field, schema)| field == name && restricts(schema))
    }
}

/// Says of a field who may read what stands in it, as `sensitivity` does of evidence.
const SENSITIVITY: &str = "x-sensitivity";

/// What a schema says about that, wherever in it.
fn sensitivities(schema: &Value) -> Vec<&Value> {
    match schema {
        Value::Object(map) => {
            let own = map.get(SENSITIVITY).into_iter();
            own.chain(map.values().flat_map(sensitivities)).collect()
        }
        Value::Array(items) => items.iter().flat_map(sensitivities).collect(),
        _ => Vec::new(),
    }
}

/// Whether a field is for those who read the files, and not for those who read the site. It is, too,
/// if a word is none of those that there are: nothing is shown because of a slip.
pub(super) fn restricts(schema: &Value) -> bool {
    let said = sensitivities(schema).into_iter();
    said.map(Value::as_str)
        .any(|word| !matches!(word, Some("public" | "internal")))
}

/// The JSON Schema of `personary.yaml`.
pub fn settings_schema() -> Value {
    let mut schema = schema_for::<Settings>().to_value();
    shape::tidy(&mut schema, Kind::Page, &Settings::default());
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = "Personary settings".into();
    schema
}

/// Settings as they were read.
#[derive(Debug, Clone, Default)]
pub struct ReadSettings {
    /// What they say; where the file is wrong the default stands.
    pub settings: Settings,
    /// What is wrong.
    pub findings: Vec<Diagnostic>,
    /// Whether nobody can tell which fields the project has added to the kinds.
    pub fields_unknown: bool,
}

/// Reads the settings. Where the file is wrong the default stands, with a finding.
pub fn read_settings(document: &Document) -> ReadSettings {
    let mut findings = document.findings.clone();
    let Some(root) = document.root() else {
        return ReadSettings {
            settings: Settings::default(),
            fields_unknown: !findings.is_empty(),
            findings,
        };
    };
    let schema = settings_schema();
    let shape = Shape::compile(&schema, &schema);
    let forms = Forms::of(root, &shape, &mut |_| ());
    let mut value = forms.filled(root).map_or(Value::Null, Filled::json);
    let mut fields_unknown = false;
    match validate::compile::<SerdeJson>(&schema) {
        Ok(validator) => {
            findings.extend(validate::findings(&validator, &schema, document, &value));
            // A setting that is wrong takes none of the others with it.
            if let Some(map) = value.as_object_mut() {
                let had_fields = map.contains_key("fields");
                map.retain(|key, setting| {
                    let alone = Map::from_iter([(key.clone(), setting.clone())]);
                    validator.is_valid(&Value::Object(alone))
                });
                fields_unknown = had_fields && !map.contains_key("fields");
            }
        }
        Err(message) => findings.push(Diagnostic::new(
            "schema",
            Severity::Error,
            &*document.path,
            message,
        )),
    }
    findings.extend(lost_colour(document));
    let mut settings = Settings::deserialize(&value).unwrap_or_default();
    for name in settings.fields.keys() {
        if Kind::parse(name).is_none()
            && let Some((key, _)) = root.get("fields").and_then(|f| f.entry(name))
        {
            let kinds = Kind::ALL.iter().map(|k| k.name());
            findings.push(
                document
                    .finding(
                        "unknown-key",
                        key.span(),
                        format!("there is no kind `{name}`"),
                    )
                    .help(super::nearest::or_list(name, kinds, "kind")),
            );
        }
    }
    for (kind, fields) in &mut settings.fields {
        for (name, schema) in fields {
            let node = root.get("fields").and_then(|fields| fields.get(kind));
            if let Some(at) = node.and_then(|kind| kind.entry(name)) {
                judge_field(document, (name, schema), at, &mut findings);
            }
        }
    }
    ReadSettings {
        settings,
        findings,
        fields_unknown,
    }
}

/// Judges a custom field, whose name and schema stand at these nodes. Of a schema that is wrong
/// nothing is left but whether the field is restricted: what it holds is not checked then.
fn judge_field(
    document: &Document,
    (name, schema): (&str, &mut Value),
    (key, value): (Node<'_>, Node<'_>),
    findings: &mut Vec<Diagnostic>,
) {
    let mut fault = |span, message: String, help: &str| {
        findings.push(document.finding("schema", span, message).help(help));
    };
    if let Some(target) = schema.get(super::reference::KEYWORD)
        && shape::reference_kinds(schema).is_none()
    {
        fault(
            key.span(),
            format!("`x-reference` of `{name}` names no kind: {target}"),
            "write the name of a kind, such as `x-reference: persona`",
        );
    }
    for word in sensitivities(schema) {
        if !matches!(word.as_str(), Some("public" | "internal" | "restricted")) {
            fault(
                value.span(),
                format!("`{SENSITIVITY}` of `{name}` is {word}, so no page shows the field"),
                "write `restricted` for what no page may show, otherwise `internal` or `public`",
            );
        }
    }
    let is_restricted = restricts(schema);
    let mut is_right = true;
    if is_restricted && Shape::compile(schema, schema).leads_on() {
        fault(
            value.span(),
            format!(
                "`{name}` is restricted, so it must not name entries or files, whose pages would tell"
            ),
            "make it a text, or do without `x-sensitivity`",
        );
        is_right = false;
    }
    if let Err(message) = validate::compile::<SerdeJson>(schema) {
        fault(
            value.span(),
            format!("the field `{name}` is not a valid JSON Schema: {message}"),
            "write something like `{type: string}` or `{type: string, enum: [low, high]}`",
        );
        is_right = false;
    }
    if !is_right {
        let left = is_restricted.then(|| (SENSITIVITY.to_owned(), "restricted".into()));
        *schema = Value::Object(Map::from_iter(left));
    }
}

/// `brand: #0a6e5c` without quotes is no colour to YAML, but a comment.
fn lost_colour(document: &Document) -> Option<Diagnostic> {
    let (key, value) = document.root()?.entry("brand")?;
    if !value.is_null() {
        return None;
    }
    let rest = document.text.get(key.span().end..)?.lines().next()?;
    let comment = rest.trim_start().strip_prefix(':')?.trim_start();
    let colour = comment.strip_prefix('#')?.split_whitespace().next()?;
    let start = key.span().end + (rest.len() - comment.len());
    Some(
        document
            .finding(
                "schema",
                start..start + 1 + colour.len(),
                "`brand` is empty: without quotes, what follows a `#` is a comment",
            )
            .label("put this in quotes")
            .help(format!("write `brand: \"#{colour}\"`"))
            .pointer("/brand".to_owned()),
    )
}
