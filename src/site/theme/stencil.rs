//! Templates that are drawn once a form and filled many times.
//!
//! Most of a site is few sorts of things in great number: claims, citations, the steps of a map.
//! Such a thing has a form (is it an assumption? how severe?), of which there are a handful, and
//! texts. A stencil is what its template makes of one form, with gaps where the texts belong; to
//! fill it costs about as much as to copy it.

use std::fmt;
use std::ptr;
use std::sync::{Arc, PoisonError, RwLock};

use foldhash::HashMap;
use minijinja::Value;
use minijinja::value::{Enumerator, Object};

use super::{BUILT_IN, Theme, ThemeError};
use crate::diagnostic::{Diagnostic, Severity};
use crate::site::fields::view;

/// Stand around the name of a gap while its template is drawn. They are no characters of any
/// language, so that no label can contain them by chance.
const OPEN: char = '\u{f0000}';
const CLOSE: char = '\u{f0001}';
/// The bytes that are kept ready for what fills a gap.
const A_GAP: usize = 24;

/// What a template is told of one part of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::site) enum Part {
    /// It does not have it.
    None,
    /// It has it, and nothing more is to be said.
    Flag,
    /// One of a few words, such as `high`.
    Word(&'static str),
    /// A text that is filled in afterwards: the template can place it, and nothing else.
    Gap,
}

impl Part {
    /// A gap if there is something to fill in.
    pub(in crate::site) fn gap(there: bool) -> Self {
        if there { Self::Gap } else { Self::None }
    }

    /// A flag if it is set.
    pub(in crate::site) fn flag(set: bool) -> Self {
        if set { Self::Flag } else { Self::None }
    }

    /// The word, if there is one.
    pub(in crate::site) fn word(word: Option<&'static str>) -> Self {
        word.map_or(Self::None, Self::Word)
    }
}

