//! The year's plan in play: its lines are loaded once, and each moves towards the picture of the horizon day.
//!
//! What the picture shows (which line is late, how far each has come) is no fact about the district: the table below is
//! simulated and its duties are marked so. The named lines follow the design's pages; the rest is drawn, so that of the
//! 158 about 115 are green, 22 yellow, 11 red and 10 done.

use crate::world::{Script, Step, World};
use base::Outcome;
use kernel::duty::Duty;
use kernel::playbook::{Item, Node};
use kernel::{Day, DutyId, Slug};
use std::collections::BTreeMap;

/// How a line stands on the horizon day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// On track.
    Green,
    /// Behind by ten points or more since July.
    Yellow,
    /// Overdue, or behind by more than thirty points.
    Red,
    /// Reported, verified and closed.
    Done,
}

/// Lines whose figures the design's pages show: code, how they stand, per cent done. Simulated.
const NAMED: [(&str, Fate, u8); 19] = [
    ("Q-01", Fate::Green, 20),
    ("Q-02", Fate::Green, 55),
    ("Q-03", Fate::Red, 60),
    ("Q-05", Fate::Yellow, 52),
    ("Q-06", Fate::Green, 61),
    ("M-011", Fate::Green, 63),
    ("M-018", Fate::Green, 60),
    ("M-024", Fate::Yellow, 68),
    ("M-033", Fate::Green, 61),
    ("M-071", Fate::Red, 82),
    ("M-088", Fate::Yellow, 55),
    ("M-097", Fate::Red, 71),
    ("M-099", Fate::Green, 62),
    ("M-102", Fate::Green, 66),
    ("Q-11", Fate::Green, 60),
    ("Q-18", Fate::Red, 75),
    ("M-117", Fate::Green, 64),
    ("M-121", Fate::Green, 64),
    ("M-130", Fate::Green, 66),
];
/// A punch with its numbers of red, yellow and done lines, and the bounds of how many points green ones lag (negative:
/// are ahead).
type Share = (&'static str, usize, usize, usize, (i32, i32));

/// Lines by punch. Simulated.
const COUNTS: [Share; 3] =
    [("economy", 5, 10, 3, (-6, 6)), ("environment", 4, 8, 4, (-6, 5)), ("spirit", 2, 4, 3, (-8, 3))];
/// Per cent of the four shares of Q-01 on the horizon day. Simulated.
const SHARES: [(&str, u8); 4] = [("Q-01-1", 21), ("Q-01-2", 19), ("Q-01-3", 12), ("Q-01-4", 21)];

/// The day whose picture is drawn: 12 August of the plan's year.
pub(crate) fn horizon(year: i16) -> Day {
    Day::new(year, 8, 12).unwrap_or_else(|| Day::from_number(0))
}

/// Linear time progress in per cent on `day` of the stretch from `from` to `due`, both days included.
fn time_percent(from: Day, due: Day, day: Day) -> i32 {
    let whole = (due.number() - from.number() + 1).max(1);
    let gone = (day.number() - from.number() + 1).clamp(0, whole);
    (gone * 200 + whole) / (whole * 2)
}

/// How each line of a playbook will stand.
pub(crate) fn fates(world: &mut World) -> BTreeMap<Slug, (Fate, u8)> {
    let book = world.book.clone();
    let day = horizon(book.head.year);
    let mut out = BTreeMap::new();
    for (code, fate, percent) in NAMED {
        if let Some(item) = book.item(code) {
            out.insert(item.code.clone(), (fate, percent));
        }
    }
    for (punch, red, yellow, done, lag) in COUNTS {
        let items: Vec<&Item> = book.plan.items.values().filter(|i| i.punch.as_str() == punch).collect();
        let mut free: Vec<&Item> = items.iter().filter(|i| !out.contains_key(&i.code)).copied().collect();
        // A line whose unit has no post that works is never signed: it stays without data, which is grey.
        free.retain(|i| world.handler(&i.lead).is_some());
        for (fate, wanted) in [(Fate::Red, red), (Fate::Yellow, yellow), (Fate::Done, done)] {
            let have = items.iter().filter(|i| out.get(&i.code).is_some_and(|(f, _)| *f == fate)).count();
            for _ in have..wanted {
                let at = world.dice.below(free.len());
                // The government office's own lines wait for a closer outside it; measured lines have figures.
                let plain = |i: &&Item| i.measure.is_none() && i.lead.as_str() != "zfb";
                let Some(at) =
                    (0..free.len()).map(|n| (at + n) % free.len()).find(|n| free.get(*n).is_some_and(plain))
                else {
                    break;
                };
                let item = free.remove(at);
                let points = match fate {
                    Fate::Red => world.dice.between(32, 39),
                    Fate::Yellow => world.dice.between(12, 18),
                    _ => -100,
                };
                out.insert(item.code.clone(), (fate, reached(item, day, points)));
            }
        }
        for item in free {
            let points = world.dice.between(lag.0, lag.1);
            out.insert(item.code.clone(), (Fate::Green, reached(item, day, points)));
        }
    }
    out
}

/// Per cent of a line that lags so many points on a day.
fn reached(item: &Item, day: Day, points: i32) -> u8 {
    let percent = time_percent(first_day(item, day.year()), item.due, day) - points;
    // A line that is not done stays below 99.
    let most = if points <= -100 { 100 } else { 98 };
    u8::try_from(percent.clamp(3, most)).unwrap_or(50)
}

fn first_day(item: &Item, year: i16) -> Day {
    let given = item.measure.as_ref().and_then(|m| m.from);
    given.or_else(|| Day::new(year, 1, 1)).unwrap_or(item.due)
}

/// Makes every line of the plan a duty of its lead, then takes them into play.
pub(crate) async fn load(world: &mut World) -> Outcome<()> {
    plan::act::load_plan(&world.app, &world.jobs).await?;
    let (book, district) = (world.book.clone(), world.district);
    let found = world.app.db.report(move |tx| {
        let mut found: BTreeMap<Slug, Duty> = BTreeMap::new();
        for item in book.plan.items.values() {
            let below = item.nodes.iter().map(|n| &n.code).chain(item.parts.iter().map(|p| &p.code));
            for code in std::iter::once(&item.code).chain(below) {
                let Some(id) = duty::store::by_number(tx, district, code.as_str())? else { continue };
                found.extend(duty::store::find(tx, district, id)?.map(|duty| (code.clone(), duty)));
            }
        }
        Ok(found)
    });
    let found = found.await?;
    take_up(world, &found);
    crate::figures::lay_out(world)
}

/// Takes the loaded lines into play and lays out their year.
fn take_up(world: &mut World, lines: &BTreeMap<Slug, Duty>) {
    let fates = fates(world);
    let book = world.book.clone();
    for item in book.plan.items.values() {
        let Some(&(fate, percent)) = fates.get(&item.code) else { continue };
        let closed = lay_item(world, lines, item, fate, percent);
        for node in &item.nodes {
            if let Some(id) = keep(world, lines, &node.code) {
                lay_node(world, id, item, node, fate, closed);
            }
        }
        for part in &item.parts {
            if let Some(id) = keep(world, lines, &part.code) {
                let named = SHARES.iter().find(|(code, _)| *code == part.code.as_str()).map(|(_, p)| *p);
                sign(world, id);
                start(world, id, 5);
                let course = Course {
                    from: first_day(item, book.head.year),
                    due: part.due,
                    fate: Fate::Green,
                    until: part.due,
                };
                lay_notes(world, id, &course, named.unwrap_or(percent));
            }
        }
    }
}

fn keep(world: &mut World, lines: &BTreeMap<Slug, Duty>, code: &Slug) -> Option<DutyId> {
    let duty = lines.get(code)?.clone();
    Some(world.keep(duty, Script { planned: true, ..Script::default() }))
}

fn sign(world: &mut World, id: DutyId) {
    let days = world.dice.between(0, 2);
    world.soon(days, id, Step::Accept);
}

fn start(world: &mut World, id: DutyId, days: i32) {
    let days = world.dice.between(4, 4 + days);
    world.soon(days, id, Step::Start);
}

/// Lays out an item: signed at once, noted every month, evidence with most notes. Gives the day of its report.
fn lay_item(
    world: &mut World,
    lines: &BTreeMap<Slug, Duty>,
    item: &Item,
    fate: Fate,
    percent: u8,
) -> Option<Day> {
    let id = keep(world, lines, &item.code)?;
    let year = world.book.head.year;
    sign(world, id);
    start(world, id, 6);
    if let Some(case) = world.cases.get_mut(&id) {
        case.script.pinned = fate != Fate::Done;
    }
    let mut course = Course { from: first_day(item, year), due: item.due, fate, until: horizon(year) };
    if fate != Fate::Done {
        lay_notes(world, id, &course, percent);
        return None;
    }
    let back = world.dice.between(12, 55);
    let finish = world.before(horizon(year), back);
    course.until = world.before(finish, 2);
    lay_notes(world, id, &course, percent);
    world.at(world.before(finish, 2), 1, id, Step::Evidence);
    world.at(world.before(finish, 1), 2, id, Step::Note(Some(100)));
    world.at(finish, 3, id, Step::Submit);
    Some(finish)
}

/// The stretch that a line runs over and how it stands at the horizon.
struct Course {
    from: Day,
    due: Day,
    fate: Fate,
    /// Nothing is noted from this day on.
    until: Day,
}

impl Course {
    /// Per cent noted on `day` of a line that stands at `last` on the horizon day: in even steps, except that a line
    /// that ends yellow kept up until June and has hardly moved since. Three yellow months running would be red by the
    /// playbook's light policy.
    fn at(&self, day: Day, horizon: Day, last: u8) -> i32 {
        let last = i32::from(last);
        let share = |from: Day, to: Day, percent: i32| {
            let whole = (to.number() - from.number()).max(1);
            percent * (day.number() - from.number()).clamp(0, whole) / whole
        };
        let turn =
            Day::new(horizon.year(), 6, 24).filter(|turn| self.fate == Fate::Yellow && self.from < *turn);
        match turn {
            None => share(self.from, horizon, last),
            Some(turn) => {
                let then = last.min(time_percent(self.from, self.due, turn) - 2);
                if day < turn { share(self.from, turn, then) } else { then }
            }
        }
    }
}

/// Monthly notes that rise to `percent` on the horizon day.
fn lay_notes(world: &mut World, id: DutyId, course: &Course, percent: u8) {
    let last = horizon(world.book.head.year);
    for month in course.from.month()..=last.month() {
        let is_last = month == last.month();
        let date = if is_last { world.dice.between(5, 8) } else { world.dice.between(24, 27) };
        let day = Day::new(last.year(), month, i8::try_from(date).unwrap_or(25));
        let Some(day) = day.filter(|day| *day < course.until) else { continue };
        let share = if is_last { i32::from(percent) } else { course.at(day, last, percent) };
        let slot = world.dice.below(5);
        world.at(day, slot, id, Step::Note(u8::try_from(share).ok()));
        if world.dice.chance(75) {
            world.at(day, slot + 1, id, Step::Evidence);
        }
    }
}

/// Lays out a node: reported about its day, later the worse its item stands; the last one of a red item stays open.
fn lay_node(world: &mut World, id: DutyId, item: &Item, node: &Node, fate: Fate, closed: Option<Day>) {
    let last = horizon(world.book.head.year);
    sign(world, id);
    let due = closed.map_or(node.due, |day| node.due.min(world.before(day, 3)));
    if due > last && closed.is_none() {
        if world.dice.chance(40) {
            let back = world.dice.between(5, 30);
            world.at(world.before(last, back), 2, id, Step::Start);
        }
        return;
    }
    let back = world.dice.between(12, 20);
    world.at(world.before(due, back), 2, id, Step::Start);
    let second = item.nodes.iter().filter(|n| n.due < node.due && n.due <= last).count() > 0;
    let stays = fate == Fate::Red
        && second
        && (node.due > Day::new(last.year(), 6, 30).unwrap_or(last) || item.due > last);
    if stays {
        let days = world.dice.between(5, 9);
        world.at(world.before(due, days), 1, id, Step::Note(Some(40)));
        if let Some(case) = world.cases.get_mut(&id) {
            case.script.pinned = true;
        }
        return;
    }
    let late = match fate {
        Fate::Yellow if second => world.dice.between(2, 14),
        Fate::Red => world.dice.between(1, 10),
        _ if world.dice.chance(6) => world.dice.between(1, 4),
        _ => -world.dice.between(0, 8),
    };
    let finish = if late > 0 { world.after(due, late) } else { world.before(due, -late) };
    world.at(world.before(finish, 2), 1, id, Step::Evidence);
    world.at(world.before(finish, 1), 2, id, Step::Note(Some(90)));
    if world.dice.chance(50) {
        world.at(world.before(finish, 1), 3, id, Step::Evidence);
    }
    let slot = world.dice.below(5);
    world.at(finish, slot, id, Step::Submit);
}
