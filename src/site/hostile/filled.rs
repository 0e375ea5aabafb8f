//! A library that is filled from the schemas, with texts of one's choice in every field of every
//! kind, in the settings, in the names of files and in measurements.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use unicode_normalization::char::canonical_combining_class;
use unicode_width::UnicodeWidthChar;

use crate::library::links::encode;
use crate::schema::shape::resolve;
use crate::schema::{Kind, Schemas, read_settings};
use crate::source::yaml::flow;
use crate::source::{Document, Memory};

/// Entities of each kind.
pub(super) const EACH: usize = 3;

/// Files by their paths.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// What a library is filled with.
#[derive(Debug, Clone)]
pub(super) struct Texts {
    /// What is found in an order, or by its letters: each begins with a letter and its number.
    names: Vec<String>,
    /// Everything else; each ends with its number, so that no two are the same.
    texts: Vec<String>,
}

impl Texts {
    pub(super) fn new(written: &[String]) -> Self {
        let numbered = written.iter().enumerate();
        let letter = |at: usize| char::from(b"abcdefghijklmnopqrstuvwxyz"[at % 26]);
        Self {
            names: numbered
                .clone()
                .map(|(at, text)| format!("{}{at:02} {text}", letter(at)))
                .collect(),
            texts: numbered
                .map(|(at, text)| format!("{text} {at:02}"))
                .collect(),
        }
    }

    /// The same, but a dot for every character that means something to anybody but a reader.
    pub(super) fn harmless(&self) -> Self {
        let dot = |c: char| match c.width() {
            _ if c.is_alphanumeric() || c.is_whitespace() => c,
            // Accents change the letter before.
            _ if canonical_combining_class(c) != 0 => c,
            Some(2) => '・',
            _ => '·',
        };
        let harmless = |text: &String| -> String {
            // What begins so is an address wherever authors keep what they like.
            let address = ["https://", "http://"];
            let start = address.into_iter().find(|start| text.starts_with(start));
            let start = start.unwrap_or_default();
            let rest = text[start.len()..].chars().map(dot);
            start.chars().chain(rest).collect()
        };
        Self {
            names: self.names.iter().map(harmless).collect(),
            texts: self.texts.iter().map(harmless).collect(),
        }
    }

    /// The same, each in the place of another.
    pub(super) fn rotated(&self, by: usize) -> Self {
        let mut rotated = self.clone();
        rotated.texts.rotate_left(by);
        rotated
    }

    pub(super) fn name(&self, at: usize) -> &str {
        &self.names[at % self.names.len()]
    }

    pub(super) fn text(&self, at: usize) -> &str {
        &self.texts[at % self.texts.len()]
    }

    /// A name as one of a file.
    fn file(&self, at: usize) -> String {
        let name = self.name(at).chars();
        let name: String = name
            .filter(|c| !c.is_control() && !"/\\".contains(*c))
            .collect();
        name.trim().to_owned()
    }
}

/// Fields that are found in an order, or by their letters.
const NAMES: [&str; 5] = ["name", "channel", "preferred", "tags", "lifecycle"];

/// Makes values that fit a schema, with texts in turn.
struct Filler<'a> {
    root: &'a Value,
    texts: &'a Texts,
    next: usize,
    count: usize,
}

impl Filler<'_> {
    fn text(&mut self, field: &str) -> String {
        self.next += 1;
        if NAMES.contains(&field) {
            self.texts.name(self.next).to_owned()
        } else {
            self.texts.text(self.next).to_owned()
        }
    }

    fn value(&mut self, node: &Value, field: &str, depth: usize) -> Value {
        let node = resolve(self.root, node);
        self.count += 1;
        let choices = node.get("oneOf").or(node.get("anyOf"));
        if let Some(choices) = choices.and_then(Value::as_array) {
            return self.value(&choices[self.count % choices.len()], field, depth);
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
                fields.insert(name.clone(), self.value(part, name, depth + 1));
            }
            let others = node.get("additionalProperties").filter(|o| o.is_object());
            if let Some(others) = others.filter(|_| depth > 0) {
                let key = match node.get("propertyNames") {
                    Some(_) => "persona-1".to_owned(),
                    None => self.text("name"),
                };
                fields.insert(key, self.value(others, field, depth + 1));
            }
            return fields.into();
        }
        if is("array") {
            let items = node.get("items").into_iter();
            return items
                .flat_map(|i| [i, i])
                .map(|i| self.value(i, field, depth + 1))
                .collect();
        }
        if is("integer") || is("number") {
            return node.get("minimum").cloned().unwrap_or(json!(1));
        }
        if is("boolean") {
            return json!(true);
        }
        let format = node.get("format").and_then(Value::as_str);
        match node.get("pattern").and_then(Value::as_str) {
            None if format == Some("uri") => json!("https://example.com/"),
            None | Some("\\S") if format.is_none() => json!(self.text(field)),
            Some(web) if web.contains("https") => json!("https://example.com/"),
            Some(part) if part.contains("a-z") => json!(format!("part-{}", self.count)),
            _ => json!("2026-10-01"),
        }
    }
}

