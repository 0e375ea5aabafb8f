//! `too-many-personas`: a segment with more personas than anybody remembers.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group, Threshold, Unit};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Kind;

const MOST: Threshold = Threshold {
    name: "most",
    default: 7.0,
    unit: Unit::Count,
    doc: "How many active personas to win a segment may have",
};

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "too-many-personas",
        severity: Severity::Warn,
        group: Group::TooMany,
        summary: "A segment with more than seven active personas to win",
        what: "For each segment, the active personas with `stance: target` that name it under `segments:`. \
               Drafts, retired and negative personas do not count.",
        why: "A team can keep a handful of people in mind. With a dozen, everybody picks the one that suits \
              the decision already made, and each rests on a slice of the research.",
        source: "How customer personas can help deliver an exceptional customer experience, Acuity Knowledge \
                 Partners, 2023: creating too many personas is a mistake. Also Kim Goodwin, Designing for the \
                 Digital Age, 2009, on how many are enough.",
        fails: "# eight active personas say\nsegments: [home-brewers]",
        repair: "# merge those who act alike; the one that goes says\nstatus: retired\nsuperseded_by: nora-lind",
        thresholds: &[MOST],
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    if entity.kind != Kind::Segment {
        return;
    }
    let count = cx.library.targets_in(entity);
    let most = cx.count(&MOST);
    if count > most {
        let message = format!(
            "{count} active personas belong to this segment, more than the {most} that people keep apart"
        );
        out.push(
            cx.finding(entity, "/name", message)
                .help("merge those who act alike and retire the others, or split the segment"),
        );
    }
}
