use proptest::prelude::*;

use super::{Oklch, Rgb};

#[test]
fn colours_are_read_as_css_writes_them() {
    assert_eq!(Rgb::parse("#0a6e5c"), Some(Rgb([10, 110, 92])));
    assert_eq!(Rgb::parse("0A6E5C"), Some(Rgb([10, 110, 92])));
    assert_eq!(Rgb::parse("#fe0"), Some(Rgb([255, 238, 0])));
    for wrong in ["", "#", "#12", "#1234", "#12345g", "teal", "#äa", "##123"] {
        assert_eq!(Rgb::parse(wrong), None, "{wrong}");
    }
}

/// Figures of the sources: the examples of Ottosson's table in CSS Color 4, and the contrasts that
/// everybody knows.
#[test]
fn the_formulas_give_what_their_sources_say() {
    let red = Oklch::from(Rgb([255, 0, 0]));
    assert!((red.lightness - 0.627_96).abs() < 1e-4, "{red:?}");
    assert!((red.chroma - 0.257_68).abs() < 1e-4, "{red:?}");
    assert!((red.hue - 29.234).abs() < 1e-2, "{red:?}");
    assert!((Rgb::BLACK.contrast(Rgb::WHITE) - 21.0).abs() < 1e-9);
    // #767676 is the lightest grey that is readable on white.
    assert!(Rgb([0x76; 3]).contrast(Rgb::WHITE) >= 4.5);
    assert!(Rgb([0x77; 3]).contrast(Rgb::WHITE) < 4.5);
}

#[test]
fn what_no_screen_can_show_becomes_paler_and_nothing_else() {
    let wanted = Oklch {
        lightness: 0.5,
        chroma: 0.4,
        hue: 150.0,
    };
    let shown = Oklch::from(wanted.rgb());
    assert!((shown.lightness - 0.5).abs() < 0.01, "{shown:?}");
    assert!((shown.hue - 150.0).abs() < 2.0, "{shown:?}");
    assert!(shown.chroma > 0.1 && shown.chroma < 0.2, "{shown:?}");
}

proptest! {
    #[test]
    fn every_colour_survives_the_way_there_and_back(bytes: [u8; 3]) {
        let colour = Rgb(bytes);
        prop_assert_eq!(Oklch::from(colour).rgb(), colour);
        prop_assert_eq!(Rgb::parse(&colour.to_string()), Some(colour));
    }
}
