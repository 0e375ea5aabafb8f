#![expect(
    clippy::excessive_precision,
    reason = "expected values are written as they were computed, with more digits"
)]

mod outlook;

use std::sync::Arc;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use outlook::RISING;

use super::State::{Bad, Good, Unknown, Warn};
use super::*;
use crate::library::Library;
use crate::library::measurements::Measurements;
use crate::schema::kinds::kpi::Cadence::{Monthly, Quarterly, Weekly, Yearly};
use crate::schema::{Data, Kind};
use crate::source::Memory;

/// The day on which the tests look.
const NOW: Date = date(2026, 11, 24);

/// A KPI with its measurements. `more` are lines of front matter.
struct Example(Library);

impl Example {
    fn new(kind: &str, more: &str, csv: &str) -> Self {
        let text = format!(
            "---\nname: K\nkind: {kind}\nclass: outcome\nunit: percent\ncadence: monthly\nowner: t\n{more}---\n"
        );
        let tree = Memory::default()
            .with("content/kpis/k.md", text)
            .with("content/kpis/k.csv", csv);
        let example = Self(Library::load(Arc::new(tree)));
        let entity = example.0.get(Kind::Kpi, "k").expect("a KPI");
        let findings: Vec<_> = entity.findings.iter().map(|f| &f.message).collect();
        assert_eq!(findings, [""; 0]);
        example
    }

    fn kpi(&self) -> &Kpi {
        match &self.0.get(Kind::Kpi, "k").expect("a KPI").data {
            Some(Data::Kpi(kpi)) => kpi,
            other => panic!("{other:?}"),
        }
    }

    fn rows(&self) -> &[Row] {
        let entity = self.0.get(Kind::Kpi, "k").expect("a KPI");
        let measurements: Option<&Measurements> = entity.measurements.as_ref();
        &measurements.expect("measurements").rows
    }

    fn figures(&self) -> Figures<'_> {
        let line = overall(self.rows()).expect("a line");
        line.figures(self.kpi(), NOW).expect("figures")
    }
}

const UP: &str = "direction: up\n";

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test]
fn a_line_is_one_slice_from_one_source() {
    let csv = "period,persona,source,value\n2026-01,,,1\n2026-02,,A,2\n2026-01,q,A,3\n2026-02,p,,4\n2026-03,,A,5\n";
    let example = Example::new("custom", UP, csv);
    let lines: Vec<_> = series(example.rows())
        .iter()
        .map(|s| {
            let values: Vec<f64> = s.rows.iter().map(|r| r.value).collect();
            (s.slice.persona.clone(), s.source.map(str::to_owned), values)
        })
        .collect();
    let [p, q] = ["p", "q"].map(|id| Some(Arc::from(id)));
    assert_eq!(
        lines,
        [
            (None, None, vec![1.0]),
            (None, Some("A".to_owned()), vec![2.0, 5.0]),
            (p, None, vec![4.0]),
            (q, Some("A".to_owned()), vec![3.0]),
        ]
    );
    // Of two sources the one that was measured last stands for the KPI.
    let overall = overall(example.rows()).expect("a line");
    assert_eq!((overall.source, overall.rows.len()), (Some("A"), 2));
    // Nothing is compared with the value from no source a month earlier.
    let february = &series(example.rows())[0];
    assert_eq!(february.change(Gauge::of(example.kpi())), None);
}

#[test]
fn without_everybody_the_first_slice_stands_for_all() {
    let example = Example::new(
        "custom",
        UP,
        "period,persona,value\n2026-01,q,1\n2026-01,p,2\n",
    );
    let line = overall(example.rows()).expect("a line");
    assert_eq!(line.slice.persona.as_deref(), Some("p"));
    assert!(overall(&[]).is_none());
}

#[test]
fn the_latest_period_ends_last_and_is_compared_with_its_like() {
    // The third quarter ends with September; the month is the more recent of the two.
    let csv = "period,value\n2026-Q3,9\n2026-09,8\n2026-Q2,1\n2026-06,3\n2025-09,10\n2025-Q3,2\n";
    let example = Example::new("custom", UP, csv);
    let found = example.figures();
    assert_eq!(&*found.latest.period.text, "2026-09");
    let change = found.change.expect("a change");
    assert_eq!(&*change.since.period.text, "2026-06");
    assert_eq!((change.periods, change.difference), (3, 5.0));
    assert_eq!(change.beyond_chance, None, "nothing to tell by");
    let year = found.year_change.expect("a change");
    assert_eq!((&*year.since.period.text, year.periods), ("2025-09", 12));
    near(year.difference, -2.0);
    let example = Example::new(
        "custom",
        UP,
        "period,value\n2026-Q3,9\n2026-08,8\n2026-Q2,1\n",
    );
    let change = example.figures().change.expect("a change");
    assert_eq!((change.periods, change.difference), (1, 8.0));
    let example = Example::new("custom", UP, "period,value\n2026-09,9\n2026,8\n");
    assert_eq!(example.figures().change, None);
}

