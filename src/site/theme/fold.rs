//! Templates with the words of the interface written into them.
//!
//! In: the source of a template, and what its words and icons are. Out: the same template with
//! `{{ labels.nav.home }}` and `{{ icons.stop }}` as the text that they stand for. Every page has
//! dozens of these, which are the same on all pages of a site; so they are looked up once.

use minijinja::Value;

use super::super::markdown::escape;

const OPEN: &str = "{{ ";
const CLOSE: &str = " }}";
/// A template that has one of these may mean something else by the name of the words or icons, or
/// shows what stands in it as it is.
const UNSURE: [&str; 9] = [
    "% macro ",
    "%- macro ",
    "% with ",
    "%- with ",
    "set labels",
    "set icons",
    "for labels",
    "for icons",
    "raw ",
];

/// The template with its fixed words written out; `None` if it has none, or if it is not sure that
/// the same comes out. `words` answers for `labels`, `icons` for `icons`.
pub(super) fn fold(source: &str, words: &Value, icons: &Value) -> Option<String> {
    if UNSURE.iter().any(|unsure| source.contains(unsure)) {
        return None;
    }
    let mut out = String::with_capacity(source.len() * 2);
    let mut folded = false;
    let mut rest = source;
    while let Some((before, after)) = rest.split_once(OPEN) {
        out.push_str(before);
        rest = after;
        let known = after.split_once(CLOSE).and_then(|(name, behind)| {
            let text = text(name, words, icons)?;
            Some((text, behind))
        });
        if let Some((text, behind)) = known {
            out.push_str(&text);
            rest = behind;
            folded = true;
        } else {
            out.push_str(OPEN);
        }
    }
    out.push_str(rest);
    folded.then_some(out)
}

/// The HTML that a name stands for, if it is the name of a text that can stand in a template.
fn text(name: &str, words: &Value, icons: &Value) -> Option<String> {
    let mut keys = name.split('.');
    let root = match keys.next()? {
        "labels" => words,
        "icons" => icons,
        _ => return None,
    };
    let value = keys.try_fold(root.clone(), |at, key| {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let at = key.chars().all(plain).then(|| at.get_attr(key).ok())?;
        at.filter(|found| !found.is_undefined())
    })?;
    let text = value.as_str()?;
    // White space could be trimmed by the tag beside it, and a brace could begin one.
    let stays = !text.is_empty() && text.trim() == text && !text.contains(['{', '}']);
    stays.then(|| {
        if value.is_safe() {
            text.to_owned()
        } else {
            escape(text).into_owned()
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::fields::words;
    use super::*;

    fn folded(source: &str) -> Option<String> {
        let labels = words(&json!({
            "nav": {"home": "Start & more", "open": "{n} open", "blank": " x"},
            "list": ["a"],
        }));
        let icon = Value::from_safe_string("<svg/>".to_owned());
        let icons = super::super::super::fields::view([("stop", icon)]);
        fold(source, &labels, &icons)
    }

    #[test]
    fn fixed_words_and_icons_are_written_out_and_nothing_else() {
        let source = "{{ labels.nav.home }}{{ icons.stop }} {{ e.name }}{% if labels.nav.home %}";
        let wanted = "Start &amp; more<svg/> {{ e.name }}{% if labels.nav.home %}";
        assert_eq!(folded(source).as_deref(), Some(wanted));
    }

    #[test]
    fn what_could_come_out_otherwise_is_left_as_it_is() {
        for source in [
            "{{ labels.nav.open }}",
            "{{ labels.nav.blank }}",
            "{{ labels.nav.gone }}",
            "{{ labels.nav }}",
            "{{ labels.list.0 }}",
            "{{- labels.nav.home -}}",
            "{{ labels.nav[key] }}",
            "{{ labels.nav.home|upper }}",
            "{{ labels.nav.home",
            "{% set labels = other %}{{ labels.nav.home }}",
            "{% macro a(labels) %}{{ labels.nav.home }}{% endmacro %}",
            "{% raw %}{{ labels.nav.home }}{% endraw %}",
        ] {
            assert_eq!(folded(source), None, "{source}");
        }
    }
}
