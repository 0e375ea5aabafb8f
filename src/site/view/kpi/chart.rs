//! The course of a KPI: the chart, its lines as a list, and all measurements as a table.

use std::collections::BTreeMap;

use minijinja::Value;

use super::super::super::Site;
use super::super::super::chart::{self, Scale, percent};
use super::super::super::fields::view;
use super::super::super::theme::Numerals;
use super::super::Result;
use super::figures::view_of;
use crate::library::figures::{self, Series};
use crate::library::measurements::{Gauge, Row, Slice, days};
use crate::schema::Kind;
use crate::schema::kinds::kpi::Kpi;

/// The size of the chart, in the units of its drawing.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 240.0;
/// Lines that one chart offers; the others stand in the tables.
pub(super) const MAX_LINES: usize = 12;
/// Lines that are shown until somebody picks others.
const SHOWN: usize = 4;
/// A name under a line further down than this, of the height, would lie on the floor.
const FLOOR: f64 = 0.85;
/// With several long lines a marker at every point would hide them.
const MARKED_EVERY: usize = 6;
/// A line with more points than this is a long one.
const LONG: usize = 14;

/// What the parts of the page are made from.
pub(super) struct Frame<'a> {
    pub(super) site: &'a Site<'a>,
    pub(super) root: &'a str,
    pub(super) kpi: &'a Kpi,
}

/// The name of a line, and the entity it is about.
struct Named {
    name: String,
    reference: Option<Value>,
}

