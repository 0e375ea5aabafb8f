//! The journey map: stages as columns, lanes as rows, and the emotion curve over them.

mod curve;

use minijinja::Value;

use super::super::fields::view;
use super::super::markdown::escape;
use super::super::refs::At;
use super::super::theme::Part;
use super::super::{Site, chart};
use super::{Fields, Result, channel, claim};
use crate::library::Entity;
use crate::schema::Kind;
use crate::schema::kinds::journey::{Journey, Stage, Step};

/// The names of the five levels of feeling, from -2 to 2, for templates.
const LEVELS: [&str; 5] = ["0", "1", "2", "3", "4"];

pub(super) fn extend(
    site: &Site<'_>,
    at: At<'_>,
    journey: &Journey,
    out: &mut Fields,
) -> Result<()> {
    let steps: Vec<&Step> = journey.stages.iter().flat_map(|s| &s.steps).collect();
    let marks = (0..journey.personas.len()).map(|number| {
        let mark = site.theme.piece("marker_use", &number.into(), "")?;
        Ok(mark.as_str().unwrap_or_default().into())
    });
    let map = Map {
        site,
        entity: at.entity,
        root: at.root,
        marks: marks.collect::<Result<_>>()?,
        personas: journey
            .personas
            .iter()
            .map(|r| (r.id(), site.library.find(Kind::Persona, r.id())))
            .map(|(id, found)| (id, found.map_or(id, |f| site.name_of(f.entity))))
            .collect(),
        lanes: Lanes::of(journey, &steps),
        words: [-2.0, -1.0, 0.0, 1.0, 2.0].map(|value| emotion_word(site, value)),
    };
    let mut way = Way::over(journey);
    let stages = journey.stages.iter().map(|s| map.stage(s, &mut way));
    out.push(("stages", Value::from(stages.collect::<Result<Vec<_>>>()?)));
    out.push(("step_count", steps.len().into()));
    out.push(("has", map.lanes.view()));
    let curve = map.curve(&steps)?;
    let form = map.lanes.form(!curve.is_undefined());
    out.push(("curve", curve));
    for (name, stencil) in [("tools", "map_tools"), ("lanes", "map_lanes")] {
        let mut html = String::new();
        let stencil = site.theme.stencil(stencil, &form)?;
        stencil.fill(&mut html, |_, _| Ok(()))?;
        out.push((name, Value::from_safe_string(html)));
    }
    Ok(())
}

/// Which lanes of a map are there: those that any step fills.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a lane of its own")]
struct Lanes {
    goal: bool,
    thought: bool,
    touchpoint: bool,
    pains: bool,
    opportunities: bool,
    kpis: bool,
    backstage: bool,
    evidence: bool,
}

impl Lanes {
    fn of(journey: &Journey, steps: &[&Step]) -> Self {
        let mut stages = journey.stages.iter();
        let any = |has: fn(&Step) -> bool| steps.iter().any(|step| has(step));
        Self {
            goal: stages.any(|s| s.goal.is_some() || s.lifecycle.is_some()),
            thought: any(|s| s.thought.is_some()),
            touchpoint: any(|s| s.touchpoint.is_some() || s.channel.is_some()),
            pains: any(|s| !s.pains.is_empty()),
            opportunities: any(|s| !s.opportunities.is_empty()),
            kpis: any(|s| !s.kpis.is_empty()),
            backstage: any(|s| !s.backstage.is_empty()),
            evidence: any(|s| !s.evidence.is_empty()),
        }
    }

    /// The same for stencils, and whether there is a curve.
    fn form(self, curve: bool) -> [(&'static str, Part); 9] {
        [
            ("goal", Part::flag(self.goal)),
            ("thought", Part::flag(self.thought)),
            ("curve", Part::flag(curve)),
            ("touchpoint", Part::flag(self.touchpoint)),
            ("pains", Part::flag(self.pains)),
            ("opportunities", Part::flag(self.opportunities)),
            ("kpis", Part::flag(self.kpis)),
            ("backstage", Part::flag(self.backstage)),
            ("evidence", Part::flag(self.evidence)),
        ]
    }

    fn view(self) -> Value {
        view([
            ("goal", Value::from(self.goal)),
            ("thought", self.thought.into()),
            ("touchpoint", self.touchpoint.into()),
            ("pains", self.pains.into()),
            ("opportunities", self.opportunities.into()),
            ("kpis", self.kpis.into()),
            ("backstage", self.backstage.into()),
            ("evidence", self.evidence.into()),
        ])
    }
}

/// The steps in order, and how far along them the map is.
struct Way {
    anchors: Vec<String>,
    /// The place of the next step.
    at: usize,
    /// The place of its stage.
    stage: usize,
}

impl Way {
    fn over(journey: &Journey) -> Self {
        let anchors = journey
            .stages
            .iter()
            .flat_map(|stage| (0..stage.steps.len()).map(|index| stage.step_anchor(index)));
        Self {
            anchors: anchors.collect(),
            at: 0,
            stage: 0,
        }
    }

