//! What a save costs, counted by how often somebody looks at an entity.

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

use super::*;
use crate::site::Route;

/// A library with translations and `others` personas who have nothing to do with Ann.
fn project(others: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |path: &str, text: &str| write(folder.path(), path, text);
    write("personary.yaml", "title: T\nlanguages: [de]\n");
    write("content/teams/cx.md", "---\nname: CX\n---\n");
    write("content/pages/about.md", "---\nname: About\n---\n");
    write(
        "content/touchpoints/shop.md",
        "---\nname: Shop\nstatus: active\nchannel: Store\nmode: offline\n---\n",
    );
    write("content/personas/ann.md", &ann("First"));
    write("content/personas/ann.de.md", "---\nname: Anna\n---\n");
    write(
        "content/journeys/visit.md",
        "---\nname: Visit\nstatus: active\nowner: cx\nstate: current\nscenario: S\npersonas: [ann]\nstages:\n  - id: one\n    name: One\n    steps:\n      - {action: Enter, emotion: 1, touchpoint: shop}\n      - {action: Call, emotion: 1, channel: Phone}\n---\n",
    );
    write(
        "content/journeys/visit.de.md",
        "---\nname: Besuch\nstages:\n  - id: one\n    steps:\n      - {action: Betreten}\n      - {action: Anrufen, channel: Telefon}\n---\n",
    );
    for n in 0..others {
        let text = persona(
            &format!("P{n}"),
            "First",
            &format!("segments: [s{}]", n % 7),
        );
        write(&format!("content/personas/p{n}.md"), &text);
    }
    folder
}

fn ann(summary: &str) -> String {
    persona("Ann", summary, "channels: {preferred: [Phone]}")
}

fn persona(name: &str, summary: &str, more: &str) -> String {
    format!(
        "---\nname: {name}\nstatus: active\nmarket: b2c\nstance: target\nbasis: proto\nowner: cx\nsummary: {summary}\nb2c: {{}}\ngoals: [Wants {name}]\n{more}\n---\n"
    )
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("written");
}

/// How often somebody looks at an entity when Ann is saved and the pages about her are shown.
fn looks_of_a_save(others: usize) -> usize {
    let folder = project(others);
    let tree = Folder::open(folder.path()).expect("the folder");
    let options = Options {
        today: jiff::civil::date(2026, 11, 24),
        ..Options::default()
    };
    let mut state = State::load(&tree, &options, (None, None));
    let show = |state: &State, expected: &str| {
        let site = state.site(&options);
        for path in [
            "personas/ann/",
            "de/personas/ann/",
            "journeys/visit/",
            "de/journeys/visit/",
        ] {
            let route = Route::at(&state.library, path).filter(|route| site.has(route));
            let route = route.unwrap_or_else(|| panic!("no page {path}"));
            let page = site.render(&route, &state.findings).expect("a page");
            let page = String::from_utf8(page.body).expect("text");
            assert!(
                !path.ends_with("ann/") || page.contains(expected),
                "{path}: {page}"
            );
        }
        (errors(state).len(), state.summary())
    };
    // What is made once for all pages is there from now on.
    show(&state, "First");
    let before = state.library.looks.load(Ordering::Relaxed);
    write(folder.path(), "content/personas/ann.md", &ann("Second"));
    let path = BTreeSet::from(["content/personas/ann.md".to_owned()]);
    update(&mut state, &options, &path);
    let (_, summary) = show(&state, "Second");
    let all = state.findings.iter().chain(state.of_site());
    let looks = state.library.looks.load(Ordering::Relaxed) - before;
    assert_eq!(summary, Summary::of(others + 5, all));
    looks
}

#[test]
fn a_save_looks_at_no_more_entities_in_a_larger_library() {
    // More than are all compared with each other, so that both are large.
    let (large, larger) = (looks_of_a_save(450), looks_of_a_save(900));
    assert!(large > 0);
    assert_eq!(large, larger);
}

#[test]
fn others_show_the_picture_of_somebody_when_it_comes() {
    let folder = project(0);
    let with_picture = persona("Ann", "First", "portrait: /faces/ann.svg\nkpis: [k]");
    write(folder.path(), "content/personas/ann.md", &with_picture);
    let kpi = "---\nname: K\nkind: custom\nclass: outcome\nunit: u\ndirection: up\ntarget: {value: 1}\ncadence: monthly\nowner: cx\n---\n";
    write(folder.path(), "content/kpis/k.md", kpi);
    let tree = Folder::open(folder.path()).expect("the folder");
    let options = Options::default();
    let mut state = State::load(&tree, &options, (None, None));
    let page = |state: &State| {
        let route = Route::at(&state.library, "kpis/k/").expect("a page");
        let page = state.site(&options).render(&route, &state.findings);
        String::from_utf8(page.expect("a page").body).expect("text")
    };
    assert!(!page(&state).contains("faces/ann.svg"));
    write(folder.path(), "static/faces/ann.svg", "<svg/>");
    let path = BTreeSet::from(["static/faces/ann.svg".to_owned()]);
    update(&mut state, &options, &path);
    let fresh = State::load(&tree, &options, (None, None));
    assert!(page(&fresh).contains("faces/ann.svg"));
    assert_eq!(page(&state), page(&fresh));
}

#[test]
fn a_missing_picture_is_suggested_one_that_came_near() {
    let folder = project(0);
    let with_picture = persona("Ann", "First", "portrait: /faces/ann.svg");
    write(folder.path(), "content/personas/ann.md", &with_picture);
    let tree = Folder::open(folder.path()).expect("the folder");
    let options = Options::default();
    let mut state = State::load(&tree, &options, (None, None));
    let told = |state: &State| format!("{:?}", errors(state));
    assert!(told(&state).contains("/faces/ann.svg"));
    write(folder.path(), "static/people/anne.svg", "<svg/>");
    let path = BTreeSet::from(["static/people/anne.svg".to_owned()]);
    update(&mut state, &options, &path);
    assert!(told(&state).contains("/people/anne.svg"));
}

#[test]
fn a_theme_that_goes_is_missed_at_once() {
    let folder = project(1);
    write(
        folder.path(),
        "personary.yaml",
        "title: T\ntheme: house\nlanguages: [de]\n",
    );
    write(folder.path(), "themes/house/static/x.css", "a {}\n");
    let options = Options::default();
    let tree = Folder::open(folder.path()).expect("the folder");
    let mut state = State::load(&tree, &options, (None, None));
    let of_theme = |state: &State| {
        let all = state.findings();
        all.iter().filter(|f| f.code == "template").count()
    };
    assert_eq!(of_theme(&state), 0);
    fs::remove_dir_all(folder.path().join("themes/house")).expect("removed");
    update(&mut state, &options, &["themes/house".to_owned()].into());
    assert_eq!(of_theme(&state), 1);
    // One beside it is another theme.
    write(folder.path(), "themes/houses/static/x.css", "a {}\n");
    let beside = ["themes/houses/static/x.css".to_owned()].into();
    update(&mut state, &options, &beside);
    assert_eq!(of_theme(&state), 1);
    write(folder.path(), "themes/house/static/x.css", "a {}\n");
    let back = ["themes/house/static/x.css".to_owned()].into();
    update(&mut state, &options, &back);
    assert_eq!(of_theme(&state), 0);
}
