//! Floor 4: the rules.
//!
//! In: a [`Library`]. Out: findings, sorted by path and place. Reading has already found what is
//! wrong with each file by itself; the rules find what is wrong between files. Each looks at one
//! entity at a time, so that the preview can ask again about the few that a save touches.

mod rules;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Severity};
use crate::library::{Entity, EntityId, Library};
use crate::schema::nearest;

/// One rule: a name, a default severity, and how it looks at an entity.
pub struct Rule {
    /// The stable name: `unknown-ref`.
    pub name: &'static str,
    /// How much it matters unless the settings say otherwise.
    pub severity: Severity,
    /// What it finds, in one sentence.
    pub summary: &'static str,
    /// Whether it is asked only where the settings give it a severity.
    pub optional: bool,
    /// The check; `None` for what is found while reading.
    check: Option<fn(&Library, &Entity, &mut Vec<Diagnostic>)>,
}

impl Rule {
    /// What most rules have in common.
    const NEW: Self = read("", "");

    fn is_asked(&self, library: &Library) -> bool {
        !self.optional || library.settings.rules.contains_key(self.name)
    }
}

/// Every rule. A new one is a file in `rules/` and a line here.
pub const RULES: &[Rule] = &[
    read("unreadable", "A file or folder that cannot be read as text"),
    read(
        "front-matter-missing",
        "A file without front matter, or with one that never ends",
    ),
    read("yaml-syntax", "Front matter that is not YAML"),
    read("duplicate-key", "A field that is given twice"),
    read("unknown-key", "A field that the kind does not have"),
    read(
        "schema",
        "A field that is missing or has a value it must not have",
    ),
    Rule {
        severity: Severity::Warn,
        ..read("unknown-folder", "A file in a folder that no kind has")
    },
    rules::unknown_ref::RULE,
    rules::deprecated_ref::RULE,
    rules::broken_link::RULE,
    rules::broken_anchor::RULE,
    rules::missing_asset::RULE,
    rules::duplicate_id::RULE,
    rules::alias_clash::RULE,
    rules::orphan::RULE,
    rules::claim_without_id::RULE,
    read(
        "csv-syntax",
        "A row of measurements that does not fit its columns",
    ),
    read(
        "csv-column",
        "A column that measurements do not have, or lack",
    ),
    read("csv-period", "A period that is none"),
    read("csv-value", "A measurement that is not a number"),
    read(
        "csv-scale",
        "A measurement or an answer that is not on the scale of the KPI",
    ),
    read(
        "csv-counts",
        "Counts that do not add up to `n`, or do not make the value",
    ),
    read(
        "csv-interval",
        "An interval that is upside down or does not hold the value",
    ),
    read(
        "csv-duplicate",
        "Two measurements of the same period and slice",
    ),
    read("template", "A theme template that does not work"),
];

/// A rule whose findings are made while reading.
const fn read(name: &'static str, summary: &'static str) -> Rule {
    Rule {
        name,
        severity: Severity::Error,
        summary,
        optional: false,
        check: None,
    }
}

/// All findings of a library, sorted by path and place.
pub fn all(library: &Library) -> Vec<Diagnostic> {
    let entities: Vec<EntityId> = library.all().map(|(index, _)| index).collect();
    let mut findings: Vec<Diagnostic> = entities
        .par_iter()
        .flat_map_iter(|&index| of_entity(library, index))
        .collect();
    findings.extend(of_project(library));
    findings.sort_by(Diagnostic::order);
    findings
}

/// The findings about the project as a whole.
pub fn of_project(library: &Library) -> Vec<Diagnostic> {
    let mut findings = library.findings.clone();
    findings.extend(library.stray_findings().cloned());
    rules::missing_asset::logo(library, &mut findings);
    for name in library.settings.rules.keys() {
        if RULES.iter().all(|rule| rule.name != name) {
            let names = RULES.iter().map(|rule| rule.name);
            let help = nearest::nearest(name, names).map_or_else(
                || "remove the line".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let file = crate::library::SETTINGS_FILE;
            let message = format!("there is no rule `{name}`");
            findings
                .push(Diagnostic::new("unknown-key", Severity::Error, file, message).help(help));
        }
    }
    graded(library, findings)
}

/// The findings about one entity.
pub fn of_entity(library: &Library, index: EntityId) -> Vec<Diagnostic> {
    let Some(entity) = library.entity(index) else {
        return Vec::new();
    };
    let entity = entity.broken.as_deref().unwrap_or(entity);
    let mut findings = entity.findings.clone();
    let read = findings.len();
    let asked = RULES.iter().filter(|rule| rule.is_asked(library));
    for check in asked.filter_map(|rule| rule.check) {
        check(library, entity, &mut findings);
    }
    for finding in &mut findings[read..] {
        finding.entity = Some(entity.qualified());
    }
    graded(library, findings)
}

/// Gives findings the severity that the settings ask for.
fn graded(library: &Library, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let levels = &library.settings.rules;
    if levels.is_empty() {
        return findings;
    }
    findings.retain_mut(
        |finding| match levels.get(finding.code).map(|l| l.severity()) {
            Some(Some(severity)) => {
                finding.severity = severity;
                true
            }
            Some(None) => false,
            None => true,
        },
    );
    findings
}

/// The findings of a library that changes: kept by entity, so that a save costs what it touches.
#[derive(Debug, Default)]
pub struct Findings {
    project: Vec<Diagnostic>,
    entities: BTreeMap<EntityId, Vec<Diagnostic>>,
}

impl Findings {
    /// All findings of a library.
    pub fn of(library: &Library) -> Self {
        let indices: Vec<EntityId> = library.all().map(|(index, _)| index).collect();
        Self {
            project: of_project(library),
            entities: indices
                .par_iter()
                .map(|&index| (index, of_entity(library, index)))
                .filter(|(_, findings)| !findings.is_empty())
                .collect(),
        }
    }

    /// Looks again at the project and at the given entities.
    pub fn refresh(&mut self, library: &Library, entities: impl IntoIterator<Item = EntityId>) {
        self.project = of_project(library);
        for index in entities {
            let findings = of_entity(library, index);
            if findings.is_empty() {
                self.entities.remove(&index);
            } else {
                self.entities.insert(index, findings);
            }
        }
    }

    /// The findings about one entity.
    pub fn about(&self, index: EntityId) -> &[Diagnostic] {
        self.entities.get(&index).map_or(&[], Vec::as_slice)
    }

    /// All findings, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.project.iter().chain(self.entities.values().flatten())
    }
}
