//! What CI systems run, in a repository of its own, with a `gh` that writes down what it is asked.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::fixture::{NORA, Project, own, own_text};

/// A stand-in for GitHub's command. It knows one comment when `comment` exists, and refuses to
/// write when `refuse` does.
const GH: &str = r#"#!/bin/sh
here=$(dirname "$0")
echo "$@" >> "$here/asked"
case "$*" in
    *--method*) [ ! -e "$here/refuse" ] || { echo 'HTTP 403' >&2; exit 1; } ;;
    *) if [ -e "$here/comment" ]; then echo 41; fi ;;
esac
"#;

/// The project with a breaking change that is not committed.
fn project() -> Project {
    let project = Project::sample();
    project.write(".gitignore", "work\n").commit("Begin");
    project.replace(NORA, "market: b2c", "market: b2b");
    project.write("work/bin/gh", GH);
    let gh = project.path("work/bin/gh");
    fs::set_permissions(gh, fs::Permissions::from_mode(0o755)).expect("allowed");
    project
}

/// Runs the script of the action; answers with its output, its summary and what it printed.
fn run(project: &Project, more: &[(&str, &str)]) -> (String, String, String) {
    let script = own("ci/github.sh");
    for name in ["output", "summary", "bin/asked"] {
        project.write(&format!("work/{name}"), "");
    }
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("bash");
    command
        .arg(script)
        .current_dir(project.root())
        .env(
            "PATH",
            format!("{}:{path}", project.path("work/bin").display()),
        )
        .env("PERSONARY", env!("CARGO_BIN_EXE_personary"))
        .env("PERSONARY_BASE", "HEAD")
        .env("PERSONARY_PULL_REQUEST", "7")
        .env("GITHUB_OUTPUT", project.path("work/output"))
        .env("GITHUB_STEP_SUMMARY", project.path("work/summary"))
        .env("GITHUB_REPOSITORY", "acme/personas")
        .env("GITHUB_SERVER_URL", "https://github.com")
        .env("GITHUB_RUN_ID", "5")
        .env("RUNNER_TEMP", project.path("work"));
    for (name, value) in more {
        command.env(name, value);
    }
    let done = command.output().expect("bash");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{said}\n{wrong}");
    (
        project.read("work/output"),
        project.read("work/summary"),
        said,
    )
}

#[test]
fn one_comment_is_written_and_then_kept_up_to_date() {
    let project = project();
    let (output, summary, said) = run(&project, &[]);
    assert!(
        output.contains("code=1\n") && output.contains("result=changes"),
        "{output}"
    );
    assert!(
        said.contains("::error file=content/personas/nora-lind.md"),
        "{said}"
    );
    assert!(summary.contains("Nora Lind"), "{summary}");
    let asked = project.read("work/bin/asked");
    assert!(
        asked.contains("--method POST repos/acme/personas/issues/7/comments"),
        "{asked}"
    );
    let body = project.read("work/personary-review/review.md.body");
    assert!(body.starts_with("<!-- personary:review -->\n"), "{body}");
    project.write("work/bin/comment", "");
    run(&project, &[]);
    let asked = project.read("work/bin/asked");
    assert!(
        asked.contains("--method PATCH repos/acme/personas/issues/comments/41"),
        "{asked}"
    );
    assert!(!asked.contains("POST"), "{asked}");
}

#[test]
fn the_report_says_whom_codeowners_asks_where_there_is_one() {
    let project = project();
    let (_, summary, _) = run(&project, &[]);
    assert!(!summary.contains("CODEOWNERS"), "{summary}");
    project.write(".github/CODEOWNERS", "/content/ @acme/somebody\n");
    let (_, summary, _) = run(&project, &[]);
    assert!(summary.contains("| Asked by CODEOWNERS |"), "{summary}");
}

#[test]
fn a_token_that_may_only_read_leaves_the_report_in_the_summary() {
    let project = project();
    project.write("work/bin/refuse", "");
    let (output, summary, said) = run(&project, &[]);
    assert!(
        said.contains("::notice title=Personary::The report could not be written"),
        "{said}"
    );
    assert!(
        summary.contains("Nora Lind") && output.contains("code=1"),
        "{summary}"
    );
}

#[test]
fn levels_previews_and_what_cannot_be_compared_are_told() {
    let project = project();
    let never = [
        ("PERSONARY_FAIL_ON", "never"),
        ("PERSONARY_NEW_FINDINGS", "never"),
    ];
    let (output, ..) = run(&project, &never);
    assert!(
        output.contains("code=0\n") && output.contains("result=clean"),
        "{output}"
    );
    project.replace(NORA, "market: b2b", "market: b2c");
    project.replace(NORA, "basis: statistical", "basis: qualitative");
    let (output, ..) = run(&project, &[("PERSONARY_PREVIEW", "true")]);
    assert!(output.contains("preview="), "{output}");
    assert!(project.has("work/personary-review/preview/changes/index.html"));
    let (output, summary, _) = run(
        &project,
        &[("PERSONARY_BASE", "0123456789012345678901234567890123456789")],
    );
    assert!(
        output.contains("result=error") && output.contains("code=3"),
        "{output}"
    );
    assert!(summary.contains("could not compare"), "{summary}");
    let (output, ..) = run(
        &project,
        &[("PERSONARY_BASE", "0000000000000000000000000000000000000000")],
    );
    assert!(output.contains("result=clean"), "{output}");
}

/// A YAML file of this repository.
fn yaml(path: &str) -> serde_yaml::Value {
    serde_yaml::from_str(&own_text(path)).expect("YAML")
}

/// Runs a command line in the project, where `personary` is the command under test.
fn shell(project: &Project, script: &str) -> (Option<i32>, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_personary"));
    let path = std::env::var("PATH").unwrap_or_default();
    let folder = program.parent().expect("a folder").display();
    let done = Command::new("bash")
        .args(["-e", "-c", script])
        .current_dir(project.root())
        .env("PATH", format!("{folder}:{path}"))
        .env("PERSONARY_DIRECTORY", ".")
        .env("PERSONARY_FAIL_ON", "breaking")
        .env("PERSONARY_NEW_FINDINGS", "error")
        .env("CI_MERGE_REQUEST_DIFF_BASE_SHA", "HEAD")
        .output()
        .expect("bash");
    let said = [done.stdout, done.stderr].concat();
    (
        done.status.code(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[test]
fn the_template_for_gitlab_writes_its_reports_and_fails_on_breaking_changes() {
    let project = project();
    let lines = yaml("ci/gitlab.yml")["personary-review"]["script"].clone();
    let lines: Vec<String> = serde_yaml::from_value(lines).expect("lines");
    let (code, said) = shell(&project, &lines.join("\n"));
    assert_eq!(code, Some(1), "{said}");
    for name in ["index.html", "junit.xml", "codequality.json"] {
        assert!(
            project.has(&format!("personary-review/{name}")),
            "{name}: {said}"
        );
    }
}

#[test]
fn the_hooks_for_pre_commit_run() {
    let project = project();
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = hooks.as_sequence().expect("hooks");
    assert_eq!(hooks.len(), 3);
    for hook in hooks {
        let entry = hook["entry"].as_str().expect("a command");
        let (code, said) = shell(&project, entry);
        // The change is a breaking one, and the persona lacks what its new market asks for.
        assert_eq!(code, Some(1), "{entry}: {said}");
    }
}
