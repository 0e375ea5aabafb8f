//! The examples of `CommonMark`, held against the HTML of a page.
//!
//! What a site does with Markdown on purpose is taken out of both sides first ([`reduced`]): headings
//! have anchors and begin below the title, links lead to pages of the site or nowhere. Raw HTML goes
//! through the cleaner, and so does that of the example: what an example expects is what the cleaner
//! leaves of it. The lists below name every example in which anything else shows.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use pulldown_cmark::{Event, Parser};

use super::CLEANER;
use crate::library::Library;
use crate::site::{Options, RefCache, Site, Theme};
use crate::source::Memory;
use crate::source::markdown::OPTIONS;
use crate::suites::{Example, commonmark_examples};

/// Examples that come out otherwise, with the reason.
const DEVIATIONS: &[(&str, &[usize])] = &[
    ("text in two brackets is a wiki link", &[548, 559, 590]),
    (
        "the address of another site stays as it is written; browsers encode it",
        &[20, 346, 526, 538, 603],
    ),
];

/// What happens to raw HTML that does not reach the page as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rule {
    /// What runs or restyles the page is gone, with all that is in it.
    Code,
    /// Comments, declarations and instructions are gone.
    Comment,
    /// A tag that authors do not need, or that is never finished or never opened, is gone; the text
    /// in it stays.
    Tag,
    /// Attributes that authors do not need are gone, and what is open is closed, as in a browser.
    Form,
}

/// Examples whose raw HTML does not reach the page as it is written, with the rule.
const CLEANED: &[(Rule, &[usize])] = &[
    (Rule::Code, &[170, 172, 173, 176, 178]),
    (
        Rule::Comment,
        &[
            177, 179, 180, 181, 182, 183, 308, 309, 625, 626, 627, 628, 629,
        ],
    ),
    (
        Rule::Tag,
        &[
            150, 151, 156, 157, 158, 163, 165, 171, 201, 491, 524, 536, 613, 614, 615, 616, 617,
        ],
    ),
    (
        Rule::Form,
        &[
            21, 31, 148, 149, 152, 153, 154, 155, 160, 164, 169, 174, 175, 184, 187, 190, 191, 344,
            476, 477, 494, 623, 630, 631, 642, 643,
        ],
    ),
];

/// The rule by which the HTML of an example becomes `cleaned`.
fn rule(html: &str, cleaned: &str) -> Rule {
    let html = html.to_ascii_lowercase();
    let names = |html: &str| -> BTreeSet<String> {
        let tags = html.split('<').skip(1);
        let name = |tag: &str| {
            let end = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            tag[..end.unwrap_or(tag.len())].to_owned()
        };
        tags.map(name).collect()
    };
    if html.contains("<script") || html.contains("<style") {
        Rule::Code
    } else if html.contains("<!") || html.contains("<?") {
        Rule::Comment
    } else if names(&html).is_subset(&names(cleaned)) {
        Rule::Form
    } else {
        Rule::Tag
    }
}

/// Renders an example as the text of a page.
fn rendered(examples: &[Example]) -> Vec<String> {
    let tree = examples.iter().fold(Memory::default(), |tree, example| {
        let text = format!("---\nname: X\n---\n{}", example.markdown);
        tree.with(&path(example), text)
    });
    let library = Library::load(Arc::new(tree));
    let (theme, _) = Theme::load(&library);
    let options = Options::default();
    let refs = RefCache::new(&library);
    let site = Site::new(&library, &theme, &options, &refs);
    let render = |example| {
        let (_, entity) = library.by_path(&path(example)).expect("a page");
        site.html(entity)
    };
    examples.iter().map(render).collect()
}

fn path(example: &Example) -> String {
    format!("content/pages/e{}.md", example.number)
}

/// HTML without what a site changes on purpose: the level and the anchor of headings, where links
/// and pictures lead that are not on other sites, and how empty elements and quotes are written.
fn reduced(html: &str) -> String {
    let html = pictures(html);
    let mut out = String::new();
    let mut rest = &*html;
    while let Some((text, tag)) = rest.split_once('<') {
        out.push_str(text);
        let Some((inside, after)) = tag.split_once('>') else {
            out.push('<');
            rest = tag;
            continue;
        };
        rest = after;
        out.push_str(&tag_of(inside.trim_end_matches('/').trim_end(), &mut rest));
    }
    out.push_str(rest);
    let out = out.replace("&quot;", "\"").replace("&#39;", "'");
    out.replace("<li>\n<", "<li><").trim().to_owned()
}