fn front(fields: &Map<String, Value>, body: &str) -> Vec<u8> {
    let mut text = String::from("---\n");
    for (name, value) in fields {
        let _ = writeln!(text, "{name}: {}", flow(value));
    }
    let _ = write!(text, "---\n\n{body}\n");
    text.into_bytes()
}

/// The name of a picture.
fn picture(texts: &Texts) -> String {
    format!("{}.svg", texts.file(2))
}

fn settings(texts: &Texts) -> String {
    let settings = json!({
        // A feed holds the title as it is, for which XML has no form.
        "title": texts.text(0).replace(char::is_control, " "),
        "description": texts.text(1),
        "languages": ["de"],
        "logo": format!("/{}", encode(&picture(texts))),
        "brand": "#0a6e5c",
        "edit_url": "https://example.com/edit/",
        "lifecycle": [texts.name(3), texts.name(4), texts.name(5)],
        // These judge signs and words in texts, so that pages would tell of other findings.
        "rules": {"pii": "off", "sensitive-demographic": "off", "near-duplicate": "off"},
        "fields": {"persona": {
            "own": {"type": "string", "title": texts.text(6), "description": texts.text(7)},
            "choice": {"type": "string", "enum": [texts.text(8), texts.text(9)]},
            "many": {"type": "object", "additionalProperties": {"type": "string"}},
        }},
    });
    let settings = settings.as_object().expect("a map");
    let lines = settings
        .iter()
        .map(|(name, value)| format!("{name}: {}\n", flow(value)));
    lines.collect()
}

/// The files of a library whose texts are all of these; `body` is the Markdown of each entity.
pub(super) fn files(texts: &Texts, body: &str) -> Files {
    let settings = settings(texts);
    let tree = Memory::default().with("personary.yaml", settings.as_str());
    let read = read_settings(&Document::read_yaml(&tree, &"personary.yaml".into()));
    assert_eq!(read.findings, []);
    let mut files = Files::from([("personary.yaml".to_owned(), settings.into_bytes())]);
    let picture = picture(texts);
    for path in [
        format!("static/{picture}"),
        format!("content/personas/{picture}"),
    ] {
        files.insert(path, b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec());
    }
    let schemas = Schemas::new(&read.settings).expect("schemas");
    for (number, &kind) in Kind::ALL.iter().enumerate() {
        for n in 0..EACH {
            let at = number * EACH + n;
            let mut filler = Filler {
                root: schemas.json(kind),
                texts,
                next: at,
                count: n,
            };
            let value = filler.value(filler.root, "", 0);
            let mut fields = value.as_object().cloned().expect("a map");
            let mut own = common(&mut filler, kind, at);
            own.extend(chosen(&mut filler, kind, n));
            for (name, value) in own {
                match value {
                    Value::Null => fields.shift_remove(&name),
                    value => fields.insert(name, value),
                };
            }
            let path = format!("content/{}/{kind}-{n}", kind.folder());
            files.insert(format!("{path}.md"), front(&fields, body));
            if kind == Kind::Persona {
                let (name, summary) = (filler.text("name"), filler.text(""));
                let german = json!({"name": name, "summary": summary});
                let german = german.as_object().expect("a map");
                files.insert(format!("{path}.de.md"), front(german, body));
            }
            if kind == Kind::Kpi {
                let cell = filler.text("").replace(['\n', '\r', '\0'], " ");
                let cell = cell.replace('"', "\"\"");
                let rows =
                    ["2026-08", "2026-09"].map(|p| format!("{p},{n}.5,persona-{n},40,\"{cell}\""));
                let rows = format!("period,value,persona,n,source\n{}\n", rows.join("\n"));
                files.insert(format!("{path}.csv"), rows.into_bytes());
            }
        }
    }
    let named = Map::from_iter([("name".to_owned(), json!(texts.name(10)))]);
    files.insert(
        format!("content/pages/{}.md", texts.file(10)),
        front(&named, body),
    );
    files
}