    /// The anchor of the step `by` steps from this one.
    fn anchor(&self, by: isize) -> Option<&str> {
        let at = self.at.checked_add_signed(by)?;
        self.anchors.get(at).map(String::as_str)
    }
}

/// What the parts of a map are made from.
struct Map<'a> {
    site: &'a Site<'a>,
    entity: &'a Entity,
    root: &'a str,
    /// Whose journey it is: ids and names.
    personas: Vec<(&'a str, &'a str)>,
    /// Their markers, as HTML.
    marks: Vec<Box<str>>,
    lanes: Lanes,
    /// The words for -2 to 2.
    words: [String; 5],
}

impl Map<'_> {
    fn stage(&self, stage: &Stage, way: &mut Way) -> Result<Value> {
        let at = format!("/stages/{}", way.stage);
        let text = |field: &str, text: &str| {
            let mut out = String::new();
            self.site
                .mark(self.entity, &format!("{at}/{field}"), text, &mut out);
            Value::from_safe_string(out)
        };
        let mut steps = String::new();
        let mut rows = String::new();
        for (index, step) in stage.steps.iter().enumerate() {
            let at = format!("{at}/steps/{index}");
            self.step((step, &at), way, &mut steps)?;
            let begins = (index == 0).then(|| (stage, text("name", &stage.name)));
            self.row((step, &at), begins.as_ref(), &mut rows)?;
            way.at += 1;
        }
        way.stage += 1;
        Ok(view([
            ("id", Value::from(&*stage.id)),
            ("anchor", Value::from(&*stage.id)),
            ("name", text("name", &stage.name)),
            (
                "lifecycle",
                Value::from(stage.lifecycle.as_ref().map(|p| p.0.as_str())),
            ),
            (
                "goal",
                Value::from(stage.goal.as_deref().map(|goal| text("goal", goal))),
            ),
            ("step_count", stage.steps.len().into()),
            ("steps", Value::from_safe_string(steps)),
            ("rows", Value::from_safe_string(rows)),
        ]))
    }

    /// A column of the map.
    fn step(&self, (step, at): (&Step, &str), way: &Way, out: &mut String) -> Result<()> {
        let Self {
            site, root, lanes, ..
        } = *self;
        let stencil = site.theme.stencil(
            "step",
            &[
                ("anchor", Part::Gap),
                ("action", Part::Gap),
                ("feelings", Part::gap(self.is_felt(step))),
                ("thought", Part::gap(step.thought.is_some())),
                ("touchpoint", Part::gap(step.touchpoint.is_some())),
                ("channel", Part::gap(step.channel.is_some())),
                ("pains", Part::gap(!step.pains.is_empty())),
                ("opportunities", Part::gap(!step.opportunities.is_empty())),
                ("kpis", Part::gap(!step.kpis.is_empty())),
                ("backstage", Part::gap(!step.backstage.is_empty())),
                ("evidence", Part::gap(!step.evidence.is_empty())),
                ("number", Part::Gap),
                ("before", Part::gap(way.anchor(-1).is_some())),
                ("after", Part::gap(way.anchor(1).is_some())),
                ("lane_thought", Part::flag(lanes.thought)),
                ("lane_touchpoint", Part::flag(lanes.touchpoint)),
                ("lane_pains", Part::flag(lanes.pains)),
                ("lane_opportunities", Part::flag(lanes.opportunities)),
                ("lane_kpis", Part::flag(lanes.kpis)),
                ("lane_backstage", Part::flag(lanes.backstage)),
                ("lane_evidence", Part::flag(lanes.evidence)),
            ],
        )?;
        let text = |field: &str, text: Option<&str>, out: &mut String| {
            let pointer = format!("{at}/{field}");
            self.site
                .mark(self.entity, &pointer, text.unwrap_or_default(), out);
        };
        let anchor = |by: isize, out: &mut String| {
            out.push_str(&escape(way.anchor(by).unwrap_or_default()));
        };
        stencil.fill(out, |gap, out| {
            match gap {
                0 => anchor(0, out),
                1 => text("action", Some(&step.action), out),
                2 => self.feelings(step, out)?,
                3 => text("thought", step.thought.as_deref(), out),
                4 => {
                    if let Some(touchpoint) = &step.touchpoint {
                        let kinds = [Kind::Touchpoint];
                        out.push_str(site.shown_as(touchpoint.as_str(), &kinds, root).link());
                    }
                }
                5 => {
                    let channel = step.channel.as_deref().unwrap_or_default();
                    channel::write(site, root, channel, out)?;
                }
                6 | 7 => {
                    let claims = if gap == 6 {
                        &step.pains
                    } else {
                        &step.opportunities
                    };
                    let list = if gap == 6 { "pains" } else { "opportunities" };
                    for (number, claim) in claims.iter().enumerate() {
                        let item = claim::Item {
                            claim,
                            anchor: None,
                            lang: &self
                                .site
                                .attributes(self.entity, format_args!("{at}/{list}/{number}")),
                            served_by: &[],
                            persona: None,
                        };
                        claim::write(site, root, item, out)?;
                    }
                }
                8 => claim::chips(site, root, (Kind::Kpi, &step.kpis), out),
                9 => {
                    let line = site.theme.stencil("line", &[("text", Part::Gap)])?;
                    for (number, item) in step.backstage.iter().enumerate() {
                        line.fill(out, |_, out| {
                            text(&format!("backstage/{number}"), Some(item), out);
                            Ok(())
                        })?;
                    }
                }
                10 => claim::chips(site, root, (Kind::Evidence, &step.evidence), out),
                11 => out.push_str(&(way.at + 1).to_string()),
                12 => anchor(-1, out),
                _ => anchor(1, out),
            }
            Ok(())
        })
    }

    /// How those feel of whom the step says it; with one persona, or none by name, how it feels.
    fn feelings(&self, step: &Step, out: &mut String) -> Result<()> {
        let feeling = |who: Option<(usize, &str)>, value: f64, out: &mut String| {
            let form = [
                ("level", Part::Word(LEVELS[level(value)])),
                ("mark", Part::gap(who.is_some())),
                ("name", Part::gap(who.is_some())),
            ];
            self.site
                .theme
                .stencil("feeling", &form)?
                .fill(out, |gap, out| {
                    match (gap, who) {
                        (1, Some((number, _))) => out.push_str(&self.marks[number]),
                        (_, Some((_, name))) => out.push_str(&escape(name)),
                        _ => {}
                    }
                    Ok(())
                })
        };
        if self.personas.len() < 2 {
            return feeling(None, step.emotion.mean(), out);
        }
        for (number, (id, name)) in self.personas.iter().enumerate() {
            // A step may say how only some of them feel.
            if let Some(felt) = step.emotion.of(id) {
                feeling(Some((number, name)), f64::from(felt), out)?;
            }
        }
        Ok(())
    }

    /// Whether there is anything to say of how the step feels.
    fn is_felt(&self, step: &Step) -> bool {
        let mut ids = self.personas.iter();
        self.personas.len() < 2 || ids.any(|(id, _)| step.emotion.of(id).is_some())
    }

    /// A row of the table of emotions; the first of a stage names it.
    fn row(
        &self,
        (step, at): (&Step, &str),
        begins: Option<&(&Stage, Value)>,
        out: &mut String,
    ) -> Result<()> {
        let theme = self.site.theme;
        let form = [
            ("stage", Part::gap(begins.is_some())),
            ("span", Part::gap(begins.is_some())),
            ("action", Part::Gap),
            ("cells", Part::Gap),
        ];
        theme.stencil("felt_row", &form)?.fill(out, |gap, out| {
            match (gap, begins) {
                (0, Some((_, name))) => out.push_str(name.as_str().unwrap_or_default()),
                (1, Some((stage, _))) => out.push_str(&stage.steps.len().to_string()),
                (2, _) => {
                    let pointer = format!("{at}/action");
                    self.site.mark(self.entity, &pointer, &step.action, out);
                }
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
}

/// The place of a value from -2 to 2 among the five words for it.
pub(super) fn level(value: f64) -> usize {
    let edges = [-1.5, -0.5, 0.5, 1.5];
    edges.iter().filter(|edge| value >= **edge).count()
}

/// A word for a value from -2 to 2.
pub(super) fn emotion_word(site: &Site<'_>, value: f64) -> String {
    let index = level(value);
    let labels = site.theme.labels.get_attr("emotions").unwrap_or_default();
    let word = labels.get_item(&Value::from(index)).unwrap_or_default();
    word.as_str()
        .map_or_else(|| site.theme.numerals.number(value), str::to_owned)
}
