//! A baseline: the findings that were there when it was written, so that only new ones count.
//!
//! In: the findings of a library, and the text of a file. Out: that text, or the findings that are
//! new. A finding is known again by its rule, its entity, the claim or value it is about and its
//! message, so it stays known when lines move, claims are put before it, or a month passes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::library::Library;
use crate::source::yaml::Node;

/// The file of a baseline, unless another is named.
pub const FILE: &str = "personary-baseline.json";
/// The version of the format.
const VERSION: u32 = 1;

/// A baseline.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    counts: BTreeMap<Key, usize>,
}

/// What tells one finding from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Key {
    /// The entity, or the file where it has none.
    of: String,
    rule: String,
    /// The claim or value, by names and not by numbers.
    at: String,
    /// A digest of the message, without the numbers that time changes.
    message: String,
}

/// One line of the file.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    key: Key,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: usize,
}

#[derive(Debug, Deserialize)]
struct Written {
    version: u32,
    findings: Vec<Entry>,
}

fn one() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_one(count: &usize) -> bool {
    *count == 1
}

/// Why a baseline cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is not the JSON that was written.
    #[error("it is not a baseline: {0}")]
    Syntax(#[from] serde_json::Error),
    /// A later Personary wrote it.
    #[error("it has version {0}, and this Personary reads version {VERSION}")]
    Version(u32),
}

/// What became of the findings of a baseline.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compared {
    /// Findings that are still there.
    pub known: usize,
    /// Findings of the baseline that do not occur any more.
    pub gone: usize,
}

impl Baseline {
    /// The baseline of these findings.
    pub fn of<'a>(library: &Library, findings: impl IntoIterator<Item = &'a Diagnostic>) -> Self {
        let mut counts = BTreeMap::new();
        for finding in findings {
            *counts.entry(key(library, finding)).or_insert(0) += 1;
        }
        Self { counts }
    }

    /// Reads a baseline.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let written: Written = serde_json::from_str(text)?;
        if written.version != VERSION {
            return Err(BaselineError::Version(written.version));
        }
        let mut counts = BTreeMap::new();
        for entry in written.findings {
            // A merge may have brought a line twice.
            let count = counts.entry(entry.key).or_insert(0);
            *count = entry.count.max(*count);
        }
        Ok(Self { counts })
    }

    /// How many findings it holds.
    pub fn len(&self) -> usize {
        self.counts.values().sum()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Takes the known findings out of `findings`.
    pub fn hide(&self, library: &Library, findings: &mut Vec<Diagnostic>) -> Compared {
        let mut left = self.counts.clone();
        let before = findings.len();
        findings.retain(|finding| match left.get_mut(&key(library, finding)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        });
        Compared {
            known: before - findings.len(),
            gone: left.values().sum(),
        }
    }
}

/// The text of the file: sorted, an entry a line, so that two branches merge.
impl std::fmt::Display for Baseline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{{\n\"version\": {VERSION},\n\"findings\": [")?;
        for (index, (key, count)) in self.counts.iter().enumerate() {
            let entry = Entry {
                key: key.clone(),
                count: *count,
            };
            let line = serde_json::to_string(&entry).map_err(|_| std::fmt::Error)?;
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}\n{line}")?;
        }
        f.write_str("\n]\n}\n")
    }
}

fn key(library: &Library, finding: &Diagnostic) -> Key {
    let entity = library.by_path(&finding.path).map(|(_, entity)| entity);
    let entity = entity.map(|entity| entity.broken.as_deref().unwrap_or(entity));
    let root = entity.and_then(|entity| entity.document.root());
    let pointer = finding.pointer.as_deref().unwrap_or_default();
    Key {
        of: match &finding.entity {
            Some(entity) => entity.clone(),
            None => finding.path.to_string(),
        },
        rule: finding.code.to_owned(),
        at: match root {
            Some(root) => named(root, pointer),
            None => pointer.to_owned(),
        },
        message: digest(&timeless(&finding.message)),
    }
}

/// A JSON Pointer with the ids or texts of items in the place of their numbers.
fn named(root: Node<'_>, pointer: &str) -> String {
    let mut out = String::new();
    let mut at = Some(root);
    for token in pointer.split('/').skip(1) {
        out.push('/');
        match at {
            Some(node) if node.is_list() => {
                at = token.parse().ok().and_then(|index| node.items().nth(index));
                out.push_str(&at.map_or_else(|| token.to_owned(), identity));
            }
            node => {
                at = node.and_then(|node| node.get(&crate::source::yaml::unescape(token)));
                out.push_str(token);
            }
        }
    }
    out
}

