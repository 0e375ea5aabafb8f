//! The last step: what stays is carried over, and the new site takes the old one's place.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rayon::prelude::*;

use super::error::{OutputError, io_error};
use super::manifest::{self, Entry, Fate, Hash, Manifest};
use super::tree::{self, Folder, Found};
use super::{Method, Stage};

/// What a build changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Report {
    /// Files that are new or hold something else than before.
    pub written: usize,
    /// Files that are as they were.
    pub unchanged: usize,
    /// Files of the old site that the new one does not have.
    pub removed: usize,
    /// The bytes of the files in `written`.
    pub bytes: u64,
}

impl Stage {
    /// Puts the new site in the place of the old one. On an error the old one stands as it was.
    ///
    /// `made_of` is a hash of what decides what the site is, if it can be told; by it the next build
    /// knows that there is nothing to do. When nothing has changed, not even that, the output is not
    /// touched at all.
    pub fn publish(mut self, made_of: Option<Hash>) -> Result<Report, OutputError> {
        let entries = self.take_entries();
        let report = self.report(&entries);
        if let Some(old) = &self.old
            && (report.written, report.removed) == (0, 0)
        {
            self.renew_record(&entries, old, made_of);
            return Ok(report);
        }
        if self.method != Method::InPlace {
            self.complete(&entries, report.unchanged, made_of)?;
            if self.swap()? {
                // Dropping the stage disposes of the old site, which is now in its folder.
                return Ok(report);
            }
        }
        self.update_in_place(&entries, made_of)?;
        Ok(report)
    }

    /// Notes that the same site is made of something else now. Where that cannot be done the next
    /// build takes as long as this one did, and no harm comes of it.
    fn renew_record(&self, entries: &[Entry], old: &Manifest, made_of: Option<Hash>) {
        if made_of.is_none() || made_of == old.made_of {
            return;
        }
        if let Ok(record) = self.save_record(entries, made_of) {
            // Who touches a file from now on does so after the record, and who did so since it was
            // looked at must be found, too.
            let _ = fs::File::options()
                .write(true)
                .open(record)
                .and_then(|file| file.set_modified(old.built));
        }
    }

    /// The files of the new site, sorted by path.
    fn take_entries(&mut self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for list in &mut self.entries {
            entries.append(list.get_mut().unwrap_or_else(PoisonError::into_inner));
        }
        entries.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        entries
    }

    fn report(&self, entries: &[Entry]) -> Report {
        let written = || entries.iter().filter(|entry| entry.written);
        Report {
            written: written().count(),
            unchanged: entries.len() - written().count(),
            removed: self.removed().count(),
            bytes: written().map(|entry| entry.size).sum(),
        }
    }

    /// The files of the old site that the new one does not have.
    pub(super) fn removed(&self) -> impl Iterator<Item = &str> {
        let old = self.old.iter().flat_map(|old| &old.files);
        old.filter(|(_, known)| known.fate() == Fate::Removed)
            .map(|(path, _)| &**path)
    }

    /// Makes the staging folder all that the output is to be.
    fn complete(
        &self,
        entries: &[Entry],
        unchanged: usize,
        made_of: Option<Hash>,
    ) -> Result<(), OutputError> {
        if let Some(old) = &self.old {
            self.carry_over(old, unchanged)?;
        }
        manifest::save(&self.folder.join(manifest::NAME), entries, made_of)?;
        let marker = self.folder.join(tree::MARKER);
        fs::remove_file(&marker).map_err(io_error("remove", &marker))?;
        // Last, for they may forbid to write.
        if let Ok(status) = fs::metadata(&self.place.path) {
            fs::set_permissions(&self.folder, status.permissions())
                .map_err(io_error("set the permissions of", &self.folder))?;
        }
        Ok(())
    }

