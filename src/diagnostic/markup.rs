//! Texts in XML and HTML.

use std::borrow::Cow;

/// `text` as the value of an attribute in double quotes or the content of an element, of XML and of
/// HTML. Control characters must be gone already: XML 1.0 has no way to write them, nor the two that
/// Unicode gives no meaning.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\u{fffe}', '\u{ffff}']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}
