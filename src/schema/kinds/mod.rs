//! The kinds: a file each. The doc comment of a field is its description in the JSON Schema, in
//! editors and in the site's field reference, so it speaks to the author of a file.

/// Writes an enum of plain words.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident $word:literal),* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, schemars::JsonSchema)]
        #[schemars(inline)]
        #[expect(missing_docs, reason = "the words say it")]
        pub enum $name { $(#[serde(rename = $word)] $variant,)* }

        impl $name {
            /// The word in front matter.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    )*};
}

pub mod account;
pub mod claim;
pub mod common;
pub mod evidence;
pub mod journey;
pub mod kpi;
pub mod page;
pub mod persona;
pub mod scenario;
pub mod segment;
pub mod team;
pub mod term;
pub mod touchpoint;
