//! What Git tells of a library: which commits there are, what each did to which file, and so when
//! an entity changed last and by whom.
//!
//! In: one pass over the log. Out: answers by path, so that a library may change underneath. What
//! a commit changed in meaning is told by the review; here are the names of the texts before and
//! after it, which are read when somebody asks for them.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use foldhash::HashMap;

use super::Entity;
use crate::source::MAX_FILE_BYTES;
use crate::source::git::{Commit, CommitId, How, ObjectId, Objects, Repository, Touched};

/// The history of a project's content.
#[derive(Debug)]
pub struct History {
    objects: Objects,
    head: String,
    /// The newest first.
    commits: Vec<Commit>,
    /// What touched a file, by the path that it had then, the newest first: the number of the commit,
    /// and which of its files it is. A rename stands under both names.
    by_path: HashMap<Box<str>, Vec<(u32, u32)>>,
    /// Whether older commits are missing, as in a shallow clone.
    cut: bool,
}

/// What one commit did to some files.
#[derive(Debug, Clone)]
pub struct Step<'h> {
    /// Its number: the newest commit has 0.
    pub number: usize,
    /// The commit.
    pub commit: &'h Commit,
    /// Those of its files that are meant.
    pub files: Vec<&'h Touched>,
}

impl History {
    /// Reads the history of the project in `root`; `None` outside a repository, or where Git
    /// cannot be asked.
    pub fn read(root: &Path) -> Option<Self> {
        let repository = Repository::around(root)?;
        let head = repository.head()?;
        Self::up_to(repository, head)
    }

    /// The same as it was at a commit, the last one that it knows of.
    pub fn at(root: &Path, commit: &CommitId) -> Option<Self> {
        Self::up_to(Repository::find(root).ok()?, commit.to_string())
    }

    fn up_to(repository: Repository, head: String) -> Option<Self> {
        let mut commits = Vec::new();
        let read = repository.log(&head, &["content"], |commit| commits.push(commit));
        read.ok()?;
        Some(Self::of(Objects::new(repository), head, commits))
    }

    fn of(objects: Objects, head: String, commits: Vec<Commit>) -> Self {
        let mut by_path: HashMap<Box<str>, Vec<(u32, u32)>> = HashMap::default();
        for (number, commit) in (0..).zip(&commits) {
            for (file, touched) in (0..).zip(&commit.files) {
                let mut note = |path: &str| match by_path.get_mut(path) {
                    Some(places) => places.push((number, file)),
                    None => drop(by_path.insert(path.into(), vec![(number, file)])),
                };
                note(&touched.path);
                if let How::Renamed(before) = &touched.how {
                    note(before);
                }
            }
        }
        Self {
            cut: commits.iter().any(|commit| commit.cut),
            objects,
            head,
            commits,
            by_path,
        }
    }

    /// Whether a commit or a checkout has made this history an old one.
    pub fn is_old(&self) -> bool {
        let head = self.objects.repository().head();
        head.is_none_or(|head| head != self.head)
    }

    /// The file that changes with every commit and checkout.
    pub fn stamp(&self) -> Option<std::path::PathBuf> {
        self.objects.repository().stamp()
    }

    /// Whether older commits are missing, as in a shallow clone.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// All commits, the newest first. Of one that is cut nobody knows what it changed.
    pub fn commits(&self) -> &[Commit] {
        &self.commits
    }

    /// The commit that changed an entity last, or its measurements. `None` for one that was never
    /// committed, or not since the history begins.
    pub fn last_change(&self, entity: &Entity) -> Option<&Commit> {
        let measurements = entity.measurements.as_ref();
        let paths = [
            Some(&entity.document.path),
            measurements.map(|m| &m.document.path),
        ];
        let paths = paths.into_iter().flatten();
        let number = paths.filter_map(|path| Some(self.touches(path).next()?.0));
        let commit = self.commits.get(number.min()?)?;
        (!commit.cut).then_some(commit)
    }

    /// The commit that changed the file at a path last, as far as is known.
    pub fn last_of(&self, path: &str) -> Option<&Commit> {
        let (number, _) = self.touches(path).next()?;
        self.commits.get(number).filter(|commit| !commit.cut)
    }

