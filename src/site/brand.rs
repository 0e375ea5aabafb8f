//! The colours of a site that follow from the colour of its brand.
//!
//! In: `brand:` of the settings. Out: a stylesheet that gives the roles of the accent their values,
//! in light and dark and where more contrast is asked for. A brand's colour is chosen for a logo,
//! not for text, so it keeps its hue and is made darker or lighter until it can be read wherever
//! the theme puts it; where a screen cannot show it that dark or light, it becomes paler. As it is
//! it stands only where nothing must be read: in a line above the header, and in the mark.

use super::colour::{Oklch, Rgb};

#[cfg(test)]
mod tests;

/// What text needs, by WCAG 2.2, 1.4.3 (AA), and
const READABLE: f64 = 4.5;
/// by 1.4.6 (AAA), for those who ask for more contrast.
const CLEAR: f64 = 7.0;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Light,
    Dark,
}

impl Scheme {
    /// The ground on which it is hardest to read: no ground of a theme in light colours is darker,
    /// none in dark colours lighter.
    const fn hardest(self) -> Rgb {
        match self {
            Self::Light => Rgb([0xeb; 3]),
            Self::Dark => Rgb([0x34; 3]),
        }
    }

    /// The end at which everything can be read.
    const fn end(self) -> f64 {
        match self {
            Self::Light => 0.0,
            Self::Dark => 1.0,
        }
    }
}

/// The stylesheet for a brand.
pub(super) fn stylesheet(brand: Rgb) -> String {
    let pair = |role: &dyn Fn(Scheme) -> Rgb| {
        format!(
            "light-dark({}, {})",
            role(Scheme::Light),
            role(Scheme::Dark)
        )
    };
    let accent = |least| pair(&|scheme| accent(brand, scheme, least));
    format!(
        "/* The colours that follow from `brand: \"{brand}\"` in personary.yaml. */\n\
         :root {{\n  --brand: {brand};\n  --on-brand: {on};\n  --accent: {normal};\n  --accent-tint: {tint};\n}}\n\
         @media (prefers-contrast: more) {{\n  :root {{ --accent: {clear}; }}\n}}\n",
        on = on(brand),
        normal = accent(READABLE),
        tint = pair(&|scheme| tint(brand, scheme)),
        clear = accent(CLEAR),
    )
}

/// The colour of links and marks: the brand's own where it can be read, and else the nearest that
/// can.
fn accent(brand: Rgb, scheme: Scheme, least: f64) -> Rgb {
    let wanted = Oklch::from(brand);
    let at = |lightness| {
        Oklch {
            lightness,
            ..wanted
        }
        .rgb()
    };
    let holds = |colour: Rgb| colour.contrast(scheme.hardest()) >= least;
    let is_right_side = match scheme {
        Scheme::Light => brand.luminance() < scheme.hardest().luminance(),
        Scheme::Dark => brand.luminance() > scheme.hardest().luminance(),
    };
    if is_right_side && holds(brand) {
        return brand;
    }
    // What is kept has been looked at, so the result holds whatever the screen made of it.
    let (mut good, mut bad) = (scheme.end(), wanted.lightness);
    for _ in 0..16 {
        let middle = f64::midpoint(good, bad);
        if holds(at(middle)) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    at(good)
}

/// The ground of what belongs to the accent: its hue, hardly visible.
fn tint(brand: Rgb, scheme: Scheme) -> Rgb {
    let wanted = Oklch::from(brand);
    let (lightness, most) = match scheme {
        Scheme::Light => (0.955, 0.022),
        Scheme::Dark => (0.295, 0.035),
    };
    Oklch {
        lightness,
        chroma: (wanted.chroma * 0.3).min(most),
        hue: wanted.hue,
    }
    .rgb()
}

/// What can be read on the brand's own colour.
fn on(brand: Rgb) -> Rgb {
    if brand.contrast(Rgb::WHITE) >= brand.contrast(Rgb::BLACK) {
        Rgb::WHITE
    } else {
        Rgb::BLACK
    }
}
