//! An entity: one content file, read and typed.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::EntityId;
use super::citations::Citations;
use super::links::{self, Target};
use super::measurements::{self, Measurements};
use super::translation::{Translated, Translation};
use crate::diagnostic::Diagnostic;
use crate::schema::kinds::claim::Claim;
use crate::schema::kinds::common::{Common, Status};
use crate::schema::kinds::evidence::Sensitivity;
use crate::schema::kinds::persona::{Persona, Stance};
use crate::schema::{Data, Kind, Reference, Schemas};
use crate::source::markdown::{Outline, outline, slug};
use crate::source::yaml::Node;
use crate::source::{Document, Tree};

/// One content file, read and typed. References are kept as written; the library resolves them.
#[derive(Debug)]
pub struct Entity {
    /// Its index in the library.
    pub index: EntityId,
    /// What it is.
    pub kind: Kind,
    /// Its name in references: the stem of its file, or the path below `pages/`.
    pub id: Box<str>,
    /// Its text, with the places of all values.
    pub document: Document,
    /// The fields that every kind has.
    pub common: Common,
    /// The typed front matter; `None` when it is broken.
    pub data: Option<Data>,
    /// The references of its front matter.
    pub references: Vec<Reference>,
    /// Headings and links of its Markdown.
    pub outline: Outline,
    /// What the links point at, in the order of `outline.links`.
    pub targets: Vec<Target>,
    /// The measurements of a KPI.
    pub measurements: Option<Measurements>,
    /// What is wrong with it by itself; references are checked later.
    pub findings: Vec<Diagnostic>,
    /// The anchors of a persona's claims, list by list.
    pub claim_anchors: Vec<Vec<Box<str>>>,
    /// What its claims cite.
    pub(super) citations: Citations,
    /// The name in small letters and without accents, by which lists are sorted; behind it the
    /// path, for two may have one name.
    pub(super) sort_name: Arc<str>,
    /// What [`is_restricted`](Self::is_restricted) answers.
    restricted: bool,
    /// Its texts in other languages, in the order of the settings.
    pub translations: Vec<Translation>,
    /// Set when it is what a translation makes of the original.
    pub translated: Option<Translated>,
    /// What the file holds now, when that cannot be shown and the entity is what it was before.
    pub broken: Option<Box<Entity>>,
}

impl Entity {
    /// Reads the file `path`, which holds the entity `(kind, id)`.
    pub fn read(tree: &dyn Tree, schemas: &Schemas, path: &Arc<str>, kind: Kind, id: &str) -> Self {
        let mut document = Document::read(tree, path, !kind.front_matter_optional());
        let mut findings = std::mem::take(&mut document.findings);
        // A file that could not be read has told so; its fields are not also missing.
        let checked = if findings.iter().any(|f| f.code != "duplicate-key") {
            crate::schema::Checked::default()
        } else {
            schemas.read(kind, &document)
        };
        findings.extend(checked.findings);
        let mut entity = Self::of_text(document, kind, id);
        entity.findings = findings;
        entity.common = checked.common;
        entity.references = checked.references;
        match &checked.data {
            Some(Data::Persona(persona)) => {
                entity.claim_anchors = claim_anchors(&persona.claim_lists());
                entity.citations = Citations::of(persona);
            }
            Some(Data::Evidence(evidence)) => {
                // A word that is given twice counts both times.
                let is_doubtful = !entity.findings.is_empty() && entity.restricted;
                entity.restricted =
                    is_doubtful || evidence.sensitivity == Some(Sensitivity::Restricted);
            }
            _ => {}
        }
        entity.data = checked.data;
        let path = &entity.document.path;
        entity.sort_name = format!("{}\0{path}", sortable(entity.name())).into();
        if kind == Kind::Kpi {
            measurements::attach(tree, &mut entity);
        }
        let name = entity.qualified();
        for finding in &mut entity.findings {
            finding.entity = Some(name.clone());
        }
        entity
    }

