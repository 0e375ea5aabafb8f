//! What a page costs: of files that a long list is cut into, each looks at its own part of it. Otherwise
//! ten times the entities would take a hundred times as long.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::{Options, RefCache, Route, Site, Theme};
use crate::library::Library;
use crate::source::Memory;

fn library(count: usize, folder: &str) -> Library {
    let tree = (0..count).fold(Memory::default(), |tree, n| {
        let path = format!("content/{folder}/e-{n:05}.md");
        tree.with(&path, format!("---\nname: Entity {n:05}\n---\n"))
    });
    Library::load(Arc::new(tree))
}

/// The files whose address starts so, in order, each with how many entities somebody looked at
/// while it was made.
fn files(library: &Library, around: (&str, &str)) -> Vec<(String, usize)> {
    let (theme, _) = Theme::load(library);
    let options = Options {
        base_url: Some("https://example.com/".to_owned()),
        ..Options::default()
    };
    let refs = RefCache::new(library);
    let site = Site::new(library, &theme, &options, &refs);
    let routes = site.routes().into_iter();
    let routes = routes.filter(|route| match route {
        Route::Member(family, _) => family.around == around,
        _ => false,
    });
    let made = routes.map(|route| {
        let before = library.looks.load(Relaxed);
        let page = site.render(&route, &()).expect("a file");
        let text = String::from_utf8(page.body).expect("text");
        (text, library.looks.load(Relaxed) - before)
    });
    made.collect()
}

#[test]
fn a_part_of_the_sitemap_looks_at_its_own_pages_alone() {
    let library = library(14_000, "pages");
    let parts = files(&library, ("sitemap-", ".xml"));
    assert!(parts.len() > 1, "it is too long for one file");
    let mut told = BTreeSet::new();
    for (text, _) in &parts {
        for loc in text.split("<loc>").skip(1) {
            let end = loc.find('<').expect("an end");
            assert!(told.insert(&loc[..end]), "twice: {}", &loc[..end]);
        }
    }
    for n in 0..14_000 {
        let page = format!("https://example.com/pages/e-{n:05}/");
        assert!(told.contains(&*page), "{page}");
    }
    for (text, looks) in &parts[1..] {
        let own = text.matches("<loc>").count();
        assert!(*looks <= own, "{looks} looks for {own} pages");
    }
}

#[test]
fn a_file_of_names_looks_at_its_own_personas_alone() {
    let library = library(3_500, "personas");
    let files = files(&library, ("compare/names/", ".json"));
    let looks: Vec<usize> = files.iter().map(|(_, looks)| *looks).collect();
    let names = files.iter().map(|(text, _)| text.matches("Entity").count());
    assert_eq!(names.collect::<Vec<_>>(), [1_000, 1_000, 1_000, 500]);
    assert_eq!(looks[1..], [1_000, 1_000, 500]);
}
