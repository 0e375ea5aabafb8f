//! How it feels to meet us: each touchpoint and each channel by phase of the lifecycle.

use foldhash::HashMap;
use minijinja::Value;
use serde::Serialize;

use super::super::super::fields::view;
use super::super::super::markdown::escape;
use super::super::super::theme::Part;
use super::super::super::{Site, json, route};
use super::super::Result;
use super::super::places::{self, felt};
use super::{Sheet, counts, phase_words};
use crate::library::touch::{Met, Mood, steps_of};
use crate::library::{Entity, EntityId};
use crate::schema::Kind;

/// Rows of a table that people still read. The JSON view has all.
const MAX_ROWS: usize = 100;
/// Places named on the overview.
const WORST: usize = 3;

/// A place and how it feels in each phase; the last is for stages without one.
struct Line<'a> {
    name: &'a str,
    /// Its address, as it stands in a link.
    path: String,
    /// Its id in the JSON view.
    id: String,
    moods: Vec<Mood>,
}

impl Line<'_> {
    fn whole(&self) -> Mood {
        self.moods.iter().fold(Mood::default(), |mut sum, mood| {
            sum.join(*mood);
            sum
        })
    }
}

/// The column of a step.
fn column(site: &Site<'_>, met: &Met<'_>) -> usize {
    places::phase_number(site, met.phase()) - 1
}

/// The touchpoints at which somebody feels something, worst first.
fn touchpoints<'a>(site: &Site<'a>) -> Vec<Line<'a>> {
    let columns = site.library.settings.lifecycle.len() + 1;
    let mut found: HashMap<EntityId, (&'a Entity, Vec<Mood>)> = HashMap::default();
    let journeys = site.published(Kind::Journey).filter(|e| counts(site, e));
    for met in journeys.flat_map(steps_of).filter(Met::is_real) {
        let Some(touchpoint) = met.touchpoint(site.library) else {
            continue;
        };
        if !counts(site, touchpoint) {
            continue;
        }
        let entry = found.entry(touchpoint.index);
        let (_, moods) = entry.or_insert_with(|| (touchpoint, vec![Mood::default(); columns]));
        moods[column(site, &met)].extend(met.feelings(site.library).map(|(_, felt)| felt));
    }
    let lines = found.into_values().map(|(touchpoint, moods)| Line {
        name: touchpoint.name(),
        path: route::entity_path(touchpoint),
        id: touchpoint.id.to_string(),
        moods,
    });
    sorted(lines)
}

/// The same for channels.
fn channels<'a>(site: &'a Site<'_>) -> Vec<Line<'a>> {
    let columns = site.library.settings.lifecycle.len() + 1;
    let lines = site.channels().iter().map(|(slug, channel)| {
        let mut moods = vec![Mood::default(); columns];
        for met in channel
            .steps(site.library)
            .iter()
            .filter(|met| met.is_real() && counts(site, met.entity))
        {
            moods[column(site, met)].extend(met.feelings(site.library).map(|(_, felt)| felt));
        }
        Line {
            name: &channel.name,
            path: super::super::channel::address(slug),
            id: slug.to_string(),
            moods,
        }
    });
    sorted(lines)
}

fn sorted<'a>(lines: impl Iterator<Item = Line<'a>>) -> Vec<Line<'a>> {
    let mut lines: Vec<_> = lines.filter(|line| line.whole().n > 0).collect();
    lines.sort_by(|a, b| {
        a.whole()
            .worst_first(b.whole())
            .then_with(|| a.id.cmp(&b.id))
    });
    lines
}

pub(in crate::site) fn moods(site: &Site<'_>) -> Result {
    let sheet = Sheet {
        tab: "touchpoints",
        path: "coverage/touchpoints/",
        part: None,
    };
    let root = super::super::root(site, sheet.path);
    let touchpoints = touchpoints(site);
    let channels = channels(site);
    let bad = touchpoints
        .iter()
        .filter(|line| line.whole().mean().is_some_and(|mean| mean < 0.0));
    let fields = vec![
        ("below", Value::from(bad.count())),
        ("total", touchpoints.len().into()),
        ("few", crate::library::touch::FEW_FEELINGS.into()),
        ("touchpoints", table(site, &root, &touchpoints)?),
        ("channels", table(site, &root, &channels)?),
    ];
    sheet.render(site, fields)
}

