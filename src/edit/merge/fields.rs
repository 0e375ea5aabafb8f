//! Merging front matter: fields by name, items of lists by id.

use std::collections::{BTreeSet, HashMap};

use super::order;
use super::parts::{Block, Part, indent};
use super::{Markers, Merged};
use crate::schema::content::Content;
use crate::source::Document;
use crate::source::yaml::{self, Node};

/// Stands before a line that is a marker of a conflict while lines are moved. YAML knows no such
/// character.
pub(super) const MARK: char = '\u{1}';

/// Merges the front matter of three documents; `None` when one is written so that it cannot be
/// taken apart.
pub(super) fn merge(
    base: Option<&Document>,
    ours: &Document,
    theirs: &Document,
    markers: Markers<'_>,
) -> Option<Merged> {
    let (our, their) = (block(ours)?, block(theirs)?);
    let base = match base {
        Some(base) => Some(block(base)?),
        None => None,
    };
    let mut merger = Merger {
        markers,
        conflicts: 0,
    };
    let text = merger.block(base, our, their)?;
    let conflicts = merger.conflicts;
    let text = text.replace(MARK, "");
    if conflicts == 0 {
        let (read, problems) = yaml::parse(&text, 0..text.len());
        let root = read.as_ref().and_then(|read| read.root(&text));
        let base = base.map(|base| base.node);
        if !problems.is_empty() || !holds(root, base, Some(our.node), Some(their.node)) {
            return None;
        }
    }
    Some(Merged { text, conflicts })
}

/// What a value says, however it is written.
fn said(node: Option<Node<'_>>) -> Option<Content> {
    node.map(Content::untyped)
}

/// Whether an anchor or an alias stands in it, so that it means something only where it stands.
fn has_anchor(node: Node<'_>) -> bool {
    node.anchor().is_some()
        || node.alias().is_some()
        || node.items().any(has_anchor)
        || node.entries().any(|(_, value)| has_anchor(value))
}

/// The front matter of a document as a block.
fn block(document: &Document) -> Option<Block<'_>> {
    let node = document.root()?;
    let is_sound = node.is_map() && !has_anchor(node);
    is_sound.then(|| Block {
        node,
        text: &document.text,
        start: document.front_range.start,
        end: document.front_range.end,
    })
}

struct Merger<'a> {
    markers: Markers<'a>,
    conflicts: usize,
}

impl Merger<'_> {
    /// The lines of a merged block, at the left margin.
    fn block(
        &mut self,
        base: Option<Block<'_>>,
        ours: Block<'_>,
        theirs: Block<'_>,
    ) -> Option<String> {
        let base = match base {
            Some(base) => base.parts()?,
            None => Vec::new(),
        };
        let (our, their) = (ours.parts()?, theirs.parts()?);
        let order = {
            let [base, our, their] = [&base, &our, &their].map(|parts| keys(parts));
            // The order of fields means nothing, so ours stays.
            let was: &[&str] = if ours.node.is_map() { &[] } else { &base };
            order::merged(was, &our, &their)?
        };
        let [base, our, their] = [&base, &our, &their].map(|parts| by_key(parts));
        let mut out = String::new();
        for key in order {
            let (base, our, their) = (base.get(key), our.get(key), their.get(key));
            out.push_str(&self.part(base.copied(), our.copied(), their.copied()));
        }
        Some(out)
    }

    /// The lines of a merged entry; none when it is gone.
    fn part(
        &mut self,
        base: Option<&Part<'_>>,
        ours: Option<&Part<'_>>,
        theirs: Option<&Part<'_>>,
    ) -> String {
        fn node<'a>(part: Option<&Part<'a>>) -> Option<Node<'a>> {
            part.map(|part| part.node)
        }
        let lines = |part: Option<&Part<'_>>| part.map(Part::lines).unwrap_or_default();
        match decided(node(base), node(ours), node(theirs)) {
            Some(Side::Ours) => return lines(ours),
            Some(Side::Theirs) => return lines(theirs),
            None => {}
        }
        let before = self.conflicts;
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            if let Some(text) = self.inside(base, ours, theirs) {
                return text;
            }
            self.conflicts = before;
        }
        self.conflicts += 1;
        let lead = MARK.to_string();
        self.markers.conflict(&lead, &lines(ours), &lines(theirs))
    }

    /// The lines of an entry that both sides changed, merged by what is in it.
    fn inside(
        &mut self,
        base: Option<&Part<'_>>,
        ours: &Part<'_>,
        theirs: &Part<'_>,
    ) -> Option<String> {
        if let Some(text) = words(base, ours, theirs) {
            return Some(text);
        }
        let alike = ours.node.is_map() == theirs.node.is_map();
        let ((our, columns), (their, _)) = (ours.inner()?, theirs.inner()?);
        let was = base.and_then(|base| Some(base.inner()?.0));
        let was = was.filter(|was| was.node.is_map() == our.node.is_map());
        if !alike || (base.is_some() && was.is_none()) {
            return None;
        }
        let lines = self.block(was, our, their)?;
        let head = ours.head(&our);
        if !ours.is_item() {
            return Some(head + &indent(&lines, columns));
        }
        // The first line stands behind the dash, where no marker may stand.
        let (first, rest) = lines.split_once('\n')?;
        let is_field = !first.is_empty() && !first.starts_with([MARK, '#']);
        is_field.then(|| format!("{head}{first}\n{}", indent(rest, columns)))
    }
}

