//! `personary check --write-baseline`, and what comes of it.

use crate::fixture::{NORA, Project};

const FILE: &str = "personary-baseline.json";
const BROKEN: &str = "segments: [nowhere]\n";

#[test]
fn only_new_findings_count_once_there_is_a_baseline() {
    let project = Project::sample();
    project.persona("ann", BROKEN);
    project.run(&["check"]).code(1);
    project
        .run(&["check", "--write-baseline"])
        .code(0)
        .says("1 finding accepted");
    let written = project.read(FILE);
    project
        .run(&["check"])
        .code(0)
        .prints("no findings")
        .says("1 finding known by the baseline");
    project.run(&["build"]).code(0);
    project
        .run(&["check", "--no-baseline"])
        .code(1)
        .prints("unknown-ref");

    // Lines before it and another finding change nothing about the known one.
    project.persona("ann", &format!("tags: [new]\n{BROKEN}"));
    project.persona("bob", BROKEN);
    let run = project.run(&["check", "--format", "json"]).code(1);
    assert_eq!(run.findings().len(), 1);
    assert_eq!(run.findings()[0]["path"], "content/personas/bob.md");
    project.run(&["build"]).code(1);

    // The same findings make the same file.
    project.remove("content/personas/bob.md");
    project.run(&["check", "--write-baseline"]).code(0);
    assert_eq!(project.read(FILE), written);

    project.persona("ann", "");
    project
        .run(&["check"])
        .code(0)
        .says("1 entry of the baseline no longer occur");
}

#[test]
fn it_may_stand_elsewhere_and_must_be_one() {
    let project = Project::sample();
    project.persona("ann", BROKEN);
    project
        .run(&["check", "--write-baseline", "known.json"])
        .code(0);
    assert!(!project.has(FILE));
    project.run(&["check"]).code(1);
    project.run(&["check", "--baseline", "known.json"]).code(0);
    project
        .run(&["check", "--baseline", "nowhere.json"])
        .code(2)
        .says("nowhere.json");
    project.run(&["check", NORA, "--write-baseline"]).code(2);
    project.write(FILE, "[]");
    project.run(&["check"]).code(2).says("--write-baseline");
}
