//! Writing new files, all or none, and never in the place of another.

use std::borrow::Borrow;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::File;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Some of the files are there already.
    #[error("{}", exists(.0))]
    Exists(Vec<PathBuf>),
    /// A folder of the project is a link to somewhere else.
    #[error("`{}` would be written outside the project, because a folder of its path is a symbolic link", .0.display())]
    Outside(PathBuf),
    /// The operating system refused.
    #[error("cannot {action} `{}`", .path.display())]
    Io {
        /// What was tried, such as `write`.
        action: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// As many files are named when they are in the way.
const LISTED: usize = 20;

fn exists(paths: &[PathBuf]) -> String {
    match paths {
        [one] => format!("`{}` exists already; nothing was written", one.display()),
        many => {
            let mut list: Vec<_> = many
                .iter()
                .take(LISTED)
                .map(|path| format!("  {}", path.display()))
                .collect();
            if many.len() > LISTED {
                list.push(format!("  and {} more", many.len() - LISTED));
            }
            format!(
                "{} files exist already, so nothing was written:\n{}",
                many.len(),
                list.join("\n")
            )
        }
    }
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    let path = path.to_owned();
    move |source| WriteError::Io {
        action,
        path,
        source,
    }
}

/// Writes new files below `root`, which is made if it is missing, and says how many. When one of
/// them cannot be written, those that were are removed again. The files are made one at a time, and
/// again to remove them.
pub fn write<F: Borrow<File>>(
    root: &Path,
    files: impl IntoIterator<Item = F, IntoIter: Clone>,
) -> Result<usize, WriteError> {
    let files = files.into_iter();
    let here = root == Path::new(".");
    let place = |file: &File| {
        if here {
            PathBuf::from(&file.path)
        } else {
            root.join(&file.path)
        }
    };
    let taken: Vec<PathBuf> = files
        .clone()
        .map(|file| place(file.borrow()))
        // A symbolic link to nothing is something that is there, too.
        .filter(|path| path.symlink_metadata().is_ok())
        .collect();
    if !taken.is_empty() {
        return Err(WriteError::Exists(taken));
    }
    let mut made = Made::default();
    let result = write_all(root, files.clone(), &mut made);
    if let Err(error) = result {
        // Whatever cannot be removed now is not worth hiding the error for.
        for file in files.take(made.files) {
            let _ = fs::remove_file(place(file.borrow()));
        }
        for folder in made.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
        return Err(error);
    }
    Ok(made.files)
}

/// What has been made so far.
#[derive(Default)]
struct Made {
    files: usize,
    folders: Vec<PathBuf>,
}

fn write_all<F: Borrow<File>>(
    root: &Path,
    files: impl Iterator<Item = F>,
    made: &mut Made,
) -> Result<(), WriteError> {
    make_folder(root, &mut made.folders)?;
    let real = root.canonicalize().map_err(failed("read", root))?;
    for file in files {
        let file = file.borrow();
        let path = root.join(&file.path);
        let folder = path.parent().unwrap_or(root);
        let standing = folder
            .ancestors()
            .find(|folder| folder.exists())
            .unwrap_or(root);
        if !standing
            .canonicalize()
            .is_ok_and(|standing| standing.starts_with(&real))
        {
            return Err(WriteError::Outside(path));
        }
        make_folder(folder, &mut made.folders)?;
        let mut open = OpenOptions::new();
        let mut new = match open.write(true).create_new(true).open(&path) {
            Ok(new) => new,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(WriteError::Exists(vec![path]));
            }
            Err(error) => return Err(failed("write", &path)(error)),
        };
        made.files += 1;
        new.write_all(file.text.as_bytes())
            .map_err(failed("write", &path))?;
    }
    Ok(())
}

/// Makes a folder and those above it, and notes which were missing.
fn make_folder(folder: &Path, made: &mut Vec<PathBuf>) -> Result<(), WriteError> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        make_folder(parent, made)?;
    }
    match fs::create_dir(folder) {
        Ok(()) => made.push(folder.to_owned()),
        // Somebody else was faster.
        Err(_) if folder.is_dir() => {}
        Err(error) => return Err(failed("make the folder", folder)(error)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> File {
        File {
            path: path.to_owned(),
            text: "new".to_owned(),
        }
    }

    #[test]
    fn nothing_is_overwritten_and_a_failure_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("new/project");
        write(&root, &[file("a/b.md"), file("c.md")]).expect("a new project");
        assert_eq!(
            fs::read_to_string(root.join("a/b.md")).expect("written"),
            "new"
        );
        fs::write(root.join("c.md"), "mine").expect("an edit");
        let error = write(&root, &[file("d.md"), file("c.md")]).expect_err("c.md is there");
        assert!(
            error.to_string().contains("c.md` exists already"),
            "{error}"
        );
        assert!(!root.join("d.md").exists());
        assert_eq!(fs::read_to_string(root.join("c.md")).expect("kept"), "mine");
        // `c.md` is a file, so a folder of that name cannot be made; `x/` is taken back.
        write(&root, &[file("x/y.md"), file("c.md/z.md")]).expect_err("c.md is no folder");
        assert!(!root.join("x").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_lead_out_of_the_project() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("project");
        fs::create_dir_all(root.join("content")).expect("a project");
        fs::create_dir(folder.path().join("elsewhere")).expect("another folder");
        std::os::unix::fs::symlink("../../elsewhere", root.join("content/personas"))
            .expect("a link");
        let error = write(&root, &[file("content/personas/a.md")]).expect_err("it leads out");
        assert!(matches!(error, WriteError::Outside(_)), "{error}");
        std::os::unix::fs::symlink("nowhere", root.join("dangling.md")).expect("a link");
        let error = write(&root, &[file("dangling.md")]).expect_err("a link is there");
        assert!(matches!(error, WriteError::Exists(_)), "{error}");
    }
}
