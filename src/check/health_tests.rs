//! The health of a library, told from its findings.

use std::sync::Arc;

use jiff::civil::date;

use crate::check;
use crate::diagnostic::Severity;
use crate::library::Library;
use crate::library::health::{Expiry, Health};
use crate::source::Memory;

const PERSONA: &str = "---\nname: P\nmarket: b2c\nstance: target\nstatus: active\nbasis: statistical\nowner: cx\nsummary: S\nlast_reviewed: 2026-07-01\ngoals:\n  - text: One\n    evidence: [e]\n  - Two\nmotivations: [M]\npains: [P]\nb2c: {}\nallow: [{rule: no-negative-persona, reason: later, until: 2026-12-31}]\n---\n";
const EVIDENCE: &str = "---\nname: E\nmethod: survey\npopulation: actual\ncollected: {from: 2025-11-01, to: 2025-12-31}\nn: 50\nowner: cx\n---\n";

#[test]
fn a_library_is_summed_up_by_mistake_persona_day_and_owner() {
    let tree = Memory::default()
        .with("content/personas/p.md", PERSONA)
        .with("content/evidence/e.md", EVIDENCE)
        .with(
            "content/teams/cx.md",
            "---\nname: CX\ncontact: cx\n---\n[x](no.md)\n",
        );
    let library = Library::load(Arc::new(tree));
    let today = date(2026, 11, 24);
    let findings = check::all(&library, today);
    let health = Health::of(&library, &findings, &check::abouts(), today);
    let mistakes: Vec<_> = health
        .mistakes
        .iter()
        .map(|mistake| (mistake.group.mistake(), mistake.tally.worst()))
        .collect();
    let (error, warn) = (Some(Severity::Error), None);
    assert_eq!(mistakes[0], (Some(1), error), "a survey is no behaviour");
    assert_eq!(
        mistakes[6],
        (Some(7), warn),
        "accepted until the end of the year"
    );
    assert_eq!(mistakes[5].1, Some(Severity::Warn), "a quarter is cited");
    assert_eq!((health.coverage.claims, health.coverage.cited), (4, 1));
    assert_eq!(health.broken, 1);
    let card = &health.personas[0];
    assert_eq!(card.newest.map(|(day, _)| day), Some(date(2025, 12, 31)));
    assert_eq!(card.mistakes[0], error);
    let days: Vec<_> = health.expiring.iter().map(|e| (e.what, e.day)).collect();
    assert_eq!(
        days,
        [
            (Expiry::Evidence, date(2026, 12, 31)),
            (Expiry::Allow, date(2026, 12, 31)),
            (Expiry::Review, date(2027, 1, 1)),
        ]
    );
    let owners: Vec<_> = health
        .owners
        .iter()
        .map(|o| o.team.map(|t| &*t.id))
        .collect();
    assert_eq!(owners, [Some("cx"), None]);
}
