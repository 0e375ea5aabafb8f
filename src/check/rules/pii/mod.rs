//! `pii`: personal data in a file that many read.
//!
//! One pass over the bytes of a file looks for `@` and digits, and only around these anything is
//! compared. [`numbers`] tells what a number is: those with a checksum are computed, the others are
//! known by their form or by a word before them.

mod checksums;
mod numbers;
mod phone;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Kind;
use crate::source::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "pii",
        severity: Severity::Error,
        group: Group::Privacy,
        summary: "An e-mail address, phone number, date of birth, or the number of a card, account or identity document",
        what: "The front matter and text of every file, drafts included: e-mail addresses; phone numbers with a country \
               code or in a common national form; card numbers and IBANs whose checksum is right; identity numbers of \
               the US, the UK, Germany, the Netherlands, France, Spain, Italy, Sweden, Finland, Belgium and \
               Switzerland; full dates of birth. The `contact` of a team may hold an address or a number. Web \
               addresses, mailboxes such as `support@`, `example.com` and numbers that are reserved for fiction are \
               no findings.",
        why: "A persona is made of many customers and is read by many colleagues, in Git for ever. Data of a single one \
              has no place in it: it was not given for that, and it cannot be taken back from a history.",
        source: "Articles 5 and 4(1) of the General Data Protection Regulation (EU) 2016/679: data minimisation, and \
                 what personal data are.",
        fails: "quote:\n  text: Ring me on 0161 715 3321 before nine.",
        repair: "quote:\n  text: Ring me before nine.\n  attribution: Baker, rings the yard every morning",
        ..About::DEFAULT
    },
    check: Some(check),
};

/// Something personal, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Hit {
    span: Range<usize>,
    what: &'static str,
}

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let text = &entity.document.text;
    let hits = scan(text);
    if hits.is_empty() {
        return;
    }
    let contact = entity
        .document
        .root()
        .filter(|_| entity.kind == Kind::Team)
        .and_then(|root| root.get("contact"))
        .map_or(0..0, Node::span);
    for hit in hits {
        if contact.contains(&hit.span.start) {
            continue;
        }
        out.add(|| {
            let message = format!("{} does not belong in a file that many read", hit.what);
            let mut finding = entity
                .document
                .finding(cx.about().name, hit.span, message)
                .label("personal data")
                .help("take it out, and out of the Git history if it is real; say in words what matters about them");
            finding.severity = cx.about().severity;
            finding
        });
    }
}

/// Everything personal in a text, in order.
fn scan(text: &str) -> Vec<Hit> {
    let bytes = text.as_bytes();
    let mut hits = Vec::new();
    let mut at = 0;
    while let Some(from) = candidate(bytes, at) {
        if bytes[from] == b'@' {
            at = from + 1;
            if let Some(span) = email(text, from) {
                at = span.end;
                // Its own digits may have looked like something before.
                while hits
                    .pop_if(|hit: &mut Hit| hit.span.end > span.start)
                    .is_some()
                {}
                hits.push(Hit {
                    span,
                    what: "an e-mail address",
                });
            }
        } else {
            let (hit, next) = numbers::at(text, from);
            at = next.max(from + 1);
            hits.extend(hit.filter(|hit| !is_address(text, &hit.span)));
        }
    }
    hits
}

/// The next digit or `@` from `at` on. Most of a text has neither, which is told of many bytes at
/// once.
fn candidate(bytes: &[u8], at: usize) -> Option<usize> {
    let is_one = |b: &u8| b.is_ascii_digit() || *b == b'@';
    let left = bytes.get(at..)?;
    let (chunks, rest) = left.as_chunks::<32>();
    let has_one = |chunk: &[u8; 32]| chunk.iter().fold(false, |any, b| any | is_one(b));
    let chunk = chunks.iter().position(has_one);
    let from = chunk.map_or(left.len() - rest.len(), |chunk| chunk * 32);
    Some(at + from + left[from..].iter().position(is_one)?)
}

/// Domains that belong to nobody, and mailboxes that belong to no person.
const DOMAINS: [&str; 7] = [
    "example.com",
    "example.org",
    "example.net",
    ".example",
    ".test",
    ".invalid",
    "localhost",
];
const MAILBOXES: [&str; 20] = [
    "info", "hello", "hi", "contact", "support", "help", "helpdesk", "sales", "office", "team",
    "press", "privacy", "security", "noreply", "no-reply", "feedback", "service", "billing",
    "admin", "git",
];

/// The e-mail address around the `@` at `at`, if it is one of a person.
fn email(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let local = |b: &u8| b.is_ascii_alphanumeric() || b"._%+-".contains(b);
    let start = at
        - bytes[..at]
            .iter()
            .rev()
            .take(64)
            .take_while(|b| local(b))
            .count();
    let domain = |b: &u8| b.is_ascii_alphanumeric() || b".-".contains(b);
    let length = bytes[at + 1..]
        .iter()
        .take(255)
        .take_while(|b| domain(b))
        .count();
    let domain = text
        .get(at + 1..at + 1 + length)?
        .trim_end_matches(['.', '-']);
    let name = text
        .get(start..at)?
        .trim_start_matches(['.', '-', '_', '%', '+']);
    let start = at - name.len();
    let (host, top) = domain.rsplit_once('.')?;
    let is_one = !name.is_empty()
        && !host.is_empty()
        && top.len() >= 2
        && top.bytes().all(|b| b.is_ascii_alphabetic());
    let span = start..at + 1 + domain.len();
    let lower = domain.to_ascii_lowercase();
    let nobody = DOMAINS.iter().any(|known| lower.ends_with(known));
    let shared = MAILBOXES
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known));
    (is_one && !nobody && !shared && !is_address(text, &span)).then_some(span)
}

/// Whether a span is a part of a web address or of the target of a link.
fn is_address(text: &str, span: &Range<usize>) -> bool {
    let before = text.get(..span.start).unwrap_or_default();
    let from = before
        .rfind(|c: char| c.is_whitespace() || "<>\"'`|".contains(c))
        .map_or(0, |at| at + 1);
    let word = before.get(from..).unwrap_or_default();
    let word = word.rsplit_once("](").map_or(word, |(_, target)| target);
    let mail = word.ends_with("mailto:") || word.ends_with("tel:");
    !mail && (word.contains("://") || word.starts_with("www.") || before.ends_with("://"))
}
