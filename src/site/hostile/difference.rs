//! What is otherwise on a page, or in a file, with hostile texts than with harmless ones.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Shown;
use crate::fuzzing::page::outline;

/// What is in `hostile` and not in `harmless`, which has the same texts but for what means something.
pub(super) fn differences(hostile: &[Shown], harmless: &[Shown], tells: bool) -> Vec<String> {
    if hostile.len() != harmless.len() {
        let paths = |shown: &[Shown]| {
            let paths = shown.iter().map(|shown| shown.path.clone());
            paths.collect::<BTreeSet<_>>()
        };
        let (hostile, harmless) = (paths(hostile), paths(harmless));
        let others = hostile.symmetric_difference(&harmless);
        return vec![format!("other routes: {:?}", others.collect::<Vec<_>>())];
    }
    let pairs = hostile.iter().zip(harmless);
    let found = pairs.filter_map(|(hostile, harmless)| {
        let difference = difference(hostile, harmless, tells)?;
        Some(format!("{}: {difference}", hostile.path))
    });
    found.collect()
}

pub(super) fn difference(hostile: &Shown, harmless: &Shown, tells: bool) -> Option<String> {
    if hostile.content_type != harmless.content_type {
        return Some(hostile.content_type.to_owned());
    }
    let bodies = [&*hostile.body, &*harmless.body];
    let is_below = |start: &str| hostile.path.starts_with(start);
    match hostile.content_type.split(';').next().unwrap_or_default() {
        "text/html" => in_html(bodies, Freedom::of(hostile, tells)),
        "application/json" => in_json(bodies),
        "application/xml" => match bodies.map(elements) {
            [Ok(hostile), Ok(harmless)] => in_lines([hostile, harmless]),
            [Err(error), _] | [_, Err(error)] => Some(error.to_string()),
        },
        // Lines of words: which there are is told by the texts.
        "text/plain"
            if ["search/t", "search/f", "search/b"]
                .into_iter()
                .any(is_below) =>
        {
            None
        }
        // What is shown of entities, and the values of filters: cells with tabs between them.
        "text/plain" if is_below("search/") => in_lines(bodies.map(|text| {
            let cells = |line: &str| line.matches('\t').count().to_string();
            text.lines().map(cells).collect()
        })),
        "text/plain" => in_lines(bodies.map(|text| text.lines().map(str::to_owned).collect())),
        other => Some(format!("is {other}")),
    }
}

fn elements(xml: &str) -> Result<Vec<String>, roxmltree::Error> {
    let xml = roxmltree::Document::parse(xml)?;
    let elements = xml.descendants().filter(roxmltree::Node::is_element);
    let names = elements.map(|element| element.tag_name().name().to_owned());
    Ok(names.collect())
}

fn in_html(pages: [&str; 2], freedom: Freedom) -> Option<String> {
    let [mut hostile, harmless] = pages.map(outline);
    for (hostile, harmless) in hostile.iter_mut().zip(&harmless) {
        if harmless.starts_with('{') && hostile.starts_with('{') {
            if let Some(difference) = in_json([hostile, harmless]) {
                return Some(format!("in its data: {difference}"));
            }
            hostile.clone_from(harmless);
        }
    }
    in_lines([hostile, harmless].map(|lines| freedom.without(lines)))
}

/// What on a page is as a text says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Freedom {
    None,
    /// A name that is cut in a drawing stands whole in a `title`.
    Cut,
    /// What a description has between backticks is `code`.
    Code,
    /// Of those who fit alike, the words of the questions say who comes first.
    Order,
    /// Words that differ from those before are marked.
    Words,
}

impl Freedom {
    fn of(shown: &Shown, tells: bool) -> Self {
        match &*shown.path {
            "fields/" => Self::Code,
            "finder/" => Self::Order,
            path if path.ends_with("graph/") => Self::Cut,
            _ if tells => Self::Words,
            _ => Self::None,
        }
    }

    /// The lines that are the same with other texts.
    fn without(self, mut lines: Vec<String>) -> Vec<String> {
        let (free, ends): (&[&str], &[&str]) = match self {
            Self::None | Self::Order => (&[], &[]),
            Self::Cut => (&["<title>"], &["</title>"]),
            Self::Code => (&["<code>"], &["</code>"]),
            Self::Words => (
                &["<b>", "<ins>", "<del>", "<span class=\"vh\">"],
                &["</b>", "</ins>", "</del>", "</span>"],
            ),
        };
        lines.retain(|line| !free.contains(&&**line) && !ends.contains(&&**line));
        if self == Self::Order {
            lines.sort();
        }
        lines
    }
}

