//! Everything by name: the letters of the A–Z index, and the pages they are cut into.

use super::Site;
use super::search::{fold, is_dense};
use crate::library::{Entity, EntityId};

/// Entries of a page.
const PER_PAGE: usize = 500;

/// All entities that have a page, by the letters that their names begin with.
#[derive(Debug)]
pub(super) struct Letters {
    /// In the order they are shown: letters of Latin, other scripts, digits, the rest.
    pub(super) all: Vec<Letter>,
    /// How many entities there are.
    pub(super) count: usize,
}

/// The entities whose names begin alike.
#[derive(Debug)]
pub(super) struct Letter {
    /// Its name in addresses: `a`, `ж`, `han`, `0-9`.
    pub(super) key: Box<str>,
    /// They, by name.
    pub(super) ids: Vec<EntityId>,
}

/// A page of a letter.
#[derive(Clone, Copy)]
pub(super) struct PageOf<'l> {
    pub(super) letter: &'l Letter,
    /// Which of its pages, from 0.
    pub(super) number: usize,
}

/// What sorts first: Latin, other alphabets, the large scripts, digits, the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Latin,
    Alphabet,
    Script,
    Digits,
    Rest,
}

impl Letters {
    /// The letters of a site.
    pub(super) fn of(site: &Site<'_>) -> Self {
        let mut names: Vec<(Sort, Box<str>, String, &str, EntityId)> = site
            .listed()
            .map(|entity| {
                let (sort, key) = place(entity.name());
                let folded = sorted_by(entity);
                (sort, key, folded, entity.sort_key(), entity.index)
            })
            .collect();
        names.sort_unstable();
        let count = names.len();
        let mut all: Vec<Letter> = Vec::new();
        for (_, key, .., id) in names {
            match all.last_mut() {
                Some(letter) if letter.key == key => letter.ids.push(id),
                _ => all.push(Letter { key, ids: vec![id] }),
            }
        }
        Self { all, count }
    }

    /// Whether all stand on one page.
    pub(super) fn are_few(&self) -> bool {
        self.count <= PER_PAGE
    }

    /// The names of the pages of letters: `a`, `a-2` …
    pub(super) fn names(&self) -> Vec<Box<str>> {
        if self.are_few() {
            return Vec::new();
        }
        let pages = self.all.iter().flat_map(|letter| {
            (0..letter.pages()).map(|number| PageOf { letter, number }.name().into())
        });
        pages.collect()
    }

    /// The page of a name.
    pub(super) fn page(&self, name: &str) -> Option<PageOf<'_>> {
        if self.are_few() {
            return None;
        }
        let numbered = || {
            let (key, number) = name.rsplit_once('-')?;
            let number: usize = number.parse().ok()?;
            Some((key, number.checked_sub(1)?))
        };
        let known = |key: &str| self.all.iter().find(|letter| *letter.key == *key);
        let (letter, number) = match known(name) {
            Some(letter) => (letter, 0),
            None => numbered().and_then(|(key, number)| Some((known(key)?, number)))?,
        };
        let page = PageOf { letter, number };
        (number < letter.pages() && page.name() == name).then_some(page)
    }
}

impl Letter {
    /// On how many pages they stand.
    pub(super) fn pages(&self) -> usize {
        self.ids.len().div_ceil(PER_PAGE)
    }

    /// Its name when it is a letter of an alphabet; the others have words of their own.
    pub(super) fn capital(&self) -> Option<String> {
        let mut chars = self.key.chars();
        let first = chars.next().filter(|_| chars.next().is_none())?;
        Some(first.to_uppercase().collect())
    }
}

impl<'l> PageOf<'l> {
    /// Its name in addresses.
    pub(super) fn name(self) -> String {
        match self.number {
            0 => self.letter.key.to_string(),
            number => format!("{}-{}", self.letter.key, number + 1),
        }
    }

    /// The entities on it.
    pub(super) fn ids(self) -> &'l [EntityId] {
        let from = self.number * PER_PAGE;
        let to = self.letter.ids.len().min(from + PER_PAGE);
        &self.letter.ids[from.min(to)..to]
    }
}

/// The name as people look it up.
fn sorted_by(entity: &Entity) -> String {
    let mut name = String::new();
    fold(entity.name(), &mut name);
    name
}

/// Under which letter a name stands.
fn place(name: &str) -> (Sort, Box<str>) {
    let mut folded = String::new();
    let first = name.chars().find(|c| c.is_alphanumeric());
    fold(
        first.map(String::from).as_deref().unwrap_or_default(),
        &mut folded,
    );
    let Some(c) = folded.chars().find(|c| c.is_alphanumeric()) else {
        return (Sort::Rest, "other".into());
    };
    match c {
        'a'..='z' => (Sort::Latin, c.to_string().into()),
        c if c.is_numeric() => (Sort::Digits, "0-9".into()),
        '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' => (Sort::Script, "kana".into()),
        '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' | '\u{ac00}'..='\u{d7ff}' => {
            (Sort::Script, "hangul".into())
        }
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => {
            (Sort::Alphabet, c.to_string().into())
        }
        c if is_dense(c) => (Sort::Script, "han".into()),
        c => (Sort::Alphabet, c.to_string().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_under_its_letter_whatever_the_script() {
        let key = |name| place(name).1;
        assert_eq!(&*key("Örjan"), "o");
        assert_eq!(&*key("“Émile”"), "e");
        assert_eq!(&*key("Øyvind"), "o");
        assert_eq!(&*key("24/7 support"), "0-9");
        assert_eq!(&*key("Журнал"), "ж");
        assert_eq!(&*key("東京"), "han");
        assert_eq!(&*key("ペルソナ"), "kana");
        assert_eq!(&*key("구매"), "hangul");
        assert_eq!(&*key("—"), "other");
    }

    #[test]
    fn a_letter_with_many_names_has_numbered_pages() {
        let ids = vec![EntityId::default(); PER_PAGE + 1];
        let all = vec![
            Letter {
                key: "a".into(),
                ids,
            },
            Letter {
                key: "0-9".into(),
                ids: vec![EntityId::default()],
            },
        ];
        let letters = Letters {
            all,
            count: PER_PAGE + 2,
        };
        let names: Vec<String> = letters.names().iter().map(ToString::to_string).collect();
        assert_eq!(names, ["a", "a-2", "0-9"]);
        for name in &names {
            let page = letters.page(name);
            assert_eq!(page.map(PageOf::name).as_deref(), Some(&**name));
        }
        assert_eq!(letters.page("a-2").map(|page| page.ids().len()), Some(1));
        for name in ["a-1", "a-3", "a-02", "b", "0-9-2", ""] {
            assert!(letters.page(name).is_none(), "{name}");
        }
    }
}
