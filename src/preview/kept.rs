//! The pages that were looked at last, kept from one preview to the next.
//!
//! To read a large library takes a while, and most previews start where the last one ended: with
//! the same files. What they show then is known, so it is shown at once and the library read
//! beside it. Files are told to be the same by their sizes and times, as Git does it; if that is
//! wrong for once, the page hears of the right one as soon as the library is read.

use std::collections::{BTreeMap, VecDeque};
use std::fs::{self, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use rayon::prelude::*;
use walkdir::WalkDir;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64, xxh3_128};

use super::past::{GitStamp, modified};
use super::{ROOTS, is_noise};
use crate::site::Options;

/// How a file of kept pages begins; another form has another number.
const MAGIC: &[u8] = b"personary pages 1\n";
/// How many addresses are kept, and how many bytes.
const MOST: usize = 64;
const MOST_BYTES: usize = 16 << 20;
/// Pages of projects that nobody has previewed for so long are thrown away.
const OLD: Duration = Duration::from_hours(2160);

/// The pages of the last preview, as long as they are right, and what is looked at in this one.
#[derive(Debug, Default)]
pub struct Kept {
    /// Where they are kept; `None` keeps nothing.
    file: Option<PathBuf>,
    pages: RwLock<BTreeMap<Box<str>, Vec<u8>>>,
    /// What was asked for, the last one behind; before it what is kept.
    seen: Mutex<VecDeque<Box<str>>>,
}

impl Kept {
    /// Keeps nothing.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// The pages that the last preview of the project in `root` has left in the folder `cache`, if
    /// they are those of today; none otherwise.
    pub fn open(root: &Path, options: &Options, cache: &Path) -> Self {
        let Ok(root) = root.canonicalize() else {
            return Self::nothing();
        };
        let name = xxh3_128(root.as_os_str().as_encoded_bytes());
        let file = cache.join(format!("preview-{name:032x}"));
        let pages = read(&file).and_then(|bytes| parse(&bytes, |git| stamp(&root, options, &git)));
        let pages = pages.unwrap_or_default();
        Self {
            file: Some(file),
            seen: Mutex::new(pages.keys().cloned().collect()),
            pages: RwLock::new(pages),
        }
    }

    /// The page at an address, which starts with a slash, if it is kept and nothing changed.
    pub fn page(&self, path: &str) -> Option<Vec<u8>> {
        let pages = self.pages.read().unwrap_or_else(PoisonError::into_inner);
        pages.get(path).cloned()
    }

    /// From now on every page is rendered.
    pub(super) fn forget(&self) {
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        *pages = BTreeMap::new();
    }

    /// Notes that somebody looks at an address.
    pub(super) fn note(&self, path: &str) {
        if self.file.is_none() {
            return;
        }
        let mut seen = self.seen();
        if let Some(at) = seen.iter().position(|known| **known == *path) {
            let known = seen.remove(at);
            seen.extend(known);
            return;
        }
        if seen.len() == MOST {
            seen.pop_front();
        }
        seen.push_back(path.into());
    }

    /// Keeps what was looked at, the last ones first: `render` makes it of the files that `stamp`
    /// stands for. If nobody looked at anything, what was kept before stays.
    pub(super) fn keep(
        &self,
        stamp: u128,
        git: &GitStamp,
        render: impl Fn(&str) -> Option<Vec<u8>>,
    ) -> io::Result<()> {
        let Some((file, folder)) = self.file.as_ref().and_then(|f| Some((f, f.parent()?))) else {
            return Ok(());
        };
        let Some(mut bytes) = begin(stamp, git) else {
            return Ok(());
        };
        let seen = self.seen();
        if seen.is_empty() {
            return Ok(());
        }
        for path in seen.iter().rev() {
            if let Some(page) = render(path)
                && bytes.len() + page.len() < MOST_BYTES
            {
                push(&mut bytes, path.as_bytes());
                push(&mut bytes, &page);
            }
        }
        let check = xxh3_64(&bytes);
        bytes.extend(check.to_le_bytes());
        make_private(folder)?;
        let mut whole = tempfile::NamedTempFile::new_in(folder)?;
        whole.write_all(&bytes)?;
        whole.persist(file)?;
        clear(folder);
        Ok(())
    }

