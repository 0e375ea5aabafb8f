//! What pages of single entities ask of the library as a whole.
//!
//! It is made when first needed and then follows the library change by change, so that a page
//! costs after a save what it costs in a small library.

use std::sync::OnceLock;

use super::route;
use crate::library::channels::Names;
use crate::library::counterparts::Sketches;
use crate::library::{Library, Update};
use crate::schema::Kind;

/// What was found of a library.
#[derive(Debug, Default)]
pub(super) struct Whole {
    sketches: OnceLock<Sketches>,
    channels: OnceLock<Names>,
    counted: Counted,
}

/// What the menu depends on, besides the pages in it: how many there are of each kind, with and
/// without drafts, and the logo.
type Counted = (Vec<[usize; 2]>, Option<String>);

impl Whole {
    pub(super) fn new(library: &Library) -> Self {
        Self {
            counted: counted(library),
            ..Self::default()
        }
    }

    /// Follows an update of the library; whether the menu may be another one now.
    pub(super) fn follow(&mut self, library: &Library, update: &Update) -> bool {
        if let Some(sketches) = self.sketches.get_mut() {
            sketches.update(library, update);
        }
        if let Some(channels) = self.channels.get_mut() {
            channels.update(library, update);
        }
        let now = counted(library);
        let is_page = |id| {
            let entity = library.entity(id);
            entity.is_some_and(|entity| entity.kind == Kind::Page)
        };
        let changed = update.changed.iter().any(|&id| is_page(id));
        // Of what is gone nobody knows the kind any more.
        let menu = now != self.counted || changed || !update.removed.is_empty();
        self.counted = now;
        menu
    }

    /// The sketches of all personas; `drafts` tells whether drafts are published.
    pub(super) fn sketches(&self, library: &Library, drafts: bool) -> &Sketches {
        self.sketches.get_or_init(|| Sketches::of(library, drafts))
    }

    /// The channels that are named; `drafts` tells whether drafts are published.
    pub(super) fn channels(&self, library: &Library, drafts: bool) -> &Names {
        self.channels.get_or_init(|| Names::of(library, drafts))
    }
}

fn counted(library: &Library) -> Counted {
    let kinds = Kind::ALL.iter();
    let counts = kinds.map(|&kind| [true, false].map(|drafts| library.count(kind, drafts)));
    (counts.collect(), route::logo(library))
}
