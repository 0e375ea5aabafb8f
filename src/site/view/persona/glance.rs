//! What a persona comes to in a few lines.
//!
//! In: a persona. Out: the [`Line`]s for the top of its page and for its card.

use minijinja::Value;

use super::super::super::fields::view;
use super::super::super::markdown::escape;
use super::super::super::theme::Part;
use super::super::super::{Site, encode};
use super::super::{Result, claim};
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

/// A claim, its id in the page, and the attributes of its text where that is not in the language of
/// the page.
type Line<'a> = (&'a Claim, &'a str, String);

impl<'a> Glance<'a> {
    /// What is to be said of `entity`.
    pub(super) fn of(site: &'a Site<'_>, entity: &'a Entity) -> Self {
        let all = |field: &'static str| {
            let claims = entity.claims().zip(entity.claim_places());
            let claims = claims.filter(move |((own, ..), _)| *own == field);
            claims.map(|((_, claim, anchor), (list, number))| {
                let lang = site.attributes(entity, format_args!("/{list}/{number}"));
                (claim, anchor, lang)
            })
        };
        let mut pains: Vec<Line<'_>> = all("pains").collect();
        // Those of one severity stay in the author's order.
        pains.sort_by_key(|(pain, ..)| std::cmp::Reverse(pain.severity));
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
        for line in &self.lines {
            write(site, line, linked, &mut out)?;
        }
        Ok(out)
    }
}

/// Writes a claim as a line, which leads to it if it is `linked`.
fn write(site: &Site<'_>, line: &Line<'_>, linked: bool, out: &mut String) -> Result<()> {
    let (claim, anchor, lang) = line;
    let form = [
        ("text", Part::Gap),
        ("anchor", Part::gap(linked)),
        ("severity", Part::word(claim.severity.map(Grade::as_str))),
        ("assumption", Part::flag(claim.is_assumption())),
    ];
    let stencil = site.theme.stencil("glance", &form)?;
    stencil.fill(out, |gap, out| {
        match gap {
            0 => claim::text(claim, lang, out),
            _ => out.push_str(&escape(&encode(anchor))),
        }
        Ok(())
    })
}
