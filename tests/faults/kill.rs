//! Builds that are killed, and builds at the same time.

use std::fs;
use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::dice::Dice;
use crate::machine::{self, Mount, Over};
use crate::site::{Place, Site, sites};

#[test]
fn a_killed_build_leaves_the_old_site_or_the_new_one() {
    println!("{}", killed(40));
}

#[test]
#[ignore = "long: some minutes"]
fn a_killed_build_leaves_the_old_site_or_the_new_one_long() {
    println!("{}", killed(machine::count(500)));
}

/// Kills `rounds` builds, in turn into each kind of place; what became of them.
fn killed(rounds: usize) -> String {
    let mut dice = machine::dice();
    let sites = sites();
    let places = [
        Place::in_project(),
        Place::in_project(),
        Place::in_memory(),
        Place::through_a_link(),
        Place::shared(),
    ];
    // Into the first there is never an old site.
    for place in &places[1..] {
        place.turn(0);
        place.finish();
    }
    let mut published = [None, Some(0), Some(0), Some(0), Some(0)];
    let typical = time_of_a_build();
    let (mut old, mut new, mut finished) = (0, 0, 0);
    for round in 0..rounds {
        let at = round % places.len();
        let place = &places[at];
        let next = published[at].map_or(round / places.len() % 2, |state| 1 - state);
        place.turn(next);
        let ended = watched(place, &sites, published[at].is_some(), || {
            killed_at_random(place, &mut dice, typical)
        });
        finished += usize::from(ended);
        let now = place.is_one_of(&sites);
        assert!(now == published[at] || now == Some(next), "{now:?}");
        if now == Some(next) {
            new += 1;
        } else {
            old += 1;
        }
        published[at] = now;
        // Every other time the next build is killed, too, with what this one left.
        if dice.below(2) == 0 {
            place.finish();
            assert_eq!(place.is_one_of(&sites), Some(next));
            published[at] = Some(next);
        }
        if at == 0 {
            let _ = fs::remove_dir_all(&place.folder);
            published[at] = None;
        }
    }
    for place in &places {
        place.finish();
        assert!(place.is_one_of(&sites).is_some());
    }
    // Otherwise the moments were not those of a build.
    assert!(finished <= rounds / 2, "{finished} of {rounds} had ended");
    format!(
        "killed {rounds} builds ({finished} had ended): {old} times the old site stood (or none), \
         {new} times the new one; never a mixture, never litter after the next build"
    )
}

fn time_of_a_build() -> Duration {
    let place = Place::in_project();
    place.turn(0);
    place.finish();
    place.turn(1);
    let begun = Instant::now();
    place.finish();
    begun.elapsed()
}

/// Begins a build and kills it. Half of the moments are spread over all of it, the others over
/// what comes after its first file. Whether it had ended before.
fn killed_at_random(place: &Place, dice: &mut Dice, typical: Duration) -> bool {
    let mut child = place.command().spawn().expect("it starts");
    let mut parts = 1000;
    if dice.below(2) == 0 {
        wait_for_the_stage(place, &mut child);
        parts = 600;
    }
    thread::sleep(typical * u32::try_from(dice.below(parts)).expect("small") / 1000);
    kill(&mut child)
}

fn wait_for_the_stage(place: &Place, child: &mut Child) {
    let is_open = || place.litter().iter().any(|name| !name.ends_with("lock"));
    while !is_open() && child.try_wait().expect("waited").is_none() {
        thread::yield_now();
    }
}

fn kill(child: &mut Child) -> bool {
    let ended = child.try_wait().expect("waited").is_some();
    let _ = child.kill();
    child.wait().expect("waited");
    ended
}

/// Does something while a visitor looks at the home page, which must be there all the time.
fn watched<T>(place: &Place, sites: &[Site], is_there: bool, act: impl FnOnce() -> T) -> T {
    let over = AtomicBool::new(false);
    let path = place.folder.join("index.html");
    thread::scope(|scope| {
        let end = Over(&over);
        let visitor = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                match fs::read(&path) {
                    Ok(page) => {
                        let is_whole = sites.iter().any(|site| site["index.html"] == page);
                        assert!(is_whole, "a home page in part");
                    }
                    Err(error) => assert!(!is_there, "no home page: {error}"),
                }
                thread::sleep(Duration::from_micros(300));
            }
        });
        let done = act();
        drop(end);
        visitor.join().expect("the page is there");
        done
    })
}

#[test]
fn a_killed_update_in_place_is_finished_by_the_next_build() {
    update_in_place_killed(10);
}

#[test]
#[ignore = "long: a minute"]
fn a_killed_update_in_place_is_finished_by_the_next_build_long() {
    update_in_place_killed(machine::count(100));
}

/// A folder that something is mounted at cannot be exchanged: there a mixture is allowed until
/// the next build.
fn update_in_place_killed(rounds: usize) {
    let mut dice = machine::dice();
    let place = Place::in_project();
    let Some(_mount) = Mount::memory(&place.folder, 64 << 20) else {
        return;
    };
    let sites = sites();
    let typical = time_of_a_build();
    for round in 0..rounds {
        place.turn(round % 2);
        killed_at_random(&place, &mut dice, typical);
        if dice.below(2) == 0 {
            place.finish();
            assert_eq!(place.is_one_of(&sites), Some(round % 2));
        }
    }
    place.finish();
    assert_eq!(place.is_one_of(&sites), Some((rounds - 1) % 2));
    println!("{rounds} updates in place killed; the next build was always whole");
}

#[test]
fn builds_at_the_same_time() {
    at_the_same_time(6);
}

#[test]
#[ignore = "long: a minute"]
fn builds_at_the_same_time_long() {
    at_the_same_time(machine::count(100));
}

/// Two or three builds into one folder; in every other round one of them is killed.
fn at_the_same_time(rounds: usize) {
    let mut dice = machine::dice();
    let sites = sites();
    let typical = time_of_a_build();
    for place in [Place::shared(), Place::in_memory()] {
        place.turn(0);
        place.finish();
        for round in 0..rounds {
            let next = (round + 1) % 2;
            place.turn(next);
            watched(&place, &sites, true, || {
                let start = |_| place.command().spawn().expect("it starts");
                let mut builds: Vec<Child> = (0..2 + round % 2).map(start).collect();
                if dice.below(2) == 0 {
                    thread::sleep(typical * u32::try_from(dice.below(1000)).expect("small") / 1000);
                    let victim = dice.below(builds.len());
                    kill(&mut builds.remove(victim));
                }
                for mut build in builds {
                    assert_eq!(build.wait().expect("waited").code(), Some(0));
                }
            });
            assert_eq!(place.is_one_of(&sites), Some(next));
            place.finish();
        }
    }
    println!("{} times two or three builds at once", 2 * rounds);
}
