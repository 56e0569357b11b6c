//! Working days, office hours, and what was known of them on a given day (D§7.1).
//!
//! A working day is a Monday to Friday that no State Council notice takes off, or a weekend day that one makes up
//! (调休上班). Notices are data with versions: 2019 was rearranged on 22 March, so an order of 20 March has two right
//! answers, and "which one applied on day D" must stay answerable. [`Calendars`] keeps all notices; a [`Calendar`]
//! is the state of knowledge on one day and is what every computation takes.
//!
//! ```
//! use kernel::{Day, calendar::Calendars};
//! let day = |text| Day::parse("day", text).unwrap();
//! let calendar = Calendars::builtin().latest();
//! // National Day takes seven days off, and Saturday 12 October makes one of them up.
//! assert_eq!(calendar.add_workdays(day("2019-09-27"), 3), day("2019-10-08"));
//! assert_eq!(calendar.add_workdays(day("2019-09-30"), 5), day("2019-10-12"));
//! ```
//!
//! Days of a year without a notice follow the weekday rule and are *provisional*: dates that reach them must be
//! recomputed when the notice comes (`clock::Clock::recompute`).

mod bits;
mod notice;
mod office;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_office;

pub use notice::{Calendars, DayFault, Notice, NoticeFault};
pub use office::OfficeHours;

use crate::text::{Lang, Words};
use crate::time::Day;
use bits::Bits;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Why a day works or rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Monday to Friday, nothing special.
    Weekday,
    /// Saturday or Sunday, nothing special.
    Weekend,
    /// Off by a notice; the name of the holiday.
    Holiday(Arc<Words>),
    /// Worked by a notice to make up for the named holiday (调休上班).
    MakeUp(Arc<Words>),
    /// Off or worked by a local rule of the area, such as a festival of an autonomous prefecture.
    Local(Arc<Words>),
}

/// What sort of day it is, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayKind {
    /// The weekday, Monday 1 to Sunday 7.
    pub weekday: i8,
    /// Whether it is a working day.
    pub work: bool,
    /// Whether a notice that may still change it is not out yet.
    pub provisional: bool,
    /// The reason.
    pub why: Why,
}

impl DayKind {
    /// The reason in words: `国庆节放假`, `make-up working day for National Day`.
    pub fn words(&self, lang: Lang) -> String {
        let mut text = match (&self.why, lang) {
            (Why::Weekday, Lang::Zh) => format!("{},工作日", weekday_words(self.weekday).zh),
            (Why::Weekday, Lang::En) => format!("{}, working day", weekday_words(self.weekday).en),
            (Why::Weekend, _) => weekday_words(self.weekday).get(lang).to_owned(),
            (Why::Holiday(name), Lang::Zh) => format!("{}放假", name.zh),
            (Why::Holiday(name), Lang::En) => format!("off for {}", name.get(lang)),
            (Why::MakeUp(name), Lang::Zh) => format!("{}调休上班", name.zh),
            (Why::MakeUp(name), Lang::En) => format!("make-up working day for {}", name.get(lang)),
            (Why::Local(name), Lang::Zh) => {
                format!("{}{}(地方规定)", name.zh, if self.work { "上班" } else { "放假" })
            }
            (Why::Local(name), Lang::En) => {
                format!("{} for {} (local rule)", if self.work { "worked" } else { "off" }, name.get(lang))
            }
        };
        if self.provisional {
            text.push_str(lang.pick("(放假安排未公布,暂定)", " (notice not yet published, provisional)"));
        }
        text
    }
}

/// The name of a weekday, Monday 1 to Sunday 7.
pub fn weekday_words(weekday: i8) -> Words {
    let (zh, en) = match weekday {
        1 => ("周一", "Monday"),
        2 => ("周二", "Tuesday"),
        3 => ("周三", "Wednesday"),
        4 => ("周四", "Thursday"),
        5 => ("周五", "Friday"),
        6 => ("周六", "Saturday"),
        _ => ("周日", "Sunday"),
    };
    Words::new(zh, en)
}

/// A day that a local rule takes off or makes worked, for areas that have holidays of their own (D§7.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalDay {
    /// The day.
    pub day: Day,
    /// Whether it is worked.
    pub work: bool,
    /// The holiday's name.
    pub name: Words,
}

