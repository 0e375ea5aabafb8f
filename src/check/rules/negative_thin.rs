//! `negative-thin`: a negative persona that does not say why.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group, Threshold, Unit};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Data;

const WORDS: Threshold = Threshold {
    name: "words",
    default: 3.0,
    unit: Unit::Count,
    doc: "How many words a reason and a drain must at least have",
};

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "negative-thin",
        severity: Severity::Error,
        group: Group::NoNegative,
        summary: "An active negative persona without a reason, or without what it costs to serve",
        what: "`negative.reason` and `negative.drain` of active negative personas: a sentence each, not a blank, \
               a placeholder such as `TODO` or a single word. A field that is absent altogether is reported by \
               `schema`.",
        why: "Turning customers away needs a reason that sales can repeat and a cost that finance believes. Without \
              them a negative persona is a prejudice with a picture.",
        source: "How customer personas can help deliver an exceptional customer experience, Acuity Knowledge \
                 Partners, 2023: negative personas are those who drain resources.",
        fails: "negative:\n  reason: Annoying.\n  drain: TODO",
        repair: "negative:\n  reason: Sublets the bike against the terms, so the insurance is void.\n  drain: 23 cases in 2026 cost £61,000 in repairs and write-offs.",
        thresholds: &[WORDS],
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let Some(Data::Persona(persona)) = &entity.data else {
        return;
    };
    let Some(negative) = persona.negative.as_ref().filter(|_| entity.is_active()) else {
        return;
    };
    let least = cx.count(&WORDS);
    let fields = [
        (
            "reason",
            &negative.reason,
            "this negative persona does not say why not to serve them",
            "say in a sentence what they want that you cannot or will not give",
        ),
        (
            "drain",
            &negative.drain,
            "this negative persona does not say what it costs to serve them",
            "say what they take: hours, money, returns, places of others, with a figure if you can",
        ),
    ];
    for (field, text, message, help) in fields {
        if is_thin(text, least) {
            let pointer = format!("/negative/{field}");
            out.push(cx.finding(entity, &pointer, message).help(help));
        }
    }
}

/// Whether a text says nothing: too few words, or one that stands for words to come.
fn is_thin(text: &str, least: usize) -> bool {
    let words = text.split_whitespace();
    let words = words.filter(|word| word.chars().any(char::is_alphanumeric));
    let lower = text.trim().to_lowercase();
    let placeholder = [
        "todo",
        "tbd",
        "to do",
        "to be ",
        "fixme",
        "lorem ipsum",
        "xxx",
    ];
    words.count() < least || placeholder.iter().any(|start| lower.starts_with(start))
}
