//! Claims as pages show them: `stencils/claim.html`.

use std::fmt::Write;

use super::super::Site;
use super::super::markdown::escape;
use super::super::theme::Part;
use super::{Result, kpi};
use crate::library::Entity;
use crate::schema::Kind;
use crate::schema::kinds::claim::{Claim, Grade};

/// A claim as a page shows it.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) claim: &'a Claim,
    /// Its id in the page.
    pub(super) anchor: Option<&'a str>,
    /// The attributes of its text where that is not in the language of the page.
    pub(super) lang: &'a str,
    /// KPIs that serve it, beside those that it names; only goals of personas have them.
    pub(super) served_by: &'a [&'a Entity],
    /// The persona that claims it, whose values the KPIs show.
    pub(super) persona: Option<&'a Entity>,
}

/// Writes the text of a claim, with the attributes `lang` where it has any.
pub(super) fn text(claim: &Claim, lang: &str, out: &mut String) {
    let text = escape(&claim.text);
    if lang.is_empty() {
        out.push_str(&text);
    } else {
        let _ = write!(out, "<span{lang}>{text}</span>");
    }
}

/// Writes a claim with its evidence and KPIs.
pub(super) fn write(site: &Site<'_>, root: &str, item: Item<'_>, out: &mut String) -> Result<()> {
    let Item {
        claim,
        anchor,
        lang,
        served_by,
        persona,
    } = item;
    let measured = !claim.kpis.is_empty() || !served_by.is_empty();
    let stencil = site.theme.stencil(
        "claim",
        &[
            ("text", Part::Gap),
            ("anchor", Part::gap(anchor.is_some())),
            ("evidence", Part::gap(!claim.evidence.is_empty())),
            ("kpis", Part::gap(measured)),
            ("severity", Part::word(claim.severity.map(Grade::as_str))),
            (
                "confidence",
                Part::word(claim.confidence.map(Grade::as_str)),
            ),
            ("assumption", Part::flag(claim.is_assumption())),
        ],
    )?;
    stencil.fill(out, |gap, out| {
        match gap {
            0 => text(claim, lang, out),
            1 => out.push_str(&escape(anchor.unwrap_or_default())),
            2 => chips(site, root, (Kind::Evidence, &claim.evidence), out),
            _ => {
                let Some(persona) = persona else {
                    chips(site, root, (Kind::Kpi, &claim.kpis), out);
                    return Ok(());
                };
                for reference in &claim.kpis {
                    if let Some(found) = site.library.find(Kind::Kpi, reference.id()) {
                        kpi::write_chip(site, found.entity, persona, root, out)?;
                    } else {
                        let shown = site.shown_as(reference.as_str(), &[Kind::Kpi], root);
                        out.push_str(shown.chip());
                    }
                }
                for kpi in served_by {
                    kpi::write_chip(site, kpi, persona, root, out)?;
                }
            }
        }
        Ok(())
    })
}

/// Writes references to entities of one kind as chips.
pub(super) fn chips<T>(
    site: &Site<'_>,
    root: &str,
    (kind, references): (Kind, &[crate::schema::Ref<T>]),
    out: &mut String,
) {
    for reference in references {
        out.push_str(site.shown_as(reference.as_str(), &[kind], root).chip());
    }
}
