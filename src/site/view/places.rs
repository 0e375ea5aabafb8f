//! What happens at a place where customers meet us, a touchpoint or a channel: the steps by phase,
//! how they feel and for whom, what goes wrong there and what could be better.

use std::cmp::Reverse;

use foldhash::{HashMap, HashSet};
use minijinja::Value;

use super::super::fields::view;
use super::super::markdown::escape;
use super::super::theme::Part;
use super::super::{Site, encode};
use super::{Fields, Result, journey, value_word};
use crate::library::touch::{Met, Mood};
use crate::library::{Entity, EntityId};
use crate::schema::Kind;
use crate::schema::kinds::claim::{Claim, Grade};

/// Steps shown of one phase, worst first.
const MAX_STEPS: usize = 20;
/// Personas whose mean is shown, worst first.
const MAX_PERSONAS: usize = 24;
/// Pains, opportunities and KPIs shown.
const MAX_CLAIMS: usize = 24;
/// Personas named at a step.
const MAX_NAMES: usize = 3;

/// The number of a phase, from 1 on in the order of the settings; the last is for stages without one.
pub(super) fn phase_number(site: &Site<'_>, phase: Option<&str>) -> usize {
    let phases = &site.library.settings.lifecycle;
    let at = phase.and_then(|phase| phases.iter().position(|known| known == phase));
    at.unwrap_or(phases.len()) + 1
}

/// The id of the steps of a phase in the page of a place.
pub(super) fn phase_anchor(number: usize) -> String {
    format!("phase-{number}")
}

/// A mean feeling with its sign and one decimal.
pub(super) fn felt(mean: f64) -> String {
    let text = format!("{mean:+.1}").replace('-', "−");
    match text.as_str() {
        "+0.0" | "−0.0" => "0".to_owned(),
        _ => text,
    }
}

/// The place of a mean among the five words for feelings, as templates are told it.
pub(super) fn level_word(mean: f64) -> &'static str {
    ["0", "1", "2", "3", "4"][journey::level(mean)]
}

/// How something feels, for templates.
pub(super) fn mood_view(site: &Site<'_>, mood: Mood) -> Result<Value> {
    let Some(mean) = mood.mean() else {
        return Ok(Value::from(()));
    };
    Ok(view([
        ("level", Value::from(level_word(mean))),
        ("word", journey::emotion_word(site, mean).into()),
        ("value", felt(mean).into()),
        ("face", site.theme.piece("face", &mean.round().into(), "")?),
        ("n", mood.n.into()),
        ("few", mood.is_small().into()),
    ]))
}

/// How those who meet it feel at a step.
pub(super) fn mood_of(site: &Site<'_>, met: &Met<'_>) -> Mood {
    let mut mood = Mood::default();
    mood.extend(met.feelings(site.library).map(|(_, felt)| felt));
    mood
}

