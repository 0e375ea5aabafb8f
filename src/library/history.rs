//! What Git tells of a library: when each entity last changed and by whom, and the latest changes
//! in words.
//!
//! In: one pass over the log. Out: answers by path, so that a library may change underneath. The
//! texts behind the latest changes are read when somebody asks for them, and once.

use std::collections::HashSet;
use std::path::Path;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{Entity, Role, role};
use crate::schema::Kind;
use crate::schema::content::Content;
use crate::source::git::{Commit, CommitId, How, Repository, Touched};
use crate::source::yaml::Node;
use crate::source::{Document, MAX_FILE_BYTES, Memory};

/// The changes that are told in words.
const LATEST: usize = 120;
/// Of one commit, no more files are told in words: the rest is counted.
const A_COMMIT: usize = 12;
/// The changes that are kept of one file.
const A_FILE: usize = 20;

/// The history of a project's content.
#[derive(Debug)]
pub struct History {
    repository: Repository,
    head: String,
    /// The newest first; their files are in `files` and `recent`.
    commits: Vec<Commit>,
    /// The commits that changed a file, by the path that it has now, the newest first.
    files: FxHashMap<Box<str>, Vec<u32>>,
    /// What the newest commits did.
    recent: Vec<(u32, Vec<Touched>)>,
    /// Whether older commits are missing, as in a shallow clone.
    cut: bool,
    told: OnceLock<Vec<Told>>,
}

/// What one commit changed, in words.
#[derive(Debug)]
pub struct Told {
    /// Its position among all commits.
    commit: u32,
    /// What it changed.
    pub changes: Vec<Change>,
    /// How many files more it changed.
    pub more: usize,
}

/// One change of an entity.
#[derive(Debug)]
pub struct Change {
    /// The kind of the entity.
    pub kind: Kind,
    /// The project path of its file, after the change if there is one.
    pub path: Box<str>,
    /// Its name then; its id where no text of it could be read.
    pub name: Box<str>,
    /// Whether it was a draft.
    pub draft: bool,
    /// What happened.
    pub what: What,
}

/// What can happen to an entity.
#[derive(Debug, PartialEq, Eq)]
pub enum What {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It had this id before, and other fields perhaps.
    Renamed(Box<str>, Vec<Edit>),
    /// Its fields or its text are others; none when only their form is.
    Edited(Vec<Edit>),
    /// So many measurements came and went.
    Measured(usize, usize),
}

/// What is different in an entity.
#[derive(Debug, PartialEq, Eq)]
pub enum Edit {
    /// The Markdown below the front matter.
    Body,
    /// A field of the front matter, and for a list how many items came, went, and are others.
    Field(Box<str>, Option<[usize; 3]>),
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
        let from = head.clone();
        let mut history = Self {
            head,
            commits: Vec::new(),
            files: FxHashMap::default(),
            recent: Vec::new(),
            cut: false,
            told: OnceLock::new(),
            repository,
        };
        // What a file is called today, by what it was called in the commits that come next.
        let mut today: FxHashMap<Box<str>, Box<str>> = FxHashMap::default();
        let mut seen = 0;
        let repository = history.repository.clone();
        let read = repository.log(&from, &["content"], |mut commit| {
            let number = u32::try_from(history.commits.len()).unwrap_or(u32::MAX);
            history.cut |= commit.cut;
            let files = std::mem::take(&mut commit.files);
            for Touched { path, how } in &files {
                let now = today.get(path).unwrap_or(path).clone();
                if let How::Renamed(before) = how {
                    today.insert(before.clone(), now.clone());
                }
                let commits = history.files.entry(now).or_default();
                if commits.len() < A_FILE {
                    commits.push(number);
                }
                if *how == How::Added {
                    // An older file of this name was another one.
                    today.insert(path.clone(), "".into());
                }
            }
            if seen < LATEST && !commit.cut {
                seen += files.len().min(A_COMMIT);
                history.recent.push((number, files));
            }
            history.commits.push(commit);
        });
        read.ok()?;
        history.files.remove("");
        Some(history)
    }

    /// Whether a commit or a checkout has made this history an old one.
    pub fn is_old(&self) -> bool {
        self.repository.head().is_none_or(|head| head != self.head)
    }

    /// The file that changes with every commit and checkout.
    pub fn stamp(&self) -> Option<std::path::PathBuf> {
        self.repository.stamp()
    }

    /// Whether older commits are missing, as in a shallow clone.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// The commit that changed an entity last, or its measurements. `None` for one that was never
    /// committed, or not since the history begins.
    pub fn last_change(&self, entity: &Entity) -> Option<&Commit> {
        let measurements = entity.measurements.as_ref();
        let paths = [
            Some(&entity.document.path),
            measurements.map(|m| &m.document.path),
        ];
        let commits = paths.into_iter().flatten().filter_map(|path| {
            let commits = self.files.get(&**path)?;
            commits.first()
        });
        let commit = self.commits.get(*commits.min()? as usize)?;
        (!commit.cut).then_some(commit)
    }

    /// The commits that changed an entity, the newest first, as far as they are kept.
    pub fn changes(&self, entity: &Entity) -> impl Iterator<Item = &Commit> {
        let commits = self.files.get(&*entity.document.path);
        let commits = commits.into_iter().flatten();
        let commits = commits.filter_map(|number| self.commits.get(*number as usize));
        commits.filter(|commit| !commit.cut)
    }

    /// The latest changes in words, by commit, the newest first. The texts are read at the first
    /// call; what cannot be read is told as changed.
    pub fn latest(&self) -> &[Told] {
        self.told.get_or_init(|| self.tell())
    }

    /// The commit of which something is told.
    pub fn commit(&self, told: &Told) -> Option<&Commit> {
        self.commits.get(told.commit as usize)
    }

    fn tell(&self) -> Vec<Told> {
        let wanted: Vec<(u32, &Touched, Kind)> = self
            .recent
            .iter()
            .flat_map(|(number, files)| {
                let told = files
                    .iter()
                    .filter_map(|f| Some((*number, f, kind_of(&f.path)?)));
                told.take(A_COMMIT)
            })
            .collect();
        let names: Vec<(String, &str)> = wanted
            .iter()
            .flat_map(|(number, touched, _)| {
                let id = &self.commits[*number as usize].id;
                let before = match &touched.how {
                    How::Renamed(before) => before,
                    _ => &touched.path,
                };
                [
                    (format!("{id}^"), &**before),
                    (id.to_string(), &*touched.path),
                ]
            })
            .collect();
        let texts = self.repository.texts(&names, MAX_FILE_BYTES);
        let texts = texts.unwrap_or_else(|_| vec![None; names.len()]);
        let mut told: Vec<Told> = Vec::new();
        for ((number, touched, kind), texts) in wanted.iter().zip(texts.chunks(2)) {
            let change = change(touched, *kind, texts);
            match told.last_mut().filter(|last| last.commit == *number) {
                Some(last) => last.changes.push(change),
                None => told.push(Told {
                    commit: *number,
                    changes: vec![change],
                    more: 0,
                }),
            }
        }
        for told in &mut told {
            let files = self
                .recent
                .iter()
                .find(|(number, _)| *number == told.commit);
            let all = files.map_or(0, |(_, files)| {
                files.iter().filter(|f| kind_of(&f.path).is_some()).count()
            });
            told.more = all - told.changes.len();
        }
        told
    }
}

