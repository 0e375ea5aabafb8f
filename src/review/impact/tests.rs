//! Whom each sort of change reaches, and by which way.

use std::fmt::Write;

use std::sync::Arc;

use crate::library::Library;
use crate::review::codeowners::CodeOwners;
use crate::review::{Change, compare, reviewers};
use crate::source::Memory;

fn persona(name: &str, own: &str) -> String {
    format!(
        "---\nname: {name}\nmarket: b2c\nstance: target\nstatus: active\nbasis: proto\nowner: research\nsummary: s\nb2c: {{}}\n{own}---\n"
    )
}

fn kpi(name: &str, own: &str) -> String {
    format!(
        "---\nname: {name}\nkind: custom\nclass: outcome\nunit: days\ndirection: down\ncadence: monthly\nowner: data\n{own}---\n"
    )
}

fn team(name: &str, contact: &str) -> String {
    format!("---\nname: {name}\ncontact: \"{contact}\"\n---\n")
}

fn tree() -> Memory {
    let ann = "segments: [home]\nkpis: [wait]\ngoals:\n  - {id: ride, text: Ride to work, kpis: [days], evidence: [study]}\n  - {id: rest, text: Rest at home}\n";
    let journey = "---\nname: Commute\npersonas: [ann, bo]\nscenario: s\nstate: current\nowner: design\nstages:\n  - id: decide\n    name: Decide\n    steps:\n      - {id: reads, action: Reads the leaflet, emotion: {ann: 1}, touchpoint: shop, kpis: [reads]}\n      - {id: asks, action: Asks a friend, emotion: {bo: 1}, kpis: [asks]}\n  - id: ride\n    name: Ride\n    steps:\n      - {id: starts, action: Starts at seven, emotion: 1, evidence: [study]}\n---\n";
    Memory::default()
        .with("content/personas/ann.md", persona("Ann", ann))
        .with("content/personas/bo.md", persona("Bo", ""))
        .with("content/journeys/commute.md", journey)
        .with("content/kpis/days.md", kpi("Days", ""))
        .with("content/kpis/wait.md", kpi("Wait", ""))
        .with("content/kpis/reads.md", kpi("Reads", ""))
        .with("content/kpis/asks.md", kpi("Asks", ""))
        .with("content/kpis/rests.md", kpi("Rests", "serves: [\"persona:ann#rest\"]\n"))
        .with("content/evidence/study.md", "---\nname: Study\nmethod: interview\npopulation: actual\ncollected: {from: 2026-01-01, to: 2026-02-01}\nn: 20\nowner: research\n---\n")
        .with("content/touchpoints/shop.md", "---\nname: Shop\nchannel: store\nmode: offline\nowner: sales\n---\n")
        .with("content/segments/home.md", "---\nname: Home\nsummary: s\n---\n")
        .with("content/scenarios/rain.md", "---\nname: Rain\npersona: ann\nowner: product\nstory: {as: a, want: b, so_that: c}\n---\n")
        .with("content/accounts/mill.md", "---\nname: Mill\nmembers: [{persona: ann, buying_role: user}]\n---\n")
        .with("content/teams/research.md", team("Research", "research@example.com"))
        .with("content/teams/design.md", team("Design", "@acme/ux"))
        .with("content/teams/data.md", team("Data", "data@example.com"))
        .with("content/teams/product.md", team("Product", "#product"))
        .with("content/teams/sales.md", team("Sales", "#sales"))
}

fn changes(path: &str, (from, to): (&str, &str)) -> Vec<Change> {
    let before = tree();
    let text = crate::source::Tree::read(&before, path, 10_000).expect("there");
    let text = String::from_utf8(text).expect("a text");
    assert!(text.contains(from), "{from}");
    let after = tree().with(path, text.replacen(from, to, 1));
    compare(
        &Library::load(Arc::new(before)),
        &Library::load(Arc::new(after)),
    )
}

