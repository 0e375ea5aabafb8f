//! Texts of people who mean harm, in every field of every kind, through every template. The fields
//! come from the schemas; what pages then hold is told by the tokenizer of a real parser of HTML, and
//! is element for element what they hold with the same texts made harmless.

mod difference;
mod filled;
mod past;
mod templates;

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use self::difference::{difference, differences, new_elements};
use self::filled::{Files, Texts, files, many, tree};
use self::past::Past;
use super::compared::{Base, Compared};
use super::{Options, RefCache, Route, Site, Theme};
use crate::check::Findings;
use crate::fuzzing::html;
use crate::fuzzing::page::{attributes, tags};
use crate::library::Library;
use crate::review::chronicle::Chronicle;

/// The Markdown of entities whose fields are hostile.
const BODY: &str = "Plain.";

/// A library, and what a site may tell beside it.
struct World {
    library: Library,
    before: Option<Arc<Library>>,
    chronicle: Option<Chronicle>,
    show_findings: bool,
    /// Kept while Git is asked.
    _past: Option<Past>,
}

impl World {
    fn of(files: &Files) -> Self {
        let library = Library::load(Arc::new(tree(files)));
        for (_, entity) in library.all() {
            // What is wrong has a page of fewer parts.
            assert!(entity.data.is_some(), "{:?}", entity.findings);
        }
        Self {
            library,
            before: None,
            chronicle: None,
            show_findings: false,
            _past: None,
        }
    }

    /// With a history in which every text was another one, and something was there that is gone.
    fn with_past(texts: &Texts) -> Self {
        let states = (1..6).rev().map(|by| files(&texts.rotated(by), BODY));
        let mut states: Vec<Files> = states.collect();
        add_gone(&mut states[0]);
        let now = files(texts, BODY);
        states.push(now.clone());
        let past = Past::of(&states, texts);
        Self {
            chronicle: Some(past.chronicle(&now)),
            _past: Some(past),
            ..Self::of(&now)
        }
    }

    /// Compared with what it was first.
    fn with_changes(texts: &Texts) -> Self {
        let mut before = files(&texts.rotated(5), BODY);
        add_gone(&mut before);
        Self {
            before: Some(Arc::new(Library::load(Arc::new(tree(&before))))),
            ..Self::with_past(texts)
        }
    }

    /// What a site shows of it, as far as it is `wanted`.
    fn shown(&self, wanted: impl Fn(&Route) -> bool) -> Vec<Shown> {
        let library = &self.library;
        let (theme, findings) = Theme::load(library);
        assert!(findings.is_empty(), "{findings:?}");
        let options = Options {
            today: jiff::civil::date(2026, 11, 24),
            show_findings: self.show_findings,
            rules: crate::check::abouts(),
            base_url: Some("https://example.com/x/".to_owned()),
            ..Options::default()
        };
        let compared = self.before.as_ref().map(|before| {
            let base = Base {
                name: "main".to_owned(),
                library: Arc::clone(before),
            };
            Compared::with(base, library, &options)
        });
        let refs = RefCache::new(library);
        let site = Site::new(library, &theme, &options, &refs)
            .with_history(self.chronicle.as_ref())
            .with_review(compared.as_ref());
        let found = Findings::of(library, options.today);
        let routes = site.routes().into_iter();
        // These are copies of files.
        let made = routes.filter(|route| !matches!(route, Route::Theme(_) | Route::Asset(_)));
        let shown = made.filter(wanted).map(|route| {
            let page = site.render(&route, &found).expect("a page");
            Shown {
                path: route.path(library),
                content_type: page.content_type,
                body: String::from_utf8(page.body).expect("UTF-8"),
                route,
            }
        });
        shown.collect()
    }
}

fn add_gone(files: &mut Files) {
    let gone = files["content/terms/term-0.md"].clone();
    files.insert("content/terms/gone.md".to_owned(), gone);
}

