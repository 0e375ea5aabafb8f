//! `--format`: the reports for other programs, read as those do.

use std::collections::HashSet;

use serde_json::Value;
use serde_sarif::sarif::Sarif;

use crate::fixture::{NORA, Project};

const FORMATS: [&str; 7] = [
    "human", "concise", "json", "github", "gitlab", "sarif", "junit",
];

/// A persona with errors, one whose name is no id, and a team that nobody needs: a warning.
fn faulty() -> Project {
    let project = Project::sample();
    project
        .persona("ann", "segments: [nowhere]\nevidence: [nowhere]\n")
        .persona("bob: 50%, zoë", "")
        .write(
            "content/teams/idle.md",
            "---\nname: Idle\ncontact: none\n---\n",
        );
    project
}

/// The number of errors and of all findings.
fn counted(project: &Project) -> (usize, usize) {
    let findings = project.findings();
    let errors = findings.iter().filter(|f| f["severity"] == "error").count();
    assert!(errors > 2 && findings.len() > errors, "{findings:#?}");
    (errors, findings.len())
}

#[test]
fn the_format_changes_no_exit_code() {
    let project = Project::sample();
    for format in FORMATS {
        project.run(&["check", "--format", format]).code(0);
    }
    let project = faulty();
    for format in FORMATS {
        project.run(&["check", "--format", format]).code(1);
        let teams = ["check", "content/teams", "--format", format];
        project.run(&teams).code(0);
        let strict = [&teams[..], &["--fail-on", "warn"]].concat();
        project.run(&strict).code(1);
    }
}

#[test]
fn github_gets_a_command_for_each() {
    let project = faulty();
    let (errors, all) = counted(&project);
    let run = project.run(&["check", "--format", "github"]).code(1);
    let commands: Vec<&str> = run.out.lines().filter(|l| l.starts_with("::")).collect();
    assert_eq!(commands.len(), all);
    assert_eq!(run.out.lines().count(), all + 1, "and the summary: {run:?}");
    let of_kind = |kind| commands.iter().filter(move |c| c.starts_with(kind)).count();
    assert_eq!(of_kind("::error file=content/"), errors);
    assert_eq!(of_kind("::warning file=content/"), all - errors);
    run.prints("file=content/personas/bob%3A 50%25%2C zoë.md,");
}

#[test]
fn gitlab_gets_a_report_that_knows_findings_again() {
    let project = faulty();
    let (_, all) = counted(&project);
    let fingerprints = || -> HashSet<String> {
        let report = project.run(&["check", "--format", "gitlab"]).code(1).json();
        let issues = report.as_array().expect("a list");
        assert_eq!(issues.len(), all);
        issues
            .iter()
            .map(|issue| issue["fingerprint"].as_str().expect("text").to_owned())
            .collect()
    };
    let before = fingerprints();
    assert_eq!(before.len(), all);
    // Everything moves down, and nothing is another finding.
    project.replace(
        "content/personas/ann.md",
        "name: ann",
        "# a\n# b\nname: ann",
    );
    assert_eq!(fingerprints(), before);
    let clean = Project::sample();
    let report = clean.run(&["check", "--format", "gitlab"]).code(0).json();
    assert_eq!(report, Value::Array(Vec::new()));
}

#[test]
fn sarif_names_a_rule_for_each() {
    let project = faulty();
    let (_, all) = counted(&project);
    let run = project.run(&["check", "--format", "sarif"]).code(1);
    let sarif: Sarif = serde_json::from_str(&run.out).expect("SARIF");
    let rules = sarif.runs[0].tool.driver.rules.as_ref().expect("rules");
    let results = sarif.runs[0].results.as_ref().expect("results");
    assert_eq!(results.len(), all);
    for result in results {
        let index = usize::try_from(result.rule_index.expect("an index")).expect("small");
        let rule = &rules[index];
        assert_eq!(result.rule_id.as_deref(), Some(&*rule.id));
        assert!(
            rule.short_description.is_some(),
            "{} is in no table",
            rule.id
        );
    }
    let names: HashSet<&str> = rules.iter().map(|rule| &*rule.id).collect();
    assert_eq!(names.len(), rules.len());
}

#[test]
fn junit_has_failures_for_what_fails() {
    let project = faulty();
    let (errors, all) = counted(&project);
    let read = |arguments: &[&str]| {
        let run = project.run(&[&["check", "--format", "junit"], arguments].concat());
        junit_parser::from_reader(run.out.as_bytes()).expect("JUnit XML")
    };
    let report = read(&[]);
    assert_eq!((report.tests, report.failures), (all as u64, errors as u64));
    let report = read(&["--fail-on", "warn"]);
    assert_eq!((report.tests, report.failures), (all as u64, all as u64));
    let report = read(&[NORA]);
    assert_eq!((report.tests, report.failures), (1, 0));
    assert!(report.suites[0].cases[0].status.is_success());
}

#[test]
fn paths_are_those_of_the_repository() {
    let outer = Project::empty();
    outer.write(".git/HEAD", "ref: refs/heads/main\n");
    outer.write("docs/my personas/personary.yaml", "");
    outer.write(
        "docs/my personas/content/teams/idle.md",
        "no front matter\n",
    );
    let at = |format: &str| {
        outer
            .run(&["-C", "docs/my personas", "check", "--format", format])
            .code(1)
    };
    at("github").prints("file=docs/my personas/content/teams/idle.md");
    at("gitlab").prints("\"path\":\"docs/my personas/content/teams/idle.md\"");
    at("sarif").prints("\"uri\":\"docs/my%20personas/content/teams/idle.md\"");
    at("junit").prints("file=\"docs/my personas/content/teams/idle.md\"");
    // People and scripts stand in the project.
    at("concise").never("docs/");
    at("json").never("docs/");
}

#[test]
fn a_build_prints_one_document_whatever_happens() {
    let project = Project::sample();
    let build = || project.run(&["build", "--format", "json"]);
    let findings = build().code(0).says("Published").findings();
    assert!(findings.is_empty());
    project
        .run(&["build", "--format", "github"])
        .code(0)
        .never("::");
    // A warning, which stops nothing.
    project.write(
        "content/teams/idle.md",
        "---\nname: Idle\ncontact: none\n---\n",
    );
    assert_eq!(build().code(0).says("Published").findings().len(), 1);
    // The warning and a template that fails while pages are made.
    project.write(
        "themes/house/templates/persona.html",
        "{{ 1 + nothing.at.all }}",
    );
    project.replace(
        "personary.yaml",
        "fail_on: error",
        "theme: house\nfail_on: error",
    );
    let codes: Vec<String> = build()
        .code(1)
        .says("Nothing was published")
        .findings()
        .iter()
        .map(|finding| finding["code"].as_str().expect("text").to_owned())
        .collect();
    assert!(codes.contains(&"orphan".to_owned()), "{codes:?}");
    assert!(codes.contains(&"template".to_owned()), "{codes:?}");
    // An error, which stops all.
    project.persona("ann", "segments: [nowhere]\n");
    let findings = build().code(1).says("--keep-going").findings();
    assert!(findings.iter().any(|f| f["code"] == "unknown-ref"));
}
