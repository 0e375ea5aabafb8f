//! A former state of a project, read from Git's objects.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::HashMap;

use super::links::Links;
use super::objects::{Object, ObjectId, Objects};
use super::{CommitId, GitError, MAX_LINE, Repository, lfs};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Listing, MAX_FILE_BYTES, Tree};

/// Files of one state, at most.
const MOST_FILES: usize = 2_000_000;
/// The longest path that a link may hold, in bytes.
const MAX_LINK: u64 = 4096;
/// Files that are fetched together once two of them were wanted. Files are read in the order of
/// their paths, by a few threads that each walk through a part of them.
const AHEAD: usize = 64;

/// The files of a project in one commit.
pub struct Revision {
    /// What the user called it.
    name: String,
    commit: CommitId,
    /// All files, sorted by path.
    files: Vec<(Arc<str>, ObjectId)>,
    /// What is no file that can be read, sorted by path.
    odd: Vec<Diagnostic>,
    objects: Objects,
    /// Texts that were fetched before somebody wants them, by part of `files`.
    ahead: Vec<Mutex<Ahead>>,
    /// How many objects were wanted and are not in this clone.
    missing: AtomicUsize,
}

/// Neighbours in the list of files.
#[derive(Debug, Default)]
struct Ahead {
    /// How many of them were wanted.
    wanted: usize,
    /// Those that wait to be wanted.
    texts: HashMap<usize, Vec<u8>>,
}

impl Repository {
    /// The project's files in the commit that `name` names. A commit without the project has none.
    pub fn revision(&self, name: &str) -> Result<Revision, GitError> {
        let commit = self.commit(name)?;
        self.state(name, commit)
    }

    /// The project's files in a commit, which the user calls `name`.
    pub fn state(&self, name: &str, commit: CommitId) -> Result<Revision, GitError> {
        let mut revision = Revision {
            name: name.to_owned(),
            commit,
            files: Vec::new(),
            odd: Vec::new(),
            objects: Objects::new(self.clone()),
            ahead: Vec::new(),
            missing: AtomicUsize::new(0),
        };
        let mut links = Vec::new();
        revision.list_all(&mut links)?;
        revision.follow(links)?;
        revision.odd.sort_by(Diagnostic::order);
        let parts = revision.files.len().div_ceil(AHEAD);
        revision.ahead.resize_with(parts, Mutex::default);
        Ok(revision)
    }
}

impl Revision {
    /// What the user called it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The commit.
    pub fn commit(&self) -> &CommitId {
        &self.commit
    }

