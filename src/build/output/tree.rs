//! Walking and removing folders of many files.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, FileTimes, FileType};
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::error::{OutputError, io_error};
use super::manifest::{Manifest, RESERVED};
use super::sys;

/// In a folder that was begun and never published: all in it is ours to remove.
pub(super) const MARKER: &str = ".personary-unfinished";

/// A folder below the one that is walked.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// Relative to the walked folder.
    pub(super) path: PathBuf,
    /// The same as the site writes it; `None` when it is not Unicode.
    pub(super) key: Option<String>,
    /// Whether it holds nothing.
    pub(super) empty: bool,
}

/// A file, a symbolic link or whatever else is not a folder.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) key: Option<String>,
    pub(super) kind: FileType,
}

/// Calls `visit` with every file below `root`, in parallel, following no symbolic links, and
/// returns the folders, level by level from the top. Reserved names are passed over.
pub(super) fn walk(
    root: &Path,
    visit: impl Fn(&Found) -> Result<(), OutputError> + Sync,
) -> Result<Vec<Vec<Folder>>, OutputError> {
    let mut levels = Vec::new();
    let mut level = vec![Folder {
        key: Some(String::new()),
        ..Folder::default()
    }];
    while !level.is_empty() {
        let below: Vec<Vec<Folder>> = level
            .par_iter_mut()
            .map(|folder| read(root, folder, &visit))
            .collect::<Result<_, _>>()?;
        levels.push(level);
        level = below.into_iter().flatten().collect();
    }
    Ok(levels)
}

fn read(
    root: &Path,
    folder: &mut Folder,
    visit: &impl Fn(&Found) -> Result<(), OutputError>,
) -> Result<Vec<Folder>, OutputError> {
    let full = root.join(&folder.path);
    let failed = || io_error("read the folder", &full);
    let mut below = Vec::new();
    folder.empty = true;
    for entry in fs::read_dir(&full).map_err(failed())? {
        let entry = entry.map_err(failed())?;
        let name = entry.file_name();
        let text = name.to_str();
        let at_top = folder.path.as_os_str().is_empty();
        if at_top && is_reserved(&name) {
            continue;
        }
        folder.empty = false;
        let path = folder.path.join(&name);
        let key = match (&folder.key, text) {
            (Some(_), Some(name)) if at_top => Some(name.to_owned()),
            (Some(key), Some(name)) => Some(format!("{key}/{name}")),
            _ => None,
        };
        let kind = entry.file_type().map_err(failed())?;
        if kind.is_dir() {
            let empty = false;
            below.push(Folder { path, key, empty });
        } else {
            visit(&Found { path, key, kind })?;
        }
    }
    Ok(below)
}

/// Whether `name`, at the top of an output, is for our own use.
pub(super) fn is_reserved(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(RESERVED.as_bytes())
}

/// Removes `tree`, a staging folder or an old site that has been replaced by `out`.
///
/// Only our own files are deleted. Others have been carried over to `out`; one that came too
/// late for that is moved there now.
pub(super) fn dispose(tree: &Path, out: &Path) -> Result<(), OutputError> {
    match try_dispose(tree, out) {
        Err(OutputError::Io { source, .. }) if source.kind() == io::ErrorKind::PermissionDenied => {
            // A site that was made read-only goes like any other.
            allow(tree);
            try_dispose(tree, out)
        }
        done => done,
    }
}

/// Lets us write in the folders of a tree, as far as they are ours.
fn allow(tree: &Path) {
    let entries = WalkDir::new(tree).into_iter().filter_map(Result::ok);
    for folder in entries.filter(|entry| entry.file_type().is_dir()) {
        if let Ok(status) = folder.metadata() {
            let _ = fs::set_permissions(folder.path(), sys::writable(&status.permissions()));
        }
    }
}

