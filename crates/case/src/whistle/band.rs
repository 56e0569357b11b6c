//! Too low, usual, too high (D§15.17, S12): a street that never whistles leaves its means unused, one that whistles all the
//! time has a broken routine and wears departments out. The band is a measure to look into, never a rank or a reward.

use super::vocab::Level;
use kernel::UnitCode;
use kernel::money::Decimal;
use kernel::playbook::Band;
use std::collections::BTreeMap;

/// What a level was judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Whistles a month and 10,000 residents, against the playbook's band.
    Residents {
        /// The street's rate.
        rate: Decimal,
        /// The band.
        band: Band,
    },
    /// Whistles a month, against the middle half of all streets: no number of residents is known.
    Quartiles {
        /// First quartile of the streets.
        low: Decimal,
        /// Third quartile.
        high: Decimal,
    },
}

/// One street's measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// The street.
    pub street: UnitCode,
    /// Whistles in the month.
    pub n: u32,
    /// The level.
    pub level: Level,
    /// What it was judged by.
    pub basis: Basis,
}

/// Fewest streets of which quartiles say anything.
const FEWEST: usize = 4;

/// The measures of all streets in one month, in the order of their codes: never sorted by number.
///
/// `counts` holds every street, those without a whistle too. With a number of residents the playbook's band decides;
/// without one the middle half of the streets does: below the first quartile is low, above the third is high. Fewer than
/// four streets, or a month in which half of them did not whistle, say nothing.
pub fn measures(
    counts: &BTreeMap<UnitCode, u32>,
    residents: &BTreeMap<UnitCode, u32>,
    band: Band,
) -> Vec<Measure> {
    let mut sorted: Vec<u32> = counts.values().copied().collect();
    sorted.sort_unstable();
    let (low, high) = (quartile(&sorted, 1), quartile(&sorted, 3));
    let speaks = sorted.len() >= FEWEST && quartile(&sorted, 2) > Decimal::ZERO;
    counts
        .iter()
        .map(|(street, n)| {
            let rate = residents
                .get(street)
                .and_then(|all| Decimal::ratio(i64::from(*n).checked_mul(10_000)?, i64::from(*all)));
            let (level, basis) = match rate {
                Some(rate) => (level(rate, band.low, band.high), Basis::Residents { rate, band }),
                None if speaks => {
                    (level(Decimal::whole(i64::from(*n)), low, high), Basis::Quartiles { low, high })
                }
                None => (Level::Unknown, Basis::Quartiles { low, high }),
            };
            Measure { street: street.clone(), n: *n, level, basis }
        })
        .collect()
}

fn level(value: Decimal, low: Decimal, high: Decimal) -> Level {
    if value < low {
        Level::Low
    } else if value > high {
        Level::High
    } else {
        Level::Usual
    }
}

/// The `q`-th quartile of sorted numbers, between neighbours where it falls between them.
fn quartile(sorted: &[u32], q: i64) -> Decimal {
    let Some(last) = sorted.len().checked_sub(1).and_then(|n| i64::try_from(n).ok()) else {
        return Decimal::ZERO;
    };
    let at = |i: i64| usize::try_from(i).ok().and_then(|i| sorted.get(i)).copied().unwrap_or(0);
    let (whole, rest) = (last * q / 4, last * q % 4);
    let (below, above) = (i64::from(at(whole)), i64::from(at((whole + 1).min(last))));
    Decimal::from_raw(below * Decimal::ONE + (above - below) * rest * Decimal::ONE / 4)
}
