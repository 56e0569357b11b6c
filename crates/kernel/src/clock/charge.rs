//! Who was charged for how much of a limit's time.

use super::limit::Unit;
use super::reckon::{Gap, excluded_days};
use super::running::Clock;
use super::state::{LimitState, Tally};
use crate::calendar::Calendar;
use crate::id::Slug;
use crate::time::Instant;

impl Clock {
    /// How the time of the limit called `name` was charged up to `now`, its stop, or the freeze. `None` while it
    /// waits.
    pub fn tally(&self, name: &Slug, now: Instant, cal: &Calendar) -> Option<Tally> {
        let limit = self.limits().iter().find(|limit| limit.name == *name)?;
        let started = limit.run()?.started?;
        let mut end = self.frozen_at().map_or(now, |frozen| frozen.min(now));
        if let LimitState::Stopped { at, .. } = &limit.state {
            end = end.min(*at);
        }
        let end = end.max(started);
        let gaps: Vec<Gap> = self
            .gaps(end)
            .into_iter()
            .map(|(a, b)| (a.max(started), b.min(end)))
            .filter(|(a, b)| a < b)
            .collect();
        let minutes = |micros: i64| micros / 60_000_000;
        let days = |unit| {
            let out = excluded_days(started.day(), end.day(), unit, &gaps, cal);
            i64::try_from(out.len()).unwrap_or_default()
        };
        let (total, paused) = match limit.limit.unit {
            Unit::Minutes | Unit::Hours => {
                (minutes(end.since(started)), minutes(gaps.iter().map(|(a, b)| b.since(*a)).sum()))
            }
            Unit::OfficeHours => (
                cal.office_minutes_between(started, end),
                minutes(gaps.iter().map(|(a, b)| cal.office_micros_between(*a, *b)).sum()),
            ),
            Unit::WorkDays => {
                (i64::from(cal.workdays_between(started.day(), end.day())), days(Unit::WorkDays))
            }
            Unit::Days | Unit::Months => {
                (i64::from(end.day().number() - started.day().number()), days(Unit::Days))
            }
        };
        Some(Tally { unit: limit.limit.unit, elapsed: total - paused, paused, total })
    }
}
