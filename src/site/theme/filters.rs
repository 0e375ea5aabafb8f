//! What templates can do beside `MiniJinja`'s own.

use std::fmt::Write;
use std::sync::{Arc, PoisonError, RwLock};

use foldhash::HashMap;
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, Value};

use super::super::{markdown, route};
use super::{Numerals, Plurals};
use crate::schema::shape::title;

/// More pieces than this are not kept, so that a theme cannot fill the memory.
const MAX_PIECES: usize = 100_000;

/// What filters know of the language of a theme.
pub(super) struct Language {
    pub(super) labels: Value,
    pub(super) numerals: Numerals,
    pub(super) plurals: Plurals,
}

/// Adds the filters, and how values are written. Answers what the filter `piece` keeps.
pub(super) fn add(environment: &mut Environment<'static>, language: Language) -> Arc<Pieces> {
    let Language {
        labels,
        numerals,
        plurals,
    } = language;
    environment.set_formatter(write_value);
    let written = numerals.clone();
    environment.add_filter("fill", move |text: &str, arguments: Kwargs| {
        fill(text, arguments, &written)
    });
    environment.add_filter("word", word);
    environment.add_filter("code", code);
    environment.add_filter("plural", move |number: &Value, texts: &Value| {
        plural(number, texts, (&plurals, &numerals))
    });
    environment.add_filter("html", html);
    environment.add_filter("from", |picture: &str, root: &str| {
        route::from(root, picture)
    });
    let words = labels.clone();
    environment.add_filter("day", move |iso: &Value| match iso.as_str() {
        Some(iso) => Ok(Value::from(day(iso, &words))),
        None => super::stencil::in_words(iso)
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "value is not a string")),
    });
    let pieces = Arc::new(Pieces {
        labels,
        drawn: RwLock::default(),
    });
    let kept = Arc::clone(&pieces);
    environment.add_filter(
        "piece",
        move |state: &State<'_, '_>, value: &Value, name: &str, of: Option<&str>| {
            pieces.draw(value, name, of.unwrap_or_default(), |template, context| {
                state.env().get_template(template)?.render(context)
            })
        },
    );
    kept
}

/// Writes a value into a page. Only what HTML needs is escaped, so that addresses stay readable.
fn write_value(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    if value.is_undefined() || value.is_none() {
        return Ok(());
    }
    let written = match (value.as_str(), state.auto_escape()) {
        (Some(text), AutoEscape::Html) if !value.is_safe() => {
            out.write_str(&markdown::escape(text))
        }
        (Some(text), _) => out.write_str(text),
        (None, AutoEscape::Html) if !value.is_number() => {
            out.write_str(&markdown::escape(&value.to_string()))
        }
        (None, _) => write!(out, "{value}"),
    };
    written.map_err(Error::from)
}

/// The wording of an enum value; what the labels do not know is shown as it was written.
fn word(value: &Value, words: &Value) -> Value {
    match words.get_item(value) {
        Ok(known) if !known.is_undefined() => known,
        _ => title(value.as_str().unwrap_or_default()).into(),
    }
}

/// A day (`2026-09-14`) or month (`2026-09`) in words; anything else as it was written.
pub(super) fn day(iso: &str, labels: &Value) -> String {
    let date = labels.get_attr("date").unwrap_or_default();
    let mut parts = iso.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let number = |part: Option<&str>| part?.parse::<u8>().ok();
    let month = number(month).and_then(|month| {
        let names = date.get_attr("months").ok()?;
        names.get_item(&Value::from(month.checked_sub(1)?)).ok()
    });
    let pattern = date.get_attr(if day.is_some() { "full" } else { "month" });
    match (pattern.unwrap_or_default().as_str(), year, month) {
        (Some(pattern), Some(year), Some(month))
            if month.as_str().is_some() && parts.next().is_none() =>
        {
            let day = number(day).map(|day| day.to_string()).unwrap_or_default();
            pattern
                .replace("{day}", &day)
                .replace("{month}", month.as_str().unwrap_or_default())
                .replace("{year}", year)
        }
        _ => iso.to_owned(),
    }
}

/// Shows what stands between backticks as code.
fn code(text: &str) -> Value {
    let mut out = String::with_capacity(text.len() + 32);
    let mut parts = text.split('`');
    out.push_str(&markdown::escape(parts.next().unwrap_or_default()));
    while let Some(inner) = parts.next() {
        let code = markdown::escape(inner);
        match parts.next() {
            Some(after) => {
                let _ = write!(out, "<code>{code}</code>{}", markdown::escape(after));
            }
            None => {
                let _ = write!(out, "`{code}");
            }
        }
    }
    Value::from_safe_string(out)
}

/// Fills `{name}` in a text with the arguments of that name.
#[expect(clippy::needless_pass_by_value, reason = "what a filter receives")]
fn fill(text: &str, arguments: Kwargs, numerals: &Numerals) -> Result<String, Error> {
    let mut out = text.to_owned();
    for name in arguments.args() {
        let value: Value = arguments.get(name)?;
        let shown = numerals.shown(&value);
        out = out.replace(&format!("{{{name}}}"), &shown);
    }
    Ok(out)
}

