//! Claims as pages show them: `stencils/claim.html`.

use super::super::Site;
use super::super::markdown::escape;
use super::super::theme::Part;
use super::Result;
use crate::schema::Kind;
use crate::schema::kinds::claim::{Claim, Grade};

/// Writes a claim with its evidence and KPIs; `anchor` is its id in the page.
pub(super) fn write(
    site: &Site<'_>,
    root: &str,
    claim: &Claim,
    anchor: Option<&str>,
    out: &mut String,
) -> Result<()> {
    let stencil = site.theme.stencil(
        "claim",
        &[
            ("text", Part::Gap),
            ("anchor", Part::gap(anchor.is_some())),
            ("evidence", Part::gap(!claim.evidence.is_empty())),
            ("kpis", Part::gap(!claim.kpis.is_empty())),
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
            0 => out.push_str(&escape(&claim.text)),
            1 => out.push_str(&escape(anchor.unwrap_or_default())),
            2 => chips(site, root, (Kind::Evidence, &claim.evidence), out),
            _ => chips(site, root, (Kind::Kpi, &claim.kpis), out),
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
