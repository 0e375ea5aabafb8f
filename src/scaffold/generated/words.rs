//! What the people of a generated library say and do.

use super::chance::Chance;

const SUBJECTS: [&str; 8] = [
    "The buyer",
    "A new owner",
    "The night shift",
    "Her team",
    "His manager",
    "The board",
    "A supplier",
    "The front desk",
];
const VERBS: [&str; 8] = [
    "compares",
    "checks",
    "postpones",
    "signs off",
    "questions",
    "plans",
    "repeats",
    "hands over",
];
const OBJECTS: [&str; 8] = [
    "three offers before lunch",
    "the invoice line by line",
    "a delivery that cannot slip",
    "the first week of a new tool",
    "every number in the report",
    "a change that nobody announced",
    "the route for the next morning",
    "two systems that disagree",
];
const REASONS: [&str; 6] = [
    "because the last mistake cost a day",
    "so that nobody has to ask twice",
    "although the budget is fixed until spring",
    "while the phone keeps ringing",
    "before anybody else is in the office",
    "as the contract ends in autumn",
];
const NATURES: [&str; 8] = [
    "Careful",
    "Hurried",
    "Curious",
    "Thrifty",
    "Patient",
    "Sceptical",
    "Ambitious",
    "Seasoned",
];
const TRADES: [&str; 8] = [
    "Planner",
    "Buyer",
    "Founder",
    "Analyst",
    "Caretaker",
    "Installer",
    "Commuter",
    "Organiser",
];

/// A sentence without its full stop.
pub(super) fn sentence(chance: &mut Chance) -> String {
    format!(
        "{} {} {} {}",
        chance.of(SUBJECTS),
        chance.of(VERBS),
        chance.of(OBJECTS),
        chance.of(REASONS)
    )
}

/// Sentences, one after the other.
pub(super) fn paragraph(chance: &mut Chance, sentences: usize) -> String {
    let all: Vec<_> = (0..sentences).map(|_| sentence(chance) + ".").collect();
    all.join(" ")
}

/// What somebody may be called, and for what.
pub(super) fn name(chance: &mut Chance) -> (&'static str, &'static str) {
    (chance.of(NATURES), chance.of(TRADES))
}
