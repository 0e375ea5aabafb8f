//! Floor 4: the rules.
//!
//! In: a [`Library`], and the day for which it is judged. Out: findings, sorted by path and place.
//! Reading has already found what is wrong with each file by itself; the rules find what is wrong
//! between files, and with what the files say. Each looks at one entity at a time, so that the
//! preview can ask again about the few that a save touches: an entity, those whom it names and
//! those who name it. What depends on more than these is kept in a table that changes with single
//! entities: the counts of the library, and which personas are [`alike`].
//!
//! - `rules/` holds the rules, a file each, with what people read about it.
//! - [`config`] is what the settings make of them, [`allow`] what a file does.
//! - [`baseline`] tells new findings from those that were there when it was written; a
//!   [`Difference`] is what two states do not have in common.

mod alike;
mod allow;
pub mod baseline;
mod config;
mod context;
mod difference;
#[cfg(test)]
mod health_tests;
mod rules;
mod structure;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rayon::prelude::*;

use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Diagnostic, Gathered, Severity};
use crate::library::health::{Found, Tally};
use crate::library::{Entity, EntityId, Library, Update};
use crate::schema::{Kind, Level};
use alike::Alike;
use config::{Config, Setting};
use context::{Context, Shared};

pub use difference::Difference;

/// One rule: what people read about it, and how it looks at an entity.
pub struct Rule {
    /// Its name, severity, thresholds and page.
    pub about: About,
    /// The check; `None` for what is found otherwise: while reading, or when allowing.
    check: Option<fn(&Context<'_>, &Entity, &mut Gathered)>,
}

/// Every rule. A new one is a file in `rules/` and a line here.
pub static RULES: &[Rule] = &[
    rules::ideal_buyer::RULE,
    rules::demographic_only::RULE,
    rules::too_many_personas::RULE,
    rules::near_duplicate::RULE,
    rules::stale_evidence::RULE,
    rules::stale_translation::RULE,
    rules::not_reviewed::RULE,
    rules::assumption_based::RULE,
    rules::no_negative_persona::RULE,
    rules::negative_thin::RULE,
    rules::negative_targeted::RULE,
    rules::journey_ends_at_purchase::RULE,
    rules::journey_without_evidence::RULE,
    rules::journey_without_opportunity::RULE,
    rules::persona_without_journey::RULE,
    rules::pain_without_opportunity::RULE,
    rules::flat_emotion::RULE,
    rules::department_gap::RULE,
    rules::kpi_without_owner::RULE,
    rules::kpi_without_target::RULE,
    rules::goal_without_kpi::RULE,
    rules::vanity_kpi::RULE,
    rules::overdue_measurement::RULE,
    rules::small_sample::RULE,
    rules::mixed_method::RULE,
    rules::pii::RULE,
    rules::sensitive_demographic::RULE,
    rules::unattributed_quote::RULE,
    structure::UNREADABLE,
    structure::FRONT_MATTER_MISSING,
    structure::YAML_SYNTAX,
    structure::DUPLICATE_KEY,
    structure::UNKNOWN_KEY,
    structure::SCHEMA,
    structure::UNKNOWN_FOLDER,
    structure::UNPUBLISHED_FILE,
    rules::unknown_ref::RULE,
    rules::deprecated_ref::RULE,
    rules::broken_link::RULE,
    rules::broken_anchor::RULE,
    rules::missing_asset::RULE,
    rules::duplicate_id::RULE,
    rules::alias_clash::RULE,
    rules::orphan::RULE,
    rules::claim_without_id::RULE,
    structure::PATH_CLASH,
    structure::TRANSLATION,
    structure::CSV_SYNTAX,
    structure::CSV_COLUMN,
    structure::CSV_PERIOD,
    structure::CSV_VALUE,
    structure::CSV_SCALE,
    structure::CSV_COUNTS,
    structure::CSV_INTERVAL,
    structure::CSV_DUPLICATE,
    structure::TEMPLATE,
    allow::UNUSED,
    allow::EXPIRED,
];

/// The rules that look at the text of a translation, too.
const OF_TEXTS: [&str; 3] = [
    rules::broken_link::RULE.about.name,
    rules::missing_asset::RULE.about.name,
    rules::pii::RULE.about.name,
];

/// What people read about each rule, in the order of tables.
pub fn abouts() -> Vec<&'static About> {
    RULES.iter().map(|rule| &rule.about).collect()
}

