//! Changes in the words of the interface: the sentence of each code, and what stood there before
//! and after, for pages and for feeds.

use std::borrow::Cow;
use std::fmt::Write;

use minijinja::Value;

use super::super::fields::view;
use super::super::markdown::escape;
use super::super::{Site, encode, languages, route};
use super::{field_word, or_title};
use crate::library::Entity;
use crate::library::translation::original_of;
use crate::review::chronicle::{Changed, Line};
use crate::review::{Change, Level, Piece, shortened, words};
use crate::schema::Kind;

/// Characters of a value that is shown.
const VALUE: usize = 150;
/// Characters of the claim, stage or step that is named beside a change.
const PART: usize = 70;
/// Codes whose values are names and files that stand there already, or in the sentence.
const WITHOUT_VALUES: &[&str] = &[
    "added",
    "entity-removed",
    "journey-removed",
    "kpi-removed",
    "persona-removed",
    "portrait-changed",
];
/// The parts of a value that say nothing by their own name: the one that holds them does.
const PARTS: &[&str] = &["text", "id", "value", "by"];
/// The fields that name other entities, and of which kind these are.
const REFERENCES: &[(&str, Kind)] = &[
    ("evidence", Kind::Evidence),
    ("journey", Kind::Journey),
    ("kpis", Kind::Kpi),
    ("owner", Kind::Team),
    ("parent", Kind::Journey),
    ("persona", Kind::Persona),
    ("personas", Kind::Persona),
    ("segments", Kind::Segment),
    ("touchpoint", Kind::Touchpoint),
];

/// The changes of an entity that this site may tell of: none of what is restricted, none of
/// a draft where drafts are not shown, and of what was one until then no more than that it is one no longer.
pub(super) fn shown<'t>(site: &Site<'_>, of: &'t Changed) -> Vec<&'t Line> {
    let lines = of.lines.iter();
    let lines = lines.filter(|l| site.library.shows_at(of.kind, &l.change.pointer));
    let is_hidden = entity_of(site, of).is_some_and(|entity| !site.is_published(entity));
    if is_hidden || of.is_restricted {
        return Vec::new();
    }
    if site.options.drafts {
        return lines.collect();
    }
    if of.is_draft() {
        return Vec::new();
    }
    let is_known = |line: &&Line| !of.was_draft() || line.change.code.name == "status-changed";
    lines.filter(is_known).collect()
}

/// The entity that was changed, if it is still there, by whatever name.
pub(super) fn entity_of<'a>(site: &Site<'a>, of: &Changed) -> Option<&'a Entity> {
    let found = site.library.find(of.kind, &of.id)?;
    Some(found.entity)
}

