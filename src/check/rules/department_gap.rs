//! `department-gap`: a buying group that lacks somebody who usually has a say.

use crate::check::context::listed;
use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::kinds::persona::Persona;
use crate::schema::{Data, Target};

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "department-gap",
        severity: Severity::Info,
        group: Group::Journeys,
        summary: "A business account without IT, product, marketing or finance among its members",
        what: "The `b2b.department` of the members of active accounts: whether each of IT, product, marketing and \
               finance is among them, under one of its usual names. Accounts without a B2B persona are not judged.",
        why: "Business purchases are decided by several departments, and one that was not asked stops them late. If \
              it really has no say, allow the finding and write down why.",
        source: "How customer personas can help deliver an exceptional customer experience, Acuity Knowledge Partners, \
                 2023: B2B personas across IT, product, marketing and finance.",
        fails: "members:\n  - { persona: head-of-it, buying_role: gatekeeper }\n  - { persona: cfo, buying_role: decider }",
        repair: "members:\n  - { persona: head-of-it, buying_role: gatekeeper }\n  - { persona: cfo, buying_role: decider }\n  - { persona: product-manager, buying_role: user }\n  - { persona: brand-lead, buying_role: influencer }",
        ..About::DEFAULT
    },
    check: Some(check),
};

/// Each department with the words by which it is known.
const DEPARTMENTS: [(&str, &[&str]); 4] = [
    (
        "IT",
        &[
            "it",
            "information",
            "technology",
            "engineering",
            "security",
            "data",
            "digital",
            "ict",
        ],
    ),
    (
        "product",
        &[
            "product",
            "development",
            "r&d",
            "design",
            "e-commerce",
            "commerce",
        ],
    ),
    (
        "marketing",
        &["marketing", "brand", "communications", "growth", "sales"],
    ),
    (
        "finance",
        &[
            "finance",
            "financial",
            "accounting",
            "accounts",
            "controlling",
            "procurement",
            "purchasing",
            "treasury",
        ],
    ),
];

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let Some(Data::Account(account)) = &entity.data else {
        return;
    };
    if !entity.is_active() {
        return;
    }
    let members = account.members.iter();
    let departments: Vec<String> = members
        .filter_map(|member| cx.library.find(Persona::KINDS[0], member.persona.id()))
        .filter_map(|found| match &found.entity.data {
            Some(Data::Persona(persona)) => Some(persona.b2b.as_ref()?.department.to_lowercase()),
            _ => None,
        })
        .collect();
    if departments.is_empty() {
        return;
    }
    let has = |names: &[&str]| {
        departments.iter().any(|department| {
            let mut words =
                department.split(|c: char| !c.is_alphanumeric() && c != '&' && c != '-');
            words.any(|word| names.contains(&word))
        })
    };
    let lacking: Vec<&str> = DEPARTMENTS
        .iter()
        .filter(|(_, names)| !has(names))
        .map(|(name, _)| *name)
        .collect();
    if !lacking.is_empty() {
        let message = format!(
            "this buying group has nobody from {}",
            listed(&lacking, "or")
        );
        out.push(
            cx.finding(entity, "/members", message)
                .help("find out who speaks for them and add a member, or allow this and say why they have no say"),
        );
    }
}
