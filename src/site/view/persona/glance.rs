//! What a persona comes to in a few lines.
//!
//! In: a persona. Out: the [`Line`]s for the top of its page and for its card.

use minijinja::Value;

use super::super::super::fields::view;
use super::super::super::markdown::escape;
use super::super::super::theme::Part;
use super::super::super::{Site, encode};
use super::super::Result;
use crate::library::Entity;
use crate::schema::kinds::claim::{Claim, Grade};

/// As many of a kind as somebody takes in before a call.
const LINES: usize = 3;

/// What a persona comes to in a few lines.
pub(super) struct Glance<'a> {
    /// What they want most: the first goals.
    goals: Top<'a>,
    /// What hurts most: the pains, worst first.
    pains: Top<'a>,
    /// What to keep in mind when talking with them: their preferences, then their expectations.
    talk: Top<'a>,
}

/// The first claims of a list.
struct Top<'a> {
    lines: Vec<Line<'a>>,
    /// How many there are in all.
    all: usize,
}

/// A claim and its id in the page.
type Line<'a> = (&'a Claim, &'a str);

impl<'a> Glance<'a> {
    /// What is to be said of `entity`.
    pub(super) fn of(entity: &'a Entity) -> Self {
        let all = |field: &'static str| {
            let claims = entity.claims().filter(move |(own, ..)| *own == field);
            claims.map(|(_, claim, anchor)| (claim, anchor))
        };
        let mut pains: Vec<Line<'_>> = all("pains").collect();
        // Those of one severity stay in the author's order.
        pains.sort_by_key(|(pain, _)| std::cmp::Reverse(pain.severity));
        Self {
            goals: Top::of(all("goals").collect()),
            pains: Top::of(pains),
            talk: Top::of(all("preferences").chain(all("expectations")).collect()),
        }
    }

    /// The same for the top of the page, where each line leads to its claim.
    pub(super) fn view(&self, site: &Site<'_>) -> Result<Value> {
        Ok(view([
            ("goals", self.goals.view(site)?),
            ("pains", self.pains.view(site)?),
            ("talk", self.talk.view(site)?),
        ]))
    }

    /// The goals, pains and words on talking as list items without links; `None` where there are
    /// none.
    pub(super) fn items(&self, site: &Site<'_>) -> Result<[Option<String>; 3]> {
        let items = |top: &Top<'_>| match top.lines[..] {
            [] => Ok(None),
            _ => top.html(site, false).map(Some),
        };
        Ok([items(&self.goals)?, items(&self.pains)?, items(&self.talk)?])
    }
}

impl<'a> Top<'a> {
    fn of(mut lines: Vec<Line<'a>>) -> Self {
        let all = lines.len();
        lines.truncate(LINES);
        Self { lines, all }
    }

    fn view(&self, site: &Site<'_>) -> Result<Value> {
        Ok(view([
            ("lines", Value::from_safe_string(self.html(site, true)?)),
            ("all", self.all.into()),
            ("more", (self.all - self.lines.len()).into()),
        ]))
    }

    fn html(&self, site: &Site<'_>, linked: bool) -> Result<String> {
        let mut out = String::new();
        for (claim, anchor) in &self.lines {
            write(site, claim, linked.then_some(anchor), &mut out)?;
        }
        Ok(out)
    }
}

/// Writes a claim as a line, which leads to `anchor` if there is one.
fn write(site: &Site<'_>, claim: &Claim, anchor: Option<&&str>, out: &mut String) -> Result<()> {
    let form = [
        ("text", Part::Gap),
        ("anchor", Part::gap(anchor.is_some())),
        ("severity", Part::word(claim.severity.map(Grade::as_str))),
        ("assumption", Part::flag(claim.is_assumption())),
    ];
    let stencil = site.theme.stencil("glance", &form)?;
    stencil.fill(out, |gap, out| {
        match gap {
            0 => out.push_str(&escape(&claim.text)),
            _ => out.push_str(&escape(&encode(anchor.copied().unwrap_or_default()))),
        }
        Ok(())
    })
}