fn try_dispose(tree: &Path, out: &Path) -> Result<(), OutputError> {
    let all_ours = tree.join(MARKER).exists();
    let manifest = if all_ours {
        None
    } else {
        Manifest::load(tree)?
    };
    let is_ours = |found: &Found| {
        let listed = |manifest: &Manifest| {
            let key = found.key.as_deref();
            key.is_some_and(|key| manifest.files.contains_key(key))
        };
        all_ours || manifest.as_ref().is_some_and(listed)
    };
    if let Some(manifest) = &manifest {
        // Faster than to look at each: what is left then are other people's files.
        let mut files: Vec<&str> = manifest.files.keys().map(|path| &**path).collect();
        files.par_sort_unstable();
        remove_listed(tree, &files)?;
    }
    let levels = walk(tree, |found| {
        let full = tree.join(&found.path);
        if is_ours(found) || !outlives(&full, &out.join(&found.path))? {
            fs::remove_file(&full).map_err(io_error("remove", &full))?;
        }
        Ok(())
    })?;
    for level in levels.iter().skip(1).rev() {
        level.par_iter().try_for_each(|folder| {
            let full = tree.join(&folder.path);
            fs::remove_dir(&full).map_err(io_error("remove the folder", &full))
        })?;
    }
    // Only now, for until here they say what is whose.
    for entry in fs::read_dir(tree).into_iter().flatten().flatten() {
        if is_reserved(&entry.file_name()) {
            let _ = fs::remove_file(entry.path());
        }
    }
    fs::remove_dir(tree).map_err(io_error("remove the folder", tree))
}

/// Deletes `files` below `root`, and the folders that leaves empty.
pub(super) fn remove_listed(root: &Path, files: &[&str]) -> Result<(), OutputError> {
    let folders = ancestors(files.iter().copied());
    let is_folder = |path: &&&str| {
        let status = fs::symlink_metadata(root.join(path));
        status.is_ok_and(|status| status.is_dir())
    };
    // Nothing is deleted through a link that someone has put in the place of a folder.
    let unlinked: HashSet<&str> = folders.par_iter().filter(is_folder).copied().collect();
    let is_real = |folder: &str| {
        let mut parents = folder.match_indices('/').map(|(end, _)| &folder[..end]);
        unlinked.contains(folder) && parents.all(|parent| unlinked.contains(parent))
    };
    files.par_iter().try_for_each(|file| {
        let folder = file.rsplit_once('/').map(|(folder, _)| folder);
        if folder.is_some_and(|folder| !is_real(folder)) {
            return Ok(());
        }
        let path = root.join(file);
        match fs::remove_file(&path) {
            Err(error) if is_gone(&error) => Ok(()),
            done => done.map_err(io_error("remove", &path)),
        }
    })?;
    let mut real: Vec<&str> = folders
        .into_iter()
        .filter(|folder| is_real(folder))
        .collect();
    // The deepest first; one after the other, for siblings would wait for their parent's lock.
    real.sort_unstable_by(|a, b| b.cmp(a));
    for folder in real {
        // A folder with something left in it stays.
        let _ = fs::remove_dir(root.join(folder));
    }
    Ok(())
}

/// Whether there is no such file: none at all, or a folder that someone has put there.
fn is_gone(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::IsADirectory
    )
}

/// Moves someone else's file to its place in the new output, unless it is there already.
fn outlives(old: &Path, new: &Path) -> Result<bool, OutputError> {
    let status = fs::symlink_metadata(old).map_err(io_error("read", old))?;
    match fs::symlink_metadata(new) {
        Ok(there) if sys::same_file(&status, &there) => return Ok(false),
        // A copy has the time of its original. One with a later time was edited since.
        Ok(there) if status.modified().ok() <= there.modified().ok() => return Ok(false),
        _ => {}
    }
    if let Some(folder) = new.parent() {
        fs::create_dir_all(folder).map_err(io_error("create the folder", folder))?;
    }
    fs::rename(old, new).map_err(io_error("move", old))?;
    Ok(true)
}

/// Gives the file `from` the second name `to`, or copies it where that is not possible.
/// Fails with `AlreadyExists` when there is something at `to`.
pub(super) fn link(from: &Path, to: &Path, kind: FileType) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        Err(_) if kind.is_symlink() => sys::copy_symlink(from, to),
        Err(_) if kind.is_file() => copy(from, to),
        done => done,
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = fs::File::open(from)?;
    let mut target = fs::File::create_new(to)?;
    let status = source.metadata()?;
    io::copy(&mut source, &mut target)?;
    target.set_permissions(status.permissions())?;
    target.set_times(FileTimes::new().set_modified(status.modified()?))
}

/// The folders, without the top, that `paths` lie in.
pub(super) fn ancestors<'a>(paths: impl IntoIterator<Item = &'a str>) -> HashSet<&'a str> {
    let mut folders = HashSet::new();
    for mut path in paths {
        while let Some((folder, _)) = path.rsplit_once('/') {
            if !folders.insert(folder) {
                break;
            }
            path = folder;
        }
    }
    folders
}
