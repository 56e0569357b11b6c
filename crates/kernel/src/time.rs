//! Moments and days. Guandu's time zone is Asia/Shanghai: UTC+8, no daylight saving in the years it serves (D§10.3).
//!
//! An [`Instant`] counts microseconds since 1970-01-01T00:00Z and is what the database stores; a [`Day`] is a
//! civil date in the district. Neither can be read from a clock here: the caller passes "now".

use crate::refusal::Malformed;
use crate::text::Words;
use jiff::civil;
use serde::{Deserialize, Serialize};
use std::fmt;

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;
/// UTC+8 in microseconds.
const ZONE: i64 = 8 * 3600 * MICROS_PER_SECOND;

/// A civil date in the district.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(civil::Date);

impl Day {
    /// A day from its parts; `None` when there is no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Day> {
        civil::Date::new(year, month, day).ok().map(Day)
    }
    /// Parses `2019-08-12`.
    pub fn parse(field: &str, given: &str) -> Result<Day, Malformed> {
        let text = given.trim();
        let strict = text.len() == 10 && text.bytes().filter(|b| *b == b'-').count() == 2;
        match (strict, text.parse::<civil::Date>()) {
            (true, Ok(date)) => Ok(Day(date)),
            _ => Err(Malformed::new(
                "day.malformed",
                field,
                given,
                Words::new("不是有效日期", "This is not a valid date"),
                Words::new(
                    "请按“年-月-日”填写,如2019-08-12",
                    "Write it as year-month-day, such as 2019-08-12",
                ),
            )),
        }
    }
    /// Days since 1970-01-01.
    pub fn number(self) -> i32 {
        let days = self.0.since(civil::Date::constant(1970, 1, 1)).map(|span| span.get_days());
        days.unwrap_or_default()
    }
    /// The day `number` days after 1970-01-01; days outside years 1 to 9999 are clamped.
    pub fn from_number(number: i32) -> Day {
        Day(civil::Date::constant(1970, 1, 1)
            .saturating_add(jiff::Span::new().days(number.clamp(-719_000, 2_900_000))))
    }
    /// Moves by whole days.
    pub fn plus(self, days: i32) -> Day {
        Day::from_number(self.number().saturating_add(days))
    }
    /// Same day number `months` later, else that month's last day (D§7.2).
    pub fn plus_months(self, months: i32) -> Day {
        Day(self.0.saturating_add(jiff::Span::new().months(months.clamp(-12_000, 12_000))))
    }
    /// Year.
    pub fn year(self) -> i16 {
        self.0.year()
    }
    /// Month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }
    /// Day of the month.
    pub fn day(self) -> i8 {
        self.0.day()
    }
    /// Monday 1 to Sunday 7.
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }
    /// The moment at which this day begins in the district.
    pub fn start(self) -> Instant {
        Instant(i64::from(self.number()) * MICROS_PER_DAY - ZONE)
    }
    /// The moment of `hour:minute` on this day.
    pub fn at(self, hour: u8, minute: u8) -> Instant {
        Instant(self.start().0 + (i64::from(hour) * 3600 + i64::from(minute) * 60) * MICROS_PER_SECOND)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}
impl TryFrom<String> for Day {
    type Error = String;
    fn try_from(given: String) -> Result<Self, String> {
        Day::parse("day", &given).map_err(|_| format!("not a date: {}", crate::refusal::clip(&given)))
    }
}
impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

