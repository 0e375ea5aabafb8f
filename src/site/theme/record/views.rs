//! `docs/theme-views.md`, from what the pages of the sample hand to their templates.
//!
//! `BLESS=1 cargo test --lib documented` writes it, and the other documents made from the code.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::date;
use serde_json::Value as Json;

use super::Shape;
use super::last::last_word;
use super::words::word;
use crate::check::{self, Findings};
use crate::library::Library;
use crate::schema::{Kind, shape};
use crate::site::{Options, RefCache, Route, Site, Theme};
use crate::source::Folder;

const DOCUMENT: &str = "docs/theme-views.md";
/// What every page receives.
const COMMON: [&str; 5] = ["root", "site", "page", "header", "findings"];

const HEAD: &str = "\
# What templates receive

*Made from the pages of the sample by `BLESS=1 cargo test --lib documented`; do not edit.*

[themes.md](themes.md) tells how themes work. This is the list of all values, by template, as the sample library fills them.
`name[]` is an item of a list. A *reference* is another entry; its fields are those of `_link.html` below, and it has the ready
pieces of HTML `link`, `chip` and `tile`. *HTML* is written as it is; everything else is escaped. A value that is *sometimes* there
is empty on other pages. `labels`, the words of [labels/en.yaml](../themes/default/labels/en.yaml), are there for every template.
";

/// The library that is the sample of this repository.
fn sample() -> Library {
    let folder = Folder::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository");
    Library::load(Arc::new(folder))
}

/// What all pages of the sample gave to their templates.
fn recorded(library: &Library) -> BTreeMap<String, Shape> {
    let today = date(2026, 11, 24);
    let (theme, _) = Theme::load(library);
    let findings = Findings::of(library, today);
    let options = Options {
        drafts: true,
        base_url: Some("https://example.com/".to_owned()),
        show_findings: true,
        today,
        rules: check::abouts(),
    };
    let refs = RefCache::new(library);
    theme.recorded.start();
    let site = Site::new(library, &theme, &options, &refs);
    for route in site.routes() {
        if !matches!(route, Route::Theme(_) | Route::Asset(_)) {
            site.render(&route, &findings).expect("a page");
        }
    }
    theme.recorded.taken()
}

/// A document under way.
struct Document<'a> {
    library: &'a Library,
    out: String,
}

impl Document<'_> {
    fn title(&mut self, text: &str) {
        let _ = writeln!(self.out, "\n## {text}");
    }

    /// The table of a template's values; those that every page has are left out.
    fn template(&mut self, name: &str, shape: &Shape) {
        let own = shape.fields.iter();
        let own: Vec<_> = own
            .filter(|(field, _)| !COMMON.contains(&field.as_str()))
            .collect();
        let _ = writeln!(self.out, "\n### `{name}`\n");
        if own.iter().all(|(_, field)| field.times == 0) {
            self.out
                .push_str("What every page has, and nothing more.\n");
            return;
        }
        self.table(name, shape.times, own.into_iter());
    }

    fn table<'s>(
        &mut self,
        template: &str,
        times: usize,
        fields: impl Iterator<Item = (&'s String, &'s Shape)>,
    ) {
        self.out
            .push_str("| Name | Type | There | What it is |\n| --- | --- | --- | --- |\n");
        for (name, field) in fields {
            self.rows(template, name, field, times);
        }
    }

    /// The row of a value, and those of what is in it. `times` is how often it could have been there.
    fn rows(&mut self, template: &str, path: &str, shape: &Shape, times: usize) {
        if shape.times == 0 || self.is_custom(template, path) {
            return;
        }
        let there = if shape.times == times {
            "always"
        } else {
            "sometimes"
        };
        let about = self
            .about(template, path)
            .replace('|', "\\|")
            .replace('\n', " ");
        let _ = writeln!(
            self.out,
            "| `{path}` | {} | {there} | {about} |",
            kind(shape)
        );
        for (name, field) in &shape.fields {
            self.rows(template, &format!("{path}.{name}"), field, shape.times);
        }
        if let Some(items) = &shape.items {
            for (name, field) in &items.fields {
                self.rows(template, &format!("{path}[].{name}"), field, items.times);
            }
        }
    }

    /// Whether it is a field that the sample has added to its kinds.
    fn is_custom(&self, template: &str, path: &str) -> bool {
        let name = path.strip_prefix("e.");
        name.is_some_and(|name| {
            let mut kinds = kinds(template).into_iter();
            kinds.any(|kind| {
                self.library
                    .settings
                    .custom_fields(kind)
                    .any(|(field, _)| field == name)
            })
        })
    }

    /// What a value means: by the table of words, or by the schema of the front matter.
    fn about(&self, template: &str, path: &str) -> String {
        if let Some(text) = word(template, path) {
            return text.to_owned();
        }
        let field = path.strip_prefix("e.").unwrap_or_default();
        let mut found = kinds(template).into_iter().filter_map(|kind| {
            let root = self.library.schemas.json(kind);
            let text = described(root, root, field)?;
            Some(first_sentence(&text))
        });
        let found = found.next();
        found.unwrap_or_else(|| last_word(path).unwrap_or_default().to_owned())
    }
}

