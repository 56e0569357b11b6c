//! Dates and lengths of time as people say them. A year is said only where it differs from `base`, or always when
//! there is none.

use crate::text::Words;
use crate::time::{Day, Instant};

pub(super) fn day_zh(day: Day, base: Option<i16>) -> String {
    if base == Some(day.year()) {
        format!("{}月{}日", day.month(), day.day())
    } else {
        format!("{}年{}月{}日", day.year(), day.month(), day.day())
    }
}

pub(super) fn day_en(day: Day, base: Option<i16>) -> String {
    if base == Some(day.year()) {
        format!("{} {}", day.day(), month_en(day))
    } else {
        format!("{} {} {}", day.day(), month_en(day), day.year())
    }
}

fn month_en(day: Day) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::try_from(day.month() - 1).ok().and_then(|m| NAMES.get(m)).copied().unwrap_or("")
}

/// `18:00`; the last second of a day, which is how midnight is stored, reads `24:00`.
fn time(at: Instant) -> String {
    if at.second_of_day() == 86_399 {
        return "24:00".to_owned();
    }
    let (h, m) = at.hour_minute();
    format!("{h:02}:{m:02}")
}

pub(super) fn moment_zh(at: Instant, base: Option<i16>) -> String {
    format!("{}{}", day_zh(at.day(), base), time(at))
}

pub(super) fn moment_en(at: Instant, base: Option<i16>) -> String {
    format!("{} {}", day_en(at.day(), base), time(at))
}

/// `8月30日、9月2日、3日`, `30 August, 2, 3 September`.
pub(super) fn days(list: &[Day], base: Option<i16>) -> Words {
    let same = |a: Option<&Day>, b: &Day| a.is_some_and(|a| (a.year(), a.month()) == (b.year(), b.month()));
    let mut zh = Vec::new();
    let mut en = Vec::new();
    for (i, day) in list.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| list.get(i));
        zh.push(if same(before, day) { format!("{}日", day.day()) } else { day_zh(*day, base) });
        en.push(if same(list.get(i + 1), day) { day.day().to_string() } else { day_en(*day, base) });
    }
    Words::new(zh.join("、"), en.join(", "))
}

/// `10月1日至7日`, `1 to 7 October`; one day is said as one.
pub(super) fn range(first: Day, last: Day, base: Option<i16>) -> Words {
    if first == last {
        return Words::new(day_zh(first, base), day_en(first, base));
    }
    if (first.year(), first.month()) == (last.year(), last.month()) {
        return Words::new(
            format!("{}至{}日", day_zh(first, base), last.day()),
            format!("{} to {}", first.day(), day_en(last, base)),
        );
    }
    Words::new(
        format!("{}至{}", day_zh(first, base), day_zh(last, base)),
        format!("{} to {}", day_en(first, base), day_en(last, base)),
    )
}

/// A length of time in its two largest parts: `3天4小时`, `4 h 5 min`. Less than a minute counts as one.
pub(super) fn span(micros: i64) -> Words {
    let minutes = (micros.abs() / 60_000_000).max(1);
    let (d, h, m) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let parts = [(d, "天", "d"), (h, "小时", "h"), (m, if d == 0 && h == 0 { "分钟" } else { "分" }, "min")];
    let skip = if d > 0 { 0 } else { usize::from(h == 0) + 1 };
    let said: Vec<_> = parts.iter().skip(skip).take(2).filter(|part| part.0 > 0).collect();
    Words::new(
        said.iter().map(|(n, zh, _)| format!("{n}{zh}")).collect::<String>(),
        said.iter().map(|(n, _, en)| format!("{n} {en}")).collect::<Vec<_>>().join(" "),
    )
}
