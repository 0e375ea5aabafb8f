//! The texts of an entity in other languages, in two states.

use super::Change;
use super::code::TRANSLATION_CHANGED;
use super::compare::is_same_text;
use super::fields::{self, names};
use super::pair::{Notes, Pair};
use super::prose;
use crate::library::Entity;
use crate::library::translation::Translation;

/// The changes of all translations of an entity, each at its place in the file of the translation.
pub(super) fn changes(pair: &Pair<'_>) -> Vec<Change> {
    let (old, new) = (&pair.before.translations, &pair.after.translations);
    let mut changes = Vec::new();
    for after in new {
        match old.iter().find(|before| before.lang == after.lang) {
            None => {
                let mut notes = Notes::came(&after.source);
                let title = format!("Translation added: {}", after.lang);
                notes.add(TRANSLATION_CHANGED, title, "", (None, Some(path(after))));
                changes.extend(notes.into_changes());
            }
            Some(before) if is_same_text(&before.source.document, &after.source.document) => {}
            Some(before) => changes.extend(of_language(pair, before, after)),
        }
    }
    for before in old {
        if !new.iter().any(|after| after.lang == before.lang) {
            let mut notes = Notes::went(&before.source);
            let title = format!("Translation removed: {}", before.lang);
            notes.gone(TRANSLATION_CHANGED, title, "", Some(path(before)));
            changes.extend(notes.into_changes());
        }
    }
    for change in &mut changes {
        change.id.clone_from(&pair.after.id);
        change.name = pair.after.name().into();
    }
    changes
}

fn path(translation: &Translation) -> String {
    translation.source.document.path.to_string()
}

/// What is different in one language.
fn of_language<'a>(
    pair: &Pair<'a>,
    before: &'a Translation,
    after: &'a Translation,
) -> Vec<Change> {
    let (before, after): (&'a Entity, &'a Entity) = (&before.source, &after.source);
    let texts = Pair {
        before,
        after,
        ..*pair
    };
    let mut notes = Notes::of(&texts);
    let codes = [TRANSLATION_CHANGED; 3];
    if let (Some(old), Some(new)) = (before.document.root(), after.document.root()) {
        for name in names(old, new) {
            fields::compare(&texts, &mut notes, &name, codes);
        }
    }
    let documents = (&before.document, &after.document);
    prose::compare(&mut notes, (TRANSLATION_CHANGED, "Text"), documents);
    let mut changes = notes.into_changes();
    for change in &mut changes {
        change.title = format!("Translation: {}", change.title);
    }
    changes
}
