use super::*;

/// The last six months of a score; the prediction for eight months later is computed in the tests
/// of the formulas: 62.86, from 57.865 to 67.855.
pub(super) const RISING: &str = "period,value,n\n2026-04,99,600\n2026-05,34.3,639\n2026-06,37.2,650\n2026-07,40.2,659\n2026-08,41.1,671\n2026-09,43.8,683\n2026-10,45.2,697\n";

#[test]
fn an_outlook_compares_the_prediction_with_the_target() {
    let of = |direction: &str, target: f64| {
        let more =
            format!("direction: {direction}\ntarget: {{ value: {target}, by: 2027-06-30 }}\n");
        let example = Example::new("csat", &more, RISING);
        let outlook = example.figures().outlook;
        near(outlook.slope.expect("a slope"), 2.148_571_428_571_429);
        let forecast = outlook.forecast.expect("a forecast");
        assert_eq!((forecast.periods, outlook.points), (8, 6));
        near(forecast.value, 62.86);
        near(forecast.interval.0, 57.865_278_916_948_747);
        near(forecast.interval.1, 67.854_721_083_051_253);
        outlook.answer
    };
    let spans = Answer::CannotSay(Reason::IntervalSpansTarget);
    assert_eq!(
        [57.8, 57.9, 67.8, 67.9].map(|t| of("up", t)),
        [Answer::Yes, spans, spans, Answer::No]
    );
    assert_eq!(
        [57.8, 57.9, 67.8, 67.9].map(|t| of("down", t)),
        [Answer::No, spans, spans, Answer::Yes]
    );
}

#[test]
fn an_outlook_says_why_it_cannot_say() {
    let of = |more: &str, csv: &str| {
        let example = Example::new("csat", &format!("{UP}{more}"), csv);
        let outlook = example.figures().outlook;
        (outlook.answer, outlook.slope.is_some())
    };
    let cannot = |reason, slope| (Answer::CannotSay(reason), slope);
    let goal = "target: { value: 50, by: 2027-06-30 }\n";
    assert_eq!(of("", RISING), cannot(Reason::NoTarget, true));
    assert_eq!(
        of("target: { value: 50 }\n", RISING),
        cannot(Reason::NoDate, true)
    );
    let two = "period,value\n2026-09,40\n2026-10,45\n";
    assert_eq!(of(goal, two), cannot(Reason::TooFewPoints, false));
    let old = "period,value\n2025-10,40\n2026-09,42\n2026-10,45\n";
    assert_eq!(
        of(goal, old),
        cannot(Reason::TooFewPoints, false),
        "a year is too far back"
    );
    let small = RISING.replace("41.1,671", "41.1,29");
    assert_eq!(of(goal, &small), cannot(Reason::SmallSample, false));
    // October was not measured, and it is November.
    let by = "target: { value: 50, by: 2026-10-31 }\n";
    let september = RISING.replace("2026-10,45.2,697\n", "");
    assert_eq!(of(by, &september), cannot(Reason::NotMeasured, true));
}

#[test]
fn on_the_day_of_the_target_the_measurement_decides() {
    let of = |target: &str| {
        let example = Example::new("csat", &format!("{UP}target: {target}\n"), RISING);
        let outlook = example.figures().outlook;
        assert_eq!(outlook.forecast, None);
        outlook.answer
    };
    assert_eq!(of("{ value: 45, by: 2026-10-31 }"), Answer::Yes);
    assert_eq!(
        of("{ value: 46, by: 2026-11-29 }"),
        Answer::No,
        "November is not over by then"
    );
    assert_eq!(of("{ value: 41.1, by: 2026-08-31 }"), Answer::Yes);
    assert_eq!(
        of("{ value: 41.1, by: 2026-08-30 }"),
        Answer::No,
        "July's 40.2"
    );
}
