//! What the API answers: the same facts as the pages, in plain types.

use super::cards::words_of;
use super::code;
use crate::act::chain::Chain;
use crate::model::{self, Coming, Sight, What};
use crate::rules::headline::{Facts, clauses};
use base::i18n::Catalogue;
use kernel::light::Counts;
use kernel::{Lang, Words};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A text in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Both {
    /// Chinese.
    zh: String,
    /// English.
    en: String,
}

impl From<&Words> for Both {
    fn from(words: &Words) -> Both {
        Both { zh: words.zh.clone(), en: words.get(Lang::En).to_owned() }
    }
}

/// The cockpit at one moment.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Cockpit {
    /// The moment that is shown, RFC 3339.
    at: String,
    /// The day that is shown.
    day: String,
    /// Whether that day is past.
    past: bool,
    /// The headline, made by rule.
    headline: Both,
    /// Where the year stands.
    year: Year,
    /// Items by light.
    lights: BTreeMap<&'static str, u32>,
    /// The punches.
    punches: Vec<Punch>,
    /// The measured item of the headline.
    measured: Option<Measured>,
    /// What changed since the day before, as codes of items.
    changes: Option<Changes>,
    /// The longest overdue and the items that are behind.
    red: Vec<Red>,
    /// Lead units in the order of need.
    units: Vec<Unit>,
    /// Rungs climbed in this week.
    escalations: Vec<Rung>,
    /// Coming dates.
    dates: Vec<Date>,
    /// Kept counts of the present; null on a past day.
    live: Option<Live>,
}

/// Where the year stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Year {
    /// The year.
    year: i16,
    /// Calendar days passed, per cent.
    elapsed: String,
    /// 1 or 2.
    half: u8,
    /// Calendar days of the half-year passed, per cent.
    half_elapsed: String,
    /// Working days after the day.
    workdays_left: i32,
    /// Working days of the year.
    workdays: i32,
    /// A notice may still change a day of the rest.
    provisional: bool,
    /// The calendar's version.
    calendar: String,
}

/// A punch.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Punch {
    /// Code.
    code: String,
    /// Name.
    title: Both,
    /// Items by light.
    lights: BTreeMap<&'static str, u32>,
    /// Items of the city's list.
    city: usize,
    /// Items of the district's list.
    district: usize,
    /// Weighted progress, per cent; null without data.
    percent: Option<String>,
    /// Weighted time progress, per cent.
    time_percent: String,
    /// Code of the worst item.
    worst: Option<String>,
}

/// The measured item: a reported figure (grade R), never a statutory one.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Measured {
    /// Code.
    code: String,
    /// What is measured.
    name: Both,
    /// Unit.
    unit: Both,
    /// Target.
    target: String,
    /// Reported; null when nothing was.
    value: Option<String>,
    /// Reported over target, per cent.
    percent: Option<String>,
    /// Time progress, per cent.
    time_percent: String,
}

/// Changes since the day before.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Changes {
    /// Turned red.
    red: Vec<String>,
    /// Turned yellow.
    yellow: Vec<String>,
    /// Done.
    done: Vec<String>,
    /// No longer red.
    better: Vec<String>,
}

/// A line of the red list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Red {
    /// Code or number.
    code: String,
    /// Id of the duty, for duties that are no items.
    duty: Option<String>,
    /// Kind of duty.
    kind: String,
    /// Title.
    title: Both,
    /// Rule and value; null for duties, which are red by their due day.
    why: Option<Both>,
    /// Lead unit.
    lead: Option<String>,
    /// Patron's post.
    patron: Option<String>,
    /// Unit that holds it now.
    holder_unit: Option<String>,
    /// Post that holds it now.
    holder_post: Option<String>,
    /// Since when, RFC 3339.
    held_since: Option<String>,
    /// Due day.
    due: String,
    /// Red by progress rather than by date.
    behind: bool,
    /// Working days overdue.
    overdue_workdays: i32,
}

/// A lead unit.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Unit {
    /// Rank from 1; equal rows share it.
    rank: usize,
    /// Unit code.
    unit: String,
    /// Its items by light.
    lights: BTreeMap<&'static str, u32>,
    /// Open duties that it holds.
    open: i64,
    /// Of them overdue.
    overdue: i64,
}

