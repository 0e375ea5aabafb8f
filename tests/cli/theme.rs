//! `personary theme`, and how the preview follows a theme.

use crate::fixture::Project;
use crate::server::{SOON, Server};

const PAGE: &str = "/personas/nora-lind/";
const EJECT: [&str; 2] = ["theme", "eject"];

fn eject(project: &Project, more: &[&str]) -> crate::fixture::Run {
    project.run(&[&EJECT, more].concat())
}

#[test]
fn without_a_file_it_lists_what_there_is() {
    let project = Project::sample();
    let list = eject(&project, &[]).code(0);
    for name in [
        "Pages\n",
        " persona.html",
        " stencils/claim.html",
        " pieces/badge.html",
        " _chip.html",
        " static/style.css",
        " labels/en.yaml",
        " icons.yaml",
    ] {
        assert!(list.out.contains(name), "no {name:?} in {}", list.out);
    }
    // Outside a project, too; and what the theme has is marked.
    eject(&Project::empty(), &[]).code(0).prints("persona.html");
    eject(&project, &["persona.html", "--use"]).code(0);
    eject(&project, &[]).code(0).prints(" persona.html*");
}

#[test]
fn a_file_is_copied_and_takes_the_place_of_the_built_in_one() {
    let project = Project::sample();
    eject(&project, &["persona.html", "claim.html", "style.css"])
        .code(0)
        .prints(
            "themes/custom/static/style.css\nthemes/custom/templates/persona.html\n\
             themes/custom/templates/stencils/claim.html\n",
        )
        .says("    theme: custom\n")
        .says("{% extends \"default/persona.html\" %}");
    assert!(!project.read("personary.yaml").contains("\ntheme:"));
    // Not before the settings name it.
    let copy = "themes/custom/templates/persona.html";
    project.replace(copy, "<h1{{ e.name_lang }}>", "<h1>Our ");
    project.run(&["build"]).code(0);
    let page = "public/personas/nora-lind/index.html";
    assert!(!project.read(page).contains("<h1>Our Nora"));
    eject(&project, &["labels/en.yaml", "--use"])
        .code(0)
        .says("Added `theme: custom`")
        .says("single lines suffice");
    assert!(
        project
            .read("personary.yaml")
            .ends_with("\ntheme: custom\n")
    );
    project.run(&["build"]).code(0);
    assert!(project.read(page).contains("<h1>Our Nora"));
    project.run(&["check"]).code(0);
}

#[test]
fn nothing_is_written_over_unless_asked_for() {
    let project = Project::sample();
    project.write("themes/house/static/style.css", "/* mine */");
    project.write("personary.yaml", "theme: house\n");
    eject(&project, &["*.css"])
        .code(2)
        .says("themes/house/static/style.css")
        .says("--force");
    assert_eq!(project.files("themes").len(), 1);
    assert_eq!(project.read("themes/house/static/style.css"), "/* mine */");
    eject(&project, &["*.css", "--force"]).code(0);
    assert!(
        project
            .read("themes/house/static/style.css")
            .contains("--accent")
    );
    assert!(project.has("themes/house/static/print.css"));
    // Another theme than the one in use.
    eject(&project, &["favicon.svg", "--theme", "other"])
        .code(0)
        .says("names the theme `house`");
    assert!(project.has("themes/other/static/favicon.svg"));
}

#[test]
fn what_there_is_not_is_refused_with_what_was_meant() {
    let project = Project::sample();
    eject(&project, &["persnoa.html"])
        .code(2)
        .says("did you mean `templates/persona.html`?");
    eject(&project, &["feeling.html"])
        .code(2)
        .says("`templates/stencils/feeling.html` or `templates/pieces/feeling.html`");
    eject(&project, &["style.css", "--theme", "../out"])
        .code(2)
        .says("the name of a folder");
    eject(&project, &["style.css", "--all"]).code(2);
    assert!(!project.has("themes"));
}

#[test]
fn settings_that_do_not_take_the_line_are_left_alone() {
    let project = Project::sample();
    project.write("personary.yaml", "{ title: Flow }\n");
    eject(&project, &["style.css", "--use"])
        .code(2)
        .says("write it there yourself: theme: custom");
    assert_eq!(project.read("personary.yaml"), "{ title: Flow }\n");
}