/// The kind of the entity that a file holds, or the measurements of.
fn kind_of(path: &str) -> Option<Kind> {
    let page = path.strip_suffix(".csv").map(|stem| format!("{stem}.md"));
    match role(page.as_deref().unwrap_or(path)) {
        Role::Entity(kind, _) if page.is_none() || kind == Kind::Kpi => Some(kind),
        _ => None,
    }
}

/// The id in a path, for people.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Says what happened to a file, of which there are the text before and the text after.
fn change(touched: &Touched, kind: Kind, texts: &[Option<Vec<u8>>]) -> Change {
    let path = &touched.path;
    let text = |at: usize| texts.get(at).and_then(Option::as_deref);
    if path.ends_with(".csv") {
        return Change {
            kind,
            path: format!("{}.md", path.trim_end_matches(".csv")).into(),
            name: stem(path).into(),
            draft: false,
            what: measured(text(0), text(1)),
        };
    }
    let read = |at: usize| text(at).map(|text| document(path, text));
    let (before, after) = (read(0), read(1));
    let of = after.as_ref().or(before.as_ref());
    let field = |name: &str| {
        let root = of.and_then(Document::root)?;
        root.get(name)?.as_str().filter(|text| !text.is_empty())
    };
    let edits = || match (&before, &after) {
        (Some(before), Some(after)) => edits(before, after),
        _ => Vec::new(),
    };
    let what = match &touched.how {
        How::Added => What::Added,
        How::Removed => What::Removed,
        How::Renamed(from) => What::Renamed(stem(from).into(), edits()),
        How::Edited => What::Edited(edits()),
    };
    Change {
        kind,
        path: path.clone(),
        name: field("name").unwrap_or_else(|| stem(path)).into(),
        draft: field("status") == Some("draft"),
        what,
    }
}

fn document(path: &str, text: &[u8]) -> Document {
    Document::read(&Memory::default().with(path, text), &path.into(), false)
}

/// How many lines of a table came and went; a changed one is both.
fn measured(before: Option<&[u8]>, after: Option<&[u8]>) -> What {
    let lines = |text: Option<&[u8]>| {
        let text = String::from_utf8_lossy(text.unwrap_or_default()).into_owned();
        let lines = text.lines().skip(1).map(|line| line.trim().to_owned());
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>()
    };
    let (before, after) = (lines(before), lines(after));
    let only = |of: &[String], other: &[String]| {
        let other: HashSet<&String> = other.iter().collect();
        of.iter().filter(|line| !other.contains(line)).count()
    };
    What::Measured(only(&after, &before), only(&before, &after))
}

