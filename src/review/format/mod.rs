//! Reports: what people and programs read of a [`Review`].
//!
//! In: a review and [`Options`]. Out: a text in one of the formats, a file each, which stand in one
//! table below. A report for people says first whether all could be compared, then the verdict, the
//! counts, what breaks, what somebody should look at, whom it reaches and who owns that; the rest
//! is there for those who ask.

mod asked;
mod escape;
mod github;
mod gitlab;
mod html;
mod json;
mod junit;
mod markdown;
mod owners;
mod phrases;
mod reach;
#[cfg(test)]
mod samples;
mod text;
mod wrap;

use std::io::{self, Write};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

pub use json::schema;

use super::{Change, Level, Review};
use crate::diagnostic::human::Look;
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::links;
use crate::schema::Kind;

/// What a renderer is: a function that writes a review.
type Renderer = fn(&mut dyn Write, &Review, &Options<'_>) -> io::Result<()>;

/// Writes everything that follows from the list of formats.
macro_rules! formats {
    ($($Format:ident $name:literal $about:literal $module:ident;)+) => {
        /// A format of reports.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Format { $(#[doc = $about] $Format,)+ }

        impl Format {
            /// All formats, in the order of help texts.
            pub const ALL: &[Self] = &[$(Self::$Format,)+];

            /// Its name on the command line.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$Format => $name,)+ }
            }

            /// What it is for, in a few words.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$Format => $about,)+ }
            }

            const fn renderer(self) -> Renderer {
                match self { $(Self::$Format => $module::write,)+ }
            }
        }
    };
}

formats! {
    Text "text" "For a terminal" text;
    Markdown "markdown" "A comment for a pull request" markdown;
    Json "json" "JSON, for programs" json;
    Html "html" "A page of its own, with before and after side by side" html;
    Github "github" "Annotations of a pull request, for GitHub Actions" github;
    Gitlab "gitlab" "A Code Quality report, for GitLab" gitlab;
    Junit "junit" "JUnit XML, for the test reports of CI systems" junit;
    Owners "owners" "The teams that should look at it, one a line, for a bot" owners;
}

impl Format {
    /// The format of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.name() == name)
    }

    /// Writes `review`.
    pub fn write(
        self,
        out: &mut dyn Write,
        review: &Review,
        options: &Options<'_>,
    ) -> io::Result<()> {
        let mut out = io::BufWriter::new(out);
        self.renderer()(&mut out, review, options)?;
        out.flush()
    }
}

/// What renderers need to know beside the review. Each takes of it what it has a place for.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// How a terminal is drawn on.
    pub look: Look,
    /// The columns of the terminal; without it nothing is wrapped.
    pub width: Option<usize>,
    /// The project's place in the repository, with a `/` at its end; empty when it is the repository.
    pub folder: &'a str,
    /// The address of the full report.
    pub report: Option<&'a str>,
    /// The address of a site that shows the state after, with a `/` at its end or without.
    pub preview: Option<&'a str>,
    /// From which level on a change fails; without it none does.
    pub fail_on: Option<Level>,
    /// From which severity on a new finding fails; without it none does.
    pub new_findings: Option<Severity>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            look: Look::default(),
            width: None,
            folder: "",
            report: None,
            preview: None,
            fail_on: Some(Level::Breaking),
            new_findings: None,
        }
    }
}

impl Options<'_> {
    fn fails(&self, change: &Change) -> bool {
        self.fail_on.is_some_and(|limit| change.level >= limit)
    }

    fn fails_with(&self, finding: &Diagnostic) -> bool {
        self.new_findings
            .is_some_and(|limit| finding.severity >= limit)
    }

    /// The address of the full report, fit for a link.
    fn report(&self) -> Option<String> {
        link(self.report?)
    }

    /// The address of the preview site, fit for a link.
    fn preview(&self) -> Option<String> {
        let address = link(self.preview?)?;
        Some(address.trim_end_matches('/').to_owned() + "/")
    }

    /// The address of an entity's page in the preview site.
    fn page(&self, kind: Kind, id: &str) -> Option<String> {
        let page = links::encode(&format!("{}/{id}/", kind.folder()));
        Some(self.preview()? + &page)
    }
}

/// What would end an address, or mean something in the text around it.
const NO_ADDRESS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b'*')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
/// An address longer than this is no address.
const LONGEST_ADDRESS: usize = 2000;

/// `address` as it can stand in a link, if it is one of the web.
fn link(address: &str) -> Option<String> {
    let address = address.trim();
    let of_web = ["https://", "http://"].iter().any(|scheme| {
        let start = address.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    let link = utf8_percent_encode(address, NO_ADDRESS).to_string();
    (of_web && link.len() <= LONGEST_ADDRESS).then_some(link)
}

#[cfg(test)]
mod tests;
