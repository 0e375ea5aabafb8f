//! Values below the top of a front matter, which may stand at another place in each state: the
//! fields of a step that was moved, the items of a list.

use foldhash::HashSet;

use crate::library::Library;
use crate::review::fields::Codes;
use crate::review::grounds;
use crate::review::pair::{Notes, Pair, Values, below, named, node};
use crate::review::words::short;
use crate::schema::content::plain;
use crate::schema::shape::KindSet;
use crate::schema::{Ref, Target};

/// Where a value stands: its JSON Pointers in both states.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) before: String,
    pub(super) after: String,
}

impl Spot {
    /// A field at the top.
    pub(super) fn top(name: &str) -> Self {
        let pointer = below("", name);
        Self {
            before: pointer.clone(),
            after: pointer,
        }
    }

    /// A field of the value.
    pub(super) fn field(&self, name: &str) -> Self {
        Self {
            before: below(&self.before, name),
            after: below(&self.after, name),
        }
    }

    /// An item of the list, by its places in both states.
    pub(super) fn item(&self, before: usize, after: usize) -> Self {
        Self {
            before: format!("{}/{before}", self.before),
            after: format!("{}/{after}", self.after),
        }
    }
}

/// An item of a list whose order means nothing.
struct Item {
    /// By which it is the same in both states.
    key: String,
    /// What people read.
    words: String,
}

/// Some items of such a list: the place of the first, and all in words.
type Found = Option<(String, String)>;

/// Notes what is different between values.
pub(super) struct Differ<'d, 'a> {
    pub(super) pair: &'d Pair<'a>,
    pub(super) notes: &'d mut Notes<'a>,
}

impl Differ<'_, '_> {
    /// A value in words.
    pub(super) fn value(&mut self, codes: Codes, title: &str, spot: &Spot, values: Values) {
        if values.0 == values.1 {
            return;
        }
        let pointer = match &values.1 {
            Some(_) => &spot.after,
            None => &spot.before,
        };
        self.notes.value(codes, title, pointer.clone(), values);
    }

    /// A text whose wrapping means nothing.
    pub(super) fn text(
        &mut self,
        codes: Codes,
        title: &str,
        spot: &Spot,
        (before, after): (Option<&str>, Option<&str>),
    ) {
        let said = |text: Option<&str>| text.map(plain).filter(|text| !text.is_empty());
        self.value(codes, title, spot, (said(before), said(after)));
    }

    /// One reference, told by the name of what it means.
    pub(super) fn reference<T: Target>(
        &mut self,
        codes: Codes,
        title: &str,
        spot: &Spot,
        (before, after): (Option<&Ref<T>>, Option<&Ref<T>>),
    ) {
        let key = |item: Option<Item>| item.map(|item| item.key);
        let before = before.map(|r| self.before(r));
        let after = after.map(|r| self.after(r));
        let words = |item: &Option<Item>| item.as_ref().map(|item| item.words.clone());
        let values = (words(&before), words(&after));
        if key(before) != key(after) {
            // Two of the same name are told apart by their places only.
            let pointer = if values.1.is_some() {
                &spot.after
            } else {
                &spot.before
            };
            self.notes.value(codes, title, pointer.clone(), values);
        }
    }

    /// A list of references whose order means nothing: what came and what went, as one change.
    pub(super) fn references<T: Target>(
        &mut self,
        codes: Codes,
        title: &str,
        spot: &Spot,
        (before, after): (&[Ref<T>], &[Ref<T>]),
    ) {
        let before: Vec<Item> = before.iter().map(|r| self.before(r)).collect();
        let after: Vec<Item> = after.iter().map(|r| self.after(r)).collect();
        self.set(codes, title, spot, (&before, &after));
    }

    /// A list of sentences whose order means nothing.
    pub(super) fn sentences(
        &mut self,
        codes: Codes,
        title: &str,
        spot: &Spot,
        (before, after): (&[String], &[String]),
    ) {
        let item = |text: &String| Item {
            key: plain(text),
            words: plain(text),
        };
        let before: Vec<Item> = before.iter().map(item).collect();
        let after: Vec<Item> = after.iter().map(item).collect();
        self.set(codes, title, spot, (&before, &after));
    }

    /// The research that something rests on.
    pub(super) fn evidence(&mut self, about: &str, spot: &Spot) {
        let pointers = [spot.before.clone(), spot.after.clone()];
        let cited = (
            node(self.pair.before, &spot.before),
            node(self.pair.after, &spot.after),
        );
        grounds::compare(self.pair, self.notes, (about, pointers), cited);
    }

    fn set(&mut self, codes: Codes, title: &str, spot: &Spot, (before, after): (&[Item], &[Item])) {
        let went = missing(before, after, &spot.before);
        let came = missing(after, before, &spot.after);
        let pointer = match (&went, &came) {
            (None, None) => return,
            (Some((pointer, _)), None) | (None, Some((pointer, _))) => pointer.clone(),
            (Some(_), Some(_)) => spot.after.clone(),
        };
        let words = |some: Found| some.map(|(_, words)| words);
        let values = (words(went), words(came));
        self.notes.value(codes, title, pointer, values);
    }

    fn before<T: Target>(&self, written: &Ref<T>) -> Item {
        let (pair, written) = (self.pair, written.as_str());
        Item {
            key: pair.reference_before(kinds::<T>(), written),
            words: name::<T>(pair.old, written),
        }
    }

    fn after<T: Target>(&self, written: &Ref<T>) -> Item {
        let (pair, written) = (self.pair, written.as_str());
        Item {
            key: pair.reference_after(kinds::<T>(), written),
            words: name::<T>(pair.new, written),
        }
    }

    /// The ids that some references have in the state after.
    pub(super) fn ids_before<T: Target>(&self, written: &[Ref<T>]) -> Vec<String> {
        written.iter().map(|r| self.before(r).key).collect()
    }

    /// The same for references of the state after.
    pub(super) fn ids_after<T: Target>(&self, written: &[Ref<T>]) -> Vec<String> {
        written.iter().map(|r| self.after(r).key).collect()
    }
}

/// The items of a list that another one lacks.
fn missing(of: &[Item], other: &[Item], pointer: &str) -> Found {
    let known: HashSet<&str> = other.iter().map(|item| &*item.key).collect();
    let lacks = |item: &&Item| !known.contains(&*item.key);
    let first = of.iter().position(|item| lacks(&item))?;
    let all: Vec<&str> = of
        .iter()
        .filter(lacks)
        .map(|item| item.words.as_str())
        .collect();
    let between = if all.iter().any(|words| words.contains([',', '.'])) {
        "; "
    } else {
        ", "
    };
    Some((format!("{pointer}/{first}"), all.join(between)))
}

/// The name of what a reference means, for people.
pub(super) fn name<T: Target>(library: &Library, written: &str) -> String {
    named(library, kinds::<T>(), written)
}

fn kinds<T: Target>() -> KindSet {
    T::KINDS.iter().copied().collect()
}

/// A text in a title.
pub(super) fn quoted(text: &str) -> String {
    format!("“{}”", short(&plain(text)))
}
