//! A Code Quality report for GitLab: the changes, and the findings that are new.
//!
//! GitLab knows neither changes nor levels, so a change is told as a finding: what breaks is `major`,
//! what somebody should look at `minor`.

use std::io::{self, Write};

use super::super::{Change, Review};
use super::{Options, phrases};
use crate::diagnostic::{Diagnostic, Place, Severity, gitlab};

/// The name under which GitLab lists the files that could not be read.
const PARTIAL: &str = "compared-in-part";

pub(super) fn write(out: &mut dyn Write, review: &Review, options: &Options<'_>) -> io::Result<()> {
    let partial = review.partial.iter().map(|file| {
        let told = format!("compared in part only: {}", phrases::partial(file));
        Diagnostic::new(PARTIAL, Severity::Warn, file.path.clone(), told)
    });
    let findings = partial
        .chain(review.changes.iter().map(as_finding))
        .chain(review.introduced.iter().cloned());
    gitlab::write(out, &findings.collect::<Vec<_>>(), options.folder)
}

/// A change in the form of a finding.
fn as_finding(change: &Change) -> Diagnostic {
    let severity = phrases::severity(change.level);
    let message = phrases::with_values(change);
    let mut finding = Diagnostic::new(
        change.code.name,
        severity,
        change.path.clone(),
        format!("{}: {message}", change.level),
    )
    .pointer(change.pointer.clone());
    finding.entity = Some(phrases::name(change));
    // A line of the state before would point at something else in the state after.
    if !change.is_before && change.start.line > 0 {
        finding = finding.at(Place {
            start: change.start,
            end: change.start,
            ..Place::default()
        });
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::samples::{self, written};

    #[test]
    fn a_change_is_told_as_a_finding() {
        let report = written(Format::Gitlab, &samples::review());
        insta::assert_snapshot!(report, @r#"
        [
        {"description":"compared in part only: content/kpis/churn.md (before): the front matter is no YAML","check_name":"compared-in-part","fingerprint":"9d08189a34bc0f5bef9107b8b0aab3aa","severity":"minor","location":{"path":"content/kpis/churn.md","lines":{"begin":1}}},
        {"description":"breaking: Sarah Whitlock: Persona removed","check_name":"persona-removed","fingerprint":"9c53c08885fc6a05777c4ea2a3ca899b","severity":"major","location":{"path":"content/personas/sarah.md","lines":{"begin":1}}},
        {"description":"breaking: Ruth Adeyinka: Stance flipped: from “target” to “negative”","check_name":"stance-flipped","fingerprint":"46aa665467712cb444b7926d7433f4b5","severity":"major","location":{"path":"content/personas/ruth-adeyinka.md","positions":{"begin":{"line":4,"column":9},"end":{"line":4,"column":9}}}},
        {"description":"review: Ruth Adeyinka: Goal reworded: from “Go live within 60 days of the first call.” to “Go live within 30 days of the first order.”","check_name":"claim-reworded","fingerprint":"47e9e35860df4077d8b75358bd8c76fc","severity":"minor","location":{"path":"content/personas/ruth-adeyinka.md","positions":{"begin":{"line":21,"column":11},"end":{"line":21,"column":11}}}},
        {"description":"review: Ruth Adeyinka: Goal “On time” lost its evidence: “Onboarding interviews 2026”","check_name":"evidence-weaker","fingerprint":"40343e407e6e8f3aa45de6526b6081c6","severity":"minor","location":{"path":"content/personas/ruth-adeyinka.md","positions":{"begin":{"line":24,"column":16},"end":{"line":24,"column":16}}}},
        {"description":"review: NPS: Target loosened: from “50 by 2026-12-31” to “40 by 2026-12-31”","check_name":"target-loosened","fingerprint":"ac8d6cf35a1994b052b743284d460d02","severity":"minor","location":{"path":"content/kpis/nps.md","positions":{"begin":{"line":9,"column":10},"end":{"line":9,"column":10}}}},
        {"description":"info: Dez Fowler: Persona added","check_name":"added","fingerprint":"bf9cc86f000df4b107a179ec75a5ab3a","severity":"info","location":{"path":"content/personas/dez.md","positions":{"begin":{"line":1,"column":1},"end":{"line":1,"column":1}}}},
        {"description":"info: NPS: 2 measurements added: “2026-Q3: 41”","check_name":"measurement-added","fingerprint":"3bb191ce2517874a345a3033531b2b2e","severity":"info","location":{"path":"content/kpis/nps.csv","positions":{"begin":{"line":8,"column":1},"end":{"line":8,"column":1}}}},
        {"description":"info: About | us: Text changed: from “One paragraph. Two.” to “One paragraph. Three.”","check_name":"prose-changed","fingerprint":"f43252c5aa8c6aba659cdf4d67715bd4","severity":"info","location":{"path":"content/pages/about.md","lines":{"begin":1}}},
        {"description":"there is no persona `sarah` (did you mean `sara`?)","check_name":"unknown-ref","fingerprint":"eecf4fc6c999fd6f00eb08a0bece26a4","severity":"major","location":{"path":"content/journeys/winter-riders.md","positions":{"begin":{"line":12,"column":14},"end":{"line":12,"column":19}}}}
        ]
        "#);
        let issues: Vec<serde_json::Value> = serde_json::from_str(&report).expect("JSON");
        let review = samples::review();
        let partial = review.partial.len();
        assert_eq!(
            issues.len(),
            review.changes.len() + review.introduced.len() + partial
        );
        let prints: std::collections::HashSet<_> = issues
            .iter()
            .map(|issue| issue["fingerprint"].to_string())
            .collect();
        assert_eq!(prints.len(), issues.len());
    }
}
