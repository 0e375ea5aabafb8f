//! Numbers to lines: the arithmetic of charts. Colours and strokes are the theme's.

use itoa::Buffer;

use super::ThemeError;
use super::markdown::escape;
use super::theme::{Part, Theme};

/// Round values that cover `low..=high`, about `count` of them, at steps of 1, 2 or 5 times a
/// power of ten.
pub(super) fn ticks(low: f64, high: f64, count: u32) -> Vec<f64> {
    let span = if high > low {
        high - low
    } else {
        low.abs().max(1.0)
    };
    let rough = span / f64::from(count.max(1));
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|m| m * power)
        .find(|s| *s >= rough * 0.999)
        .unwrap_or(power * 10.0);
    let first = (low / step).floor();
    let last = (high / step).ceil().max(first + 1.0);
    let mut ticks = Vec::new();
    let mut at = first;
    while at <= last && ticks.len() < 20 {
        ticks.push(at * step);
        at += 1.0;
    }
    ticks
}

/// A scale from values to pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    from: (f64, f64),
    to: (f64, f64),
}

impl Scale {
    /// Maps `from.0` to `to.0` and `from.1` to `to.1`.
    pub(super) fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { from, to }
    }

    /// The pixel of a value, with two decimals.
    pub(super) fn at(self, value: f64) -> f64 {
        let span = self.from.1 - self.from.0;
        let share = if span == 0.0 {
            0.5
        } else {
            (value - self.from.0) / span
        };
        round(self.to.0 + share * (self.to.1 - self.to.0))
    }
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Writes a number with at most two decimals. There are many of them on a page, and `Display` would
/// first find out how many decimals tell one from all others.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a number too large for a drawing may as well end at the edge of integers"
)]
fn push(out: &mut String, value: f64) {
    let hundredths = (value * 100.0).round() as i64;
    if hundredths < 0 {
        out.push('-');
    }
    let (whole, rest) = (
        hundredths.unsigned_abs() / 100,
        hundredths.unsigned_abs() % 100,
    );
    let mut digits = Buffer::new();
    out.push_str(digits.format(whole));
    if rest > 0 {
        out.push('.');
        out.push_str(if rest < 10 { "0" } else { "" });
        out.push_str(digits.format(if rest.is_multiple_of(10) {
            rest / 10
        } else {
            rest
        }));
    }
}

/// Writes a letter of a path and its numbers.
fn push_all(out: &mut String, letter: char, numbers: &[f64]) {
    out.push(letter);
    for (place, number) in numbers.iter().enumerate() {
        if place > 0 {
            out.push(' ');
        }
        push(out, *number);
    }
}

/// A line through points, as an SVG path.
pub(super) fn line(points: impl IntoIterator<Item = (f64, f64)>) -> String {
    let mut out = String::new();
    for (x, y) in points {
        let letter = if out.is_empty() { 'M' } else { 'L' };
        push_all(&mut out, letter, &[x, y]);
    }
    out
}

/// A smooth line through points that never overshoots them: horizontal tangents at each point.
/// It breaks where there is none.
pub(super) fn curve(points: &[Option<(f64, f64)>]) -> String {
    let mut out = String::new();
    let mut last: Option<(f64, f64)> = None;
    for point in points {
        let Some((x, y)) = *point else {
            last = None;
            continue;
        };
        match last {
            None => push_all(&mut out, 'M', &[x, y]),
            Some((from_x, from_y)) => {
                let middle = round(f64::midpoint(from_x, x));
                push_all(&mut out, 'C', &[middle, from_y, middle, y, x, y]);
            }
        }
        last = Some((x, y));
    }
    out
}

/// Where a coordinate lies in its drawing, in percent: words and markers are placed so, that they
/// keep their size when the drawing is stretched.
pub(super) fn percent(at: f64, of: f64) -> String {
    let mut out = String::with_capacity(8);
    push(&mut out, at / of * 100.0);
    out.push('%');
    out
}

/// A point of a line, as `stencils/point.html` shows it.
pub(super) struct Point<'a> {
    /// Where it is, in percent of the drawing.
    pub(super) place: (String, String),
    /// The name of its line.
    pub(super) line: &'a str,
    /// The period or the step.
    pub(super) at: &'a str,
    /// The value in words.
    pub(super) value: &'a str,
    /// The marker of the line, as HTML.
    pub(super) marker: &'a str,
    /// How far the marker stands beside its place, in pixels, that others there can be seen too.
    pub(super) shift: i32,
}

impl Point<'_> {
    /// Writes it to a page.
    pub(super) fn write(&self, theme: &Theme, out: &mut String) -> Result<(), ThemeError> {
        let form = [
            ("x", Part::Gap),
            ("y", Part::Gap),
            ("line", Part::Gap),
            ("at", Part::Gap),
            ("value", Part::Gap),
            ("marker", Part::Gap),
            ("shift", Part::gap(self.shift != 0)),
        ];
        theme.stencil("point", &form)?.fill(out, |gap, out| {
            match gap {
                0 => out.push_str(&self.place.0),
                1 => out.push_str(&self.place.1),
                2 => out.push_str(&escape(self.line)),
                3 => out.push_str(&escape(self.at)),
                4 => out.push_str(&escape(self.value)),
                5 => out.push_str(self.marker),
                _ => out.push_str(&self.shift.to_string()),
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_at_most_two_decimals() {
        let written = |value| {
            let mut out = String::new();
            push(&mut out, value);
            out
        };
        for (value, text) in [
            (0.0, "0"),
            (-0.001, "0"),
            (12.0, "12"),
            (12.3, "12.3"),
            (12.34, "12.34"),
            (12.046, "12.05"),
            (-0.05, "-0.05"),
            (-240.996, "-241"),
            (1e300, "92233720368547758.07"),
            (f64::NAN, "0"),
        ] {
            assert_eq!(written(value), text);
        }
        for hundredths in -30_000..30_000 {
            let value = f64::from(hundredths) / 100.0;
            assert_eq!(written(value), value.to_string());
        }
    }

    #[test]
    fn ticks_are_round_and_cover_the_values() {
        assert_eq!(ticks(3.0, 41.0, 4), [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]);
        assert_eq!(ticks(-12.0, 12.0, 4), [-20.0, -10.0, 0.0, 10.0, 20.0]);
        let fine = ticks(0.91, 0.97, 4);
        let fine: Vec<f64> = fine.into_iter().map(round).collect();
        assert_eq!(fine, [0.9, 0.92, 0.94, 0.96, 0.98]);
        assert!(!ticks(5.0, 5.0, 4).is_empty());
    }

    #[test]
    fn a_curve_goes_through_its_points() {
        let points = [Some((0.0, 1.0)), Some((10.0, 5.0)), None, Some((30.0, 2.0))];
        assert_eq!(curve(&points), "M0 1C5 1 5 5 10 5M30 2");
        assert_eq!(line([(0.0, 1.0), (2.0, 3.0)]), "M0 1L2 3");
    }
}
