//! The year's plan in play: its lines are loaded once, and each moves towards the picture of the horizon day.
//!
//! What the picture shows (which line is late, how far each has come) is no fact about the district: the table below is
//! simulated and its duties are marked so. The named lines follow the design's pages; the rest is drawn, so that of the
//! 158 about 115 are green, 22 yellow, 11 red and 10 done.

use crate::deed::{Bid, Deed};
use crate::words::remark;
use crate::world::{Script, Step, World};
use base::{Fault, Outcome};
use duty::act::With;
use kernel::duty::{Command, Ground, GroundKind, Mark, NewDuty, Priority, Visibility};
use kernel::playbook::{Item, Node, Source};
use kernel::text::Title;
use kernel::{Day, DutyId, PostCode, Slug, UnitCode};
use std::collections::{BTreeMap, BTreeSet};

/// How a line stands on the horizon day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Green,
    Yellow,
    Red,
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
    ("M-024", Fate::Yellow, 55),
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
/// Lines by punch: red, yellow, done, and the bounds of how many points green ones lag (negative: are ahead). Simulated.
const COUNTS: [(&str, usize, usize, usize, (i32, i32)); 3] =
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
        // A line whose unit nobody works for is never signed, and red by itself.
        let (orphans, rest): (Vec<&Item>, Vec<&Item>) = free.iter().partition(|i| world.handler(&i.lead).is_none());
        free = rest;
        for item in orphans {
            out.insert(item.code.clone(), (Fate::Red, 0));
        }
        for (fate, wanted) in [(Fate::Red, red), (Fate::Yellow, yellow), (Fate::Done, done)] {
            let have = items.iter().filter(|i| out.get(&i.code).is_some_and(|(f, _)| *f == fate)).count();
            for _ in have..wanted {
                let at = world.dice.below(free.len());
                // The government office's own lines wait for a closer outside it; measured lines have figures.
                let plain = |i: &&Item| i.measure.is_none() && i.lead.as_str() != "zfb";
                let Some(at) = (0..free.len()).map(|n| (at + n) % free.len()).find(|n| free.get(*n).is_some_and(plain))
                else {
                    break;
                };
                let item = free.remove(at);
                let points = match fate {
                    Fate::Red => world.dice.between(32, 39),
                    Fate::Yellow => world.dice.between(12, 25),
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

/// A line about to be loaded.
struct Line {
    code: Slug,
    title: String,
    kind: &'static str,
    lead: UnitCode,
    patron: PostCode,
    due: Day,
    criterion: String,
    basis: String,
    source: Source,
    parent: Option<Slug>,
}

fn item_line(item: &Item) -> Line {
    Line {
        code: item.code.clone(),
        title: item.title.zh.clone(),
        kind: "plan_item",
        lead: item.lead.clone(),
        patron: item.patron.clone(),
        due: item.due,
        criterion: item.criterion.zh.clone(),
        basis: item.basis.zh.clone(),
        source: item.source.clone(),
        parent: None,
    }
}

fn node_line(item: &Item, node: &Node) -> Line {
    Line {
        code: node.code.clone(),
        title: item.node_title(node).zh,
        kind: "plan_task",
        lead: node.lead.clone().unwrap_or_else(|| item.lead.clone()),
        due: node.due,
        source: node.source.clone(),
        parent: Some(item.code.clone()),
        ..item_line(item)
    }
}

fn lines(item: &Item) -> Vec<Line> {
    let mut out = vec![item_line(item)];
    out.extend(item.nodes.iter().map(|node| node_line(item, node)));
    out.extend(item.parts.iter().map(|part| Line {
        code: part.code.clone(),
        title: part.title.zh.clone(),
        kind: "plan_task",
        lead: part.lead.clone(),
        patron: part.patron.clone(),
        due: part.due,
        source: part.source.clone(),
        parent: Some(item.code.clone()),
        ..item_line(item)
    }));
    out
}

/// Makes every line of the plan a duty of its lead, as the planner's post. Lines that are there already are left alone.
pub(crate) async fn load(world: &mut World) -> Outcome<()> {
    let book = world.book.clone();
    let planner = world.outside("planner", None).ok_or_else(|| Fault::broken("no post plans"))?;
    let superintendent = world.outside("supervisor", None);
    let lines: Vec<Line> = book.plan.items.values().flat_map(lines).filter(|l| l.due > world.app.now().day()).collect();
    let mut ids: BTreeMap<Slug, DutyId> = BTreeMap::new();
    let mut bids = Vec::new();
    for line in &lines {
        let district = world.district;
        let code = line.code.to_string();
        let found = world.app.db.read(move |tx| duty::store::by_number(tx, district, &code)).await?;
        if let Some(id) = found {
            ids.insert(line.code.clone(), id);
            continue;
        }
        let id = DutyId::new(world.app.ids.next(world.app.now()));
        ids.insert(line.code.clone(), id);
        let parent = line.parent.as_ref().and_then(|code| ids.get(code)).copied();
        let form = form(line, parent, superintendent.clone().filter(|p| p.unit_part() != line.lead.as_str()))?;
        let with = With { id: Some(id), number: Some(line.code.to_string()), ..With::default() };
        let command = Box::new(Command::Register { form: Box::new(form) });
        bids.push(Bid { post: planner.clone(), deed: Deed::Register { command, with } });
        let lead = line.lead.clone();
        let assign = Command::Assign { lead, handler: None, superintendent: None, patron: None, due: None };
        bids.push(Bid { post: planner.clone(), deed: Deed::act(id, assign) });
    }
    for outcome in world.run(&bids).await? {
        outcome?;
    }
    take_up(world, &ids).await
}

fn form(line: &Line, parent: Option<DutyId>, superintendent: Option<PostCode>) -> Outcome<NewDuty> {
    let mark = if line.source.is_article() { Mark::Article } else { Mark::Example };
    let ground = Ground {
        kind: GroundKind::Document,
        text: remark(&line.basis)?,
        day: None,
        source: line.source.to_string(),
    };
    let title: String = line.title.chars().take(Title::MAX).collect();
    Ok(NewDuty {
        kind: Slug::parse("kind", line.kind)?,
        title: Title::parse("title", &title)?,
        ground: vec![ground],
        criterion: remark(&line.criterion)?,
        priority: Priority::General,
        visibility: Visibility::Public,
        superintendent,
        patron: Some(line.patron.clone()),
        parent,
        relations: BTreeSet::new(),
        place: None,
        planned_due: Some(line.due),
        marks: BTreeSet::from([mark]),
    })
}

/// Takes the loaded lines into play and lays out their year.
async fn take_up(world: &mut World, ids: &BTreeMap<Slug, DutyId>) -> Outcome<()> {
    let fates = fates(world);
    let book = world.book.clone();
    for item in book.plan.items.values() {
        let Some(&(fate, percent)) = fates.get(&item.code) else { continue };
        let closed = lay_item(world, ids, item, fate, percent).await?;
        for node in &item.nodes {
            if let Some(id) = keep(world, ids, &node.code).await? {
                lay_node(world, id, item, node, fate, closed);
            }
        }
        for part in &item.parts {
            if let Some(id) = keep(world, ids, &part.code).await? {
                let named = SHARES.iter().find(|(code, _)| *code == part.code.as_str()).map(|(_, p)| *p);
                sign(world, id);
                start(world, id, 5);
                lay_notes(world, id, first_day(item, book.head.year), named.unwrap_or(percent));
            }
        }
    }
    Ok(())
}

async fn keep(world: &mut World, ids: &BTreeMap<Slug, DutyId>, code: &Slug) -> Outcome<Option<DutyId>> {
    let (Some(&id), district) = (ids.get(code), world.district) else { return Ok(None) };
    let found = world.app.db.read(move |tx| duty::store::find(tx, district, id)).await?;
    let script = Script { planned: true, ..Script::default() };
    Ok(found.map(|duty| world.keep(duty, script)))
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
async fn lay_item(
    world: &mut World,
    ids: &BTreeMap<Slug, DutyId>,
    item: &Item,
    fate: Fate,
    percent: u8,
) -> Outcome<Option<Day>> {
    let Some(id) = keep(world, ids, &item.code).await? else { return Ok(None) };
    let year = world.book.head.year;
    sign(world, id);
    start(world, id, 6);
    lay_notes(world, id, first_day(item, year), percent);
    if let Some(case) = world.cases.get_mut(&id) {
        case.script.pinned = fate != Fate::Done;
    }
    if fate != Fate::Done {
        return Ok(None);
    }
    let back = world.dice.between(12, 55);
    let finish = world.before(horizon(year), back);
    world.at(world.before(finish, 2), 1, id, Step::Evidence);
    world.at(world.before(finish, 1), 2, id, Step::Note(Some(100)));
    world.at(finish, 3, id, Step::Submit);
    Ok(Some(finish))
}

/// Monthly notes that rise to `percent` on the horizon day.
fn lay_notes(world: &mut World, id: DutyId, from: Day, percent: u8) {
    let year = world.book.head.year;
    let last = horizon(year);
    let whole = (last.number() - from.number()).max(1);
    for month in from.month()..=last.month() {
        let date = if month == last.month() { world.dice.between(5, 8) } else { world.dice.between(24, 27) };
        let Some(day) = Day::new(year, month, i8::try_from(date).unwrap_or(25)) else { continue };
        let gone = (day.number() - from.number()).clamp(0, whole);
        let is_last = month == last.month();
        let share = if is_last { i32::from(percent) } else { i32::from(percent) * gone / whole };
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
    let stays = fate == Fate::Red && second && (node.due > Day::new(last.year(), 6, 30).unwrap_or(last) || item.due > last);
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
