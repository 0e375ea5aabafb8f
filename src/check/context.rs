//! What a rule may ask: the library, its own settings for the file, and what day it is.

use std::cell::OnceCell;

use jiff::civil::Date;

use super::alike::Alike;
use super::config::Setting;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::{About, Threshold};
use crate::library::facts::Grounds;
use crate::library::{Entity, EntityId, Library};

/// What one rule may ask about one entity.
pub(crate) struct Context<'a> {
    /// All entities.
    pub(crate) library: &'a Library,
    /// The day for which the library is judged.
    pub(crate) today: Date,
    pub(super) about: &'static About,
    pub(super) setting: &'a Setting,
    pub(super) shared: &'a Shared<'a>,
}

/// What several rules ask about one entity, found out once.
pub(super) struct Shared<'a> {
    pub(super) grounds: OnceCell<Grounds<'a>>,
    pub(super) alike: &'a Alike,
    /// The persona that stands for a library without a negative one.
    pub(super) one_sided: Option<EntityId>,
    /// The team that is named as an example.
    pub(super) some_team: Option<&'a str>,
}

impl<'a> Context<'a> {
    /// What people read about the rule.
    pub(crate) fn about(&self) -> &'static About {
        self.about
    }

    /// A threshold of the rule, as the settings have it for this file.
    pub(crate) fn value(&self, threshold: &Threshold) -> f64 {
        self.setting.threshold(self.about.name, threshold)
    }

    /// A threshold that is a whole number.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the settings allow whole numbers from 0 to a million"
    )]
    pub(crate) fn count(&self, threshold: &Threshold) -> usize {
        self.value(threshold) as usize
    }

    /// The research that `entity` cites.
    pub(crate) fn grounds(&self, entity: &Entity) -> &Grounds<'a> {
        let grounds = &self.shared.grounds;
        grounds.get_or_init(|| Grounds::of(self.library, entity))
    }

    /// The persona whose goals and pains are those of `entity`, and how alike in percent.
    pub(crate) fn twin(&self, entity: &Entity) -> Option<(&'a Entity, usize)> {
        self.shared.alike.twin(self.library, entity.index)
    }

    /// Whether `entity` stands for a library without a negative persona.
    pub(crate) fn is_one_sided(&self, entity: &Entity) -> bool {
        self.shared.one_sided == Some(entity.index)
    }

    /// The id of a team, as an example.
    pub(crate) fn some_team(&self) -> Option<&'a str> {
        self.shared.some_team
    }

    /// A finding about the value at a JSON Pointer of the front matter. A claim is shown by its
    /// text, a block by its key. What is not there is shown where it belongs: at the nearest block
    /// that is there, or else at the name.
    pub(crate) fn finding(
        &self,
        entity: &Entity,
        pointer: &str,
        message: impl Into<String>,
    ) -> Diagnostic {
        let document = &entity.document;
        let span = span(entity, pointer).unwrap_or_else(|| document.opening());
        let mut finding = document
            .finding(self.about.name, span, message)
            .pointer(pointer);
        finding.severity = self.about.severity;
        finding
    }

    /// The same with the lesser severity of the rule.
    pub(crate) fn lesser(
        &self,
        entity: &Entity,
        pointer: &str,
        message: impl Into<String>,
    ) -> Diagnostic {
        let mut finding = self.finding(entity, pointer, message);
        finding.severity = self.about.lesser.unwrap_or(self.about.severity);
        finding
    }
}

fn span(entity: &Entity, pointer: &str) -> Option<std::ops::Range<usize>> {
    let root = entity.document.root()?;
    let walk = root.along(pointer);
    let node = match (walk.node, walk.key) {
        (Some(node), _) if node.as_str().is_some_and(|text| !text.is_empty()) => node,
        (Some(_), Some(key)) => key,
        (Some(node), None) => node.get("text").or_else(|| {
            let first = node.entries().next().map(|(_, value)| value);
            first.or_else(|| node.items().next())
        })?,
        (None, _) => walk.nearest.or_else(|| root.get("name"))?,
    };
    Some(node.span())
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(words: &[&str], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [some @ .., end] => format!("{} {last} {end}", some.join(", ")),
    }
}

/// How long ago a day was, in whole months: `13 months ago`.
pub(crate) fn ago(day: Date, today: Date) -> String {
    let span = day.until((jiff::Unit::Month, today));
    match span.map_or(0, |span| span.get_months()).max(0) {
        1 => "1 month ago".to_owned(),
        months => format!("{months} months ago"),
    }
}

/// Whether `day` is more than `months` months before `today`.
pub(crate) fn is_older(day: Date, months: usize, today: Date) -> bool {
    let months = i32::try_from(months).unwrap_or(i32::MAX);
    let span = jiff::Span::new().try_months(months);
    span.is_ok_and(|span| day.saturating_add(span) < today)
}
