//! The measurements of a KPI in two states.
//!
//! A row is known again by its period and slice, wherever it stands in the file and however its
//! numbers are written. What is new is told as one change, for it is what measuring is for; what was
//! edited or is gone each by itself, since a figure that somebody quoted is another one now. In a
//! file of answers the answers are compared, not the figures that are made of them.

use foldhash::HashMap;

use super::answers;
use super::spot::name;
use crate::diagnostic::Severity;
use crate::library::Entity;
use crate::library::measurements::{Measurements, Period, Row, Slice, beside};
use crate::library::statistics::Counts;
use crate::review::code::{
    MEASUREMENT_ADDED, MEASUREMENT_COMPLETED, MEASUREMENT_EDITED, MEASUREMENT_REMOVED, MOVED,
};
use crate::review::pair::{Notes, Pair, below};
use crate::schema::kinds::journey::Journey;
use crate::schema::kinds::persona::Persona;
use crate::schema::kinds::segment::Segment;
use crate::schema::{Data, Kind};

/// How many edits, and how many removals, are told each by itself; what is more is counted.
const MOST_EACH: usize = 100;

/// Notes what is different.
pub(super) fn changes<'a>(pair: &Pair<'a>, notes: &mut Notes<'a>) {
    let (before, after) = (pair.before, pair.after);
    if is_unreadable(before) || is_unreadable(after) {
        return;
    }
    let files = (before.measurements.as_ref(), after.measurements.as_ref());
    let renamed = matches!(files, (Some(a), Some(b)) if a.document.path != b.document.path);
    if let (Some(old), Some(new)) = files {
        // A file beside a KPI goes by its name, so that it is another one says the KPI.
        let goes_along = *old.document.path == *beside(&before.document.path)
            && *new.document.path == *beside(&after.document.path);
        if renamed && !goes_along {
            let values = [old, new].map(|file| Some(file.document.path.to_string()));
            let title = "File of measurements renamed";
            notes.add(MOVED, title, "/measurements", values.into());
        }
        if old.document.text == new.document.text {
            return;
        }
        if old.of_answers && new.of_answers {
            answers::changes(pair, notes, (old, new));
            return;
        }
    }
    Series { pair, files }.compare(notes);
}

/// Whether there is a file of measurements of which nothing could be read.
fn is_unreadable(kpi: &Entity) -> bool {
    kpi.measurements.is_none() && kpi.findings.iter().any(|f| f.path.ends_with(".csv"))
}

/// The files of both states; of one that is missing there are no rows.
struct Series<'p, 'a> {
    pair: &'p Pair<'a>,
    files: (Option<&'a Measurements>, Option<&'a Measurements>),
}

/// A period and slice, by the numbers of both.
type Key = (u32, u32);

/// Numbers for the periods and slices of both states, in which the same persona is the same under
/// her old and new id.
#[derive(Default)]
struct Numbers {
    periods: HashMap<(jiff::civil::Date, crate::library::measurements::Length), u32>,
    slices: HashMap<Slice, u32>,
    /// Slices that were seen, by where they are: rows share them.
    seen: HashMap<*const Slice, u32>,
}

impl Numbers {
    fn key(&mut self, row: &Row, of_today: impl Fn(&Slice) -> Slice) -> Key {
        let next = u32::try_from(self.periods.len()).unwrap_or(u32::MAX);
        let period = (row.period.start, row.period.length);
        let period = *self.periods.entry(period).or_insert(next);
        let at = std::sync::Arc::as_ptr(&row.slice);
        let slice = if let Some(&slice) = self.seen.get(&at) {
            slice
        } else {
            let next = u32::try_from(self.slices.len()).unwrap_or(u32::MAX);
            let slice = *self.slices.entry(of_today(&row.slice)).or_insert(next);
            self.seen.insert(at, slice);
            slice
        };
        (period, slice)
    }
}

