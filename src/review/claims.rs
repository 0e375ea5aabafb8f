//! Lists of claims in two states.
//!
//! In: lists that belong together, such as all those of a persona, or those of a journey's steps.
//! Out: what was added, removed, reworded, moved from one list to another, and what else a claim
//! says. A claim is found again by its id, then by its text, then by its likeness; one that stands
//! elsewhere in its list is no change.

use super::Level;
use super::code::{CLAIM_ADDED, CLAIM_CHANGED, CLAIM_REMOVED, CLAIM_REWORDED};
use super::grounds;
use super::matching::{Matching, word_set};
use super::pair::{Notes, Pair, below, node};
use super::words::short;
use crate::schema::content::plain;
use crate::schema::shape::title;
use crate::source::yaml::Node;

/// How many of the words of two claims of one list must be the same for one to be the other,
/// reworded: half of them. So "Go live within 60 days" is "Go live within 45 days", while two
/// sentences that share their small words only are two.
const ALIKE: f64 = 0.5;
/// The same when no other claim of the list came or went: it stands in the place of the other.
const ALONE: f64 = 0.35;
/// The same for claims of two lists. Lists have themes, so that such claims share more words.
const ELSEWHERE: f64 = 0.7;

/// One list in both states.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// The name of its field, such as `pains`.
    pub field: &'static str,
    /// Its JSON Pointer in the state before, if it was there.
    pub before: Option<String>,
    /// Its JSON Pointer in the state after, if it is there.
    pub after: Option<String>,
    /// Where it stands, in words, such as the action of a step; empty for a persona.
    pub place: String,
}

impl List {
    /// A list at the top of the front matter.
    pub fn top(field: &'static str) -> Self {
        let pointer = Some(below("", field));
        Self {
            field,
            before: pointer.clone(),
            after: pointer,
            place: String::new(),
        }
    }

    /// What one of it is called.
    fn noun(&self) -> String {
        let plural = title(self.field);
        match plural.strip_suffix("ies") {
            Some(stem) => format!("{stem}y"),
            None => plural.strip_suffix('s').unwrap_or(&plural).to_owned(),
        }
    }

    /// The place as the end of a title.
    fn at(&self) -> String {
        if self.place.is_empty() {
            String::new()
        } else {
            format!(" at “{}”", short(&self.place))
        }
    }
}

/// A claim as it is written.
struct Claim<'a> {
    list: usize,
    pointer: String,
    node: Node<'a>,
    id: Option<&'a str>,
    text: String,
}

impl<'a> Claim<'a> {
    fn field(&self, name: &str) -> Option<Node<'a>> {
        self.node.get(name).filter(|node| !node.is_null())
    }

    fn word(&self, name: &str) -> Option<String> {
        Some(plain(self.field(name)?.as_str()?))
    }

    /// Where its text stands.
    fn text_pointer(&self) -> String {
        match self.field("text") {
            Some(_) => below(&self.pointer, "text"),
            None => self.pointer.clone(),
        }
    }
}

/// The claims of a list.
fn claims<'a>(list: usize, pointer: &str, node: Node<'a>) -> Vec<Claim<'a>> {
    let claims = node.items().enumerate();
    let claims = claims.filter(|(_, node)| !node.is_null());
    claims
        .map(|(index, node)| {
            let text = node.as_str().or_else(|| node.get("text")?.as_str());
            Claim {
                list,
                pointer: below(pointer, &index.to_string()),
                node,
                id: node.get("id").and_then(Node::as_str),
                text: text.map(plain).unwrap_or_default(),
            }
        })
        .collect()
}

/// Notes what is different in lists of claims.
pub fn compare<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>, lists: &[List]) {
    let of = |entity, pointer: fn(&List) -> &Option<String>| {
        let lists = lists.iter().enumerate();
        let claims = lists.filter_map(|(list, one)| {
            let pointer = pointer(one).as_ref()?;
            Some(claims(list, pointer, node(entity, pointer)?))
        });
        claims.flatten().collect::<Vec<Claim<'a>>>()
    };
    let old = of(pair.before, |list| &list.before);
    let new = of(pair.after, |list| &list.after);
    let matching = matched(&old, &new, lists.len());
    for &one in &matching.went {
        let claim = &old[one];
        let list = &lists[claim.list];
        let title = format!("{} removed{}", list.noun(), list.at());
        notes.gone(
            CLAIM_REMOVED,
            title,
            &claim.pointer,
            Some(claim.text.clone()),
        );
    }
    for &one in &matching.came {
        let claim = &new[one];
        let list = &lists[claim.list];
        let title = format!("{} added{}", list.noun(), list.at());
        notes.add(
            CLAIM_ADDED,
            title,
            &claim.pointer,
            (None, Some(claim.text.clone())),
        );
    }
    for &(before, after) in &matching.pairs {
        One {
            pair,
            notes,
            lists,
            before: &old[before],
            after: &new[after],
        }
        .compare();
    }
}

