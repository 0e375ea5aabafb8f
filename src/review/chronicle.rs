//! The history in words: what each commit changed in meaning.
//!
//! In: the files that a commit touched, with their texts before and after it. Out: the changes
//! between the two, as [`compare`](super::compare()) tells them. Of the rest of the project nothing
//! is read, so telling a commit costs what it touched.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use super::{Change, compare};
use crate::library::{Library, Role, SETTINGS_FILE, role, translation};
use crate::schema::Kind;
use crate::source::git::{Commit, How, Repository, Touched};
use crate::source::{MAX_FILE_BYTES, Memory};

/// The files of one commit that are told; more are counted.
pub const A_COMMIT: usize = 200;

/// Tells commits in words.
pub struct Chronicle {
    /// A project without content, for its settings and schemas.
    empty: Library,
}

/// What one commit changed.
#[derive(Debug, Default)]
pub struct Told {
    /// The changes, the most important first.
    pub changes: Vec<Change>,
    /// How many files more it touched, which are not told.
    pub more: usize,
}

/// An entity with all the names it ever had, to find it in older commits.
#[derive(Debug, Clone)]
pub struct Followed {
    kind: Kind,
    ids: BTreeSet<Box<str>>,
}

impl Followed {
    /// The entity with this id, and with the former ids that it names itself.
    pub fn new(library: &Library, kind: Kind, id: &str) -> Self {
        let aliases = library.find(kind, id).into_iter();
        let aliases = aliases.flat_map(|found| {
            let own = std::iter::once(&*found.entity.id);
            own.chain(found.entity.common.aliases.iter().map(String::as_str))
        });
        Self {
            kind,
            ids: aliases.chain([id]).map(Into::into).collect(),
        }
    }

    /// Whether a file belongs to it.
    fn has(&self, owner: &Owner) -> bool {
        owner.kind == self.kind && self.ids.contains(&owner.id)
    }
}

/// The entity that a file belongs to.
struct Owner {
    kind: Kind,
    id: Box<str>,
    /// The file of the entity itself.
    page: String,
}

impl Chronicle {
    /// For a project with these settings, which are taken for those of all times.
    pub fn new(library: &Library) -> Self {
        let settings = library.tree().read(SETTINGS_FILE, MAX_FILE_BYTES);
        let tree = Memory::default();
        let tree = match settings {
            Ok(settings) => tree.with(SETTINGS_FILE, settings),
            Err(_) => tree,
        };
        Self {
            empty: Library::load(Arc::new(tree)),
        }
    }