/// The z of these pairs are computed in the tests of the formulas.
#[test]
fn a_change_is_beyond_chance_or_not_or_nobody_knows() {
    let told = |kind: &str, csv: &str| {
        let example = Example::new(kind, UP, csv);
        example.figures().change.expect("a change").beyond_chance
    };
    let nps = "period,value,promoters,passives,detractors\n2026-01,30,50,30,20\n";
    assert_eq!(
        told("nps", &format!("{nps}2026-02,49,62,25,13\n")),
        Some(false)
    );
    assert_eq!(
        told("nps", &format!("{nps}2026-02,51,63,25,12\n")),
        Some(true)
    );
    assert_eq!(
        told("nps", "period,value,n\n2026-01,30,100\n2026-02,90,100\n"),
        None
    );
    let csat = "period,value,n\n2026-01,60,100\n";
    assert_eq!(
        told("csat", &format!("{csat}2026-02,73,100\n")),
        Some(false)
    );
    assert_eq!(told("csat", &format!("{csat}2026-02,74,100\n")), Some(true));
    assert_eq!(told("csat", "period,value\n2026-01,60\n2026-02,90\n"), None);
    let given = "period,value,low,high\n2026-01,14.9,0,18.9\n";
    assert_eq!(
        told("custom", &format!("{given}2026-02,20,17,90\n")),
        Some(true)
    );
    assert_eq!(
        told("custom", &format!("{given}2026-02,19.8,16.8,90\n")),
        Some(false)
    );
    // The counts of another kind say nothing about its value.
    assert_eq!(told("clv", &format!("{nps}2026-02,51,63,25,12\n")), None);
}

#[test]
fn the_latest_is_looked_for_among_the_wanted_slices_alone() {
    let csv = "period,persona,value,source\n2026-07,a,1,x\n2026-09,a,3,x\n\
               2026-Q3,a,4,x\n2026-10,b,5,x\n2026-11,*,6,x\n";
    let example = Example::new("csat", UP, csv);
    let of = |persona: &str| {
        let found = latest(example.rows(), |slice| {
            slice.only_persona() == Some(persona)
        });
        found.map(|row| row.value)
    };
    // September ends with the third quarter and is the shorter of the two.
    assert_eq!(of("a"), Some(3.0));
    assert_eq!(of("b"), Some(5.0));
    assert_eq!(of("c"), None);
}

#[test]
fn small_samples_are_marked() {
    let of = |a: u32, b: &str| {
        let csv = format!("period,value,n\n2026-08,50,{a}\n2026-09,60,{b}\n");
        let example = Example::new("csat", UP, &csv);
        let found = example.figures();
        (
            found.small_sample,
            found.change.expect("a change").small_sample,
        )
    };
    assert_eq!(of(30, "30"), (false, false));
    assert_eq!(of(29, "30"), (false, true));
    assert_eq!(of(30, "29"), (true, true));
    assert_eq!(of(30, ""), (false, false));
}

#[test]
fn an_interval_is_given_or_follows_from_what_was_counted() {
    let of = |kind: &str, csv: &str| {
        let example = Example::new(kind, UP, csv);
        example.figures().interval
    };
    let (low, high) = of("csat", "period,value,n\n2026,12,100\n").expect("an interval");
    near(low, 6.852_561_927_657_378);
    near(high, 19.958_943_936_073_534);
    let (low, high) = of(
        "nps",
        "period,value,promoters,passives,detractors\n2026,33.5,201,136,66\n",
    )
    .expect("an interval");
    near(low, 26.032_373_818_626_265);
    near(high, 40.470_089_235_560_927);
    let given = of("csat", "period,value,n,low,high\n2026,12,100,10,20\n");
    assert_eq!(given, Some((10.0, 20.0)));
    assert_eq!(of("nps", "period,value,n\n2026,33.5,100\n"), None);
    assert_eq!(of("custom", "period,value,n\n2026,33.5,100\n"), None);
}

#[test]
fn a_state_follows_thresholds_direction_and_target() {
    let of = |more: &str, value: f64| {
        let example = Example::new("custom", more, &format!("period,value\n2026,{value}\n"));
        example.figures().state
    };
    let up = "direction: up\nthresholds: { warn: 35, bad: 20 }\ntarget: { value: 50 }\n";
    assert_eq!(
        [35.1, 35.0, 20.1, 20.0].map(|v| of(up, v)),
        [Good, Warn, Warn, Bad]
    );
    let down = "direction: down\nthresholds: { warn: 20, bad: 35 }\n";
    assert_eq!(
        [19.9, 20.0, 34.9, 35.0].map(|v| of(down, v)),
        [Good, Warn, Warn, Bad]
    );
    let goal = "direction: down\ntarget: { value: 5 }\n";
    assert_eq!([5.0, 5.1].map(|v| of(goal, v)), [Good, Unknown]);
    assert_eq!(of(UP, 1.0), Unknown);
}

