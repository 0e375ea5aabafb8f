//! Symbolic links in a state that Git keeps: what they lead to, without a disk to ask.

use std::collections::BTreeMap;

use super::super::tree::{LEAVES, MOST_HOPS};
use super::objects::ObjectId;

/// Files that links to folders may add, one with the other.
const MOST_FILES: usize = 100_000;

/// Files and links by their paths.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// What links point at, by the path of the link.
    pub(super) targets: BTreeMap<Box<str>, Box<str>>,
    /// Files by their paths.
    pub(super) files: BTreeMap<Box<str>, ObjectId>,
}

/// Why a link leads to no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Leaves,
    Circle,
    Nothing,
    Parent,
    TooMany,
}

impl Fault {
    /// What is wrong and what to do, as of a folder on disk.
    pub(super) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Leaves => LEAVES,
            Self::Circle => (
                "this symbolic link leads in a circle",
                "remove the link, or point it at the file that is meant",
            ),
            Self::Nothing => (
                "this symbolic link points at nothing",
                "remove the link or create the file it points at",
            ),
            Self::Parent => (
                "this symbolic link leads back to a folder that contains it",
                "remove the link, or point it at a folder outside its own path",
            ),
            Self::TooMany => (
                "this symbolic link leads to more files than can be read",
                "point it at the one folder that is meant",
            ),
        }
    }
}

/// What following all links comes to.
#[derive(Debug, Default)]
pub(super) struct Followed {
    /// The files that links add, by the path through the link.
    pub(super) files: Vec<(Box<str>, ObjectId)>,
    /// Links that lead to no file.
    pub(super) faults: Vec<(Box<str>, Fault)>,
}

impl Links {
    /// Follows every link.
    pub(super) fn follow(&self) -> Followed {
        let mut followed = Followed::default();
        for link in self.targets.keys() {
            self.add(link, link, &mut followed, 0);
        }
        followed
    }

    /// Adds what the link `link` leads to under the name `shown`.
    fn add(&self, link: &str, shown: &str, followed: &mut Followed, depth: usize) {
        let end = match self.end_of(link) {
            Ok(end) => end,
            Err(fault) => return followed.faults.push((shown.into(), fault)),
        };
        if let Some(&id) = self.files.get(&*end) {
            return followed.files.push((shown.into(), id));
        }
        let folder = if end.is_empty() {
            end
        } else {
            format!("{end}/")
        };
        if format!("{link}/").starts_with(&folder) || depth > 8 {
            return followed.faults.push((shown.into(), Fault::Parent));
        }
        let mut is_empty = true;
        for (path, &id) in below(&self.files, &folder) {
            is_empty = false;
            if followed.files.len() >= MOST_FILES {
                return followed.faults.push((shown.into(), Fault::TooMany));
            }
            let through = format!("{shown}/{}", &path[folder.len()..]);
            followed.files.push((through.into(), id));
        }
        for (path, _) in below(&self.targets, &folder) {
            is_empty = false;
            let through = format!("{shown}/{}", &path[folder.len()..]);
            self.add(path, &through, followed, depth + 1);
        }
        if is_empty {
            followed.faults.push((shown.into(), Fault::Nothing));
        }
    }

    /// The path that a link ends at, with no link left on the way.
    fn end_of(&self, link: &str) -> Result<String, Fault> {
        // What is still to be walked, the next part last.
        let mut ahead: Vec<&str> = link.rsplit('/').collect();
        let mut at: Vec<&str> = Vec::new();
        let mut hops = 0;
        while let Some(part) = ahead.pop() {
            match part {
                "" | "." => continue,
                ".." => {
                    at.pop().ok_or(Fault::Leaves)?;
                    continue;
                }
                name => at.push(name),
            }
            if let Some(target) = self.targets.get(&*at.join("/")) {
                hops += 1;
                if hops > MOST_HOPS {
                    return Err(Fault::Circle);
                }
                if target.starts_with('/') {
                    return Err(Fault::Leaves);
                }
                at.pop();
                ahead.extend(target.rsplit('/'));
            }
        }
        Ok(at.join("/"))
    }
}

fn below<'a, T>(
    map: &'a BTreeMap<Box<str>, T>,
    folder: &'a str,
) -> impl Iterator<Item = (&'a str, &'a T)> {
    map.range::<str, _>((
        std::ops::Bound::Included(folder),
        std::ops::Bound::Unbounded,
    ))
    .map(|(path, value)| (&**path, value))
    .take_while(move |(path, _)| path.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn followed(files: &[&str], links: &[(&str, &str)]) -> (Vec<String>, Vec<(String, Fault)>) {
        let id = ObjectId::parse(&[b'a'; 40]).expect("an id");
        let all = Links {
            files: files.iter().map(|&path| (path.into(), id)).collect(),
            targets: links
                .iter()
                .map(|&(at, to)| (at.into(), to.into()))
                .collect(),
        };
        let found = all.follow();
        (
            found
                .files
                .iter()
                .map(|(path, _)| path.to_string())
                .collect(),
            found
                .faults
                .iter()
                .map(|(path, fault)| (path.to_string(), *fault))
                .collect(),
        )
    }

    #[test]
    fn links_to_files_and_folders_are_followed() {
        let (files, faults) = followed(
            &["texts/a.md", "texts/deep/b.md"],
            &[
                ("content/a.md", "../texts/a.md"),
                ("content/all", "../texts"),
                ("content/b.md", "all/deep/./b.md"),
                ("texts/deep/c.md", "b.md"),
            ],
        );
        assert_eq!(faults, []);
        assert_eq!(
            files,
            [
                "content/a.md",
                "content/all/a.md",
                "content/all/deep/b.md",
                "content/all/deep/c.md",
                "content/b.md",
                "texts/deep/c.md",
            ]
        );
    }

    #[test]
    fn links_that_lead_nowhere_are_told() {
        let (files, faults) = followed(
            &["content/x/a.md"],
            &[
                ("content/circle", "round"),
                ("content/gone.md", "nowhere.md"),
                ("content/home", "/etc"),
                ("content/out.md", "../../secret.md"),
                ("content/round", "circle"),
                ("content/x/up", ".."),
            ],
        );
        assert_eq!(files, [""; 0]);
        let told = |path: &str, fault| (path.to_owned(), fault);
        assert_eq!(
            faults,
            [
                told("content/circle", Fault::Circle),
                told("content/gone.md", Fault::Nothing),
                told("content/home", Fault::Leaves),
                told("content/out.md", Fault::Leaves),
                told("content/round", Fault::Circle),
                told("content/x/up", Fault::Parent),
            ]
        );
    }

    #[test]
    fn links_that_multiply_come_to_an_end() {
        let (files, faults) = followed(
            &["a/x.md"],
            &[
                ("a/b", "../b"),
                ("a/c", "../b"),
                ("b/a", "../a"),
                ("b/d", "../a"),
            ],
        );
        assert!(files.len() < MOST_FILES && !faults.is_empty());
    }
}
