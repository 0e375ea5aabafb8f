//! The examples of `CommonMark`, held against the HTML of a page.
//!
//! What a site does with Markdown on purpose is taken out of both sides first ([`reduced`]): headings
//! have anchors, and links lead to files of the site, which are made for the examples, from where the
//! page stands. Headings of the example are lowered as those of a page are, below its title. Raw HTML
//! goes through the cleaner, and so does that of the example: what an example expects is what the
//! cleaner leaves of it. The lists below name every example in which anything else shows.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use pulldown_cmark::{Event, Parser};

use super::CLEANER;
use crate::library::{Library, links};
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
    ("pages do not lead to these schemes", &[596, 598, 599, 601]),
    ("a link to the file of a page leads to the page", &[484]),
    (
        "a file whose name begins with `_` is kept out of the site",
        &[477],
    ),
    (
        "of the names of characters in addresses of raw HTML those are read that addresses need",
        &[31, 630],
    ),
    (
        "an element that is left open ends with what it stands in; a browser opens it again behind that",
        &[187, 344, 476, 494, 613, 614, 615, 616, 631, 642, 643],
    ),
    (
        "the end of a paragraph that is not open is left out; a browser makes an empty one of it",
        &[148],
    ),
    ("what stands in a table and in no cell gets one", &[191]),
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

/// Renders examples as the texts of pages, in a project that has all files they lead to.
fn rendered(examples: &[Example]) -> Vec<String> {
    let tree = examples.iter().fold(Memory::default(), |tree, example| {
        let text = format!("---\nname: X\n---\n{}", example.markdown);
        let files = files(example).into_iter();
        files.fold(tree.with(&path(example), text), |tree, file| {
            tree.with(&file, "")
        })
    });
    let mut library = Library::load(Arc::new(tree));
    // What an example calls a file often ends in a way that no file of a site does.
    for file in examples.iter().flat_map(files) {
        let is_of_texts = file.contains(".md") || file.contains("/_");
        if !is_of_texts {
            library.adopt(&file);
        }
    }
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

/// The files of the project that an example leads to or shows.
fn files(example: &Example) -> Vec<String> {
    let named = [" href=\"", " src=\""].into_iter();
    let named = named.flat_map(|name| example.html.split(name).skip(1));
    let named = named.filter_map(|rest| Some(rest.split_once('"')?.0));
    let files = named.filter_map(|to| {
        let is_file = !to.is_empty() && !to.starts_with('#') && !leads_away(to);
        links::file(&path(example), &unescaped(to)).filter(|_| is_file)
    });
    files.collect()
}

fn path(example: &Example) -> String {
    format!("content/pages/e{}.md", example.number)
}

/// HTML without what a site changes on purpose: the anchors of headings, where it stands from which
/// links lead, and how empty elements and quotes are written.
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

/// HTML with its headings where those of a page stand: the highest is of the second level, and none
/// is more than one below the last.
fn lowered(html: &str) -> String {
    let level = |rest: &str| match rest.as_bytes() {
        [digit @ b'1'..=b'6', b'>', ..] => Some(i32::from(digit - b'0')),
        _ => None,
    };
    let mut parts = html.split("<h");
    let highest = parts.clone().skip(1).filter_map(level).min().unwrap_or(2);
    let mut out = parts.next().unwrap_or_default().to_owned();
    let mut last = 1;
    for part in parts {
        out.push_str("<h");
        match level(part) {
            Some(was) => {
                last = (was + 2 - highest).clamp(2, 6).min(last + 1);
                let end = [format!("</h{was}>"), format!("</h{last}>")];
                let _ = write!(out, "{last}{}", part[1..].replacen(&end[0], &end[1], 1));
            }
            None => out.push_str(part),
        }
    }
    out
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
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => format!("<{name}>"),
        "a" if value("href").is_some() => titled(format!(
            "<a href=\"{}\"",
            meant(value("href").unwrap_or_default())
        )),
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
        "img" => {
            let src = value("src").unwrap_or_default();
            let own = format!("src=\"{src}\"");
            let inside = inside.replace(&own, &format!("src=\"{}\"", meant(src)));
            format!("<{}>", inside.replace(" loading=\"lazy\"", ""))
        }
        _ => format!("<{inside}>"),
    }
}

/// What an address of the example, or of a page that shows it, means: a file of the project.
fn meant(to: &str) -> String {
    if leads_away(to) {
        return to.to_owned();
    }
    let to = unescaped(to);
    let to = percent_decode_str(&to).decode_utf8_lossy();
    let meant = match to.strip_prefix("../../") {
        Some(file) => match file.strip_prefix("pages/") {
            Some(beside) => beside.to_owned(),
            None => format!("/{file}"),
        },
        None => to.trim_start_matches("./").to_owned(),
    };
    meant.replace('&', "&amp;").replace('"', "&quot;")
}

fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
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
        let (found, wanted) = (reduced(&html), reduced(&lowered(&wanted)));
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
        if raw && wanted != reduced(&lowered(&example.html)) {
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
