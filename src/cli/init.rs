//! `personary init`.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use personary::scaffold;
use personary::schema::{Schemas, Settings};

use super::today::AsOf;
use super::{Outcome, Project};

/// Makes a small project to begin with: an example of each important kind, settings with
/// explanations, and schemas for your editor. Never overwrites a file.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The folder to make the project in [default: the current one]
    dir: Option<PathBuf>,
}

impl Arguments {
    pub(crate) fn run(self, project: &Project) -> Result<Outcome> {
        let base = project.directory();
        if !base.is_dir() {
            bail!("there is no folder {}", base.display());
        }
        let root = match &self.dir {
            Some(dir) if project.directory.is_none() => dir.clone(),
            Some(dir) => base.join(dir),
            None => base.to_owned(),
        };
        let schemas = Schemas::new(&Settings::default()).map_err(anyhow::Error::msg)?;
        let files = scaffold::project(&schemas, AsOf::default().today()?);
        scaffold::write(&root, &files)?;
        let mut out = anstream::stdout();
        writeln!(
            out,
            "Made a project of {} files in {}\n\nNext:",
            files.len(),
            root.display()
        )?;
        if root != Path::new(".") {
            writeln!(out, "  cd {}", quoted(&root))?;
        }
        writeln!(out, "  personary serve --open")?;
        Ok(Outcome::Clean)
    }
}

/// A path as it is typed into a shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
    if text.chars().all(plain) && !text.starts_with('-') {
        return text;
    }
    format!(
        "{}'{}'",
        if text.starts_with('-') { "-- " } else { "" },
        text.replace('\'', r"'\''")
    )
}