/// A moment: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// From the database's number.
    pub const fn from_micros(micros: i64) -> Instant {
        Instant(micros)
    }
    /// For the database.
    pub const fn micros(self) -> i64 {
        self.0
    }
    /// Whole seconds since 1970, for protocols that count seconds.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(MICROS_PER_SECOND)
    }
    /// The district's civil day.
    pub fn day(self) -> Day {
        Day::from_number(i32::try_from((self.0 + ZONE).div_euclid(MICROS_PER_DAY)).unwrap_or_default())
    }
    /// Seconds since the district's midnight.
    pub fn second_of_day(self) -> i64 {
        (self.0 + ZONE).rem_euclid(MICROS_PER_DAY) / MICROS_PER_SECOND
    }
    /// Hour and minute on the district's wall clock.
    pub fn hour_minute(self) -> (i64, i64) {
        let s = self.second_of_day();
        (s / 3600, s % 3600 / 60)
    }
    /// Moves by seconds.
    pub const fn plus_seconds(self, seconds: i64) -> Instant {
        Instant(self.0.saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)))
    }
    /// Moves by microseconds.
    pub const fn plus_micros(self, micros: i64) -> Instant {
        Instant(self.0.saturating_add(micros))
    }
    /// Microseconds from `earlier` to this moment; negative when it lies before.
    pub const fn since(self, earlier: Instant) -> i64 {
        self.0 - earlier.0
    }
    /// `2019-08-12 09:58`, the wall clock of the district.
    pub fn minute_text(self) -> String {
        let (h, m) = self.hour_minute();
        format!("{} {h:02}:{m:02}", self.day())
    }
    /// RFC 3339 with the district's offset, whole seconds: `2019-08-12T09:58:00+08:00`.
    pub fn rfc3339(self) -> String {
        let (h, m) = self.hour_minute();
        format!("{}T{h:02}:{m:02}:{:02}+08:00", self.day(), self.second_of_day() % 60)
    }
    /// Parses `2019-08-12T09:58`, with optional seconds and optional offset (without one: the district's).
    pub fn parse(field: &str, given: &str) -> Result<Instant, Malformed> {
        let text = given.trim();
        let stamped = text.parse::<jiff::Timestamp>().map(|t| Instant(t.as_microsecond()));
        let local = || text.parse::<civil::DateTime>().map(Instant::local);
        let well_formed = text.len() >= 16;
        match stamped.or_else(|_| local()) {
            Ok(instant) if well_formed => Ok(instant),
            _ => Err(Malformed::new(
                "instant.malformed",
                field,
                given,
                Words::new("不是有效时间", "This is not a valid time"),
                Words::new("请写成2019-08-12T09:58", "Write it as 2019-08-12T09:58"),
            )),
        }
    }
    fn local(d: civil::DateTime) -> Instant {
        let seconds = i64::from(d.hour()) * 3600 + i64::from(d.minute()) * 60 + i64::from(d.second());
        Day(d.date()).start().plus_seconds(seconds)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_agree() {
        let day = Day::new(2019, 8, 12).unwrap();
        assert_eq!(day.to_string(), "2019-08-12");
        assert_eq!(day.weekday(), 1);
        assert_eq!(day.at(9, 58).rfc3339(), "2019-08-12T09:58:00+08:00");
        assert_eq!(day.at(0, 0).day(), day);
        assert_eq!(day.at(23, 59).day(), day);
        assert_eq!(Instant::parse("t", "2019-08-12T09:58").unwrap(), day.at(9, 58));
        assert_eq!(Instant::parse("t", "2019-08-12T01:58:00Z").unwrap(), day.at(9, 58));
        assert_eq!(Day::from_number(day.number()), day);
    }

    #[test]
    fn months_end_on_the_last_day() {
        let day = |y, m, d| Day::new(y, m, d).unwrap();
        assert_eq!(day(2019, 11, 30).plus_months(3), day(2020, 2, 29));
        assert_eq!(day(2019, 3, 15).plus_months(3), day(2019, 6, 15));
        assert_eq!(day(2019, 8, 12).plus_months(3), day(2019, 11, 12));
    }

    #[test]
    fn malformed_days_are_refused() {
        for bad in ["", "2019-2-30", "2019-02-30", "20190812", "2019-8-1", "二〇一九年", "2019-13-01"] {
            assert!(Day::parse("day", bad).is_err(), "{bad}");
        }
    }
}
