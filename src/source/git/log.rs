//! The log: who changed which file when.

use std::collections::HashSet;
use std::io::{self, BufRead, BufReader, Read};
use std::process::Stdio;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::objects::ObjectId;
use super::{MAX_LINE, Repository, finish};

/// What stands before a commit in the log, and between its parts: neither a name nor the first line
/// of a message has a line break.
const COMMIT: u8 = 0x1e;
const PART: char = '\n';
/// What Git counts time from.
const FIRST_DAY: Date = Date::constant(1970, 1, 1);

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
    /// Its text before, if it was there.
    pub before: Option<ObjectId>,
    /// Its text after, if it is there.
    pub after: Option<ObjectId>,
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
    /// Reads the log of the files below `folders` from the commit `from` on, the newest first, and
    /// hands each commit over as it comes. Merges are left out: they repeat what their branches did.
    pub fn log(
        &self,
        from: &str,
        folders: &[&str],
        mut each: impl FnMut(Commit),
    ) -> io::Result<()> {
        let ends = self.ends()?;
        let mut child = self
            .git(&[
                "log",
                "-z",
                "--format=%x1e%H%n%aI%n%aN%n%s",
                "--raw",
                "--no-abbrev",
                "--find-renames",
                "--no-ext-diff",
                "--no-textconv",
                "--no-color",
                "--diff-merges=off",
                "--relative",
                "--end-of-options",
                from,
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
            if let Some(done) = commit.replace(begun) {
                each(done);
            }
            continue;
        }
        let Some((ids, letter)) = raw(text) else {
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
            // What was copied was not there before.
            let before = ids[0].filter(|_| how != How::Added);
            commit.files.push(Touched {
                path,
                how,
                before,
                after: ids[1],
            });
        }
    }
    if let Some(done) = commit {
        each(done);
    }
    Ok(())
}

/// What stands before the paths: `:100644 100644 ID ID M`. An id of zeros is one of nothing.
fn raw(text: &str) -> Option<([Option<ObjectId>; 2], char)> {
    let mut words = text.strip_prefix(':')?.split(' ').skip(2);
    let mut id = || {
        let hex = words.next()?;
        let is_there = hex.bytes().any(|digit| digit != b'0');
        ObjectId::parse(hex.as_bytes()).filter(|_| is_there)
    };
    let ids = [id(), id()];
    Some((ids, words.next()?.chars().next()?))
}

/// The head of a commit. A date that cannot be read is the first that Git counts from, as Git has it.
fn begin(text: &str, ends: &HashSet<String>, authors: &mut HashSet<Arc<str>>) -> Commit {
    let mut parts = text.splitn(4, PART);
    let [id, date, author, subject] = [(); 4].map(|()| parts.next().unwrap_or_default());
    let (time, day) = dated(date).unwrap_or((Timestamp::UNIX_EPOCH, FIRST_DAY));
    let known = authors.get(author).map(Arc::clone);
    let author = known.unwrap_or_else(|| {
        let new: Arc<str> = author.into();
        authors.insert(Arc::clone(&new));
        new
    });
    Commit {
        author,
        time,
        day,
        subject: subject.into(),
        cut: ends.contains(id),
        id: id.into(),
        files: Vec::new(),
    }
}

/// When `2026-09-14T23:30:00+02:00` was, and the day there.
fn dated(date: &str) -> Option<(Timestamp, Date)> {
    Some((date.parse().ok()?, date.get(..10)?.parse().ok()?))
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

    /// Ids in a log, of a text before and one after.
    const IDS: &str = "100644 100644 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    const NEW: &str = "000000 100644 0000000000000000000000000000000000000000 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    const GONE: &str = "100644 000000 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 0000000000000000000000000000000000000000";

    #[test]
    fn a_log_is_read_with_renames_and_where_it_is_cut() {
        let commits = read(&format!(
            concat!(
                "\x1ea\n2026-09-14T23:30:00+02:00\nAda\x1f1970\nTighten: a\x1fgoal\0",
                "\n:{IDS} M\0content/personas/a.md\0:{IDS} R087\0content/personas/old name.md\0content/personas/é.md\0",
                "\x1eb\n2026-09-13T00:30:00+02:00\nAda\n\0",
                "\n:{NEW} A\0content/personas/a.md\0:{GONE} D\0content/x.md\0:{IDS} T\0content/link.md\0",
            ),
            IDS = IDS,
            NEW = NEW,
            GONE = GONE
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
    fn a_file_is_known_by_its_text_before_and_after() {
        let log = format!(
            "\x1ea\n2026-09-14T23:30:00Z\nA\nx\0\n:{IDS} M\0a\0:{NEW} A\0b\0:{GONE} D\0c\0:{IDS} C100\0a\0d\0"
        );
        let known: Vec<String> = read(&log)[0]
            .files
            .iter()
            .map(|f| {
                let letter = |id: Option<ObjectId>| id.map_or("-".into(), |id| id.to_string());
                let [before, after] = [f.before, f.after].map(letter);
                format!("{} {} {}", f.path, &before[..1], &after[..1])
            })
            .collect();
        assert_eq!(known, ["a a b", "b - b", "c a -", "d - b"]);
    }

    #[test]
    fn a_log_that_breaks_off_gives_what_came() {
        assert!(read("").is_empty());
        assert_eq!(
            read(&format!(
                "\x1ea\n2026-09-14T23:30:00Z\nA\nx\0\n:{IDS} R100\0one\0"
            ))
            .len(),
            1
        );
    }

    #[test]
    fn a_commit_is_not_hidden_by_what_its_author_writes() {
        let commits = read("\x1ea\nyesterday\nA\x1fB\nx\0\n:x M\0one\0");
        let told = (&*commits[0].author, commits[0].day.to_string());
        assert_eq!(told, ("A\x1fB", "1970-01-01".to_owned()));
    }
}
