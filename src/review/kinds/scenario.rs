//! A scenario in two states: whose story it is, in which journey, and the story itself.

use super::spot::{Differ, Spot};
use crate::review::fields::FIELD;
use crate::review::pair::{Notes, Pair};
use crate::schema::Data;
use crate::schema::content::plain;
use crate::schema::kinds::scenario::Story;

/// The fields whose changes are noted here.
pub(super) const FIELDS: &[&str] = &["persona", "journey", "story"];

/// Notes what is different. A story is one sentence in three parts and told as one.
pub(super) fn changes<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>) {
    let Some((Data::Scenario(before), Data::Scenario(after))) = pair.data() else {
        return;
    };
    let mut differ = Differ { pair, notes };
    let personas = (Some(&before.persona), Some(&after.persona));
    differ.reference(FIELD, "Persona", &Spot::top("persona"), personas);
    let journeys = (before.journey.as_ref(), after.journey.as_ref());
    differ.reference(FIELD, "Journey", &Spot::top("journey"), journeys);
    let values = (Some(words(&before.story)), Some(words(&after.story)));
    differ.value(FIELD, "Story", &Spot::top("story"), values);
}

fn words(story: &Story) -> String {
    let part = |text: &str| plain(text).trim_end_matches(['.', ',']).to_owned();
    let [who, want, why] = [&story.r#as, &story.want, &story.so_that].map(|text| part(text));
    format!("As {who}, I want {want}, so that {why}.")
}
