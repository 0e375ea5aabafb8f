//! The command as its users run it: a real process in a folder of its own.
//!
//! Each test begins with a [`fixture::Project`] and goes on in steps: write, run, look, change, run
//! again. What a text looks like is the business of the snapshots beside the code that writes it;
//! here it is exit codes, files and the few words that scripts and people rely on.
#![cfg(unix)]
#![allow(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "the files are our own"
)]

#[path = "cli/fixture.rs"]
mod fixture;
#[path = "cli/server.rs"]
mod server;

#[path = "cli/baseline.rs"]
mod baseline;
#[path = "cli/build.rs"]
mod build;
#[path = "cli/check.rs"]
mod check;
#[path = "cli/ci.rs"]
mod ci;
#[path = "cli/compare.rs"]
mod compare;
#[path = "cli/declared.rs"]
mod declared;
#[path = "cli/diff.rs"]
mod diff;
#[path = "cli/drivers.rs"]
mod drivers;
#[path = "cli/explain.rs"]
mod explain;
#[path = "cli/fix.rs"]
mod fix;
#[path = "cli/formats.rs"]
mod formats;
#[path = "cli/graph.rs"]
mod graph;
#[path = "cli/heavy.rs"]
mod heavy;
#[path = "cli/history.rs"]
mod history;
#[path = "cli/hostile.rs"]
mod hostile;
#[path = "cli/init.rs"]
mod init;
#[path = "cli/input.rs"]
mod input;
#[path = "cli/log.rs"]
mod log;
#[path = "cli/new.rs"]
mod new;
#[path = "cli/pulls.rs"]
mod pulls;
#[path = "cli/rename.rs"]
mod rename;
#[path = "cli/rules.rs"]
mod rules;
#[path = "cli/schema.rs"]
mod schema;
#[path = "cli/serve.rs"]
mod serve;
#[path = "cli/theme.rs"]
mod theme;

/// A file that is not named above would be tests that nobody runs.
#[test]
fn every_file_of_tests_is_named() {
    for entry in std::fs::read_dir(fixture::own("tests/cli")).expect("listed") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        let is_named = include_str!("cli.rs").contains(&format!("\"cli/{name}\""));
        assert!(is_named || !name.ends_with(".rs"), "{name}");
    }
}