    /// Sets its index in the library.
    pub(super) fn number(&mut self, index: EntityId) {
        self.index = index;
        for translation in &mut self.translations {
            translation.source.index = index;
        }
    }

    /// An entity that nothing is known of but its text.
    pub(crate) fn of_text(document: Document, kind: Kind, id: &str) -> Self {
        let outline = outline(document.markdown(), document.body.start);
        let path = &document.path;
        let targets = outline
            .links
            .iter()
            .map(|link| links::target(path, link))
            .collect();
        Self {
            index: EntityId::default(),
            kind,
            id: id.into(),
            common: Common::default(),
            data: None,
            references: Vec::new(),
            outline,
            targets,
            measurements: None,
            claim_anchors: Vec::new(),
            citations: Citations::default(),
            findings: Vec::new(),
            sort_name: "".into(),
            restricted: kind == Kind::Evidence && may_be_restricted(&document),
            translations: Vec::new(),
            translated: None,
            broken: None,
            document,
        }
    }

    /// `persona:priya-raman`.
    pub fn qualified(&self) -> String {
        format!("{}:{}", self.kind, self.id)
    }

    /// What lists are sorted by: the name in small letters and without accents, then the path. No
    /// two are equal, so an order does not depend on when files came, as that of indices does.
    pub fn sort_key(&self) -> &str {
        &self.sort_name
    }

    /// The small letter, without its accents, under which lists show it.
    pub fn sort_letter(&self) -> Option<char> {
        self.sort_name
            .chars()
            .next()
            .filter(|letter| *letter != '\0')
    }

    /// The name that people read: the field, the first heading of a page, or the id.
    pub fn name(&self) -> &str {
        if !self.common.name.is_empty() {
            return &self.common.name;
        }
        match self.outline.headings.first() {
            Some(heading) if self.kind == Kind::Page && !heading.text.is_empty() => &heading.text,
            _ => &self.id,
        }
    }

    /// The day its text last changed, as far as it says so itself.
    pub fn changed(&self) -> Option<Date> {
        self.common.last_reviewed
    }

    /// Its translation into a language.
    pub fn translation(&self, lang: &str) -> Option<&Translation> {
        self.translations.iter().find(|t| *t.lang == *lang)
    }

    /// Where it is in its life.
    pub fn status(&self) -> Status {
        self.common.status()
    }

    /// Whether it is active: neither a draft nor on its way out.
    pub fn is_active(&self) -> bool {
        self.status() == Status::Active
    }

    /// Whether it is published; `drafts` tells whether drafts are.
    pub fn is_published(&self, drafts: bool) -> bool {
        (drafts || self.status() != Status::Draft) && !self.is_restricted()
    }

    /// Whether it is evidence that nobody who reads the site may see. Where a mistake in the file
    /// leaves that open, what its text says is enough.
    pub fn is_restricted(&self) -> bool {
        self.restricted
    }

    /// Whether it is neither deprecated nor retired.
    pub fn is_current(&self) -> bool {
        matches!(self.status(), Status::Draft | Status::Active)
    }

    /// The stance of an active persona; nothing for anybody else.
    pub fn active_stance(&self) -> Option<Stance> {
        match &self.data {
            Some(Data::Persona(persona)) if self.is_active() => Some(persona.stance),
            _ => None,
        }
    }

    /// Whether it is an active persona to win.
    pub fn is_active_target(&self) -> bool {
        self.active_stance() == Some(Stance::Target)
    }

    /// Whether what others say of `self` is judged as what they say of `other` would be.
    fn judged_like(&self, other: &Self) -> bool {
        match (&self.data, &other.data) {
            (Some(Data::Evidence(a)), Some(Data::Evidence(b))) => {
                (a.method, a.population, a.n, a.collected.to)
                    == (b.method, b.population, b.n, b.collected.to)
            }
            (Some(Data::Persona(a)), Some(Data::Persona(b))) => {
                let department = |p: &Persona| p.b2b.as_ref().map(|b2b| b2b.department.clone());
                a.stance == b.stance && department(a) == department(b)
            }
            _ => true,
        }
    }