fn in_lines([hostile, harmless]: [Vec<String>; 2]) -> Option<String> {
    let mut places = 0..hostile.len().max(harmless.len());
    let at = places.find(|&at| hostile.get(at) != harmless.get(at))?;
    let around = |lines: &[String]| {
        let end = lines.len().min(at + 4);
        lines[at.saturating_sub(4).min(end)..end].join(" ")
    };
    let (hostile, harmless) = (around(&hostile), around(&harmless));
    Some(format!("{hostile}\nwith harmless texts: {harmless}"))
}

fn in_json(texts: [&str; 2]) -> Option<String> {
    match texts.map(serde_json::from_str::<Value>) {
        [Ok(hostile), Ok(harmless)] => in_value(&hostile, &harmless, ""),
        [Err(error), _] | [_, Err(error)] => Some(error.to_string()),
    }
}

/// The same for JSON, in which texts and numbers may be others. What is HTML, since there are tags in
/// it with harmless texts, has no others with hostile ones.
fn in_value(hostile: &Value, harmless: &Value, at: &str) -> Option<String> {
    // The keys of traits and the like are names, which begin with their number.
    let key = |name: &str| name.split(' ').next().unwrap_or_default().to_owned();
    match (hostile, harmless) {
        (Value::String(hostile), Value::String(harmless)) if harmless.contains('<') => {
            in_html([hostile, harmless], Freedom::None)
        }
        (Value::String(_), Value::String(_)) | (Value::Number(_), Value::Number(_)) => None,
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut items = a.iter().zip(b).enumerate();
            items.find_map(|(n, (a, b))| in_value(a, b, &format!("{at}/{n}")))
        }
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => {
            let mut fields = a.iter().zip(b);
            fields.find_map(|((name, a), (other, b))| {
                let at = format!("{at}/{other}");
                if key(name) == key(other) {
                    in_value(a, b, &at)
                } else {
                    Some(format!("{at}: {name}"))
                }
            })
        }
        _ if hostile == harmless => None,
        _ => Some(format!("{at}: {hostile}\nwith harmless texts: {harmless}")),
    }
}

/// An element that no page has with harmless texts, or more of those that count than the same page.
pub(super) fn new_elements(hostile: &[Shown], harmless: &[Shown]) -> Option<String> {
    let known: BTreeSet<String> = harmless.iter().flat_map(shapes).collect();
    if hostile.len() != harmless.len() {
        return Some(format!("{} pages, not {}", hostile.len(), harmless.len()));
    }
    hostile
        .iter()
        .zip(harmless)
        .find_map(|(hostile, harmless)| {
            let new = shapes(hostile)
                .into_iter()
                .find(|shape| !known.contains(shape));
            let counts = [hostile, harmless].map(elements_that_count);
            let more = (counts[0] != counts[1]).then(|| format!("{counts:?}"));
            Some(format!("{}: {}", hostile.path, new.or(more)?))
        })
}

/// The start tags of a page, without classes, which say of each part what became of it.
fn shapes(shown: &Shown) -> BTreeSet<String> {
    if !shown.content_type.starts_with("text/html") {
        return BTreeSet::new();
    }
    let lines = outline(&shown.body).into_iter();
    let tags = lines.filter(|line| line.starts_with('<') && !line.starts_with("</"));
    let shapes = tags.map(|line| match line.split_once(" class=\"") {
        Some((before, rest)) => {
            let (_, after) = rest.split_once('"').expect("its end");
            format!("{before}{after}")
        }
        None => line,
    });
    shapes.collect()
}

/// How often a page has what runs, loads or sends, and what a page has once.
fn elements_that_count(shown: &Shown) -> BTreeMap<String, usize> {
    #[rustfmt::skip]
    const NAMES: [&str; 17] = [
        "base", "body", "dialog", "embed", "form", "head", "html", "iframe", "link", "main", "math",
        "meta", "noscript", "object", "script", "style", "template",
    ];
    let mut counts = BTreeMap::new();
    if shown.content_type.starts_with("text/html") {
        for line in outline(&shown.body) {
            let name = line.trim_start_matches('<');
            let name = &name[..name.find([' ', '>']).unwrap_or(name.len())];
            if NAMES.contains(&name) {
                *counts.entry(name.to_owned()).or_default() += 1;
            }
        }
    }
    counts
}