/// Changes of an entity for a template, the first `most` of them.
pub(super) fn lines(
    site: &Site<'_>,
    entity: Option<&Entity>,
    lines: &[&Line],
    most: usize,
) -> [(&'static str, Value); 2] {
    let shown = lines.iter().take(most);
    let shown = shown.map(|line| line_view(site, entity, line));
    [
        ("lines", shown.collect()),
        ("more", lines.len().saturating_sub(most).into()),
    ]
}

fn line_view(site: &Site<'_>, entity: Option<&Entity>, line: &Line) -> Value {
    let change = &line.change;
    let level = change.level.as_str();
    let word = (change.level > Level::Info)
        .then(|| or_title(site.theme.label(&["changes", "level", level]), level));
    let [before, after] = values(site, change);
    let [was, is] = marked(before.as_deref(), after.as_deref());
    let anchor = anchor(entity, line);
    let href = entity
        .zip(anchor)
        .map(|(entity, anchor)| format!("{}#{}", site.path_of(entity), encode(anchor)));
    view([
        ("level", Value::from(level)),
        ("level_word", word.unwrap_or_default()),
        ("code", change.code.name.into()),
        ("words", sentence(site, change).into()),
        ("part", Value::from(part(site, line).map(Cow::into_owned))),
        ("href", Value::from(href)),
        ("was", was.map_or(Value::UNDEFINED, Value::from_safe_string)),
        ("is", is.map_or(Value::UNDEFINED, Value::from_safe_string)),
    ])
}

/// A change with its values in one line, for readers that see nothing else.
pub(super) fn in_one_line(site: &Site<'_>, line: &Line) -> String {
    let words = sentence(site, &line.change);
    let fill = |key: &str, gaps: &[(&str, &str)]| {
        let text = site.theme.word(&["history", key]).unwrap_or_default();
        let text = text.to_owned();
        gaps.iter()
            .fold(text, |text, (gap, value)| text.replace(gap, value))
    };
    let words = match part(site, line) {
        Some(part) => fill("in", &[("{words}", &words), ("{part}", &part)]),
        None => words,
    };
    let [before, after] = values(site, &line.change).map(|value| value.map(|value| short(&value)));
    let values = match (&before, &after) {
        (Some(before), Some(after)) => fill("both", &[("{before}", before), ("{after}", after)]),
        (Some(before), None) => fill("was", &[("{before}", before)]),
        (None, Some(after)) => fill("is", &[("{after}", after)]),
        (None, None) => return words,
    };
    format!("{words}: {values}")
}

/// What a change is, in the words of its code.
pub(super) fn sentence(site: &Site<'_>, change: &Change) -> String {
    let path = ["history", "codes", change.code.name];
    let Some(text) = site.theme.counted(&path, change.count) else {
        return change.title.clone();
    };
    let text = if text.contains("{what}") {
        text.replace("{what}", &what(site, change))
    } else {
        text
    };
    if !text.contains("{language}") {
        return text;
    }
    let translated = original_of(&change.path, &site.library.settings.languages);
    let language = translated.map_or_else(String::new, |(_, lang)| languages::name(lang));
    text.replace("{language}", &language)
}

/// The field that a change is in, in words; the text below the front matter has none.
fn what(site: &Site<'_>, change: &Change) -> String {
    let text = || site.theme.word(&["history", "text"]).unwrap_or("Text");
    match field(&change.pointer) {
        Some(field) => {
            let one = site.theme.word(&["history", "one", field]);
            one.map_or_else(|| field_word(site, field).to_string(), str::to_owned)
        }
        None => text().to_owned(),
    }
}

/// The name of the innermost field in a JSON Pointer that says something.
fn field(pointer: &str) -> Option<&str> {
    let mut names = pointer.rsplit('/').filter(|name| !name.is_empty());
    names.find(|name| {
        let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
        !is_number && !PARTS.contains(name)
    })
}

/// The claim, stage or step that a change is in, unless its values say the same; of a measurement
/// its period and whom it is about.
fn part<'l>(site: &Site<'_>, line: &'l Line) -> Option<Cow<'l, str>> {
    let change = &line.change;
    if let Some(rest) = change.pointer.strip_prefix("/measurements/") {
        let parts = rest.split('/').map(|part| {
            let reference = part.split_once(':');
            let kind = reference.and_then(|(kind, id)| Some((Kind::parse(kind)?, id)));
            let found = kind.and_then(|(kind, id)| site.library.find(kind, id));
            match (found, reference) {
                (Some(found), _) => site.name_of(found.entity).to_owned(),
                (None, Some((_, id))) => id.to_owned(),
                (None, None) => part.to_owned(),
            }
        });
        return Some(parts.collect::<Vec<_>>().join(", ").into());
    }
    let (_, words) = line.part.as_ref()?;
    let is_said = |value: &Option<String>| value.as_deref() == Some(&**words);
    if is_said(&change.before) || is_said(&change.after) {
        return None;
    }
    match words.char_indices().nth(PART) {
        Some((end, _)) => Some(format!("{}…", words[..end].trim_end()).into()),
        None => Some(Cow::Borrowed(&**words)),
    }
}

/// The anchor of that on the page as it is today, if it has it still.
fn anchor<'l>(entity: Option<&Entity>, line: &'l Line) -> Option<&'l str> {
    let (anchor, _) = line.part.as_ref()?;
    let mut anchors = entity?.own_anchors().into_iter();
    anchors.any(|own| *own == **anchor).then_some(&**anchor)
}

/// What stood there and what stands there now, in words for people; nothing where that says no more
/// than the sentence.
fn values<'c>(site: &Site<'_>, change: &'c Change) -> [Option<Cow<'c, str>>; 2] {
    let of_file = |value: &&String| value.strip_suffix(".md").is_some();
    // What a study is called may be known to few today, whatever it was then.
    let names_evidence = change.pointer.split('/').any(|part| part == "evidence");
    if names_evidence || WITHOUT_VALUES.contains(&change.code.name) {
        return [None, None];
    }
    [&change.before, &change.after].map(|value| {
        let value = value
            .as_ref()
            .filter(|value| !of_file(value) || change.code.name == "moved")?;
        Some(in_words(site, change, value))
    })
}

