//! `personary rename`.

use std::io::Write;

use anyhow::Result;
use personary::diagnostic::concise::count;
use personary::edit;
use personary::scaffold::id;

use super::new::kind_of;
use super::output::{print_patch, say};
use super::{Outcome, Project};

/// Gives something another id: its file gets the new name, and so does every reference, link and
/// row of measurements that names it. The old id becomes an alias, so that links from elsewhere go
/// on working. Changes all files or none.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// What it is, such as persona
    kind: String,
    /// Its present id
    old: String,
    /// Its new id; that of a page may have folders
    new: String,
    /// Print the change as a patch and write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Arguments {
    pub(crate) fn run(self, project: &Project) -> Result<Outcome> {
        let kind = kind_of(&self.kind)?;
        let new = id::check(kind, &self.new)?;
        let (root, library) = project.load()?;
        let renamed = edit::rename(&library, kind, &self.old, &new)?;
        let changes = &renamed.changes;
        let verb = if self.dry_run {
            print_patch(&edit::diff(changes))?;
            "Would rename"
        } else {
            edit::save_all(&root, changes)?;
            let moved = changes.iter().filter_map(|change| change.to.as_ref());
            for to in moved {
                writeln!(std::io::stdout(), "{to}")?;
            }
            "Renamed"
        };
        let places = changes.iter().map(|change| change.places).sum();
        let files = changes.iter().filter(|change| change.places > 0).count();
        say(&format!(
            "{verb} the {kind} `{}` to `{new}`: {} in {}",
            self.old,
            count(places, "place"),
            count(files, "file")
        ));
        for note in &renamed.notes {
            say(&format!("Note: {note}"));
        }
        // The process ends here; giving back the memory of a large library takes longer.
        std::mem::forget(library);
        Ok(Outcome::Clean)
    }
}