/// A rung.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Rung {
    /// Rung.
    rung: i64,
    /// How often.
    n: u64,
}

/// A coming date.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Date {
    /// The day.
    day: String,
    /// `session` or `item`.
    what: &'static str,
    /// Code of the forum or item.
    code: String,
    /// Name.
    title: Both,
    /// Time of a session.
    time: Option<String>,
    /// Post that chairs a session.
    chair: Option<String>,
    /// Lead unit of an item.
    lead: Option<String>,
    /// Light of an item.
    light: Option<&'static str>,
}

/// Coming dates.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Dates {
    /// The dates, nearest first.
    items: Vec<Date>,
    /// Always null: the list is whole.
    next: Option<String>,
}

/// Kept counts of open duties.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Live {
    /// The post's own unit.
    unit: Counted,
    /// The whole district.
    district: Counted,
    /// Streets, communities and grids.
    grassroots: Counted,
    /// Open duties of the coming working days.
    load: Vec<Day>,
}

/// Counts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Counted {
    /// Open.
    open: i64,
    /// Due on an earlier day.
    overdue: i64,
    /// Due from today to Sunday.
    week: i64,
}

/// A day of the load.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Day {
    /// The day.
    day: String,
    /// Open duties that are due on it.
    due: i64,
}

/// The newest checkpoint of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Point {
    /// Name of the log.
    origin: String,
    /// Public key, vkey form.
    key: String,
    /// Events in the tree; 0 before the first seal.
    size: u64,
    /// When it was signed, RFC 3339.
    at: Option<String>,
    /// The signed note (C2SP tlog-checkpoint).
    note: Option<String>,
    /// Events that wait to be sealed, up to 10,000.
    waiting: u64,
}

/// What a good receipt proves.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Good {
    /// `promised` or `sealed`.
    verdict: &'static str,
    /// In words.
    words: Both,
    /// When the event was recorded, RFC 3339.
    at: String,
    /// Place in the tree.
    index: Option<u64>,
    /// Size of the tree that the proof is about.
    size: Option<u64>,
}

fn lights(counts: Counts) -> BTreeMap<&'static str, u32> {
    use kernel::light::Light::{Done, Green, Grey, Paused, Red, Yellow};
    let all = [
        (Red, counts.red),
        (Yellow, counts.yellow),
        (Green, counts.green),
        (Done, counts.done),
        (Paused, counts.paused),
        (Grey, counts.grey),
    ];
    all.into_iter().map(|(light, n)| (code(light), n)).collect()
}

/// The cockpit as JSON.
pub(super) fn cockpit(sight: &Sight, texts: &Catalogue) -> Cockpit {
    let list = clauses(&Facts::of(sight));
    let spoken = |lang| list.iter().map(|clause| words_of(texts.t(lang), clause)).collect::<String>();
    let y = &sight.year;
    Cockpit {
        at: sight.at.rfc3339(),
        day: sight.day().to_string(),
        past: sight.is_past(),
        headline: Both { zh: spoken(Lang::Zh), en: spoken(Lang::En) },
        year: Year {
            year: y.year,
            elapsed: y.elapsed.to_string(),
            half: y.half,
            half_elapsed: y.half_elapsed.to_string(),
            workdays_left: y.workdays_left,
            workdays: y.workdays,
            provisional: y.provisional,
            calendar: y.calendar.clone(),
        },
        lights: lights(sight.counts()),
        punches: sight.punches.iter().map(punch).collect(),
        measured: sight.measured.as_ref().map(measured),
        changes: sight.changes.clone().map(|c| Changes {
            red: c.red,
            yellow: c.yellow,
            done: c.done,
            better: c.better,
        }),
        red: sight.red.iter().map(red).collect(),
        units: sight.units.iter().map(unit).collect(),
        escalations: sight.rungs.by_rung.iter().map(|(rung, n)| Rung { rung: *rung, n: *n }).collect(),
        dates: sight.dates.iter().map(date).collect(),
        live: sight.live.as_ref().map(live),
    }
}

