//! `personary schema`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use personary::library::SETTINGS_FILE;
use personary::review::format;
use personary::schema::{Kind, Schemas, Settings, nearest, read_settings, settings_schema};
use personary::source::{Document, Folder};
use serde_json::Value;

use super::{Outcome, Project};

/// Prints the JSON Schema (2020-12) of a kind, custom fields included.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A kind, such as persona; settings for personary.yaml; diff for what diff writes as JSON
    #[arg(required_unless_present = "all")]
    kind: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
    /// Write the schemas of all kinds into this folder, as KIND.schema.json
    #[arg(long, value_name = "DIR", conflicts_with = "kind")]
    all: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Yaml,
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Yaml => "yaml",
        }
    }

    fn text(self, schema: &Value) -> Result<String> {
        Ok(match self {
            Self::Json => serde_json::to_string_pretty(schema)? + "\n",
            Self::Yaml => serde_yaml::to_string(schema)?,
        })
    }
}

impl Arguments {
    pub(super) fn run(self, project: &Project) -> Result<Outcome> {
        // Outside a project the schemas have no custom fields.
        let settings = match project.root() {
            Ok(root) => {
                let document = Document::read_yaml(&Folder::open(&root)?, &SETTINGS_FILE.into());
                read_settings(&document).settings
            }
            Err(error) if project.directory.is_some() => return Err(error),
            Err(_) => Settings::default(),
        };
        let schemas = Schemas::new(&settings).map_err(anyhow::Error::msg)?;
        let Some(folder) = self.all else {
            let name = self.kind.unwrap_or_default();
            let schema = match (Kind::parse(&name), name.as_str()) {
                (Some(kind), _) => schemas.json(kind).clone(),
                (None, "settings") => settings_schema(),
                (None, "diff") => format::schema(),
                _ => {
                    let names = Kind::ALL
                        .iter()
                        .map(|k| k.name())
                        .chain(["settings", "diff"]);
                    bail!(
                        "there is no kind `{name}`\nhelp: {}",
                        nearest::or_list(&name, names, "kind")
                    )
                }
            };
            std::io::stdout().write_all(self.format.text(&schema)?.as_bytes())?;
            return Ok(Outcome::Clean);
        };
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        for (name, schema) in schemas.all() {
            let path = folder.join(format!("{name}.schema.{}", self.format.extension()));
            std::fs::write(&path, self.format.text(&schema)?)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(Outcome::Clean)
    }
}
