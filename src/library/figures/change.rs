//! The change from one measurement to another.

use super::{countable, interval};
use crate::library::measurements::{Gauge, Row};
use crate::library::statistics::{Counts, intervals_apart, promoters_apart, real, shares_apart};

/// The change since an earlier measurement of the same series and length of period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change<'a> {
    /// The earlier measurement.
    pub since: &'a Row,
    /// The later value less the earlier one, in the unit of the KPI.
    pub difference: f64,
    /// How many periods lie between them: 1 when one follows the other, more over a gap.
    pub periods: i64,
    /// Whether chance alone would make such a change in fewer than one case of twenty; `None`
    /// when neither counts nor intervals can tell.
    pub beyond_chance: Option<bool>,
    /// Whether one of the two is a small sample: then no trend should be shown.
    pub small_sample: bool,
}

impl<'a> Change<'a> {
    /// The change from `since` to `latest`.
    pub(super) fn between(latest: &Row, since: &'a Row, gauge: Gauge) -> Self {
        Self {
            since,
            difference: latest.value - since.value,
            periods: latest.period.ordinal() - since.period.ordinal(),
            beyond_chance: beyond_chance(latest, since, gauge),
            small_sample: latest.is_small_sample() || since.is_small_sample(),
        }
    }
}

/// By counts where both have them, else by the `n` of two shares, else by the intervals.
fn beyond_chance(a: &Row, b: &Row, gauge: Gauge) -> Option<bool> {
    let share = |row: &Row| match countable(row, gauge) {
        Some(Counts::Share(share)) => Some((share.score()?, real(share.whole))),
        Some(Counts::Promoters(_)) => None,
        None => Some((row.value, real(row.n.filter(|_| gauge.is_share())?))),
    };
    let counts = (countable(a, gauge), countable(b, gauge));
    if let (Some(Counts::Promoters(a)), Some(Counts::Promoters(b))) = counts {
        return Some(promoters_apart(a, b));
    }
    if let (Some(a), Some(b)) = (share(a), share(b)) {
        return Some(shares_apart(a, b));
    }
    let interval = |row: &Row| Some((row.value, interval(row, gauge)?));
    Some(intervals_apart(interval(a)?, interval(b)?))
}
