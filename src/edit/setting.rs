//! A setting that is not there yet.

use std::sync::Arc;

use super::Changed;
use crate::library::{Library, SETTINGS_FILE};
use crate::schema::read_settings;
use crate::source::{Document, Memory};

/// Why a setting cannot be added.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// It cannot be read.
    #[error("{SETTINGS_FILE} cannot be read: {0}")]
    Unreadable(String),
    /// It has the setting already, or a form in which a line more would mean something else.
    #[error("{SETTINGS_FILE} does not take the line\nhelp: write it there yourself: {0}")]
    Form(String),
}

/// The settings with `theme: NAME` as their last line. Nothing is written.
pub fn set_theme(library: &Library, name: &str) -> Result<Changed, SettingError> {
    let line = format!("theme: {name}");
    let bytes = library.tree().read(SETTINGS_FILE, 1 << 20);
    let bytes = bytes.map_err(|e| SettingError::Unreadable(crate::source::reason(&e)))?;
    let before = String::from_utf8(bytes).map_err(|e| SettingError::Unreadable(e.to_string()))?;
    let ends = if before.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let gap = if before.is_empty() || before.ends_with('\n') {
        ""
    } else {
        ends
    };
    let after = format!("{before}{gap}{line}{ends}");
    // A flow map or a second document would swallow the line or break: it is read again to see.
    let path = Arc::from(SETTINGS_FILE);
    let read = |text: &str| {
        let tree = Memory::default().with(SETTINGS_FILE, text);
        read_settings(&Document::read_yaml(&tree, &path))
    };
    let (was, is) = (read(&before), read(&after));
    let added = is.settings.theme.as_deref() == Some(name) && was.settings.theme.is_none();
    if !added || is.findings.len() > was.findings.len() {
        return Err(SettingError::Form(line));
    }
    Ok(Changed {
        path,
        to: None,
        before,
        after,
        places: 1,
    })
}
