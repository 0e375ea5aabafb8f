//! The drawing that stands for a persona without a picture.
//!
//! In: an id. Out: the inside of an SVG of four by four units, the same on every machine and in
//! every version. Four plain shapes in two tones say nothing about anybody, and they are told apart
//! without their colours, too.

/// What may stand in a quarter, drawn from its corner at the origin, two units wide and high.
/// Relative, so that it can stand anywhere.
const SHAPES: [&str; 16] = [
    // Quarters of a disc, by the corner they are round.
    "h2a2 2 0 0 1-2 2z",
    "h2v2a2 2 0 0 1-2-2z",
    "m2 0v2h-2a2 2 0 0 1 2-2z",
    "a2 2 0 0 1 2 2h-2z",
    // Halves along a diagonal.
    "h2l-2 2z",
    "h2v2z",
    "v2h2z",
    "m2 0v2h-2z",
    // A disc, a diamond, a ring.
    "m1 0a1 1 0 0 1 0 2a1 1 0 0 1 0-2z",
    "m1 0l1 1-1 1-1-1z",
    "h2v2h-2zm.6.6v.8h.8v-.8z",
    // Leaves.
    "a2 2 0 0 1 2 2a2 2 0 0 1-2-2z",
    "m2 0a2 2 0 0 1-2 2a2 2 0 0 1 2-2z",
    // Bars, and a hill.
    "h2v.6h-2zm0 1.4h2v.6h-2z",
    "h.6v2h-.6zm1.4 0h.6v2h-.6z",
    "m0 2v-1a1 1 0 0 1 2 0v1z",
];

/// The drawing of `id`. That of a negative persona has the frame of a stop sign.
pub(super) fn emblem(id: &str, negative: bool) -> String {
    let mut rest = mixed(id);
    // The two tones: one path each, so that a drawing is two elements whatever it shows.
    let mut tones = [String::new(), String::new()];
    for corner in ["M0 0", "M2 0", "M0 2", "M2 2"] {
        let shape = SHAPES[usize::try_from(rest % 16).unwrap_or_default()];
        let tone = usize::from(rest / 16 % 2 == 1);
        rest /= 32;
        tones[tone].push_str(corner);
        tones[tone].push_str(shape);
    }
    let mut out = String::with_capacity(256);
    for (class, path) in ["a", "b"].into_iter().zip(&tones) {
        if !path.is_empty() {
            out.extend(["<path class=\"", class, "\" d=\"", path, "\"/>"]);
        }
    }
    if negative {
        out.push_str("<path class=\"o\" d=\"M1.2 0h1.6L4 1.2v1.6L2.8 4H1.2L0 2.8V1.2z\"/>");
    }
    out
}

/// A hue that stays with an id, one of those that the stylesheet knows: 0, 10 and so on to 350.
pub(super) fn hue(id: &str) -> u64 {
    (mixed(id) >> 32) % 360 / 10 * 10
}

/// A number made of an id whose bits all depend on all of its letters: FNV-1a, and the last step
/// of `MurmurHash3`. Ids often differ in their last letter alone.
fn mixed(id: &str) -> u64 {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn ids() -> impl Iterator<Item = String> {
        (0..1000).map(|n| format!("persona-{n:05}"))
    }

    #[test]
    fn a_drawing_stays_with_its_id() {
        insta::assert_snapshot!(emblem("dez-fowler", false), @r#"<path class="a" d="M2 2a2 2 0 0 1 2 2h-2z"/><path class="b" d="M0 0v2h2zM2 0m2 0v2h-2a2 2 0 0 1 2-2zM0 2h2v2z"/>"#);
        assert_eq!(hue("dez-fowler"), 90);
    }

    #[test]
    fn it_is_small_enough_for_lists() {
        // What stands around it in a list takes some ninety bytes more.
        let longest = ids().map(|id| emblem(&id, true).len()).max();
        assert!(longest < Some(310), "{longest:?}");
    }

    #[test]
    fn hardly_two_of_a_thousand_share_a_drawing_whatever_their_colours() {
        let mut drawn: HashMap<String, usize> = HashMap::new();
        for id in ids() {
            *drawn.entry(emblem(&id, false)).or_default() += 1;
        }
        let twins: usize = drawn.values().filter(|n| **n > 1).sum();
        assert!(twins <= 4, "{twins} of 1000");
    }

    #[test]
    fn hues_are_spread_over_the_circle() {
        let mut sectors = [0; 12];
        for id in ids() {
            sectors[usize::try_from(hue(&id) / 30).expect("below 12")] += 1;
        }
        assert!(sectors.iter().all(|n| (50..120).contains(n)), "{sectors:?}");
    }
}
