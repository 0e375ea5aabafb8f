//! The review: what is different in meaning between two states, held against tables and random
//! projects.

#[path = "review/cases.rs"]
mod cases;
#[path = "review/dice.rs"]
mod dice;
#[path = "review/history.rs"]
mod history;
#[path = "review/laws.rs"]
mod laws;
#[path = "review/project.rs"]
mod project;
#[path = "review/random.rs"]
mod random;
