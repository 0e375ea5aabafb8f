//! Revisions as people write them, and the commits that are meant.

use std::fmt;

use super::{GitError, Repository};

/// The whole name of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitId(Box<str>);

impl CommitId {
    /// The hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One revision or two, as written on a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Range {
    /// `A`: this state.
    One(String),
    /// `A..B`: these two states.
    Ends(String, String),
    /// `A...B`: from where the two parted, the merge base, to the second.
    Fork(String, String),
}

impl Range {
    /// Reads what was written. On either side of the dots `HEAD` may be left out.
    pub fn parse(text: &str) -> Result<Self, GitError> {
        let range = match (text.split_once("..."), text.split_once("..")) {
            (Some((base, head)), _) => Self::Fork(or_head(base), or_head(head)),
            (None, Some((base, head))) => Self::Ends(or_head(base), or_head(head)),
            (None, None) => Self::One(text.to_owned()),
        };
        let names = match &range {
            Self::One(name) => vec![name],
            Self::Ends(base, head) | Self::Fork(base, head) => vec![base, head],
        };
        // Dots alone name two times the same.
        let is_name = |name: &&String| {
            !name.contains("..") && !name.starts_with('.') && !name.ends_with('.') && is_name(name)
        };
        if text.trim_matches('.').is_empty() || !names.iter().all(is_name) {
            return Err(GitError::NoName(text.to_owned()));
        }
        Ok(range)
    }
}

fn or_head(name: &str) -> String {
    if name.is_empty() { "HEAD" } else { name }.to_owned()
}

/// Whether Git may be asked for a name: it must not be taken for an option, nor for several words.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('-') && !name.contains(char::is_control)
}

impl Repository {
    /// The commit that a revision names.
    pub fn commit(&self, revision: &str) -> Result<CommitId, GitError> {
        if !is_name(revision) {
            return Err(GitError::NoName(revision.to_owned()));
        }
        match self.verified(&format!("{revision}^{{commit}}")) {
            Some(id) => Ok(CommitId(id.into())),
            // Git takes any full name of an object for one that is there.
            None if self.verified(revision).is_some_and(|id| id != revision) => {
                Err(GitError::NoCommit(revision.to_owned()))
            }
            None => Err(GitError::Unknown {
                name: revision.to_owned(),
                advice: self.advice(revision),
                names: self.names(),
            }),
        }
    }

    /// The commit at which the ways to `base` and `head` parted.
    pub fn merge_base(&self, base: &str, head: &str) -> Result<CommitId, GitError> {
        let ids = [self.commit(base)?, self.commit(head)?];
        let found = self.answer(&["merge-base", ids[0].as_str(), ids[1].as_str()]);
        // Of several equally near ones Git names the best first.
        let first = found.as_deref().and_then(|text| text.lines().next());
        first.map(|id| CommitId(id.into())).ok_or_else(|| {
            let advice = self.is_shallow().then(|| {
                format!(
                    "this clone goes back a few commits only; fetch the rest with `git fetch --unshallow{}`",
                    self.remote().map_or_else(String::new, |remote| format!(" {remote}"))
                )
            });
            GitError::NoMergeBase {
                base: base.to_owned(),
                head: head.to_owned(),
                advice,
            }
        })
    }

    /// Whether older commits are missing, as in many CI jobs.
    pub fn is_shallow(&self) -> bool {
        self.answer(&["rev-parse", "--is-shallow-repository"])
            .is_some_and(|answer| answer == "true")
    }

    /// The name of the remote repository to fetch from: `origin` if there are several.
    pub(super) fn remote(&self) -> Option<String> {
        let remotes = self.answer(&["remote"])?;
        let mut remotes = remotes.lines();
        let first = remotes.clone().next()?;
        let origin = remotes.find(|remote| *remote == "origin");
        Some(origin.unwrap_or(first).to_owned())
    }

    fn verified(&self, name: &str) -> Option<String> {
        self.answer(&["rev-parse", "--verify", "--quiet", "--end-of-options", name])
            .filter(|id| !id.is_empty())
    }

    /// The names of branches and tags.
    fn names(&self) -> Vec<String> {
        let names = self.answer(&[
            "for-each-ref",
            "--format=%(refname:short)",
            "--sort=-creatordate",
            "refs/heads",
            "refs/remotes",
            "refs/tags",
        ]);
        let names = names.unwrap_or_default();
        names.lines().map(str::to_owned).collect()
    }