    fn seen(&self) -> MutexGuard<'_, VecDeque<Box<str>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A number for all that decides what pages show: the project's files by their sizes and times,
/// the program, the options, and the last commit. `None` where that cannot be told: while there
/// are symbolic links, or folders that cannot be read.
pub(super) fn stamp(root: &Path, options: &Options, git: &GitStamp) -> Option<u128> {
    let mut paths = vec![std::env::current_exe().ok()?];
    for name in ROOTS {
        let entries = WalkDir::new(root.join(name)).into_iter();
        for entry in entries.filter_entry(|entry| !is_noise(entry.path())) {
            match entry {
                Ok(entry) if entry.path_is_symlink() => return None,
                Ok(entry) => paths.push(entry.into_path()),
                Err(error) if error.depth() == 0 && is_missing(&error) => {}
                Err(_) => return None,
            }
        }
    }
    // The files in whatever order they are listed.
    let files = paths.par_iter();
    let files = files.map(|path| Some(file(path, &path.symlink_metadata().ok()?)));
    let files = files.try_reduce(|| 0, |a, b| Some(a.wrapping_add(b)))?;
    let rest = format!("{} {git:?}", options.told());
    let mut all = Xxh3Default::new();
    all.update(&files.to_le_bytes());
    all.update(rest.as_bytes());
    Some(all.digest128())
}

fn is_missing(error: &walkdir::Error) -> bool {
    let error = error.io_error();
    error.is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// What tells a file from what it was before.
fn file(path: &Path, metadata: &Metadata) -> u128 {
    let mut all = Xxh3Default::new();
    all.update(path.as_os_str().as_encoded_bytes());
    if metadata.is_file() {
        all.update(&metadata.len().to_le_bytes());
        all.update(format!("{:?}", metadata.modified().ok()).as_bytes());
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            all.update(&metadata.ctime().to_le_bytes());
            all.update(&metadata.ctime_nsec().to_le_bytes());
            all.update(&metadata.ino().to_le_bytes());
        }
    }
    all.digest128()
}

/// The beginning of a file of pages; `None` where the path of Git's file is not UTF-8.
fn begin(stamp: u128, git: &GitStamp) -> Option<Vec<u8>> {
    let mut bytes = MAGIC.to_vec();
    let git = match git {
        Some((path, _)) => path.to_str()?,
        None => "",
    };
    push(&mut bytes, git.as_bytes());
    bytes.extend(stamp.to_le_bytes());
    Some(bytes)
}

fn push(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend((part.len() as u64).to_le_bytes());
    bytes.extend(part);
}

/// The pages in a file, if it is whole and has the stamp of today, which depends on what Git did.
fn parse(
    bytes: &[u8],
    today: impl FnOnce(GitStamp) -> Option<u128>,
) -> Option<BTreeMap<Box<str>, Vec<u8>>> {
    let (bytes, check) = bytes.split_last_chunk()?;
    let mut rest = bytes.strip_prefix(MAGIC)?;
    if xxh3_64(bytes) != u64::from_le_bytes(*check) {
        return None;
    }
    let git = match text(take(&mut rest)?)? {
        "" => None,
        path => Some((PathBuf::from(path), modified(path))),
    };
    let (stamp, mut rest) = rest.split_first_chunk()?;
    if today(git)? != u128::from_le_bytes(*stamp) {
        return None;
    }
    let mut pages = BTreeMap::new();
    while !rest.is_empty() {
        let path = text(take(&mut rest)?)?;
        pages.insert(path.into(), take(&mut rest)?.to_vec());
    }
    Some(pages)
}

/// The next part that [`push`] wrote.
fn take<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, behind) = rest.split_first_chunk()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (part, behind) = behind.split_at_checked(length)?;
    *rest = behind;
    Some(part)
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

fn read(file: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = fs::File::open(file).ok()?;
    let most = 2 * MOST_BYTES as u64;
    file.take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Makes a folder that nobody else can look into.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Throws away what was kept of projects long ago.
fn clear(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_ours = entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(b"preview-");
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        let age = modified.ok().and_then(|time| time.elapsed().ok());
        if is_ours && age.is_some_and(|age| age > OLD) {
            // What cannot be removed stays; nobody waits for it.
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests;
