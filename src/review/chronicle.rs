//! The history in words: what each commit changed in meaning.
//!
//! In: what Git tells of commits and files ([`History`]). Out: the changes between the texts before
//! and after, as [`compare`](super::compare()) tells them, by entity. Of the rest of the project
//! nothing is read, so telling a commit costs what it touched; and nothing is told before somebody
//! asks for it, nor twice.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::{HashMap, HashSet};

use super::compare::added;
use super::{Change, Level, compare, impact};
use crate::library::history::{History, Step};
use crate::library::{Entity, Library, Role, SETTINGS_FILE, role, translation};
use crate::schema::Kind;
use crate::schema::kinds::common::Status;
use crate::source::git::{Commit, CommitId, How, ObjectId, Touched};
use crate::source::{Folder, MAX_FILE_BYTES, Memory, Tree};

/// The files of one commit that are told; more are counted.
pub const A_COMMIT: usize = 200;
/// The files of one commit that are told among the latest changes.
const A_NEWS: usize = 24;
/// So many files of the newest commits are told as the latest changes.
const LATEST: usize = 120;
/// So many commits are the recent ones of an entity.
pub const RECENT: usize = 4;
/// So many commits of one entity are told.
const A_LIFE: usize = 60;

/// Tells commits in words.
pub struct Chronicle {
    history: Arc<History>,
    /// A project without content, for its settings and schemas.
    empty: Library,
    latest: Mutex<Option<Arc<[Told]>>>,
    lives: Mutex<HashMap<(Box<str>, Span), Life>>,
}

/// Which of the commits of an entity are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Span {
    /// The newest, [`RECENT`] at most.
    Recent,
    /// Those before them.
    Older,
}

/// What was told of an entity, and of which commits and files.
#[derive(Debug)]
struct Life {
    of: Box<[(usize, Box<str>)]>,
    told: Arc<[Told]>,
}

/// What one commit changed.
#[derive(Debug, Default)]
pub struct Told {
    /// The number of the commit.
    number: usize,
    /// The entities that it changed in meaning, the one with the most important change first.
    pub entities: Vec<Changed>,
    /// How many files more it touched, which are not told.
    pub more: usize,
}

/// What one commit changed in an entity.
#[derive(Debug)]
pub struct Changed {
    /// Its kind.
    pub kind: Kind,
    /// Its id: the one after the commit, or the last one of what is gone.
    pub id: Box<str>,
    /// Its name then.
    pub name: Box<str>,
    /// What it was before, if it was there.
    pub before: Option<Status>,
    /// What it was after, if it was there.
    pub after: Option<Status>,
    /// Whether it is evidence that nobody who reads the site may see, then or after a later commit
    /// that is told with it.
    pub is_restricted: bool,
    /// What changed, the most important first.
    pub lines: Vec<Line>,
}

/// One change, and the claim, stage or step that it is about.
#[derive(Debug)]
pub struct Line {
    /// The change.
    pub change: Change,
    /// The anchor of the part, and its words.
    pub part: Option<(Box<str>, Box<str>)>,
}

impl Changed {
    /// The level of its most important change.
    pub fn level(&self) -> Level {
        let levels = self.lines.iter().map(|line| line.change.level);
        levels.max().unwrap_or(Level::Info)
    }

    /// Whether it is a draft since: then those who do not see drafts have not seen the change.
    pub fn is_draft(&self) -> bool {
        self.after.or(self.before) == Some(Status::Draft)
    }

    /// Whether it was a draft and is none any more: then what it was is known to few.
    pub fn was_draft(&self) -> bool {
        self.before == Some(Status::Draft) && !self.is_draft()
    }
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

/// Some files as they were once, each by the name of its text.
type State = BTreeMap<String, ObjectId>;

impl Chronicle {
    /// The history of the project in `root`; `None` outside a repository, or where Git cannot be
    /// asked.
    pub fn read(root: &Path) -> Option<Self> {
        let tree = Folder::open(root).ok()?;
        Some(Self::new(Arc::new(History::read(root)?), &tree))
    }

    /// The same as it was at a commit, the last one that it knows of, of which `tree` holds the files.
    pub fn at(root: &Path, commit: &CommitId, tree: &dyn Tree) -> Option<Self> {
        Some(Self::new(Arc::new(History::at(root, commit)?), tree))
    }

    /// For a history and the settings in `tree`, which are taken for those of all times.
    pub fn new(history: Arc<History>, tree: &dyn Tree) -> Self {
        let settings = tree.read(SETTINGS_FILE, MAX_FILE_BYTES);
        let tree = Memory::default();
        let tree = match settings {
            Ok(settings) => tree.with(SETTINGS_FILE, settings),
            Err(_) => tree,
        };
        Self {
            history,
            empty: Library::load(Arc::new(tree)),
            latest: Mutex::default(),
            lives: Mutex::default(),
        }
    }

    /// What Git tells.
    pub fn history(&self) -> &Arc<History> {
        &self.history
    }

