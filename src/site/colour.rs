//! Colours in numbers: how they are written, how light they are, and how well one is read on
//! another.
//!
//! In: `#rrggbb` or lightness, chroma and hue. Out: the same colour the other way round, and the
//! contrast of two.
//!
//! Sources: Björn Ottosson, *A perceptual color space for image processing* (2020, matrices of
//! 2021), <https://bottosson.github.io/posts/oklab/>, for `OKLab`; IEC 61966-2-1, as CSS Color 4 has
//! it, for the curve of sRGB; WCAG 2.2, "relative luminance" and "contrast ratio",
//! <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>, for contrast.

use std::fmt;

#[cfg(test)]
pub(super) mod roles;
#[cfg(test)]
mod tests;

/// A colour that a screen can show, a byte a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rgb(pub(super) [u8; 3]);

/// A colour as people see it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Oklch {
    /// How light it is, from 0 (black) to 1 (white).
    pub(super) lightness: f64,
    /// How colourful, from 0 (grey) to about 0.32.
    pub(super) chroma: f64,
    /// Its hue in degrees.
    pub(super) hue: f64,
}

impl Rgb {
    pub(super) const BLACK: Self = Self([0; 3]);
    pub(super) const WHITE: Self = Self([255; 3]);

    /// Reads `#rgb` or `#rrggbb`; the `#` may be missing.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        let digit = |at: usize| {
            let digit = char::from(*digits.as_bytes().get(at)?).to_digit(16)?;
            u8::try_from(digit).ok()
        };
        let channel = |index: usize| match digits.len() {
            3 => Some(digit(index)? * 0x11),
            6 => Some(digit(2 * index)? * 0x10 + digit(2 * index + 1)?),
            _ => None,
        };
        Some(Self([channel(0)?, channel(1)?, channel(2)?]))
    }

    /// The relative luminance of WCAG 2.2: 0 for black, 1 for white.
    pub(super) fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast ratio of WCAG 2.2, from 1 to 21.
    pub(super) fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// The amounts of light.
    fn linear(self) -> [f64; 3] {
        self.0.map(|byte| {
            let value = f64::from(byte) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        })
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl From<Rgb> for Oklch {
    fn from(colour: Rgb) -> Self {
        let light = colour.linear();
        let cones = product(
            [
                [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
                [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
                [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
            ],
            light,
        );
        let [lightness, a, b] = product(
            [
                [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
                [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
                [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
            ],
            cones.map(f64::cbrt),
        );
        Self {
            lightness,
            chroma: a.hypot(b),
            hue: b.atan2(a).to_degrees().rem_euclid(360.0),
        }
    }
}

impl Oklch {
    /// The colour on a screen. One that no screen can show becomes paler, and keeps its lightness
    /// and hue.
    pub(super) fn rgb(self) -> Rgb {
        let shown = |chroma| Self { chroma, ..self }.linear();
        let fits = |light: [f64; 3]| light.iter().all(|v| (-1e-4..=1.0001).contains(v));
        let mut light = shown(self.chroma);
        if !fits(light) {
            let (mut good, mut bad) = (0.0, self.chroma);
            for _ in 0..20 {
                let middle = f64::midpoint(good, bad);
                if fits(shown(middle)) {
                    good = middle;
                } else {
                    bad = middle;
                }
            }
            light = shown(good);
        }
        Rgb(light.map(byte))
    }

    /// The amounts of light, below 0 or above 1 where a screen has no such colour.
    fn linear(self) -> [f64; 3] {
        let hue = self.hue.to_radians();
        let (a, b) = (self.chroma * hue.cos(), self.chroma * hue.sin());
        let cones = product(
            [
                [1.0, 0.396_337_777_4, 0.215_803_757_3],
                [1.0, -0.105_561_345_8, -0.063_854_172_8],
                [1.0, -0.089_484_177_5, -1.291_485_548_0],
            ],
            [self.lightness, a, b],
        );
        product(
            [
                [4.076_741_662_1, -3.307_711_591_3, 0.230_969_929_2],
                [-1.268_438_004_6, 2.609_757_401_1, -0.341_319_396_5],
                [-0.004_196_086_3, -0.703_418_614_7, 1.707_614_701_0],
            ],
            cones.map(|cone| cone.powi(3)),
        )
    }
}

/// A channel from its amount of light.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is clamped to a byte"
)]
fn byte(light: f64) -> u8 {
    let light = light.clamp(0.0, 1.0);
    let value = if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055 * light.powf(1.0 / 2.4) - 0.055
    };
    (value * 255.0).round().clamp(0.0, 255.0) as u8
}

fn product(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2])
}
