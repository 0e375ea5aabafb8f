//! Git with the diff driver and the merge driver.

use std::process::Command;

use super::fixture::Project;

const ATTRIBUTES: &str = "content/** diff=personary merge=personary\n";

/// The sample in Git, with both drivers set up as the guide says.
fn project() -> Project {
    let project = Project::sample();
    let program = env!("CARGO_BIN_EXE_personary");
    project
        .write(".gitattributes", ATTRIBUTES)
        .commit("Begin")
        .git(&[
            "config",
            "diff.personary.textconv",
            &format!("'{program}' textconv"),
        ])
        .git(&[
            "config",
            "merge.personary.driver",
            &format!("'{program}' merge %O %A %B --path %P --marker-size %L"),
        ]);
    project
}

/// What Git says, and whether it went well.
fn git(project: &Project, arguments: &[&str]) -> (String, bool) {
    let output = Command::new("git")
        .current_dir(project.root())
        .args([
            "-c",
            "user.name=Ada Byron",
            "-c",
            "user.email=ada@example.com",
        ])
        .args(arguments)
        .output()
        .expect("git");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (text, output.status.success())
}

fn write_goals(project: &Project, goals: &str) {
    project.persona("ola", &format!("goals:\n{goals}"));
}

#[test]
fn git_diff_shows_fields() {
    let project = project();
    write_goals(&project, "  - id: ride\n    text: Ride to work.\n");
    project.commit("One");
    write_goals(
        &project,
        "  - {text: \"Ride to\n     work by bike.\", id: ride}\n",
    );
    let (diff, ok) = git(&project, &["diff"]);
    assert!(ok);
    let changed: Vec<&str> = diff
        .lines()
        .filter(|line| {
            line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---")
        })
        .collect();
    assert_eq!(
        changed,
        [
            "-  - Ride to work. [ride]",
            "+  - Ride to work by bike. [ride]"
        ],
        "{diff}"
    );
    project.commit("Two");
    let (log, ok) = git(&project, &["log", "-p", "-1"]);
    assert!(
        ok && log.contains("+  - Ride to work by bike. [ride]"),
        "{log}"
    );
}

#[test]
fn git_merge_joins_claims_and_marks_what_both_changed() {
    let project = project();
    let goals = "  - id: ride\n    text: Ride to work.\n  - id: sleep\n    text: Sleep.\n";
    write_goals(&project, goals);
    project.commit("Base").git(&["branch", "theirs"]);
    write_goals(&project, &goals.replace("Ride to work.", "Ride fast."));
    project.commit("Ours").git(&["checkout", "-q", "theirs"]);
    write_goals(&project, &format!("{goals}  - id: eat\n    text: Eat.\n"));
    project.commit("Theirs").git(&["checkout", "-q", "-"]);
    let (_, ok) = git(&project, &["merge", "-q", "--no-edit", "theirs"]);
    assert!(ok);
    let text = project.read("content/personas/ola.md");
    assert!(
        text.contains("Ride fast.") && text.contains("text: Eat."),
        "{text}"
    );
    project.git(&["checkout", "-q", "-b", "other", "theirs"]);
    write_goals(&project, &goals.replace("Ride to work.", "Ride slowly."));
    project.commit("Other").git(&["checkout", "-q", "-"]);
    let (_, ok) = git(&project, &["merge", "-q", "--no-edit", "other"]);
    assert!(!ok);
    let text = project.read("content/personas/ola.md");
    let conflict =
        "<<<<<<< ours\n    text: Ride fast.\n=======\n    text: Ride slowly.\n>>>>>>> theirs\n";
    assert!(text.contains(conflict), "{text}");
    assert_eq!(text.matches("<<<<<<<").count(), 1);
}

#[test]
fn a_driver_that_cannot_read_says_so_and_writes_nothing() {
    let project = Project::empty();
    project
        .write("a.md", "---\nname: A\n---\n")
        .write("b.md", [0xff]);
    let said = project.run(&["merge", "a.md", "a.md", "b.md"]).code(2);
    assert!(said.err.contains("b.md is not UTF-8 text"), "{}", said.err);
    assert_eq!(project.read("a.md"), "---\nname: A\n---\n");
    project.run(&["textconv", "none.md"]).code(2);
}
