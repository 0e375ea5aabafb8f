use super::*;

fn merged(path: &str, base: &str, ours: &str, theirs: &str) -> Merged {
    let sides = Sides { base, ours, theirs };
    merge(path, sides, Markers::default())
}

fn md(base: &str, ours: &str, theirs: &str) -> String {
    let merged = merged("content/personas/ann.md", base, ours, theirs);
    assert_eq!(
        merged.text.matches("<<<<<<< ours").count(),
        merged.conflicts
    );
    merged.text
}

const BASE: &str = "\
---
name: Ann
market: b2c
goals:
  - id: ride
    text: Ride to work.
    confidence: high
  # What she said twice.
  - id: sleep
    text: Sleep well.
tags: [a, b]
summary: >-
  A rider
  in town.
---

# Who

One.

Two.
";

#[test]
fn both_sides_of_a_list_of_claims_are_kept() {
    let ours = BASE
        .replace("Ride to work.", "Ride to work by bike.")
        .replace("tags: [a, b]", "tags: [a, b, ours]")
        .replace("One.", "One, ours.");
    let theirs = BASE
        .replace("  # What", "  - id: eat\n    text: Eat.\n  # What")
        .replace("confidence: high", "confidence: low")
        .replace("tags: [a, b]", "tags:\n  - b\n  - theirs")
        .replace("market: b2c", "market: b2b")
        .replace("Two.", "Two, theirs.");
    insta::assert_snapshot!(md(BASE, &ours, &theirs), @r"
    ---
    name: Ann
    market: b2b
    goals:
      - id: ride
        text: Ride to work by bike.
        confidence: low
      - id: eat
        text: Eat.
      # What she said twice.
      - id: sleep
        text: Sleep well.
    tags: [b, ours, theirs]
    summary: >-
      A rider
      in town.
    ---

    # Who

    One, ours.

    Two, theirs.
    ");
}

#[test]
fn a_conflict_is_marked_at_the_field_that_both_changed() {
    let ours = BASE
        .replace("Ride to work.", "Ride fast.")
        .replace("Ann", "Anna");
    let theirs = BASE
        .replace("Ride to work.", "Ride slowly.")
        .replace("high", "low");
    insta::assert_snapshot!(md(BASE, &ours, &theirs), @r"
    ---
    name: Anna
    market: b2c
    goals:
      - id: ride
    <<<<<<< ours
        text: Ride fast.
    =======
        text: Ride slowly.
    >>>>>>> theirs
        confidence: low
      # What she said twice.
      - id: sleep
        text: Sleep well.
    tags: [a, b]
    summary: >-
      A rider
      in town.
    ---

    # Who

    One.

    Two.
    ");
}

#[test]
fn what_one_side_removed_and_the_other_changed_is_a_conflict() {
    let ours = BASE.replace(
        "  - id: ride\n    text: Ride to work.\n    confidence: high\n",
        "",
    );
    let theirs = BASE.replace("Ride to work.", "Ride slowly.");
    insta::assert_snapshot!(md(BASE, &ours, &theirs), @r"
    ---
    name: Ann
    market: b2c
    goals:
    <<<<<<< ours
    =======
      - id: ride
        text: Ride slowly.
        confidence: high
    >>>>>>> theirs
      # What she said twice.
      - id: sleep
        text: Sleep well.
    tags: [a, b]
    summary: >-
      A rider
      in town.
    ---

    # Who

    One.

    Two.
    ");
}

#[test]
fn a_side_that_only_reformats_gives_way() {
    let reformatted = "---\r\nsummary: A rider in town.\r\ntags: ['b', \"a\"]\r\ngoals:\r\n- {text: Ride to work., id: ride, confidence: high}\r\n- {id: sleep, text: Sleep well.}\r\nmarket: b2c\r\nname: Ann\r\n---\r\n\r\n# Who\r\n\r\nOne.\r\n\r\nTwo.\r\n";
    let reformatted = reformatted.replace("['b', \"a\"]", "['a', \"b\"]");
    let theirs = BASE.replace("b2c", "b2b");
    let text = md(BASE, &reformatted, &theirs);
    assert_eq!(text, reformatted.replace("b2c", "b2b"));
    assert_eq!(md(BASE, &theirs, &reformatted), theirs);
}

#[test]
fn journeys_merge_by_stage_and_step() {
    let base = "---\nstages:\n- id: decide\n  name: Decide\n  steps:\n    - id: ask\n      action: Ask.\n      emotion: 0\n    - id: pay\n      action: Pay.\n      emotion: 1\n---\n";
    let ours = base.replace("emotion: 0", "emotion: -1");
    let theirs = base
        .replace("emotion: 1\n", "emotion: 1\n      pains:\n      - Slow.\n    - id: go\n      action: Go.\n      emotion: 2\n")
        .replace("name: Decide", "name: Choose");
    let both = theirs.replace("emotion: 0", "emotion: -1");
    assert_eq!(md(base, &ours, &theirs), both);
    assert_eq!(md(base, &theirs, &ours), both);
}

#[test]
fn a_file_that_cannot_be_taken_apart_is_merged_as_text() {
    let base = "---\na: &x 1\nb: *x\nc: 3\nd: 4\n---\n";
    let ours = base.replace("c: 3", "c: 5");
    let theirs = base.replace("&x 1", "&x 2");
    assert_eq!(
        md(base, &ours, &theirs),
        "---\na: &x 2\nb: *x\nc: 5\nd: 4\n---\n"
    );
    let broken = base.replace("c: 3", "c: [");
    assert!(md(base, &broken, &theirs).contains("c: ["));
}

#[test]
fn a_file_that_both_sides_added_is_merged_without_a_base() {
    let ours = "---\nname: Ann\ntags: [a]\n---\nOne.\n";
    let theirs = "---\nname: Ann\nowner: cx\ntags: [b]\n---\nOne.\n";
    assert_eq!(
        md("", ours, theirs),
        "---\nname: Ann\nowner: cx\ntags: [a, b]\n---\nOne.\n"
    );
}

#[test]
fn measurements_are_appended_by_both_sides() {
    let base = "period,value,persona\n2026-Q1,40,\n2026-Q2,41,ann\n";
    let ours = format!("{base}2026-Q3,42,*\n");
    let theirs = format!("{base}2026-Q3,43,ann\n").replace("2026-Q1,40,", "2026-Q1, 40 ,");
    let both = merged("kpis/nps.csv", base, &ours, &theirs);
    assert_eq!(both.text, format!("{base}2026-Q3,42,*\n2026-Q3,43,ann\n"));
    let theirs = format!("{base}2026-Q3,44,\n");
    insta::assert_snapshot!(merged("kpis/nps.csv", base, &ours, &theirs).text, @r"
    period,value,persona
    2026-Q1,40,
    2026-Q2,41,ann
    <<<<<<< ours
    2026-Q3,42,*
    =======
    2026-Q3,44,
    >>>>>>> theirs
    ");
    let answers = "period,score\n2026-Q1,9\n";
    let ours = format!("{answers}2026-Q1,9\n");
    let theirs = format!("{answers}2026-Q1,9\n2026-Q1,3\n");
    assert_eq!(merged("kpis/nps.csv", answers, &ours, &theirs).text, theirs);
}

mod properties {
    use proptest::prelude::*;

    use super::*;
    use crate::schema::content::Content;
    use crate::source::yaml::Node;

    /// A claim by its number, with a text.
    fn claims() -> impl Strategy<Value = Vec<(u8, u8)>> {
        proptest::collection::vec((0..9u8, 0..3u8), 0..6).prop_map(|mut claims| {
            claims.sort_unstable();
            claims.dedup_by_key(|(id, _)| *id);
            claims
        })
    }

    fn write(claims: &[(u8, u8)], market: bool, flow: bool) -> String {
        let mut text = format!(
            "---\nname: Ann\nmarket: {}\ngoals:",
            if market { "b2b" } else { "b2c" }
        );
        for (id, words) in claims {
            let claim = if flow {
                format!("\n- {{text: Text {words}, id: c{id}}}")
            } else {
                format!("\n    - id: c{id}\n      text: >-\n        Text\n        {words}")
            };
            text.push_str(&claim);
        }
        text + "\n---\n"
    }

    fn read(text: &str) -> Document {
        Document::read(&Memory::default().with("a.md", text), &"a.md".into(), true)
    }

    proptest! {
        #[test]
        fn a_change_of_one_side_alone_is_taken_whole(was in claims(), is in claims(), flow: bool) {
            let base = write(&was, true, false);
            let changed = write(&is, false, flow);
            let there = merged("a.md", &base, &base, &changed);
            prop_assert_eq!(there.conflicts, 0);
            let (got, wanted) = (read(&there.text), read(&changed));
            let equal = got.root().map(Content::untyped) == wanted.root().map(Content::untyped);
            prop_assert!(equal, "{}", there.text);
            prop_assert_eq!(merged("a.md", &base, &changed, &base).text, changed);
        }

        #[test]
        fn both_sides_lose_nothing(was in claims(), our in claims(), their in claims(), flow: bool) {
            let base = write(&was, true, false);
            let ours = write(&our, true, false);
            let theirs = write(&their, false, flow);
            let both = merged("a.md", &base, &ours, &theirs);
            let has = |side: &[(u8, u8)], claim: &(u8, u8)| side.contains(claim);
            // A claim that a side has new or changed is in the result, or in a conflict.
            for (id, words) in our.iter().chain(&their).filter(|claim| !has(&was, claim)) {
                let whole = [format!("c{id}"), format!("{words}")];
                prop_assert!(whole.iter().all(|part| both.text.contains(part)), "{}", both.text);
            }
            if both.conflicts == 0 {
                let got = read(&both.text);
                prop_assert!(got.findings.is_empty(), "{}", both.text);
                prop_assert_eq!(got.root().and_then(|r| r.get("market")).and_then(Node::as_str), Some("b2c"));
            }
        }

        #[test]
        fn no_text_panics(base in ".{0,60}", ours in "(---\n)?[-a:#| \n\\[{&*]{0,40}(---\n)?", theirs in ".{0,60}") {
            for path in ["a.md", "a.csv", "a.txt"] {
                merged(path, &base, &ours, &theirs);
                merged(path, &ours, &ours, &theirs);
                merged(path, &ours, &base, &ours);
            }
        }
    }
}
