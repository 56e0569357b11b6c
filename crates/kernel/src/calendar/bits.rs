//! One bit per day with running counts: constant-time look-up, logarithmic search. Days outside the stored span
//! follow the weekday rule by arithmetic, so there is no first or last day that breaks.

use std::collections::BTreeMap;

/// Day numbers are clamped like [`crate::Day::from_number`] clamps them.
const LIMIT: i32 = 2_900_000;

#[derive(Debug, Default)]
pub(super) struct Bits {
    /// Number of the first stored day.
    base: i32,
    /// One past the last stored day.
    end: i32,
    words: Vec<u64>,
    /// Working days in all words before this one.
    before: Vec<i64>,
    total: i64,
}

/// Monday to Friday? Day 0 (1970-01-01) was a Thursday.
fn plain(n: i32) -> bool {
    (n + 3).rem_euclid(7) < 5
}

/// Weekdays up to and including day `n`, counted from a fixed Monday; negative before it.
fn plain_count(n: i32) -> i64 {
    let shifted = i64::from(n) + 3;
    shifted.div_euclid(7) * 5 + (shifted.rem_euclid(7) + 1).min(5)
}

impl Bits {
    /// From the days on which work differs from, or merely confirms, the weekday rule.
    pub(super) fn build(exceptions: impl Iterator<Item = (i32, bool)>) -> Bits {
        let map: BTreeMap<i32, bool> = exceptions.collect();
        let (Some((&first, _)), Some((&last, _))) = (map.first_key_value(), map.last_key_value()) else {
            return Bits::default();
        };
        let (base, end) = (first, last + 1);
        let mut bits = Bits { base, end, ..Bits::default() };
        let mut word = 0_u64;
        for n in base..end {
            let bit = (n - base) % 64;
            if map.get(&n).copied().unwrap_or_else(|| plain(n)) {
                word |= 1 << bit;
            }
            if bit == 63 || n == end - 1 {
                bits.words.push(word);
                bits.before.push(bits.total);
                bits.total += i64::from(word.count_ones());
                word = 0;
            }
        }
        bits
    }

    /// Index of the word and bit of a stored day.
    fn place(&self, n: i32) -> Option<(usize, u32)> {
        let offset = u32::try_from(n.checked_sub(self.base)?).ok().filter(|_| n < self.end)?;
        Some((usize::try_from(offset / 64).ok()?, offset % 64))
    }

    pub(super) fn works(&self, n: i32) -> bool {
        match self.place(n).and_then(|(w, bit)| Some((self.words.get(w)?, bit))) {
            Some((word, bit)) => word >> bit & 1 == 1,
            None => plain(n),
        }
    }

    /// Working days up to and including `n`, counted from a fixed day; only differences mean anything.
    pub(super) fn count(&self, n: i32) -> i64 {
        let stored = self.place(n).and_then(|(w, bit)| Some((self.words.get(w)?, self.before.get(w)?, bit)));
        let head = plain_count(self.base - 1);
        match stored {
            Some((word, before, bit)) => {
                head + before + i64::from((word & (u64::MAX >> (63 - bit))).count_ones())
            }
            None if n < self.base => plain_count(n),
            None => head + self.total + plain_count(n) - plain_count(self.end - 1),
        }
    }

    /// The smallest day at or after `from` whose count reaches `target`.
    pub(super) fn first_with(&self, target: i64, from: i32) -> i32 {
        let mut step = 8_i32;
        let mut hi = from;
        while self.count(hi) < target && hi < LIMIT {
            hi = hi.saturating_add(step).min(LIMIT);
            step = step.saturating_mul(2);
        }
        self.search(target, from, hi)
    }

    /// The smallest day whose count reaches `target`, looked for backwards from `from`.
    pub(super) fn last_with(&self, target: i64, from: i32) -> i32 {
        let mut step = 8_i32;
        let mut lo = from;
        while self.count(lo) >= target && lo > -LIMIT {
            lo = lo.saturating_sub(step).max(-LIMIT);
            step = step.saturating_mul(2);
        }
        self.search(target, lo, from)
    }

    fn search(&self, target: i64, mut lo: i32, mut hi: i32) -> i32 {
        while lo < hi {
            let mid = lo + (hi - lo) / 2;
            if self.count(mid) >= target { hi = mid } else { lo = mid + 1 }
        }
        lo
    }
}
