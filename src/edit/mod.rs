//! Floor 6: changing the team's files.
//!
//! In: a [`Library`]. Out: the files that a change makes different, each as it was read and as it
//! shall be ([`Changed`]), and their writing. Nothing is decided while writing: a change is made
//! in memory first, on top of the files that are there, loaded as a library and checked.
//!
//! - [`repairs`] makes the repairs that findings carry ([`Fix`](crate::diagnostic::Fix)).
//! - [`rename`] gives an entity another id, wherever it is named.
//! - [`set_theme`] adds a line to the settings.
//! - [`merge()`] merges two changes of one file.
//! - [`diff`] shows a change, [`save_each`] and [`save_all`] write it.

mod alias;
mod diff;
mod merge;
mod rename;
mod repair;
mod save;
mod setting;

pub use diff::diff;
pub use merge::{Markers, Merged, Sides, merge};
pub use rename::{RenameError, Renamed, rename};
pub use repair::{Repairs, repairs};
pub use save::{SaveError, save_all, save_each};
pub use setting::{SettingError, set_theme};

use std::sync::Arc;

use crate::library::Library;
use crate::source::{Overlay, Tree};

/// A file that is to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Its project path.
    pub path: Arc<str>,
    /// Its new project path, if it moves.
    pub to: Option<Arc<str>>,
    /// Its text as it was read.
    pub before: String,
    /// Its text as it shall be.
    pub after: String,
    /// At how many places they differ.
    pub places: usize,
}

/// A file that was left as it is, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its project path.
    pub path: Arc<str>,
    /// One sentence without a final full stop.
    pub reason: String,
}

/// The library as it would be with these changes on top of the files of `base`.
fn preview<'a>(base: &Arc<dyn Tree>, changes: impl IntoIterator<Item = &'a Changed>) -> Library {
    let mut tree = Overlay::new(base.clone());
    for change in changes {
        if change.to.is_some() {
            tree.remove(&change.path);
        }
        tree.write(change.to.as_ref().unwrap_or(&change.path), &change.after);
    }
    Library::load(Arc::new(tree))
}
