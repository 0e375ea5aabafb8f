//! What the site tells of the history in Git.

use std::process::Command;
use std::time::Duration;

use super::fixture::{NORA, Project};
use super::server::Server;

/// How soon the background must be done.
const SOON: Duration = Duration::from_secs(5);
const NEWS: &str = "public/news/index.html";

/// The sample with three commits.
fn with_history() -> Project {
    let project = Project::sample();
    project.write(".gitignore", "public\n");
    project
        .persona("ola", "")
        .persona("uno", "")
        .replace("content/personas/ola.md", "status: draft", "status: active")
        .commit("Begin <the> library");
    project.write(NORA, project.read(NORA) + "\nMore to say.\n");
    project.commit("Say more of Nora");
    project.rename("content/personas/ola.md", "content/personas/ole.md");
    project.commit("Rename a persona");
    project
}

#[test]
fn news_tell_the_latest_changes_in_words() {
    let project = with_history();
    project.run(&["build"]).code(0);
    let news = project.read(NEWS);
    let at = |text: &str| news.find(text).unwrap_or_else(|| panic!("{text}: {news}"));
    assert!(at("Rename a persona") < at("Say more of Nora"));
    assert!(at("Id changed; links to the old one no longer work") < at("Text changed"));
    assert!(at("Say more of Nora") < at("Begin &lt;the&gt; library"));
    assert!(news.contains("Ada Byron"));
    assert!(!news.contains("uno"), "a draft is not told of");
    let page = project.read("public/personas/nora-lind/index.html");
    assert!(
        page.contains("Last changed 14 Sep 2026 by Ada Byron"),
        "{page}"
    );
    project.run(&["build", "--drafts"]).code(0);
    assert!(project.read(NEWS).contains("personas/uno/"));
}

#[test]
fn the_page_of_an_entity_tells_its_latest_changes_and_links_to_the_earlier_ones() {
    let project = with_history();
    project.run(&["build"]).code(0);
    let nora = "public/personas/nora-lind/index.html";
    let page = project.read(nora);
    let (_, told) = page.split_once("What changed here").expect("a history");
    let at = |text: &str| told.find(text).unwrap_or_else(|| panic!("{text}: {told}"));
    assert!(at("Say more of Nora") < at("Text changed"));
    assert!(at("Text changed") < at("Begin &lt;the&gt; library"));
    assert!(!project.has("public/personas/nora-lind/history"));
    // One that is as it was added has nothing to tell.
    let journeys = project.files("public/journeys");
    assert!(!journeys.is_empty());
    let tells = |page: &Vec<u8>| String::from_utf8_lossy(page).contains("What changed here");
    assert!(!journeys.values().any(tells));
    for day in 1..4 {
        project.write(NORA, project.read(NORA) + &format!("\nDay {day}.\n"));
        project.commit(&format!("Day {day}"));
    }
    project.run(&["build"]).code(0);
    let page = project.read(nora);
    assert!(
        page.contains("One earlier change") && page.contains("Day 3"),
        "{page}"
    );
    assert!(!page.contains("Begin &lt;the&gt; library"));
    let all = project.read("public/personas/nora-lind/history/index.html");
    assert!(
        all.contains("Begin &lt;the&gt; library") && all.contains("Day 3"),
        "{all}"
    );
    // Across a rename.
    let renamed = project.read("public/personas/ole/index.html");
    assert!(renamed.contains("Rename a persona") && renamed.contains("Begin &lt;the&gt; library"));
}

#[test]
fn what_was_a_draft_is_told_only_where_drafts_are() {
    let project = with_history();
    project
        .persona("ida", "goals:\n  - id: secret\n    text: Still a guess.\n")
        .commit("Draft Ida");
    let ida = "content/personas/ida.md";
    project
        .replace(ida, "Still a guess.", "Known by now.")
        .replace(ida, "status: draft", "status: active")
        .commit("Publish Ida");
    project.run(&["build", "--keep-going"]);
    let pages = [
        "public/personas/ida/index.html",
        NEWS,
        "public/news/feed.xml",
    ];
    for path in pages {
        let page = project.read(path);
        assert!(page.contains("Publish Ida"), "{path}: {page}");
        assert!(page.contains("Status changed"), "{path}: {page}");
        assert!(!page.contains("Still a guess"), "{path}: {page}");
        assert!(!page.contains("Draft Ida"), "{path}: {page}");
    }
    project.run(&["build", "--keep-going", "--drafts"]);
    for path in pages {
        let page = project.read(path);
        assert!(
            page.contains("Still a") && page.contains("Draft Ida"),
            "{path}: {page}"
        );
    }
}

