//! `journey-ends-at-purchase`: a journey that stops where the customer begins.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Data;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "journey-ends-at-purchase",
        severity: Severity::Warn,
        group: Group::Journeys,
        summary: "A journey all of whose stages are in the first phase of the lifecycle",
        what: "The `lifecycle` of the stages of active journeys. When some of them name a phase, and all that do \
               name the first one of the project (`acquisition` unless the settings say otherwise), the journey \
               ends at the purchase. A journey that is part of a larger one (`parent:`) may.",
        why: "Customers judge a company by what comes after they have paid, and stay or leave by it. A map that \
              stops at the purchase improves only the part in which there is no customer yet.",
        source: "Personas and journeys serve acquisition, product development, marketing and renewal: How customer \
                 personas can help deliver an exceptional customer experience, Acuity Knowledge Partners, 2023.",
        fails: "stages:\n  - id: compare\n    name: Compare\n    lifecycle: acquisition\n  - id: buy\n    name: Buy\n    lifecycle: acquisition",
        repair: "stages:\n  - id: buy\n    name: Buy\n    lifecycle: acquisition\n  - id: first-month\n    name: First month\n    lifecycle: renewal",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let Some(Data::Journey(journey)) = &entity.data else {
        return;
    };
    let Some(purchase) = cx.library.settings.lifecycle.first() else {
        return;
    };
    if !entity.is_active() || journey.parent.is_some() {
        return;
    }
    let phases = journey.stages.iter().enumerate();
    let phases = phases.filter_map(|(index, stage)| Some((index, &stage.lifecycle.as_ref()?.0)));
    let mut last = None;
    for (index, phase) in phases {
        if phase != purchase {
            return;
        }
        last = Some(index);
    }
    if let Some(index) = last {
        let message =
            format!("this journey ends with `{purchase}`: nothing in it comes after the purchase");
        out.push(
            cx.finding(entity, &format!("/stages/{index}/lifecycle"), message)
                .help("add the stages in which they use it, need help and decide to stay, or name its `parent:`"),
        );
    }
}
