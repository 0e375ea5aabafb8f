//! When the system cannot tell what changes: too many changes, too many watchers.

use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::fixture::{NORA, Project};
use crate::machine::left_out;
use crate::server::Server;

const PAGE: &str = "/personas/nora-lind/";
/// Polling looks every second; a busy machine takes longer.
const SOON: Duration = Duration::from_secs(15);

#[test]
fn more_changes_than_the_system_remembers() {
    let project = Project::sample();
    let server = Server::start(&project, &[]);
    assert_eq!(server.get(PAGE).status, 200);
    let limit = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events");
    let limit: usize = limit.expect("a limit").trim().parse().expect("a number");
    // While it sleeps nobody takes the events, and the last ones are thrown away.
    server.send("STOP");
    for n in 0..=limit {
        project.write(
            ["content/pages/a.md", "content/pages/b.md"][n % 2],
            "# Many\n",
        );
    }
    project.replace(NORA, "How to talk", "How to write");
    server.send("CONT");
    server.until(SOON, PAGE, |page| page.body.contains("How to write"));
    assert!(server.said().contains("everything: "), "{}", server.said());
    // It goes on as before.
    project.replace(NORA, "How to write", "How to sing");
    server.until(SOON, PAGE, |page| page.body.contains("How to sing"));
    assert!(!server.said().contains("every second"), "{}", server.said());
}

/// A preview of a user who may have no more than so much of something; `None`, said loudly,
/// where users cannot be made up.
fn limited(project: &Project, what: &str, limit: u32) -> Option<Server> {
    let can = Command::new("unshare")
        .args(["--user", "--map-root-user", "true"])
        .output();
    if !can.is_ok_and(|output| output.status.success()) {
        left_out("limits of watching need a user namespace, and there can be none here");
        return None;
    }
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "sh", "-c"]);
    command.arg(format!(
        "echo {limit} > /proc/sys/user/{what} && exec \"$0\" serve --port 0"
    ));
    command.arg(assert_cmd::cargo::cargo_bin("personary"));
    Some(Server::of(project, command))
}

/// Saves are shown, and it was said that they are looked for.
fn polls(project: &Project, server: &Server) {
    server.until(SOON, "/", |_| server.said().contains("every second"));
    assert!(
        server.said().contains("fs.inotify.max_user_"),
        "{}",
        server.said()
    );
    project.replace(NORA, "How to talk", "How to write");
    server.until(SOON, PAGE, |page| page.body.contains("How to write"));
    project.write("content/pages/new/deep/one.md", "# One\n");
    server.until(SOON, "/pages/new/deep/one/", |page| page.status == 200);
    fs::remove_dir_all(project.path("content/pages/new")).expect("removed");
    server.until(SOON, "/pages/new/deep/one/", |page| page.status == 404);
    project.replace("personary.yaml", "title: Our customers", "title: Theirs");
    server.until(SOON, "/", |page| page.body.contains("Theirs"));
    assert_eq!(server.said().matches("every second").count(), 1);
}

#[test]
fn no_watcher_to_be_had() {
    let project = Project::sample();
    if let Some(server) = limited(&project, "max_inotify_instances", 0) {
        polls(&project, &server);
    }
}

#[test]
fn no_watch_to_be_had_at_the_start() {
    let project = Project::sample();
    if let Some(server) = limited(&project, "max_inotify_watches", 2) {
        polls(&project, &server);
    }
}

#[test]
fn no_watch_to_be_had_for_a_new_folder() {
    let project = Project::sample();
    if let Some(server) = limited(&project, "max_inotify_watches", 30) {
        assert_eq!(server.get(PAGE).status, 200);
        assert!(!server.said().contains("every second"), "{}", server.said());
        for n in 0..40 {
            project.write(&format!("content/pages/f{n}/one.md"), "# One\n");
        }
        server.until(SOON, "/pages/f39/one/", |page| page.status == 200);
        polls(&project, &server);
        project.write("content/pages/f39/one.md", "# Two\n");
        server.until(SOON, "/pages/f39/one/", |page| page.body.contains("Two"));
    }
}