/// Adds what happens at the steps of a place. What is only wanted is listed, but nobody has felt it.
pub(super) fn extend(
    site: &Site<'_>,
    root: &str,
    steps: &[Met<'_>],
    out: &mut Fields,
) -> Result<()> {
    let mut whole = Mood::default();
    let mut journeys = HashSet::default();
    let mut personas: HashMap<EntityId, (&Entity, Mood)> = HashMap::default();
    let mut phases: Vec<Vec<(&Met<'_>, Mood)>> = Vec::new();
    phases.resize_with(site.library.settings.lifecycle.len() + 1, Vec::new);
    for met in steps {
        journeys.insert(met.entity.index);
        let mut mood = Mood::default();
        for (persona, felt) in met.feelings(site.library) {
            mood.add(felt);
            if met.is_real() {
                let entry = personas.entry(persona.index);
                entry.or_insert((persona, Mood::default())).1.add(felt);
            }
        }
        if met.is_real() {
            whole.join(mood);
        }
        phases[phase_number(site, met.phase()) - 1].push((met, mood));
    }
    let mut groups = Vec::new();
    for (at, mut steps) in phases
        .into_iter()
        .enumerate()
        .filter(|(_, steps)| !steps.is_empty())
    {
        steps.sort_by(|a, b| a.1.worst_first(b.1));
        let mut mood = Mood::default();
        let real = steps.iter().filter(|(met, _)| met.is_real());
        real.for_each(|(_, felt)| mood.join(*felt));
        let mut rows = String::new();
        for (met, mood) in steps.iter().take(MAX_STEPS) {
            write_step(site, root, (met, *mood), &mut rows)?;
        }
        let name = match site.library.settings.lifecycle.get(at) {
            Some(phase) => value_word(site, "lifecycle", phase),
            None => site.theme.label(&["coverage", "no_phase"]),
        };
        groups.push(view([
            ("anchor", Value::from(phase_anchor(at + 1))),
            ("name", name),
            ("count", steps.len().into()),
            ("mood", mood_view(site, mood)?),
            ("rows", Value::from_safe_string(rows)),
            ("more", steps.len().saturating_sub(MAX_STEPS).into()),
        ]));
    }
    let mut personas: Vec<_> = personas.into_values().collect();
    personas.sort_by(|(a, one), (b, other)| {
        one.worst_first(*other)
            .then_with(|| a.sort_key().cmp(b.sort_key()))
    });
    let more = personas.len().saturating_sub(MAX_PERSONAS);
    let felt = personas.iter().take(MAX_PERSONAS).map(|(persona, mood)| {
        Ok(view([
            ("ref", site.reference(persona, root)),
            ("mood", mood_view(site, *mood)?),
        ]))
    });
    let felt = felt.collect::<Result<Vec<_>>>()?;
    let place = view([
        ("steps", Value::from(steps.len())),
        ("journeys", journeys.len().into()),
        ("personas", personas.len().into()),
        ("mood", mood_view(site, whole)?),
        ("phases", Value::from(groups)),
        ("felt", Value::from(felt)),
        ("more_felt", more.into()),
        ("pains", claims(site, root, steps, |met| &met.step().pains)?),
        (
            "opportunities",
            claims(site, root, steps, |met| &met.step().opportunities)?,
        ),
        ("kpis", kpis(site, root, steps)),
    ]);
    out.push(("place", place));
    Ok(())
}

fn step_address(site: &Site<'_>, root: &str, met: &Met<'_>) -> String {
    let path = site.path_of(met.entity);
    format!("{root}{path}#{}", encode(&met.anchor()))
}

/// Writes a step as a row of the table of a phase.
fn write_step(
    site: &Site<'_>,
    root: &str,
    (met, mood): (&Met<'_>, Mood),
    out: &mut String,
) -> Result<()> {
    let mean = mood.mean();
    let names: Vec<&str> = met
        .feelings(site.library)
        .map(|(persona, _)| site.name_of(persona))
        .collect();
    let more = names.len().saturating_sub(MAX_NAMES);
    let form = [
        ("href", Part::Gap),
        ("action", Part::Gap),
        ("journey", Part::Gap),
        ("stage", Part::Gap),
        ("names", Part::gap(!names.is_empty())),
        ("more", Part::gap(more > 0)),
        ("value", Part::gap(mean.is_some())),
        ("level", Part::word(mean.map(level_word))),
        ("future", Part::flag(!met.is_real())),
    ];
    site.theme
        .stencil("place_step", &form)?
        .fill(out, |gap, out| {
            match gap {
                0 => out.push_str(&escape(&step_address(site, root, met))),
                1 => out.push_str(&escape(&met.step().action)),
                2 => out.push_str(&escape(site.name_of(met.entity))),
                3 => out.push_str(&escape(&met.stage.name)),
                4 => out.push_str(&escape(&names[..names.len().min(MAX_NAMES)].join(", "))),
                5 => out.push_str(&more.to_string()),
                _ => out.push_str(&mean.map(felt).unwrap_or_default()),
            }
            Ok(())
        })
}

/// Claims of the steps, the most severe first, each with a link to its step.
fn claims<'a>(
    site: &Site<'_>,
    root: &str,
    steps: &[Met<'a>],
    list: impl Fn(&Met<'a>) -> &'a [Claim],
) -> Result<Value> {
    let mut all: Vec<(&Met<'a>, &Claim)> = steps
        .iter()
        .flat_map(|met| list(met).iter().map(move |claim| (met, claim)))
        .collect();
    all.sort_by_key(|(_, claim)| (Reverse(claim.severity), claim.is_assumption()));
    let mut html = String::new();
    for (met, claim) in all.iter().take(MAX_CLAIMS) {
        let form = [
            ("href", Part::Gap),
            ("text", Part::Gap),
            ("place", Part::Gap),
            ("severity", Part::word(claim.severity.map(Grade::as_str))),
            ("assumption", Part::flag(claim.is_assumption())),
        ];
        site.theme
            .stencil("place_claim", &form)?
            .fill(&mut html, |gap, out| {
                match gap {
                    0 => out.push_str(&escape(&step_address(site, root, met))),
                    1 => out.push_str(&escape(&claim.text)),
                    _ => {
                        out.push_str(&escape(site.name_of(met.entity)));
                        out.push_str(" › ");
                        out.push_str(&escape(&met.stage.name));
                    }
                }
                Ok(())
            })?;
    }
    Ok(view([
        ("count", Value::from(all.len())),
        ("more", all.len().saturating_sub(MAX_CLAIMS).into()),
        ("html", Value::from_safe_string(html)),
    ]))
}

/// The KPIs measured at the steps, those of most steps first.
fn kpis(site: &Site<'_>, root: &str, steps: &[Met<'_>]) -> Value {
    let mut found: HashMap<EntityId, (&Entity, usize)> = HashMap::default();
    for kpi in steps.iter().flat_map(|met| &met.step().kpis) {
        if let Some(kpi) = site.library.find(Kind::Kpi, kpi.id()) {
            found.entry(kpi.entity.index).or_insert((kpi.entity, 0)).1 += 1;
        }
    }
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by_key(|(kpi, count)| (Reverse(*count), kpi.sort_key()));
    let shown = found.iter().take(MAX_CLAIMS);
    shown.map(|(kpi, _)| site.reference(kpi, root)).collect()
}

#[cfg(test)]
mod tests {
    use super::{felt, level_word};

    #[test]
    fn means_have_a_sign_and_a_word() {
        let seen = [-1.6, -0.5, -0.04, 0.04, 1.25].map(|mean| (felt(mean), level_word(mean)));
        let row = |text: &str, level| (text.to_owned(), level);
        assert_eq!(
            seen,
            [
                row("−1.6", "0"),
                row("−0.5", "2"),
                row("0", "2"),
                row("0", "2"),
                row("+1.2", "3")
            ]
        );
    }
}
