//! What one look at the district holds: values, without where they were read from.

use kernel::light::Counts;
use kernel::light::Light;
use kernel::money::Decimal;
use kernel::{Day, DutyId, Instant, Kind, Lang, PostCode, Refuse, UnitCode, Words};

/// Everything that the cockpit shows, at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    /// The moment that is shown: now, or the end of a past day.
    pub at: Instant,
    /// When it was asked.
    pub now: Instant,
    /// Where the year stands.
    pub year: Year,
    /// Items of the plan, in the order of their codes.
    pub items: Vec<Item>,
    /// The punches.
    pub punches: Vec<Punch>,
    /// The measured item that the headline speaks of.
    pub measured: Option<Measured>,
    /// What differs from the day before; none when there is no earlier day to compare with.
    pub changes: Option<Changes>,
    /// Red items and overdue duties, the longest overdue first.
    pub red: Vec<Red>,
    /// Coming dates, the nearest first.
    pub dates: Vec<Date>,
    /// Rungs climbed in the week of the shown day.
    pub rungs: Rungs,
    /// Lead units of the plan, those in need first.
    pub units: Vec<Ranked>,
    /// What is known of the present only; none on a past day.
    pub live: Option<Live>,
}

impl Sight {
    /// The shown day.
    pub fn day(&self) -> Day {
        self.at.day()
    }
    /// Whether a past day is shown.
    pub fn is_past(&self) -> bool {
        self.at.day() < self.now.day()
    }
    /// Items by light.
    pub fn counts(&self) -> Counts {
        count(self.items.iter())
    }
    /// An item by its code.
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.code == code)
    }
}

/// Counts items by light.
pub fn count<'i>(items: impl Iterator<Item = &'i Item>) -> Counts {
    let mut counts = Counts::default();
    items.for_each(|item| counts.add(item.light));
    counts
}

/// Where the year stands at the end of a day (D§6.1: linear time progress by calendar days).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    /// The year.
    pub year: i16,
    /// Days passed of the year in per cent.
    pub elapsed: Decimal,
    /// 1 or 2.
    pub half: u8,
    /// Days passed of the half-year in per cent.
    pub half_elapsed: Decimal,
    /// Working days after the day.
    pub workdays_left: i32,
    /// Working days of the whole year.
    pub workdays: i32,
    /// True while a notice that may still move a day of the rest is not out.
    pub provisional: bool,
    /// The calendar's version.
    pub calendar: String,
}

/// A key item as the cockpit needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Code such as `Q-01`.
    pub code: String,
    /// Title.
    pub title: Words,
    /// Code of its punch.
    pub punch: String,
    /// `city` or `district`.
    pub list: String,
    /// Lead unit.
    pub lead: UnitCode,
    /// The leader who answers for it.
    pub patron: PostCode,
    /// By when.
    pub due: Day,
    /// Its duty, once the plan is loaded.
    pub duty: Option<DutyId>,
    /// Its light.
    pub light: Light,
    /// The rule and the value that gave the light.
    pub why: Words,
    /// Red by progress (滞后) and not by date (逾期).
    pub behind: bool,
    /// Progress in per cent.
    pub percent: Option<Decimal>,
    /// Linear time progress of its slice in per cent.
    pub time_percent: Decimal,
    /// Working days since it was due; 0 when it is not overdue.
    pub overdue: i32,
    /// Named by the article; else an example.
    pub article: bool,
}

/// A punch with its figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Punch {
    /// Code.
    pub code: String,
    /// 壹, 贰, 叁.
    pub mark: String,
    /// Name.
    pub title: Words,
    /// The line below it.
    pub slogan: Words,
    /// Items by light.
    pub counts: Counts,
    /// Items of the city's list.
    pub city: usize,
    /// Items of the district's own list.
    pub district: usize,
    /// Weighted progress in per cent.
    pub percent: Option<Decimal>,
    /// Time progress in per cent.
    pub time_percent: Decimal,
    /// Code of the item that is worst.
    pub worst: Option<String>,
}

/// A measured item: what was reported, against target and time. Grade R, never a statutory figure (D§4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// Code.
    pub code: String,
    /// What is measured.
    pub name: Words,
    /// Its unit.
    pub unit: Words,
    /// The figure to reach.
    pub target: Decimal,
    /// The latest reported figure; none when nothing was reported.
    pub value: Option<Decimal>,
    /// Reported over target in per cent.
    pub percent: Option<Decimal>,
    /// Time progress of its slice in per cent.
    pub time_percent: Decimal,
    /// Its shares: lead unit, title, target.
    pub parts: Vec<(UnitCode, Words, Decimal)>,
}

/// What changed between the ends of two days, as codes of items.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Turned red.
    pub red: Vec<String>,
    /// Turned yellow, from anything better.
    pub yellow: Vec<String>,
    /// Done.
    pub done: Vec<String>,
    /// No longer red, and not done.
    pub better: Vec<String>,
}

impl Changes {
    /// True when nothing changed.
    pub fn is_empty(&self) -> bool {
        self.red.is_empty() && self.yellow.is_empty() && self.done.is_empty() && self.better.is_empty()
    }
}

