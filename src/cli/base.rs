//! The state that a site is compared with: `--compare BASE`.

use std::sync::Arc;

use anyhow::Result;
use personary::library::Library;
use personary::site::Base;

use super::{Project, states};

/// What the site is compared with.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Against {
    #[arg(
        long,
        value_name = "BASE",
        help = "Mark in place what is different from BASE: a branch, tag or commit"
    )]
    compare: Option<String>,
}

impl Against {
    /// The state to compare with, if one was named. It is read by itself: the preview changes its
    /// entities in place, and what another library shares would lose its last good state.
    pub(super) fn load(&self, project: &Project) -> Result<Option<Base>> {
        let Some(name) = &self.compare else {
            return Ok(None);
        };
        let (_, revision) = states::revision(project, name)?;
        let library = Library::load(revision.clone());
        if let Some(error) = revision.failure() {
            return Err(error.into());
        }
        Ok(Some(Base {
            name: name.clone(),
            library: Arc::new(library),
        }))
    }
}