    /// What would make an unknown revision known, where that can be told.
    fn advice(&self, name: &str) -> Option<String> {
        let remote = self.remote();
        let from = remote.as_deref().unwrap_or("origin");
        let shallow = self.is_shallow();
        if let Some((known, back)) = ancestor(name)
            && self.verified(&format!("{known}^{{commit}}")).is_some()
        {
            return Some(if shallow {
                format!(
                    "this clone does not go back so far; fetch more with `git fetch --deepen={back} {from}`"
                )
            } else {
                format!("`{known}` does not go back so far: there is no such commit")
            });
        }
        let is_digest =
            (7..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_hexdigit());
        if is_digest {
            remote.as_ref()?;
            return Some(match (name.len(), shallow) {
                (40 | 64, true) => format!("fetch it with `git fetch --depth=1 {from} {name}`"),
                (_, true) => format!(
                    "this clone goes back a few commits only; fetch the rest with `git fetch --unshallow {from}`"
                ),
                (40 | 64, false) => format!("fetch it with `git fetch {from} {name}`"),
                (_, false) => format!("if others have it, `git fetch {from}` brings it"),
            });
        }
        let tracking = format!("{from}/{name}");
        if self.verified(&format!("{tracking}^{{commit}}")).is_some() {
            return Some(format!(
                "there is no branch of that name here, but `{tracking}`"
            ));
        }
        let branch = match name.split_once('/') {
            Some((first, branch)) if first == from && !branch.is_empty() => branch,
            _ if self.is_wide() => return None,
            _ => name,
        };
        remote.as_ref()?;
        // Spelt out, because a clone of one branch does not follow the others by itself.
        let depth = if shallow { "--depth=1 " } else { "" };
        let command =
            format!("git fetch {depth}{from} +refs/heads/{branch}:refs/remotes/{from}/{branch}");
        Some(if branch == name {
            format!(
                "if it is a branch of `{from}`, fetch it with `{command}` and name it `{tracking}`"
            )
        } else {
            format!("fetch it with `{command}`")
        })
    }

    /// Whether the clone follows all branches of where it came from and goes back to the
    /// beginning, so that what is not here is most likely misspelt.
    fn is_wide(&self) -> bool {
        let follows = |line: &str| line.ends_with("+refs/heads/*:refs/remotes/origin/*");
        let fetched = self.answer(&["config", "--get-all", "remote.origin.fetch"]);
        let fetched = fetched.is_none_or(|text| text.lines().any(follows));
        fetched && !self.is_shallow()
    }
}

/// Splits `HEAD~2^` into the name that it begins with and how many commits it goes back.
fn ancestor(name: &str) -> Option<(&str, u32)> {
    let end = name.find(['~', '^'])?;
    let (known, mut steps) = name.split_at(end);
    let mut back: u32 = 0;
    while let Some(sign) = steps.chars().next() {
        let rest = &steps[1..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = rest.split_at(digits);
        back = back.saturating_add(match sign {
            '~' => number.parse().unwrap_or(1),
            // A number names one of several parents, all of which are one step away.
            '^' => 1,
            _ => return None,
        });
        steps = rest;
    }
    (!known.is_empty()).then_some((known, back))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_git_reads_them() {
        let ends = |a: &str, b: &str| Range::Ends(a.to_owned(), b.to_owned());
        let fork = |a: &str, b: &str| Range::Fork(a.to_owned(), b.to_owned());
        for (text, range) in [
            ("main", Range::One("main".to_owned())),
            ("v1.2", Range::One("v1.2".to_owned())),
            ("main..draft", ends("main", "draft")),
            ("main..", ends("main", "HEAD")),
            ("..draft", ends("HEAD", "draft")),
            ("main...draft", fork("main", "draft")),
            ("origin/main...", fork("origin/main", "HEAD")),
        ] {
            assert_eq!(Range::parse(text).ok(), Some(range), "{text}");
        }
        for text in [
            "",
            "..",
            "...",
            "....",
            "-x",
            "a..-x",
            "--output=x..b",
            "a..b..c",
            "a...b..c",
            "a....b",
            "a\nb",
            "a\0",
        ] {
            let error = Range::parse(text).expect_err(text);
            assert!(matches!(error, GitError::NoName(_)), "{text:?}: {error}");
        }
    }

    #[test]
    fn steps_back_are_counted() {
        assert_eq!(ancestor("HEAD~3"), Some(("HEAD", 3)));
        assert_eq!(ancestor("HEAD^2~10^"), Some(("HEAD", 12)));
        assert_eq!(ancestor("main~"), Some(("main", 1)));
        assert_eq!(ancestor("main"), None);
        assert_eq!(ancestor("main^{tree}"), None);
        assert_eq!(ancestor("~2"), None);
    }
}