impl<'a> Series<'_, 'a> {
    fn compare(&self, notes: &mut Notes<'a>) {
        let rows = |file: Option<&'a Measurements>| file.map_or(&[][..], |file| &file.rows);
        let (old, new) = (rows(self.files.0), rows(self.files.1));
        let mut numbers = Numbers::default();
        let mut known: HashMap<Key, &Row> = HashMap::default();
        known.reserve(old.len());
        for row in old {
            known.insert(numbers.key(row, |slice| of_today(self.pair, slice)), row);
        }
        let mut came: Vec<&Row> = Vec::new();
        let mut edited: Vec<(&Row, &Row)> = Vec::new();
        let mut completed: Vec<(&Row, &Row)> = Vec::new();
        for row in new {
            match known.remove(&numbers.key(row, Slice::clone)) {
                None => came.push(row),
                Some(before) => match difference(before, row) {
                    Some(Difference::More) => completed.push((before, row)),
                    Some(Difference::Other) => edited.push((before, row)),
                    None => {}
                },
            }
        }
        let gone = |row: &&Row| {
            let mut left = known.values();
            left.any(|other| std::ptr::eq(*other, *row))
        };
        let mut went: Vec<&Row> = match known.len() {
            0 => Vec::new(),
            few if few < 10 => old.iter().filter(gone).collect(),
            _ => {
                let mut rows: Vec<&Row> = known.values().copied().collect();
                rows.sort_by(|a, b| (&a.period, &a.slice).cmp(&(&b.period, &b.slice)));
                rows
            }
        };
        went.sort_by(|a, b| (&a.period, &a.slice).cmp(&(&b.period, &b.slice)));
        self.edited(notes, &edited);
        self.went(notes, &went);
        self.completed(notes, &completed);
        self.came(notes, &came);
    }

    fn edited(&self, notes: &mut Notes<'a>, edited: &[(&'a Row, &'a Row)]) {
        let Some(file) = self.files.1 else { return };
        let told: Vec<&Row> = edited.iter().take(MOST_EACH).map(|pair| pair.1).collect();
        let places = file.places(&told, "value");
        for (&(before, after), place) in edited.iter().zip(places) {
            let title = format!("Measurement of {} edited", self.of(after, true));
            let values = self.both(before, after);
            let change = notes.add(MEASUREMENT_EDITED, title, pointer(after), values);
            change.at(&file.document, place.unwrap_or(0..0));
        }
        if let Some(more) = more(edited.len()) {
            let title = format!("{more} more past measurements edited");
            let change = notes.add(MEASUREMENT_EDITED, title, "/measurements", (None, None));
            change.count = more;
            change.at(&file.document, 0..0);
        }
    }

    fn went(&self, notes: &mut Notes<'a>, went: &[&'a Row]) {
        let Some(file) = self.files.0 else { return };
        let told: Vec<&Row> = went.iter().take(MOST_EACH).copied().collect();
        let places = file.places(&told, "period");
        // Where the new file has mistakes, a row may be there and say nothing that can be read.
        let torn = self.files.1.is_some_and(|file| {
            let errors = self.pair.after.findings.iter();
            let mut errors = errors.filter(|finding| finding.severity == Severity::Error);
            errors.any(|finding| finding.path == file.document.path)
        });
        let how = if torn {
            "gone or not readable"
        } else {
            "removed"
        };
        for (row, place) in told.iter().zip(places) {
            let title = format!("Measurement of {} {how}", self.of(row, false));
            let before = Some(figure(row, self.unit(false)));
            let change = notes.gone(MEASUREMENT_REMOVED, title, pointer(row), before);
            change.at(&file.document, place.unwrap_or(0..0));
        }
        if let Some(more) = more(went.len()) {
            let title = format!("{more} more past measurements {how}");
            let change = notes.gone(MEASUREMENT_REMOVED, title, "/measurements", None);
            change.count = more;
            change.at(&file.document, 0..0);
        }
    }

    fn completed(&self, notes: &mut Notes<'a>, completed: &[(&'a Row, &'a Row)]) {
        let (Some(file), Some(&(before, after))) = (self.files.1, completed.first()) else {
            return;
        };
        let title = match completed.len() {
            1 => format!("Measurement of {} completed", self.of(after, true)),
            count => format!("{count} past measurements completed"),
        };
        let values = self.both(before, after);
        let change = notes.add(MEASUREMENT_COMPLETED, title, pointer(after), values);
        change.count = completed.len();
        let place = file.places(&[after], "value").pop().flatten();
        change.at(&file.document, place.unwrap_or(0..0));
    }

    /// New measurements as one change: how many there are, and the newest.
    fn came(&self, notes: &mut Notes<'a>, came: &[&'a Row]) {
        let Some(file) = self.files.1 else { return };
        let newest = came.iter().max_by(|a, b| {
            let rank = |row: &Row| (row.period.end(), row.period.start, row.slice.is_all());
            let by_slice = || b.slice.cmp(&a.slice);
            rank(a).cmp(&rank(b)).then_with(by_slice)
        });
        let Some(newest) = newest else { return };
        let value = format!(
            "{}: {}",
            self.of(newest, true),
            figure(newest, self.unit(true))
        );
        let title = match came.len() {
            1 => format!("New measurement, {value}"),
            count => format!("{count} new measurements, newest {value}"),
        };
        let change = notes.add(
            MEASUREMENT_ADDED,
            title,
            pointer(newest),
            (None, Some(value)),
        );
        change.count = came.len();
        let place = file.places(&[newest], "period").pop().flatten();
        change.at(&file.document, place.unwrap_or(0..0));
    }

    /// A period and for whom, in words: `2026-Q3 for Ann`.
    fn of(&self, row: &Row, is_new: bool) -> String {
        let whom = whom(self.pair, &row.slice, is_new);
        match whom {
            Some(whom) => format!("{} for {whom}", row.period.text),
            None => row.period.text.to_string(),
        }
    }

    fn unit(&self, is_new: bool) -> &'a str {
        let kpi = if is_new {
            self.pair.after
        } else {
            self.pair.before
        };
        unit(kpi)
    }

    /// Two measurements in words, with all that is different between them.
    fn both(&self, before: &Row, after: &Row) -> (Option<String>, Option<String>) {
        let words = |row: &Row, other: &Row, unit: &str| {
            let mut words = value(row, unit);
            let mut add = |differs: bool, part: Option<String>| {
                if let (true, Some(part)) = (differs, part) {
                    words.push_str(", ");
                    words.push_str(&part);
                }
            };
            let n = |row: &Row| row.n.map(|n| format!("n = {n}"));
            add(row.n != other.n, n(row));
            let interval = row
                .interval
                .map(|(low, high)| format!("from {low} to {high}"));
            add(row.interval != other.interval, interval);
            add(row.counts != other.counts, row.counts.map(counted));
            let source = row.source.as_ref().map(|source| format!("from {source}"));
            add(row.source != other.source, source);
            words
        };
        (
            Some(words(before, after, self.unit(false))),
            Some(words(after, before, self.unit(true))),
        )
    }
}

