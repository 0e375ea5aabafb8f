//! `personary rename`.

use crate::fixture::{NORA, Project};

#[test]
fn everything_that_names_it_follows() {
    let project = Project::repository();
    let before = project.run(&["check", "--format", "json"]);
    let files = project.files("content");
    let run = project.run(&["rename", "persona", "bea-holloway", "bea-hart"]);
    let run = run.code(0).prints("content/personas/bea-hart.md\n");
    run.says("Renamed the persona `bea-holloway` to `bea-hart`: ");
    assert!(!project.has("content/personas/bea-holloway.md"));
    let text = project.read("content/personas/bea-hart.md");
    assert!(text.contains("\naliases: [market-trader, bea-holloway]\n"));
    assert!(text.contains("portrait: /portraits/bea-holloway.svg\n"));
    let csv = project.read("content/kpis/household-churn.csv");
    assert_eq!(
        csv.as_bytes(),
        String::from_utf8_lossy(&files["kpis/household-churn.csv"])
            .replace("bea-holloway", "bea-hart")
            .as_bytes()
    );
    let after = project.run(&["check", "--format", "json"]);
    assert_eq!(after.code, before.code);
    assert_eq!(after.findings().len(), before.findings().len());
    let run = project.run(&["rename", "persona", "bea-hart", "bea-holloway"]);
    run.code(0);
    let text = project.read("content/personas/bea-holloway.md");
    assert!(text.contains("\naliases: [market-trader, bea-hart]\n"));
    let again = project.files("content");
    for (path, content) in files.iter().filter(|(path, _)| !path.contains("bea-")) {
        assert!(again[path] == *content, "{path}");
    }
}

#[test]
fn measurements_move_with_their_kpi() {
    let project = Project::repository();
    let rows = project.read("content/kpis/nps.csv");
    let run = project
        .run(&["rename", "kpis", "nps", "net-promoters"])
        .code(0);
    run.prints("content/kpis/net-promoters.md\n")
        .prints("content/kpis/net-promoters.csv\n");
    assert_eq!(project.read("content/kpis/net-promoters.csv"), rows);
    assert!(!project.has("content/kpis/nps.csv") && !project.has("content/kpis/nps.md"));
    project.run(&["check"]).code(0);
}

#[test]
fn a_dry_run_is_a_patch_that_does_the_same() {
    let project = Project::sample();
    let before = project.files("content");
    let run = project.run(&["rename", "persona", "nora-lind", "nora", "--dry-run"]);
    let run = run.code(0).says("Would rename");
    assert_eq!(project.files("content"), before);
    project.write("rename.patch", &run.out);
    let git = std::process::Command::new("git")
        .args(["apply", "rename.patch"])
        .current_dir(project.root())
        .status();
    assert!(git.expect("git runs").success());
    let patched = project.files("content");
    let project = Project::sample();
    project
        .run(&["rename", "persona", "nora-lind", "nora"])
        .code(0);
    assert_eq!(project.files("content"), patched);
    assert!(project.has("content/personas/nora.md") && !project.has(NORA));
}

#[test]
fn a_page_moves_between_folders() {
    let project = Project::repository();
    let run = project.run(&[
        "rename",
        "page",
        "research/how-we-interview",
        "methods/interviews/how",
    ]);
    run.code(0);
    assert!(project.has("content/pages/methods/interviews/how.md"));
    project.run(&["check"]).code(0).never("broken-link");
    let team = project.read("content/teams/cx-research.md");
    assert!(
        team.contains("(../pages/methods/interviews/how.md)"),
        "{team}"
    );
}

#[test]
fn what_cannot_be_done_is_exit_2_and_changes_nothing() {
    let project = Project::sample();
    project.write("content/personas/taken.csv", "");
    let before = project.files("content");
    for (arguments, says) in [
        (["persona", "nora-lnd", "x"], "did you mean `nora-lind`?"),
        (["person", "nora-lind", "x"], "did you mean `persona`?"),
        (["persona", "nora-lind", "A b"], "write `a-b`"),
        (["persona", "nora-lind", "nora-lind"], "already"),
        (["team", "nora-lind", "x"], "there is no team `nora-lind`"),
    ] {
        let run = project.run(&[&["rename"], &arguments[..]].concat());
        run.code(2).says(says);
    }
    project.run(&["rename", "persona", "nora-lind"]).code(2);
    assert_eq!(project.files("content"), before);
}

#[test]
fn findings_that_were_there_do_not_stand_in_the_way() {
    let project = Project::sample();
    project.persona("ann", "segments: [nowhere]\nsuperseded_by: nora-lind\n");
    project.replace(NORA, "status: ", "status: x");
    let run = project
        .run(&["rename", "persona", "nora-lind", "nora"])
        .code(0);
    run.says("Renamed");
    let ann = project.read("content/personas/ann.md");
    assert!(ann.contains("superseded_by: nora\n"), "{ann}");
}
