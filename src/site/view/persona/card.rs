//! The card of a persona: a page of its own that fits on a slide.
//!
//! In: a persona. Out: `stencils/card.html`, drawn once for each sort of persona and filled with
//! the texts of this one, since every persona has a card.

use super::super::super::markdown::escape;
use super::super::super::{Site, emblem, languages, route};
use super::super::parts::Parts;
use super::super::{Result, root};
use super::glance::Glance;
use crate::library::Entity;
use crate::library::facts::{Coverage, Grounds};
use crate::schema::kinds::persona::{Persona, Stance};
use crate::schema::{Data, Kind};

/// The address of the card below that of its persona.
pub(in crate::site) const PATH: &str = "card/";
/// Signals that fit on a card.
const SIGNALS: usize = 4;
/// Channels that fit on a card.
const CHANNELS: usize = 4;

/// Whether an entity has a card.
pub(in crate::site) fn has_card(entity: &Entity) -> bool {
    entity.kind == Kind::Persona && matches!(entity.data, Some(Data::Persona(_)))
}

/// The card of a persona.
pub(in crate::site) fn card(site: &Site<'_>, entity: &Entity) -> Result {
    let Some(Data::Persona(persona)) = &entity.data else {
        return super::super::not_found(site);
    };
    let page = route::entity_path(entity);
    let root = root(site, &format!("{page}{PATH}"));
    let mut parts = Parts::default();
    parts.word("market", persona.market.as_str());
    parts.word("stance", persona.stance.as_str());
    parts.word("status", entity.status().as_str());
    parts.word("basis", persona.basis.as_str());
    let settings = &site.library.settings;
    parts.text("lang", Some(&*settings.lang));
    parts.text("dir", Some(languages::direction(&settings.lang)));
    parts.text("site", Some(&*settings.title));
    let canonical = site.options.canonical(&format!("{page}{PATH}"));
    parts.text("canonical", canonical);
    parts.text("page", Some(format!("{root}{page}")));
    parts.text("name", Some(entity.name()));
    parts.text("summary", entity.common.summary.as_deref());
    parts.who(site, entity, persona, &root);
    let [goals, pains, talk] = Glance::of(site, entity).items(site)?;
    parts.html("goals", goals);
    parts.html("pains", pains);
    parts.html("talk", talk);
    let channels = persona.channels.iter().flat_map(|c| &c.preferred);
    parts.html("channels", items(channels.take(CHANNELS)));
    let negative = persona.negative.as_ref();
    let signals = negative.iter().flat_map(|negative| &negative.signals);
    parts.html("signals", items(signals.take(SIGNALS)));
    parts.text("reason", negative.map(|n| &*n.reason));
    parts.text("handling", negative.and_then(|n| n.handling.as_deref()));
    parts.founded(site, entity, persona);
    parts.text("root", Some(&*root));
    let stencil = site.theme.stencil("card", &parts.form)?;
    parts.fill(&stencil)
}

impl<'a> Parts<'a> {
    /// Job, voice and picture.
    fn who(&mut self, site: &Site<'_>, entity: &'a Entity, persona: &'a Persona, root: &str) {
        let job = persona.b2b.as_ref();
        self.text("designation", job.map(|job| &*job.designation));
        self.text("department", job.map(|job| &*job.department));
        let quote = persona.quote.as_ref();
        self.text("quote", quote.map(|quote| &*quote.text));
        self.text(
            "attribution",
            quote.and_then(|quote| quote.attribution.as_deref()),
        );
        let portrait = site.portrait(entity, persona);
        let negative = persona.stance == Stance::Negative;
        let drawing = || emblem::emblem(&entity.id, negative);
        self.html("emblem", portrait.is_none().then(drawing));
        let portrait = portrait.as_deref().map(|path| route::from(root, path));
        self.text("portrait", portrait);
        self.text("hue", Some(emblem::hue(&entity.id).to_string()));
    }

    /// What it rests on.
    fn founded(&mut self, site: &Site<'_>, entity: &Entity, persona: &Persona) {
        let coverage = Coverage::of(persona);
        let some = coverage.claims > 0;
        self.text("claims", some.then(|| coverage.claims.to_string()));
        self.text("cited", Some(coverage.cited.to_string()));
        let assumptions = match coverage.assumptions() {
            0 => None,
            n => Some(counted(site, &["persona", "assumptions"], n)),
        };
        self.text("assumptions", assumptions);
        let newest = Grounds::of(site.library, entity).newest();
        let newest = newest.map(|(day, _)| site.theme.day(&day.to_string()));
        self.text("newest", newest);
        let reviewed = entity.common.last_reviewed;
        let reviewed = reviewed.map(|day| site.theme.day(&day.to_string()));
        self.text("reviewed", reviewed);
    }
}

/// Texts as list items, `None` without any.
fn items<'a>(texts: impl Iterator<Item = &'a String>) -> Option<String> {
    let mut out = String::new();
    for text in texts {
        out.push_str("<li>");
        out.push_str(&escape(text));
        out.push_str("</li>");
    }
    (!out.is_empty()).then_some(out)
}

/// The text for one or for many at a path of the labels, with the number.
fn counted(site: &Site<'_>, path: &[&str; 2], n: usize) -> String {
    let form = if n == 1 { "one" } else { "many" };
    let text = site.theme.word(&[path[0], path[1], form]);
    text.unwrap_or("{n}").replace("{n}", &n.to_string())
}
