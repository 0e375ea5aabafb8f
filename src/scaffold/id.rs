//! Which ids a new file may have, and the names that go with them.

use unicode_normalization::UnicodeNormalization;

use crate::library::{Role, role};
use crate::schema::Kind;

/// Measures that are written in capital letters.
const ABBREVIATIONS: [&str; 4] = ["nps", "csat", "ces", "clv"];

/// Why something cannot be an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` cannot be the id of a {kind}: {reason}\nhelp: {}", .id.escape_debug(), help(.suggestion.as_deref()))]
pub struct BadId {
    /// What was asked for.
    pub id: String,
    /// For what.
    pub kind: Kind,
    /// What is wrong with it.
    pub reason: &'static str,
    /// What could be meant, if anything is left of it.
    pub suggestion: Option<String>,
}

fn help(suggestion: Option<&str>) -> String {
    match suggestion {
        Some(id) => format!("write `{id}`"),
        None => "use small letters, digits and hyphens, such as `first-order`".to_owned(),
    }
}

/// Checks an id and gives it the form that a library knows it by.
pub fn check(kind: Kind, id: &str) -> Result<String, BadId> {
    let normal: String = id.nfc().collect();
    match fault(kind, &normal) {
        None => Ok(normal),
        Some(reason) => Err(BadId {
            id: id.to_owned(),
            kind,
            reason,
            suggestion: suggest(kind, &normal),
        }),
    }
}

/// The project path of the file of an id.
pub fn path(kind: Kind, id: &str) -> String {
    format!("content/{}/{id}.md", kind.folder())
}

fn fault(kind: Kind, id: &str) -> Option<&'static str> {
    if id.is_empty() {
        return Some("it is empty");
    }
    if id.contains('/') && kind != Kind::Page {
        return Some("only pages may stand in folders");
    }
    if id.split('/').any(str::is_empty) {
        return Some("a folder of it has no name");
    }
    for part in id.split('/') {
        if part.starts_with(['_', '.']) {
            return Some("files that begin with `_` or `.` are kept out of the site");
        }
        if part.starts_with('-') || part.ends_with(['.', '-']) {
            return Some("it begins or ends with punctuation");
        }
        if part.contains(char::is_whitespace) {
            return Some("it holds spaces");
        }
        if !part.chars().all(may_stand) {
            return Some("it holds characters that mean something else in links or file names");
        }
        if part.len() > 200 {
            return Some("it is too long for a file name");
        }
    }
    if id.to_lowercase().ends_with(".md") {
        return Some("the ending `.md` is added by itself");
    }
    match role(&path(kind, id)) {
        Role::Entity(..) => None,
        _ => Some("a file of this name is not part of the site"),
    }
}

/// Letters and digits of all scripts, and what may join them.
fn may_stand(c: char) -> bool {
    let unseen = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    match c {
        '-' | '_' | '.' => true,
        c if c.is_ascii() => c.is_ascii_alphanumeric(),
        c => !c.is_control() && !unseen,
    }
}

fn suggest(kind: Kind, id: &str) -> Option<String> {
    let stem = id.trim().strip_suffix(".md").unwrap_or(id);
    let parts: Vec<String> = match kind {
        Kind::Page => stem
            .split('/')
            .map(slug)
            .filter(|part| !part.is_empty())
            .collect(),
        _ => vec![slug(stem)],
    };
    let suggestion = parts.join("/");
    fault(kind, &suggestion).is_none().then_some(suggestion)
}

/// The id that a name suggests: `Priya Raman` → `priya-raman`. Empty when nothing is left.
pub fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.nfc().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') && !matches!(c, '\'' | '’') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// The name that an id suggests: `priya-raman` → `Priya Raman`, `time-to-value` → `Time to value`.
pub fn name(kind: Kind, id: &str) -> String {
    let last = id.rsplit('/').next().unwrap_or(id);
    let mut out = String::new();
    for word in last.split(['-', '_']).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        if kind == Kind::Kpi && ABBREVIATIONS.contains(&word) {
            out.push_str(&word.to_uppercase());
        } else if out.is_empty() || kind == Kind::Persona {
            let mut letters = word.chars();
            out.extend(letters.next().into_iter().flat_map(char::to_uppercase));
            out.push_str(letters.as_str());
        } else {
            out.push_str(word);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_ids_are_kept() {
        for id in ["priya-raman", "b2b_buyer", "v1.2", "Änne", "市場", "0"] {
            assert_eq!(check(Kind::Persona, id).as_deref(), Ok(id));
        }
        assert_eq!(
            check(Kind::Page, "research/2026/notes").as_deref(),
            Ok("research/2026/notes")
        );
        assert_eq!(check(Kind::Persona, "A\u{308}nne").as_deref(), Ok("Änne"));
    }

    #[test]
    fn bad_ids_come_with_a_good_one() {
        for (kind, id, suggestion) in [
            (Kind::Persona, "Priya Raman", Some("priya-raman")),
            (Kind::Persona, "a/b", Some("a-b")),
            (Kind::Persona, "../../etc/passwd", Some("etc-passwd")),
            (Kind::Persona, "/etc", Some("etc")),
            (Kind::Persona, "_hidden", Some("hidden")),
            (Kind::Persona, ".git", Some("git")),
            (Kind::Persona, "..", None),
            (Kind::Persona, "", None),
            (Kind::Persona, "-rf", Some("rf")),
            (Kind::Persona, "ann.md", Some("ann")),
            (Kind::Persona, "readme", None),
            (Kind::Persona, "a#b", Some("a-b")),
            (Kind::Persona, "kpi:nps", Some("kpi-nps")),
            (Kind::Persona, "a\nb", Some("a-b")),
            (Kind::Persona, "a\\b", Some("a-b")),
            (Kind::Persona, "a\u{202e}b", Some("a-b")),
            (Kind::Persona, "O’Neil Ann", Some("oneil-ann")),
            (Kind::Page, "how to/use it", Some("how-to/use-it")),
            (Kind::Page, "a//b", Some("a/b")),
            (Kind::Page, "a/../b", Some("a/b")),
            (Kind::Page, "a/", Some("a")),
            (Kind::Page, "README", None),
        ] {
            let error = check(kind, id).expect_err(id);
            assert_eq!(error.suggestion.as_deref(), suggestion, "{id:?}");
        }
    }

    #[test]
    fn names_and_ids_suggest_each_other() {
        assert_eq!(slug("  Ann-Marie O'Neil (EU) "), "ann-marie-oneil-eu");
        assert_eq!(name(Kind::Persona, "priya-raman"), "Priya Raman");
        assert_eq!(name(Kind::Kpi, "time-to-value"), "Time to value");
        assert_eq!(name(Kind::Kpi, "fleet-nps"), "Fleet NPS");
        assert_eq!(name(Kind::Page, "guide/how_to-use"), "How to use");
    }
}
