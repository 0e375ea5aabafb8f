//! Scores from counts, and their intervals.

use super::{Interval, Z, real};

/// What was counted, where a source says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// Answers from 0 to 10 in their three groups.
    Promoters(Promoters),
    /// Some of a whole.
    Share(Share),
}

impl Counts {
    /// The score: NPS from -100 to 100, a share from 0 to 100. `None` of nothing counted.
    pub fn score(self) -> Option<f64> {
        match self {
            Self::Promoters(counts) => counts.score(),
            Self::Share(share) => share.score(),
        }
    }

    /// The 95 % interval around the score.
    pub fn interval(self) -> Option<Interval> {
        match self {
            Self::Promoters(counts) => counts.interval(),
            Self::Share(share) => share.interval(),
        }
    }

    /// How many were counted.
    pub fn n(self) -> u64 {
        match self {
            Self::Promoters(counts) => counts.n(),
            Self::Share(share) => share.whole,
        }
    }

    /// Both together; `None` when they count different things.
    pub fn plus(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Promoters(a), Self::Promoters(b)) => Some(Self::Promoters(Promoters {
                promoters: a.promoters.checked_add(b.promoters)?,
                passives: a.passives.checked_add(b.passives)?,
                detractors: a.detractors.checked_add(b.detractors)?,
            })),
            (Self::Share(a), Self::Share(b)) => Some(Self::Share(Share {
                part: a.part.checked_add(b.part)?,
                whole: a.whole.checked_add(b.whole)?,
            })),
            _ => None,
        }
    }
}

/// The counts of disjoint groups together: the only way from scores of parts to the score of the
/// whole. `None` when one of them has no counts, or there are none at all.
pub fn sum(parts: impl IntoIterator<Item = Option<Counts>>) -> Option<Counts> {
    let mut parts = parts.into_iter();
    let first = parts.next()??;
    parts.try_fold(first, |sum, part| sum.plus(part?))
}

/// Answers to "how likely are you to recommend us", from 0 to 10, in their three groups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Promoters {
    /// Answers of 9 and 10.
    pub promoters: u64,
    /// Answers of 7 and 8.
    pub passives: u64,
    /// Answers from 0 to 6.
    pub detractors: u64,
}

impl Promoters {
    /// All answers.
    pub fn n(self) -> u64 {
        self.promoters
            .saturating_add(self.passives)
            .saturating_add(self.detractors)
    }

    /// The Net Promoter Score: 100 (promoters − detractors) / n (Reichheld, "The One Number You
    /// Need to Grow", Harvard Business Review, 2003).
    pub fn score(self) -> Option<f64> {
        let n = self.n();
        (n > 0).then(|| 100.0 * (real(self.promoters) - real(self.detractors)) / real(n))
    }

    /// The adjusted-Wald interval: three answers are added, ¾ of one to the promoters and ¾ to
    /// the detractors, and then score' ± z √(p' + d' − (p' − d')²) / √(n + 3).
    ///
    /// Rocks, "Interval Estimation for the Net Promoter Score", The American Statistician 70
    /// (2016), as Lewis and Sauro give it in "Confidence Intervals for Net Promoter Scores"
    /// (MeasuringU, 2021). Cut at -100 and 100.
    pub fn interval(self) -> Option<Interval> {
        if self.n() == 0 {
            return None;
        }
        let (centre, variance) = self.adjusted();
        Some(around(centre, variance.sqrt(), (-100.0, 100.0)))
    }

    /// The adjusted score, from -1 to 1, and its variance.
    pub(super) fn adjusted(self) -> (f64, f64) {
        let n = real(self.n()) + 3.0;
        let promoters = (real(self.promoters) + 0.75) / n;
        let detractors = (real(self.detractors) + 0.75) / n;
        let score = promoters - detractors;
        (score, (promoters + detractors - score * score) / n)
    }
}

/// Some of a whole: satisfied answers, customers who left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Those that count.
    pub part: u64,
    /// All of them.
    pub whole: u64,
}

impl Share {
    /// 100 part / whole: CSAT where the part is the top two of five boxes, CES 2.0 where it is 5
    /// to 7 of seven.
    pub fn score(self) -> Option<f64> {
        (self.whole > 0).then(|| 100.0 * real(self.part) / real(self.whole))
    }

    /// The 95 % interval around the score: [`share_interval`].
    pub fn interval(self) -> Option<Interval> {
        share_interval(self.score()?, real(self.whole))
    }
}

/// The adjusted-Wald interval around a share of `n`, on the scale of 100: z²/2 successes and as
/// many failures are added. `None` of nobody.
///
/// Agresti and Coull, "Approximate Is Better than 'Exact' for Interval Estimation of Binomial
/// Proportions", The American Statistician 52 (1998). Cut at 0 and 100.
pub fn share_interval(score: f64, n: f64) -> Option<Interval> {
    let all = n + Z * Z;
    let centre = (score / 100.0 * n + Z * Z / 2.0) / all;
    let error = (centre * (1.0 - centre) / all).max(0.0).sqrt();
    (n > 0.0).then(|| around(centre, error, (0.0, 100.0)))
}

/// The interval of a proportion on the scale of 100.
fn around(centre: f64, error: f64, (least, most): Interval) -> Interval {
    let low = 100.0 * (centre - Z * error);
    let high = 100.0 * (centre + Z * error);
    (low.max(least), high.min(most))
}

/// Churn: the customers of the start whom the period lost, as a share of the start.
pub fn churn(lost: u64, start: u64) -> Option<Share> {
    (lost <= start).then_some(Share {
        part: lost,
        whole: start,
    })
}

/// Retention: (end − new) / start, the customers of the start who are there at the end.
pub fn retention(end: u64, new: u64, start: u64) -> Option<Share> {
    let kept = end.checked_sub(new)?;
    (kept <= start).then_some(Share {
        part: kept,
        whole: start,
    })
}