/// How many of some changes are more than are told each by itself.
fn more(count: usize) -> Option<usize> {
    count.checked_sub(MOST_EACH).filter(|more| *more > 0)
}

/// How a measurement differs from what it was.
enum Difference {
    /// It says what it said before, and more.
    More,
    /// It says something else, or less.
    Other,
}

fn difference(before: &Row, after: &Row) -> Option<Difference> {
    let same = |a: f64, b: f64| a.total_cmp(&b).is_eq() || (a == 0.0 && b == 0.0);
    let interval = |row: &Row| row.interval.map(|(low, high)| [low, high]);
    let is_value = same(before.value, after.value);
    let parts = [
        (before.n == after.n, before.n.is_none()),
        (
            interval(before) == interval(after),
            before.interval.is_none(),
        ),
        (before.counts == after.counts, before.counts.is_none()),
        (before.source == after.source, before.source.is_none()),
    ];
    if is_value && parts.iter().all(|(same, _)| *same) {
        None
    } else if is_value && parts.iter().all(|(same, was_empty)| *same || *was_empty) {
        Some(Difference::More)
    } else {
        Some(Difference::Other)
    }
}

/// The unit of a KPI; empty where its front matter is broken.
pub(super) fn unit(kpi: &Entity) -> &str {
    match &kpi.data {
        Some(Data::Kpi(kpi)) => kpi.unit.trim(),
        _ => "",
    }
}

/// A value with its unit.
fn value(row: &Row, unit: &str) -> String {
    format!("{} {unit}", row.value).trim_end().to_owned()
}

/// A value with its unit, and how many were asked.
pub(super) fn figure(row: &Row, unit: &str) -> String {
    let n = row.n.map(|n| format!(" (n = {n})"));
    value(row, unit) + &n.unwrap_or_default()
}

fn counted(counts: Counts) -> String {
    match counts {
        Counts::Promoters(of) => format!(
            "{} promoters, {} passives, {} detractors",
            of.promoters, of.passives, of.detractors
        ),
        Counts::Share(of) => format!("{} of {}", of.part, of.whole),
    }
}

/// Where a measurement is: `/measurements/2026-Q3/persona:ann`.
pub(super) fn pointer(row: &Row) -> String {
    let mut pointer = at_period(&row.period);
    let slice = &row.slice;
    let parts = [
        ("persona", &slice.persona),
        ("segment", &slice.segment),
        ("journey", &slice.journey),
        ("stage", &slice.stage),
    ];
    for (kind, id) in parts {
        if let Some(id) = id {
            pointer = below(&pointer, &format!("{kind}:{id}"));
        }
    }
    pointer
}

/// Where the measurements of a period are.
pub(super) fn at_period(period: &Period) -> String {
    below("/measurements", &period.text)
}

/// A slice of the state before by the ids of the state after.
pub(super) fn of_today(pair: &Pair<'_>, slice: &Slice) -> Slice {
    let today = |kind: Kind, id: &Option<std::sync::Arc<str>>| {
        let id = id.as_ref()?;
        let kinds = std::iter::once(kind).collect();
        Some(pair.reference_before(kinds, id).into())
    };
    Slice {
        persona: today(Kind::Persona, &slice.persona),
        segment: today(Kind::Segment, &slice.segment),
        journey: today(Kind::Journey, &slice.journey),
        stage: slice.stage.clone(),
    }
}

/// For whom a measurement was taken, by the names of who is meant; nothing for everybody.
pub(super) fn whom(pair: &Pair<'_>, slice: &Slice, is_new: bool) -> Option<String> {
    let library = if is_new { pair.new } else { pair.old };
    let persona = slice.persona.as_deref();
    let segment = slice.segment.as_deref();
    let journey = slice.journey.as_deref();
    let parts = [
        persona.map(|id| name::<Persona>(library, id)),
        segment.map(|id| name::<Segment>(library, id)),
        journey.map(|id| name::<Journey>(library, id)),
        slice.stage.as_deref().map(str::to_owned),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
