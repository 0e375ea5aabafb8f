//! The pages of a list that is too long for one: in order of names, under their letters.
//!
//! All can be reached by letters and numbers without a script. The filters look at the data of the
//! list, `data.rs`.

use std::ops::Range;

use minijinja::Value;

use super::super::super::{Site, encode};
use super::super::{Fields, Result, kind_label};
use super::{Place, items};
use crate::library::{Entity, EntityId};
use crate::schema::Kind;
use crate::site::fields::view;

/// Below this folder are the further pages of all lists, and their data.
pub(in crate::site) const FOLDER: &str = "lists/";
/// More different letters than this, as in Chinese, are no help.
const MAX_LETTERS: usize = 60;
/// Numbers shown on either side of the page one is on.
const AROUND: usize = 2;

/// How many entries of a kind one page may hold when it holds them all, and else.
///
/// No page should be larger than 300 kB; an entry takes half a kilobyte, a KPI with its course
/// twice that.
const fn limits(kind: Kind) -> (usize, usize) {
    match kind {
        Kind::Kpi => (200, 120),
        _ => (400, 240),
    }
}

/// How many pages the list of a kind has.
pub(in crate::site) fn count(site: &Site<'_>, kind: Kind) -> usize {
    let entries = site.library.count(kind, site.options.drafts);
    let (alone, each) = limits(kind);
    if entries <= alone {
        1
    } else {
        entries.div_ceil(each)
    }
}

/// The names of the further pages of all lists: `personas/2`.
pub(in crate::site) fn names(site: &Site<'_>) -> Vec<Box<str>> {
    let pages = |&kind: &Kind| (2..=count(site, kind)).map(move |number| name(kind, number));
    Kind::ALL.iter().flat_map(pages).collect()
}

/// What a page or the data of a list is called below [`FOLDER`].
pub(super) fn name(kind: Kind, number: usize) -> Box<str> {
    format!("{}/{number}", kind.folder()).into()
}

/// The kind and the number in such a name.
pub(super) fn parse(name: &str) -> Option<(Kind, usize)> {
    let (folder, number) = name.split_once('/')?;
    let kind = Kind::ALL.iter().find(|kind| kind.folder() == folder)?;
    let is_plain = !number.starts_with(['0', '+']) || number == "0";
    let number = number.parse().ok().filter(|_| is_plain)?;
    Some((*kind, number))
}

/// The kind and the number of a further page of a list that there is.
pub(in crate::site) fn find(site: &Site<'_>, name: &str) -> Option<(Kind, usize)> {
    parse(name).filter(|&(kind, number)| (2..=count(site, kind)).contains(&number))
}

/// The address of a page of a list.
pub(super) fn path(kind: Kind, number: usize) -> String {
    match number {
        1 => format!("{}/", kind.folder()),
        _ => format!("{FOLDER}{}/", name(kind, number)),
    }
}

/// A list in order, and where its letters begin.
#[derive(Debug)]
pub(in crate::site) struct Sheets {
    entries: Vec<EntityId>,
    letters: Vec<(char, usize)>,
}

impl Sheets {
    /// The list of a kind.
    pub(super) fn of(site: &Site<'_>, kind: Kind) -> Self {
        let mut entries = Vec::new();
        let mut letters: Vec<(char, usize)> = Vec::new();
        for entity in site.published(kind) {
            let letter = letter(entity);
            if letters.last().is_none_or(|(last, _)| *last != letter) {
                letters.push((letter, entries.len()));
            }
            entries.push(entity.index);
        }
        Self { entries, letters }
    }

    /// Some of the entries.
    pub(in crate::site::view) fn some<'a>(
        &self,
        site: &Site<'a>,
        range: Range<usize>,
    ) -> impl Iterator<Item = &'a Entity> {
        let ids = self.entries[range].iter();
        ids.filter_map(|id| site.library.entity(*id))
    }

    /// Where the part of this number stands, from 0, when each has so many entries.
    pub(in crate::site::view) fn part(&self, number: usize, each: usize) -> Range<usize> {
        let start = number.saturating_mul(each).min(self.len());
        start..(start + each).min(self.len())
    }

    /// How many entries there are.
    pub(in crate::site::view) fn len(&self) -> usize {
        self.entries.len()
    }
}

/// One page of a list.
pub(super) struct Sheet<'a> {
    pub(super) site: &'a Site<'a>,
    pub(super) kind: Kind,
    /// From 1.
    pub(super) number: usize,
    pub(super) root: &'a str,
}

