//! What may go wrong on a machine, done to the real program: it is killed, starved of disk and of
//! watches, and its files change under its hands.
//!
//! What is promised, and what the long forms last came to, stands in `docs/reliability.md`.
//!
//! ```sh
//! cargo test --test faults                                    # the short forms
//! cargo test --profile quick --test faults -- --ignored --nocapture --test-threads 1
//! ```
//!
//! What is random follows from a seed, which a failure prints; `FAULTS_SEED` repeats it.
//! `FAULTS_COUNT` makes a long form longer or shorter.
#![cfg(target_os = "linux")]

#[path = "review/dice.rs"]
mod dice;
#[path = "cli/fixture.rs"]
#[allow(dead_code, reason = "the tests of the commands use the rest of it")]
mod fixture;
#[path = "cli/server.rs"]
#[allow(dead_code, reason = "the tests of the commands use the rest of it")]
mod server;

#[path = "faults/disk.rs"]
mod disk;
#[path = "faults/endurance.rs"]
mod endurance;
#[path = "faults/kill.rs"]
mod kill;
#[path = "faults/machine.rs"]
mod machine;
#[path = "faults/preview.rs"]
mod preview;
#[path = "faults/site.rs"]
mod site;
#[path = "faults/sources.rs"]
mod sources;
#[path = "faults/watching.rs"]
mod watching;
