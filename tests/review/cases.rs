//! One case for every code: what is done, and every change that is told.

use std::collections::BTreeSet;

use personary::review::CODES;

use super::project::Edit::{self, Move, Remove, Replace, Write};
use super::project::{base, edited, line, review};

/// A case: what is done to the project first, what then, and what is told of the latter.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) first: &'static [Edit],
    pub(crate) then: &'static [Edit],
    pub(crate) told: &'static [&'static str],
}

const ANN: &str = "content/personas/ann.md";
const BO: &str = "content/personas/bo.md";
const CY: &str = "content/personas/cy.md";
const NPS: &str = "content/kpis/nps.md";

macro_rules! cases {
    ($($name:literal: [$($first:expr),*] [$($then:expr),* $(,)?] => [$($told:literal),* $(,)?];)+) => {
        pub(crate) const CASES: &[Case] = &[$(Case {
            name: $name,
            first: &[$($first),*],
            then: &[$($then),*],
            told: &[$($told),*],
        }),+];
    };
}

cases! {
    "a persona is removed": [] [Remove(BO)] => [
        "breaking persona-removed persona:bo - before:1",
    ];
    "a draft is removed": [] [Remove(CY)] => [
        "review persona-removed persona:cy - before:1",
    ];
    "a persona with a successor is removed":
        [Replace(BO, "status: active", "status: retired\nsuperseded_by: ann")]
        [Remove(BO)] => ["review entity-removed persona:bo - before:1"];
    "a journey is removed": [] [Remove("content/journeys/ride.md")] => [
        "breaking journey-removed journey:ride - before:1",
    ];
    "a KPI is removed": [] [Remove(NPS), Remove("content/kpis/nps.csv")] => [
        "breaking kpi-removed kpi:nps - before:1",
    ];
    "a segment is removed": [] [Remove("content/segments/riders.md")] => [
        "review entity-removed segment:riders - before:1",
    ];
    "an id is changed without an alias": [] [Move(ANN, "content/personas/anna.md")] => [
        "breaking id-changed persona:anna - 1",
    ];
    "an id is changed, and the references follow": [] [
        Move("content/evidence/talks.md", "content/evidence/interviews.md"),
        Replace(ANN, "evidence: [talks]\n    conf", "evidence: [interviews]\n    conf"),
        Replace(ANN, "evidence: [talks]", "evidence: [interviews]"),
    ] => ["breaking id-changed evidence:interviews - 1"];
    "an id is changed with an alias": [] [
        Move(ANN, "content/personas/anna.md"),
        Replace("content/personas/anna.md", "name: Ann", "name: Ann\naliases: [ann]"),
    ] => ["info renamed persona:anna - 1"];
    "a file is moved": [] [Move(ANN, "content/personas/home/ann.md")] => [
        "info moved persona:ann - 1",
    ];
    "one becomes two": [] [
        Remove(BO),
        Write("content/personas/bea.md", "---\nname: Bea\naliases: [bo]\n---\n"),
        Write("content/personas/ben.md", "---\nname: Ben\naliases: [bo]\n---\n"),
    ] => [
        "info added persona:bea - 1",
        "info added persona:ben - 1",
        "info split persona:bo - before:1",
    ];
    "one that stays becomes two": [] [
        Replace(BO, "status: active", "status: retired\nsuperseded_by: bea"),
        Replace(BO, "b2c: {}\n---\n", "b2c: {}\n---\nSee also [[ben]].\n"),
        Write("content/personas/bea.md", "---\nname: Bea\n---\n"),
        Write("content/personas/ben.md", "---\nname: Ben\n---\n"),
    ] => [
        "review status-changed persona:bo /status 5",
        "info added persona:bea - 1",
        "info added persona:ben - 1",
        "info split persona:bo /superseded_by 6",
        "info prose-changed persona:bo - 16",
    ];
    "two become one": [] [
        Remove(BO),
        Remove(CY),
        Write("content/personas/dee.md", "---\nname: Dee\naliases: [bo, cy]\n---\n"),
    ] => ["info merged persona:dee - 1"];
    "one becomes part of another": [] [
        Remove(BO),
        Replace(ANN, "name: Ann", "name: Ann\naliases: [bo]"),
    ] => ["info merged persona:ann - 1"];
    "two that stay become one": [] [
        Replace(BO, "status: active", "status: deprecated\nsuperseded_by: ann"),
        Replace(CY, "status: draft", "status: deprecated\nsuperseded_by: ann"),
    ] => [
        "review status-changed persona:bo /status 5",
        "review status-changed persona:cy /status 5",
        "info merged persona:ann - 1",
    ];
    "the stance is flipped": [] [Replace(ANN, "stance: target", "stance: negative")] => [
        "breaking stance-flipped persona:ann /stance 4",
    ];
    "the market is flipped": [] [Replace(ANN, "market: b2c", "market: b2b")] => [
        "breaking market-flipped persona:ann /market 3",
    ];
    "a persona in use is retired": [] [Replace(ANN, "status: active", "status: retired")] => [
        "breaking retired-in-use persona:ann /status 5",
    ];
    "a persona that nobody uses is retired": [] [Replace(BO, "status: active", "status: retired")] => [
        "review status-changed persona:bo /status 5",
    ];
    "a draft is published": [] [
        Replace(CY, "status: draft", "status: active"),
        Replace(CY, "basis: proto", "basis: qualitative"),
    ] => [
        "review status-changed persona:cy /status 5",
        "info basis-raised persona:cy /basis 6",
    ];
    "the last evidence is gone": [] [
        Replace(ANN, "    evidence: [talks]\n", ""),
        Replace(ANN, "evidence: [talks]\n", ""),
    ] => [
        "breaking evidence-lost persona:ann - 1",
        "review evidence-weaker persona:ann /goals/0/evidence before:19",
        "review evidence-weaker persona:ann /evidence before:29",
    ];
    "the only study of a persona is deleted": [] [Remove("content/evidence/talks.md")] => [
        "breaking evidence-lost persona:ann - 1",
        "review entity-removed evidence:talks - before:1",
    ];
    "the only study is deleted, and the persona changes, too": [] [
        Remove("content/evidence/talks.md"),
        Replace(ANN, "tags: [home]", "tags: [work]"),
    ] => [
        "breaking evidence-lost persona:ann - 1",
        "review entity-removed evidence:talks - before:1",
        "info tags-changed persona:ann /tags 14",
    ];
    "one of two studies is deleted":
        [Replace(ANN, "evidence: [talks]\nkpis", "evidence: [talks, guess]\nkpis")]
        [Remove("content/evidence/talks.md")] => [
        "review entity-removed evidence:talks - before:1",
    ];
    "the basis is raised with a study that is not there": [] [
        Replace(ANN, "basis: qualitative", "basis: statistical"),
        Replace(ANN, "evidence: [talks]\nkpis", "evidence: [talks, nothing]\nkpis"),
    ] => [
        "review basis-raised persona:ann /basis 6",
        "info evidence-stronger persona:ann /evidence 29",
    ];
    "a claim is removed": [] [
        Replace(ANN, "  - id: one-car\n    text: Live with one car for good.\n", ""),
    ] => ["review claim-removed persona:ann /goals/1 before:21"];
    "a claim is reworded": [] [Replace(ANN, "Live with one car", "Do without any car")] => [
        "review claim-reworded persona:ann /goals/1/text 22",
    ];
    "a claim without an id is reworded": [] [
        Replace(CY, "Find a place to load", "Find a legal place to stop"),
    ] => ["info claim-reworded persona:cy /goals/0 10"];
    "a claim is replaced by another": [] [
        Replace(CY, "Find a place to load near every door.", "Sleep until seven."),
    ] => [
        "info claim-added persona:cy /goals/0 10",
        "info claim-removed persona:cy /goals/0 before:10",
    ];
    "a claim is moved to another list": [] [
        Replace(ANN, "  - id: one-car\n    text: Live with one car for good.\npains:", "needs:\n  - id: one-car\n    text: Live with one car for good.\npains:"),
    ] => ["review claim-changed persona:ann /needs/0 22"];
    "a claim is moved within its list": [] [
        Replace(ANN, "  - id: one-car\n    text: Live with one car for good.\n", ""),
        Replace(ANN, "goals:\n", "goals:\n  - id: one-car\n    text: Live with one car for good.\n"),
    ] => [];
    "a claim's confidence falls": [] [Replace(ANN, "confidence: high", "confidence: low")] => [
        "review claim-changed persona:ann /goals/0/confidence 20",
    ];
    "a claim gets an id": [] [Replace(CY, "- Find", "- id: place\n    text: Find")] => [
        "info claim-changed persona:cy /goals/0/id 10",
    ];
    "a claim is added": [] [Replace(ANN, "pains:", "needs: [A day.]\npains:")] => [
        "info claim-added persona:ann /needs/0 23",
    ];
    "a claim loses its evidence": [] [Replace(ANN, "    evidence: [talks]\n", "")] => [
        "review evidence-weaker persona:ann /goals/0/evidence before:19",
    ];
    "a claim's evidence is replaced by a guess": [] [
        Replace(ANN, "    evidence: [talks]", "    evidence: [guess]"),
    ] => ["review evidence-weaker persona:ann /goals/0/evidence 19"];
    "a claim gets evidence": [] [
        Replace(ANN, "car for good.\n", "car for good.\n    evidence: [talks]\n"),
    ] => ["info evidence-stronger persona:ann /goals/1/evidence 23"];
    "a claim of a KPI": [] [
        Replace(ANN, "car for good.\n", "car for good.\n    kpis: [nps]\n"),
    ] => ["review claim-changed persona:ann /goals/1/kpis 23"];
    "other segments": [] [Replace(ANN, "[families]", "[families, riders]")] => [
        "review segments-changed persona:ann /segments 11",
    ];
    "other phases": [] [Replace(ANN, "[acquisition]", "[renewal]")] => [
        "review lifecycle-changed persona:ann /lifecycle 12",
    ];
    "the basis is raised": [] [Replace(ANN, "basis: qualitative", "basis: statistical")] => [
        "review basis-raised persona:ann /basis 6",
    ];
    "the basis is raised with new evidence": [] [
        Replace(ANN, "basis: qualitative", "basis: statistical"),
        Replace(ANN, "evidence: [talks]\nkpis", "evidence: [talks, guess]\nkpis"),
    ] => [
        "info evidence-stronger persona:ann /basis 6",
        "info evidence-stronger persona:ann /evidence 29",
    ];
    "another owner": [] [Replace(ANN, "owner: cx", "owner: sales")] => [
        "review owner-changed persona:ann /owner 7",
    ];
    "a new day alone": [] [Replace(ANN, "2026-09-01", "2026-11-01")] => [
        "review reviewed-alone persona:ann /last_reviewed 13",
    ];
    "a new day and a new tag": [] [
        Replace(ANN, "2026-09-01", "2026-11-01"),
        Replace(ANN, "tags: [home]", "tags: [home, school]"),
    ] => [
        "info reviewed persona:ann /last_reviewed 13",
        "info tags-changed persona:ann /tags 14",
    ];
    "a finding is allowed": [] [
        Replace(ANN, "tags: [home]", "allow: [{rule: small-sample, reason: First year.}]\ntags: [home]"),
    ] => ["review suppression-added persona:ann /allow/0 14"];
    "a finding is allowed for longer": [
        Replace(ANN, "tags: [home]", "allow: [{rule: small-sample, reason: x, until: 2026-01-01}]\ntags: [home]")
    ] [Replace(ANN, "until: 2026-01-01", "until: 2027-01-01")] => [
        "review suppression-added persona:ann /allow/0 14",
    ];
    "another handling": [] [Replace(BO, "Send a link.", "Call back.")] => [
        "review negative-changed persona:bo /negative/handling 12",
    ];
    "another budget": [] [Replace(ANN, "budget: 100", "budget: 120")] => [
        "review field-changed persona:ann /budget 15",
    ];
    "a budget is gone": [] [Replace(ANN, "budget: 100\n", "")] => [
        "review field-removed persona:ann /budget before:15",
    ];
    "a reference of a custom field": [] [Replace(ANN, "budget: 100", "budget: 100.0\nnext: riders")] => [
        "info field-added persona:ann /next 16",
    ];
    "the best channel is another": [] [Replace(ANN, "[app, chat]", "[chat, app]")] => [
        "review field-changed persona:ann /channels/preferred 28",
    ];
    "a rule is switched off": [] [
        Replace("personary.yaml", "{warn_months: 9}", "off"),
    ] => ["review settings-changed page:personary.yaml /rules/stale-evidence 4"];
    "another title": [] [Replace("personary.yaml", "title: Test", "title: Best")] => [
        "info settings-changed page:personary.yaml /title 1",
    ];
    "a persona is added": [] [Write("content/personas/eve.md", "---\nname: Eve\n---\n")] => [
        "info added persona:eve - 1",
    ];
    "another summary, quote and text": [] [
        Replace(ANN, "Rides to school.", "Rides to school daily."),
        Replace(ANN, "Give me a day.", "Give me an hour."),
        Replace(ANN, "She leaves at eight.", "She leaves at nine."),
    ] => [
        "info prose-changed persona:ann /summary 8",
        "info prose-changed persona:ann /quote/text 9",
        "info prose-changed persona:ann - 37",
    ];
    "another portrait": [] [Replace(ANN, "/ann.svg", "/ann.png")] => [
        "info portrait-changed persona:ann /portrait 10",
    ];
    "other tags": [] [Replace(ANN, "tags: [home]", "tags: [work]")] => [
        "info tags-changed persona:ann /tags 14",
    ];
    "other aliases": [] [Replace(ANN, "tags: [home]", "tags: [home]\naliases: [anna]")] => [
        "info aliases-changed persona:ann /aliases 15",
    ];
    "a translation": [] [Write("content/personas/ann.de.md", "---\nsummary: Zur Schule.\n---\n")] => [
        "info translation-changed persona:ann - 1",
    ];
    "another translation": [Write("content/personas/ann.de.md", "---\nsummary: Schule.\n---\n")]
        [Write("content/personas/ann.de.md", "---\nsummary: Zur Schule.\n---\n")] => [
        "info translation-changed persona:ann /summary 2",
    ];
    "a term says something else": [Write("content/terms/drop.md", "---\nname: Drop\ndefinition: One stop.\n---\n")]
        [Write("content/terms/drop.md", "---\nname: Drop\ndefinition: One parcel.\n---\n")] => [
        "review field-changed term:drop /definition 3",
    ];
}

