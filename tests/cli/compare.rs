//! `build --compare` and `serve --compare`: the site with the changes marked in place.

use std::time::Duration;

use super::fixture::{NORA, Project};
use super::server::{Answer, Server};

/// How soon a save is seen.
const SOON: Duration = Duration::from_secs(5);

const PAGE: &str = "public/personas/nora-lind/index.html";

/// The sample, committed, and a persona that is gone since.
fn changed() -> Project {
    let project = Project::sample();
    project
        .write(".gitignore", "public\n")
        .persona("ola", "")
        .replace("content/personas/ola.md", "status: draft", "status: active")
        .commit("Begin");
    project
        .replace(NORA, "name: Nora Lind", "name: Nora Lindberg")
        .remove("content/personas/ola.md")
        .persona("uno", "")
        .replace("content/personas/uno.md", "status: draft", "status: active");
    project
}

#[test]
fn changes_are_marked_where_they_are() {
    let project = changed();
    project.run(&["build", "--compare", "HEAD"]).code(0);
    let page = project.read(PAGE);
    for text in [
        "assets/changes.css",
        "Compared with HEAD",
        "<del class=\"chg-was\"><span class=\"chg-word\" id=\"change-1\">Removed: </span>Lind</del>",
        "id=\"change-2\">Added: </span>Lindberg</ins>",
        "id=\"chg-before\"",
    ] {
        assert!(page.contains(text), "no {text}: {page}");
    }
    assert!(project.has("public/assets/changes.css"));
    let all = project.read("public/changes/index.html");
    for text in ["Nora Lindberg", "../personas/ola/", "../personas/uno/"] {
        assert!(all.contains(text), "no {text}: {all}");
    }
    let list = project.read("public/personas/index.html");
    assert!(list.contains("chg-badge chg-new"), "{list}");
    assert!(list.contains("chg-badge chg-gone"), "{list}");
    let new = project.read("public/personas/uno/index.html");
    assert!(new.contains("<body class=\"chg-new "), "{new}");
}

#[test]
fn what_is_gone_keeps_a_page_that_says_so() {
    let project = changed();
    project.run(&["build", "--compare", "HEAD"]).code(0);
    let page = project.read("public/personas/ola/index.html");
    for text in [
        "<body class=\"chg-gone ",
        "ola is gone.",
        "content/personas/ola.md",
        "About ola.",
        "href=\"../../changes/\"",
    ] {
        assert!(page.contains(text), "no {text}: {page}");
    }
}

#[test]
fn a_site_that_is_not_compared_has_nothing_of_it() {
    let project = changed();
    project.run(&["build"]).code(0);
    for (name, content) in project.files("public") {
        let text = String::from_utf8_lossy(&content);
        assert!(!text.contains("chg-"), "{name}");
        assert!(!text.contains("assets/changes."), "{name}");
    }
    assert!(!project.has("public/assets/changes.css"));
    assert!(!project.has("public/changes"));
    assert!(!project.has("public/personas/ola"));
}

#[test]
fn where_nothing_changed_the_pages_are_the_same() {
    let project = Project::sample();
    project.write(".gitignore", "public*\n").commit("Begin");
    // Written otherwise, with the same meaning.
    project.replace(NORA, "name: Nora Lind", "name:   \"Nora Lind\"");
    project.run(&["build", "-o", "public-a"]).code(0);
    project
        .run(&["build", "-o", "public-b", "--compare", "HEAD"])
        .code(0);
    let page = "personas/nora-lind/index.html";
    let [plain, compared] =
        ["public-a", "public-b"].map(|out| project.read(&format!("{out}/{page}")));
    let main = |page: &str| page.split_once("<main").expect("a main part").1.to_owned();
    assert_eq!(main(&plain), main(&compared));
    let all = project.read("public-b/changes/index.html");
    assert!(
        all.contains("Nothing is different in meaning from HEAD."),
        "{all}"
    );
}

#[test]
fn a_state_that_is_not_there_is_named() {
    let project = changed();
    project
        .run(&["build", "--compare", "no-such-branch"])
        .code(2)
        .says("no-such-branch");
    assert!(!project.has("public"));
}

#[test]
fn the_preview_marks_changes_and_follows_saves() {
    let project = changed();
    let server = Server::start(&project, &["--compare", "HEAD"]);
    let page = server.get("/personas/nora-lind/").body;
    assert!(page.contains("Lindberg</ins>"), "{page}");
    assert!(server.get("/personas/ola/").body.contains("ola is gone."));
    assert_eq!(server.get("/personas/nobody/").status, 404);
    project.replace(NORA, "name: Nora Lindberg", "name: Nora Lindgren");
    let has = |text: &'static str| move |answer: &Answer| answer.body.contains(text);
    let page = server.until(SOON, "/personas/nora-lind/", has("Lindgren</ins>"));
    assert!(
        page.body.contains(">Removed: </span>Lind</del>"),
        "{page:?}"
    );
    // Back to what it was: nothing to mark.
    project.replace(NORA, "name: Nora Lindgren", "name: Nora Lind");
    server.until(SOON, "/personas/nora-lind/", |answer| {
        !answer.body.contains("chg-bar")
    });
}
