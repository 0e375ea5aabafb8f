//! What holds for all projects: nothing is different from itself, what is different is so both ways,
//! and form is no content.

use std::collections::BTreeSet;

use personary::review::{CODES, Change};
use personary::schema::Kind;
use proptest::prelude::*;

use super::cases::CASES;
use super::project::{State, base, edited, line, review};
use super::random::{Id, PERSONAS, Plan};

/// One random change of the project.
#[derive(Debug, Clone)]
enum Step {
    Value(usize, usize),
    Drop(usize),
    Persona(u8, u8),
    Remove(usize),
}

/// Places in the project with what may stand there.
const VALUES: &[(&str, &str, &[&str])] = &[
    ("ann", "stance: target", &["stance: negative"]),
    ("ann", "owner: cx", &["owner: sales", "owner: nobody"]),
    (
        "ann",
        "summary: Rides to school.",
        &["summary: Walks.", "summary: Rides to the school."],
    ),
    (
        "ann",
        "segments: [families]",
        &[
            "segments: [riders]",
            "segments: [families, riders]",
            "segments: []",
        ],
    ),
    ("ann", "tags: [home]", &["tags: [work, home]"]),
    ("ann", "budget: 100", &["budget: 1", "budget: low"]),
    (
        "ann",
        "text: Live with one car for good.",
        &["text: Live with a car.", "text: Fly."],
    ),
    (
        "ann",
        "severity: high",
        &["severity: low", "severity: unheard"],
    ),
    (
        "ann",
        "preferred: [app, chat]",
        &["preferred: [chat]", "preferred: [chat, app]"],
    ),
    (
        "ann",
        "She leaves at eight.",
        &["She leaves at nine.\n\nAnd comes back."],
    ),
    ("bo", "handling: Send a link.", &["signals: [Asks twice.]"]),
    (
        "cy",
        "- Find a place to load near every door.",
        &["- Find a place.\n  - Sleep.", "- id: x\n    text: Load."],
    ),
];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..VALUES.len(), 0usize..3).prop_map(|(at, which)| Step::Value(at, which)),
        2 => (0..VALUES.len()).prop_map(Step::Drop),
        1 => (0u8..3, 0u8..4).prop_map(|(id, text)| Step::Persona(id, text)),
        1 => (0usize..3).prop_map(Step::Remove),
    ];
    prop::collection::vec(step, 0..6)
}

fn state(steps: &[Step]) -> State {
    let mut state = base();
    let path = |id: &str| format!("content/personas/{id}.md");
    for step in steps {
        match step {
            Step::Value(at, which) => {
                let (id, from, to) = VALUES[*at];
                if let Some(text) = state.get_mut(&path(id)) {
                    *text = text.replacen(from, to[which % to.len()], 1);
                }
            }
            Step::Drop(at) => {
                let (id, from, _) = VALUES[*at];
                if let Some(text) = state.get_mut(&path(id)) {
                    *text = text.replacen(&format!("{from}\n"), "", 1);
                }
            }
            Step::Persona(id, text) => {
                let word = ["one", "two", "three", "four"][usize::from(*text)];
                let text = format!(
                    "---\nname: New {word}\nsummary: {word} {word}.\ngoals: [{word}]\n---\n"
                );
                state.insert(path(&format!("new{id}")), text);
            }
            Step::Remove(at) => {
                state.remove(&path(["ann", "bo", "cy"][*at]));
            }
        }
    }
    state
}

