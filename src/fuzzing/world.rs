//! The project that the targets put their files into: the sample library, read once.

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use crate::library::{Entity, Library};
use crate::site::{Options, RefCache, Route, Site, Theme};
use crate::source::{Folder, Memory, Tree};

/// What pages are made of, but for the library.
pub(super) struct World {
    pub(super) library: Library,
    pub(super) theme: Theme,
    pub(super) options: Options,
}

pub(super) static WORLD: LazyLock<World> = LazyLock::new(|| {
    let library = Library::load(Arc::new(sample()));
    let (theme, _) = Theme::load(&library);
    World {
        library,
        theme,
        options: Options {
            today: jiff::civil::date(2026, 11, 24),
            drafts: true,
            ..Options::default()
        },
    }
});

/// The sample in memory, since every run of a target lists the files.
fn sample() -> Memory {
    let folder = Folder::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the sample");
    let content = folder.list("content").files;
    let settings = std::iter::once("personary.yaml".into());
    settings
        .chain(content)
        .fold(Memory::default(), |tree, path| {
            let bytes = folder.read(&path, u64::MAX).expect("a file of the sample");
            tree.with(&path, bytes)
        })
}

/// The sample with `files` in it.
pub(super) fn with_files(files: &[(&str, &[u8])]) -> Library {
    let tree = files.iter().fold(Memory::default(), |tree, (path, bytes)| {
        tree.with(path, *bytes)
    });
    WORLD
        .library
        .beside(Arc::new(tree), files.iter().map(|(path, _)| *path))
}

/// The page of an entity, whole.
pub(super) fn page(library: &Library, entity: &Entity) -> String {
    let refs = RefCache::new(library);
    let site = Site::new(library, &WORLD.theme, &WORLD.options, &refs);
    let page = site
        .render(&Route::Entity(entity.index), &())
        .expect("a page");
    String::from_utf8(page.body).expect("text")
}

/// The Markdown of an entity as HTML.
pub(super) fn html(library: &Library, entity: &Entity) -> String {
    let refs = RefCache::new(library);
    Site::new(library, &WORLD.theme, &WORLD.options, &refs).html(entity)
}

/// Bytes as a text.
pub(super) fn text(data: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(data)
}