#[test]
fn a_whole_copy_builds_the_same_site() {
    let project = Project::sample();
    project.run(&["build", "-o", "before"]).code(0);
    eject(&project, &["--all", "--use"]).code(0);
    project.run(&["build", "-o", "after"]).code(0);
    let (mut before, mut after) = (project.files("before"), project.files("after"));
    for site in [&mut before, &mut after] {
        site.retain(|name, _| !name.starts_with(".personary"));
    }
    assert!(before == after);
}

#[test]
fn a_template_can_extend_the_one_it_replaces() {
    let project = Project::sample();
    project.write("personary.yaml", "theme: house\n");
    project.write(
        "themes/house/templates/persona.html",
        "{% extends \"default/persona.html\" %}{% block hero %}<h1>Dear {{ e.name }}</h1>{{ super() }}{% endblock %}",
    );
    project.write(
        "themes/house/templates/base.html",
        "{% extends \"default/base.html\" %}{% block head %}<meta name=\"house\">{% endblock %}",
    );
    project.run(&["build"]).code(0);
    let page = project.read("public/personas/nora-lind/index.html");
    assert!(
        page.contains("<h1>Dear Nora") && page.contains("<header class=\"hero\""),
        "{page}"
    );
    assert!(page.contains("<meta name=\"house\">"));
    // What is not there is told where it is written.
    project.replace(
        "themes/house/templates/base.html",
        "default/base",
        "default/bass",
    );
    project
        .run(&["check"])
        .code(1)
        .prints("themes/house/templates/base.html");
}

#[test]
fn the_preview_follows_a_theme_from_its_first_file_on() {
    let project = Project::sample();
    let server = Server::start(&project, &[]);
    assert!(!server.get(PAGE).body.contains("<h1>Our Nora"));
    // A theme that appears while it runs, and that the settings come to name.
    eject(&project, &["persona.html", "style.css", "--use"]).code(0);
    let copy = "themes/custom/templates/persona.html";
    project.replace(copy, "<h1{{ e.name_lang }}>", "<h1>Our ");
    server.until(SOON, PAGE, |page| page.body.contains("<h1>Our Nora"));
    project.replace(copy, "<h1>Our ", "<h1>Their ");
    server.until(SOON, PAGE, |page| page.body.contains("<h1>Their Nora"));
    project.write("themes/custom/static/style.css", "body { color: red }");
    server.until(SOON, "/assets/style.css", |css| {
        css.body == "body { color: red }"
    });
    project.write("themes/custom/static/new.css", "p { margin: 0 }");
    server.until(SOON, "/assets/new.css", |css| css.status == 200);
    project.remove(copy);
    server.until(SOON, PAGE, |page| page.body.contains("<h1>Nora"));
}

#[test]
fn the_preview_waits_for_a_theme_that_is_named_first() {
    let project = Project::sample();
    let server = Server::start(&project, &[]);
    let settings = project.read("personary.yaml");
    project.write(
        "personary.yaml",
        format!("{settings}theme: later\nbrand: \"#0a6e5c\"\n"),
    );
    server.until(SOON, "/assets/brand.css", |css| {
        css.body.contains("#0a6e5c")
    });
    assert!(server.get(PAGE).body.contains("assets/brand.css"));
    project.write("themes/later/static/brand.css", ":root { --accent: red }");
    server.until(SOON, "/assets/brand.css", |css| css.body.contains("red"));
    project.write(
        "themes/later/labels.yaml",
        "persona: { facts: At a glance }\n",
    );
    server.until(SOON, PAGE, |page| page.body.contains("At a glance"));
}

#[test]
fn a_brand_that_is_no_colour_is_told_where_it_stands() {
    let project = Project::sample();
    let with = |line: &str| project.write("personary.yaml", format!("title: T\n{line}\n"));
    with("brand: teal");
    project
        .run(&["check", "--format", "concise"])
        .code(1)
        .prints("personary.yaml:2:8")
        .prints("`teal` is not a colour");
    with("brand: #0a6e5c");
    project
        .run(&["check"])
        .code(1)
        .prints("personary.yaml:2:8")
        .prints("write `brand: \"#0a6e5c\"`");
    for right in [
        "brand: \"#0a6e5c\"",
        "brand: 0a6e5c",
        "brand: '#FE0'",
        "brand:",
    ] {
        with(right);
        project.run(&["check"]).code(0);
    }
}
