//! Files of answers in two states, each row of which is one answer.
//!
//! In both an answer is one of so many that are alike: of the same period, slice, source and score.
//! Where there are more of them than before, answers were added; where there are fewer, past answers
//! were edited or removed. They are told period by period, with the figure that they make.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::measurements::{at_period, figure, of_today, unit};
use crate::library::measurements::{Answer, Measurements, Period, Row, Slice};
use crate::review::code::{MEASUREMENT_ADDED, MEASUREMENT_EDITED, MEASUREMENT_REMOVED};
use crate::review::pair::{Notes, Pair};

/// Answers that are alike, by the numbers of their period and slice with its source, and the score.
type Key = (u32, u32, u64);

/// How many of some answers there are more than before, and where the last one stands.
#[derive(Default, Clone, Copy)]
struct Balance {
    more: i64,
    before: Option<usize>,
    after: Option<usize>,
}

/// What happened to the answers of a period.
#[derive(Default)]
struct Sum {
    added: i64,
    removed: i64,
    before: Option<usize>,
    after: Option<usize>,
}

/// Texts by numbers.
#[derive(Default)]
struct Texts(HashMap<String, u32>);

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.0.get(text) {
            return number;
        }
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(text.to_owned(), number);
        number
    }
}

/// Notes what is different between the answers of two files.
pub(super) fn changes<'a>(
    pair: &Pair<'a>,
    notes: &mut Notes<'a>,
    (old, new): (&'a Measurements, &'a Measurements),
) {
    let mut balances: HashMap<Key, Balance> = HashMap::default();
    let (mut periods, mut whom) = (Texts::default(), Texts::default());
    // Slices as they are written in the state before, by their number of today.
    let mut today: HashMap<String, u32> = HashMap::default();
    let mut written = String::new();
    old.each_answer(|answer| {
        write(&answer.slice, answer.source, &mut written);
        let known = today.get(&written).copied();
        let slice = known.unwrap_or_else(|| {
            let slice = of_today(pair, &sliced(&answer));
            let parts = [&slice.persona, &slice.segment, &slice.journey, &slice.stage];
            let mut now = String::new();
            write(&parts.map(Option::as_deref), answer.source, &mut now);
            whom.number(&now)
        });
        if known.is_none() {
            today.insert(written.clone(), slice);
        }
        let key = (periods.number(answer.period), slice, bits(answer.score));
        let balance = balances.entry(key).or_default();
        balance.more -= 1;
        balance.before = Some(answer.start);
    });
    new.each_answer(|answer| {
        write(&answer.slice, answer.source, &mut written);
        let slice = whom.number(&written);
        let key = (periods.number(answer.period), slice, bits(answer.score));
        let balance = balances.entry(key).or_default();
        balance.more += 1;
        balance.after = Some(answer.start);
    });
    let mut by_period: HashMap<u32, Sum> = HashMap::default();
    for ((period, ..), balance) in balances {
        let sum = by_period.entry(period).or_default();
        if balance.more > 0 {
            sum.added += balance.more;
            sum.after = sum.after.max(balance.after);
        } else if balance.more < 0 {
            sum.removed -= balance.more;
            sum.before = sum.before.max(balance.before);
        }
    }
    let mut sums: BTreeMap<Period, Sum> = BTreeMap::new();
    for (text, number) in periods.0 {
        let sum = by_period.remove(&number);
        if let (Some(sum), Some(period)) = (sum, Period::parse(&text)) {
            sums.insert(period, sum);
        }
    }
    Told { pair, old, new }.note(notes, &sums);
}

fn bits(score: f64) -> u64 {
    // There is one zero.
    (score + 0.0).to_bits()
}

fn write(slice: &[Option<&str>; 4], source: Option<&str>, out: &mut String) {
    out.clear();
    for part in slice.iter().chain([&source]) {
        out.push_str(part.unwrap_or_default());
        out.push('\u{1f}');
    }
}

fn sliced(answer: &Answer<'_>) -> Slice {
    let [persona, segment, journey, stage] = answer.slice.map(|part| part.map(Into::into));
    Slice {
        persona,
        segment,
        journey,
        stage,
    }
}

struct Told<'p, 'a> {
    pair: &'p Pair<'a>,
    old: &'a Measurements,
    new: &'a Measurements,
}

impl<'a> Told<'_, 'a> {
    fn note(&self, notes: &mut Notes<'a>, sums: &BTreeMap<Period, Sum>) {
        let mut added = 0;
        let mut newest: Option<(&Period, usize)> = None;
        for (period, sum) in sums {
            if sum.removed > 0 {
                self.edited(notes, period, sum);
            } else if let (true, Some(at)) = (sum.added > 0, sum.after) {
                added += sum.added;
                newest = Some((period, at));
            }
        }
        let Some((period, at)) = newest else { return };
        let now = self.now(period);
        let title = match added {
            1 => "New answer".to_owned(),
            count => format!("{count} new answers"),
        };
        let figure = now.as_ref().map(|now| format!("{}: {now}", period.text));
        let title = match &figure {
            Some(figure) => format!("{title}, newest {figure}"),
            None => title,
        };
        let values = (self.then(period), now);
        let change = notes.add(MEASUREMENT_ADDED, title, at_period(period), values);
        change.at(&self.new.document, at..at);
    }

    fn edited(&self, notes: &mut Notes<'a>, period: &Period, sum: &Sum) {
        let (then, now) = (self.then(period), self.now(period));
        let count = sum.removed;
        let answers = if count == 1 { "answer" } else { "answers" };
        let pointer = at_period(period);
        let has_answers = self.new.rows.iter().any(|row| row.period == *period);
        if !has_answers {
            let title = match count {
                1 => format!("The only answer of {} removed", period.text),
                _ => format!("All {count} answers of {} removed", period.text),
            };
            let change = notes.gone(MEASUREMENT_REMOVED, title, pointer, then);
            let at = sum.before.unwrap_or(0);
            change.at(&self.old.document, at..at);
            return;
        }
        let how = match sum.added {
            0 => "removed",
            added if added == count => "edited",
            _ => "edited or removed",
        };
        let title = format!("{count} past {answers} of {} {how}", period.text);
        let change = notes.add(MEASUREMENT_EDITED, title, pointer, (then, now));
        match (sum.after, sum.before) {
            (Some(at), _) => {
                change.at(&self.new.document, at..at);
            }
            (None, at) => {
                let at = at.unwrap_or(0);
                change.at(&self.old.document, at..at).is_before = true;
            }
        }
    }

    fn then(&self, period: &Period) -> Option<String> {
        let row = everybody(self.old, period)?;
        Some(figure(&row, unit(self.pair.before)))
    }

    fn now(&self, period: &Period) -> Option<String> {
        let row = everybody(self.new, period)?;
        Some(figure(&row, unit(self.pair.after)))
    }
}

/// What all answers of a period make, to one digit; of several sources the first's.
fn everybody(file: &Measurements, period: &Period) -> Option<Row> {
    let mut rows = file.rows.iter();
    let row = rows.find(|row| row.period == *period && row.slice.is_all())?;
    let value = (row.value * 10.0).round() / 10.0;
    Some(Row {
        value,
        ..row.clone()
    })
}