    /// What the commits did to the files at these paths, the newest first, also under the names
    /// that they had before. Those at which a history is cut are left out.
    pub fn steps<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> Vec<Step<'_>> {
        let mut steps: BTreeMap<usize, Vec<&Touched>> = BTreeMap::new();
        for path in paths {
            for (number, touched) in self.touches(path) {
                let files = steps.entry(number).or_default();
                if !files.contains(&touched) {
                    files.push(touched);
                }
            }
        }
        let steps = steps.into_iter().filter_map(|(number, files)| {
            let commit = self.commits.get(number).filter(|commit| !commit.cut)?;
            Some(Step {
                number,
                commit,
                files,
            })
        });
        steps.collect()
    }

    /// What commits did to the file that is at a path now, the newest first.
    fn touches(&self, path: &str) -> impl Iterator<Item = (usize, &Touched)> {
        let mut places = self.by_path.get(path).map_or(&[][..], Vec::as_slice).iter();
        let mut path: Option<Box<str>> = Some(path.into());
        std::iter::from_fn(move || {
            let (number, touched) = self.place(*places.next()?)?;
            // What had the name of a file before it came, or was called so then, is another one.
            if path.as_deref() != Some(&*touched.path) {
                places = [].iter();
                return None;
            }
            match &touched.how {
                How::Added => places = [].iter(),
                How::Renamed(before) => {
                    let all = self.by_path.get(before).map_or(&[][..], Vec::as_slice);
                    let older = all.partition_point(|(at, _)| *at as usize <= number);
                    places = all.get(older..).unwrap_or_default().iter();
                    path = Some(before.clone());
                }
                How::Edited | How::Removed => {}
            }
            Some((number, touched))
        })
    }

    fn place(&self, (number, file): (u32, u32)) -> Option<(usize, &Touched)> {
        let commit = self.commits.get(number as usize)?;
        Some((number as usize, commit.files.get(file as usize)?))
    }

    /// The text that the file at a path had after the commit of this number, if it was there.
    pub fn text_at(&self, path: &str, number: usize) -> Option<ObjectId> {
        let places = self.by_path.get(path)?;
        let at = places.partition_point(|(at, _)| (*at as usize) < number);
        let (_, touched) = self.place(*places.get(at)?)?;
        touched.after.filter(|_| *touched.path == *path)
    }

    /// Reads texts. `None` where there is none, or one that is too large.
    pub fn texts(&self, ids: &[ObjectId]) -> io::Result<Vec<Option<Vec<u8>>>> {
        self.objects.texts(ids, MAX_FILE_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(commits: &[&[(&str, How)]]) -> History {
        let id = |letter: u8| ObjectId::parse(&[b'0' + letter; 40]);
        let commits = (1..).zip(commits).map(|(number, files)| Commit {
            id: "a".into(),
            author: "Ada".into(),
            time: jiff::Timestamp::default(),
            day: jiff::civil::date(2026, 9, 14),
            subject: "x".into(),
            cut: false,
            files: files
                .iter()
                .map(|(path, how)| Touched {
                    path: (*path).into(),
                    how: how.clone(),
                    before: id(number + 1).filter(|_| *how != How::Added),
                    after: id(number).filter(|_| *how != How::Removed),
                })
                .collect(),
        });
        let repository = Repository::find(Path::new(env!("CARGO_MANIFEST_DIR")));
        let objects = Objects::new(repository.expect("a repository"));
        History::of(objects, "a".to_owned(), commits.collect())
    }

    fn told(history: &History, paths: &[&str]) -> Vec<String> {
        let steps = history.steps(paths.iter().copied()).into_iter();
        steps
            .map(|step| {
                let paths: Vec<&str> = step.files.iter().map(|file| &*file.path).collect();
                format!("{} {}", step.number, paths.join(" "))
            })
            .collect()
    }

    #[test]
    fn a_file_is_followed_under_the_names_it_had() {
        let history = history(&[
            &[("a", How::Edited), ("a.csv", How::Edited)],
            &[("b", How::Added), ("a", How::Renamed("b".into()))],
            &[("x", How::Edited)],
            &[("b", How::Edited)],
            &[("b", How::Added), ("a", How::Removed)],
            &[("a", How::Added)],
        ]);
        assert_eq!(
            told(&history, &["a", "a.csv"]),
            ["0 a a.csv", "1 a", "3 b", "4 b"]
        );
        // Another file, which has the old name since.
        assert_eq!(told(&history, &["b"]), ["1 b"]);
        assert_eq!(told(&history, &["nothing"]), [""; 0]);
    }

    #[test]
    fn a_text_is_that_of_the_last_commit_before() {
        let history = history(&[
            &[("a", How::Removed)],
            &[("x", How::Edited)],
            &[("a", How::Renamed("b".into()))],
            &[("b", How::Added)],
        ]);
        let text = |path: &str, number: usize| {
            let id = history.text_at(path, number);
            id.map(|id| id.to_string()[..1].to_owned())
        };
        assert_eq!(text("a", 0), None);
        assert_eq!(text("a", 1).as_deref(), Some("3"));
        assert_eq!(text("a", 2).as_deref(), Some("3"));
        assert_eq!(text("a", 3), None);
        assert_eq!(text("b", 2), None, "it has another name by then");
        assert_eq!(text("b", 3).as_deref(), Some("4"));
    }
}
