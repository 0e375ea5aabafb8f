//! The evidence page: what rests on a study.

use std::collections::BTreeSet;

use minijinja::Value;

use super::super::fields::view;
use super::super::refs::At;
use super::super::{Site, encode};
use super::{Fields, field_word};
use crate::library::{Entity, EntityId};
use crate::schema::kinds::claim::Claim;
use crate::schema::kinds::evidence::Evidence;
use crate::schema::{Data, Ref};

pub(super) fn extend(site: &Site<'_>, at: At<'_>, data: &Evidence, out: &mut Fields) {
    let months = data
        .collected
        .to
        .until((jiff::Unit::Month, site.now))
        .map_or(0, |s| s.get_months());
    if months >= 0 {
        out.push(("age_months", months.into()));
    }
    let mut citations = Citations {
        site,
        at,
        count: 0,
        found: Vec::new(),
        groups: Vec::new(),
        citing: BTreeSet::new(),
    };
    for other in site.library.referrers(at.entity) {
        if site.is_published(other) {
            citations.of(other);
        }
    }
    out.push(("citation_count", citations.count.into()));
    out.push(("citations", Value::from(citations.groups)));
    // Who cites it stands there with the claims.
    let cited = citations.citing;
    let others = move |other: &Entity| !cited.contains(&other.index);
    out.push(("backlinks", super::backlinks(site, at, &others)));
}

struct Citations<'a> {
    site: &'a Site<'a>,
    at: At<'a>,
    count: usize,
    /// Those of the entity that is being looked at.
    found: Vec<Value>,
    /// One a citing entity.
    groups: Vec<Value>,
    citing: BTreeSet<EntityId>,
}

impl Citations<'_> {
    /// The claims, quotes and steps of `other` that cite the study.
    fn of(&mut self, other: &Entity) {
        match &other.data {
            Some(Data::Persona(persona)) => {
                if let Some(quote) = &persona.quote
                    && quote.evidence.as_ref().is_some_and(|r| self.is_it(r))
                {
                    self.add("quote", &quote.text, None);
                }
                let lists = persona.claim_lists();
                for ((field, claims), anchors) in lists.iter().zip(&other.claim_anchors) {
                    for (claim, anchor) in claims.iter().zip(anchors) {
                        if self.cites(claim) {
                            self.add(field, &claim.text, Some(anchor));
                        }
                    }
                }
            }
            Some(Data::Journey(journey)) => {
                for stage in &journey.stages {
                    for (index, step) in stage.steps.iter().enumerate() {
                        let anchor = stage.step_anchor(index);
                        if step.evidence.iter().any(|r| self.is_it(r)) {
                            self.add("action", &step.action, Some(&anchor));
                        }
                        for (field, claims) in [
                            ("pains", &step.pains),
                            ("opportunities", &step.opportunities),
                        ] {
                            for claim in claims {
                                if self.cites(claim) {
                                    self.add(field, &claim.text, Some(&anchor));
                                }
                            }
                        }
                    }
                }
            }
            _ => {}
        }
        if !self.found.is_empty() {
            self.count += self.found.len();
            self.citing.insert(other.index);
            self.groups.push(view([
                ("entity", self.site.reference(other, self.at.root)),
                ("claims", Value::from(std::mem::take(&mut self.found))),
            ]));
        }
    }

    fn cites(&self, claim: &Claim) -> bool {
        claim.evidence.iter().any(|r| self.is_it(r))
    }

    fn is_it(&self, reference: &Ref<Evidence>) -> bool {
        self.site.library.points_at(reference, self.at.entity)
    }

    fn add(&mut self, field: &str, text: &str, anchor: Option<&str>) {
        let hash = anchor
            .map(|a| format!("#{}", encode(a)))
            .unwrap_or_default();
        self.found.push(view([
            ("field_label", field_word(self.site, field)),
            ("text", text.into()),
            ("hash", hash.into()),
        ]));
    }
}
