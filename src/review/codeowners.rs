//! `CODEOWNERS`: whom GitHub or GitLab asks to review a change of some files.
//!
//! In: the text of the file and the changed paths, relative to the repository. Out: the owners of
//! each path. Both hosts read patterns as in `.gitignore`, and the last line that fits counts; they
//! differ in what a folder without a slash means, in exclusions, and in sections, which only GitLab
//! has: there each section asks its own owners.
//!
//! <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>,
//! <https://docs.gitlab.com/user/project/codeowners/reference/>

use globset::{GlobBuilder, GlobMatcher};

use super::Change;
use crate::library::{Role, role};

/// Where the file may be in a repository, in the order in which it is looked for.
pub const PLACES: [&str; 4] = [
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitlab/CODEOWNERS",
];

/// The largest file that the hosts read, in bytes.
pub const MAX_BYTES: u64 = 3 * 1024 * 1024;

/// Whose rules a file follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// Patterns as in `.gitignore`, comments behind a line.
    GitHub,
    /// Sections, exclusions, and folders that end with a slash.
    GitLab,
}

/// A file that says who reviews what.
#[derive(Debug)]
pub struct CodeOwners {
    /// Where it is in the repository.
    pub path: String,
    /// Whose rules it follows.
    pub host: Host,
    /// The lines that mean nothing, with the reason in words that follow a colon. GitHub passes
    /// over them.
    pub faults: Vec<(usize, String)>,
    sections: Vec<Section>,
}

#[derive(Debug, Default)]
struct Section {
    /// In small letters; empty before the first heading.
    name: String,
    is_optional: bool,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    pattern: GlobMatcher,
    /// As a folder: what is below it.
    below: Option<GlobMatcher>,
    owners: Vec<Box<str>>,
    is_exclusion: bool,
}

impl Entry {
    fn fits(&self, path: &str) -> bool {
        let below = self.below.as_ref();
        self.pattern.is_match(path) || below.is_some_and(|below| below.is_match(path))
    }
}

impl CodeOwners {
    /// Finds the file of a repository. `read` gives the text of a path of the repository, if there
    /// is such a file.
    pub fn find(read: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let found = PLACES
            .iter()
            .find_map(|path| Some((*path, read(path)?)).filter(|(_, text)| is_small(text)));
        found.map(|(path, text)| Self::parse(path, &text))
    }

