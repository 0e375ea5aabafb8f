//! Where files come from: a folder on disk, or memory. A Git revision is one more implementation.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::WalkDir;

use crate::diagnostic::{Diagnostic, Severity};

/// The largest content file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;
/// The largest file of data that is read, in bytes: some hundred thousand rows of measurements.
pub const MAX_DATA_BYTES: u64 = 32 * 1024 * 1024;

/// Links on the way to one file: as many as systems follow.
pub(super) const MOST_HOPS: usize = 40;
/// What is wrong with a link that leads out of the project, and what to do.
pub(super) const LEAVES: (&str, &str) = (
    "this symbolic link leaves the project",
    "copy the file into the project, or link to a file inside it",
);

/// All that Personary knows of the outside: a set of files below a project's root.
///
/// Paths are relative to the root and use `/` on every platform.
pub trait Tree: Send + Sync {
    /// Lists the files below `folder`, sorted by path, with a finding for each thing that could
    /// not be listed. A folder that does not exist is empty.
    fn list(&self, folder: &str) -> Listing;

    /// Reads a file of at most `limit` bytes; a larger one answers [`io::ErrorKind::FileTooLarge`].
    fn read(&self, path: &str, limit: u64) -> io::Result<Vec<u8>>;

    /// Whether a file stands at `path`, readable or not. A folder is none, and below a file there is
    /// nothing.
    fn exists(&self, path: &str) -> bool {
        use io::ErrorKind::{InvalidInput, IsADirectory, NotADirectory, NotFound};
        let read = self.read(path, 0).map_err(|error| error.kind());
        !matches!(
            read,
            Err(NotFound | NotADirectory | IsADirectory | InvalidInput)
        )
    }

    /// The place on disk of `path`, where there is one: for links that open an editor.
    fn locate(&self, path: &str) -> Option<PathBuf>;
}

/// Why a file cannot be read, in words that follow a colon.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        io::ErrorKind::InvalidInput | io::ErrorKind::IsADirectory => "it is no file".to_owned(),
        io::ErrorKind::FileTooLarge => "it is too large".to_owned(),
        _ => {
            let text = error.to_string();
            let number = text.find(" (os error").unwrap_or(text.len());
            text[..number].to_owned()
        }
    }
}

/// What [`Tree::list`] found.
#[derive(Debug, Default)]
pub struct Listing {
    /// Paths of files, sorted.
    pub files: Vec<Arc<str>>,
    /// What could not be listed.
    pub findings: Vec<Diagnostic>,
}

/// A project's folder on disk.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
    /// `root` without symbolic links, to tell whether one leaves the project.
    real: PathBuf,
}

impl Folder {
    /// Opens the folder `root`, which must exist.
    pub fn open(root: &Path) -> io::Result<Self> {
        let real = root.canonicalize()?;
        Ok(Self {
            root: root.to_path_buf(),
            real,
        })
    }

    /// The folder as it was opened.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The same without symbolic links.
    pub fn real(&self) -> &Path {
        &self.real
    }

    /// The project path of a place on disk below this folder: relative, with `/`.
    pub fn project_path(&self, path: &Path) -> Option<String> {
        let below = path
            .strip_prefix(&self.root)
            .or_else(|_| path.strip_prefix(&self.real))
            .ok()?;
        Some(slashed(below))
    }

    /// Opens a file of the project. A link on the way to it must not lead out of the project, whoever
    /// put it there and when: what is opened is what was looked at.
    fn open_below(&self, path: &str) -> io::Result<File> {
        if let Some(opened) = sys::open_without_links(&self.root.join(path)) {
            return opened;
        }
        let place = self.real.join(path);
        let leaves = || io::Error::other(LEAVES.0);
        let real = match place.canonicalize() {
            Ok(real) => real,
            Err(_) if self.leads_out(&place) => return Err(leaves()),
            Err(error) => return Err(error),
        };
        // Of what is opened, not of what was there a moment ago.
        if !real.starts_with(&self.real) {
            return Err(leaves());
        }
        sys::open_without_links(&real).unwrap_or_else(|| {
            // A pipe would be waited for.
            if real.metadata()?.is_file() {
                File::open(&real)
            } else {
                Err(io::ErrorKind::InvalidInput.into())
            }
        })
    }

