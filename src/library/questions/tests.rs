//! What gains most, who stays, and that everybody is found by the truth.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::source::Memory;

fn library(personas: &[String]) -> Library {
    let tree = personas.iter().enumerate().fold(Memory::default(), |tree, (n, fields)| {
        let market = if fields.contains("b2b:") { "b2b" } else { "b2c" };
        let block = if market == "b2c" && !fields.contains("b2c:") { "b2c: {}\n" } else { "" };
        let text = format!(
            "---\nname: P{n}\nmarket: {market}\nstance: target\nstatus: active\nbasis: proto\nowner: cx\nsummary: S\n{block}{fields}\n---\n"
        );
        tree.with(&format!("content/personas/p{n:03}.md"), text)
    });
    let tree = tree.with(
        "personary.yaml",
        "fields:\n  persona:\n    plan: {type: string, enum: [home, trade]}\n    note: {type: string}\n",
    );
    Library::load(Arc::new(tree))
}

fn about(library: &Library) -> Questions<'_> {
    Questions::about(library, library.of_kind(Kind::Persona))
}

fn gain(questions: &Questions<'_>, subject: &Subject) -> Option<f64> {
    let everybody: Vec<u32> = (0..u32::try_from(questions.personas.len()).ok()?).collect();
    let question = questions.all.iter().find(|q| q.subject == *subject)?;
    Some(question.gain(&everybody).0)
}

#[test]
fn what_halves_the_personas_gains_a_bit() {
    let rows = [
        "plan: home\nnote: a",
        "plan: home\nnote: b",
        "plan: trade",
        "plan: trade",
    ];
    let library = library(&rows.map(str::to_owned));
    let questions = about(&library);
    assert_eq!(gain(&questions, &Subject::Own("plan".into())), Some(1.0));
    assert_eq!(
        gain(&questions, &Subject::Own("note".into())),
        None,
        "no closed list"
    );
    assert_eq!(
        gain(&questions, &Subject::Field("market")),
        None,
        "all are the same"
    );
}

#[test]
fn who_does_not_say_stays_and_lowers_the_gain() {
    let rows = ["plan: home", "plan: home", "plan: trade", "tags: [x]"];
    let library = library(&rows.map(str::to_owned));
    let questions = about(&library);
    let subject = Subject::Own("plan".into());
    // H(5/8, 3/8) less a bit of doubt for one of four.
    let entropy = -(0.625f64 * 0.625f64.log2() + 0.375 * 0.375f64.log2());
    let found = gain(&questions, &subject).expect("a question");
    assert!((found - (entropy - 0.25)).abs() < 1e-12, "{found}");
    let question = questions.all.iter().find(|q| q.subject == subject);
    let question = question.expect("a question");
    assert!(question.may_be(3, 0) && question.may_be(3, 1));
    assert!(question.may_be(0, 0) && !question.may_be(0, 1));
}

#[test]
fn the_middle_of_a_trait_is_both_high_and_low() {
    let rows = [1, 2, 3, 4, 5].map(|n| format!("traits: {{calm: {n}}}"));
    let library = library(&rows);
    let questions = about(&library);
    let question = &questions.all[0];
    let row = |n| [0, 1].map(|answer| question.may_be(n, answer));
    assert_eq!(&*question.answers[0], "high");
    assert_eq!(
        [0, 1, 2, 3, 4].map(row),
        [
            [false, true],
            [false, true],
            [true, true],
            [true, false],
            [true, false],
        ]
    );
}

#[test]
fn the_most_telling_question_comes_first() {
    let rows = ["home", "home", "home", "trade", "trade", "trade"]
        .iter()
        .enumerate();
    let rows: Vec<String> = rows
        .map(|(n, plan)| {
            format!(
                "plan: {plan}\nb2c: {{impulse: {}}}",
                ["low", "medium", "high"][n % 3]
            )
        })
        .collect();
    let library = library(&rows);
    let questions = about(&library);
    let tree = questions.tree(50);
    let first = tree.nodes[0].ask.as_ref().expect("a question");
    assert_eq!(
        questions.all[first.question].subject,
        Subject::Field("impulse")
    );
    assert_eq!(first.answers.last().map(|(answer, _)| *answer), Some(None));
}

#[test]
fn a_tree_has_no_more_ends_than_asked_for() {
    let rows: Vec<String> = (0..200)
        .map(|n| {
            format!(
                "tags: [t{}]\ntraits: {{a: {}, b: {}}}",
                n % 8,
                n % 5 + 1,
                n / 5 % 5 + 1
            )
        })
        .collect();
    let library = library(&rows);
    let tree = about(&library).tree(30);
    let ends = tree.nodes.iter().filter(|node| node.ask.is_none()).count();
    assert!((20..=30 + MOST_ANSWERS).contains(&ends), "{ends}");
}

fn persona() -> impl Strategy<Value = String> {
    let level = prop::option::of(1u8..6);
    (
        0u8..3,
        level.clone(),
        level,
        prop::option::of(0u8..3),
        0u8..4,
    )
        .prop_map(|(plan, a, b, impulse, tags)| {
            let plan = ["", "plan: home\n", "plan: trade\n"][usize::from(plan)];
            let level = |name: &str, value: Option<u8>| {
                value.map(|v| format!("{name}: {v}, ")).unwrap_or_default()
            };
            let impulse = impulse.map_or("", |n| {
                ["impulse: low", "impulse: medium", "impulse: high"][usize::from(n)]
            });
            let tags = ["", "x", "y", "x, y"][usize::from(tags)];
            format!(
                "{plan}traits: {{{}{}}}\nb2c: {{{impulse}}}\ntags: [{tags}]",
                level("a", a),
                level("b", b)
            )
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whoever answers truthfully, or does not know, keeps their persona to the end.
    #[test]
    fn everybody_is_found_by_the_truth(
        personas in prop::collection::vec(persona(), 1..24),
        most in 1usize..80,
        choices in prop::collection::vec(any::<prop::sample::Index>(), 12),
    ) {
        let library = library(&personas);
        let questions = about(&library);
        let tree = questions.tree(most);
        prop_assert_eq!(questions.personas.len(), personas.len());
        for place in 0..questions.personas.len() {
            let mut node = &tree.nodes[0];
            for choice in &choices {
                let Some(ask) = &node.ask else { break };
                let question = &questions.all[ask.question];
                let truthful: Vec<_> = ask.answers.iter()
                    .filter(|(answer, _)| answer.is_none_or(|a| question.may_be(place, a)))
                    .collect();
                prop_assert!(truthful.len() > 1, "an answer and not knowing");
                let next = &tree.nodes[truthful[choice.index(truthful.len())].1];
                prop_assert!(next.left.len() <= node.left.len());
                node = next;
            }
            prop_assert!(node.ask.is_none());
            prop_assert!(node.left.contains(&u32::try_from(place).unwrap_or(u32::MAX)));
        }
    }
}
