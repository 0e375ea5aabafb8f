//! The journey map: stages as columns, lanes as rows, and the emotion curve over them.

use minijinja::Value;

use super::super::fields::view;
use super::super::markdown::escape;
use super::super::refs::At;
use super::super::theme::Part;
use super::super::{Site, chart};
use super::{Fields, Result, claim};
use crate::schema::Kind;
use crate::schema::kinds::journey::{Journey, Stage, Step};

/// The width of a column and the height of the curve, in the units of its drawing.
const COLUMN: f64 = 100.0;
const HEIGHT: f64 = 200.0;
/// How far markers of the same value stand apart, in pixels.
const BESIDE: i32 = 10;
/// Room above the best and below the worst emotion.
const MARGIN: f64 = 24.0;

pub(super) fn extend(
    site: &Site<'_>,
    at: At<'_>,
    journey: &Journey,
    out: &mut Fields,
) -> Result<()> {
    let steps: Vec<&Step> = journey.stages.iter().flat_map(|s| &s.steps).collect();
    let map = Map {
        site,
        root: at.root,
        personas: journey
            .personas
            .iter()
            .map(|r| (r.id(), site.library.find(Kind::Persona, r.id())))
            .map(|(id, found)| (id, found.map_or(id, |f| f.entity.name())))
            .collect(),
        lanes: Lanes::of(&steps),
        words: [-2.0, -1.0, 0.0, 1.0, 2.0].map(|value| emotion_word(site, value)),
    };
    let stages = journey.stages.iter().map(|s| map.stage(s));
    out.push(("stages", Value::from(stages.collect::<Result<Vec<_>>>()?)));
    out.push(("step_count", steps.len().into()));
    out.push(("has", map.lanes.view()));
    out.push(("curve", map.curve(&steps)?));
    Ok(())
}

/// Which lanes of a map are there: those that any step fills.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a lane of its own")]
struct Lanes {
    thought: bool,
    touchpoint: bool,
    pains: bool,
    opportunities: bool,
    kpis: bool,
    backstage: bool,
    evidence: bool,
}

impl Lanes {
    fn of(steps: &[&Step]) -> Self {
        let any = |has: fn(&Step) -> bool| steps.iter().any(|step| has(step));
        Self {
            thought: any(|s| s.thought.is_some()),
            touchpoint: any(|s| s.touchpoint.is_some() || s.channel.is_some()),
            pains: any(|s| !s.pains.is_empty()),
            opportunities: any(|s| !s.opportunities.is_empty()),
            kpis: any(|s| !s.kpis.is_empty()),
            backstage: any(|s| !s.backstage.is_empty()),
            evidence: any(|s| !s.evidence.is_empty()),
        }
    }

    fn view(self) -> Value {
        view([
            ("thought", Value::from(self.thought)),
            ("touchpoint", self.touchpoint.into()),
            ("pains", self.pains.into()),
            ("opportunities", self.opportunities.into()),
            ("kpis", self.kpis.into()),
            ("backstage", self.backstage.into()),
            ("evidence", self.evidence.into()),
        ])
    }
}

/// What the parts of a map are made from.
struct Map<'a> {
    site: &'a Site<'a>,
    root: &'a str,
    /// Whose journey it is: ids and names.
    personas: Vec<(&'a str, &'a str)>,
    lanes: Lanes,
    /// The words for -2 to 2.
    words: [String; 5],
}

