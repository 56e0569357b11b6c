//! Chance: one ChaCha stream for everything that is random in a simulated year, in whole numbers only.

use rand_chacha::ChaCha12Rng;
use rand_core::{Rng, SeedableRng};

/// The one source of chance of a run.
pub(crate) struct Dice(ChaCha12Rng);

impl Dice {
    /// The stream of a seed.
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(ChaCha12Rng::seed_from_u64(seed))
    }
    /// A number from 0 to `n - 1`; 0 when `n` is 0. The bias of the remainder is below 2⁻⁴⁰ for the sizes used here.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(0);
        if n == 0 { 0 } else { usize::try_from(self.0.next_u64() % n).unwrap_or(0) }
    }
    /// A number from `a` to `b`, both included.
    pub(crate) fn between(&mut self, a: i32, b: i32) -> i32 {
        let span = usize::try_from(b.saturating_sub(a)).unwrap_or(0) + 1;
        a.saturating_add(i32::try_from(self.below(span)).unwrap_or(0))
    }
    /// True `percent` times in a hundred.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < usize::try_from(percent).unwrap_or(0)
    }
    /// One of a list; none when it is empty.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let at = self.below(list.len());
        list.get(at)
    }
    /// One of a list of texts; an empty text when there is none.
    pub(crate) fn word<'a>(&mut self, list: &'a [String]) -> &'a str {
        self.pick(list).map_or("", String::as_str)
    }
}
