//! Texts of people who mean harm, in every field of every kind, through every template. The fields
//! come from the schemas; what pages then hold is told by the tokenizer of a real parser of HTML.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use html5ever::tokenizer::states::{RawKind, Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{Options, RefCache, Route, Site, Theme};
use crate::library::Library;
use crate::schema::shape::resolve;
use crate::schema::{Kind, Schemas, Settings};
use crate::source::Memory;

/// Entities of each kind.
const EACH: usize = 3;

// ---- a library that is filled from the schemas

/// Makes values that fit a schema, with the texts it is given in turn.
struct Filler<'a> {
    root: &'a Value,
    texts: &'a [String],
    next: usize,
    count: usize,
}

impl Filler<'_> {
    fn text(&mut self) -> String {
        self.next += 1;
        // A text of nothing but blanks is refused as a name.
        format!("x{}", self.texts[self.next % self.texts.len()])
    }

    fn value(&mut self, node: &Value, depth: usize) -> Value {
        let node = resolve(self.root, node);
        self.count += 1;
        let choices = node.get("oneOf").or(node.get("anyOf"));
        if let Some(choices) = choices.and_then(Value::as_array) {
            return self.value(&choices[self.count % choices.len()], depth);
        }
        let reference = node.get("x-reference");
        if let Some(kinds) = reference {
            let kind = kinds.get(0).unwrap_or(kinds).as_str().unwrap_or_default();
            return json!(format!("{kind}-{}", self.count % EACH));
        }
        if let Some(one) = node.get("const") {
            return one.clone();
        }
        if let Some(values) = node.get("enum").and_then(Value::as_array) {
            return values[self.count % values.len()].clone();
        }
        let is = |name: &str| match node.get("type") {
            Some(Value::Array(types)) => types.iter().any(|t| t == name),
            one => one.is_some_and(|t| t == name),
        };
        if is("object") || node.get("properties").is_some() {
            let mut fields = Map::new();
            let known = node.get("properties").and_then(Value::as_object);
            for (name, part) in known.into_iter().flatten().filter(|_| depth < 7) {
                fields.insert(name.clone(), self.value(part, depth + 1));
            }
            let others = node.get("additionalProperties").filter(|o| o.is_object());
            if let Some(others) = others.filter(|_| depth > 0) {
                let key = match node.get("propertyNames") {
                    Some(_) => "persona-1".to_owned(),
                    None => self.text(),
                };
                fields.insert(key, self.value(others, depth + 1));
            }
            return fields.into();
        }
        if is("array") {
            let items = node.get("items").into_iter();
            return items
                .flat_map(|i| [i, i])
                .map(|i| self.value(i, depth + 1))
                .collect();
        }
        if is("integer") || is("number") {
            return node.get("minimum").cloned().unwrap_or(json!(1));
        }
        if is("boolean") {
            return json!(true);
        }
        match node.get("pattern").and_then(Value::as_str) {
            None | Some("\\S") if node.get("format").is_none() => json!(self.text()),
            Some(web) if web.contains("https") => json!("https://example.com/"),
            Some(part) if part.contains("a-z") => json!(format!("part-{}", self.count)),
            _ => json!("2026-10-01"),
        }
    }
}

/// A value on one line of YAML.
fn yaml(value: &Value) -> String {
    let mut out = String::new();
    for c in value.to_string().chars() {
        match u32::from(c) {
            code @ 0x7f..=0xffff => write!(out, "\\u{code:04x}").expect("written"),
            code @ 0x1_0000.. => write!(out, "\\U{code:08x}").expect("written"),
            _ => out.push(c),
        }
    }
    out
}

