//! The few conversions between numbers that have no lossless form, each in one place; and the seeded dice.

/// A count as a real number. Counts here are below 2³², where this is exact.
pub(crate) fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// Halves the memory of vectors; seven digits are more than a weight of a fragment means.
#[expect(clippy::as_conversions, reason = "f64 to f32 has no From; rounding is wanted")]
pub(crate) fn narrow(x: f64) -> f32 {
    x as f32
}

/// Nearest 16-bit step; `as` saturates at the ends and maps NaN to zero.
#[expect(clippy::as_conversions, reason = "saturating rounding to a step is wanted")]
pub(super) fn step(x: f64) -> i16 {
    x.round() as i16
}

/// Whole part of a number that is not negative, such as an allotment.
#[expect(clippy::as_conversions, reason = "saturating truncation is wanted")]
pub(super) fn floor(x: f64) -> usize {
    x as usize
}

/// A small generator with a seed (splitmix64): the same order on every machine.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Starts at a seed.
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }
    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }
    /// A number below `bound` (0 when the bound is 0). The bias is below 2⁻³² for the bounds used here.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        self.next().checked_rem(bound).and_then(|r| usize::try_from(r).ok()).unwrap_or(0)
    }
    /// Puts a list in a random order.
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            let other = self.below(i + 1);
            list.swap(i, other);
        }
    }
}

/// Spreads the bits of a number: every bit of the input moves about half of the output.
pub(crate) fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}
