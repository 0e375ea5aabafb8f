//! How the library as a whole is doing: the seven mistakes, what it rests on, and what runs out.
//!
//! In: a library, and what was found in it. Out: figures, which the site shows as a page and the
//! command line as a summary.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use super::facts::{Coverage, Grounds};
use super::{Entity, EntityId, Library};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Diagnostic, Severity};
use crate::schema::{Data, Kind, RuleSetting};

/// What was found in a library, as those who show it ask.
pub trait Found {
    /// The findings about one entity.
    fn about(&self, entity: EntityId) -> &[Diagnostic];

    /// All findings, in no order.
    fn all(&self) -> Box<dyn Iterator<Item = &Diagnostic> + '_>;
}

/// Nothing was found, or nobody looked.
impl Found for () {
    fn about(&self, _: EntityId) -> &[Diagnostic] {
        &[]
    }

    fn all(&self) -> Box<dyn Iterator<Item = &Diagnostic> + '_> {
        Box::new(std::iter::empty())
    }
}

/// How many days ahead one looks for what runs out.
pub const AHEAD_DAYS: i32 = 90;

/// The rules whose findings say that something leads nowhere.
const BROKEN: [&str; 4] = [
    "unknown-ref",
    "broken-link",
    "broken-anchor",
    "missing-asset",
];

/// Findings by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub infos: usize,
}

impl Tally {
    /// Counts a finding.
    pub fn add(&mut self, severity: Severity) {
        *self.of(severity) += 1;
    }

    /// Takes back that a finding was counted.
    pub fn remove(&mut self, severity: Severity) {
        *self.of(severity) -= 1;
    }

    fn of(&mut self, severity: Severity) -> &mut usize {
        match severity {
            Severity::Error => &mut self.errors,
            Severity::Warn => &mut self.warnings,
            Severity::Info => &mut self.infos,
        }
    }

    /// The worst there is.
    pub fn worst(self) -> Option<Severity> {
        match self {
            Self { errors: 1.., .. } => Some(Severity::Error),
            Self { warnings: 1.., .. } => Some(Severity::Warn),
            Self { infos: 1.., .. } => Some(Severity::Info),
            _ => None,
        }
    }
}

/// One of the seven mistakes, in the whole library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Which.
    pub group: Group,
    /// Its findings.
    pub tally: Tally,
    /// In how many entities.
    pub entities: usize,
}

/// What an active persona rests on, and which mistakes it suffers from.
#[derive(Debug)]
pub struct Card<'a> {
    /// The persona.
    pub entity: &'a Entity,
    /// How many of its claims rest on research.
    pub coverage: Coverage,
    /// Its newest research and when that ended.
    pub newest: Option<(Date, &'a Entity)>,
    /// The worst finding of each mistake, in the order of [`Group::MISTAKES`].
    pub mistakes: [Option<Severity>; 7],
}

/// Why something must be looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expiry {
    /// The research grows too old.
    Evidence,
    /// The last review is too long ago.
    Review,
    /// A finding is accepted only until then.
    Allow,
}

impl Expiry {
    /// The word in labels and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Evidence => "evidence",
            Self::Review => "review",
            Self::Allow => "allow",
        }
    }
}

/// Something that runs out within [`AHEAD_DAYS`].
#[derive(Debug)]
pub struct Expiring<'a> {
    /// The day.
    pub day: Date,
    /// What.
    pub what: Expiry,
    /// Of whom.
    pub entity: &'a Entity,
}

/// The findings in what a team answers for.
#[derive(Debug)]
pub struct Owner<'a> {
    /// The team; `None` for what nobody answers for.
    pub team: Option<&'a Entity>,
    /// Its findings.
    pub tally: Tally,
}

/// How a library is doing.
#[derive(Debug)]
pub struct Health<'a> {
    /// The seven mistakes, in their order.
    pub mistakes: Vec<Mistake>,
    /// The active personas, those with the worst findings first.
    pub personas: Vec<Card<'a>>,
    /// The claims of them all.
    pub coverage: Coverage,
    /// What runs out, soonest first.
    pub expiring: Vec<Expiring<'a>>,
    /// The teams with findings, the most errors first.
    pub owners: Vec<Owner<'a>>,
    /// References, links and pictures that lead nowhere.
    pub broken: usize,
    /// All findings.
    pub tally: Tally,
}

impl<'a> Health<'a> {
    /// Sums up `findings` of `rules` on the day `today`.
    pub fn of<'f>(
        library: &'a Library,
        findings: impl IntoIterator<Item = &'f Diagnostic>,
        rules: &[&'static About],
        today: Date,
    ) -> Self {
        let mut sums = Sums::default();
        for finding in findings {
            sums.add(library, finding, rules);
        }
        let mut personas: Vec<Card<'a>> = library
            .of_kind(Kind::Persona)
            .filter(|entity| entity.is_active())
            .filter_map(|entity| card(library, entity, &sums))
            .collect();
        let rank = |card: &Card<'_>| {
            let count = |wanted| card.mistakes.iter().filter(|m| **m == Some(wanted)).count();
            let errors = count(Severity::Error);
            let warnings = count(Severity::Warn);
            (
                usize::MAX - errors,
                usize::MAX - warnings,
                card.coverage.percent(),
            )
        };
        // Equal ones stay in the order of names.
        personas.sort_by_key(rank);
        let coverage = personas
            .iter()
            .fold(Coverage::default(), |sum, card| Coverage {
                claims: sum.claims + card.coverage.claims,
                cited: sum.cited + card.coverage.cited,
            });
        Self {
            mistakes: sums.mistakes(),
            personas,
            coverage,
            expiring: expiring(library, rules, today),
            owners: sums.owners(library),
            broken: sums.broken,
            tally: sums.tally,
        }
    }
}

