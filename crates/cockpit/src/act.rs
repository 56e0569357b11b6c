//! One look at the district at a moment: judged, loaded, put in order by the rules.

pub mod chain;

use crate::model::{
    CockpitRefusal, Coming, Date, Desk, HELD_CAP, Item, Live, Load, Measured, Mine, Punch, Red, Sight, Sum,
    What,
};
use crate::{rules, store};
use base::op::Op;
use base::{Outcome, Tx};
use duty::model::{Filter, Summary};
use kernel::access::{Action, Resource, Scope};
use kernel::calendar::Calendar;
use kernel::playbook::Playbook;
use kernel::{Day, DistrictCode, Instant, PostCode};
use plan::board::{Board, ItemView, PunchView};
use std::collections::BTreeMap;

/// Lines of the red list on the page; the whole is one click away.
pub const RED: usize = 10;
/// Calendar days ahead in which items are named as coming.
const AHEAD: i32 = 30;
/// Working days of the load strip.
const LOAD_DAYS: u32 = 10;

/// Looks at the district at the end of a past day, or now when none is given.
///
/// Judges `cockpit.read`, and `cockpit.as_of` for a past day. A past day is answered from the ledger by the plan's
/// board; what is kept only as a present count is left out then ([`Sight::live`]).
pub fn look(op: &mut Op<'_, '_>, day: Option<Day>) -> Outcome<Sight> {
    op.judge(Action::CockpitRead, &Resource::new())?;
    let at = moment(op, day)?;
    let book = op.core().book(op.district(), at.day())?;
    let calendar = op.core().calendar(op.district(), at.day())?;
    let board = plan::board::load(op, at)?;
    let items: Vec<Item> = board.items.iter().map(item).collect();
    let before = at.day().plus(-1);
    let changes = if before >= book.head.from {
        let earlier = plan::board::load(op, end_of(before))?;
        let earlier: Vec<Item> = earlier.items.iter().map(item).collect();
        Some(rules::changes(&earlier, &items))
    } else {
        None
    };
    let past = at.day() < op.today();
    let held =
        if past { Vec::new() } else { store::by_unit(op.tx, op.district(), at.day(), sunday(at.day()))? };
    let live = if past { None } else { Some(live(op, &book, &calendar, at, &held)?) };
    Ok(Sight {
        at,
        now: op.now(),
        year: rules::year(at.day(), &calendar),
        punches: board.punches.iter().map(|p| punch(p, &board)).collect(),
        measured: measured(&book, &board),
        changes,
        red: red(op, &items, &calendar, past)?,
        dates: dates(&book, &items, &calendar, at.day()),
        rungs: store::rungs(op.tx, op.district(), rules::monday(at.day()), at)?,
        units: rules::units(&items, &held),
        items,
        live,
    })
}

/// Coming sessions and due dates from the shown day on, for the API and the calendar of others.
pub fn next_dates(op: &mut Op<'_, '_>, day: Option<Day>) -> Outcome<Vec<Date>> {
    op.judge(Action::CockpitRead, &Resource::new())?;
    let at = moment(op, day)?;
    let book = op.core().book(op.district(), at.day())?;
    let calendar = op.core().calendar(op.district(), at.day())?;
    let board = plan::board::load(op, at)?;
    let items: Vec<Item> = board.items.iter().map(item).collect();
    Ok(dates(&book, &items, &calendar, at.day()))
}

/// The moment that a wish for a day means; a past day needs its own permission.
fn moment(op: &Op<'_, '_>, day: Option<Day>) -> Outcome<Instant> {
    let today = op.today();
    let Some(day) = day.filter(|day| *day != today) else { return Ok(op.now()) };
    let first = op.core().book(op.district(), day)?.head.from;
    if day > today {
        return Err(CockpitRefusal::Future { day, last: today }.into());
    }
    if day < first {
        return Err(CockpitRefusal::TooEarly { day, first }.into());
    }
    op.judge(Action::CockpitAsOf, &Resource::new())?;
    Ok(end_of(day))
}

/// The last moment of a day.
fn end_of(day: Day) -> Instant {
    day.plus(1).start().plus_micros(-1)
}

fn sunday(day: Day) -> Day {
    rules::monday(day).plus(6)
}

fn item(view: &ItemView) -> Item {
    Item {
        code: view.code.clone(),
        title: view.title.clone(),
        punch: view.punch.to_string(),
        list: view.list.to_string(),
        lead: view.lead.clone(),
        patron: view.patron.clone(),
        due: view.due,
        duty: view.duty,
        light: view.light,
        why: view.light_why.clone(),
        behind: view.behind,
        percent: view.percent,
        time_percent: view.time_percent,
        overdue: view.overdue_workdays,
        article: view.source.is_article(),
    }
}

