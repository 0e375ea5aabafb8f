//! Which folder a site may be put into, and what stands beside it.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};

use super::error::{OutputError, io_error};
use super::manifest;
use super::{sys, tree};

/// Folders that hold sources wherever there is a project.
const SOURCES: [&str; 5] = ["content", "static", "themes", "src", ".git"];
/// The names of staging folders end in so many hexadecimal digits.
const DIGITS: usize = 8;

/// An output folder that passed the checks of [`Place::find`]. It need not exist yet.
#[derive(Debug)]
pub(super) struct Place {
    /// Without symbolic links.
    pub(super) path: PathBuf,
    /// As the user wrote it.
    pub(super) shown: PathBuf,
    parent: PathBuf,
    name: OsString,
}

impl Place {
    /// Refuses to put the site where the project has its sources.
    pub(super) fn find(out: &Path, project: &Path) -> Result<Self, OutputError> {
        let shown = out.to_owned();
        let path = resolve(out).map_err(io_error("use as output folder", out))?;
        let project = project
            .canonicalize()
            .map_err(io_error("find the project", project))?;
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(OutputError::HoldsProject(shown));
        };
        if project.starts_with(&path) {
            return Err(OutputError::HoldsProject(shown));
        }
        for folder in SOURCES {
            let source = project.join(folder);
            let source = source.canonicalize().unwrap_or(source);
            if path.starts_with(&source) {
                let out = shown;
                return Err(OutputError::Source { out, folder });
            }
        }
        Ok(Self {
            parent: parent.to_owned(),
            name: name.to_owned(),
            path,
            shown,
        })
    }

    /// Refuses a folder with files in it that Personary did not build.
    pub(super) fn check_ours(&self) -> Result<(), OutputError> {
        match fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(io_error("read", &self.shown)(error)),
            Ok(status) if !status.is_dir() => {
                return Err(OutputError::NotAFolder(self.shown.clone()));
            }
            Ok(_) => {}
        }
        if self.path.join(manifest::NAME).is_file() {
            return Ok(());
        }
        let failed = || io_error("read the folder", &self.shown);
        for entry in fs::read_dir(&self.path).map_err(failed())? {
            let name = entry.map_err(failed())?.file_name();
            // What an update in place has left behind, and what every new ext4 volume holds.
            if !tree::is_reserved(&name) && name != "lost+found" {
                return Err(OutputError::NotOurs(self.shown.clone()));
            }
        }
        Ok(())
    }

    pub(super) fn create_parent(&self) -> Result<(), OutputError> {
        fs::create_dir_all(&self.parent).map_err(io_error("create the folder", &self.parent))
    }

    pub(super) fn is_mount_point(&self) -> bool {
        self.path.exists() && sys::is_mount_point(&self.path)
    }

    /// The lock file: beside the output, or in it.
    pub(super) fn lock(&self, inside: bool) -> PathBuf {
        self.own("lock", inside)
    }

    /// A new name for a staging folder: beside the output, or in it.
    pub(super) fn staging(&self, inside: bool) -> PathBuf {
        // A hasher's random keys are the randomness that the standard library offers.
        let random = RandomState::new().hash_one(std::process::id());
        let digits = &format!("{random:016x}")[..DIGITS];
        self.own(digits, inside)
    }

    /// Where the old site stands for a moment when folders cannot be exchanged.
    pub(super) fn aside(&self) -> PathBuf {
        self.own("old", false)
    }

    fn own(&self, suffix: &str, inside: bool) -> PathBuf {
        if inside {
            return self.path.join(format!("{}{suffix}", manifest::RESERVED));
        }
        self.parent.join(self.beside(suffix))
    }

    fn beside(&self, suffix: &str) -> OsString {
        let mut name = OsString::from(".");
        name.push(&self.name);
        name.push(manifest::RESERVED);
        name.push(suffix);
        name
    }

    /// Mends what a build that was killed has left. Only for the holder of the lock.
    pub(super) fn heal(&self) -> Result<(), OutputError> {
        let aside = self.aside();
        if aside.is_dir() {
            // Succeeds with an empty folder only.
            let _ = fs::remove_dir(&self.path);
            if self.path.exists() {
                let _ = tree::dispose(&aside, &self.path);
            } else {
                fs::rename(&aside, &self.path).map_err(io_error("put back", &aside))?;
            }
        }
        let beside = self.beside("");
        let inside = manifest::RESERVED.as_ref();
        let leftovers = leftovers(&self.parent, &beside)
            .into_iter()
            .chain(leftovers(&self.path, inside));
        for leftover in leftovers {
            // What cannot be removed now is tried again by the next build.
            let _ = tree::dispose(&leftover, &self.path);
        }
        Ok(())
    }
}

/// The staging folders in `folder`: `prefix` and the digits.
fn leftovers(folder: &Path, prefix: &OsStr) -> Vec<PathBuf> {
    let is_staging = |name: &[u8]| {
        name.strip_prefix(prefix.as_encoded_bytes())
            .is_some_and(|rest| rest.len() == DIGITS && rest.iter().all(u8::is_ascii_hexdigit))
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter(|entry| is_staging(entry.file_name().as_encoded_bytes()))
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
        .collect()
}

/// `path` without symbolic links, as far as it exists.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // A symbolic link to nothing: what it will point to cannot be checked.
            if fs::symlink_metadata(path).is_ok() {
                return Err(error);
            }
            let Some(name) = path.file_name() else {
                return Err(error);
            };
            let parent = match path.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent,
                _ => Path::new("."),
            };
            Ok(resolve(parent)?.join(name))
        }
        found => found,
    }
}
