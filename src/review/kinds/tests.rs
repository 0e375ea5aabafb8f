//! Each sort of change: two libraries, and what is told of them.

use std::sync::Arc;

use proptest::strategy::Strategy;

use crate::library::Library;
use crate::review::{Change, compare};
use crate::source::Memory;

const PERSONA: &str =
    "market: b2c\nstance: target\nstatus: active\nbasis: proto\nowner: cx\nsummary: s\nb2c: {}\n";
const KPI: &str = "name: Score\nkind: nps\nclass: perception\nunit: points\ndirection: up\ntarget: {value: 50, by: 2026-12-31}\nthresholds: {warn: 30, bad: 10}\nmethod: Asked by mail\ncadence: monthly\nowner: cx\nserves: [\"persona:ann#ride\"]\n";
const CSV: &str = "period,persona,value,n\n2026-Q1,*,40,100\n2026-Q1,ann,38,50\n2026-Q2,*,41,110\n";
const ANSWERS: &str =
    "period,persona,score\n2026-Q1,ann,9\n2026-Q1,ann,3\n2026-Q1,bo,10\n2026-Q2,bo,10\n";
const EVIDENCE: &str = "name: Study\nmethod: interview\npopulation: actual\ncollected: {from: 2026-01-01, to: 2026-02-01}\nn: 20\nsensitivity: internal\nowner: cx\n";
const JOURNEY: &str = "name: Commute
personas: [ann, bo]
scenario: The first ride to work.
state: current
owner: cx
stages:
  - id: decide
    name: Decide
    steps:
      - {id: reads, action: Reads the leaflet, thought: Is it far?, emotion: 1, touchpoint: shop, kpis: [score], evidence: [study]}
      - {id: asks, action: Asks a neighbour who rides, emotion: {ann: 0, bo: 1}}
  - id: ride
    name: Ride
    goal: Be there in time
    lifecycle: renewal
    steps:
      - {id: starts, action: Starts at seven, emotion: -1, backstage: [The yard is open]}
      - {id: arrives, action: Arrives dry, emotion: 2, pains: [No shower]}
";

/// A project with everything in it, in which `path` says `text` instead.
fn project(path: &str, text: &str) -> Library {
    let front = |text: &str| format!("---\n{text}---\n");
    let files = [
        ("personas/ann.md", format!("name: Ann\n{PERSONA}goals: [{{id: ride, text: Ride to work}}]\n")),
        ("personas/bo.md", format!("name: Bo\n{PERSONA}")),
        ("personas/cy.md", format!("name: Cy\n{PERSONA}")),
        ("teams/cx.md", "name: Customers\ncontact: cx@example.com\n".to_owned()),
        ("touchpoints/shop.md", "name: Shop\nchannel: store\nmode: offline\nowner: cx\n".to_owned()),
        ("touchpoints/app.md", "name: App\nchannel: app\nmode: online\nowner: cx\n".to_owned()),
        ("kpis/score.md", KPI.to_owned()),
        ("evidence/study.md", EVIDENCE.to_owned()),
        ("journeys/commute.md", JOURNEY.to_owned()),
        ("accounts/mill.md", "name: Mill\nmembers:\n  - {persona: ann, buying_role: user}\n  - {persona: bo, buying_role: buyer}\n".to_owned()),
        ("scenarios/rain.md", "name: Rain\npersona: ann\njourney: commute\nstory: {as: a rider, want: a rain coat, so_that: I stay dry}\n".to_owned()),
        ("pages/about.md", "name: About\norder: 1\n".to_owned()),
    ];
    let mut tree = Memory::default();
    for (file, text) in files {
        tree = tree.with(&format!("content/{file}"), front(&text));
    }
    tree = tree.with("content/kpis/score.csv", CSV);
    let whole = if path.split('.').next_back() == Some("csv") {
        text.to_owned()
    } else {
        front(text)
    };
    Library::load(Arc::new(tree.with(&format!("content/{path}"), whole)))
}