fn punch(view: &PunchView, board: &Board) -> Punch {
    let on =
        |list: &str| board.items.iter().filter(|i| i.punch == view.code && i.list.as_str() == list).count();
    Punch {
        code: view.code.to_string(),
        mark: view.mark.clone(),
        title: view.title.clone(),
        slogan: view.slogan.clone(),
        counts: view.lights,
        city: on("city"),
        district: on("district"),
        percent: view.percent,
        time_percent: view.time_percent,
        worst: view.worst.and_then(|place| board.items.get(place)).map(|i| i.code.clone()),
    }
}

/// The measured item of the headline: of those with a target that may be summed and that was handed down in parts,
/// the heaviest; of equal ones the first by code.
fn measured(book: &Playbook, board: &Board) -> Option<Measured> {
    let broken_down = book.plan.items.values().filter(|item| {
        !item.parts.is_empty() && item.measure.as_ref().is_some_and(|m| m.additive && m.target.is_some())
    });
    let item = broken_down.max_by_key(|item| (item.weight, std::cmp::Reverse(item.code.clone())))?;
    let measure = item.measure.as_ref()?;
    let view = board.items.iter().find(|view| view.code == item.code.as_str())?;
    let target = view.target.or(measure.target)?;
    let percent = view.value.and_then(|value| kernel::money::Decimal::percent(value.raw(), target.raw()));
    Some(Measured {
        code: view.code.clone(),
        name: measure.name.clone(),
        unit: measure.unit.clone(),
        target,
        value: view.value,
        percent,
        time_percent: view.time_percent,
        parts: item.parts.iter().map(|p| (p.lead.clone(), p.title.clone(), p.target)).collect(),
    })
}

/// Red items and the overdue duties that the post may see, in one order.
fn red(op: &mut Op<'_, '_>, items: &[Item], calendar: &Calendar, past: bool) -> Outcome<Vec<Red>> {
    let mut list = rules::red_items(items);
    if !past {
        let known: Vec<_> = items.iter().filter_map(|item| item.duty).collect();
        for row in overdue(op)? {
            if !known.contains(&row.id)
                && let Some(red) = red_duty(&row, calendar, op.today())
            {
                list.push(red);
            }
        }
    }
    rules::sort_red(&mut list);
    list.truncate(RED);
    if !past {
        desks(op, &mut list, items)?;
    }
    Ok(list)
}

/// The earliest overdue duties that the post may see. Each query walks an index in the order of due moments and stops
/// after a few rows: the whole district for whoever sees all of it, else the unit's, the patron's, the registrar's.
fn overdue(op: &mut Op<'_, '_>) -> Outcome<Vec<Summary>> {
    let scope = op.scope(Action::DutyList);
    if scope.is_nothing() {
        return Ok(Vec::new());
    }
    let base = Filter { open_only: true, due_before: Some(op.now()), ..Filter::default() };
    let actor = op.actor();
    let filters = if scope == Scope::All {
        vec![base]
    } else {
        vec![
            Filter { holder_unit: Some(actor.unit.clone()), ..base.clone() },
            Filter { patron: Some(actor.post.to_string()), ..base.clone() },
            Filter { registrar: Some(actor.post.to_string()), ..base },
        ]
    };
    // Items of the plan come first in the list of due moments and are known already: read past them.
    let limit = u32::try_from(RED * 3).unwrap_or(30);
    let mut found = BTreeMap::new();
    for filter in filters {
        let (rows, _) = duty::store::page(op.tx, op.district(), &scope, &filter, None, limit)?;
        found.extend(rows.into_iter().filter(|row| !row.paused).map(|row| (row.id, row)));
    }
    Ok(found.into_values().collect())
}

fn red_duty(row: &Summary, calendar: &Calendar, today: Day) -> Option<Red> {
    let due = row.due?.day();
    let title = kernel::Words::new(row.title.clone(), "");
    Some(Red {
        code: row.no.clone(),
        title,
        why: kernel::Words::default(),
        what: What::Duty(row.id, row.kind.clone()),
        lead: row.lead.clone(),
        patron: row.patron.clone(),
        desk: None,
        due,
        behind: false,
        points: None,
        overdue: calendar.workdays_between(today, due).min(0).saturating_neg(),
    })
}

