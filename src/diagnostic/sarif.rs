//! SARIF 2.1.0, the exchange format of static analysis: for code scanning and editors.
//!
//! One run: the rules, and one result a line. Columns count Unicode scalar values, and the run
//! says so. Addresses of files are relative to the repository.
//!
//! Specification: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json};

use super::concise::paragraphs;
use super::fingerprint::Fingerprints;
use super::{Diagnostic, Place, Severity};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Stands for the folder of the repository, as other tools call it.
const BASE: &str = "%SRCROOT%";
/// Our fingerprint among those that other tools may add. GitHub keeps
/// `primaryLocationLineHash` for a hash of its own and complains about any other.
const FINGERPRINT: &str = "findingHash/v1";
/// What may stand in a path of an address as it is: the unreserved characters of RFC 3986, and
/// the slash.
const SPECIAL: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// What is told of a rule: its name, its severity unless the settings say otherwise, and what it
/// finds, in one sentence without a full stop.
pub type Rule<'a> = (&'a str, Severity, &'a str);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location<'a>; 1],
    partial_fingerprints: HashMap<&'static str, String>,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    logical_locations: Option<[LogicalLocation<'a>; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

impl From<&Place> for Region {
    fn from(place: &Place) -> Self {
        Self {
            start_line: place.start.line,
            start_column: place.start.column,
            end_line: place.end.line,
            end_column: place.end.column,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation<'a> {
    fully_qualified_name: &'a str,
}

/// Writes `findings` as one run of a program that has `rules`. `folder` is the project's place in
/// the repository, with a `/` at its end; empty when it is the repository.
pub fn write<'a>(
    out: &mut dyn Write,
    findings: &'a [Diagnostic],
    rules: impl IntoIterator<Item = Rule<'a>>,
    folder: &str,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let mut table = Rules::default();
    for rule in rules {
        table.enter(rule);
    }
    for finding in findings {
        if !table.places.contains_key(finding.code) {
            table.enter((finding.code, finding.severity, ""));
        }
    }
    write!(
        out,
        "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":"
    )?;
    let information = Some(env!("CARGO_PKG_REPOSITORY"));
    serde_json::to_writer(&mut out, &tool(&table.told, information))?;
    out.write_all(b",\"originalUriBaseIds\":")?;
    let base = json!({ BASE: { "description": { "text": "The folder of the repository" } } });
    serde_json::to_writer(&mut out, &base)?;
    out.write_all(b",\"columnKind\":\"unicodeCodePoints\",\"results\":[")?;
    let mut fingerprints = Fingerprints::default();
    let mut separator = "\n";
    for finding in findings {
        out.write_all(separator.as_bytes())?;
        let result = Finding {
            rule_id: finding.code,
            rule_index: table.places.get(finding.code).copied().unwrap_or_default(),
            level: level(finding.severity),
            message: Text {
                text: literal(&paragraphs(finding)),
            },
            locations: [location(finding, folder)],
            partial_fingerprints: HashMap::from([(FINGERPRINT, fingerprints.of(finding))]),
        };
        serde_json::to_writer(&mut out, &result)?;
        separator = ",\n";
    }
    if !findings.is_empty() {
        out.write_all(b"\n")?;
    }
    out.write_all(b"]}]}\n")?;
    out.flush()
}

/// The rules as they are written, and the place of each among them.
#[derive(Default)]
struct Rules<'a> {
    told: Vec<Value>,
    places: HashMap<&'a str, usize>,
}

impl<'a> Rules<'a> {
    fn enter(&mut self, (name, severity, summary): Rule<'a>) {
        self.places.insert(name, self.told.len());
        let mut rule = json!({
            "id": name,
            "defaultConfiguration": { "level": level(severity) },
            "help": { "text": format!(
                "To change its severity, write `{name}: info` below `rules:` in personary.yaml. \
                 Instead of `info` it can be `error`, `warn` or `off`."
            ) },
        });
        if !summary.is_empty() {
            rule["shortDescription"] = json!({ "text": literal(summary) });
        }
        self.told.push(rule);
    }
}

