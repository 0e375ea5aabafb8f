//! For whom a measurement was taken.

use std::sync::Arc;

/// For whom a measurement was taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slice {
    /// One persona.
    pub persona: Option<Arc<str>>,
    /// One segment.
    pub segment: Option<Arc<str>>,
    /// One journey.
    pub journey: Option<Arc<str>>,
    /// One stage of it.
    pub stage: Option<Arc<str>>,
}

impl Slice {
    /// The persona, when nothing else narrows it.
    pub fn only_persona(&self) -> Option<&str> {
        let rest = self.parts()[1..].iter().any(|named| *named);
        self.persona.as_deref().filter(|_| !rest)
    }

    /// Whether it is everybody.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// Which of the four parts it names.
    pub fn parts(&self) -> [bool; 4] {
        [&self.persona, &self.segment, &self.journey, &self.stage].map(Option::is_some)
    }

    /// Every slice that an answer of this one belongs to: itself, each of its parts alone (a
    /// stage with its journey), and everybody.
    pub fn roll_ups(&self) -> Vec<Slice> {
        let journey = Slice {
            journey: self.journey.clone(),
            ..Slice::default()
        };
        let mut all = vec![
            Slice::default(),
            Slice {
                persona: self.persona.clone(),
                ..Slice::default()
            },
            Slice {
                segment: self.segment.clone(),
                ..Slice::default()
            },
            Slice {
                stage: self.stage.clone(),
                ..journey.clone()
            },
            journey,
            self.clone(),
        ];
        all.sort_unstable();
        all.dedup();
        all
    }
}