/// Writes what stands for a missing picture as one.
fn pictures(html: &str) -> String {
    let mut parts = html.split("<span class=\"missing\">");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (text, after) = part.split_once(" (not found)</span>").expect("its end");
        let _ = write!(out, "<img src=\"\" alt=\"{text}\">{after}");
    }
    out
}

/// A tag in its shortest form; what a site writes for a dead link is read as one.
fn tag_of(inside: &str, rest: &mut &str) -> String {
    let value = |name: &str| {
        let (_, value) = inside.split_once(&format!(" {name}=\""))?;
        Some(value.split_once('"')?.0)
    };
    let name = inside.split([' ', '\n']).next().unwrap_or_default();
    let titled = |mut tag: String| {
        if let Some(title) = value("title") {
            let _ = write!(tag, " title=\"{title}\"");
        }
        tag + ">"
    };
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => "<h>".to_owned(),
        "/h1" | "/h2" | "/h3" | "/h4" | "/h5" | "/h6" => "</h>".to_owned(),
        "a" if value("href").is_some() => titled(match value("href").filter(|to| leads_away(to)) {
            Some(to) => format!("<a href=\"{to}\""),
            None => "<a".to_owned(),
        }),
        "span" if value("class") == Some("unlinked") => {
            // Up to its end, which a note may follow.
            if let Some((text, after)) = rest.split_once("</span>") {
                let note = " <small class=\"aside\">(not found)</small>";
                let text = reduced(text);
                *rest = after.strip_prefix(note).unwrap_or(after);
                return titled("<a".to_owned()) + &text + "</a>";
            }
            format!("<{inside}>")
        }
        "img" => match value("src").filter(|to| leads_away(to)) {
            Some(_) => format!("<{}>", inside.replace(" loading=\"lazy\"", "")),
            None => format!("<img alt=\"{}\">", value("alt").unwrap_or_default()),
        },
        _ => format!("<{inside}>"),
    }
}

fn leads_away(to: &str) -> bool {
    ["http:", "https:", "mailto:", "tel:", "//"]
        .iter()
        .any(|scheme| to.to_ascii_lowercase().starts_with(scheme))
}

fn holds_html(example: &Example) -> bool {
    Parser::new_ext(&example.markdown, OPTIONS)
        .any(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)))
}

#[test]
#[ignore = "reads the Node modules"]
fn the_commonmark_suite_comes_out_but_for_the_examples_that_are_named() {
    let examples = commonmark_examples();
    let mut deviating = Vec::new();
    let mut cleaned = Vec::new();
    let mut shown = String::new();
    for (example, html) in examples.iter().zip(rendered(&examples)) {
        let raw = holds_html(example);
        let wanted = if raw {
            CLEANER.clean(&example.html).to_string()
        } else {
            example.html.clone()
        };
        let (found, wanted) = (reduced(&html), reduced(&wanted));
        // Comments are gone, and the line breaks around them.
        let squeezed = |html: &str| html.replace("\n\n", "\n");
        if found != wanted && !(raw && squeezed(&found) == squeezed(&wanted)) {
            deviating.push(example.number);
            let _ = writeln!(
                shown,
                "---- {}\n{}\n==== wanted\n{wanted}\n==== found\n{found}",
                example.number, example.markdown
            );
        }
        if raw && wanted != reduced(&example.html) {
            cleaned.push((
                rule(&example.html, &CLEANER.clean(&example.html).to_string()),
                example.number,
            ));
        }
    }
    let mut named: Vec<usize> = DEVIATIONS
        .iter()
        .flat_map(|(_, numbers)| numbers.iter().copied())
        .collect();
    named.sort_unstable();
    assert_eq!(deviating, named, "{shown}");
    cleaned.sort_unstable();
    let named: Vec<(Rule, usize)> = CLEANED
        .iter()
        .flat_map(|(rule, numbers)| numbers.iter().map(move |&number| (*rule, number)))
        .collect();
    assert_eq!(cleaned, named);
}