#[derive(Debug)]
struct Days {
    version: String,
    bits: Bits,
    exceptions: BTreeMap<Day, (bool, Why)>,
    years: BTreeSet<i16>,
}

impl Days {
    fn build(version: String, exceptions: BTreeMap<Day, (bool, Why)>, years: BTreeSet<i16>) -> Days {
        let bits = Bits::build(exceptions.iter().map(|(day, (work, _))| (day.number(), *work)));
        Days { version, bits, exceptions, years }
    }
}

/// The working calendar as it was known at some moment, with the office hours of the area. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Calendar {
    days: Arc<Days>,
    office: Arc<office::OfficePlan>,
}

impl Calendar {
    /// A name for this state of knowledge, such as `cn-2019-03-22`: the publication day of the newest notice in it.
    /// [`Calendars::by_version`] finds it again. An area's calendar has a suffix: `cn-2019-03-22+dehong`.
    pub fn version(&self) -> &str {
        &self.days.version
    }

    /// What sort of day it is and why.
    pub fn day_kind(&self, day: Day) -> DayKind {
        let weekday = day.weekday();
        let (work, why) = match self.days.exceptions.get(&day) {
            Some((work, why)) => (*work, why.clone()),
            None if weekday <= 5 => (true, Why::Weekday),
            None => (false, Why::Weekend),
        };
        DayKind { weekday, work, provisional: self.is_provisional(day), why }
    }

    /// Whether people work on `day`. Constant time.
    pub fn is_workday(&self, day: Day) -> bool {
        self.days.bits.works(day.number())
    }

    /// Whether a notice that is not yet out may still change `day`: its own year has none; or it is one of the last
    /// three days of December, which the next year's notice has moved in several years, and that year has none.
    pub fn is_provisional(&self, day: Day) -> bool {
        let known = |year: i16| self.days.years.contains(&year);
        let year = day.year();
        !known(year) || (day.month() == 12 && day.day() >= 29 && !known(year.saturating_add(1)))
    }

    /// The `n`-th working day after `start`; `start` is not counted (D§7.2), and zero gives `start` itself.
    pub fn add_workdays(&self, start: Day, n: u32) -> Day {
        if n == 0 {
            return start;
        }
        let from = start.number();
        Day::from_number(self.days.bits.first_with(self.days.bits.count(from) + i64::from(n), from))
    }

    /// The `n`-th working day before `start`; `start` is not counted, and zero gives `start` itself.
    pub fn sub_workdays(&self, start: Day, n: u32) -> Day {
        if n == 0 {
            return start;
        }
        let before = self.days.bits.count(start.number() - 1);
        Day::from_number(self.days.bits.last_with(before - i64::from(n) + 1, start.number()))
    }

    /// How many working days lie after `a` up to and including `b`; negative when `b` is earlier.
    pub fn workdays_between(&self, a: Day, b: Day) -> i32 {
        let n = self.days.bits.count(b.number()) - self.days.bits.count(a.number());
        i32::try_from(n).unwrap_or(if n < 0 { i32::MIN } else { i32::MAX })
    }

    /// `day` itself when it is worked, else the next day that is.
    pub fn next_workday(&self, day: Day) -> Day {
        if self.is_workday(day) { day } else { self.add_workdays(day, 1) }
    }

    /// The days from `from` to `to`, both included, that differ from the weekday rule or carry a holiday's name.
    pub fn exceptions(&self, from: Day, to: Day) -> Vec<(Day, DayKind)> {
        if from > to {
            return Vec::new();
        }
        self.days.exceptions.range(from..=to).map(|(day, _)| (*day, self.day_kind(*day))).collect()
    }

    /// The same calendar for an area with local holidays. `area` is a short code that ends up in the version; a day
    /// that both a notice and the area name follows the area.
    pub fn with_area(&self, area: &str, local: &[LocalDay]) -> Calendar {
        let mut exceptions = self.days.exceptions.clone();
        for l in local {
            exceptions.insert(l.day, (l.work, Why::Local(Arc::new(l.name.clone()))));
        }
        let version = format!("{}+{area}", self.days.version);
        let days = Days::build(version, exceptions, self.days.years.clone());
        Calendar { days: Arc::new(days), office: Arc::clone(&self.office) }
    }
}
