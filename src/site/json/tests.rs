use std::sync::Arc;

use serde_json::Value;

use crate::library::Library;
use crate::schema::Kind;
use crate::site::{Options, RefCache, Site, Theme};
use crate::source::Memory;

/// The lines in the view of a KPI on 24 November 2026.
fn series(kind: &str, csv: &str) -> Value {
    let text = format!(
        "---\nname: K\nkind: {kind}\nclass: perception\nunit: percent\ndirection: up\ncadence: monthly\nowner: t\ntarget: {{ value: 50, by: 2027-03-31 }}\nthresholds: {{ warn: 35, bad: 20 }}\n---\n"
    );
    let tree = Memory::default()
        .with("content/kpis/k.md", text)
        .with("content/kpis/k.csv", csv);
    let library = Library::load(Arc::new(tree));
    let (theme, _) = Theme::load(&library);
    let (options, refs) = (Options::default(), RefCache::new(&library));
    let mut site = Site::new(&library, &theme, &options, &refs);
    site.now = jiff::civil::date(2026, 11, 24);
    let entity = library.get(Kind::Kpi, "k").expect("the KPI");
    let mut view: Value = serde_json::from_str(&super::entity(&site, entity)).expect("JSON");
    view["series"].take()
}

#[test]
fn a_line_stands_with_all_its_figures() {
    let csv = "period,persona,source,value,promoters,passives,detractors\n2025-10,p,Pulse,29,36,8,18\n2026-08,p,Pulse,21,31,59,10\n2026-09,p,Pulse,30,50,30,20\n2026-10,p,Pulse,51.0,63,25,12\n2026-10,q,,3,,,\n";
    let mut lines = series("nps", csv);
    assert_eq!(lines[1]["persona"], "q");
    assert_eq!(
        (&lines[0]["persona"], &lines[0]["source"]),
        (&"p".into(), &"Pulse".into())
    );
    assert_eq!(lines[0]["rows"].as_array().map(Vec::len), Some(4));
    let shown = [lines[0]["rows"][0].take(), lines[0]["figures"].take()];
    let text = serde_json::to_string_pretty(&shown).expect("JSON");
    insta::assert_snapshot!(text, @r#"
    [
      {
        "period": "2025-10",
        "start": "2025-10-01",
        "end": "2025-10-31",
        "length": "month",
        "value": 29.0,
        "n": 62,
        "low": 6.26110388581734,
        "high": 49.123511498798045,
        "counts": {
          "promoters": 36,
          "passives": 8,
          "detractors": 18
        },
        "small_sample": false
      },
      {
        "latest": {
          "period": "2026-10",
          "start": "2026-10-01",
          "end": "2026-10-31",
          "length": "month",
          "value": 51.0,
          "n": 100,
          "low": 35.892354806048054,
          "high": 63.13677140754417,
          "counts": {
            "promoters": 63,
            "passives": 25,
            "detractors": 12
          },
          "small_sample": false
        },
        "state": "good",
        "small_sample": false,
        "change": {
          "since": "2026-09",
          "periods": 1,
          "difference": 21.0,
          "beyond_chance": true,
          "small_sample": false
        },
        "year_change": {
          "since": "2025-10",
          "periods": 12,
          "difference": 22.0,
          "beyond_chance": false,
          "small_sample": false
        },
        "to_target": -1.0,
        "meets_target": true,
        "outlook": {
          "answer": "cannot-say",
          "reason": "interval-spans-target",
          "slope": 15.0,
          "points": 3,
          "forecast": {
            "periods": 5,
            "value": 100.0,
            "low": -100.0,
            "high": 100.0
          }
        },
        "freshness": {
          "until": "2026-10-31",
          "age_days": 24,
          "cadences": 0.7885010266940452,
          "overdue": false
        }
      }
    ]
    "#);
}

#[test]
fn everybody_is_worked_out_of_the_counts() {
    let csv = "period,persona,value,promoters,passives,detractors\n2026-10,p,30,50,30,20\n2026-10,q,51,63,25,12\n";
    let lines = series("nps", csv);
    let all = &lines[0];
    assert_eq!(all["rolled_up"], true);
    assert_eq!(all["persona"], Value::Null);
    assert_eq!(all["rows"][0]["value"], 40.5, "(113 - 32) of 200");
    assert_eq!(all["rows"][0]["promoters"], Value::Null);
    assert_eq!(all["rows"][0]["counts"]["promoters"], 113);
    assert_eq!(lines[1]["rolled_up"], Value::Null);
}

#[test]
fn answers_stand_as_counts() {
    let lines = series("csat", "period,score\n2026-10,5\n2026-10,4\n2026-10,1\n");
    assert_eq!(lines[0]["rows"][0]["counts"]["part"], 2);
    assert_eq!(lines[0]["rows"][0]["counts"]["whole"], 3);
    assert_eq!(lines[0]["rows"][0]["value"], 100.0 * 2.0 / 3.0);
    assert_eq!(lines[0]["figures"]["small_sample"], true);
    assert_eq!(lines[0]["figures"]["outlook"]["reason"], "small-sample");
}
