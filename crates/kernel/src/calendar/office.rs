//! Office hours and the clock that runs only in them (D§7.1, D§7.2).

use super::Calendar;
use crate::refusal::Malformed;
use crate::text::Words;
use crate::time::{Day, Instant};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

const MINUTE: i64 = 60_000_000;

/// The hours of one working day: one or more spans, such as `09:00-12:00,13:00-17:00`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OfficeHours {
    /// Start and end in minutes after midnight, ordered, not touching.
    spans: Arc<[(u16, u16)]>,
}

impl Default for OfficeHours {
    /// 09:00–12:00 and 13:00–17:00, common in Kunming (D§7.1).
    fn default() -> Self {
        OfficeHours { spans: Arc::new([(540, 720), (780, 1020)]) }
    }
}

impl OfficeHours {
    /// Parses `09:00-12:00,13:00-18:00`.
    ///
    /// # Errors
    /// When a span is not `HH:MM-HH:MM`, is empty, or does not lie after the one before it.
    pub fn parse(field: &str, given: &str) -> Result<OfficeHours, Malformed> {
        let minute = |text: &str| {
            let (h, m) = text.trim().split_once(':')?;
            let (h, m) = (h.parse::<u16>().ok()?, m.parse::<u16>().ok()?);
            (h < 24 && m < 60).then_some(h * 60 + m)
        };
        let span = |text: &str| {
            let (a, b) = text.split_once(['-', '–'])?;
            Some((minute(a)?, minute(b)?))
        };
        let spans: Option<Vec<(u16, u16)>> = given.split(',').map(span).collect();
        let mut last = None;
        let ordered = |spans: &Vec<(u16, u16)>| {
            !spans.is_empty()
                && spans.iter().all(|(a, b)| a < b && last.replace(*b).is_none_or(|end| end < *a))
        };
        match spans.filter(ordered) {
            Some(spans) => Ok(OfficeHours { spans: spans.into() }),
            None => Err(Malformed::new(
                "office.malformed",
                field,
                given,
                Words::new("办公时间格式不正确", "These are not office hours"),
                Words::new("请写成09:00-12:00,13:00-17:00", "Write them as 09:00-12:00,13:00-17:00"),
            )),
        }
    }
    /// Minutes of work in a day.
    pub fn minutes(&self) -> u32 {
        self.spans.iter().map(|(a, b)| u32::from(b - a)).sum()
    }
    /// When the office opens on `day`.
    pub fn opens(&self, day: Day) -> Instant {
        at(day, self.spans.first().map_or(0, |span| span.0))
    }
    /// When the office closes on `day`.
    pub fn closes(&self, day: Day) -> Instant {
        at(day, self.spans.last().map_or(0, |span| span.1))
    }
    /// The spans of `day` as moments.
    pub fn on(&self, day: Day) -> impl DoubleEndedIterator<Item = (Instant, Instant)> + '_ {
        self.spans.iter().map(move |(a, b)| (at(day, *a), at(day, *b)))
    }
    fn micros(&self) -> i64 {
        i64::from(self.minutes()) * MINUTE
    }
    /// Office time of `day` between two moments, were it worked.
    fn overlap(&self, day: Day, from: Instant, to: Instant) -> i64 {
        self.on(day).map(|(a, b)| b.min(to).since(a.max(from)).max(0)).sum()
    }
}

fn at(day: Day, minute: u16) -> Instant {
    day.start().plus_seconds(i64::from(minute) * 60)
}

impl fmt::Display for OfficeHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (a, b)) in self.spans.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            write!(f, "{comma}{:02}:{:02}-{:02}:{:02}", a / 60, a % 60, b / 60, b % 60)?;
        }
        Ok(())
    }
}
impl FromStr for OfficeHours {
    type Err = Malformed;
    fn from_str(given: &str) -> Result<Self, Malformed> {
        OfficeHours::parse("office_hours", given)
    }
}
impl TryFrom<String> for OfficeHours {
    type Error = String;
    fn try_from(given: String) -> Result<Self, String> {
        given.parse().map_err(|_| {
            format!("not office hours like 09:00-12:00,13:00-17:00: {}", crate::refusal::clip(&given))
        })
    }
}
impl From<OfficeHours> for String {
    fn from(hours: OfficeHours) -> String {
        hours.to_string()
    }
}

/// The usual hours and the spans of days with others, such as a summer shift.
#[derive(Debug, Default)]
pub(super) struct OfficePlan {
    usual: OfficeHours,
    /// First day, last day, hours; a later entry wins.
    shifts: Vec<(Day, Day, OfficeHours)>,
}

