//! A persona in two states.

use crate::review::pair::{Notes, Pair};

/// The fields whose changes are noted here.
pub(super) const FIELDS: &[&str] = &[];

/// Notes what is different.
pub(super) fn changes<'a>(_pair: &Pair<'a>, _notes: &mut Notes<'a>) {}
