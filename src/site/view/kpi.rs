//! The KPI page: the value, its course, and where it is measured.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value;

use super::super::fields::view;
use super::super::refs::At;
use super::super::{Site, chart, route};
use super::Fields;
use crate::library::figures::{self, Change, Series, State};
use crate::library::measurements::{Gauge, Row, Slice, days};
use crate::library::{Entity, EntityId};
use crate::schema::kinds::kpi::Kpi;
use crate::schema::{Data, Kind};

/// The size of the chart, in the units of its drawing.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 240.0;
/// The size of the small chart in lists.
const SPARK: (f64, f64) = (100.0, 24.0);
/// Lines that one chart can show and keep apart.
const MAX_LINES: usize = 6;
/// Periods in the small chart.
const SPARK_PERIODS: usize = 24;

/// The rows of a KPI.
fn rows(entity: &Entity) -> &[Row] {
    let measurements = entity.measurements.as_ref();
    measurements.map_or(&[], |m| &m.rows)
}

pub(super) fn extend(site: &Site<'_>, at: At<'_>, kpi: &Kpi, out: &mut Fields) {
    let entity = at.entity;
    let overall = figures::overall(rows(entity));
    let last = overall
        .as_ref()
        .and_then(|line| Some((line, line.latest()?)));
    if let Some((line, last)) = last {
        out.push(("latest", latest(last, line.change(Gauge::of(kpi)))));
    }
    out.push(("state", state(kpi, last.map(|(_, last)| last)).into()));
    if let Some(target) = &kpi.target {
        let target = view([
            ("value", Value::from(target.value)),
            ("value_text", chart::number(target.value).into()),
            ("by", Value::from(target.by.map(|day| day.to_string()))),
        ]);
        out.push(("target", target));
    }
    let all = figures::series(rows(entity));
    if !all.is_empty() {
        out.push(("chart", lines(site, at.root, kpi, &all)));
        out.push(("table", table(site, at.root, &all)));
    }
    if let Some(measurements) = &entity.measurements {
        let path = route::asset_path(&measurements.document.path);
        out.push(("csv", super::super::encode(path).into()));
    }
    let (steps, journeys) = steps(site, at);
    out.push(("steps", Value::from(steps)));
    let elsewhere =
        move |other: &Entity| other.kind == Kind::Persona || journeys.contains(&other.index);
    out.push((
        "backlinks",
        super::backlinks(site, at, &|other| !elsewhere(other)),
    ));
    out.push(("personas", personas(site, at)));
    out.push(("serves", serves(site, at.root, kpi)));
}

/// How the latest value stands.
fn state(kpi: &Kpi, last: Option<&Row>) -> &'static str {
    let state = last.map_or(State::Unknown, |last| figures::state(kpi, last.value));
    state.as_str()
}

fn latest(last: &Row, change: Option<Change<'_>>) -> Value {
    let change = change.map(|change| change.difference);
    let change_text = change.map(|c| {
        let sign = if c > 0.0 { "+" } else { "" };
        format!("{sign}{}", chart::number((c * 100.0).round() / 100.0))
    });
    view([
        ("value", Value::from(last.value)),
        ("value_text", chart::number(last.value).into()),
        ("period", Value::from(&*last.period.text)),
        ("n", Value::from(last.n)),
        (
            "change",
            Value::from(change.map(|c| (c * 100.0).round() / 100.0)),
        ),
        ("change_text", Value::from(change_text)),
        ("low", Value::from(last.interval.map(|i| i.0))),
        ("high", Value::from(last.interval.map(|i| i.1))),
    ])
}

/// The name of a slice, and the entity it is about.
fn slice_name(site: &Site<'_>, root: &str, slice: &Slice) -> (String, Option<Value>) {
    if slice.is_all() {
        return ("all".to_owned(), None);
    }
    let parts = [
        (Kind::Persona, &slice.persona),
        (Kind::Segment, &slice.segment),
        (Kind::Journey, &slice.journey),
    ];
    let mut names = Vec::new();
    let mut references = Vec::new();
    for (kind, id) in parts {
        if let Some(id) = id {
            let found = site.library.find(kind, id);
            names.push(found.map_or(&**id, |f| f.entity.name()).to_owned());
            references.push(site.reference_to(id, &[kind], root));
        }
    }
    names.extend(slice.stage.as_deref().map(str::to_owned));
    let single = names.len() == 1;
    (names.join(", "), references.pop().filter(|_| single))
}

