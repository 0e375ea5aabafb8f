//! Files that nobody should write: each is one finding, and the others are read all the same.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::fixture::{NORA, Project, persona};

/// The project has one finding, and the other files were read.
#[track_caller]
fn one_finding(project: &Project, path: &str, code: &str, says: &str) {
    let run = project.run(&["check", "--format", "json"]).code(1);
    let findings = run.findings();
    assert_eq!(findings.len(), 1, "{run:#?}");
    let text = format!("{} {}", findings[0]["message"], findings[0]["help"]);
    assert_eq!(
        (findings[0]["path"].as_str(), findings[0]["code"].as_str()),
        (Some(path), Some(code)),
        "{text}"
    );
    assert!(text.contains(says), "no {says:?} in {text}");
    // The others are there: a reference to one of them is right, and one to nothing is found.
    project.replace(NORA, "owner: customers", "owner: nobody");
    assert_eq!(project.errors(NORA), ["unknown-ref"]);
    project.replace(NORA, "owner: nobody", "owner: customers");
    project.run(&["check"]).code(1).prints(code);
    project
        .run(&["check", "--format", "concise"])
        .code(1)
        .prints(path);
}

#[test]
fn a_file_that_may_not_be_read() {
    let project = Project::sample();
    project.persona("ann", "");
    let path = project.path("content/personas/ann.md");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("set");
    // The superuser reads it all the same.
    if fs::read(&path).is_err() {
        one_finding(
            &project,
            "content/personas/ann.md",
            "unreadable",
            "cannot be read",
        );
    }
}

#[test]
fn a_folder_that_may_not_be_read() {
    let project = Project::sample();
    project.persona("sub/ann", "");
    let path = project.path("content/personas/sub");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("set");
    let closed = fs::read_dir(&path).is_err();
    if closed {
        one_finding(
            &project,
            "content/personas/sub",
            "unreadable",
            "cannot be read",
        );
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("set");
}

#[test]
fn a_link_that_goes_in_circles() {
    let project = Project::sample();
    project.link("content/personas/loop", "..");
    one_finding(
        &project,
        "content/personas/loop",
        "unreadable",
        "leads back",
    );
}

#[test]
fn a_link_that_is_its_own_target() {
    let project = Project::sample();
    project.link("content/personas/self.md", "self.md");
    one_finding(
        &project,
        "content/personas/self.md",
        "unreadable",
        "leads in a circle",
    );
}

#[test]
fn a_link_that_leaves_the_project() {
    let project = Project::sample();
    let secret = Project::empty();
    secret.write("secret.md", persona("secret", ""));
    project.link("content/personas/out.md", secret.path("secret.md"));
    one_finding(
        &project,
        "content/personas/out.md",
        "unreadable",
        "leaves the project",
    );
    project
        .remove("content/personas/out.md")
        .link("content/personas/out", secret.root());
    one_finding(
        &project,
        "content/personas/out",
        "unreadable",
        "leaves the project",
    );
    project.run(&["build", "--keep-going"]).code(1);
    assert!(
        project
            .files("public")
            .values()
            .all(|bytes| !String::from_utf8_lossy(bytes).contains("About secret"))
    );
}

#[test]
fn a_link_to_nothing() {
    let project = Project::sample();
    project.link("content/personas/gone.md", "nowhere.md");
    one_finding(
        &project,
        "content/personas/gone.md",
        "unreadable",
        "points at nothing",
    );
}

#[test]
fn a_link_within_the_project_is_followed() {
    let project = Project::sample();
    project
        .write("drafts/ann.md", persona("ann", ""))
        .link("content/personas/ann.md", "../../drafts/ann.md");
    project.run(&["check"]).code(0).prints("9 files");
}

#[test]
fn what_is_not_utf_8() {
    let project = Project::sample();
    let mut bytes = persona("ann", "").into_bytes();
    bytes.extend(b"\nfianc\xe9e\n");
    project.write("content/personas/ann.md", bytes);
    one_finding(
        &project,
        "content/personas/ann.md",
        "unreadable",
        "not UTF-8",
    );
}

#[test]
fn a_name_that_is_not_utf_8() {
    use std::os::unix::ffi::OsStrExt;
    let project = Project::sample();
    let name = std::ffi::OsStr::from_bytes(b"fianc\xe9e.md");
    // Some file systems have no such names.
    if fs::write(
        project.path("content/personas").join(name),
        persona("ann", ""),
    )
    .is_ok()
    {
        one_finding(
            &project,
            "content/personas/fianc\u{fffd}e.md",
            "unreadable",
            "not valid UTF-8",
        );
    }
}

#[test]
fn a_file_of_more_than_4_mib() {
    let project = Project::sample();
    let mut text = persona("ann", "");
    text.push_str(&"x".repeat(4 * 1024 * 1024 - text.len()));
    project.write("content/personas/ann.md", &text);
    project.run(&["check"]).code(0);
    text.push('x');
    project.write("content/personas/ann.md", &text);
    one_finding(&project, "content/personas/ann.md", "unreadable", "4 MiB");
}

#[test]
fn a_field_given_twice() {
    let project = Project::sample();
    project.persona("ann", "basis: qualitative\n");
    one_finding(
        &project,
        "content/personas/ann.md",
        "duplicate-key",
        "basis",
    );
}

#[test]
fn an_alias_bomb() {
    let project = Project::sample();
    let mut bomb = "extra:\n  a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..40 {
        let of = vec![format!("*a{}", n - 1); 9].join(", ");
        bomb = format!("{bomb}  a{n}: &a{n} [{of}]\n");
    }
    project.persona("ann", &bomb);
    one_finding(&project, "content/personas/ann.md", "yaml-syntax", "alias");
}

