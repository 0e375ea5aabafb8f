//! The graphs of relations.

use super::fixture::Project;

#[test]
fn a_graph_leads_to_all_neighbours_and_is_the_same_each_time() {
    let project = Project::repository();
    let build = || {
        project.run(&["build", "--as-of", "2026-11-24"]).code(0);
        let page = |path: &str| project.read(&format!("public/{path}graph/index.html"));
        [page(""), page("personas/imogen-clarke/")]
    };
    let [library, persona] = build();
    for neighbour in [
        "kpis/nps/",
        "journeys/pause-not-cancel/",
        "segments/city-renters/",
    ] {
        // Once in the drawing and once in the list.
        let link = format!("href=\"../../../{neighbour}\"");
        assert_eq!(persona.matches(&link).count(), 2, "{neighbour}");
    }
    assert!(!persona.contains("victor-strand"), "a draft is not shown");
    assert!(library.contains("href=\"../segments/city-renters/\""));
    let svg = &persona[persona.find("<svg class=\"graph\"").expect("a drawing")..];
    let svg = &svg[..svg.find("</svg>").expect("its end") + 6];
    roxmltree::Document::parse(svg).expect("well-formed");
    std::fs::remove_dir_all(project.path("public")).expect("removed");
    assert_eq!(build(), [library, persona]);
}

#[test]
fn what_has_no_neighbours_has_no_graph() {
    let project = Project::sample();
    project.write(
        "content/terms/alone.md",
        "---\nname: Alone\nstatus: active\ndefinition: By itself.\n---\n",
    );
    project.run(&["build"]).code(0);
    assert!(project.has("public/terms/alone/index.html"));
    assert!(!project.has("public/terms/alone/graph"));
    assert!(
        !project
            .read("public/terms/alone/index.html")
            .contains("graph/\">Relations")
    );
}
