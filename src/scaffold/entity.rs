//! One content file, written down from the JSON Schema of its kind.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::reading::{self, About};
use super::{File, id, scalar, schema_hint};
use crate::library::{Entity, Library};
use crate::schema::kinds::common::Status;
use crate::schema::kinds::persona::Stance;
use crate::schema::shape::{self, KindSet};
use crate::schema::{Data, Kind};

/// Lines are cut off here as far as their description allows.
const WIDTH: usize = 100;

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// A file of this kind.
    pub kind: Kind,
    /// Its id, as [`id::check`] returns it.
    pub id: &'a str,
    /// Its name; without it one that the id suggests.
    pub name: Option<&'a str>,
    /// Values for some of its fields, such as `market`.
    pub choices: BTreeMap<&'a str, &'a str>,
    /// The day to write where a day is needed.
    pub today: Date,
}

/// A content file that is ready to be written.
#[derive(Debug)]
pub struct Made {
    /// The file.
    pub file: File,
    /// The kinds that it has to refer to and the project has none of. The references stand there
    /// and lead nowhere.
    pub missing: BTreeSet<Kind>,
}

/// Makes a content file: required fields with something to replace, the others as comments.
pub fn entity(library: &Library, wanted: &Wanted<'_>) -> Made {
    let schema = library.schemas.json(wanted.kind);
    let name = match wanted.name {
        Some(name) => name.to_owned(),
        None => id::name(wanted.kind, wanted.id),
    };
    let mut given = Map::from_iter([
        ("name".to_owned(), json!(name)),
        ("status".to_owned(), json!("draft")),
    ]);
    for (field, value) in &wanted.choices {
        given.insert((*field).to_owned(), json!(value));
    }
    let mut writer = Writer {
        library,
        wanted,
        root: schema,
        given: &given,
        out: String::new(),
        missing: BTreeSet::new(),
    };
    let (mut required, left_out) = reading::conditions(schema, &given);
    // What nobody has filled in yet is a draft, so that no rule judges it, and has an owner.
    if matches!(wanted.kind, Kind::Journey | Kind::Kpi) {
        for field in ["status", "owner"] {
            if !required.contains(&field) {
                required.push(field);
            }
        }
    }
    writer.fields(schema, &required, &left_out, 0);
    let path = id::path(wanted.kind, wanted.id);
    let hint = format!("schemas/{}.schema.json", wanted.kind);
    let hint = if library.tree().exists(&hint) {
        schema_hint(&path, wanted.kind.name())
    } else {
        String::new()
    };
    let body = match wanted.kind {
        Kind::Page => format!(
            "\n# {}\n\nTODO: Write the page here, in Markdown.\n",
            scalar::comment(&name)
        ),
        _ => "\n<!-- Whatever no field has room for goes here, in Markdown. -->\n".to_owned(),
    };
    Made {
        file: File {
            path,
            text: format!("---\n{hint}{}---\n{body}", writer.out),
        },
        missing: writer.missing,
    }
}

struct Writer<'a> {
    library: &'a Library,
    wanted: &'a Wanted<'a>,
    root: &'a Value,
    given: &'a Map<String, Value>,
    out: String,
    missing: BTreeSet<Kind>,
}

impl<'a> Writer<'a> {
    /// Writes the fields of an object: those that are required, then the others as comments.
    fn fields(&mut self, object: &'a Value, required: &[&str], left_out: &[&str], indent: usize) {
        let Some(properties) = object.get("properties").and_then(Value::as_object) else {
            return;
        };
        let (needed, optional): (Vec<_>, Vec<_>) = properties
            .iter()
            .partition(|(name, _)| required.contains(&name.as_str()));
        for (name, schema) in needed {
            self.field(name, schema, indent);
        }
        if indent == 0 {
            self.out
                .push_str("\n# Optional: remove the `# ` before a field to use it.\n");
        }
        for (name, schema) in optional {
            if !left_out.contains(&name.as_str()) {
                self.option(name, schema, indent, 0);
            }
        }
    }

    /// Writes a field that must be there.
    fn field(&mut self, name: &str, declared: &'a Value, indent: usize) {
        let schema = shape::resolve(self.root, declared);
        let schema = reading::simplest(self.root, schema);
        if let Some(value) = self.given.get(name).filter(|_| indent == 0) {
            let about = reading::about(self.root, declared);
            let about = if about.words.is_empty() {
                About::default()
            } else {
                about
            };
            self.line(indent, "", name, &scalar::yaml(value), &about);
        } else if schema.get("properties").is_some() {
            self.line(indent, "", name, "", &reading::about(self.root, declared));
            self.object(schema, indent + 2);
        } else if schema.get("items").is_some() || schema.get("type") == Some(&json!("array")) {
            self.list(name, declared, schema, indent);
        } else {
            let (value, says_itself) = self.value(declared, schema);
            let about = if says_itself {
                About::default()
            } else {
                reading::about(self.root, declared)
            };
            self.line(indent, "", name, &scalar::yaml(&value), &about);
        }
    }