    /// Reads the file that is at `path` in its repository. The path or, where both hosts look, a
    /// section says whose rules it follows.
    pub fn parse(path: &str, text: &str) -> Self {
        let has_sections = || text.lines().any(|line| heading(line.trim()).is_some());
        let host =
            if path.starts_with(".gitlab/") || (!path.starts_with(".github/") && has_sections()) {
                Host::GitLab
            } else {
                Host::GitHub
            };
        let mut file = Self {
            path: path.to_owned(),
            host,
            faults: Vec::new(),
            sections: vec![Section::default()],
        };
        let mut at = 0;
        let mut default: Vec<Box<str>> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let (Host::GitLab, Some((name, is_optional, rest))) = (host, heading(line)) {
                at = file.section(name, is_optional);
                default = owners(rest).collect();
                continue;
            }
            match file.entry(line) {
                Ok(mut entry) => {
                    if entry.owners.is_empty() {
                        entry.owners.clone_from(&default);
                    }
                    file.sections[at].entries.push(entry);
                }
                Err(reason) => file.faults.push((number, reason)),
            }
        }
        file
    }

    /// The number of the section of a heading; those of one name are one, and it is optional only
    /// if all are.
    fn section(&mut self, name: &str, is_optional: bool) -> usize {
        let name = name.trim().to_lowercase();
        if let Some(at) = self.sections.iter().position(|s| s.name == name) {
            self.sections[at].is_optional &= is_optional;
            return at;
        }
        self.sections.push(Section {
            name,
            is_optional,
            entries: Vec::new(),
        });
        self.sections.len() - 1
    }

    /// Reads a line with a pattern and owners.
    fn entry(&self, line: &str) -> Result<Entry, String> {
        let (pattern, rest) = split(line);
        let rest = match self.host {
            // What stands behind a `#` is for people.
            Host::GitHub => rest.split_once(" #").map_or(rest, |(before, _)| before),
            Host::GitLab => rest,
        };
        let exclusion = pattern.strip_prefix('!');
        if self.host == Host::GitHub {
            if exclusion.is_some() {
                return Err("GitHub knows no exclusions with `!`".to_owned());
            }
            let mut words = rest.split_whitespace();
            let wrong = words.find(|word| !word.starts_with('#') && !is_owner(word));
            if let Some(wrong) = wrong {
                return Err(format!("`{wrong}` is neither an account nor an address"));
            }
        }
        let written = exclusion.unwrap_or(&pattern);
        let [pattern, below] = self.globs(written);
        let compiled = |glob: &str| {
            let glob = GlobBuilder::new(glob)
                .literal_separator(true)
                .backslash_escape(true)
                .build();
            glob.map(|glob| glob.compile_matcher())
                .map_err(|error| format!("`{written}` is no pattern: {}", error.kind()))
        };
        Ok(Entry {
            pattern: compiled(&pattern)?,
            below: match &*below {
                "" => None,
                below => Some(compiled(below)?),
            },
            owners: owners(rest).collect(),
            is_exclusion: exclusion.is_some(),
        })
    }

    /// What a pattern means: what it fits itself, and what is below it if it is a folder.
    fn globs(&self, written: &str) -> [String; 2] {
        let inner = written.trim_end_matches('/');
        let is_folder = inner.len() < written.len();
        let is_anchored = match self.host {
            Host::GitHub => inner.contains('/'),
            Host::GitLab => written.starts_with('/'),
        };
        let path = escaped(inner.trim_start_matches('/'), self.host);
        let path = match (is_anchored, &*path) {
            // The root itself.
            (_, "") => return ["**".to_owned(), String::new()],
            (true, _) => path,
            (false, _) if path.starts_with("**/") => path,
            (false, _) => format!("**/{path}"),
        };
        let below = format!("{path}/**");
        if is_folder {
            return [below, String::new()];
        }
        match self.host {
            // `docs/*` means the files in the folder and not those further down.
            Host::GitHub if !inner.ends_with('*') => [path, below],
            Host::GitLab if path.ends_with("/**") => {
                [path.trim_end_matches('*').to_owned() + "*", String::new()]
            }
            _ => [path, String::new()],
        }
    }

    /// Who is asked about a path of the repository, each once, in the order of the file.
    pub fn owners(&self, path: &str) -> Vec<Owner<'_>> {
        let path = path.trim_start_matches('/');
        let mut found: Vec<Owner<'_>> = Vec::new();
        for section in &self.sections {
            let mut entries = section.entries.iter();
            if entries.any(|entry| entry.is_exclusion && entry.fits(path)) {
                continue;
            }
            let mut entries = section.entries.iter().rev();
            let last = entries.find(|entry| entry.fits(path));
            for name in last.into_iter().flat_map(|entry| &entry.owners) {
                match found.iter_mut().find(|known| known.name == &**name) {
                    Some(known) => known.is_optional &= section.is_optional,
                    None => found.push(Owner {
                        name,
                        is_optional: section.is_optional,
                    }),
                }
            }
        }
        found
    }

    /// What it says about some changes. `below` is the folder of the project in the repository,
    /// empty or with a slash at its end.
    pub fn requested(&self, changes: &[Change], below: &str) -> Requested {
        let mut requested = Requested {
            file: self.path.clone(),
            ..Requested::default()
        };
        for change in changes {
            let path = &*change.path;
            if requested.files.iter().any(|(known, _)| &**known == path) {
                continue;
            }
            let owners = self.owners(&format!("{below}{path}"));
            let names = owners.iter().map(|owner| owner.name.into()).collect();
            requested.files.push((path.into(), names));
        }
        requested.files.sort();
        requested.faults.clone_from(&self.faults);
        requested
    }
}

