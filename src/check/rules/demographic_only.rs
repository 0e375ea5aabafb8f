//! `demographic-only`: a persona of whom one knows the age and the income, and little else.

use crate::check::context::listed;
use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group, Threshold, Unit};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Data;
use crate::schema::kinds::persona::Persona;

const SHARE: Threshold = Threshold {
    name: "percent",
    default: 50.0,
    unit: Unit::Percent,
    doc: "The part of the filled fields above which demographics are too much, in percent",
};

pub(crate) const RULE: Rule = Rule {
    about: About {
        optional: false,
        name: "demographic-only",
        severity: Severity::Error,
        lesser: Some(Severity::Warn),
        group: Group::OnlyDemographics,
        summary: "An active persona without goals, motivations or pains, or one that is mostly demographics",
        what: "An active persona must have at least one goal, one motivation and one pain. And of the \
               fields that describe it, at most half may be demographics: age, place, education and income, \
               counted against its lists of claims, traits, quote, empathy map, channels and the fields of \
               its `b2b` or `b2c` block.",
        why: "Two people of the same age, place and income want different things. Demographics tell an \
              advertiser where to look; they tell nobody what to build or say. A persona has to explain why \
              somebody acts.",
        source: "How customer personas can help deliver an exceptional customer experience, Acuity Knowledge \
                 Partners, 2023: focusing only on demographics is a mistake. Also Alan Cooper, The Inmates Are \
                 Running the Asylum, 1999: personas are defined by their goals.",
        fails: "demographics:\n  age_range: 35-45\n  location: London\n  income: £80,000",
        repair: "demographics:\n  age_range: 35-45\ngoals:\n  - text: Leave the house at 08:10 with two children and no argument.\n    evidence: [household-interviews]\nmotivations:\n  - text: The ride is the only unhurried part of the day.\n    evidence: [household-interviews]\npains:\n  - text: A repair without a date costs more than the repair.\n    evidence: [support-tickets]",
        thresholds: &[SHARE],
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let Some(Data::Persona(persona)) = &entity.data else {
        return;
    };
    if !entity.is_active() {
        return;
    }
    let needed = [
        ("goals", persona.goals.is_empty()),
        ("motivations", persona.motivations.is_empty()),
        ("pains", persona.pains.is_empty()),
    ];
    let lacking: Vec<&str> = needed
        .iter()
        .filter(|(_, is_empty)| *is_empty)
        .map(|(name, _)| *name)
        .collect();
    if let Some(first) = lacking.first() {
        let message = format!("this persona has no {}", listed(&lacking, "and no"));
        let help = format!(
            "ask customers, and write what you heard as a list under `{first}:`, each with its evidence"
        );
        out.push(cx.finding(entity, &format!("/{first}"), message).help(help));
        return;
    }
    let (demographics, others) = filled(persona);
    let percent = demographics * 100 / (demographics + others).max(1);
    if demographics > 0 && above(percent, cx.value(&SHARE)) {
        let message = format!(
            "{demographics} of the {} fields that describe this persona are demographics ({percent} %)",
            demographics + others
        );
        out.push(
            cx.lesser(entity, "/demographics", message).help(
                "say what they do, want and fear: behaviours, needs, concerns, a quote, traits",
            ),
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "a percentage")]
fn above(percent: usize, limit: f64) -> bool {
    percent as f64 > limit
}

/// How many fields are filled: demographics, and all others that describe the person.
fn filled(persona: &Persona) -> (usize, usize) {
    let demographics = persona.demographics.as_ref().map_or(0, |d| {
        let fields = [&d.age_range, &d.location, &d.education, &d.income];
        fields.iter().filter(|field| field.is_some()).count()
    });
    let lists = persona.claim_lists();
    let mut others = lists.iter().filter(|(_, list)| !list.is_empty()).count();
    others += persona.traits.len() + usize::from(persona.quote.is_some());
    if let Some(empathy) = &persona.empathy {
        let parts = [
            &empathy.says,
            &empathy.thinks,
            &empathy.does,
            &empathy.feels,
        ];
        others += parts.iter().filter(|part| !part.is_empty()).count();
    }
    if let Some(channels) = &persona.channels {
        others += usize::from(!channels.preferred.is_empty());
        others += usize::from(channels.online_share.is_some());
    }
    if let Some(b2b) = &persona.b2b {
        others += 3 + usize::from(!b2b.job_kpis.is_empty()) + usize::from(b2b.buying.is_some());
    }
    if let Some(b2c) = &persona.b2c {
        let lists = [&b2c.interests, &b2c.emotions, &b2c.concerns];
        others += lists.iter().filter(|list| !list.is_empty()).count();
        others += usize::from(b2c.impulse.is_some());
    }
    (demographics, others)
}