    /// Gives the staging folder the files of the old site that stay, and everything that is not
    /// ours.
    fn carry_over(&self, old: &Manifest, unchanged: usize) -> Result<(), OutputError> {
        let out = &self.place.path;
        let kept = AtomicUsize::new(0);
        let has_foreign = AtomicBool::new(false);
        let levels = tree::walk(out, |found| {
            let known = found.key.as_deref().and_then(|key| old.files.get(key));
            match known.map(manifest::Known::fate) {
                Some(Fate::Kept) => {
                    kept.fetch_add(1, Ordering::Relaxed);
                    self.carry(found).map_err(|error| match &found.key {
                        Some(key) if is_in_the_way(&error) => {
                            OutputError::FileAndFolder(key.clone())
                        }
                        _ => io_error("link", &out.join(&found.path))(error),
                    })
                }
                Some(_) => Ok(()),
                None => {
                    has_foreign.store(true, Ordering::Relaxed);
                    self.carry(found).map_err(|error| {
                        let path = self.place.shown.join(&found.path);
                        if is_in_the_way(&error) {
                            OutputError::Foreign(path)
                        } else {
                            io_error("carry over", &path)(error)
                        }
                    })
                }
            }
        })?;
        if kept.into_inner() != unchanged {
            return Err(OutputError::Changed(self.place.shown.clone()));
        }
        if has_foreign.into_inner() || levels.iter().flatten().any(|folder| folder.empty) {
            self.carry_folders(old, &levels)?;
        }
        Ok(())
    }

    fn carry(&self, found: &Found) -> io::Result<()> {
        let target = self.folder.join(&found.path);
        match (&found.key, target.parent()) {
            (Some(key), _) => {
                self.ensure_folder(key.rsplit_once('/').map_or("", |(folder, _)| folder))?;
            }
            (None, Some(parent)) => fs::create_dir_all(parent)?,
            (None, None) => {}
        }
        tree::link(&self.place.path.join(&found.path), &target, found.kind)
    }

    /// Gives other people's folders their permissions, and the empty ones a place at all.
    fn carry_folders(&self, old: &Manifest, levels: &[Vec<Folder>]) -> Result<(), OutputError> {
        let ours = tree::ancestors(old.files.keys().map(|path| &**path));
        // From the bottom, for a folder may forbid to write in it.
        for folder in levels.iter().skip(1).rev().flatten() {
            if folder.key.as_deref().is_some_and(|key| ours.contains(key)) {
                continue;
            }
            let target = self.folder.join(&folder.path);
            let source = self.place.path.join(&folder.path);
            fs::create_dir_all(&target)
                .and_then(|()| fs::metadata(&source))
                .and_then(|status| fs::set_permissions(&target, status.permissions()))
                .map_err(io_error("carry over the folder", &source))?;
        }
        Ok(())
    }

    /// Puts the staging folder in the place of the output. `false` when neither can be renamed.
    fn swap(&self) -> Result<bool, OutputError> {
        let out = &self.place.path;
        if self.method == Method::Exchange {
            match super::sys::exchange(&self.folder, out) {
                Ok(()) => return Ok(true),
                Err(error) if is_pinned(&error) => return Ok(false),
                // Without an old site there is nothing to exchange; a file system that cannot
                // exchange says so in various ways.
                Err(_) => {}
            }
        }
        let aside = self.place.aside();
        match fs::rename(out, &aside) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return rename(&self.folder, out).map(|()| true);
            }
            Err(error) if is_pinned(&error) => return Ok(false),
            Err(error) => return Err(io_error("rename", out)(error)),
        }
        if let Err(error) = rename(&self.folder, out) {
            rename(&aside, out)?;
            return Err(error);
        }
        // What cannot be removed now is a leftover that the next build removes.
        let _ = tree::dispose(&aside, out);
        Ok(true)
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), OutputError> {
    fs::rename(from, to).map_err(io_error("rename", from))
}

/// Whether there is something else where a file should come.
fn is_in_the_way(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory
    )
}

/// Whether a folder cannot be renamed while its files can.
fn is_pinned(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ResourceBusy
            | io::ErrorKind::CrossesDevices
            | io::ErrorKind::PermissionDenied
    )
}