/// A table of some places, without the columns in which nobody feels anything.
fn table(site: &Site<'_>, root: &str, lines: &[Line<'_>]) -> Result<Value> {
    let mut words = phase_words(site);
    words.push(site.theme.label(&["coverage", "no_phase"]));
    let columns: Vec<usize> = (0..words.len())
        .filter(|&at| lines.iter().any(|line| line.moods[at].n > 0))
        .collect();
    let mut rows = String::new();
    let mut html = String::new();
    for line in lines.iter().take(MAX_ROWS) {
        html.clear();
        let href = format!("{root}{}", line.path);
        write_mood(site, (line.whole(), None), &mut html)?;
        for &at in &columns {
            let href = format!("{href}#{}", places::phase_anchor(at + 1));
            write_mood(site, (line.moods[at], Some(&href)), &mut html)?;
        }
        let form = [
            ("name", Part::Gap),
            ("href", Part::Gap),
            ("cells", Part::Gap),
            ("sum", Part::None),
        ];
        site.theme
            .stencil("matrix_row", &form)?
            .fill(&mut rows, |gap, out| {
                match gap {
                    0 => out.push_str(&escape(line.name)),
                    1 => out.push_str(&escape(&href)),
                    _ => out.push_str(&html),
                }
                Ok(())
            })?;
    }
    Ok(view([
        ("rows", Value::from_safe_string(rows)),
        ("count", lines.len().into()),
        ("more", lines.len().saturating_sub(MAX_ROWS).into()),
        (
            "columns",
            columns.iter().map(|&at| words[at].clone()).collect(),
        ),
    ]))
}

/// Writes how something feels as a cell.
fn write_mood(site: &Site<'_>, (mood, href): (Mood, Option<&str>), out: &mut String) -> Result<()> {
    let mean = mood.mean();
    let form = [
        ("level", Part::word(mean.map(places::level_word))),
        ("href", Part::gap(href.is_some() && mean.is_some())),
        ("value", Part::gap(mean.is_some())),
        ("n", Part::Gap),
        ("few", Part::flag(mood.is_small())),
    ];
    site.theme
        .stencil("mood_cell", &form)?
        .fill(out, |gap, out| {
            match gap {
                1 => out.push_str(&escape(href.unwrap_or_default())),
                2 => out.push_str(&mean.map(felt).unwrap_or_default()),
                _ => out.push_str(&mood.n.to_string()),
            }
            Ok(())
        })
}

/// The worst places for the overview: touchpoints, or channels where no step names one.
pub(super) fn worst(site: &Site<'_>, root: &str) -> Result<Value> {
    let touchpoints = touchpoints(site);
    let found = touchpoints.is_empty().then(|| channels(site));
    let lines = found.as_deref().unwrap_or(&touchpoints);
    let below = lines
        .iter()
        .filter(|line| line.whole().mean().is_some_and(|mean| mean < 0.0));
    let below = below.count();
    let shown = lines.iter().take(WORST).map(|line| {
        let mood = line.whole();
        Ok(view([
            ("name", Value::from(line.name)),
            ("href", format!("{root}{}", line.path).into()),
            ("mood", places::mood_view(site, mood)?),
        ]))
    });
    Ok(view([
        ("total", Value::from(lines.len())),
        ("below", below.into()),
        ("are_channels", found.is_some().into()),
        ("worst", Value::from(shown.collect::<Result<Vec<_>>>()?)),
    ]))
}

/// The whole of it as JSON.
pub(in crate::site) fn data(site: &Site<'_>) -> String {
    #[derive(Serialize)]
    struct InPhase<'a> {
        phase: Option<&'a str>,
        mean: Option<f64>,
        n: usize,
    }
    #[derive(Serialize)]
    struct Row<'a> {
        id: String,
        name: String,
        mean: Option<f64>,
        n: usize,
        phases: Vec<InPhase<'a>>,
    }
    #[derive(Serialize)]
    struct Whole<'a> {
        version: u32,
        touchpoints: Vec<Row<'a>>,
        channels: Vec<Row<'a>>,
    }
    let phases = &site.library.settings.lifecycle;
    let mean = |mood: Mood| mood.mean().map(|mean| (mean * 100.0).round() / 100.0);
    let row = |line: &'_ Line<'_>| {
        let whole = line.whole();
        let moods = line.moods.iter().enumerate();
        let moods = moods.filter(|(_, mood)| mood.n > 0);
        Row {
            id: line.id.clone(),
            name: line.name.to_owned(),
            mean: mean(whole),
            n: whole.n,
            phases: moods
                .map(|(at, mood)| InPhase {
                    phase: phases.get(at).map(String::as_str),
                    mean: mean(*mood),
                    n: mood.n,
                })
                .collect(),
        }
    };
    json::written(&Whole {
        version: json::VERSION,
        touchpoints: touchpoints(site).iter().map(row).collect(),
        channels: channels(site).iter().map(row).collect(),
    })
}
