//! Tests of the counterparts.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::source::Memory;

fn library(personas: &[(&str, &str)]) -> Library {
    let tree = personas.iter().fold(Memory::default(), |tree, (id, fields)| {
        let stance = if fields.contains("negative:") { "negative" } else { "target" };
        let status = if fields.contains("status:") { "" } else { "status: active\n" };
        let text = format!(
            "---\nname: {id}\n{status}market: b2c\nstance: {stance}\nbasis: proto\nowner: cx\nsummary: S\nb2c: {{}}\n{fields}\n---\n"
        );
        tree.with(&format!("content/personas/{id}.md"), text)
    });
    let tree = tree.with(
        "personary.yaml",
        "fields:\n  persona:\n    confused: {type: string, x-reference: persona}\n",
    );
    Library::load(Arc::new(tree))
}

fn names(library: &Library, id: &str) -> [Option<String>; 2] {
    let entity = library.get(Kind::Persona, id).expect("a persona");
    let found = Sketches::of(library, false).counterparts(library, entity.index);
    [found.alike, found.opposite].map(|id| Some(library.entity(id?)?.id.to_string()))
}

const NEGATIVE: &str = "negative: {reason: R, drain: D}";

#[test]
fn the_one_most_alike_and_the_nearest_of_the_other_stance_are_chosen() {
    let no = |goal: &str| format!("goals: [{goal}]\n{NEGATIVE}");
    let (close, far) = (no("ride children safely everywhere"), no("collect offers"));
    let library = library(&[
        ("a", "goals: [ride children safely through winter]"),
        ("b", "goals: [ride children safely through summer]"),
        ("c", "goals: [deliver parcels before noon]"),
        ("d", &close),
        ("e", &far),
        (
            "f",
            "status: draft\ngoals: [ride children safely through winter]",
        ),
        (
            "g",
            "status: retired\ngoals: [ride children safely through winter]",
        ),
    ]);
    let some = |name: &str| Some(name.to_owned());
    assert_eq!(names(&library, "a"), [some("b"), some("d")]);
    assert_eq!(names(&library, "d"), [some("e"), some("a")]);
    assert_eq!(names(&library, "f"), [None, None], "drafts have no page");
    assert_eq!(names(&library, "g"), [some("a"), some("d")]);
    let all = AllCounterparts::of(&library, &Sketches::of(&library, false));
    let id = |id| library.entity(id).map_or("", |entity| &*entity.id);
    let pairs = all.pairs().iter();
    let pairs: Vec<String> = pairs
        .map(|(a, b)| format!("{}/{}", id(*a), id(*b)))
        .collect();
    assert_eq!(
        pairs,
        ["a/b", "a/c", "a/d", "a/g", "b/d", "c/e", "d/e", "d/g"]
    );
}

#[test]
fn whom_the_author_names_comes_first() {
    let library = library(&[
        (
            "a",
            "goals: [ride children safely through winter]\nconfused: c",
        ),
        ("b", "goals: [ride children safely through winter]"),
        ("c", "goals: [deliver parcels before noon]"),
    ]);
    assert_eq!(names(&library, "a")[0].as_deref(), Some("c"));
    assert_eq!(names(&library, "b")[0].as_deref(), Some("a"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// One alone is told what everybody together is, and nobody is their own counterpart.
    #[test]
    fn one_and_all_are_the_same(goals in prop::collection::vec(("[abc]{4} [abc]{4} [abc]{4}", any::<bool>()), 1..20)) {
        let personas: Vec<(String, String)> = goals.iter().enumerate().map(|(n, (goal, negative))| {
            let negative = if *negative { NEGATIVE } else { "" };
            (format!("p{n}"), format!("goals: [{goal}]\n{negative}"))
        }).collect();
        let personas: Vec<(&str, &str)> = personas.iter().map(|(id, text)| (&**id, &**text)).collect();
        let library = library(&personas);
        let sketches = Sketches::of(&library, false);
        let all = AllCounterparts::of(&library, &sketches);
        for (id, _) in library.all() {
            let own = sketches.counterparts(&library, id);
            prop_assert_eq!(own, all.get(id));
            prop_assert!(own.iter().all(|other| other != id));
            prop_assert_eq!(own.iter().count() > 0, library.capacity() > 1);
        }
    }
}

/// Following changes one by one leads to what looking at everybody anew does.
#[test]
fn what_follows_changes_is_what_is_made_anew() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |n: usize| format!("content/personas/p{n}.md");
    let write = |n: usize, goal: &str, status: &str| {
        let (goal, segment) = (goal.to_owned(), n % 3);
        let text = format!(
            "---\nname: P{n}\nstatus: {status}\nmarket: b2c\nstance: target\nbasis: proto\nowner: cx\nsummary: S\nb2c: {{}}\nsegments: [s{segment}]\ngoals: [{goal} number{n}]\n---\n"
        );
        std::fs::write(folder.path().join(path(n)), text).expect("written");
    };
    std::fs::create_dir_all(folder.path().join("content/personas")).expect("a folder");
    // One more than are all compared with each other, so that the first removal makes it small.
    (0..=SMALL).for_each(|n| write(n, "ride children safely", "active"));
    let tree = crate::source::Folder::open(folder.path()).expect("the folder");
    let mut library = Library::load(Arc::new(tree));
    let mut sketches = Sketches::of(&library, false);
    let mut follow = |n: usize| {
        let update = library.update([path(n).as_str()]);
        sketches.update(&library, &update);
        let anew = Sketches::of(&library, false);
        assert_eq!(sketches.groups, anew.groups);
        for (id, _) in library.all() {
            let (kept, made) = (&sketches, &anew);
            assert_eq!(
                kept.counterparts(&library, id),
                made.counterparts(&library, id)
            );
        }
    };
    write(7, "deliver parcels before noon", "active");
    follow(7);
    write(8, "ride children safely", "draft");
    follow(8);
    std::fs::remove_file(folder.path().join(path(9))).expect("removed");
    follow(9);
    write(9, "collect every offer", "active");
    follow(9);
    write(8, "ride children safely", "retired");
    follow(8);
}