/// A library whose texts are all of these; `body` is the Markdown of each entity.
fn library(texts: &[String], body: &str) -> Library {
    let custom = json!({"persona": {"own": {"type": "string", "title": texts[0]}}});
    let settings = format!(
        "title: {}\ndescription: {}\nlanguages: [de]\nfields: {}\n",
        yaml(&json!(texts[1])),
        yaml(&json!(texts[2])),
        yaml(&custom)
    );
    let schemas = Schemas::new(&Settings::default()).expect("schemas");
    let mut tree = Memory::default().with("personary.yaml", settings);
    for (number, &kind) in Kind::ALL.iter().enumerate() {
        let root = schemas.json(kind);
        for n in 0..EACH {
            let mut filler = Filler {
                root,
                texts,
                next: number * EACH + n,
                count: n,
            };
            let value = filler.value(root, 0);
            let mut fields = value.as_object().cloned().expect("a map");
            for name in [
                "allow",
                "aliases",
                "superseded_by",
                "sensitivity",
                "measurements",
            ] {
                fields.remove(name);
            }
            fields.insert("status".into(), json!("active"));
            if kind == Kind::Persona {
                let (market, other) = if n == 1 {
                    ("b2b", "b2c")
                } else {
                    ("b2c", "b2b")
                };
                fields.insert("market".into(), json!(market));
                fields.remove(other);
                let stance = if n == 2 { "negative" } else { "target" };
                fields.insert("stance".into(), json!(stance));
                if n != 2 {
                    fields.remove("negative");
                }
                fields.insert("own".into(), json!(filler.text()));
                fields.insert("extra".into(), json!({filler.text(): [filler.text()]}));
            }
            let mut text = String::from("---\n");
            for (name, value) in &fields {
                let _ = writeln!(text, "{name}: {}", yaml(value));
            }
            let _ = write!(text, "---\n\n{body}\n");
            let path = format!("content/{}/{}-{n}", kind.folder(), kind.name());
            tree = tree.with(&format!("{path}.md"), text);
            if kind == Kind::Persona {
                let name = yaml(&json!(filler.text()));
                let text = format!("---\nname: {name}\nsummary: {name}\n---\n\n{body}\n");
                tree = tree.with(&format!("{path}.de.md"), text);
            }
            if kind == Kind::Kpi {
                let cell = filler
                    .text()
                    .replace(['\n', '\r', '\0'], " ")
                    .replace('"', "\"\"");
                let rows =
                    ["2026-08", "2026-09"].map(|p| format!("{p},{n}.5,persona-{n},40,\"{cell}\""));
                let rows = format!("period,value,persona,n,source\n{}\n", rows.join("\n"));
                tree = tree.with(&format!("{path}.csv"), rows);
            }
        }
    }
    Library::load(Arc::new(tree))
}

/// All pages.
fn pages(library: &Library) -> Vec<(Route, String)> {
    let (theme, findings) = Theme::load(library);
    assert!(findings.is_empty(), "{findings:?}");
    let options = Options {
        today: jiff::civil::date(2026, 11, 24),
        ..Options::default()
    };
    let refs = RefCache::new(library);
    let site = Site::new(library, &theme, &options, &refs);
    let mut pages = Vec::new();
    for route in site.routes() {
        let page = site.render(&route, &()).expect("a page");
        if page.content_type.starts_with("text/html") {
            pages.push((route, String::from_utf8(page.body).expect("UTF-8")));
        }
    }
    assert!(pages.len() > Kind::ALL.len() * EACH, "{}", pages.len());
    pages
}

// ---- what a parser makes of them

/// The start tags of a page.
#[derive(Default)]
struct Tags(RefCell<Vec<Tag>>);

impl TokenSink for Tags {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else {
            return TokenSinkResult::Continue;
        };
        if tag.kind != TagKind::StartTag {
            return TokenSinkResult::Continue;
        }
        // What the builder of a tree tells a tokenizer.
        let raw: Option<RawKind> = match &*tag.name {
            "title" | "textarea" => Some(Rcdata),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(Rawtext),
            "script" => Some(ScriptData),
            _ => None,
        };
        self.0.borrow_mut().push(tag);
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }
}

