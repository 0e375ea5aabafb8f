//! The corpora that fuzzing has left, once more, with what a slip of the hand makes of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::mutation::{Dice, mutated, rounds};
use super::{TARGETS, html, page, shown};

fn corpus(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let files = fs::read_dir(folder.join(name)).expect("a corpus");
    let mut files: Vec<_> = files.flatten().map(|file| file.path()).collect();
    files.sort_unstable();
    assert!(!files.is_empty());
    files
}

/// Shows an input when a promise was broken, so that it can be put into the corpus.
struct Input<'b>(&'b [u8]);

impl Drop for Input<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("with the input b\"{}\"", self.0.escape_ascii());
        }
    }
}

/// Runs a target over its corpus, and over `rounds` mutations of each of its files.
fn again(name: &str, usual: usize) {
    let (_, target) = TARGETS
        .iter()
        .find(|(known, _)| *known == name)
        .expect("a target");
    let run = |bytes: &[u8]| {
        let input = Input(bytes);
        target(input.0);
    };
    let files = corpus(name).into_iter();
    let files: Vec<Vec<u8>> = files.map(|f| fs::read(f).expect("a file")).collect();
    let mut dice = Dice::new(1);
    for bytes in &files {
        run(bytes);
        // A file that ends early, as one that is being written.
        run(&bytes[..bytes.len() / 2]);
        for _ in 0..rounds(usual) {
            let other: &Vec<u8> = dice.of(&files);
            run(&mutated(bytes, other, &mut dice));
        }
    }
}

// So many mutations of each file that a target takes about a second.

#[test]
fn front_matter_once_more() {
    again("front_matter", 250);
}

#[test]
fn yaml_once_more() {
    again("yaml", 1_000);
}

#[test]
fn references_once_more() {
    again("references", 120);
}

#[test]
fn csv_once_more() {
    again("csv", 20);
}

#[test]
fn markdown_once_more() {
    again("markdown", 80);
}

#[test]
fn diff_once_more() {
    again("diff", 24);
}

#[test]
fn http_once_more() {
    again("http", 2_000);
}

#[test]
fn a_scan_of_tags_sees_what_a_parser_sees() {
    let mut seen = 0;
    for file in corpus("markdown") {
        let bytes = fs::read(&file).expect("a file");
        let shown = shown(&bytes);
        let scanned = html::tags(&shown).expect("tags");
        let scanned = scanned.iter().filter(|tag| !tag.ends).map(|tag| {
            let attributes = tag.attributes.iter();
            let attributes = attributes.map(|(name, value)| (*name, &**value));
            (tag.name, attributes.collect::<BTreeMap<_, _>>())
        });
        let parsed = page::tags(&shown);
        let parsed = parsed.iter().map(|tag| (&*tag.name, page::attributes(tag)));
        assert!(scanned.eq(parsed.clone()), "{}: {shown}", file.display());
        seen += parsed.count();
    }
    assert!(seen > 500, "{seen}");
}

#[test]
fn a_picture_of_another_site_is_not_loaded_however_its_tag_is_written() {
    for text in [
        "<figure><img src=missing.png src=https://third.example/x.png></figure>",
        "a <img src=https://third.example/x.png SRC='//third.example/y.png'> b",
        "<div>\n<!-- --!><img src=https://third.example/x.png>\n<!-- --></div>",
        "a <img alt=\u{3000}\"x src=https://third.example/x.png y=\"> b",
        "<figure><img =\" src=https://third.example/x.png \"></figure>",
        "<p><img title='\n\n' src=https://third.example/x.png <b>",
        "<p><img title='\n\n' src=/\\\\third.example/x.png <b>",
        "<p><img title='\n\n' src=&#1;//third.example/x.png <b>",
    ] {
        let shown = shown(text.as_bytes());
        assert_eq!(html::judge(&shown), Ok(()), "{text}: {shown}");
        let tags = page::tags(&shown);
        let loaded = tags
            .iter()
            .filter_map(|tag| page::attributes(tag).remove("src"));
        assert_eq!(loaded.count(), 0, "{text}: {shown}");
    }
}

#[test]
fn every_target_has_a_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("the manifest");
    for (name, _) in TARGETS {
        assert!(manifest.contains(&format!("name = \"{name}\"\n")), "{name}");
        let program = root.join("fuzz_targets").join(format!("{name}.rs"));
        let program = fs::read_to_string(program).expect("the program");
        assert!(
            program.contains(&format!("fuzzing::{name}(data)")),
            "{name}"
        );
    }
}
