//! Reviews for the tests of all formats.

use super::super::code::{
    ADDED, CLAIM_REWORDED, EVIDENCE_WEAKER, MEASUREMENT_ADDED, PERSONA_REMOVED, PROSE_CHANGED,
    STANCE_FLIPPED, TARGET_LOOSENED,
};
use super::super::codeowners::CodeOwners;
use super::super::owners::{Card, concerned};
use super::super::{Change, Code, Level, Partial, Reached, Review};
use super::{Format, Options};
use crate::diagnostic::{Diagnostic, Excerpt, Place, Position, Severity};
use crate::schema::Kind;

/// What a format makes of a review.
pub(super) fn written(format: Format, review: &Review) -> String {
    written_with(format, review, &Options::default())
}

pub(super) fn written_with(format: Format, review: &Review, options: &Options<'_>) -> String {
    let mut out = Vec::new();
    format
        .write(&mut out, review, options)
        .expect("writing to memory");
    String::from_utf8(out).expect("text")
}

/// What is known of the teams.
fn team(id: &str) -> Option<Card> {
    let (name, contact) = match id {
        "cx" => ("CX research", "#cx-research"),
        "sales" => ("Fleet sales", "sales@sumpter.example"),
        _ => return None,
    };
    Some(Card {
        name: name.into(),
        contact: Some(contact.into()),
    })
}

/// Fills in who should look at it.
fn ask(mut review: Review) -> Review {
    review.reviewers = concerned(&review.changes, team, review.requested.as_ref());
    review
}

/// The same review, with a `CODEOWNERS` that asks one of the teams.
pub(super) fn requested() -> Review {
    let mut review = review();
    for change in &mut review.changes {
        // Research owns all, and sales what is measured.
        let team = if change.kind == Kind::Kpi {
            "sales"
        } else {
            "cx"
        };
        let owner = reached(Kind::Team, (team, team), Some(team));
        change.impact.insert(0, owner);
    }
    let text = "/content/personas/ @acme/cx\n/content/kpis/ @acme/finance\n* everybody\n";
    let owners = CodeOwners::parse(".github/CODEOWNERS", text);
    review.requested = Some(owners.requested(&review.changes, ""));
    ask(review)
}

fn change(code: &'static Code, kind: Kind, (id, name): (&str, &str)) -> Change {
    Change {
        more: 0,
        code,
        level: code.level,
        kind,
        id: id.into(),
        name: name.into(),
        count: 1,
        title: String::new(),
        pointer: String::new(),
        before: None,
        after: None,
        path: format!("content/{}/{id}.md", kind.folder()).into(),
        start: Position { line: 1, column: 1 },
        is_before: false,
        impact: Vec::new(),
    }
}

fn reached(kind: Kind, (id, name): (&str, &str), owner: Option<&str>) -> Reached {
    Reached {
        kind,
        id: id.into(),
        name: name.into(),
        part: None,
        path: Vec::new(),
        owner: owner.map(Into::into),
    }
}

/// A review of all levels, with findings, impact and a file that was read in part.
pub(super) fn review() -> Review {
    let journey = |part: Option<(&str, &str)>| Reached {
        part: part.map(|(id, words)| (id.into(), words.into())),
        ..reached(
            Kind::Journey,
            ("winter-riders", "Winter riders"),
            Some("cx"),
        )
    };
    let nps = Reached {
        path: vec!["journey:winter-riders".to_owned()],
        ..reached(Kind::Kpi, ("nps", "NPS"), Some("sales"))
    };
    let ruth = ("ruth-adeyinka", "Ruth Adeyinka");
    let mut changes = vec![
        Change {
            title: "Persona removed".to_owned(),
            is_before: true,
            impact: vec![
                reached(Kind::Persona, ("sarah", "Sarah Whitlock"), Some("cx")),
                journey(None),
                nps.clone(),
            ],
            ..change(PERSONA_REMOVED, Kind::Persona, ("sarah", "Sarah Whitlock"))
        },
        Change {
            title: "Stance flipped".to_owned(),
            pointer: "/stance".to_owned(),
            before: Some("target".to_owned()),
            after: Some("negative".to_owned()),
            start: Position { line: 4, column: 9 },
            ..change(STANCE_FLIPPED, Kind::Persona, ruth)
        },
        Change {
            title: "Goal reworded".to_owned(),
            pointer: "/goals/0/text".to_owned(),
            before: Some("Go live within 60 days of the first call.".to_owned()),
            after: Some("Go live within 30 days of the first order.".to_owned()),
            start: Position {
                line: 21,
                column: 11,
            },
            impact: vec![journey(Some(("decide", "Decide"))), nps],
            ..change(CLAIM_REWORDED, Kind::Persona, ruth)
        },
        Change {
            title: "Goal “On time” lost its evidence".to_owned(),
            pointer: "/goals/1/evidence".to_owned(),
            before: Some("Onboarding interviews 2026".to_owned()),
            start: Position {
                line: 24,
                column: 16,
            },
            ..change(EVIDENCE_WEAKER, Kind::Persona, ruth)
        },
        Change {
            title: "Target loosened".to_owned(),
            pointer: "/target".to_owned(),
            before: Some("50 by 2026-12-31".to_owned()),
            after: Some("40 by 2026-12-31".to_owned()),
            start: Position {
                line: 9,
                column: 10,
            },
            ..change(TARGET_LOOSENED, Kind::Kpi, ("nps", "NPS"))
        },
    ];
    changes.extend(worth_knowing());
    ask(Review {
        reviewers: Vec::new(),
        requested: None,
        base: "origin/main".to_owned(),
        head: None,
        changes,
        introduced: vec![introduced()],
        mended: vec![Diagnostic::new(
            "stale-evidence",
            Severity::Warn,
            "content/personas/ruth-adeyinka.md",
            "the newest evidence is of 2024-05",
        )],
        partial: vec![Partial {
            is_before: true,
            path: "content/kpis/churn.md".into(),
            reason: "the front matter is no YAML".to_owned(),
        }],
    })
}