fn tool(rules: &[Value], information: Option<&str>) -> Value {
    let mut driver = json!({
        "name": "Personary",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    if let Some(address) = information.filter(|address| !address.is_empty()) {
        driver["informationUri"] = address.into();
    }
    json!({ "driver": driver })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info => "note",
    }
}

/// `text` as a message: braces would be places for arguments (3.11.5 of the specification).
fn literal(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

fn location<'a>(finding: &'a Diagnostic, folder: &str) -> Location<'a> {
    let path = format!("{folder}{}", finding.path);
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: utf8_percent_encode(&path, SPECIAL).to_string(),
                uri_base_id: BASE,
            },
            region: finding.place.as_ref().map(Region::from),
        },
        logical_locations: finding.entity.as_deref().map(|entity| {
            [LogicalLocation {
                fully_qualified_name: entity,
            }]
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use percent_encoding::percent_decode_str;
    use serde_sarif::sarif::{ResultLevel, Sarif};

    use super::super::samples;
    use super::*;

    const RULES: [Rule<'static>; 2] = [
        ("orphan", Severity::Warn, "An entry that nothing refers to"),
        (
            "unknown-ref",
            Severity::Error,
            "A reference to an entry that does not exist",
        ),
    ];

    fn written(findings: &[Diagnostic], folder: &str) -> String {
        let mut out = Vec::new();
        write(&mut out, findings, RULES, folder).expect("writing to memory");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_result_a_line() {
        let version = concat!(r#""Personary","version":""#, env!("CARGO_PKG_VERSION"));
        let report = written(&samples::findings(), "docs/");
        let report = report.replace(version, r#""Personary","version":"X.Y.Z"#);
        insta::assert_snapshot!(report, @r#"
        {"$schema":"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":{"name":"Personary","version":"X.Y.Z","rules":[{"id":"orphan","defaultConfiguration":{"level":"warning"},"help":{"text":"To change its severity, write `orphan: info` below `rules:` in personary.yaml. Instead of `info` it can be `error`, `warn` or `off`."},"shortDescription":{"text":"An entry that nothing refers to"}},{"id":"unknown-ref","defaultConfiguration":{"level":"error"},"help":{"text":"To change its severity, write `unknown-ref: info` below `rules:` in personary.yaml. Instead of `info` it can be `error`, `warn` or `off`."},"shortDescription":{"text":"A reference to an entry that does not exist"}},{"id":"yaml-syntax","defaultConfiguration":{"level":"note"},"help":{"text":"To change its severity, write `yaml-syntax: info` below `rules:` in personary.yaml. Instead of `info` it can be `error`, `warn` or `off`."}}]}},"originalUriBaseIds":{"%SRCROOT%":{"description":{"text":"The folder of the repository"}}},"columnKind":"unicodeCodePoints","results":[
        {"ruleId":"unknown-ref","ruleIndex":1,"level":"error","message":{"text":"there is no team `nowhere`\nhelp: did you mean `nowhere-else`?"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"docs/content/personas/ann.md","uriBaseId":"%SRCROOT%"},"region":{"startLine":3,"startColumn":8,"endLine":3,"endColumn":15}},"logicalLocations":[{"fullyQualifiedName":"persona:ann"}]}],"partialFingerprints":{"findingHash/v1":"60cfa08ea20ccf32536cbc3ba8ea2561"}},
        {"ruleId":"unknown-ref","ruleIndex":1,"level":"error","message":{"text":"there is no team `nowhere`\nhelp: did you mean `nowhere-else`?"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"docs/content/personas/ann.md","uriBaseId":"%SRCROOT%"},"region":{"startLine":9,"startColumn":8,"endLine":9,"endColumn":15}},"logicalLocations":[{"fullyQualifiedName":"persona:ann"}]}],"partialFingerprints":{"findingHash/v1":"ee7561bcf0c51f36818c2498947417e7"}},
        {"ruleId":"orphan","ruleIndex":0,"level":"warning","message":{"text":"nothing refers to this page"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"docs/content/pages/Zo%C3%AB%3A%2050%25%20%22off%22%2C%20%3Cb%3E%3F%7C%E5%90%8D%E5%89%8D.md","uriBaseId":"%SRCROOT%"}}}],"partialFingerprints":{"findingHash/v1":"eb014be969fe4177c163711bcd166432"}},
        {"ruleId":"yaml-syntax","ruleIndex":2,"level":"note","message":{"text":"100% wrong: <a> & \"b\", it's\n::error::␛[31m ␀"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"docs/personary.yaml","uriBaseId":"%SRCROOT%"},"region":{"startLine":1,"startColumn":1,"endLine":3,"endColumn":1}}}],"partialFingerprints":{"findingHash/v1":"6395efe1a115a8b30db1394046504aac"}}
        ]}]}
        "#);
    }

    #[test]
    fn nothing_found() {
        let report = written(&[], "");
        let sarif: Sarif = serde_json::from_str(&report).expect("SARIF");
        // No results are a run that found nothing; without the list it would be one that failed.
        assert_eq!(sarif.runs[0].results.as_deref(), Some(&[][..]));
    }

    #[test]
    fn a_reader_of_the_format_understands_it() {
        let findings = samples::findings();
        let sarif: Sarif = serde_json::from_str(&written(&findings, "docs/")).expect("SARIF");
        assert_eq!(sarif.version, "2.1.0");
        let [run] = &sarif.runs[..] else {
            panic!("one run")
        };
        assert_eq!(run.column_kind, Some("unicodeCodePoints".into()));
        let rules = run.tool.driver.rules.as_ref().expect("rules");
        let results = run.results.as_ref().expect("results");
        assert_eq!(results.len(), findings.len());
        let mut fingerprints = HashSet::new();
        for (result, finding) in results.iter().zip(&findings) {
            assert_eq!(result.rule_id.as_deref(), Some(finding.code));
            let index = usize::try_from(result.rule_index.expect("an index")).expect("small");
            assert_eq!(rules[index].id, finding.code);
            let level = match finding.severity {
                Severity::Error => ResultLevel::Error,
                Severity::Warn => ResultLevel::Warning,
                Severity::Info => ResultLevel::Note,
            };
            assert_eq!(result.level, Some(level));
            let location = &result.locations.as_ref().expect("locations")[0];
            let physical = location.physical_location.as_ref().expect("a file");
            let artifact = physical.artifact_location.as_ref().expect("a file");
            let uri = artifact.uri.as_deref().expect("an address");
            assert!(
                uri.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b))
            );
            let path = percent_decode_str(uri).decode_utf8().expect("text");
            assert_eq!(path, format!("docs/{}", finding.path));
            let region = physical.region.as_ref().map(|region| {
                [
                    region.start_line,
                    region.start_column,
                    region.end_line,
                    region.end_column,
                ]
                .map(|number| number.expect("a number"))
            });
            let place = finding.place.as_ref().map(|place| {
                [
                    place.start.line,
                    place.start.column,
                    place.end.line,
                    place.end.column,
                ]
                .map(i64::from)
            });
            assert_eq!(region, place);
            let prints = result.partial_fingerprints.as_ref().expect("fingerprints");
            assert!(fingerprints.insert(prints[FINGERPRINT].clone()));
        }
    }

    #[test]
    fn braces_are_no_places_for_arguments() {
        let message = "write `b2c: { impulse: low }`, not {0}";
        let finding = Diagnostic::new("schema", Severity::Error, "a.md", message);
        let sarif: Sarif = serde_json::from_str(&written(&[finding], "")).expect("SARIF");
        let text = sarif.runs[0].results.as_ref().expect("results")[0]
            .message
            .text
            .as_deref();
        assert_eq!(text, Some("write `b2c: {{ impulse: low }}`, not {{0}}"));
    }

    #[test]
    fn the_address_of_the_project_is_told_when_there_is_one() {
        let known = tool(&[], Some("https://example.com/personary"));
        assert_eq!(
            known["driver"]["informationUri"],
            "https://example.com/personary"
        );
        assert_eq!(tool(&[], Some(""))["driver"].get("informationUri"), None);
    }
}