/// What a change is the other way: each two codes that may be the way there and the way back, in
/// either order.
const MIRRORS: &[(&str, &str)] = &[
    // What comes and goes.
    ("added", "persona-removed"),
    ("added", "journey-removed"),
    ("added", "kpi-removed"),
    ("added", "entity-removed"),
    ("claim-added", "claim-removed"),
    ("stage-added", "stage-removed"),
    ("step-added", "step-removed"),
    ("field-added", "field-removed"),
    ("measurement-added", "measurement-removed"),
    ("persona-joined", "persona-left"),
    // Of what is split or merged, the parts come and go; what stays loses its successor.
    ("split", "added"),
    ("split", "field-removed"),
    ("merged", "added"),
    ("merged", "persona-removed"),
    ("merged", "journey-removed"),
    ("merged", "kpi-removed"),
    ("merged", "entity-removed"),
    ("merged", "field-removed"),
    // An alias is only there on one side.
    ("renamed", "renamed"),
    ("renamed", "id-changed"),
    ("id-changed", "id-changed"),
    ("moved", "moved"),
    // Better and worse.
    ("target-loosened", "target-tightened"),
    ("evidence-weaker", "evidence-stronger"),
    ("evidence-lost", "evidence-stronger"),
    ("basis-raised", "evidence-weaker"),
    ("sensitivity-lowered", "sensitivity-raised"),
    ("measurement-completed", "measurement-edited"),
    ("retired-in-use", "status-changed"),
    // Worse in one respect and better in another is for somebody to look at both ways.
    ("target-loosened", "target-loosened"),
    ("evidence-weaker", "evidence-weaker"),
    ("evidence-weaker", "claim-changed"),
    // A day set back, an exception that ends sooner or at all.
    ("reviewed", "field-changed"),
    ("reviewed", "field-removed"),
    ("reviewed-alone", "field-changed"),
    ("reviewed-alone", "field-removed"),
    ("suppression-added", "field-changed"),
    ("suppression-added", "field-removed"),
    // Past answers that are gone from a period which still has some.
    ("measurement-added", "measurement-edited"),
    // The same both ways.
    ("stance-flipped", "stance-flipped"),
    ("market-flipped", "market-flipped"),
    ("kpi-redefined", "kpi-redefined"),
    ("measurement-edited", "measurement-edited"),
    ("claim-reworded", "claim-reworded"),
    ("claim-changed", "claim-changed"),
    ("segments-changed", "segments-changed"),
    ("lifecycle-changed", "lifecycle-changed"),
    ("threshold-changed", "threshold-changed"),
    ("emotion-moved", "emotion-moved"),
    ("emotion-shifted", "emotion-shifted"),
    ("owner-changed", "owner-changed"),
    ("negative-changed", "negative-changed"),
    ("status-changed", "status-changed"),
    ("step-reworded", "step-reworded"),
    ("order-changed", "order-changed"),
    ("field-changed", "field-changed"),
    ("settings-changed", "settings-changed"),
    ("prose-changed", "prose-changed"),
    ("portrait-changed", "portrait-changed"),
    ("tags-changed", "tags-changed"),
    ("aliases-changed", "aliases-changed"),
    ("translation-changed", "translation-changed"),
];

/// What gives back to a persona what it lost with its last evidence (`evidence-lost`), beside what
/// it says itself to rest on now: a study that is there again, and was named all the time, or a
/// claim with its own evidence.
const GIVEN_BACK: [(&str, Kind); 2] = [("added", Kind::Evidence), ("claim-added", Kind::Persona)];

/// Codes that tell many things as one, or things that have no one value, so that there and back do
/// not show the same two values.
const SUMS: [&str; 5] = [
    "split",
    "merged",
    "evidence-lost",
    "measurement-added",
    "measurement-completed",
];

fn is_mirror(one: &str, other: &str) -> bool {
    let mut pairs = MIRRORS.iter();
    pairs.any(|pair| *pair == (one, other) || *pair == (other, one))
}

/// The changes that have none that would be theirs the other way: one of the same kind, with a code
/// that may be its mirror, and the values in each other's place.
fn without_mirror(there: &[Change], back: &[Change]) -> Vec<String> {
    let mut free: Vec<&Change> = back.iter().collect();
    let mut missing = Vec::new();
    for change in there {
        let code = change.code.name;
        let fits = |other: &Change| {
            let is_sum = SUMS.contains(&code) || SUMS.contains(&other.code.name);
            let is_turned = (&other.before, &other.after) == (&change.after, &change.before);
            other.kind == change.kind && is_mirror(code, other.code.name) && (is_sum || is_turned)
        };
        let gives_back = |other: &Change| GIVEN_BACK.contains(&(other.code.name, other.kind));
        if code == "evidence-lost" && back.iter().any(gives_back) {
            continue;
        }
        if SUMS.contains(&code) {
            if !back.iter().any(fits) {
                missing.push(told(change));
            }
            continue;
        }
        let found = free.iter().position(|other| fits(other));
        match found {
            Some(at) if SUMS.contains(&free[at].code.name) => {}
            Some(at) => {
                free.remove(at);
            }
            None => missing.push(told(change)),
        }
    }
    missing
}

