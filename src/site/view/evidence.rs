//! The evidence page: what rests on a study.

use std::borrow::Cow;
use std::collections::BTreeSet;

use minijinja::Value;

use super::super::markdown::escape;
use super::super::refs::At;
use super::super::theme::Part;
use super::super::{Site, encode, route};
use super::{Fields, Result, field_word};
use crate::library::Entity;
use crate::schema::kinds::claim::Claim;
use crate::schema::kinds::evidence::Evidence;
use crate::schema::{Data, Ref};

pub(super) fn extend(site: &Site<'_>, at: At<'_>, data: &Evidence, out: &mut Fields) -> Result<()> {
    let months = data
        .collected
        .to
        .until((jiff::Unit::Month, site.now))
        .map_or(0, |s| s.get_months());
    if months >= 0 {
        out.push(("age_months", months.into()));
    }
    let citing = site.theme.stencil(
        "citing",
        &[
            ("tile", Part::Gap),
            ("link", Part::Gap),
            ("citations", Part::Gap),
        ],
    )?;
    let mut citations = Citations {
        site,
        evidence: at.entity,
        found: Vec::new(),
        words: Vec::new(),
    };
    let mut count = 0;
    let mut citers = BTreeSet::new();
    let mut html = String::new();
    for other in site.library.referrers(at.entity) {
        if !site.is_published(other) {
            continue;
        }
        citations.of(other);
        if citations.found.is_empty() {
            continue;
        }
        count += citations.found.len();
        citers.insert(other.index);
        let shown = site.shown(other, at.root);
        let address = format!("{}{}", at.root, route::entity_path(other));
        citing.fill(&mut html, |gap, out| {
            match gap {
                0 => out.push_str(shown.tile()),
                1 => out.push_str(shown.link()),
                _ => citations.write(&address, out)?,
            }
            Ok(())
        })?;
    }
    out.push(("citation_count", count.into()));
    out.push(("citations", Value::from_safe_string(html)));
    // Who cites it stands there with the claims.
    let others = move |other: &Entity| !citers.contains(&other.index);
    out.push(("backlinks", super::backlinks(site, at, &others)));
    Ok(())
}

struct Citations<'a> {
    site: &'a Site<'a>,
    evidence: &'a Entity,
    /// Those of the entity that was looked at last.
    found: Vec<Citation<'a>>,
    /// The names of fields that were needed so far.
    words: Vec<(&'static str, Value)>,
}

/// A claim, a quote or a step that cites the study.
struct Citation<'a> {
    field: &'static str,
    text: &'a str,
    anchor: Option<Cow<'a, str>>,
}

impl<'a> Citations<'a> {
    /// Finds the claims, quotes and steps of `other` that cite the study.
    fn of(&mut self, other: &'a Entity) {
        self.found.clear();
        match &other.data {
            Some(Data::Persona(persona)) => {
                if let Some(quote) = &persona.quote
                    && quote.evidence.as_ref().is_some_and(|r| self.is_it(r))
                {
                    self.add("quote", &quote.text, None);
                }
                let lists = persona.claim_lists();
                for (list, claim) in self.site.library.citations(other, self.evidence) {
                    let (field, claims) = lists[list];
                    let anchor = Cow::Borrowed(&*other.claim_anchors[list][claim]);
                    self.add(field, &claims[claim].text, Some(anchor));
                }
            }
            Some(Data::Journey(journey)) => {
                for stage in &journey.stages {
                    for (index, step) in stage.steps.iter().enumerate() {
                        let anchor = || Some(Cow::Owned(stage.step_anchor(index)));
                        if step.evidence.iter().any(|r| self.is_it(r)) {
                            self.add("action", &step.action, anchor());
                        }
                        for (field, claims) in [
                            ("pains", &step.pains),
                            ("opportunities", &step.opportunities),
                        ] {
                            for claim in claims {
                                if self.cites(claim) {
                                    self.add(field, &claim.text, anchor());
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

    fn add(&mut self, field: &'static str, text: &'a str, anchor: Option<Cow<'a, str>>) {
        self.found.push(Citation {
            field,
            text,
            anchor,
        });
        if self.words.iter().all(|(known, _)| *known != field) {
            self.words.push((field, field_word(self.site, field)));
        }
    }

    /// Writes what was found on the page at `address`.
    fn write(&self, address: &str, out: &mut String) -> Result<()> {
        let form = [
            ("field", Part::Gap),
            ("href", Part::Gap),
            ("text", Part::Gap),
        ];
        let stencil = self.site.theme.stencil("citation", &form)?;
        for citation in &self.found {
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