fn punch(p: &model::Punch) -> Punch {
    Punch {
        code: p.code.clone(),
        title: (&p.title).into(),
        lights: lights(p.counts),
        city: p.city,
        district: p.district,
        percent: p.percent.map(|d| d.to_string()),
        time_percent: p.time_percent.to_string(),
        worst: p.worst.clone(),
    }
}

fn measured(m: &model::Measured) -> Measured {
    Measured {
        code: m.code.clone(),
        name: (&m.name).into(),
        unit: (&m.unit).into(),
        target: m.target.to_string(),
        value: m.value.map(|d| d.to_string()),
        percent: m.percent.map(|d| d.to_string()),
        time_percent: m.time_percent.to_string(),
    }
}

fn red(r: &model::Red) -> Red {
    let (duty, kind) = match &r.what {
        What::Item => (None, "plan_item".to_owned()),
        What::Duty(id, kind) => (Some(id.to_string()), kind.clone()),
    };
    let desk = r.desk.as_ref();
    Red {
        code: r.code.clone(),
        duty,
        kind,
        title: (&r.title).into(),
        why: (!r.why.zh.is_empty()).then(|| (&r.why).into()),
        lead: r.lead.as_ref().map(ToString::to_string),
        patron: r.patron.as_ref().map(ToString::to_string),
        holder_unit: desk.map(|d| d.unit.to_string()),
        holder_post: desk.and_then(|d| d.post.as_ref()).map(ToString::to_string),
        held_since: desk.map(|d| d.since.rfc3339()),
        due: r.due.to_string(),
        behind: r.behind,
        overdue_workdays: r.overdue,
    }
}

fn unit(r: &model::Ranked) -> Unit {
    Unit {
        rank: r.rank,
        unit: r.row.unit.to_string(),
        lights: lights(r.row.counts),
        open: r.row.open,
        overdue: r.row.overdue,
    }
}

fn date(d: &model::Date) -> Date {
    let day = d.day.to_string();
    match &d.what {
        Coming::Session { code, title, time, chair } => Date {
            day,
            what: "session",
            code: code.clone(),
            title: title.into(),
            time: Some(time.clone()),
            chair: Some(chair.to_string()),
            lead: None,
            light: None,
        },
        Coming::Item { code: item, title, lead, light } => Date {
            day,
            what: "item",
            code: item.clone(),
            title: title.into(),
            time: None,
            chair: None,
            lead: Some(lead.to_string()),
            light: Some(code(*light)),
        },
    }
}

/// Coming dates as JSON.
pub(super) fn dates(list: &[model::Date]) -> Dates {
    Dates { items: list.iter().map(date).collect(), next: None }
}

fn counted(s: &model::Sum) -> Counted {
    Counted { open: s.open, overdue: s.overdue, week: s.week }
}

fn live(l: &model::Live) -> Live {
    Live {
        unit: counted(&l.mine.sum),
        district: counted(&l.all),
        grassroots: counted(&l.grassroots),
        load: l.load.iter().map(|(day, n)| Day { day: day.to_string(), due: *n }).collect(),
    }
}

/// The newest checkpoint as JSON.
pub(super) fn point(chain: &Chain) -> Point {
    let point = chain.point.as_ref();
    Point {
        origin: chain.origin.clone(),
        key: chain.key.clone(),
        size: point.map_or(0, |p| p.size),
        at: point.map(|p| p.at.rfc3339()),
        note: point.map(|p| p.note.clone()),
        waiting: chain.waiting,
    }
}

/// A verdict as JSON.
pub(super) fn good(verdict: &kernel::ledger::Verdict) -> Good {
    use kernel::ledger::Verdict;
    let words = (&verdict.words()).into();
    match verdict {
        Verdict::Promised { at } => {
            Good { verdict: "promised", words, at: at.rfc3339(), index: None, size: None }
        }
        Verdict::Sealed { at, index, checkpoint } => Good {
            verdict: "sealed",
            words,
            at: at.rfc3339(),
            index: Some(*index),
            size: Some(checkpoint.size),
        },
    }
}
