//! The sample in two states: what is marked, and that nothing else is touched.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::date;

use super::pages::content_of;
use super::tree::{Element, Node, cut};
use super::*;
use crate::site::{Route, Theme};
use crate::source::{Folder, Overlay, Tree};

const BEA: &str = "content/personas/bea-holloway.md";
const BREAKDOWN: &str = "content/journeys/breakdown-day.md";
const CSAT: &str = "content/kpis/repair-csat.csv";
const NPS: &str = "content/kpis/nps.md";
const CALLUM: &str = "content/personas/callum-reid.md";

fn sample() -> Arc<dyn Tree> {
    Arc::new(Folder::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository"))
}

fn text(tree: &dyn Tree, path: &str) -> String {
    String::from_utf8(tree.read(path, u64::MAX).expect(path)).expect("UTF-8")
}

/// The sample with a change in every sort of page.
fn changed(tree: &Arc<dyn Tree>) -> Arc<dyn Tree> {
    let mut overlay = Overlay::new(Arc::clone(tree));
    let mut edit = |path: &str, edits: &[(&str, &str)]| {
        let mut text = text(&**tree, path);
        for (from, to) in edits {
            assert!(text.contains(from), "{path}: {from}");
            text = text.replacen(from, to, 1);
        }
        overlay.write(path, &text);
    };
    edit(
        BEA,
        &[
            ("at fourteen cafés by 07:15", "at sixteen cafés by 07:00"),
            (
                "needs:\n",
                "needs:\n  - text: One number that somebody answers.\n",
            ),
            ("monthly_ceiling: 240", "monthly_ceiling: 260"),
            ("the café on the hill buys", "the café on the corner buys"),
        ],
    );
    edit(
        BREAKDOWN,
        &[
            ("        emotion: -1\n", "        emotion: 1\n"),
            (
                "  - id: repair\n    name: Repair",
                "      - action: Asks the neighbour for her van\n        emotion: -1\n        \
                 channel: street\n  - id: repair\n    name: Repair",
            ),
        ],
    );
    edit(
        CSAT,
        &[(
            "2026-10,bea-holloway,90.0",
            "2026-11,bea-holloway,92.0,70,84,96\n2026-10,bea-holloway,91.0",
        )],
    );
    edit(NPS, &[("value: 50", "value: 45")]);
    overlay.remove(CALLUM);
    Arc::new(overlay)
}

/// What the test needs of a site in two states.
struct Two {
    before: Arc<Library>,
    after: Library,
    theme: Theme,
    options: Options,
}

impl Two {
    fn new() -> Self {
        let tree = sample();
        let after = Library::load(changed(&tree));
        let (theme, _) = Theme::load(&after);
        Self {
            before: Arc::new(Library::load(tree)),
            after,
            theme,
            options: Options {
                drafts: true,
                today: date(2026, 11, 24),
                ..Options::default()
            },
        }
    }

    fn compared(&self) -> Compared {
        let base = Base {
            name: "main".to_owned(),
            library: Arc::clone(&self.before),
        };
        Compared::with(base, &self.after, &self.options)
    }
}

fn page(site: &Site<'_>, route: &Route) -> String {
    let page = site.render(route, &()).expect("a page");
    String::from_utf8(page.body).expect("UTF-8")
}

/// The words of the content of a page, without those of elements with a class.
fn words_without(page: &str, class: &str) -> Vec<String> {
    fn gather(element: &Element<'_>, class: &str, out: &mut Vec<String>) {
        let is_left_out = [class, "chg-bar", "chg-word", "way", "vh", "chg-only-both"];
        if is_left_out.iter().any(|class| element.has_class(class))
            || matches!(element.tag, "nav" | "script" | "svg")
        {
            return;
        }
        for child in &element.children {
            match child {
                Node::Text(text) => out.extend(text.split_whitespace().map(str::to_owned)),
                Node::Element(child) => gather(child, class, out),
            }
        }
    }
    let mut out = Vec::new();
    for node in &cut(content_of(page).expect("content")).expect("well formed") {
        if let Node::Element(element) = node {
            gather(element, class, &mut out);
        }
    }
    out
}

#[test]
fn a_page_with_marks_is_the_one_before_and_the_one_after() {
    let two = Two::new();
    let compared = two.compared();
    let refs = RefCache::new(&two.after);
    let site = Site::new(&two.after, &two.theme, &two.options, &refs);
    let marked =
        Site::new(&two.after, &two.theme, &two.options, &refs).with_review(Some(&compared));
    let old_refs = RefCache::new(&two.before);
    let old = Site::new(&two.before, &two.theme, &two.options, &old_refs);
    let mut met = 0;
    for (id, entity) in two.after.all() {
        let route = Route::Entity(id);
        let (after, both) = (page(&site, &route), page(&marked, &route));
        if !both.contains("chg-bar") {
            assert_eq!(content_of(&after), content_of(&both), "{}", entity.id);
            continue;
        }
        met += 1;
        let (was, _) = two
            .before
            .by_path(&entity.document.path)
            .expect("no new ones");
        let before = page(&old, &Route::Entity(was));
        let sorted = |mut words: Vec<String>| {
            words.sort();
            words
        };
        // Where a thing moved, it stands in its new place only.
        assert_eq!(
            sorted(words_without(&both, element::NOW)),
            sorted(words_without(&before, "-")),
            "{} before",
            entity.id
        );
        // On a site that is compared, what is gone still has a name.
        let named = |words: Vec<String>| {
            let words = words.join(" ").replace("Callum Reid", "callum-reid");
            words.replace("(not found)", "(removed)")
        };
        assert_eq!(
            named(words_without(&both, element::WAS)),
            named(words_without(&after, "-")),
            "{} after",
            entity.id
        );
    }
    assert!(met > 5, "{met} pages with marks");
}

#[test]
fn each_sort_of_change_is_marked_in_its_place() {
    let two = Two::new();
    let compared = two.compared();
    let refs = RefCache::new(&two.after);
    let site = Site::new(&two.after, &two.theme, &two.options, &refs).with_review(Some(&compared));
    let of = |path: &str| {
        let (id, _) = two.after.by_path(path).expect(path);
        page(&site, &Route::Entity(id))
    };
    let bea = of(BEA);
    for text in [
        "Removed: </span>fourteen</del>",
        "Added: </span>sixteen</ins>",
        "Added: </span>One number that somebody answers.</ins>",
        "Removed: </span>240</del>",
        "Removed: </span>hill</del>",
    ] {
        assert!(bea.contains(text), "no {text}: {bea}");
    }
    let map = of(BREAKDOWN);
    for text in [
        "class=\"chg-moved\"",
        "Added: </span>Asks the neighbour for her van</ins>",
        "data-n-was=",
    ] {
        assert!(map.contains(text), "no {text}: {map}");
    }
    let csat = of("content/kpis/repair-csat.md");
    assert!(
        csat.contains("<tr class=\"chg-now\"><th scope=\"row\"><ins>"),
        "{csat}"
    );
    assert!(csat.contains("Removed: </span>90</del>"), "{csat}");
    let nps = of(NPS);
    assert!(nps.contains("Removed: </span>50</del>"), "{nps}");
    assert!(
        site.gone_page("personas/callum-reid")
            .expect("a page")
            .contains("Callum Reid is gone.")
    );
    let all = page(&site, &Route::at(&two.after, "changes/").expect("a route"));
    assert!(all.contains("href=\"../personas/callum-reid/\""), "{all}");
}

#[test]
fn a_save_changes_what_is_different() {
    let mut two = Two::new();
    let mut compared = two.compared();
    let (_, bea) = two.before.by_path(BEA).expect("Bea");
    let key = (bea.kind, Box::from(&*bea.id));
    let count = compared.review().changes.len();
    assert!(compared.of(key.0, &key.1).next().is_some());
    // Everything of hers is as it was; the others still differ.
    let tree = sample();
    two.after = two.after.beside(tree, [BEA]);
    compared.refresh(&two.after, vec![key.clone()]);
    assert_eq!(compared.of(key.0, &key.1).count(), 0);
    let left = compared.review().changes.len();
    assert!(0 < left && left < count, "{left} of {count}");
    let whole = review::compare(&two.before, &two.after);
    assert_eq!(compared.review().changes, whole);
}
