//! `personary explain`.

use crate::fixture::{Project, Run};

fn explain(arguments: &[&str]) -> Run {
    Project::empty().run(&[&["explain"], arguments].concat())
}

#[test]
fn all_rules_stand_in_a_table() {
    let run = explain(&[]).code(0);
    for part in [
        "Mistake 4: Old data",
        "stale-evidence",
        "warn / error",
        "unknown-ref",
    ] {
        assert!(run.out.contains(part), "no {part:?} in {}", run.out);
    }
    let widest = run.out.lines().map(|line| line.chars().count()).max();
    assert!(widest < Some(120), "{widest:?}");
    let rules = explain(&["--format", "json"]).code(0).json();
    let rules = rules["rules"].as_array().expect("a list").clone();
    assert_eq!(
        rules.len(),
        run.out
            .lines()
            .filter(|l| l.contains(" error ") || l.contains(" warn ") || l.contains(" info "))
            .count()
    );
    assert!(
        rules
            .iter()
            .all(|rule| rule["what"].is_string() && rule["why"].is_string())
    );
}

#[test]
fn a_rule_has_a_page() {
    explain(&["stale-evidence"])
        .code(0)
        .prints("mistake 4 of 7")
        .prints("What it checks")
        .prints("An example that fails")
        .prints("The repair")
        .prints("warn_months (default 12)")
        .never("\u{1b}");
    explain(&["stale-evidence", "--format", "markdown"])
        .code(0)
        .prints("# stale-evidence")
        .prints("```yaml");
    let json = explain(&["stale-evidence", "--format", "json"])
        .code(0)
        .json();
    assert_eq!(json["mistake"], 4);
    assert_eq!(json["lesser_severity"], "warn");
    explain(&["stale-evidense"])
        .code(2)
        .says("did you mean `stale-evidence`?");
}
