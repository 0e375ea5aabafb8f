//! What decides over the rules: settings, exceptions and the day.

use crate::fixture::{NORA, Project, Run, today};

#[test]
fn the_day_is_given_or_taken_from_the_environment() {
    let project = Project::sample();
    project.run(&["check"]).code(0).prints("no findings");
    project
        .run(&["check", "--as-of", "2040-01-01"])
        .code(1)
        .prints("stale-evidence")
        .prints("not-reviewed");
    let with = |seconds: &str, arguments: &[&str]| {
        Run::of(
            project
                .command()
                .env("SOURCE_DATE_EPOCH", seconds)
                .args(arguments),
        )
    };
    with("2208988800", &["check"])
        .code(1)
        .prints("not-reviewed");
    with("2208988800", &["build"])
        .code(0)
        .prints("not-reviewed");
    with("", &["check"]).code(0);
    let today = today().to_string();
    with("2208988800", &["check", "--as-of", &today]).code(0);
    with("tomorrow", &["check"])
        .code(2)
        .says("SOURCE_DATE_EPOCH");
    for command in ["check", "build", "serve"] {
        project
            .run(&[command, "--as-of", "soon"])
            .code(2)
            .says("soon");
    }
}

#[test]
fn what_grew_old_keeps_no_site_from_being_published_unless_the_settings_say_so() {
    let project = Project::sample();
    let late = ["build", "--as-of", "2040-01-01"];
    project.run(&late).code(0).prints("not-reviewed");
    let settings = project.read("personary.yaml");
    let fails = |names: &str| format!("{settings}\nfails_build: [{names}]\n");
    project.write("personary.yaml", fails("structure, never-updated"));
    project.run(&late).code(1).says("Nothing was published");
    project.write("personary.yaml", fails("structur"));
    project.run(&["check"]).code(1).prints("`structure`");
}

#[test]
fn settings_decide_over_severity_and_thresholds_and_for_some_files_alone() {
    let project = Project::sample();
    let late = ["check", "--format", "json", "--as-of", "2040-01-01"];
    let graded = |settings: &str| -> Vec<(String, String)> {
        project.write("personary.yaml", settings);
        let findings = project.run(&late).findings();
        let of_rule = findings.iter().filter(|f| f["code"] == "not-reviewed");
        of_rule
            .map(|f| {
                let text = |field: &str| f[field].as_str().unwrap_or_default().to_owned();
                (text("path"), text("severity"))
            })
            .collect()
    };
    let rob = "content/personas/rob-harker.md";
    let both = |nora: &str, robs: &str| {
        vec![
            (NORA.to_owned(), nora.to_owned()),
            (rob.to_owned(), robs.to_owned()),
        ]
    };
    assert_eq!(graded("{}\n"), both("error", "error"));
    assert_eq!(
        graded("rules: { not-reviewed: warn }\n"),
        both("warn", "warn")
    );
    let block = "rules:\n  not-reviewed: { severity: info, warn_months: 3 }\n";
    assert_eq!(graded(block), both("info", "info"));
    assert_eq!(
        graded("rules:\n  not-reviewed: { warn_months: 900, error_months: 900 }\n"),
        []
    );
    let some =
        "overrides:\n  - paths: ['content/personas/rob*']\n    rules: { not-reviewed: info }\n";
    assert_eq!(graded(some), both("error", "info"));
    let off = some.replace("info", "off");
    assert_eq!(graded(&off), both("error", "error")[..1]);
}

#[test]
fn wrong_settings_are_told_where_they_stand() {
    let project = Project::sample();
    let settings = "rules:\n  not-reviewd: warn\n  stale-evidence: { warn_month: 3, error_months: 1.5 }\noverrides:\n  - paths: ['content/[']\n    rules: { orfan: off }\n";
    project.write("personary.yaml", settings);
    project
        .run(&["check", "--format", "concise"])
        .code(1)
        .prints("personary.yaml:2:3: error[unknown-key] there is no rule `not-reviewd` (did you mean `not-reviewed`?)")
        .prints("personary.yaml:3:21: error[unknown-key]")
        .prints("did you mean `warn_months`?")
        .prints("personary.yaml:3:50: error[schema] `error_months` must be a whole number of months")
        .prints("personary.yaml:5:13: error[schema] this is not a pattern of paths")
        .prints("personary.yaml:6:14: error[unknown-key] there is no rule `orfan`");
    project.write("personary.yaml", "rules: { orphan: loud }\n");
    project.run(&["check"]).code(1).prints("loud");
}

#[test]
fn every_rule_has_a_page_that_findings_lead_to() {
    let project = Project::sample();
    project.replace(NORA, "segments: [home-brewers]", "segments: [nowhere]");
    project.run(&["build", "--keep-going"]).code(1);
    let page = project.read("public/personas/nora-lind/index.html");
    assert!(page.contains("href=\"../../rules/unknown-ref/\""), "{page}");
    let rules = project.read("public/rules/index.html");
    let explained = project.run(&["explain", "--format", "json"]).json();
    for rule in explained["rules"].as_array().expect("a list") {
        let name = rule["name"].as_str().expect("a name");
        assert!(rules.contains(&format!("rules/{name}/\"")), "{name}");
        assert!(
            project.has(&format!("public/rules/{name}/index.html")),
            "{name}"
        );
    }
    let page = project.read("public/rules/stale-evidence/index.html");
    assert!(
        page.contains("warn_months") && page.contains("collected:"),
        "{page}"
    );
}
