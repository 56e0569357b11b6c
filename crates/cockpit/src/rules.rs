//! Pure: where the year stands, what changed, who is in need, and in what order red things are listed.

pub mod headline;

use crate::model::{Changes, Date, Item, Ranked, Red, UnitRow, What, Year};
use kernel::Day;
use kernel::calendar::Calendar;
use kernel::light::Counts;
use kernel::light::Light;
use kernel::money::Decimal;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Where the year stands at the end of `day`.
pub fn year(day: Day, calendar: &Calendar) -> Year {
    let first = |month: i8| Day::new(day.year(), month, 1).unwrap_or(day);
    let next = first(1).plus_months(12);
    let last = next.plus(-1);
    let (half, from, to) = if day.month() <= 6 { (1, first(1), first(7)) } else { (2, first(7), next) };
    Year {
        year: day.year(),
        elapsed: passed(first(1), next, day),
        half,
        half_elapsed: passed(from, to, day),
        workdays_left: calendar.workdays_between(day, last),
        workdays: calendar.workdays_between(first(1).plus(-1), last),
        provisional: calendar.is_provisional(last),
        calendar: calendar.version().to_owned(),
    }
}

/// Days from `from` to the end of `day` over those up to, not including, `until`, in per cent.
fn passed(from: Day, until: Day, day: Day) -> Decimal {
    let days = |a: Day, b: Day| i64::from(b.number()) - i64::from(a.number());
    Decimal::percent(days(from, day) + 1, days(from, until)).unwrap_or_default()
}

/// Monday of the week of `day`.
pub fn monday(day: Day) -> Day {
    day.plus(1 - i32::from(day.weekday()))
}

/// What changed between two boards, item by item.
pub fn changes(before: &[Item], now: &[Item]) -> Changes {
    let old: BTreeMap<&str, Light> = before.iter().map(|item| (item.code.as_str(), item.light)).collect();
    let mut out = Changes::default();
    for item in now {
        let Some(was) = old.get(item.code.as_str()).copied() else { continue };
        if was == item.light {
            continue;
        }
        let slot = match (was, item.light) {
            (_, Light::Red) => &mut out.red,
            (_, Light::Done) => &mut out.done,
            (Light::Red, _) => &mut out.better,
            (_, Light::Yellow) => &mut out.yellow,
            _ => continue,
        };
        slot.push(item.code.clone());
    }
    out
}

/// Lead units with their items, joined with the counts of what they hold.
pub fn units(items: &[Item], held: &[crate::model::Load]) -> Vec<Ranked> {
    let mut rows: BTreeMap<&str, UnitRow> = BTreeMap::new();
    for item in items {
        let row = rows.entry(item.lead.as_str()).or_insert_with(|| UnitRow {
            unit: item.lead.clone(),
            counts: Counts::default(),
            open: 0,
            overdue: 0,
        });
        row.counts.add(item.light);
    }
    for load in held {
        if let Some(row) = rows.get_mut(load.unit.as_str()) {
            row.open = load.sum.open;
            row.overdue = load.sum.overdue;
        }
    }
    ranked(rows.into_values().collect())
}

/// Ranks by need: red items, then yellow ones, then overdue duties. Rows that are equal in all three share a rank,
/// because nothing tells them apart (并列).
pub fn ranked(mut rows: Vec<UnitRow>) -> Vec<Ranked> {
    let need = |row: &UnitRow| (row.counts.red, row.counts.yellow, row.overdue);
    rows.sort_by(|a, b| need(b).cmp(&need(a)).then_with(|| a.unit.cmp(&b.unit)));
    let places = rows.iter().map(&need).collect::<Vec<_>>();
    let ranks = places.iter().map(|key| {
        let first = places.iter().position(|k| k == key).unwrap_or(0);
        let last = places.iter().rposition(|k| k == key).unwrap_or(first);
        (first + 1, last + 1)
    });
    let ranks: Vec<(usize, usize)> = ranks.collect();
    rows.into_iter().zip(ranks).map(|(row, (rank, last))| Ranked { rank, last, row }).collect()
}

/// Red items as lines of the red list.
pub fn red_items(items: &[Item]) -> Vec<Red> {
    let red = items.iter().filter(|item| item.light == Light::Red);
    red.map(|item| Red {
        code: item.code.clone(),
        title: item.title.clone(),
        why: item.why.clone(),
        what: What::Item,
        lead: Some(item.lead.clone()),
        patron: Some(item.patron.clone()),
        desk: None,
        due: item.due,
        behind: item.behind,
        points: item.percent.map(|percent| item.time_percent - percent),
        overdue: item.overdue,
    })
    .collect()
}

/// The order of the red list: working days overdue, then items before other duties, then the earlier due day.
pub fn sort_red(list: &mut [Red]) {
    list.sort_by_key(|red| (Reverse(red.overdue), red.what != What::Item, red.due, red.code.clone()));
}

/// Coming dates in their order: the day, sessions before items.
pub fn sort_dates(list: &mut [Date]) {
    list.sort_by_key(|date| {
        let item = match &date.what {
            crate::model::Coming::Session { .. } => String::new(),
            crate::model::Coming::Item { code, .. } => code.clone(),
        };
        (date.day, item)
    });
}
