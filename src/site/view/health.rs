//! How the library is doing: the seven mistakes, what it rests on, what runs out, who has to act.

use minijinja::Value;
use serde::Serialize;

use super::super::fields::view;
use super::super::{Site, json};
use super::persona::coverage;
use super::{PageInfo, Result, render};
use crate::diagnostic::Severity;
use crate::diagnostic::rule::Group;
use crate::library::health::{Card, Expiring, Found, Health, Owner, Tally};

pub(super) const PATH: &str = "health/";
/// Rows of a table that people still read. The JSON view has all.
const MAX_ROWS: usize = 100;

fn sums<'a>(site: &Site<'a>, found: &dyn Found) -> Health<'a> {
    let mut health = Health::of(site.library, found.all(), &site.options.rules, site.now);
    health
        .personas
        .retain(|card| site.is_published(card.entity));
    health.expiring.retain(|e| site.is_published(e.entity));
    health
}

pub(in crate::site) fn health(site: &Site<'_>, found: &dyn Found) -> Result {
    let health = sums(site, found);
    let root = super::root(site, PATH);
    let root = root.as_str();
    let mistakes = health.mistakes.iter().enumerate().map(|(at, mistake)| {
        view([
            ("n", Value::from(at + 1)),
            ("key", mistake.group.as_str().into()),
            ("title", mistake.group.title().into()),
            ("state", state(mistake.tally.worst()).into()),
            ("entities", mistake.entities.into()),
            ("tally", tally(mistake.tally)),
            ("rule", Value::from(rule_of(site, mistake.group))),
        ])
    });
    let personas = health.personas.iter().take(MAX_ROWS);
    let personas = personas.map(|card| persona(site, card, root));
    let debt = health
        .personas
        .iter()
        .map(|card| card.coverage.assumptions());
    let expiring = health.expiring.iter().take(MAX_ROWS);
    let expiring = expiring.map(|e| expires(site, e, root));
    let owners = health.owners.iter().map(|owner| answers(site, owner, root));
    let page = view([
        ("mistakes", Value::from(mistakes.collect::<Vec<_>>())),
        ("personas", personas.collect()),
        (
            "more_personas",
            health.personas.len().saturating_sub(MAX_ROWS).into(),
        ),
        ("coverage", coverage(health.coverage)),
        ("debt", debt.sum::<usize>().into()),
        ("expiring", expiring.collect()),
        (
            "more_expiring",
            health.expiring.len().saturating_sub(MAX_ROWS).into(),
        ),
        ("owners", owners.collect()),
        ("broken", health.broken.into()),
        ("tally", tally(health.tally)),
        ("today", site.now.to_string().into()),
        ("json", format!("{PATH}index.json").into()),
    ]);
    let info = PageInfo {
        kind: "health",
        title: site.theme.word(&["health", "title"]).unwrap_or(PATH),
        description: site.theme.word(&["health", "lead"]),
        path: PATH,
        entity: None,
    };
    render(site, "health.html", &info, vec![("health", page)])
}

/// The page of the first rule about a mistake.
fn rule_of(site: &Site<'_>, group: Group) -> Option<String> {
    let mut rules = site.options.rules.iter();
    let rule = rules.find(|rule| rule.group == group)?;
    Some(super::rules::path(rule.name))
}

/// How something stands by its worst finding, in the words for KPIs.
fn state(worst: Option<Severity>) -> &'static str {
    match worst {
        None => "good",
        Some(Severity::Error) => "bad",
        Some(_) => "warn",
    }
}

fn tally(tally: Tally) -> Value {
    view([
        ("errors", Value::from(tally.errors)),
        ("warnings", tally.warnings.into()),
        ("infos", tally.infos.into()),
    ])
}

fn persona(site: &Site<'_>, card: &Card<'_>, root: &str) -> Value {
    let reviewed = card.entity.common.last_reviewed;
    let mistakes = card.mistakes.iter().map(|worst| state(*worst));
    view([
        ("ref", site.reference(card.entity, root)),
        ("coverage", coverage(card.coverage)),
        (
            "newest",
            Value::from(card.newest.map(|(day, _)| day.to_string())),
        ),
        ("reviewed", Value::from(reviewed.map(|day| day.to_string()))),
        ("mistakes", mistakes.collect()),
    ])
}

fn expires(site: &Site<'_>, expiring: &Expiring<'_>, root: &str) -> Value {
    view([
        ("day", Value::from(expiring.day.to_string())),
        ("what", expiring.what.as_str().into()),
        ("ref", site.reference(expiring.entity, root)),
    ])
}

fn answers(site: &Site<'_>, owner: &Owner<'_>, root: &str) -> Value {
    view([
        (
            "ref",
            Value::from(owner.team.map(|team| site.reference(team, root))),
        ),
        ("tally", tally(owner.tally)),
    ])
}

/// The whole of it as JSON.
pub(in crate::site) fn data(site: &Site<'_>, found: &dyn Found) -> String {
    #[derive(Serialize)]
    struct Counts {
        errors: usize,
        warnings: usize,
        infos: usize,
    }
    #[derive(Serialize)]
    struct Mistake {
        name: &'static str,
        entities: usize,
        #[serde(flatten)]
        counts: Counts,
    }
    #[derive(Serialize)]
    struct Persona<'a> {
        id: &'a str,
        claims: usize,
        cited: usize,
        newest_evidence: Option<String>,
        last_reviewed: Option<String>,
        mistakes: Vec<Option<&'static str>>,
    }
    #[derive(Serialize)]
    struct Expires {
        day: String,
        what: &'static str,
        entity: String,
    }
    #[derive(Serialize)]
    struct Team<'a> {
        team: Option<&'a str>,
        #[serde(flatten)]
        counts: Counts,
    }
    #[derive(Serialize)]
    struct Whole<'a> {
        version: u32,
        as_of: String,
        claims: usize,
        cited: usize,
        broken: usize,
        findings: Counts,
        mistakes: Vec<Mistake>,
        personas: Vec<Persona<'a>>,
        expiring: Vec<Expires>,
        owners: Vec<Team<'a>>,
    }
    let counts = |tally: Tally| Counts {
        errors: tally.errors,
        warnings: tally.warnings,
        infos: tally.infos,
    };
    let health = sums(site, found);
    let mistakes = health.mistakes.iter().map(|mistake| Mistake {
        name: mistake.group.as_str(),
        entities: mistake.entities,
        counts: counts(mistake.tally),
    });
    let personas = health.personas.iter().map(|card| Persona {
        id: &card.entity.id,
        claims: card.coverage.claims,
        cited: card.coverage.cited,
        newest_evidence: card.newest.map(|(day, _)| day.to_string()),
        last_reviewed: card.entity.common.last_reviewed.map(|day| day.to_string()),
        mistakes: card
            .mistakes
            .iter()
            .map(|m| m.map(Severity::as_str))
            .collect(),
    });
    let expiring = health.expiring.iter().map(|e| Expires {
        day: e.day.to_string(),
        what: e.what.as_str(),
        entity: e.entity.qualified(),
    });
    let owners = health.owners.iter().map(|owner| Team {
        team: owner.team.map(|team| &*team.id),
        counts: counts(owner.tally),
    });
    json::written(&Whole {
        version: json::VERSION,
        as_of: site.now.to_string(),
        claims: health.coverage.claims,
        cited: health.coverage.cited,
        broken: health.broken,
        findings: counts(health.tally),
        mistakes: mistakes.collect(),
        personas: personas.collect(),
        expiring: expiring.collect(),
        owners: owners.collect(),
    })
}
