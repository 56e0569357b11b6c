//! Whose time it was (D§15.4): a bounced duty does not fall on the last hand.

use super::model::{Duty, Hold};
use crate::calendar::Calendar;
use crate::id::UnitCode;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// A span during which one unit held the duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Who and what for.
    pub hold: Hold,
    /// From.
    pub from: Instant,
    /// Until; the moment that asks, for the present holder.
    pub until: Instant,
    /// Minutes of the wall clock.
    pub natural_minutes: i64,
    /// Minutes of office hours.
    pub office_minutes: i64,
}

/// A unit's share of the duty's time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldShare {
    /// The unit.
    pub unit: UnitCode,
    /// Minutes of the wall clock.
    pub natural_minutes: i64,
    /// Minutes of office hours.
    pub office_minutes: i64,
    /// When, oldest first.
    pub spans: Vec<Span>,
}

impl Duty {
    /// Each unit's share of the time until `now`, in the order in which the units first held it.
    ///
    /// The shares add up exactly to the whole, in both measures: every span is the difference of two readings of one
    /// running count, so no minute is lost or counted twice by rounding. Between closing and reopening nobody holds it.
    pub fn held(&self, now: Instant, cal: &Calendar) -> Vec<HeldShare> {
        let origin = self.past.first().map_or(self.holder.from, |held| held.from);
        let natural = |at: Instant| at.since(origin).div_euclid(60_000_000);
        let office = |at: Instant| cal.office_minutes_between(origin, at);
        let mut shares: Vec<HeldShare> = Vec::new();
        for held in self.past.iter().chain([&self.holder]) {
            let until = held.until.unwrap_or(now).max(held.from);
            let span = Span {
                hold: held.hold.clone(),
                from: held.from,
                until,
                natural_minutes: natural(until) - natural(held.from),
                office_minutes: office(until) - office(held.from),
            };
            match shares.iter_mut().find(|share| share.unit == held.hold.unit) {
                Some(share) => {
                    share.natural_minutes += span.natural_minutes;
                    share.office_minutes += span.office_minutes;
                    share.spans.push(span);
                }
                None => shares.push(HeldShare {
                    unit: held.hold.unit.clone(),
                    natural_minutes: span.natural_minutes,
                    office_minutes: span.office_minutes,
                    spans: vec![span],
                }),
            }
        }
        shares
    }
}
