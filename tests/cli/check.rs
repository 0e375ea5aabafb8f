//! `personary check`.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::fixture::{NORA, Project, Run};

/// A reference to nothing: one error.
const BROKEN: &str = "segments: [nowhere]\n";

#[test]
fn a_clean_project_is_exit_0_and_an_error_exit_1() {
    let project = Project::sample();
    project
        .run(&["check"])
        .code(0)
        .prints("8 files checked, no findings");
    project.persona("ann", BROKEN);
    project
        .run(&["check"])
        .code(1)
        .prints("unknown-ref")
        .prints("1 error");
    project.remove("content/personas/ann.md");
    project.run(&["check"]).code(0);
}

#[test]
fn templates_that_fail_when_filled_in_are_found() {
    let project = Project::sample();
    project.write("personary.yaml", "title: Ours\ntheme: mine\n");
    let template = |name: &str| format!("themes/mine/templates/{name}.html");
    for (name, text) in [
        ("persona", "{{ e.name|nofilter }}"),
        ("kpi", "<p>\n{% include \"nope.html\" %}"),
        ("index", "{{ labels|plural }}"),
        ("404", "{{ nofunction() }}"),
        ("fields", "{{ 1|nofilter }}"),
        ("redirect", "{{ 1|nofilter }}"),
        ("rule", "{{ 1|nofilter }}"),
    ] {
        let path = template(name);
        project.write(&path, text);
        let findings = project.findings();
        assert_eq!(findings.len(), 1, "{name}: {findings:#?}");
        assert_eq!(findings[0]["path"], *path);
        assert_eq!(findings[0]["code"], "template");
        project.remove(&path);
    }
    project.write(&template("404"), "{{ 1|nofilter }}");
    let server = crate::server::Server::start(&project, &[]);
    server.until(Duration::from_secs(5), "/", |_| {
        server.said().contains("templates/404.html:1:")
    });
    project.write(&template("404"), "{{ page.title }}");
    project.run(&["check"]).code(0);
}

#[test]
fn wrong_usage_is_exit_2() {
    let project = Project::sample();
    project
        .run(&["check", "--format", "xml"])
        .code(2)
        .says("xml");
    project
        .run(&["check", "--fail-on", "never"])
        .code(2)
        .says("never");
    project.run(&["chek"]).code(2).says("check");
    project
        .run(&["check", "nowhere.md"])
        .code(2)
        .says("nowhere.md");
    project
        .run(&["check", "/"])
        .code(2)
        .says("not in the project");
    project.run(&[]).code(2);
    project.run(&["--version"]).code(0).prints("personary ");
    project
        .run(&["check", "--help"])
        .code(0)
        .prints("--fail-on");
}

#[test]
fn help_is_written_plainly() {
    let project = Project::empty();
    for command in [
        "build", "check", "explain", "init", "new", "rename", "serve", "schema", "theme",
    ] {
        for flag in ["-h", "--help"] {
            let run = project.run(&[command, flag]).code(0);
            assert!(
                !run.out.contains('`') && !run.out.contains("<http"),
                "{run:#?}"
            );
        }
    }
}

#[test]
fn every_format_tells_the_same_finding() {
    let project = Project::sample();
    project.persona("ann", BROKEN);
    let line = project
        .read("content/personas/ann.md")
        .lines()
        .position(|l| l.starts_with("segments"))
        .expect("it")
        + 1;
    let place = format!("content/personas/ann.md:{line}:12");
    project
        .run(&["check"])
        .code(1)
        .prints("error[unknown-ref]")
        .prints(&place)
        .prints("nowhere");
    let concise = project.run(&["check", "--format", "concise"]).code(1);
    assert!(
        concise
            .out
            .starts_with(&format!("{place}: error[unknown-ref] ")),
        "{concise:?}"
    );
    let json = project.run(&["check", "--format", "json"]).code(1).json();
    assert_eq!(json["version"], 1);
    assert_eq!(json["summary"]["errors"], 1);
    assert_eq!(json["summary"]["files"], 9);
    let finding = &json["findings"][0];
    assert_eq!(finding["code"], "unknown-ref");
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["path"], "content/personas/ann.md");
    assert_eq!(
        (finding["line"].as_u64(), finding["column"].as_u64()),
        (Some(line as u64), Some(12))
    );
    assert_eq!(finding["end_column"], 19);
    assert_eq!(finding["pointer"], "/segments/0");
    assert_eq!(finding["entity"], "persona:ann");
    assert!(finding["message"].is_string() && finding["help"].is_string());
}

