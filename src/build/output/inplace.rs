//! Updating an output folder that cannot be renamed: file by file, each in one step.
//!
//! Visitors may see old and new pages side by side meanwhile. A build that is killed leaves a
//! mixture, and a record that names every file in it as ours, so that the next build can finish.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::PathBuf;

use rayon::prelude::*;

use super::Stage;
use super::error::{OutputError, io_error};
use super::manifest::{self, Entry, Hash, RESERVED};
use super::tree;

impl Stage {
    pub(super) fn update_in_place(
        &self,
        entries: &[Entry],
        made_of: Option<Hash>,
    ) -> Result<(), OutputError> {
        let written: Vec<&Entry> = entries.iter().filter(|entry| entry.written).collect();
        let out = &self.place.path;
        let removed_files: Vec<&str> = self.removed().collect();
        let removed: HashSet<&str> = removed_files.iter().copied().collect();
        self.check_foreign(&written, &removed)?;
        self.save_record(&claims(entries, &removed), None)?;

        // A page may take the place of a folder, or the reverse; then the old ones go first.
        let new_files: HashSet<&str> = written.iter().map(|entry| &*entry.path).collect();
        let new_folders = tree::ancestors(new_files.iter().copied());
        let old_folders = tree::ancestors(removed.iter().copied());
        let clash = removed.iter().any(|path| new_folders.contains(path))
            || old_folders.iter().any(|path| new_files.contains(path));
        if clash {
            tree::remove_listed(out, &removed_files)?;
        }
        written
            .par_iter()
            .try_for_each(|entry| self.put(&entry.path))?;
        if !clash {
            tree::remove_listed(out, &removed_files)?;
        }
        self.save_record(entries, made_of).map(drop)
    }

    /// Refuses to write over what is not ours, before anything is touched.
    fn check_foreign(
        &self,
        written: &[&Entry],
        removed: &HashSet<&str>,
    ) -> Result<(), OutputError> {
        let out = &self.place.path;
        let is_ours = |path: &str| {
            let old = self.old.as_ref();
            old.is_some_and(|old| old.files.contains_key(path))
        };
        let foreign = |path: &str| Err(OutputError::Foreign(self.place.shown.join(path)));
        for folder in tree::ancestors(written.iter().map(|entry| &*entry.path)) {
            match fs::symlink_metadata(out.join(folder)) {
                Ok(status) if !status.is_dir() && !removed.contains(folder) => {
                    return foreign(folder);
                }
                _ => {}
            }
        }
        let holds_removed = tree::ancestors(removed.iter().copied());
        for entry in written {
            if is_ours(&entry.path) {
                continue;
            }
            match fs::symlink_metadata(out.join(&*entry.path)) {
                Ok(status) if !status.is_dir() || !holds_removed.contains(&*entry.path) => {
                    return foreign(&entry.path);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Replaces the record in one step; where it stands.
    pub(super) fn save_record(
        &self,
        entries: &[Entry],
        made_of: Option<Hash>,
    ) -> Result<PathBuf, OutputError> {
        let record = self.place.path.join(manifest::NAME);
        let new = self.place.path.join(format!("{RESERVED}manifest.new"));
        manifest::save(&new, entries, made_of)?;
        fs::rename(&new, &record).map_err(io_error("replace", &record))?;
        Ok(record)
    }

    /// Moves a file from the staging folder to its place.
    fn put(&self, path: &str) -> Result<(), OutputError> {
        let (from, to) = (self.folder.join(path), self.place.path.join(path));
        let put = || {
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder)?;
            }
            match fs::rename(&from, &to) {
                Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                    let beside = self.place.staging(true);
                    fs::copy(&from, &beside)?;
                    fs::rename(&beside, &to)
                }
                done => done,
            }
        };
        put().map_err(io_error("replace", &to))
    }
}

/// The record for the time of the update: everything old and new is ours, and what is about
/// to change is not to be relied on.
fn claims(entries: &[Entry], removed: &HashSet<&str>) -> Vec<Entry> {
    let mut claims: Vec<Entry> = entries
        .iter()
        .cloned()
        .chain(removed.iter().map(|path| Entry {
            path: (*path).into(),
            size: 0,
            hash: None,
            written: true,
        }))
        .collect();
    for claim in &mut claims {
        claim.hash = claim.hash.filter(|_| !claim.written);
    }
    claims.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    claims
}