#[test]
fn feeds_are_atom() {
    let project = with_history();
    project
        .run(&["build", "--base-url", "https://example.com/people/"])
        .code(0);
    for (path, entries) in [
        ("public/news/feed.xml", 3),
        ("public/personas/nora-lind/feed.xml", 2),
        ("public/personas/ole/feed.xml", 2),
    ] {
        let text = project.read(path);
        let feed = roxmltree::Document::parse(&text).unwrap_or_else(|e| panic!("{path}: {e}"));
        let atom = |name| ("http://www.w3.org/2005/Atom", name);
        let all = |name: &'static str| {
            feed.descendants()
                .filter(move |n| n.has_tag_name(atom(name)))
        };
        assert_eq!(all("entry").count(), entries, "{path}");
        let mut ids: Vec<_> = all("id").filter_map(|id| id.text()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{path}: an id twice");
        assert_eq!(count, entries + 1);
        for link in all("link") {
            let to = link.attribute("href").expect("a target");
            assert!(to.starts_with("https://example.com/people/"), "{to}");
        }
    }
}

#[test]
fn a_shallow_clone_says_so_and_dates_nothing_it_cannot_know() {
    let project = with_history();
    let clone = Project::empty();
    let from = format!("file://{}", project.root().display());
    let done = Command::new("git")
        .args(["clone", "-q", "--depth", "2", &from, "."])
        .current_dir(clone.root())
        .status();
    assert!(done.expect("git runs").success());
    clone.run(&["build"]).code(0);
    let news = clone.read(NEWS);
    assert!(news.contains("git fetch --unshallow"), "{news}");
    assert!(news.contains("Rename a persona") && !news.contains("Say more of Nora"));
    // The last but one commit is where the clone ends: it seems to add everything.
    assert!(
        !clone
            .read("public/personas/nora-lind/index.html")
            .contains("Last changed")
    );
    assert!(
        clone
            .read("public/personas/ole/index.html")
            .contains("Last changed")
    );
}

#[test]
fn a_project_may_stand_in_a_folder_of_a_repository() {
    let outer = Project::empty();
    let inner = with_history();
    for (path, content) in inner.files("content") {
        outer.write(&format!("docs/people/content/{path}"), content);
    }
    outer.write("content/personas/not-ours.md", "---\nname: Not ours\n---\n");
    outer.commit("Everything at once");
    outer.run(&["-C", "docs/people", "build"]).code(0);
    let page = outer.read("docs/people/public/personas/nora-lind/index.html");
    assert!(page.contains("Last changed 14 Sep 2026"));
    assert!(
        !outer
            .read("docs/people/public/news/index.html")
            .contains("Not ours")
    );
}

#[test]
fn names_or_the_whole_history_can_be_left_out() {
    let project = with_history();
    project
        .write("personary.yaml", "history: dates\n")
        .run(&["build"])
        .code(0);
    let page = project.read("public/personas/nora-lind/index.html");
    assert!(page.contains("Last changed 14 Sep 2026") && !page.contains("Ada"));
    assert!(!project.read(NEWS).contains("Ada"));
    project
        .write("personary.yaml", "history: off\n")
        .run(&["build"])
        .code(0);
    assert!(!project.has(NEWS));
    assert!(
        !project
            .read("public/personas/nora-lind/index.html")
            .contains("Last changed")
    );
}

#[test]
fn without_a_repository_there_are_no_news() {
    let project = Project::sample();
    project.run(&["build"]).code(0);
    assert!(!project.has("public/news"));
    assert!(!project.read("public/index.html").contains("news/"));
}

#[test]
fn the_preview_follows_commits() {
    let project = with_history();
    let server = Server::start(&project, &[]);
    server.until(SOON, "/news/", |page| {
        page.body.contains("Say more of Nora")
    });
    project.write(NORA, project.read(NORA) + "\nAnd more.\n");
    project.commit("Say even more");
    server.until(SOON, "/news/", |page| page.body.contains("Say even more"));
}