impl Calendar {
    /// The same calendar with other usual office hours.
    pub fn with_office(&self, hours: OfficeHours) -> Calendar {
        let plan = OfficePlan { usual: hours, shifts: self.office.shifts.clone() };
        Calendar { days: Arc::clone(&self.days), office: Arc::new(plan) }
    }

    /// The same calendar with other office hours from `first` to `last`, both included, such as a summer shift.
    pub fn with_shift(&self, first: Day, last: Day, hours: OfficeHours) -> Calendar {
        let mut shifts = self.office.shifts.clone();
        shifts.push((first, last, hours));
        let plan = OfficePlan { usual: self.office.usual.clone(), shifts };
        Calendar { days: Arc::clone(&self.days), office: Arc::new(plan) }
    }

    /// The office hours that hold on `day` if it is worked.
    pub fn office(&self, day: Day) -> OfficeHours {
        self.hours(day).clone()
    }

    fn hours(&self, day: Day) -> &OfficeHours {
        let shift = self.office.shifts.iter().rev().find(|(a, b, _)| *a <= day && day <= *b);
        shift.map_or(&self.office.usual, |(_, _, hours)| hours)
    }

    /// Whether the office is open at `at`; the closing moment itself is not.
    pub fn is_office_time(&self, at: Instant) -> bool {
        let day = at.day();
        self.is_workday(day) && self.hours(day).on(day).any(|(a, b)| a <= at && at < b)
    }

    /// The first moment after `at` by which the office has been open for `minutes` more; zero gives `at`.
    pub fn add_office_minutes(&self, at: Instant, minutes: u32) -> Instant {
        self.add_office_micros(at, i64::from(minutes) * MINUTE)
    }

    /// The last moment before `at` from which the office is open for `minutes` until `at`; zero gives `at`.
    pub fn sub_office_minutes(&self, at: Instant, minutes: u32) -> Instant {
        let mut rest = i64::from(minutes) * MINUTE;
        let mut day = at.day();
        while rest > 0 {
            if self.is_workday(day) {
                for (a, b) in self.hours(day).on(day).rev() {
                    let open = b.min(at).since(a).max(0);
                    if open > 0 && rest <= open {
                        return b.min(at).plus_micros(-rest);
                    }
                    rest -= open;
                }
            }
            let before = self.sub_workdays(day, 1);
            if before >= day {
                break;
            }
            day = before;
        }
        at
    }

    /// Whole office minutes from `a` to `b`, rounded towards zero; negative when `b` is earlier.
    pub fn office_minutes_between(&self, a: Instant, b: Instant) -> i64 {
        self.office_micros_between(a, b) / MINUTE
    }

    pub(crate) fn office_micros_between(&self, a: Instant, b: Instant) -> i64 {
        if b < a {
            return -self.office_micros_between(b, a);
        }
        let (first, last) = (a.day(), b.day());
        let part = |day| if self.is_workday(day) { self.hours(day).overlap(day, a, b) } else { 0 };
        if first == last {
            return part(first);
        }
        let inner = if self.office.shifts.is_empty() {
            let days = self.workdays_between(first, last.plus(-1));
            i64::from(days) * self.office.usual.micros()
        } else {
            (first.number() + 1..last.number()).map(Day::from_number).map(part).sum()
        };
        part(first) + inner + part(last)
    }

    pub(crate) fn add_office_micros(&self, at: Instant, micros: i64) -> Instant {
        let mut rest = micros;
        let mut day = at.day();
        let mut from = at;
        while rest > 0 {
            if self.is_workday(day) {
                for (a, b) in self.hours(day).on(day) {
                    let open = b.since(a.max(from)).max(0);
                    if open > 0 && rest <= open {
                        return a.max(from).plus_micros(rest);
                    }
                    rest -= open;
                }
            }
            // With the same hours every day, whole days are skipped by the count of working days.
            let whole = if self.office.shifts.is_empty() {
                (rest - 1) / self.office.usual.micros().max(1)
            } else {
                0
            };
            let whole = u32::try_from(whole).unwrap_or(u32::MAX - 1).min(u32::MAX - 1);
            let next = self.add_workdays(day, whole + 1);
            if next <= day {
                break;
            }
            rest -= i64::from(whole) * self.office.usual.micros();
            day = next;
            from = day.start();
        }
        from
    }
}
