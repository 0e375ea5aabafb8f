//! Why something cannot be renamed.

use std::sync::Arc;

use crate::schema::Kind;

/// Why something cannot be renamed. Each message says what to do instead.
#[derive(Debug, thiserror::Error)]
pub enum RenameError {
    /// Nobody has this id.
    #[error("there is no {kind} `{id}`\nhelp: {help}")]
    Unknown {
        /// The kind.
        kind: Kind,
        /// The id.
        id: String,
        /// Which there are.
        help: String,
    },
    /// Several files have this id.
    #[error("there are two {} `{id}`: {first} and {second}\nhelp: give one of the files another name by hand, then mend what it breaks", .kind.folder())]
    Twice {
        /// The kind.
        kind: Kind,
        /// The id.
        id: String,
        /// One of the files.
        first: Arc<str>,
        /// Another.
        second: Arc<str>,
    },
    /// It has this id already.
    #[error("the {kind} is called `{id}` already")]
    Same {
        /// The kind.
        kind: Kind,
        /// The id.
        id: String,
    },
    /// Somebody else has or had the new id.
    #[error("`{id}` is {how} {path}; nothing was changed\nhelp: {help}")]
    Taken {
        /// The new id.
        id: String,
        /// `the id of` or `a former id of`.
        how: &'static str,
        /// The file of the other.
        path: Arc<str>,
        /// The way out.
        help: String,
    },
    /// A file is where the renamed one should go.
    #[error("`{0}` exists already; nothing was changed\nhelp: move it away, or choose another id")]
    Exists(String),
    /// The front matter is not YAML.
    #[error(
        "the front matter of {0} cannot be read, so nothing was changed\nhelp: `personary check` says what is wrong with it"
    )]
    Broken(Arc<str>),
    /// The aliases are not a list that can be added to.
    #[error(
        "the former id cannot be noted: `aliases` of {0} is not a plain list\nhelp: write it as `aliases: [one, another]`"
    )]
    Aliases(Arc<str>),
    /// A mention is written in a way that cannot be told apart.
    #[error(
        "{path}:{line}: `{text}` names the old id in a way that cannot be rewritten, so nothing was changed\nhelp: write it on one line"
    )]
    Unwritable {
        /// The file.
        path: Arc<str>,
        /// The line, from 1.
        line: u32,
        /// What stands there.
        text: String,
    },
    /// The renamed library is worse than the present one.
    #[error("renaming would break something, so nothing was changed:\n{}\nhelp: change these places by hand first, then rename", .0.join("\n"))]
    Worse(Vec<String>),
}
