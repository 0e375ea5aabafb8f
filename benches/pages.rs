//! How long each sort of page takes to render: `cargo bench --bench pages -- PROJECT [SORT]`.
//!
//! One thread, nothing written. The first round fills the views of references and is not counted.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use personary::library::Library;
use personary::site::{Options, RefCache, Route, Site, Theme};
use personary::source::Folder;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What one sort of page cost.
#[derive(Default)]
struct Cost {
    pages: u32,
    bytes: usize,
    time: Duration,
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let project = arguments
        .next()
        .map_or_else(|| PathBuf::from("."), PathBuf::from);
    let only = arguments.next();
    let tree = Folder::open(&project).expect("a project");
    let begun = Instant::now();
    let library = Library::load(Arc::new(tree));
    println!("load {:>37.1} ms", begun.elapsed().as_secs_f64() * 1e3);
    let (theme, _) = Theme::load(&library);
    let options = Options {
        today: jiff::civil::date(2026, 11, 24),
        ..Options::default()
    };
    let refs = RefCache::new(&library);
    let site = Site::new(&library, &theme, &options, &refs);
    // The search index is made here.
    let begun = Instant::now();
    let mut routes = site.routes();
    println!("routes {:>35.1} ms", begun.elapsed().as_secs_f64() * 1e3);
    routes.retain(|route| {
        only.as_deref()
            .is_none_or(|kind| sort(&library, route).eq(kind))
    });
    for route in &routes {
        site.render(route, &()).expect("a page");
    }
    let mut costs: BTreeMap<String, Cost> = BTreeMap::new();
    for route in &routes {
        let begun = Instant::now();
        let page = site.render(route, &()).expect("a page");
        let cost = costs.entry(sort(&library, route)).or_default();
        cost.time += begun.elapsed();
        cost.pages += 1;
        cost.bytes += page.body.len();
    }
    let mut costs: Vec<_> = costs.into_iter().collect();
    costs.sort_by_key(|(_, cost)| std::cmp::Reverse(cost.time));
    println!(
        "{:<18} {:>6} {:>9} {:>9} {:>9}",
        "page", "pages", "µs each", "ms all", "bytes"
    );
    for (name, cost) in costs {
        println!(
            "{name:<18} {:>6} {:>9.1} {:>9.1} {:>9}",
            cost.pages,
            cost.time.as_secs_f64() * 1e6 / f64::from(cost.pages),
            cost.time.as_secs_f64() * 1e3,
            cost.bytes / cost.pages as usize,
        );
    }
}

/// A name for pages that are made alike.
fn sort(library: &Library, route: &Route) -> String {
    let kind = |id| library.entity(id).map_or("", |e| e.kind.name());
    match route {
        Route::Entity(id) => kind(*id).to_owned(),
        Route::Translation(id, _) => format!("{} translated", kind(*id)),
        Route::Part(id, part) => format!("{} {}", kind(*id), part.path),
        Route::Index(kind) => format!("{}s", kind.name()),
        Route::Member(family, _) => family.around.0.to_owned(),
        Route::Fixed(fixed) => fixed.path.to_owned(),
        Route::Alias(..) => "redirect".to_owned(),
        Route::Theme(_) | Route::Asset(_) => "file".to_owned(),
    }
}
