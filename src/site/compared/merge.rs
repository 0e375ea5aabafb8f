//! Writes two states of a page as one, with marks on what differs.
//!
//! Without what is marked as gone it is the page after, without what is marked as new the page
//! before: the switch of the page hides the one or the other.

use std::fmt::Write;

use super::align::{Item, Step, What, align, is_inline, items};
use super::element::{Side, columns, is_another, is_around, is_control, is_text_only, write_open};
use super::figure;
use super::fit::fit;
use super::tree::{Element, Node, cut};

/// A mark shows so many characters of its text in lists of marks.
const MAX_TEXT: usize = 200;

/// What a mark is called: HTML for people who see it and for those who hear it.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) added: String,
    pub(super) removed: String,
}

/// A place where something differs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) side: Side,
    /// What came or went, as text.
    pub(super) text: String,
    /// The nearest name around it that the page has for its parts.
    pub(super) anchor: Option<String>,
}

/// A page with its marks.
#[derive(Debug)]
pub(super) struct Merged {
    pub(super) html: String,
    pub(super) marks: Vec<Mark>,
}

/// What has to be known to write a page.
pub(super) struct Setting<'s> {
    pub(super) words: &'s Words,
    /// Where a link of the page before leads in the site after, if anywhere.
    pub(super) leads: &'s dyn Fn(&str) -> Option<String>,
}

/// Lays the contents of two pages upon each other; nothing where one of them cannot be cut.
pub(super) fn merge(old: &str, new: &str, setting: &Setting<'_>) -> Option<Merged> {
    let (old, new) = (cut(old)?, cut(new)?);
    let mut writer = Writer {
        out: String::new(),
        marks: Vec::new(),
        around: Vec::new(),
        setting,
    };
    writer.children(&old, &new);
    Some(Merged {
        html: fit(writer.out),
        marks: writer.marks,
    })
}

/// The page of something that is gone, with links that lead somewhere; as it is where it cannot be
/// cut.
pub(super) fn only(old: &str, setting: &Setting<'_>) -> String {
    let Some(nodes) = cut(old) else {
        return old.to_owned();
    };
    let mut writer = Writer {
        out: String::with_capacity(old.len()),
        marks: Vec::new(),
        around: Vec::new(),
        setting,
    };
    for node in &nodes {
        match node {
            Node::Text(text) => writer.out.push_str(text),
            Node::Element(element) => writer.with_links(element),
        }
    }
    writer.out
}

struct Writer<'s> {
    out: String,
    marks: Vec<Mark>,
    /// The names of the parts of the page around what is written.
    around: Vec<String>,
    setting: &'s Setting<'s>,
}

