//! `personary new`.

use personary::schema::Kind;

use crate::fixture::{Project, Run};

#[test]
fn every_kind_of_file_checks_without_errors() {
    let project = Project::sample();
    for kind in Kind::ALL {
        let path = format!("content/{}/fresh-one.md", kind.folder());
        let run = project.run(&["new", kind.name(), "fresh-one"]).code(0);
        assert_eq!(run.out, format!("{path}\n"));
        assert_eq!(run.err, "", "{kind}");
        assert_eq!(project.errors(&path), [""; 0], "{}", project.read(&path));
    }
    project.run(&["check"]).code(0);
    project.run(&["build", "--drafts"]).code(0);
}

#[test]
fn every_sort_of_persona_has_its_block() {
    let project = Project::sample();
    for (id, options, there, not_there) in [
        (
            "a",
            [].as_slice(),
            ["market: b2b", "\nb2b:", "stance: target"],
            ["b2c:", "negative:"],
        ),
        (
            "b",
            &["--market", "b2c"],
            ["market: b2c", "\nb2c:", "stance: target"],
            ["b2b:", "negative:"],
        ),
        (
            "c",
            &["--stance", "negative"],
            ["\nb2b:", "\nnegative:", "stance: negative"],
            ["b2c:", "b2c: {"],
        ),
        (
            "d",
            &["--market=b2c", "--stance=negative"],
            ["\nb2c:", "\nnegative:", "status: draft"],
            ["b2b:", "b2b: {"],
        ),
    ] {
        project
            .run(&[&["new", "persona", id], options].concat())
            .code(0);
        let path = format!("content/personas/{id}.md");
        let text = project.read(&path);
        for part in there {
            assert!(text.contains(part), "{id}: no {part:?} in {text}");
        }
        for part in not_there {
            assert!(
                !text.contains(&format!("\n{part}")) && !text.contains(&format!("# {part}")),
                "{id}: {part:?} in {text}"
            );
        }
        assert_eq!(project.errors(&path), [""; 0], "{text}");
    }
    project
        .run(&["new", "team", "x", "--market", "b2c"])
        .code(2)
        .says("only a persona");
    project
        .run(&["new", "persona", "x", "--market", "b2g"])
        .code(2)
        .says("b2g");
}

#[test]
fn all_fields_are_there_and_can_be_uncommented() {
    let project = Project::sample();
    project.write(
        "personary.yaml",
        "fields:\n  segment:\n    reach:\n      type: integer\n      minimum: 3\n      description: |\n        How many: a lot?\n        # Or few\n    \
         grade:\n      type: string\n      enum: ['a: b', 'yes']\n    \
         twins:\n      type: array\n      items: { type: string, x-reference: segment }\n",
    );
    for kind in Kind::ALL {
        let path = format!("content/{}/fresh.md", kind.folder());
        project.run(&["new", kind.name(), "fresh"]).code(0);
        let text = project.read(&path);
        let schema = project.run(&["schema", kind.name()]).json();
        for field in schema["properties"].as_object().expect("fields").keys() {
            let other_market = ["b2c", "negative"].contains(&field.as_str());
            assert_eq!(
                text.contains(&format!("\n{field}:")) || text.contains(&format!("\n# {field}:")),
                !other_market,
                "{kind}: {field}"
            );
        }
        // Every optional field, filled in as far as the comment goes.
        let (front, body) = text[4..].split_once("\n---\n").expect("front matter");
        let marked = |line: &str| {
            line.trim_start().starts_with("# ")
                && line.contains(':')
                && !line.contains("Optional: ")
        };
        let used: Vec<String> = front
            .lines()
            .map(|line| {
                if marked(line) {
                    line.replacen("# ", "", 1)
                } else {
                    line.to_owned()
                }
            })
            .filter(|line| !line.contains("yaml-language-server"))
            .collect();
        project.write(&path, format!("---\n{}\n---\n{body}", used.join("\n")));
        let codes = project.errors(&path);
        assert!(
            codes.iter().all(|code| code == "schema"),
            "{kind}: {codes:?}\n{}",
            project.read(&path)
        );
    }
    let segment = project.read("content/segments/fresh.md");
    for line in [
        "reach: 3  # How many: a lot? # Or few",
        "grade: 'a: b'  # ['a: b' | yes]",
        "twins: []  # [content/segments]",
    ] {
        assert!(segment.contains(line), "no {line:?} in {segment}");
    }
}

