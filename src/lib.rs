//! Personary turns a folder of persona files into a checked, cross-linked library, and everything
//! it offers is a view of that library.
//!
//! 1. **Read.** A [`source::Tree`] lists and reads files; each becomes a [`source::Document`]: its
//!    front matter as YAML in which every key and value knows its place, and its Markdown.
//! 2. **Type.** [`schema`] says what a persona, a journey or a KPI is. One definition of a kind
//!    gives its Rust type, its JSON Schema, the validation and the field reference.
//! 3. **Connect.** [`library::Library`] holds all entities and knows for every name who bears it
//!    and who mentions it. References stay names until somebody asks.
//! 4. **Judge.** [`check`] runs the rules over it, one entity at a time.
//! 5. **Compare.** [`review`] says what is different in meaning between two libraries, and whom it
//!    reaches.
//! 6. **Show.** [`site::Site::render`] makes one page of one route. [`build`] asks it for all
//!    routes and publishes them whole; [`preview`] asks it for the one that a browser wants, and
//!    on a save makes the next library from the file that changed.
//!
//! Every module reports what is wrong as a [`diagnostic::Diagnostic`], which carries its place and
//! the lines around it. [`scaffold`] writes new files, [`edit`]
//! changes those that are there. Imports run downwards in this list:
//!
//! | floor | modules |
//! | --- | --- |
//! | 6 | [`build`], [`preview`], [`scaffold`], [`edit`] |
//! | 5 | [`site`] |
//! | 4 | [`check`], [`review`] |
//! | 3 | [`library`] |
//! | 2 | [`schema`] |
//! | 1 | [`source`] |
//! | 0 | [`diagnostic`] |
//!
//! The command line, floor 7, is the binary: `src/main.rs` and `src/cli/`, a file a command.

pub mod build;
pub mod check;
pub mod diagnostic;
pub mod edit;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod library;
pub mod preview;
pub mod review;
pub mod scaffold;
pub mod schema;
pub mod site;
pub mod source;
#[cfg(test)]
mod suites;
