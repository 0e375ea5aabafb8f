//! `build --compare` and `serve --compare`: the site with the changes marked in place.

use std::time::Duration;

use super::fixture::{NORA, Project};
use super::server::{Answer, Server};

/// How soon a save is seen.
const SOON: Duration = Duration::from_secs(5);

/// The persona that goes.
const OLA: &str = "content/personas/ola.md";
const PAGE: &str = "public/personas/nora-lind/index.html";

/// The sample, committed, and a persona that is gone since.
fn changed() -> Project {
    let project = Project::sample();
    project
        .write(".gitignore", "public\n")
        .persona("ola", "")
        .replace(OLA, "status: draft", "status: active")
        .commit("Begin");
    project
        .replace(NORA, "name: Nora Lind", "name: Nora Lindberg")
        .remove(OLA)
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
        "assets/persona.css",
        "href=\"../../changes/\"",
    ] {
        assert!(page.contains(text), "no {text}: {page}");
    }
}

/// A scenario that names a persona in its front matter and its text, and the persona is gone since.
fn left_behind() -> Project {
    let project = Project::sample();
    project
        .write(".gitignore", "public\n")
        .persona("ola", "")
        .replace(OLA, "status: draft", "status: active")
        .write(
            "content/scenarios/ride.md",
            "---\nname: Ride\npersona: ola\nstory: {as: a rider, want: a bike, so_that: I ride}\n\
             owner: customers\n---\n\nAs [[ola]] and [her page](../personas/ola.md#top) say.\n",
        )
        .commit("Begin");
    project.remove(OLA);
    project
}

#[test]
fn who_refers_to_what_is_gone_leads_to_its_page() {
    let project = left_behind();
    project.run(&["build", "--keep-going", "--compare", "HEAD"]);
    let page = project.read("public/scenarios/ride/index.html");
    let (_, main) = page.split_once("<main").expect("a main part");
    let link = "<a href=\"../../personas/ola/\"";
    assert_eq!(main.matches(link).count(), 3, "{main}");
    assert!(main.contains(">her page</a>"), "{main}");
    assert!(main.contains("(removed)</small>"), "{main}");
    assert!(!main.contains("class=\"missing\""), "{main}");
    // Without another state to look at nobody knows more than that it is not there.
    project.run(&["build", "--keep-going"]);
    let page = project.read("public/scenarios/ride/index.html");
    assert!(
        !page.contains(link) && page.contains("class=\"missing\""),
        "{page}"
    );
}

#[test]
fn findings_that_came_and_went_stand_on_the_page_of_all_changes() {
    let project = left_behind();
    project.run(&["build", "--keep-going", "--compare", "HEAD"]);
    let all = project.read("public/changes/index.html");
    let (_, all) = all.split_once("id=\"introduced\"").expect("what came");
    let (came, went) = all.split_once("id=\"mended\"").expect("what went");
    assert!(came.contains("rules/unknown-ref/"), "{came}");
    assert!(went.contains("content/personas/ola.md"), "{went}");
    let server = Server::start(&project, &["--compare", "HEAD"]);
    let has =
        |text: &'static str, is: bool| move |answer: &Answer| answer.body.contains(text) == is;
    server.until(SOON, "/changes/", has("id=\"introduced\"", true));
    // Nobody refers to her any more, nor to anybody who was not there.
    project.replace(
        "content/scenarios/ride.md",
        "persona: ola",
        "persona: nora-lind",
    );
    project.replace("content/scenarios/ride.md", "[[ola]]", "Nora");
    project.replace(
        "content/scenarios/ride.md",
        "[her page](../personas/ola.md#top)",
        "hers",
    );
    server.until(SOON, "/changes/", has("id=\"introduced\"", false));
}

#[test]
fn a_list_on_several_pages_marks_what_changed_on_each() {
    let project = Project::sample();
    project.write(".gitignore", "public\n");
    for number in 100..510 {
        let term = format!("---\nname: Segment {number}\nsummary: One of many.\n---\n");
        project.write(&format!("content/segments/s{number}.md"), term);
    }
    project.commit("Begin");
    for number in [101, 398] {
        let path = format!("content/segments/s{number}.md");
        project.replace(&path, "One of many", "One of a few");
    }
    project.run(&["build", "--compare", "HEAD"]).code(0);
    let pages = ["segments", "lists/segments/2"];
    for (page, name) in pages.iter().zip(["Segment 101", "Segment 398"]) {
        let list = project.read(&format!("public/{page}/index.html"));
        let marked = format!(">{name}</a> <small class=\"chg-badge chg-changed\">");
        for text in [&*marked, "assets/changes.css", "class=\"chg-bar\""] {
            assert!(list.contains(text), "no {text}: {list}");
        }
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
