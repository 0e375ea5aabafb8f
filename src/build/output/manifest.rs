//! The record of what was built, kept in the output: which files are ours, and what they hold.
//!
//! It is the same for a site that is made of the same, byte for byte, and so has no times in it.
//! Whether a file was touched since shows its time against that of the record, which is written
//! last.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::SystemTime;

use serde::de::{self, Deserialize, Deserializer};

use super::error::{OutputError, io_error};

/// The file that holds the record.
pub(super) const NAME: &str = ".personary-manifest.json";
/// Names at the top of the output that are not the site's to write begin so.
pub(super) const RESERVED: &str = ".personary-";

const VERSION: u32 = 2;
/// Its hashes were of another sort: files in it are known to be ours, and are written again.
const BEFORE: u32 = 1;

/// A hash of what a file holds (XXH3). It tells apart what the same people wrote one after the
/// other, so nobody gains by finding two files with the same one.
pub type Hash = u128;

/// What the old output holds of ours.
#[derive(Debug)]
pub(super) struct Manifest {
    pub(super) files: HashMap<Box<str>, Known>,
    /// What the site was made of, if that is known.
    pub(super) made_of: Option<Hash>,
    /// When the record was written, after all the files in it.
    pub(super) built: SystemTime,
}

/// A file that an earlier build wrote.
#[derive(Debug)]
pub(super) struct Known {
    size: u64,
    /// `None` while an update in place has not finished with the file.
    hash: Option<Hash>,
    fate: AtomicU8,
}

/// What becomes of a file of the old site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Fate {
    /// The new site does not have it.
    Removed = 0,
    /// The new site has it with other contents.
    Rewritten = 1,
    /// The new site has it as it is.
    Kept = 2,
}

impl Known {
    pub(super) fn holds(&self, size: u64, hash: &Hash) -> bool {
        self.size == size && self.hash.as_ref() == Some(hash)
    }

    /// Whether an update in place finished with it.
    pub(super) const fn is_whole(&self) -> bool {
        self.hash.is_some()
    }

    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn fate(&self) -> Fate {
        match self.fate.load(Ordering::Acquire) {
            0 => Fate::Removed,
            1 => Fate::Rewritten,
            _ => Fate::Kept,
        }
    }

    /// Says that the new site has this file; `false` when that was said before.
    pub(super) fn claim(&self) -> bool {
        self.fate.swap(Fate::Rewritten as u8, Ordering::AcqRel) == Fate::Removed as u8
    }

    /// Says that the file can stay as it is.
    pub(super) fn keep(&self) {
        self.fate.store(Fate::Kept as u8, Ordering::Release);
    }
}

#[derive(serde::Deserialize)]
struct OnDisk {
    version: u32,
    made_of: Option<Hex>,
    files: HashMap<Box<str>, Known>,
}

#[derive(serde::Deserialize)]
struct AnyVersion {
    version: u32,
}

impl<'de> Deserialize<'de> for Known {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        struct Fields {
            size: u64,
            hash: Option<Hex>,
        }
        let Fields { size, hash } = Fields::deserialize(deserializer)?;
        Ok(Self {
            size,
            hash: hash.and_then(|Hex(hash)| hash),
            fate: AtomicU8::new(Fate::Removed as u8),
        })
    }
}

/// A hash as it is written; `None` for one of another sort.
struct Hex(Option<Hash>);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Hex;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a hash in hexadecimal")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Hex, E> {
                match (text.len(), Hash::from_str_radix(text, 16)) {
                    (32, hash) => Ok(Hex(Some(hash.map_err(E::custom)?))),
                    _ => Ok(Hex(None)),
                }
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

impl Manifest {
    /// Reads the record in `folder`; `None` when there is none.
    pub(super) fn load(folder: &Path) -> Result<Option<Self>, OutputError> {
        let path = folder.join(NAME);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io_error("read", &path)(error)),
        };
        let built = fs::metadata(&path)
            .and_then(|status| status.modified())
            .unwrap_or(SystemTime::UNIX_EPOCH);
        match parse(&bytes) {
            Ok((files, made_of)) => Ok(Some(Self {
                files,
                made_of,
                built,
            })),
            Err(reason) => Err(OutputError::Manifest { path, reason }),
        }
    }
}

type Record = (HashMap<Box<str>, Known>, Option<Hash>);

fn parse(bytes: &[u8]) -> Result<Record, String> {
    let newer = |version| format!("it was written by another version of Personary ({version})");
    let OnDisk {
        version,
        made_of,
        files,
    } = serde_json::from_slice(bytes).map_err(|error| {
        match serde_json::from_slice::<AnyVersion>(bytes) {
            Ok(any) if !matches!(any.version, BEFORE | VERSION) => newer(any.version),
            _ => error.to_string(),
        }
    })?;
    if !matches!(version, BEFORE | VERSION) {
        return Err(newer(version));
    }
    // What the record names may be deleted, so it must not name anything outside.
    match files.keys().find(|path| check_path(path).is_err()) {
        Some(path) => Err(format!("it names `{}`", path.escape_debug())),
        None => Ok((files, made_of.and_then(|Hex(hash)| hash))),
    }
}

/// Whether `path` can name a file of the site.
pub(super) fn check_path(path: &str) -> Result<(), OutputError> {
    let foreign_separator = |c: char| c != '/' && std::path::is_separator(c);
    let reason = if path.starts_with('/') {
        "it is absolute"
    } else if path.split('/').any(str::is_empty) {
        "it has an empty part"
    } else if path.split('/').any(|part| part == "." || part == "..") {
        "it has a part `.` or `..`"
    } else if path.contains('\0') || path.contains(foreign_separator) {
        "it has a character that no file name can have"
    } else if path.starts_with(RESERVED) {
        "names that begin with `.personary-` are reserved"
    } else {
        return Ok(());
    };
    Err(OutputError::BadPath {
        path: path.to_owned(),
        reason,
    })
}

/// A file of the new site.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) path: Box<str>,
    pub(super) size: u64,
    pub(super) hash: Option<Hash>,
    /// `false` when the old site's file stays.
    pub(super) written: bool,
}

/// Writes the record of `entries`, which are sorted by path and were made of `made_of`, to the file
/// `path`.
pub(super) fn save(
    path: &Path,
    entries: &[Entry],
    made_of: Option<Hash>,
) -> Result<(), OutputError> {
    let save = || {
        let mut out = BufWriter::with_capacity(1 << 17, fs::File::create(path)?);
        write!(out, "{{\"version\":{VERSION},")?;
        if let Some(made_of) = made_of {
            write!(out, "\"made_of\":\"{made_of:032x}\",")?;
        }
        out.write_all(b"\"files\":{")?;
        let mut separator = "\n";
        for entry in entries {
            out.write_all(separator.as_bytes())?;
            serde_json::to_writer(&mut out, &entry.path)?;
            write!(out, ":{{\"size\":{},\"hash\":", entry.size)?;
            match &entry.hash {
                Some(hash) => write!(out, "\"{hash:032x}\"}}")?,
                None => out.write_all(b"null}")?,
            }
            separator = ",\n";
        }
        out.write_all(b"\n}}\n")?;
        out.flush()
    };
    save().map_err(io_error("write", path))
}
