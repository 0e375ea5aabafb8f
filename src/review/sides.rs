//! The two states that are compared, with all that they share held once.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Severity};
use crate::library::{Library, SETTINGS_FILE, Update};
use crate::source::Tree;

/// Two states of a project.
pub struct Sides {
    /// The state before.
    pub old: Library,
    /// The state after.
    pub new: Library,
    /// The files that are others in both, or in one of them only.
    pub differing: Vec<Arc<str>>,
    /// What is different in the state before as seen from the one after; `None` where the two share
    /// nothing, because they have other settings.
    pub update: Option<Update>,
}

/// Why a state is none that could be compared.
#[derive(Debug, thiserror::Error)]
pub enum SideError {
    /// Its settings cannot be read, so nobody knows what its files mean.
    #[error("{SETTINGS_FILE} of {side} cannot be read: {reason}\nhelp: mend it there first")]
    Settings {
        /// What the state is called.
        side: String,
        /// What is wrong with the settings.
        reason: String,
    },
    /// Neither state has a project.
    #[error(
        "there is no project in {0} nor in {1}: neither has a {SETTINGS_FILE} or a folder content/"
    )]
    NoProject(String, String),
}

impl Sides {
    /// Reads both states. `differing` is asked when `new` has been read, and tells the files that
    /// are different; only these are read of `old`, unless the settings are among them.
    pub fn load(
        old: Arc<dyn Tree>,
        new: Arc<dyn Tree>,
        differing: impl FnOnce() -> Vec<Arc<str>>,
    ) -> Self {
        let new = Library::load(new);
        let differing = differing();
        let (old, update) = if differing.iter().any(|path| **path == *SETTINGS_FILE) {
            (Library::load(old), None)
        } else {
            let (old, update) = new.turned_to(old, differing.iter().map(|path| &**path));
            (old, Some(update))
        };
        Self {
            old,
            new,
            differing,
            update,
        }
    }

    /// Whether the project began between the two.
    pub fn is_begun(&self) -> bool {
        is_none(&self.old)
    }

    /// Whether the two can be compared; they are called `base` and `head`.
    pub fn check(&self, base: &str, head: &str) -> Result<(), SideError> {
        for (library, side) in [(&self.old, base), (&self.new, head)] {
            let unreadable = |finding: &&Diagnostic| {
                *finding.path == *SETTINGS_FILE
                    && finding.severity == Severity::Error
                    && matches!(finding.code, "unreadable" | "yaml-syntax")
            };
            if let Some(finding) = library.findings.iter().find(unreadable) {
                let line = finding.place.as_ref().map(|place| place.start.line);
                let line = line.map_or_else(String::new, |line| format!(", in line {line}"));
                return Err(SideError::Settings {
                    side: side.to_owned(),
                    reason: format!("{}{line}", finding.message),
                });
            }
        }
        if is_none(&self.old) && is_none(&self.new) {
            return Err(SideError::NoProject(base.to_owned(), head.to_owned()));
        }
        Ok(())
    }
}

/// Whether a state has no project.
fn is_none(library: &Library) -> bool {
    library.file_count() == 0 && library.settings_document().is_none()
}
