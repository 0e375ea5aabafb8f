//! The history in words.

use super::fixture::Project;

const OLA: &str = "content/personas/ola.md";
const OLE: &str = "content/personas/ole.md";

/// A project whose only persona was added, reworded, renamed, and reformatted.
fn project() -> Project {
    let project = Project::sample();
    project
        .persona("ola", "goals:\n  - id: ride\n    text: Ride to work.\n")
        .commit("Begin");
    project
        .replace(OLA, "Ride to work.", "Ride to work by bike.")
        .commit("Reword a goal");
    project
        .rename(OLA, OLE)
        .replace(OLE, "basis: proto", "aliases: [ola]\nbasis: proto");
    project.commit("Rename a persona");
    project.replace(
        OLE,
        "text: Ride to work by bike.",
        "text: >-\n      Ride to work\n      by bike.",
    );
    project.commit("Wrap a line");
    project
}

#[test]
fn the_history_of_a_persona_is_told_across_its_renames() {
    let project = project();
    let said = project.run(&["log", "persona:ole"]).code(0).out.clone();
    let at = |text: &str| said.find(text).unwrap_or_else(|| panic!("{text}: {said}"));
    assert!(at("Wrap a line") < at("only its form"));
    assert!(at("only its form") < at("Rename a persona"));
    assert!(at("Rename a persona") < at("Reword a goal"));
    assert!(at("Reword a goal") < at("“Ride to work.” → “Ride to work by bike.”"));
    assert!(at("“Ride to work.” →") < at("Begin"));
    assert!(!said.contains("nora"), "{said}");
    let same = project.run(&["log", "ola"]).code(0).out.clone();
    assert_eq!(same, said, "by a former id, and without a kind");
    let short = project.run(&["log", "ole", "-n", "1"]).code(0).out.clone();
    assert!(
        short.contains("Wrap a line") && !short.contains("Rename"),
        "{short}"
    );
}

#[test]
fn the_history_of_everything_is_told_for_programs() {
    let project = project();
    project.remove(OLE).commit("Remove a persona");
    let said = project
        .run(&["log", "--format", "json"])
        .code(0)
        .out
        .clone();
    let commits: Vec<serde_json::Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let subjects: Vec<&str> = commits
        .iter()
        .filter_map(|c| c["subject"].as_str())
        .collect();
    assert_eq!(
        subjects,
        [
            "Remove a persona",
            "Wrap a line",
            "Rename a persona",
            "Reword a goal",
            "Begin"
        ]
    );
    assert_eq!(commits[0]["changes"][0]["code"], "persona-removed");
    assert_eq!(commits[1]["changes"].as_array().map(Vec::len), Some(0));
    assert_eq!(commits[2]["changes"][0]["code"], "renamed");
    assert_eq!(commits[3]["changes"][0]["pointer"], "/goals/0/text");
    // What is gone is found by its kind and id.
    let gone = project.run(&["log", "persona:ole"]).code(0).out.clone();
    assert!(
        gone.contains("Remove a persona") && gone.contains("Begin"),
        "{gone}"
    );
}

#[test]
fn without_a_history_or_an_entity_it_says_what_to_do() {
    let project = Project::sample();
    let said = project.run(&["log"]).code(2).err.clone();
    assert!(said.contains("git init"), "{said}");
    let said = project.run(&["log", "nobody"]).code(2).err.clone();
    assert!(said.contains("persona:nobody"), "{said}");
}