#[test]
fn references_lead_to_what_there_is() {
    let project = Project::sample();
    project.run(&["new", "journey", "j"]).code(0);
    let journey = project.read("content/journeys/j.md");
    // The customer to win, not the one to leave to others.
    assert!(
        journey.contains("- nora-lind") && journey.contains("owner: customers"),
        "{journey}"
    );
    // A project with nothing in it.
    let project = Project::empty();
    project.write("personary.yaml", "title: Empty\n");
    project
        .run(&["new", "persona", "ann"])
        .code(0)
        .says("personary new team ID")
        .says("team-id");
    assert_eq!(project.errors("content/personas/ann.md"), ["unknown-ref"]);
    project.run(&["new", "team", "team-id"]).code(0);
    project.run(&["check"]).code(0);
    assert!(
        !project
            .read("content/personas/ann.md")
            .contains("yaml-language-server")
    );
}

#[test]
fn pages_may_stand_in_folders() {
    let project = Project::sample();
    project
        .run(&["new", "page", "guide/first steps"])
        .code(2)
        .says("guide/first-steps");
    project
        .run(&["new", "page", "guide/first-steps"])
        .code(0)
        .prints("content/pages/guide/first-steps.md");
    let text = project.read("content/pages/guide/first-steps.md");
    assert!(text.contains("# First steps"), "{text}");
    assert!(
        text.contains("$schema=../../../schemas/page.schema.json"),
        "{text}"
    );
    project.run(&["build"]).code(0);
    assert!(project.has("public/pages/guide/first-steps/index.html"));
    project
        .run(&["new", "persona", "guide/ann"])
        .code(2)
        .says("guide-ann");
}

#[test]
fn bad_ids_make_nothing() {
    let project = Project::sample();
    let before = project.files("");
    for (id, says) in [
        ("Priya Raman", "write `priya-raman`"),
        ("../escape", "write `escape`"),
        ("/etc/passwd", "write `etc-passwd`"),
        ("_hidden", "write `hidden`"),
        (".hidden", "write `hidden`"),
        ("", "it is empty"),
        ("a:b", "write `a-b`"),
        ("a\u{1b}[31m", "write `a-31m`"),
        ("ann.md", "write `ann`"),
        ("README", "not part of the site"),
    ] {
        project
            .run(&["new", "persona", id])
            .code(2)
            .says(says)
            .never("\u{1b}[31m`");
    }
    project.run(&["new", "page", "../../x"]).code(2);
    project
        .run(&["new", "person", "x"])
        .code(2)
        .says("did you mean `persona`");
    assert_eq!(project.files(""), before);
}

#[test]
fn nothing_is_overwritten() {
    let project = Project::sample();
    project
        .persona("sub/ann", "aliases: [anna]\n")
        .write("content/personas/_bob.md", "mine");
    let before = project.files("");
    project
        .run(&["new", "persona", "nora-lind"])
        .code(2)
        .says("content/personas/nora-lind.md");
    project
        .run(&["new", "persona", "ann"])
        .code(2)
        .says("content/personas/sub/ann.md");
    project
        .run(&["new", "persona", "anna"])
        .code(2)
        .says("former id");
    // A file that is broken is still a file.
    project.write("content/personas/broken.md", "no front matter");
    project
        .run(&["new", "persona", "broken"])
        .code(2)
        .says("already");
    project.remove("content/personas/broken.md");
    assert_eq!(project.files(""), before);
}

#[test]
fn it_needs_a_project_and_something_to_make() {
    let project = Project::sample();
    project
        .run(&["new"])
        .code(2)
        .says("Usage: personary new")
        .says("Kinds: persona, journey");
    project
        .run(&["new", "persona"])
        .code(2)
        .says("Usage: personary new");
    Project::empty()
        .run(&["new", "persona", "ann"])
        .code(2)
        .says("no personary.yaml");
    // The path is one to go on with, wherever one stands.
    let below = Run::of(
        project
            .command()
            .current_dir(project.path("content"))
            .args(["new", "team", "x"]),
    )
    .code(0);
    assert!(
        project.path("content").join(below.out.trim()).is_file(),
        "{below:?}"
    );
}
