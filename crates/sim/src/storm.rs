//! A night of storm, after scenario 1 of D§16.1: an example, not a report of any real night.
//!
//! The rain comes on a Saturday evening, so that it meets thin offices. Calls swell within the hour and fall off towards
//! midnight; two low places take most of them.

use crate::dice::Dice;
use kernel::Day;

/// Month and day of the night.
const NIGHT: (i8, i8) = (8, 3);
/// Calls of an ordinary run.
const CALLS: i32 = 90;
/// From and to, in minutes of the day.
const RAIN: (i32, i32) = (1_120, 1_425);

/// Whether it rains on the evening of this day.
pub(crate) fn is_night(day: Day) -> bool {
    (day.month(), day.day()) == NIGHT
}

/// The minute of each call, with the number of the low place that it is about, if it is.
pub(crate) fn calls(dice: &mut Dice, percent: i32) -> Vec<(i32, Option<usize>)> {
    let n = CALLS.saturating_mul(percent) / 100;
    let mut out = Vec::new();
    for _ in 0..n {
        // The earlier of two throws: more calls at the beginning.
        let minute = dice.between(RAIN.0, RAIN.1).min(dice.between(RAIN.0, RAIN.1));
        let low = dice.chance(55).then(|| if dice.chance(60) { 3 } else { 11 });
        out.push((minute, low));
    }
    out
}
