//! What holds for all projects: nothing is different from itself, what is different is so both ways,
//! and form is no content.

use std::collections::BTreeMap;

use personary::review::Change;
use proptest::prelude::*;

use super::project::{State, base, line, review};

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

/// The code of the same change the other way; `None` where the way back is another sort of thing.
fn mirror(code: &str) -> Option<&str> {
    Some(match code {
        "persona-removed" | "entity-removed" => "added",
        "added" => "gone",
        "claim-removed" => "claim-added",
        "claim-added" => "claim-removed",
        "field-removed" => "field-added",
        "field-added" => "field-removed",
        "claim-reworded" | "claim-changed" | "stance-flipped" | "owner-changed"
        | "segments-changed" | "negative-changed" | "field-changed" | "prose-changed"
        | "tags-changed" => code,
        _ => return None,
    })
}

/// What a change is the other way.
fn sides(change: &Change, turned: bool) -> Option<(String, Option<String>, Option<String>)> {
    let code = change.code.name;
    let code = if turned { mirror(code)? } else { code };
    let code = if code.ends_with("-removed") && change.pointer.is_empty() {
        "gone"
    } else {
        code
    };
    let code = format!("{code} {}:{}", change.kind, change.id);
    let (before, after) = (change.before.clone(), change.after.clone());
    Some(if turned {
        (code, after, before)
    } else {
        (code, before, after)
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
        let (one, other) = (state(&one), state(&other));
        let (there, back) = (review(&one, &other).changes, review(&other, &one).changes);
        let count = |changes: &[Change], turned| {
            let mut counts: BTreeMap<_, usize> = BTreeMap::new();
            for key in changes.iter().filter_map(|change| sides(change, turned)) {
                if mirror(key.0.split(' ').next().unwrap_or_default()).is_some() || key.0.starts_with("gone") {
                    *counts.entry(key).or_default() += 1;
                }
            }
            counts
        };
        prop_assert_eq!(count(&there, false), count(&back, true));
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
        let told: Vec<String> = review(&one, &other).changes.iter().map(line).collect();
        prop_assert_eq!(told, Vec::<String>::new());
    }
}
