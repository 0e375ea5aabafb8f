//! `personary schema`.

use personary::schema::Kind;
use serde_json::Value;

use crate::fixture::Project;

const FIELDS: &str = "fields: { persona: { often_met_with: { type: array, items: { type: string, x-reference: persona } } } }\n";

#[test]
fn every_kind_has_one_in_both_formats() {
    let project = Project::sample();
    for name in Kind::ALL.iter().map(|kind| kind.name()).chain(["settings"]) {
        let json = project.run(&["schema", name]).code(0).json();
        assert_eq!(
            json["$schema"], "https://json-schema.org/draft/2020-12/schema",
            "{name}"
        );
        assert!(json["properties"].is_object(), "{name}");
        assert!(jsonschema::meta::is_valid(&json), "{name}");
        let yaml = project.run(&["schema", name, "--format", "yaml"]).code(0);
        let yaml: Value = serde_yaml::from_str(&yaml.out).expect("YAML");
        assert_eq!(yaml, json, "{name}");
    }
    project.run(&["schema", "Personas"]).code(0);
    let diff = project.run(&["schema", "diff"]).code(0).json();
    assert!(jsonschema::meta::is_valid(&diff) && diff["properties"]["changes"].is_object());
    project
        .run(&["schema", "person"])
        .code(2)
        .says("did you mean `persona`");
    project.run(&["schema"]).code(2);
}

#[test]
fn custom_fields_are_in_it() {
    let project = Project::sample();
    let field = |project: &Project| {
        project.run(&["schema", "persona"]).code(0).json()["properties"]["often_met_with"].clone()
    };
    assert!(field(&project).is_null());
    project.write("personary.yaml", FIELDS);
    assert_eq!(field(&project)["items"]["x-reference"], "persona");
    assert!(project.run(&["schema", "journey"]).json()["properties"]["often_met_with"].is_null());
    // And outside a project there are none.
    assert!(field(&Project::empty()).is_null());
}

#[test]
fn all_of_them_are_written_into_a_folder() {
    let project = Project::sample();
    project.run(&["schema", "--all", "out/schemas"]).code(0);
    // `init` has written the same.
    assert_eq!(project.files("out/schemas"), project.files("schemas"));
    project.write("personary.yaml", FIELDS);
    project.run(&["schema", "--all", "schemas"]).code(0);
    assert!(
        project
            .read("schemas/persona.schema.json")
            .contains("often_met_with")
    );
    project
        .run(&["schema", "--all", "yaml", "--format", "yaml"])
        .code(0);
    assert!(project.has("yaml/settings.schema.yaml"));
    project.run(&["schema", "persona", "--all", "x"]).code(2);
}