impl Map<'_> {
    fn stage(&self, stage: &Stage) -> Result<Value> {
        let mut steps = String::new();
        let mut rows = String::new();
        for (index, step) in stage.steps.iter().enumerate() {
            self.step(step, &stage.step_anchor(index), &mut steps)?;
            self.row(step, (index == 0).then_some(stage), &mut rows)?;
        }
        Ok(view([
            ("id", Value::from(&*stage.id)),
            ("anchor", Value::from(&*stage.id)),
            ("name", Value::from(&stage.name)),
            (
                "lifecycle",
                Value::from(stage.lifecycle.as_ref().map(|p| p.0.as_str())),
            ),
            ("goal", Value::from(stage.goal.as_deref())),
            ("step_count", stage.steps.len().into()),
            ("steps", Value::from_safe_string(steps)),
            ("rows", Value::from_safe_string(rows)),
        ]))
    }

    /// A column of the map.
    fn step(&self, step: &Step, anchor: &str, out: &mut String) -> Result<()> {
        let Self {
            site, root, lanes, ..
        } = *self;
        let stencil = site.theme.stencil(
            "step",
            &[
                ("anchor", Part::Gap),
                ("action", Part::Gap),
                ("feelings", Part::Gap),
                ("thought", Part::gap(step.thought.is_some())),
                ("touchpoint", Part::gap(step.touchpoint.is_some())),
                ("channel", Part::gap(step.channel.is_some())),
                ("pains", Part::gap(!step.pains.is_empty())),
                ("opportunities", Part::gap(!step.opportunities.is_empty())),
                ("kpis", Part::gap(!step.kpis.is_empty())),
                ("backstage", Part::gap(!step.backstage.is_empty())),
                ("evidence", Part::gap(!step.evidence.is_empty())),
                ("lane_thought", Part::flag(lanes.thought)),
                ("lane_touchpoint", Part::flag(lanes.touchpoint)),
                ("lane_pains", Part::flag(lanes.pains)),
                ("lane_opportunities", Part::flag(lanes.opportunities)),
                ("lane_kpis", Part::flag(lanes.kpis)),
                ("lane_backstage", Part::flag(lanes.backstage)),
                ("lane_evidence", Part::flag(lanes.evidence)),
            ],
        )?;
        let text = |text: Option<&str>, out: &mut String| {
            out.push_str(&escape(text.unwrap_or_default()));
        };
        stencil.fill(out, |gap, out| {
            match gap {
                0 => text(Some(anchor), out),
                1 => text(Some(&step.action), out),
                2 => self.feelings(step, out)?,
                3 => text(step.thought.as_deref(), out),
                4 => {
                    if let Some(touchpoint) = &step.touchpoint {
                        let kinds = [Kind::Touchpoint];
                        out.push_str(site.shown_as(touchpoint.as_str(), &kinds, root).link());
                    }
                }
                5 => text(step.channel.as_deref(), out),
                6 | 7 => {
                    let claims = if gap == 6 {
                        &step.pains
                    } else {
                        &step.opportunities
                    };
                    for claim in claims {
                        let item = claim::Item {
                            claim,
                            anchor: None,
                            served_by: &[],
                        };
                        claim::write(site, root, item, out)?;
                    }
                }
                8 => claim::chips(site, root, (Kind::Kpi, &step.kpis), out),
                9 => {
                    let line = site.theme.stencil("line", &[("text", Part::Gap)])?;
                    for item in &step.backstage {
                        line.fill(out, |_, out| {
                            text(Some(item), out);
                            Ok(())
                        })?;
                    }
                }
                _ => claim::chips(site, root, (Kind::Evidence, &step.evidence), out),
            }
            Ok(())
        })
    }

    /// How those feel of whom the step says it; with one persona, or none by name, how it feels.
    fn feelings(&self, step: &Step, out: &mut String) -> Result<()> {
        let feeling = |mark: Value, name: Option<&str>, word: &str, out: &mut String| {
            let form = [
                ("mark", Part::Gap),
                ("name", Part::gap(name.is_some())),
                ("word", Part::Gap),
            ];
            self.site
                .theme
                .stencil("feeling", &form)?
                .fill(out, |gap, out| {
                    match gap {
                        0 => out.push_str(mark.as_str().unwrap_or_default()),
                        1 => out.push_str(&escape(name.unwrap_or_default())),
                        _ => out.push_str(&escape(word)),
                    }
                    Ok(())
                })
        };
        if self.personas.len() < 2 {
            let mean = step.emotion.mean();
            let face = self.site.theme.piece("face", &mean.into(), "")?;
            return feeling(face, None, self.word(mean), out);
        }
        for (number, (id, name)) in self.personas.iter().enumerate() {
            // A step may say how only some of them feel.
            if let Some(felt) = step.emotion.of(id) {
                let dot = self.site.theme.piece("dot", &number.into(), "")?;
                feeling(dot, Some(name), self.word(f64::from(felt)), out)?;
            }
        }
        Ok(())
    }

    /// A row of the table of emotions; the first of a stage names it.
    fn row(&self, step: &Step, begins: Option<&Stage>, out: &mut String) -> Result<()> {
        let theme = self.site.theme;
        let form = [
            ("stage", Part::gap(begins.is_some())),
            ("span", Part::gap(begins.is_some())),
            ("action", Part::Gap),
            ("cells", Part::Gap),
        ];
        theme.stencil("felt_row", &form)?.fill(out, |gap, out| {
            match (gap, begins) {
                (0, Some(stage)) => out.push_str(&escape(&stage.name)),
                (1, Some(stage)) => out.push_str(&stage.steps.len().to_string()),
                (2, _) => out.push_str(&escape(&step.action)),
                _ => {
                    for (id, _) in &self.personas {
                        let felt = step.emotion.of(id);
                        let form = [("value", Part::gap(felt.is_some()))];
                        theme.stencil("felt", &form)?.fill(out, |_, out| {
                            let shown = theme.piece("feeling", &Value::from(felt), "")?;
                            out.push_str(shown.as_str().unwrap_or_default());
                            Ok(())
                        })?;
                    }
                }
            }
            Ok(())
        })
    }

    /// The word for a value from -2 to 2.
    fn word(&self, value: f64) -> &str {
        &self.words[level(value)]
    }

    /// One curve a persona, over columns of equal width.
    fn curve(&self, steps: &[&Step]) -> Result<Value> {
        let scale = chart::Scale::new((2.0, -2.0), (MARGIN, HEIGHT - MARGIN));
        let column = |index: usize| {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            f64::from(index) * COLUMN + COLUMN / 2.0
        };
        let count = u32::try_from(steps.len()).unwrap_or(u32::MAX);
        let width = f64::from(count) * COLUMN;
        let mut series = Vec::new();
        for (number, (id, name)) in self.personas.iter().enumerate() {
            let felt = steps.iter().enumerate().filter_map(|(index, step)| {
                let value = f64::from(step.emotion.of(id)?);
                Some((*step, value, (column(index), scale.at(value))))
            });
            let felt: Vec<_> = felt.collect();
            let places: Vec<_> = steps
                .iter()
                .enumerate()
                .map(|(index, step)| {
                    let value = f64::from(step.emotion.of(id)?);
                    Some((column(index), scale.at(value)))
                })
                .collect();
            let marker = self.site.theme.piece("marker", &number.into(), "")?;
            let mut points = String::new();
            for (step, value, (x, y)) in felt {
                // Those who feel alike at a step stand side by side.
                let before = self.personas[..number].iter();
                let alike =
                    before.filter(|(other, _)| step.emotion.of(other) == step.emotion.of(id));
                let alike = i32::try_from(alike.count()).unwrap_or_default();
                let point = chart::Point {
                    shift: alike * BESIDE,
                    place: (chart::percent(x, width), chart::percent(y, HEIGHT)),
                    line: name,
                    at: &step.action,
                    value: self.word(value),
                    marker: marker.as_str().unwrap_or_default(),
                };
                point.write(self.site.theme, &mut points)?;
            }
            series.push(view([
                ("name", Value::from(*name)),
                ("index", number.into()),
                ("d", chart::curve(&places).into()),
                ("points", Value::from_safe_string(points)),
            ]));
        }
        let levels = [2.0, 1.0, 0.0, -1.0, -2.0].into_iter().map(|value: f64| {
            view([
                ("y", Value::from(chart::percent(scale.at(value), HEIGHT))),
                ("value", value.into()),
                ("label", self.word(value).into()),
            ])
        });
        Ok(view([
            ("width", Value::from(width)),
            ("height", HEIGHT.into()),
            ("levels", levels.collect()),
            ("series", Value::from(series)),
        ]))
    }
}

/// The place of a value from -2 to 2 among the five words for it.
fn level(value: f64) -> usize {
    let edges = [-1.5, -0.5, 0.5, 1.5];
    edges.iter().filter(|edge| value >= **edge).count()
}

/// A word for a value from -2 to 2.
fn emotion_word(site: &Site<'_>, value: f64) -> String {
    let index = level(value);
    let labels = site.theme.labels.get_attr("emotions").unwrap_or_default();
    let word = labels.get_item(&Value::from(index)).unwrap_or_default();
    word.as_str()
        .map_or_else(|| chart::number(value), str::to_owned)
}
