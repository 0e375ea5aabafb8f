//! A page in two states: its place in the menu, which changes nothing of what it says.

use super::spot::{Differ, Spot};
use crate::review::code::{FIELD_ADDED, PROSE_CHANGED};
use crate::review::pair::{Notes, Pair};
use crate::schema::Data;

/// The fields whose changes are noted here.
pub(super) const FIELDS: &[&str] = &["order"];

/// Notes what is different.
pub(super) fn changes<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>) {
    let Some((Data::Page(before), Data::Page(after))) = pair.data() else {
        return;
    };
    let words = |order: Option<i64>| order.map(|order| order.to_string());
    let values = (words(before.order), words(after.order));
    let codes = [FIELD_ADDED, PROSE_CHANGED, PROSE_CHANGED];
    let title = "Place in the menu";
    Differ { pair, notes }.value(codes, title, &Spot::top("order"), values);
}
