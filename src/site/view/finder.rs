//! "Which persona is in front of me?": the questions that tell the personas apart, as a tree that
//! can be read without a script.
//!
//! A small library has the whole tree. In a large one it ends where the lists of personas, filtered
//! by the answers, say more.

use std::fmt::Write;

use minijinja::Value;

use super::super::fields::view;
use super::super::markdown::escape;
use super::super::theme::Part;
use super::super::{Site, encode, route};
use super::{PageInfo, Result, render};
use crate::library::Entity;
use crate::library::questions::{Ask, Node, Question, Questions, Subject, Tree};
use crate::schema::kinds::common::Status;
use crate::schema::shape::title;
use crate::schema::{Data, Kind};

const PATH: &str = "finder/";
/// Up to so many personas the tree is as deep as it can be.
const SMALL: usize = 300;
/// Ends of the tree of a small library, and of a large one.
const ENDS: (usize, usize) = (120, 48);
/// Personas that one end lists; of more there is a link to the list.
const LISTED: usize = 12;
/// Personas that all ends list together.
const LISTED_IN_ALL: usize = 600;
/// The questions whose answers the list of personas can be filtered by.
const FILTERS: [&str; 4] = ["market", "segment", "lifecycle", "tag"];

/// What writes the tree.
struct Writer<'w, 'a> {
    site: &'w Site<'a>,
    questions: &'w Questions<'a>,
    tree: &'w Tree,
    root: &'w str,
    listed: usize,
}