/// What is told of two texts of a file: level, code, pointer, line, then the title and the values.
fn told(path: &str, before: &str, after: &str) -> String {
    let changes = compare(&project(path, before), &project(path, after));
    let lines = changes.iter().map(line);
    lines.collect::<Vec<_>>().join("\n")
}

fn line(change: &Change) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    format!(
        "{} {} {}{} {}: {} | {} | {}",
        change.level,
        change.code.name,
        if change.is_before { "before:" } else { "" },
        change.start.line,
        change.pointer,
        change.title,
        value(&change.before),
        value(&change.after),
    )
}

/// What is told of a file in which one text is another.
fn edited(path: &str, text: &str, (from, to): (&str, &str)) -> String {
    assert!(text.contains(from), "{from}");
    told(path, text, &text.replacen(from, to, 1))
}

fn journey(from: &str, to: &str) -> String {
    edited("journeys/commute.md", JOURNEY, (from, to))
}

fn kpi(from: &str, to: &str) -> String {
    edited("kpis/score.md", KPI, (from, to))
}

fn csv(from: &str, to: &str) -> String {
    edited("kpis/score.csv", CSV, (from, to))
}

fn evidence(from: &str, to: &str) -> String {
    edited("evidence/study.md", EVIDENCE, (from, to))
}