/// The parts of a thing by the names that its template has for them.
pub(in crate::site) type Form<'a> = &'a [(&'static str, Part)];

/// A template drawn for one form.
#[derive(Debug)]
pub(in crate::site) struct Stencil {
    /// A text and the gap behind it, by its position in the form.
    pieces: Vec<(Box<str>, usize)>,
    end: Box<str>,
    /// The bytes of these texts.
    length: usize,
}

impl Stencil {
    /// Writes it to `out`; `fill` is called with the position of each gap in the form and writes
    /// what belongs there, as HTML.
    pub(in crate::site) fn fill(
        &self,
        out: &mut String,
        mut fill: impl FnMut(usize, &mut String) -> Result<(), ThemeError>,
    ) -> Result<(), ThemeError> {
        out.reserve(self.length + A_GAP * self.pieces.len());
        for (text, gap) in &self.pieces {
            out.push_str(text);
            fill(*gap, out)?;
        }
        out.push_str(&self.end);
        Ok(())
    }

    /// The bytes of its own texts.
    pub(in crate::site) const fn len(&self) -> usize {
        self.length
    }

    /// The gaps that the template has placed, by their position in the form, each once.
    pub(in crate::site) fn gaps(&self) -> Vec<usize> {
        let mut gaps: Vec<usize> = Vec::new();
        for (_, gap) in &self.pieces {
            if !gaps.contains(gap) {
                gaps.push(*gap);
            }
        }
        gaps
    }

    /// The texts in order, each with the gap behind it.
    pub(in crate::site) fn pieces(&self) -> impl Iterator<Item = (&str, Option<usize>)> {
        let pieces = self.pieces.iter().map(|(text, gap)| (&**text, Some(*gap)));
        pieces.chain([(&*self.end, None)])
    }

    /// Cuts what a template has drawn at its gaps. An error is the name of a gap that the template
    /// has changed.
    pub(super) fn cut(drawn: &str, form: Form<'_>) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = drawn;
        while let Some((text, after)) = rest.split_once(OPEN) {
            let (name, behind) = after.split_once(CLOSE).unwrap_or((after, ""));
            let gap = form.iter().position(|(known, _)| *known == name);
            pieces.push((text.into(), gap.ok_or_else(|| name.to_lowercase())?));
            rest = behind;
        }
        let texts = pieces
            .iter()
            .map(|(text, _): &(Box<str>, usize)| text.len());
        Ok(Self {
            length: texts.sum::<usize>() + rest.len(),
            pieces,
            end: rest.into(),
        })
    }
}

/// The stencils that were drawn, by template and form.
#[derive(Debug, Default)]
pub(super) struct Stencils(RwLock<HashMap<usize, Vec<Drawn>>>);

/// What a template made of a form.
#[derive(Debug)]
struct Drawn {
    name: &'static str,
    form: Box<[(&'static str, Part)]>,
    stencil: Arc<Stencil>,
}

impl Drawn {
    /// Whether it was drawn for these very words: they stand in the program, and comparing where
    /// they stand is faster than reading them.
    fn is(&self, name: &'static str, form: Form<'_>) -> bool {
        let same = |a: &(&str, Part), b: &(&str, Part)| match (a.1, b.1) {
            (Part::Word(one), Part::Word(other)) => ptr::eq(a.0, b.0) && ptr::eq(one, other),
            (one, other) => ptr::eq(a.0, b.0) && one == other,
        };
        ptr::eq(self.name, name)
            && self.form.len() == form.len()
            && self.form.iter().zip(form).all(|(a, b)| same(a, b))
    }
}

/// A number for where the words of a template and a form stand.
fn address(name: &'static str, form: Form<'_>) -> usize {
    let mix = |hash: usize, value: usize| (hash.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9);
    form.iter()
        .fold(name.as_ptr().addr(), |hash, (name, part)| {
            let part = match part {
                Part::None => 1,
                Part::Flag => 2,
                Part::Gap => 3,
                Part::Word(word) => word.as_ptr().addr(),
            };
            mix(mix(hash, name.as_ptr().addr()), part)
        })
}

impl Theme {
    /// What `stencils/NAME.html` makes of `form`.
    pub(in crate::site) fn stencil(
        &self,
        name: &'static str,
        form: Form<'_>,
    ) -> Result<Arc<Stencil>, ThemeError> {
        let known = self.stencils.0.read();
        let known = known.unwrap_or_else(PoisonError::into_inner);
        let address = address(name, form);
        let drawn = known.get(&address).into_iter().flatten();
        if let Some(drawn) = drawn.clone().find(|drawn| drawn.is(name, form)) {
            return Ok(Arc::clone(&drawn.stencil));
        }
        drop(known);
        let mut context = vec![("labels", self.labels.clone())];
        context.extend(told(form));
        let template = format!("stencils/{name}.html");
        let drawn = self.render(&template, view(context))?;
        let stencil = Stencil::cut(drawn.trim(), form)
            .map_err(|gap| self.changed_gap(&template, &gap))
            .map(Arc::new)?;
        let mut all = self
            .stencils
            .0
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        all.entry(address).or_default().push(Drawn {
            name,
            form: form.into(),
            stencil: Arc::clone(&stencil),
        });
        Ok(stencil)
    }

    fn changed_gap(&self, template: &str, gap: &str) -> ThemeError {
        let own = format!("templates/{template}");
        let folder = self.folder.as_deref();
        let folder = folder.filter(|_| self.overrides.contains_key(&own));
        let path = format!("{}/{own}", folder.unwrap_or(BUILT_IN));
        let message = format!("`{gap}` is changed by this template, and cannot be");
        let finding = Diagnostic::new("template", Severity::Error, path, message).help(format!(
            "write `{{{{ {gap} }}}}` without a filter: a stencil is drawn before its texts are known"
        ));
        ThemeError(Box::new(finding))
    }
}

/// The parts of a form as a template receives them.
pub(super) fn told(form: Form<'_>) -> impl Iterator<Item = (&'static str, Value)> {
    form.iter().map(|&(name, part)| {
        let value = match part {
            Part::None => Value::UNDEFINED,
            Part::Flag => true.into(),
            Part::Word(word) => word.into(),
            Part::Gap => Value::from_object(Gap { name, way: "" }),
        };
        (name, value)
    })
}

/// A text that is not known yet.
#[derive(Debug)]
struct Gap {
    name: &'static str,
    /// How it will be shown, behind the name: see [`in_words`].
    way: &'static str,
}

/// What stands behind the name of a gap for a day that is to be shown in words. A form that has
/// a gap of such a name has the day in words for it.
const IN_WORDS: &str = "|day";

/// The gap for a day in words, if the value is the gap for a day.
pub(super) fn in_words(value: &Value) -> Option<Value> {
    let gap: &Gap = value.downcast_object_ref()?;
    Some(Value::from_object(Gap {
        name: gap.name,
        way: IN_WORDS,
    }))
}

/// Whether a template is given a gap.
#[cfg(test)]
pub(super) fn is_gap(value: &Value) -> bool {
    value.downcast_object_ref::<Gap>().is_some()
}

impl Object for Gap {
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{OPEN}{}{}{CLOSE}", self.name, self.way)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: Form<'static> = &[
        ("text", Part::Gap),
        ("level", Part::Word("high")),
        ("id", Part::Gap),
    ];

    #[test]
    fn gaps_are_filled_where_the_template_has_them_and_as_often() {
        let drawn = format!("<p id=\"{OPEN}id{CLOSE}\">{OPEN}text{CLOSE}</p>{OPEN}id{CLOSE}");
        let stencil = Stencil::cut(&drawn, FORM).expect("whole gaps");
        let mut out = String::from("before ");
        let filled = stencil.fill(&mut out, |gap, out| {
            out.push_str(["A", "", "b"][gap]);
            Ok(())
        });
        assert!(filled.is_ok());
        assert_eq!(out, "before <p id=\"b\">A</p>b");
    }

    #[test]
    fn a_changed_gap_is_noticed() {
        for (drawn, name) in [
            (format!("{OPEN}TEXT{CLOSE}"), "text"),
            (format!("{OPEN}te"), "te"),
            (format!("{OPEN}text{CLOSE}{OPEN}"), ""),
        ] {
            assert_eq!(Stencil::cut(&drawn, FORM).err().as_deref(), Some(name));
        }
    }
}
