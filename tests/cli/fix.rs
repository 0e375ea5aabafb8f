//! `personary check --fix`.

use std::os::unix::fs::PermissionsExt;

use crate::fixture::{NORA, Project};

#[test]
fn what_is_certain_is_repaired_and_the_rest_reported() {
    let project = Project::sample();
    let good = project.read(NORA);
    project
        .replace(NORA, "owner:", "onwer:")
        .replace(NORA, "market: b2c", "market: b2x")
        .replace(NORA, "stance: target", "stance: 'tragte'");
    project
        .run(&["check"])
        .code(1)
        .prints("2 of these can be repaired: personary check --fix");
    let run = project.run(&["check", "--fix"]).code(1);
    let run = run.says("Repaired 2 places in 1 file");
    run.prints("is not allowed for `market`").prints("1 error");
    let mended = good
        .replace("market: b2c", "market: b2x")
        .replace("stance: target", "stance: 'target'");
    assert_eq!(project.read(NORA), mended);
    let run = project.run(&["check", "--fix", "--format", "concise"]);
    run.code(1)
        .says("Nothing was repaired")
        .never("personary check --fix");
    assert_eq!(project.read(NORA), mended);
    project.write(NORA, &good);
    project.run(&["check", "--fix"]).code(0);
    assert_eq!(project.read(NORA), good);
}

#[test]
fn a_patch_shows_the_repairs_and_writes_nothing() {
    let project = Project::sample();
    let good = project.read(NORA);
    let bad = good.replace("owner:", "onwer:").replace('\n', "\r\n");
    project.write(NORA, &bad);
    let run = project.run(&["check", "--diff"]).code(0);
    assert_eq!(project.read(NORA), bad);
    let run = run.says("Would repair 1 place in 1 file");
    let changed = run.out.lines().filter(|l| l.starts_with(['+', '-']));
    let changed: Vec<_> = changed.map(|line| line.split(':').next()).collect();
    assert_eq!(
        changed,
        [
            Some("--- a/content/personas/nora-lind.md"),
            Some("+++ b/content/personas/nora-lind.md"),
            Some("-onwer"),
            Some("+owner")
        ]
    );
    // What it prints is a patch for others, too.
    project.write("fix.patch", &run.out);
    let git = std::process::Command::new("git")
        .args(["apply", "fix.patch"])
        .current_dir(project.root())
        .status();
    assert!(git.expect("git runs").success());
    assert_eq!(project.read(NORA), good.replace('\n', "\r\n"));
    let clean = project.run(&["check", "--fix", "--diff"]).code(0);
    assert_eq!(clean.out, "");
}

#[test]
fn only_the_named_files_are_repaired() {
    let project = Project::sample();
    let team = "content/teams/customers.md";
    project.replace(NORA, "owner:", "onwer:");
    project.replace(team, "contact:", "contcat:");
    project.run(&["check", "--fix", team]).code(0);
    assert!(project.read(team).contains("contact:"));
    assert!(project.read(NORA).contains("onwer:"));
}

#[test]
fn a_program_gets_the_findings_and_a_person_the_sum() {
    let project = Project::sample();
    project.replace(NORA, "owner:", "onwer:");
    let findings = project.findings();
    assert_eq!(findings[0]["fix"], "write `owner`");
    let run = project.run(&["check", "--fix", "--format", "json"]).code(0);
    assert!(run.findings().is_empty());
    run.says("Repaired 1 place in 1 file");
}

#[test]
fn links_are_followed_and_permissions_kept() {
    let project = Project::sample();
    let good = project.read(NORA);
    project.write("common/nora.md", good.replace("owner:", "onwer:"));
    let mode = std::fs::Permissions::from_mode(0o604);
    std::fs::set_permissions(project.path("common/nora.md"), mode).expect("set");
    project.remove(NORA).link(NORA, "../../common/nora.md");
    project.run(&["check", "--fix"]).code(0);
    assert_eq!(project.read("common/nora.md"), good);
    assert!(project.path(NORA).is_symlink());
    let mode = std::fs::metadata(project.path("common/nora.md")).expect("there");
    assert_eq!(mode.permissions().mode() & 0o777, 0o604);
}

