//! Which few questions tell who somebody is: what of the personas tells them apart, and a tree of
//! questions that narrows them down.
//!
//! In: the personas. Out: [`Questions`], and from them a [`Tree`]. Nothing is fixed beforehand but
//! where to look: fields with few values, traits, and the project's own fields with a closed list.
//!
//! The next question is the one whose answer tells most (the information gain of ID3, Quinlan
//! 1986). Everybody left is equally likely, and gives each answer that is true of them equally
//! often. So the gain is the mutual information of persona and answer, in bits:
//! `H(answer) − Σ log₂ aₚ ∕ n`, where `aₚ` of the answers are true of persona `p`.
//!
//! Of whom a field is not known, every answer may be true: they stay, and since all answers count,
//! a question about a field that few fill gains little.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BinaryHeap};

use foldhash::HashMap;

use super::likeness::fraction;
use super::{Entity, Library};
use crate::schema::kinds::persona::Persona;
use crate::schema::{Data, Kind};

/// A question with more answers than this is no question but a list.
const MOST_ANSWERS: usize = 12;
/// A question that tells less than this, in bits, is not asked.
const LEAST_GAIN: f64 = 0.08;
/// So few are better shown than told apart by a further question.
const FEW: usize = 2;
/// How much less likely it is that somebody cannot answer than that they can.
const UNSURE: f64 = 0.2;
/// What a question about tags counts for: they are the authors' words, and nobody sees them in a
/// customer.
const TAGS: f64 = 0.4;
/// Traits up to this are low, from [`HIGH`] on high; of what lies between both may be said.
const LOW: u8 = 2;
/// See [`LOW`].
const HIGH: u8 = 4;

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A field that the kind has, by its name in the labels.
    Field(&'static str),
    /// A trait, by its name.
    Trait(Box<str>),
    /// A field of the project's own, by its name.
    Own(Box<str>),
}

/// A question, with the answers that are true of somebody.
#[derive(Debug)]
pub struct Question {
    /// What it is about.
    pub subject: Subject,
    /// The values that answer it.
    pub answers: Vec<Box<str>>,
    /// For each persona which answers may be true of them, a bit for each.
    possible: Vec<u16>,
}

impl Question {
    /// Whether an answer may be true of the persona at `place`.
    pub fn may_be(&self, place: usize, answer: usize) -> bool {
        self.possible[place] >> answer & 1 == 1
    }

    /// How much the answer tells about which of `left` it is, in bits; the most that would remain
    /// after any answer.
    fn gain(&self, left: &[u32]) -> (f64, usize) {
        let mut counts = [0usize; MOST_ANSWERS];
        // By how many answers are true, and which: there are few such sets.
        let mut sets: HashMap<u16, usize> = HashMap::default();
        for &place in left {
            *sets.entry(self.possible[place as usize]).or_default() += 1;
        }
        // Sums of fractions depend on their order.
        let mut sets: Vec<(u16, usize)> = sets.into_iter().collect();
        sets.sort_unstable();
        let mut weights = [0.0; MOST_ANSWERS];
        let mut doubt = 0.0;
        for (set, personas) in sets {
            let true_of = set.count_ones();
            let share = fraction(personas, left.len());
            doubt += share * f64::from(true_of).log2();
            for answer in 0..self.answers.len() {
                if set >> answer & 1 == 1 {
                    counts[answer] += personas;
                    weights[answer] += share / f64::from(true_of);
                }
            }
        }
        let entropy: f64 = weights
            .iter()
            .filter(|w| **w > 0.0)
            .map(|w| -w * w.log2())
            .sum();
        (
            entropy - doubt,
            counts.into_iter().max().unwrap_or_default(),
        )
    }
}

/// The personas and what may be asked about them.
#[derive(Debug)]
pub struct Questions<'a> {
    /// The personas, in the order they were given.
    pub personas: Vec<&'a Entity>,
    /// What may be asked.
    pub all: Vec<Question>,
}