/// Who holds each line now and since when, from the duty itself: at most [`RED`] rows.
fn desks(op: &mut Op<'_, '_>, list: &mut [Red], items: &[Item]) -> Outcome<()> {
    for red in list {
        let id = match &red.what {
            What::Duty(id, _) => Some(*id),
            What::Item => items.iter().find(|item| item.code == red.code).and_then(|item| item.duty),
        };
        let Some(id) = id else { continue };
        if let Some(found) = duty::store::find(op.tx, op.district(), id)? {
            let held = found.holder();
            red.desk =
                Some(Desk { unit: held.hold.unit.clone(), post: held.hold.post.clone(), since: held.from });
        }
    }
    Ok(())
}

/// Sessions of the cadences and items that fall due within [`AHEAD`] days.
fn dates(book: &Playbook, items: &[Item], calendar: &Calendar, day: Day) -> Vec<Date> {
    let sessions = book.cadences.iter().map(|cadence| Date {
        day: cadence.next(day, |on| calendar.is_workday(on)),
        what: Coming::Session {
            code: cadence.code.to_string(),
            title: cadence.title.clone(),
            time: format!("{:02}:{:02}", cadence.at.hour, cadence.at.minute),
            chair: cadence.chair.clone(),
        },
    });
    let open =
        |item: &&Item| !matches!(item.light, kernel::light::Light::Done | kernel::light::Light::Paused);
    let near = items.iter().filter(|item| item.due >= day && item.due <= day.plus(AHEAD)).filter(open);
    let due = near.map(|item| Date {
        day: item.due,
        what: Coming::Item {
            code: item.code.clone(),
            title: item.title.clone(),
            lead: item.lead.clone(),
            light: item.light,
        },
    });
    let mut list: Vec<Date> = sessions.chain(due).collect();
    rules::sort_dates(&mut list);
    list
}

fn live(
    op: &mut Op<'_, '_>,
    book: &Playbook,
    calendar: &Calendar,
    at: Instant,
    held: &[Load],
) -> Outcome<Live> {
    let today = at.day();
    let last = calendar.add_workdays(today, LOAD_DAYS);
    let by_day: BTreeMap<Day, i64> = store::by_day(op.tx, op.district(), today, last)?.into_iter().collect();
    let days = std::iter::successors(Some(today), |day| Some(day.plus(1))).take_while(|day| *day <= last);
    // A rest day is shown only when something is due on it.
    let shown = days.filter(|day| calendar.is_workday(*day) || by_day.get(day).copied().unwrap_or(0) > 0);
    let ten = usize::try_from(LOAD_DAYS).unwrap_or(10);
    let load = shown.map(|day| (day, by_day.get(&day).copied().unwrap_or(0))).take(ten).collect();
    let grass = |load: &&Load| book.unit(&load.unit).is_some_and(|unit| unit.kind.is_grassroots());
    let mut holders: Vec<Load> = held.iter().filter(|load| load.sum.overdue > 0).cloned().collect();
    holders.sort_by(|a, b| {
        b.sum
            .overdue
            .cmp(&a.sum.overdue)
            .then(a.sum.oldest.cmp(&b.sum.oldest))
            .then_with(|| a.unit.cmp(&b.unit))
    });
    let unit = op.actor().unit.clone();
    let own = held.iter().find(|load| load.unit == unit).map(|load| load.sum).unwrap_or_default();
    Ok(Live {
        mine: mine(op.tx, op.district(), &unit, own)?,
        load,
        holders,
        all: total(held.iter()),
        grassroots: total(held.iter().filter(grass)),
    })
}

fn total<'l>(list: impl Iterator<Item = &'l Load>) -> Sum {
    list.fold(Sum::default(), |sum, load| Sum {
        open: sum.open + load.sum.open,
        overdue: sum.overdue + load.sum.overdue,
        week: sum.week + load.sum.week,
        oldest: match (sum.oldest, load.sum.oldest) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        },
    })
}

/// Who in the unit holds the duties that are due first. Counted where they lie: rows that are only counted are not read
/// out, so a unit with thousands costs little more than one with a hundred.
fn mine(tx: &mut Tx<'_>, district: DistrictCode, unit: &kernel::UnitCode, sum: Sum) -> Outcome<Mine> {
    let mut held: BTreeMap<Option<PostCode>, usize> = BTreeMap::new();
    let mut awaiting = 0;
    for (post, waits, n) in duty::store::holders(tx, district, unit, HELD_CAP)? {
        let n = usize::try_from(n).unwrap_or(usize::MAX);
        *held.entry(post).or_default() += n;
        awaiting += if waits { n } else { 0 };
    }
    let mut held: Vec<(Option<PostCode>, usize)> = held.into_iter().collect();
    held.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(Mine { sum, awaiting, held, capped: sum.open > i64::from(HELD_CAP) })
}
