//! The settings of a project and the schemas under them.

use std::io::ErrorKind::{NotADirectory, NotFound};

use super::SETTINGS_FILE;
use crate::diagnostic::{Diagnostic, Severity};
use crate::schema::{Schemas, Settings, read_settings};
use crate::source::{Document, Tree};

/// What `personary.yaml` says.
pub(super) struct Project {
    pub(super) settings: Settings,
    pub(super) schemas: Schemas,
    pub(super) findings: Vec<Diagnostic>,
    pub(super) document: Option<Document>,
    /// Whether the settings are without a mistake, now or in the last state that was good.
    pub(super) good: bool,
}

/// Reads the settings and compiles the schemas. Custom fields that cannot be told take no file with
/// them: the kinds are open then.
pub(super) fn read_project(tree: &dyn Tree, last: Option<&Settings>) -> Project {
    // A folder of that name is a mistake that is told.
    let there = tree.read(SETTINGS_FILE, 0).map_err(|error| error.kind());
    let is_there = !matches!(there, Err(NotFound | NotADirectory));
    let document = is_there.then(|| Document::read_yaml(tree, &SETTINGS_FILE.into()));
    let mut read = document
        .as_ref()
        .map_or_else(Default::default, read_settings);
    let mut good = read.findings.is_empty();
    if let Some(last) = last.filter(|_| !good) {
        read.settings = last.clone();
        read.fields_unknown = false;
        good = true;
    }
    let schemas = if read.fields_unknown {
        Schemas::open(&read.settings)
    } else {
        Schemas::new(&read.settings)
    };
    let schemas = schemas.or_else(|message| {
        read.findings.push(
            Diagnostic::new("schema", Severity::Error, SETTINGS_FILE, message)
                .help("check the JSON Schemas under `fields:`"),
        );
        read.settings.fields.clear();
        good = false;
        Schemas::open(&read.settings)
    });
    Project {
        settings: read.settings,
        // Without custom fields the schemas come from the program alone, and its tests compile them.
        schemas: schemas.unwrap_or_default(),
        findings: read.findings,
        document,
        good,
    }
}