#[test]
fn every_case_is_told_as_the_table_says() {
    let told = |case: &Case| -> Vec<String> {
        let before = edited(base(), case.first);
        let after = edited(before.clone(), case.then);
        review(&before, &after).changes.iter().map(line).collect()
    };
    let wrong: Vec<String> = (CASES.iter())
        .map(|case| (case, told(case)))
        .filter(|(case, told)| told != case.told)
        .map(|(case, told)| format!("{}:\n    {}", case.name, told.join("\n    ")))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Codes whose cases stand with the kinds that tell them, `src/review/kinds/`.
const BY_KIND: [&str; 20] = [
    "stage-removed",
    "stage-added",
    "step-removed",
    "step-added",
    "emotion-moved",
    "emotion-shifted",
    "persona-joined",
    "persona-left",
    "kpi-redefined",
    "target-loosened",
    "target-tightened",
    "threshold-changed",
    "measurement-added",
    "measurement-edited",
    "measurement-removed",
    "measurement-completed",
    "step-reworded",
    "order-changed",
    "sensitivity-lowered",
    "sensitivity-raised",
];

#[test]
fn every_code_has_a_case() {
    let told: BTreeSet<&str> = (CASES.iter())
        .flat_map(|case| case.told)
        .filter_map(|line| line.split(' ').nth(1))
        .chain(BY_KIND)
        .collect();
    let missing: Vec<&str> = CODES
        .iter()
        .map(|code| code.name)
        .filter(|name| !told.contains(name))
        .collect();
    assert!(missing.is_empty(), "codes without a case: {missing:?}");
}

#[test]
fn a_file_that_cannot_be_read_has_lost_nothing() {
    let before = base();
    let broken = [Replace(ANN, "name: Ann", "name: [Ann")];
    let found = review(&before, &edited(base(), &broken));
    assert_eq!(found.changes, []);
    let [partial] = &found.partial[..] else {
        panic!("{:?}", found.partial)
    };
    assert_eq!((&*partial.path, partial.is_before), (ANN, false));
    // One that does not validate is compared by what it says.
    let wrong = [
        Replace(ANN, "basis: qualitative\n", "basis: rumour\n"),
        Replace(ANN, "Live with one car", "Do without any car"),
    ];
    let found = review(&before, &edited(base(), &wrong));
    let told: Vec<String> = found.changes.iter().map(line).collect();
    assert_eq!(
        told,
        [
            "review field-changed persona:ann /basis 6",
            "review claim-reworded persona:ann /goals/1/text 22",
        ]
    );
    assert_eq!(found.partial.len(), 1);
}

#[test]
fn titles_need_no_other_words() {
    let titles = |edits: &[Edit]| -> Vec<String> {
        let changes = review(&base(), &edited(base(), edits)).changes;
        changes.into_iter().map(|change| change.title).collect()
    };
    let edits = [
        Replace(ANN, "stance: target", "stance: negative"),
        Replace(ANN, "status: active", "status: retired"),
        Replace(ANN, "owner: cx", "owner: sales"),
        Replace(ANN, "text: Live with one car", "text: Do without any car"),
        Replace(ANN, "severity: high", "severity: low"),
        Replace(ANN, "    evidence: [talks]", "    evidence: [guess]"),
        Replace(ANN, "budget: 100", "budget: 120"),
        Replace(BO, "Send a link.", "Call back."),
        Replace("personary.yaml", "{warn_months: 9}", "off"),
    ];
    assert_eq!(
        titles(&edits),
        [
            "Stance changed: target → negative",
            "Retired, but “The ride” refers to it",
            "Owner changed: CX → Sales",
            "Monthly budget changed",
            "Goal “Get to school by half past eight without a car.”: evidence replaced by a weaker method",
            "Goal reworded",
            "Pain “A repair without a date costs more than the repair.”: severity changed",
            "Negative: handling changed",
            "Rule switched off: stale-evidence",
        ]
    );
}