#[test]
fn personas_join_and_leave_a_journey() {
    insta::assert_snapshot!(journey("[ann, bo]", "[bo, cy]"), @r"
    review persona-joined 3 /personas/1: Cy joins the journey | – | Cy
    review persona-left before:3 /personas/0: Ann leaves the journey | Ann | –
    ");
}

#[test]
fn what_is_around_the_stages_of_a_journey() {
    insta::assert_snapshot!(journey("current", "future"), @"review field-changed 5 /state: State changed | current | future");
    insta::assert_snapshot!(journey("The first ride to work.", "The first ride in rain."), @"review field-changed 4 /scenario: Scenario changed | The first ride to work. | The first ride in rain.");
    insta::assert_snapshot!(journey("state:", "parent: commute\nexpectations: A dry way\nstate:"), @r"
    info field-added 5 /parent: Larger journey added | – | Commute
    info field-added 6 /expectations: Expectations added | – | A dry way
    ");
}

#[test]
fn stages_come_go_and_change() {
    let stage = "  - id: ride\n";
    let end = "  - id: rest\n    name: Rest\n    steps: [{action: Sits down, emotion: 1}]\n";
    insta::assert_snapshot!(journey(stage, &format!("{end}{stage}")), @"info stage-added 13 /stages/1: Stage “Rest” added | – | Rest: Sits down");
    let without = JOURNEY.split(stage).next().expect("a part");
    insta::assert_snapshot!(told("journeys/commute.md", JOURNEY, without), @"breaking stage-removed before:13 /stages/1: Stage “Ride” removed | Ride: Starts at seven; Arrives dry | –");
    insta::assert_snapshot!(journey("name: Ride", "name: Cycle"), @"review field-changed 14 /stages/1/name: Stage “Ride” renamed | Ride | Cycle");
    insta::assert_snapshot!(journey("id: ride", "id: cycle"), @"breaking id-changed 13 /stages/1/id: Stage “Ride”: id changed | ride | cycle");
    insta::assert_snapshot!(journey("lifecycle: renewal", "lifecycle: marketing"), @"review lifecycle-changed 16 /stages/1/lifecycle: Stage “Ride”: phase changed | renewal | marketing");
    insta::assert_snapshot!(journey("    goal: Be there in time\n", ""), @"review field-removed before:15 /stages/1/goal: Stage “Ride”: goal removed | Be there in time | –");
}

#[test]
fn a_stage_in_another_place_is_told_once() {
    let (head, rest) = JOURNEY.split_once("  - id: decide\n").expect("a part");
    let (first, second) = rest.split_once("  - id: ride\n").expect("a part");
    let turned = format!("{head}  - id: ride\n{second}  - id: decide\n{first}");
    insta::assert_snapshot!(told("journeys/commute.md", JOURNEY, &turned), @"review order-changed 7 /stages: Stages in another order | Decide → Ride | Ride → Decide");
}

#[test]
fn steps_come_go_move_and_change_places() {
    let lines: Vec<&str> = JOURNEY.lines().collect();
    let at = |text: &str| lines.iter().position(|l| l.contains(text)).expect("a line");
    let with = |order: &[usize]| {
        let lines = order.iter().map(|&line| format!("{}\n", lines[line]));
        told("journeys/commute.md", JOURNEY, &lines.collect::<String>())
    };
    let all: Vec<usize> = (0..lines.len()).collect();
    let mut swapped = all.clone();
    swapped.swap(at("id: reads"), at("id: asks"));
    insta::assert_snapshot!(with(&swapped), @"review order-changed 10 /stages/0/steps: Stage “Decide”: steps in another order | “Reads the leaflet” → “Asks a neighbour who rides” | “Asks a neighbour who rides” → “Reads the leaflet”");
    let mut moved = all.clone();
    let step = moved.remove(at("id: asks"));
    moved.push(step);
    insta::assert_snapshot!(with(&moved), @"review order-changed 19 /stages/1/steps/2: Step “Asks a neighbour who rides” moved from “Decide” to “Ride” | Decide | Ride");
    let mut fewer = all.clone();
    fewer.remove(at("id: asks"));
    insta::assert_snapshot!(with(&fewer), @"review step-removed before:12 /stages/0/steps/1: Step “Asks a neighbour who rides” removed | Asks a neighbour who rides | –");
    let new = "      - {action: Rings the bell, emotion: 0}\n  - id: ride\n";
    insta::assert_snapshot!(journey("  - id: ride\n", new), @"info step-added 13 /stages/0/steps/2: Step “Rings the bell” added | – | Rings the bell");
}

#[test]
fn each_field_of_a_step_is_told() {
    insta::assert_snapshot!(journey("Reads the leaflet", "Reads the web site"), @"review step-reworded 11 /stages/0/steps/0/action: Step “Reads the leaflet” reworded | Reads the leaflet | Reads the web site");
    insta::assert_snapshot!(journey("id: reads, action: Reads the leaflet", "action: Reads the long leaflet"), @r"
    review step-reworded 11 /stages/0/steps/0/action: Step “Reads the leaflet” reworded | Reads the leaflet | Reads the long leaflet
    review field-removed before:11 /stages/0/steps/0/id: Step “Reads the long leaflet”: id removed | reads | –
    ");
    insta::assert_snapshot!(journey("Is it far?", "How far is it?"), @"info prose-changed 11 /stages/0/steps/0/thought: Step “Reads the leaflet”: thought changed | Is it far? | How far is it?");
    insta::assert_snapshot!(journey("touchpoint: shop", "touchpoint: app, channel: web"), @r"
    review field-changed 11 /stages/0/steps/0/touchpoint: Step “Reads the leaflet”: touchpoint changed | Shop | App
    info field-added 11 /stages/0/steps/0/channel: Step “Reads the leaflet”: channel added | – | web
    ");
    insta::assert_snapshot!(journey("[The yard is open]", "[The yard is open, Bikes are charged]"), @"info field-added 18 /stages/1/steps/0/backstage/1: Step “Starts at seven”: backstage added | – | Bikes are charged");
    insta::assert_snapshot!(journey(", kpis: [score], evidence: [study]", ""), @r"
    review evidence-weaker before:11 /stages/0/steps/0/evidence: Step “Reads the leaflet”: no evidence any more | Study | –
    review field-removed before:11 /stages/0/steps/0/kpis/0: Step “Reads the leaflet”: KPIs removed | Score | –
    ");
    insta::assert_snapshot!(journey("emotion: 2, ", "emotion: 2, kpis: [score], evidence: [study], "), @r"
    info evidence-stronger 19 /stages/1/steps/1/evidence: Step “Arrives dry”: evidence added | – | Study
    info field-added 19 /stages/1/steps/1/kpis/0: Step “Arrives dry”: KPIs added | – | Score
    ");
}

#[test]
fn emotions_are_compared_by_what_they_mean_for_each_persona() {
    // One number for both, written for each.
    insta::assert_snapshot!(journey("emotion: -1", "emotion: {bo: -1, ann: -1}"), @"");
    insta::assert_snapshot!(journey("emotion: -1", "emotion: 1"), @"review emotion-moved 18 /stages/1/steps/0/emotion: Step “Starts at seven”: emotion rose from -1 to +1 | -1 | +1");
    insta::assert_snapshot!(journey("emotion: 2", "emotion: 1"), @"info emotion-shifted 19 /stages/1/steps/1/emotion: Step “Arrives dry”: emotion fell from +2 to +1 | +2 | +1");
    insta::assert_snapshot!(journey("{ann: 0, bo: 1}", "{ann: -2, bo: 2}"), @r"
    review emotion-moved 12 /stages/0/steps/1/emotion/ann: Step “Asks a neighbour who rides”: emotion of Ann fell from 0 to -2 | 0 | -2
    info emotion-shifted 12 /stages/0/steps/1/emotion/bo: Step “Asks a neighbour who rides”: emotion of Bo rose from +1 to +2 | +1 | +2
    ");
    insta::assert_snapshot!(journey("{ann: 0, bo: 1}", "{ann: 0}"), @"review field-removed before:12 /stages/0/steps/1/emotion/bo: Step “Asks a neighbour who rides”: emotion of Bo removed | +1 | –");
    insta::assert_snapshot!(journey("{ann: 0, bo: 1}", "1"), @"info emotion-shifted 12 /stages/0/steps/1/emotion: Step “Asks a neighbour who rides”: emotion of Ann rose from 0 to +1 | 0 | +1");
}

#[test]
fn another_form_of_a_journey_is_no_change() {
    let other = JOURNEY
        .replace("name: Commute\n", "")
        .replace("[ann, bo]", "[\"persona:ann\", 'bo']")
        .replace("emotion: 1,", "emotion: {ann: 1, bo: 1},")
        .replace("Is it far?", "\"Is it  far?\"")
        .replace('\n', "\r\n")
        + "name: 'Commute'\r\n";
    assert_eq!(told("journeys/commute.md", JOURNEY, &other), "");
}

#[test]
fn a_kpi_that_measures_something_else_is_another_one() {
    insta::assert_snapshot!(kpi("kind: nps", "kind: custom"), @"breaking kpi-redefined 3 /kind: Kind changed | nps | custom");
    insta::assert_snapshot!(kpi("Asked by mail", "Asked in the app"), @"breaking kpi-redefined 9 /method: Method changed | Asked by mail | Asked in the app");
    insta::assert_snapshot!(kpi("method: Asked by mail\n", ""), @"review field-removed before:9 /method: Method removed | Asked by mail | –");
    insta::assert_snapshot!(kpi("unit: points", "unit: percent"), @"breaking kpi-redefined 5 /unit: Unit changed | points | percent");
    insta::assert_snapshot!(kpi("direction: up", "direction: down"), @"breaking kpi-redefined 6 /direction: Direction changed | up | down");
    insta::assert_snapshot!(kpi("unit:", "question: How likely?\nscale: 0-10\nunit:"), @r"
    info field-added 5 /question: Question added | – | How likely?
    info field-added 6 /scale: Scale added | – | 0-10
    ");
    insta::assert_snapshot!(kpi("class: perception", "class: outcome"), @"review field-changed 4 /class: Class changed | perception | outcome");
    insta::assert_snapshot!(kpi("monthly", "yearly"), @"review field-changed 10 /cadence: Cadence changed | monthly | yearly");
}

#[test]
fn a_target_is_looser_or_tighter_in_its_direction() {
    let target = "{value: 50, by: 2026-12-31}";
    let to = |value: &str| kpi(target, value);
    insta::assert_snapshot!(to("{value: 45, by: 2026-12-31}"), @"review target-loosened 7 /target: Target loosened | 50 points by 2026-12-31 | 45 points by 2026-12-31");
    insta::assert_snapshot!(to("{value: 55.0, by: 2026-12-31}"), @"info target-tightened 7 /target: Target tightened | 50 points by 2026-12-31 | 55 points by 2026-12-31");
    insta::assert_snapshot!(to("{value: 50, by: 2027-12-31}"), @"review target-loosened 7 /target: Target loosened | 50 points by 2026-12-31 | 50 points by 2027-12-31");
    insta::assert_snapshot!(to("{value: 50, by: 2026-06-30}"), @"info target-tightened 7 /target: Target tightened | 50 points by 2026-12-31 | 50 points by 2026-06-30");
    insta::assert_snapshot!(to("{value: 55, by: 2027-12-31}"), @"review target-loosened 7 /target: Target loosened | 50 points by 2026-12-31 | 55 points by 2027-12-31");
    insta::assert_snapshot!(to("{value: 50}"), @"review target-loosened 7 /target: Target loosened | 50 points by 2026-12-31 | 50 points");
    insta::assert_snapshot!(kpi(&format!("target: {target}\n"), ""), @"review target-loosened before:7 /target: Target removed | 50 points by 2026-12-31 | –");
    let down = KPI.replace("direction: up", "direction: down");
    insta::assert_snapshot!(edited("kpis/score.md", &down, ("value: 50", "value: 45")), @"info target-tightened 7 /target: Target tightened | 50 points by 2026-12-31 | 45 points by 2026-12-31");
    let none = KPI.replace(&format!("target: {target}\n"), "");
    insta::assert_snapshot!(told("kpis/score.md", &none, KPI), @"info target-tightened 7 /target: Target added | – | 50 points by 2026-12-31");
    assert_eq!(to("{by: '2026-12-31', value: 50.0}"), "");
    // Of what is measured in another way nobody can say so.
    for value in ["45", "55"] {
        let other = KPI.replace("value: 50", &format!("value: {value}"));
        let changes = edited(
            "kpis/score.md",
            &other,
            ("direction: up", "direction: down"),
        );
        assert!(!changes.contains("target"), "{changes}");
        let both = other.replace("direction: up", "direction: down");
        let changes = told("kpis/score.md", KPI, &both);
        assert!(
            changes.contains("review field-changed 7 /target: Target changed"),
            "{changes}"
        );
    }
}

#[test]
fn thresholds_and_goals_of_a_kpi() {
    insta::assert_snapshot!(kpi("warn: 30, bad: 10", "warn: 25"), @r"
    review threshold-changed 8 /thresholds/warn: Warning threshold changed | 30 points | 25 points
    review threshold-changed before:8 /thresholds/bad: Bad threshold removed | 10 points | –
    ");
    insta::assert_snapshot!(kpi("[\"persona:ann#ride\"]", "[bo]"), @"review field-changed 12 /serves: Goals it serves changed | Ann (ride) | Bo");
}

#[test]
fn measurements_are_known_by_period_and_slice() {
    insta::assert_snapshot!(told("kpis/score.csv", CSV, &format!("{CSV}2026-Q3,ann,40,60\n2026-Q3,*,44,120\n2026-Q3,bo,46,60\n")), @"info measurement-added 6 /measurements/2026-Q3: 3 new measurements, newest 2026-Q3: 44 points (n = 120) | – | 2026-Q3: 44 points (n = 120)");
    insta::assert_snapshot!(told("kpis/score.csv", CSV, &format!("{CSV}2026-Q3,*,44,120\n")), @"info measurement-added 5 /measurements/2026-Q3: New measurement, 2026-Q3: 44 points (n = 120) | – | 2026-Q3: 44 points (n = 120)");
    insta::assert_snapshot!(csv("ann,38,50", "ann,39,52"), @"breaking measurement-edited 3 /measurements/2026-Q1/persona:ann: Measurement of 2026-Q1 for Ann edited | 38 points, n = 50 | 39 points, n = 52");
    insta::assert_snapshot!(csv("2026-Q1,ann,38,50\n", ""), @"breaking measurement-removed before:3 /measurements/2026-Q1/persona:ann: Measurement of 2026-Q1 for Ann removed | 38 points (n = 50) | –");
    insta::assert_snapshot!(csv("ann,38,50", "ann,38,"), @"breaking measurement-edited 3 /measurements/2026-Q1/persona:ann: Measurement of 2026-Q1 for Ann edited | 38 points, n = 50 | 38 points");
    let less = CSV.replace("ann,38,50", "ann,38,");
    insta::assert_snapshot!(told("kpis/score.csv", &less, CSV), @"info measurement-completed 3 /measurements/2026-Q1/persona:ann: Measurement of 2026-Q1 for Ann completed | 38 points | 38 points, n = 50");
    insta::assert_snapshot!(csv("ann,38,50", "ann,x,50"), @"breaking measurement-removed before:3 /measurements/2026-Q1/persona:ann: Measurement of 2026-Q1 for Ann gone or not readable | 38 points (n = 50) | –");
    insta::assert_snapshot!(told("kpis/score.csv", CSV, ""), @r"
    breaking measurement-removed before:2 /measurements/2026-Q1: Measurement of 2026-Q1 gone or not readable | 40 points (n = 100) | –
    breaking measurement-removed before:3 /measurements/2026-Q1/persona:ann: Measurement of 2026-Q1 for Ann gone or not readable | 38 points (n = 50) | –
    breaking measurement-removed before:4 /measurements/2026-Q2: Measurement of 2026-Q2 gone or not readable | 41 points (n = 110) | –
    ");
}

#[test]
fn another_form_of_measurements_is_no_change() {
    let other = "\u{feff}n,value,persona,period,segment\r\n110,\"41.0\",,2026-Q2,*\r\n\r\n50, 38 ,ann,2026-Q1,\r\n100,4e1,*,2026-Q1,*\r\n";
    assert_eq!(told("kpis/score.csv", CSV, other), "");
}

#[test]
fn many_edits_are_told_each_up_to_a_number() {
    let rows = |by: i32| {
        let rows = (0..150).map(|day| format!("{:04}-01,{}\n", 1900 + day, day + by));
        format!("period,value\n{}", rows.collect::<String>())
    };
    let changes = compare(
        &project("kpis/score.csv", &rows(0)),
        &project("kpis/score.csv", &rows(1)),
    );
    assert_eq!(changes.len(), 101);
    let last = changes
        .iter()
        .find(|c| c.pointer == "/measurements")
        .expect("the rest");
    assert_eq!(last.title, "50 more past measurements edited");
    assert_eq!(changes[7].start.line, 8);
}

#[test]
fn answers_are_compared_one_by_one() {
    let answers = |from: &str, to: &str| edited("kpis/score.csv", ANSWERS, (from, to));
    insta::assert_snapshot!(answers("ann,3", "ann,9"), @"breaking measurement-edited 3 /measurements/2026-Q1: 1 past answer of 2026-Q1 edited | 33.3 points (n = 3) | 100 points (n = 3)");
    insta::assert_snapshot!(answers("2026-Q1,ann,3\n", ""), @"breaking measurement-edited before:3 /measurements/2026-Q1: 1 past answer of 2026-Q1 removed | 33.3 points (n = 3) | 100 points (n = 2)");
    insta::assert_snapshot!(answers("2026-Q2,bo,10\n", ""), @"breaking measurement-removed before:5 /measurements/2026-Q2: The only answer of 2026-Q2 removed | 100 points (n = 1) | –");
    insta::assert_snapshot!(told("kpis/score.csv", ANSWERS, &format!("{ANSWERS}2026-Q3,ann,10\n2026-Q2,ann,2\n")), @"info measurement-added 6 /measurements/2026-Q3: 2 new answers, newest 2026-Q3: 100 points (n = 1) | – | 100 points (n = 1)");
    let other = "score,source,persona,period\r\n10.0,,bo,2026-Q2\r\n10,,bo,2026-Q1\r\n3,,ann,2026-Q1\r\n9,,ann,2026-Q1\r\n";
    assert_eq!(told("kpis/score.csv", ANSWERS, other), "");
}

#[test]
fn evidence_is_weaker_or_stronger() {
    insta::assert_snapshot!(evidence("interview", "assumption"), @"review evidence-weaker 3 /method: Method weaker | interview | assumption");
    insta::assert_snapshot!(evidence("interview", "survey"), @"review field-changed 3 /method: Method changed | interview | survey");
    insta::assert_snapshot!(evidence("actual", "ideal"), @"review evidence-weaker 4 /population: Population weaker | actual | ideal");
    insta::assert_snapshot!(evidence("n: 20", "n: 8"), @"review evidence-weaker 6 /n: Rests on fewer people or cases | 20 | 8");
    insta::assert_snapshot!(evidence("n: 20", "n: 30"), @"info evidence-stronger 6 /n: Rests on more people or cases | 20 | 30");
    insta::assert_snapshot!(evidence("to: 2026-02-01", "to: 2026-01-15"), @"review evidence-weaker 5 /collected: Older than it was said to be | 2026-01-01 to 2026-02-01 | 2026-01-01 to 2026-01-15");
    insta::assert_snapshot!(evidence("to: 2026-02-01", "to: 2026-03-15"), @"info evidence-stronger 5 /collected: Collected until later | 2026-01-01 to 2026-02-01 | 2026-01-01 to 2026-03-15");
    insta::assert_snapshot!(evidence("sensitivity: internal", "sensitivity: public"), @"review sensitivity-lowered 7 /sensitivity: Sensitivity changed | internal | public");
    insta::assert_snapshot!(evidence("sensitivity: internal", "sensitivity: restricted"), @"info sensitivity-raised 7 /sensitivity: Sensitivity changed | internal | restricted");
}

#[test]
fn the_smaller_kinds_have_words_of_their_own() {
    let account = "name: Mill\nmembers:\n  - {persona: ann, buying_role: user}\n  - {persona: bo, buying_role: buyer}\n";
    let account = |from, to| edited("accounts/mill.md", account, (from, to));
    insta::assert_snapshot!(account("buying_role: user", "buying_role: decider"), @"review field-changed 4 /members/0/buying_role: Part of Ann changed | user | decider");
    insta::assert_snapshot!(account("persona: bo", "persona: cy"), @r"
    review field-removed before:5 /members/1: Member Bo removed | Bo, buyer | –
    info field-added 5 /members/1: Member Cy added | – | Cy, buyer
    ");
    let scenario = "name: Rain\npersona: ann\njourney: commute\nstory: {as: a rider, want: a rain coat, so_that: I stay dry}\n";
    let scenario = |from, to| edited("scenarios/rain.md", scenario, (from, to));
    insta::assert_snapshot!(scenario("a rain coat", "a roof"), @"review field-changed 5 /story: Story changed | As a rider, I want a rain coat, so that I stay dry. | As a rider, I want a roof, so that I stay dry.");
    insta::assert_snapshot!(scenario("persona: ann", "persona: bo"), @"review field-changed 3 /persona: Persona changed | Ann | Bo");
    insta::assert_snapshot!(scenario("journey: commute\n", ""), @"review field-removed before:4 /journey: Journey removed | Commute | –");
    let page = "name: About\norder: 1\n";
    insta::assert_snapshot!(edited("pages/about.md", page, ("1", "2")), @"info prose-changed 3 /order: Place in the menu changed | 1 | 2");
    let touchpoint = "name: Shop\nchannel: store\nmode: offline\nowner: cx\n";
    insta::assert_snapshot!(edited("touchpoints/shop.md", touchpoint, ("mode: offline", "mode: online")), @"review field-changed 4 /mode: Mode changed | offline | online");
}

#[test]
fn pains_and_opportunities_are_claims_of_their_steps() {
    insta::assert_snapshot!(journey("[No shower]", "[No warm shower]"), @"review claim-reworded 19 /stages/1/steps/1/pains/0: Pain reworded at “Arrives dry” | No shower | No warm shower");
    insta::assert_snapshot!(journey("[No shower]", "[]"), @"review claim-removed before:19 /stages/1/steps/1/pains/0: Pain removed at “Arrives dry” | No shower | –");
    insta::assert_snapshot!(journey("emotion: 2, ", "emotion: 2, opportunities: [Build a shower], "), @"info claim-added 19 /stages/1/steps/1/opportunities/0: Opportunity added at “Arrives dry” | – | Build a shower");
}

#[test]
fn a_persona_of_another_id_has_the_same_measurements() {
    let of = |id: &str, more: &str| {
        let persona = format!("---\nname: Ann\n{PERSONA}{more}---\n");
        let csv = CSV.replace("ann", id);
        let tree = Memory::default()
            .with(&format!("content/personas/{id}.md"), persona)
            .with("content/kpis/score.md", format!("---\n{KPI}---\n"))
            .with("content/kpis/score.csv", csv);
        Library::load(Arc::new(tree))
    };
    let changes = compare(&of("ann", ""), &of("anna", "aliases: [ann]\n"));
    let measured = changes
        .iter()
        .filter(|c| c.code.name.starts_with("measurement"));
    assert_eq!(measured.map(line).collect::<Vec<_>>(), Vec::<String>::new());
}

proptest::proptest! {
    /// The order of rows and columns, spaces, line ends and the form of numbers mean nothing.
    #[test]
    fn rows_and_columns_in_any_order_are_no_change(
        rows in proptest::sample::subsequence((0..24u32).collect::<Vec<_>>(), 1..24),
        order in proptest::strategy::Just(vec![0usize, 1, 2, 3]).prop_shuffle(),
        turned: bool,
        space in "[ ]{0,2}",
    ) {
        let names = ["period", "persona", "value", "n"];
        let cells = |row: u32, form: bool| {
            let value = if form { format!("{row}.50e0") } else { format!("{row}.5") };
            let who = ["*", "ann", "bo"][(row % 3) as usize];
            let who = if form && who == "*" { "" } else { who };
            [format!("2026-{:02}", row / 3 + 1), who.to_owned(), value, (row + 1).to_string()]
        };
        let plain = |row: &u32| cells(*row, false).join(",") + "\n";
        let before = names.join(",") + "\n" + &rows.iter().map(plain).collect::<String>();
        let ordered = |cells: [String; 4]| {
            let cells: Vec<String> = order.iter().map(|&at| format!("{space}{}", cells[at])).collect();
            cells.join(",") + "\r\n"
        };
        let mut other: Vec<String> = rows.iter().map(|&row| ordered(cells(row, true))).collect();
        if turned {
            other.reverse();
        }
        let after = ordered(names.map(str::to_owned)) + &other.concat();
        proptest::prop_assert_eq!(told("kpis/score.csv", &before, &after), "");
    }
}
