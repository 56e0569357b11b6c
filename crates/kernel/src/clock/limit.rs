//! A length of time in the unit that a rule counts in.

use crate::refusal::{Malformed, clip};
use crate::text::Words;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a limit counts (D§7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Minutes of the wall clock, for emergencies (D§B.2: ten minutes to acknowledge).
    Minutes,
    /// Hours of the wall clock, nights and holidays included.
    Hours,
    /// Hours in which the office is open.
    OfficeHours,
    /// Working days, make-up days included.
    WorkDays,
    /// Calendar days.
    Days,
    /// Calendar months: the same day number, else the month's last day.
    Months,
}

impl Unit {
    fn suffix(self) -> &'static str {
        match self {
            Unit::Minutes => "min",
            Unit::Hours => "h",
            Unit::OfficeHours => "oh",
            Unit::WorkDays => "wd",
            Unit::Days => "d",
            Unit::Months => "mo",
        }
    }
}

/// A limit such as `10min`, `2h`, `4oh`, `3wd`, `7d`, `3mo`; in TOML and JSON it is that text. A count of zero days means
/// "the same day" (当日).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Limit {
    /// How many.
    pub n: u32,
    /// Of what.
    pub unit: Unit,
}

impl Limit {
    /// Largest count that parses.
    pub const MAX: u32 = 99_999;

    /// `n` of `unit`.
    pub const fn new(n: u32, unit: Unit) -> Limit {
        Limit { n, unit }
    }

    /// Parses what was given for `field`.
    ///
    /// # Errors
    /// When it is not one to five digits followed by `min`, `h`, `oh`, `wd`, `d` or `mo`.
    pub fn parse(field: &str, given: &str) -> Result<Limit, Malformed> {
        let text = given.trim();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (count, suffix) = text.split_at(digits);
        let unit = [Unit::Minutes, Unit::Hours, Unit::OfficeHours, Unit::WorkDays, Unit::Days, Unit::Months]
            .into_iter()
            .find(|unit| unit.suffix() == suffix);
        match (count.parse::<u32>(), unit) {
            (Ok(n), Some(unit)) if n <= Limit::MAX => Ok(Limit { n, unit }),
            _ => Err(Malformed::new(
                "limit.malformed",
                field,
                given,
                Words::new("不是有效的时限", "This is not a limit"),
                Words::new(
                    "请写成10min(分钟)、2h(小时)、4oh(办公小时)、3wd(工作日)、7d(天)或3mo(月)",
                    "Write 10min (minutes), 2h (hours), 4oh (office hours), 3wd (working days), 7d (days) or 3mo (months)",
                ),
            )),
        }
    }

    /// `3个工作日`, `3 working days`.
    pub fn words(self) -> Words {
        let n = self.n;
        let (zh, en) = match (self.unit, n) {
            (Unit::WorkDays | Unit::Days, 0) => return Words::new("当日", "the same day"),
            (Unit::Minutes, _) => (format!("{n}分钟"), "minute"),
            (Unit::Hours, _) => (format!("{n}小时"), "hour"),
            (Unit::OfficeHours, _) => (format!("{n}个办公小时"), "office hour"),
            (Unit::WorkDays, _) => (format!("{n}个工作日"), "working day"),
            (Unit::Days, _) => (format!("{n}天"), "day"),
            (Unit::Months, _) => (format!("{n}个月"), "month"),
        };
        Words::new(zh, format!("{n} {en}{}", if n == 1 { "" } else { "s" }))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.n, self.unit.suffix())
    }
}
impl FromStr for Limit {
    type Err = Malformed;
    fn from_str(given: &str) -> Result<Self, Malformed> {
        Limit::parse("limit", given)
    }
}
impl TryFrom<String> for Limit {
    type Error = String;
    fn try_from(given: String) -> Result<Self, String> {
        given.parse().map_err(|_| format!("not a limit like 10min, 2h, 4oh, 3wd, 7d, 3mo: {}", clip(&given)))
    }
}
impl From<Limit> for String {
    fn from(limit: Limit) -> String {
        limit.to_string()
    }
}

/// Until when on its last day a limit in days is met; "当日" may mean either, so a rule must choose (D§7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayEnd {
    /// Until the office closes.
    #[default]
    OfficeClose,
    /// Until 24:00; stored as 23:59:59 so that the moment lies on the day it is named after.
    Midnight,
}

/// What happens when a limit in calendar days or months ends on a rest day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Roll {
    /// It ends there.
    #[default]
    None,
    /// It ends on the next working day, the general practice of D§7.2.
    NextWorkday,
}

/// The two choices that a rule makes about its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counting {
    /// When the last day ends.
    #[serde(default)]
    pub day_end: DayEnd,
    /// Whether it may be a rest day.
    #[serde(default)]
    pub roll: Roll,
}
