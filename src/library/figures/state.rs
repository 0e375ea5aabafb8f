//! Whether a value is good.

use super::meets;
use crate::schema::kinds::kpi::{Direction, Kpi};

/// How a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Inside the thresholds, or at the target.
    Good,
    /// At the warning threshold or beyond.
    Warn,
    /// At the bad threshold or beyond.
    Bad,
    /// There is nothing to judge by.
    Unknown,
}

impl State {
    /// The word for themes and the JSON view.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether a value is good, a warning or bad, by thresholds and direction; a KPI without
/// thresholds is good when it meets its target and otherwise unknown.
pub fn state(kpi: &Kpi, value: f64) -> State {
    let reaches = |limit: f64| match kpi.direction {
        Direction::Up => value <= limit,
        Direction::Down => value >= limit,
    };
    let thresholds = kpi.thresholds.as_ref();
    if thresholds.and_then(|t| t.bad).is_some_and(reaches) {
        return State::Bad;
    }
    if thresholds.and_then(|t| t.warn).is_some_and(reaches) {
        return State::Warn;
    }
    let target = kpi.target.as_ref();
    if thresholds.is_some() || target.is_some_and(|t| meets(kpi.direction, value, t.value)) {
        State::Good
    } else {
        State::Unknown
    }
}
