//! Writing a change: each file whole or not at all, and only where it still is as it was read.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Changed, Left};

/// Why a change was not written. Nothing is left half done, unless [`SaveError::Torn`] says so.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// A file is not what was read.
    #[error("`{0}` was changed meanwhile; nothing was written\nhelp: run the command again")]
    Changed(String),
    /// Something is where a file should go.
    #[error("`{0}` exists already; nothing was written")]
    Exists(String),
    /// The file is a link to somewhere else, or lies in a folder that is one.
    #[error(
        "`{0}` would be written outside the project, because a part of its path is a symbolic link"
    )]
    Outside(String),
    /// A link that would point at something else from another folder.
    #[error(
        "`{0}` is a symbolic link, which cannot move to another folder; nothing was written\nhelp: \
         move the link by hand, or rename it within its folder"
    )]
    Link(String),
    /// The operating system refused.
    #[error("cannot write `{path}`, so everything was left as it was")]
    Io {
        /// The file.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// It refused, and refused to take back what was written before.
    #[error(
        "cannot write `{path}`, and these files could not be restored: {}\nhelp: restore them with \
         `git restore`", .torn.join(", ")
    )]
    Torn {
        /// The file that could not be written.
        path: String,
        /// The files that are changed and should not be.
        torn: Vec<String>,
        /// Why not.
        source: io::Error,
    },
}

/// Writes each file that can be written; answers with those that were left as they are.
pub fn save_each(root: &Path, changes: &[Changed]) -> Vec<Left> {
    let mut left = Vec::new();
    for change in changes {
        let written = match current(root, change) {
            // Two paths may lead to one file.
            Ok((_, State::After)) => Ok(()),
            Ok((real, State::Before)) => replace(&real, &change.after).map_err(|e| e.to_string()),
            Err(error) => Err(reason(&error)),
        };
        if let Err(reason) = written {
            let path = change.path.clone();
            left.push(Left { path, reason });
        }
    }
    left
}

fn reason(error: &SaveError) -> String {
    match error {
        SaveError::Changed(_) => "it was changed meanwhile; run the command again".to_owned(),
        SaveError::Outside(_) => "it is a symbolic link that leaves the project".to_owned(),
        SaveError::Io { source, .. } => format!("it cannot be read: {source}"),
        other => other.to_string(),
    }
}

/// Writes and moves all files, or none.
pub fn save_all(root: &Path, changes: &[Changed]) -> Result<(), SaveError> {
    let mut reals = Vec::new();
    for change in changes {
        reals.push(current(root, change)?.0);
        if let Some(to) = &change.to {
            free(root, change, to)?;
        }
    }
    let mut done = Vec::new();
    for (change, real) in changes.iter().zip(&reals) {
        if let Err(source) = write(root, change, real, &mut done) {
            let path = change.path.to_string();
            let torn = undo(done);
            return Err(if torn.is_empty() {
                SaveError::Io { path, source }
            } else {
                SaveError::Torn { path, torn, source }
            });
        }
    }
    Ok(())
}

/// What was done, to be taken back.
enum Done {
    Text(PathBuf, String),
    Folder(PathBuf),
    Move(PathBuf, PathBuf),
}

fn write(root: &Path, change: &Changed, real: &Path, done: &mut Vec<Done>) -> io::Result<()> {
    if change.before != change.after {
        replace(real, &change.after)?;
        done.push(Done::Text(real.to_owned(), change.before.clone()));
    }
    if let Some(to) = &change.to {
        let (from, to) = (root.join(&*change.path), root.join(&**to));
        let missing = to.ancestors().skip(1).take_while(|folder| !folder.exists());
        let missing: Vec<&Path> = missing.collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder)?;
            done.push(Done::Folder(folder.to_owned()));
        }
        fs::rename(&from, &to)?;
        done.push(Done::Move(from, to));
    }
    Ok(())
}

/// Takes everything back; answers with what could not be.
fn undo(done: Vec<Done>) -> Vec<String> {
    let mut torn = Vec::new();
    for step in done.into_iter().rev() {
        let (path, result) = match step {
            Done::Text(path, text) => {
                let result = replace(&path, &text);
                (path, result)
            }
            Done::Move(from, to) => {
                let result = fs::rename(&to, &from);
                (from, result)
            }
            Done::Folder(path) => {
                let result = fs::remove_dir(&path);
                (path, result)
            }
        };
        if result.is_err() {
            torn.push(path.display().to_string());
        }
    }
    torn
}

/// What a file holds now.
enum State {
    Before,
    After,
}

/// The place of a file behind all links, and whether it is as it was read or as it shall be.
fn current(root: &Path, change: &Changed) -> Result<(PathBuf, State), SaveError> {
    let path = || change.path.to_string();
    let failed = |source| SaveError::Io {
        path: path(),
        source,
    };
    let real = root.join(&*change.path).canonicalize().map_err(failed)?;
    if !real.starts_with(root.canonicalize().map_err(failed)?) {
        return Err(SaveError::Outside(path()));
    }
    let bytes = fs::read(&real).map_err(failed)?;
    if bytes == change.before.as_bytes() {
        Ok((real, State::Before))
    } else if bytes == change.after.as_bytes() {
        Ok((real, State::After))
    } else {
        Err(SaveError::Changed(path()))
    }
}

/// Whether a file can move to `to`.
fn free(root: &Path, change: &Changed, to: &str) -> Result<(), SaveError> {
    let (from, target) = (root.join(&*change.path), root.join(to));
    // Where letter case does not tell files apart, the new name may be the old file.
    let same = || from.canonicalize().ok() == target.canonicalize().ok();
    if target.symlink_metadata().is_ok() && !same() {
        return Err(SaveError::Exists(to.to_owned()));
    }
    if from.is_symlink() && from.parent() != target.parent() {
        return Err(SaveError::Link(change.path.to_string()));
    }
    let standing = target.ancestors().skip(1).find(|folder| folder.exists());
    let inside = standing
        .and_then(|folder| folder.canonicalize().ok())
        .zip(root.canonicalize().ok())
        .is_some_and(|(folder, root)| folder.starts_with(root));
    if inside {
        Ok(())
    } else {
        Err(SaveError::Outside(to.to_owned()))
    }
}

/// Puts a text in the place of a file in one step, and keeps who may read and write it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let permissions = fs::metadata(path)?.permissions();
    let mut file = tempfile::Builder::new()
        .prefix(".personary-")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests;
