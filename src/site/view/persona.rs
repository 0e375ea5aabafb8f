//! The persona card.

use minijinja::Value;

use super::super::Site;
use super::super::fields::view;
use super::super::refs::At;
use super::{Fields, Result, claim, field_word};
use crate::schema::kinds::persona::Persona;
use crate::schema::shape::title;
use crate::schema::{Data, Kind};

/// The fields whose claims the card shows in its own way.
pub(super) const CLAIM_LISTS: [&str; 10] = [
    "goals",
    "needs",
    "motivations",
    "pains",
    "expectations",
    "preferences",
    "behaviours",
    "concerns",
    "jobs",
    "opportunities",
];

/// How many claims there are, and how many rest on evidence.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Coverage {
    pub(super) claims: usize,
    pub(super) cited: usize,
}

impl Coverage {
    /// Counts the claims of a persona. The share of cited ones is its evidence coverage.
    pub(super) fn of(persona: &Persona) -> Self {
        let lists = persona.claim_lists();
        let claims = lists.iter().flat_map(|(_, claims)| *claims);
        claims.fold(Self::default(), |sum, claim| Self {
            claims: sum.claims + 1,
            cited: sum.cited + usize::from(!claim.is_assumption()),
        })
    }

    /// The share in percent, rounded down: 100 means all.
    pub(super) fn percent(self) -> usize {
        (self.cited * 100).checked_div(self.claims).unwrap_or(0)
    }

    pub(super) fn view(self) -> Value {
        view([
            ("claims", self.claims.into()),
            ("cited", self.cited.into()),
            ("assumptions", (self.claims - self.cited).into()),
            ("percent", self.percent().into()),
        ])
    }
}

pub(super) fn extend(
    site: &Site<'_>,
    at: At<'_>,
    persona: &Persona,
    out: &mut Fields,
) -> Result<()> {
    let mut claim_lists = Vec::new();
    for ((key, claims), anchors) in persona.claim_lists().iter().zip(&at.entity.claim_anchors) {
        if claims.is_empty() {
            continue;
        }
        let mut html = String::new();
        for (c, anchor) in claims.iter().zip(anchors) {
            claim::write(site, at.root, c, Some(anchor), &mut html)?;
        }
        claim_lists.push(view([
            ("key", Value::from(*key)),
            ("label", field_word(site, key)),
            ("claims", Value::from_safe_string(html)),
        ]));
    }
    out.push(("claim_lists", Value::from(claim_lists)));
    out.push(("coverage", Coverage::of(persona).view()));
    let traits = persona.traits.iter().map(|(name, value)| {
        view([
            ("name", Value::from(name)),
            ("label", title(name).into()),
            ("value", (*value).into()),
        ])
    });
    out.push(("traits_list", traits.collect()));
    let kpis = persona.kpis.iter();
    let kpis = kpis.map(|r| site.reference_to(r.as_str(), &[Kind::Kpi], at.root));
    out.push(("kpis", kpis.collect()));
    out.push(("journeys", journeys(site, at)));
    Ok(())
}

/// The journeys that a persona goes through, with the names of their stages.
fn journeys(site: &Site<'_>, at: At<'_>) -> Value {
    site.library
        .referrers(at.entity)
        .into_iter()
        .filter(|other| site.is_published(other))
        .filter_map(|other| {
            let Some(Data::Journey(journey)) = &other.data else {
                return None;
            };
            let stages = journey.stages.iter().map(|stage| stage.name.as_str());
            Some(view([
                ("ref", site.reference(other, at.root)),
                ("stages", stages.collect()),
            ]))
        })
        .collect()
}