#[test]
fn the_limit_decides_over_the_exit_code() {
    let project = Project::sample();
    // A team that nobody needs: a warning.
    project.write(
        "content/teams/idle.md",
        "---\nname: Idle\ncontact: none\n---\n",
    );
    project.run(&["check"]).code(0).prints("orphan");
    project.run(&["check", "--fail-on", "error"]).code(0);
    project.run(&["check", "--fail-on", "warn"]).code(1);
    project.run(&["check", "--fail-on", "info"]).code(1);
    project.replace("personary.yaml", "fail_on: error", "fail_on: warn");
    project.run(&["check"]).code(1);
    project.run(&["check", "--fail-on", "error"]).code(0);
    project.write("personary.yaml", "fail_on: warn\nrules: { orphan: info }\n");
    project.run(&["check"]).code(0).prints("orphan");
    project.run(&["check", "--fail-on", "info"]).code(1);
    project.write("personary.yaml", "rules: { orphan: off }\n");
    project
        .run(&["check", "--fail-on", "info"])
        .code(0)
        .never("orphan");
}

#[test]
fn paths_choose_what_is_reported() {
    let project = Project::sample();
    project.persona("ann", BROKEN).persona("bob", BROKEN);
    let codes = |arguments: &[&str]| {
        let arguments = [&["check", "--format", "json"], arguments].concat();
        let run = project.run(&arguments);
        (run.code, run.findings().len())
    };
    assert_eq!(codes(&[]), (Some(1), 2));
    assert_eq!(codes(&["content/personas/ann.md"]), (Some(1), 1));
    assert_eq!(
        codes(&["content/personas/ann.md", "content/personas/bob.md"]),
        (Some(1), 2)
    );
    assert_eq!(codes(&["content/personas"]), (Some(1), 2));
    assert_eq!(codes(&["./content/../content/personas/"]), (Some(1), 2));
    assert_eq!(codes(&["."]), (Some(1), 2));
    assert_eq!(codes(&["content/teams"]), (Some(0), 0));
    assert_eq!(codes(&[NORA]), (Some(0), 0));
    // Paths are relative to where one stands, not to the project.
    let below = Run::of(
        project
            .command()
            .current_dir(project.path("content/personas"))
            .args(["check", "ann.md"]),
    );
    below.code(1).prints("ann.md").never("bob.md");
}

#[test]
fn the_project_is_named_or_found() {
    let project = Project::sample();
    let root = project.root().to_str().expect("UTF-8").to_owned();
    let elsewhere = Project::empty();
    elsewhere
        .run(&["-C", &root, "check"])
        .code(0)
        .prints("8 files");
    elsewhere
        .run(&["check", "-C", &root])
        .code(0)
        .prints("8 files");
    let below = project
        .command()
        .current_dir(project.path("content/pages"))
        .arg("check")
        .output()
        .expect("it runs");
    assert_eq!(below.status.code(), Some(0));
    elsewhere
        .run(&["check"])
        .code(2)
        .says("no personary.yaml")
        .says("personary init");
    elsewhere
        .run(&["-C", "nowhere", "check"])
        .code(2)
        .says("nowhere");
    elsewhere
        .run(&["-C", ".", "check"])
        .code(2)
        .says("not a Personary project");
    // Paths on the command line are relative to the current folder, also with -C.
    elsewhere
        .run(&["-C", &root, "check", &format!("{root}/content")])
        .code(0);
}

