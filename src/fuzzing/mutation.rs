//! Slips of hands and of machines: small changes to bytes, the same ones in every run.

#[path = "../../tests/review/dice.rs"]
mod dice;

pub(crate) use dice::Dice;

/// What means something to one of the parsers, or to a browser or terminal behind them.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    " ", "\n", "\r\n", "\t", "\0", "\u{1b}[31m", "\u{2028}", "\u{202e}", "\u{feff}", "e\u{301}",
    "---\n", "--- ", "%%\n", ": ", "- ", "? ", "&a ", "*a", "!!str ", "|\n", ">-\n", "{", "}", "[",
    "]", ",", "\"", "'", "#", " # ", "~", "null", "true", "-1e9", "0x1f", ".nan", "2026-02-30", "a: b\n",
    "name: ", "id: x\n", "<", ">", "</", "/>", "<!--", "-->", "<![CDATA[", "<script>", "<svg/onload=x>",
    "<p style=x>", "<a href=javascript:x>", " onclick=x ", " class=\"notice\"", " id=main", "&colon;",
    "&#58;", "javascript:", "data:text/html,", "//x", "https://x", "../", "%2e%2e/", "\\", "[[", "]]",
    "[[kpi:x|", "](", "![", "[^1]", "[^1]: ", "`", "```\n", "*", "**", "_", "$$", "|", "|-|\n", "> [!NOTE]\n",
    "- [x] ", "# ", "## x {#main}\n", "<details open>", "persona:", "#anchor", "period,value\n",
    "2026-Q3,", ",,", "1e400", "Host: ", "localhost", "127.0.0.1", "[::1]:8080", "?x=", "%", "%00",
];

/// How many changed texts there are of each: as many as the variable `PERSONARY_MUTATIONS` says, or
/// else these.
pub(crate) fn rounds(usual: usize) -> usize {
    let wanted = std::env::var("PERSONARY_MUTATIONS").ok();
    wanted.and_then(|n| n.parse().ok()).unwrap_or(usual)
}

/// These bytes with one change or a few; a piece of `other` may be among them.
pub(crate) fn mutated(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=dice.below(4) {
        let start = dice.below(out.len() + 1);
        let end = out.len().min(start + dice.below(16));
        let word = dice.of(WORDS).bytes();
        match dice.below(8) {
            0 => {
                if let Some(byte) = out.get_mut(start) {
                    *byte ^= 1 << dice.below(8);
                }
            }
            1 | 2 => drop(out.splice(start..start, word)),
            3 | 4 => drop(out.splice(start..end, word)),
            5 => {
                let piece = out[start..end].to_vec();
                let at = dice.below(out.len() + 1);
                out.splice(at..at, piece);
            }
            6 => {
                let from = dice.below(other.len() + 1);
                let to = other.len().min(from + dice.below(64));
                out.splice(start..end, other[from..to].iter().copied());
            }
            // The rest is that of another, or is not there.
            _ => {
                let from = dice.below(other.len() * 2 + 1).min(other.len());
                out.truncate(start);
                out.extend_from_slice(&other[from..]);
            }
        }
    }
    out
}

#[test]
fn mutations_are_the_same_in_every_run_and_hardly_ever_the_same_as_each_other() {
    let all = |seed| {
        let mut dice = Dice::new(seed);
        let all = (0..1_000).map(|_| mutated(b"name: Ann\n", b"- x\n", &mut dice));
        all.collect::<Vec<_>>()
    };
    assert_eq!(all(1), all(1));
    let mut different = all(1);
    different.sort_unstable();
    different.dedup();
    assert!(different.len() > 900, "{}", different.len());
}
