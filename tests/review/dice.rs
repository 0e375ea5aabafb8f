//! Chance that can be repeated.

/// Numbers that look random and are the same in every run with the same seed (xorshift).
pub(crate) struct Dice(u64);

impl Dice {
    /// The same numbers for the same `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        // There is no way out of 0.
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("fits") % end.max(1)
    }

    /// One of all.
    pub(crate) fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}
