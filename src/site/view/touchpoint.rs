//! The touchpoint page: what happens there.

use super::super::Site;
use super::super::refs::At;
use super::{Fields, Result, channel, places};
use crate::schema::Kind;
use crate::schema::kinds::touchpoint::Touchpoint;

pub(super) fn extend(
    site: &Site<'_>,
    at: At<'_>,
    data: &Touchpoint,
    out: &mut Fields,
) -> Result<()> {
    let mut steps = site.library.steps_at(at.entity);
    steps.retain(|met| site.is_published(met.entity));
    places::extend(site, at.root, &steps, out)?;
    out.push(("channel", channel::link(site, at.root, &data.channel)?));
    let journeys: Vec<_> = steps.iter().map(|met| met.entity.index).collect();
    // Their steps stand above.
    let others =
        move |e: &crate::library::Entity| e.kind != Kind::Journey || !journeys.contains(&e.index);
    out.push(("backlinks", super::backlinks(site, at, &others)));
    Ok(())
}
