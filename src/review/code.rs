//! The codes of changes: one line a code.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// How much a change matters. Ordered: `Info < Review < Breaking`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Somebody should look at it.
    Review,
    /// What others rely on is gone or means something else.
    Breaking,
}

impl Level {
    /// The word that people and formats use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Review => "review",
            Self::Info => "info",
        }
    }

    /// One lower, as for drafts; the lowest stays.
    #[must_use]
    pub const fn lower(self) -> Self {
        match self {
            Self::Breaking => Self::Review,
            Self::Review | Self::Info => Self::Info,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A sort of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Its stable name, such as `goal-removed`.
    pub name: &'static str,
    /// How much it matters unless the entity is a draft.
    pub level: Level,
    /// What it says, in a sentence without a final full stop.
    pub about: &'static str,
}

macro_rules! codes {
    ($($constant:ident $name:literal $level:ident $about:literal;)+) => {
        $(
            #[doc = $about]
            pub(crate) const $constant: &Code = &Code { name: $name, level: Level::$level, about: $about };
        )+
        /// All codes, in the order of their levels.
        pub const CODES: &[&Code] = &[$($constant),+];
    };
}

codes! {
    // Breaking: what others rely on is gone or means something else.
    PERSONA_REMOVED "persona-removed" Breaking "A persona is gone, without an alias or a successor";
    JOURNEY_REMOVED "journey-removed" Breaking "A journey is gone, without an alias or a successor";
    STAGE_REMOVED "stage-removed" Breaking "A stage of a journey is gone";
    KPI_REMOVED "kpi-removed" Breaking "A KPI is gone, without an alias or a successor";
    ID_CHANGED "id-changed" Breaking "An id is another one, without an alias";
    STANCE_FLIPPED "stance-flipped" Breaking "A target persona became a negative one, or the other way";
    MARKET_FLIPPED "market-flipped" Breaking "A persona moved to the other market";
    RETIRED_IN_USE "retired-in-use" Breaking "Something is retired that others still refer to";
    KPI_REDEFINED "kpi-redefined" Breaking "A KPI measures something else: its kind, method, unit or direction changed";
    MEASUREMENT_EDITED "measurement-edited" Breaking "A past measurement has another value";
    MEASUREMENT_REMOVED "measurement-removed" Breaking "A past measurement is gone";
    EVIDENCE_LOST "evidence-lost" Breaking "The last evidence of a persona is gone";
    // Review: somebody should look at it.
    CLAIM_REMOVED "claim-removed" Review "A goal, need, motivation, pain or another claim is gone";
    CLAIM_REWORDED "claim-reworded" Review "A claim says something else";
    CLAIM_CHANGED "claim-changed" Review "A claim's confidence, severity or measures changed";
    SEGMENTS_CHANGED "segments-changed" Review "A persona belongs to other segments";
    LIFECYCLE_CHANGED "lifecycle-changed" Review "A persona or stage belongs to other phases of the lifecycle";
    TARGET_LOOSENED "target-loosened" Review "A KPI's target is easier to reach, later, or gone";
    THRESHOLD_CHANGED "threshold-changed" Review "A KPI warns at another value";
    EMOTION_MOVED "emotion-moved" Review "An emotion moved by 2 or across zero";
    PERSONA_JOINED "persona-joined" Review "A persona joins a journey";
    PERSONA_LEFT "persona-left" Review "A persona leaves a journey";
    EVIDENCE_WEAKER "evidence-weaker" Review "Evidence is downgraded, older, or gone from a claim";
    BASIS_RAISED "basis-raised" Review "A persona is said to be better founded, without new evidence";
    OWNER_CHANGED "owner-changed" Review "Another team owns it";
    REVIEWED_ALONE "reviewed-alone" Review "The day of the last review is newer and nothing else changed";
    SUPPRESSION_ADDED "suppression-added" Review "A finding is allowed from now on";
    NEGATIVE_CHANGED "negative-changed" Review "How a negative persona is recognised or handled changed";
    STATUS_CHANGED "status-changed" Review "Something moved in its life, such as from draft to active";
    ENTITY_REMOVED "entity-removed" Review "Something is gone that has a successor, or is no persona, journey or KPI";
    STEP_REMOVED "step-removed" Review "A step of a journey is gone";
    STEP_REWORDED "step-reworded" Review "A step says something else";
    ORDER_CHANGED "order-changed" Review "Stages or steps of a journey stand in another order";
    SENSITIVITY_LOWERED "sensitivity-lowered" Review "More people may read a piece of research";
    FIELD_CHANGED "field-changed" Review "A field of meaning changed";
    FIELD_REMOVED "field-removed" Review "A field of meaning is gone";
    SETTINGS_CHANGED "settings-changed" Review "The project's settings changed";
    // Info: worth knowing.
    ADDED "added" Info "Something new";
    RENAMED "renamed" Info "An id is another one; the old one keeps working as an alias";
    SPLIT "split" Info "One became several, which supersede it";
    MERGED "merged" Info "Several became one, which supersedes them";
    MOVED "moved" Info "A file has another folder or name, and the same id";
    CLAIM_ADDED "claim-added" Info "A new claim";
    STAGE_ADDED "stage-added" Info "A new stage";
    STEP_ADDED "step-added" Info "A new step";
    EMOTION_SHIFTED "emotion-shifted" Info "An emotion moved a little";
    MEASUREMENT_ADDED "measurement-added" Info "New measurements";
    MEASUREMENT_COMPLETED "measurement-completed" Info "A past measurement says more: how many were asked, or how sure it is";
    TARGET_TIGHTENED "target-tightened" Info "A KPI's target is harder to reach or sooner";
    EVIDENCE_STRONGER "evidence-stronger" Info "Evidence is added, better or newer";
    SENSITIVITY_RAISED "sensitivity-raised" Info "Fewer people may read a piece of research";
    FIELD_ADDED "field-added" Info "A field that was empty";
    PROSE_CHANGED "prose-changed" Info "Text for people changed: a summary, a quote, the Markdown";
    PORTRAIT_CHANGED "portrait-changed" Info "Another portrait";
    TAGS_CHANGED "tags-changed" Info "Other tags";
    ALIASES_CHANGED "aliases-changed" Info "Other former ids";
    REVIEWED "reviewed" Info "The day of the last review is newer, with changes beside it";
    TRANSLATION_CHANGED "translation-changed" Info "A text in another language changed";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_have_names_of_their_own_and_stand_by_their_levels() {
        let names: BTreeSet<&str> = CODES.iter().map(|code| code.name).collect();
        assert_eq!(names.len(), CODES.len());
        assert!(CODES.is_sorted_by(|a, b| a.level >= b.level));
        assert_eq!(Level::Breaking.lower(), Level::Review);
        assert_eq!(Level::Info.lower(), Level::Info);
    }
}
