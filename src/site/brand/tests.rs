use std::sync::LazyLock;

use proptest::prelude::*;

use super::super::colour::{Oklch, Rgb, roles};
use super::{CLEAR, READABLE, Scheme, accent, on, stylesheet, tint};

/// What text of the accent may stand on, as the stylesheet of the default theme has it.
const GROUNDS: &[&str] = &[
    "--page",
    "--surface",
    "--sunken",
    "--good-tint",
    "--warn-tint",
    "--bad-tint",
    "--wash",
];

/// What a brand meets in one scheme.
struct Met {
    scheme: Scheme,
    least: f64,
    grounds: Vec<(&'static str, Rgb)>,
    surface: Rgb,
    texts: [Rgb; 2],
}

static MET: LazyLock<Vec<Met>> = LazyLock::new(|| {
    let mut met = Vec::new();
    for (more, least) in [(false, READABLE), (true, CLEAR)] {
        for (scheme, dark) in [(Scheme::Light, false), (Scheme::Dark, true)] {
            let theme = roles::Theme::built_in(dark, more);
            let colours = |role: &&'static str| {
                let role = *role;
                theme
                    .all(role)
                    .into_iter()
                    .map(move |colour| (role, colour))
            };
            met.push(Met {
                scheme,
                least,
                grounds: GROUNDS.iter().flat_map(colours).collect(),
                surface: theme.one("--surface"),
                texts: [theme.one("--ink"), theme.one("--soft")],
            });
        }
    }
    met
});

/// What is wrong with the colours for a brand.
fn faults(brand: Rgb) -> Vec<String> {
    let mut faults = Vec::new();
    for met in &*MET {
        let (scheme, least) = (met.scheme, met.least);
        let accent = accent(brand, scheme, least);
        let tint = tint(brand, scheme);
        let mut hold = |what: &str, text: Rgb, ground: Rgb, least: f64| {
            let contrast = text.contrast(ground);
            if contrast < least {
                faults.push(format!(
                    "{scheme:?} {what}: {contrast:.2} instead of {least}"
                ));
            }
        };
        for (ground, colour) in &met.grounds {
            hold(ground, accent, *colour, least);
        }
        hold("--accent on --accent-tint", accent, tint, least);
        hold("--on-accent on --accent", met.surface, accent, least);
        for text in met.texts {
            hold("text on --accent-tint", text, tint, least);
        }
    }
    if brand.contrast(on(brand)) < READABLE {
        faults.push("--on-brand".to_owned());
    }
    faults
}

#[test]
fn the_hardest_grounds_are_the_hardest() {
    for more in [false, true] {
        for ground in GROUNDS.iter().chain(&["--accent-tint"]) {
            for colour in roles::Theme::built_in(false, more).all(ground) {
                let hardest = Scheme::Light.hardest();
                assert!(
                    colour.luminance() >= hardest.luminance(),
                    "{ground} {colour}"
                );
            }
            for colour in roles::Theme::built_in(true, more).all(ground) {
                let hardest = Scheme::Dark.hardest();
                assert!(
                    colour.luminance() <= hardest.luminance(),
                    "{ground} {colour}"
                );
            }
        }
    }
}

#[test]
fn what_can_be_read_stays_as_it_is() {
    let green = Rgb([0x0a, 0x6e, 0x5c]);
    assert_eq!(accent(green, Scheme::Light, READABLE), green);
    let yellow = Rgb([0xff, 0xe6, 0x00]);
    assert_eq!(accent(yellow, Scheme::Dark, CLEAR), yellow);
}

#[test]
fn the_stylesheet_of_a_yellow() {
    insta::assert_snapshot!(stylesheet(Rgb([0xff, 0xe6, 0x00])), @r##"
    /* The colours that follow from `brand: "#ffe600"` in personary.yaml. */
    :root {
      --brand: #ffe600;
      --on-brand: #000000;
      --accent: light-dark(#786b00, #ffe600);
      --accent-tint: light-dark(#f3f1e0, #302d18);
    }
    @media (prefers-contrast: more) {
      :root { --accent: light-dark(#584e00, #ffe600); }
    }
    "##);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn every_brand_makes_a_readable_site(bytes: [u8; 3]) {
        prop_assert_eq!(faults(Rgb(bytes)), Vec::<String>::new());
    }

    #[test]
    fn the_hue_of_a_brand_stays(bytes: [u8; 3]) {
        let brand = Oklch::from(Rgb(bytes));
        for scheme in [Scheme::Light, Scheme::Dark] {
            let shown = Oklch::from(accent(Rgb(bytes), scheme, READABLE));
            // Of what is nearly grey a byte more or less makes another hue.
            prop_assume!(shown.chroma > 0.04);
            let apart = (shown.hue - brand.hue).rem_euclid(360.0);
            prop_assert!(apart.min(360.0 - apart) < 4.0, "{:?} {:?}", brand, shown);
        }
    }
}

#[test]
fn the_ends_are_readable_too() {
    for text in [
        "#000", "#fff", "#ffe600", "#f00", "#0f0", "#00f", "#808080", "#777",
    ] {
        let brand = Rgb::parse(text).expect("a colour");
        assert_eq!(faults(brand), Vec::<String>::new(), "{text}");
    }
}
