use std::sync::Arc;

use jiff::civil::date;

use super::*;
use crate::source::Memory;

const ORIGINAL: &str = "---
name: Nora
market: b2c
stance: target
basis: qualitative
status: active
owner: cx
b2c: {impulse: low}
summary: Wants two good cups.
quote: {text: Which one?}
demographics: {age_range: 35-45, location: A town}
goals:
  - id: cup
    text: A good cup.
    evidence: [talks]
  - id: time
    text: In five minutes.
pains: [Cannot tell them apart., Too many bags.]
---
# Her day
See [[nora]].
";

fn library(translation: &str) -> Library {
    let tree = Memory::default()
        .with("personary.yaml", "languages: [de]")
        .with("content/personas/nora.md", ORIGINAL)
        .with("content/personas/nora.de.md", translation);
    Library::load(Arc::new(tree))
}

fn nora(library: &Library) -> &Entity {
    library.get(Kind::Persona, "nora").expect("Nora")
}

fn told(translation: &str) -> Vec<String> {
    let library = library(translation);
    let findings = nora(&library).findings.iter();
    let findings = findings.filter(|f| f.path.ends_with(".de.md"));
    let mut findings: Vec<_> = findings.collect();
    findings.sort_by(|a, b| a.order(b));
    findings
        .iter()
        .map(|f| {
            format!(
                "{} {}:{} {}",
                f.code,
                f.start().line,
                f.start().column,
                f.message
            )
        })
        .collect()
}

#[test]
fn what_is_not_translated_comes_from_the_original() {
    let library = library(
        "---\ntranslated: 2026-10-01\nsummary: Will zwei gute Tassen.\nquote: {text: Welcher?}\ngoals:\n  - {id: time, text: In fünf Minuten.}\npains: [Kann sie nicht unterscheiden., Zu viele Tüten.]\n---\n",
    );
    assert_eq!(library.count(Kind::Persona, true), 1);
    let nora = nora(&library);
    assert_eq!(nora.findings.len(), 0, "{:?}", nora.findings);
    let translation = &nora.translations[0];
    assert_eq!(translation.translated, Some(date(2026, 10, 1)));
    let german = translation.whole(&library, nora);
    assert!(german.findings.is_empty(), "{:?}", german.findings);
    assert_eq!(german.name(), "Nora");
    assert_eq!(
        german.common.summary.as_deref(),
        Some("Will zwei gute Tassen.")
    );
    let claims: Vec<_> = german
        .claims()
        .map(|(_, claim, anchor)| (&*claim.text, anchor))
        .collect();
    assert_eq!(
        claims,
        [
            ("A good cup.", "cup"),
            ("In fünf Minuten.", "time"),
            ("Kann sie nicht unterscheiden.", "cannot-tell-them-apart"),
            ("Zu viele Tüten.", "too-many-bags"),
        ]
    );
    assert!(!german.claims().next().expect("a goal").1.is_assumption());
    let translated = german.translated.as_ref().expect("a translation");
    let lacks = [
        "/goals/0",
        "/goals/1",
        "/pains/0",
        "/demographics/location",
        "/demographics/age_range",
        "/market",
        "/summary",
    ]
    .map(|pointer| translated.lacks(pointer));
    assert_eq!(lacks, [true, false, false, true, false, false, false]);
    assert!(!translated.body);
    assert!(german.document.markdown().contains("Her day"));
}

#[test]
fn a_translation_changes_words_and_nothing_else() {
    insta::assert_snapshot!(told("---\nmarket: b2b\nstance: target\nlast_reviewd: 2026-01-01\nstatus: draft\nsumary: x\nquote: Welcher?\ngoals: [{id: cup, evidence: [other]}, {id: cups, text: x}]\npains: [Eins]\ndemographics: {location: ''}\ntranslated: bald\n---\n").join("\n"), @r"
    translation 2:9 `market` cannot be changed by a translation
    unknown-key 4:1 there is no field `last_reviewd`
    translation 5:9 `status` cannot be changed by a translation
    unknown-key 6:1 there is no field `sumary`
    translation 8:30 `evidence` cannot be changed by a translation
    translation 8:44 the original has no `cups` here
    translation 9:8 the original has 2 entries here, and this 1
    translation 10:26 this text is empty
    schema 11:13 `translated` is no day
    ");
}

#[test]
fn without_its_original_a_translation_is_told_of() {
    let tree = || Memory::default().with("content/personas/nora.de.md", ORIGINAL);
    let with = Library::load(Arc::new(tree().with("personary.yaml", "languages: [de]")));
    assert_eq!(with.count(Kind::Persona, true), 0);
    let strays: Vec<_> = with.stray_findings().map(|f| f.code).collect();
    assert_eq!(strays, [RULE]);
    // Without the setting a dot is a letter of an id.
    let without = Library::load(Arc::new(tree()));
    assert!(without.get(Kind::Persona, "nora.de").is_some());
    assert_eq!(without.stray_findings().count(), 0);
}

#[test]
fn a_save_of_either_file_reads_both() {
    let mut library = library("---\nsummary: Alt\n---\n");
    let update = library.update(["content/personas/nora.de.md"]);
    assert_eq!(update.changed, [nora(&library).index]);
    assert_eq!(nora(&library).translations.len(), 1);
    assert!(!library.has_asset("content/personas/nora.de.md"));
}

#[test]
fn nobody_knows_without_both_days() {
    let day = |d| Some(date(2026, 10, d));
    assert!(translation_is_older(day(2), day(1)));
    assert!(!translation_is_older(day(1), day(1)));
    assert!(!translation_is_older(day(2), None) && !translation_is_older(None, day(1)));
}
