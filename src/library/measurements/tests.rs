use proptest::prelude::*;

use super::*;
use crate::diagnostic::Diagnostic;
use crate::library::statistics::{Promoters, Share};
use crate::source::Memory;

fn gauge(kind: &str, unit: &str) -> Gauge {
    Gauge {
        measure: serde_json::from_value(kind.into()).expect("a kind of KPI"),
        percent: unit == "percent",
    }
}

fn content(gauge: Gauge, text: &str) -> reader::Content {
    let tree = Memory::default().with("a.csv", text);
    let document = Document::read_text(&tree, &"a.csv".into());
    reader::read(&document, Some(gauge))
}

/// The findings of a file, as `line:column code [culprit] message`.
fn findings(kind: &str, text: &str) -> Vec<String> {
    let shown = |f: &Diagnostic| {
        let place = f.place.clone().unwrap_or_default();
        let culprit = &place.excerpt.text[place.excerpt.span.clone()];
        format!(
            "{}:{} {} [{culprit}] {}",
            place.start.line, place.start.column, f.code, f.message
        )
    };
    let found = content(gauge(kind, "percent"), text).findings;
    found.iter().map(shown).collect()
}

/// The rows of a file that has no findings.
#[track_caller]
fn rows(kind: &str, text: &str) -> Vec<Row> {
    let content = content(gauge(kind, "percent"), text);
    assert_eq!(content.findings, []);
    content.rows
}

/// Rows in short: period, slice, source, value, n.
fn shown(rows: &[Row]) -> Vec<String> {
    let word = |part: &Option<Arc<str>>| part.as_deref().unwrap_or("*").to_owned();
    let row = |row: &Row| {
        let slice = &row.slice;
        let parts = [&slice.persona, &slice.segment, &slice.journey, &slice.stage];
        format!(
            "{} {} {} {:.2} {}",
            row.period.text,
            parts.map(word).join("/"),
            word(&row.source),
            row.value,
            row.n.unwrap_or(0)
        )
    };
    rows.iter().map(row).collect()
}

#[test]
fn every_column_is_read() {
    let rows = rows(
        "nps",
        "\u{feff}period,persona,segment,journey,stage,value,n,promoters,passives,detractors,low,high,source\r\n\
         2026-02,priya,banks,buying,decide,33.5,403,201,136,66,26,40.5,Pulse\r\n\r\n\
         2026-01,*,,*, ,\"40\",,,,,,,\r\n",
    );
    let [all, sliced] = rows.as_slice() else {
        panic!("{rows:?}");
    };
    assert!(all.slice.is_all());
    assert_eq!((all.value, all.n, all.interval), (40.0, None, None));
    assert_eq!((all.counts, &all.source), (None, &None));
    assert_eq!(sliced.slice.parts(), [true; 4]);
    assert_eq!(sliced.slice.stage.as_deref(), Some("decide"));
    assert_eq!(sliced.interval, Some((26.0, 40.5)));
    let counts = Promoters {
        promoters: 201,
        passives: 136,
        detractors: 66,
    };
    assert_eq!(sliced.counts, Some(Counts::Promoters(counts)));
    assert_eq!(sliced.source.as_deref(), Some("Pulse"));
}

#[test]
fn a_count_that_is_left_out_follows_from_the_others() {
    let found = rows(
        "nps",
        "period,value,n,promoters,detractors\n2026,30,10,5,2\n",
    );
    let Some(Counts::Promoters(counts)) = found[0].counts else {
        panic!("{found:?}");
    };
    assert_eq!(counts.passives, 3);
    let found = rows(
        "nps",
        "period,value,promoters,passives,detractors\n2026,30,5,3,2\n",
    );
    assert_eq!(found[0].n, Some(10));
    let found = rows("nps", "period,value,n,promoters\n2026,30,10,5\n");
    assert_eq!(found[0].counts, None);
}

