//! The emotion curve: one line a persona, over columns of equal width.

use minijinja::Value;

use super::super::super::fields::view;
use super::super::Result;
use super::{Map, Step, chart};

/// The width of a column and the height of the curve, in the units of its drawing.
const COLUMN: f64 = 100.0;
const HEIGHT: f64 = 200.0;
/// Room above the best and below the worst emotion.
const MARGIN: f64 = 24.0;
/// How far those who feel alike stand apart: their markers in pixels, their lines in units.
const BESIDE: i32 = 10;
const ABOVE: f64 = 4.5;
/// The least room of a name at the end of a line, in units.
const NAME: f64 = 20.0;

/// How one persona feels, step by step.
type Felt = Vec<Option<i8>>;

impl Map<'_> {
    /// One curve a persona; nothing if no step says how any of them feels.
    pub(super) fn curve(&self, steps: &[&Step]) -> Result<Value> {
        let felt: Vec<Felt> = self
            .personas
            .iter()
            .map(|(id, _)| steps.iter().map(|step| step.emotion.of(id)).collect())
            .collect();
        if felt.iter().flatten().all(Option::is_none) {
            return Ok(Value::UNDEFINED);
        }
        let scale = chart::Scale::new((2.0, -2.0), (MARGIN, HEIGHT - MARGIN));
        let width = COLUMN * float(steps.len());
        let mut series = Vec::new();
        let mut ends = Vec::new();
        for (number, (_, name)) in self.personas.iter().enumerate() {
            let places: Vec<_> = (0..steps.len())
                .map(|step| {
                    let value = felt[number][step]?;
                    let y = scale.at(value.into())
                        + f64::from(beside(&felt, number, step)) * ABOVE / 2.0;
                    Some((float(step) * COLUMN + COLUMN / 2.0, y))
                })
                .collect();
            let mut points = String::new();
            for (index, step) in steps.iter().enumerate() {
                let (Some((x, y)), Some(value)) = (places[index], felt[number][index]) else {
                    continue;
                };
                let point = chart::Point {
                    shift: beside(&felt, number, index) * BESIDE / 2,
                    place: (chart::percent(x, width), chart::percent(y, HEIGHT)),
                    line: name,
                    at: &step.action,
                    value: self.word(value.into()),
                    marker: &self.marks[number],
                };
                point.write(self.site.theme, &mut points)?;
            }
            if let Some((index, (x, y))) = last(&places) {
                // The name stands behind the markers of all who feel alike there.
                let alike = alike(&felt, index, felt[number][index]);
                let shift = (alike - 1) * BESIDE / 2;
                ends.push(End {
                    number,
                    left: steps.len() - index,
                    x,
                    y,
                    shift,
                });
            }
            series.push(view([
                ("name", Value::from(*name)),
                ("index", number.into()),
                ("d", chart::curve(&places).into()),
                ("points", Value::from_safe_string(points)),
            ]));
        }
        spread(&mut ends);
        let ends = ends.iter().map(|end| {
            view([
                ("name", Value::from(self.personas[end.number].1)),
                ("index", end.number.into()),
                ("left", end.left.into()),
                ("x", share(end.x, width).into()),
                ("y", share(end.y, HEIGHT).into()),
                ("shift", end.shift.into()),
            ])
        });
        let levels = [(4_u8, 2.0), (3, 1.0), (2, 0.0), (1, -1.0), (0, -2.0)];
        let levels = levels.map(|(level, value)| {
            view([
                ("level", Value::from(level)),
                ("y", share(scale.at(value), HEIGHT).into()),
                ("label", self.word(value).into()),
            ])
        });
        Ok(view([
            ("width", Value::from(width)),
            ("height", HEIGHT.into()),
            ("levels", Value::from(levels.to_vec())),
            ("series", Value::from(series)),
            ("ends", ends.collect()),
        ]))
    }
}

/// The end of a line, where its name stands.
struct End {
    number: usize,
    /// Its step, counted from the last one, which is 1.
    left: usize,
    x: f64,
    y: f64,
    /// How far markers reach beyond its place, in pixels.
    shift: i32,
}

/// Moves names apart that would lie upon each other, and into the drawing.
fn spread(ends: &mut [End]) {
    ends.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut least = f64::NEG_INFINITY;
    for end in ends.iter_mut() {
        end.y = end.y.max(least);
        least = end.y + NAME;
    }
    let mut most = HEIGHT - NAME / 2.0;
    for end in ends.iter_mut().rev() {
        end.y = end.y.min(most);
        most = end.y - NAME;
    }
}

/// How far a persona stands from the middle of those who feel alike at a step, in halves of a
/// distance: -1 and 1 for two of them.
fn beside(felt: &[Felt], number: usize, step: usize) -> i32 {
    let value = felt[number][step];
    2 * alike(&felt[..number], step, value) + 1 - alike(felt, step, value)
}

/// How many feel so at a step.
fn alike(felt: &[Felt], step: usize, value: Option<i8>) -> i32 {
    let alike = felt.iter().filter(|felt| felt[step] == value);
    i32::try_from(alike.count()).unwrap_or_default()
}

/// The last place that is one, and its step.
fn last(places: &[Option<(f64, f64)>]) -> Option<(usize, (f64, f64))> {
    let mut places = places.iter().enumerate().rev();
    places.find_map(|(index, place)| Some((index, (*place)?)))
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A coordinate as a share of its drawing, in percent.
fn share(at: f64, of: f64) -> f64 {
    (at / of * 1e4).round() / 1e2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(at: &[f64]) -> Vec<f64> {
        let end = |(number, y): (usize, &f64)| End {
            number,
            left: 1,
            x: 0.0,
            y: *y,
            shift: 0,
        };
        let mut ends: Vec<_> = at.iter().enumerate().map(end).collect();
        spread(&mut ends);
        ends.sort_by_key(|end| end.number);
        ends.iter().map(|end| end.y).collect()
    }

    #[test]
    fn names_at_the_ends_of_lines_do_not_lie_upon_each_other() {
        assert_eq!(ends(&[100.0, 24.0]), [100.0, 24.0]);
        assert_eq!(ends(&[62.0, 62.0, 66.5]), [62.0, 82.0, 102.0]);
        assert_eq!(ends(&[176.0, 176.0, 62.0]), [170.0, 190.0, 62.0]);
    }

    #[test]
    fn those_who_feel_alike_stand_around_their_value() {
        let felt = [
            vec![Some(1), Some(0)],
            vec![Some(1), Some(0)],
            vec![Some(2), Some(0)],
        ];
        let at = |step| [0, 1, 2].map(|number| beside(&felt, number, step));
        assert_eq!(at(0), [-1, 1, 0]);
        assert_eq!(at(1), [-2, 0, 2]);
    }
}