fn tags(html: &str) -> Vec<Tag> {
    let input = BufferQueue::default();
    input.push_back(html.into());
    let tokenizer = Tokenizer::new(Tags::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.take()
}

fn attributes(tag: &Tag) -> BTreeSet<String> {
    let attributes = tag.attrs.iter();
    attributes
        .map(|attribute| attribute.name.local.to_string())
        .collect()
}

/// The attributes that elements have, by the name of the element.
type Shapes = BTreeMap<String, BTreeSet<BTreeSet<String>>>;

fn shapes(library: &Library) -> Shapes {
    let mut shapes = Shapes::new();
    for (_, page) in pages(library) {
        for tag in tags(&page) {
            let known = shapes.entry(tag.name.to_string()).or_default();
            known.insert(attributes(&tag));
        }
    }
    shapes
}

/// Whether a browser that follows this address runs something or asks for data that is none of ours.
fn is_address(value: &str) -> bool {
    let plain: String = value
        .chars()
        .filter(|c| !c.is_control() && *c != ' ')
        .collect();
    let scheme = plain
        .split(['/', '?', '#'])
        .next()
        .unwrap_or_default()
        .split_once(':');
    scheme.is_none_or(|(scheme, _)| {
        ["http", "https", "mailto", "tel"].contains(&&*scheme.to_ascii_lowercase())
    })
}

const ADDRESSES: [&str; 4] = ["href", "src", "action", "formaction"];

/// Texts with much that means something to a browser.
fn texts() -> impl Strategy<Value = Vec<String>> {
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

/// Texts that mean nothing to a browser, short and long.
fn plain() -> Vec<String> {
    let words = |n: usize| vec!["plain"; n % 9 + 1].join(" ") + &n.to_string();
    (0..50).map(words).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn no_field_adds_an_element_or_an_attribute(texts in texts()) {
        let known = shapes(&library(&plain(), "Plain."));
        for (route, page) in pages(&library(&texts, "Plain.")) {
            for tag in tags(&page) {
                let own = attributes(&tag);
                let fits = known.get(&*tag.name).is_some_and(|all| all.iter().any(|k| own.is_subset(k)));
                prop_assert!(fits, "{route:?}: <{} {own:?}>", tag.name);
                for attribute in &tag.attrs {
                    let is_one = ADDRESSES.contains(&&*attribute.name.local);
                    prop_assert!(!is_one || is_address(&attribute.value), "{route:?}: {}", attribute.value);
                }
            }
        }
    }

    #[test]
    fn markdown_runs_nothing_and_looks_like_nothing_of_the_interface(texts in texts()) {
        let library = library(&plain(), &texts.join("\n\n"));
        let (theme, _) = Theme::load(&library);
        let (options, refs) = (Options::default(), RefCache::new(&library));
        let site = Site::new(&library, &theme, &options, &refs);
        let (_, entity) = library.all().next().expect("an entity");
        let html = site.markdown(entity, "../").html;
        for tag in tags(&html) {
            let name = &*tag.name;
            let forbidden = ["script", "style", "link", "meta", "base", "iframe", "object", "embed",
                "form", "button", "svg", "math", "template", "dialog", "video", "audio"];
            prop_assert!(!forbidden.contains(&name), "<{name}> in {html}");
            for attribute in &tag.attrs {
                let (key, value) = (&*attribute.name.local, &*attribute.value);
                prop_assert!(!key.starts_with("on") && key != "style", "{key} in {html}");
                prop_assert!(!ADDRESSES.contains(&key) || is_address(value), "{value} in {html}");
                prop_assert!(key != "src" || !value.contains("//"), "{value} in {html}");
                prop_assert!(key != "id" || value != "main", "{html}");
                let classes = value.split_ascii_whitespace().filter(|_| key == "class");
                for class in classes {
                    let known = ["al-", "alert-", "aside", "footnote-", "language-", "markdown-alert-",
                        "missing", "scroll", "term", "unlinked", "x-"];
                    prop_assert!(known.iter().any(|k| class.starts_with(k)), "{class} in {html}");
                }
            }
        }
    }
}

#[test]
fn a_page_is_told_apart_from_one_with_another_element() {
    let found = tags("<title><b></title><p a=1 ONX='<i>'><script>'<u>'</script><img/src=x>");
    let names: Vec<&str> = found.iter().map(|tag| &*tag.name).collect();
    assert_eq!(names, ["title", "p", "script", "img"]);
    assert!(attributes(&found[1]).contains("onx"));
    assert!(is_address("a/b:c") && is_address("#a:b") && !is_address("java\nscript:x"));
}
