//! Ranks that admit what is not known (D§15(10), D§16.1 no. 8).
//!
//! A rank is a span of places. A unit is surely better than another when its interval lies wholly above the other's;
//! its best place is one more than the number of units surely better than it, its worst leaves behind it only those
//! surely worse. Units whose spans overlap are tied as far as anybody can tell. Lists are in the order of the lower
//! bound, so that three of three never stands above 950 of 1,000.

use super::Composite;
use crate::money::Decimal;
use serde::{Deserialize, Serialize};

/// The places that a unit may hold, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rank {
    /// The best place that its interval allows.
    pub best: usize,
    /// The worst.
    pub worst: usize,
}

impl Rank {
    /// Whether it shares its place with others inside the noise.
    pub const fn is_tied(self) -> bool {
        self.best != self.worst
    }
}

/// A unit in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked<K> {
    /// The unit, category or place.
    pub key: K,
    /// Its score.
    pub score: Composite,
    /// Its places.
    pub rank: Rank,
}

/// Ranks scores, best lower bound first; equal ones in the order of their keys. The order of the input does not matter.
pub fn ranks<K: Ord>(scores: Vec<(K, Composite)>) -> Vec<Ranked<K>> {
    let sorted = |pick: fn(&Composite) -> Decimal| {
        let mut out: Vec<Decimal> = scores.iter().map(|(_, score)| pick(score)).collect();
        out.sort_unstable();
        out
    };
    let (lows, highs) = (sorted(|s| s.low), sorted(|s| s.high));
    let place = |score: &Composite| Rank {
        best: 1 + lows.len() - lows.partition_point(|low| *low <= score.high),
        worst: highs.len() - highs.partition_point(|high| *high < score.low),
    };
    let mut list: Vec<Ranked<K>> = scores
        .into_iter()
        .map(|(key, score)| {
            let rank = place(&score);
            Ranked { key, score, rank }
        })
        .collect();
    list.sort_by(|a, b| {
        (b.score.low, b.score.value).cmp(&(a.score.low, a.score.value)).then_with(|| a.key.cmp(&b.key))
    });
    list
}
