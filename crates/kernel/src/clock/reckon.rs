//! The due moment as a pure function of start, limit, pauses and calendar.

use super::limit::{Counting, DayEnd, Limit, Roll, Unit};
use super::story::tell;
use super::wording::{moment_en, moment_zh};
use crate::calendar::Calendar;
use crate::text::Words;
use crate::time::{Day, Instant};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// When something is due and how that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The last moment at which it is met.
    pub at: Instant,
    /// Whether a notice that is not out yet may move it (D§7.1).
    pub provisional: bool,
    /// The reckoning, one sentence each.
    pub steps: Vec<Words>,
}

/// When `limit` ends if it starts at `start`, with the default counting: until office close, not rolled on.
pub fn due(start: Instant, limit: Limit, cal: &Calendar) -> Due {
    due_with(start, limit, Counting::default(), cal)
}

/// The moment alone, for whoever needs it thousands of times and explains it never.
pub fn due_at(start: Instant, limit: Limit, cal: &Calendar) -> Instant {
    reckon(&Goal::Count { limit, from: start }, limit.unit, Counting::default(), &[], cal).at
}

/// Like [`due`], for a rule that counts its last day in its own way.
pub fn due_with(start: Instant, limit: Limit, counting: Counting, cal: &Calendar) -> Due {
    let goal = Goal::Count { limit, from: start };
    let found = reckon(&goal, limit.unit, counting, &[], cal);
    let base = Some(start.day().year());
    let opening =
        Words::new(format!("{}起", moment_zh(start, base)), format!("From {}", moment_en(start, base)));
    let steps = tell(&opening, start, limit, counting, &found, cal);
    Due { at: found.at, provisional: found.provisional, steps }
}

/// What a running limit aims at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Goal {
    /// A length of time after a moment.
    Count { limit: Limit, from: Instant },
    /// A day that was set, by plan or by extension; only pauses that begin at or after `since` move it.
    Until { day: Day, since: Option<Instant> },
}

/// A reckoned due moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) at: Instant,
    pub(super) provisional: bool,
    /// The last day before rolling, when rolling moved it.
    pub(super) rolled_from: Option<Day>,
    /// Days that pauses took out, in a limit that counts days.
    pub(super) excluded: u32,
    /// The days taken out.
    pub(super) out: BTreeSet<Day>,
}

/// A stretch of excluded time.
pub(super) type Gap = (Instant, Instant);

/// Reckons a goal. `gaps` are ordered and do not overlap.
pub(super) fn reckon(goal: &Goal, unit: Unit, counting: Counting, gaps: &[Gap], cal: &Calendar) -> Found {
    match *goal {
        Goal::Count { limit: Limit { n, unit: unit @ (Unit::Minutes | Unit::Hours) }, from } => {
            let one = if unit == Unit::Minutes { HOUR / 60 } else { HOUR };
            let at = from.plus_micros(i64::from(n).saturating_mul(one));
            let at = later_of(gaps, from)
                .fold(at, |at, (a, b)| if a <= at { at.plus_micros(b.since(a)) } else { at });
            Found { at, provisional: false, rolled_from: None, excluded: 0, out: BTreeSet::new() }
        }
        Goal::Count { limit: Limit { n, unit: Unit::OfficeHours }, from } => {
            let mut length = i64::from(n).saturating_mul(HOUR);
            let mut at = cal.add_office_micros(from, length);
            for (a, b) in later_of(gaps, from) {
                if a <= at {
                    length = length.saturating_add(cal.office_micros_between(a, b));
                    at = cal.add_office_micros(from, length);
                }
            }
            let provisional = cal.is_provisional(at.day());
            Found { at, provisional, rolled_from: None, excluded: 0, out: BTreeSet::new() }
        }
        Goal::Count { limit, from } => {
            let start = from.day();
            let days = DayCount { after: start, unit: limit.unit, gaps, cal };
            let advance = |extra: u32| match limit.unit {
                Unit::WorkDays => cal.add_workdays(start, limit.n.saturating_add(extra)),
                Unit::Months => start.plus_months(whole(limit.n)).plus(whole(extra)),
                _ => start.plus(whole(limit.n.saturating_add(extra))),
            };
            let mut found = days.finish(advance, counting);
            if found.at <= from {
                // "The same day", started after the office closed: the rest of that day remains.
                found.at = midnight(start);
            }
            found
        }
        Goal::Until { day, since } => {
            let unit =
                if matches!(unit, Unit::WorkDays | Unit::OfficeHours) { Unit::WorkDays } else { Unit::Days };
            let own: Vec<Gap> = gaps.iter().copied().filter(|(a, _)| since.is_none_or(|s| s <= *a)).collect();
            let after = own.first().map_or(day, |(a, _)| a.day().plus(-1));
            let days = DayCount { after, unit, gaps: &own, cal };
            let advance = |extra: u32| match unit {
                _ if extra == 0 => day,
                Unit::WorkDays => cal.add_workdays(day, extra),
                _ => day.plus(whole(extra)),
            };
            let mut found = days.finish(advance, counting);
            found.provisional &= found.excluded > 0 || counting.roll == Roll::NextWorkday;
            found
        }
    }
}

