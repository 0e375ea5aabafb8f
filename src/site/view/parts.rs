//! What a stencil is told and filled with: the parts of a thing, with their texts.

use std::borrow::Cow;

use minijinja::Value;

use super::super::fields::nested;
use super::super::markdown::escape;
use super::super::theme::{Part, Stencil};
use super::Result;

/// The parts of a thing by the names that its template has for them, and their texts as HTML.
#[derive(Debug, Default)]
pub(super) struct Parts<'a> {
    pub(super) form: Vec<(&'static str, Part)>,
    texts: Vec<Text<'a>>,
}

/// A text, and whether it is HTML already.
#[derive(Debug, Default)]
struct Text<'a> {
    text: Cow<'a, str>,
    is_html: bool,
}

impl<'a> Parts<'a> {
    /// One of a few words.
    pub(super) fn word(&mut self, name: &'static str, word: &'static str) {
        self.form.push((name, Part::Word(word)));
        self.texts.push(Text::default());
    }

    /// Something that is ready.
    pub(super) fn html(&mut self, name: &'static str, html: Option<impl Into<Cow<'a, str>>>) {
        self.push(name, html.map(Into::into), true);
    }

    /// A text that may hold what must be escaped.
    pub(super) fn text(&mut self, name: &'static str, text: Option<impl Into<Cow<'a, str>>>) {
        self.push(name, text.map(Into::into), false);
    }

    fn push(&mut self, name: &'static str, text: Option<Cow<'a, str>>, is_html: bool) {
        self.form.push((name, Part::gap(text.is_some())));
        let text = text.unwrap_or_default();
        self.texts.push(Text { text, is_html });
    }

    /// Adds the parts of another thing.
    pub(super) fn extend(&mut self, others: Self) {
        self.form.extend(others.form);
        self.texts.extend(others.texts);
    }

    /// Only those behind the first `count`.
    pub(super) fn after(mut self, count: usize) -> Self {
        self.form.drain(..count);
        self.texts.drain(..count);
        self
    }

    /// Gives the last part its text, which was not known when the stencil was looked for.
    pub(super) fn finish(&mut self, html: String) {
        if let Some(last) = self.texts.last_mut() {
            last.text = Cow::Owned(html);
        }
    }

    /// Fills a stencil of this form.
    pub(super) fn fill(&self, stencil: &Stencil) -> Result {
        let texts = self.texts.iter().map(|text| text.text.len()).sum::<usize>();
        let mut out = String::with_capacity(texts + stencil.len() + 1024);
        stencil.fill(&mut out, |gap, out| {
            match &self.texts[gap] {
                text if text.is_html => out.push_str(&text.text),
                text => out.push_str(&escape(&text.text)),
            }
            Ok(())
        })?;
        Ok(out)
    }

    /// The same as values for a template that is rendered by itself. A dot in a name leads into a
    /// view.
    pub(super) fn values(self) -> Vec<(&'static str, Value)> {
        let parts = self.form.into_iter().zip(self.texts);
        nested(parts.map(|((name, part), text)| {
            let value = match part {
                Part::None => Value::UNDEFINED,
                Part::Flag => true.into(),
                Part::Word(word) => word.into(),
                Part::Gap if text.is_html => Value::from_safe_string(text.text.into_owned()),
                Part::Gap => text.text.into(),
            };
            (name, value)
        }))
    }
}