    /// The files of a commit that hold content: all of them, or those of one entity. The ids that
    /// it had before are learnt, so ask from the newest commit to the oldest.
    pub fn files<'c>(&self, commit: &'c Commit, mut of: Option<&mut Followed>) -> Vec<&'c Touched> {
        let mut files = Vec::new();
        for touched in &commit.files {
            let Some(owner) = self.owner(&touched.path) else {
                continue;
            };
            if let Some(of) = &mut of {
                if !of.has(&owner) {
                    continue;
                }
                if let How::Renamed(from) = &touched.how
                    && let Some(before) = self.owner(from)
                    && before.kind == of.kind
                {
                    of.ids.insert(before.id);
                }
            }
            files.push(touched);
        }
        files
    }

    /// Tells what commits did to some of their files, each commit with its files.
    pub fn tell(
        &self,
        repository: &Repository,
        commits: &[(&Commit, Vec<&Touched>)],
    ) -> io::Result<Vec<Told>> {
        // Measurements and translations are told with the page they belong to.
        let sides = commits.iter().map(|(_, files)| {
            let (mut old, mut new) = (BTreeSet::new(), BTreeSet::new());
            for touched in files.iter().take(A_COMMIT) {
                if touched.how != How::Added {
                    let path = match &touched.how {
                        How::Renamed(from) => from,
                        _ => &touched.path,
                    };
                    old.insert(path.to_string());
                }
                if touched.how != How::Removed {
                    new.insert(touched.path.to_string());
                }
            }
            for side in [&mut old, &mut new] {
                let pages = side.iter().filter_map(|path| Some(self.owner(path)?.page));
                let pages: Vec<String> = pages.collect();
                side.extend(pages);
            }
            // The page of a table that was added may have been there before.
            let both: Vec<String> = old.union(&new).cloned().collect();
            old.extend(both.iter().filter(|path| is_page(path)).cloned());
            new.extend(both.into_iter().filter(|path| is_page(path)));
            [old, new]
        });
        let sides: Vec<[BTreeSet<String>; 2]> = sides.collect();
        let mut wanted = Vec::new();
        for ((commit, _), [old, new]) in commits.iter().zip(&sides) {
            let parent = format!("{}^", commit.id);
            wanted.extend(old.iter().map(|path| (parent.clone(), path.as_str())));
            wanted.extend(
                new.iter()
                    .map(|path| (commit.id.to_string(), path.as_str())),
            );
        }
        let mut texts = repository.texts(&wanted, MAX_FILE_BYTES)?.into_iter();
        let mut told = Vec::with_capacity(commits.len());
        for ((_, files), [old, new]) in commits.iter().zip(&sides) {
            let mut state = |paths: &BTreeSet<String>| {
                let texts = texts.by_ref().take(paths.len());
                let there = paths.iter().zip(texts);
                there
                    .filter_map(|(path, text)| Some((path.clone(), text?)))
                    .collect::<BTreeMap<String, Vec<u8>>>()
            };
            let (before, after) = (state(old), state(new));
            told.push(Told {
                changes: compare(&self.library(before), &self.library(after)),
                more: files.len().saturating_sub(A_COMMIT),
            });
        }
        Ok(told)
    }

    /// A library of a few files.
    fn library(&self, files: BTreeMap<String, Vec<u8>>) -> Library {
        let paths: Vec<String> = files.keys().cloned().collect();
        let tree = files
            .into_iter()
            .fold(Memory::default(), |tree, (path, text)| {
                tree.with(&path, text)
            });
        self.empty
            .beside(Arc::new(tree), paths.iter().map(String::as_str))
    }

    /// The entity that a file of content belongs to: as its page, its measurements or its
    /// translation.
    fn owner(&self, path: &str) -> Option<Owner> {
        let languages = &self.empty.settings.languages;
        let page = match path.strip_suffix(".csv") {
            Some(stem) => format!("{stem}.md"),
            None => match translation::original_of(path, languages) {
                Some((original, _)) => original,
                None => path.to_owned(),
            },
        };
        match role(&page) {
            Role::Entity(kind, id) => Some(Owner { kind, id, page }),
            _ => None,
        }
    }
}

/// Whether a file can be the page of an entity.
fn is_page(path: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, ending)| ending == "md")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(files: Vec<Touched>) -> Commit {
        Commit {
            id: "a".into(),
            author: "Ada".into(),
            time: jiff::Timestamp::default(),
            day: jiff::civil::date(2026, 9, 14),
            subject: "x".into(),
            cut: false,
            files,
        }
    }

    fn touched(path: &str, how: How) -> Touched {
        Touched {
            path: path.into(),
            how,
        }
    }

    #[test]
    fn an_entity_is_followed_through_its_renames_and_with_its_table() {
        let tree = Memory::default().with("personary.yaml", "title: T\nlanguages: [en, de]\n");
        let library = Library::load(Arc::new(tree));
        let chronicle = Chronicle::new(&library);
        let mut followed = Followed::new(&library, Kind::Kpi, "score");
        let newest = commit(vec![
            touched("content/kpis/score.csv", How::Edited),
            touched("content/kpis/score.de.md", How::Added),
            touched("content/personas/score.md", How::Edited),
            touched(
                "content/kpis/score.md",
                How::Renamed("content/kpis/nps.md".into()),
            ),
            touched("content/kpis/other.md", How::Edited),
        ]);
        let older = commit(vec![
            touched("content/kpis/nps.md", How::Added),
            touched("content/_drafts/nps.md", How::Added),
        ]);
        let mut names = |commit: &Commit| {
            let files = chronicle.files(commit, Some(&mut followed));
            let names = files.iter().map(|t| t.path.to_string());
            names.collect::<Vec<_>>()
        };
        assert_eq!(
            names(&newest),
            [
                "content/kpis/score.csv",
                "content/kpis/score.de.md",
                "content/kpis/score.md"
            ]
        );
        assert_eq!(names(&older), ["content/kpis/nps.md"]);
        assert_eq!(chronicle.files(&newest, None).len(), 5);
    }
}
