//! 热点诉求 (hot issues): many people, one matter: clustered by place, category and words, with the growth against the
//! usual week and the words that tell the cause (D§4.27: group appeals are flagged for proactive governance, never used to
//! hide numbers).
//!
//! A look reads the cases of the window once and keeps what it found ([`look`]); pages read that. The words shown are those
//! that several different people used, and none of a confidential petitioner, so no single filing can be read from them.

mod cause;
mod store;
#[cfg(test)]
mod tests;

pub use cause::{Cause, causes};
pub use store::{Ground, Repeated, Voice, counted, found, grounds, repeated};

use crate::same::{self, Item, Rules};
use base::Outcome;
use base::op::Op;
use kernel::access::{Action, Resource};
use kernel::money::Decimal;
use kernel::{Instant, UnitCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Places and categories that one look goes into.
const SPOTS: u32 = 40;
/// Cases of one spot that are compared.
const VOICES: u32 = 300;
/// Weeks before this one that are the usual.
const WEEKS: i64 = 8;
/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// One hot issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Community or street.
    pub place: UnitCode,
    /// Category's code.
    pub category: String,
    /// Cases of the window.
    pub cases: u64,
    /// Different petitioners; filings without a contact count once together.
    pub people: u64,
    /// Whether they are alike in words; false: one category at one place, said differently.
    pub alike: bool,
    /// When the first of them came.
    pub first: Instant,
    /// When the latest came.
    pub last: Instant,
    /// Cases of this place and category in the last seven days.
    pub week: u64,
    /// The same in a usual week: the mean of the eight weeks before.
    pub usual: Decimal,
    /// Words that tell the cause, with how many people used each.
    pub causes: Vec<Cause>,
}

impl Issue {
    /// How many times the usual week; none where there was none.
    pub fn growth(&self) -> Option<Decimal> {
        let week = i64::try_from(self.week).ok()?.checked_mul(Decimal::ONE)?;
        Decimal::ratio(week, self.usual.raw()).filter(|_| self.usual.raw() > 0)
    }
}

/// Groups the voices of one place and category by their words; what stays over is one more group. Each group is told only
/// when enough different people are in it.
pub fn group(voices: &[Voice], people: u64, days: u32) -> Vec<(bool, Vec<&Voice>)> {
    let items: Vec<Item> = voices
        .iter()
        .map(|voice| Item::new(&voice.id, Some(voice.at), &voice.text, &voice.address))
        .collect();
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let mut out = Vec::new();
    for cluster in same::cluster(&items, &Rules { days, ..Rules::default() }) {
        let group: Vec<&Voice> = cluster.items.iter().filter_map(|i| voices.get(*i)).collect();
        if persons(&group) >= people {
            used.extend(&cluster.items);
            out.push((true, group));
        }
    }
    let rest: Vec<&Voice> =
        voices.iter().enumerate().filter(|(i, _)| !used.contains(i)).map(|(_, voice)| voice).collect();
    if persons(&rest) >= people {
        out.push((false, rest));
    }
    out
}

/// Different petitioners; those without a contact count once together, so that nobody makes a crowd of one.
pub fn persons(group: &[&Voice]) -> u64 {
    let all: BTreeSet<Option<&str>> = group.iter().map(|voice| voice.person.as_deref()).collect();
    u64::try_from(all.len()).unwrap_or(u64::MAX)
}

/// Looks at the window again and keeps what is found, in place of what was. For the periodic job and for who may open
/// topics.
///
/// # Errors
/// When the post may not open topics, or the district takes no cases.
pub fn look(op: &mut Op<'_, '_>) -> Outcome<usize> {
    op.judge(Action::TopicOpen, &Resource::new())?;
    look_unjudged(op)
}

/// The same for the job.
///
/// # Errors
/// Faults of the machinery, or a district that takes no cases.
pub fn look_unjudged(op: &mut Op<'_, '_>) -> Outcome<usize> {
    let (district, now) = (op.district(), op.now());
    let book = op.core().book(district, op.today())?;
    let rules = crate::facts::rules_of(&book)?;
    let since = now.plus_micros(-DAY * i64::from(rules.hot.days));
    let mut issues = Vec::new();
    let spots = crate::store::hot_spots(op.tx, district, since, rules.hot.people, SPOTS)?;
    let mut said: Vec<(UnitCode, String, Vec<Voice>)> = Vec::new();
    for spot in spots {
        let voices = store::voices(op.tx, district, (&spot.place, &spot.category), since, VOICES)?;
        said.push((spot.place, spot.category, voices));
    }
    for (n, (place, category, voices)) in said.iter().enumerate() {
        // What people say elsewhere is what the words are set off against.
        let elsewhere: Vec<&str> = said
            .iter()
            .enumerate()
            .filter(|(other, (_, of, _))| *other != n && of != category)
            .flat_map(|(_, (_, _, voices))| voices.iter().map(|voice| voice.text.as_str()))
            .take(2_000)
            .collect();
        let place_name = book.unit(place).map(|unit| unit.name.zh.clone()).unwrap_or_default();
        let (week, usual) = growth(op, place, category)?;
        for (alike, group) in group(voices, u64::from(rules.hot.people), rules.hot.days) {
            let (Some(first), Some(last)) =
                (group.iter().map(|v| v.at).min(), group.iter().map(|v| v.at).max())
            else {
                continue;
            };
            issues.push(Issue {
                place: place.clone(),
                category: category.clone(),
                cases: u64::try_from(group.len()).unwrap_or(u64::MAX),
                people: persons(&group),
                alike,
                first,
                last,
                week,
                usual,
                causes: causes(&group, &elsewhere, &place_name),
            });
        }
    }
    issues.sort_by_key(|issue| std::cmp::Reverse((issue.people, issue.last)));
    store::keep(op.tx, district, now, &issues)?;
    Ok(issues.len())
}

/// Cases of the last seven days, and the mean of the eight weeks before.
fn growth(op: &mut Op<'_, '_>, place: &UnitCode, category: &str) -> Outcome<(u64, Decimal)> {
    let (district, now) = (op.district(), op.now());
    let week_ago = now.plus_micros(-7 * DAY);
    let start = week_ago.plus_micros(-7 * DAY * WEEKS);
    let places = std::slice::from_ref(place);
    let week = counted(op.tx, district, places, category, (week_ago, now.plus_micros(DAY)))?;
    let before = counted(op.tx, district, places, category, (start, week_ago))?;
    let before = i64::try_from(before).unwrap_or(i64::MAX);
    Ok((week, Decimal::ratio(before, WEEKS).unwrap_or_default()))
}
