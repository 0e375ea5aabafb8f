//! The median, and an interval around it from the answers themselves.

use super::{Interval, real};

/// The median of sorted values: the middle one, or the mean of the two in the middle.
pub fn median(sorted: &[f64]) -> Option<f64> {
    let n = sorted.len();
    let upper = *sorted.get(n / 2)?;
    let lower = *sorted.get((n - 1) / 2)?;
    Some(f64::midpoint(lower, upper))
}

/// The interval between two order statistics that holds the median with at least 95 %: the k-th
/// smallest and the k-th largest value, k being the largest for which P(Bin(n, ½) < k) ≤ 2.5 %.
/// Fewer than six values have none (Conover, Practical Nonparametric Statistics, 3rd ed., 1999,
/// section 3.2).
pub fn median_interval(sorted: &[f64]) -> Option<Interval> {
    let n = sorted.len();
    let last = n.checked_sub(1)?;
    let mut below = 0; // values cut off at either end
    let count = real(n as u64);
    // Logarithms, since 2^-n is nothing for large n.
    let mut log_chance = -count * std::f64::consts::LN_2;
    let mut chance = log_chance.exp();
    while chance <= 0.025 && below < n {
        below += 1;
        let at = real(below as u64);
        log_chance += ((count - at + 1.0) / at).ln();
        chance += log_chance.exp();
    }
    let first = below.checked_sub(1)?;
    Some((*sorted.get(first)?, *sorted.get(last - first)?))
}
