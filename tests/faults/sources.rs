//! Files that change, shrink, vanish and come back while they are read.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use crate::dice::Dice;
use crate::fixture::{NORA, Project};
use crate::machine::{self, Over};
use crate::site::Place;

#[test]
fn files_that_change_while_they_are_read() {
    while_files_change(12);
}

#[test]
#[ignore = "long: a minute"]
fn files_that_change_while_they_are_read_long() {
    while_files_change(machine::count(300));
}

/// Builds while another goes over the sources without a pause: every build ends in words, and
/// what is published is whole. In peace again, the site is that of the sources.
fn while_files_change(rounds: usize) {
    let place = Place::in_project();
    place.project.write(
        "content/pages/shows.md",
        "# Shows\n\n![A picture](/picture.svg) of [Nora](../personas/nora-lind.md).\n",
    );
    place.turn(0);
    let dice = machine::dice();
    let over = AtomicBool::new(false);
    let mut codes = [0; 3];
    thread::scope(|scope| {
        let end = Over(&over);
        let hand = scope.spawn(|| unrest(&place.project, dice, &over));
        for _ in 0..rounds {
            let run = place.run();
            let run = run.never("panicked");
            let code = run.code.expect("it ends by itself");
            let code = usize::try_from(code).expect("no negative code");
            // Without settings there is no project, and that is said.
            let says_why = run.err.starts_with("error: ") && run.err.contains("personary.yaml");
            assert!(code < 2 || says_why, "{run:#?}");
            codes[code] += 1;
            if place.folder.is_dir() {
                assert_whole(&place);
            }
            assert_eq!(place.litter(), [""; 0]);
        }
        drop(end);
        hand.join().expect("it changes files");
    });
    place.finish();
    let calm = Place::of(copy(&place.project));
    calm.finish();
    assert_eq!(place.site(), calm.site());
    println!("{rounds} builds of files that change: exit codes 0, 1, 2: {codes:?}");
}

/// Every file is what the record says.
fn assert_whole(place: &Place) {
    let mut site = place.site();
    let record = site.remove(".personary-manifest.json").expect("a record");
    let record: Value = serde_json::from_slice(&record).expect("JSON");
    let files = record["files"].as_object().expect("files");
    assert!(files.keys().eq(site.keys()));
    for (path, bytes) in &site {
        assert_eq!(files[path]["size"], bytes.len(), "{path}");
        let hash = format!("{:032x}", xxh3_128(bytes));
        assert_eq!(files[path]["hash"], hash, "{path}");
    }
}

fn copy(project: &Project) -> Project {
    let copy = Project::empty();
    for name in ["content", "static"] {
        for (path, bytes) in project.files(name) {
            copy.write(&format!("{name}/{path}"), bytes);
        }
    }
    copy.write("personary.yaml", project.read("personary.yaml"));
    copy
}

/// Does something to a file and takes it back, again and again.
fn unrest(project: &Project, mut dice: Dice, over: &AtomicBool) {
    let paths = [
        NORA,
        "personary.yaml",
        "content/journeys/first-month.md",
        "content/kpis/second-order.md",
        "content/kpis/second-order.csv",
        "content/pages/many/p7.md",
        "content/pages/shows.md",
        "static/many",
        "static/picture.svg",
    ];
    project.write("static/picture.svg", "<svg/>");
    let whole: Vec<(PathBuf, Vec<u8>)> = paths
        .map(|path| project.path(path))
        .map(|path| (path.clone(), fs::read(&path).expect("a file")))
        .into();
    while !over.load(Ordering::Relaxed) {
        let (path, bytes) = dice.of(&whole);
        match dice.below(6) {
            0 => fs::remove_file(path).expect("removed"),
            1 => {
                fs::remove_file(path).expect("removed");
                fs::create_dir(path).expect("a folder in its place");
            }
            2 => fs::write(path, &bytes[..dice.below(bytes.len())]).expect("cut"),
            3 => fs::write(path, bytes.repeat(1 + dice.below(40))).expect("grown"),
            4 => fs::write(path, [b"\xff\0---\n", &bytes[..]].concat()).expect("spoilt"),
            _ => {
                fs::remove_file(path).expect("removed");
                std::os::unix::fs::symlink("/nowhere", path).expect("a link");
            }
        }
        thread::sleep(Duration::from_micros(dice.below(3000) as u64));
        if path.is_dir() {
            fs::remove_dir(path).expect("removed");
        } else {
            let _ = fs::remove_file(path);
        }
        fs::write(path, bytes).expect("whole again");
        thread::sleep(Duration::from_micros(dice.below(1000) as u64));
    }
}
