//! The straight line through points, and what it predicts.

use super::{Interval, real, t_quantile};

/// A line fitted by ordinary least squares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Change of the value per step of x.
    pub slope: f64,
    n: f64,
    freedom: u32,
    mean_x: f64,
    mean_y: f64,
    spread: f64,
    residual: f64,
}

/// What a line says of one x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// The value of the line.
    pub value: f64,
    /// The 95 % prediction interval of a single new value.
    pub interval: Interval,
}

impl Line {
    /// Fits a line. `None` for fewer than three points (there is no scatter to judge it by), or
    /// when all have the same x.
    pub fn fit(points: &[(f64, f64)]) -> Option<Self> {
        let freedom = u32::try_from(points.len().checked_sub(2)?).ok()?;
        let n = real(points.len() as u64);
        let mean_x = points.iter().map(|p| p.0).sum::<f64>() / n;
        let mean_y = points.iter().map(|p| p.1).sum::<f64>() / n;
        let spread: f64 = points.iter().map(|p| (p.0 - mean_x).powi(2)).sum();
        if freedom == 0 || spread <= 0.0 {
            return None;
        }
        let slope = points
            .iter()
            .map(|p| (p.0 - mean_x) * (p.1 - mean_y))
            .sum::<f64>()
            / spread;
        let squares: f64 = points
            .iter()
            .map(|p| (p.1 - mean_y - slope * (p.0 - mean_x)).powi(2))
            .sum();
        Some(Self {
            slope,
            n,
            freedom,
            mean_x,
            mean_y,
            spread,
            residual: (squares / f64::from(freedom)).sqrt(),
        })
    }

    /// The value at `x` with its prediction interval: ŷ ± t(0.975, n − 2) s
    /// √(1 + 1/n + (x − x̄)² / Σ(xᵢ − x̄)²) (Draper and Smith, Applied Regression Analysis, 3rd
    /// ed., 1998, section 3.1).
    pub fn predict(&self, x: f64) -> Option<Prediction> {
        let value = self.mean_y + self.slope * (x - self.mean_x);
        let t = t_quantile(0.95, self.freedom)?;
        let leverage = 1.0 / self.n + (x - self.mean_x).powi(2) / self.spread;
        let margin = t * self.residual * (1.0 + leverage).sqrt();
        Some(Prediction {
            value,
            interval: (value - margin, value + margin),
        })
    }
}
