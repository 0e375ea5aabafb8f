//! The blocks of a text, each without its form.
//!
//! In: Markdown. Out: its paragraphs, lists, tables and so on, with what they say: how lines are
//! wrapped, which sign marks a list or emphasis, and how a table is drawn makes no difference.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::OPTIONS;

/// A block at the top of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its place, in bytes from the start of the text.
    pub span: Range<usize>,
    /// What it says with all its markup, the same for all ways to write it.
    pub content: String,
    /// What it says to readers, a line for each paragraph, item or row.
    pub text: String,
}

/// The blocks of `markdown`, in order.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut depth = 0usize;
    let mut code = false;
    for (event, span) in Parser::new_ext(markdown, OPTIONS).into_offset_iter() {
        if depth == 0 {
            blocks.push(Block {
                span,
                content: String::new(),
                text: String::new(),
            });
        }
        let Some(block) = blocks.last_mut() else {
            continue;
        };
        match &event {
            Event::Start(tag) => {
                depth += 1;
                code = matches!(tag, Tag::CodeBlock(_));
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                code = false;
            }
            _ => {}
        }
        block.take(event, code);
    }
    for block in &mut blocks {
        let kept = block.text.trim_end().len();
        block.text.truncate(kept);
    }
    blocks
}

impl Block {
    fn take(&mut self, event: Event<'_>, code: bool) {
        match event {
            // Whether the items of a list stand apart is form.
            Event::Start(Tag::Paragraph) => {}
            Event::End(TagEnd::Paragraph) => self.line(),
            Event::Start(Tag::List(first)) => self.mark(&format!("list {}", first.is_some())),
            Event::Start(Tag::Item) => {
                self.mark("item");
                self.text.push_str("- ");
            }
            Event::Start(Tag::CodeBlock(kind)) => self.mark(&match kind {
                CodeBlockKind::Fenced(language) => format!("code {language}"),
                CodeBlockKind::Indented => "code ".to_owned(),
            }),
            Event::Start(Tag::Link {
                dest_url, title, ..
            }) => self.mark(&format!("link {dest_url} {title}")),
            Event::Start(Tag::Image {
                dest_url, title, ..
            }) => self.mark(&format!("image {dest_url} {title}")),
            Event::Start(tag) => self.mark(&format!("{tag:?}")),
            Event::End(end) => {
                self.mark(&format!("{end:?}"));
                match end {
                    TagEnd::TableCell => self.text.push_str(" | "),
                    TagEnd::Heading(_)
                    | TagEnd::Item
                    | TagEnd::TableRow
                    | TagEnd::TableHead
                    | TagEnd::CodeBlock
                    | TagEnd::HtmlBlock
                    | TagEnd::DefinitionListTitle
                    | TagEnd::DefinitionListDefinition => self.line(),
                    _ => {}
                }
            }
            Event::Text(text) if code => {
                let text = text.replace('\r', "");
                self.content.push_str(&text);
                self.text.push_str(&text);
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.words(&text),
            Event::Code(text) => {
                self.mark("verbatim");
                self.words(&text);
                self.mark("end");
            }
            Event::SoftBreak => self.words(" "),
            Event::HardBreak => {
                self.mark("break");
                self.line();
            }
            other => self.mark(&format!("{other:?}")),
        }
    }

    /// Markup, which no text can be taken for.
    fn mark(&mut self, name: &str) {
        self.content.push('\u{1}');
        self.content.push_str(name);
        self.content.push('\u{2}');
    }

    /// Words, with one space between them.
    fn words(&mut self, text: &str) {
        for out in [&mut self.content, &mut self.text] {
            for letter in text.chars() {
                if !letter.is_whitespace() {
                    out.push(letter);
                } else if !out.ends_with([' ', '\n', '\u{2}']) {
                    out.push(' ');
                }
            }
        }
    }

    fn line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(markdown: &str) -> Vec<String> {
        let blocks = blocks(markdown).into_iter();
        blocks.map(|block| block.content).collect()
    }

    #[test]
    fn what_is_written_in_another_way_says_the_same() {
        let one = "# Title\n\nOne *two*\nthree [link](a.md).\n\n- a\n- b\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n```\ncode  x\n```\n";
        let other = "Title\r\n=====\r\n\r\nOne _two_ three\r\n[link][l].\r\n\r\n* a\r\n\r\n* b\r\n\r\nA   | B\r\n--- | ---\r\n1   | 2\r\n\r\n    code  x\r\n\r\n[l]: a.md\r\n";
        assert_eq!(contents(one), contents(other));
        let different = [
            ("one", "two"),
            ("*one*", "one"),
            ("[one](a)", "[one](b)"),
            ("- a", "1. a"),
            ("    a  b", "    a b"),
            ("# one", "## one"),
        ];
        for (a, b) in different {
            assert_ne!(contents(a), contents(b), "{a:?} {b:?}");
        }
    }

    #[test]
    fn a_block_knows_its_place_and_its_words() {
        let markdown = "One\ntwo.\n\n- a\n- *b* [c](d)\n";
        let found = blocks(markdown);
        let texts: Vec<&str> = found.iter().map(|block| &*block.text).collect();
        assert_eq!(texts, ["One two.", "- a\n- b c"]);
        assert!(markdown[found[1].span.start..].starts_with("- a"));
    }
}