#[test]
fn nesting_without_end() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
        let project = Project::sample();
        let deep = format!(
            "extra:\n  {}x{}\n",
            open.repeat(100_000),
            close.repeat(100_000)
        );
        project.persona("ann", &deep);
        one_finding(&project, "content/personas/ann.md", "yaml-syntax", "deep");
    }
}

#[test]
fn a_folder_where_a_file_should_be() {
    let project = Project::sample();
    fs::create_dir(project.path("content/personas/ann.md")).expect("made");
    project.run(&["check"]).code(0);
    fs::remove_file(project.path("personary.yaml")).expect("removed");
    fs::create_dir(project.path("personary.yaml")).expect("made");
    project
        .run(&["-C", ".", "check"])
        .code(1)
        .prints("personary.yaml");
}

#[test]
fn settings_that_are_wrong_are_a_finding_and_the_rest_is_checked() {
    let project = Project::sample();
    for (settings, says) in [
        ("title: [", "yaml-syntax"),
        ("titel: Ours\n", "did you mean `title`"),
        (
            "fields: { person: { a: { type: string } } }\n",
            "there is no kind `person`",
        ),
        (
            "fields: { persona: { a: { type: 7 } } }\n",
            "not a valid JSON Schema",
        ),
        ("rules: { orfan: off }\n", "there is no rule `orfan`"),
        ("fail_on: never\n", "fail_on"),
        ("leave_out: [findr]\n", "did you mean `finder`"),
    ] {
        project.write("personary.yaml", settings);
        let run = project
            .run(&["check"])
            .code(1)
            .prints(says)
            .prints("personary.yaml");
        assert!(run.out.contains("1 error"), "{run:#?}");
    }
}

const NPS: &str = "content/kpis/nps.csv";

/// A KPI with a target, so that it has no finding of its own.
fn kpi(more: &str) -> String {
    format!(
        "---\nname: NPS\nkind: nps\nclass: perception\nunit: points\ndirection: up\n\
         cadence: yearly\nowner: customers\n{more}---\n"
    )
}

/// The findings at the CSV, as `line code`.
fn at_csv(project: &Project) -> Vec<String> {
    let findings = project.findings();
    let at_csv = findings.iter().filter(|f| f["path"] == NPS);
    at_csv
        .map(|f| format!("{} {}", f["line"], f["code"].as_str().unwrap_or("")))
        .collect()
}