/// What is shown at an address.
#[derive(Debug, Clone)]
struct Shown {
    route: Route,
    path: String,
    content_type: &'static str,
    body: String,
}

/// The same of two worlds: of hostile texts, and of the same made harmless.
fn both(
    texts: &Texts,
    world: impl Fn(&Texts) -> World,
    wanted: fn(&Route) -> bool,
) -> [Vec<Shown>; 2] {
    [texts, &texts.harmless()].map(|texts| world(texts).shown(wanted))
}

/// The pages and files of what is cut into parts.
fn is_part(route: &Route) -> bool {
    let small = ["rules/", "compare/", "search/", "channels/"];
    matches!(route, Route::Member(family, _) if !small.contains(&family.around.0))
}

/// Texts with much that means something to a browser.
fn written() -> impl Strategy<Value = Vec<String>> {
    let vectors: BTreeMap<String, Vec<String>> =
        serde_json::from_str(include_str!("../../tests/hostile/vectors.json")).expect("JSON");
    let vectors: Vec<String> = vectors.into_values().flatten().collect();
    let noise =
        "[<>\"'&/=! a-zA-Zé\n\t`{}%#;:()\\[\\]|\\-\u{0}\u{b}\u{2028}\u{202e}\u{f0002}]{1,40}";
    let text = prop_oneof![noise, prop::sample::select(vectors)];
    prop::collection::vec(
        prop::collection::vec(text, 1..3).prop_map(|t| t.concat()),
        40..60,
    )
}

fn texts() -> impl Strategy<Value = Texts> {
    written().prop_map(|written| Texts::new(&written))
}

fn plain() -> Texts {
    let texts: Vec<String> = (0..50).map(|at| format!("plain {at}")).collect();
    Texts::new(&texts)
}

/// So many cases, as much is rendered for each; or as many as `PROPTEST_CASES` says.
fn config(usual: u32) -> ProptestConfig {
    let wanted = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        cases: wanted.and_then(|n| n.parse().ok()).unwrap_or(usual),
        max_shrink_iters: 20,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn no_field_adds_an_element_or_an_attribute(texts in texts()) {
        let world = |texts: &Texts| World::of(&files(texts, BODY));
        let [hostile, harmless] = both(&texts, world, |_| true);
        prop_assert_eq!(differences(&hostile, &harmless, false), [""; 0]);
    }

    /// What is found in a file depends on its texts, but not what findings are made of.
    #[test]
    fn no_finding_adds_an_element_that_is_new(texts in texts()) {
        let world = |texts: &Texts| World { show_findings: true, ..World::of(&files(texts, BODY)) };
        let [hostile, harmless] = both(&texts, world, |_| true);
        prop_assert_eq!(new_elements(&hostile, &harmless), None);
    }

    #[test]
    fn markdown_runs_nothing_and_looks_like_nothing_of_the_interface(texts in written()) {
        let library = Library::load(Arc::new(tree(&files(&plain(), &texts.join("\n\n")))));
        let (theme, _) = Theme::load(&library);
        let (options, refs) = (Options::default(), RefCache::new(&library));
        let site = Site::new(&library, &theme, &options, &refs);
        let (_, entity) = library.all().next().expect("an entity");
        let html = site.markdown(entity, "../").html;
        prop_assert_eq!(html::judge(&html), Ok(()), "{}", html);
        // The same by a real parser.
        for tag in tags(&html) {
            let attributes = attributes(&tag);
            let classes = attributes.get("class").copied().unwrap_or_default();
            prop_assert_eq!(html::fault(&tag.name, attributes), None, "{}", html);
            for class in classes.split_ascii_whitespace() {
                let fault = html::fault("p", [("class", class)]);
                prop_assert_eq!(fault, None, "{}", html);
            }
        }
    }
}