    /// Whether a link at a place or on the way to it leads out of the project. What is there, or is
    /// not, changes nothing: nobody learns of it, and no preview has to look.
    fn leads_out(&self, place: &Path) -> bool {
        let mut at = place.to_path_buf();
        for _ in 0..MOST_HOPS {
            if let Ok(real) = at.canonicalize() {
                return !real.starts_with(&self.real);
            }
            let is_there = |at: &&Path| at.symlink_metadata().is_ok();
            let Some(deepest) = at.ancestors().find(is_there) else {
                return false;
            };
            at = match deepest.read_link() {
                Ok(target) => deepest.parent().unwrap_or(deepest).join(target),
                Err(_) => deepest.to_path_buf(),
            };
        }
        false
    }

    fn leaving(path: String) -> Diagnostic {
        Diagnostic::new("unreadable", Severity::Error, path, LEAVES.0).help(LEAVES.1)
    }

    fn listing_error(&self, error: &walkdir::Error) -> Option<Diagnostic> {
        let path = error.path()?;
        let name = self.project_path(path).unwrap_or_default();
        if path.is_symlink() && self.leads_out(path) {
            return Some(Self::leaving(name));
        }
        let finding = |message: String, help: &str| {
            Some(Diagnostic::new("unreadable", Severity::Error, name.as_str(), message).help(help))
        };
        if error.loop_ancestor().is_some() {
            return finding(
                "this symbolic link leads back to a folder that contains it".into(),
                "remove the link, or point it at a folder outside its own path",
            );
        }
        match error.io_error() {
            Some(e) if e.kind() == io::ErrorKind::NotFound && path.symlink_metadata().is_err() => {
                None // vanished while listing, or the folder does not exist
            }
            Some(e) if e.kind() == io::ErrorKind::NotFound => finding(
                "this symbolic link points at nothing".into(),
                "remove the link or create the file it points at",
            ),
            Some(_) if path.is_symlink() && path.canonicalize().is_err() => finding(
                "this symbolic link leads in a circle".into(),
                "remove the link, or point it at the file that is meant",
            ),
            Some(e) => finding(
                format!("this cannot be read: {}", reason(e)),
                "check its permissions",
            ),
            None => finding("this cannot be read".into(), "check its permissions"),
        }
    }
}

impl Tree for Folder {
    fn list(&self, folder: &str) -> Listing {
        let mut listing = Listing::default();
        let mut walk = WalkDir::new(self.root.join(folder))
            .follow_links(true)
            .sort_by_file_name()
            .into_iter();
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    listing.findings.extend(self.listing_error(&error));
                    continue;
                }
            };
            let is_dir = entry.file_type().is_dir();
            if entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".") {
                if is_dir {
                    walk.skip_current_dir();
                }
                continue;
            }
            let path = self.project_path(entry.path()).unwrap_or_default();
            if entry.path_is_symlink() && self.leads_out(entry.path()) {
                listing.findings.push(Self::leaving(path));
                if is_dir {
                    walk.skip_current_dir();
                }
                continue;
            }
            if is_dir {
                continue;
            }
            if entry.path().to_str().is_none() {
                listing.findings.push(
                    Diagnostic::new(
                        "unreadable",
                        Severity::Error,
                        path,
                        "the name of this file is not valid UTF-8",
                    )
                    .help("rename the file"),
                );
            } else if entry.file_type().is_file() {
                listing.files.push(path.into());
            }
        }
        listing.files.sort_unstable();
        listing
    }

    fn read(&self, path: &str, limit: u64) -> io::Result<Vec<u8>> {
        use io::Read;
        let file = self.open_below(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        if metadata.len() > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        // The file may grow while it is read.
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes)
    }

    fn locate(&self, path: &str) -> Option<PathBuf> {
        Some(self.root.join(path))
    }
}

#[cfg(target_os = "linux")]
mod sys {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat2};
    use rustix::io::Errno;

    /// Opens a file if there is no symbolic link on the way to it; `None` if there is one, or if the
    /// kernel cannot tell. A pipe is not waited for.
    pub(super) fn open_without_links(path: &Path) -> Option<io::Result<File>> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        match openat2(CWD, path, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS) {
            Ok(file) => Some(Ok(file.into())),
            Err(Errno::LOOP | Errno::NOSYS | Errno::PERM | Errno::AGAIN) => None,
            Err(error) => Some(Err(error.into())),
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod sys {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    pub(super) fn open_without_links(_: &Path) -> Option<io::Result<File>> {
        None
    }
}

/// Files held in memory: for tests and for content that is not on disk.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    files: BTreeMap<Arc<str>, Vec<u8>>,
}

