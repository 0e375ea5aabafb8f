//! What the figures of a KPI can be: its scale, and how answers become a value.

use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};

use crate::library::statistics::{self, Counts, Interval, Promoters, Share};
use crate::schema::kinds::kpi::{Kpi, Measure};
use crate::source::yaml::Node;

/// The scale of a KPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gauge {
    /// What is measured.
    pub measure: Measure,
    /// Whether the unit is percent.
    pub(super) percent: bool,
}

/// What an answer can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Answers {
    /// The lowest and the highest.
    pub(super) range: Interval,
    /// From which answer on it counts, where some do.
    counted_from: f64,
    /// Whether there is nothing between two whole numbers.
    pub(super) whole: bool,
}

impl Gauge {
    /// The one of a KPI of which nothing is known: it allows every figure.
    pub(super) const NONE: Self = Self {
        measure: Measure::Custom,
        percent: false,
    };

    /// The scale of a KPI.
    pub fn of(kpi: &Kpi) -> Self {
        Self::new(kpi.kind, &kpi.unit)
    }

    /// The scale of a KPI whose front matter is wrong elsewhere; `None` when it names no kind.
    pub(super) fn written(root: Node<'_>) -> Option<Self> {
        let kind = StrDeserializer::<Error>::new(root.get("kind")?.as_str()?);
        let unit = root.get("unit").and_then(Node::as_str);
        Some(Self::new(
            Measure::deserialize(kind).ok()?,
            unit.unwrap_or_default(),
        ))
    }

    fn new(measure: Measure, unit: &str) -> Self {
        let word = unit.split_whitespace().next().unwrap_or("");
        Self {
            measure,
            percent: word == "%" || word.eq_ignore_ascii_case("percent"),
        }
    }

    /// Whether its values are shares of a whole, from 0 to 100. A unit that is not percent is
    /// another scale, such as an average from 1 to 5.
    pub fn is_share(self) -> bool {
        use Measure::{Ces, Churn, Csat, Retention};
        self.percent && matches!(self.measure, Csat | Ces | Churn | Retention)
    }

    /// The lowest and the highest value, where the formula sets them.
    pub fn range(self) -> Option<Interval> {
        match self.measure {
            Measure::Nps => Some((-100.0, 100.0)),
            _ if self.is_share() => Some((0.0, 100.0)),
            _ => None,
        }
    }

    /// What an answer can be; `None` where answers do not make the figure.
    pub(super) fn answers(self) -> Option<Answers> {
        let whole = |low, high, counted_from| Answers {
            range: (low, high),
            counted_from,
            whole: true,
        };
        Some(match self.measure {
            Measure::Nps => whole(0.0, 10.0, 9.0),
            Measure::Csat => whole(1.0, 5.0, 4.0),
            Measure::Ces => whole(1.0, 7.0, 5.0),
            // A row for each customer of the start: 1 for one who left, or who stayed.
            Measure::Churn | Measure::Retention => whole(0.0, 1.0, 1.0),
            Measure::FirstResponseTime | Measure::TimeToValue => Answers {
                range: (0.0, f64::MAX),
                counted_from: 0.0,
                whole: false,
            },
            Measure::Clv | Measure::Custom => return None,
        })
    }

    /// An empty tally of answers; `None` where answers do not make the figure.
    pub(super) fn tally(self) -> Option<Tally> {
        Some(match self.measure {
            Measure::Nps => Tally::Counts(Counts::Promoters(Promoters::default())),
            Measure::Csat | Measure::Ces | Measure::Churn | Measure::Retention => {
                Tally::Counts(Counts::Share(Share::default()))
            }
            Measure::FirstResponseTime | Measure::TimeToValue => Tally::Values(Vec::new()),
            Measure::Clv | Measure::Custom => return None,
        })
    }
}

/// Answers, counted or kept, as the formula needs them.
#[derive(Debug, Clone)]
pub(super) enum Tally {
    Counts(Counts),
    Values(Vec<f64>),
}

/// What a tally comes to.
pub(super) struct Score {
    pub(super) value: f64,
    pub(super) n: u64,
    pub(super) interval: Option<Interval>,
    pub(super) counts: Option<Counts>,
}

impl Tally {
    /// Adds one answer, which must be one of `answers`.
    pub(super) fn add(&mut self, score: f64, answers: Answers) {
        let counts = score >= answers.counted_from;
        match self {
            Self::Counts(Counts::Promoters(tally)) if counts => tally.promoters += 1,
            Self::Counts(Counts::Promoters(tally)) if score >= 7.0 => tally.passives += 1,
            Self::Counts(Counts::Promoters(tally)) => tally.detractors += 1,
            Self::Counts(Counts::Share(tally)) => {
                tally.part += u64::from(counts);
                tally.whole += 1;
            }
            Self::Values(values) => values.push(score),
        }
    }

    /// Adds what another tally of the same KPI holds.
    pub(super) fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::Counts(mine), Self::Counts(other)) => {
                *mine = mine.plus(*other).unwrap_or(*mine);
            }
            (Self::Values(mine), Self::Values(other)) => mine.extend_from_slice(other),
            _ => {}
        }
    }

    /// The figure of the formula. `None` of no answers.
    pub(super) fn score(mut self) -> Option<Score> {
        match &mut self {
            Self::Counts(counts) => Some(Score {
                value: counts.score()?,
                n: counts.n(),
                interval: counts.interval(),
                counts: Some(*counts),
            }),
            Self::Values(values) => {
                values.sort_unstable_by(f64::total_cmp);
                Some(Score {
                    value: statistics::median(values)?,
                    n: values.len() as u64,
                    interval: statistics::median_interval(values),
                    counts: None,
                })
            }
        }
    }
}
