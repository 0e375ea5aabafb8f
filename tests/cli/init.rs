//! `personary init`.

use std::fs;

use crate::fixture::Project;

#[test]
fn a_new_project_checks_clean_and_builds() {
    let project = Project::empty();
    project
        .run(&["init"])
        .code(0)
        .prints("personary serve --open")
        .never("cd ");
    project
        .run(&["check", "--fail-on", "info"])
        .code(0)
        .prints("no findings");
    project.run(&["build"]).code(0);
    for path in [
        "personary.yaml",
        ".gitignore",
        "content/pages/index.md",
        "schemas/persona.schema.json",
    ] {
        assert!(project.has(path), "{path}");
    }
    let today = crate::fixture::today().to_string();
    assert!(
        project
            .read("content/personas/nora-lind.md")
            .contains(&format!("last_reviewed: {today}"))
    );
    assert_eq!(
        project.read(".gitignore"),
        "/public\n/.public.personary-*\n"
    );
}

#[test]
fn an_editor_finds_the_schema_of_every_file() {
    let project = Project::empty();
    project.run(&["init"]).code(0);
    let mut seen = 0;
    for path in project
        .files("")
        .keys()
        .filter(|path| path.ends_with(".md") || path.ends_with(".yaml"))
    {
        let text = project.read(path);
        let mut lines = text.lines().skip_while(|line| *line == "---");
        let hint = lines
            .next()
            .and_then(|line| line.strip_prefix("# yaml-language-server: $schema="));
        let schema = project
            .path(path)
            .parent()
            .expect("a folder")
            .join(hint.expect(path));
        assert!(schema.is_file(), "{path}: {}", schema.display());
        seen += 1;
    }
    assert_eq!(seen, 9);
}

#[test]
fn it_says_where_to_go() {
    let project = Project::empty();
    project
        .run(&["init", "my project/new"])
        .code(0)
        .prints("cd 'my project/new'");
    assert!(project.has("my project/new/personary.yaml"));
    project.run(&["-C", "my project", "init", "other"]).code(0);
    assert!(project.has("my project/other/personary.yaml"));
    project
        .run(&["-C", "nowhere", "init"])
        .code(2)
        .says("nowhere");
    assert!(!project.has("nowhere"));
}

#[test]
fn nothing_is_overwritten() {
    let project = Project::empty();
    project
        .write(".gitignore", "mine")
        .write("content/teams/customers.md", "mine");
    let run = project
        .run(&["init"])
        .code(2)
        .says(".gitignore")
        .says("content/teams/customers.md")
        .never("index.md");
    assert!(run.out.is_empty());
    assert_eq!(project.files("").len(), 2);
    assert_eq!(project.read(".gitignore"), "mine");
    // Twice is once too often.
    let project = Project::empty();
    project.run(&["init"]).code(0);
    let before = project.files("");
    project.run(&["init"]).code(2).says("personary.yaml");
    assert_eq!(project.files(""), before);
}

#[test]
fn other_files_do_not_matter_and_a_file_is_no_folder() {
    let project = Project::empty();
    project.write("README.md", "mine").write("file", "mine");
    project.run(&["init", "file"]).code(2).says("file");
    project.run(&["init"]).code(0);
    assert_eq!(project.read("README.md"), "mine");
    // A file where a folder is needed: what was made so far is taken back.
    let project = Project::empty();
    project.write("schemas", "mine");
    project.run(&["init"]).code(2).says("schemas");
    assert_eq!(project.files("").len(), 1);
    assert_eq!(fs::read_dir(project.root()).expect("listed").count(), 1);
}

#[test]
fn a_library_of_any_size_checks_without_errors_and_is_the_same_again() {
    let (one, two) = (Project::empty(), Project::empty());
    let generated = ["init", "--personas", "40", "--as-of", "2026-11-24"];
    one.run(&generated).code(0).prints("74 files");
    two.run(&generated).code(0);
    assert_eq!(one.files(""), two.files(""));
    one.run(&["check", "--as-of", "2026-11-24"]).code(0);
    one.run(&["build", "--as-of", "2026-11-24"]).code(0);
    // The day is that of the run unless it is given.
    let today = Project::empty();
    today.run(&["init", "--personas", "1"]).code(0);
    today.run(&["check"]).code(0);
}

#[test]
fn a_generated_library_overwrites_nothing_and_is_not_empty() {
    let project = Project::empty();
    let generated = ["init", "--personas", "40"];
    project.run(&generated).code(0);
    let before = project.files("");
    project
        .run(&generated)
        .code(2)
        .says("74 files exist already, so nothing was written")
        .says("and 54 more");
    assert_eq!(project.files(""), before);
    // Nearly three hundred files lie before the one whose folder is missing; they are taken back.
    let project = Project::empty();
    project.write("content/teams", "mine");
    project
        .run(&["init", "--personas", "200"])
        .code(2)
        .says("teams");
    assert_eq!(project.files("").len(), 1);
    for wrong in ["0", "-1", "many", "1000001"] {
        project.run(&["init", "--personas", wrong]).code(2);
    }
    assert_eq!(project.files("").len(), 1);
}