/// What entities of every kind have that no schema alone tells.
fn common(filler: &mut Filler<'_>, kind: Kind, at: usize) -> Map<String, Value> {
    let former = format!("former-{at}");
    let fields = json!({
        "status": if at % EACH == 2 { "deprecated" } else { "active" },
        "superseded_by": format!("{kind}-0"),
        "aliases": [former, filler.texts.file(at)],
        "allow": [
            {"rule": filler.text(""), "reason": filler.text("")},
            {"rule": "assumption-based", "reason": filler.text(""), "until": "2026-12-01"},
        ],
    });
    fields.as_object().cloned().expect("a map")
}

/// What the one of this number has of its kind, so that there is one of each sort; what is `null`, it
/// has not.
fn chosen(filler: &mut Filler<'_>, kind: Kind, n: usize) -> Map<String, Value> {
    let fields = match kind {
        Kind::Evidence => json!({"sensitivity": (["public", "internal", "restricted"][n])}),
        // Only what is so today is counted.
        Kind::Journey => json!({"state": (["current", "future", "current"][n])}),
        // Without a word it is the file of the same name. A name that leads out of the project is
        // passed over, so no text with slashes stands here.
        Kind::Kpi => {
            let missing = filler.texts.file(n);
            json!({"measurements": ([json!("kpi-0.csv"), json!(missing), Value::Null][n])})
        }
        Kind::Persona => {
            let (market, other) = [("b2c", "b2b"), ("b2b", "b2c"), ("b2c", "b2b")][n];
            let picture = encode(&picture(filler.texts));
            let mut fields = json!({
                "market": market,
                "stance": (["target", "target", "negative"][n]),
                "portrait": ([picture.clone(), filler.text(""), picture][n]),
                "extra": {filler.text("name"): [filler.text("")]},
            });
            fields[other] = Value::Null;
            if n != 2 {
                fields["negative"] = Value::Null;
            }
            fields
        }
        _ => json!({}),
    };
    fields.as_object().cloned().expect("a map")
}

/// So many personas that whatever is cut into parts is, but for the sitemap.
const PERSONAS: usize = 520;
/// So many KPIs that not all have a column.
const KPIS: usize = 20;

/// The files of a library that is large, and whose personas say little.
pub(super) fn many(texts: &Texts) -> Files {
    let mut files = files(texts, "Plain.");
    let mut add = |kind: &str, n: usize, fields: &Value| {
        let fields = fields.as_object().expect("a map");
        files.insert(format!("content/{kind}/many-{n:03}.md"), front(fields, ""));
    };
    for n in 0..KPIS {
        let fields = json!({
            "name": texts.name(n),
            "kind": "custom",
            "class": "outcome",
            "unit": texts.text(n),
            "direction": "up",
            "cadence": "monthly",
            "owner": "team-0",
        });
        add("kpis", n, &fields);
    }
    for n in 0..PERSONAS {
        let kpis = [n % KPIS, (n + 1) % KPIS].map(|n| format!("many-{n:03}"));
        let fields = json!({
            "name": texts.name(n),
            "summary": texts.text(n),
            "status": "active",
            "owner": "team-0",
            "market": "b2c",
            "b2c": {},
            "stance": "target",
            "basis": "proto",
            "segments": if n % 3 == 0 { vec![] } else { vec!["segment-0"] },
            "lifecycle": [texts.name(3)],
            "kpis": kpis,
            "goals": [{"id": "goal", "text": texts.text(n + 1), "kpis": ["kpi-1"]}],
        });
        add("personas", n, &fields);
    }
    files
}

/// Files as a tree in memory.
pub(super) fn tree(files: &Files) -> Memory {
    files.iter().fold(Memory::default(), |tree, (path, bytes)| {
        tree.with(path, bytes.clone())
    })
}
