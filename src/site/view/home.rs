//! The front page: it leads a newcomer to a persona.

use minijinja::Value;

use super::super::Site;
use super::super::fields::view;
use super::{PageInfo, Result, index, menu_entry, render, root, shown_findings};
use crate::library::Entity;
use crate::library::health::Found;
use crate::schema::kinds::common::Status;
use crate::schema::kinds::persona::{Persona, Stance};
use crate::schema::{Data, Kind};

const MAX_PERSONAS: usize = 12;
const MAX_JOURNEYS: usize = 6;
const MAX_KPIS: usize = 8;

pub(in crate::site) fn home(site: &Site<'_>, found: &dyn Found) -> Result {
    let current = |entity: &&Entity| entity.status() == Status::Active;
    let personas = |stance: Stance| {
        site.published(Kind::Persona).filter(current).filter(
            move |entity| matches!(&entity.data, Some(Data::Persona(p)) if p.stance == stance),
        )
    };
    let shown: Vec<&Entity> = personas(Stance::Target).take(MAX_PERSONAS).collect();
    let all = site.library.count(Kind::Persona, site.options.drafts);
    let start = shown.iter().find_map(|entity| match &entity.data {
        Some(Data::Persona(persona)) if persona.quote.is_some() => {
            Some(start(site, entity, persona))
        }
        _ => None,
    });
    let negative = personas(Stance::Negative).take(MAX_PERSONAS);
    let counts = Kind::ALL.iter().filter_map(|&kind| {
        let count = site.library.count(kind, site.options.drafts);
        (count > 0 && kind != Kind::Page).then(|| menu_entry(site, kind, count))
    });
    let text = site
        .library
        .get(Kind::Page, "index")
        .filter(|page| site.is_published(page));
    let root = root(site, "");
    let body = text
        .map(|page| site.markdown(page, &root).html)
        .unwrap_or_default();
    let place = index::Place {
        root: &root,
        level: "h3",
    };
    let more = all.saturating_sub(shown.len());
    let journeys = site.published(Kind::Journey).take(MAX_JOURNEYS);
    let kpis = site.published(Kind::Kpi).take(MAX_KPIS);
    let home = view([
        ("more_personas", Value::from(more)),
        ("personas", index::items(site, shown, place)?),
        (
            "negative",
            negative.map(|e| site.reference(e, &root)).collect(),
        ),
        ("journeys", index::items(site, journeys, place)?),
        ("kpis", index::items(site, kpis, place)?),
        ("counts", counts.collect()),
        ("start", Value::from(start)),
        ("body", Value::from_safe_string(body)),
    ]);
    let settings = &site.library.settings;
    let info = PageInfo {
        kind: "home",
        title: &settings.title,
        description: settings.description.as_deref(),
        path: "",
        entity: text,
    };
    let mut context = vec![("home", home)];
    context.extend(text.and_then(|page| shown_findings(site, found.about(page.index))));
    render(site, "home.html", &info, context)
}

/// The persona to begin with.
fn start(site: &Site<'_>, entity: &Entity, persona: &Persona) -> Value {
    let mut fields = site.reference_fields(entity);
    let quote = persona
        .quote
        .as_ref()
        .map(|q| view([("text", Value::from(&q.text))]));
    fields.push(("quote", Value::from(quote)));
    view(fields)
}
