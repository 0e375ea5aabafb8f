//! Whether two scores differ by more than chance, at a level of 5 %.

use super::{Interval, Promoters, Z};

/// Whether two Net Promoter Scores differ: the difference of the adjusted scores against the
/// root of the sum of their variances (Lewis and Sauro, "How to Statistically Compare Two Net
/// Promoter Scores", MeasuringU, 2021).
pub fn promoters_apart(a: Promoters, b: Promoters) -> bool {
    let (score_a, variance_a) = a.adjusted();
    let (score_b, variance_b) = b.adjusted();
    (score_a - score_b).abs() > Z * (variance_a + variance_b).sqrt()
}

/// Whether two shares differ, each a value on the scale of 100 and its n: one success and one
/// failure are added to either (Agresti and Caffo, "Simple and Effective Confidence Intervals for
/// Proportions and Differences of Proportions", The American Statistician 54, 2000).
pub fn shares_apart(a: (f64, f64), b: (f64, f64)) -> bool {
    let adjusted = |(score, n): (f64, f64)| {
        let share = (score / 100.0 * n + 1.0) / (n + 2.0);
        (share, share * (1.0 - share) / (n + 2.0))
    };
    let ((share_a, variance_a), (share_b, variance_b)) = (adjusted(a), adjusted(b));
    (share_a - share_b).abs() > Z * (variance_a + variance_b).sqrt()
}

/// Whether two values differ, by the intervals around them, of whatever level these have: the
/// variances are recovered from the limits on the sides that face each other (Zou and Donner,
/// "Construction of confidence limits about effect measures", Statistics in Medicine 27, 2008).
pub fn intervals_apart(a: (f64, Interval), b: (f64, Interval)) -> bool {
    let ((upper, (low, _)), (lower, (_, high))) = if a.0 >= b.0 { (a, b) } else { (b, a) };
    upper - lower > (upper - low).hypot(high - lower)
}
