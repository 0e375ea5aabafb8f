//! The files of the built-in theme, for those who want to begin with a copy of one.
//!
//! In: a name as people type it. Out: the files that it means, and their text.

use std::fmt;

use globset::{Glob, GlobMatcher};

use super::words::is_labels;
use super::{BuiltIn, built_in};
use crate::schema::nearest;

/// What a file of a theme is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The template of a page.
    Page,
    /// A part of pages.
    Part,
    /// A thing that pages have in great number.
    Stencil,
    /// How a single value is shown.
    Piece,
    /// A stylesheet, a script, a picture.
    File,
    /// The words and the icons.
    Words,
}

impl Group {
    /// All groups, in the order that people meet them.
    pub const ALL: [Self; 6] = [
        Self::Page,
        Self::Part,
        Self::Stencil,
        Self::Piece,
        Self::File,
        Self::Words,
    ];

    fn of(name: &str) -> Option<Self> {
        let folders = [
            ("templates/stencils/", Self::Stencil),
            ("templates/pieces/", Self::Piece),
            ("templates/_", Self::Part),
            ("templates/macros", Self::Part),
            ("templates/", Self::Page),
            ("static/", Self::File),
        ];
        let found = folders.iter().find(|(start, _)| name.starts_with(start));
        match found {
            Some((_, group)) => Some(*group),
            None => (name == "icons.yaml" || is_labels(name)).then_some(Self::Words),
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Page => "Pages",
            Self::Part => "Parts of pages",
            Self::Stencil => "Stencils: what pages have in great number",
            Self::Piece => "Pieces: how a single value is shown",
            Self::File => "Stylesheets, scripts and pictures",
            Self::Words => "Words and icons",
        })
    }
}

/// Why a name means no file.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// No file is called so.
    #[error("the built-in theme has no `{0}`\nhelp: {1}")]
    Unknown(String, String),
    /// Several are.
    #[error("`{0}` may be {choice}\nhelp: write it with its folder", choice = quoted(.1))]
    Many(String, Vec<String>),
    /// It is no pattern.
    #[error("`{0}` is not a pattern: {1}\nhelp: write something like `stencils/*` or `*.css`")]
    Pattern(String, String),
}

/// The files by name, such as `templates/persona.html`, with what each is for; by group and name.
pub fn files() -> Vec<(Group, String)> {
    let names = BuiltIn::iter();
    let grouped = names.filter_map(|name| Some((Group::of(&name)?, name.into_owned())));
    let mut files: Vec<_> = grouped.collect();
    files.sort();
    files
}

/// The text of one of them.
pub fn text(name: &str) -> Option<String> {
    built_in(name)
}

/// The files that `word` means: a name with or without its folders, or a pattern.
pub fn find(word: &str) -> Result<Vec<String>, FindError> {
    let names: Vec<String> = files().into_iter().map(|(_, name)| name).collect();
    let written = word.trim_start_matches("./");
    let is_pattern = written.contains(['*', '?', '[', '{']);
    let found: Vec<String> = if is_pattern {
        let pattern = pattern(word, written)?;
        let fits = |name: &&String| tails(name).any(|tail| pattern.is_match(tail));
        names.iter().filter(fits).cloned().collect()
    } else {
        let fits = |name: &&String| tails(name).any(|tail| tail == written);
        names.iter().filter(fits).cloned().collect()
    };
    // A whole name, or the page called so, comes before a namesake in a folder.
    let exact = [written.to_owned(), format!("templates/{written}")];
    if let Some(name) = exact.iter().find(|name| found.contains(name)) {
        return Ok(vec![name.clone()]);
    }
    match found.len() {
        0 => Err(FindError::Unknown(word.to_owned(), hint(written, &names))),
        1 => Ok(found),
        _ if is_pattern => Ok(found),
        _ => Err(FindError::Many(word.to_owned(), found)),
    }
}

fn pattern(word: &str, written: &str) -> Result<GlobMatcher, FindError> {
    let glob = globset::GlobBuilder::new(written)
        .literal_separator(true)
        .build();
    glob.map(|glob: Glob| glob.compile_matcher())
        .map_err(|error| FindError::Pattern(word.to_owned(), error.kind().to_string()))
}

/// Names to choose from.
fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(" or ")
}

/// A name, and what is left of it without its first folders.
fn tails(name: &str) -> impl Iterator<Item = &str> {
    let behind = name.match_indices('/').map(|(at, _)| &name[at + 1..]);
    std::iter::once(name).chain(behind)
}

fn hint(written: &str, names: &[String]) -> String {
    let last = written.rsplit('/').next().unwrap_or(written);
    let stem = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let stems: Vec<String> = names.iter().map(|name| stem(name)).collect();
    let near = nearest::nearest(last, stems.iter().map(String::as_str));
    let near: Vec<String> = names
        .iter()
        .filter(|name| near.is_some_and(|near| stem(name) == near))
        .cloned()
        .collect();
    if near.is_empty() {
        "`personary theme eject` lists what there is".to_owned()
    } else {
        format!("did you mean {}?", quoted(&near))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_belongs_to_a_group_and_can_be_copied() {
        assert_eq!(files().len(), BuiltIn::iter().count());
        for (_, name) in files() {
            assert!(text(&name).is_some(), "{name}");
            assert_eq!(find(&name).ok(), Some(vec![name]));
        }
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        let one =
            |word: &str| find(word).map_or_else(|error| error.to_string(), |found| found.join(" "));
        for (word, found) in [
            ("persona.html", "templates/persona.html"),
            ("./templates/persona.html", "templates/persona.html"),
            ("claim.html", "templates/stencils/claim.html"),
            ("stencils/feeling.html", "templates/stencils/feeling.html"),
            ("style.css", "static/style.css"),
            ("icons.yaml", "icons.yaml"),
            ("de.yaml", "labels/de.yaml"),
        ] {
            assert_eq!(one(word), found, "{word}");
        }
        assert!(find("stencils/*").is_ok_and(|found| found.len() > 5));
        insta::assert_snapshot!(one("feeling.html"), @r"
        `feeling.html` may be `templates/stencils/feeling.html` or `templates/pieces/feeling.html`
        help: write it with its folder
        ");
        insta::assert_snapshot!(one("templates/persoan.html"), @r"
        the built-in theme has no `templates/persoan.html`
        help: did you mean `templates/persona.html`?
        ");
        insta::assert_snapshot!(one("nothing.such"), @r"
        the built-in theme has no `nothing.such`
        help: `personary theme eject` lists what there is
        ");
        insta::assert_snapshot!(one("[.css"), @r"
        `[.css` is not a pattern: unclosed character class; missing ']'
        help: write something like `stencils/*` or `*.css`
        ");
    }
}
