//! The expected values come from an independent implementation with 40 digits (mpmath; exact
//! fractions and binomial coefficients where there are no roots), of the formulas as the named
//! sources print them.

#![expect(
    clippy::excessive_precision,
    reason = "expected values are written as they were computed, with more digits"
)]

use proptest::prelude::*;

use super::*;

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[track_caller]
fn near_all((low, high): Interval, expected: Interval) {
    near(low, expected.0);
    near(high, expected.1);
}

const fn promoters(promoters: u64, passives: u64, detractors: u64) -> Promoters {
    Promoters {
        promoters,
        passives,
        detractors,
    }
}

const fn share(part: u64, whole: u64) -> Share {
    Share { part, whole }
}

/// With n' = n + 3, p' = (p + ¾)/n', d' = (d + ¾)/n': (p' − d') ± z √((p' + d' − (p' − d')²)/n').
/// Rocks (2016); the same numbers of added answers (¾, 1½, ¾) are the defaults of `nps_test` in
/// his R package NPS.
#[test]
fn nps_and_its_interval() {
    let cases = [
        (
            promoters(201, 136, 66),
            33.498_759_305_210_92,
            (26.032_373_818_626_265, 40.470_089_235_560_927),
        ),
        (
            promoters(36, 8, 18),
            29.032_258_064_516_13,
            (6.261_103_885_817_334, 49.123_511_498_798_05),
        ),
        (
            promoters(1, 1, 7),
            -66.666_666_666_666_667,
            (-91.641_227_512_953_349, -8.358_772_487_046_651),
        ),
        (
            promoters(0, 1, 0),
            0.0,
            (-60.011_395_954_441_379, 60.011_395_954_441_379),
        ),
        // 106.34 is beyond the scale and cut.
        (promoters(10, 0, 0), 100.0, (47.503_551_544_790_209, 100.0)),
    ];
    for (counts, score, interval) in cases {
        near(counts.score().expect("a score"), score);
        near_all(counts.interval().expect("an interval"), interval);
    }
    assert_eq!(promoters(0, 0, 0).score(), None);
    assert_eq!(promoters(0, 0, 0).interval(), None);
}

/// With n' = n + z², p' = (x + z²/2)/n': p' ± z √(p'(1 − p')/n'). Agresti and Coull (1998).
#[test]
fn csat_ces_churn_and_their_intervals() {
    let cases = [
        (
            share(174, 289),
            60.207_612_456_747_405,
            (54.464_476_784_013_094, 65.682_943_679_468_994),
        ),
        (
            share(12, 100),
            12.0,
            (6.852_561_927_657_378, 19.958_943_936_073_534),
        ),
        (
            share(33, 40),
            82.5,
            (67.735_421_637_324_601, 91.569_174_284_851_767),
        ),
        (
            share(1, 2),
            50.0,
            (9.453_120_573_423_071, 90.546_879_426_576_929),
        ),
        (share(0, 10), 0.0, (0.0, 32.088_730_575_054_577)),
        (share(10, 10), 100.0, (67.911_269_424_945_423, 100.0)),
    ];
    for (share, score, interval) in cases {
        near(share.score().expect("a score"), score);
        near_all(share.interval().expect("an interval"), interval);
    }
    assert_eq!(share(0, 0).score(), None);
    assert_eq!(share(0, 0).interval(), None);
    assert_eq!(share_interval(50.0, 0.0), None);
}

#[test]
fn churn_and_retention_are_shares_of_the_start() {
    // 64 of 4608 lost: 64/4608 = 1/72.
    near(
        churn(64, 4608).and_then(Share::score).expect("a share"),
        100.0 / 72.0,
    );
    // (1249 − 110) / 1194 of the start are there still.
    let kept = retention(1249, 110, 1194).and_then(Share::score);
    near(kept.expect("a share"), 100.0 * 1139.0 / 1194.0);
    assert_eq!(churn(5, 4), None, "more lost than there were");
    assert_eq!(retention(5, 6, 4), None, "more new ones than there are");
    assert_eq!(retention(9, 1, 4), None, "more kept than there were");
}

#[test]
fn the_median_is_the_middle() {
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[3.0]), Some(3.0));
    assert_eq!(median(&[1.0, 2.0, 40.0]), Some(2.0));
    assert_eq!(median(&[1.0, 2.0, 4.0, 40.0]), Some(3.0));
}

