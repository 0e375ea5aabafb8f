//! Texts by their names in Git's store: `git cat-file --batch`, kept running.
//!
//! Names are what Git calls an object itself, so nothing that stands in a project gets there.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Mutex, PoisonError};

use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::{MAX_LINE, Repository};

/// The name of an object: the digest of its content, 20 or 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectId {
    bytes: [u8; 32],
    length: u8,
}

impl ObjectId {
    /// Reads the hexadecimal digits of a name.
    pub fn parse(hex: &[u8]) -> Option<Self> {
        if !matches!(hex.len(), 40 | 64) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, digits) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
            let digits = std::str::from_utf8(digits).ok()?;
            *byte = u8::from_str_radix(digits, 16).ok()?;
        }
        let length = if hex.len() == 40 { 20 } else { 32 };
        Some(Self { bytes, length })
    }

    /// Whether a file with this content is this object. Line endings of Windows are taken for those
    /// of Unix, which a checkout may have made of them.
    pub(super) fn is_of(&self, content: &[u8]) -> bool {
        if self.is_exactly(content) {
            return true;
        }
        if !content.windows(2).any(|pair| pair == b"\r\n") {
            return false;
        }
        let mut unix = Vec::with_capacity(content.len());
        for (index, &byte) in content.iter().enumerate() {
            if byte != b'\r' || content.get(index + 1) != Some(&b'\n') {
                unix.push(byte);
            }
        }
        self.is_exactly(&unix)
    }

    fn is_exactly(&self, content: &[u8]) -> bool {
        let head = format!("blob {}\0", content.len());
        let known = &self.bytes[..usize::from(self.length)];
        if self.length == 20 {
            let digest = Sha1::new_with_prefix(head).chain_update(content);
            digest.finalize()[..] == *known
        } else {
            let digest = Sha256::new_with_prefix(head).chain_update(content);
            digest.finalize()[..] == *known
        }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes[..usize::from(self.length)]
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What Git answers for one name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Object {
    /// The content of a file.
    Blob(Vec<u8>),
    /// It has more bytes than were wanted.
    TooLarge,
    /// It is something else: a commit, a folder.
    NoFile,
    /// It is not in this repository.
    Missing,
}

/// Texts of one repository, for many threads at once.
#[derive(Debug)]
pub struct Objects {
    repository: Repository,
    /// Commands that wait for a name.
    idle: Mutex<Vec<Batch>>,
}

impl Objects {
    /// The texts of a repository; no command runs before one is asked for.
    pub fn new(repository: Repository) -> Self {
        Self {
            repository,
            idle: Mutex::default(),
        }
    }

    /// Whose texts they are.
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// Reads objects of at most `limit` bytes, in the order of their names. A few at once cost
    /// little more than one.
    pub(super) fn read(&self, names: &[ObjectId], limit: u64) -> io::Result<Vec<Object>> {
        let waiting = self.idle().pop();
        let mut batch = match waiting {
            Some(batch) => batch,
            None => Batch::start(&self.repository)?,
        };
        let read = batch.read(names, limit)?;
        // One that failed is not used again: nobody knows how far it got.
        self.idle().push(batch);
        Ok(read)
    }

    /// What stands in files; `None` of one with more than `limit` bytes, and of what is not there.
    pub fn texts(&self, names: &[ObjectId], limit: u64) -> io::Result<Vec<Option<Vec<u8>>>> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let objects = self.read(names, limit)?.into_iter();
        let texts = objects.map(|object| match object {
            Object::Blob(text) => Some(text),
            _ => None,
        });
        Ok(texts.collect())
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Batch>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running `git cat-file --batch`.
#[derive(Debug)]
struct Batch {
    child: Child,
    names: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// Names that are written before an answer is read: they fit into the buffer of any pipe.
const AT_ONCE: usize = 64;

impl Batch {
    fn start(repository: &Repository) -> io::Result<Self> {
        let mut child = repository
            .git(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let names = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let answers = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self {
            child,
            names,
            answers: BufReader::with_capacity(64 * 1024, answers),
        })
    }

    fn read(&mut self, names: &[ObjectId], limit: u64) -> io::Result<Vec<Object>> {
        let mut objects = Vec::with_capacity(names.len());
        for names in names.chunks(AT_ONCE) {
            let mut lines = Vec::with_capacity(names.len() * 65);
            for name in names {
                writeln!(lines, "{name}")?;
            }
            self.names.write_all(&lines)?;
            self.names.flush()?;
            for _ in names {
                objects.push(read_object(&mut self.answers, limit)?);
            }
        }
        Ok(objects)
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // It only reads, so nothing is lost; waiting for it leaves nobody behind.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Reads what `cat-file --batch` answers for one name: a line with the size, and the text.
pub(super) fn read_object(out: &mut impl BufRead, limit: u64) -> io::Result<Object> {
    let mut line = Vec::new();
    out.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let line = String::from_utf8_lossy(&line);
    let mut words = line.trim_end().rsplit(' ');
    let (size, sort) = (words.next().unwrap_or_default(), words.next());
    let Ok(size) = size.parse::<u64>() else {
        return Ok(Object::Missing);
    };
    // The text is followed by a line break that is not part of it.
    let mut body = out.by_ref().take(size.saturating_add(1));
    if size > limit || sort != Some("blob") {
        io::copy(&mut body, &mut io::sink())?;
        return Ok(match sort {
            Some("blob") => Object::TooLarge,
            _ => Object::NoFile,
        });
    }
    let mut text = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    body.read_to_end(&mut text)?;
    if text.len() as u64 != size + 1 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    text.pop();
    Ok(Object::Blob(text))
}
