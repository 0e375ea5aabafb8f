//! Numbers that look like chance and are the same every time.

/// A row of numbers, the same for the same seed (`SplitMix64`).
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    /// A row for each seed; near seeds have rows that are nothing like each other.
    pub(super) fn new(seed: &[u64]) -> Self {
        let mut chance = Self(0);
        for part in seed {
            chance.0 = chance.next() ^ part;
        }
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        // The upper half is below 2³², so their product is below `end` · 2³².
        u32::try_from(((self.next() >> 32) * u64::from(end)) >> 32).unwrap_or(0)
    }

    /// A number from `first` to `last`.
    pub(super) fn between(&mut self, first: u32, last: u32) -> u32 {
        first + self.below(last - first + 1)
    }

    /// Whether something happens that does so `percent` times out of a hundred.
    pub(super) fn happens(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of some.
    pub(super) fn of<T: Copy, const N: usize>(&mut self, all: [T; N]) -> T {
        let end = u32::try_from(N).unwrap_or(u32::MAX);
        all[self.below(end) as usize]
    }

    /// Different numbers below `end`, in order; all of them if there are no more.
    pub(super) fn some(&mut self, wanted: u32, end: u32) -> Vec<u32> {
        let wanted = wanted.min(end) as usize;
        let mut found = Vec::with_capacity(wanted);
        while found.len() < wanted {
            let next = self.below(end);
            if let Err(at) = found.binary_search(&next) {
                found.insert(at, next);
            }
        }
        found
    }
}