impl Writer<'_> {
    fn children<'a>(&mut self, old: &[Node<'a>], new: &[Node<'a>]) {
        let (old_items, _) = items(old);
        let (new_items, tail) = items(new);
        let steps = align(&old_items, &new_items);
        let mut steps = steps.iter().peekable();
        while let Some(step) = steps.next() {
            match step {
                Step::Same(item) => self.plain(item),
                Step::Pair(old, item) => {
                    self.out.push_str(item.space);
                    if let Some(new) = item.element() {
                        self.pair(old, new);
                    }
                }
                Step::Gone(_) | Step::Come(_) => {
                    // All that changes in one place: what went, then what came.
                    let mut gone = Vec::new();
                    let mut come = Vec::new();
                    let mut next = Some(step);
                    while let Some(step) = next {
                        match step {
                            Step::Gone(item) => gone.push(*item),
                            Step::Come(item) => come.push(*item),
                            _ => {}
                        }
                        next = steps.next_if(|s| matches!(s, Step::Gone(_) | Step::Come(_)));
                    }
                    self.side(&gone, Side::Was);
                    self.side(&come, Side::Now);
                }
            }
        }
        self.out.push_str(tail);
    }

    fn plain(&mut self, item: &Item<'_, '_>) {
        self.out.push_str(item.space);
        self.out.push_str(match item.what {
            What::Word(word) => word,
            What::Element(element) => element.source,
        });
    }

    /// One element before and after.
    fn pair<'a>(&mut self, old: &Element<'a>, new: &Element<'a>) {
        if old.hash == new.hash || is_around(new) {
            self.out.push_str(new.source);
        } else if new.tag == "svg" {
            if new.attribute("role") == Some("img") {
                figure::write(old, new, &mut self.out);
            } else {
                self.drawing(old, Side::Was);
                self.drawing(new, Side::Now);
            }
        } else if is_another(old, new) {
            self.beside(old, new);
        } else {
            let name = new.attribute("id").map(str::to_owned);
            let is_named = name.is_some();
            self.around.extend(name);
            let from = self.out.len();
            self.out.push_str(new.open);
            self.children(&old.children, &new.children);
            self.count_columns(old, new, from);
            self.out.push_str(new.close);
            if is_named {
                self.around.pop();
            }
        }
    }

    /// Two elements that are not taken apart.
    fn beside<'a>(&mut self, old: &Element<'a>, new: &Element<'a>) {
        let item = |element| Item {
            space: "",
            what: What::Element(element),
        };
        self.side(&[item(old)], Side::Was);
        if is_inline(old) && is_inline(new) {
            self.out.push(' ');
        }
        self.side(&[item(new)], Side::Now);
    }

    /// What is there on one side only: words and what stands among them in one mark, blocks each
    /// in its own.
    fn side(&mut self, all: &[Item<'_, '_>], side: Side) {
        for run in all.chunk_by(|a, b| a.is_inline() && b.is_inline()) {
            if run.first().is_some_and(Item::is_inline) {
                self.run(run, side);
                continue;
            }
            for item in run {
                if let Some(element) = item.element() {
                    self.out.push_str(item.space);
                    self.block(element, side);
                }
            }
        }
    }

    fn run(&mut self, run: &[Item<'_, '_>], side: Side) {
        let [first, ..] = run else {
            return;
        };
        let mut text = String::new();
        for item in run {
            let said = match item.what {
                What::Word(word) => word.to_owned(),
                What::Element(element) => element.text(),
            };
            text.push_str(if text.is_empty() { "" } else { " " });
            text.push_str(&said);
        }
        self.out.push_str(match first.space {
            // One side stands behind the other.
            "" if self.out.ends_with("</del>") => " ",
            space => space,
        });
        let _ = write!(self.out, "<{} class=\"{}\">", side.tag(), side.class());
        self.label(side, &text);
        for (number, item) in run.iter().enumerate() {
            if number > 0 {
                self.out.push_str(item.space);
            }
            match (item.what, side) {
                (What::Word(word), _) => self.out.push_str(word),
                (What::Element(element), Side::Now) => self.out.push_str(element.source),
                (What::Element(element), Side::Was) => self.with_links(element),
            }
        }
        let _ = write!(self.out, "</{}>", side.tag());
    }

    /// The word before what is marked, which is where links to the mark lead.
    fn label(&mut self, side: Side, text: &str) {
        let number = self.marks.len() + 1;
        let word = match side {
            Side::Was => &self.setting.words.removed,
            Side::Now => &self.setting.words.added,
        };
        let _ = write!(
            self.out,
            "<span class=\"chg-word\" id=\"change-{number}\">{word}</span>"
        );
        self.marks.push(Mark {
            side,
            text: text.chars().take(MAX_TEXT).collect(),
            anchor: self.around.last().cloned(),
        });
    }

    /// An element that is there on one side only.
    fn block(&mut self, element: &Element<'_>, side: Side) {
        if is_around(element) || (side == Side::Was && is_control(element)) {
            if side == Side::Now {
                self.out.push_str(element.source);
            }
            return;
        }
        // The head of a group of rows stays with the group.
        if element.attribute("scope") == Some("rowgroup") {
            if side == Side::Now {
                self.out.push_str(element.source);
            }
            return;
        }
        if element.tag == "svg" {
            self.drawing(element, side);
            return;
        }
        let name = element.attribute("id").filter(|_| side == Side::Now);
        self.around.extend(name.map(str::to_owned));
        let mut label = element.has_text().then(|| element.text());
        self.open(element, side, Some(side.class()));
        self.marked(element, side, &mut label);
        self.out.push_str(element.close);
        if name.is_some() {
            self.around.pop();
        }
    }

    /// What is in an element that is there on one side only; the first text gets the `label`.
    fn marked(&mut self, element: &Element<'_>, side: Side, label: &mut Option<String>) {
        for child in &element.children {
            match child {
                Node::Text(text) if text.trim().is_empty() || text.starts_with("<!") => {
                    self.out.push_str(text);
                }
                Node::Text(text) if is_text_only(element.tag) => self.out.push_str(text),
                Node::Text(text) => {
                    let _ = write!(self.out, "<{}>", side.tag());
                    if let Some(text) = label.take() {
                        self.label(side, &text);
                    }
                    self.out.push_str(text.trim());
                    let _ = write!(self.out, "</{}>", side.tag());
                    if text.ends_with(|c: char| c.is_ascii_whitespace()) {
                        self.out.push(' ');
                    }
                }
                Node::Element(child) if child.tag == "svg" => self.with_links(child),
                Node::Element(child) if side == Side::Was && is_control(child) => {}
                Node::Element(child) => {
                    self.open(child, side, None);
                    self.marked(child, side, label);
                    self.out.push_str(child.close);
                }
            }
        }
    }

    /// A drawing on one side, without words.
    fn drawing(&mut self, element: &Element<'_>, side: Side) {
        self.open(element, side, Some(side.class()));
        for child in &element.children {
            match child {
                Node::Text(text) => self.out.push_str(text),
                Node::Element(child) => self.with_links(child),
            }
        }
        self.out.push_str(element.close);
    }

    /// An element of the page before, without names and with links that lead somewhere.
    fn with_links(&mut self, element: &Element<'_>) {
        self.open(element, Side::Was, None);
        for child in &element.children {
            match child {
                Node::Text(text) => self.out.push_str(text),
                Node::Element(child) => self.with_links(child),
            }
        }
        self.out.push_str(element.close);
    }

    /// A start tag; one of the page before loses the names that the page after may have, and links
    /// that lead nowhere.
    fn open(&mut self, element: &Element<'_>, side: Side, class: Option<&str>) {
        let leads = |href: &str| (self.setting.leads)(href);
        write_open(element, side, class, &leads, &mut self.out);
    }

    /// Says how many columns an element spans before, after, and with the columns of both.
    fn count_columns(&mut self, old: &Element<'_>, new: &Element<'_>, from: usize) {
        let (old_columns, new_columns) = (columns(old), columns(new));
        let (Some(was), Some((name, now))) = (old_columns, new_columns) else {
            return;
        };
        let written = &self.out[from..];
        let both = if written.contains("class=\"step") {
            written.matches("<li class=\"step").count()
        } else {
            was.1.max(now)
        };
        if was.1 == now && both == now {
            return;
        }
        let declared = format!("{name}=\"{now}\"");
        let all = format!("{name}=\"{both}\" {name}-was=\"{}\"", was.1);
        if let Some(at) = written[..new.open.len()].find(&declared) {
            let at = from + at;
            self.out.replace_range(at..at + declared.len(), &all);
        }
    }
}

#[cfg(test)]
mod tests;
