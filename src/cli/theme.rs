//! `personary theme`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use personary::edit::{self, Changed};
use personary::library::Library;
use personary::scaffold::{self, File};
use personary::site::shipped::{self, Group};

use super::output::say;
use super::{Outcome, Project};

/// Begins a theme of your own: only what differs from the built-in one.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Copy files of the built-in theme into yours; without FILE, list what there is
    Eject(Eject),
}

/// Copies files of the built-in theme into your own, where they take its place. Without FILE it
/// lists what there is.
#[derive(Debug, clap::Args)]
struct Eject {
    /// Names such as persona.html, style.css or labels/en.yaml, or patterns such as 'stencils/*'
    #[arg(value_name = "FILE")]
    files: Vec<String>,
    /// Copy every file
    #[arg(long, conflicts_with = "files")]
    all: bool,
    /// The theme to copy into [default: the one that personary.yaml names, or custom]
    #[arg(long, value_name = "NAME")]
    theme: Option<String>,
    /// Name the theme in personary.yaml, if that names none
    #[arg(long = "use")]
    adopt: bool,
    /// Write over files of your theme
    #[arg(long)]
    force: bool,
}

/// The theme where neither the command nor the settings name one.
const CUSTOM: &str = "custom";
/// The longest line of the list.
const WIDTH: usize = 88;

impl Arguments {
    pub(super) fn run(self, project: &Project) -> Result<Outcome> {
        let Command::Eject(eject) = self.command;
        if eject.files.is_empty() && !eject.all {
            return eject.list(project);
        }
        eject.copy(project)
    }
}

impl Eject {
    /// Prints what can be copied; what the project has already is marked.
    fn list(&self, project: &Project) -> Result<Outcome> {
        let own = project.load().ok().and_then(|(root, library)| {
            let name = self
                .theme
                .clone()
                .or_else(|| library.settings.theme.clone())?;
            Some(root.join("themes").join(name))
        });
        let is_own = |name: &str| own.as_ref().is_some_and(|own| own.join(name).exists());
        anstream::stdout().write_all(table(&is_own).as_bytes())?;
        Ok(Outcome::Clean)
    }

    fn copy(self, project: &Project) -> Result<Outcome> {
        let mut names = BTreeSet::new();
        if self.all {
            names.extend(shipped::files().into_iter().map(|(_, name)| name));
        }
        for word in &self.files {
            names.extend(shipped::find(word)?);
        }
        let (root, library) = project.load()?;
        let theme = self.name(&library)?;
        let files: Vec<File> = names
            .iter()
            .filter_map(|name| {
                let path = format!("themes/{theme}/{name}");
                shipped::text(name).map(|text| File { path, text })
            })
            .collect();
        self.write(&root, &files)?;
        let mut out = anstream::stdout();
        for file in &files {
            writeln!(out, "{}", file.path)?;
        }
        self.tell(&root, &library, &theme, &names)?;
        Ok(Outcome::Clean)
    }

    /// The theme to copy into.
    fn name(&self, library: &Library) -> Result<String> {
        let named = self.theme.as_ref().or(library.settings.theme.as_ref());
        let name = named.map_or(CUSTOM, String::as_str);
        let is_folder = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']);
        if !is_folder {
            bail!("`{name}` cannot be a theme\nhelp: write the name of a folder, such as `house`");
        }
        Ok(name.to_owned())
    }

    /// Writes all files, or none; those that are there only if that was asked for.
    fn write(&self, root: &Path, files: &[File]) -> Result<()> {
        let is_there = |file: &&File| root.join(&file.path).symlink_metadata().is_ok();
        let (standing, new): (Vec<&File>, Vec<&File>) = files.iter().partition(is_there);
        if !standing.is_empty() && !self.force {
            let list: Vec<String> = standing.iter().map(|f| format!("  {}", f.path)).collect();
            bail!(
                "your theme has this already, and nothing was written:\n{}\n\
                 help: leave it out, or write over it with --force",
                list.join("\n")
            );
        }
        let replaced: Vec<Changed> = standing
            .into_iter()
            .map(|file| {
                let path = root.join(&file.path);
                let before = std::fs::read_to_string(&path)
                    .with_context(|| format!("cannot read {}", file.path))?;
                Ok(Changed {
                    path: Arc::from(&*file.path),
                    to: None,
                    before,
                    after: file.text.clone(),
                    places: 1,
                })
            })
            .collect::<Result<_>>()?;
        let new: Vec<File> = new.into_iter().cloned().collect();
        scaffold::write(root, &new)?;
        edit::save_all(root, &replaced)?;
        Ok(())
    }

    /// Says what is to be done next.
    fn tell(
        &self,
        root: &Path,
        library: &Library,
        theme: &str,
        names: &BTreeSet<String>,
    ) -> Result<()> {
        match library.settings.theme.as_deref() {
            Some(used) if used == theme => {}
            Some(used) => say(&format!(
                "Note: personary.yaml names the theme `{used}`, so this one is not used; write `theme: {theme}` there"
            )),
            None if self.adopt => {
                edit::save_all(root, &[edit::set_theme(library, theme)?])?;
                say(&format!("Added `theme: {theme}` to personary.yaml"));
            }
            None => say(&format!(
                "Next: add this line to personary.yaml, or run the command with --use\n\n    theme: {theme}\n"
            )),
        }
        if names
            .iter()
            .any(|name| name.strip_suffix(".yaml").is_some())
        {
            say(
                "Of words and icons single lines suffice: keep those you change and delete \
                 the rest, so that new words reach you with the next version",
            );
        }
        let has_blocks = |name: &str| shipped::text(name).is_some_and(|t| t.contains("{% block"));
        let mut pages = names.iter().filter(|name| has_blocks(name));
        let page = pages.find_map(|name| name.strip_prefix("templates/"));
        if let Some(page) = page {
            say(&format!(
                "To change a part of a page alone, begin with `{{% extends \"default/{page}\" %}}` and \
                 write that block"
            ));
        }
        say("`personary serve` shows every save");
        Ok(())
    }
}

/// What there is, by group, in lines that fit a terminal.
fn table(is_own: &dyn Fn(&str) -> bool) -> String {
    let files = shipped::files();
    let mut out = String::new();
    let mut has_own = false;
    for group in Group::ALL {
        let _ = writeln!(out, "\x1b[1m{group}\x1b[0m");
        let mut line = String::from(" ");
        for (_, name) in files.iter().filter(|(of, _)| *of == group) {
            let shown = name.strip_prefix("templates/").unwrap_or(name);
            let mark = if is_own(name) { "*" } else { "" };
            has_own |= !mark.is_empty();
            if line.len() + 1 + shown.len() + mark.len() > WIDTH {
                let _ = writeln!(out, "{line}");
                " ".clone_into(&mut line);
            }
            let _ = write!(line, " {shown}{mark}");
        }
        let _ = writeln!(out, "{line}\n");
    }
    if has_own {
        out.push_str("* stands in your theme\n\n");
    }
    out.push_str(
        "Copy one into your theme: personary theme eject persona.html\n\
         Or a few:                 personary theme eject style.css 'stencils/*'\n",
    );
    out
}
