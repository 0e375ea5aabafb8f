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
    /// reference.
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
    for (kind_name, fields) in &mut settings.fields {
        for (name, schema) in fields {
            let node = root
                .get("fields")
                .and_then(|f| f.get(kind_name))
                .and_then(|k| k.entry(name));
            let Some((key, value)) = node else { continue };
            if let Some(target) = schema.get(super::reference::KEYWORD)
                && shape::reference_kinds(schema).is_none()
            {
                findings.push(
                    document
                        .finding(
                            "schema",
                            key.span(),
                            format!("`x-reference` of `{name}` names no kind: {target}"),
                        )
                        .help("write the name of a kind, such as `x-reference: persona`"),
                );
            }
            if let Err(message) = validate::compile::<SerdeJson>(schema) {
                findings.push(
                    document
                        .finding("schema", value.span(), format!("the field `{name}` is not a valid JSON Schema: {message}"))
                        .help("write something like `{type: string}` or `{type: string, enum: [low, high]}`"),
                );
                // The field is there all the same; what it holds is not checked.
                *schema = Value::Object(Map::new());
            }
        }
    }
    ReadSettings {
        settings,
        findings,
        fields_unknown,
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
