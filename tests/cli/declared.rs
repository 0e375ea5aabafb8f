//! `action.yml`, `ci/gitlab.yml` and `.pre-commit-hooks.yaml`, held against what their readers
//! demand. The schemas say what the makers' documentation says of the fields that are used here:
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax>,
//! <https://docs.gitlab.com/ci/yaml/>, <https://pre-commit.com/#creating-new-hooks>

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::fixture::own_text;

/// A file of this repository, as those read it who run it.
fn read(path: &str) -> Value {
    serde_yaml::from_str(&own_text(path)).expect("YAML")
}

#[track_caller]
fn fits(path: &str, schema: &Value) {
    assert!(jsonschema::meta::is_valid(schema), "{schema:#}");
    let validator = jsonschema::validator_for(schema).expect("a schema");
    let value = read(path);
    let faults: Vec<String> = validator
        .iter_errors(&value)
        .map(|fault| format!("{path}: {}: {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    // A schema that takes everything would say nothing.
    assert!(!validator.is_valid(&json!({ "unheard": "of" })), "{path}");
}

/// The words that follow `prefix` wherever it stands in a text.
fn named(text: &str, prefix: &str) -> BTreeSet<String> {
    let words = text.match_indices(prefix).map(|(at, _)| {
        let rest = &text[at + prefix.len()..];
        let is_end = |c: char| !c.is_alphanumeric() && c != '-' && c != '_';
        rest.split(is_end).next().unwrap_or_default().to_owned()
    });
    words.collect()
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().expect("a map").keys().cloned().collect()
}

#[test]
fn the_action_is_one() {
    let text = json!({ "type": "string", "minLength": 1 });
    let step = json!({
        "type": "object",
        "properties": {
            "id": text, "name": text, "if": text, "uses": text, "run": text, "shell": text,
            "env": { "type": "object" }, "with": { "type": "object" },
            "working-directory": text, "continue-on-error": { "type": "boolean" },
        },
        "additionalProperties": false,
        "oneOf": [
            { "required": ["uses"], "not": { "required": ["shell"] } },
            // In an action a command has no shell of its own accord.
            { "required": ["run", "shell"], "not": { "required": ["with"] } },
        ],
    });
    let colours = [
        "white",
        "black",
        "yellow",
        "blue",
        "green",
        "orange",
        "red",
        "purple",
        "gray-dark",
    ];
    fits(
        "action.yml",
        &json!({
            "type": "object",
            "required": ["name", "description", "runs"],
            "properties": {
                "name": text, "author": text, "description": text,
                "inputs": { "type": "object", "additionalProperties": {
                    "type": "object",
                    "required": ["description"],
                    "properties": {
                        "description": text, "required": { "type": "boolean" },
                        "default": { "type": "string" }, "deprecationMessage": text,
                    },
                    "additionalProperties": false,
                } },
                "outputs": { "type": "object", "additionalProperties": {
                    "type": "object",
                    "required": ["description", "value"],
                    "properties": { "description": text, "value": text },
                    "additionalProperties": false,
                } },
                "runs": {
                    "type": "object",
                    "required": ["using", "steps"],
                    "properties": {
                        "using": { "const": "composite" },
                        "steps": { "type": "array", "minItems": 1, "items": step },
                    },
                    "additionalProperties": false,
                },
                "branding": {
                    "type": "object",
                    "required": ["icon", "color"],
                    "properties": { "icon": text, "color": { "enum": colours } },
                    "additionalProperties": false,
                },
            },
            "additionalProperties": false,
        }),
    );
}

#[test]
fn the_action_uses_what_it_declares() {
    let text = own_text("action.yml");
    let action = read("action.yml");
    assert_eq!(named(&text, "inputs."), keys(&action["inputs"]));
    let steps = action["runs"]["steps"].as_array().expect("steps");
    let ids: BTreeSet<String> = (steps.iter())
        .filter_map(|step| Some(step["id"].as_str()?.to_owned()))
        .collect();
    assert_eq!(named(&text, "steps."), ids);
    // The script takes what it says it takes, and tells what is asked of it.
    let script = own_text("ci/github.sh");
    let review = steps.iter().find(|step| step["id"] == "review");
    let given = keys(&review.expect("the step")["env"]);
    for name in given.iter().filter(|name| name.starts_with("PERSONARY")) {
        assert!(script.contains(&format!("#   {name} ")), "{name}");
        assert!(script.contains(&format!("${{{name}")) || script.contains(&format!("${name}")));
    }
    for output in named(&text, "steps.review.outputs.") {
        assert!(script.contains(&format!("output {output} ")), "{output}");
    }
}

#[test]
fn the_template_for_gitlab_is_one() {
    let text = json!({ "type": "string", "minLength": 1 });
    let lines = json!({ "type": "array", "minItems": 1, "items": text });
    let variables = json!({
        "type": "object",
        "propertyNames": { "pattern": "^[A-Z_]+$" },
        "additionalProperties": { "type": ["string", "integer"] },
    });
    let job = json!({
        "type": "object",
        "properties": {
            "extends": text, "image": text, "variables": variables, "stage": text,
            "before_script": lines, "script": lines,
            "rules": { "type": "array", "items": {
                "type": "object",
                "properties": { "if": text, "when": text, "allow_failure": { "type": "boolean" } },
                "additionalProperties": false,
            } },
            "artifacts": {
                "type": "object",
                // What is to be named in the merge request has to be a path, and not all reports.
                "required": ["paths"],
                "properties": {
                    "when": { "enum": ["on_success", "on_failure", "always"] },
                    "expose_as": { "type": "string", "pattern": "^[A-Za-z0-9 _-]+$" },
                    "expire_in": text,
                    "paths": { "type": "array", "items": {
                        "type": "string",
                        // Nothing is named whose path is only known when the job runs.
                        "not": { "pattern": "[$]" },
                    } },
                    "reports": {
                        "type": "object",
                        "properties": { "junit": text, "codequality": text },
                        "additionalProperties": false,
                    },
                },
                "additionalProperties": false,
            },
        },
        "additionalProperties": false,
    });
    fits(
        "ci/gitlab.yml",
        &json!({
            "type": "object",
            "required": ["personary-review"],
            "properties": {
                "variables": variables,
                "personary-review": { "allOf": [job, { "required": ["script", "extends"] }] },
            },
            "patternProperties": { "^[.]": job },
            "additionalProperties": false,
        }),
    );
    let template = read("ci/gitlab.yml");
    let parent = template["personary-review"]["extends"].as_str();
    assert!(template[parent.expect("a name")].is_object());
}

#[test]
fn the_hooks_are_hooks() {
    let text = json!({ "type": "string", "minLength": 1 });
    let yes = json!({ "type": "boolean" });
    fits(
        ".pre-commit-hooks.yaml",
        &json!({
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["id", "name", "entry", "language"],
                "properties": {
                    "id": { "type": "string", "pattern": "^[a-z-]+$" },
                    "name": text, "description": text, "entry": text,
                    "language": { "const": "rust" },
                    "types_or": { "type": "array", "items": { "enum": ["markdown", "yaml", "csv"] } },
                    "pass_filenames": yes, "require_serial": yes, "always_run": yes, "verbose": yes,
                },
                "additionalProperties": false,
            },
        }),
    );
}
