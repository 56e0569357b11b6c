//! Days, moments and spans in words.
//!
//! Chinese writes 2019年8月12日 and 8月12日周一, English 12 Aug 2019 and Mon 12 Aug. Working days are always named as
//! such; a span of office time is hours and minutes, never a decimal.

use crate::i18n::T;
use kernel::{Day, Instant, Lang};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEK: [(&str, &str); 7] = [
    ("周一", "Mon"),
    ("周二", "Tue"),
    ("周三", "Wed"),
    ("周四", "Thu"),
    ("周五", "Fri"),
    ("周六", "Sat"),
    ("周日", "Sun"),
];

fn month_en(day: Day) -> &'static str {
    let at = usize::try_from(day.month()).unwrap_or(1).saturating_sub(1);
    MONTHS.get(at).copied().unwrap_or("")
}

/// `2019年8月12日` / `12 Aug 2019`.
pub fn day_full(lang: Lang, day: Day) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Lang::En => format!("{} {} {}", day.day(), month_en(day), day.year()),
    }
}

/// `8月12日` / `12 Aug`: only where the year is plain from the page.
pub fn day_short(lang: Lang, day: Day) -> String {
    match lang {
        Lang::Zh => format!("{}月{}日", day.month(), day.day()),
        Lang::En => format!("{} {}", day.day(), month_en(day)),
    }
}

/// `周一` / `Mon`.
pub fn weekday(lang: Lang, day: Day) -> &'static str {
    let at = usize::try_from(day.weekday()).unwrap_or(1).saturating_sub(1);
    WEEK.get(at).map_or("", |(zh, en)| lang.pick(zh, en))
}

/// `8月12日周一` / `Mon 12 Aug`.
pub fn day_week(lang: Lang, day: Day) -> String {
    match lang {
        Lang::Zh => format!("{}{}", day_short(lang, day), weekday(lang, day)),
        Lang::En => format!("{} {}", weekday(lang, day), day_short(lang, day)),
    }
}

/// `2019年8月12日 周一` / `Mon 12 Aug 2019`.
pub fn day_long(lang: Lang, day: Day) -> String {
    match lang {
        Lang::Zh => format!("{} {}", day_full(lang, day), weekday(lang, day)),
        Lang::En => format!("{} {}", weekday(lang, day), day_full(lang, day)),
    }
}

/// The day as short as it can be read on a page of `today`: with its year only when that differs.
pub fn day_near(lang: Lang, day: Day, today: Day) -> String {
    if day.year() == today.year() { day_short(lang, day) } else { day_full(lang, day) }
}

/// `09:58`, the wall clock of the district.
pub fn clock(at: Instant) -> String {
    let (h, m) = at.hour_minute();
    format!("{h:02}:{m:02}")
}

/// `8月12日 09:58` / `12 Aug 09:58`; with the year when it differs from that of `today`.
pub fn moment(lang: Lang, at: Instant, today: Day) -> String {
    format!("{} {}", day_near(lang, at.day(), today), clock(at))
}

/// `49小时5分` / `49 h 5 min`: a span in minutes; under an hour the minutes alone.
pub fn span(t: T, minutes: i64) -> String {
    let (h, m) = (minutes / 60, minutes % 60);
    match (h, m) {
        (0, m) => t.f("when.minutes", &[("m", &m)]),
        (h, 0) => t.f("when.hours", &[("h", &h)]),
        (h, m) => t.f("when.span", &[("h", &h), ("m", &m)]),
    }
}

/// `n个工作日` / `n wd`.
pub fn workdays(t: T, n: i64) -> String {
    t.f("when.workdays", &[("n", &n)])
}
