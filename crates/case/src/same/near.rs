//! Which pairs are worth comparing: among 100,000 requests there are five thousand million.
//!
//! Two requests meet when they share the end of a place's name, a contact, or one of twelve bands of a MinHash signature (three of 36 smallest
//! hashes agree: nine in ten pairs that share half of their fragments meet, one in eighty of those that share a tenth). Inside a meeting place requests
//! stand in the order of time, and each looks at the next few only.

use super::Item;
use super::print::Print;
use crate::learn::mix;
use std::collections::HashMap;

const BANDS: usize = 12;
const ROWS: usize = 3;
/// How many later requests of one meeting place each request looks at.
const NEXT: usize = 40;

/// Pairs (earlier, later) as positions in `order`, without repetition, ascending.
pub(super) fn pairs(
    items: &[Item],
    prints: &[Print],
    order: &[usize],
    window: Option<u32>,
) -> Vec<(u32, u32)> {
    let mut meet: HashMap<u64, Vec<u32>> = HashMap::new();
    for (place, at) in (0_u32..).zip(order) {
        let (Some(item), Some(print)) = (items.get(*at), prints.get(*at)) else {
            continue;
        };
        for key in keys(item, print) {
            meet.entry(key).or_default().push(place);
        }
    }
    let time = |place: u32| {
        let at = usize::try_from(place).ok().and_then(|p| order.get(p));
        at.and_then(|at| items.get(*at)).and_then(|item| item.at)
    };
    let close = |a: u32, b: u32| match (time(a), time(b), window) {
        (Some(a), Some(b), Some(days)) => b.since(a) <= (i64::from(days) + 1) * 86_400_000_000,
        _ => true,
    };
    let mut out: Vec<(u32, u32)> = Vec::new();
    for list in meet.values() {
        for (n, a) in list.iter().enumerate() {
            let later = list.iter().skip(n + 1).take(NEXT);
            out.extend(later.take_while(|b| close(*a, **b)).map(|b| (*a, *b)));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn keys(item: &Item, print: &Print) -> Vec<u64> {
    let mut out: Vec<u64> = print.place.keys().map(|name| text_key(1, name.as_bytes())).collect();
    if let Some(contact) = &item.contact {
        out.push(text_key(2, contact));
    }
    if !print.pairs.is_empty() {
        for (band, number) in (3_u64..).zip(0..BANDS) {
            let first = u64::try_from(number * ROWS).unwrap_or(0);
            let low = (first..).take(ROWS).map(|seed| least(print, mix(seed + 1)));
            out.push(low.fold(mix(band), |state, low| mix(state ^ low)));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn least(print: &Print, seed: u64) -> u64 {
    print.pairs.iter().map(|(hash, _)| mix(u64::from(*hash) ^ seed)).min().unwrap_or(0)
}

fn text_key(kind: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(mix(kind), |state, byte| mix(state ^ u64::from(*byte)))
}
