//! The evidence page: what rests on a study.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use minijinja::Value;

use super::super::fields::view;
use super::super::markdown::escape;
use super::super::refs::At;
use super::super::theme::Part;
use super::super::{Site, encode};
use super::{Fields, Result, field_word};
use crate::library::{Entity, EntityId, health};
use crate::schema::kinds::claim::Claim;
use crate::schema::kinds::evidence::Evidence;
use crate::schema::{Data, Kind, Ref};

/// Entries whose claims are shown, those with most of them first.
const MAX_CITERS: usize = 60;
/// Teams that are named.
const MAX_TEAMS: usize = 12;

pub(super) fn extend(site: &Site<'_>, at: At<'_>, data: &Evidence, out: &mut Fields) -> Result<()> {
    let months = data
        .collected
        .to
        .until((jiff::Unit::Month, site.now))
        .map_or(0, |s| s.get_months());
    if months >= 0 {
        out.push(("age_months", months.into()));
    }
    let rule = health::months(site.library, &site.options.rules, "stale-evidence");
    out.push(("stale", rule.is_some_and(|limit| months >= limit).into()));
    let mut citations = Citations {
        site,
        evidence: at.entity,
        found: Vec::new(),
        words: Vec::new(),
    };
    let mut citers: Vec<(&Entity, Range<usize>)> = Vec::new();
    // There are few teams, and each answers for many.
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    let mut personas = 0;
    let referrers = site.library.referrers(at.entity);
    for &other in &referrers {
        let start = citations.found.len();
        if site.is_published(other) {
            citations.of(other);
        }
        if citations.found.len() == start {
            continue;
        }
        personas += usize::from(other.kind == Kind::Persona);
        citers.push((other, start..citations.found.len()));
        if let Some(team) = &other.common.owner {
            *owners.entry(team.id()).or_default() += 1;
        }
    }
    let count = citations.found.len();
    let alone = citations.found.iter().filter(|found| found.alone).count();
    let mut teams: BTreeMap<EntityId, (&Entity, usize)> = BTreeMap::new();
    for (team, count) in owners {
        if let Some(team) = site.library.find(Kind::Team, team) {
            teams.entry(team.entity.index).or_insert((team.entity, 0)).1 += count;
        }
    }
    let others: BTreeSet<EntityId> = citers.iter().map(|(other, _)| other.index).collect();
    // Those who rest on it most come first; equal ones stay in the order of kinds and names.
    citers.sort_by_key(|(_, found)| Reverse(found.len()));
    let mut html = String::new();
    for (other, found) in citers.iter().take(MAX_CITERS) {
        citations.write_citer(at.root, (other, found.clone()), &mut html)?;
    }
    let mut teams: Vec<_> = teams.into_values().collect();
    teams.sort_by_key(|(team, count)| (Reverse(*count), team.sort_key()));
    let teams = teams.iter().take(MAX_TEAMS).map(|(team, count)| {
        view([
            ("ref", site.reference(team, at.root)),
            ("count", (*count).into()),
        ])
    });
    out.extend([
        ("citation_count", count.into()),
        ("alone_count", alone.into()),
        ("persona_count", personas.into()),
        ("teams", teams.collect()),
        ("citations", Value::from_safe_string(html)),
        (
            "more_citers",
            citers.len().saturating_sub(MAX_CITERS).into(),
        ),
    ]);
    // Who cites it stands there with the claims.
    let others = move |other: &Entity| !others.contains(&other.index);
    out.push((
        "backlinks",
        super::backlinks_of(site, at, &referrers, &others),
    ));
    Ok(())
}

struct Citations<'a> {
    site: &'a Site<'a>,
    evidence: &'a Entity,
    /// Those of all entities that were looked at.
    found: Vec<Citation<'a>>,
    /// The names of fields that were needed so far.
    words: Vec<(&'static str, Value)>,
}

/// A claim, a quote or a step that cites the study.
struct Citation<'a> {
    field: &'static str,
    text: &'a str,
    anchor: Option<Cow<'a, str>>,
    /// Whether nothing else is cited there.
    alone: bool,
}