    /// Whether there is nothing of the project.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.odd.is_empty()
    }

    /// What kept files from being read, if that was Git and not the files: in a clone without all
    /// texts. A library that was loaded with this is not the one of the revision.
    pub fn failure(&self) -> Option<GitError> {
        let count = self.missing.load(Ordering::Relaxed);
        let remote = || self.objects.repository().remote();
        (count > 0).then(|| GitError::Missing {
            name: self.name.clone(),
            count,
            remote: remote().unwrap_or_else(|| "origin".to_owned()),
        })
    }

    /// The position of a file, and its object.
    pub(super) fn file(&self, path: &str) -> Option<(usize, ObjectId)> {
        let at = self.files.binary_search_by(|(p, _)| (**p).cmp(path)).ok()?;
        Some((at, self.files[at].1))
    }

    /// How many files there are.
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    /// Reads the folders of the project from Git, once.
    fn list_all(&mut self, links: &mut Vec<(Box<str>, ObjectId)>) -> Result<(), GitError> {
        let repository = self.objects.repository();
        let folder = repository.prefix.trim_end_matches('/');
        let tree = format!("{}:{folder}", self.commit);
        // A commit before the project began has no such folder.
        let known = repository.answer(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &tree,
        ]);
        let Some(tree) = known else {
            return Ok(());
        };
        let mut child = repository
            // Otherwise Git looks for the current folder in the tree, which is that folder.
            .git(&["ls-tree", "-r", "-z", "--full-tree", &tree])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| GitError::not_run(&error))?;
        let failed = |error: io::Error| GitError::Other(error.to_string());
        let out = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe);
        let mut out = BufReader::new(out.map_err(|kind| failed(kind.into()))?);
        let mut line = Vec::new();
        loop {
            line.clear();
            io::Read::take(&mut out, MAX_LINE)
                .read_until(0, &mut line)
                .map_err(failed)?;
            if line.pop().is_none() {
                break;
            }
            if self.files.len() + links.len() >= MOST_FILES {
                drop(child.kill());
                drop(child.wait());
                return Err(GitError::TooMany(self.name.clone()));
            }
            self.enter(&line, links);
        }
        let output = child.wait_with_output().map_err(failed)?;
        if !output.status.success() {
            let root = &self.objects.repository().root;
            return Err(GitError::of(&output.stderr, root));
        }
        // Git sorts folders as if their names ended in a slash.
        self.files.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        Ok(())
    }

    /// Enters one line of the listing: mode, sort, object and path.
    fn enter(&mut self, line: &[u8], links: &mut Vec<(Box<str>, ObjectId)>) {
        let Some(tab) = line.iter().position(|&byte| byte == b'\t') else {
            return;
        };
        let (head, path) = (&line[..tab], &line[tab + 1..]);
        let mut words = head.split(|&byte| byte == b' ');
        let (mode, _, id) = (words.next(), words.next(), words.next());
        let Some(id) = id.and_then(ObjectId::parse) else {
            return;
        };
        let Ok(path) = std::str::from_utf8(path) else {
            let path = String::from_utf8_lossy(path);
            return self.odd.push(
                unreadable(&path, "the name of this file is not valid UTF-8")
                    .help("rename the file"),
            );
        };
        match mode {
            Some(b"120000") => links.push((path.into(), id)),
            Some(b"160000") => self.odd.push(
                unreadable(
                    path,
                    "this is a submodule, whose files are in another repository",
                )
                .help("copy the files into this repository, or remove the submodule"),
            ),
            _ => self.files.push((path.into(), id)),
        }
    }

    /// Puts what links lead to among the files.
    fn follow(&mut self, found: Vec<(Box<str>, ObjectId)>) -> Result<(), GitError> {
        if found.is_empty() {
            return Ok(());
        }
        let ids: Vec<ObjectId> = found.iter().map(|(_, id)| *id).collect();
        let read = self.objects.read(&ids, MAX_LINK);
        let read = read.map_err(|error| GitError::Other(error.to_string()))?;
        let mut links = Links::default();
        for ((path, _), object) in found.into_iter().zip(read) {
            match object {
                Object::Blob(target) => {
                    let target = String::from_utf8_lossy(&target).into_owned();
                    links.targets.insert(path, target.into());
                }
                Object::Missing => {
                    self.missing.fetch_add(1, Ordering::Relaxed);
                }
                Object::TooLarge | Object::NoFile => {
                    self.odd
                        .push(unreadable(&path, "this symbolic link cannot be read"));
                }
            }
        }
        let files = self.files.iter();
        links.files = files.map(|(path, id)| ((&**path).into(), *id)).collect();
        let followed = links.follow();
        for (path, fault) in followed.faults {
            let (message, help) = fault.words();
            self.odd.push(unreadable(&path, message).help(help));
        }
        let through = followed.files.into_iter();
        self.files
            .extend(through.map(|(path, id)| (path.into(), id)));
        self.files.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        Ok(())
    }

    /// The text of the file at a position, with its neighbours if some of them are wanted too.
    fn text(&self, at: usize, limit: u64) -> io::Result<Object> {
        let (path, id) = &self.files[at];
        if !is_text(path) {
            return self.one(*id, limit);
        }
        let first = at - at % AHEAD;
        let mut ahead = self.ahead[at / AHEAD]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = ahead.texts.remove(&at) {
            return Ok(if text.len() as u64 > limit {
                Object::TooLarge
            } else {
                Object::Blob(text)
            });
        }
        ahead.wanted += 1;
        // One alone is read alone, as in a comparison; who reads a second one reads them all.
        if ahead.wanted != 2 {
            drop(ahead);
            return self.one(*id, limit);
        }
        let part = &self.files[first..(first + AHEAD).min(self.files.len())];
        let texts = (first..).zip(part).filter(|(_, (path, _))| is_text(path));
        let (places, ids): (Vec<usize>, Vec<ObjectId>) =
            texts.map(|(place, (_, id))| (place, *id)).unzip();
        let objects = self.objects.read(&ids, MAX_FILE_BYTES)?;
        let mut wanted = None;
        for (place, object) in places.into_iter().zip(objects) {
            match object {
                object if place == at => wanted = Some(object),
                Object::Blob(text) => {
                    ahead.texts.insert(place, text);
                }
                _ => {}
            }
        }
        drop(ahead);
        match wanted {
            Some(Object::Blob(text)) if text.len() as u64 <= limit => Ok(Object::Blob(text)),
            // Others are read with the limit that was asked for.
            Some(Object::Blob(_)) => Ok(Object::TooLarge),
            _ => self.one(*id, limit),
        }
    }

    fn one(&self, id: ObjectId, limit: u64) -> io::Result<Object> {
        let mut objects = self.objects.read(&[id], limit)?;
        Ok(objects.pop().unwrap_or(Object::Missing))
    }
}

