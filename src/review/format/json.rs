//! The review as one JSON document, for scripts.
//!
//! A change a line, so that two reports can be compared with `diff`. What a change does not have is
//! `null`; lines and columns count from 1. The types below are the document and its JSON Schema.

use std::io::{self, Write};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::{Value, json};

use super::super::codeowners::Requested;
use super::super::{CODES, Change, Counts, Level, Partial, Reached, Review, Reviewer};
use super::{Options, phrases, reach};
use crate::diagnostic::Summary;
use crate::diagnostic::json::Row;
use crate::schema::Kind;

/// Raised when a field changes its meaning or goes; new fields do not raise it.
const VERSION: u32 = 1;

/// What changed in meaning between two states of a project, as `personary diff --format json`
/// writes it. New fields may come; version is raised when one changes its meaning or goes.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "written field by field, a change a line")]
struct Report<'a> {
    /// The version of this format.
    #[schemars(extend("const" = VERSION))]
    version: u32,
    /// The revision before, as it was asked for.
    base: &'a str,
    /// The revision after; null for the working tree.
    head: Option<&'a str>,
    /// All changes, the most important first.
    changes: Vec<Entry<'a>>,
    /// Findings of the rules that came and went.
    findings: Findings<'a>,
    /// Files that do not validate and were compared as far as they can be read. While there are any,
    /// no changes does not mean that nothing changed.
    partial: Vec<Unread<'a>>,
    /// The teams that own what is changed or reached, by id.
    owners: Vec<Owner<'a>>,
    /// What CODEOWNERS says about the changed files; null unless it is asked for and there is one.
    codeowners: Option<Asked<'a>>,
    summary: Sum,
}

/// A change in meaning.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Change")]
struct Entry<'a> {
    /// What sort of change it is.
    #[schemars(extend("enum" = codes()))]
    code: &'static str,
    severity: Level,
    /// The kind of the entity.
    #[schemars(extend("enum" = kinds()))]
    kind: &'static str,
    /// The id of the entity; the last one of an entity that is gone.
    id: &'a str,
    /// Its name, for people.
    name: &'a str,
    /// What is different in it, for people.
    title: &'a str,
    /// JSON Pointer (RFC 6901) of the value, in the state that side names; empty for the entity as a
    /// whole.
    pointer: &'a str,
    /// What stood there, for people; null for what is new.
    before: Option<&'a str>,
    /// What stands there now, for people; null for what is gone.
    after: Option<&'a str>,
    /// The file, relative to the project, in the state that side names.
    path: &'a str,
    /// Where the value begins in it, counted from 1; null when it has no place.
    line: Option<u32>,
    /// Counted from 1, in characters.
    column: Option<u32>,
    side: Side,
    /// Whom it reaches, the nearest first.
    impact: Vec<Reach<'a>>,
}

/// Which of the two states a place is in.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Side {
    Before,
    After,
}

/// Something that a change reaches.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Reached")]
struct Reach<'a> {
    #[schemars(extend("enum" = kinds()))]
    kind: &'static str,
    id: &'a str,
    /// Its name, for people.
    name: &'a str,
    /// The stage or step of a journey.
    part: Option<Part<'a>>,
    /// The way that leads there, both ends left out, each as kind:id.
    path: &'a [String],
    /// The id of the team that owns it.
    owner: Option<&'a str>,
}

/// A stage or step.
#[derive(Serialize, JsonSchema)]
struct Part<'a> {
    /// Its anchor on the page of the journey.
    id: &'a str,
    /// Its words.
    name: &'a str,
}

/// Findings of the rules, before and after.
#[derive(Serialize, JsonSchema)]
struct Findings<'a> {
    /// Those that are new.
    introduced: Vec<Row<'a>>,
    /// Those that are gone.
    mended: Vec<Row<'a>>,
}

/// A file that was compared in part only.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Partial")]
struct Unread<'a> {
    side: Side,
    path: &'a str,
    /// Why, for people.
    reason: &'a str,
}

/// A team that should look at it.
#[derive(Serialize, JsonSchema)]
struct Owner<'a> {
    id: &'a str,
    /// Its name, for people; null when there is no such team.
    name: Option<&'a str>,
    /// How to reach it.
    contact: Option<&'a str>,
    changes: Tally,
    /// Whether CODEOWNERS asks it to review each file that it owns and that is changed; null where
    /// nobody looked, and where it owns none of them.
    asked: Option<bool>,
}