#[test]
fn measurements_that_cannot_be_read_are_a_finding_at_the_csv_and_absent_ones_are_none() {
    let project = Project::sample();
    project.write("content/kpis/nps.md", kpi(""));
    if project.has(NPS) {
        project.remove(NPS);
    }
    assert_eq!(project.errors("content/kpis/nps.md"), [""; 0]);
    for more in ["", "measurements: nps.csv\n"] {
        project.write("content/kpis/nps.md", kpi(more));
        project.write(NPS, b"period,value,source\n2026,1,fianc\xe9e\n");
        assert_eq!(project.errors(NPS), ["unreadable"], "{more}");
        project.run(&["check"]).code(1).prints("not UTF-8");
        project.write(NPS, " ".repeat(32 * 1024 * 1024 + 1));
        assert_eq!(project.errors(NPS), ["unreadable"], "{more}");
        project.run(&["check"]).code(1).prints("32 MiB");
        project.remove(NPS);
    }
    assert_eq!(project.errors("content/kpis/nps.md"), ["missing-asset"]);
    project
        .run(&["check"])
        .prints("there is no file `content/kpis/nps.csv`");
}

#[test]
fn a_mistake_in_a_kpi_hides_none_in_its_measurements() {
    let project = Project::sample();
    project.write(NPS, "period,value\nsoon,1\n2026,101\n2025,x\n");
    for (more, expected) in [
        ("", vec!["2 csv-period", "3 csv-scale", "4 csv-value"]),
        (
            "onwer: x\n",
            vec!["2 csv-period", "3 csv-scale", "4 csv-value"],
        ),
        ("tags: [\n", vec!["2 csv-period", "4 csv-value"]),
    ] {
        project.write("content/kpis/nps.md", kpi(more));
        assert_eq!(at_csv(&project), expected, "{more}");
    }
    project.write(
        "content/kpis/nps.md",
        kpi("").replace("kind: nps", "kind: npx"),
    );
    assert_eq!(at_csv(&project), ["2 csv-period", "4 csv-value"]);
}

/// A custom field, used in a persona, and a mistake in the settings behind it.
fn with_a_field(mistake: &str) -> String {
    format!("title: Ours\nfields: {{ persona: {{ shoe: {{ type: string }} }} }}\n{mistake}")
}

#[test]
fn a_mistake_in_the_settings_makes_no_file_wrong() {
    let project = Project::sample();
    project.persona("ann", "shoe: blue\n");
    project.write("personary.yaml", with_a_field(""));
    project.run(&["check"]).code(0);
    for mistake in ["lang: [\n", "titel: x\n", "fail_on: never\n", "rules: 7\n"] {
        project.write("personary.yaml", with_a_field(mistake));
        let findings = project.findings();
        let paths: Vec<_> = findings.iter().map(|f| f["path"].clone()).collect();
        assert_eq!(paths, ["personary.yaml"], "{mistake}");
    }
    // What is wrong with a file is found all the same.
    project.write("personary.yaml", with_a_field("lang: [\n"));
    project.replace(NORA, "market: b2c", "market: b2x");
    assert_eq!(project.errors(NORA), ["schema"]);
}

#[test]
fn addresses_and_languages_that_are_none_are_told_in_the_settings() {
    let project = Project::sample();
    for (setting, says) in [
        ("base_url: foo", "https://example.com/personas/"),
        ("base_url: javascript:x", "https://example.com/personas/"),
        (
            "edit_url: javascript:alert(1)",
            "https://example.com/edit/main/",
        ),
        ("lang: \"<b>\"", "de-CH"),
        ("theme: nope", "there is no theme"),
        ("logo: /nope.svg", "there is no picture"),
    ] {
        project.write("personary.yaml", format!("title: Ours\n{setting}\n"));
        let findings = project.findings();
        assert_eq!(findings.len(), 1, "{setting}: {findings:#?}");
        assert_eq!(findings[0]["path"], "personary.yaml", "{setting}");
        assert_eq!(findings[0]["line"], 2, "{setting}");
        project.run(&["check"]).code(1).prints(says);
    }
    for good in [
        "base_url: https://example.com",
        "base_url: /personas/",
        "edit_url: https://example.com/edit?path=",
        "lang: zh-Hant-TW",
    ] {
        project.write("personary.yaml", format!("title: Ours\n{good}\n"));
        project.run(&["check"]).code(0);
    }
}
