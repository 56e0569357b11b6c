//! How things run: office hours, escalation, quiet hours, cadence, numbers of documents, gates, vetoes.

use super::source::Source;
use crate::calendar::OfficeHours;
use crate::clock::Limit;
use crate::duty::MandateList;
use crate::id::{PostCode, Slug, UnitCode};
use crate::text::Words;
use crate::time::Day;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Office hours from a day on (D§7.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// First day.
    pub from: Day,
    /// The hours of a working day.
    pub hours: OfficeHours,
    /// Where the line comes from.
    pub source: Source,
}

/// Whom a rung asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// The post with the role in the unit that holds the duty.
    Holder,
    /// The post with the role in the unit above the holder's.
    Above,
    /// The duty's own patron.
    Patron,
    /// The post with the role anywhere in the district's offices.
    District,
}

/// A rung of a ladder (D§5.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Level, from 1.
    pub rung: u8,
    /// How long after the due moment it is climbed.
    pub after: Limit,
    /// Who is asked, by role.
    pub role: Slug,
    /// Where that role is looked for.
    pub reach: Reach,
    /// Whether its notice goes out in quiet hours too.
    #[serde(default)]
    pub exempt_quiet: bool,
}

/// An escalation ladder: each rung is climbed exactly once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ladder {
    /// Code.
    pub code: Slug,
    /// Name.
    pub title: Words,
    /// Rungs, lowest first.
    pub rungs: Vec<Rung>,
    /// Where the line comes from.
    pub source: Source,
}

/// A time of the day, `HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay {
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
}

impl TryFrom<String> for TimeOfDay {
    type Error = String;
    fn try_from(given: String) -> Result<Self, String> {
        let no = || "write a time as HH:MM".to_owned();
        let (hour, minute) = given.split_once(':').ok_or_else(no)?;
        let two = |t: &str| t.parse::<u8>().ok().filter(|_| t.len() == 2).ok_or_else(no);
        let time = TimeOfDay { hour: two(hour)?, minute: two(minute)? };
        if time.hour < 24 && time.minute < 60 { Ok(time) } else { Err(no()) }
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> String {
        format!("{:02}:{:02}", time.hour, time.minute)
    }
}

/// When notices may disturb people (D§4.34).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notices {
    /// Quiet hours begin.
    pub quiet_from: TimeOfDay,
    /// Quiet hours end, on the next day when that is earlier than they begin.
    pub quiet_until: TimeOfDay,
    /// When the day's digest goes out.
    pub digest: TimeOfDay,
    /// Priorities that are told at once all the same.
    pub exempt: BTreeSet<Slug>,
    /// Where the line comes from.
    pub source: Source,
}

impl Notices {
    /// Whether `hour:minute` lies in the quiet hours; their first minute does, their end does not.
    pub fn is_quiet(&self, hour: u8, minute: u8) -> bool {
        let now = TimeOfDay { hour, minute };
        if self.quiet_from <= self.quiet_until {
            self.quiet_from <= now && now < self.quiet_until
        } else {
            now >= self.quiet_from || now < self.quiet_until
        }
    }
}

/// On which days a forum meets; a rest day moves it to the next working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "every", rename_all = "snake_case", deny_unknown_fields)]
pub enum Recur {
    /// Every week on a weekday, Monday is 1.
    Week {
        /// Weekday.
        weekday: i8,
    },
    /// Every month on a day.
    Month {
        /// Day of the month, 1 to 28.
        day: i8,
    },
    /// In the first month of every quarter, for the quarter before.
    Quarter {
        /// Day of the month, 1 to 28.
        day: i8,
    },
    /// In January and July, for the half-year before.
    Half {
        /// Day of the month, 1 to 28.
        day: i8,
    },
}

/// A forum of the four cadences (D§5.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cadence {
    /// Code: `week`, `month`, `quarter`, `half`.
    pub code: Slug,
    /// Name: 周协调.
    pub title: Words,
    /// When it meets.
    pub recur: Recur,
    /// At what time.
    pub at: TimeOfDay,
    /// Who chairs.
    pub chair: PostCode,
    /// What its agenda is drawn from, one line each; pulled, not typed.
    pub agenda: Vec<Words>,
    /// What comes out of it.
    pub output: Words,
    /// Where the cadence comes from.
    pub source: Source,
    /// Where its day, time and chair come from.
    pub detail_source: Source,
}

