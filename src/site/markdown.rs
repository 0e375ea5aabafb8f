//! Markdown to HTML: links of the site, anchors, glossary, and nothing that runs.
//!
//! Raw HTML is cleaned by a parser of HTML; everything else is written by us and cannot hold any.

mod nesting;
#[cfg(test)]
mod suite;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::sync::LazyLock;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CowStr, Event, LinkType, Parser, Tag, TagEnd, html,
};
use serde::Serialize;

use super::{Site, encode, route};
use crate::library::links::{self, Target};
use crate::library::{Entity, Resolved};
use crate::schema::Kind;
use crate::source::markdown::{Form, Link, OPTIONS, RESERVED, Slugs, depth, scan};

/// Rendered Markdown.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) html: String,
    pub(super) headings: Vec<Entry>,
}

/// A line of the table of contents.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) level: u8,
}

/// Cleans raw HTML: what authors need stays, what runs or sends goes.
static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::default();
    builder
        .add_generic_attributes([
            "id",
            "class",
            "role",
            "tabindex",
            "aria-label",
            "aria-hidden",
        ])
        .add_tags(["input", "section", "figure", "figcaption"])
        .add_tag_attributes("input", ["type", "disabled", "checked"])
        // The box of a task list, and no other field.
        .set_tag_attribute_value("input", "type", "checkbox")
        .set_tag_attribute_value("input", "disabled", "")
        .add_tag_attributes("details", ["open"])
        .add_tag_attributes("img", ["loading"])
        .link_rel(None)
        .attribute_filter(|element, attribute, value| {
            let kept = match attribute {
                "class" => return text_classes(value),
                // What the interface asks for by its id, or looks at in a stylesheet, is its own.
                "id" => element != "input" && !is_of_interface(value),
                // Where a tag begins in one piece of HTML and ends in another, this is the first to see it.
                "src" => !(is_elsewhere(value) || value.contains("//")),
                "tabindex" => value == "0",
                "role" => ["group", "img", "list", "listitem", "note", "region"].contains(&value),
                _ => true,
            };
            kept.then_some(Cow::Borrowed(value))
        })
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]));
    // Where a quotation is from, in an attribute that no browser shows.
    for element in ["blockquote", "del", "ins", "q"] {
        builder.rm_tag_attributes(element, ["cite"]);
    }
    builder
});

/// The elements that it keeps.
static TAGS: LazyLock<HashSet<&str>> = LazyLock::new(|| CLEANER.clone_tags());

/// The classes of a text: those that Markdown gives, and those of authors, which begin with `x-`.
/// With one of the interface a text could look like a part of it.
fn text_classes(value: &str) -> Option<Cow<'_, str>> {
    const OURS: [&str; 11] = [
        "al-left",
        "al-center",
        "al-right",
        "alert-title",
        "aside",
        "footnote-definition",
        "footnote-reference",
        "missing",
        "scroll",
        "term",
        "unlinked",
    ];
    let is_kept = |class: &&str| {
        let begins = |start: &&str| class.starts_with(start);
        OURS.contains(class) || ["x-", "language-", "markdown-alert-"].iter().any(begins)
    };
    let kept: Vec<&str> = value.split_ascii_whitespace().filter(is_kept).collect();
    (!kept.is_empty()).then(|| kept.join(" ").into())
}

/// Whether an id belongs to the frame of pages or to the marks of changes.
fn is_of_interface(id: &str) -> bool {
    id == RESERVED || id.starts_with("chg-") || id.starts_with("change-")
}

impl Site<'_> {
    /// Renders the Markdown of an entity for the page whose links start with `root`.
    pub(super) fn markdown(&self, entity: &Entity, root: &str) -> Body {
        let source = entity.document.markdown();
        if source.trim().is_empty() {
            return Body::default();
        }
        let mut writer = Writer {
            site: self,
            entity,
            root,
            slugs: Slugs::default(),
            linked: HashSet::new(),
            shift: shift(entity),
            last_level: 1,
            headings: Vec::new(),
            inside: 0,
            raw: false,
            skip_title: entity.kind == Kind::Page && entity.common.name.is_empty(),
            ends: Vec::new(),
            footnotes: HashMap::new(),
            columns: Vec::new(),
            cell: (0, false),
        };
        if !entity.outline.headings.is_empty() {
            for anchor in entity.own_anchors() {
                writer.slugs.take(Some(&anchor), "");
            }
        }
        let mut events = Vec::with_capacity(source.len() / 16);
        let mut parser = Parser::new_ext(source, OPTIONS);
        while let Some(event) = parser.next() {
            writer.event(event, &mut parser, &mut events);
        }
        let mut out = String::with_capacity(source.len() * 2);
        html::push_html(&mut out, events.into_iter());
        if writer.raw {
            out = CLEANER.clean(&nesting::in_order(&out, &TAGS)).to_string();
        }
        Body {
            html: out,
            headings: writer.headings,
        }
    }
}

