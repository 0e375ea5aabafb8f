//! `assumption-based`: a persona that claims more than its research gives.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group, Threshold, Unit};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::library::facts::Coverage;
use crate::schema::Data;
use crate::schema::kinds::claim::Claim;
use crate::schema::kinds::common::Status;
use crate::schema::kinds::evidence::Method;
use crate::schema::kinds::persona::{Basis, Persona};

const CITED: Threshold = Threshold {
    name: "percent",
    default: 60.0,
    unit: Unit::Percent,
    doc: "The part of the claims that must cite research, in percent",
};
const INTERVIEWS: Threshold = Threshold {
    name: "interviews",
    default: 5.0,
    unit: Unit::Count,
    doc: "How many interviews a persona with `basis: qualitative` must rest on",
};

pub(crate) const RULE: Rule = Rule {
    about: About {
        optional: false,
        name: "assumption-based",
        severity: Severity::Error,
        lesser: Some(Severity::Warn),
        group: Group::Assumptions,
        summary: "An active persona that rests on assumptions, or on less research than its basis says",
        what: "For active personas: at least one piece of evidence whose method is not `assumption` (else an \
               error); at least 60 % of the claims with evidence (else a warning); with `basis: statistical` a \
               survey or analytics (else an error); with `basis: qualitative` at least 5 interviews in all, by \
               the `n` of the evidence (else a warning). `basis: proto` is for drafts: outside of them it is an \
               error.",
        why: "A persona looks equally convincing whether it was found or invented. Only its evidence tells, and \
              decisions that rest on an invented one cost as much as those that rest on a found one.",
        source: "How customer personas can help deliver an exceptional customer experience, Acuity Knowledge \
                 Partners, 2023: build personas solely on customer data instead of assumptions. On proto, \
                 qualitative and statistical personas, and on 5 to 30 interviews: Page Laubheimer, 3 Persona Types, \
                 Nielsen Norman Group, 2020.",
        fails: "status: active\nbasis: proto\nevidence: [workshop-2026]  # method: assumption",
        repair: "status: draft\nbasis: proto\nevidence: [workshop-2026]\n\n# or, after the interviews\nstatus: active\nbasis: qualitative\nevidence: [customer-interviews, order-history]",
        thresholds: &[CITED, INTERVIEWS],
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let Some(Data::Persona(persona)) = &entity.data else {
        return;
    };
    if persona.basis == Basis::Proto {
        if matches!(entity.status(), Status::Active | Status::Deprecated) {
            let message = "a proto-persona is a guess, and this one is no draft";
            out.push(cx.finding(entity, "/basis", message).help(
                "make it a draft (`status: draft`), or do the research and write qualitative or statistical",
            ));
        }
        return;
    }
    if !entity.is_active() {
        return;
    }
    let grounds = cx.grounds(entity);
    if !grounds.has_research() {
        let message = "this persona rests on nothing but assumptions";
        out.push(
            cx.finding(entity, "/evidence", message)
                .help("cite the research that shows it, or make it a draft until there is some"),
        );
        return;
    }
    basis(cx, entity, persona, out);
    coverage(cx, entity, persona, out);
}

/// Whether the research is of the sort that the basis says.
fn basis(cx: &Context<'_>, entity: &Entity, persona: &Persona, out: &mut Gathered) {
    let grounds = cx.grounds(entity);
    match persona.basis {
        Basis::Statistical if !grounds.has_method(&[Method::Survey, Method::Analytics]) => {
            let message = "a statistical persona rests on numbers, and this one cites no survey and no analytics";
            let help =
                "cite evidence with `method: survey` or `analytics`, or write `basis: qualitative`";
            out.push(cx.finding(entity, "/basis", message).help(help));
        }
        Basis::Qualitative => {
            let interviews = grounds.interviews();
            let least = cx.count(&INTERVIEWS);
            if interviews < least as u64 {
                let message = match interviews {
                    0 => format!(
                        "a qualitative persona rests on interviews, and this one cites none (at least {least} are needed)"
                    ),
                    n => format!(
                        "this qualitative persona rests on {n} of the at least {least} interviews that show a pattern"
                    ),
                };
                let help =
                    "cite evidence with `method: interview` and its `n`, or interview more people";
                out.push(cx.lesser(entity, "/basis", message).help(help));
            }
        }
        _ => {}
    }
}

/// Whether enough of the claims cite something. It points at the first that does not.
#[expect(clippy::cast_precision_loss, reason = "numbers of claims")]
fn coverage(cx: &Context<'_>, entity: &Entity, persona: &Persona, out: &mut Gathered) {
    let found = Coverage::of(persona);
    let wanted = cx.value(&CITED);
    if found.claims == 0 || (found.cited * 100) as f64 >= wanted * found.claims as f64 {
        return;
    }
    let lists = persona.claim_lists();
    let first = lists.iter().find_map(|(name, claims)| {
        let index = claims.iter().position(Claim::is_assumption)?;
        Some(format!("/{name}/{index}"))
    });
    let message = format!(
        "{} of {} claims rest on evidence ({} %), fewer than {wanted} %; this is the first that does not",
        found.cited,
        found.claims,
        found.percent()
    );
    let help = "write `{text: …, evidence: [id]}` for what research shows, and remove what nobody can show";
    out.push(
        cx.lesser(entity, &first.unwrap_or_default(), message)
            .help(help),
    );
}