/// Somebody who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner<'a> {
    /// The account, group or address, as it is written: `@org/cx`.
    pub name: &'a str,
    /// Whether a change goes without their consent, as in an optional section of GitLab.
    pub is_optional: bool,
}

/// Whom `CODEOWNERS` asks to review the changed files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requested {
    /// The file that says so, by its path in the repository.
    pub file: String,
    /// Each changed file of the project with those who are asked, sorted by path.
    pub files: Vec<(Box<str>, Vec<Box<str>>)>,
    /// The lines of the file that mean nothing, and why.
    pub faults: Vec<(usize, String)>,
}

impl Requested {
    /// Everybody who is asked, each once.
    pub fn owners(&self) -> Vec<&str> {
        let owners = self.files.iter().flat_map(|(_, owners)| owners);
        let mut owners: Vec<&str> = owners.map(|owner| &**owner).collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    }

    /// The changed files of content about which nobody is asked.
    pub fn unowned(&self) -> impl Iterator<Item = &str> {
        let nobody = self.files.iter().filter(|(_, owners)| owners.is_empty());
        nobody
            .map(|(path, _)| &**path)
            .filter(|path| matches!(role(path), Role::Entity(..) | Role::Asset))
    }

    /// Whether a team is asked about a file: by what its file gives as its contact, or by an account
    /// or group of the name of its id, such as `@org/cx-research`.
    pub fn asks(&self, path: &str, team: &str, contact: Option<&str>) -> bool {
        let file = self.files.iter().find(|(known, _)| &**known == path);
        let owners = file.into_iter().flat_map(|(_, owners)| owners);
        owners.into_iter().any(|owner| {
            let name = owner.trim_start_matches('@');
            let last = name.rsplit('/').next().unwrap_or(name);
            let is_contact = contact.is_some_and(|contact| {
                let mut words = contact.split_whitespace();
                words.any(|word| {
                    word.trim_matches(['<', '>', ','])
                        .eq_ignore_ascii_case(owner)
                })
            });
            is_contact || (owner.starts_with('@') && last.eq_ignore_ascii_case(team))
        })
    }
}

fn is_small(text: &str) -> bool {
    text.len() as u64 <= MAX_BYTES
}

/// A heading of GitLab: its name, whether the section is optional, and what stands behind it.
fn heading(line: &str) -> Option<(&str, bool, &str)> {
    let (inner, is_optional) = match line.strip_prefix('^') {
        Some(rest) => (rest, true),
        None => (line, false),
    };
    let (name, rest) = inner.strip_prefix('[')?.split_once(']')?;
    let rest = match rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
        // How many have to agree.
        Some((count, rest)) if count.bytes().all(|b| b.is_ascii_digit()) => rest,
        _ => rest,
    };
    let separate = rest.is_empty() || rest.starts_with(char::is_whitespace);
    (separate && !name.trim().is_empty()).then_some((name, is_optional, rest))
}

/// Splits a line at the first space that is not escaped. The pattern keeps its backslashes.
fn split(line: &str) -> (String, &str) {
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        if c.is_whitespace() && !escaped {
            return (line[..at].to_owned(), &line[at..]);
        }
        escaped = c == '\\' && !escaped;
    }
    (line.to_owned(), "")
}

/// A pattern in which only `*` and `?` mean something else than themselves and, on GitLab, ranges.
fn escaped(pattern: &str, host: Host) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                out.push('\\');
                out.push(chars.next().unwrap_or('\\'));
            }
            '{' | '}' => out.extend(['\\', c]),
            '[' | ']' if host == Host::GitHub => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

fn is_owner(word: &str) -> bool {
    let account = word.strip_prefix('@').is_some_and(|name| !name.is_empty());
    let address = word.split_once('@');
    account || address.is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

fn owners(text: &str) -> impl Iterator<Item = Box<str>> {
    let words = text.split_whitespace();
    words.filter(|word| is_owner(word)).map(Into::into)
}

#[cfg(test)]
mod tests;