/// A list of words, such as tags, that both sides changed, where one of them writes it on one line.
fn words(base: Option<&Part<'_>>, ours: &Part<'_>, theirs: &Part<'_>) -> Option<String> {
    if !ours.node.is_flow() && !theirs.node.is_flow() {
        return None;
    }
    let words = |node: Node<'_>| -> Option<Vec<String>> {
        let words = node.is_list().then(|| node.items().map(Node::as_str));
        words?.map(|word| word.map(str::to_owned)).collect()
    };
    let was = match base {
        Some(base) => words(base.node)?,
        None => Vec::new(),
    };
    let (our, their) = (words(ours.node)?, words(theirs.node)?);
    let [was, our, their]: [Vec<&str>; 3] =
        [&was, &our, &their].map(|words| words.iter().map(String::as_str).collect());
    let mut all = order::merged(&was, &our, &their)?;
    all.retain(|word| {
        let [was, our, their] = [&was, &our, &their].map(|side| side.contains(word));
        our && their || (!was && (our || their))
    });
    let mut seen = BTreeSet::new();
    all.retain(|word| seen.insert(*word));
    if ours.node.is_flow() {
        let all: Vec<String> = all.into_iter().map(yaml::plain).collect();
        return Some(ours.with_value(&format!("[{}]", all.join(", "))));
    }
    let (block, columns) = ours.inner()?;
    let mut lines = String::new();
    for part in block.parts()? {
        let word = part.node.as_str()?;
        if all.contains(&word) {
            lines.push_str(&part.lines());
        }
    }
    for word in all.iter().filter(|word| !our.contains(word)) {
        lines.extend(["- ", &yaml::plain(word), "\n"]);
    }
    (!ours.is_item()).then(|| ours.head(&block) + &indent(&lines, columns))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Ours,
    Theirs,
}

/// Whose value it is, when one side alone changed it or both to the same.
fn decided(
    base: Option<Node<'_>>,
    ours: Option<Node<'_>>,
    theirs: Option<Node<'_>>,
) -> Option<Side> {
    let [base, ours, theirs] = [base, ours, theirs].map(said);
    if ours == theirs || base == theirs {
        Some(Side::Ours)
    } else if base == ours {
        Some(Side::Theirs)
    } else {
        None
    }
}

/// Whether `result` is what came of both sides: of each value that one side changed, its own.
fn holds(
    result: Option<Node<'_>>,
    base: Option<Node<'_>>,
    ours: Option<Node<'_>>,
    theirs: Option<Node<'_>>,
) -> bool {
    match decided(base, ours, theirs) {
        Some(Side::Ours) => return said(result) == said(ours),
        Some(Side::Theirs) => return said(result) == said(theirs),
        None => {}
    }
    let (Some(result), Some(our), Some(their)) = (result, ours, theirs) else {
        return false;
    };
    if our.is_map() && their.is_map() && result.is_map() {
        let sides = [result, our, their];
        let fields = sides.into_iter().flat_map(Node::entries);
        let names: BTreeSet<&str> = fields.filter_map(|(key, _)| key.as_str()).collect();
        return names.into_iter().all(|key| {
            let base = base.and_then(|base| base.get(key));
            holds(result.get(key), base, our.get(key), their.get(key))
        });
    }
    if our.is_list() && their.is_list() && result.is_list() {
        let [result, our, their] =
            [result, our, their].map(|list| list.items().map(Content::untyped).collect::<Vec<_>>());
        let count = |list: &[Content], item| list.iter().filter(|other| *other == item).count();
        // What both have is there; what is there, one of them has or it came of both.
        let mut kept = our.iter().filter(|item| their.contains(item));
        let is_known = result.len() <= our.len() + their.len();
        return is_known && kept.all(|item| count(&result, item) == 1);
    }
    false
}

fn keys<'p>(parts: &'p [Part<'_>]) -> Vec<&'p str> {
    parts.iter().map(|part| &*part.key).collect()
}

fn by_key<'p, 'a>(parts: &'p [Part<'a>]) -> HashMap<&'p str, &'p Part<'a>> {
    parts.iter().map(|part| (&*part.key, part)).collect()
}
