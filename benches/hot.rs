//! The paths that run most often, one by one: `cargo bench --bench hot -- [FILTER]`.
//!
//! All of them work on one generated library, which is in memory, on one thread.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use jiff::civil::{Date, date};
use personary::library::Library;
use personary::review::parts;
use personary::scaffold::generated;
use personary::schema::Kind;
use personary::site::{Options, RefCache, Route, Site, Theme};
use personary::source::markdown::outline;
use personary::source::yaml::{parse_any, parse_plain};
use personary::source::{Document, Memory};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PERSONAS: u32 = 200;
const TODAY: Date = date(2026, 11, 24);
const PROSE: &str = "content/pages/prose.md";

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let mut prose = String::new();
    let tree = generated(PERSONAS, TODAY).fold(Memory::default(), |tree, file| {
        if file.path.starts_with("content/personas/persona-0000") {
            prose += body(&file.text);
        }
        tree.with(&file.path, file.text)
    });
    let prose = prose.replace("](persona", "](../personas/persona");
    let tree = tree.with(PROSE, format!("---\nname: Prose\n---\n{prose}"));
    Library::load(Arc::new(tree))
});
static THEME: LazyLock<Theme> = LazyLock::new(|| Theme::load(&LIBRARY).0);
static OPTIONS: LazyLock<Options> = LazyLock::new(|| Options {
    today: TODAY,
    ..Options::default()
});

fn main() {
    divan::main();
}

fn body(text: &str) -> &str {
    text.splitn(3, "---\n").nth(2).unwrap_or("")
}

/// The texts of all personas with the places of their front matter.
fn personas() -> Vec<(String, Range<usize>)> {
    let tree = LIBRARY.tree();
    LIBRARY
        .of_kind(Kind::Persona)
        .map(|entity| Document::read(&**tree, &entity.document.path, true))
        .map(|document| (document.text, document.front_range))
        .collect()
}

fn front_matter(bencher: Bencher, read: impl Fn(&str, Range<usize>) + Sync) {
    let texts = personas();
    let bytes: usize = texts.iter().map(|(_, range)| range.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        for (text, range) in &texts {
            read(text, range.clone());
        }
    });
}

/// YAML of all personas, in one pass.
#[divan::bench]
fn yaml_in_one_pass(bencher: Bencher) {
    front_matter(bencher, |text, range| {
        black_box(parse_plain(text, range).expect("plain YAML"));
    });
}

/// The same by the whole parser.
#[divan::bench]
fn yaml_by_the_whole_parser(bencher: Bencher) {
    front_matter(bencher, |text, range| {
        black_box(parse_any(text, range));
    });
}

/// Every reference of the library to whom it means.
#[divan::bench]
fn resolve_references(bencher: Bencher) {
    let library = &*LIBRARY;
    let all: Vec<_> = library.all().flat_map(|(_, e)| &e.references).collect();
    bencher.counter(ItemsCount::new(all.len())).bench_local(|| {
        all.iter()
            .filter(|reference| library.resolve(black_box(reference)).is_some())
            .count()
    });
}

/// Pages of one sort, of the first entities of a kind.
fn render(bencher: Bencher, kind: Kind) {
    let refs = RefCache::new(&LIBRARY);
    let site = Site::new(&LIBRARY, &THEME, &OPTIONS, &refs);
    let routes: Vec<_> = LIBRARY
        .of_kind(kind)
        .take(10)
        .map(|entity| Route::Entity(entity.index))
        .collect();
    let all = || {
        let pages = routes.iter().map(|route| site.render(route, &()));
        pages.map(|page| page.expect("a page").body.len()).sum()
    };
    let bytes: usize = all();
    bencher.counter(BytesCount::new(bytes)).bench_local(all);
}

/// Ten pages of personas: views, stencils, escaping.
#[divan::bench]
fn render_personas(bencher: Bencher) {
    render(bencher, Kind::Persona);
}

/// Ten pages of journeys.
#[divan::bench]
fn render_journeys(bencher: Bencher) {
    render(bencher, Kind::Journey);
}

/// A page that is Markdown and little else.
#[divan::bench]
fn markdown_to_html(bencher: Bencher) {
    render(bencher, Kind::Page);
}

/// Headings and links of Markdown, as a check needs them.
#[divan::bench]
fn markdown_outline(bencher: Bencher) {
    let (_, page) = LIBRARY.by_path(PROSE).expect("the page");
    let text = page.document.markdown();
    bencher
        .counter(BytesCount::new(text.len()))
        .bench_local(|| outline(black_box(text), 0));
}

/// Which words differ: a paragraph with one more word, and two that share nothing.
#[divan::bench(args = ["one more word", "all others"])]
fn word_difference(bencher: Bencher, how: &str) {
    let words = |stem: &str| {
        let all: Vec<_> = (0..80).map(|n| format!("{stem}{n} ")).collect();
        all.concat()
    };
    let before = words("word");
    let after = match how {
        "one more word" => before.replace("word40 ", "word40 more "),
        _ => words("other"),
    };
    bencher.bench_local(|| parts(black_box(&before), black_box(&after)).len());
}

/// The words of all texts with where they stand, and the routes of the site, which need them.
#[divan::bench]
fn search_index_and_routes(bencher: Bencher) {
    let pages = LIBRARY.all().count();
    bencher
        .counter(ItemsCount::new(pages))
        .with_inputs(|| RefCache::new(&LIBRARY))
        .bench_local_refs(|refs| Site::new(&LIBRARY, &THEME, &OPTIONS, refs).routes().len());
}