#[test]
fn colour_is_for_terminals_that_want_it() {
    let project = Project::sample();
    project.persona("ann", BROKEN);
    project.run(&["check"]).code(1).never("\u{1b}");
    let with = |pairs: &[(&str, &str)]| {
        Run::of(project.command().arg("check").envs(pairs.iter().copied()))
    };
    with(&[("CLICOLOR_FORCE", "1"), ("TERM", "xterm")])
        .code(1)
        .prints("\u{1b}[");
    with(&[("NO_COLOR", "1"), ("TERM", "xterm")])
        .code(1)
        .never("\u{1b}");
    let forced = [("CLICOLOR_FORCE", "1"), ("TERM", "xterm")];
    let json = Run::of(
        project
            .command()
            .args(["check", "--format", "json"])
            .envs(forced),
    );
    json.code(1).never("\u{1b}").json();
    // `script` lends the command a terminal.
    let on_terminal = |no_colour: &str| {
        let command = format!(
            "{} -C '{}' check",
            assert_cmd::cargo::cargo_bin("personary").display(),
            project.root().display()
        );
        let mut script = Command::new("script");
        script
            .args(["-qec", &command, "/dev/null"])
            .env("TERM", "xterm")
            .env_remove("CI")
            .env_remove("NO_COLOR");
        if !no_colour.is_empty() {
            script.env("NO_COLOR", no_colour);
        }
        script
            .stdin(Stdio::null())
            .output()
            .ok()
            .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    if let (Some(coloured), Some(plain)) = (on_terminal(""), on_terminal("1")) {
        assert!(coloured.contains("\u{1b}["), "{coloured:?}");
        assert!(
            !plain.contains("\u{1b}[") && plain.contains("unknown-ref"),
            "{plain:?}"
        );
    }
}

/// 1,000 personas with ten unknown references each.
fn faulty() -> Project {
    let project = Project::sample();
    let references: Vec<String> = (0..10).map(|n| format!("wrong-{n}")).collect();
    let more = format!("evidence: [{}]\n", references.join(", "));
    for n in 0..1000 {
        project.persona(&format!("p{n}"), &more);
    }
    project
}

#[test]
fn ten_thousand_findings_take_no_time_and_a_reader_may_stop() {
    let project = faulty();
    let formats = [
        ("human", "error[unknown-ref]"),
        ("concise", "error[unknown-ref]"),
        ("json", "\"code\":\"unknown-ref\""),
        ("github", "::error file="),
        ("gitlab", "\"check_name\":\"unknown-ref\""),
        ("sarif", "\"ruleId\":\"unknown-ref\""),
        ("junit", "<testcase "),
    ];
    for (format, mark) in formats {
        let begun = Instant::now();
        let run = project.run(&["check", "--format", format]).code(1);
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{format} took {:?}",
            begun.elapsed()
        );
        assert_eq!(run.out.matches(mark).count(), 10_000, "{format}");
        // As `| head -1` does.
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("personary"))
            .args(["check", "--format", format])
            .current_dir(project.root())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe"))
            .read_line(&mut line)
            .expect("a line");
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
    }
}

#[test]
fn every_wrong_field_of_measurements_is_found_at_its_place() {
    let project = Project::sample();
    let csv = "content/kpis/second-order.csv";
    project.write(
        csv,
        "period,persona,value,n,low,high\n\
         2026-13,,40,0,,\n\
         2026-01,nora-lint,40,9,50,45\n\
         2026-02,nora-lind,41,9,40,45\n\
         2026-02,nora-lind,many,9,,\n\
         2026-02,nora-lind,41,9,,\n\
         2026-03,nora-lind,41,9,42,45\n",
    );
    let findings = project.findings();
    let found: Vec<_> = findings
        .iter()
        .filter(|f| f["path"] == csv)
        .map(|f| format!("{}:{} {}", f["line"], f["column"], f["code"]))
        .collect();
    assert_eq!(
        found,
        [
            "2:1 \"csv-period\"",
            "2:13 \"csv-value\"",
            "3:9 \"unknown-ref\"",
            "3:24 \"csv-interval\"",
            "5:19 \"csv-value\"",
            "6:1 \"csv-duplicate\"",
            "7:19 \"csv-interval\"",
            "7:22 \"small-sample\"",
        ]
    );
    project.run(&["check"]).code(1);
}