/// What is different between two states of an entity, in the order of the newer one's fields.
fn edits(before: &Document, after: &Document) -> Vec<Edit> {
    let mut edits = Vec::new();
    let (old, new) = (before.root(), after.root());
    let fields = |root: Option<Node<'_>>| {
        let entries = root.into_iter().flat_map(Node::entries);
        let names = entries.filter_map(|(key, _)| Some(key.as_str()?.to_owned()));
        names.collect::<Vec<String>>()
    };
    let names = fields(new);
    let gone = fields(old).into_iter().filter(|name| !names.contains(name));
    for name in names.iter().cloned().chain(gone.collect::<Vec<_>>()) {
        let get =
            |root: Option<Node<'_>>| root.and_then(|root| root.get(&name).map(Content::untyped));
        let (old, new) = (get(old), get(new));
        if old == new {
            continue;
        }
        let items = |content: Option<Content>| match content {
            None => Some(Vec::new()),
            Some(Content::List(items)) => Some(items),
            Some(_) => None,
        };
        let counts = items(old)
            .zip(items(new))
            .map(|(old, new)| list(&old, &new));
        edits.push(Edit::Field(name.into(), counts));
    }
    let body = |document: &Document| -> Vec<String> {
        let words = document.markdown().split_whitespace();
        words.map(str::to_owned).collect()
    };
    if body(before) != body(after) {
        edits.push(Edit::Body);
    }
    edits
}

/// How many items of a list came, went, and have the same id but are others.
fn list(old: &[Content], new: &[Content]) -> [usize; 3] {
    fn missing<'c>(of: &'c [Content], other: &[Content]) -> Vec<Option<&'c str>> {
        let items = of.iter().filter(|item| !other.contains(item));
        items.map(Content::id).collect()
    }
    let (came, went) = (missing(new, old), missing(old, new));
    let same = came.iter().filter(|id| id.is_some() && went.contains(id));
    let changed = same.count();
    [came.len() - changed, went.len() - changed, changed]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touched(how: How) -> Touched {
        Touched {
            path: "content/personas/ann.md".into(),
            how,
        }
    }

    fn told(how: How, before: &str, after: &str) -> Change {
        let texts = [before, after].map(|t| (!t.is_empty()).then(|| t.as_bytes().to_vec()));
        change(&touched(how), Kind::Persona, &texts)
    }

    #[test]
    fn a_change_is_told_by_its_fields_and_not_by_its_form() {
        let before = "---\nname: Ann\ngoals:\n  - {id: a, text: Ride}\n  - Sleep\n  - {id: c, text: Eat}\nowner: cx\nsummary: >\n  Long\n  text\n---\nHello  there.\n";
        let after = "---\nsummary: \"Long text\"\nname: Ann\ngoals: [{text: Ride on, id: a}, Swim, Dive, {id: c, text: Eat}]\n---\nHello\nthere.\n";
        let change = told(How::Edited, before, after);
        assert_eq!(&*change.name, "Ann");
        assert_eq!(
            change.what,
            What::Edited(vec![
                Edit::Field("goals".into(), Some([2, 1, 1])),
                Edit::Field("owner".into(), None),
            ])
        );
    }

    #[test]
    fn a_reformatted_file_has_no_edits() {
        let before = "---\nname: Ann\nneeds: [\"a b\", c]\n---\nOne two.\n";
        let after = "---\r\nneeds:\r\n- a\r\n  b\r\n- 'c'\r\nname: Ann\r\n---\r\nOne\r\ntwo.\r\n";
        assert_eq!(told(How::Edited, before, after).what, What::Edited(vec![]));
    }

    #[test]
    fn what_came_went_and_was_renamed_has_the_name_it_had() {
        let text = "---\nname: Ann\nstatus: draft\n---\n";
        let added = told(How::Added, "", text);
        assert!(added.draft && added.what == What::Added && &*added.name == "Ann");
        let removed = told(How::Removed, text, "");
        assert!(removed.draft && removed.what == What::Removed && &*removed.name == "Ann");
        let renamed = told(
            How::Renamed("content/personas/bo.md".into()),
            text,
            "---\nname: Bo\n---\nx",
        );
        assert_eq!(
            renamed.what,
            What::Renamed(
                "bo".into(),
                vec![
                    Edit::Field("name".into(), None),
                    Edit::Field("status".into(), None),
                    Edit::Body
                ]
            )
        );
        assert_eq!(&*told(How::Edited, "", "").name, "ann");
    }

    #[test]
    fn measurements_are_counted() {
        let before = b"period,value\n2026-Q1,40\n2026-Q2,41\n".as_slice();
        let after = b"period,value\r\n2026-Q1,40\r\n2026-Q2,42\r\n2026-Q3,43\r\n\r\n".as_slice();
        assert_eq!(measured(Some(before), Some(after)), What::Measured(2, 1));
        assert_eq!(measured(None, Some(before)), What::Measured(2, 0));
    }
}
