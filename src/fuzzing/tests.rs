//! The corpora that fuzzing has left, once more, with what a slip of the hand makes of them.

use std::fs;
use std::path::{Path, PathBuf};

use super::TARGETS;

fn corpus(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let files = fs::read_dir(folder.join(name)).expect("a corpus");
    let mut files: Vec<_> = files.flatten().map(|file| file.path()).collect();
    files.sort_unstable();
    assert!(!files.is_empty());
    files
}

/// Runs a target over its corpus.
fn again(name: &str) {
    let (_, target) = TARGETS
        .iter()
        .find(|(known, _)| *known == name)
        .expect("a target");
    for file in corpus(name) {
        let bytes = fs::read(&file).expect("a file");
        // The name of a file that fails is the last one shown.
        println!("{}", file.display());
        target(&bytes);
        // A file that ends early, as one that is being written.
        target(&bytes[..bytes.len() / 2]);
    }
}

#[test]
fn front_matter_once_more() {
    again("front_matter");
}

#[test]
fn yaml_once_more() {
    again("yaml");
}

#[test]
fn references_once_more() {
    again("references");
}

#[test]
fn csv_once_more() {
    again("csv");
}

#[test]
fn markdown_once_more() {
    again("markdown");
}

#[test]
fn diff_once_more() {
    again("diff");
}

#[test]
fn http_once_more() {
    again("http");
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