impl Cadence {
    /// The next day on or after `from` on which it meets. `workday` answers for the calendar in force.
    pub fn next(&self, from: Day, workday: impl Fn(Day) -> bool) -> Day {
        // A meeting that a holiday moved may lie after `from` although its own day lies before: start a month early.
        let mut day = from.plus(-31);
        loop {
            if self.recur.hits(day) {
                let mut met = day;
                // A holiday never lasts a month; the bound keeps a broken calendar from looping.
                for _ in 0..31 {
                    if workday(met) {
                        break;
                    }
                    met = met.plus(1);
                }
                if met >= from {
                    return met;
                }
            }
            day = day.plus(1);
        }
    }
}

impl Recur {
    fn hits(self, on: Day) -> bool {
        match self {
            Recur::Week { weekday } => on.weekday() == weekday,
            Recur::Month { day } => on.day() == day,
            Recur::Quarter { day } => on.day() == day && matches!(on.month(), 1 | 4 | 7 | 10),
            Recur::Half { day } => on.day() == day && matches!(on.month(), 1 | 7),
        }
    }
    /// Whether its day exists.
    pub(super) fn is_sound(self) -> bool {
        match self {
            Recur::Week { weekday } => (1..=7).contains(&weekday),
            Recur::Month { day } | Recur::Quarter { day } | Recur::Half { day } => (1..=28).contains(&day),
        }
    }
}

/// A document kind and its number series (D§8.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Code.
    pub code: Slug,
    /// Name: 督查通报.
    pub title: Words,
    /// Number format with `{year}` and `{n}`: `官政办发〔{year}〕{n}号`.
    pub number: String,
    /// The unit whose series it is.
    pub organ: UnitCode,
    /// Where the line comes from.
    pub source: Source,
}

impl Document {
    /// The number `n` of `year`.
    pub fn number(&self, year: i16, n: u32) -> String {
        self.number.replace("{year}", &year.to_string()).replace("{n}", &n.to_string())
    }
}

/// A gate of a project (D§4.3): what must be granted before what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Code.
    pub code: Slug,
    /// Name.
    pub title: Words,
    /// The unit that grants it.
    pub authority: UnitCode,
    /// The statutory limit, where there is one.
    #[serde(default)]
    pub limit: Option<Limit>,
    /// Gates that come first.
    #[serde(default)]
    pub after: Vec<Slug>,
    /// Where the line comes from.
    pub source: Source,
}

/// What a veto does (D§9.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VetoEffect {
    /// Bars from the grade 优秀.
    BarExcellent,
    /// Caps the score.
    Cap,
    /// Deducts points.
    Deduct,
    /// The year does not count as passed.
    Fail,
}

/// A veto (一票否决): in force only with a legal ground.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Veto {
    /// Code.
    pub code: Slug,
    /// Name.
    pub title: Words,
    /// What it does.
    pub effect: VetoEffect,
    /// The clause that allows it; a veto without one is refused.
    #[serde(default)]
    pub ground: Option<Words>,
    /// Where the line comes from.
    pub source: Source,
}

/// An entry of a duty list (履职事项).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mandate {
    /// Code such as `B-001`.
    pub code: Slug,
    /// The list.
    pub list: MandateList,
    /// Domain, such as 城乡建设.
    pub domain: Words,
    /// What it is.
    pub title: Words,
    /// Who leads: a department, or none for what each street leads itself.
    #[serde(default)]
    pub lead: Option<UnitCode>,
    /// What the street does for it.
    #[serde(default)]
    pub street_role: Option<Words>,
    /// First day.
    pub from: Day,
    /// Last day; none while it lasts.
    #[serde(default)]
    pub until: Option<Day>,
    /// Where the line comes from.
    pub source: Source,
}

/// An industry taxonomy of the district (D§4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taxonomy {
    /// Code, such as `144`.
    pub code: Slug,
    /// Name: “144”中心经济产业体系.
    pub title: Words,
    /// Whether its content is known; an unknown one has no industries and says so.
    pub known: bool,
    /// First day, where known.
    #[serde(default)]
    pub from: Option<Day>,
    /// The taxonomy that it replaces.
    #[serde(default)]
    pub replaces: Option<Slug>,
    /// Where the line comes from.
    pub source: Source,
}

/// The place of an industry in its taxonomy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// 核心产业.
    Core,
    /// 支撑产业.
    Pillar,
    /// 新兴产业.
    Emerging,
}

/// An industry of a taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Industry {
    /// Code.
    pub code: Slug,
    /// The taxonomy it belongs to.
    pub taxonomy: Slug,
    /// Its place.
    pub tier: Tier,
    /// Name.
    pub name: Words,
    /// Codes of GB/T 4754-2017 that it is taken to cover.
    #[serde(default)]
    pub gbt4754: Vec<String>,
    /// Where that mapping comes from.
    pub mapping_source: Source,
    /// Where the line comes from.
    pub source: Source,
}