proptest! {
    #![proptest_config(config(2))]

    #[test]
    fn no_commit_and_nothing_that_was_adds_an_element_or_an_attribute(texts in texts()) {
        let [hostile, harmless] = both(&texts, World::with_past, |_| true);
        prop_assert_eq!(differences(&hostile, &harmless, true), [""; 0]);
    }

    #[test]
    fn nothing_that_is_cut_into_parts_adds_an_element_or_an_attribute(texts in texts()) {
        let [hostile, harmless] = both(&texts, |texts| World::of(&many(texts)), is_part);
        prop_assert_eq!(differences(&hostile, &harmless, false), [""; 0]);
    }
}

proptest! {
    #![proptest_config(config(1))]

    /// What is alike and what is another one, texts say: so what stands on a page with the changes
    /// marked is not the same, but nothing is new.
    #[test]
    fn no_change_adds_an_element_that_is_new(texts in texts()) {
        let [hostile, harmless] = both(&texts, World::with_changes, |_| true);
        prop_assert_eq!(new_elements(&hostile, &harmless), None);
    }
}

/// Otherwise the tests above could be blind.
#[test]
fn what_is_added_is_found_on_every_page() {
    let world = World::of(&files(&plain(), BODY));
    let shown = world.shown(|_| true);
    let pages = shown
        .iter()
        .filter(|shown| shown.content_type.starts_with("text/html"));
    // One of each sort is among them.
    for page in pages.step_by(5) {
        assert_eq!(difference(page, page, false), None);
        for added in [
            "<script>alert(1)</script>",
            "<b>x</b>",
            "<b>",
            "</div>",
            "<a href=x>x</a>",
            "<svg></svg>",
            "<!-- x -->",
        ] {
            let at = page.body.rfind("</").expect("a tag");
            let mut other = page.clone();
            other.body.insert_str(at, added);
            assert!(
                difference(&other, page, false).is_some(),
                "{}: {added}",
                page.path
            );
        }
        for (was, is) in [
            ("<body class=", "<body onload=x class="),
            ("<script src=\"", "<script src=\"//third.example/"),
            (
                "<link rel=\"icon\" href=\"",
                "<link rel=\"icon\" href=\"javascript:",
            ),
            ("</body>", "</BODY >"),
        ] {
            let other = Shown {
                body: page.body.replacen(was, is, 1),
                ..page.clone()
            };
            let is_found = difference(&other, page, false).is_some();
            // A name in capitals is the same one.
            assert_eq!(
                is_found,
                page.body.contains(was) && was != "</body>",
                "{}: {is}",
                page.path
            );
        }
    }
    let data = |body: &str| Shown {
        content_type: "application/json",
        body: body.to_owned(),
        ..shown[0].clone()
    };
    let was = data("{\"a\": \"<li>x</li>\", \"b\": \"x\"}");
    for (body, is_found) in [
        ("{\"a\": \"<li>y</li>\", \"b\": \"<b>\"}", false),
        ("{\"a\": \"<li><b>y</b></li>\", \"b\": \"x\"}", true),
        ("{\"a\": \"<li>x</li>\", \"b\": \"x\", \"c\": 1}", true),
        ("{\"a\": \"<li>x</li>\", \"b\": 1}", true),
        ("{\"a\": \"<li>x</li>\", \"b\": \"x\"", true),
    ] {
        assert_eq!(
            difference(&data(body), &was, false).is_some(),
            is_found,
            "{body}"
        );
    }
    let feed = |body: &str| Shown {
        content_type: "application/xml",
        body: body.to_owned(),
        ..shown[0].clone()
    };
    let was = feed("<a><b>x</b></a>");
    assert_eq!(difference(&feed("<a><b>&lt;</b></a>"), &was, false), None);
    for body in [
        "<a><b><c/></b></a>",
        "<a><b>\u{b}</b></a>",
        "<a><b>&</b></a>",
        "<a><b/></a></a>",
    ] {
        assert!(difference(&feed(body), &was, false).is_some(), "{body}");
    }
}