/// The kinds whose pages a template makes.
fn kinds(template: &str) -> Vec<Kind> {
    match template.strip_suffix(".html").and_then(Kind::parse) {
        Some(kind) => vec![kind],
        None if template == "entity.html" => Kind::ALL.to_vec(),
        None => Vec::new(),
    }
}

/// The description of a field at a path such as `quote.text` or `stages[].name`.
fn described(root: &Json, schema: &Json, path: &str) -> Option<String> {
    let schema = shape::resolve(root, schema);
    if let Some(options) = schema.get("anyOf").or_else(|| schema.get("oneOf")) {
        let mut options = options.as_array()?.iter();
        return options.find_map(|option| described(root, option, path));
    }
    if let Some(items) = schema.get("items") {
        return described(root, items, path);
    }
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    let declared = schema.get("properties")?.get(name.trim_end_matches("[]"))?;
    if !rest.is_empty() {
        return described(root, declared, rest);
    }
    let text = |schema: &Json| Some(schema.get("description")?.as_str()?.to_owned());
    text(declared).or_else(|| text(shape::resolve(root, declared)))
}

fn first_sentence(text: &str) -> String {
    let text = text.replace('\n', " ");
    let first = text
        .split_once(". ")
        .map_or(text.as_str(), |(first, _)| first);
    first.trim_end_matches('.').to_owned()
}

/// The type of a value, in words.
fn kind(shape: &Shape) -> String {
    let one = |kind: &&str| match *kind {
        "list" => {
            let items = shape.items.as_deref();
            let kinds = items.map(kind_of_items).unwrap_or_default();
            if kinds.is_empty() {
                "list".to_owned()
            } else {
                format!("list of {kinds}")
            }
        }
        "word" => {
            let words: Vec<String> = shape.words.iter().map(|w| format!("`{w}`")).collect();
            if words.len() > 12 {
                "word".to_owned()
            } else {
                words.join(" ")
            }
        }
        other => other.to_owned(),
    };
    let kinds: Vec<String> = shape.types.iter().map(one).collect();
    kinds.join(" or ")
}

fn kind_of_items(items: &Shape) -> String {
    let plural = |kind: &&'static str| match *kind {
        "text" => "texts",
        "reference" => "references",
        "number" => "numbers",
        "list" => "lists",
        other => other,
    };
    let kinds: Vec<&str> = items.types.iter().map(plural).collect();
    kinds.join(" or ")
}

/// Which templates a section is about.
type Choice<'a> = &'a dyn Fn(&str) -> bool;

fn document(library: &Library, all: &BTreeMap<String, Shape>) -> String {
    let mut document = Document {
        library,
        out: HEAD.to_owned(),
    };
    let is_page = |name: &str| !name.contains('/') && !name.starts_with('_');
    document.title("On every page");
    document.out.push('\n');
    let mut common = Shape::default();
    // Redirects and the site map have no header and hardly anything else.
    let whole = |shape: &&Shape| shape.fields.contains_key("header");
    let pages = all.iter().filter(|(name, _)| is_page(name));
    for shape in pages.map(|(_, shape)| shape).filter(whole) {
        common.absorb(shape);
    }
    let fields = common
        .fields
        .iter()
        .filter(|(name, _)| COMMON.contains(&name.as_str()));
    document.table("base.html", common.times, fields);
    let sections: [(&str, Choice<'_>); 3] = [
        ("Pages", &is_page),
        ("Parts that are rendered by themselves", &|name| {
            name.starts_with('_')
        }),
        ("Stencils", &|name| name.starts_with("stencils/")),
    ];
    for (title, is_in) in sections {
        document.title(title);
        for (name, shape) in all.iter().filter(|(name, _)| is_in(name)) {
            document.template(name, shape);
        }
    }
    document.title("Pieces");
    document.out.push_str(
        "\nEach receives `value`, `of` (the name of the field, such as `severity`) and `labels`, and nothing of the page.\n",
    );
    document.out
}

impl Shape {
    /// Adds what another shape has met.
    fn absorb(&mut self, other: &Self) {
        self.times += other.times;
        self.types.extend(&other.types);
        self.words.extend(other.words.iter().cloned());
        for (name, field) in &other.fields {
            self.fields.entry(name.clone()).or_default().absorb(field);
        }
        if let Some(items) = &other.items {
            self.items.get_or_insert_default().absorb(items);
        }
    }
}

#[test]
fn what_templates_receive_is_documented_as_it_is() {
    let library = sample();
    let all = recorded(&library);
    assert!(
        all.len() > 20 && all.contains_key("persona.html"),
        "{:?}",
        all.keys()
    );
    let now = document(&library, &all);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &now).expect("written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = now
        .lines()
        .zip(written.lines())
        .find(|(now, was)| now != was);
    assert!(
        now == written,
        "{DOCUMENT} is out of date ({differs:?}): BLESS=1 cargo test --lib documented"
    );
}
