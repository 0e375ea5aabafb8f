//! The words of the interface in one language, and how that language writes numbers and plurals.
//!
//! In: the files `labels/LANG.yaml` of the built-in theme, and `labels.yaml` and `labels/LANG.yaml`
//! of a project's own. Out: one tree of words. What a language lacks is there in English.

use std::collections::BTreeMap;

use foldhash::HashMap;
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use minijinja::Value;
use serde_json::Value as Json;

use super::super::languages;
use super::{BuiltIn, built_in};
use crate::diagnostic::{Diagnostic, Severity};

/// The language whose file has every word.
pub(super) const WHOLE: &str = "en";

/// What `lang` falls back to, the most general first: `de`, `de-ch`.
fn chain(lang: &str) -> Vec<String> {
    let lang = lang.to_ascii_lowercase();
    let ends = lang.match_indices('-').map(|(at, _)| at);
    let ends = ends.chain(std::iter::once(lang.len()));
    ends.map(|end| lang[..end].to_owned()).collect()
}

/// Whether a file of a theme holds words.
pub(super) fn is_labels(name: &str) -> bool {
    let of_language = name.strip_prefix("labels/");
    name == "labels.yaml"
        || of_language
            .and_then(|name| name.strip_suffix(".yaml"))
            .is_some()
}

/// The words of `lang`: the built-in ones, and over them those of a project's own theme.
pub(super) fn words_of(lang: &str, own: &BTreeMap<String, Json>) -> Json {
    let mut words = language(WHOLE);
    for lang in chain(lang) {
        if lang != WHOLE {
            merge(&mut words, language(&lang));
        }
    }
    let mut lay = |name: &str| {
        let named = own.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
        named.for_each(|(_, tree)| merge(&mut words, tree.clone()));
    };
    lay("labels.yaml");
    for lang in chain(lang) {
        lay(&format!("labels/{lang}.yaml"));
    }
    words
}

/// The words of a project's own theme by their file; a file that cannot be read is a finding.
pub(super) fn own(
    overrides: &BTreeMap<String, Vec<u8>>,
    folder: &str,
    findings: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Json> {
    let mut all = BTreeMap::new();
    for (name, bytes) in overrides.iter().filter(|(name, _)| is_labels(name)) {
        match serde_yaml::from_slice(bytes) {
            Ok(words) => {
                all.insert(name.clone(), words);
            }
            Err(error) => {
                let message = format!("the labels cannot be read: {error}");
                let path = format!("{folder}/{name}");
                findings.push(Diagnostic::new("template", Severity::Error, path, message));
            }
        }
    }
    all
}

/// The built-in words of a language; nothing when there is no file of it.
fn language(lang: &str) -> Json {
    let file = format!("labels/{lang}.yaml");
    let name = BuiltIn::iter().find(|name| name.eq_ignore_ascii_case(&file));
    name.and_then(|name| built_in(&name))
        .and_then(|text| serde_yaml::from_str(&text).ok())
        .unwrap_or_else(|| Json::Object(serde_json::Map::new()))
}

/// Lays words over others, word by word. An empty file changes nothing.
fn merge(base: &mut Json, own: Json) {
    match (base, own) {
        (_, Json::Null) => {}
        (Json::Object(base), Json::Object(own)) => {
            for (key, value) in own {
                merge(base.entry(key).or_insert(Json::Null), value);
            }
        }
        (base, own) => *base = own,
    }
}

/// The words as a tree that is made for looking up single texts: pages ask for dozens.
#[derive(Debug)]
pub(super) enum Texts {
    Text(Box<str>),
    Block(HashMap<Box<str>, Texts>),
}

impl Texts {
    pub(super) fn of(words: &Json) -> Self {
        match words {
            Json::String(text) => Self::Text(text.as_str().into()),
            other => {
                let entries = other.as_object().into_iter().flatten();
                let entries = entries.map(|(key, words)| (key.as_str().into(), Self::of(words)));
                Self::Block(entries.collect())
            }
        }
    }

    /// What stands at a path.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |at, key| match at {
            Self::Text(_) => None,
            Self::Block(entries) => entries.get(*key),
        })
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Block(_) => None,
        }
    }
}

