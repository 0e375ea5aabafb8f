//! Texts of content in a Markdown comment.
//!
//! In: any text. Out: one line of Markdown that shows it and does nothing. Two sorts of characters
//! would do something. Those that Markdown and HTML read are written as character references, which
//! both take for text. Those that a Git host looks for in the finished text (mentions, issues,
//! commits, emoji codes, addresses) are parted by a space of no width, the only thing that stops it:
//! it looks after references are resolved.

use std::fmt::Write as _;

use crate::diagnostic::concise::one_line;

/// A space of no width.
const APART: &str = "&#8203;";
/// A Git host takes no shorter word of hexadecimal digits for a commit.
const SHORTEST_COMMIT: usize = 7;

/// `text` in one line, fit for a paragraph, a table's cell or an element of HTML, but not for the
/// beginning of a line.
pub(super) fn inline(text: &str) -> String {
    let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = one_line(&spaced);
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut before = Before::default();
    for (at, c) in text.char_indices() {
        let after = &text[at + c.len_utf8()..];
        if before.parts(c, &text[at..]) {
            out.push_str(APART);
        }
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // GitHub looks for formulas in the finished text, others while reading it.
            '$' => out.push_str("<span>&#36;</span>"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '~' | '^' => {
                // Writing to a string does not fail.
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
        if is_mark(c, after) {
            out.push_str(APART);
        }
        before.add(c);
    }
    out
}

/// Whether a Git host would read a reference from `c` and what comes after it.
fn is_mark(c: char, after: &str) -> bool {
    let next = after.chars().next().unwrap_or(' ');
    match c {
        // People and teams, issues, labels, merge requests, milestones, epics, alerts, snippets,
        // and on GitLab much else, most of it in brackets.
        '@' | '#' | '~' | '!' | '%' | '&' | '^' | '*' | '[' | '{' => !next.is_whitespace(),
        ':' => after.starts_with("//") || is_emoji(after),
        _ => false,
    }
}

/// Whether `:` and `after` are the code of an emoji.
fn is_emoji(after: &str) -> bool {
    let name = |c: char| c.is_ascii_alphanumeric() || "_+-".contains(c);
    let end = after.find(|c| !name(c)).unwrap_or(after.len());
    end > 0 && after[end..].starts_with(':')
}

/// What stands before a character: as much as must be known.
#[derive(Default)]
struct Before {
    /// The last three characters, in small letters.
    last: [char; 3],
    /// How many digits of a possible commit were written, none where it cannot be one.
    commit: Option<usize>,
}

impl Before {
    /// Whether a space of no width is needed before `c`, with which `rest` begins.
    fn parts(&mut self, c: char, rest: &str) -> bool {
        let [_, b, a] = self.last;
        // Where a word begins, it shows whether it could be a commit.
        if !a.is_ascii_alphanumeric() {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric());
            let word = &rest[..end.unwrap_or(rest.len())];
            self.commit = is_commit(word).then_some(0);
        }
        match c {
            // An address without a scheme.
            '.' => self.last == ['w', 'w', 'w'],
            // A ticket of another system, such as GH-12.
            '0'..='9' if a == '-' && b.is_ascii_alphabetic() => true,
            _ => match &mut self.commit {
                Some(digits) if c.is_ascii_hexdigit() => {
                    *digits += 1;
                    *digits % (SHORTEST_COMMIT - 1) == 0
                }
                _ => false,
            },
        }
    }

    fn add(&mut self, c: char) {
        let [_, b, a] = self.last;
        self.last = [b, a, c.to_ascii_lowercase()];
    }
}

/// Whether a host may take a word for a commit. A number without letters stays whole: it is nearly
/// always one, and somebody may want to copy it.
fn is_commit(word: &str) -> bool {
    word.len() >= SHORTEST_COMMIT
        && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_do_something_is_only_shown() {
        let cases = [
            "plain words, (really); 50% of it - 3 + 4 / 5?",
            "@team #12 org/repo#3 GH-12 JIRA-7 :+1: 10:30",
            "a|b `c` *d* _e_ ~~f~~ [g](javascript:h) ![i](j)",
            "<img src=x onerror=y> </details> &amp; <!-- -->",
            "https://evil.example www.evil.example a@b.example",
            "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12 beefed 1250000 deadbeef",
            "$5 or $10 \\| \"q\" 'r' ![note] ~label !7 &3 ^[x]",
            "a\n\n# b\r\n\t- c \u{202e}d\u{200b} \u{1b}[31m",
            "דנה 👩‍🔬 名前",
        ];
        let escaped: Vec<String> = cases.iter().map(|text| inline(text)).collect();
        insta::assert_snapshot!(escaped.join("\n"), @r#"
        plain words, (really); 50% of it - 3 + 4 / 5?
        @&#8203;team #&#8203;12 org/repo#&#8203;3 GH-&#8203;12 JIRA-&#8203;7 :&#8203;+1: 10:30
        a&#124;b &#96;c&#96; &#42;&#8203;d&#42; &#95;e&#95; &#126;&#8203;&#126;&#8203;f&#126;&#8203;&#126; &#91;&#8203;g&#93;(javascript:h) !&#8203;&#91;&#8203;i&#93;(j)
        &lt;img src=x onerror=y&gt; &lt;/details&gt; &amp;&#8203;amp; &lt;!&#8203;-- --&gt;
        https:&#8203;//evil.example www&#8203;.evil.example a@&#8203;b.example
        2fd4e&#8203;1c67a2&#8203;d28fce&#8203;d849ee&#8203;1bb76e&#8203;7391b9&#8203;3eb12 beefed 1250000 deadb&#8203;eef
        <span>&#36;</span>5 or <span>&#36;</span>10 &#92;&#124; "q" 'r' !&#8203;&#91;&#8203;note&#93; &#126;&#8203;label !&#8203;7 &amp;&#8203;3 &#94;&#8203;&#91;&#8203;x&#93;
        a # b - c �d� ␛&#91;&#8203;31m
        דנה 👩‍🔬 名前
        "#);
    }
}
