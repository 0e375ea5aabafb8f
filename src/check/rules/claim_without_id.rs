//! `claim-without-id`: a claim that is found again only as long as its first words stay.
//!
//! Reported only where `rules:` in the settings names it. An id is a promise that a team chooses to
//! make; one that has not would get as many findings as it has claims. `check --fix` adds the ids
//! all the same, unless the settings switch the rule off.
//!
//! The repair gives a claim the id that its anchor is made of already, so no address changes. A
//! claim that is a plain sentence is not reported: it is the short form that its author chose, and
//! gets an id with the evidence that makes it more than a sentence.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::About;
use crate::diagnostic::{Edit, Fix, Gathered, Severity};
use crate::library::Entity;
use crate::schema::Data;
use crate::source::yaml::{Node, indent, line_break, plain};

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "claim-without-id",
        severity: Severity::Info,
        optional: true,
        summary: "A claim whose address changes with its words, because it has no id",
        what: "Claims that are written out with `text:` and more, in projects whose settings name this rule; `check --fix` adds their ids in all others too, unless the rule is `off`. A claim that is a plain sentence is not reported: it is the short form that its author chose.",
        why: "Others link to a claim by its id, and a review tells a reworded claim from a new one by it. Without one the id is made of the first words, and changes with them.",
        fails: "goals:\n  - text: Go live within 60 days.\n    evidence: [onboarding-interviews]",
        repair: "goals:\n  - id: go-live-within-60-days\n    text: Go live within 60 days.\n    evidence: [onboarding-interviews]",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let (Some(Data::Persona(persona)), Some(root)) = (&entity.data, entity.document.root()) else {
        return;
    };
    let given: Vec<&str> = persona
        .claim_lists()
        .iter()
        .flat_map(|(_, claims)| claims.iter())
        .filter_map(|claim| claim.id.as_deref())
        .collect();
    for ((field, _), anchors) in persona.claim_lists().iter().zip(&entity.claim_anchors) {
        let items = root.get(field).into_iter().flat_map(Node::items);
        for ((number, claim), id) in items.enumerate().zip(anchors) {
            if !claim.is_map() || claim.get("id").is_some() {
                continue;
            }
            let place = claim.get("text").map_or(claim.span(), Node::span);
            let taken = given.contains(&&**id);
            let help = if taken {
                "give it an `id:` of its own; the one made of its words is taken".to_owned()
            } else {
                format!("add `id: {}`, which keeps its address", plain(id))
            };
            let fix = (!taken).then(|| insert(claim, id, &entity.document.text));
            let message = "this claim has no id, so its address changes with its words";
            let mut finding = entity
                .document
                .finding(RULE.about.name, place, message)
                .help(help)
                .fix(fix.flatten())
                .pointer(format!("/{field}/{number}"));
            finding.severity = cx.about().severity;
            out.push(finding);
        }
    }
}

/// Puts `id:` before the first key of a claim.
fn insert(claim: Node<'_>, id: &str, text: &str) -> Option<Fix> {
    // A claim that an alias stands for is written elsewhere.
    let (key, _) = claim.entries().next().filter(|_| claim.alias().is_none())?;
    let start = key.span().start;
    let before = text.get(..start)?;
    let quote = if text[start..].starts_with('"') {
        "\""
    } else {
        ""
    };
    let value = match quote {
        "" => plain(id),
        _ => serde_json::json!(id).to_string(),
    };
    let field = format!("{quote}id{quote}: {value}");
    let written = if claim.is_flow() {
        let opened = before.trim_end().ends_with('{');
        opened.then(|| format!("{field}, "))?
    } else {
        let margin = key.margin();
        let only_dashes = margin.chars().all(|c| c == ' ' || c == '-');
        only_dashes.then(|| format!("{field}{}{}", line_break(text), indent(margin)))?
    };
    let edit = Edit {
        span: start..start,
        text: written,
    };
    Some(Fix::new(format!("add `id: {id}`"), edit))
}
