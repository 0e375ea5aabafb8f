//! `personary log`.

use std::io::Write;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use personary::diagnostic::concise::{count, one_line};
use personary::library::Library;
use personary::review::chronicle::{A_COMMIT, Chronicle, Followed, Told};
use personary::review::{Change, Level};
use personary::schema::Kind;
use personary::source::git::Commit;
use serde_json::json;

use super::new::kind_of;
use super::output::say;
use super::{Outcome, Project};

/// The commits that are told at once: enough to ask Git seldom, few enough to begin soon.
const AT_ONCE: usize = 32;
/// The changes of a commit that a terminal shows.
const SHOWN: usize = 24;
/// The characters of a value that a terminal shows.
const VALUE: usize = 72;

/// Tells the history in words, commit by commit, the newest first: of everything, or of one
/// persona, journey or whatever has an id. Renamed files and former ids are followed.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What to tell of, such as persona:priya-raman; without it everything
    entity: Option<String>,
    /// Tell no more than so many commits
    #[arg(short = 'n', long, value_name = "COMMITS")]
    max_count: Option<usize>,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs: one JSON object a line, a line a commit
    Json,
}

impl Arguments {
    pub(super) fn run(self, project: &Project) -> Result<Outcome> {
        let (root, library) = project.load()?;
        let followed = match &self.entity {
            Some(name) => Some(followed(&library, name)?),
            None => None,
        };
        let Some(chronicle) = Chronicle::read(&root) else {
            bail!(
                "{} is in no Git repository with commits, so it has no history\n\
                 help: make one with `git init`, and commit the project",
                root.display()
            );
        };
        let mut steps = chronicle.steps(followed);
        steps.truncate(self.max_count.unwrap_or(usize::MAX));
        let mut out = anstream::stdout().lock();
        for chunk in steps.chunks(AT_ONCE) {
            let words = chronicle
                .tell(chunk, A_COMMIT)
                .context("Git could not read what files held")?;
            for (step, words) in chunk.iter().zip(words) {
                match self.format {
                    Format::Text => text(&mut out, step.commit, &words, self.entity.is_some())?,
                    Format::Json => {
                        serde_json::to_writer(&mut out, &json(step.commit, &words))?;
                        writeln!(out)?;
                    }
                }
            }
        }
        if steps.is_empty() {
            say("Nothing was committed yet that could be told");
        }
        if chronicle.history().is_cut() {
            say("The history ends here because this clone is a shallow one: git fetch --unshallow");
        }
        Ok(Outcome::Clean)
    }
}

/// The entity that `KIND:ID` names, which may be one that is gone.
fn followed(library: &Library, name: &str) -> Result<Followed> {
    if let Some((kind, id)) = name.split_once(':') {
        return Ok(Followed::new(library, kind_of(kind)?, id));
    }
    let kinds = Kind::ALL.iter().copied();
    let bearers: Vec<Kind> = kinds.filter(|k| library.find(*k, name).is_some()).collect();
    match bearers[..] {
        [kind] => Ok(Followed::new(library, kind, name)),
        [] => bail!(
            "there is no `{name}`\nhelp: say its kind too, such as persona:{name}; then those that are gone are found as well"
        ),
        [kind, ..] => {
            bail!("`{name}` is the id of more than one\nhelp: say which, such as {kind}:{name}")
        }
    }
}

/// A commit for people: one line, and its changes by entity below.
fn text(out: &mut impl Write, commit: &Commit, told: &Told, alone: bool) -> Result<()> {
    let short = commit.id.get(..8).unwrap_or(&commit.id);
    writeln!(
        out,
        "\x1b[1m{}\x1b[0m  {}  \x1b[2m{} {short}\x1b[0m",
        commit.day,
        one_line(&commit.subject),
        one_line(&commit.author),
    )?;
    let mut left = SHOWN;
    for entity in &told.entities {
        if left == 0 {
            break;
        }
        if !alone {
            let name = one_line(&entity.name);
            let (kind, id) = (entity.kind, &entity.id);
            writeln!(out, "  {name} \x1b[2m{kind}:{id}\x1b[0m")?;
        }
        for shown in entity.lines.iter().take(left) {
            writeln!(out, "    {}", line(&shown.change))?;
        }
        left = left.saturating_sub(entity.lines.len());
    }
    let hidden = told.changes().count().saturating_sub(SHOWN);
    if hidden > 0 {
        writeln!(
            out,
            "    \x1b[2mand {} more\x1b[0m",
            count(hidden, "change")
        )?;
    }
    if told.more > 0 {
        writeln!(
            out,
            "    \x1b[2mand changes in {} more\x1b[0m",
            count(told.more, "file")
        )?;
    }
    if told.entities.is_empty() && told.more == 0 {
        writeln!(out, "    \x1b[2monly its form\x1b[0m")?;
    }
    writeln!(out)?;
    Ok(())
}

/// A change on one line: its level, what it is, and the values.
fn line(change: &Change) -> String {
    let (colour, sign) = match change.level {
        Level::Breaking => ("\x1b[31m", "breaking"),
        Level::Review => ("\x1b[33m", "review  "),
        Level::Info => ("\x1b[2m", "info    "),
    };
    let title = one_line(&change.title);
    let short = |text: &str| {
        let text = one_line(text);
        let mut letters = text.chars();
        let start: String = letters.by_ref().take(VALUE).collect();
        let more = if letters.next().is_some() { "…" } else { "" };
        format!("“{}{more}”", start.trim_end())
    };
    let values = match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!(": {} → {}", short(before), short(after)),
        (Some(only), None) | (None, Some(only)) => format!(": {}", short(only)),
        (None, None) => String::new(),
    };
    format!("{colour}{sign}\x1b[0m {title}\x1b[2m{values}\x1b[0m")
}

/// A commit for programs.
fn json(commit: &Commit, told: &Told) -> serde_json::Value {
    let changes = told.changes().map(|change| {
        json!({
            "code": change.code.name,
            "severity": change.level,
            "kind": change.kind.name(),
            "id": change.id,
            "name": change.name,
            "title": change.title,
            "pointer": change.pointer,
            "before": change.before,
            "after": change.after,
            "path": &*change.path,
            "line": change.start.line,
        })
    });
    json!({
        "commit": commit.id,
        "author": &*commit.author,
        "time": commit.time.to_string(),
        "subject": commit.subject,
        "changes": changes.collect::<Vec<_>>(),
        "more": told.more,
    })
}