/// Every file of the sample library, damaged at one place, is byte for byte what it was.
#[test]
fn the_sample_comes_back_from_any_slip() {
    let project = Project::repository();
    let good = project.files("content");
    let keys = [
        "name",
        "owner",
        "status",
        "summary",
        "market",
        "cadence",
        "direction",
        "channel",
        "method",
        "contact",
        "definition",
        "persona",
        "stages",
        "steps",
        "action",
        "emotion",
        "text",
        "evidence",
        "collected",
        "population",
        "buying",
        "members",
        "story",
    ];
    let words = [
        "active",
        "target",
        "negative",
        "monthly",
        "perception",
        "interview",
        "survey",
    ];
    let keys = keys.map(|key| (format!("{key}:"), format!("{}:", swapped(key))));
    let words = words.map(|word| (format!(": {word}\n"), format!(": {}\n", swapped(word))));
    let mut damaged = 0;
    for (right, wrong) in keys.iter().chain(&words) {
        let before = damaged;
        for (path, content) in &good {
            let text = std::str::from_utf8(content).expect("UTF-8");
            let Some((front, body)) = text
                .strip_prefix("---\n")
                .and_then(|t| t.split_once("\n---\n"))
            else {
                continue;
            };
            let front = format!("{front}\n");
            let starts_key =
                |at: &usize| right.starts_with(':') || front[..*at].ends_with(['\n', ' ', '{']);
            let found = front
                .match_indices(right.as_str())
                .map(|(at, _)| at)
                .find(starts_key);
            if let Some(at) = found {
                let mut front = front.clone();
                front.replace_range(at..at + right.len(), wrong);
                project.write(
                    &format!("content/{path}"),
                    format!("---\n{front}---\n{body}"),
                );
                damaged += 1;
            }
        }
        let run = project.run(&["check", "--fix"]);
        let again = project.files("content");
        for (path, content) in &good {
            assert!(again[path] == *content, "{path} after {wrong:?}: {run:#?}");
        }
        assert!(damaged > before, "{right:?} is nowhere");
    }
    assert!(damaged > 400, "{damaged}");
}

/// Swaps the second and the third letter.
fn swapped(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    letters.swap(1, 2);
    letters.into_iter().collect()
}

/// Every mention of everything in the sample, written by a former id, is byte for byte what it was.
#[test]
fn the_sample_comes_back_from_former_ids() {
    let project = Project::repository();
    let renamed = [
        ("personas", "amara-nwosu"),
        ("segments", "young-families"),
        ("kpis", "repair-csat"),
        ("evidence", "household-survey-2026"),
    ];
    for (folder, id) in renamed {
        let path = format!("content/{folder}/{id}.md");
        let noted = format!("---\naliases: [former-{folder}]\nname:");
        project.replace(&path, "---\nname:", &noted);
    }
    let good = project.files("content");
    for (folder, id) in renamed {
        let former = format!("former-{folder}");
        let mut damaged = 0;
        for (path, content) in &good {
            let text = std::str::from_utf8(content).expect("UTF-8");
            let mut bad = String::new();
            for line in text.split_inclusive('\n') {
                // Names of files are not ids.
                let keeps = line.starts_with("portrait:") || line.starts_with("measurements:");
                bad += &if keeps {
                    line.to_owned()
                } else {
                    line.replace(id, &former)
                };
            }
            damaged += usize::from(bad != text);
            project.write(&format!("content/{path}"), bad);
        }
        assert!(damaged > 1, "{id}");
        project.run(&["check", "--fix", "--fail-on", "warn"]);
        let again = project.files("content");
        for (path, content) in &good {
            assert!(again[path] == *content, "{path} after {folder}/{id}");
        }
        let run = project.run(&["check", "--fix", "--fail-on", "warn"]);
        run.says("Nothing was repaired");
    }
}
