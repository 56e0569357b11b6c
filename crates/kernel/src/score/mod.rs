//! The arithmetic of rates and ranks: three rates with their uncertainty, ranks that admit ties, whistle scores
//! (D§4.27, D§B.2).
//!
//! Everything is exact integer arithmetic on [`Decimal`]: the same counts give the same figures on every machine.
//! Rates are in per cent.
//!
//! ```
//! use kernel::{money::Decimal, score::{Z95, wilson}};
//! // Three of three satisfied tells little; 950 of 1,000 tells much (D§4.27).
//! let text = |(low, high): (Decimal, Decimal)| format!("{}–{}", low.text(1), high.text(1));
//! assert_eq!(text(wilson(3, 3, Z95)), "43.8–100.0");
//! assert_eq!(text(wilson(950, 1000, Z95)), "93.5–96.2");
//! ```

mod rank;
#[cfg(test)]
mod tests;

pub use rank::{Rank, Ranked, ranks};

use crate::cases::{Grade, Solved};
use crate::id::Slug;
use crate::money::Decimal;
use crate::playbook::{CaseRules, ScoreItem, Weights};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::{Add, AddAssign};

/// 1.96: with it an interval covers the truth 95 times of 100.
pub const Z95: Decimal = Decimal::from_raw(19_600);

/// Most cases that an interval is reckoned for; more are taken as so many, whose interval is a point to four places.
const MOST: u64 = 1_000_000_000;

/// The Wilson interval of `successes` in `n`, in per cent; `z` is the number of standard deviations.
///
/// Nothing is known of no cases: 0 to 100.
pub fn wilson(successes: u64, n: u64, z: Decimal) -> (Decimal, Decimal) {
    let (successes, n) = if n > MOST { (scaled_down(successes, n), MOST) } else { (successes, n) };
    let points = i64::try_from(successes.min(n)).unwrap_or(i64::MAX);
    wilson_points(Decimal::whole(points), n, z)
}

fn scaled_down(successes: u64, n: u64) -> u64 {
    let part = u128::from(successes) * u128::from(MOST) / u128::from(n.max(1));
    u64::try_from(part).unwrap_or(MOST)
}

/// The Wilson interval where a case may count in part: `points` of `n`, in per cent.
///
/// It is the interval of the mean of marks between 0 and 1, which is never wider than that of yes and no.
pub fn wilson_points(points: Decimal, n: u64, z: Decimal) -> (Decimal, Decimal) {
    const E4: i128 = 10_000;
    const E12: i128 = 1_000_000_000_000;
    if n == 0 {
        return (Decimal::ZERO, Decimal::whole(100));
    }
    // Scales: s and n in 1e4, z in 1e4; root in 1e8; numerator and denominator in 1e8.
    let n = i128::from(n.min(MOST)) * E4;
    let s = i128::from(points.raw()).clamp(0, n);
    let z = i128::from(z.raw().clamp(0, 100 * Decimal::ONE));
    // z² + 4·s·(n−s)/n, in 1e16; 4·s·(n−s) is at most n², so that the product stays below 1e38.
    let inner = z * z * E4 * E4 + 4 * s * (n - s) * E12 / n;
    let root = inner.max(0).isqrt();
    let spread = z * root / E4;
    let centre = 2 * s * E4 + z * z;
    let whole = 2 * (n * E4 + z * z);
    let percent =
        |n: i128| Decimal::from_raw(i64::try_from(rounded(n * 100 * E4, whole)).unwrap_or_default());
    let (low, high) = (percent((centre - spread).max(0)), percent(centre + spread));
    (low, high.min(Decimal::whole(100)))
}

/// Division rounded half up; both are positive here.
fn rounded(n: i128, d: i128) -> i128 {
    (n + d / 2) / d.max(1)
}

/// What is counted of a unit (or a category, or a place) in a period: rated cases only, i.e. those whose call-back
/// closed in it. Counts of two parts add up to those of the whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Cases whose call-back closed (B of D§4.27).
    pub base: u64,
    /// Of these, contacted in time.
    pub in_time: u64,
    /// Of these, with a valid call-back, in a category and of a kind that counts: the base of the other two rates.
    pub valid: u64,
    /// Of the valid ones, solved.
    pub solved: u64,
    /// Of the valid ones, partly solved.
    pub partly: u64,
    /// The valid ones by grade.
    pub grades: BTreeMap<Grade, u64>,
}

impl Counts {
    /// The counts of one rated case. `answer` is what the petitioner said, when the call-back is valid and the case
    /// counts.
    pub fn one(in_time: bool, answer: Option<(Solved, Grade)>) -> Counts {
        let mut counts = Counts { base: 1, in_time: u64::from(in_time), ..Counts::default() };
        if let Some((solved, grade)) = answer {
            counts.valid = 1;
            counts.solved = u64::from(solved == Solved::Yes);
            counts.partly = u64::from(solved == Solved::Partly);
            counts.grades.insert(grade, 1);
        }
        counts
    }
}

