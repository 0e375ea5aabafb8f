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
    /// Make a library of so many personas instead, with journeys, KPIs and evidence to match, to
    /// see how a library of that size behaves. All of it is made up; the same number and day give
    /// the same files
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    personas: Option<u32>,
    #[command(flatten)]
    as_of: AsOf,
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
        let today = self.as_of.today()?;
        let files = if let Some(personas) = self.personas {
            scaffold::write(&root, scaffold::generated(personas, today))?
        } else {
            let schemas = Schemas::new(&Settings::default()).map_err(anyhow::Error::msg)?;
            scaffold::write(&root, scaffold::project(&schemas, today))?
        };
        let mut out = anstream::stdout();
        writeln!(
            out,
            "Made a project of {files} files in {}\n\nNext:",
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