impl Frame<'_> {
    /// The lines over time, with target, thresholds and the interval around the first.
    pub(super) fn chart(&self, all: &[Series<'_>]) -> Result<Value> {
        let shown = &all[..all.len().min(MAX_LINES)];
        let gauge = Gauge::of(self.kpi);
        let around: Vec<(f64, f64, f64)> = shown[0]
            .rows
            .iter()
            .filter_map(|row| Some((day(row), figures::interval(row, gauge)?)))
            .map(|(day, (low, high))| (day, low, high))
            .collect();
        let rows = || shown.iter().flat_map(|s| &s.rows);
        let target = self.kpi.target.as_ref().map(|t| t.value);
        let thresholds = self.kpi.thresholds.as_ref();
        let warn = thresholds.and_then(|t| t.warn);
        let bad = thresholds.and_then(|t| t.bad);
        let values = rows().map(|r| r.value).chain(target).chain(warn).chain(bad);
        let values = values.chain(around.iter().flat_map(|(_, low, high)| [*low, *high]));
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        let y_ticks = chart::ticks(low, high, 4);
        let bottom = y_ticks.first().copied().unwrap_or(low);
        let top = y_ticks.last().copied().unwrap_or(high);
        let y = Scale::new((bottom, top), (HEIGHT - 24.0, 16.0));
        let first = rows().map(|r| day(r)).fold(f64::MAX, f64::min);
        let last = rows().map(|r| day(r)).fold(f64::MIN, f64::max);
        let x = Scale::new((first, last), (32.0, WIDTH - 16.0));
        let series = self.names(shown).into_iter().zip(shown).enumerate();
        let series = series.map(|(index, (named, series))| {
            let places: Vec<_> = series
                .rows
                .iter()
                .map(|r| (x.at(day(r)), y.at(r.value)))
                .collect();
            let every = shown.len() > 1 && places.len() > LONG;
            let points = self.points((index, &named.name), series, &places, every)?;
            let last = series
                .rows
                .last()
                .map(|row| self.site.theme.numerals.number(row.value));
            let first = series
                .rows
                .first()
                .map(|row| self.site.theme.numerals.number(row.value));
            Ok(view([
                ("name", Value::from(named.name)),
                ("index", index.into()),
                ("shown", (index < SHOWN).into()),
                ("ref", Value::from(named.reference)),
                ("d", chart::line(places.iter().copied()).into()),
                ("count", places.len().into()),
                ("first", Value::from(first)),
                ("last", Value::from(last)),
                ("points", Value::from_safe_string(points)),
            ]))
        });
        let series = series.collect::<Result<Vec<Value>>>()?;
        let level = |value: Option<f64>| Value::from(value.map(|v| percent(y.at(v), HEIGHT)));
        // Names stand on the outer side of their lines, where none gets in the way of another.
        let is_target_lowest = target.zip(warn.or(bad)).is_some_and(|(target, level)| {
            y.at(level) < y.at(target) && y.at(target) < FLOOR * HEIGHT
        });
        let y_ticks = y_ticks.into_iter().map(|tick| {
            view([
                ("y", Value::from(percent(y.at(tick), HEIGHT))),
                ("label", self.site.theme.numerals.number(tick).into()),
            ])
        });
        let x_ticks = period_ticks(&shown[0].rows).into_iter().map(|row| {
            view([
                ("x", Value::from(percent(x.at(day(row)), WIDTH))),
                ("label", Value::from(&*row.period.text)),
            ])
        });
        // There and back again, around the interval.
        let there = around
            .iter()
            .map(|(day, _, high)| (x.at(*day), y.at(*high)));
        let back = around
            .iter()
            .rev()
            .map(|(day, low, _)| (x.at(*day), y.at(*low)));
        let outline = (around.len() > 1).then(|| chart::line(there.chain(back)) + "Z");
        Ok(view([
            ("width", Value::from(WIDTH)),
            ("height", HEIGHT.into()),
            ("y_ticks", y_ticks.collect()),
            ("x_ticks", x_ticks.collect()),
            ("target_y", level(target)),
            ("warn_y", level(warn)),
            ("bad_y", level(bad)),
            ("target_lowest", is_target_lowest.into()),
            ("band", Value::from(outline)),
            ("more", (all.len() - shown.len()).into()),
            ("series", Value::from(series)),
        ]))
    }

    /// The points of a line; of a long one among others every sixth, counted from the last.
    fn points(
        &self,
        (index, name): (usize, &str),
        series: &Series<'_>,
        places: &[(f64, f64)],
        few: bool,
    ) -> Result {
        let theme = self.site.theme;
        let marker = theme.piece("marker", &index.into(), "")?;
        let everybody = theme.word(&["kpi", "all"]).unwrap_or_default();
        let mut out = String::new();
        for (number, (row, (x, y))) in series.rows.iter().zip(places).enumerate() {
            if few && !(places.len() - 1 - number).is_multiple_of(MARKED_EVERY) {
                continue;
            }
            let point = chart::Point {
                shift: 0,
                place: (percent(*x, WIDTH), percent(*y, HEIGHT)),
                line: if name.is_empty() { everybody } else { name },
                at: &row.period.text,
                value: &self.site.theme.numerals.number(row.value),
                marker: marker.as_str().unwrap_or_default(),
            };
            point.write(theme, &mut out)?;
        }
        Ok(out)
    }

    /// The lines with their figures.
    pub(super) fn lines(&self, all: &[Series<'_>]) -> Value {
        let lines = self.names(all).into_iter().zip(all);
        lines
            .map(|(named, series)| {
                let figures = series.figures(self.kpi, self.site.now);
                view([
                    ("name", Value::from(named.name)),
                    ("ref", Value::from(named.reference)),
                    ("now", Value::from(figures.map(|f| view_of(self.site, &f)))),
                ])
            })
            .collect()
    }

    /// All measurements, the newest period first.
    pub(super) fn table(&self, all: &[Series<'_>]) -> Value {
        let values = all.iter().flat_map(|series| series.rows.iter());
        let decimals = Numerals::decimals(values.map(|row| row.value));
        let mut periods: BTreeMap<_, Vec<Value>> = BTreeMap::new();
        for (column, series) in all.iter().enumerate() {
            for row in &series.rows {
                let cells = periods.entry(&row.period).or_default();
                cells.resize(column, Value::from(""));
                cells.push(self.site.theme.numerals.fixed(row.value, decimals).into());
            }
        }
        let columns = self.names(all).into_iter().map(|named| named.name);
        let rows = periods.into_iter().rev().map(|(period, mut cells)| {
            cells.resize(all.len(), Value::from(""));
            view([
                ("period", Value::from(&*period.text)),
                ("cells", Value::from(cells)),
            ])
        });
        view([
            ("columns", columns.collect::<Value>()),
            ("rows", rows.collect()),
        ])
    }

    /// The names of lines: of their slices (none is everybody), and of the sources where a slice
    /// has several.
    fn names(&self, all: &[Series<'_>]) -> Vec<Named> {
        let name = |series: &Series<'_>| {
            let mut named = self.slice(series.slice);
            let alike = all.iter().filter(|other| other.slice == series.slice);
            if let Some(source) = series.source.filter(|_| alike.count() > 1) {
                named.name = if named.name.is_empty() {
                    source.to_owned()
                } else {
                    format!("{} ({source})", named.name)
                };
            }
            named
        };
        all.iter().map(name).collect()
    }

    fn slice(&self, slice: &Slice) -> Named {
        let parts = [
            (Kind::Persona, &slice.persona),
            (Kind::Segment, &slice.segment),
            (Kind::Journey, &slice.journey),
        ];
        let mut names = Vec::new();
        let mut references = Vec::new();
        for (kind, id) in parts {
            if let Some(id) = id {
                let found = self.site.library.find(kind, id);
                names.push(
                    found
                        .map_or(&**id, |f| self.site.name_of(f.entity))
                        .to_owned(),
                );
                references.push(self.site.reference_to(id, &[kind], self.root));
            }
        }
        names.extend(slice.stage.as_deref().map(str::to_owned));
        let single = names.len() == 1;
        Named {
            name: names.join(", "),
            reference: references.pop().filter(|_| single),
        }
    }
}

/// The place of a row on the time axis.
fn day(row: &Row) -> f64 {
    f64::from(days(row.period.start))
}

/// At most six periods, evenly spread, the last one among them.
fn period_ticks<'a>(rows: &[&'a Row]) -> Vec<&'a Row> {
    let step = rows.len().div_ceil(6).max(1);
    let mut ticks: Vec<&Row> = rows.iter().rev().step_by(step).copied().collect();
    ticks.reverse();
    ticks
}
