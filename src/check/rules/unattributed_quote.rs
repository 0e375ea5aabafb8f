//! `unattributed-quote`: a sentence that somebody may have said.

use crate::check::{Context, Rule};
use crate::diagnostic::rule::{About, Group};
use crate::diagnostic::{Gathered, Severity};
use crate::library::Entity;
use crate::schema::Data;

pub(crate) const RULE: Rule = Rule {
    about: About {
        name: "unattributed-quote",
        severity: Severity::Warn,
        group: Group::Privacy,
        summary: "A quote of an active persona that does not say where it was heard",
        what: "`quote.evidence` of active personas: the study in which somebody said the sentence. An `attribution` alone \
               does not tell where to look it up.",
        why: "The quote is what readers remember. If nobody can find it in a transcript, it is a slogan of the team's in \
              the customer's mouth.",
        fails: "quote:\n  text: I only want to know which one tastes like the last one.",
        repair: "quote:\n  text: I only want to know which one tastes like the last one.\n  evidence: customer-interviews\n  attribution: A buyer in her second month",
        ..About::DEFAULT
    },
    check: Some(check),
};

fn check(cx: &Context<'_>, entity: &Entity, out: &mut Gathered) {
    let Some(Data::Persona(persona)) = &entity.data else {
        return;
    };
    let Some(quote) = persona.quote.as_ref().filter(|_| entity.is_active()) else {
        return;
    };
    if quote.evidence.is_none() {
        let message = "nobody can look up where this was said";
        out.push(cx.finding(entity, "/quote/text", message).help(
            "name the study with `evidence:` and, without a name, the speaker with `attribution:`",
        ));
    }
}