/// What is counted while going through the findings.
#[derive(Default)]
struct Sums {
    tally: Tally,
    broken: usize,
    groups: [Tally; 7],
    entities: [BTreeSet<EntityId>; 7],
    personas: BTreeMap<EntityId, [Option<Severity>; 7]>,
    owners: BTreeMap<Option<EntityId>, Tally>,
}

impl Sums {
    fn add(&mut self, library: &Library, finding: &Diagnostic, rules: &[&'static About]) {
        self.tally.add(finding.severity);
        self.broken += usize::from(BROKEN.contains(&finding.code));
        let about = subject(library, finding);
        let owner = about
            .and_then(|entity| entity.common.owner.as_ref())
            .and_then(|team| library.find(Kind::Team, team.id()));
        let owner = owner.map(|found| found.entity.index);
        self.owners.entry(owner).or_default().add(finding.severity);
        let rule = rules.iter().find(|rule| rule.name == finding.code);
        let Some(mistake) = rule.and_then(|rule| rule.group.mistake()) else {
            return;
        };
        let at = mistake - 1;
        self.groups[at].add(finding.severity);
        if let Some(entity) = about {
            self.entities[at].insert(entity.index);
            let marks = self.personas.entry(entity.index).or_default();
            marks[at] = marks[at].max(Some(finding.severity));
        }
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let groups = Group::MISTAKES.iter().zip(self.groups).zip(&self.entities);
        groups
            .map(|((group, tally), entities)| Mistake {
                group: *group,
                tally,
                entities: entities.len(),
            })
            .collect()
    }

    fn owners<'a>(&self, library: &'a Library) -> Vec<Owner<'a>> {
        let mut owners: Vec<Owner<'a>> = self
            .owners
            .iter()
            .map(|(team, tally)| Owner {
                team: team.and_then(|team| library.entity(team)),
                tally: *tally,
            })
            .collect();
        let name = |owner: &Owner<'a>| owner.team.map(|team| &team.sort_name);
        owners.sort_by(|a, b| {
            let rank = |t: Tally| (t.errors, t.warnings, t.infos);
            rank(b.tally)
                .cmp(&rank(a.tally))
                .then(name(a).cmp(&name(b)))
        });
        owners
    }
}

/// The entity that a finding is about.
fn subject<'a>(library: &'a Library, finding: &Diagnostic) -> Option<&'a Entity> {
    if let Some((_, entity)) = library.by_path(&finding.path) {
        return Some(entity);
    }
    let (kind, id) = finding.entity.as_deref()?.split_once(':')?;
    library.get(Kind::parse(kind)?, id)
}

fn card<'a>(library: &'a Library, entity: &'a Entity, sums: &Sums) -> Option<Card<'a>> {
    let Some(Data::Persona(persona)) = &entity.data else {
        return None;
    };
    Some(Card {
        entity,
        coverage: Coverage::of(persona),
        newest: Grounds::of(library, entity).newest(),
        mistakes: sums
            .personas
            .get(&entity.index)
            .copied()
            .unwrap_or_default(),
    })
}

/// What grows too old, by the thresholds of the rules that will say so.
fn expiring<'a>(library: &'a Library, rules: &[&'static About], today: Date) -> Vec<Expiring<'a>> {
    let last = today.saturating_add(AHEAD_DAYS.days());
    let soon = |day: Date| (today..=last).contains(&day);
    let after = |day: Date, rule: &str| {
        let months = months(library, rules, rule)?;
        Some(day.saturating_add(months.months())).filter(|day| soon(*day))
    };
    let mut out = Vec::new();
    for (_, entity) in library.all().filter(|(_, entity)| entity.is_active()) {
        let mut add = |what, day: Option<Date>| {
            out.extend(day.map(|day| Expiring { day, what, entity }));
        };
        if let Some(Data::Evidence(evidence)) = &entity.data {
            add(
                Expiry::Evidence,
                after(evidence.collected.to, "stale-evidence"),
            );
        }
        if let (Some(Data::Persona(_)), Some(day)) = (&entity.data, entity.common.last_reviewed) {
            add(Expiry::Review, after(day, "not-reviewed"));
        }
        for allow in &entity.common.allow {
            add(Expiry::Allow, allow.until.filter(|day| soon(*day)));
        }
    }
    out.sort_by(|a, b| {
        (a.day, a.what, &a.entity.sort_name).cmp(&(b.day, b.what, &b.entity.sort_name))
    });
    out
}

/// After how many months a rule begins to warn.
pub fn months(library: &Library, rules: &[&'static About], rule: &str) -> Option<i32> {
    let name = "warn_months";
    let set = match library.settings.rules.get(rule) {
        Some(RuleSetting::Full(full)) => full.thresholds.get(name).copied(),
        _ => None,
    };
    let default = || {
        let about = rules.iter().find(|about| about.name == rule)?;
        let threshold = about.thresholds.iter().find(|t| t.name == name)?;
        Some(threshold.default)
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "cut to what a calendar can count"
    )]
    let months = set.or_else(default)?.clamp(0.0, 12_000.0) as i32;
    Some(months)
}
