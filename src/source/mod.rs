//! Floor 1: from files to documents.
//!
//! [`Tree`] lists and reads files; [`Document`] is one of them, split into front matter and
//! Markdown, with the front matter parsed into [`yaml::Yaml`], where every key and value knows
//! its place in the file. Nothing here knows what a persona is.

mod document;
pub mod git;
pub mod markdown;
mod overlay;
mod tree;
mod witness;
pub mod yaml;

pub use document::{Document, line, place, position};
pub use overlay::Overlay;
pub use tree::{Folder, Listing, MAX_DATA_BYTES, MAX_FILE_BYTES, Memory, Tree, reason};
pub use witness::Witness;