#[test]
fn columns_are_known_behind_more_unknown_ones_than_are_told() {
    let unknown = "odd,".repeat(2_000);
    let found = findings("nps", &format!("{unknown}period,value\n"));
    assert!(
        found.len() > 1_000 && found.len() < 1_100,
        "{}",
        found.len()
    );
    let missing = found
        .iter()
        .filter(|finding| finding.contains("is missing"));
    assert_eq!(missing.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn columns_are_checked() {
    insta::assert_snapshot!(findings("nps", "period,value,persna,n,n,colour\n").join("\n"), @r"
    1:14 csv-column [persna] there is no column `persna`
    1:23 csv-column [n] the column `n` is there twice
    1:25 csv-column [colour] there is no column `colour`
    ");
    insta::assert_snapshot!(findings("nps", "perid,value\n2026,1\n").join("\n"), @r"
    1:1 csv-column [perid] there is no column `perid`
    1:1 csv-column [perid,value] the column `period` is missing
    ");
    insta::assert_snapshot!(findings("nps", "").join("\n"), @"1:1 csv-column [] this file is empty");
    insta::assert_snapshot!(findings("nps", "period,score,n,value\n").join("\n"), @r"
    1:14 csv-column [n] a file with one answer a row has no column `n`
    1:16 csv-column [value] a file with one answer a row has no column `value`
    ");
    insta::assert_snapshot!(findings("custom", "period,score\n2026,3\n2026-13,4\n").join("\n"), @r"
    1:8 csv-column [score] a KPI of the kind `custom` has no formula that makes a value of answers
    3:1 csv-period [2026-13] `2026-13` is not a period
    ");
    assert_eq!(findings("nps", "period,value\n"), [""; 0]);
    assert_eq!(findings("nps", "source, period ,high,low,value\n"), [""; 0]);
}

#[test]
fn a_file_with_semicolons_is_one_finding() {
    insta::assert_snapshot!(findings("nps", "period;value;n\n2026-01;41,5;30\n2026-02;40;31\n").join("\n"), @"1:1 csv-syntax [period;value;n] the columns of this file are separated by semicolons");
    assert_eq!(findings("nps", "period\tvalue\n2026\t1\n").len(), 1);
    assert_eq!(
        findings("nps", "period,value,source\n2026,1,a;b\n"),
        [""; 0]
    );
}

#[test]
fn a_bad_field_is_reported_where_it_stands() {
    let text = "period,value,persona,n\r\n2026-13,1,,\r\n2026-01,\"a,b\",\r\n 2026-02 ,\"4,5\",x, 0\r\n,,,1.5\r\n2026-03,inf,,-3\r\n2026-04\r\n";
    insta::assert_snapshot!(findings("custom", text).join("\n"), @r#"
    2:1 csv-period [2026-13] `2026-13` is not a period
    3:1 csv-syntax [2026-01,"a,b",] this row has 3 fields, the first row has 4
    4:11 csv-value ["4,5"] `4,5` in the column `value` is not a number
    4:20 csv-value [0] `n` must be a whole number of at least 1
    5:1 csv-period [] the period is missing
    5:2 csv-value [] the value is missing
    5:4 csv-value [1.5] `n` must be a whole number of at least 1
    6:9 csv-value [inf] `inf` in the column `value` is not a number
    6:14 csv-value [-3] `n` must be a whole number of at least 1
    7:1 csv-syntax [2026-04] this row has 1 fields, the first row has 4
    "#);
    let near = "period,value,persona,n\r\n2026-12,1,,\r\n 2026-02 ,\"4.5\",x, 1\r\n2026-03,-1e3,,3\r\n2026-03,+.5,x,12.0\r\n";
    assert_eq!(findings("custom", near), [""; 0]);
}

#[test]
fn a_quote_that_is_never_closed_is_one_finding() {
    let text = "period,value,source\n2026-01,1,A\n2026-02,\"2,A\n2026-03,3,A\n";
    assert_eq!(
        findings("custom", text),
        ["3:9 csv-syntax [\"] this quote is never closed"]
    );
    let near = "period,value,source\n2026-01,1,\"A\nand \"\"B\"\n2026-02,2,5\" screen\n";
    assert_eq!(findings("custom", near), [""; 0]);
}

#[test]
fn a_period_and_slice_stand_once() {
    let text = "period,persona,source,value\n\n2026-01,,a,1\n2026-01,p,,2\n2026-01,*,b,3\n2026-01,p,,4\n2026-Q1,p,,5\n";
    insta::assert_snapshot!(findings("custom", text).join("\n"), @r"
    5:1 csv-duplicate [2026-01] 2026-01 is there twice for the same slice; it stands in line 3 too
    6:1 csv-duplicate [2026-01] 2026-01 is there twice for the same slice; it stands in line 4 too
    ");
    let near = "period,persona,segment,value\n2026-01,,,1\n2026-01,p,,2\n2026-01,,p,3\n2026,,,4\n2026-01-01,,,5\n2026-Q1,,,6\n2026-W01,,,7\n";
    assert_eq!(findings("custom", near), [""; 0]);
}

#[test]
fn counts_add_up_to_n_and_make_the_value() {
    let head = "period,value,n,promoters,passives,detractors\n";
    let bad = "2026-01,33.5,402,201,136,66\n2026-02,33.4,403,201,136,66\n2026-03,33,,1,,x\n2026-04,0,,0,0,0\n2026-05,50,5,6,,\n2026-06,34,403,201,136,66\n";
    insta::assert_snapshot!(findings("nps", &format!("{head}{bad}")).join("\n"), @r"
    2:14 csv-counts [402] the counts of this row make 403, but `n` is 402
    3:9 csv-counts [33.4] the counts of this row make an NPS of 33.5, not 33.4
    4:16 csv-value [x] `x` in the column `detractors` is not a number
    5:12 csv-counts [0] the counts of this row are all 0
    6:12 csv-counts [5] the counts of this row make 6, but `n` is 5
    7:9 csv-counts [34] the counts of this row make an NPS of 33, not 34
    ");
    let near = "2026-01,33.5,403,201,136,66\n2026-02,33,403,201,136,66\n2026-03,33.498759,403,201,136,66\n2026-04,50,6,6,,\n2026-05,3.35e1,403,201,136,66\n2026-06,-12.5,8,3,1,4\n2026-07,30,,,,\n2026-08,-12,8,3,1,4\n2026-09,-13,8,3,1,4\n";
    assert_eq!(findings("nps", &format!("{head}{near}")), [""; 0]);
    // The value of another kind is not an NPS; the counts must add up all the same.
    let other = findings(
        "custom",
        &format!("{head}2026-01,7,403,201,136,66\n2026-02,7,4,1,1,1\n"),
    );
    assert_eq!(other.len(), 1);
}

#[test]
fn an_interval_holds_its_value() {
    let head = "period,low,value,high\n";
    let bad =
        "2026-01,45,44,40\n2026-02,45,44,46\n2026-03,,44,43\n2026-04,44.1,44,\n2026-05,low,44,\n";
    insta::assert_snapshot!(findings("custom", &format!("{head}{bad}")).join("\n"), @r"
    2:9 csv-interval [45] `low` is 45, which is more than `high`, 40
    3:12 csv-interval [44] the value 44 is below `low`, 45
    4:10 csv-interval [44] the value 44 is above `high`, 43
    5:14 csv-interval [44] the value 44 is below `low`, 44.1
    6:9 csv-value [low] `low` in the column `low` is not a number
    ");
    let near = "2026-01,40,44,45\n2026-02,44,44,44\n2026-03,,44,44\n2026-04,44,44,\n";
    assert_eq!(findings("custom", &format!("{head}{near}")), [""; 0]);
}

#[test]
fn values_are_on_the_scale_of_their_kind() {
    insta::assert_snapshot!(findings("nps", "period,value\n2026-01,-100.1\n2026-02,101\n").join("\n"), @r"
    2:9 csv-scale [-100.1] the value -100.1 is not between -100 and 100, the scale of the kind `nps`
    3:9 csv-scale [101] the value 101 is not between -100 and 100, the scale of the kind `nps`
    ");
    insta::assert_snapshot!(findings("retention", "period,value\n2026-01,-1\n2026-02,100.5\n").join("\n"), @r"
    2:9 csv-scale [-1] the value -1 is not between 0 and 100, the scale of the kind `retention`
    3:9 csv-scale [100.5] the value 100.5 is not between 0 and 100, the scale of the kind `retention`
    ");
    assert_eq!(
        findings("nps", "period,value\n2026-01,-100\n2026-02,100\n"),
        [""; 0]
    );
    assert_eq!(findings("custom", "period,value\n2026-01,-1000\n"), [""; 0]);
    let points = content(
        gauge("csat", "points"),
        "period,value\n2026-01,4.3\n2026-02,-1\n",
    );
    assert_eq!(points.findings, []);
}

#[test]
fn a_stage_stands_with_its_journey() {
    let text = "period,value,journey,stage\n2026-01,1,,decide\n2026-02,1,buying,decide\n2026-03,1,buying,\n";
    insta::assert_snapshot!(findings("custom", text).join("\n"), @"2:12 csv-value [decide] this row names a stage, but not the journey it is a part of");
}

#[test]
fn answers_are_on_their_scale() {
    for (kind, bad, good) in [
        ("nps", ["-1", "11", "7.5"], ["0", "10", "7.0"]),
        ("csat", ["0", "6", "4.5"], ["1", "5", "4"]),
        ("ces", ["0", "8", "1.2"], ["1", "7", "4"]),
        ("churn", ["-1", "2", "0.5"], ["0", "1", "1"]),
        ("time-to-value", ["-0.1", "-1", "-9"], ["0", "0.5", "1e6"]),
    ] {
        for (score, near) in bad.iter().zip(good) {
            let found = findings(kind, &format!("period,score\n2026,{near}\n2026,{score}\n"));
            assert_eq!(found.len(), 1, "{kind} {score}");
            let place = format!("3:6 csv-scale [{score}] ");
            assert!(found[0].starts_with(&place), "{found:?}");
        }
    }
    let text =
        "period,persona,score\n2026-1,p,5\n2026-01,p,\n2026-01,p,five\n2026-01,p\n2026-01,p,99\n";
    insta::assert_snapshot!(findings("nps", text).join("\n"), @r"
    2:1 csv-period [2026-1] `2026-1` is not a period
    3:11 csv-value [] the score is missing
    4:11 csv-value [five] `five` in the column `score` is not a number
    5:1 csv-syntax [2026-01,p] this row has 2 fields, the first row has 3
    6:11 csv-scale [99] the score 99 is not on the scale of the kind `nps`
    ");
}

/// Eight answers, counted by hand: p has 9, 10, 3 (2 − 1 of 3), q has 7, 10 (1 of 2), nobody's are
/// 0, 9, 8 (1 − 1 of 3); all of them 4 − 2 of 8.
#[test]
fn answers_become_rows_of_every_slice_and_of_all() {
    let text = "score,period,persona\n9,2026-01,p\n10,2026-01,p\n3,2026-01,p\n7,2026-01,q\n10,2026-01,q\n0,2026-01,\n9,2026-01,*\n8,2026-01,\n2,2026-02,p\n";
    let found = rows("nps", text);
    assert_eq!(
        shown(&found),
        [
            "2026-01 */*/*/* * 25.00 8",
            "2026-01 p/*/*/* * 33.33 3",
            "2026-01 q/*/*/* * 50.00 2",
            "2026-02 */*/*/* * -100.00 1",
            "2026-02 p/*/*/* * -100.00 1",
        ]
    );
    let counts = Promoters {
        promoters: 4,
        passives: 2,
        detractors: 2,
    };
    assert_eq!(found[0].counts, Some(Counts::Promoters(counts)));
    assert_eq!(found[0].interval, counts.interval());
}

#[test]
fn each_kind_has_its_formula() {
    let text = "period,score\n2026,1\n2026,3\n2026,4\n2026,5\n2026,5\n";
    let part = |rows: &[Row]| match rows[0].counts {
        Some(Counts::Share(share)) => share,
        other => panic!("{other:?}"),
    };
    assert_eq!(part(&rows("csat", text)), Share { part: 3, whole: 5 });
    assert_eq!(part(&rows("ces", text)), Share { part: 2, whole: 5 });
    let text = "period,score\n2026,1\n2026,0\n2026,0\n2026,0\n";
    assert_eq!(part(&rows("churn", text)), Share { part: 1, whole: 4 });
    let text = "period,score\n2026,9\n2026,2.5\n2026,1\n2026,4\n2026,3\n2026,2\n";
    let times = rows("first-response-time", text);
    assert_eq!(shown(&times), ["2026 */*/*/* * 2.75 6"]);
    assert_eq!(
        (times[0].interval, times[0].counts),
        (Some((1.0, 9.0)), None)
    );
}

#[test]
fn slices_are_rolled_up_part_by_part_and_sources_are_kept_apart() {
    let text = "period,score,persona,segment,journey,stage,source\n2026,5,p,s,,,A\n2026,1,p,t,,,A\n2026,5,p,t,,,B\n2026,4,,,j,x,A\n";
    assert_eq!(
        shown(&rows("csat", text)),
        [
            "2026 */*/*/* A 66.67 3",
            "2026 */*/*/* B 100.00 1",
            "2026 */*/j/* A 100.00 1",
            "2026 */*/j/x A 100.00 1",
            "2026 */s/*/* A 100.00 1",
            "2026 */t/*/* A 0.00 1",
            "2026 */t/*/* B 100.00 1",
            "2026 p/*/*/* A 50.00 2",
            "2026 p/*/*/* B 100.00 1",
            "2026 p/s/*/* A 100.00 1",
            "2026 p/t/*/* A 0.00 1",
            "2026 p/t/*/* B 100.00 1",
        ]
    );
}

proptest! {
    /// However the answers are split among personas, and in whatever order they stand, all of them
    /// together make the same figure, and each persona's is the one of its answers alone.
    #[test]
    fn a_roll_up_of_any_partition_equals_the_whole(
        answers in prop::collection::vec((0u8..=10, 0usize..4), 1..60),
        seed in any::<u64>(),
    ) {
        let personas = ["", "p", "q", "r"];
        let line = |&(score, who): &(u8, usize)| format!("2026,{score},{}\n", personas[who]);
        let file = |answers: &[(u8, usize)]| {
            "period,score,persona\n".to_owned() + &answers.iter().map(line).collect::<String>()
        };
        let whole: Vec<_> = answers.iter().map(|&(score, _)| (score, 0)).collect();
        for kind in ["nps", "time-to-value"] {
            let split = rows(kind, &file(&answers));
            prop_assert_eq!(&split[0], &rows(kind, &file(&whole))[0]);
            let mut shuffled = answers.clone();
            let length = shuffled.len();
            shuffled.rotate_left(usize::try_from(seed % 60).unwrap() % length);
            shuffled.reverse();
            prop_assert_eq!(&split, &rows(kind, &file(&shuffled)));
            for row in &split[1..] {
                let who = personas.iter().position(|&p| Some(p) == row.slice.persona.as_deref());
                let alone: Vec<_> = answers.iter().copied().filter(|a| Some(a.1) == who).collect();
                let alone = &rows(kind, &file(&alone))[0];
                prop_assert_eq!((row.value, row.n), (alone.value, alone.n));
                prop_assert_eq!((row.interval, row.counts), (alone.interval, alone.counts));
            }
        }
    }

    /// Whatever the bytes, reading ends, and every place is one of the file.
    #[test]
    fn any_text_is_read(text in "(period|value|score|,|\"|\n|\r|2026|é| |-|[0-9]){0,60}") {
        let found = content(gauge("nps", "points"), &text).findings;
        let lines = u32::try_from(text.lines().count()).unwrap() + 1;
        prop_assert!(found.iter().all(|f| f.start().line <= lines));
    }
}
