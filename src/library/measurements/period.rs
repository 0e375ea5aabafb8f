//! The spans of time that measurements are of.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};

/// How long a period is. Ordered from long to short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Length {
    /// `2026`
    Year,
    /// `2026-Q3`
    Quarter,
    /// `2026-09`
    Month,
    /// `2026-W38`
    Week,
    /// `2026-09-14`
    Day,
}

impl Length {
    /// The word in the JSON view.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Quarter => "quarter",
            Self::Month => "month",
            Self::Week => "week",
            Self::Day => "day",
        }
    }
}

/// A span of time as the CSV names it. Ordered by its first day, the longer one first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// Its first day, for sorting and for the time axis.
    pub start: Date,
    /// How long it is.
    pub length: Length,
    /// As written.
    pub text: Arc<str>,
}

impl Period {
    /// Parses a period: `2026`, `2026-Q3`, `2026-09`, `2026-W38` or `2026-09-14`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = match text.split_once('-') {
            Some((year, rest)) => (year, Some(rest)),
            None => (text, None),
        };
        let year = digits(year, 4)?;
        let date = |month: i16, day: i16| {
            Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
        };
        let (length, start) = match rest {
            None => (Length::Year, date(1, 1)?),
            Some(rest) => {
                if let Some(quarter) = rest.strip_prefix('Q') {
                    let quarter = digits(quarter, 1).filter(|q| (1..=4).contains(q))?;
                    (Length::Quarter, date(quarter * 3 - 2, 1)?)
                } else if let Some(week) = rest.strip_prefix('W') {
                    (Length::Week, monday(year, digits(week, 2)?)?)
                } else if let Some((month, day)) = rest.split_once('-') {
                    (Length::Day, date(digits(month, 2)?, digits(day, 2)?)?)
                } else {
                    (Length::Month, date(digits(rest, 2)?, 1)?)
                }
            }
        };
        Some(Self {
            start,
            length,
            text: text.into(),
        })
    }

    /// Its last day.
    pub fn end(&self) -> Date {
        let span = match self.length {
            Length::Year => 1.year(),
            Length::Quarter => 3.months(),
            Length::Month => 1.month(),
            Length::Week => 1.week(),
            Length::Day => 1.day(),
        };
        match self.start.checked_add(span) {
            Ok(next) => next.yesterday().unwrap_or(self.start),
            Err(_) => Date::MAX,
        }
    }

    /// Its number in the row of all periods of its length: the next one has the next number.
    pub fn ordinal(&self) -> i64 {
        ordinal(self.length, self.start)
    }

    /// The number of the last period of the same length that is over on `day`.
    pub fn last_over_by(&self, day: Date) -> i64 {
        // The period of the day after is the first that is not over.
        let next = day.tomorrow().unwrap_or(day);
        ordinal(self.length, next) - 1
    }

    /// The first day of the same period a year before, where there is one: a 53rd week and a 29th
    /// of February mostly have none.
    pub fn year_before(&self) -> Option<Date> {
        let year = self.start.year() - 1;
        if self.length == Length::Week {
            let week = self.start.iso_week_date();
            return monday(week.year() - 1, i16::from(week.week()));
        }
        Date::new(year, self.start.month(), self.start.day()).ok()
    }
}

fn ordinal(length: Length, day: Date) -> i64 {
    let (year, month) = (i64::from(day.year()), i64::from(day.month()) - 1);
    match length {
        Length::Year => year,
        Length::Quarter => year * 4 + month / 3,
        Length::Month => year * 12 + month,
        // Day 0 is a Saturday.
        Length::Week => (i64::from(days(day)) + 5).div_euclid(7),
        Length::Day => i64::from(days(day)),
    }
}

/// Days since 1 January of the year 0, for the time axis.
pub fn days(date: Date) -> i32 {
    date.since(Date::ZERO).map_or(0, |span| span.get_days())
}

fn monday(year: i16, week: i16) -> Option<Date> {
    let week = ISOWeekDate::new(year, i8::try_from(week).ok()?, Weekday::Monday);
    Some(week.ok()?.date())
}

/// A number of exactly `count` digits.
fn digits(text: &str, count: usize) -> Option<i16> {
    let all = text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    all.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_in_all_their_forms() {
        for (text, start, end) in [
            ("2026", "2026-01-01", "2026-12-31"),
            ("2026-Q3", "2026-07-01", "2026-09-30"),
            ("2026-09", "2026-09-01", "2026-09-30"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2026-W38", "2026-09-14", "2026-09-20"),
            ("2026-W53", "2026-12-28", "2027-01-03"),
            ("2026-09-14", "2026-09-14", "2026-09-14"),
            ("9999", "9999-01-01", "9999-12-31"),
        ] {
            let period = Period::parse(text).expect(text);
            assert_eq!(period.start.to_string(), start);
            assert_eq!(period.end().to_string(), end);
        }
        for text in [
            "",
            "26",
            "2026-13",
            "2026-Q5",
            "2026-Q+3",
            "2026-W60",
            "2025-W53",
            "2026-02-30",
            "2026-9",
            "+026",
            "2026-q3",
            "x",
            "2026-",
            "2026-09-1",
            "٢٠٢٦",
        ] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn periods_are_numbered_in_a_row() {
        for (a, b) in [
            ("2026", "2027"),
            ("2026-Q4", "2027-Q1"),
            ("2026-12", "2027-01"),
            ("2026-W53", "2027-W01"),
            ("2026-12-31", "2027-01-01"),
        ] {
            let [a, b] = [a, b].map(|text| Period::parse(text).expect(text));
            assert_eq!(b.ordinal() - a.ordinal(), 1, "{a:?}");
            assert_eq!(b.last_over_by(a.end()), a.ordinal());
            assert_eq!(b.last_over_by(b.end()), b.ordinal());
            let before_the_end = b.end().yesterday().expect("a day");
            assert_eq!(b.last_over_by(before_the_end), b.ordinal() - 1);
        }
    }

    #[test]
    fn a_year_before_is_the_same_period_or_none() {
        for (text, before) in [
            ("2026", Some("2025-01-01")),
            ("2026-Q2", Some("2025-04-01")),
            ("2026-02", Some("2025-02-01")),
            ("2026-W01", Some("2024-12-30")),
            ("2026-W53", None),
            ("2024-02-29", None),
            ("2026-03-01", Some("2025-03-01")),
        ] {
            let period = Period::parse(text).expect(text);
            let found = period.year_before().map(|d| d.to_string());
            assert_eq!(found.as_deref(), before, "{text}");
        }
    }
}
