//! The formulas: scores, intervals, medians, lines. Pure functions of numbers.
//!
//! In: counts and values. Out: scores on the scale of 100 and 95 % intervals. Each formula names
//! the work it is taken from.

mod counts;
mod difference;
mod line;
mod median;
mod student;
#[cfg(test)]
mod tests;

pub use counts::{Counts, Promoters, Share, churn, retention, share_interval, sum};
pub use difference::{intervals_apart, promoters_apart, shares_apart};
pub use line::{Line, Prediction};
pub use median::{median, median_interval};
pub use student::t_quantile;

/// An interval, from low to high.
pub type Interval = (f64, f64);

/// The standard normal quantile at 0.975: every interval here has a level of 95 %.
pub const Z: f64 = 1.959_963_984_540_054;

/// A count as a number. Counts stay far below 2^53, where every whole number is exact.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
pub fn real(count: u64) -> f64 {
    count as f64
}