impl AddAssign<&Counts> for Counts {
    fn add_assign(&mut self, other: &Counts) {
        let add = |a: &mut u64, b: u64| *a = a.saturating_add(b);
        add(&mut self.base, other.base);
        add(&mut self.in_time, other.in_time);
        add(&mut self.valid, other.valid);
        add(&mut self.solved, other.solved);
        add(&mut self.partly, other.partly);
        for (grade, n) in &other.grades {
            add(self.grades.entry(*grade).or_default(), *n);
        }
    }
}
impl Add<&Counts> for &Counts {
    type Output = Counts;
    fn add(self, other: &Counts) -> Counts {
        let mut sum = self.clone();
        sum += other;
        sum
    }
}

/// Counts kept apart by whether the case was excluded, so that every rate can be shown with and without exclusions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// What counts.
    pub counted: Counts,
    /// What was excluded by a decision.
    pub excluded: Counts,
}

impl Tally {
    /// The rates that are assessed: without the excluded cases.
    pub fn rates(&self, rules: &CaseRules) -> Rates {
        rates(&self.counted, rules)
    }
    /// The rates as if nothing had been excluded.
    pub fn rates_of_all(&self, rules: &CaseRules) -> Rates {
        rates(&(&self.counted + &self.excluded), rules)
    }
}

/// One rate with everything that a page shows of it: numerator, denominator, value, 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// Numerator; a case may count in part.
    pub points: Decimal,
    /// Denominator.
    pub of: u64,
    /// Value in per cent.
    pub percent: Decimal,
    /// Low end of the interval in per cent.
    pub low: Decimal,
    /// High end.
    pub high: Decimal,
}

impl Rate {
    /// `points` of `of`; `None` when there is nothing to count.
    pub fn new(points: Decimal, of: u64) -> Option<Rate> {
        let whole = i64::try_from(of).ok().filter(|n| *n > 0)?;
        let raw = rounded(i128::from(points.raw().max(0)) * 100, i128::from(whole));
        let percent = Decimal::from_raw(i64::try_from(raw).ok()?);
        let (low, high) = wilson_points(points, of, Z95);
        Some(Rate { points, of, percent, low, high })
    }
}

/// The three rates and their composite; a rate without cases is absent, and the composite with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// 响应率: contacted in time of all.
    pub response: Option<Rate>,
    /// 解决率.
    pub solved: Option<Rate>,
    /// 满意率.
    pub satisfied: Option<Rate>,
    /// 综合得分, with the composite of the three low ends and of the three high ends: wider than it need be, and
    /// therefore safe to rank by.
    pub composite: Option<Composite>,
}

/// The composite with its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composite {
    /// The value.
    pub value: Decimal,
    /// What it would be at the low ends of the three rates.
    pub low: Decimal,
    /// What it would be at the high ends.
    pub high: Decimal,
}

/// The three rates of `counts` under the district's weights and marks (D§4.27).
pub fn rates(counts: &Counts, rules: &CaseRules) -> Rates {
    let times = |n: u64, mark: Decimal| {
        Decimal::from_raw(mark.raw().saturating_mul(i64::try_from(n).unwrap_or(i64::MAX)))
    };
    let one = Decimal::whole(1);
    let response = Rate::new(times(counts.in_time, one), counts.base);
    let solved = times(counts.solved, one) + times(counts.partly, rules.partly);
    let mark = |grade: &Grade| rules.grades.get(grade).copied().unwrap_or_default();
    let satisfied = counts.grades.iter().map(|(grade, n)| times(*n, mark(grade))).sum();
    let solved = Rate::new(solved, counts.valid);
    let satisfied = Rate::new(satisfied, counts.valid);
    let composite = match (&response, &solved, &satisfied) {
        (Some(r), Some(s), Some(m)) => Some(Composite {
            value: composite(r.percent, s.percent, m.percent, &rules.weights),
            low: composite(r.low, s.low, m.low, &rules.weights),
            high: composite(r.high, s.high, m.high, &rules.weights),
        }),
        _ => None,
    };
    Rates { response, solved, satisfied, composite }
}

/// The weighted mean of three rates in per cent; weights are in per cent and add up to 100.
pub fn composite(response: Decimal, solved: Decimal, satisfied: Decimal, weights: &Weights) -> Decimal {
    let part = |rate: Decimal, weight: Decimal| i128::from(rate.raw()) * i128::from(weight.raw());
    let sum =
        part(response, weights.response) + part(solved, weights.solved) + part(satisfied, weights.satisfied);
    let raw = rounded(sum.max(0), 100 * i128::from(Decimal::ONE));
    Decimal::from_raw(i64::try_from(raw).unwrap_or(i64::MAX))
}

/// Points of a score sheet (D§B.2): each item's full points times the mark given for it, 0 to 1. An item without a mark
/// gets nothing: what nobody judged cannot raise a score.
pub fn sheet(items: &[ScoreItem], marks: &BTreeMap<Slug, Decimal>) -> Decimal {
    let one = Decimal::whole(1);
    let mark =
        |item: &ScoreItem| marks.get(&item.code).copied().unwrap_or_default().clamp(Decimal::ZERO, one);
    items.iter().map(|item| item.points.times(mark(item))).sum()
}
