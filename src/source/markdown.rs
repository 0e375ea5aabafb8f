//! Markdown as Personary reads it: the dialect, heading ids, and the outline of a text.
//!
//! In: the Markdown of a document. Out: its headings and links with their places, without
//! rendering. The site renders with the same [`OPTIONS`] and the same [`Slugs`], so an anchor
//! that checks is an anchor that exists.

mod blocks;
mod destination;
mod raw;

use std::collections::HashMap;
use std::ops::Range;

pub use blocks::{Block, blocks};
pub use destination::{Destination, destinations};
use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};
use raw::Pieces;
pub use raw::{Raw, RawLink, scan};

/// `CommonMark` with what Git hosts add, and wiki links.
pub const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_DEFINITION_LIST)
    .union(Options::ENABLE_WIKILINKS);

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6, as written.
    pub level: u8,
    /// Its anchor.
    pub id: Box<str>,
    /// Its text without markup.
    pub text: Box<str>,
}

/// A link or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, as written, without the brackets.
    pub to: Box<str>,
    /// Its place in the file, in bytes: the whole of `[text](target)`.
    pub span: Range<usize>,
    /// How it is written; in raw HTML, a link or an image too.
    pub form: Form,
}

/// How a link is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `[text](target)` in any of its variants.
    Link,
    /// `![text](target)`.
    Image,
    /// `[[target]]`.
    Wiki,
}

/// The headings and links of a text.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// Headings in order.
    pub headings: Vec<Heading>,
    /// Links and images in order.
    pub links: Vec<Link>,
    /// Anchors that raw HTML sets.
    pub raw_ids: Vec<Box<str>>,
}

/// Reads the outline of `markdown`, whose first byte is at `offset` in its file.
pub fn outline(markdown: &str, offset: usize) -> Outline {
    let mut outline = Outline::default();
    // Most of the cost is parsing; a text without any of these has neither headings nor links.
    if !markdown.contains(['#', '[', '<', '=', '-']) && !markdown.contains("://") {
        return outline;
    }
    let mut slugs = Slugs::default();
    let mut heading: Option<(u8, Option<String>, String)> = None;
    let mut raw = Pieces::default();
    for (event, span) in Parser::new_ext(markdown, OPTIONS).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                heading = Some((depth(level), id.map(|id| id.to_string()), String::new()));
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, id, text)) = heading.take() {
                    outline.headings.push(Heading {
                        level,
                        id: slugs.take(id.as_deref(), &text).into(),
                        text: text.trim().into(),
                    });
                }
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some((.., heading)) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                ..
            }) if link_type != LinkType::Email => {
                let form = match link_type {
                    LinkType::WikiLink { .. } => Form::Wiki,
                    _ => Form::Link,
                };
                outline.links.push(link(&dest_url, &span, offset, form));
            }
            Event::Start(Tag::Image {
                link_type,
                dest_url,
                ..
            }) => {
                let form = match link_type {
                    LinkType::WikiLink { .. } => Form::Wiki,
                    _ => Form::Image,
                };
                outline.links.push(link(&dest_url, &span, offset, form));
            }
            Event::Html(html) => raw.push(&html, span.start),
            Event::InlineHtml(html) => {
                raw.push(&html, span.start);
                outline.add(&mut raw, offset);
            }
            Event::End(TagEnd::HtmlBlock) => outline.add(&mut raw, offset),
            _ => {}
        }
    }
    outline
}

impl Outline {
    /// Adds what raw HTML holds.
    fn add(&mut self, raw: &mut Pieces, offset: usize) {
        let (links, ids) = raw.take();
        let links = links.into_iter();
        self.links
            .extend(links.map(|raw| link(&raw.to, &raw.span, offset, raw.form)));
        self.raw_ids.extend(ids.into_iter().map(Into::into));
    }
}

fn link(to: &str, span: &Range<usize>, offset: usize, form: Form) -> Link {
    Link {
        to: to.into(),
        span: span.start + offset..span.end + offset,
        form,
    }
}

/// The level as a number.
pub fn depth(level: HeadingLevel) -> u8 {
    level as u8
}

/// The anchor of the main part of every page, which no heading can have.
pub const RESERVED: &str = "main";

/// Gives headings the anchors that Git hosts give them: lower case, spaces as hyphens, no
/// punctuation, and `-1`, `-2` … for repeated ones.
#[derive(Debug, Default)]
pub struct Slugs {
    used: HashMap<String, usize>,
}

impl Slugs {
    /// The anchor of a heading: the one its author chose, or one made of its text.
    pub fn take(&mut self, chosen: Option<&str>, text: &str) -> String {
        let slug = chosen.map_or_else(|| slug(text), str::to_owned);
        let first = usize::from(slug == RESERVED);
        let seen = self.used.entry(slug.clone()).or_insert(first);
        let repeated = *seen;
        *seen += 1;
        if repeated == 0 {
            return slug;
        }
        let mut number = repeated;
        loop {
            let numbered = format!("{slug}-{number}");
            if !self.used.contains_key(&numbered) {
                self.used.insert(numbered.clone(), 1);
                return numbered;
            }
            number += 1;
        }
    }
}

/// A text as an anchor or a file name: lower case, spaces as hyphens, no punctuation.
pub fn slug(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() {
        // Small letters of all scripts take much longer to find.
        let bytes = text.bytes().filter_map(|byte| match byte {
            b' ' => Some('-'),
            b'-' | b'_' => Some(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => Some(char::from(byte.to_ascii_lowercase())),
            _ => None,
        });
        return bytes.collect();
    }
    text.chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            c if c.is_alphanumeric() => Some(c),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_get_the_anchors_of_git_hosts() {
        let outline = outline(
            "# A day with Priya!\n\n## `code` & more\n\n## Same\n\n## Same\n\n## Other {#own}\n",
            0,
        );
        let ids: Vec<_> = outline.headings.iter().map(|h| &*h.id).collect();
        assert_eq!(
            ids,
            ["a-day-with-priya", "code--more", "same", "same-1", "own"]
        );
    }

    #[test]
    fn links_know_their_places() {
        let text = "See [NPS](../kpis/nps.md#why), ![x](a.png), [[kpi:nps|the score]] and <https://example.com>.\n";
        let outline = outline(text, 100);
        let links: Vec<_> = outline
            .links
            .iter()
            .map(|l| (&*l.to, l.form, &text[l.span.start - 100..l.span.end - 100]))
            .collect();
        assert_eq!(
            links,
            [
                (
                    "../kpis/nps.md#why",
                    Form::Link,
                    "[NPS](../kpis/nps.md#why)"
                ),
                ("a.png", Form::Image, "![x](a.png)"),
                ("kpi:nps", Form::Wiki, "[[kpi:nps|the score]]"),
                ("https://example.com", Form::Link, "<https://example.com>"),
            ]
        );
    }
}