/// A filter of the list of personas.
type Filter = Vec<(&'static str, String)>;

pub(in crate::site) fn finder(site: &Site<'_>) -> Result {
    let root = super::root(site, PATH);
    let personas = site.published(Kind::Persona);
    let active = personas.filter(|entity| entity.status() != Status::Retired);
    let questions = Questions::about(site.library, active);
    let total = questions.personas.len();
    let tree = questions.tree(if total <= SMALL { ENDS.0 } else { ENDS.1 });
    let mut writer = Writer {
        site,
        questions: &questions,
        tree: &tree,
        root: &root,
        listed: 0,
    };
    let mut html = String::new();
    writer.node(0, &Filter::new(), &mut html)?;
    let mut all = String::new();
    if total <= SMALL {
        for entity in &questions.personas {
            writer.persona(entity, false, &mut all)?;
        }
    }
    let found = view([
        ("tree", Value::from_safe_string(html)),
        ("all", Value::from_safe_string(all)),
        ("total", total.into()),
    ]);
    let info = PageInfo {
        kind: "finder",
        title: site.theme.word(&["finder", "title"]).unwrap_or(PATH),
        description: site.theme.word(&["finder", "lead"]),
        path: PATH,
        entity: None,
    };
    render(site, "finder.html", &info, vec![("finder", found)])
}

impl Writer<'_, '_> {
    fn word(&self, path: &[&str]) -> Option<&str> {
        self.site.theme.word(path)
    }

    /// Writes what follows some answers: a question, or who is left.
    fn node(&mut self, at: usize, filter: &Filter, out: &mut String) -> Result<()> {
        let tree = self.tree;
        let node = &tree.nodes[at];
        match &node.ask {
            Some(ask) => self.question(ask, filter, out),
            None => self.end(node, filter, out),
        }
    }

    fn question(&mut self, ask: &Ask, filter: &Filter, out: &mut String) -> Result<()> {
        let questions = self.questions;
        let question = &questions.all[ask.question];
        let mut answers = String::new();
        for &(answer, next) in &ask.answers {
            let given = answer.map(|answer| &*question.answers[answer]);
            let mut filter = filter.clone();
            if let (Subject::Field(name), Some(value)) = (&question.subject, given)
                && FILTERS.contains(name)
            {
                filter.push((name, value.to_owned()));
            }
            let mut inside = String::new();
            self.node(next, &filter, &mut inside)?;
            let label = match given {
                Some(value) => self.answer_word(question, value),
                None => self.word(&["finder", "unsure"]).unwrap_or("?").to_owned(),
            };
            let form = [
                ("value", Part::Gap),
                ("label", Part::Gap),
                ("count", Part::Gap),
                ("inside", Part::Gap),
                ("unsure", Part::flag(answer.is_none())),
            ];
            let count = self.tree.nodes[next].left.len().to_string();
            let gaps = [
                &*escape(given.unwrap_or_default()),
                &*escape(&label),
                &*count,
                &*inside,
            ];
            self.fill("finder_answer", &form, &gaps, &mut answers)?;
        }
        let form = [
            ("key", Part::Gap),
            ("text", Part::Gap),
            ("answers", Part::Gap),
        ];
        let (key, text) = self.asked(question);
        let gaps = [&*escape(&key), &*escape(&text), &*answers];
        self.fill("finder_question", &form, &gaps, out)
    }

    /// The name of a question in addresses, and its words.
    fn asked(&self, question: &Question) -> (String, String) {
        let own = |key: &str| {
            let fields = self.site.library.settings.published_fields(Kind::Persona);
            let mut fields = fields.filter(|(name, _)| *name == key);
            let named = fields.next()?.1.get("title")?.as_str();
            named.map(str::to_owned)
        };
        let (key, named, sort) = match &question.subject {
            Subject::Field(key) => ((*key).to_owned(), self.word(&["fields", key]), "any"),
            Subject::Trait(name) => (format!("trait.{name}"), None, "trait"),
            Subject::Own(name) => (format!("own.{name}"), None, "any"),
        };
        let name = key.rsplit('.').next().unwrap_or(&key);
        let named = named.map(str::to_owned).or_else(|| own(name));
        let named = named.unwrap_or_else(|| title(name));
        let own_words = self.word(&["finder", "questions", &key]);
        let words = own_words.or_else(|| self.word(&["finder", "questions", sort]));
        let text = words.unwrap_or("{field}").replace("{field}", &named);
        (key, text)
    }

    /// The words of an answer: those of the finder, of the field, the name behind an id, or what
    /// was written.
    fn answer_word(&self, question: &Question, value: &str) -> String {
        let known = match &question.subject {
            Subject::Trait(_) => self.word(&["finder", "trait", value]),
            Subject::Field("segment") => {
                let found = self.site.library.find(Kind::Segment, value);
                return found.map_or(value, |found| found.entity.name()).to_owned();
            }
            Subject::Field(key) => self
                .word(&["finder", "answers", key, value])
                .or_else(|| self.word(&["values", key, value])),
            Subject::Own(_) => self.word(&["general", value]),
        };
        known.map_or_else(|| title(value), str::to_owned)
    }

    /// Writes who is left.
    fn end(&mut self, node: &Node, filter: &Filter, out: &mut String) -> Result<()> {
        let count = node.left.len();
        let listed = count <= LISTED && self.listed + count <= LISTED_IN_ALL;
        let mut items = String::new();
        if listed {
            self.listed += count;
            let questions = self.questions;
            for &place in &node.left {
                self.persona(questions.personas[place as usize], true, &mut items)?;
            }
        }
        let mut query = String::new();
        for (name, value) in filter {
            let separator = if query.is_empty() { '?' } else { '&' };
            let _ = write!(query, "{separator}{name}={}", encode(value));
        }
        let text = self.word(&["finder", "list"]).unwrap_or("{n}");
        let text = text.replace("{n}", &count.to_string());
        let form = [
            ("people", Part::gap(listed)),
            ("href", Part::Gap),
            ("text", Part::Gap),
        ];
        let href = format!("{}{}/{query}", self.root, Kind::Persona.folder());
        let gaps = [&*items, &*escape(&href), &*escape(&text)];
        self.fill("finder_end", &form, &gaps, out)
    }

    /// Writes a persona; of a negative one, where `signs` are wanted, how to recognise them.
    fn persona(&self, entity: &Entity, signs: bool, out: &mut String) -> Result<()> {
        let Some(Data::Persona(persona)) = &entity.data else {
            return Ok(());
        };
        let shown = self.site.shown(entity, self.root);
        let job = persona.b2b.as_ref().map_or("", |b2b| &b2b.designation);
        let negative = persona.negative.as_ref();
        let signals = negative.filter(|_| signs).map_or(&[][..], |n| &n.signals);
        let mut list = String::new();
        for signal in signals {
            self.fill(
                "line",
                &[("text", Part::Gap)],
                &[&*escape(signal)],
                &mut list,
            )?;
        }
        let form = [
            ("id", Part::Gap),
            ("href", Part::Gap),
            ("tile", Part::Gap),
            ("name", Part::Gap),
            ("job", Part::gap(!job.is_empty())),
            ("signals", Part::gap(!list.is_empty())),
            ("stance", Part::Word(persona.stance.as_str())),
        ];
        let href = format!("{}{}", self.root, route::entity_path(entity));
        let gaps = [
            &*escape(&entity.id),
            &*escape(&href),
            shown.tile(),
            &*escape(entity.name()),
            &*escape(job),
            &*list,
        ];
        self.fill("finder_persona", &form, &gaps, out)
    }

    fn fill(
        &self,
        name: &'static str,
        form: &[(&'static str, Part)],
        gaps: &[&str],
        out: &mut String,
    ) -> Result<()> {
        self.site.theme.stencil(name, form)?.fill(out, |gap, out| {
            out.push_str(gaps[gap]);
            Ok(())
        })
    }
}