    /// Writes what is in an object that must be there, so with at least one field.
    fn object(&mut self, schema: &'a Value, indent: usize) {
        let mut required = reading::names(schema);
        let first = schema
            .get("properties")
            .and_then(Value::as_object)
            .and_then(|p| p.keys().next());
        if required.is_empty() {
            required.extend(first.map(String::as_str));
        }
        self.fields(schema, &required, &[], indent);
    }

    fn list(&mut self, name: &str, declared: &'a Value, schema: &'a Value, indent: usize) {
        let about = reading::about(self.root, declared);
        let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        let Some(items) = schema.get("items").filter(|_| least > 0) else {
            return self.line(indent, "", name, "[]", &about);
        };
        self.line(indent, "", name, "", &about);
        let item = reading::simplest(self.root, shape::resolve(self.root, items));
        if item.get("properties").is_some() {
            let before = self.out.len();
            self.object(item, indent + 4);
            // The dash stands in the margin of the first field.
            let dash = before + indent + 2;
            self.out.replace_range(dash..=dash, "-");
        } else {
            let (value, _) = self.value(items, item);
            let margin = " ".repeat(indent + 2);
            for part in [
                &margin,
                "- ",
                &scalar::yaml(&value),
                "
",
            ] {
                self.out.push_str(part);
            }
        }
    }

    /// The value of a required field, and whether it describes the field.
    fn value(&mut self, declared: &Value, schema: &Value) -> (Value, bool) {
        if let Some(kinds) = shape::reference_kinds(schema) {
            return (json!(self.reference(kinds)), false);
        }
        let mut described = schema.clone();
        if let (Some(description), Some(schema)) =
            (declared.get("description"), described.as_object_mut())
        {
            schema.insert("description".to_owned(), description.clone());
        }
        let value = scalar::placeholder(&described, self.wanted.id, self.wanted.today);
        let says_itself = value
            .as_str()
            .is_some_and(|text| text.starts_with("TODO: "));
        (value, says_itself)
    }

    /// An id to refer to, of an entity if there is one.
    fn reference(&mut self, kinds: KindSet) -> String {
        let several = kinds.iter().count() > 1;
        let qualified = |kind: Kind, id: &str| {
            if several {
                format!("{kind}:{id}")
            } else {
                id.to_owned()
            }
        };
        let best = |kind| {
            self.library
                .of_kind(kind)
                .min_by_key(|entity| unfitness(entity))
        };
        if let Some(entity) = kinds.iter().find_map(best) {
            return qualified(entity.kind, &entity.id);
        }
        let kind = kinds.iter().next().unwrap_or(self.wanted.kind);
        self.missing.insert(kind);
        qualified(kind, &format!("{kind}-id"))
    }

    /// Writes an optional field as a comment; the fields of a block below it.
    fn option(&mut self, name: &str, declared: &'a Value, indent: usize, depth: usize) {
        let schema = shape::resolve(self.root, declared);
        let mark = format!("# {}", "  ".repeat(depth));
        let about = reading::about(self.root, declared);
        let properties = schema.get("properties").and_then(Value::as_object);
        let is = |name: &str| schema.get("type").is_some_and(|t| t == name);
        let value = match schema.get("enum").and_then(|words| words.get(0)) {
            Some(word) => scalar::yaml(word),
            None if is("array") => "[]".to_owned(),
            None if is("object") && properties.is_none() => "{}".to_owned(),
            None if schema.get("format") == Some(&json!("date")) => self.wanted.today.to_string(),
            None if is("integer") || is("number") => {
                scalar::yaml(schema.get("minimum").unwrap_or(&json!(0)))
            }
            None if is("boolean") => "true".to_owned(),
            None => String::new(),
        };
        self.line(indent, &mark, name, &value, &about);
        for (name, inner) in properties.into_iter().flatten().filter(|_| depth < 4) {
            self.option(name, inner, indent, depth + 1);
        }
    }

    fn line(&mut self, indent: usize, mark: &str, name: &str, value: &str, about: &About) {
        let key = scalar::yaml(&json!(name));
        let mut line = format!("{}{mark}{key}:", " ".repeat(indent));
        if !value.is_empty() {
            line.push(' ');
            line.push_str(value);
        }
        if *about != About::default() {
            line.push_str("  # ");
            let room = WIDTH.saturating_sub(line.chars().count());
            let words = &about.words;
            line.push_str(scalar::sentences(
                &about.text,
                room.saturating_sub(words.chars().count()),
            ));
            line.push_str(words);
        }
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }
}

/// How little an entity suits as an example to refer to.
fn unfitness(entity: &Entity) -> (bool, bool, bool) {
    let status = entity.status();
    let negative =
        matches!(&entity.data, Some(Data::Persona(persona)) if persona.stance == Stance::Negative);
    (
        matches!(status, Status::Deprecated | Status::Retired),
        negative,
        status == Status::Draft,
    )
}
