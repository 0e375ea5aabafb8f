//! `sensitive-demographic`: what nobody should be sorted by.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Data;
use crate::source::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "sensitive-demographic",
        severity: Severity::Warn,
        group: Group::Privacy,
        summary: "A persona described by origin, religion, health, politics or sexuality",
        what: "The `demographics`, `traits` and custom fields of personas that are not retired: their names and their \
               values, for words of the special categories of personal data.",
        why: "Personas decide whom a company courts and whom it turns away. Sorted by religion or health that is \
              discrimination, in many places against the law, and hardly ever what explains a purchase. If it is the very \
              point, as for a medical product, allow the finding and say so.",
        source: "Article 9 of the General Data Protection Regulation (EU) 2016/679: special categories of personal data.",
        fails: "demographics:\n  location: London\ntraits:\n  religiousness: 4",
        repair: "demographics:\n  location: London\nbehaviours:\n  - Shops on Sunday mornings.",
        ..About::DEFAULT
    },
    check: Some(check),
};

/// Beginnings of words of the special categories, in small letters.
const WORDS: [&str; 39] = [
    "ethnic",
    "race",
    "racial",
    "religio",
    "muslim",
    "christian",
    "catholic",
    "protestant",
    "jewish",
    "hindu",
    "buddhist",
    "atheis",
    "sikh",
    "caste",
    "sexual",
    "gay",
    "lesbian",
    "bisexual",
    "transgender",
    "queer",
    "lgbt",
    "politic",
    "conservative voter",
    "trade union",
    "union member",
    "disab",
    "illness",
    "disease",
    "diabet",
    "cancer",
    "depress",
    "hiv",
    "pregnan",
    "health condition",
    "medical",
    "genetic",
    "skin colour",
    "skin color",
    "nationality",
];

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    if !matches!(entity.data, Some(Data::Persona(_))) || !entity.is_current() {
        return;
    }
    let Some(root) = entity.document.root() else {
        return;
    };
    let custom = cx.library.settings.custom_fields(entity.kind);
    let custom = custom.map(|(name, _)| name.as_str());
    for field in ["demographics", "traits", "b2c"].into_iter().chain(custom) {
        if let Some((key, value)) = root.entry(field) {
            look(cx, entity, (key, value), &mut format!("/{field}"), out);
        }
    }
}

/// Looks at a key and its value, which stand at `pointer`, and at all in it.
fn look(
    cx: &Context<'_>,
    entity: &Entity,
    (key, value): (Node<'_>, Node<'_>),
    pointer: &mut String,
    out: &mut Gathered,
) {
    let text = value.as_str().or_else(|| key.as_str());
    let word = key
        .as_str()
        .and_then(sensitive)
        .or_else(|| text.and_then(sensitive));
    if let Some(word) = word {
        let message = format!("`{word}` is a special category of personal data");
        out.push(
            cx.finding(entity, pointer, message)
                .help("say what they do and want instead; if it is the point of the product, allow it with the reason"),
        );
        return;
    }
    let length = pointer.len();
    for (key, value) in value.entries() {
        pointer.push('/');
        pointer.push_str(key.as_str().unwrap_or_default());
        look(cx, entity, (key, value), pointer, out);
        pointer.truncate(length);
    }
    for (index, item) in value.items().enumerate() {
        pointer.push('/');
        pointer.push_str(itoa::Buffer::new().format(index));
        look(cx, entity, (item, item), pointer, out);
        pointer.truncate(length);
    }
}

/// Finds the words of the special categories, all at once.
static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).build(WORDS).ok()
});

/// The word of the special categories that a text has.
fn sensitive(text: &str) -> Option<String> {
    // Nearly all texts have none of them, in whatever form.
    let words = FINDER.as_ref()?;
    let spaced;
    let text = if text.contains(['_', '-']) {
        spaced = text.replace(['_', '-'], " ");
        &spaced
    } else {
        text
    };
    words.find_overlapping_iter(text).find_map(|found| {
        let before = text[..found.start()].chars().next_back();
        // Short words are whole ones: "race" is not the beginning of "racecourse".
        let after = text[found.end()..].chars().next();
        let whole = found.len() > 4 || !after.is_some_and(char::is_alphabetic);
        if before.is_some_and(char::is_alphanumeric) || !whole {
            return None;
        }
        let rest = &text[found.end()..];
        let end = rest.find(|c: char| !c.is_alphabetic());
        let word = &text[found.start()..found.end() + end.unwrap_or(rest.len())];
        Some(word.to_lowercase())
    })
}