fn worth_knowing() -> Vec<Change> {
    vec![
        Change {
            title: "Persona added".to_owned(),
            ..change(ADDED, Kind::Persona, ("dez", "Dez Fowler"))
        },
        Change {
            title: "2 measurements added".to_owned(),
            pointer: "/measurements/2026-Q3".to_owned(),
            after: Some("2026-Q3: 41".to_owned()),
            path: "content/kpis/nps.csv".into(),
            start: Position { line: 8, column: 1 },
            ..change(MEASUREMENT_ADDED, Kind::Kpi, ("nps", "NPS"))
        },
        Change {
            title: "Text changed".to_owned(),
            before: Some("One paragraph.\n\nTwo.".to_owned()),
            after: Some("One paragraph.\n\nThree.".to_owned()),
            start: Position { line: 0, column: 0 },
            ..change(PROSE_CHANGED, Kind::Page, ("about", "About | us"))
        },
    ]
}

fn introduced() -> Diagnostic {
    let position = |column| Position { line: 12, column };
    let mut finding = Diagnostic::new(
        "unknown-ref",
        Severity::Error,
        "content/journeys/winter-riders.md",
        "there is no persona `sarah`",
    )
    .at(Place {
        start: position(14),
        end: position(19),
        excerpt: Excerpt {
            first_line: 12,
            text: "personas: [x, sarah]".to_owned(),
            span: 14..19,
        },
    })
    .help("did you mean `sara`?")
    .pointer("/personas/1");
    finding.entity = Some("journey:winter-riders".to_owned());
    finding
}

/// A review of two states that are the same.
pub(super) fn nothing() -> Review {
    Review {
        base: "v1.0".to_owned(),
        head: Some("HEAD".to_owned()),
        ..Review::default()
    }
}

/// A review with `number` changes of each level.
pub(super) fn many(number: usize) -> Review {
    let mut review = nothing();
    for code in [STANCE_FLIPPED, CLAIM_REWORDED, ADDED] {
        let changes = (0..number).map(|n| Change {
            title: "Something | changed".to_owned(),
            before: Some("what <b>stood</b> there ".repeat(9)),
            after: Some("what *stands* there now ".repeat(9)),
            impact: vec![reached(
                Kind::Journey,
                (&format!("j{n}"), &format!("Journey {n}")),
                Some(&format!("team-{}", n % 7)),
            )],
            ..change(code, Kind::Persona, (&format!("p{n}"), &format!("P {n}")))
        });
        review.changes.extend(changes);
    }
    ask(review)
}

/// A review in which every text of content is `text`.
pub(super) fn saying(text: &str) -> Review {
    let mut review = review();
    review.base = text.to_owned();
    review.head = Some(text.to_owned());
    for change in &mut review.changes {
        change.id = text.into();
        change.name = text.into();
        change.title = text.to_owned();
        change.path = text.into();
        if change.code.level < Level::Breaking {
            change.before = Some(text.to_owned());
            change.after = Some(format!("word {text}"));
        }
        for reached in &mut change.impact {
            reached.id = text.into();
            reached.name = text.into();
            reached.part = Some((text.into(), text.into()));
            reached.path = vec![text.to_owned()];
            reached.owner = Some(text.into());
        }
    }
    for finding in review.introduced.iter_mut().chain(&mut review.mended) {
        finding.message = text.to_owned();
        finding.help = Some(text.to_owned());
        finding.path = text.into();
    }
    for file in &mut review.partial {
        file.path = text.into();
        file.reason = text.to_owned();
    }
    ask(review)
}
