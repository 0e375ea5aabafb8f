//! Channels: a page for each, and a list of them.

use minijinja::Value;

use super::super::fields::view;
use super::super::markdown::escape;
use super::super::theme::Part;
use super::super::{Site, encode};
use super::{Fields, PageInfo, Result, index, places, render};
use crate::library::Entity;
use crate::library::channels::{Channel, slug};
use crate::library::touch::{Met, Mood};

pub(in crate::site) const PATH: &str = "channels/";
/// Entries of a list that people still read.
const MAX_ENTRIES: usize = 60;
/// Rows of the list of channels.
const MAX_ROWS: usize = 300;

/// The address of a channel by its name in addresses, as it stands in a link.
pub(super) fn address(slug: &str) -> String {
    format!("{PATH}{}/", encode(slug))
}

/// Writes the name of a channel with a link to its page.
pub(super) fn write(site: &Site<'_>, root: &str, written: &str, out: &mut String) -> Result<()> {
    let Some(slug) = slug(written) else {
        return Ok(());
    };
    // A translation may call a channel otherwise than those that have a page.
    if site.is_edition() && !site.has_channel(&slug) {
        out.push_str(&escape(written));
        return Ok(());
    }
    let form = [("href", Part::Gap), ("text", Part::Gap)];
    site.theme
        .stencil("cell_link", &form)?
        .fill(out, |gap, out| {
            if gap == 0 {
                out.push_str(root);
                out.push_str(&escape(&address(&slug)));
            } else {
                out.push_str(&escape(written));
            }
            Ok(())
        })
}

/// The name of a channel with a link, for templates.
pub(super) fn link(site: &Site<'_>, root: &str, written: &str) -> Result<Value> {
    let mut html = String::new();
    write(site, root, written, &mut html)?;
    Ok(view([
        ("name", Value::from(written)),
        ("link", Value::from_safe_string(html)),
    ]))
}

/// How its steps of today feel.
fn mood(site: &Site<'_>, channel: &Channel) -> Mood {
    let steps = channel.steps(site.library);
    let real = steps.iter().filter(|met| met.is_real());
    real.fold(Mood::default(), |mut sum, met: &Met<'_>| {
        sum.join(places::mood_of(site, met));
        sum
    })
}

/// The list of all channels, those with the most steps first.
pub(in crate::site) fn channels(site: &Site<'_>) -> Result {
    let root = super::root(site, PATH);
    let mut all: Vec<_> = site.channels().iter().collect();
    all.sort_by_key(|(slug, channel)| (std::cmp::Reverse(channel.uses()), *slug));
    let rows = all.iter().take(MAX_ROWS).map(|(slug, channel)| {
        Ok(view([
            ("name", Value::from(&*channel.name)),
            ("href", format!("{root}{}", address(slug)).into()),
            ("touchpoints", channel.uses().1.into()),
            ("steps", channel.uses().0.into()),
            ("personas", channel.uses().2.into()),
            ("mood", places::mood_view(site, mood(site, channel))?),
        ]))
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    let info = PageInfo {
        kind: "touchpoint",
        title: site
            .theme
            .word(&["places", "channels"])
            .unwrap_or("Channels"),
        description: site.theme.word(&["places", "channels_lead"]),
        path: PATH,
        entity: None,
    };
    let channels = view([
        ("rows", Value::from(rows)),
        ("more", all.len().saturating_sub(MAX_ROWS).into()),
    ]);
    render(site, "channels.html", &info, vec![("channels", channels)])
}

/// The page of a channel.
pub(in crate::site) fn channel(site: &Site<'_>, name: &str) -> Result {
    let Some(channel) = site.channels().get(name) else {
        return super::not_found(site);
    };
    let path = format!("{PATH}{name}/");
    let root = super::root(site, &path);
    let root = root.as_str();
    let mut fields: Fields = vec![("name", (*channel.name).into())];
    places::extend(site, root, &channel.steps(site.library), &mut fields)?;
    let touchpoints = channel.touchpoints(site.library);
    let personas = channel.personas(site.library);
    let shown = |all: &[&Entity]| -> Value {
        let shown = all.iter().take(MAX_ENTRIES);
        shown.map(|entity| site.reference(entity, root)).collect()
    };
    let place = index::Place { root, level: "h3" };
    let cards = personas.iter().copied().take(MAX_ENTRIES / 5);
    let more = |all: &[&Entity], cap: usize| Value::from(all.len().saturating_sub(cap));
    fields.extend([
        ("touchpoints", shown(&touchpoints)),
        ("more_touchpoints", more(&touchpoints, MAX_ENTRIES)),
        ("personas", index::items(site, cards, place)?),
        ("persona_count", personas.len().into()),
        ("more_personas", more(&personas, MAX_ENTRIES / 5)),
    ]);
    let info = PageInfo {
        kind: "touchpoint",
        title: &channel.name,
        description: None,
        path: &path,
        entity: None,
    };
    render(site, "channel.html", &info, vec![("e", view(fields))])
}
