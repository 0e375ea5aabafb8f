//! Translations: `ID.de.md` beside `ID.md` says some of its texts in German.
//!
//! A translation belongs to its entity, as measurements do to a KPI. In: the entity and the file.
//! Out: which text of the entity is said how, with a finding for what does not fit; and the entity
//! as it is in that language, where what is not translated stays as it was. So a translation can
//! change words and nothing else: references, ids and numbers are always those of the original.

mod fit;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value;

use super::{Entity, Library};
use crate::diagnostic::{Diagnostic, Severity};
use crate::schema::{Kind, Schemas, Typed};
use crate::source::yaml::flow;
use crate::source::{Document, Overlay, Tree};

/// The code of findings about what does not fit.
pub const RULE: &str = "translation";
/// The field that says of which day the translated text is.
pub const DAY: &str = "translated";

/// One translation of an entity.
#[derive(Debug)]
pub struct Translation {
    /// Its language, as the settings write it.
    pub lang: Box<str>,
    /// The day of the text that was translated, if it says so.
    pub translated: Option<Date>,
    /// The file itself: an entity without fields, whose text may have links.
    pub source: Box<Entity>,
    /// What is said in this language, by JSON Pointer into the original.
    texts: BTreeMap<String, String>,
    /// The texts of the original that are not.
    unsaid: BTreeSet<String>,
}

/// Of an entity as it is in another language: where it comes from.
#[derive(Debug)]
pub struct Translated {
    /// The language of the page.
    pub lang: Box<str>,
    /// The file of the translation.
    pub path: Arc<str>,
    unsaid: BTreeSet<String>,
    /// Whether the Markdown is translated.
    pub body: bool,
}

impl Translated {
    /// Whether the text at a JSON Pointer is still in the language of the original.
    pub fn lacks(&self, pointer: &str) -> bool {
        self.unsaid.contains(pointer) || self.unsaid.contains(&format!("{pointer}/text"))
    }
}

/// The file of a translation of the entity in `original`.
pub fn path_of(original: &str, lang: &str) -> String {
    let stem = original.strip_suffix(".md").unwrap_or(original);
    format!("{stem}.{lang}.md")
}

/// The file that the one at `path` translates, and into which of `languages`; `None` for a file that
/// is no translation.
pub fn original_of<'l>(path: &str, languages: &'l [String]) -> Option<(String, &'l str)> {
    if languages.is_empty() {
        return None;
    }
    let (stem, lang) = path.strip_suffix(".md")?.rsplit_once('.')?;
    let lang = languages.iter().find(|known| **known == *lang)?;
    let named = stem.rsplit('/').next().is_some_and(|name| !name.is_empty());
    named.then(|| (format!("{stem}.md"), lang.as_str()))
}

/// Whether a translation of the day `translated` is older than its original, which changed on
/// `original_changed`. Where one of the days is not known nobody can say, and it is not.
pub fn translation_is_older(original_changed: Option<Date>, translated: Option<Date>) -> bool {
    match (original_changed, translated) {
        (Some(changed), Some(translated)) => translated < changed,
        _ => false,
    }
}

/// Adds the translations of an entity that are there.
pub(super) fn attach(
    tree: &dyn Tree,
    schemas: &Schemas,
    languages: &[String],
    entity: &mut Entity,
) {
    for lang in languages {
        let path = path_of(&entity.document.path, lang);
        if tree.exists(&path) {
            let translation = read(tree, schemas, entity, (&path.into(), lang));
            entity.translations.push(translation);
        }
    }
}

fn read(
    tree: &dyn Tree,
    schemas: &Schemas,
    original: &mut Entity,
    (path, lang): (&Arc<str>, &str),
) -> Translation {
    let mut document = Document::read(tree, path, false);
    let mut findings = std::mem::take(&mut document.findings);
    let mut translated = None;
    let mut fit = fit::Fit::new(schemas.json(original.kind), &document);
    if let Some(root) = document.root() {
        if let Some((_, day)) = root.entry(DAY) {
            translated = day.as_str().and_then(|text| text.parse().ok());
            if translated.is_none() && !day.is_null() {
                let message = format!("`{DAY}` is no day");
                let finding = document.finding("schema", day.span(), message);
                findings.push(finding.help(format!("write it as `{DAY}: 2026-10-01`")));
            }
        }
        if let (Some(first), true) = (original.document.root(), original.data.is_some()) {
            fit.lay(first, root);
        }
    }
    if let Some(first) = original.document.root() {
        fit.collect(first);
    }
    findings.extend(fit.findings.finish());
    let (texts, unsaid) = (fit.texts, fit.unsaid);
    let name = original.qualified();
    for mut finding in findings {
        finding.entity = Some(name.clone());
        original.findings.push(finding);
    }
    Translation {
        lang: lang.into(),
        translated,
        source: Box::new(Entity::of_text(document, original.kind, &original.id)),
        texts,
        unsaid,
    }
}

/// The finding about a translation that has no original.
pub(super) fn lonely(path: &Arc<str>, original: &str) -> Diagnostic {
    let message = format!("there is no `{original}` that this file could be a translation of");
    Diagnostic::new(RULE, Severity::Warn, Arc::clone(path), message)
        .help("name it as the file that it translates, with the language before `.md`")
}

impl Translation {
    /// What the translation says at a JSON Pointer of the original.
    pub fn says(&self, pointer: &str) -> Option<&str> {
        self.texts.get(pointer).map(String::as_str)
    }

    /// `original` in this language.
    pub fn whole(&self, library: &Library, original: &Entity) -> Entity {
        let shape = library.schemas.shape(original.kind);
        let root = original.document.root().filter(|root| root.is_map());
        let typed = root.map(|node| serde_json::to_value(Typed { node, shape }));
        let mut value = typed.and_then(Result::ok).unwrap_or_default();
        for (pointer, text) in &self.texts {
            if let Some(place) = value.pointer_mut(pointer) {
                *place = Value::String(text.clone());
            }
        }
        let own = self.source.document.markdown();
        let body = !own.trim().is_empty();
        let markdown = if body {
            own
        } else {
            original.document.markdown()
        };
        // The whole of it is read as any file.
        let text = match value {
            Value::Null => markdown.to_owned(),
            value => format!("---\n{}\n---\n{markdown}", flow(&value)),
        };
        let mut tree = Overlay::new(Arc::clone(library.tree()));
        let path = &original.document.path;
        tree.write(path, &text);
        let mut whole = Entity::read(&tree, &library.schemas, path, original.kind, &original.id);
        whole.index = original.index;
        // Links to a claim must lead to it in every language.
        whole.claim_anchors.clone_from(&original.claim_anchors);
        whole.translated = Some(Translated {
            lang: self.lang.clone(),
            path: Arc::clone(&self.source.document.path),
            unsaid: self.unsaid.clone(),
            body: body || markdown.trim().is_empty(),
        });
        whole
    }

    /// The name in this language, if it is translated. A page may be named by its first heading.
    pub fn name(&self) -> Option<&str> {
        self.says("/name").or_else(|| {
            let heading = self.source.outline.headings.first();
            let heading = heading.filter(|_| self.source.kind == Kind::Page);
            heading.map(|heading| &*heading.text)
        })
    }

    /// Whether it is older than what `original` says today.
    pub fn is_older(&self, original: &Entity) -> bool {
        translation_is_older(original.changed(), self.translated)
    }
}

#[cfg(test)]
mod tests;