/// Whether a file is of the sort that a library reads in whole and at once.
fn is_text(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    path.starts_with("content/") && matches!(ending, Some("md" | "csv"))
}

fn unreadable(path: &str, message: &str) -> Diagnostic {
    Diagnostic::new("unreadable", Severity::Error, path, message)
}

/// Whether a path below `folder` leads through a hidden folder, is hidden itself, or is one that no
/// file system would have: Git can be made to keep names such as `..`.
fn is_hidden(path: &str, folder: &str) -> bool {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let below = below.strip_prefix('/').unwrap_or(below);
    below
        .split('/')
        .any(|part| part.is_empty() || part.starts_with('.'))
}

impl Tree for Revision {
    fn list(&self, folder: &str) -> Listing {
        let prefix = format!("{folder}/");
        let begin = self.files.partition_point(|(path, _)| **path < *prefix);
        let below = self.files[begin..].iter().map(|(path, _)| path);
        let below = below.take_while(|path| path.starts_with(&prefix));
        let odd = self.odd.iter();
        let is_below = |path: &str| path == folder || path.starts_with(&prefix);
        Listing {
            files: below
                .filter(|path| !is_hidden(path, folder))
                .cloned()
                .collect(),
            findings: odd
                .filter(|finding| is_below(&finding.path) && !is_hidden(&finding.path, folder))
                .cloned()
                .collect(),
        }
    }

    fn read(&self, path: &str, limit: u64) -> io::Result<Vec<u8>> {
        let (at, _) = self.file(path).ok_or(io::ErrorKind::NotFound)?;
        // A pointer may be longer than what it points at.
        match self.text(at, limit.max(lfs::LONGEST))? {
            Object::Blob(text) => match lfs::pointed_at(&text) {
                Some(digest) => {
                    let repository = self.objects.repository();
                    lfs::content(&repository.git_dir, digest, limit)
                }
                None if text.len() as u64 > limit => Err(io::ErrorKind::FileTooLarge.into()),
                None => Ok(text),
            },
            Object::TooLarge => Err(io::ErrorKind::FileTooLarge.into()),
            Object::NoFile => Err(io::ErrorKind::InvalidInput.into()),
            Object::Missing => {
                self.missing.fetch_add(1, Ordering::Relaxed);
                Err(io::Error::other("its text is not in this clone"))
            }
        }
    }

    fn exists(&self, path: &str) -> bool {
        self.file(path).is_some()
    }

    fn locate(&self, _path: &str) -> Option<PathBuf> {
        None
    }
}

/// The files of a project that are others in two commits of one repository, or in one of them only.
pub fn differing(one: &Revision, other: &Revision) -> Vec<Arc<str>> {
    let only = |a: &Revision, b: &Revision| -> Vec<Arc<str>> {
        let files = a.files.iter();
        files
            .filter(|(path, id)| b.file(path).is_none_or(|(_, other)| other != *id))
            .map(|(path, _)| Arc::clone(path))
            .collect()
    };
    let all: BTreeSet<Arc<str>> = only(one, other)
        .into_iter()
        .chain(only(other, one))
        .collect();
    all.into_iter().collect()
}