/// What an item of a list is known by: its id, or else its text.
fn identity(item: Node<'_>) -> String {
    if let Some(text) = item.as_str() {
        return digest(text);
    }
    let field = |name: &str| item.get(name).and_then(Node::as_str);
    if let Some(id) = field("id") {
        return format!("#{id}");
    }
    let text = ["text", "action", "name", "rule", "persona"];
    let first = || item.entries().find_map(|(_, value)| value.as_str());
    digest(
        text.into_iter()
            .find_map(field)
            .or_else(first)
            .unwrap_or_default(),
    )
}

fn digest(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..12].to_owned()
}

/// A message without its numbers, which grow with time and with the library; in quotation marks
/// they are part of a name and stay.
fn timeless(message: &str) -> String {
    let mut quoted = false;
    let mut out = String::with_capacity(message.len());
    for c in message.chars() {
        if c == '`' {
            quoted = !quoted;
        }
        match c {
            '0'..='9' if !quoted => {
                if !out.ends_with('0') {
                    out.push('0');
                }
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::check;
    use crate::source::Memory;

    const BROKEN: &str = "---\nname: P\nmarket: b2c\nstance: target\nstatus: draft\nbasis: proto\nowner: cx\nsummary: S\nb2c: {}\ngoals:\n  - {text: One, evidence: [nowhere]}\n  - {id: two, text: Two, evidence: [nowhere]}\n---\n";

    fn library(persona: &str) -> Library {
        let team = "---\nname: T\ncontact: x\n---\n";
        let tree = Memory::default()
            .with("content/teams/cx.md", team)
            .with("content/personas/p.md", persona);
        Library::load(Arc::new(tree))
    }

    fn found(library: &Library) -> Vec<Diagnostic> {
        check::all(library, jiff::civil::date(2026, 11, 24))
    }

    #[test]
    fn a_finding_is_known_again_when_claims_move() {
        let before = library(BROKEN);
        let written = Baseline::of(&before, &found(&before)).to_string();
        let baseline = Baseline::parse(&written).expect("read");
        assert_eq!(baseline.len(), 2);
        assert_eq!(written.lines().count(), 7, "{written}");

        let moved = BROKEN
            .replace("goals:\n", "tags: [a]\ngoals:\n  - Zero\n")
            .replace("text: Two", "text: Changed");
        let after = library(&moved);
        let mut findings = found(&after);
        assert_eq!(
            baseline.hide(&after, &mut findings),
            Compared { known: 2, gone: 0 }
        );
        assert_eq!(findings, []);

        let more = BROKEN.replace(
            "text: One, evidence: [nowhere]",
            "text: One, evidence: [elsewhere]",
        );
        let after = library(&more);
        let mut findings = found(&after);
        assert_eq!(
            baseline.hide(&after, &mut findings),
            Compared { known: 1, gone: 1 }
        );
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].message, "there is no evidence `elsewhere`");
    }

    #[test]
    fn as_many_are_known_as_there_were() {
        let twice = "name: S\n";
        let link = "---\nowner: cx\n---\n[a](b.md)\n";
        let page = |text: &str| {
            let tree = Memory::default()
                .with("content/teams/cx.md", "---\nname: T\ncontact: x\n---\n")
                .with("content/pages/q.md", text);
            Library::load(Arc::new(tree))
        };
        let before = page(link);
        let baseline = Baseline::of(&before, &found(&before));
        let after = page(&format!("{link}\n{twice}\n[a](b.md)\n"));
        let mut findings = found(&after);
        assert_eq!(
            baseline.hide(&after, &mut findings),
            Compared { known: 1, gone: 0 }
        );
        assert_eq!(findings.len(), 1);
    }

    #[test]
    fn numbers_that_time_changes_do_not_matter_and_names_do() {
        assert_eq!(timeless("13 months ago"), timeless("140 months ago"));
        assert_ne!(timeless("no `a1`"), timeless("no `a2`"));
        assert!(matches!(
            Baseline::parse("{\"version\":9,\"findings\":[]}"),
            Err(BaselineError::Version(9))
        ));
        assert!(matches!(
            Baseline::parse("[]"),
            Err(BaselineError::Syntax(_))
        ));
    }
}