/// The text for a number, in the form that the language has for it, filled with the number.
fn plural(
    number: &Value,
    texts: &Value,
    (plurals, numerals): (&Plurals, &Numerals),
) -> Result<String, Error> {
    // A number that cannot be counted is not one.
    let counted = u64::try_from(number.clone()).unwrap_or(0);
    let mut found = Value::UNDEFINED;
    for key in plurals.keys(counted) {
        if found.is_undefined() {
            found = texts.get_attr(key)?;
        }
    }
    let text = found.as_str().unwrap_or_default();
    Ok(text.replace("{n}", &numerals.shown(number)))
}

/// The ready HTML that references carry under `name`, of all that are in a list; `between` is
/// HTML too. A loop in a template does the same at several times the price.
fn html(list: &Value, name: &str, between: Option<&str>) -> Result<Value, Error> {
    let mut out = String::new();
    if list.is_undefined() || list.is_none() {
        return Ok(Value::from_safe_string(out));
    }
    for (index, item) in list.try_iter()?.enumerate() {
        if index > 0 {
            out.push_str(between.unwrap_or_default());
        }
        let ready = item.get_attr(name)?;
        match ready.as_str() {
            Some(text) if ready.is_safe() => out.push_str(text),
            Some(text) => out.push_str(&markdown::escape(text)),
            None => out.push_str(&markdown::escape(item.as_str().unwrap_or_default())),
        }
    }
    Ok(Value::from_safe_string(out))
}

/// Templates that show one value and see nothing else. Each is drawn once a value: a site shows
/// the same few levels, states and days again and again.
#[derive(Debug)]
pub(super) struct Pieces {
    labels: Value,
    drawn: RwLock<HashMap<String, Value>>,
}

impl Pieces {
    /// The template `pieces/NAME.html` with `value`, `of`, which says what it is a value of, and the
    /// labels, drawn by `render` if it was not before.
    pub(super) fn draw<E>(
        &self,
        value: &Value,
        name: &str,
        of: &str,
        render: impl FnOnce(&str, Value) -> Result<String, E>,
    ) -> Result<Value, E> {
        let key = piece_key(value, name, of);
        if let Some(key) = &key
            && let Some(known) = self.drawn().get(key)
        {
            return Ok(known.clone());
        }
        let context = super::super::fields::view([
            ("value", value.clone()),
            ("of", of.into()),
            ("labels", self.labels.clone()),
        ]);
        let drawn = render(&format!("pieces/{name}.html"), context)?;
        let drawn = Value::from_safe_string(drawn.trim().to_owned());
        if let Some(key) = key {
            let mut all = self.drawn.write().unwrap_or_else(PoisonError::into_inner);
            if all.len() < MAX_PIECES {
                all.insert(key, drawn.clone());
            }
        }
        Ok(drawn)
    }

    fn drawn(&self) -> std::sync::RwLockReadGuard<'_, HashMap<String, Value>> {
        self.drawn.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What tells two pieces apart; `None` for lists and the like, which are never kept.
fn piece_key(value: &Value, name: &str, of: &str) -> Option<String> {
    let mut key = String::with_capacity(48);
    key.push_str(name);
    key.push('\0');
    key.push_str(of);
    key.push('\0');
    match value.kind() {
        ValueKind::String if value.is_safe() => key.push('h'),
        ValueKind::String => key.push('s'),
        ValueKind::Number => key.push('n'),
        ValueKind::Bool => key.push('b'),
        ValueKind::Undefined | ValueKind::None => return Some(key),
        _ => return None,
    }
    match value.as_str() {
        Some(text) => key.push_str(text),
        None => write!(key, "{value}").ok()?,
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn days_and_months_are_worded_and_all_else_is_left_alone() {
        let labels = super::super::super::fields::words(&json!({"date": {
            "full": "{day} {month} {year}", "month": "{month} {year}",
            "months": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        }}));
        for (written, worded) in [
            ("2026-09-04", "4 Sep 2026"),
            ("2026-12", "Dec 2026"),
            ("2026-Q3", "2026-Q3"),
            ("2026-13-01", "2026-13-01"),
            ("2026-00-01", "2026-00-01"),
            ("2026", "2026"),
            ("soon", "soon"),
            ("", ""),
        ] {
            assert_eq!(day(written, &labels), worded);
        }
    }

    #[test]
    fn pieces_of_another_type_field_or_template_are_kept_apart() {
        let key = |value: Value, name, of| piece_key(&value, name, of);
        let keys = [
            key(1.into(), "meter", ""),
            key("1".into(), "meter", ""),
            key(true.into(), "meter", ""),
            key("true".into(), "meter", ""),
            key(Value::from_safe_string("1".to_owned()), "meter", ""),
            key("1".into(), "meter", "pains"),
            key("1".into(), "level", ""),
            key(Value::UNDEFINED, "meter", ""),
        ];
        let apart: std::collections::HashSet<_> = keys.iter().collect();
        assert_eq!(apart.len(), keys.len());
        assert_eq!(key(Value::from(vec![1]), "meter", ""), None);
    }

    #[test]
    fn what_is_not_ready_html_is_escaped_in_a_list() {
        let ready = Value::from_safe_string("<a>A</a>".to_owned());
        let list = Value::from(vec![
            super::super::super::fields::view([("link", ready)]),
            Value::from("<b>"),
        ]);
        let shown = html(&list, "link", Some(", ")).map(|v| v.to_string());
        assert_eq!(shown.ok().as_deref(), Some("<a>A</a>, &lt;b&gt;"));
    }
}
