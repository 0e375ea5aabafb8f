//! `personary new`.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::{CommandFactory, ValueEnum};
use inquire::validator::Validation;
use inquire::{Select, Text};
use personary::library::Library;
use personary::scaffold::{self, Wanted, id};
use personary::schema::{Kind, nearest};

use super::output::say;
use super::today::AsOf;
use super::{Outcome, Project};

/// Makes a content file: what its kind requires is filled in with something to replace, and every
/// other field stands there as a comment that explains it. On a terminal it asks for what is
/// missing. Never overwrites a file.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// What to make, such as persona
    kind: Option<String>,
    /// Its id, such as priya-raman, which is also the name of the file; the id of a page may have
    /// folders
    id: Option<String>,
    /// For a persona: whether it buys for a business or for itself [default: b2b]
    #[arg(long, value_enum)]
    market: Option<Market>,
    /// For a persona: whether to win it or to leave it to others [default: target]
    #[arg(long, value_enum)]
    stance: Option<Stance>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Market {
    B2b,
    B2c,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Stance {
    Target,
    Negative,
}

impl Market {
    fn word(self) -> &'static str {
        match self {
            Self::B2b => "b2b",
            Self::B2c => "b2c",
        }
    }
}

impl Stance {
    fn word(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Negative => "negative",
        }
    }
}

impl fmt::Display for Market {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::B2b => "b2b: buys for a business",
            Self::B2c => "b2c: buys for themselves",
        })
    }
}

impl fmt::Display for Stance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Target => "target: a customer to win",
            Self::Negative => "negative: one to leave to others",
        })
    }
}

/// What to make, all questions answered.
struct Answers {
    kind: Kind,
    id: String,
    name: Option<String>,
    market: Market,
    stance: Stance,
}

impl Arguments {
    pub(crate) fn run(self, project: &Project) -> Result<Outcome> {
        let kind = self.kind.as_deref().map(kind_of).transpose()?;
        if kind.is_some_and(|kind| kind != Kind::Persona)
            && (self.market.is_some() || self.stance.is_some())
        {
            bail!(
                "only a persona has a market and a stance\nhelp: leave out --market and --stance"
            );
        }
        if self.id.is_none() && !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal())
        {
            bail!("it is not said what to make\n\n{}", usage());
        }
        let (root, library) = project.load()?;
        let answers = self.complete(kind)?;
        let id = id::check(answers.kind, &answers.id)?;
        refuse_taken(&library, answers.kind, &id)?;
        let mut wanted = Wanted {
            kind: answers.kind,
            id: &id,
            name: answers.name.as_deref(),
            choices: BTreeMap::new(),
            today: AsOf::default().today()?,
        };
        if answers.kind == Kind::Persona {
            wanted.choices.insert("market", answers.market.word());
            wanted.choices.insert("stance", answers.stance.word());
        }
        let made = scaffold::entity(&library, &wanted);
        scaffold::write(&root, std::slice::from_ref(&made.file))?;
        writeln!(
            std::io::stdout(),
            "{}",
            shown(&root.join(&made.file.path)).display()
        )?;
        for kind in &made.missing {
            say(&format!(
                "It has to name a {kind}, and there is none yet. Make one with `personary new {kind} ID`, \
                 and write its id in place of `{kind}-id`"
            ));
        }
        Ok(Outcome::Clean)
    }

    /// Asks for what the command line does not say.
    fn complete(self, kind: Option<Kind>) -> Result<Answers> {
        let asks = self.id.is_none();
        let kind = match kind {
            Some(kind) => kind,
            None => Select::new("What do you want to make?", Kind::ALL.to_vec()).prompt()?,
        };
        let (id, name) = match self.id {
            Some(id) => (id, None),
            None => ask_name(kind)?,
        };
        let asks = asks && kind == Kind::Persona;
        let market = match self.market {
            None if asks => Select::new(
                "Whom does this person buy for?",
                Market::value_variants().to_vec(),
            )
            .prompt()?,
            given => given.unwrap_or(Market::B2b),
        };
        let stance = match self.stance {
            None if asks => Select::new(
                "Is it a customer to win?",
                Stance::value_variants().to_vec(),
            )
            .prompt()?,
            given => given.unwrap_or(Stance::Target),
        };
        Ok(Answers {
            kind,
            id,
            name,
            market,
            stance,
        })
    }
}

/// The kind that a word of the command line names.
pub(super) fn kind_of(word: &str) -> Result<Kind> {
    let names = Kind::ALL.iter().map(|kind| kind.name());
    Kind::parse(word).with_context(|| {
        format!(
            "there is no kind `{word}`\nhelp: {}",
            nearest::or_list(word, names, "kind")
        )
    })
}

/// A name, and the id that follows from it.
fn ask_name(kind: Kind) -> Result<(String, Option<String>)> {
    let has_id = move |name: &str| {
        Ok(match id::check(kind, &id::slug(name)) {
            Ok(_) => Validation::Valid,
            Err(_) => Validation::Invalid("Write a name with at least one letter".into()),
        })
    };
    let name = Text::new("What is its name?")
        .with_validator(has_id)
        .prompt()?;
    let id = Text::new("Its id, for references and addresses:")
        .with_default(&id::slug(&name))
        .prompt()?;
    Ok((id, Some(name.trim().to_owned())))
}

/// An id may stand in any subfolder of its kind, and former ids are not free either.
fn refuse_taken(library: &Library, kind: Kind, id: &str) -> Result<()> {
    let Some(found) = library.find(kind, id) else {
        return Ok(());
    };
    let path = &found.entity.document.path;
    if found.by_alias {
        bail!(
            "`{id}` is a former id of the {kind} `{}`, see {path}; nothing was written",
            found.entity.id
        );
    }
    bail!("there is a {kind} `{id}` already: {path}; nothing was written");
}

/// A path as seen from the current folder, where that is shorter.
fn shown(path: &Path) -> &Path {
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok())
        .unwrap_or(path)
}

fn usage() -> String {
    let mut command = super::Arguments::command();
    command.build();
    let new = command.find_subcommand_mut("new");
    let usage = new
        .map(|new| new.render_usage().to_string())
        .unwrap_or_default();
    let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    format!(
        "{}\n\nKinds: {}",
        usage.trim().replace("[KIND] [ID]", "<KIND> <ID>"),
        kinds.join(", ")
    )
}