impl Sheet<'_> {
    /// What templates receive: the entries under their letters, all letters, and the way to the
    /// other pages.
    pub(super) fn fields(&self) -> Result<Fields> {
        let sheets = self.site.sheets(self.kind);
        let (_, each) = limits(self.kind);
        let shown = sheets.part(self.number - 1, each);
        Ok(vec![
            ("groups", self.groups(sheets, shown.clone())?),
            ("letters", self.letters(sheets, shown.clone())),
            ("pager", self.pager(sheets, shown)),
        ])
    }

    fn groups(&self, sheets: &Sheets, shown: Range<usize>) -> Result<Value> {
        let place = Place {
            root: self.root,
            level: "h3",
        };
        let ends = sheets.letters.iter().skip(1).map(|(_, start)| *start);
        let runs = sheets.letters.iter().zip(ends.chain([sheets.len()]));
        let groups = runs.filter_map(|(&(letter, start), end)| {
            let range = start.max(shown.start)..end.min(shown.end);
            (!range.is_empty()).then(|| {
                let entries = sheets.some(self.site, range);
                Ok(view([
                    ("letter", Value::from(upper(letter))),
                    ("anchor", anchor(letter).into()),
                    ("items", items(self.site, entries, place)?),
                ]))
            })
        });
        groups.collect::<Result<Vec<_>>>().map(Value::from)
    }

    fn letters(&self, sheets: &Sheets, shown: Range<usize>) -> Value {
        if sheets.letters.len() > MAX_LETTERS {
            return Value::from(());
        }
        let (_, each) = limits(self.kind);
        let letters = sheets.letters.iter().map(|&(letter, start)| {
            let hash = format!("#{}", encode(&anchor(letter)));
            let page = path(self.kind, start / each + 1);
            view([
                ("letter", Value::from(upper(letter))),
                ("path", format!("{page}{hash}").into()),
                ("here", shown.contains(&start).into()),
            ])
        });
        letters.collect()
    }

    fn pager(&self, sheets: &Sheets, shown: Range<usize>) -> Value {
        let (_, each) = limits(self.kind);
        let pages = sheets.len().div_ceil(each);
        let link = |number: usize| {
            (1..=pages)
                .contains(&number)
                .then(|| path(self.kind, number))
        };
        let near = self.number.saturating_sub(AROUND)..=self.number + AROUND;
        let mut numbers = Vec::new();
        let mut last = 0;
        for number in (1..=pages).filter(|n| *n == 1 || *n == pages || near.contains(n)) {
            numbers.push(view([
                ("number", Value::from(number)),
                ("path", path(self.kind, number).into()),
                ("gap", (number > last + 1).into()),
            ]));
            last = number;
        }
        let name = |at: usize| {
            let entity = sheets.some(self.site, at..at + 1).next();
            Value::from(entity.map(Entity::name))
        };
        view([
            ("number", Value::from(self.number)),
            ("pages", pages.into()),
            ("from", name(shown.start)),
            ("to", name(shown.end.saturating_sub(1))),
            ("previous", Value::from(link(self.number - 1))),
            ("next", Value::from(link(self.number + 1))),
            ("numbers", Value::from(numbers)),
        ])
    }
}

/// The title of a further page of a list.
pub(super) fn title(site: &Site<'_>, kind: Kind, number: usize) -> String {
    let text = site.theme.word(&["lists", "title"]).unwrap_or("{list} {n}");
    let text = text.replace("{list}", kind_label(site, kind));
    let text = text.replace("{n}", &number.to_string());
    text.replace("{pages}", &count(site, kind).to_string())
}

/// The small letter that an entry stands under; all that sorts before letters is under `#`.
fn letter(entity: &Entity) -> char {
    let first = entity.sort_letter();
    first.filter(|c| *c >= 'a').unwrap_or('#')
}

fn upper(letter: char) -> String {
    letter.to_uppercase().collect()
}

fn anchor(letter: char) -> String {
    match letter {
        '#' => "letter-0".to_owned(),
        _ => format!("letter-{letter}"),
    }
}

/// The list of a kind that has these values for a filter, if its page has that filter.
pub(in crate::site::view) fn filtered(kind: Kind, filter: &str, value: &str) -> String {
    format!("{}?{filter}={}", path(kind, 1), encode(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_by_one_name_only() {
        assert_eq!(parse("personas/12"), Some((Kind::Persona, 12)));
        for name in [
            "personas",
            "personas/012",
            "personas/+2",
            "persona/2",
            "personas/2/3",
        ] {
            assert_eq!(parse(name), None, "{name}");
        }
    }

    #[test]
    fn the_first_page_stands_at_the_address_of_the_list() {
        assert_eq!(path(Kind::Kpi, 1), "kpis/");
        assert_eq!(path(Kind::Kpi, 3), "lists/kpis/3/");
    }
}