/// What people read about the rule of this name.
pub fn about(name: &str) -> Option<&'static About> {
    let mut abouts = RULES.iter().map(|rule| &rule.about);
    abouts.find(|about| about.name == name)
}

/// All findings of a library on the day `today`, sorted by path and place.
pub fn all(library: &Library, today: Date) -> Vec<Diagnostic> {
    Findings::of(library, today).sorted()
}

/// All findings that a repair may be for: those of [`all`], and those of rules that are asked only
/// on request, as long as the settings do not switch them off.
pub fn repairable(library: &Library, today: Date) -> Vec<Diagnostic> {
    let mut judge = Judge::new(library, today);
    judge.asks_all = true;
    Findings::by(judge, library).sorted()
}

/// The findings of a library that changes: kept by entity, so that a save costs what it touches.
#[derive(Debug)]
pub struct Findings {
    judge: Judge,
    project: Vec<Diagnostic>,
    entities: BTreeMap<EntityId, Vec<Diagnostic>>,
    /// How many of each severity there are about entities, and about which there are errors: what
    /// is told after every save.
    tally: Tally,
    with_errors: BTreeSet<EntityId>,
}

impl Findings {
    /// All findings of a library on the day `today`.
    pub fn of(library: &Library, today: Date) -> Self {
        Self::by(Judge::new(library, today), library)
    }

    fn by(judge: Judge, library: &Library) -> Self {
        let indices: Vec<EntityId> = library.all().map(|(index, _)| index).collect();
        let found: Vec<(EntityId, Vec<Diagnostic>)> = indices
            .par_iter()
            .map(|&index| (index, judge.entity(library, index)))
            .filter(|(_, findings)| !findings.is_empty())
            .collect();
        let mut findings = Self {
            project: judge.project(library),
            entities: BTreeMap::new(),
            tally: Tally::default(),
            with_errors: BTreeSet::new(),
            judge,
        };
        for (id, found) in found {
            findings.set(id, found);
        }
        findings
    }

    /// Puts the findings about an entity in the place of those there were.
    fn set(&mut self, id: EntityId, found: Vec<Diagnostic>) {
        for gone in self.entities.remove(&id).into_iter().flatten() {
            self.tally.remove(gone.severity);
        }
        for finding in &found {
            self.tally.add(finding.severity);
        }
        if found.iter().any(|f| f.severity == Severity::Error) {
            self.with_errors.insert(id);
        } else {
            self.with_errors.remove(&id);
        }
        if !found.is_empty() {
            self.entities.insert(id, found);
        }
    }

    /// Looks again at the project and at those whom an update of the library may concern.
    pub fn refresh(&mut self, library: &Library, update: &Update) {
        let again = self.judge.turn_to(library, update);
        self.project = self.judge.project(library);
        for index in again {
            self.set(index, self.judge.entity(library, index));
        }
    }

    /// How many there are of each severity. Costs what was found about the project as a whole.
    pub fn tally(&self) -> Tally {
        self.project.iter().fold(self.tally, |mut tally, finding| {
            tally.add(finding.severity);
            tally
        })
    }

    /// All errors, in no order. Costs what the entities with errors have.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        let entities = self.with_errors.iter().flat_map(|&id| self.about(id));
        let all = self.project.iter().chain(entities);
        all.filter(|finding| finding.severity == Severity::Error)
    }

    /// All findings, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.project.iter().chain(self.entities.values().flatten())
    }

    /// All findings, sorted by path and place.
    pub fn sorted(self) -> Vec<Diagnostic> {
        let entities = self.entities.into_values().flatten();
        let mut findings: Vec<Diagnostic> = self.project.into_iter().chain(entities).collect();
        findings.sort_by(Diagnostic::order);
        findings
    }
}

impl Found for Findings {
    fn about(&self, index: EntityId) -> &[Diagnostic] {
        self.entities.get(&index).map_or(&[], Vec::as_slice)
    }

    fn all(&self) -> Box<dyn Iterator<Item = &Diagnostic> + '_> {
        Box::new(self.iter())
    }
}

/// What is the same for all entities of a library.
#[derive(Debug)]
struct Judge {
    today: Date,
    config: Config,
    alike: Alike,
    one_sided: Option<EntityId>,
    /// The team that is named as an example.
    some_team: Option<Box<str>>,
    /// Whether rules that are asked only on request are asked without one.
    asks_all: bool,
}

