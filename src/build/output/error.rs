//! What can go wrong when a site is put in place.

use std::io;
use std::path::{Path, PathBuf};

/// Why a site could not be put in place. The old site stands as it was.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The output folder is the project, or holds it.
    #[error(
        "the output folder `{}` holds the project itself; choose a folder inside or beside it, such as `public`",
        .0.display()
    )]
    HoldsProject(PathBuf),
    /// The output folder is one the project is read from.
    #[error(
        "the output folder `{}` lies in `{folder}`, which holds sources of the project; choose another, such as `public`",
        .out.display()
    )]
    Source {
        /// The output folder.
        out: PathBuf,
        /// The source folder, such as `content`.
        folder: &'static str,
    },
    /// The output path is something else than a folder.
    #[error("the output `{}` is not a folder; choose another or remove it", .0.display())]
    NotAFolder(PathBuf),
    /// The output folder holds files and was not built by Personary.
    #[error(
        "the output folder `{}` is not empty and was not built by Personary; choose another, or empty it first",
        .0.display()
    )]
    NotOurs(PathBuf),
    /// The record of what was built cannot be used.
    #[error(
        "`{}` cannot be used: {reason}; if the folder holds nothing but a built site, delete the folder and build again",
        .path.display()
    )]
    Manifest {
        /// The record.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Another build writes to the same output folder.
    #[error(
        "another build is writing to `{}` and did not finish within {waited} seconds; try again when it has",
        .out.display()
    )]
    Busy {
        /// The output folder.
        out: PathBuf,
        /// Seconds waited for the other build.
        waited: u64,
    },
    /// A path that would leave the site, or mean nothing.
    #[error("`{}` cannot be a path of the site: {reason}", .path.escape_debug())]
    BadPath {
        /// The path.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Two things are to be written to one path.
    #[error("the site has two files for the path `{0}`")]
    Duplicate(String),
    /// A path is both a file and the folder of another file.
    #[error("the site has a file and a folder of the same name on the path `{0}`")]
    FileAndFolder(String),
    /// A file in the output folder that is not ours is in the way.
    #[error(
        "`{}` was put there by someone else, and now the site has a file of that name; \
         move it to the folder `static` of the project, or delete it",
        .0.display()
    )]
    Foreign(PathBuf),
    /// The old site changed while the new one was built.
    #[error("files in `{}` were removed while the site was built; build again", .0.display())]
    Changed(PathBuf),
    /// The operating system refused.
    #[error("cannot {action} `{}`: {source}", .path.display())]
    Io {
        /// What was tried, such as `write`.
        action: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// For `map_err`: says what was tried with which path.
pub(super) fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> OutputError {
    let path = path.to_owned();
    move |source| OutputError::Io {
        action,
        path,
        source,
    }
}
