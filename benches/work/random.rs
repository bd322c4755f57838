//! Choices that are the same in every run.

/// A generator (`SplitMix64`). The choices for one seed do not depend on those for another.
pub struct Random(u64);

impl Random {
    /// The generator for `seed`.
    pub fn new(seed: usize) -> Self {
        Self(seed as u64)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    /// Whether something happens that does so in `percent` of all cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `all`.
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// Those of `all` that happen to be taken, in their order, and the first if none would be.
    pub fn some_of<T: Copy>(&mut self, all: &[T]) -> Vec<T> {
        let mut taken: Vec<T> = all.iter().copied().filter(|_| self.chance(50)).collect();
        if taken.is_empty() {
            taken.push(all[0]);
        }
        taken
    }
}
