//! Noting a former id in a file, in the way the file is written.

use crate::diagnostic::Edit;
use crate::source::Document;
use crate::source::yaml::{Node, indent, line_break, plain};

/// Adds `old` to the `aliases:` of a file whose id becomes `new`, which is an alias no longer.
/// `Ok(None)` when there is nothing to do, `Err` when there is no list to add to.
pub(super) fn note(document: &Document, old: &str, new: &str) -> Result<Option<Edit>, NoList> {
    let Some(root) = document.root() else {
        return Ok(Some(first_field(document, old)));
    };
    let Some((key, list)) = root.entry("aliases") else {
        return new_field(document, root, old).map(Some).ok_or(NoList);
    };
    if list.is_null() && list.alias().is_none() {
        return empty_field(document, key, list, old)
            .map(Some)
            .ok_or(NoList);
    }
    if !list.is_list() || list.alias().is_some() {
        return Err(NoList);
    }
    let item = |id: &str| list.items().find(|item| item.as_str() == Some(id));
    match (item(new), item(old)) {
        (Some(present), None) => present.rewrite(old).map(Some).ok_or(NoList),
        (_, Some(_)) => Ok(None),
        (None, None) => added(document, list, old).map(Some).ok_or(NoList),
    }
}

/// `aliases:` is something that no item can be added to.
#[derive(Debug)]
pub(super) struct NoList;

fn insert(at: usize, text: String) -> Edit {
    Edit { span: at..at, text }
}

/// Another item at the end of a list.
fn added(document: &Document, list: Node<'_>, old: &str) -> Option<Edit> {
    let item = plain(old);
    let Some(item_before) = list.items().last() else {
        return Some(insert(list.span().start + 1, item));
    };
    let end = item_before.span().end;
    if list.is_flow() {
        return Some(insert(end, format!(", {item}")));
    }
    let margin = item_before.margin();
    let dash = margin.find('-')?;
    let blank = |text: &str| text.chars().all(|c| c == ' ');
    let behind = &margin[dash + 1..];
    let behind = if blank(behind) { behind } else { " " };
    if !blank(&margin[..dash]) {
        return None;
    }
    let lead = format!("{}-{behind}", &margin[..dash]);
    let line = line_break(&document.text);
    Some(insert(
        line_end(document, end),
        format!("{line}{lead}{item}"),
    ))
}

/// The list of a key that has no value.
fn empty_field(document: &Document, key: Node<'_>, value: Node<'_>, old: &str) -> Option<Edit> {
    let list = format!("[{}]", plain(old));
    let span = value.span();
    if !document.text.get(span.clone())?.is_empty() {
        return Some(Edit { span, text: list });
    }
    let after = document.text.get(key.span().end..)?;
    let colon = after.find(':')?;
    after[..colon]
        .trim()
        .is_empty()
        .then(|| insert(key.span().end + colon + 1, format!(" {list}")))
}

/// The key with its list, where the fields that every kind has begin: after the status, else after
/// the name, else before everything.
fn new_field(document: &Document, root: Node<'_>, old: &str) -> Option<Edit> {
    let field = format!("aliases: [{}]", plain(old));
    let anchor = root.entry("status").or_else(|| root.entry("name"));
    let first = root.entries().next();
    let line = line_break(&document.text);
    match (anchor, first) {
        (Some((_, value)), _) if root.is_flow() => {
            Some(insert(value.span().end, format!(", {field}")))
        }
        (None, Some((key, _))) if root.is_flow() => {
            Some(insert(key.span().start, format!("{field}, ")))
        }
        (Some((key, value)), _) => {
            let lead = indent(own_line(key)?);
            let end = line_end(document, value.span().end.max(key.span().end));
            Some(insert(end, format!("{line}{lead}{field}")))
        }
        (None, Some((key, _))) => {
            let lead = indent(own_line(key)?);
            Some(insert(key.span().start, format!("{field}{line}{lead}")))
        }
        (None, None) => Some(first_field(document, old)),
    }
}

/// The margin of a key that begins its line.
fn own_line(key: Node<'_>) -> Option<&str> {
    let margin = key.margin().trim_start_matches('\u{feff}');
    margin.chars().all(|c| c == ' ').then_some(margin)
}

/// The front matter of a file that has none, or its first field.
fn first_field(document: &Document, old: &str) -> Edit {
    let line = line_break(&document.text);
    let field = format!("aliases: [{}]{line}", plain(old));
    if document.front_range.start > 0 {
        return insert(document.front_range.start, field);
    }
    let blank = if document.markdown().starts_with(['\n', '\r']) {
        ""
    } else {
        line
    };
    let text = format!("---{line}{field}---{line}{blank}");
    insert(document.body.start, text)
}