/// Whether the address of a picture is not one of this site, in which every colon is encoded. Browsers
/// take `\` for `/`, and leave out tabs and line breaks.
fn is_elsewhere(src: &str) -> bool {
    src.starts_with("//") || src.contains([':', '\\', '\t', '\r', '\n'])
}

/// How the cells of a column say where their text stands: by a class, as no page has styles.
fn aligned(alignment: Alignment) -> &'static str {
    match alignment {
        Alignment::None => "",
        Alignment::Left => " class=\"al-left\"",
        Alignment::Center => " class=\"al-center\"",
        Alignment::Right => " class=\"al-right\"",
    }
}

#[cfg(any(test, fuzzing))]
impl Site<'_> {
    /// The Markdown of an entity as HTML, for those who test it without a page around it.
    pub(crate) fn html(&self, entity: &Entity) -> String {
        self.markdown(entity, "../../").html
    }
}

/// How much headings move so that the highest one is an `h2`, below the page's own `h1`.
fn shift(entity: &Entity) -> i8 {
    let skip = usize::from(entity.kind == Kind::Page && entity.common.name.is_empty());
    let levels = entity.outline.headings.iter().skip(skip).map(|h| h.level);
    2 - levels
        .min()
        .map_or(2, |level| i8::try_from(level).unwrap_or(2))
}

struct Writer<'a, 's> {
    site: &'a Site<'s>,
    entity: &'a Entity,
    root: &'a str,
    slugs: Slugs,
    /// Terms that are linked already.
    linked: HashSet<&'a str>,
    shift: i8,
    last_level: u8,
    headings: Vec<Entry>,
    /// How many links, headings and code blocks are open, in which no term is linked.
    inside: usize,
    raw: bool,
    skip_title: bool,
    /// How the open links end.
    ends: Vec<&'static str>,
    /// The numbers of the footnotes, by their names: in the order in which they are met.
    footnotes: HashMap<Box<str>, usize>,
    /// The classes of the columns of the open table.
    columns: Vec<&'static str>,
    /// The column of its next cell, and whether that stands in the head.
    cell: (usize, bool),
}

type Events<'e> = Vec<Event<'e>>;
/// Where a link leads, what to say beside it, and the name of its target.
type Place<'a> = (Option<String>, Option<String>, Option<&'a str>);

fn raw(text: impl Into<String>) -> Event<'static> {
    Event::InlineHtml(CowStr::from(text.into()))
}

