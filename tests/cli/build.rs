//! `personary build`.

use std::collections::BTreeMap;

use crate::fixture::{NORA, Project};

const PAGE: &str = "public/personas/nora-lind/index.html";

#[test]
fn a_site_is_published() {
    let project = Project::sample();
    project
        .run(&["build"])
        .code(0)
        .says("Published")
        .says("public");
    for path in [
        "index.html",
        "404.html",
        "robots.txt",
        "library.json",
        "personas/index.html",
        "personas/nora-lind/index.html",
        "personas/nora-lind/index.json",
        "journeys/first-month/index.html",
        "kpis/second-order/index.html",
        "assets/style.css",
    ] {
        assert!(project.has(&format!("public/{path}")), "{path}");
    }
    assert!(project.read("public/index.html").contains("Our customers"));
    assert!(project.read(PAGE).contains("How to talk with Nora"));
    assert!(
        !project
            .files("")
            .keys()
            .any(|name| name.starts_with(".public")),
        "leftovers"
    );
}

#[test]
fn only_a_folder_of_its_own_is_built_into() {
    let project = Project::sample();
    let root = project.root().to_str().expect("UTF-8").to_owned();
    for folder in [".", "..", &root, "/", "content", "content/new", "static"] {
        project
            .run(&["build", "-o", folder])
            .code(2)
            .says("output folder");
    }
    project.write("foreign/letter.txt", "mine");
    project
        .run(&["build", "-o", "foreign"])
        .code(2)
        .says("not built by Personary");
    assert_eq!(project.files("foreign").len(), 1);
    project.write("file", "mine");
    project
        .run(&["build", "-o", "file"])
        .code(2)
        .says("not a folder");
    assert_eq!(project.read("file"), "mine");
    assert!(!project.has("public"));
    assert!(project.has(NORA));
}

#[test]
fn a_failed_build_leaves_the_old_site() {
    let project = Project::sample();
    project.run(&["build"]).code(0);
    let before = project.files("public");
    project.replace(NORA, "owner: customers", "owner: nobody");
    project.replace(NORA, "How to talk", "How to write");
    project
        .run(&["build"])
        .code(1)
        .says("Nothing was published")
        .says("--keep-going");
    assert_eq!(project.files("public"), before);
    // A broken template fails while pages are made.
    project.replace(NORA, "owner: nobody", "owner: customers");
    project.replace("personary.yaml", "# theme: house", "theme: house");
    project.write(
        "themes/house/templates/persona.html",
        "{% extends 'base.html' %}{% block main %}{{ 1 | nothing }}{% endblock %}",
    );
    let run = project.run(&["build"]);
    assert_ne!(run.code, Some(0), "{run:#?}");
    assert_eq!(project.files("public"), before);
}

#[test]
fn keep_going_publishes_and_marks_what_is_broken() {
    let project = Project::sample();
    project.replace(NORA, "owner: customers", "owner: nobody");
    project
        .run(&["build", "--keep-going"])
        .code(1)
        .says("Published");
    let page = project.read(PAGE);
    assert!(
        page.contains("there is no team") && page.contains("How to talk with Nora"),
        "{page}"
    );
    assert!(
        !project
            .read("public/journeys/first-month/index.html")
            .contains("there is no team")
    );
    // Mended, the mark goes.
    project.replace(NORA, "owner: nobody", "owner: customers");
    project.run(&["build"]).code(0);
    assert!(!project.read(PAGE).contains("there is no team"));
}

#[test]
fn the_same_sources_give_the_same_site() {
    let project = Project::sample();
    project.run(&["build", "-o", "one"]).code(0);
    project.run(&["build", "-o", "two"]).code(0);
    assert_eq!(project.files("one"), project.files("two"));
    // Elsewhere, too.
    let copy = Project::empty();
    for (path, bytes) in project.files("content") {
        copy.write(&format!("content/{path}"), bytes);
    }
    copy.write("personary.yaml", project.read("personary.yaml"));
    copy.run(&["build", "-o", "one"]).code(0);
    assert_eq!(project.files("one"), copy.files("one"));
}

#[test]
fn a_second_build_writes_only_what_changed() {
    let project = Project::sample();
    project.run(&["build"]).code(0).says("0 unchanged");
    let time = |path: &str| {
        project
            .path(path)
            .metadata()
            .and_then(|m| m.modified())
            .expect("a time")
    };
    let (persona, team) = (time(PAGE), time("public/teams/customers/index.html"));
    project
        .run(&["build"])
        .code(0)
        .says("(0 written")
        .says("0 removed");
    assert_eq!(
        (time(PAGE), time("public/teams/customers/index.html")),
        (persona, team)
    );
    project.replace(NORA, "How to talk", "How to write");
    project.run(&["build"]).code(0).never("(0 written");
    assert!(project.read(PAGE).contains("How to write with Nora"));
    assert_eq!(time("public/teams/customers/index.html"), team);
}

