//! The HTML of a text, tag by tag, and what it may hold.
//!
//! Whoever writes it escapes texts and puts values into double quotes, so that a `<` begins a tag and
//! a `"` ends a value: that is asserted here, and then a scan sees what a browser sees. A real parser
//! is at hand in tests alone; they hold the two against each other.

use std::borrow::Cow;

/// What texts are made of: what Markdown becomes, and what else authors may write.
#[rustfmt::skip]
const TAGS: [&str; 77] = [
    "a", "abbr", "acronym", "area", "article", "aside", "b", "bdi", "bdo", "blockquote", "br",
    "caption", "center", "cite", "code", "col", "colgroup", "data", "dd", "del", "details", "dfn",
    "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "i", "img", "input", "ins", "kbd", "li", "map", "mark", "nav", "ol",
    "p", "pre", "q", "rp", "rt", "rtc", "ruby", "s", "samp", "section", "small", "span", "strike",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "time", "tr", "tt",
    "u", "ul", "var", "wbr",
];
/// The attributes of these.
#[rustfmt::skip]
const ATTRIBUTES: [&str; 31] = [
    "align", "alt", "aria-hidden", "aria-label", "char", "charoff", "checked", "class",
    "colspan", "datetime", "dir", "disabled", "headers", "height", "href", "hreflang", "id", "lang",
    "loading", "open", "role", "rowspan", "scope", "size", "span", "src", "start", "summary",
    "tabindex", "title", "type",
];
/// Tags that nothing stands in.
const VOID: [&str; 7] = ["area", "br", "col", "hr", "img", "input", "wbr"];
/// Classes that texts may have; what ends with a `-` is a beginning.
#[rustfmt::skip]
const CLASSES: [&str; 11] = [
    "al-", "alert-", "aside", "footnote-", "language-", "markdown-alert-", "missing", "scroll",
    "term", "unlinked", "x-",
];
/// Where links of texts may lead: see [`leads`].
const PLACES: [&str; 7] = ["here", "inside", "away", "http", "https", "mailto", "tel"];

/// A tag.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tag<'h> {
    pub(crate) name: &'h str,
    /// Whether it ends an element.
    pub(crate) ends: bool,
    /// Its attributes, the values as they are meant.
    pub(crate) attributes: Vec<(&'h str, Cow<'h, str>)>,
}

/// The tags of what a text became.
pub(crate) fn tags(html: &str) -> Result<Vec<Tag<'_>>, String> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (tag, after) = tag(&rest[start + 1..])?;
        tags.push(tag);
        rest = after;
    }
    Ok(tags)
}

/// The tag whose `<` stands before `rest`, and what follows it.
fn tag(rest: &str) -> Result<(Tag<'_>, &str), String> {
    let wrong = || Err(format!("no tag: <{:.40}", rest.escape_debug().to_string()));
    let (ends, mut at) = match rest.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let mut tag = Tag {
        name: word(&mut at),
        ends,
        attributes: Vec::new(),
    };
    if !tag.name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return wrong();
    }
    loop {
        // Markdown ends some tags as XML does.
        if let Some(after) = at.strip_prefix('>').or_else(|| at.strip_prefix(" />")) {
            return Ok((tag, after));
        }
        let Some(after) = at.strip_prefix(' ') else {
            return wrong();
        };
        at = after;
        let name = word(&mut at);
        let Some(after) = at.strip_prefix("=\"") else {
            if name.is_empty() {
                return wrong();
            }
            tag.attributes.push((name, "".into()));
            continue;
        };
        let Some((value, after)) = after.split_once('"') else {
            return wrong();
        };
        if name.is_empty() {
            return wrong();
        }
        tag.attributes.push((name, meant(value)?));
        at = after;
    }
}

/// The name at the beginning of `rest`, which is then what follows it.
fn word<'h>(rest: &mut &'h str) -> &'h str {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    *rest = after;
    word
}

/// A value without the forms that its characters are written in.
fn meant(value: &str) -> Result<Cow<'_, str>, String> {
    const FORMS: [(&str, char); 6] = [
        ("amp;", '&'),
        ("lt;", '<'),
        ("gt;", '>'),
        ("quot;", '"'),
        ("#39;", '\''),
        ("nbsp;", '\u{a0}'),
    ];
    let mut parts = value.split('&');
    let mut meant = Cow::Borrowed(parts.next().unwrap_or_default());
    for part in parts {
        let form = FORMS.iter().find(|(form, _)| part.starts_with(form));
        let Some((form, c)) = form else {
            return Err(format!("an & that is not escaped: {value}"));
        };
        let meant = meant.to_mut();
        meant.push(*c);
        meant.push_str(&part[form.len()..]);
    }
    Ok(meant)
}

