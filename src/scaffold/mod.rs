//! Floor 6: the files that people begin with.
//!
//! In: what a project has already (its [`Library`](crate::library::Library), if any). Out: the text
//! of new files, and their writing, which never takes the place of a file that is there.
//!
//! - [`project()`] is a whole project in small, which checks without findings.
//! - [`generated()`] is a library of any size, made up.
//! - [`entity()`] is one content file, written down from the JSON Schema of its kind, so that a new
//!   field of the schema is in new files at once.
//! - [`id`] decides what may be an id.

mod entity;
mod generated;
pub mod id;
mod project;
mod reading;
mod sample;
mod scalar;
mod write;

pub use entity::{Made, Wanted, entity};
pub use generated::generated;
pub use project::{project, schemas};
pub use write::{WriteError, write};

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where, relative to the project, with `/`.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// The comment that tells an editor by which schema to check the YAML below it. `path` is the
/// file that holds the comment.
fn schema_hint(path: &str, schema: &str) -> String {
    let up = "../".repeat(path.matches('/').count());
    format!("# yaml-language-server: $schema={up}schemas/{schema}.schema.json\n")
}