#[test]
fn what_is_gone_from_the_sources_goes_from_the_site() {
    let project = Project::sample();
    project
        .write("content/pages/about.md", "# About\n")
        .write("static/a.txt", "a");
    project.run(&["build"]).code(0);
    assert!(project.has("public/pages/about/index.html") && project.has("public/a.txt"));
    project
        .remove("content/pages/about.md")
        .remove("static/a.txt");
    project.run(&["build"]).code(0);
    assert!(!project.has("public/pages/about") && !project.has("public/a.txt"));
}

#[test]
fn drafts_are_published_on_request_only() {
    let project = Project::sample();
    project
        .persona("ann", "")
        .write("content/personas/_notes.md", "not YAML, not published");
    project.run(&["build"]).code(0);
    assert!(!project.has("public/personas/ann"));
    assert!(
        project
            .files("public")
            .values()
            .all(|bytes| !String::from_utf8_lossy(bytes).contains("About ann"))
    );
    project.run(&["build", "--drafts"]).code(0);
    assert!(
        project
            .read("public/personas/ann/index.html")
            .contains("The text about ann")
    );
    project.run(&["build"]).code(0);
    assert!(!project.has("public/personas/ann"));
    assert!(!project.has("public/personas/_notes"));
}

#[test]
fn former_ids_redirect() {
    let project = Project::sample();
    project.replace(NORA, "market: b2c", "aliases: [nora, nora-l]\nmarket: b2c");
    project.run(&["build"]).code(0);
    for id in ["nora", "nora-l"] {
        let page = project.read(&format!("public/personas/{id}/index.html"));
        assert!(
            page.contains("http-equiv=\"refresh\"") && page.contains("personas/nora-lind/"),
            "{page}"
        );
    }
    // The address of a redirect is no address to list.
    project
        .run(&["build", "--base-url", "https://example.com/"])
        .code(0);
    assert!(
        !project.read("public/sitemap.xml").contains("nora&#x2f;")
            && !project.read("public/sitemap.xml").contains("nora/")
    );
}