fn told(change: &Change) -> String {
    let mut out = format!("{} {}", change.code.name, change.pointer);
    for reached in &change.impact {
        let part = reached.part.as_ref();
        let part = part.map(|(anchor, words)| format!("#{anchor} ({words})"));
        let _ = write!(
            out,
            "\n  {}:{}{}",
            reached.kind,
            reached.id,
            part.unwrap_or_default()
        );
        if !reached.path.is_empty() {
            let _ = write!(out, " by {}", reached.path.join(", "));
        }
        if let Some(owner) = &reached.owner {
            let _ = write!(out, " [{owner}]");
        }
    }
    out
}

fn reached(path: &str, edit: (&str, &str)) -> String {
    let told: Vec<String> = changes(path, edit).iter().map(told).collect();
    told.join("\n")
}

#[test]
fn a_persona_reaches_journeys_measures_and_teams() {
    let ann = "content/personas/ann.md";
    insta::assert_snapshot!(reached(ann, ("Ride to work", "Ride to school")), @r"
    claim-reworded /goals/0/text
      journey:commute [design]
      kpi:days [data]
      scenario:rain [product]
      account:mill
      team:research [research]
      journey:commute#reads (Reads the leaflet) by journey:commute [design]
      kpi:reads by journey:commute [data]
      team:design by journey:commute [design]
      team:data by kpi:days [data]
      team:product by scenario:rain [product]
    ");
    // A goal that a measure says it serves; and one that nobody measures.
    insta::assert_snapshot!(reached(ann, ("Rest at home", "Rest at the sea")), @r"
    claim-reworded /goals/1/text
      journey:commute [design]
      kpi:rests [data]
      scenario:rain [product]
      account:mill
      team:research [research]
      journey:commute#reads (Reads the leaflet) by journey:commute [design]
      kpi:reads by journey:commute [data]
      team:design by journey:commute [design]
      team:data by kpi:rests [data]
      team:product by scenario:rain [product]
    ");
    // What nobody relies on reaches the owner only.
    insta::assert_snapshot!(reached(ann, ("summary: s", "summary: t")), @r"
    prose-changed /summary
      team:research [research]
    ");
    insta::assert_snapshot!(reached(ann, ("owner: research", "owner: design")), @r"
    owner-changed /owner
      journey:commute [design]
      kpi:days [data]
      kpi:rests [data]
      kpi:wait [data]
      scenario:rain [product]
      account:mill
      team:design [design]
      journey:commute#reads (Reads the leaflet) by journey:commute [design]
      kpi:reads by journey:commute [data]
      team:data by kpi:days [data]
      team:product by scenario:rain [product]
      team:research [research]
    ");
}

#[test]
fn a_step_reaches_its_touchpoint_and_measures() {
    let journey = "content/journeys/commute.md";
    insta::assert_snapshot!(reached(journey, ("Reads the leaflet", "Reads the big leaflet")), @r"
    step-reworded /stages/0/steps/0/action
      kpi:reads [data]
      touchpoint:shop [sales]
      team:design [design]
      team:data by kpi:reads [data]
      team:sales by touchpoint:shop [sales]
    ");
    insta::assert_snapshot!(reached(journey, ("[ann, bo]", "[bo]")), @r"
    persona-left /personas/0
      persona:ann [research]
      team:design [design]
      team:research by persona:ann [research]
    ");
    insta::assert_snapshot!(reached(journey, ("state: current", "state: future")), @r"
    field-changed /state
      persona:ann [research]
      persona:bo [research]
      kpi:asks [data]
      kpi:reads [data]
      touchpoint:shop [sales]
      team:design [design]
      team:research by persona:ann [research]
      team:data by kpi:asks [data]
      team:sales by touchpoint:shop [sales]
    ");
    insta::assert_snapshot!(reached(journey, ("name: Decide", "name: Choose")), @r"
    field-changed /stages/0/name
      kpi:asks [data]
      kpi:reads [data]
      touchpoint:shop [sales]
      team:design [design]
      team:data by kpi:asks [data]
      team:sales by touchpoint:shop [sales]
    ");
}

#[test]
fn what_others_rest_on_reaches_them() {
    insta::assert_snapshot!(reached("content/kpis/days.md", ("unit: days", "unit: hours")), @r"
    kpi-redefined /unit
      persona:ann [research]
      team:data [data]
      team:research by persona:ann [research]
    ");
    insta::assert_snapshot!(reached("content/kpis/reads.md", ("unit: days", "unit: hours")), @r"
    kpi-redefined /unit
      journey:commute#reads (Reads the leaflet) [design]
      team:data [data]
      team:design by journey:commute [design]
    ");
    insta::assert_snapshot!(reached("content/kpis/rests.md", ("unit: days", "unit: hours")), @r"
    kpi-redefined /unit
      persona:ann [research]
      team:data [data]
      team:research by persona:ann [research]
    ");
    insta::assert_snapshot!(reached("content/evidence/study.md", ("n: 20", "n: 5")), @r"
    evidence-weaker /n
      persona:ann [research]
      journey:commute#starts (Starts at seven) [design]
      team:research [research]
      journey:commute by persona:ann [design]
      team:design by journey:commute [design]
      journey:commute#reads (Reads the leaflet) by persona:ann, journey:commute [design]
      kpi:reads by persona:ann, journey:commute [data]
      team:data by persona:ann, journey:commute, kpi:reads [data]
    ");
    insta::assert_snapshot!(reached("content/touchpoints/shop.md", ("mode: offline", "mode: online")), @r"
    field-changed /mode
      journey:commute#reads (Reads the leaflet) [design]
      team:sales [sales]
      kpi:reads by journey:commute [data]
      team:design by journey:commute [design]
      team:data by journey:commute, kpi:reads [data]
    ");
    insta::assert_snapshot!(reached("content/teams/design.md", ("@acme/ux", "@acme/design")), @r"
    field-changed /contact
      journey:commute [design]
    ");
}

#[test]
fn a_hub_names_the_nearest_and_counts_the_rest() {
    let with = |n: u32| {
        let mut tree = tree();
        for number in 0..120 {
            let text = persona(&format!("P{number}"), "evidence: [study]\n");
            tree = tree.with(&format!("content/personas/p{number}.md"), text);
        }
        let study = format!(
            "---\nname: Study\nmethod: interview\npopulation: actual\ncollected: {{from: 2026-01-01, to: 2026-02-01}}\nn: {n}\n---\n"
        );
        Library::load(Arc::new(tree.with("content/evidence/study.md", study)))
    };
    let changes = compare(&with(20), &with(10));
    assert_eq!(changes.len(), 1);
    let change = &changes[0];
    let teams: Vec<&str> = change
        .impact
        .iter()
        .filter(|r| r.kind == crate::schema::Kind::Team)
        .map(|r| &*r.id)
        .collect();
    // 121 personas cite it, and a step.
    assert_eq!((change.impact.len() - teams.len(), change.more), (50, 72));
    assert_eq!(teams, ["research", "design"]);
}

#[test]
fn teams_are_asked_by_what_concerns_them() {
    let ann = changes(
        "content/personas/ann.md",
        ("Ride to work", "Ride to school"),
    );
    let library = Library::load(Arc::new(tree()));
    let owners = CodeOwners::parse(
        "CODEOWNERS",
        "* @acme/everybody\ndocs/content/personas/ Research@example.com\n",
    );
    let requested = owners.requested(&ann, "docs/");
    assert_eq!(requested.owners(), ["Research@example.com"]);
    let reviewers = reviewers(&ann, (&library, &library), Some(&requested));
    let told: Vec<_> = reviewers
        .iter()
        .map(|r| {
            (
                &*r.team,
                r.called(),
                r.contact.as_deref(),
                r.direct.review,
                r.reached.review,
                r.is_requested,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                "research",
                "Research",
                Some("research@example.com"),
                1,
                0,
                Some(true)
            ),
            ("data", "Data", Some("data@example.com"), 0, 1, None),
            ("design", "Design", Some("@acme/ux"), 0, 1, None),
            ("product", "Product", Some("#product"), 0, 1, None),
        ]
    );
    // Nobody is asked who owns it.
    let others = CodeOwners::parse("CODEOWNERS", "* @acme/everybody\n/docs/content/personas/\n");
    let requested = others.requested(&ann, "docs/");
    assert_eq!(
        requested.unowned().collect::<Vec<_>>(),
        ["content/personas/ann.md"]
    );
    let asked = super::super::reviewers(&ann, (&library, &library), Some(&requested));
    assert_eq!(asked[0].is_requested, Some(false));
}