fn told(change: &Change) -> String {
    format!(
        "{} | {:?} | {:?}",
        line(change),
        change.before,
        change.after
    )
}

/// Holds two states to it that there and back are told as mirrors of each other.
fn mirrors(one: &State, other: &State) -> Result<(), String> {
    let (there, back) = (review(one, other).changes, review(other, one).changes);
    let missing = [without_mirror(&there, &back), without_mirror(&back, &there)];
    if missing.iter().all(Vec::is_empty) {
        return Ok(());
    }
    let all = |changes: &[Change]| changes.iter().map(told).collect::<Vec<_>>().join("\n  ");
    Err(format!(
        "without a mirror: {missing:#?}\nthere:\n  {}\nback:\n  {}",
        all(&there),
        all(&back)
    ))
}

#[test]
fn every_code_has_a_mirror() {
    let known: BTreeSet<&str> = MIRRORS.iter().flat_map(|pair| [pair.0, pair.1]).collect();
    let all: BTreeSet<&str> = CODES.iter().map(|code| code.name).collect();
    assert_eq!(known, all);
}

#[test]
fn every_case_is_told_the_other_way() {
    let wrong: Vec<String> = (CASES.iter())
        .filter_map(|case| {
            let before = edited(base(), case.first);
            let after = edited(before.clone(), case.then);
            let found = mirrors(&before, &after).err()?;
            Some(format!("{}: {found}", case.name))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Two plans of which much is the same, and what became of the ids on the way.
fn plans() -> impl Strategy<Value = (Plan, Plan)> {
    let one = || prop_oneof![1 => Just(0u8), 6 => 1u8..5];
    let id = prop_oneof![6 => Just(Id::Same), 1 => Just(Id::Alias), 1 => Just(Id::Other)];
    let parts = || (prop::array::uniform5(one()), prop::array::uniform6(one()));
    let plan = |(personas, others): ([u8; PERSONAS], [u8; 6]), ids| Plan {
        personas,
        journeys: [others[0], others[1]],
        kpis: [others[2], others[3]],
        evidence: [others[4], others[5]],
        ids,
    };
    (parts(), parts(), prop::array::uniform5(id)).prop_map(move |(mut before, mut after, ids)| {
        // Without an alias a persona is known by her words, which are hardly other ones; what she
        // names is there in both states.
        if ids != [Id::Same; PERSONAS] {
            after.1[2..].copy_from_slice(&before.1[2..]);
        }
        let personas = after.0.iter_mut().zip(before.0).zip(ids);
        for ((after, before), _) in personas.filter(|(_, id)| *id != Id::Same) {
            *after = before;
        }
        for personas in [&mut before.0, &mut after.0] {
            personas[0] = personas[0].max(1);
        }
        (plan(before, [Id::Same; PERSONAS]), plan(after, ids))
    })
}

/// The same, of which some personas are split and others merged.
fn regroupings() -> impl Strategy<Value = (Plan, Plan)> {
    let id = prop_oneof![2 => Just(Id::Same), 1 => Just(Id::Split), 2 => Just(Id::Merged)];
    (plans(), prop::array::uniform5(id)).prop_map(|((mut before, mut after), mut ids)| {
        before.personas = before.personas.map(|one| one.max(1));
        after.personas = before.personas;
        // One alone is no more than renamed.
        if ids.iter().filter(|id| **id == Id::Merged).count() < 2 {
            ids = ids.map(|id| if id == Id::Merged { Id::Same } else { id });
        }
        after.ids = ids;
        (before, after)
    })
}

/// Writes a project in another way: line ends, quotes, order of keys, wrapping.
fn reformatted(text: &str, way: u8) -> String {
    let mut text = text.to_owned();
    if way & 1 != 0 {
        text = text
            .replace("[families]", "\n  - 'families'")
            .replace("tags: [home]", "tags:\n- \"home\"");
    }
    if way & 2 != 0 {
        let front = text
            .strip_prefix("---\n")
            .and_then(|rest| rest.split_once("---\n"));
        if let Some((front, body)) = front {
            let mut fields: Vec<String> = Vec::new();
            for line in front.split_inclusive('\n') {
                match fields.last_mut() {
                    Some(last) if line.starts_with([' ', '-']) => last.push_str(line),
                    _ => fields.push(line.to_owned()),
                }
            }
            fields.reverse();
            text = format!("---\n{}---\n{body}", fields.concat());
        }
    }
    if way & 4 != 0 {
        text = text
            .replace(
                "summary: Rides to school.",
                "summary: >-\n  Rides\n  to school.",
            )
            .replace(
                "text: Live with one car for good.",
                "text: |\n      Live with one\n      car for good.",
            )
            .replace("She leaves at eight.", "She leaves\nat eight.   ");
    }
    if way & 8 != 0 {
        text = text
            .replace("budget: 100", "budget: 100.0 # a month")
            .replace("owner: cx", "owner: team:cx")
            .replace("b2c: {}", "b2c: {interests: []}");
    }
    if way & 16 != 0 {
        text = text.replace('\n', "\r\n");
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_different_from_itself(steps in steps()) {
        let one = state(&steps);
        prop_assert_eq!(review(&one, &one).changes, vec![]);
    }

    #[test]
    fn what_is_different_is_so_both_ways(one in steps(), other in steps()) {
        prop_assert_eq!(mirrors(&state(&one), &state(&other)), Ok(()));
    }

    #[test]
    fn two_random_projects_are_so_both_ways((one, other) in plans()) {
        prop_assert_eq!(mirrors(&one.project().plain(), &other.project().plain()), Ok(()));
    }

    /// What is split or merged is there, and its parts are not, on the way back.
    #[test]
    fn what_is_regrouped_is_so_both_ways((one, other) in regroupings()) {
        let (one, other) = (one.project().plain(), other.project().plain());
        let of_entities = |changes: Vec<Change>| -> Vec<Change> {
            let codes = ["added", "split", "merged", "persona-removed", "id-changed", "renamed"];
            let is_of_one = |change: &Change| {
                change.kind == Kind::Persona && codes.contains(&change.code.name)
            };
            changes.into_iter().filter(is_of_one).collect()
        };
        let there = of_entities(review(&one, &other).changes);
        let back = of_entities(review(&other, &one).changes);
        prop_assert_eq!(without_mirror(&there, &back), Vec::<String>::new());
        prop_assert_eq!(without_mirror(&back, &there), Vec::<String>::new());
    }

    #[test]
    fn the_form_of_a_random_project_is_no_content((plan, _) in plans(), seed: u64) {
        let project = plan.project();
        let (one, other) = (project.plain(), project.in_another_form(seed));
        let found = review(&one, &other);
        let partial: Vec<String> = (found.partial.iter())
            .map(|file| format!("{}: {}\n{}", file.path, file.reason, other[&*file.path]))
            .collect();
        prop_assert_eq!(partial, Vec::<String>::new());
        prop_assert_eq!(found.changes.iter().map(told).collect::<Vec<_>>(), Vec::<String>::new());
    }

    #[test]
    fn form_is_no_content(steps in steps(), way in 0u8..32) {
        let one = state(&steps);
        let written = |(path, text): (&String, &String)| {
            let text = if path.starts_with("content/") && !path.contains("/kpis/") {
                reformatted(text, way)
            } else {
                text.replace('\n', "\r\n")
            };
            (path.clone(), text)
        };
        let other: State = one.iter().map(written).collect();
        let told: Vec<String> = review(&one, &other).changes.iter().map(told).collect();
        prop_assert_eq!(told, Vec::<String>::new());
    }
}