/// The ranks are those of the usual tables (Conover, section 3.2), here by exact binomial sums:
/// the largest k with Σ C(n, i), i < k, at most 2.5 % of 2^n.
#[test]
fn the_interval_of_the_median_lies_between_ranks() {
    let ranks = [
        (6, 1),
        (8, 1),
        (9, 2),
        (10, 2),
        (15, 4),
        (20, 6),
        (25, 8),
        (30, 10),
        (50, 18),
        (100, 40),
        (1001, 470),
        (5000, 2431),
    ];
    for (n, rank) in ranks {
        let values: Vec<f64> = (1..=n).map(f64::from).collect();
        let expected = (f64::from(rank), f64::from(n + 1 - rank));
        assert_eq!(median_interval(&values), Some(expected), "{n} values");
    }
    assert_eq!(median_interval(&[1.0, 2.0, 3.0, 4.0, 5.0]), None);
    assert_eq!(median_interval(&[]), None);
}

/// Table: 40-digit inversion of the regularised incomplete beta function; to three digits they
/// are those of any printed table, such as Abramowitz and Stegun 26.10.
#[test]
fn quantiles_of_t() {
    let table = [
        (1, 12.706_204_736_174_705),
        (2, 4.302_652_729_749_464),
        (3, 3.182_446_305_283_71),
        (4, 2.776_445_105_197_794),
        (5, 2.570_581_835_636_316),
        (6, 2.446_911_851_144_97),
        (7, 2.364_624_251_592_785),
        (8, 2.306_004_135_204_166),
        (9, 2.262_157_162_798_205),
        (10, 2.228_138_851_986_275),
        (15, 2.131_449_545_559_776),
        (20, 2.085_963_447_265_865),
        (29, 2.045_229_642_132_704),
        (30, 2.042_272_456_301_238),
        (60, 2.000_297_822_014_261),
        (100, 1.983_971_518_523_552),
        (120, 1.979_930_405_082_441),
        (1000, 1.962_339_080_826_408),
    ];
    for (freedom, t) in table {
        near(t_quantile(0.95, freedom).expect("a quantile"), t);
    }
    for (freedom, t) in [
        (1, 63.656_741_162_871_58),
        (2, 9.924_843_200_918_293),
        (30, 2.749_995_653_567_225),
    ] {
        near(t_quantile(0.99, freedom).expect("a quantile"), t);
    }
    assert_eq!(t_quantile(0.95, 0), None);
    assert_eq!(t_quantile(1.0, 3), None);
    assert_eq!(t_quantile(f64::NAN, 3), None);
}

/// Slope and value by exact fractions, the limits with the quantiles above.
#[test]
fn lines_and_what_they_predict() {
    let cases = [
        (
            vec![
                (-5.0, 34.3),
                (-4.0, 37.2),
                (-3.0, 40.2),
                (-2.0, 41.1),
                (-1.0, 43.8),
                (0.0, 45.2),
            ],
            8.0,
            [
                2.148_571_428_571_429,
                62.86,
                57.865_278_916_948_747,
                67.854_721_083_051_253,
            ],
        ),
        (
            vec![(-2.0, 40.0), (-1.0, 42.5), (0.0, 44.0)],
            6.0,
            [
                2.0,
                56.166_666_666_666_667,
                29.801_504_460_522_67,
                82.531_828_872_810_664,
            ],
        ),
        (
            vec![
                (-5.0, 1.5),
                (-3.0, 1.7),
                (-2.0, 2.4),
                (-1.0, 2.2),
                (0.0, 3.1),
            ],
            4.0,
            [
                0.295_945_945_945_946,
                4.014_864_864_864_865,
                2.080_901_607_032_453,
                5.948_828_122_697_277,
            ],
        ),
    ];
    for (points, x, [slope, value, low, high]) in cases {
        let line = Line::fit(&points).expect("a line");
        let prediction = line.predict(x).expect("a prediction");
        near(line.slope, slope);
        near(prediction.value, value);
        near_all(prediction.interval, (low, high));
    }
    assert_eq!(Line::fit(&[(0.0, 1.0), (1.0, 2.0)]), None, "two points");
    assert_eq!(
        Line::fit(&[(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)]),
        None,
        "one x"
    );
}