/// What is wrong with a tag of a text, given by its name and attributes.
pub(crate) fn fault<'a>(
    name: &str,
    attributes: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Option<String> {
    if !TAGS.contains(&name) {
        return Some(format!("<{name}>"));
    }
    let attributes: Vec<_> = attributes.into_iter().collect();
    let is = |wanted| attributes.contains(&wanted);
    if name == "input" && !(is(("type", "checkbox")) && is(("disabled", ""))) {
        return Some("a field that is no box of a list".to_owned());
    }
    let wrong = |&&(name, value): &&(&str, &str)| {
        let begins =
            |c: &str, start: &&str| *start == c || start.ends_with('-') && c.starts_with(start);
        let is_known = match name {
            "href" => PLACES.contains(&&*leads(value)),
            // Pages load nothing from elsewhere.
            "src" => ["here", "inside"].contains(&&*leads(value)) && !value.contains("//"),
            // What the interface asks for by its id.
            "id" => value != "main" && !value.starts_with("chg-") && !value.starts_with("change-"),
            // A tab in the name of a language, which ends a class to browsers, is let through.
            "class" => value
                .split(' ')
                .all(|class| CLASSES.iter().any(|known| begins(class, known))),
            "tabindex" => value == "0",
            name => ATTRIBUTES.contains(&name),
        };
        !is_known
    };
    let (attribute, value) = attributes.iter().find(wrong)?;
    Some(format!("<{name} {attribute}={value:?}>"))
}

/// Where a browser goes that follows an address: to a place of the page (`here`), of the site
/// (`inside`), of another one (`away`), or what its scheme says.
pub(crate) fn leads(address: &str) -> String {
    // Browsers leave these out before they read.
    let address = address.trim_matches(|c| c <= ' ');
    let address = address.replace(['\t', '\n', '\r'], "").replace('\\', "/");
    if address.starts_with('#') {
        return "here".to_owned();
    }
    if address.starts_with("//") {
        return "away".to_owned();
    }
    let scheme = address.split(['/', '?', '#']).next().unwrap_or_default();
    match scheme.split_once(':') {
        Some((scheme, _)) => scheme.to_ascii_lowercase(),
        None => "inside".to_owned(),
    }
}

/// What is wrong with what a text became: a tag that no text has, or one that leads out of the
/// element that the text stands in.
pub(crate) fn judge(html: &str) -> Result<(), String> {
    let mut open = Vec::new();
    for tag in tags(html)? {
        if tag.ends {
            let last = open.pop();
            if last != Some(tag.name) || !tag.attributes.is_empty() {
                return Err(format!("</{}> in {last:?}", tag.name));
            }
            continue;
        }
        let attributes = tag.attributes.iter().map(|(name, value)| (*name, &**value));
        if let Some(fault) = fault(tag.name, attributes) {
            return Err(fault);
        }
        if !VOID.contains(&tag.name) {
            open.push(tag.name);
        }
    }
    if open.is_empty() {
        Ok(())
    } else {
        Err(format!("{open:?} stay open"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_where_a_browser_goes() {
        for (address, to) in [
            ("#a:b", "here"),
            ("a/b:c", "inside"),
            ("../?x=http://y", "inside"),
            ("/\\evil", "away"),
            (" \u{1}//evil", "away"),
            ("java\tscript:x", "javascript"),
            ("HTTPS://x", "https"),
        ] {
            assert_eq!(leads(address), to, "{address:?}");
        }
    }

    #[test]
    fn what_no_text_has_is_told_from_what_texts_have() {
        for right in [
            "",
            "a &lt; b",
            "<p>a<br />b</p>\n<hr>",
            "<a href=\"../x/?a&amp;b#c\" title=\"&quot;\">x</a>",
            "<pre><code class=\"language-sh\">a</code></pre>",
            "<input type=\"checkbox\" disabled checked aria-label=\"x\"> ",
            "<details open=\"\"><summary>x</summary></details>",
        ] {
            assert_eq!(judge(right), Ok(()), "{right}");
        }
        for wrong in [
            "a < b",
            "<!-- x -->",
            "<?x?>",
            "<p",
            "<p>",
            "</p>",
            "</div><div>",
            "<b><i></b></i>",
            "<p title='x'></p>",
            "<p title=x></p>",
            "<p\ntitle=\"x\"></p>",
            "<p title=\"&colon;\"></p>",
            "<p title=\"x></p>",
            "<p style=\"x\"></p>",
            "<p onclick=\"x\"></p>",
            "<p id=\"main\"></p>",
            "<p class=\"notice\"></p>",
            "<p class=\"aside notice\"></p>",
            "<p tabindex=\"-1\"></p>",
            "<script></script>",
            "<svg></svg>",
            "<math></math>",
            "<form></form>",
            "<link>",
            "<meta>",
            "<input type=\"text\">",
            "<a href=\"javascript:x\">x</a>",
            "<a href=\"&quot;:x\">x</a>",
            "<img src=\"//x\">",
            "<img src=\"https://x\">",
        ] {
            assert!(judge(wrong).is_err(), "{wrong}");
        }
    }
}