/// Whom CODEOWNERS asks.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CodeOwners")]
struct Asked<'a> {
    /// The file, by its path in the repository.
    file: &'a str,
    /// The changed files of the project, with those who are asked about each.
    files: Vec<AskedFile<'a>>,
    /// The lines of the file that mean nothing.
    faults: Vec<Fault<'a>>,
}

/// A changed file.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CodeOwnersFile")]
struct AskedFile<'a> {
    /// Relative to the project.
    path: &'a str,
    /// The accounts, groups and addresses, as they are written there; none when nobody is asked.
    owners: &'a [Box<str>],
}

/// A line that means nothing.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CodeOwnersFault")]
struct Fault<'a> {
    line: usize,
    /// Why, for people.
    reason: &'a str,
}

/// How many changes there are of each level.
#[derive(Serialize, JsonSchema)]
struct Tally {
    breaking: usize,
    review: usize,
    info: usize,
}

/// How many findings there are of each severity.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingCounts")]
struct Found {
    errors: usize,
    warnings: usize,
    infos: usize,
}

/// The report in numbers.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Summary")]
struct Sum {
    /// The verdict, in one sentence.
    verdict: String,
    breaking: usize,
    review: usize,
    info: usize,
    introduced: Found,
    mended: Found,
    /// Files that were compared in part only.
    partial: usize,
}

fn codes() -> Vec<&'static str> {
    CODES.iter().map(|code| code.name).collect()
}

fn kinds() -> Vec<&'static str> {
    Kind::ALL.iter().map(|kind| kind.name()).collect()
}

/// The JSON Schema (2020-12) of the document.
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let schema = settings
        .into_generator()
        .into_root_schema_for::<Report<'_>>();
    let mut schema = schema.to_value();
    schema["title"] = json!("Personary diff");
    schema
}

pub(super) fn write(out: &mut dyn Write, review: &Review, _: &Options<'_>) -> io::Result<()> {
    write!(out, "{{\"version\":{VERSION},\"base\":")?;
    serde_json::to_writer(&mut *out, &review.base)?;
    write!(out, ",\"head\":")?;
    serde_json::to_writer(&mut *out, &review.head)?;
    write!(out, ",\"changes\":[")?;
    rows(out, review.changes.iter().map(Entry::of))?;
    write!(out, "],\"findings\":{{\"introduced\":[")?;
    rows(out, review.introduced.iter().map(Row::of))?;
    write!(out, "],\"mended\":[")?;
    rows(out, review.mended.iter().map(Row::of))?;
    write!(out, "]}},\"partial\":[")?;
    rows(out, review.partial.iter().map(Unread::of))?;
    write!(out, "],\"owners\":[")?;
    rows(out, reach::by_id(review).into_iter().map(Owner::of))?;
    write!(out, "],\"codeowners\":")?;
    serde_json::to_writer(&mut *out, &review.requested.as_ref().map(Asked::of))?;
    write!(out, ",\"summary\":")?;
    serde_json::to_writer(&mut *out, &Sum::of(review))?;
    writeln!(out, "}}")
}

/// Writes the items of a list, one a line.
fn rows<T: Serialize>(out: &mut dyn Write, items: impl Iterator<Item = T>) -> io::Result<()> {
    let mut any = false;
    for item in items {
        out.write_all(if any { b",\n" } else { b"\n" })?;
        serde_json::to_writer(&mut *out, &item)?;
        any = true;
    }
    if any {
        out.write_all(b"\n")?;
    }
    Ok(())
}

impl Side {
    const fn of(is_before: bool) -> Self {
        if is_before { Self::Before } else { Self::After }
    }
}

impl<'a> Entry<'a> {
    fn of(change: &'a Change) -> Self {
        let known = |number: u32| (number > 0).then_some(number);
        Self {
            code: change.code.name,
            severity: change.level,
            kind: change.kind.name(),
            id: &change.id,
            name: &change.name,
            title: &change.title,
            pointer: &change.pointer,
            before: change.before.as_deref(),
            after: change.after.as_deref(),
            path: &change.path,
            line: known(change.start.line),
            column: known(change.start.column),
            side: Side::of(change.is_before),
            impact: change.impact.iter().map(Reach::of).collect(),
        }
    }
}

impl<'a> Reach<'a> {
    fn of(reached: &'a Reached) -> Self {
        let part = reached.part.as_ref();
        Self {
            kind: reached.kind.name(),
            id: &reached.id,
            name: &reached.name,
            part: part.map(|(id, name)| Part { id, name }),
            path: &reached.path,
            owner: reached.owner.as_deref(),
        }
    }
}

impl<'a> Unread<'a> {
    fn of(partial: &'a Partial) -> Self {
        Self {
            side: Side::of(partial.is_before),
            path: &partial.path,
            reason: &partial.reason,
        }
    }
}