/// A value in the words of the interface, if these have one for it; names for ids, days as the
/// language writes them.
fn in_words<'v>(site: &Site<'_>, change: &Change, value: &'v str) -> Cow<'v, str> {
    // The figure of new measurements follows on the period, which is said beside it.
    if change.code.name == "measurement-added" {
        let figure = value.split_once(": ").map_or(value, |(_, figure)| figure);
        return Cow::Borrowed(figure);
    }
    let Some(field) = field(&change.pointer) else {
        return Cow::Borrowed(value);
    };
    let bytes = value.as_bytes();
    if bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-' {
        return site.theme.day(value).into();
    }
    let kinds = REFERENCES.iter().filter(|(name, _)| *name == field);
    let kind = kinds.map(|(_, kind)| *kind).next();
    let one = |part: &str| {
        if let Some(word) = site.theme.word(&["values", field, part]) {
            return Some(word.to_owned());
        }
        let found = site.library.find(kind?, part)?;
        Some(site.name_of(found.entity).to_owned())
    };
    let mut is_known = false;
    let parts = value.split(", ").map(|part| match one(part) {
        Some(word) => {
            is_known = true;
            word
        }
        None => part.to_owned(),
    });
    let said = parts.collect::<Vec<_>>().join(", ");
    if is_known {
        said.into()
    } else {
        Cow::Borrowed(value)
    }
}

/// Both values as HTML, with a mark around the words that differ.
fn marked(before: Option<&str>, after: Option<&str>) -> [Option<String>; 2] {
    let whole = |text| {
        let differs = false;
        vec![Piece { text, differs }]
    };
    let pieces = match (before, after) {
        (Some(before), Some(after)) => {
            let (old, new) = words(before, after);
            [Some(old), Some(new)]
        }
        (before, after) => [before, after].map(|value| value.map(whole)),
    };
    pieces.map(|pieces| {
        let pieces = pieces?;
        // Where everything differs there is nothing to tell apart.
        let is_other = pieces.iter().all(|piece| piece.differs);
        let mut html = String::new();
        for piece in shortened(&pieces, VALUE) {
            let text = escape(piece.text);
            let _ = if piece.differs && !is_other {
                write!(html, "<b>{text}</b>")
            } else {
                write!(html, "{text}")
            };
        }
        Some(html)
    })
}

fn short(value: &str) -> String {
    let whole = [Piece {
        text: value,
        differs: false,
    }];
    let pieces = shortened(&whole, VALUE).into_iter();
    pieces.map(|piece| piece.text).collect()
}

/// The entity of a change as a chip, or nothing where it is gone or has no page.
pub(super) fn reference(site: &Site<'_>, entity: Option<&Entity>, root: &str) -> Value {
    let page = entity.filter(|entity| site.is_published(entity) && !route::is_home(entity));
    page.map_or(Value::UNDEFINED, |entity| site.reference(entity, root))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::CODES;
    use crate::site::theme::shipped;

    #[test]
    fn every_code_has_words_in_every_language() {
        let mut languages = 0;
        for (_, name) in shipped::files() {
            let Some(lang) = name.strip_prefix("labels/") else {
                continue;
            };
            languages += 1;
            let text = shipped::text(&name).expect("a text");
            let words: serde_json::Value = serde_yaml::from_str(&text).expect("YAML");
            let own = words["history"]["codes"].as_object().expect("codes");
            let own: Vec<&str> = own.keys().map(String::as_str).collect();
            let mut all: Vec<&str> = CODES.iter().map(|code| code.name).collect();
            all.sort_unstable();
            let mut sorted = own.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, all, "{lang}");
        }
        assert!(languages >= 3, "{languages}");
    }

    #[test]
    fn a_pointer_is_named_by_its_innermost_field() {
        assert_eq!(field("/goals/0/text"), Some("goals"));
        assert_eq!(field("/goals/0/confidence"), Some("confidence"));
        assert_eq!(field("/stages/1/steps/0"), Some("steps"));
        assert_eq!(field("/target/by"), Some("target"));
        assert_eq!(field(""), None);
    }

    #[test]
    fn words_that_differ_are_marked_and_nothing_is_taken_for_html() {
        let [was, is] = marked(Some("Go live in 60 <days>."), Some("Go live in 45 <days>."));
        assert_eq!(was.as_deref(), Some("Go live in <b>60</b> &lt;days&gt;."));
        assert_eq!(is.as_deref(), Some("Go live in <b>45</b> &lt;days&gt;."));
        let [was, is] = marked(Some("low"), Some("high"));
        assert_eq!((was.as_deref(), is.as_deref()), (Some("low"), Some("high")));
        assert_eq!(marked(None, Some("new")), [None, Some("new".to_owned())]);
    }
}