    /// Whether references to `self` resolve and are judged as references to `other` would be.
    pub fn answers_like(&self, other: &Self) -> bool {
        self.common.aliases == other.common.aliases
            && self.common.status == other.common.status
            && self.common.superseded_by == other.common.superseded_by
            && self.data.is_some() == other.data.is_some()
            && self.judged_like(other)
            && self.anchors().eq(other.anchors())
            && self.anchors_by_language().eq(other.anchors_by_language())
    }

    /// Each language of a translation, and the anchors of the text in it.
    fn anchors_by_language(&self) -> impl Iterator<Item = String> + '_ {
        let translations = self.translations.iter();
        translations.flat_map(|t| std::iter::once(t.lang.to_string()).chain(t.source.anchors()))
    }

    /// Every claim of a persona, with the name of its list and its id in the page.
    pub fn claims(&self) -> impl Iterator<Item = (&'static str, &Claim, &str)> {
        let lists = match &self.data {
            Some(Data::Persona(persona)) => Some(persona.claim_lists()),
            _ => None,
        };
        let lists = lists.into_iter().flatten().zip(&self.claim_anchors);
        lists.flat_map(|((field, claims), anchors)| {
            let claims = claims.iter().zip(anchors);
            claims.map(move |(claim, anchor)| (field, claim, &**anchor))
        })
    }

    /// The lists of those claims and their places in them, which make up their JSON Pointers, in the
    /// same order.
    pub fn claim_places(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let lists = match &self.data {
            Some(Data::Persona(persona)) => Some(persona.claim_lists()),
            _ => None,
        };
        lists
            .into_iter()
            .flatten()
            .flat_map(|(field, claims)| (0..claims.len()).map(move |number| (field, number)))
    }

    /// The anchors of its page that are not headings: claims by their list, or stages and steps.
    pub fn own_anchors(&self) -> Vec<String> {
        match &self.data {
            Some(Data::Persona(persona)) => {
                let lists = persona.claim_lists();
                let lists = lists.iter().map(|(field, _)| (*field).to_owned());
                lists
                    .chain(
                        self.claim_anchors
                            .iter()
                            .flatten()
                            .map(std::string::ToString::to_string),
                    )
                    .collect()
            }
            Some(Data::Journey(journey)) => journey
                .stages
                .iter()
                .flat_map(|stage| {
                    let steps = (0..stage.steps.len()).map(|index| stage.step_anchor(index));
                    std::iter::once(stage.id.to_string()).chain(steps)
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// All anchors of its page.
    pub fn anchors(&self) -> impl Iterator<Item = String> + '_ {
        let headings = self.outline.headings.iter().map(|h| h.id.to_string());
        let raw = self
            .outline
            .raw_ids
            .iter()
            .map(std::string::ToString::to_string);
        headings.chain(self.own_anchors()).chain(raw)
    }
}

/// A name in small letters without accents, so that `Émile` stands before `Frank`.
fn sortable(name: &str) -> String {
    let name = name.to_lowercase();
    if name.is_ascii() {
        return name;
    }
    let mut out = String::with_capacity(name.len());
    for letter in name.nfd() {
        match letter {
            // Other scripts have marks that tell words apart.
            '\u{300}'..='\u{36f}' => {}
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            other => out.push(other),
        }
    }
    out
}

/// Whether evidence that does not validate may be restricted: whether its file says the word
/// anywhere, under whatever name, or its front matter with characters that are escaped.
fn may_be_restricted(document: &Document) -> bool {
    fn says(text: &str) -> bool {
        text.to_ascii_lowercase().contains("restricted")
    }
    fn says_below(node: Node<'_>) -> bool {
        node.as_str().is_some_and(says)
            || node.items().any(says_below)
            || node.entries().any(|(_, value)| says_below(value))
    }
    says(&document.text) || document.root().is_some_and(says_below)
}

/// The anchors of all claims of a page, list by list: the author's ids, or ones made of the text.
/// An id that the page already has is preceded by the name of its list.
fn claim_anchors(lists: &[(&str, &[Claim])]) -> Vec<Vec<Box<str>>> {
    let mut taken: HashSet<String> = lists.iter().map(|(field, _)| (*field).to_owned()).collect();
    let mut anchor = |field: &str, claim: &Claim| -> Box<str> {
        let derived = || derived_id(field, &claim.text);
        let base = claim.id.as_deref().map_or_else(derived, str::to_owned);
        let mut id = base.clone();
        let mut number = 1;
        while !taken.insert(id.clone()) {
            id = match number {
                1 => format!("{field}-{base}"),
                n => format!("{field}-{base}-{n}"),
            };
            number += 1;
        }
        id.into()
    };
    lists
        .iter()
        .map(|(field, claims)| claims.iter().map(|claim| anchor(field, claim)).collect())
        .collect()
}

/// An id from the first words of a claim.
fn derived_id(field: &str, text: &str) -> String {
    let words: Vec<_> = text
        .split_whitespace()
        .take(6)
        .map(slug)
        .filter(|w| !w.is_empty())
        .collect();
    if words.is_empty() {
        return field.to_owned();
    }
    words.join("-")
}

/// What a content path holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// An entity.
    Entity(Kind, Box<str>),
    /// A CSV of measurements, or another file that is copied.
    Asset,
    /// Kept out by a leading `_`, or nothing of ours.
    Ignored,
    /// Markdown in a folder that no kind has; the name of the folder.
    Stray(Box<str>),
}

/// Tells by its path what a file below `content/` is.
pub fn role(path: &str) -> Role {
    let Some(below) = path.strip_prefix("content/") else {
        return Role::Ignored;
    };
    if below.split('/').any(|part| part.starts_with(['_', '.'])) {
        return Role::Ignored;
    }
    let Some(stem) = below.strip_suffix(".md") else {
        return Role::Asset;
    };
    let Some((folder, rest)) = stem.split_once('/') else {
        return if stem.eq_ignore_ascii_case("readme") {
            Role::Ignored
        } else {
            Role::Stray("".into())
        };
    };
    let Some(kind) = Kind::ALL.iter().copied().find(|k| k.folder() == folder) else {
        return Role::Stray(folder.into());
    };
    let stem = rest.rsplit('/').next().unwrap_or(rest);
    if stem.eq_ignore_ascii_case("readme") {
        return Role::Ignored;
    }
    let id = if kind == Kind::Page { rest } else { stem };
    Role::Entity(kind, normal(id))
}

/// Why `id` can be no id of a kind, which is also the name of a file and a folder of the site.
pub fn id_fault(kind: Kind, id: &str) -> Option<&'static str> {
    if id.is_empty() {
        return Some("it is empty");
    }
    if id.contains('/') && kind != Kind::Page {
        return Some("only pages stand in folders");
    }
    if id.contains('\\') || id.contains(char::is_control) {
        return Some("it holds characters that no file name has");
    }
    id.split('/').find_map(|part| {
        if part.is_empty() {
            Some("a folder of it has no name")
        } else if part.starts_with(['.', '_']) {
            Some("files that begin with `_` or `.` are kept out of the site")
        } else if part.trim() != part {
            Some("it begins or ends with a space")
        } else if matches!(part, "index.html" | "index.json") {
            Some("pages have files of that name")
        } else {
            None
        }
    })
}

/// An id with composed characters, however the file system writes them.
pub fn normal(id: &str) -> Box<str> {
    if is_nfc(id) {
        id.into()
    } else {
        id.nfc().collect::<String>().into()
    }
}