impl<'a> Questions<'a> {
    /// What may be asked about some personas.
    pub fn about(library: &Library, personas: impl Iterator<Item = &'a Entity>) -> Self {
        let own: Vec<&str> = own_fields(library);
        let mut personas: Vec<&Entity> = personas.collect();
        personas.retain(|entity| matches!(entity.data, Some(Data::Persona(_))));
        let mut found: BTreeMap<Subject, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
        for (place, entity) in personas.iter().enumerate() {
            let mut add = |subject: Subject, value: &'a str| {
                let places = found.entry(subject).or_default().entry(value).or_default();
                places.push(place);
            };
            if let Some(Data::Persona(persona)) = &entity.data {
                values(persona, &mut add);
            }
            for tag in &entity.common.tags {
                add(Subject::Field("tag"), tag);
            }
            for field in &own {
                let node = entity.document.root().and_then(|root| root.get(field));
                if let Some(value) = node.and_then(crate::source::yaml::Node::as_str) {
                    add(Subject::Own((*field).into()), value);
                }
            }
        }
        let all = found.into_iter().filter_map(|(subject, values)| {
            if !(2..=MOST_ANSWERS).contains(&values.len()) {
                return None;
            }
            let mut possible = vec![0u16; personas.len()];
            for (answer, places) in values.values().enumerate() {
                for &place in places {
                    possible[place] |= 1 << answer;
                }
            }
            // Of whom nothing is said, everything may be true.
            let any = (1u16 << values.len()) - 1;
            possible
                .iter_mut()
                .filter(|set| **set == 0)
                .for_each(|set| *set = any);
            let answers = values.into_keys().map(Box::from).collect();
            Some(Question {
                subject,
                answers,
                possible,
            })
        });
        let all = all.collect();
        Self { personas, all }
    }

    /// The question that tells most about which of `left` it is, without those `asked`. None when
    /// no answer to any question would leave fewer.
    fn best(&self, left: &[u32], asked: &[usize]) -> Option<usize> {
        let questions = self.all.iter().enumerate();
        let open = questions.filter(|(at, _)| !asked.contains(at));
        let gains = open.map(|(at, question)| {
            let (gain, most) = question.gain(left);
            let seen = if question.subject == Subject::Field("tag") {
                TAGS
            } else {
                1.0
            };
            (at, (gain * seen, most))
        });
        let telling = gains.filter(|(_, (gain, most))| *gain >= LEAST_GAIN && *most < left.len());
        // Of equal ones the first.
        let best = telling.reduce(|best, other| if other.1.0 > best.1.0 { other } else { best });
        best.map(|(at, _)| at)
    }

    /// A tree of questions with about `most` ends. The branch that most personas and answers lead
    /// to is continued first.
    pub fn tree(&self, most: usize) -> Tree {
        let everybody = 0..u32::try_from(self.personas.len()).unwrap_or(u32::MAX);
        let mut nodes = vec![Node {
            left: everybody.collect(),
            ask: None,
        }];
        let mut open = BinaryHeap::from([Open::new(0, nodes[0].left.len(), 1.0, Vec::new())]);
        let mut ends = 1;
        while let Some(next) = open.pop().filter(|_| ends < most) {
            let left = &nodes[next.node].left;
            if left.len() <= FEW {
                continue;
            }
            let Some(question) = self.best(left, &next.asked) else {
                continue;
            };
            let asked: Vec<usize> = next.asked.iter().copied().chain([question]).collect();
            let given = (0..self.all[question].answers.len()).map(Some);
            let mut answers = Vec::new();
            for answer in given.chain([None]) {
                let left = &nodes[next.node].left;
                let stays = |place: &&u32| {
                    answer.is_none_or(|a| self.all[question].may_be(**place as usize, a))
                };
                let rest: Vec<u32> = left.iter().filter(stays).copied().collect();
                if rest.is_empty() {
                    continue;
                }
                let doubt = if answer.is_none() { UNSURE } else { 1.0 };
                let chance = next.chance * doubt;
                open.push(Open::new(nodes.len(), rest.len(), chance, asked.clone()));
                answers.push((answer, nodes.len()));
                nodes.push(Node {
                    left: rest,
                    ask: None,
                });
            }
            ends += answers.len() - 1;
            nodes[next.node].ask = Some(Ask { question, answers });
        }
        Tree { nodes }
    }
}

/// The names of the project's own fields that have a closed list of values or are yes or no.
fn own_fields(library: &Library) -> Vec<&str> {
    let fields = library.settings.published_fields(Kind::Persona);
    let closed = fields.filter(|(_, schema)| {
        let is_enum = schema.get("enum").is_some();
        is_enum || schema.get("type").and_then(|t| t.as_str()) == Some("boolean")
    });
    closed.map(|(name, _)| name.as_str()).collect()
}

/// What a persona says of itself that may be asked.
fn values<'a>(persona: &'a Persona, add: &mut impl FnMut(Subject, &'a str)) {
    let mut field = |name, value| add(Subject::Field(name), value);
    field("market", persona.market.as_str());
    persona
        .segments
        .iter()
        .for_each(|r| field("segment", r.id()));
    persona
        .lifecycle
        .iter()
        .for_each(|phase| field("lifecycle", &phase.0));
    if let Some(channels) = &persona.channels {
        channels
            .preferred
            .iter()
            .for_each(|c| field("preferred", c));
        if let Some(share) = channels.online_share {
            // At one half both are true.
            if share >= 50 {
                field("online_share", "online");
            }
            if share <= 50 {
                field("online_share", "offline");
            }
        }
    }
    if let Some(b2b) = &persona.b2b {
        field("role", b2b.role.as_str());
        field("department", &b2b.department);
        if let Some(role) = b2b.buying.as_ref().and_then(|buying| buying.role) {
            field("buying_role", role.as_str());
        }
    }
    if let Some(impulse) = persona.b2c.as_ref().and_then(|b2c| b2c.impulse) {
        field("impulse", impulse.as_str());
    }
    for (name, &value) in &persona.traits {
        let subject = || Subject::Trait(name.as_str().into());
        if value < HIGH {
            add(subject(), "low");
        }
        if value > LOW {
            add(subject(), "high");
        }
    }
}

/// A tree of questions. Whoever answers truthfully comes to an end at which their persona is left.
#[derive(Debug)]
pub struct Tree {
    /// The nodes; the first is where one begins.
    pub nodes: Vec<Node>,
}

/// Where one is after some answers.
#[derive(Debug)]
pub struct Node {
    /// Who is left, by their place among the personas.
    pub left: Vec<u32>,
    /// What is asked next, if anything.
    pub ask: Option<Ask>,
}

/// What is asked at a node.
#[derive(Debug)]
pub struct Ask {
    /// Which question.
    pub question: usize,
    /// Where each answer leads: its place in the question, or none for "I don't know", and a node.
    pub answers: Vec<(Option<usize>, usize)>,
}

/// A node that may be continued.
struct Open {
    weight: f64,
    node: usize,
    chance: f64,
    asked: Vec<usize>,
}

impl Open {
    fn new(node: usize, left: usize, chance: f64, asked: Vec<usize>) -> Self {
        Self {
            weight: fraction(left, 1) * chance,
            node,
            chance,
            asked,
        }
    }
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let order = self.weight.total_cmp(&other.weight);
        order.then(other.node.cmp(&self.node))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Open {}