/// How a language writes numbers.
#[derive(Debug, Clone)]
pub(in crate::site) struct Numerals {
    decimal: Box<str>,
    group: Box<str>,
    /// What keeps a sign before its number where texts run from right to left.
    mark: &'static str,
}

impl Numerals {
    pub(super) fn of(words: &Json, lang: &str) -> Self {
        let word = |key: &str, otherwise: &str| -> Box<str> {
            let found = words.get("number").and_then(|n| n.get(key));
            found.and_then(Json::as_str).unwrap_or(otherwise).into()
        };
        Self {
            decimal: word("decimal", "."),
            group: word("group", "\u{202f}"),
            mark: match languages::direction(lang) {
                "rtl" => "\u{200e}",
                _ => "",
            },
        }
    }

    /// A number for people: no more digits than its size asks for, thousands apart.
    pub(in crate::site) fn number(&self, value: f64) -> String {
        if let Some(small) = small(value) {
            return small.to_string();
        }
        let decimals = Self::decimals([value]);
        let text = format!("{value:.decimals$}");
        self.written(if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.')
        } else {
            &text
        })
    }

    /// The decimals of numbers that stand below each other: as many as the size of the largest asks
    /// for, and none if all are whole.
    pub(in crate::site) fn decimals(values: impl IntoIterator<Item = f64>) -> usize {
        let (mut largest, mut whole) = (0.0_f64, true);
        for value in values {
            largest = largest.max(value.abs());
            whole &= value.fract() == 0.0;
        }
        if whole || largest >= 1000.0 {
            0
        } else if largest >= 10.0 {
            1
        } else {
            2
        }
    }

    /// A number with so many decimals, as in a column of numbers.
    pub(in crate::site) fn fixed(&self, value: f64, decimals: usize) -> String {
        self.written(&format!("{value:.decimals$}"))
    }

    /// A number in the signs of the language.
    fn written(&self, text: &str) -> String {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) if digits.contains(|c| matches!(c, '1'..='9')) => ("\u{2212}", digits),
            Some(digits) => ("", digits),
            None => ("", text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut out = String::new();
        if !sign.is_empty() {
            out.push_str(self.mark);
            out.push_str(sign);
        }
        for (index, digit) in whole.chars().enumerate() {
            let left = whole.len() - index;
            if index > 0 && left % 3 == 0 && whole.len() > 3 {
                out.push_str(&self.group);
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push_str(&self.decimal);
            out.push_str(fraction);
        }
        out
    }

    /// A difference with its sign.
    pub(in crate::site) fn signed(&self, value: f64) -> String {
        let text = self.number((value * 100.0).round() / 100.0);
        if value > 0.0 && text != "0" {
            format!("{}+{text}", self.mark)
        } else {
            text
        }
    }

    /// A count for people: thousands apart.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a count this large is shown rounded anyway"
    )]
    pub(in crate::site) fn count(&self, value: u64) -> String {
        self.number(value as f64)
    }

    /// A value of a template: a number as people write it, anything else as it is.
    pub(super) fn shown(&self, value: &Value) -> String {
        match f64::try_from(value.clone()) {
            Ok(number) if value.is_number() => self.number(number),
            _ => value.to_string(),
        }
    }
}

/// A count below a thousand, as most numbers are: all languages write it alike.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number in this range"
)]
fn small(value: f64) -> Option<u16> {
    (value.fract() == 0.0 && (0.0..1000.0).contains(&value)).then_some(value as u16)
}

/// Which form of a text a language wants for a number.
#[derive(Debug, Clone)]
pub(super) struct Plurals(Option<Locale>);

impl Plurals {
    pub(super) fn of(lang: &str) -> Self {
        Self(lang.parse().ok())
    }

