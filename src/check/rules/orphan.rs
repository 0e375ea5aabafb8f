//! `orphan`: something that nothing refers to.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::About;
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Kind;
use crate::schema::kinds::common::Status;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "orphan",
        severity: Severity::Warn,
        summary: "Evidence, a KPI, a segment, a touchpoint or a team that nothing refers to",
        what: "Active evidence, KPIs, segments, touchpoints and teams that no other file refers to.",
        why: "These kinds exist for others to refer to. What nobody uses is either a reference that was forgotten or a file that can go.",
        fails: "# content/evidence/panel-2023.md, which no claim cites\nname: Panel 2023",
        repair: "# content/evidence/panel-2023.md\nname: Panel 2023\nstatus: retired",
        ..About::DEFAULT
    },
    check: Some(check),
};

/// The kinds that exist for others to refer to.
const SUPPORTING: [Kind; 5] = [
    Kind::Evidence,
    Kind::Kpi,
    Kind::Segment,
    Kind::Touchpoint,
    Kind::Team,
];

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let library = cx.library;
    let current = matches!(entity.status(), Status::Active);
    if !SUPPORTING.contains(&entity.kind) || !current || entity.data.is_none() {
        return;
    }
    let first = library.get(entity.kind, &entity.id);
    if library.has_referrer(entity) || first.is_none_or(|first| first.index != entity.index) {
        return;
    }
    let name = entity.document.root().and_then(|root| root.get("name"));
    let span = name.map_or(0..0, crate::source::yaml::Node::span);
    let message = format!("nothing refers to the {} `{}`", entity.kind, entity.id);
    let mut finding = entity
        .document
        .finding(RULE.about.name, span, message)
        .help("refer to it, or give it `status: retired`")
        .pointer("/name");
    finding.severity = RULE.about.severity;
    out.push(finding);
}