impl<'a, 's: 'a> Writer<'a, 's> {
    fn event<'e>(&mut self, event: Event<'e>, parser: &mut Parser<'e>, out: &mut Events<'e>) {
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                self.heading(depth(level), id.as_deref(), parser, out);
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            }) => {
                self.link(link_type, &dest_url, &title, parser, out);
            }
            Event::End(TagEnd::Link) => {
                self.inside = self.inside.saturating_sub(1);
                out.push(raw(self.ends.pop().unwrap_or("</a>")));
            }
            Event::Start(Tag::Image {
                dest_url,
                title,
                link_type,
                ..
            }) => {
                self.image(link_type, &dest_url, &title, parser, out);
            }
            Event::Start(Tag::CodeBlock(_)) => {
                self.inside += 1;
                out.push(event);
            }
            Event::End(TagEnd::CodeBlock) => {
                self.inside = self.inside.saturating_sub(1);
                out.push(event);
            }
            Event::Start(Tag::BlockQuote(Some(kind))) => self.alert(kind, out),
            Event::End(TagEnd::BlockQuote(Some(_))) => out.push(raw("</blockquote>\n")),
            Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell)
            | Event::End(TagEnd::Table | TagEnd::TableCell) => self.table(event, out),
            Event::FootnoteReference(name) => {
                let first = !self.footnotes.contains_key(&*name);
                let number = self.footnote(&name);
                let id = if first {
                    format!(" id=\"fnref-{number}\"")
                } else {
                    String::new()
                };
                out.push(raw(format!(
                    "<sup class=\"footnote-reference\"><a href=\"#fn-{number}\"{id}>{number}</a></sup>"
                )));
            }
            Event::Start(Tag::FootnoteDefinition(name)) => {
                let number = self.footnote(&name);
                out.push(raw(format!(
                    "<div class=\"footnote-definition\" id=\"fn-{number}\"><sup>{number}</sup>"
                )));
            }
            Event::End(TagEnd::FootnoteDefinition) => out.push(raw("</div>\n")),
            Event::TaskListMarker(done) => {
                let (key, checked) = if done {
                    ("done", " checked")
                } else {
                    ("open", "")
                };
                let label = self.word(&["general", key], key);
                out.push(raw(format!(
                    "<input type=\"checkbox\" disabled{checked} aria-label=\"{}\"> ",
                    escape(label)
                )));
            }
            Event::HardBreak => out.push(raw("<br>\n")),
            Event::Rule => out.push(raw("<hr>\n")),
            Event::Start(Tag::HtmlBlock) => {
                let mut block = String::new();
                for event in parser.by_ref() {
                    match event {
                        Event::End(TagEnd::HtmlBlock) => break,
                        Event::Html(html) | Event::Text(html) => block.push_str(&html),
                        _ => {}
                    }
                }
                self.html(&block, out);
            }
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html, out),
            Event::Text(text) if self.inside == 0 => self.text(text, out),
            other => out.push(other),
        }
    }

    /// A part of a table, which scrolls in a frame of its own.
    fn table<'e>(&mut self, event: Event<'e>, out: &mut Events<'e>) {
        match event {
            Event::Start(Tag::Table(alignments)) => {
                let label = self.word(&["general", "table"], "Table");
                out.push(raw(format!(
                    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">",
                    escape(label)
                )));
                self.columns = alignments.into_iter().map(aligned).collect();
                out.push(Event::Start(Tag::Table(Vec::new())));
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                self.cell = (0, matches!(event, Event::Start(Tag::TableHead)));
                out.push(event);
            }
            Event::Start(Tag::TableCell) => {
                let (column, is_head) = self.cell;
                let class = self.columns.get(column).copied().unwrap_or_default();
                out.push(raw(format!(
                    "<t{}{class}>",
                    if is_head { 'h' } else { 'd' }
                )));
            }
            Event::End(TagEnd::TableCell) => {
                let (column, is_head) = &mut self.cell;
                *column += 1;
                out.push(raw(if *is_head { "</th>" } else { "</td>" }));
            }
            Event::End(TagEnd::Table) => {
                out.push(event);
                out.push(raw("</div>\n"));
            }
            other => out.push(other),
        }
    }

    /// Writes raw HTML, its links as those of Markdown: they lead to the pages of files.
    fn html(&mut self, html: &str, out: &mut Events<'_>) {
        let text = html.trim();
        if text.starts_with("<!--") && text.find("-->") == text.len().checked_sub(3) {
            return;
        }
        self.raw = true;
        let mut written = String::with_capacity(html.len());
        let mut done = 0;
        for link in scan(html).links {
            written.push_str(&html[done..link.attribute.start]);
            // What leads nowhere stays as a text, or as a picture's description.
            if let (Some(href), ..) = self.place(&link.to, link.form)
                && !(link.form == Form::Image && is_elsewhere(&href))
            {
                let name = if link.form == Form::Image {
                    "src"
                } else {
                    "href"
                };
                let _ = write!(written, "{name}=\"{}\"", escape(&href));
            }
            done = link.attribute.end;
            for again in link.again {
                written.push_str(&html[done..again.start]);
                done = again.end;
            }
        }
        written.push_str(&html[done..]);
        out.push(Event::Html(written.into()));
    }

    /// The number of a footnote.
    fn footnote(&mut self, name: &str) -> usize {
        let next = self.footnotes.len() + 1;
        *self.footnotes.entry(name.into()).or_insert(next)
    }

    fn word(&self, path: &[&str], fallback: &'static str) -> &'a str {
        self.site.theme.word(path).unwrap_or(fallback)
    }

    /// Writes a heading with its anchor. The first heading of a page without a name is its name,
    /// which the template shows.
    fn heading<'e>(
        &mut self,
        level: u8,
        id: Option<&str>,
        parser: &mut Parser<'e>,
        out: &mut Events<'e>,
    ) {
        let mut inner = Vec::new();
        let mut text = String::new();
        self.inside += 1;
        while let Some(event) = parser.next() {
            match event {
                Event::End(TagEnd::Heading(_)) => break,
                Event::Text(ref piece) | Event::Code(ref piece) => {
                    text.push_str(piece);
                    inner.push(event);
                }
                event => self.event(event, parser, &mut inner),
            }
        }
        self.inside -= 1;
        let id = self.slugs.take(id, &text);
        if std::mem::take(&mut self.skip_title) {
            return;
        }
        let wanted = level.saturating_add_signed(self.shift).clamp(2, 6);
        let level = wanted.min(self.last_level + 1);
        self.last_level = level;
        out.push(raw(format!("<h{level} id=\"{}\">", escape(&id))));
        out.append(&mut inner);
        out.push(raw(format!("</h{level}>\n")));
        self.headings.push(Entry {
            id,
            text: text.trim().to_owned(),
            level,
        });
    }

    fn link<'e>(
        &mut self,
        link_type: LinkType,
        to: &str,
        title: &str,
        parser: &mut Parser<'e>,
        out: &mut Events<'e>,
    ) {
        self.inside += 1;
        if link_type == LinkType::Email {
            out.push(raw(format!("<a href=\"mailto:{}\">", escape(to))));
            self.ends.push("</a>");
            return;
        }
        let form = match link_type {
            LinkType::WikiLink { .. } => Form::Wiki,
            _ => Form::Link,
        };
        let (href, note, name) = self.place(to, form);
        // `[[nps]]` shows the name of what it points at, not its id.
        if matches!(link_type, LinkType::WikiLink { has_pothole: false }) {
            let shown = name.unwrap_or(to).to_owned();
            for event in parser.by_ref() {
                if matches!(event, Event::End(TagEnd::Link)) {
                    break;
                }
            }
            self.open(href, title, out);
            out.push(Event::Text(shown.into()));
            self.close(note, out);
            return;
        }
        self.open(href, title, out);
        while let Some(event) = parser.next() {
            if matches!(event, Event::End(TagEnd::Link)) {
                break;
            }
            self.event(event, parser, out);
        }
        self.close(note, out);
    }

    fn open(&mut self, href: Option<String>, title: &str, out: &mut Events<'_>) {
        let title = match title {
            "" => String::new(),
            title => format!(" title=\"{}\"", escape(title)),
        };
        if let Some(href) = href {
            out.push(raw(format!("<a href=\"{}\"{title}>", escape(&href))));
            self.ends.push("</a>");
        } else {
            out.push(raw(format!("<span class=\"unlinked\"{title}>")));
            self.ends.push("</span>");
        }
    }

    fn close(&mut self, note: Option<String>, out: &mut Events<'_>) {
        self.inside -= 1;
        out.push(raw(self.ends.pop().unwrap_or("</a>")));
        if let Some(note) = note {
            out.push(raw(format!(
                " <small class=\"aside\">({})</small>",
                escape(&note)
            )));
        }
    }

    /// Where a link leads on this site, what to say beside it, and the name of its target.
    fn place(&self, to: &str, form: Form) -> Place<'a> {
        let link = Link {
            to: to.into(),
            span: 0..0,
            form,
        };
        let missing = || Some(self.word(&["ref", "missing"], "not found").to_owned());
        match links::target(&self.entity.document.path, &link) {
            Target::Entity { kind, id, anchor } => {
                let library = self.site.library;
                match library.resolve_name(kind, &id) {
                    Some(Resolved { entity, .. }) => {
                        let status = entity.status().as_str();
                        let word = self.site.theme.word(&["values", "status", status]);
                        let note = (status != "active").then(|| word.unwrap_or(status).to_owned());
                        let href = self.site.is_published(entity).then(|| {
                            let mut href = format!("{}{}", self.root, self.site.path_of(entity));
                            if let Some(anchor) = &anchor {
                                let _ = write!(href, "#{}", encode(anchor));
                            }
                            href
                        });
                        (href, note, Some(self.site.name_of(entity)))
                    }
                    None => self.gone(kind, &id).unwrap_or((None, missing(), None)),
                }
            }
            Target::Index(kind) => (Some(format!("{}{}/", self.root, kind.folder())), None, None),
            Target::Here(anchor) => (Some(format!("#{}", encode(&anchor))), None, None),
            Target::File(path, anchor) if self.site.library.has_asset(&path) => {
                let anchor = anchor
                    .map(|a| format!("#{}", encode(&a)))
                    .unwrap_or_default();
                let path = encode(route::asset_path(&path));
                (Some(format!("{}{path}{anchor}", self.root)), None, None)
            }
            Target::External => (Some(to.to_owned()), None, None),
            Target::File(..) | Target::Outside => (None, missing(), None),
            Target::Forbidden => (None, None, None),
        }
    }

    /// The page of what is gone, on a site that is compared with another state.
    fn gone(&self, kind: Option<Kind>, id: &str) -> Option<Place<'a>> {
        let compared = self.site.compared?;
        let kinds = Kind::ALL.iter().copied();
        let kinds = kinds.filter(|other| kind.is_none_or(|kind| kind == *other));
        let was = compared.gone_among(self.site, kinds, id)?;
        let word = self.word(&["changes", "became", "gone"], "removed");
        let href = format!("{}{}", self.root, route::entity_path(was));
        Some((Some(href), Some(word.to_owned()), Some(was.name())))
    }

    fn image<'e>(
        &mut self,
        link_type: LinkType,
        to: &str,
        title: &str,
        parser: &mut Parser<'e>,
        out: &mut Events<'e>,
    ) {
        let mut alt = String::new();
        let mut depth = 1;
        for event in parser.by_ref() {
            match event {
                Event::Start(Tag::Image { .. }) => depth += 1,
                Event::End(TagEnd::Image) => depth -= 1,
                Event::Text(text) | Event::Code(text) => alt.push_str(&text),
                Event::SoftBreak | Event::HardBreak => alt.push(' '),
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        let form = match link_type {
            LinkType::WikiLink { .. } => Form::Wiki,
            _ => Form::Image,
        };
        let (src, ..) = self.place(to, form);
        let title = match title {
            "" => String::new(),
            title => format!(" title=\"{}\"", escape(title)),
        };
        out.push(match src {
            // Pages load nothing from elsewhere.
            Some(src) if is_elsewhere(&src) => raw(format!(
                "<a href=\"{}\"{title}>{}</a>",
                escape(&src),
                escape(if alt.trim().is_empty() { to } else { &alt })
            )),
            Some(src) => raw(format!(
                "<img src=\"{}\" alt=\"{}\"{title} loading=\"lazy\">",
                escape(&src),
                escape(&alt)
            )),
            None => raw(format!(
                "<span class=\"missing\">{} ({})</span>",
                escape(&alt),
                escape(self.word(&["ref", "missing"], "not found"))
            )),
        });
    }

    fn alert(&self, kind: BlockQuoteKind, out: &mut Events<'_>) {
        let name = match kind {
            BlockQuoteKind::Note => "note",
            BlockQuoteKind::Tip => "tip",
            BlockQuoteKind::Important => "important",
            BlockQuoteKind::Warning => "warning",
            BlockQuoteKind::Caution => "caution",
        };
        let title = self.word(&["callouts", name], name);
        out.push(raw(format!(
            "<blockquote class=\"markdown-alert-{name}\"><p class=\"alert-title\"><strong>{}</strong></p>\n",
            escape(title)
        )));
    }

    /// Writes a text with the first appearance of each glossary term as a link.
    fn text<'e>(&mut self, text: CowStr<'e>, out: &mut Events<'e>) {
        let glossary = self.site.library.glossary();
        if glossary.is_empty() {
            out.push(Event::Text(text));
            return;
        }
        let mut links = Vec::new();
        for (range, id) in glossary.find(&text) {
            let own = self.entity.kind == Kind::Term && *self.entity.id == *id;
            if own || self.linked.contains(id) {
                continue;
            }
            let Some(term) = self.site.library.get(Kind::Term, id) else {
                continue;
            };
            if self.site.is_published(term) {
                self.linked.insert(&term.id);
                links.push((range, term));
            }
        }
        if links.is_empty() {
            out.push(Event::Text(text));
            return;
        }
        let mut at = 0;
        for (range, term) in links {
            out.push(Event::Text(text[at..range.start].to_owned().into()));
            let definition = super::refs::summary(term).unwrap_or_default();
            out.push(raw(format!(
                "<a class=\"term\" href=\"{}{}\" title=\"{}\">",
                escape(self.root),
                escape(&self.site.path_of(term)),
                escape(definition)
            )));
            out.push(Event::Text(text[range.clone()].to_owned().into()));
            out.push(raw("</a>"));
            at = range.end;
        }
        out.push(Event::Text(text[at..].to_owned().into()));
    }
}

/// A text as it may stand in HTML, in an attribute too.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    let replacement = |byte: u8| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#39;"),
        _ => None,
    };
    // Most texts need nothing; looking at many bytes at once tells so much faster than one by one.
    let special = |byte: &u8| replacement(*byte).is_some();
    let plain = |bytes: &[u8]| !bytes.iter().fold(false, |any, byte| any | special(byte));
    if text.as_bytes().chunks(64).all(plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(entity) = replacement(byte) {
            out.push_str(&text[done..at]);
            out.push_str(entity);
            done = at + 1;
        }
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}
