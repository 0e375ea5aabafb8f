//! The journey map: stages as columns, lanes as rows, and the emotion curve over them.

use minijinja::Value;

use super::super::fields::view;
use super::super::refs::At;
use super::super::{Site, chart};
use super::{Fields, claim};
use crate::schema::Kind;
use crate::schema::kinds::journey::{Journey, Stage, Step};

/// The width of a column and the height of the curve, in the units of its drawing.
const COLUMN: f64 = 100.0;
const HEIGHT: f64 = 200.0;
/// Room above the best and below the worst emotion.
const MARGIN: f64 = 24.0;

pub(super) fn extend(site: &Site<'_>, at: At<'_>, journey: &Journey, out: &mut Fields) {
    let map = Map {
        site,
        root: at.root,
        journey,
    };
    let steps: Vec<&Step> = journey.stages.iter().flat_map(|s| &s.steps).collect();
    let stages = journey.stages.iter().map(|s| map.stage(s));
    out.push(("stages", stages.collect()));
    out.push(("step_count", steps.len().into()));
    let any = |has: fn(&Step) -> bool| Value::from(steps.iter().any(|step| has(step)));
    let lanes = [
        ("thought", any(|s| s.thought.is_some())),
        (
            "touchpoint",
            any(|s| s.touchpoint.is_some() || s.channel.is_some()),
        ),
        ("pains", any(|s| !s.pains.is_empty())),
        ("opportunities", any(|s| !s.opportunities.is_empty())),
        ("kpis", any(|s| !s.kpis.is_empty())),
        ("backstage", any(|s| !s.backstage.is_empty())),
        ("evidence", any(|s| !s.evidence.is_empty())),
    ];
    out.push(("has", view(lanes)));
    out.push(("curve", curve(site, journey, &steps)));
}

/// What the parts of a map are made from.
struct Map<'a> {
    site: &'a Site<'a>,
    root: &'a str,
    journey: &'a Journey,
}

impl Map<'_> {
    fn stage(&self, stage: &Stage) -> Value {
        let steps = stage.steps.iter().enumerate();
        let steps = steps.map(|(index, s)| self.step(s, &stage.step_anchor(index)));
        view([
            ("id", Value::from(&*stage.id)),
            ("anchor", Value::from(&*stage.id)),
            ("name", Value::from(&stage.name)),
            (
                "lifecycle",
                Value::from(stage.lifecycle.as_ref().map(|p| p.0.as_str())),
            ),
            ("goal", Value::from(stage.goal.as_deref())),
            ("steps", steps.collect()),
        ])
    }

    fn step(&self, step: &Step, anchor: &str) -> Value {
        let Self {
            site,
            root,
            journey,
        } = *self;
        let claims = |list: &[_]| {
            list.iter()
                .map(|c| claim(site, root, c, None))
                .collect::<Value>()
        };
        // One a persona, in their order. A step may say how only some of them feel; the others have
        // no value.
        let emotions = journey.personas.iter().map(|persona| {
            let felt = step.emotion.of(persona.id());
            view([
                (
                    "persona",
                    site.reference_to(persona.as_str(), &[Kind::Persona], root),
                ),
                ("value", Value::from(felt)),
                (
                    "label",
                    Value::from(felt.map(|v| emotion_word(site, f64::from(v)))),
                ),
            ])
        });
        let mean = step.emotion.mean();
        let kpis = step
            .kpis
            .iter()
            .map(|r| site.reference_to(r.as_str(), &[Kind::Kpi], root));
        let evidence = step
            .evidence
            .iter()
            .map(|r| site.reference_to(r.as_str(), &[Kind::Evidence], root));
        let touchpoint = step.touchpoint.as_ref();
        view([
            ("id", Value::from(anchor)),
            ("anchor", Value::from(anchor)),
            ("action", Value::from(&step.action)),
            ("thought", Value::from(step.thought.as_deref())),
            ("emotion", mean.into()),
            ("emotion_label", emotion_word(site, mean).into()),
            ("emotions", emotions.collect()),
            ("channel", Value::from(step.channel.as_deref())),
            (
                "touchpoint",
                Value::from(
                    touchpoint.map(|r| site.reference_to(r.as_str(), &[Kind::Touchpoint], root)),
                ),
            ),
            ("pains", claims(&step.pains)),
            ("opportunities", claims(&step.opportunities)),
            ("kpis", kpis.collect()),
            (
                "backstage",
                step.backstage.iter().map(String::as_str).collect(),
            ),
            ("evidence", evidence.collect()),
        ])
    }
}

/// A word for a value from -2 to 2.
fn emotion_word(site: &Site<'_>, value: f64) -> String {
    let index = [-1.5, -0.5, 0.5, 1.5]
        .iter()
        .filter(|edge| value >= **edge)
        .count();
    let labels = site.theme.labels.get_attr("emotions").unwrap_or_default();
    let word = labels.get_item(&Value::from(index)).unwrap_or_default();
    word.as_str()
        .map_or_else(|| chart::number(value), str::to_owned)
}

/// One curve a persona, over columns of equal width.
fn curve(site: &Site<'_>, journey: &Journey, steps: &[&Step]) -> Value {
    let scale = chart::Scale::new((2.0, -2.0), (MARGIN, HEIGHT - MARGIN));
    let column = |index: usize| {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        f64::from(index) * COLUMN + COLUMN / 2.0
    };
    let count = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    let width = f64::from(count) * COLUMN;
    let series = journey
        .personas
        .iter()
        .enumerate()
        .map(|(number, persona)| {
            let felt = steps.iter().enumerate().filter_map(|(index, step)| {
                let value = step.emotion.of(persona.id())?;
                Some((index, *step, f64::from(value)))
            });
            let felt: Vec<_> = felt.collect();
            let places: Vec<_> = felt
                .iter()
                .map(|(i, _, v)| (column(*i), scale.at(*v)))
                .collect();
            let points = felt.iter().zip(&places).map(|((_, step, value), (x, y))| {
                view([
                    ("x", Value::from(chart::percent(*x, width))),
                    ("y", chart::percent(*y, HEIGHT).into()),
                    ("label", emotion_word(site, *value).into()),
                    ("action", Value::from(&step.action)),
                ])
            });
            let found = site.library.find(Kind::Persona, persona.id());
            let name = found.map_or(persona.as_str(), |f| f.entity.name());
            view([
                ("name", Value::from(name)),
                ("index", number.into()),
                ("d", chart::curve(&places).into()),
                ("points", points.collect()),
            ])
        });
    let levels = [2.0, 1.0, 0.0, -1.0, -2.0].into_iter().map(|value: f64| {
        view([
            ("y", Value::from(chart::percent(scale.at(value), HEIGHT))),
            ("value", value.into()),
            ("label", emotion_word(site, value).into()),
        ])
    });
    view([
        ("width", Value::from(width)),
        ("height", HEIGHT.into()),
        ("levels", levels.collect()),
        ("series", series.collect()),
    ])
}