/// z by hand: (201, 136, 66) against (240, 120, 43) is −3.0526, (50, 30, 20) against (62, 25, 13)
/// −1.7645 and against (63, 25, 12) −1.9667; the limit is 1.95996.
#[test]
fn two_scores_differ_beyond_chance() {
    assert!(promoters_apart(
        promoters(201, 136, 66),
        promoters(240, 120, 43)
    ));
    assert!(!promoters_apart(
        promoters(50, 30, 20),
        promoters(62, 25, 13)
    ));
    assert!(promoters_apart(
        promoters(63, 25, 12),
        promoters(50, 30, 20)
    ));
}

/// By hand: 60 and 73 of 100 are z = −1.9415 apart, 60 and 74 of 100 z = −2.1017.
#[test]
fn two_shares_differ_beyond_chance() {
    assert!(!shares_apart((60.0, 100.0), (73.0, 100.0)));
    assert!(shares_apart((60.0, 100.0), (74.0, 100.0)));
    assert!(shares_apart((74.0, 100.0), (60.0, 100.0)));
}

/// 3 below and 4 above make √(3² + 4²) = 5.
#[test]
fn two_intervals_differ_beyond_chance() {
    let (a, b) = ((20.0, (17.0, 90.0)), (14.9, (0.0, 18.9)));
    assert!(intervals_apart(a, b));
    assert!(intervals_apart(b, a));
    assert!(!intervals_apart(a, (15.1, (0.0, 19.1))));
}

#[test]
fn a_sum_needs_the_counts_of_every_part() {
    let [a, b] = [promoters(3, 2, 1), promoters(4, 0, 6)].map(Counts::Promoters);
    let whole = Counts::Promoters(promoters(7, 2, 7));
    assert_eq!(sum([Some(a), Some(b)]), Some(whole));
    assert_eq!(sum([Some(a), None]), None);
    assert_eq!(sum([]), None);
    assert_eq!(sum([Some(a), Some(Counts::Share(share(1, 2)))]), None);
    let huge = Counts::Share(share(1, u64::MAX));
    assert_eq!(sum([Some(huge), Some(huge)]), None);
}

proptest! {
    #[test]
    fn a_sum_of_any_partition_equals_the_whole(parts in prop::collection::vec((0u64..900, 0u64..900, 0u64..900), 1..20)) {
        let parts: Vec<_> = parts.iter().map(|&(p, s, d)| promoters(p, s, d)).collect();
        let whole = promoters(
            parts.iter().map(|part| part.promoters).sum(),
            parts.iter().map(|part| part.passives).sum(),
            parts.iter().map(|part| part.detractors).sum(),
        );
        let sum = sum(parts.iter().map(|&part| Some(Counts::Promoters(part))));
        prop_assert_eq!(sum.and_then(Counts::score), whole.score());
        prop_assert_eq!(sum.and_then(Counts::interval), whole.interval());
    }

    #[test]
    fn an_interval_holds_its_value(p in 0u64..5000, s in 0u64..5000, d in 0u64..5000) {
        let nps = promoters(p, s, d);
        // The three added answers outweigh a single one.
        prop_assume!(nps.n() > 1);
        let (score, (low, high)) = (nps.score().unwrap(), nps.interval().unwrap());
        prop_assert!(-100.0 <= low && low <= score && score <= high && high <= 100.0);
        let part = share(p, nps.n());
        let (score, (low, high)) = (part.score().unwrap(), part.interval().unwrap());
        prop_assert!(0.0 <= low && low <= score && score <= high && high <= 100.0);
    }

    #[test]
    fn the_interval_of_a_median_holds_it(mut values in prop::collection::vec(0.0..1e6f64, 6..300)) {
        values.sort_unstable_by(f64::total_cmp);
        let middle = median(&values).unwrap();
        let (low, high) = median_interval(&values).unwrap();
        prop_assert!(low <= middle && middle <= high);
    }

    #[test]
    fn more_freedom_needs_a_smaller_t(freedom in 1u32..2000) {
        let [t, next] = [freedom, freedom + 1].map(|f| t_quantile(0.95, f).unwrap());
        prop_assert!(t > next && next > Z);
    }

    #[test]
    fn a_line_goes_through_points_on_it(slope in -50.0..50.0f64, start in -100.0..100.0f64, x in -20.0..20.0f64) {
        let points: Vec<_> = (0..5).map(|i| (f64::from(i), start + slope * f64::from(i))).collect();
        let predicted = Line::fit(&points).unwrap().predict(x).unwrap();
        prop_assert!((predicted.value - (start + slope * x)).abs() < 1e-8);
        let (low, high) = predicted.interval;
        prop_assert!(low <= predicted.value && predicted.value <= high && high - low < 1e-6);
    }
}
