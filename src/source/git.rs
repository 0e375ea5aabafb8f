//! What Git knows of a project: who changed which file when, and what stood in it.
//!
//! In: the folder of a project. Out: its commits in one pass over the log, and texts of former
//! revisions. It asks the `git` command, never one that content could name: no external diff, no
//! text conversion, no signature program, nothing fetched.

use std::collections::HashSet;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;

use jiff::Timestamp;
use jiff::civil::Date;

/// What stands before a commit in the log, and between its parts.
const COMMIT: u8 = 0x1e;
const PART: char = '\x1f';
/// The longest line of a log that is taken for one, in bytes.
const MAX_LINE: u64 = 1024 * 1024;

/// The repository in which a project stands.
#[derive(Debug, Clone)]
pub struct Repository {
    /// The project's folder.
    root: PathBuf,
    /// The way from the top of the repository to the project: empty or ending in a slash.
    prefix: String,
}

/// One commit, and what it did to the project's files.
#[derive(Debug, Clone)]
pub struct Commit {
    /// Its whole name.
    pub id: Box<str>,
    /// Who wrote it, by the repository's `.mailmap`.
    pub author: Arc<str>,
    /// When it was written.
    pub time: Timestamp,
    /// The day where its author was.
    pub day: Date,
    /// The first line of its message.
    pub subject: Box<str>,
    /// Whether its parents are not there, so that nobody knows what it changed: the end of a
    /// shallow clone.
    pub cut: bool,
    /// The files that it touched.
    pub files: Vec<Touched>,
}

/// What a commit did to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// The project path after it; of a removed file, the one before.
    pub path: Box<str>,
    /// What happened.
    pub how: How,
}

/// What can happen to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// It was not there before.
    Added,
    /// Its text is another one.
    Edited,
    /// It was called so before, and may have changed.
    Renamed(Box<str>),
    /// It is gone.
    Removed,
}

impl Repository {
    /// The repository around the folder `root`; `None` outside one, without commits, or where
    /// there is no `git`.
    pub fn around(root: &Path) -> Option<Self> {
        let mut repository = Self {
            root: root.to_path_buf(),
            prefix: String::new(),
        };
        let prefix = repository.answer(&["rev-parse", "--show-prefix"])?;
        repository.head()?;
        prefix.clone_into(&mut repository.prefix);
        Some(repository)
    }

    /// The name of the commit that is checked out.
    pub fn head(&self) -> Option<String> {
        self.answer(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])
    }

    /// The file that every commit and checkout of this work tree writes to, to tell cheaply that
    /// something happened.
    pub fn stamp(&self) -> Option<PathBuf> {
        let path = self.answer(&["rev-parse", "--git-path", "logs/HEAD"])?;
        Some(self.root.join(path))
    }

    /// Reads the log of the files below `folders` from the newest commit on, and hands each commit
    /// over as it comes. Merges are left out: they repeat what their branches did.
    pub fn log(&self, folders: &[&str], mut each: impl FnMut(Commit)) -> io::Result<()> {
        let ends = self.ends()?;
        let mut child = self
            .git(&[
                "log",
                "-z",
                "--format=%x1e%H%x1f%aN%x1f%aI%x1f%s",
                "--name-status",
                "--find-renames",
                "--no-ext-diff",
                "--no-textconv",
                "--no-color",
                "--diff-merges=off",
                "--relative",
                "--",
            ])
            .args(folders)
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let read = read_log(BufReader::new(out), &ends, &mut each);
        finish(child)?;
        read
    }

    /// The commits at which a shallow clone ends; none in a whole one.
    fn ends(&self) -> io::Result<HashSet<String>> {
        let Some(path) = self.answer(&["rev-parse", "--git-path", "shallow"]) else {
            return Ok(HashSet::new());
        };
        match std::fs::read_to_string(self.root.join(path)) {
            Ok(text) => Ok(text.lines().map(str::to_owned).collect()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(HashSet::new()),
            Err(error) => Err(error),
        }
    }

    /// What stood in files, each named by a revision and a project path; `None` where there was
    /// none, or one larger than `limit` bytes.
    pub fn texts(&self, wanted: &[(String, &str)], limit: u64) -> io::Result<Vec<Option<Vec<u8>>>> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut child = self
            .git(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut stdin = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let out = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut out = BufReader::new(out);
        // A name with a line break would be read as two; such a file has no former text.
        let names = wanted.iter().map(|(revision, path)| {
            let name = format!("{revision}:{}{path}", self.prefix);
            if name.contains('\n') {
                String::new()
            } else {
                name
            }
        });
        let names: String = names.map(|name| name + "\n").collect();
        // Both ends have buffers of limited size, so one writes while the other reads.
        let texts = thread::scope(|scope| {
            let writer = scope.spawn(move || stdin.write_all(names.as_bytes()));
            let texts: io::Result<Vec<_>> = wanted
                .iter()
                .map(|_| read_object(&mut out, limit))
                .collect();
            // A writer that failed leaves answers missing, which the reader has noticed.
            drop(writer.join());
            texts
        });
        drop(out);
        finish(child)?;
        texts
    }

    /// A command whose output is one line; `None` when it fails.
    fn answer(&self, arguments: &[&str]) -> Option<String> {
        let output = self.git(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output
            .status
            .success()
            .then(|| text.trim_end_matches(['\n', '\r']).to_owned())
    }

    fn git(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.root)
            .args([
                "-c",
                "core.quotePath=false",
                "-c",
                "log.showSignature=false",
            ])
            .args(arguments)
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }
}