impl Judge {
    fn new(library: &Library, today: Date) -> Self {
        let config = Config::new(&library.settings);
        let near_duplicate = rules::near_duplicate::RULE.about.name;
        let alike = if config.base().level(near_duplicate) == Some(Level::Off) {
            Alike::default()
        } else {
            let share = config
                .base()
                .threshold(near_duplicate, &rules::near_duplicate::SHARE);
            Alike::of(library, share / 100.0)
        };
        Self {
            today,
            config,
            alike,
            one_sided: one_sided(library),
            some_team: some_team(library).map(Into::into),
            asks_all: false,
        }
    }

    /// Makes the judge of another state of the library, which an update led to, and tells whose
    /// findings may be others there.
    fn turn_to(&mut self, library: &Library, update: &Update) -> BTreeSet<EntityId> {
        let mut again: BTreeSet<EntityId> = update.affected.clone();
        again.extend(&update.removed);
        for &id in update.removed.iter().chain(&update.changed) {
            again.extend(self.alike.update(library, id));
        }
        let one_sided = one_sided(library);
        if self.one_sided != one_sided {
            again.extend(self.one_sided);
            again.extend(one_sided);
            self.one_sided = one_sided;
        }
        if update.ids.iter().any(|(kind, _)| *kind == Kind::Team) {
            let some_team = some_team(library).map(Into::into);
            if self.some_team != some_team {
                let kpis = library.of_kind(Kind::Kpi);
                let alone = kpis.filter(|kpi| kpi.common.owner.is_none());
                again.extend(alone.map(|kpi| kpi.index));
                self.some_team = some_team;
            }
        }
        again
    }

    /// The findings about the project as a whole.
    fn project(&self, library: &Library) -> Vec<Diagnostic> {
        let mut findings = library.findings.clone();
        findings.extend(library.stray_findings().cloned());
        let mut found = Gathered::default();
        rules::missing_asset::logo(library, &mut found);
        if let Some(settings) = library.settings_document() {
            config::findings(settings, &mut found);
        }
        findings.extend(found.finish());
        let base = self.config.base();
        findings.retain_mut(|finding| grade(base, finding));
        findings
    }

    /// The findings about one entity.
    fn entity(&self, library: &Library, index: EntityId) -> Vec<Diagnostic> {
        let Some(entity) = library.entity(index) else {
            return Vec::new();
        };
        let entity = entity.broken.as_deref().unwrap_or(entity);
        let setting = self.config.at(&entity.document.path);
        let shared = Shared {
            grounds: OnceCell::new(),
            alike: &self.alike,
            one_sided: self.one_sided,
            some_team: self.some_team.as_deref(),
        };
        let mut findings = entity.findings.clone();
        let read = findings.len();
        for rule in RULES {
            let Some(check) = rule.check else { continue };
            let wanted = setting.level(rule.about.name);
            let unasked = wanted.is_none() && rule.about.optional && !self.asks_all;
            if wanted == Some(Level::Off) || unasked {
                continue;
            }
            let context = Context {
                library,
                today: self.today,
                about: &rule.about,
                setting: &setting,
                shared: &shared,
            };
            let mut found = |entity| {
                let mut found = Gathered::default();
                check(&context, entity, &mut found);
                findings.extend(found.finish());
            };
            found(entity);
            if OF_TEXTS.contains(&rule.about.name) {
                for translation in &entity.translations {
                    found(&translation.source);
                }
            }
        }
        for finding in &mut findings[read..] {
            finding.entity = Some(entity.qualified());
        }
        findings.retain_mut(|finding| grade(&setting, finding));
        allow::apply(entity, self.today, &setting, &mut findings);
        findings.sort_by(Diagnostic::order);
        findings
    }
}

/// Gives a finding the severity that the settings ask for; whether it is shown at all.
fn grade(setting: &Setting, finding: &mut Diagnostic) -> bool {
    let Some(level) = setting.level(finding.code) else {
        return true;
    };
    if let Some(severity) = level.severity() {
        finding.severity = severity;
    }
    level != Level::Off
}

/// The first team, as an example of an owner.
fn some_team(library: &Library) -> Option<&str> {
    library.ids(Kind::Team).min()
}

/// The persona that stands for a library with target personas and no negative one: the first.
fn one_sided(library: &Library) -> Option<EntityId> {
    let (targets, negatives) = library.stances();
    if targets == 0 || negatives > 0 {
        return None;
    }
    let mut personas = library.of_kind(Kind::Persona);
    personas
        .find(|persona| persona.is_active_target())
        .map(|persona| persona.index)
}
