//! What is compared of a text, and how rare each fragment is.

use super::{Item, Place};
use crate::learn::{count, mix, narrow, plain};
use std::collections::HashMap;

/// A request prepared for comparison: neighbouring pairs of characters and single characters with their weights, ascending, without
/// those of the address and without function words.
#[derive(Debug, Clone)]
pub(super) struct Print {
    /// Pairs: 油烟 and 烟直. They tell matters apart.
    pub pairs: Grams,
    /// Single characters: people say 没法睡觉 and 睡不了觉.
    pub singles: Grams,
    pub place: Place,
}

/// Hash and weight of each fragment, ascending by hash.
pub(super) type Grams = Vec<(u32, f32)>;

/// Characters of a text that are read.
const MOST: usize = 1_000;
/// Characters that hold sentences together and name no matter.
const EMPTY: &str = "的了是在有没不也都很就还被让和与及请我们你他她它这那一个到得着过去来上下里后前太能会要对把给从为什么吗呢吧等又";
/// Weight of a single character against a pair.
const SINGLE: f64 = 0.6;

impl Print {
    pub(super) fn of(item: &Item) -> Print {
        let named = Place::parse(&item.place);
        let place = if named.is_empty() { Place::from_text(&item.text) } else { named };
        let text: Vec<char> = plain(&item.text).chars().take(MOST).collect();
        let address: Vec<char> = place.plain().chars().collect();
        Print {
            pairs: only(pairs(&text), pairs(&address)),
            singles: only(singles(&text), singles(&address)),
            place,
        }
    }

    /// What two texts share, 0 to 1: the mean of the shared weight against both and against the shorter. A long letter and a
    /// short call about the same thing share much of the call and little of the letter.
    pub(super) fn text(&self, other: &Print) -> f64 {
        let sum = |grams: &Grams| grams.iter().map(|(_, w)| f64::from(*w)).sum::<f64>();
        let whole = |print: &Print| sum(&print.pairs) + SINGLE * sum(&print.singles);
        let (mine, yours) = (whole(self), whole(other));
        let both = shared(&self.pairs, &other.pairs) + SINGLE * shared(&self.singles, &other.singles);
        let (all, less) = (mine + yours - both, mine.min(yours));
        if less > 0.0 { f64::midpoint(both / all, both / less) } else { 0.0 }
    }
}

fn shared(left: &Grams, right: &Grams) -> f64 {
    let mut sum = 0.0;
    let mut right = right.iter().peekable();
    for (hash, weight) in left {
        while right.next_if(|(h, _)| h < hash).is_some() {}
        if right.next_if(|(h, _)| h == hash).is_some() {
            sum += f64::from(*weight);
        }
    }
    sum
}

/// Each once, without what the address has.
fn only(mut own: Vec<u32>, mut address: Vec<u32>) -> Grams {
    address.sort_unstable();
    own.sort_unstable();
    own.dedup();
    own.retain(|hash| address.binary_search(hash).is_err());
    own.into_iter().map(|hash| (hash, 1.0)).collect()
}

fn pairs(text: &[char]) -> Vec<u32> {
    let pair = |[a, b]: &[char; 2]| {
        let says = *a != ' ' && *b != ' ' && !(EMPTY.contains(*a) && EMPTY.contains(*b));
        says.then(|| hash((u64::from(u32::from(*a)) << 32) | u64::from(u32::from(*b))))
    };
    text.array_windows().filter_map(pair).collect()
}

fn singles(text: &[char]) -> Vec<u32> {
    let says = |c: &&char| **c != ' ' && !EMPTY.contains(**c);
    text.iter().filter(says).map(|c| hash(u64::from(u32::from(*c)))).collect()
}

fn hash(key: u64) -> u32 {
    u32::try_from(mix(key) >> 32).unwrap_or_default()
}

/// Weighs every fragment by how few of the requests have it: 请求处理 says nothing, 烧烤 does.
pub(super) fn weigh(prints: &mut [Print]) {
    weigh_one(prints, |print| &mut print.pairs);
    weigh_one(prints, |print| &mut print.singles);
}

fn weigh_one(prints: &mut [Print], list: impl Fn(&mut Print) -> &mut Grams) {
    let mut seen: HashMap<u32, u32> = HashMap::new();
    for (hash, _) in prints.iter_mut().flat_map(|p| list(p).iter()) {
        *seen.entry(*hash).or_insert(0) += 1;
    }
    let n = count(prints.len());
    // With few requests nothing is known about rarity, and what two of three share is exactly what is looked for.
    let least = (n / 50.0).max(3.0);
    for (hash, weight) in prints.iter_mut().flat_map(|p| list(p).iter_mut()) {
        let have = f64::from(seen.get(hash).copied().unwrap_or(1)).max(least);
        *weight = narrow((1.0 + n / have).ln());
    }
}