impl<'a> Citations<'a> {
    /// Finds the claims, quotes and steps of `other` that cite the study.
    fn of(&mut self, other: &'a Entity) {
        match &other.data {
            Some(Data::Persona(persona)) => {
                if let Some(quote) = &persona.quote
                    && quote.evidence.as_ref().is_some_and(|r| self.is_it(r))
                {
                    self.add("quote", &quote.text, None, true);
                }
                let lists = persona.claim_lists();
                for (list, claim) in self.site.library.citations(other, self.evidence) {
                    let (field, claims) = lists[list];
                    let anchor = Cow::Borrowed(&*other.claim_anchors[list][claim]);
                    let claim = &claims[claim];
                    self.add(field, &claim.text, Some(anchor), claim.evidence.len() == 1);
                }
            }
            Some(Data::Journey(journey)) => {
                for stage in &journey.stages {
                    for (index, step) in stage.steps.iter().enumerate() {
                        let anchor = || Some(Cow::Owned(stage.step_anchor(index)));
                        if step.evidence.iter().any(|r| self.is_it(r)) {
                            self.add("action", &step.action, anchor(), step.evidence.len() == 1);
                        }
                        for (field, claims) in [
                            ("pains", &step.pains),
                            ("opportunities", &step.opportunities),
                        ] {
                            for claim in claims {
                                if self.cites(claim) {
                                    self.add(
                                        field,
                                        &claim.text,
                                        anchor(),
                                        claim.evidence.len() == 1,
                                    );
                                }
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn cites(&self, claim: &Claim) -> bool {
        claim.evidence.iter().any(|r| self.is_it(r))
    }

    fn is_it(&self, reference: &Ref<Evidence>) -> bool {
        self.site.library.points_at(reference, self.evidence)
    }

    fn add(
        &mut self,
        field: &'static str,
        text: &'a str,
        anchor: Option<Cow<'a, str>>,
        alone: bool,
    ) {
        self.found.push(Citation {
            field,
            text,
            anchor,
            alone,
        });
        if self.words.iter().all(|(known, _)| *known != field) {
            self.words.push((field, field_word(self.site, field)));
        }
    }

    /// Writes who cites it, with what was found there.
    fn write_citer(
        &self,
        root: &str,
        (other, found): (&Entity, Range<usize>),
        out: &mut String,
    ) -> Result<()> {
        let form = [
            ("tile", Part::Gap),
            ("link", Part::Gap),
            ("citations", Part::Gap),
        ];
        let shown = self.site.shown(other, root);
        let address = format!("{root}{}", self.site.path_of(other));
        let stencil = self.site.theme.stencil("citing", &form)?;
        stencil.fill(out, |gap, out| {
            match gap {
                0 => out.push_str(shown.tile()),
                1 => out.push_str(shown.link()),
                _ => self.write(&address, &self.found[found.clone()], out)?,
            }
            Ok(())
        })
    }

    /// Writes what was found on the page at `address`.
    fn write(&self, address: &str, found: &[Citation<'_>], out: &mut String) -> Result<()> {
        for citation in found {
            let form = [
                ("field", Part::Gap),
                ("href", Part::Gap),
                ("text", Part::Gap),
                ("alone", Part::flag(citation.alone)),
            ];
            let stencil = self.site.theme.stencil("citation", &form)?;
            stencil.fill(out, |gap, out| {
                match gap {
                    0 => {
                        let word = self.words.iter().find(|(f, _)| *f == citation.field);
                        out.push_str(&escape(
                            word.and_then(|(_, word)| word.as_str()).unwrap_or_default(),
                        ));
                    }
                    1 => {
                        out.push_str(&escape(address));
                        if let Some(anchor) = &citation.anchor {
                            out.push('#');
                            out.push_str(&escape(&encode(anchor)));
                        }
                    }
                    _ => out.push_str(&escape(citation.text)),
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}
