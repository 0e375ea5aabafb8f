//! Floor 2: what a persona, a journey or a KPI is.
//!
//! A kind is defined once, as the Rust type in its file under `kinds/` and one line in the table
//! below. From the type come the JSON Schema (with its doc comments as descriptions), from that
//! the validation ([`Schemas::read`]), the typing of plain YAML scalars and the list of
//! references ([`shape`]), and the field reference of the site ([`fields`]).
//!
//! In: a [`Document`](crate::source::Document). Out: [`Data`], [`Common`], references and findings.

pub mod content;
pub mod fields;
mod filled;
pub mod kinds;
mod messages;
pub mod nearest;
pub mod reference;
pub(crate) mod repair;
mod settings;
pub mod shape;
#[cfg(test)]
mod suite;
mod typed;
mod validate;

use schemars::Schema;
use serde::{Deserialize, Deserializer};

pub use reference::{Ref, Reference, Target};
pub use settings::{
    Extra, Level, Override, Past, ReadSettings, RuleSetting, Settings, read_settings,
    settings_schema,
};
pub use typed::{Typed, choose, number};
pub use validate::{Checked, Schemas};

use kinds::account::Account;
use kinds::evidence::Evidence;
use kinds::journey::Journey;
use kinds::kpi::Kpi;
use kinds::page::Page;
use kinds::persona::Persona;
use kinds::scenario::Scenario;
use kinds::segment::Segment;
use kinds::team::Team;
use kinds::term::Term;
use kinds::touchpoint::Touchpoint;

/// Writes everything that follows from the list of kinds.
macro_rules! kinds {
    ($($(#[$doc:meta])* $Kind:ident, $name:literal, $folder:literal;)*) => {
        /// A kind of entity. The order is the one of menus and reports.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$doc])* $Kind,)* }

        /// The front matter of an entity, typed.
        #[derive(Debug, Clone)]
        #[expect(missing_docs, reason = "each variant is the kind of its name")]
        pub enum Data { $($Kind(Box<$Kind>),)* }

        impl Kind {
            /// All kinds.
            pub const ALL: &[Kind] = &[$(Kind::$Kind,)*];

            /// The name in references and on the command line: `persona`.
            pub const fn name(self) -> &'static str {
                match self { $(Kind::$Kind => $name,)* }
            }

            /// The folder below `content/` and in the site: `personas`.
            pub const fn folder(self) -> &'static str {
                match self { $(Kind::$Kind => $folder,)* }
            }

            /// The JSON Schema of the fields that only this kind has.
            fn own_schema(self) -> Schema {
                match self { $(Kind::$Kind => shape::schema_for::<$Kind>(),)* }
            }

            /// Types the fields of a front matter that the schema found valid.
            fn data<'a, D: Deserializer<'a>>(self, fields: D) -> Result<Data, D::Error> {
                Ok(match self { $(Kind::$Kind => Data::$Kind(Box::new($Kind::deserialize(fields)?)),)* })
            }
        }

        $(impl Target for $Kind {
            const KINDS: &'static [Kind] = &[Kind::$Kind];
        })*
    };
}

kinds! {
    /// A customer, or one whom not to serve.
    Persona, "persona", "personas";
    /// What personas go through, stage by stage.
    Journey, "journey", "journeys";
    /// A measure, with its measurements.
    Kpi, "kpi", "kpis";
    /// The research that claims rest on.
    Evidence, "evidence", "evidence";
    /// Where customer and company meet.
    Touchpoint, "touchpoint", "touchpoints";
    /// A part of the market.
    Segment, "segment", "segments";
    /// A user story.
    Scenario, "scenario", "scenarios";
    /// A buying group.
    Account, "account", "accounts";
    /// Who owns and answers.
    Team, "team", "teams";
    /// A word of the glossary.
    Term, "term", "terms";
    /// A free page.
    Page, "page", "pages";
}

impl Kind {
    /// The kind of a name or of a folder, in any letter case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| {
            kind.name().eq_ignore_ascii_case(word) || kind.folder().eq_ignore_ascii_case(word)
        })
    }

    /// Whether a file of this kind may do without front matter.
    pub fn front_matter_optional(self) -> bool {
        self == Self::Page
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