    /// The keys under which the text may stand, the best first: the category of Unicode CLDR, and
    /// `many`, which is there in all files for whatever is not `one`.
    pub(super) fn keys(&self, number: u64) -> [&'static str; 2] {
        let rules = self.0.as_ref();
        let rules = rules.and_then(|l| PluralRules::try_new_cardinal(l.clone().into()).ok());
        let category = rules.map_or(
            if number == 1 {
                PluralCategory::One
            } else {
                PluralCategory::Other
            },
            |rules| rules.category_for(number),
        );
        let key = match category {
            PluralCategory::Zero => "zero",
            PluralCategory::One => "one",
            PluralCategory::Two => "two",
            PluralCategory::Few => "few",
            PluralCategory::Many => "many",
            PluralCategory::Other => "other",
        };
        [key, "many"]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The forms that a language may have beside `one` and `many`.
    const FORMS: [&str; 4] = ["zero", "two", "few", "other"];
    /// Words that are the same in English: names, and what both languages have from a third.
    const EQUAL: &[(&str, &[&str])] = &[
        (
            "de",
            &[
                "/nav/atoz",
                "/graph/group",
                "/graph/personas",
                "/journey/feeling_value",
                "/kpi/period",
                "/kpi/personas",
                "/index/filter",
                "/health/persona",
                "/coverage/of_part",
                "/coverage/n",
                "/coverage/opportunities/team",
                "/atoz/title",
                "/atoz/groups/0-9",
                "/atoz/groups/han",
                "/atoz/groups/kana",
                "/atoz/groups/hangul",
                "/fields_page/optional",
                "/rules_page/settings",
                "/kinds/persona/one",
                "/kinds/persona/many",
                "/kinds/segment/one",
                "/kinds/team/one",
                "/kinds/team/many",
                "/fields/name",
                "/fields/status",
                "/fields/segment",
                "/fields/jobs",
                "/fields/personas",
                "/fields/persona",
                "/fields/emotion",
                "/fields/url",
                "/fields/definition",
                "/values/buying_role/initiator",
                "/values/buying_role/gatekeeper",
                "/values/lifecycle/marketing",
                "/values/kind/nps",
                "/values/method/interview",
                "/values/mode/online",
                "/values/mode/offline",
                "/emotions/2",
            ],
        ),
        (
            "he",
            &[
                "/number/decimal",
                "/graph/group",
                "/general/percent",
                "/coverage/of_part",
                "/coverage/n",
                "/atoz/groups/0-9",
                "/atoz/groups/han",
                "/atoz/groups/kana",
                "/atoz/groups/hangul",
            ],
        ),
    ];
    /// The same in every language.
    const FORMULAS: [&str; 4] = [
        "/date/month",
        "/general/prefix",
        "/values/market/b2b",
        "/values/market/b2c",
    ];

    fn flat(tree: &Json, path: &str, out: &mut BTreeMap<String, String>) {
        match tree {
            Json::Object(entries) => entries
                .iter()
                .for_each(|(key, value)| flat(value, &format!("{path}/{key}"), out)),
            Json::Array(items) => items
                .iter()
                .enumerate()
                .for_each(|(index, item)| flat(item, &format!("{path}/{index}"), out)),
            other => {
                let text = other
                    .as_str()
                    .map_or_else(|| other.to_string(), str::to_owned);
                out.insert(path.to_owned(), text);
            }
        }
    }

    fn texts(lang: &str) -> BTreeMap<String, String> {
        let mut out = BTreeMap::new();
        flat(&language(lang), "", &mut out);
        out
    }

    fn gaps(text: &str) -> BTreeSet<&str> {
        let parts = text.split('{').skip(1);
        parts.filter_map(|part| part.split('}').next()).collect()
    }

    #[test]
    fn every_language_says_everything() {
        let english = texts(WHOLE);
        let files = BuiltIn::iter().filter(|name| name.starts_with("labels/"));
        let languages: Vec<String> = files
            .filter_map(|name| {
                Some(
                    name.strip_prefix("labels/")?
                        .strip_suffix(".yaml")?
                        .to_owned(),
                )
            })
            .filter(|lang| lang != WHOLE)
            .collect();
        assert!(languages.len() >= 2, "{languages:?}");
        let mut wrong = Vec::new();
        for lang in &languages {
            let own = texts(lang);
            let equal = EQUAL.iter().find(|(known, _)| known == lang);
            let may_equal = |path: &str| {
                FORMULAS.contains(&path) || equal.is_some_and(|(_, paths)| paths.contains(&path))
            };
            for (path, text) in &english {
                let Some(said) = own.get(path) else {
                    wrong.push(format!("{lang}: {path} is missing: {text}"));
                    continue;
                };
                // A form for a single number may spell it out.
                let spelt = path.ends_with("/one");
                if gaps(said) != gaps(text) && !(spelt && gaps(said).is_empty()) {
                    wrong.push(format!("{lang}: {path} has other gaps: {text} – {said}"));
                }
                if said.trim().is_empty() {
                    wrong.push(format!("{lang}: {path} is empty"));
                }
                if said == text && !may_equal(path) {
                    wrong.push(format!("{lang}: {path} is not translated: {text}"));
                }
            }
            for path in own.keys().filter(|path| !english.contains_key(*path)) {
                let form = path.rsplit_once('/').filter(|(of, form)| {
                    FORMS.contains(form) && english.contains_key(&format!("{of}/many"))
                });
                if form.is_none() {
                    wrong.push(format!("{lang}: {path} is no word of en.yaml"));
                }
            }
        }
        assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    }

    #[test]
    fn a_language_falls_back_word_by_word() {
        let own = BTreeMap::from([
            (
                "labels.yaml".to_owned(),
                serde_json::json!({"nav": {"menu": "all", "more": "all"}}),
            ),
            (
                "labels/de.yaml".to_owned(),
                serde_json::json!({"nav": {"more": "de", "home": "de"}}),
            ),
            (
                "labels/de-CH.yaml".to_owned(),
                serde_json::json!({"nav": {"home": "ch"}}),
            ),
        ]);
        let words = |lang: &str| {
            let words = words_of(lang, &own);
            ["menu", "more", "home", "skip"]
                .map(|key| words["nav"][key].as_str().unwrap_or("").to_owned())
        };
        assert_eq!(words("de-CH"), ["all", "de", "ch", "Zum Inhalt springen"]);
        assert_eq!(words("de"), ["all", "de", "de", "Zum Inhalt springen"]);
        assert_eq!(words("fr"), ["all", "all", "Home", "Skip to content"]);
        assert_eq!(
            words_of("DE-at", &BTreeMap::new()),
            words_of("de", &BTreeMap::new())
        );
    }

    #[test]
    fn numbers_are_short_and_written_as_in_the_language() {
        let shown = |lang: &str| -> Vec<String> {
            let numerals = Numerals::of(&words_of(lang, &BTreeMap::new()), lang);
            [41.0, 41.25, 4.256, -0.001, -2.5, 12345.6, 1234.0]
                .map(|value| numerals.number(value))
                .into()
        };
        assert_eq!(
            shown("en"),
            [
                "41",
                "41.2",
                "4.26",
                "0",
                "\u{2212}2.5",
                "12\u{202f}346",
                "1\u{202f}234"
            ]
        );
        assert_eq!(
            shown("de-AT"),
            ["41", "41,2", "4,26", "0", "\u{2212}2,5", "12.346", "1.234"]
        );
        let numerals = Numerals::of(&Json::Null, "he");
        assert_eq!(numerals.shown(&Value::from(1500)), "1\u{202f}500");
        assert_eq!(numerals.shown(&Value::from("1500")), "1500");
        assert_eq!(numerals.signed(1.5), "\u{200e}+1.5");
    }

    #[test]
    fn numbers_of_a_column_have_as_many_decimals_as_the_largest_asks_for() {
        let numerals = Numerals::of(&Json::Null, "en");
        let column = |values: &[f64]| {
            let decimals = Numerals::decimals(values.iter().copied());
            let written = values.iter().map(|value| numerals.fixed(*value, decimals));
            written.collect::<Vec<_>>()
        };
        assert_eq!(column(&[9.05, 75.4, 90.0]), ["9.1", "75.4", "90.0"]);
        assert_eq!(column(&[1.39, 0.7, -0.001]), ["1.39", "0.70", "0.00"]);
        assert_eq!(column(&[41.0, 7.0]), ["41", "7"]);
        assert_eq!(column(&[2384.4, 9.5]), ["2\u{202f}384", "10"]);
    }

    #[test]
    fn plurals_are_those_of_the_language() {
        let keys = |lang: &str| [0, 1, 2, 5, 11].map(|number| Plurals::of(lang).keys(number)[0]);
        assert_eq!(keys("en"), ["other", "one", "other", "other", "other"]);
        assert_eq!(keys("fr-CA"), ["one", "one", "other", "other", "other"]);
        assert_eq!(keys("he"), ["other", "one", "two", "other", "other"]);
        assert_eq!(keys("ar"), ["zero", "one", "two", "few", "many"]);
        assert_eq!(keys("no language at all")[1], "one");
    }
}