impl<'a> Owner<'a> {
    fn of(reviewer: &'a Reviewer) -> Self {
        Self {
            id: &reviewer.team,
            name: reviewer.name.as_deref(),
            contact: reviewer.contact.as_deref(),
            changes: reviewer.counts().into(),
            asked: reviewer.is_requested,
        }
    }
}

impl<'a> Asked<'a> {
    fn of(requested: &'a Requested) -> Self {
        let files = requested.files.iter();
        let faults = requested.faults.iter();
        Self {
            file: &requested.file,
            files: files
                .map(|(path, owners)| AskedFile { path, owners })
                .collect(),
            faults: faults
                .map(|(line, reason)| Fault {
                    line: *line,
                    reason,
                })
                .collect(),
        }
    }
}

impl From<Counts> for Tally {
    fn from(counts: Counts) -> Self {
        Self {
            breaking: counts.breaking,
            review: counts.review,
            info: counts.info,
        }
    }
}

impl From<Summary> for Found {
    fn from(summary: Summary) -> Self {
        Self {
            errors: summary.errors,
            warnings: summary.warnings,
            infos: summary.infos,
        }
    }
}

impl Sum {
    fn of(review: &Review) -> Self {
        let counts = review.counts();
        Self {
            verdict: phrases::verdict(review),
            breaking: counts.breaking,
            review: counts.review,
            info: counts.info,
            introduced: Summary::of(0, &review.introduced).into(),
            mended: Summary::of(0, &review.mended).into(),
            partial: review.partial.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::samples::{self, written};
    use super::*;

    fn read(review: &Review) -> Value {
        let value = serde_json::from_str(&written(Format::Json, review)).expect("JSON");
        let schema = schema();
        assert!(jsonschema::meta::is_valid(&schema), "{schema:#}");
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let faults: Vec<String> = validator
            .iter_errors(&value)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{faults:#?}");
        value
    }

    #[test]
    fn a_change_a_line() {
        insta::assert_snapshot!(written(Format::Json, &samples::review()), @r##"
        {"version":1,"base":"origin/main","head":null,"changes":[
        {"code":"persona-removed","severity":"breaking","kind":"persona","id":"sarah","name":"Sarah Whitlock","title":"Persona removed","pointer":"","before":null,"after":null,"path":"content/personas/sarah.md","line":1,"column":1,"side":"before","impact":[{"kind":"persona","id":"sarah","name":"Sarah Whitlock","part":null,"path":[],"owner":"cx"},{"kind":"journey","id":"winter-riders","name":"Winter riders","part":null,"path":[],"owner":"cx"},{"kind":"kpi","id":"nps","name":"NPS","part":null,"path":["journey:winter-riders"],"owner":"sales"}]},
        {"code":"stance-flipped","severity":"breaking","kind":"persona","id":"ruth-adeyinka","name":"Ruth Adeyinka","title":"Stance flipped","pointer":"/stance","before":"target","after":"negative","path":"content/personas/ruth-adeyinka.md","line":4,"column":9,"side":"after","impact":[]},
        {"code":"claim-reworded","severity":"review","kind":"persona","id":"ruth-adeyinka","name":"Ruth Adeyinka","title":"Goal reworded","pointer":"/goals/0/text","before":"Go live within 60 days of the first call.","after":"Go live within 30 days of the first order.","path":"content/personas/ruth-adeyinka.md","line":21,"column":11,"side":"after","impact":[{"kind":"journey","id":"winter-riders","name":"Winter riders","part":{"id":"decide","name":"Decide"},"path":[],"owner":"cx"},{"kind":"kpi","id":"nps","name":"NPS","part":null,"path":["journey:winter-riders"],"owner":"sales"}]},
        {"code":"evidence-weaker","severity":"review","kind":"persona","id":"ruth-adeyinka","name":"Ruth Adeyinka","title":"Goal “On time” lost its evidence","pointer":"/goals/1/evidence","before":"Onboarding interviews 2026","after":null,"path":"content/personas/ruth-adeyinka.md","line":24,"column":16,"side":"after","impact":[]},
        {"code":"target-loosened","severity":"review","kind":"kpi","id":"nps","name":"NPS","title":"Target loosened","pointer":"/target","before":"50 by 2026-12-31","after":"40 by 2026-12-31","path":"content/kpis/nps.md","line":9,"column":10,"side":"after","impact":[]},
        {"code":"added","severity":"info","kind":"persona","id":"dez","name":"Dez Fowler","title":"Persona added","pointer":"","before":null,"after":null,"path":"content/personas/dez.md","line":1,"column":1,"side":"after","impact":[]},
        {"code":"measurement-added","severity":"info","kind":"kpi","id":"nps","name":"NPS","title":"2 measurements added","pointer":"/measurements/2026-Q3","before":null,"after":"2026-Q3: 41","path":"content/kpis/nps.csv","line":8,"column":1,"side":"after","impact":[]},
        {"code":"prose-changed","severity":"info","kind":"page","id":"about","name":"About | us","title":"Text changed","pointer":"","before":"One paragraph.\n\nTwo.","after":"One paragraph.\n\nThree.","path":"content/pages/about.md","line":null,"column":null,"side":"after","impact":[]}
        ],"findings":{"introduced":[
        {"code":"unknown-ref","severity":"error","message":"there is no persona `sarah`","help":"did you mean `sara`?","path":"content/journeys/winter-riders.md","line":12,"column":14,"end_line":12,"end_column":19,"entity":"journey:winter-riders","pointer":"/personas/1","fix":null}
        ],"mended":[
        {"code":"stale-evidence","severity":"warn","message":"the newest evidence is of 2024-05","help":null,"path":"content/personas/ruth-adeyinka.md","line":null,"column":null,"end_line":null,"end_column":null,"entity":null,"pointer":null,"fix":null}
        ]},"partial":[
        {"side":"before","path":"content/kpis/churn.md","reason":"the front matter is no YAML"}
        ],"owners":[
        {"id":"cx","name":"CX research","contact":"#cx-research","changes":{"breaking":1,"review":1,"info":0},"asked":null},
        {"id":"sales","name":"Fleet sales","contact":"sales@sumpter.example","changes":{"breaking":1,"review":1,"info":0},"asked":null}
        ],"codeowners":null,"summary":{"verdict":"2 breaking changes; 3 to look at; 1 finding is new","breaking":2,"review":3,"info":3,"introduced":{"errors":1,"warnings":0,"infos":0},"mended":{"errors":0,"warnings":1,"infos":0},"partial":1}}
        "##);
        insta::assert_snapshot!(written(Format::Json, &samples::nothing()), @r#"{"version":1,"base":"v1.0","head":"HEAD","changes":[],"findings":{"introduced":[],"mended":[]},"partial":[],"owners":[],"codeowners":null,"summary":{"verdict":"No changes in meaning","breaking":0,"review":0,"info":0,"introduced":{"errors":0,"warnings":0,"infos":0},"mended":{"errors":0,"warnings":0,"infos":0},"partial":0}}"#);
    }

    #[test]
    fn the_schema_says_what_is_written() {
        let value = read(&samples::review());
        read(&samples::nothing());
        let asked = read(&samples::requested());
        assert_eq!(asked["codeowners"]["file"], ".github/CODEOWNERS");
        assert_eq!(asked["codeowners"]["faults"][0]["line"], 3);
        assert_eq!(asked["owners"][0]["asked"], false);
        read(&samples::many(30));
        read(&samples::saying("\u{0}\u{ffff}\"\\ 名前"));
        // And nothing is written that it does not say.
        let schema = schema();
        let mut unknown = Vec::new();
        undescribed(&schema, &schema, &value, &mut unknown);
        undescribed(&schema, &schema, &asked, &mut unknown);
        assert!(unknown.is_empty(), "{unknown:?}");
        for lacking in [
            "changes",
            "summary",
            "partial",
            "owners",
            "codeowners",
            "findings",
            "head",
        ] {
            let mut less = value.clone();
            less.as_object_mut().expect("an object").remove(lacking);
            assert!(!jsonschema::is_valid(&schema, &less), "{lacking}");
        }
    }

    /// Collects the fields of `value` that `node` has no property for.
    fn undescribed(root: &Value, node: &Value, value: &Value, unknown: &mut Vec<String>) {
        let node = match node["$ref"].as_str() {
            Some(name) => root.pointer(name.trim_start_matches('#')).expect(name),
            None => node,
        };
        if let Some(options) = node["anyOf"].as_array() {
            let option = options.iter().find(|option| option["$ref"].is_string());
            if !value.is_null() {
                undescribed(root, option.expect("one"), value, unknown);
            }
            return;
        }
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    match node["properties"].get(name) {
                        Some(property) => undescribed(root, property, field, unknown),
                        None => unknown.push(name.clone()),
                    }
                }
            }
            Value::Array(items) => {
                for item in items {
                    undescribed(root, &node["items"], item, unknown);
                }
            }
            _ => {}
        }
    }
}