    /// The commit of which something is told.
    pub fn commit(&self, told: &Told) -> Option<&Commit> {
        self.history.commits().get(told.number)
    }

    /// The commits that hold content, or touched one entity, with those files, the newest first.
    pub fn steps(&self, mut of: Option<Followed>) -> Vec<Step<'_>> {
        let commits = self.history.commits().iter().enumerate();
        let commits = commits.filter(|(_, commit)| !commit.cut);
        let steps = commits.map(|(number, commit)| Step {
            number,
            commit,
            files: self.files(commit, of.as_mut()),
        });
        steps.filter(|step| !step.files.is_empty()).collect()
    }

    /// The files of a commit that hold content: all of them, or those of one entity. The ids that
    /// it had before are learnt, so ask from the newest commit to the oldest.
    fn files<'c>(&self, commit: &'c Commit, mut of: Option<&mut Followed>) -> Vec<&'c Touched> {
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

    /// The latest changes by commit, the newest first; what cannot be read is left out.
    pub fn latest(&self) -> Arc<[Told]> {
        if let Some(told) = &*lock(&self.latest) {
            return Arc::clone(told);
        }
        // Not under the lock: whoever tells may take over the work of another that waits for it.
        let commits = self.history.commits().iter().enumerate();
        let mut steps = Vec::new();
        let mut files = 0;
        for (number, commit) in commits.filter(|(_, commit)| !commit.cut) {
            if files >= LATEST {
                break;
            }
            let step = Step {
                number,
                commit,
                files: self.files(commit, None),
            };
            files += step.files.len().min(A_NEWS);
            if !step.files.is_empty() {
                steps.push(step);
            }
        }
        let told: Arc<[Told]> = self.tell(&steps, A_NEWS).unwrap_or_default().into();
        *lock(&self.latest) = Some(Arc::clone(&told));
        told
    }

    /// The commits of an entity, its measurements and its translations, the newest first, also under
    /// the names that it had before. Nothing is read for it.
    pub fn life(&self, library: &Library, entity: &Entity) -> Vec<Step<'_>> {
        let page = &*entity.document.path;
        let folder = page.rfind('/').map_or("", |at| &page[..=at]);
        let former = entity.common.aliases.iter();
        let former = former.map(|alias| format!("{folder}{alias}.md"));
        let former: Vec<String> = former
            .filter(|path| library.by_path(path).is_none())
            .collect();
        let measurements = entity.measurements.iter();
        let translations = entity.translations.iter();
        let paths = std::iter::once(page)
            .chain(measurements.map(|m| &*m.document.path))
            .chain(translations.map(|t| &*t.source.document.path))
            .chain(former.iter().map(String::as_str));
        let mut steps = self.history.steps(paths);
        steps.truncate(A_LIFE);
        steps
    }

    /// What some of the commits of an entity changed in it. Of one that was only ever added nothing
    /// is read.
    pub fn told(&self, library: &Library, entity: &Entity, span: Span) -> Arc<[Told]> {
        let steps = self.life(library, entity);
        let (recent, older) = steps.split_at(steps.len().min(RECENT));
        let steps = match span {
            Span::Recent => recent,
            Span::Older => older,
        };
        if let ([only], []) = (steps, older)
            && recent.len() == 1
            && is_addition(only)
        {
            return Arc::new([Told::addition(only.number, entity)]);
        }
        let of = steps.iter().flat_map(|step| {
            let files = step.files.iter();
            files.map(|file| (step.number, Box::from(&*file.path)))
        });
        let of: Box<[(usize, Box<str>)]> = of.collect();
        let key = (Box::from(&*entity.document.path), span);
        if let Some(life) = lock(&self.lives).get(&key).filter(|life| life.of == of) {
            return Arc::clone(&life.told);
        }
        let told: Arc<[Told]> = self.tell(steps, A_COMMIT).unwrap_or_default().into();
        let life = Life {
            of,
            told: Arc::clone(&told),
        };
        lock(&self.lives).insert(key, life);
        told
    }

    /// Tells what commits did to some of their files, of each commit to `most` at most.
    pub fn tell(&self, steps: &[Step<'_>], most: usize) -> io::Result<Vec<Told>> {
        let sides = steps.iter().map(|step| self.sides(step, most));
        let sides: Vec<[State; 2]> = sides.collect();
        let ids: BTreeSet<ObjectId> = sides
            .iter()
            .flatten()
            .flat_map(|state| state.values().copied())
            .collect();
        let ids: Vec<ObjectId> = ids.into_iter().collect();
        let texts = self.history.texts(&ids)?;
        let texts: BTreeMap<ObjectId, Vec<u8>> = ids
            .into_iter()
            .zip(texts)
            .filter_map(|(id, text)| Some((id, text?)))
            .collect();
        // What one commit found is what the one before it left, more often than not.
        let mut known: Option<(State, Library)> = None;
        let mut told = Vec::with_capacity(steps.len());
        // What nobody may see in the end, nobody may see as it was before.
        let mut restricted: HashSet<(Kind, Box<str>)> = HashSet::default();
        for (step, [old, new]) in steps.iter().zip(sides) {
            let after = match known.take() {
                Some((state, library)) if state == new => library,
                _ => self.library(&new, &texts),
            };
            let before = self.library(&old, &texts);
            let mut entities = entities(&before, &after);
            for of in &mut entities {
                let own = (of.kind, of.id.clone());
                of.is_restricted |= restricted.contains(&own);
                if of.is_restricted {
                    restricted.insert(own);
                    // Nor under the names that it had before.
                    let former = of.lines.iter().filter_map(|line| line.change.former_id());
                    restricted.extend(former.map(|id| (of.kind, id.into())));
                }
            }
            told.push(Told {
                number: step.number,
                entities,
                more: step.files.len().saturating_sub(most),
            });
            known = Some((old, before));
        }
        Ok(told)
    }

    /// The files of a commit before and after it. Measurements and translations come with the page
    /// that they belong to, whether the commit touched it or not.
    fn sides(&self, step: &Step<'_>, most: usize) -> [State; 2] {
        let (mut old, mut new) = (State::new(), State::new());
        for touched in step.files.iter().take(most) {
            let path = match &touched.how {
                How::Renamed(from) => from,
                _ => &touched.path,
            };
            old.extend(touched.before.map(|id| (path.to_string(), id)));
            new.extend(touched.after.map(|id| (touched.path.to_string(), id)));
        }
        // One that the commit touched stands there already, or is gone.
        let is_touched = |page: &str| {
            let mut files = step.commit.files.iter();
            files.any(|t| {
                *t.path == *page || matches!(&t.how, How::Renamed(from) if **from == *page)
            })
        };
        let paths = old.keys().chain(new.keys());
        let pages: BTreeSet<String> = paths
            .filter_map(|path| Some(self.owner(path)?.page).filter(|page| page != path))
            .collect();
        for page in pages {
            if old.contains_key(&page) && new.contains_key(&page) {
                continue;
            }
            if let Some(id) = self.history.text_at(&page, step.number)
                && !is_touched(&page)
            {
                old.insert(page.clone(), id);
                new.insert(page, id);
            }
        }
        [old, new]
    }

    /// A library of a few files.
    fn library(&self, state: &State, texts: &BTreeMap<ObjectId, Vec<u8>>) -> Library {
        let mut tree = Memory::default();
        for (path, id) in state {
            if let Some(text) = texts.get(id) {
                tree = tree.with(path, text.as_slice());
            }
        }
        let paths = state.keys().map(String::as_str);
        self.empty.beside(Arc::new(tree), paths)
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

impl Told {
    /// That an entity was added, which is still as it was then.
    fn addition(number: usize, entity: &Entity) -> Self {
        let changes = added(entity).into_iter();
        let lines = changes.map(|change| Line { change, part: None });
        Self {
            number,
            entities: vec![Changed {
                kind: entity.kind,
                id: entity.id.clone(),
                name: entity.name().into(),
                before: None,
                after: Some(entity.status()),
                is_restricted: entity.is_restricted(),
                lines: lines.collect(),
            }],
            more: 0,
        }
    }

    /// All changes, those of one entity beside each other.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        let lines = self.entities.iter().flat_map(|entity| &entity.lines);
        lines.map(|line| &line.change)
    }
}

/// Whether a commit did nothing but to add what it touched.
fn is_addition(step: &Step<'_>) -> bool {
    step.files.iter().all(|touched| touched.how == How::Added)
}

/// What is different between two states, by entity.
fn entities(old: &Library, new: &Library) -> Vec<Changed> {
    let mut all: Vec<Changed> = Vec::new();
    for change in compare(old, new) {
        let at = all
            .iter()
            .position(|of| of.kind == change.kind && of.id == change.id);
        let at = at.unwrap_or_else(|| {
            let find = |library| Library::get(library, change.kind, &change.id);
            let status = |library| find(library).map(Entity::status);
            all.push(Changed {
                kind: change.kind,
                id: change.id.clone(),
                name: change.name.clone(),
                before: status(old),
                after: status(new),
                is_restricted: [old, new]
                    .into_iter()
                    .filter_map(find)
                    .any(Entity::is_restricted),
                lines: Vec::new(),
            });
            all.len() - 1
        });
        let of = &mut all[at];
        if let Some(id) = change.former_id() {
            of.before = old.get(change.kind, id).map(Entity::status);
        }
        of.lines.push(Line {
            part: part(&change, old, new),
            change,
        });
    }
    all
}

/// The claim, stage or step that a change is about.
fn part(change: &Change, old: &Library, new: &Library) -> Option<(Box<str>, Box<str>)> {
    let library = if change.is_before { old } else { new };
    impact::place(library.get(change.kind, &change.id)?, &change.pointer)
}

fn lock<T>(held: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