/// A line of the red list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Red {
    /// Code or number.
    pub code: String,
    /// Title.
    pub title: Words,
    /// Why it is red; empty for a duty, whose due day says it.
    pub why: Words,
    /// Item of the plan, or code of the duty's kind.
    pub what: What,
    /// Lead unit.
    pub lead: Option<UnitCode>,
    /// The leader who answers for it.
    pub patron: Option<PostCode>,
    /// Who holds it now and since when; not known of a past day.
    pub desk: Option<Desk>,
    /// When it was due.
    pub due: Day,
    /// Red by progress, not by date.
    pub behind: bool,
    /// Points behind time, for items with data.
    pub points: Option<Decimal>,
    /// Working days since it was due.
    pub overdue: i32,
}

/// What a line of the red list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// An item of the plan.
    Item,
    /// Another duty: id and kind.
    Duty(DutyId, String),
}

/// Whose desk something lies on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// Unit.
    pub unit: UnitCode,
    /// Post, when one is named.
    pub post: Option<PostCode>,
    /// Since when.
    pub since: Instant,
}

/// A coming date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Date {
    /// The day.
    pub day: Day,
    /// What it is.
    pub what: Coming,
}

/// What a coming date is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coming {
    /// A session of one of the four cadences.
    Session {
        /// Code of the forum.
        code: String,
        /// Its name.
        title: Words,
        /// `09:00`.
        time: String,
        /// Who chairs.
        chair: PostCode,
    },
    /// An item falls due.
    Item {
        /// Code of the item.
        code: String,
        /// Its title.
        title: Words,
        /// Lead unit.
        lead: UnitCode,
        /// Its light now.
        light: Light,
    },
}

/// Rungs climbed in a week.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rungs {
    /// First day of the week.
    pub from: Option<Day>,
    /// Rung and how often it was climbed.
    pub by_rung: Vec<(i64, u64)>,
    /// True when counting stopped at the cap.
    pub capped: bool,
}

impl Rungs {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.by_rung.iter().map(|(_, n)| n).sum()
    }
}

/// A lead unit's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRow {
    /// The unit.
    pub unit: UnitCode,
    /// Its items by light.
    pub counts: Counts,
    /// Open duties that it holds; 0 on a past day.
    pub open: i64,
    /// Of them overdue.
    pub overdue: i64,
}

/// A row with its rank; those that cannot be told apart share one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// From 1.
    pub rank: usize,
    /// Last place of those who share it; equal to `rank` when nobody does.
    pub last: usize,
    /// The row.
    pub row: UnitRow,
}

/// What is known of the present only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Live {
    /// The actor's own unit.
    pub mine: Mine,
    /// Open duties by due day, of the whole district.
    pub load: Vec<(Day, i64)>,
    /// Units that hold overdue duties, most first.
    pub holders: Vec<Load>,
    /// All units together.
    pub all: Sum,
    /// Streets, communities and grids together: the burden of the grassroots (D§4.34).
    pub grassroots: Sum,
}

/// Kept counts of one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// The unit.
    pub unit: UnitCode,
    /// Its counts.
    pub sum: Sum,
}

/// Kept counts of open duties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// Open.
    pub open: i64,
    /// Due on an earlier day.
    pub overdue: i64,
    /// Due from today to Sunday.
    pub week: i64,
    /// The earliest missed day.
    pub oldest: Option<Day>,
}

/// The actor's own unit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mine {
    /// Kept counts.
    pub sum: Sum,
    /// Waiting to be signed for, among the earliest [`HELD_CAP`].
    pub awaiting: usize,
    /// Posts of the unit and how many of the earliest [`HELD_CAP`] they hold; no post means nobody has taken it.
    pub held: Vec<(Option<PostCode>, usize)>,
    /// True when the unit holds more than [`HELD_CAP`].
    pub capped: bool,
}

/// How many duties of a unit are looked at for who holds them: bounds the cost of the page.
pub const HELD_CAP: u32 = 300;

/// Why a look at a day is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CockpitRefusal {
    /// The day has not come.
    Future {
        /// As given.
        day: Day,
        /// The last day that can be shown.
        last: Day,
    },
    /// Before anything was recorded.
    TooEarly {
        /// As given.
        day: Day,
        /// The first day that can be shown.
        first: Day,
    },
}
base::refusals!(CockpitRefusal);

impl Refuse for CockpitRefusal {
    fn code(&self) -> &'static str {
        match self {
            CockpitRefusal::Future { .. } => "cockpit.future",
            CockpitRefusal::TooEarly { .. } => "cockpit.too_early",
        }
    }
    fn kind(&self) -> Kind {
        Kind::Invalid
    }
    fn field(&self) -> Option<&str> {
        Some("as_of")
    }
    fn value(&self) -> Option<String> {
        let (CockpitRefusal::Future { day, .. } | CockpitRefusal::TooEarly { day, .. }) = self;
        Some(day.to_string())
    }
    fn reason(&self, lang: Lang) -> String {
        match self {
            CockpitRefusal::Future { .. } => {
                lang.pick("所选日期还没有到", "The chosen day has not come yet").to_owned()
            }
            CockpitRefusal::TooEarly { .. } => lang
                .pick(
                    "所选日期早于规则库生效的日期，没有记录",
                    "The chosen day lies before the playbook's first day; nothing was recorded",
                )
                .to_owned(),
        }
    }
    fn next(&self, lang: Lang) -> String {
        match self {
            CockpitRefusal::Future { last, .. } => lang
                .pick(&format!("请选择{last}或以前的日期"), &format!("Choose {last} or an earlier day"))
                .to_owned(),
            CockpitRefusal::TooEarly { first, .. } => lang
                .pick(&format!("请选择{first}或以后的日期"), &format!("Choose {first} or a later day"))
                .to_owned(),
        }
    }
}
