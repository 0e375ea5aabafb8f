//! How many files and connections this process may have open.

/// As many as it may ever need, and as some systems give at most.
const ENOUGH: u64 = 10_240;
/// What is given where nobody says.
const USUAL: u64 = 1024;

/// Takes what the system gives to those who ask, and says how many that is. What it gives unasked
/// is a few hundred: each tab takes two, and one that comes back takes two more for a while.
pub(super) fn available() -> usize {
    usize::try_from(ask()).unwrap_or(usize::MAX)
}

#[cfg(unix)]
fn ask() -> u64 {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    let before = limit.current.unwrap_or(ENOUGH);
    let wanted = limit.maximum.unwrap_or(ENOUGH).min(ENOUGH);
    if before >= wanted {
        return before;
    }
    limit.current = Some(wanted);
    match setrlimit(Resource::Nofile, limit) {
        Ok(()) => wanted,
        Err(_) => before.min(USUAL),
    }
}

#[cfg(not(unix))]
fn ask() -> u64 {
    USUAL
}