/// The end of the line that holds `at`, before its line break.
fn line_end(document: &Document, at: usize) -> usize {
    let rest = document.text.get(at..).unwrap_or("");
    let length = rest.find('\n').unwrap_or(rest.len());
    at + rest[..length].trim_end_matches('\r').len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Memory;

    fn noted(text: &str) -> Option<String> {
        let path = "content/pages/new.md".into();
        let tree = Memory::default().with("content/pages/new.md", text);
        let document = Document::read(&tree, &path, false);
        let edit = note(&document, "old", "new").ok()?;
        let mut out = text.to_owned();
        if let Some(edit) = edit {
            out.replace_range(edit.span, &edit.text);
        }
        let tree = Memory::default().with("content/pages/new.md", out.as_str());
        let again = Document::read(&tree, &path, false);
        assert!(again.findings.is_empty(), "{out}");
        let aliases = again.root().and_then(|root| root.get("aliases"))?;
        let has = |id: &str| aliases.items().any(|item| item.as_str() == Some(id));
        assert!(has("old") && !has("new"), "{out}");
        assert!(
            again.markdown().trim() == document.markdown().trim(),
            "{out}"
        );
        Some(out)
    }

    #[test]
    fn a_former_id_is_noted_in_the_style_of_the_file() {
        for (text, after) in [
            (
                "---\nname: A # who\nx: 1\n---\nB",
                "---\nname: A # who\naliases: [old]\nx: 1\n---\nB",
            ),
            (
                "---\nname: A\nstatus: draft\n---\n",
                "---\nname: A\nstatus: draft\naliases: [old]\n---\n",
            ),
            (
                "---\r\nname: A\r\n---\r\n",
                "---\r\nname: A\r\naliases: [old]\r\n---\r\n",
            ),
            (
                "\u{feff}---\nx: 1\n---\n",
                "\u{feff}---\naliases: [old]\nx: 1\n---\n",
            ),
            (
                "---\n  name: >-\n    A\n    B\n  x: 1\n---\n",
                "---\n  name: >-\n    A\n    B\n  aliases: [old]\n  x: 1\n---\n",
            ),
            (
                "---\n{name: A, x: 1}\n---\n",
                "---\n{name: A, aliases: [old], x: 1}\n---\n",
            ),
            ("---\n{x: 1}\n---\n", "---\n{aliases: [old], x: 1}\n---\n"),
            (
                "---\naliases: [a, 'b'] # c\n---\n",
                "---\naliases: [a, 'b', old] # c\n---\n",
            ),
            (
                "---\naliases: [\n  a,\n]\n---\n",
                "---\naliases: [\n  a, old,\n]\n---\n",
            ),
            ("---\naliases: []\n---\n", "---\naliases: [old]\n---\n"),
            (
                "---\naliases: # none\nx: 1\n---\n",
                "---\naliases: [old] # none\nx: 1\n---\n",
            ),
            ("---\naliases: ~\n---\n", "---\naliases: [old]\n---\n"),
            (
                "---\naliases:\n- a # c\n\nx: 1\n---\n",
                "---\naliases:\n- a # c\n- old\n\nx: 1\n---\n",
            ),
            (
                "---\r\naliases:\r\n  -   &x \"a\"\r\nx: 1\r\n---\r\n",
                "---\r\naliases:\r\n  -   &x \"a\"\r\n  - old\r\nx: 1\r\n---\r\n",
            ),
            ("---\naliases: [new]\n---\n", "---\naliases: [old]\n---\n"),
            (
                "---\naliases: [a, \"new\"]\n---\n",
                "---\naliases: [a, \"old\"]\n---\n",
            ),
            ("---\naliases: [old]\n---\n", "---\naliases: [old]\n---\n"),
            (
                "---\n# only a comment\n---\n",
                "---\naliases: [old]\n# only a comment\n---\n",
            ),
            ("---\n---\nB", "---\naliases: [old]\n---\nB"),
            ("# Title\n", "---\naliases: [old]\n---\n\n# Title\n"),
            (
                "\u{feff}# T\r\n\r\nx",
                "\u{feff}---\r\naliases: [old]\r\n---\r\n\r\n# T\r\n\r\nx",
            ),
        ] {
            assert_eq!(noted(text).as_deref(), Some(after), "{text}");
        }
        for text in [
            "---\naliases: a\n---\n",
            "---\nextra: &l [a]\naliases: *l\n---\n",
        ] {
            assert_eq!(noted(text), None, "{text}");
        }
    }
}