/// The addresses in a page, of links and of what it loads.
fn addresses(html: &str) -> Vec<&str> {
    ["href=\"", "src=\""]
        .iter()
        .flat_map(|mark| html.split(mark).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn without_an_address_every_link_is_relative() {
    let project = Project::sample();
    project.run(&["build"]).code(0);
    for (name, bytes) in project.files("public") {
        // It is shown at any depth, so it cannot know where the site begins.
        if !name.ends_with(".html") || name == "404.html" {
            continue;
        }
        let html = String::from_utf8(bytes).expect("UTF-8");
        let folder = project.path("public").join(&name);
        for address in addresses(&html) {
            assert!(!address.starts_with('/'), "{name}: {address}");
            let to = address.split(['#', '?']).next().unwrap_or_default();
            if to.is_empty() || to.contains(':') {
                continue;
            }
            let mut file = folder.parent().expect("a folder").join(to);
            if to.ends_with('/') {
                file.push("index.html");
            }
            assert!(file.exists(), "{name}: {address}");
        }
    }
}

/// The files of a site, without the record, which also knows what they were made of.
fn site(project: &Project, folder: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = project.files(folder);
    files.remove(".personary-manifest.json").expect("a record");
    files
}

/// A build that finds its sources as they were does nothing, so every source must count.
#[test]
fn after_any_change_the_site_is_that_of_a_new_build() {
    type Change = fn(&Project) -> &Project;
    let project = Project::sample();
    project
        .write("static/a.txt", "a")
        .write("themes/own/static/more.css", "p { color: red }");
    project.run(&["build"]).code(0);
    project.run(&["build"]).code(0).says("(0 written");
    let changes: [(&str, Change); 11] = [
        ("a text", |p| p.replace(NORA, "How to talk", "How to write")),
        ("a comment", |p| {
            p.replace(NORA, "\nname:", "\n# mine\nname:")
        }),
        ("a new file", |p| p.persona("ann", "")),
        ("a file is gone", |p| p.remove("content/personas/ann.md")),
        ("a copied file", |p| p.write("static/a.txt", "b")),
        ("a new copied file", |p| p.write("static/b.txt", "b")),
        ("the settings", |p| {
            p.write("personary.yaml", "title: Ours\ntheme: own\n")
        }),
        ("the theme", |p| {
            p.write("themes/own/static/more.css", "p { color: blue }")
        }),
        ("a page is not ours", |p| p.write(PAGE, "mine")),
        ("a page is gone", |p| p.remove(PAGE)),
        ("a copy is not ours", |p| p.write("public/a.txt", "c")),
    ];
    // Each new build goes into a folder of its own, of which no record is known.
    for (number, (what, change)) in changes.into_iter().enumerate() {
        change(&project);
        project.run(&["build"]).code(0);
        let new = format!("new-{number}");
        project.run(&["build", "-o", &new]).code(0);
        assert_eq!(site(&project, "public"), site(&project, &new), "{what}");
        project.run(&["build"]).code(0).says("(0 written");
    }
    for (new, options) in [
        ("dated", ["--as-of", "2031-01-31"]),
        ("placed", ["--base-url", "/there/"]),
    ] {
        project.run(&[&["build"][..], &options].concat()).code(0);
        let build = [&["build", "-o", new][..], &options].concat();
        project.run(&build).code(0);
        assert_eq!(site(&project, "public"), site(&project, new), "{new}");
    }
}

#[test]
fn with_an_address_every_link_begins_with_it() {
    let project = Project::sample();
    let base = "https://example.com/customers/";
    project.run(&["build", "--base-url", base]).code(0);
    let page = project.read(PAGE);
    assert!(
        page.contains(&format!("{base}personas/nora-lind/")),
        "no canonical address"
    );
    for address in addresses(&page) {
        let fine = address.starts_with('#')
            || address.starts_with("/customers/")
            || address.starts_with(base);
        assert!(fine || address.starts_with("data:"), "{address}");
    }
    // A slash may be written as a character reference.
    let sitemap = project.read("public/sitemap.xml").replace("&#x2f;", "/");
    assert!(
        sitemap.contains(&format!("<loc>{base}personas/nora-lind/</loc>")),
        "{sitemap}"
    );
    // From the settings, and without a slash at the end.
    project.replace(
        "personary.yaml",
        "# base_url: https://example.com/customers/",
        "base_url: https://example.com/customers",
    );
    project.run(&["build", "-o", "other"]).code(0);
    assert_eq!(site(&project, "public"), site(&project, "other"));
    for wrong in [
        "example.com",
        "javascript:alert(1)",
        "https://a b/",
        "https://example.com/?x",
    ] {
        project
            .run(&["build", "--base-url", wrong])
            .code(2)
            .says("address of a site");
    }
}

#[test]
fn links_in_raw_html_lead_to_pages() {
    let project = Project::sample();
    project.write("static/a b.png", "PNG");
    project.write(
        "content/pages/raw.md",
        "<p>\n<a class=\"x\" href=\"../personas/nora-lind.md#goals\">N</a>\n<img\n  src=\"/a%20b.png\" alt=\"B\">\n</p>\n\n\
         In <a href=../kpis/second-order.md>text</a>, <a href=\"https://example.com/?a=1&amp;b=2\">out</a>.\n",
    );
    project.run(&["build"]).code(0);
    let page = project.read("public/pages/raw/index.html");
    for expected in [
        "href=\"../../personas/nora-lind/#goals\"",
        "src=\"../../a%20b.png\"",
        "href=\"../../kpis/second-order/\"",
        "href=\"https://example.com/?a=1&amp;b=2\"",
    ] {
        assert!(page.contains(expected), "no {expected} in {page}");
    }
    // They follow when a file is renamed.
    project
        .run(&["rename", "persona", "nora-lind", "nora"])
        .code(0);
    assert!(
        project
            .read("content/pages/raw.md")
            .contains("href=\"../personas/nora.md#goals\"")
    );
    project.run(&["check"]).code(0);
}

#[test]
fn robots_name_the_sitemap_only_by_a_whole_address() {
    let project = Project::sample();
    project.run(&["build"]).code(0);
    assert!(project.has("public/sitemap.xml"));
    assert!(!project.read("public/robots.txt").contains("Sitemap"));
    project
        .run(&["build", "--base-url", "https://example.com/"])
        .code(0);
    let robots = project.read("public/robots.txt");
    assert!(robots.contains("Sitemap: https://example.com/sitemap.xml"));
}

#[test]
fn a_file_at_the_address_of_something_else_is_a_finding_and_never_published() {
    let project = Project::sample();
    project.write("content/pages/p2.md", "# P2\n\nThe page itself.\n");
    project.write("content/pages/guide/deep/one.md", "# One\n");
    for (path, says) in [
        ("static/index.html", "the home page"),
        (
            "static/404.html",
            "the page for addresses that do not exist",
        ),
        ("static/library.json", "the data of the library"),
        (
            "static/pages/p2/index.html",
            "the page of content/pages/p2.md",
        ),
        (
            "content/pages/p2/index.json",
            "the data of content/pages/p2.md",
        ),
        ("static/personas/index.html", "the list of personas"),
        ("static/personas", "the list of personas"),
        ("static/fields", "the field reference"),
        (
            "static/pages/guide",
            "the page of content/pages/guide/deep/one.md",
        ),
        ("static/library.json/x.png", "the data of the library"),
        ("static/assets/style.css", "`style.css` of the theme"),
        (
            "static/kpis/second-order.csv",
            "content/kpis/second-order.csv",
        ),
    ] {
        project.write(path, "EVIL");
        let errors = project.findings();
        assert_eq!(errors.len(), 1, "{path}: {errors:#?}");
        assert_eq!(errors[0]["code"], "path-clash", "{path}");
        project.run(&["check"]).code(1).prints(says);
        project.run(&["build"]).code(1).prints("path-clash");
        project.run(&["build", "--keep-going"]).code(1);
        let published = project.files("public");
        assert!(published["pages/p2/index.html"].len() > 100, "{path}");
        assert!(published.values().filter(|file| *file == b"EVIL").count() <= 1);
        let whole = project.path(path);
        std::fs::remove_file(&whole).expect("removed");
        if path == "static/library.json/x.png" {
            std::fs::remove_dir(whole.parent().expect("a folder")).expect("removed");
        }
        if path == "static/pages/guide" {
            std::fs::remove_dir_all(project.path("static/pages")).expect("removed");
        }
        if path == "static/personas/index.html" {
            std::fs::remove_dir(project.path("static/personas")).expect("removed");
        }
    }
    // A file that is nobody else's, in the folders of others.
    for path in [
        "static/assets/own.png",
        "static/personas/own.png",
        "static/journeys",
    ] {
        project.write(path, "OWN");
    }
    std::fs::remove_file(project.path("static/journeys")).expect("removed");
    project.run(&["check"]).code(0);
    project.run(&["build"]).code(0);
    assert_eq!(project.read("public/assets/own.png"), "OWN");
}

#[test]
fn former_ids_that_can_be_none_are_told_and_one_of_two_redirects() {
    let project = Project::sample();
    project.write("content/pages/c.md", "# C\n");
    for (path, alias) in [
        ("content/pages/d.md", "c/index.json"),
        ("content/pages/d.md", "../../../evil"),
        ("content/pages/d.md", "''"),
        ("content/pages/d.md", "' x'"),
        ("content/pages/d.md", "a//b"),
        ("content/personas/ann.md", "q/r"),
        ("content/personas/ann.md", ".x"),
    ] {
        let aliases = format!("aliases: [{alias}]\n");
        if path.ends_with("d.md") {
            project.write(path, format!("---\nname: D\n{aliases}---\n"));
        } else {
            project.persona("ann", &aliases);
        }
        assert_eq!(project.errors(path), ["alias-clash"], "{alias}");
        project.run(&["build", "--keep-going", "--drafts"]).code(1);
        assert!(!project.has("evil") && !project.has("public/evil"));
        project.remove(path);
    }
    for id in ["e", "f"] {
        let page = format!("---\nname: {id}\naliases: [old/one, old/one]\n---\n");
        project.write(&format!("content/pages/{id}.md"), page);
    }
    project
        .run(&["build", "--keep-going"])
        .code(1)
        .says("Published");
    let redirect = project.read("public/pages/old/one/index.html");
    assert!(
        redirect.contains("/e/") || redirect.contains("/f/"),
        "{redirect}"
    );
}

#[test]
fn findings_of_the_home_page_are_marked_on_it_by_their_place() {
    let project = Project::sample();
    project.write(
        "content/pages/index.md",
        "---\nname: Home\nowner: nobody\n---\n\n[one](#one) then [[two]]\n",
    );
    project.run(&["build", "--keep-going"]).code(1);
    let home = project.read("public/index.html");
    let at = |place: &str| {
        let place = format!("content/pages/index.md:{place}");
        home.find(&place)
            .unwrap_or_else(|| panic!("no {place} in {home}"))
    };
    assert!(at("3:8") < at("6:1") && at("6:1") < at("6:18"));
}

#[test]
fn answers_become_the_figures_of_a_kpi() {
    let project = Project::sample();
    project.replace("content/kpis/second-order.md", "kind: custom", "kind: csat");
    project.write(
        "content/kpis/second-order.csv",
        "period,score,persona\n2026-01,5,nora-lind\n2026-01,4,\n2026-01,2,nora-lind\n2026-01,1,\n",
    );
    project.run(&["build"]).code(0);
    let view = project.read("public/kpis/second-order/index.json");
    let view: serde_json::Value = serde_json::from_str(&view).expect("JSON");
    let lines = view["series"].as_array().expect("a list");
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["figures"]["latest"]["value"], 50.0);
    assert_eq!(lines[0]["figures"]["latest"]["n"], 4);
    assert_eq!(lines[1]["persona"], "nora-lind");
    assert_eq!(lines[1]["rows"][0]["counts"]["part"], 1);
    assert_eq!(view["measurements"][0]["value"], 50.0);
    let page = project.read("public/kpis/second-order/index.html");
    assert!(page.contains("2026-01"));
}