/// Finds out which claim is which.
fn matched(old: &[Claim<'_>], new: &[Claim<'_>], lists: usize) -> Matching {
    let mut matching = Matching::new(old.len(), new.len());
    matching.by(
        |at| Some((old[at].list, old[at].id?)),
        |at| Some((new[at].list, new[at].id?)),
    );
    matching.by(|at| old[at].id, |at| new[at].id);
    matching.by(
        |at| Some((old[at].list, &*old[at].text)),
        |at| Some((new[at].list, &*new[at].text)),
    );
    matching.by(|at| Some(&*old[at].text), |at| Some(&*new[at].text));
    let count = |of: &[usize], claims: &[Claim<'_>]| {
        let mut counts = vec![0usize; lists];
        for &at in of {
            counts[claims[at].list] += 1;
        }
        counts
    };
    let (went, came) = (count(&matching.went, old), count(&matching.came, new));
    matching.alike(
        |at| word_set(&old[at].text),
        |at| word_set(&new[at].text),
        |a, b, share| {
            let (a, b) = (old[a].list, new[b].list);
            let least = if a != b {
                ELSEWHERE
            } else if went[a] == 1 && came[b] == 1 {
                ALONE
            } else {
                ALIKE
            };
            share >= least
        },
    );
    matching
}

/// One claim in both states.
struct One<'c, 'a> {
    pair: &'c Pair<'a>,
    notes: &'c mut Notes<'a>,
    lists: &'c [List],
    before: &'c Claim<'a>,
    after: &'c Claim<'a>,
}

impl One<'_, '_> {
    fn compare(&mut self) {
        let (before, after) = (self.before, self.after);
        let (from, to) = (&self.lists[before.list], &self.lists[after.list]);
        let noun = from.noun();
        let moved = (before.list != after.list).then(|| {
            if from.field == to.field {
                format!(
                    "moved from “{}” to “{}”",
                    short(&from.place),
                    short(&to.place)
                )
            } else {
                format!("moved to {}{}", title(to.field).to_lowercase(), to.at())
            }
        });
        let texts = (Some(before.text.clone()), Some(after.text.clone()));
        if before.text != after.text {
            let title = match &moved {
                Some(moved) => format!("{noun} reworded and {moved}"),
                None => format!("{noun} reworded{}", to.at()),
            };
            self.notes
                .add(CLAIM_REWORDED, title, after.text_pointer(), texts);
        } else if let Some(moved) = moved {
            self.notes.add(
                CLAIM_CHANGED,
                format!("{noun} {moved}"),
                &after.pointer,
                texts,
            );
        }
        let about = format!("{} “{}”", to.noun(), short(&after.text));
        self.id(&about);
        for field in ["confidence", "severity"] {
            let values = (before.word(field), after.word(field));
            if values.0 != values.1 {
                let pointer = below(&after.pointer, field);
                self.notes.add(
                    CLAIM_CHANGED,
                    format!("{about}: {field} {}", grounds::verb(&values)),
                    pointer,
                    values,
                );
            }
        }
        self.kpis(&about);
        let cited = (before.field("evidence"), after.field("evidence"));
        let pointers = [&before.pointer, &after.pointer].map(|p| below(p, "evidence"));
        grounds::compare(self.pair, self.notes, (&about, pointers), cited);
    }

    /// An id makes a claim easier to follow; without it, links to it may lead nowhere.
    fn id(&mut self, about: &str) {
        let values = (
            self.before.id.map(str::to_owned),
            self.after.id.map(str::to_owned),
        );
        if values.0 == values.1 {
            return;
        }
        let is_new = values.0.is_none();
        let title = format!("{about}: id {}", grounds::verb(&values));
        let pointer = below(&self.after.pointer, "id");
        let change = self.notes.add(CLAIM_CHANGED, title, pointer, values);
        if is_new {
            change.level = Level::Info;
        }
    }

    fn kpis(&mut self, about: &str) {
        let (before, after) = (self.before.field("kpis"), self.after.field("kpis"));
        let Some(values) = self
            .pair
            .references((before, after), crate::schema::Kind::Kpi)
        else {
            return;
        };
        let title = format!("{about}: KPIs {}", grounds::verb(&values));
        let pointer = below(&self.after.pointer, "kpis");
        self.notes.add(CLAIM_CHANGED, title, pointer, values);
    }
}
