//! The pieces that a comparison is put together from: the stencils, each in the forms it has here.
//!
//! A page of the build fills them in Rust. The page on which one chooses freely carries them with
//! gaps in braces, so what the browser makes is the same, in any theme.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::super::Site;
use super::super::super::markdown::escape;
use super::super::super::theme::{Form, Part, Stencil};
use super::super::Result;
use super::fields::{FIELDS, GROUPS};

/// A stencil in one form.
pub(super) struct Piece {
    stencil: Arc<Stencil>,
    form: Form<'static>,
}

impl Piece {
    /// Writes it; `gaps` are the texts of its gaps, as HTML, in the order of the form.
    pub(super) fn write(&self, gaps: &[&str], out: &mut String) -> Result<()> {
        self.stencil.fill(out, |gap, out| {
            out.push_str(gaps.get(gap).copied().unwrap_or_default());
            Ok(())
        })
    }

    /// The same with the names of the gaps in braces.
    fn draw(&self) -> Result {
        let mut out = String::new();
        self.stencil.fill(&mut out, |gap, out| {
            out.push('{');
            out.push_str(self.form[gap].0);
            out.push('}');
            Ok(())
        })?;
        Ok(out)
    }
}

const GAP: Part = Part::Gap;

macro_rules! kit {
    ($($name:ident: $template:literal [$($part:literal $value:expr),*];)*) => {
        /// Every piece.
        pub(in crate::site) struct Kit {
            $(pub(super) $name: Piece,)*
            /// What the built-in fields are called, in their order, as HTML.
            pub(super) labels: Vec<String>,
            /// What the groups are called, in their order, as HTML.
            pub(super) groups: [String; GROUPS.len()],
            /// What rows of sentences that are alike are called, as HTML with a gap for the field.
            pub(super) alike_label: String,
        }

        impl Kit {
            /// The pieces of a site's theme.
            pub(super) fn of(site: &Site<'_>) -> Result<Self> {
                Ok(Self {
                    $($name: {
                        const FORM: Form<'static> = &[$(($part, $value)),*];
                        Piece { stencil: site.theme.stencil($template, FORM)?, form: FORM }
                    },)*
                    labels: FIELDS.iter().map(|field| field.label(site)).collect(),
                    groups: GROUPS.map(|group| {
                        let word = site.theme.word(&["compare", "groups", group]);
                        escape(word.unwrap_or(group)).into_owned()
                    }),
                    alike_label: {
                        let word = site.theme.word(&["compare", "alike"]);
                        escape(word.unwrap_or("{label}")).into_owned()
                    },
                })
            }

            /// All of them with gaps in braces, by name.
            pub(super) fn draw(&self) -> Result<Map<String, Value>> {
                let mut all = Map::new();
                $(all.insert(stringify!($name).to_owned(), self.$name.draw()?.into());)*
                Ok(all)
            }
        }
    };
}

kit! {
    table: "compare_table" ["columns" GAP, "heads" GAP, "groups" GAP];
    folded: "compare_table" ["columns" GAP, "heads" GAP, "groups" GAP, "folded" GAP];
    head: "compare_head" ["tile" GAP, "link" GAP, "spot" GAP];
    spot: "compare_spot" ["hue" GAP, "initials" GAP];
    group: "compare_group" ["span" GAP, "label" GAP, "rows" GAP];
    fact: "compare_row" ["label" GAP, "cells" GAP, "sort" Part::Word("fact")];
    only: "compare_row" ["label" GAP, "cells" GAP, "sort" Part::Word("only")];
    alike: "compare_row" ["label" GAP, "cells" GAP, "sort" Part::Word("alike")];
    cell: "compare_cell" ["value" GAP];
    none: "compare_cell" [];
    wide: "compare_cell" ["value" GAP, "columns" GAP];
    list: "compare_list" ["items" GAP];
    item: "line" ["text" GAP];
    mark: "compare_mark" ["text" GAP];
    scale: "compare_scale" ["one" GAP, "two" GAP, "three" GAP, "four" GAP, "five" GAP, "said" GAP];
    share: "compare_share" ["value" GAP, "text" GAP];
    good: "compare_value" ["value" GAP, "unit" GAP, "all" GAP, "state" Part::Word("good")];
    warn: "compare_value" ["value" GAP, "unit" GAP, "all" GAP, "state" Part::Word("warn")];
    bad: "compare_value" ["value" GAP, "unit" GAP, "all" GAP, "state" Part::Word("bad")];
    unknown: "compare_value" ["value" GAP, "unit" GAP, "all" GAP, "state" Part::Word("unknown")];
}