/// The names of lines: of their slices, and of the sources where a slice has several.
fn line_names(site: &Site<'_>, root: &str, all: &[Series<'_>]) -> Vec<(String, Option<Value>)> {
    let name = |(index, series): (usize, &Series<'_>)| {
        let (name, reference) = slice_name(site, root, series.slice);
        // Lines of one slice stand together.
        let mut beside = [index.checked_sub(1), index.checked_add(1)]
            .into_iter()
            .flatten();
        let is_alike = |other: usize| all.get(other).is_some_and(|o| o.slice == series.slice);
        match series.source.filter(|_| beside.any(is_alike)) {
            Some(source) if series.slice.is_all() => (source.to_owned(), reference),
            Some(source) => (format!("{name} ({source})"), reference),
            None => (name, reference),
        }
    };
    all.iter().enumerate().map(name).collect()
}

fn lines(site: &Site<'_>, root: &str, kpi: &Kpi, all: &[Series<'_>]) -> Value {
    let shown = &all[..all.len().min(MAX_LINES)];
    let rows = || shown.iter().flat_map(|s| &s.rows);
    let target = kpi.target.as_ref().map(|t| t.value);
    let values = rows().map(|r| r.value).chain(target);
    let (low, high) = values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    let y_ticks = chart::ticks(low, high, 4);
    let bottom = y_ticks.first().map_or(low, |t| t.value);
    let top = y_ticks.last().map_or(high, |t| t.value);
    let y = chart::Scale::new((bottom, top), (HEIGHT - 24.0, 16.0));
    let day = |row: &Row| f64::from(days(row.period.start));
    let first = rows().map(|r| day(r)).fold(f64::MAX, f64::min);
    let last = rows().map(|r| day(r)).fold(f64::MIN, f64::max);
    let x = chart::Scale::new((first, last), (32.0, WIDTH - 16.0));

    let named = line_names(site, root, all).into_iter().zip(shown);
    let series = named
        .enumerate()
        .map(|(index, ((name, reference), series))| {
            let places: Vec<_> = series
                .rows
                .iter()
                .map(|r| (x.at(day(r)), y.at(r.value)))
                .collect();
            let point = |(row, (x, y)): (&&Row, &(f64, f64))| {
                view([
                    ("x", Value::from(chart::percent(*x, WIDTH))),
                    ("y", chart::percent(*y, HEIGHT).into()),
                    ("period", Value::from(&*row.period.text)),
                    ("value_text", chart::number(row.value).into()),
                ])
            };
            let points: Vec<Value> = series.rows.iter().zip(&places).map(point).collect();
            view([
                ("name", Value::from(name)),
                ("index", index.into()),
                ("ref", Value::from(reference)),
                ("d", chart::line(places.iter().copied()).into()),
                ("last", points.last().cloned().unwrap_or_default()),
                ("points", Value::from(points)),
            ])
        });
    let y_ticks = y_ticks.iter().map(|tick| {
        view([
            ("y", Value::from(chart::percent(y.at(tick.value), HEIGHT))),
            ("label", Value::from(&tick.label)),
        ])
    });
    let x_ticks = period_ticks(&shown[0].rows).into_iter().map(|row| {
        view([
            ("x", Value::from(chart::percent(x.at(day(row)), WIDTH))),
            ("label", Value::from(&*row.period.text)),
        ])
    });
    view([
        ("width", Value::from(WIDTH)),
        ("height", HEIGHT.into()),
        ("y_ticks", y_ticks.collect()),
        ("x_ticks", x_ticks.collect()),
        (
            "target_y",
            Value::from(target.map(|t| chart::percent(y.at(t), HEIGHT))),
        ),
        ("series", series.collect()),
    ])
}

/// At most six periods, evenly spread, the last one among them.
fn period_ticks<'a>(rows: &[&'a Row]) -> Vec<&'a Row> {
    let step = rows.len().div_ceil(6).max(1);
    let mut ticks: Vec<&Row> = rows.iter().rev().step_by(step).copied().collect();
    ticks.reverse();
    ticks
}

