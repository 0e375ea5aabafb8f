//! A site is a function of its files and not of the order in which they came: the preview, whose
//! library has followed many saves, shows what a build shows that read everything just now.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::{Options, RefCache, Site, Theme};
use crate::check::Findings;
use crate::library::Library;
use crate::source::{Folder, Memory, Tree};

type Files = BTreeMap<Arc<str>, Vec<u8>>;

/// The sample, with every entity three times: under another id, and once more under its own in
/// another folder, by another name. So all that is sorted by name or counted has its equals, and of
/// two with one id it shows which is meant.
fn files() -> Files {
    let folder = Folder::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the sample");
    let content = folder.list("content").files.into_iter();
    let paths = content.chain(["personary.yaml".into()]);
    let mut files = Files::new();
    for path in paths {
        let bytes = folder.read(&path, u64::MAX).expect("a file of the sample");
        if let Some((above, name)) = path.rsplit_once('/').filter(|(at, _)| at.contains('/')) {
            files.insert(format!("{above}/a-{name}").into(), bytes.clone());
            let text = String::from_utf8_lossy(&bytes);
            let other = text.replacen("\nname: ", "\nname: Another ", 1);
            files.insert(format!("{above}/b/{name}").into(), other.into_bytes());
        }
        files.insert(path, bytes);
    }
    files
}

fn tree<'a>(files: impl Iterator<Item = (&'a Arc<str>, &'a Vec<u8>)>) -> Arc<dyn Tree> {
    let tree = files.fold(Memory::default(), |tree, (path, bytes)| {
        tree.with(path, bytes.clone())
    });
    Arc::new(tree)
}

/// The library of all files, of which some came, went and came again after the others.
fn late(files: &Files) -> Library {
    let is_late = |at: usize| !at.is_multiple_of(3);
    let paths = || files.keys().enumerate().filter(|(at, _)| is_late(*at));
    let paths = || paths().map(|(_, path)| &**path);
    let others = files.iter().enumerate().filter(|(at, _)| !is_late(*at));
    let others = tree(others.map(|(_, file)| file));
    let mut library = Library::load(tree(files.iter())).beside(others, paths());
    let whole = tree(files.iter());
    // The last place that came free is taken first.
    for path in paths() {
        library = library.beside(Arc::clone(&whole), [path]);
    }
    assert!(
        !library
            .all()
            .is_sorted_by_key(|(_, entity)| &entity.document.path)
    );
    library
}

/// All findings and all pages of a library, each by its path.
fn shown(library: &Library) -> (Vec<String>, BTreeMap<String, String>) {
    let (theme, _) = Theme::load(library);
    let (options, refs) = (
        Options {
            drafts: true,
            show_findings: true,
            today: jiff::civil::date(2026, 11, 24),
            rules: crate::check::abouts(),
            ..Options::default()
        },
        RefCache::new(library),
    );
    let site = Site::new(library, &theme, &options, &refs);
    let findings = Findings::of(library, options.today);
    let pages = site.routes().into_iter().map(|route| {
        let page = site.render(&route, &findings).expect("a page");
        let body = String::from_utf8_lossy(&page.body).into_owned();
        (route.path(library), body)
    });
    let pages = pages.collect();
    let findings = findings.sorted().into_iter();
    let findings = findings.map(|f| format!("{}: {}: {}", f.path, f.code, f.message));
    (
        findings
            .chain(site.clashes().iter().map(|f| f.message.clone()))
            .collect(),
        pages,
    )
}

#[test]
fn pages_do_not_tell_in_which_order_files_came() {
    let files = files();
    let (findings, pages) = shown(&Library::load(tree(files.iter())));
    let (late_findings, late_pages) = shown(&late(&files));
    assert_eq!(findings, late_findings);
    assert!(pages.keys().eq(late_pages.keys()));
    let mut differ = Vec::new();
    for (path, page) in &pages {
        let late = &late_pages[path];
        if let Some((a, b)) = page.lines().zip(late.lines()).find(|(a, b)| a != b) {
            differ.push(format!("{path}:\n  {a:.300}\n  {b:.300}"));
        }
    }
    assert!(differ.is_empty(), "{} pages: {:#?}", differ.len(), differ);
}