impl Memory {
    /// Adds or replaces a file.
    #[must_use]
    pub fn with(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), content.into());
        self
    }
}

impl Tree for Memory {
    fn list(&self, folder: &str) -> Listing {
        let prefix = format!("{folder}/");
        Listing {
            files: self
                .files
                .keys()
                .filter(|path| path.starts_with(&prefix))
                .cloned()
                .collect(),
            findings: Vec::new(),
        }
    }

    fn read(&self, path: &str, limit: u64) -> io::Result<Vec<u8>> {
        match self.files.get(path) {
            Some(bytes) if bytes.len() as u64 > limit => Err(io::ErrorKind::FileTooLarge.into()),
            Some(bytes) => Ok(bytes.clone()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn locate(&self, _path: &str) -> Option<PathBuf> {
        None
    }
}

/// A relative path with `/` between its parts; what is not UTF-8 is replaced.
fn slashed(path: &Path) -> String {
    let mut out = String::new();
    for part in path.components() {
        if !out.is_empty() {
            out.push('/');
        }
        out.push_str(&part.as_os_str().to_string_lossy());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_no_file_and_below_a_file_there_is_nothing() {
        let root = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(root.path().join("a")).expect("a folder");
        std::fs::write(root.path().join("b"), "b").expect("a file");
        let folder = Folder::open(root.path()).expect("opened");
        assert!(folder.exists("b"));
        for path in ["b/c", "b/c/d", "c", "a/c", "a", "."] {
            assert!(!folder.exists(path), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_within_the_project_alone() {
        use std::os::unix::fs::symlink;

        let root = tempfile::tempdir().expect("a folder");
        let beside = tempfile::tempdir().expect("a folder");
        let project = root.path().join("project");
        std::fs::create_dir_all(project.join("content")).expect("folders");
        std::fs::write(project.join("content/a.md"), "a").expect("a file");
        std::fs::write(beside.path().join("b.md"), "b").expect("a file");
        let link = |target: &Path, path: &str| symlink(target, project.join(path)).expect("a link");
        link(Path::new("a.md"), "content/near.md");
        link(&project.join("content/a.md"), "content/whole.md");
        link(Path::new("content"), "again");
        link(&beside.path().join("b.md"), "content/out.md");
        link(beside.path(), "away");
        link(Path::new("nowhere"), "content/nowhere.md");
        link(&beside.path().join("c.md"), "content/out-to-nothing.md");
        link(Path::new("out-to-nothing.md"), "content/by-another.md");
        link(Path::new("../../d/e.md"), "content/up.md");
        link(Path::new("circle.md"), "content/circle.md");
        link(&project, "../by-another-name");
        for name in ["project", "by-another-name"] {
            let folder = Folder::open(&root.path().join(name)).expect("opened");
            let read = |path: &str| folder.read(path, 9);
            for path in [
                "content/a.md",
                "content/near.md",
                "content/whole.md",
                "again/a.md",
            ] {
                assert_eq!(read(path).expect("read"), b"a", "{name}/{path}");
            }
            // A link that leaves the project does so whether anything is there or not.
            for path in [
                "content/out.md",
                "away/b.md",
                "away/c.md",
                "content/out-to-nothing.md",
                "content/by-another.md",
                "content/up.md",
            ] {
                let error = read(path).expect_err("outside");
                assert_eq!(error.to_string(), LEAVES.0);
            }
            let error = read("content/nowhere.md").expect_err("nothing");
            assert_eq!(error.kind(), io::ErrorKind::NotFound);
            let listing = folder.list("content");
            let told = listing.findings.iter();
            let told: Vec<_> = told.map(|f| format!("{}: {}", f.path, f.message)).collect();
            let leaves = |name: &str| format!("content/{name}: {}", LEAVES.0);
            let expected = [
                leaves("by-another.md"),
                "content/circle.md: this symbolic link leads in a circle".to_owned(),
                "content/nowhere.md: this symbolic link points at nothing".to_owned(),
                leaves("out-to-nothing.md"),
                leaves("out.md"),
                leaves("up.md"),
            ];
            assert_eq!(told, expected);
        }
    }
}