/// The parts of the gaps that lie after `from`.
fn later_of(gaps: &[Gap], from: Instant) -> impl Iterator<Item = Gap> + '_ {
    gaps.iter().map(move |(a, b)| ((*a).max(from), *b)).filter(|(a, b)| a < b)
}

fn whole(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn midnight(day: Day) -> Instant {
    day.plus(1).start().plus_seconds(-1)
}

struct DayCount<'a> {
    /// Days after this one count.
    after: Day,
    unit: Unit,
    gaps: &'a [Gap],
    cal: &'a Calendar,
}

impl DayCount<'_> {
    /// Finds the last day: every day that a pause takes out pushes it on, which may reach into the next pause.
    fn finish(&self, advance: impl Fn(u32) -> Day, counting: Counting) -> Found {
        let mut extra = 0;
        let mut interrupted = BTreeSet::new();
        let (last, rolled, at, out) = loop {
            let last = advance(extra);
            let mut out = excluded_days(self.after, last, self.unit, self.gaps, self.cal);
            out.extend(&interrupted);
            let n = u32::try_from(out.len()).unwrap_or(u32::MAX);
            if n > extra {
                extra = n;
                continue;
            }
            let rolled = match counting.roll {
                Roll::NextWorkday => self.cal.next_workday(last),
                Roll::None => last,
            };
            let at = match counting.day_end {
                DayEnd::OfficeClose => self.cal.office(rolled).closes(rolled),
                DayEnd::Midnight => midnight(rolled),
            };
            // Nothing falls due while the clock stands: a last day cut short is finished on the day of resuming.
            if !self.gaps.iter().any(|(a, b)| *a <= at && at < *b) || last == advance(extra.saturating_add(1))
            {
                break (last, rolled, at, out);
            }
            interrupted.insert(last);
        };
        // Calendar days that are not rolled on do not depend on any notice.
        let depends = self.unit == Unit::WorkDays || counting.roll == Roll::NextWorkday;
        let provisional = depends && (self.cal.is_provisional(last) || self.cal.is_provisional(rolled));
        Found { at, provisional, rolled_from: (rolled != last).then_some(last), excluded: extra, out }
    }
}

/// The days after `after` up to and including `upto` that pauses take out. A day is taken out when it was paused for
/// half or more of its time: office time for working days, 24 hours for calendar days. Shorter pauses do not buy a
/// day, and a pause that begins in the morning or ends in the afternoon does not lose one. (Counting the days that
/// were paused at office close was tried: submitting each evening and being sent back each morning stopped the clock.)
pub(super) fn excluded_days(
    after: Day,
    upto: Day,
    unit: Unit,
    gaps: &[Gap],
    cal: &Calendar,
) -> BTreeSet<Day> {
    let mut out = BTreeSet::new();
    for (a, b) in gaps {
        let first = a.day().max(after.plus(1)).number();
        let last = b.day().min(upto).number();
        for n in first..=last {
            let day = Day::from_number(n);
            if out.contains(&day) || (unit == Unit::WorkDays && !cal.is_workday(day)) {
                continue;
            }
            let (opens, ends) = (day.start(), day.plus(1).start());
            let within = gaps.iter().map(|(a, b)| ((*a).max(opens), (*b).min(ends))).filter(|(a, b)| a < b);
            let (paused, full): (i64, i64) = if unit == Unit::WorkDays {
                let office = i64::from(cal.office(day).minutes()) * HOUR / 60;
                (within.map(|(a, b)| cal.office_micros_between(a, b)).sum(), office)
            } else {
                (within.map(|(a, b)| b.since(a)).sum(), DAY)
            };
            if paused > 0 && paused * 2 >= full {
                out.insert(day);
            }
        }
    }
    out
}
