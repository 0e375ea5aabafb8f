//! What the tokenizer of a real parser of HTML sees in a page.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::Write as _;

use html5ever::tokenizer::states::{RawKind, Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::html::leads;

/// The tokens of a page that are no text for people.
#[derive(Default)]
struct Tokens {
    all: RefCell<Vec<Token>>,
    /// Whether what comes is the code of a script or of styles.
    is_code: Cell<bool>,
    /// How many drawings are open, in which a title is an element like others.
    drawings: Cell<usize>,
}

impl Tokens {
    /// What the builder of a tree tells a tokenizer after a tag: how what follows is to be read.
    fn after(&self, tag: &Tag) -> Option<RawKind> {
        let starts = tag.kind == TagKind::StartTag;
        let drawings = self.drawings.get();
        if &*tag.name == "svg" && !tag.self_closing {
            self.drawings.set(if starts {
                drawings + 1
            } else {
                drawings.saturating_sub(1)
            });
        }
        self.is_code
            .set(starts && matches!(&*tag.name, "script" | "style"));
        match &*tag.name {
            _ if !starts || drawings > 0 => None,
            "title" | "textarea" => Some(Rcdata),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(Rawtext),
            "script" => Some(ScriptData),
            _ => None,
        }
    }
}

impl TokenSink for Tokens {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let raw = match &token {
            Token::TagToken(tag) => self.after(tag),
            Token::CommentToken(_) | Token::DoctypeToken(_) => None,
            Token::CharacterTokens(_) if self.is_code.get() => None,
            _ => return TokenSinkResult::Continue,
        };
        self.all.borrow_mut().push(token);
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }
}

fn tokens(html: &str) -> Vec<Token> {
    let input = BufferQueue::default();
    input.push_back(html.into());
    let tokenizer = Tokenizer::new(Tokens::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.all.take()
}

/// The start tags of a page.
pub(crate) fn tags(html: &str) -> Vec<Tag> {
    let tags = tokens(html).into_iter().filter_map(|token| match token {
        Token::TagToken(tag) if tag.kind == TagKind::StartTag => Some(tag),
        _ => None,
    });
    tags.collect()
}

/// The attributes of a tag, by name.
pub(crate) fn attributes(tag: &Tag) -> BTreeMap<&str, &str> {
    let attributes = tag.attrs.iter();
    attributes
        .map(|attribute| (&*attribute.name.local, &*attribute.value))
        .collect()
}

/// Attributes whose values are those of the theme on every page.
const OF_THE_THEME: [&str; 9] = [
    "class",
    "rel",
    "type",
    "role",
    "http-equiv",
    "name",
    "method",
    "target",
    "media",
];
/// Attributes that hold an address.
const ADDRESSES: [&str; 4] = ["href", "src", "action", "formaction"];

/// A page without its texts: every tag with the names of its attributes, and of addresses where
/// they lead; comments; and what stands in scripts.
pub(crate) fn outline(html: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut was_code = false;
    for token in tokens(html) {
        let line = line(&token);
        let is_code = matches!(token, Token::CharacterTokens(_));
        match lines.last_mut() {
            Some(last) if is_code && was_code => last.push_str(&line),
            _ => lines.push(line),
        }
        was_code = is_code;
    }
    lines
}

fn line(token: &Token) -> String {
    match token {
        Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
            let mut line = format!("<{}", tag.name);
            for (name, value) in attributes(tag) {
                let _ = write!(line, " {name}");
                if OF_THE_THEME.contains(&name) {
                    let _ = write!(line, "={value:?}");
                } else if ADDRESSES.contains(&name) {
                    let _ = write!(line, "={}", leads(value));
                }
            }
            line + ">"
        }
        Token::TagToken(tag) => format!("</{}>", tag.name),
        Token::DoctypeToken(doctype) => {
            format!("<!{}>", doctype.name.as_deref().unwrap_or_default())
        }
        Token::CharacterTokens(code) => code.to_string(),
        _ => "<!-- -->".to_owned(),
    }
}

#[test]
fn a_page_is_told_apart_from_one_with_another_element() {
    let found = tags(
        "<title><b></title><p a=1 ONX='<i>'><script>'<u>'</script><img/src=x>\
         <svg><title><b></title></svg><title><b></title>",
    );
    let names: Vec<&str> = found.iter().map(|tag| &*tag.name).collect();
    let wanted = ["title", "p", "script", "img", "svg", "title", "b", "title"];
    assert_eq!(names, wanted);
    assert_eq!(attributes(&found[1]).get("onx"), Some(&"<i>"));
}

#[test]
fn an_outline_has_everything_but_texts() {
    let page = "<!doctype html><p class=a title=b>c<!-- d --><a href='JAVA\nscript:x'>e</a>\
                <script>1 < 2</script></p>";
    assert_eq!(
        outline(page),
        [
            "<!html>",
            "<p class=\"a\" title>",
            "<!-- -->",
            "<a href=javascript>",
            "</a>",
            "<script>",
            "1 < 2",
            "</script>",
            "</p>"
        ]
    );
}
