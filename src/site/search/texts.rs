//! What is searched of an entity: only what its page shows.

use pulldown_cmark::{Event, Parser};

use super::super::refs;
use crate::library::Entity;
use crate::schema::kinds::claim::Claim;
use crate::schema::kinds::journey::Journey;
use crate::schema::kinds::persona::Persona;
use crate::schema::{Data, Kind};
use crate::source::markdown::OPTIONS;

/// How much a word says about an entity; the best comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    /// It is its name.
    Name,
    /// It stands where the entity is told in short.
    About,
    /// It stands anywhere else.
    Text,
}

/// Receives each text with its rank.
type Each<'e> = dyn FnMut(Rank, &str) + 'e;

/// Calls `each` with every text of an entity, those of the best rank first.
pub(super) fn texts(entity: &Entity, each: &mut Each<'_>) {
    each(Rank::Name, entity.name());
    let about = &mut |text: &str| each(Rank::About, text);
    about(&entity.id);
    about(refs::summary(entity).unwrap_or_default());
    entity.common.aliases.iter().for_each(|alias| about(alias));
    entity.common.tags.iter().for_each(|tag| about(tag));
    if let Some(Data::Persona(persona)) = &entity.data
        && let Some(b2b) = &persona.b2b
    {
        about(&b2b.designation);
        about(&b2b.department);
    }
    let text = &mut |text: &str| each(Rank::Text, text);
    entity.claims().for_each(|(_, claim, _)| text(&claim.text));
    match &entity.data {
        Some(Data::Persona(data)) => persona(data, text),
        Some(Data::Journey(data)) => journey(data, text),
        Some(Data::Kpi(kpi)) => all([&kpi.question, &kpi.method, &kpi.source], text),
        Some(Data::Scenario(scenario)) => {
            let story = &scenario.story;
            for part in [&story.r#as, &story.want, &story.so_that] {
                text(part);
            }
        }
        Some(Data::Touchpoint(touchpoint)) => text(&touchpoint.channel),
        Some(Data::Team(team)) => text(&team.contact),
        _ => {}
    }
    entity.outline.headings.iter().for_each(|h| text(&h.text));
    if entity.kind == Kind::Page {
        for event in Parser::new_ext(entity.document.markdown(), OPTIONS) {
            if let Event::Text(shown) | Event::Code(shown) = event {
                text(&shown);
            }
        }
    }
}

fn persona(persona: &Persona, text: &mut dyn FnMut(&str)) {
    if let Some(quote) = &persona.quote {
        text(&quote.text);
    }
    if let Some(map) = &persona.empathy {
        let sides = [&map.says, &map.thinks, &map.does, &map.feels];
        sides.into_iter().flatten().for_each(|line| text(line));
    }
    if let Some(buying) = persona.b2b.as_ref().and_then(|b2b| b2b.buying.as_ref()) {
        all([&buying.trigger], text);
        let lists = [&buying.success_factors, &buying.barriers, &buying.criteria];
        lists.into_iter().flatten().for_each(|line| text(line));
    }
    if let Some(b2b) = &persona.b2b {
        b2b.job_kpis.iter().for_each(|line| text(line));
    }
    if let Some(b2c) = &persona.b2c {
        let lists = [&b2c.interests, &b2c.emotions, &b2c.concerns];
        lists.into_iter().flatten().for_each(|line| text(line));
    }
    if let Some(negative) = &persona.negative {
        text(&negative.reason);
        text(&negative.drain);
        negative.signals.iter().for_each(|line| text(line));
        all([&negative.handling], text);
    }
}

fn journey(journey: &Journey, text: &mut dyn FnMut(&str)) {
    text(&journey.scenario);
    all([&journey.expectations], text);
    for stage in &journey.stages {
        text(&stage.name);
        all([&stage.goal], text);
        for step in &stage.steps {
            text(&step.action);
            all([&step.thought, &step.channel], text);
            let claims = step.pains.iter().chain(&step.opportunities);
            claims
                .map(|claim: &Claim| &claim.text)
                .for_each(|line| text(line));
            step.backstage.iter().for_each(|line| text(line));
        }
    }
}

fn all<const N: usize>(texts: [&Option<String>; N], text: &mut dyn FnMut(&str)) {
    texts.into_iter().flatten().for_each(|line| text(line));
}
