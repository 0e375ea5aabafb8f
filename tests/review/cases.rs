//! One case for every code: what is done, and every change that is told.

use std::collections::BTreeSet;

use personary::review::{CODES, Change};

use super::project::Edit::{self, Move, Remove, Replace, Write};
use super::project::{base, edited, line, reached, review};

/// A case: what is done to the project first, what then, and what is told of the latter: each change
/// with its place and, behind `>`, whom it reaches, by a name of `REACHES`.
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
const ROWS: &str = "content/kpis/nps.csv";
const RIDE: &str = "content/journeys/ride.md";
const TALKS: &str = "content/evidence/talks.md";

/// Whom changes reach, by a name that the table of cases uses: the nearest first, with the way that
/// leads there.
const REACHES: &[(&str, &[&str])] = &[
    ("nobody", &[]),
    ("cx", &["team:cx"]),
    ("design", &["team:design"]),
    ("data", &["team:data"]),
    ("product", &["team:product"]),
    (
        "ann",
        &[
            "journey:ride of design",
            "kpi:nps of data",
            "scenario:rain of product",
            "account:mill of nobody",
            "team:cx",
            "journey:ride#ask by journey:ride of design",
            "kpi:visits by journey:ride of sales",
            "team:design by journey:ride",
            "team:data by kpi:nps",
            "team:product by scenario:rain",
            "team:sales by journey:ride, kpi:visits",
        ],
    ),
    (
        "ann but nps",
        &[
            "journey:ride of design",
            "scenario:rain of product",
            "account:mill of nobody",
            "team:cx",
            "journey:ride#ask by journey:ride of design",
            "kpi:visits by journey:ride of sales",
            "team:design by journey:ride",
            "team:product by scenario:rain",
            "team:sales by journey:ride, kpi:visits",
        ],
    ),
    (
        "ann, and who had her",
        &[
            "journey:ride of design",
            "kpi:nps of data",
            "scenario:rain of product",
            "account:mill of nobody",
            "team:sales",
            "journey:ride#ask by journey:ride of design",
            "kpi:visits by journey:ride of sales",
            "team:design by journey:ride",
            "team:data by kpi:nps",
            "team:product by scenario:rain",
            "team:cx",
        ],
    ),
    (
        "nps",
        &["persona:ann of cx", "team:data", "team:cx by persona:ann"],
    ),
    (
        "talks",
        &[
            "persona:ann of cx",
            "journey:ride#look of design",
            "team:cx",
            "journey:ride by persona:ann of design",
            "kpi:visits by journey:ride of sales",
            "team:design by journey:ride",
            "journey:ride#ask by persona:ann, journey:ride of design",
            "team:sales by journey:ride, kpi:visits",
        ],
    ),
    (
        "look",
        &[
            "kpi:visits of sales",
            "touchpoint:shop of sales",
            "team:design",
            "team:sales by kpi:visits",
        ],
    ),
    (
        "ride",
        &[
            "persona:ann of cx",
            "kpi:visits of sales",
            "touchpoint:shop of sales",
            "team:design",
            "team:cx by persona:ann",
            "team:sales by kpi:visits",
        ],
    ),
    ("design's", &["journey:ride of design"]),
    (
        "pay",
        &["kpi:nps of data", "team:design", "team:data by kpi:nps"],
    ),
    (
        "bo's way",
        &["persona:bo of cx", "team:design", "team:cx by persona:bo"],
    ),
    (
        "ann's way",
        &["persona:ann of cx", "team:design", "team:cx by persona:ann"],
    ),
    (
        "visits, of nobody",
        &["journey:ride#look of design", "team:design by journey:ride"],
    ),
    (
        "visits",
        &[
            "journey:ride#look of design",
            "team:sales",
            "team:design by journey:ride",
        ],
    ),
    (
        "nps and visits, of nobody",
        &[
            "persona:ann of cx",
            "journey:ride#look of design",
            "team:cx by persona:ann",
            "team:design by journey:ride",
        ],
    ),
    (
        "shop",
        &[
            "journey:ride#look of design",
            "team:sales",
            "kpi:visits by journey:ride of sales",
            "team:design by journey:ride",
        ],
    ),
];

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
        "breaking persona-removed persona:bo - before:personas/bo.md:1 > cx",
    ];
    "a draft is removed": [] [Remove(CY)] => [
        "review persona-removed persona:cy - before:personas/cy.md:1 > cx",
    ];
    "a persona with a successor is removed":
        [Replace(BO, "status: active", "status: retired\nsuperseded_by: ann")]
        [Remove(BO)] => [
        "review entity-removed persona:bo - before:personas/bo.md:1 > cx",
    ];
    "a journey is removed": [] [Remove(RIDE)] => [
        "breaking journey-removed journey:ride - before:journeys/ride.md:1 > ride",
    ];
    "a KPI is removed": [] [Remove(NPS), Remove(ROWS)] => [
        "breaking kpi-removed kpi:nps - before:kpis/nps.md:1 > nps",
    ];
    "a segment is removed": [] [Remove("content/segments/riders.md")] => [
        "review entity-removed segment:riders - before:segments/riders.md:1 > nobody",
    ];
    "an id is changed without an alias": [] [Move(ANN, "content/personas/anna.md")] => [
        "breaking id-changed persona:anna - personas/anna.md:1 > ann",
    ];
    "an id is changed, and the references follow": [] [
        Move("content/evidence/talks.md", "content/evidence/interviews.md"),
        Replace(ANN, "evidence: [talks]\n    conf", "evidence: [interviews]\n    conf"),
        Replace(ANN, "evidence: [talks]", "evidence: [interviews]"),
        Replace(RIDE, "evidence: [talks]", "evidence: [interviews]"),
    ] => [
        "breaking id-changed evidence:interviews - evidence/interviews.md:1 > talks",
    ];
    "an id is changed with an alias": [] [
        Move(ANN, "content/personas/anna.md"),
        Replace("content/personas/anna.md", "name: Ann", "name: Ann\naliases: [ann]"),
    ] => [
        "info renamed persona:anna - personas/anna.md:1 > ann",
    ];
    "a file is moved": [] [Move(ANN, "content/personas/home/ann.md")] => [
        "info moved persona:ann - personas/home/ann.md:1 > cx",
    ];
    "one becomes two": [] [
        Remove(BO),
        Write("content/personas/bea.md", "---\nname: Bea\naliases: [bo]\n---\n"),
        Write("content/personas/ben.md", "---\nname: Ben\naliases: [bo]\n---\n"),
    ] => [
        "info added persona:bea - personas/bea.md:1 > nobody",
        "info added persona:ben - personas/ben.md:1 > nobody",
        "info split persona:bo - before:personas/bo.md:1 > cx",
    ];
    "one that stays becomes two": [] [
        Replace(BO, "status: active", "status: retired\nsuperseded_by: bea"),
        Replace(BO, "b2c: {}\n---\n", "b2c: {}\n---\nSee also [[ben]].\n"),
        Write("content/personas/bea.md", "---\nname: Bea\n---\n"),
        Write("content/personas/ben.md", "---\nname: Ben\n---\n"),
    ] => [
        "review status-changed persona:bo /status personas/bo.md:5 > cx",
        "info added persona:bea - personas/bea.md:1 > nobody",
        "info added persona:ben - personas/ben.md:1 > nobody",
        "info split persona:bo /superseded_by personas/bo.md:6 > cx",
        "info prose-changed persona:bo - personas/bo.md:16 > cx",
    ];
    "two become one": [] [
        Remove(BO),
        Remove(CY),
        Write("content/personas/dee.md", "---\nname: Dee\naliases: [bo, cy]\n---\n"),
    ] => [
        "info merged persona:dee - personas/dee.md:1 > nobody",
    ];
    "one becomes part of another": [] [
        Remove(BO),
        Replace(ANN, "name: Ann", "name: Ann\naliases: [bo]"),
    ] => [
        "info merged persona:ann - personas/ann.md:1 > ann",
    ];
    "two that stay become one": [] [
        Replace(BO, "status: active", "status: deprecated\nsuperseded_by: ann"),
        Replace(CY, "status: draft", "status: deprecated\nsuperseded_by: ann"),
    ] => [
        "review status-changed persona:bo /status personas/bo.md:5 > cx",
        "review status-changed persona:cy /status personas/cy.md:5 > cx",
        "info merged persona:ann - personas/ann.md:1 > ann",
    ];
    "the stance is flipped": [] [Replace(ANN, "stance: target", "stance: negative")] => [
        "breaking stance-flipped persona:ann /stance personas/ann.md:4 > ann",
    ];
    "the market is flipped": [] [Replace(ANN, "market: b2c", "market: b2b")] => [
        "breaking market-flipped persona:ann /market personas/ann.md:3 > ann",
    ];
    "a persona in use is retired": [] [Replace(ANN, "status: active", "status: retired")] => [
        "breaking retired-in-use persona:ann /status personas/ann.md:5 > ann",
    ];
    "a persona that nobody uses is retired": [] [Replace(BO, "status: active", "status: retired")] => [
        "review status-changed persona:bo /status personas/bo.md:5 > cx",
    ];
    "a draft is published": [] [
        Replace(CY, "status: draft", "status: active"),
        Replace(CY, "basis: proto", "basis: qualitative"),
    ] => [
        "review status-changed persona:cy /status personas/cy.md:5 > cx",
        "info basis-raised persona:cy /basis personas/cy.md:6 > cx",
    ];
    "the last evidence is gone": [] [
        Replace(ANN, "    evidence: [talks]\n", ""),
        Replace(ANN, "evidence: [talks]\n", ""),
    ] => [
        "breaking evidence-lost persona:ann - personas/ann.md:1 > ann",
        "review evidence-weaker persona:ann /goals/0/evidence before:personas/ann.md:19 > ann but nps",
        "review evidence-weaker persona:ann /evidence before:personas/ann.md:29 > ann",
    ];
    "the only study of a persona is deleted": [] [Remove(TALKS)] => [
        "breaking evidence-lost persona:ann - personas/ann.md:1 > ann",
        "review entity-removed evidence:talks - before:evidence/talks.md:1 > talks",
    ];
    "the only study is deleted, and the persona changes, too": [] [
        Remove(TALKS),
        Replace(ANN, "tags: [home]", "tags: [work]"),
    ] => [
        "breaking evidence-lost persona:ann - personas/ann.md:1 > ann",
        "review entity-removed evidence:talks - before:evidence/talks.md:1 > talks",
        "info tags-changed persona:ann /tags personas/ann.md:14 > cx",
    ];
    "one of two studies is deleted":
        [Replace(ANN, "evidence: [talks]\nkpis", "evidence: [talks, guess]\nkpis")]
        [Remove(TALKS)] => [
        "review entity-removed evidence:talks - before:evidence/talks.md:1 > talks",
    ];
    "the basis is raised with a study that is not there": [] [
        Replace(ANN, "basis: qualitative", "basis: statistical"),
        Replace(ANN, "evidence: [talks]\nkpis", "evidence: [talks, nothing]\nkpis"),
    ] => [
        "review basis-raised persona:ann /basis personas/ann.md:6 > ann",
        "info evidence-stronger persona:ann /evidence personas/ann.md:29 > ann",
    ];
    "a claim is removed": [] [
        Replace(ANN, "  - id: one-car\n    text: Live with one car for good.\n", ""),
    ] => [
        "review claim-removed persona:ann /goals/1 before:personas/ann.md:21 > ann",
    ];
    "a claim is reworded": [] [Replace(ANN, "Live with one car", "Do without any car")] => [
        "review claim-reworded persona:ann /goals/1/text personas/ann.md:22 > ann",
    ];
    "a claim without an id is reworded": [] [
        Replace(CY, "Find a place to load", "Find a legal place to stop"),
    ] => [
        "info claim-reworded persona:cy /goals/0 personas/cy.md:10 > cx",
    ];
    "a claim is replaced by another": [] [
        Replace(CY, "Find a place to load near every door.", "Sleep until seven."),
    ] => [
        "info claim-added persona:cy /goals/0 personas/cy.md:10 > cx",
        "info claim-removed persona:cy /goals/0 before:personas/cy.md:10 > cx",
    ];
    "a claim is moved to another list": [] [
        Replace(ANN, "  - id: one-car\n    text: Live with one car for good.\npains:", "needs:\n  - id: one-car\n    text: Live with one car for good.\npains:"),
    ] => [
        "review claim-changed persona:ann /needs/0 personas/ann.md:22 > ann",
    ];
    "a claim is moved within its list": [] [
        Replace(ANN, "  - id: one-car\n    text: Live with one car for good.\n", ""),
        Replace(ANN, "goals:\n", "goals:\n  - id: one-car\n    text: Live with one car for good.\n"),
    ] => [];
    "a claim's confidence falls": [] [Replace(ANN, "confidence: high", "confidence: low")] => [
        "review claim-changed persona:ann /goals/0/confidence personas/ann.md:20 > ann but nps",
    ];
    "a claim gets an id": [] [Replace(CY, "- Find", "- id: place\n    text: Find")] => [
        "info claim-changed persona:cy /goals/0/id personas/cy.md:10 > cx",
    ];
    "a claim is added": [] [Replace(ANN, "pains:", "needs: [A day.]\npains:")] => [
        "info claim-added persona:ann /needs/0 personas/ann.md:23 > ann but nps",
    ];
    "a claim loses its evidence": [] [Replace(ANN, "    evidence: [talks]\n", "")] => [
        "review evidence-weaker persona:ann /goals/0/evidence before:personas/ann.md:19 > ann but nps",
    ];
    "a claim's evidence is replaced by a guess": [] [
        Replace(ANN, "    evidence: [talks]", "    evidence: [guess]"),
    ] => [
        "review evidence-weaker persona:ann /goals/0/evidence personas/ann.md:19 > ann but nps",
    ];
    "a claim gets evidence": [] [
        Replace(ANN, "car for good.\n", "car for good.\n    evidence: [talks]\n"),
    ] => [
        "info evidence-stronger persona:ann /goals/1/evidence personas/ann.md:23 > ann",
    ];
    "a claim of a KPI": [] [
        Replace(ANN, "car for good.\n", "car for good.\n    kpis: [nps]\n"),
    ] => [
        "review claim-changed persona:ann /goals/1/kpis personas/ann.md:23 > ann",
    ];
    "other segments": [] [Replace(ANN, "[families]", "[families, riders]")] => [
        "review segments-changed persona:ann /segments personas/ann.md:11 > ann",
    ];
    "other phases": [] [Replace(ANN, "[acquisition]", "[renewal]")] => [
        "review lifecycle-changed persona:ann /lifecycle personas/ann.md:12 > ann",
    ];
    "the basis is raised": [] [Replace(ANN, "basis: qualitative", "basis: statistical")] => [
        "review basis-raised persona:ann /basis personas/ann.md:6 > ann",
    ];
    "the basis is raised with new evidence": [] [
        Replace(ANN, "basis: qualitative", "basis: statistical"),
        Replace(ANN, "evidence: [talks]\nkpis", "evidence: [talks, guess]\nkpis"),
    ] => [
        "info evidence-stronger persona:ann /basis personas/ann.md:6 > ann",
        "info evidence-stronger persona:ann /evidence personas/ann.md:29 > ann",
    ];
    "another owner": [] [Replace(ANN, "owner: cx", "owner: sales")] => [
        "review owner-changed persona:ann /owner personas/ann.md:7 > ann, and who had her",
    ];
    "a new day alone": [] [Replace(ANN, "2026-09-01", "2026-11-01")] => [
        "review reviewed-alone persona:ann /last_reviewed personas/ann.md:13 > cx",
    ];
    "a new day and a new tag": [] [
        Replace(ANN, "2026-09-01", "2026-11-01"),
        Replace(ANN, "tags: [home]", "tags: [home, school]"),
    ] => [
        "info reviewed persona:ann /last_reviewed personas/ann.md:13 > cx",
        "info tags-changed persona:ann /tags personas/ann.md:14 > cx",
    ];
    "a finding is allowed": [] [
        Replace(ANN, "tags: [home]", "allow: [{rule: small-sample, reason: First year.}]\ntags: [home]"),
    ] => [
        "review suppression-added persona:ann /allow/0 personas/ann.md:14 > cx",
    ];
    "a finding is allowed for longer": [
        Replace(ANN, "tags: [home]", "allow: [{rule: small-sample, reason: x, until: 2026-01-01}]\ntags: [home]")
    ] [Replace(ANN, "until: 2026-01-01", "until: 2027-01-01")] => [
        "review suppression-added persona:ann /allow/0 personas/ann.md:14 > cx",
    ];
    "another handling": [] [Replace(BO, "Send a link.", "Call back.")] => [
        "review negative-changed persona:bo /negative/handling personas/bo.md:12 > cx",
    ];
    "another budget": [] [Replace(ANN, "budget: 100", "budget: 120")] => [
        "review field-changed persona:ann /budget personas/ann.md:15 > ann",
    ];
    "a budget is gone": [] [Replace(ANN, "budget: 100\n", "")] => [
        "review field-removed persona:ann /budget before:personas/ann.md:15 > ann",
    ];
    "a reference of a custom field": [] [Replace(ANN, "budget: 100", "budget: 100.0\nnext: riders")] => [
        "info field-added persona:ann /next personas/ann.md:16 > ann",
    ];
    "the best channel is another": [] [Replace(ANN, "[app, chat]", "[chat, app]")] => [
        "review field-changed persona:ann /channels/preferred personas/ann.md:28 > ann",
    ];
    "a rule is switched off": [] [
        Replace("personary.yaml", "{warn_months: 9}", "off"),
    ] => [
        "review settings-changed page:personary.yaml /rules/stale-evidence personary.yaml:4 > nobody",
    ];
    "another title": [] [Replace("personary.yaml", "title: Test", "title: Best")] => [
        "info settings-changed page:personary.yaml /title personary.yaml:1 > nobody",
    ];
    "a persona is added": [] [Write("content/personas/eve.md", "---\nname: Eve\n---\n")] => [
        "info added persona:eve - personas/eve.md:1 > nobody",
    ];
    "another summary, quote and text": [] [
        Replace(ANN, "Rides to school.", "Rides to school daily."),
        Replace(ANN, "Give me a day.", "Give me an hour."),
        Replace(ANN, "She leaves at eight.", "She leaves at nine."),
    ] => [
        "info prose-changed persona:ann /summary personas/ann.md:8 > cx",
        "info prose-changed persona:ann /quote/text personas/ann.md:9 > cx",
        "info prose-changed persona:ann - personas/ann.md:37 > cx",
    ];
    "another portrait": [] [Replace(ANN, "/ann.svg", "/ann.png")] => [
        "info portrait-changed persona:ann /portrait personas/ann.md:10 > cx",
    ];
    "other tags": [] [Replace(ANN, "tags: [home]", "tags: [work]")] => [
        "info tags-changed persona:ann /tags personas/ann.md:14 > cx",
    ];
    "other aliases": [] [Replace(ANN, "tags: [home]", "tags: [home]\naliases: [anna]")] => [
        "info aliases-changed persona:ann /aliases personas/ann.md:15 > cx",
    ];
    "a translation": [] [Write("content/personas/ann.de.md", "---\nsummary: Zur Schule.\n---\n")] => [
        "info translation-changed persona:ann - personas/ann.de.md:1 > cx",
    ];
    "another translation": [Write("content/personas/ann.de.md", "---\nsummary: Schule.\n---\n")]
        [Write("content/personas/ann.de.md", "---\nsummary: Zur Schule.\n---\n")] => [
        "info translation-changed persona:ann /summary personas/ann.de.md:2 > cx",
    ];
    "a term says something else": [Write("content/terms/drop.md", "---\nname: Drop\ndefinition: One stop.\n---\n")]
        [Write("content/terms/drop.md", "---\nname: Drop\ndefinition: One parcel.\n---\n")] => [
        "review field-changed term:drop /definition terms/drop.md:3 > nobody",
    ];
    "a stage is removed": [] [
        Replace(RIDE, "  - id: go\n    name: Go\n    steps:\n      - id: ride\n        action: Rides\n        emotion: 2\n", ""),
    ] => [
        "breaking stage-removed journey:ride /stages/1 before:journeys/ride.md:22 > design",
    ];
    "a stage is added": [] [
        Replace(RIDE, "  - id: go\n", "  - id: rest\n    name: Rest\n    steps: [{action: Sits, emotion: 1}]\n  - id: go\n"),
    ] => [
        "info stage-added journey:ride /stages/1 journeys/ride.md:22 > design",
    ];
    "a stage has another id": [] [Replace(RIDE, "id: decide", "id: choose")] => [
        "breaking id-changed journey:ride /stages/0/id journeys/ride.md:9 > look",
    ];
    "a stage belongs to another phase": [] [Replace(RIDE, "lifecycle: acquisition", "lifecycle: renewal")] => [
        "review lifecycle-changed journey:ride /stages/0/lifecycle journeys/ride.md:11 > look",
    ];
    "a step is removed": [] [
        Replace(RIDE, "      - id: ask\n        action: Asks a friend\n        emotion: {ann: 0}\n", ""),
    ] => [
        "review step-removed journey:ride /stages/0/steps/1 before:journeys/ride.md:19 > design",
    ];
    "a step is added": [] [
        Replace(RIDE, "  - id: go\n", "      - id: pay\n        action: Pays\n        emotion: -1\n        kpis: [nps]\n  - id: go\n"),
    ] => [
        "info step-added journey:ride /stages/0/steps/2 journeys/ride.md:22 > pay",
    ];
    "a step is reworded": [] [Replace(RIDE, "Looks at bikes", "Looks at many bikes")] => [
        "review step-reworded journey:ride /stages/0/steps/0/action journeys/ride.md:14 > look",
    ];
    "a step has no measure any more": [] [Replace(RIDE, "        kpis: [visits]\n", "")] => [
        "review field-removed journey:ride /stages/0/steps/0/kpis/0 before:journeys/ride.md:17 > look",
    ];
    "a step gets a pain": [] [Replace(RIDE, "emotion: 2", "emotion: 2\n        pains: [No shower.]")] => [
        "info claim-added journey:ride /stages/1/steps/0/pains/0 journeys/ride.md:28 > design",
    ];
    "a step goes to another stage": [] [
        Replace(RIDE, "      - id: ask\n        action: Asks a friend\n        emotion: {ann: 0}\n", ""),
        Replace(RIDE, "        emotion: 2\n", "        emotion: 2\n      - id: ask\n        action: Asks a friend\n        emotion: {ann: 0}\n"),
    ] => [
        "review order-changed journey:ride /stages/1/steps/1 journeys/ride.md:25 > design",
    ];
    "an emotion crosses zero": [] [Replace(RIDE, "emotion: 2", "emotion: -1")] => [
        "review emotion-moved journey:ride /stages/1/steps/0/emotion journeys/ride.md:27 > design",
    ];
    "an emotion shifts": [] [Replace(RIDE, "emotion: 2", "emotion: 1")] => [
        "info emotion-shifted journey:ride /stages/1/steps/0/emotion journeys/ride.md:27 > design",
    ];
    "an emotion of one persona moves": [] [Replace(RIDE, "{ann: 0}", "{ann: 2}")] => [
        "review emotion-moved journey:ride /stages/0/steps/1/emotion/ann journeys/ride.md:21 > design",
    ];
    "a persona joins a journey": [] [Replace(RIDE, "[ann]", "[ann, bo]")] => [
        "review persona-joined journey:ride /personas/1 journeys/ride.md:3 > bo's way",
    ];
    "a persona leaves a journey": [Replace(RIDE, "[ann]", "[ann, bo]")] [Replace(RIDE, "[ann, bo]", "[bo]")] => [
        "review persona-left journey:ride /personas/0 before:journeys/ride.md:3 > ann's way",
    ];
    "a journey has another id with an alias": [] [
        Move(RIDE, "content/journeys/trip.md"),
        Replace("content/journeys/trip.md", "name: The ride", "name: The ride\naliases: [ride]"),
    ] => [
        "info renamed journey:trip - journeys/trip.md:1 > ride",
    ];
    "a KPI measures something else": [] [Replace(NPS, "unit: points", "unit: percent")] => [
        "breaking kpi-redefined kpi:nps /unit kpis/nps.md:5 > nps",
    ];
    "a target is loosened": [] [Replace(NPS, "value: 50", "value: 45")] => [
        "review target-loosened kpi:nps /target kpis/nps.md:7 > nps",
    ];
    "a target is tightened": [] [Replace(NPS, "value: 50", "value: 55")] => [
        "info target-tightened kpi:nps /target kpis/nps.md:7 > nps",
    ];
    "a KPI warns later": [] [Replace(NPS, "warn: 30", "warn: 25")] => [
        "review threshold-changed kpi:nps /thresholds/warn kpis/nps.md:8 > nps",
    ];
    "a KPI serves another goal": [] [Replace(NPS, "#one-car", "#on-time")] => [
        "review field-changed kpi:nps /serves kpis/nps.md:11 > nps",
    ];
    "a KPI has another id with an alias": [] [
        Move(NPS, "content/kpis/promoters.md"),
        Move(ROWS, "content/kpis/promoters.csv"),
        Replace("content/kpis/promoters.md", "name: NPS", "name: NPS\naliases: [nps]"),
    ] => [
        "info renamed kpi:promoters - kpis/promoters.md:1 > nps",
    ];
    "one KPI becomes two": [] [
        Remove("content/kpis/visits.md"),
        Write("content/kpis/calls.md", "---\nname: Calls\naliases: [visits]\n---\n"),
        Write("content/kpis/mails.md", "---\nname: Mails\naliases: [visits]\n---\n"),
    ] => [
        "info added kpi:calls - kpis/calls.md:1 > visits, of nobody",
        "info added kpi:mails - kpis/mails.md:1 > nobody",
        "info split kpi:visits - before:kpis/visits.md:1 > visits",
    ];
    "two KPIs become one": [] [
        Remove(NPS),
        Remove(ROWS),
        Remove("content/kpis/visits.md"),
        Write("content/kpis/score.md", "---\nname: Score\naliases: [nps, visits]\n---\n"),
    ] => [
        "info merged kpi:score - kpis/score.md:1 > nps and visits, of nobody",
    ];
    "there are new measurements": [] [Replace(ROWS, "2026-Q2,*", "2026-Q3,*,44,320\n2026-Q3,ann,40,20\n2026-Q2,*")] => [
        "info measurement-added kpi:nps /measurements/2026-Q3 kpis/nps.csv:4 > data",
    ];
    "a past measurement is edited": [] [Replace(ROWS, "ann,38", "ann,39")] => [
        "breaking measurement-edited kpi:nps /measurements/2026-Q1/persona:ann kpis/nps.csv:3 > nps",
    ];
    "a past measurement is removed": [] [Replace(ROWS, "2026-Q1,ann,38,\n", "")] => [
        "breaking measurement-removed kpi:nps /measurements/2026-Q1/persona:ann before:kpis/nps.csv:3 > nps",
    ];
    "a past measurement is completed": [] [Replace(ROWS, "ann,38,", "ann,38,50")] => [
        "info measurement-completed kpi:nps /measurements/2026-Q1/persona:ann kpis/nps.csv:3 > data",
    ];
    "measurements are written in another form": [] [
        Write(ROWS, "n,value,persona,period\r\n310,42.0,,2026-Q2\r\n, 38 ,ann,2026-Q1\r\n300,4.1e1,*,2026-Q1\r\n"),
    ] => [];
    "an answer is edited": [Write(ROWS, "period,persona,score\n2026-Q1,ann,9\n2026-Q1,ann,3\n")]
        [Replace(ROWS, "ann,3", "ann,10")] => [
        "breaking measurement-edited kpi:nps /measurements/2026-Q1 kpis/nps.csv:3 > nps",
    ];
    "an answer is added": [Write(ROWS, "period,persona,score\n2026-Q1,ann,9\n")]
        [Replace(ROWS, "ann,9\n", "ann,9\n2026-Q2,ann,3\n")] => [
        "info measurement-added kpi:nps /measurements/2026-Q2 kpis/nps.csv:3 > data",
    ];
    "research is of fewer people": [] [Replace(TALKS, "n: 12", "n: 6")] => [
        "review evidence-weaker evidence:talks /n evidence/talks.md:6 > talks",
    ];
    "research goes on": [] [Replace(TALKS, "to: 2026-03-01", "to: 2026-05-01")] => [
        "info evidence-stronger evidence:talks /collected evidence/talks.md:5 > talks",
    ];
    "more people may read research": [] [Replace(TALKS, "internal", "public")] => [
        "review sensitivity-lowered evidence:talks /sensitivity evidence/talks.md:7 > talks",
    ];
    "fewer people may read research": [] [Replace(TALKS, "internal", "restricted")] => [
        "info sensitivity-raised evidence:talks /sensitivity evidence/talks.md:7 > talks",
    ];
    "a touchpoint is another one": [] [Replace("content/touchpoints/shop.md", "mode: offline", "mode: online")] => [
        "review field-changed touchpoint:shop /mode touchpoints/shop.md:4 > shop",
    ];
    "a scenario is removed": [] [Remove("content/scenarios/rain.md")] => [
        "review entity-removed scenario:rain - before:scenarios/rain.md:1 > product",
    ];
    "a story is another one": [] [Replace("content/scenarios/rain.md", "want: a coat", "want: a roof")] => [
        "review field-changed scenario:rain /story scenarios/rain.md:5 > product",
    ];
    "a buying group has another member": [] [Replace("content/accounts/mill.md", "persona: ann", "persona: bo")] => [
        "review field-removed account:mill /members/0 before:accounts/mill.md:3 > nobody",
        "info field-added account:mill /members/0 accounts/mill.md:3 > nobody",
    ];
    "a team has another address": [] [Replace("content/teams/design.md", "design@", "ux@")] => [
        "review field-changed team:design /contact teams/design.md:3 > design's",
    ];
    "a team is removed": [] [Remove("content/teams/design.md")] => [
        "review entity-removed team:design - before:teams/design.md:1 > design's",
    ];
    "a segment says something else": [] [Replace("content/segments/families.md", "With children.", "With small children.")] => [
        "info prose-changed segment:families /summary segments/families.md:3 > nobody",
    ];
    "a custom field names another": [Replace(ANN, "budget: 100", "budget: 100\nnext: riders")]
        [Replace(ANN, "next: riders", "next: families")] => [
        "review field-changed persona:ann /next personas/ann.md:16 > ann",
    ];
    "the settings have no such field any more": [] [
        Replace("personary.yaml", "    budget: {title: Monthly budget, type: number}\n", ""),
    ] => [
        "review settings-changed page:personary.yaml /fields/persona/budget before:personary.yaml:7 > nobody",
    ];
    "the settings have another language": [] [Replace("personary.yaml", "[de]", "[de, fr]")] => [
        "review settings-changed page:personary.yaml /languages personary.yaml:2 > nobody",
    ];
    "a rule is set differently": [] [Replace("personary.yaml", "warn_months: 9", "warn_months: 12")] => [
        "review settings-changed page:personary.yaml /rules/stale-evidence/warn_months personary.yaml:4 > nobody",
    ];
    "a translation is removed": [Write("content/personas/ann.de.md", "---\nsummary: Schule.\n---\n")]
        [Remove("content/personas/ann.de.md")] => [
        "info translation-changed persona:ann - before:personas/ann.de.md:1 > cx",
    ];
    "the text of a translation": [Write("content/journeys/ride.de.md", "---\nname: Die Fahrt\n---\n\nUm acht.\n")]
        [Replace("content/journeys/ride.de.md", "Um acht.", "Um neun.")] => [
        "info translation-changed journey:ride - journeys/ride.de.md:5 > design",
    ];
}

/// A change in one line, as the table has it.
pub(crate) fn told(change: &Change) -> String {
    let reached = reached(change);
    let known = REACHES.iter().find(|(_, all)| *all == reached);
    let name = known.map_or_else(|| reached.join("; "), |(name, _)| (*name).to_owned());
    format!("{} > {name}", line(change))
}

#[test]
fn every_case_is_told_as_the_table_says() {
    let told = |case: &Case| -> Vec<String> {
        let before = edited(base(), case.first);
        let after = edited(before.clone(), case.then);
        review(&before, &after).changes.iter().map(told).collect()
    };
    let wrong: Vec<String> = (CASES.iter())
        .map(|case| (case, told(case)))
        .filter(|(case, told)| told != case.told)
        .map(|(case, told)| format!("{}:\n    {}", case.name, told.join("\n    ")))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_case() {
    let told: BTreeSet<&str> = (CASES.iter())
        .flat_map(|case| case.told)
        .filter_map(|line| line.split(' ').nth(1))
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
            "review field-changed persona:ann /basis personas/ann.md:6",
            "review claim-reworded persona:ann /goals/1/text personas/ann.md:22",
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
            "Retired, but “The ride” and 3 others refer to it",
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
