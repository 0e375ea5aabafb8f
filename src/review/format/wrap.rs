//! Lines for a terminal: wrapped at its width, in colours where it has some.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a text gets however narrow the terminal is.
const NARROWEST: usize = 16;

/// How a piece of a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Bold,
    Faint,
    Breaking,
    Review,
    Info,
    Before,
    After,
    /// A word that differs, before.
    Gone,
    /// A word that differs, after.
    New,
}

impl Style {
    /// The parameters of the escape sequence (ECMA-48, SGR): the sixteen colours, which a terminal
    /// chooses for its ground. What differs is underlined, too.
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "1",
            Self::Faint => "2",
            Self::Breaking => "1;31",
            Self::Review => "1;33",
            Self::Info => "36",
            Self::Before => "31",
            Self::After => "32",
            Self::Gone => "1;4;31",
            Self::New => "1;4;32",
        }
    }
}

/// A piece of a line: harmless text in one look.
pub(super) type Span = (Style, String);

/// Where lines go.
pub(super) struct Page<'a> {
    pub(super) out: &'a mut dyn Write,
    pub(super) colour: bool,
    pub(super) width: Option<usize>,
}

impl Page<'_> {
    /// Writes spans as one paragraph. Its first line begins with `first`, the others with as many
    /// spaces.
    pub(super) fn paragraph(&mut self, first: &str, spans: &[Span]) -> io::Result<()> {
        self.hanging(first, 0, spans)
    }

    /// The same, with the other lines `more` columns further in.
    pub(super) fn hanging(&mut self, first: &str, more: usize, spans: &[Span]) -> io::Result<()> {
        let indent = first.width();
        // A terminal too narrow for the indent gets lines that it breaks itself.
        let room = self
            .width
            .map(|width| width.saturating_sub(indent + more).max(NARROWEST));
        let mut line: Vec<Span> = vec![(Style::Plain, first.to_owned())];
        let mut used = 0;
        for word in words(spans, room) {
            let width: usize = word.iter().map(|(_, text)| text.width()).sum();
            if used > 0 && room.is_some_and(|room| used + 1 + width > room) {
                self.line(&line)?;
                line = vec![(Style::Plain, " ".repeat(indent + more))];
                used = 0;
            }
            if used > 0 {
                // Between two words of one look the space has it, too.
                let look = |span: Option<&Span>| span.map(|(style, _)| *style);
                let same = look(line.last()).filter(|last| look(word.first()) == Some(*last));
                push(&mut line, same.unwrap_or(Style::Plain), " ");
                used += 1;
            }
            for (style, text) in &word {
                push(&mut line, *style, text);
            }
            used += width;
        }
        self.line(&line)
    }

    /// Writes spans as one line, however long: a place is clicked on as a whole.
    pub(super) fn line(&mut self, spans: &[Span]) -> io::Result<()> {
        for (style, text) in spans {
            self.styled(*style, text)?;
        }
        writeln!(self.out)
    }

    fn styled(&mut self, style: Style, text: &str) -> io::Result<()> {
        match style.code() {
            code if self.colour && !code.is_empty() => {
                write!(self.out, "\x1b[{code}m{text}\x1b[0m")
            }
            _ => write!(self.out, "{text}"),
        }
    }
}

/// Adds to a line; what looks as the text before it becomes one with it.
fn push(line: &mut Vec<Span>, style: Style, text: &str) {
    match line.last_mut() {
        Some((same, before)) if *same == style => before.push_str(text),
        _ => line.push((style, text.to_owned())),
    }
}

/// The words of spans. One may be of several looks; one that is wider than `room` is cut.
fn words(spans: &[Span], room: Option<usize>) -> Vec<Vec<Span>> {
    let mut words: Vec<Vec<Span>> = vec![Vec::new()];
    for (style, text) in spans {
        for (number, part) in text.split(' ').enumerate() {
            if number > 0 {
                words.push(Vec::new());
            }
            if let Some(word) = words.last_mut().filter(|_| !part.is_empty()) {
                word.push((*style, part.to_owned()));
            }
        }
    }
    words.retain(|word| !word.is_empty());
    let Some(room) = room else {
        return words;
    };
    words.into_iter().flat_map(|word| cut(word, room)).collect()
}

fn cut(word: Vec<Span>, room: usize) -> Vec<Vec<Span>> {
    let width: usize = word.iter().map(|(_, text)| text.width()).sum();
    if width <= room {
        return vec![word];
    }
    let (mut parts, mut used) = (vec![Vec::<Span>::new()], 0);
    for (style, text) in word {
        for c in text.chars() {
            let width = c.width().unwrap_or(0);
            if used + width > room {
                parts.push(Vec::new());
                used = 0;
            }
            used += width;
            if let Some(part) = parts.last_mut() {
                push(part, style, c.encode_utf8(&mut [0; 4]));
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(first: &str, text: &str, width: Option<usize>) -> String {
        let mut out = Vec::new();
        let mut page = Page {
            out: &mut out,
            colour: false,
            width,
        };
        let spans = [(Style::Plain, text.to_owned())];
        page.paragraph(first, &spans).expect("memory");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn lines_are_no_wider_than_the_terminal() {
        insta::assert_snapshot!(wrapped("  - ", "one two three four five six seven", Some(24)), @"
        - one two three four
          five six seven
        ");
        insta::assert_snapshot!(wrapped("  ", "安全な自転車に乗りたい人 と a-very-long-word-indeed", Some(20)), @"
        安全な自転車に乗り
        たい人 と
        a-very-long-word-i
        ndeed
        ");
        let text = "word ".repeat(100);
        assert_eq!(wrapped("", &text, None).lines().count(), 1);
        for width in [1, 17, 40, 80] {
            let lines = wrapped("    ", &text, Some(width));
            assert!(lines.lines().all(|l| l.width() <= width.max(20)), "{lines}");
            assert_eq!(lines.split_whitespace().count(), 100);
        }
    }
}