/// All measurements, the newest period first.
fn table(site: &Site<'_>, root: &str, all: &[Series<'_>]) -> Value {
    let mut periods: BTreeMap<_, Vec<Value>> = BTreeMap::new();
    for (column, series) in all.iter().enumerate() {
        for row in &series.rows {
            let cells = periods.entry(&row.period).or_default();
            cells.resize(column, Value::from(""));
            cells.push(chart::number(row.value).into());
        }
    }
    let columns = line_names(site, root, all).into_iter().map(|name| name.0);
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

/// The steps of journeys at which it is measured, and these journeys.
fn steps(site: &Site<'_>, at: At<'_>) -> (Vec<Value>, BTreeSet<EntityId>) {
    let entity = at.entity;
    let mut out = Vec::new();
    let mut journeys = BTreeSet::new();
    for other in site.library.referrers(entity) {
        let Some(Data::Journey(journey)) = &other.data else {
            continue;
        };
        if !site.is_published(other) {
            continue;
        }
        let reference = site.reference(other, at.root);
        for stage in &journey.stages {
            for (index, step) in stage.steps.iter().enumerate() {
                if step.kpis.iter().any(|r| site.library.points_at(r, entity)) {
                    journeys.insert(other.index);
                    let anchor = super::super::encode(&stage.step_anchor(index));
                    out.push(view([
                        ("journey", reference.clone()),
                        ("stage", Value::from(&stage.name)),
                        ("action", Value::from(&step.action)),
                        ("hash", format!("#{anchor}").into()),
                    ]));
                }
            }
        }
    }
    (out, journeys)
}

/// The personas that name it, or that it is measured for.
fn personas(site: &Site<'_>, at: At<'_>) -> Value {
    let entity = at.entity;
    let mut found: Vec<&Entity> = site.library.referrers(entity);
    found.retain(|other| other.kind == Kind::Persona);
    for (kind, id) in entity.measurements.iter().flat_map(|m| &m.names) {
        if let Some(resolved) = site.library.find(*kind, id)
            && *kind == Kind::Persona
            && !found
                .iter()
                .any(|known| known.index == resolved.entity.index)
        {
            found.push(resolved.entity);
        }
    }
    found
        .into_iter()
        .map(|persona| site.reference(persona, at.root))
        .collect()
}

/// The goals it serves, each with the address of its claim.
fn serves(site: &Site<'_>, root: &str, kpi: &Kpi) -> Value {
    kpi.serves
        .iter()
        .map(|reference| {
            let text = reference.as_str();
            let anchor = reference.anchor();
            let Some(found) = site.library.find(Kind::Persona, reference.id()) else {
                return site.reference_to(text, &[Kind::Persona], root);
            };
            let persona = found.entity;
            let claim = anchor.and_then(|anchor| claim_text(persona, anchor));
            let path = site.is_published(persona).then(|| {
                let hash = anchor.map(|a| format!("#{}", super::super::encode(a)));
                format!(
                    "{}{}",
                    route::entity_path(persona),
                    hash.unwrap_or_default()
                )
            });
            let name = match claim {
                Some(claim) => format!("{}: {claim}", persona.name()),
                None => persona.name().to_owned(),
            };
            let view = vec![
                ("kind", Value::from("persona")),
                ("name", name.into()),
                ("path", Value::from(path)),
                ("status", persona.status().as_str().into()),
            ];
            site.new_shown(view, root).view
        })
        .collect()
}

fn claim_text<'a>(persona: &'a Entity, anchor: &str) -> Option<&'a str> {
    let Some(Data::Persona(data)) = &persona.data else {
        return None;
    };
    let lists = data.claim_lists();
    lists
        .iter()
        .zip(&persona.claim_anchors)
        .flat_map(|((_, claims), anchors)| claims.iter().zip(anchors))
        .find(|(_, own)| ***own == *anchor)
        .map(|(claim, _)| claim.text.as_str())
}

/// The present value of a KPI with its state, target and small chart.
pub(in crate::site) fn summary(entity: &Entity) -> Value {
    let Some(Data::Kpi(kpi)) = &entity.data else {
        return Value::from(());
    };
    let line = figures::overall(rows(entity));
    let last = line.as_ref().and_then(Series::latest);
    let mut fields: Fields = vec![("unit", Value::from(&kpi.unit))];
    if let Some(target) = &kpi.target {
        fields.push(("target_text", chart::number(target.value).into()));
    }
    if let (Some(line), Some(last)) = (&line, last) {
        fields.push(("value", last.value.into()));
        fields.push(("value_text", chart::number(last.value).into()));
        fields.push(("period", Value::from(&*last.period.text)));
        let first = line.rows.len().saturating_sub(SPARK_PERIODS);
        fields.push(("spark", spark(&line.rows[first..]).into()));
    }
    fields.push(("state", state(kpi, last).into()));
    view(fields)
}

fn spark(rows: &[&Row]) -> String {
    let values = rows.iter().map(|r| r.value);
    let (low, high) = values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    let last = u32::try_from(rows.len().saturating_sub(1)).unwrap_or(u32::MAX);
    let x = chart::Scale::new((0.0, f64::from(last.max(1))), (0.0, SPARK.0));
    let y = chart::Scale::new((low, high), (SPARK.1 - 1.0, 1.0));
    chart::line(
        (0u32..)
            .zip(rows)
            .map(|(i, r)| (x.at(f64::from(i)), y.at(r.value))),
    )
}