/// Waits for the end of a command, so that none is left behind.
fn finish(mut child: Child) -> io::Result<()> {
    let status = child.wait()?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("git ended with {status}")))
    }
}

/// Reads what `cat-file --batch` answers for one name: a line with the size, and the text.
fn read_object(out: &mut impl BufRead, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    out.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let line = String::from_utf8_lossy(&line);
    let mut words = line.trim_end().rsplit(' ');
    let (size, sort) = (words.next().unwrap_or_default(), words.next());
    let Ok(size) = size.parse::<u64>() else {
        return Ok(None);
    };
    // The text is followed by a line break that is not part of it.
    let mut body = out.by_ref().take(size + 1);
    if size > limit || sort != Some("blob") {
        io::copy(&mut body, &mut io::sink())?;
        return Ok(None);
    }
    let mut text = Vec::new();
    body.read_to_end(&mut text)?;
    text.pop();
    Ok(Some(text))
}

/// Reads the parts of a log, which are separated by zero bytes.
fn read_log(
    mut out: impl BufRead,
    ends: &HashSet<String>,
    each: &mut impl FnMut(Commit),
) -> io::Result<()> {
    let mut commit: Option<Commit> = None;
    let mut authors: HashSet<Arc<str>> = HashSet::new();
    let mut part = Vec::new();
    let mut next = move || -> io::Result<Option<String>> {
        part.clear();
        out.by_ref().take(MAX_LINE).read_until(0, &mut part)?;
        if part.is_empty() {
            return Ok(None);
        }
        let text = part.strip_suffix(&[0]).unwrap_or(&part);
        Ok(Some(String::from_utf8_lossy(text).into_owned()))
    };
    while let Some(text) = next()? {
        let text = text.trim_start_matches('\n');
        if text.as_bytes().first() == Some(&COMMIT) {
            let begun = begin(&text[1..], ends, &mut authors);
            if let Some(done) = std::mem::replace(&mut commit, begun) {
                each(done);
            }
            continue;
        }
        let Some(letter) = text.chars().next() else {
            continue;
        };
        let Some(path) = next()? else { break };
        let (path, how) = match letter {
            'A' | 'C' => (path, How::Added),
            'D' => (path, How::Removed),
            'R' => match next()? {
                Some(new) => (new, How::Renamed(path.into())),
                None => break,
            },
            _ => (path, How::Edited),
        };
        // A copy names where it comes from first.
        let path = if letter == 'C' {
            next()?.unwrap_or(path)
        } else {
            path
        };
        if let Some(commit) = &mut commit {
            let path = path.into();
            commit.files.push(Touched { path, how });
        }
    }
    if let Some(done) = commit {
        each(done);
    }
    Ok(())
}

/// The head of a commit; `None` when its date cannot be read.
fn begin(text: &str, ends: &HashSet<String>, authors: &mut HashSet<Arc<str>>) -> Option<Commit> {
    let mut parts = text.splitn(4, PART);
    let id = parts.next()?;
    let author = parts.next()?;
    let date = parts.next()?;
    let subject = parts.next().unwrap_or_default();
    let known = authors.get(author).map(Arc::clone);
    let author = known.unwrap_or_else(|| {
        let new: Arc<str> = author.into();
        authors.insert(Arc::clone(&new));
        new
    });
    Some(Commit {
        author,
        time: date.parse().ok()?,
        day: date.get(..10)?.parse().ok()?,
        subject: subject.into(),
        cut: ends.contains(id),
        id: id.into(),
        files: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(log: &str) -> Vec<Commit> {
        let mut commits = Vec::new();
        let ends = HashSet::from(["b".to_owned()]);
        read_log(log.as_bytes(), &ends, &mut |commit| commits.push(commit)).expect("a log");
        commits
    }

    #[test]
    fn a_log_is_read_with_renames_and_where_it_is_cut() {
        let commits = read(concat!(
            "\x1ea\x1fAda\x1f2026-09-14T23:30:00+02:00\x1fTighten: a\x1fgoal\0",
            "\nM\0content/personas/a.md\0R087\0content/personas/old name.md\0content/personas/é.md\0",
            "\x1eb\x1fAda\x1f2026-09-13T00:30:00+02:00\x1f\0",
            "\nA\0content/personas/a.md\0D\0content/x.md\0T\0content/link.md\0",
        ));
        assert_eq!(commits.len(), 2);
        assert_eq!(&*commits[0].subject, "Tighten: a\x1fgoal");
        assert_eq!(commits[0].day.to_string(), "2026-09-14");
        assert_eq!(commits[0].time.to_string(), "2026-09-14T21:30:00Z");
        assert!(!commits[0].cut && commits[1].cut);
        let told: Vec<String> = commits
            .iter()
            .flat_map(|c| &c.files)
            .map(|f| format!("{} {:?}", f.path, f.how))
            .collect();
        assert_eq!(
            told,
            [
                "content/personas/a.md Edited",
                "content/personas/é.md Renamed(\"content/personas/old name.md\")",
                "content/personas/a.md Added",
                "content/x.md Removed",
                "content/link.md Edited",
            ]
        );
    }

    #[test]
    fn a_log_that_breaks_off_gives_what_came() {
        assert!(read("").is_empty());
        assert_eq!(
            read("\x1ea\x1fA\x1f2026-09-14T23:30:00Z\x1fx\0\nR100\0one\0").len(),
            1
        );
        assert!(read("\x1ea\x1fA\x1fyesterday\x1fx\0\nM\0one\0").is_empty());
    }
}
