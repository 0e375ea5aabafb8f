//! What the figures of a line come to, in words.

use minijinja::Value;

use super::super::super::fields::view;
use super::super::super::theme::Numerals;
use super::super::super::{Site, chart as charts};
use super::super::Fields;
use super::Lines;
use crate::library::figures::{Change, Figures, Reason, Series, State};
use crate::library::measurements::Row;
use crate::library::{Entity, figures as maths};
use crate::schema::{Data, Kind};

/// The size of the small chart in lists.
const SPARK: (f64, f64) = (100.0, 24.0);
/// Periods in the small chart.
const SPARK_PERIODS: usize = 24;

/// How the latest value stands.
pub(super) fn state(figures: Option<&Figures<'_>>) -> &'static str {
    figures.map_or(State::Unknown, |f| f.state).as_str()
}

/// The figures of one line for templates.
pub(super) fn view_of(site: &Site<'_>, figures: &Figures<'_>) -> Value {
    let latest = figures.latest;
    let numerals = &site.theme.numerals;
    let number = |value: f64| numerals.number(value);
    let fresh = &figures.freshness;
    let until = site.theme.day(&fresh.until.to_string());
    view([
        ("value", Value::from(latest.value)),
        ("value_text", number(latest.value).into()),
        ("period", Value::from(&*latest.period.text)),
        ("n", Value::from(latest.n)),
        ("n_text", Value::from(latest.n.map(|n| numerals.count(n)))),
        ("state", figures.state.as_str().into()),
        ("small_sample", figures.small_sample.into()),
        ("low", Value::from(figures.interval.map(|i| number(i.0)))),
        ("high", Value::from(figures.interval.map(|i| number(i.1)))),
        (
            "change",
            Value::from(figures.change.map(|c| change(numerals, &c))),
        ),
        (
            "year",
            Value::from(figures.year_change.map(|c| change(numerals, &c))),
        ),
        (
            "to_target",
            Value::from(figures.to_target.map(|n| numerals.signed(n))),
        ),
        ("meets_target", Value::from(figures.meets_target)),
        ("outlook", outlook(numerals, figures)),
        ("until", until.into()),
        ("age_days", fresh.age_days.into()),
        ("overdue", fresh.overdue.into()),
    ])
}

fn change(numerals: &Numerals, change: &Change<'_>) -> Value {
    view([
        (
            "value",
            Value::from((change.difference * 100.0).round() / 100.0),
        ),
        ("text", numerals.signed(change.difference).into()),
        ("since", Value::from(&*change.since.period.text)),
        ("gap", (change.periods > 1).into()),
        ("beyond_chance", Value::from(change.beyond_chance)),
        ("small_sample", change.small_sample.into()),
    ])
}

/// Whether the target will be reached, and what that rests on.
fn outlook(numerals: &Numerals, figures: &Figures<'_>) -> Value {
    let number = |value: f64| numerals.number(value);
    let outlook = &figures.outlook;
    let forecast = outlook.forecast.as_ref();
    view([
        ("answer", Value::from(outlook.answer.as_str())),
        (
            "reason",
            Value::from(outlook.answer.reason().map(Reason::as_str)),
        ),
        (
            "slope",
            Value::from(outlook.slope.map(|n| numerals.signed(n))),
        ),
        ("points", outlook.points.into()),
        ("value", Value::from(forecast.map(|f| number(f.value)))),
        ("low", Value::from(forecast.map(|f| number(f.interval.0)))),
        ("high", Value::from(forecast.map(|f| number(f.interval.1)))),
    ])
}

/// How a KPI as a whole stands.
pub(in crate::site::view) fn state_of(entity: &Entity) -> State {
    let Some(Data::Kpi(kpi)) = &entity.data else {
        return State::Unknown;
    };
    let lines = Lines::of(entity, kpi);
    let line = lines.overall(entity);
    let latest = line.as_ref().and_then(Series::latest);
    latest.map_or(State::Unknown, |latest| maths::state(kpi, latest.value))
}

/// The present value of a KPI with its state, target and small chart.
pub(in crate::site) fn summary(site: &Site<'_>, entity: &Entity) -> Value {
    let number = |value: f64| site.theme.numerals.number(value);
    let Some(Data::Kpi(kpi)) = &entity.data else {
        return Value::from(());
    };
    let lines = Lines::of(entity, kpi);
    let line = lines.overall(entity);
    let last = line.as_ref().and_then(|line| Some((line, line.latest()?)));
    let mut fields: Fields = vec![("unit", Value::from(&kpi.unit))];
    if let Some(target) = &kpi.target {
        fields.push(("target_text", number(target.value).into()));
    }
    let state = last.map_or(State::Unknown, |(_, last)| maths::state(kpi, last.value));
    fields.push(("state", state.as_str().into()));
    if let Some((_, last)) = last {
        fields.push(("value", last.value.into()));
        fields.push(("value_text", number(last.value).into()));
        fields.push(("period", Value::from(&*last.period.text)));
    }
    view(fields)
}

/// The latest measurement of a KPI for one persona alone.
pub(super) fn own_row<'a>(kpi: &'a Entity, persona: &Entity) -> Option<&'a Row> {
    let measurements = kpi.measurements.as_ref()?;
    let is_it = |id: &str| id == &*persona.id || persona.common.aliases.iter().any(|a| a == id);
    // Few KPIs are measured for a given persona, and the names are fewer than the rows.
    let mut names = measurements.names.iter();
    names.find(|(kind, id)| *kind == Kind::Persona && is_it(id))?;
    maths::latest(&measurements.rows, |slice| {
        slice.only_persona().is_some_and(is_it)
    })
}

/// The same for templates.
pub(in crate::site::view) fn own(site: &Site<'_>, kpi: &Entity, persona: &Entity) -> Option<Value> {
    let Some(Data::Kpi(measure)) = &kpi.data else {
        return None;
    };
    let row = own_row(kpi, persona)?;
    Some(view([
        ("value", row.value.into()),
        ("value_text", site.theme.numerals.number(row.value).into()),
        ("period", Value::from(&*row.period.text)),
        ("state", maths::state(measure, row.value).as_str().into()),
    ]))
}

/// The course of the latest periods, as the path of a small chart.
pub(super) fn spark(rows: &[&Row]) -> String {
    let rows = &rows[rows.len().saturating_sub(SPARK_PERIODS)..];
    let values = rows.iter().map(|r| r.value);
    let (low, high) = values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    let last = u32::try_from(rows.len().saturating_sub(1)).unwrap_or(u32::MAX);
    let x = charts::Scale::new((0.0, f64::from(last.max(1))), (0.0, SPARK.0));
    let y = charts::Scale::new((low, high), (SPARK.1 - 1.0, 1.0));
    charts::line(
        (0u32..)
            .zip(rows)
            .map(|(i, r)| (x.at(f64::from(i)), y.at(r.value))),
    )
}