#[test]
fn a_target_is_met_or_so_far_away() {
    let more = "direction: down\ntarget: { value: 40 }\n";
    let found = Example::new("csat", more, RISING);
    let found = found.figures();
    near(found.to_target.expect("a distance"), -5.2);
    assert_eq!(found.meets_target, Some(false));
    let none = Example::new("csat", UP, RISING);
    assert_eq!(
        (none.figures().to_target, none.figures().meets_target),
        (None, None)
    );
}

/// A month is 30.4375 days: 45 days are 1.478 of them, 46 are 1.511.
#[test]
fn a_measurement_is_overdue_after_one_and_a_half_cadences() {
    let rows = Example::new(
        "custom",
        UP,
        "period,persona,value\n2026-09,p,1\n2026-10,q,2\n",
    );
    let rows = rows.rows();
    let on = |day, cadence| freshness(rows, cadence, day).expect("an age");
    let fresh = on(date(2026, 12, 15), Monthly);
    assert_eq!(
        (fresh.until, fresh.age_days, fresh.overdue),
        (date(2026, 10, 31), 45, false)
    );
    near(fresh.cadences, 45.0 / 30.4375);
    assert!(on(date(2026, 12, 16), Monthly).overdue);
    // 10 and 11 days of a week; 136 and 137 of a quarter; 547 and 548 of a year.
    for (cadence, last) in [
        (Weekly, date(2026, 11, 10)),
        (Quarterly, date(2027, 3, 16)),
        (Yearly, date(2028, 4, 30)),
    ] {
        assert!(!on(last, cadence).overdue, "{cadence:?}");
        assert!(
            on(last.tomorrow().expect("a day"), cadence).overdue,
            "{cadence:?}"
        );
    }
    assert_eq!(on(date(2026, 10, 1), Monthly).age_days, -30);
    assert!(freshness(&[], Monthly, NOW).is_none());
}

/// p and q of January: 50 + 20 promoters, 20 + 25 detractors of 170 are 25/170.
#[test]
fn everybody_is_the_sum_of_the_counts_or_nothing() {
    let of = |csv: &str| {
        let example = Example::new("nps", UP, csv);
        roll_up(example.rows(), Gauge::of(example.kpi()))
    };
    let head = "period,persona,segment,value,promoters,passives,detractors\n";
    let both = "2026-01,p,,30,50,30,20\n2026-01,q,,-7.14,20,25,25\n2026-02,p,,30,50,30,20\n";
    let rolled = of(&format!("{head}{both}"));
    assert_eq!(rolled.len(), 1, "February lacks q");
    assert!(rolled[0].slice.is_all());
    assert_eq!(
        (&*rolled[0].period.text, rolled[0].n),
        ("2026-01", Some(170))
    );
    near(rolled[0].value, 100.0 * 25.0 / 170.0);
    assert_eq!(
        of(&format!("{head}{both}2026-03,q,,10,,,\n")),
        [],
        "no counts, no sum"
    );
    assert_eq!(
        of(&format!("{head}{both}2026-01,,,30,50,30,20\n")),
        [],
        "everybody is there"
    );
    let alone = "2026-01,p,,30,50,30,20\n";
    assert_eq!(of(&format!("{head}{alone}")), [], "p is not everybody");
    assert_eq!(
        of(&format!("{head}{both}2026-01,,s,30,50,30,20\n")),
        [],
        "a segment may overlap"
    );
    assert_eq!(
        of(&format!("{head}{both}2026-01,p,s,30,50,30,20\n")),
        [],
        "so may a part"
    );
}

proptest! {
    #[test]
    fn the_order_of_rows_changes_nothing(values in prop::collection::vec(0u8..100, 2..12), turn in 0usize..12) {
        let mut lines: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(i, v)| format!("2026-{:02},{},{v}\n", i % 12 + 1, ["", "p"][i % 2]))
            .collect();
        let head = "period,persona,value\n";
        let more = "direction: up\ntarget: { value: 50, by: 2028-01-01 }\n";
        let straight = Example::new("csat", more, &(head.to_owned() + &lines.concat()));
        let length = lines.len();
        lines.rotate_left(turn % length);
        lines.reverse();
        let turned = Example::new("csat", more, &(head.to_owned() + &lines.concat()));
        let [a, b] = [&straight, &turned].map(|example| {
            let lines = series(example.rows());
            let figures: Vec<_> = lines.iter().map(|s| s.figures(example.kpi(), NOW)).collect();
            format!("{figures:?}")
        });
        prop_assert_eq!(a, b);
    }
}
