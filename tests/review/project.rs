//! A small project in memory, and edits of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use personary::library::Library;
use personary::review::{Change, Compared, Reached, compared};
use personary::schema::Kind;
use personary::source::Memory;

/// One state: texts by path.
pub(crate) type State = BTreeMap<String, String>;

/// What every case starts from.
pub(crate) fn base() -> State {
    let files = [
        ("personary.yaml", SETTINGS),
        ("content/personas/ann.md", ANN),
        ("content/personas/bo.md", BO),
        ("content/personas/cy.md", CY),
        ("content/journeys/ride.md", RIDE),
        ("content/kpis/nps.md", NPS),
        ("content/kpis/nps.csv", ROWS),
        ("content/evidence/talks.md", TALKS),
        ("content/evidence/guess.md", GUESS),
        (
            "content/segments/families.md",
            "---\nname: Families\nsummary: With children.\n---\n",
        ),
        (
            "content/segments/riders.md",
            "---\nname: Riders\nsummary: Without.\n---\n",
        ),
        ("content/kpis/visits.md", VISITS),
        (
            "content/touchpoints/shop.md",
            "---\nname: Shop\nchannel: store\nmode: offline\nowner: sales\n---\n",
        ),
        (
            "content/scenarios/rain.md",
            "---\nname: Rain\npersona: ann\nowner: product\nstory: {as: a rider, want: a coat, so_that: I stay dry}\n---\n",
        ),
        (
            "content/accounts/mill.md",
            "---\nname: Mill\nmembers: [{persona: ann, buying_role: user}]\n---\n",
        ),
        (
            "content/teams/cx.md",
            "---\nname: CX\ncontact: cx@example.com\n---\n",
        ),
        (
            "content/teams/sales.md",
            "---\nname: Sales\ncontact: sales@example.com\n---\n",
        ),
        (
            "content/teams/data.md",
            "---\nname: Data\ncontact: data@example.com\n---\n",
        ),
        (
            "content/teams/design.md",
            "---\nname: Design\ncontact: design@example.com\n---\n",
        ),
        (
            "content/teams/product.md",
            "---\nname: Product\ncontact: product@example.com\n---\n",
        ),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    files.into_iter().collect()
}

const SETTINGS: &str = "title: Test
languages: [de]
rules:
  stale-evidence: {warn_months: 9}
fields:
  persona:
    budget: {title: Monthly budget, type: number}
    next: {title: May grow into, type: string, x-reference: segment}
";

const ANN: &str = "---
name: Ann
market: b2c
stance: target
status: active
basis: qualitative
owner: cx
summary: Rides to school.
quote: {text: Give me a day.}
portrait: /ann.svg
segments: [families]
lifecycle: [acquisition]
last_reviewed: 2026-09-01
tags: [home]
budget: 100
goals:
  - id: on-time
    text: Get to school by half past eight without a car.
    evidence: [talks]
    confidence: high
  - id: one-car
    text: Live with one car for good.
pains:
  - id: waiting
    text: A repair without a date costs more than the repair.
    severity: high
channels:
  preferred: [app, chat]
evidence: [talks]
kpis: [nps]
b2c:
  interests: [walks]
---

# A school day

She leaves at eight.
";

const BO: &str = "---
name: Bo
market: b2c
stance: negative
status: active
basis: proto
owner: cx
summary: Wants it for nothing.
negative:
  reason: Never pays.
  drain: Two calls a week.
  handling: Send a link.
b2c: {}
---
";

const CY: &str = "---
name: Cy
market: b2c
stance: target
status: draft
basis: proto
owner: cx
summary: Delivers parcels in the old town every morning before nine.
goals:
  - Find a place to load near every door.
b2c: {}
---
";

const RIDE: &str = "---
name: The ride
personas: [ann]
scenario: Getting to school.
state: current
status: active
owner: design
stages:
  - id: decide
    name: Decide
    lifecycle: acquisition
    steps:
      - id: look
        action: Looks at bikes
        emotion: 1
        touchpoint: shop
        kpis: [visits]
        evidence: [talks]
      - id: ask
        action: Asks a friend
        emotion: {ann: 0}
  - id: go
    name: Go
    steps:
      - id: ride
        action: Rides
        emotion: 2
---
";

const NPS: &str = "---
name: NPS
kind: nps
class: perception
unit: points
direction: up
target: {value: 50, by: 2027-03-31}
thresholds: {warn: 30, bad: 10}
cadence: quarterly
owner: data
serves: [\"persona:ann#one-car\"]
---
";

const VISITS: &str = "---
name: Visits
kind: custom
class: outcome
unit: people
direction: up
cadence: monthly
owner: sales
---
";

const ROWS: &str = "period,persona,value,n
2026-Q1,*,41,300
2026-Q1,ann,38,
2026-Q2,*,42,310
";

const TALKS: &str = "---
name: Talks
method: interview
population: actual
collected: {from: 2026-02-01, to: 2026-03-01}
n: 12
sensitivity: internal
owner: cx
---
";

const GUESS: &str = "---
name: Guess
method: assumption
population: internal
collected: {from: 2025-02-01, to: 2025-03-01}
n: 3
owner: cx
---
";

/// What is done to one file.
#[derive(Clone, Copy)]
pub(crate) enum Edit {
    /// A part of it is replaced.
    Replace(&'static str, &'static str, &'static str),
    /// It is written anew.
    Write(&'static str, &'static str),
    /// It is removed.
    Remove(&'static str),
    /// It has another name.
    Move(&'static str, &'static str),
}

/// The state after some edits.
pub(crate) fn edited(mut state: State, edits: &[Edit]) -> State {
    for edit in edits {
        match *edit {
            Edit::Replace(path, from, to) => {
                let text = state.get_mut(path).unwrap_or_else(|| panic!("no {path}"));
                assert!(text.contains(from), "{path} has no {from:?}");
                *text = text.replacen(from, to, 1);
            }
            Edit::Write(path, text) => {
                state.insert(path.to_owned(), text.to_owned());
            }
            Edit::Remove(path) => {
                assert!(state.remove(path).is_some(), "no {path}");
            }
            Edit::Move(from, to) => {
                let text = state.remove(from).unwrap_or_else(|| panic!("no {from}"));
                state.insert(to.to_owned(), text);
            }
        }
    }
    state
}

/// The library of a state.
pub(crate) fn library(state: &State) -> Library {
    let tree = state.iter().fold(Memory::default(), |tree, (path, text)| {
        tree.with(path, text.as_str())
    });
    Library::load(Arc::new(tree))
}

/// What is different between two states.
pub(crate) fn review(before: &State, after: &State) -> Compared {
    compared(&library(before), &library(after))
}

/// A change in one line: level, code, entity, pointer, and its place in the state before or after.
pub(crate) fn line(change: &Change) -> String {
    format!(
        "{} {} {}:{} {} {}{}:{}",
        change.level,
        change.code.name,
        change.kind,
        change.id,
        if change.pointer.is_empty() {
            "-"
        } else {
            &change.pointer
        },
        if change.is_before { "before:" } else { "" },
        change.path.strip_prefix("content/").unwrap_or(&change.path),
        change.start.line,
    )
}

/// Whom a change reaches, one a line, with the way that leads there and who owns it.
pub(crate) fn reached(change: &Change) -> Vec<String> {
    let one = |reached: &Reached| {
        let part = reached.part.as_ref();
        let part = part.map_or_else(String::new, |(anchor, _)| format!("#{anchor}"));
        let way = match &reached.path[..] {
            [] => String::new(),
            way => format!(" by {}", way.join(", ")),
        };
        let owner = reached.owner.as_deref().unwrap_or("nobody");
        match reached.kind {
            Kind::Team => format!("team:{}{way}", reached.id),
            kind => format!("{kind}:{}{part}{way} of {owner}", reached.id),
        }
    };
    assert_eq!(change.more, 0);
    change.impact.iter().map(one).collect()
}
