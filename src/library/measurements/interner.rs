//! Texts that stand in many rows, kept once.

use std::sync::Arc;

use foldhash::HashMap;

/// Texts, each with a number.
#[derive(Default)]
pub(super) struct Interner {
    numbers: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Interner {
    /// The number of a text, and whether it is a new one.
    pub(super) fn intern(&mut self, text: &str) -> (u32, bool) {
        if let Some(&number) = self.numbers.get(text) {
            return (number, false);
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.numbers.insert(text, number);
        (number, true)
    }

    /// The text of a number.
    pub(super) fn text(&self, number: u32) -> Option<&Arc<str>> {
        self.texts.get(number as usize)
    }
}
