//! The one decision: whistle, command and facts in; events or a refusal out. Pure (D§B.2, row by row).

use super::command::{Command, TaskAsk};
use super::event::Event;
use super::judge;
use super::model::{Call, CallAsk, Task, Whistle};
use super::refusal::WhistleRefusal as No;
use super::score;
use super::vocab::{Act, How, MissKind, Outcome, Sheet, Side, Stage};
use kernel::calendar::Calendar;
use kernel::clock::{Limit, due_at};
use kernel::money::Decimal;
use kernel::playbook::{Playbook, WhistleRules};
use kernel::text::Remark;
use kernel::{DutyId, Instant, PostCode, Slug, UnitCode};
use std::collections::BTreeMap;

/// Most tasks of a joint plan.
pub const MAX_TASKS: usize = 20;

/// The limits of one department's duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dues {
    /// By when it acknowledges.
    pub ack: Option<Instant>,
    /// By when it is on site.
    pub arrival: Option<Instant>,
    /// How long it has for that.
    pub arrival_length: Option<Limit>,
    /// By when it is done.
    pub main: Option<Instant>,
    /// The warning time of the rule.
    pub warn: Option<Limit>,
}

/// Everything beside whistle and command that a decision looks at.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Now.
    pub now: Instant,
    /// The post that acts.
    pub post: &'a PostCode,
    /// Its unit.
    pub unit: &'a UnitCode,
    /// The playbook in force.
    pub book: &'a Playbook,
    /// What all whistles have in common.
    pub rules: &'a WhistleRules,
    /// The calendar in force.
    pub cal: &'a Calendar,
    /// Limits by duty.
    pub dues: &'a BTreeMap<DutyId, Dues>,
    /// Fresh ids for duties that the act brings forth.
    pub ids: &'a [DutyId],
    /// The leader in charge of a unit.
    pub leader: &'a dyn Fn(&UnitCode) -> Option<PostCode>,
    /// The revision that the person saw.
    pub rev: Option<u64>,
}

impl Facts<'_> {
    fn dues(&self, call: &Call) -> Dues {
        self.dues.get(&call.duty).copied().unwrap_or_default()
    }
    fn met(&self, due: Option<Instant>) -> Option<bool> {
        due.map(|due| self.now <= due)
    }
    fn is_street(&self, whistle: &Whistle) -> bool {
        *self.unit == whistle.street
    }
}

/// Says what follows from `command`, in order.
///
/// # Errors
/// The first reason that applies: the page is stale, the stage does not admit it, it is not yours, it breaks a rule.
pub fn decide(whistle: &Whistle, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, No> {
    if let Some(given) = facts.rev
        && given != whistle.rev
    {
        return Err(No::Stale { given, now: whistle.rev });
    }
    open(command.act(), whistle, facts)?;
    match command {
        Command::Solve { text, resident } => {
            let resident = resident.clone().ok_or(No::ResidentNotAsked {})?;
            Ok(vec![Event::SolvedLocally { text: text.clone(), resident }])
        }
        Command::Sound { kind, ask, calls } => sound(kind, ask, calls, facts, whistle.id),
        Command::Call { call } => further(whistle, call, facts),
        Command::Ack => {
            let call = own(whistle, facts)?;
            let in_time = facts.met(facts.dues(call).ack);
            Ok(vec![Event::Acked { unit: call.unit.clone(), in_time }])
        }
        Command::Dispute { cited, ground } => dispute(whistle, cited, ground, facts),
        Command::Rule { unit, outcome, to, ground } => {
            rule(whistle, unit, *outcome, to.as_ref(), ground, facts)
        }
        Command::Muster { post, decides, authority } => {
            muster(whistle, post.as_ref(), *decides, authority.as_ref(), facts)
        }
        Command::Plan { tasks, note } => plan(whistle, tasks, note.as_ref(), facts),
        Command::Done { text, .. } => {
            let call = own(whistle, facts)?;
            let in_time = facts.met(facts.dues(call).main);
            Ok(vec![Event::Done { unit: call.unit.clone(), text: text.clone(), in_time }])
        }
        Command::Release { unit, why } => release(whistle, unit, why),
        Command::Confirm { side, done, note, how, units } => {
            let word = Said { side: *side, done: *done, note, how: *how, units };
            confirm(whistle, &word, facts)
        }
        Command::Score { unit, points, note } => scored(whistle, unit.as_ref(), points, note.as_ref(), facts),
        Command::Contest { unit, why } => contest(whistle, unit.as_ref(), why, facts),
        Command::Settle { unit, sheet, points, ground } => {
            let call = whistle.call(unit).ok_or_else(|| No::NotCalled { unit: unit.clone() })?;
            let scores = call.sheet(*sheet).ok_or(No::NotScored {})?;
            if !scores.is_contested() {
                return Err(No::NothingToSettle {});
            }
            let points = score::settle(facts.rules, *sheet, points)?;
            Ok(vec![Event::Settled { unit: unit.clone(), sheet: *sheet, points, ground: ground.clone() }])
        }
        Command::Cancel { why } => Ok(vec![Event::Cancelled { why: why.clone() }]),
    }
}

/// Whether an act is open to a unit now, before looking at what the command says: pages ask it for every button.
///
/// # Errors
/// Why it is not.
pub fn open(act: Act, whistle: &Whistle, facts: &Facts<'_>) -> Result<(), No> {
    use Stage as S;
    let stage = whistle.stage();
    let at_work =
        matches!(stage, S::Sounded | S::Arbitrating | S::Acked | S::Mustered | S::Working | S::Checking);
    let admits = match act {
        Act::Solve | Act::Sound => stage == S::Need,
        Act::Cancel => matches!(stage, S::Need | S::Sounded | S::Arbitrating | S::Acked | S::Mustered),
        Act::Call | Act::Release | Act::Ack | Act::Dispute | Act::Rule | Act::Muster => at_work,
        Act::Plan => matches!(stage, S::Mustered | S::Working | S::Checking),
        Act::Done => matches!(stage, S::Acked | S::Mustered | S::Working),
        Act::Confirm => stage == S::Checking,
        Act::Score | Act::Contest | Act::Settle => matches!(stage, S::Scored | S::Closed),
    };
    if !admits {
        return Err(No::WrongStage { act, stage });
    }
    let street_only = match act {
        Act::Sound | Act::Call | Act::Release => true,
        Act::Cancel => stage != S::Need,
        _ => false,
    };
    if street_only && !facts.is_street(whistle) {
        return Err(No::StreetOnly { act, street: whistle.street.clone() });
    }
    match act {
        Act::Ack | Act::Dispute | Act::Muster | Act::Done => own_part(act, whistle, facts),
        Act::Rule if !whistle.active().any(Call::is_disputed) => {
            Err(No::NothingToRule { unit: whistle.street.clone() })
        }
        Act::Plan if whistle.plan.is_some() => Err(No::PlannedAlready {}),
        Act::Plan if !facts.is_street(whistle) => own(whistle, facts).map(|_| ()),
        Act::Score => open_sheet(whistle, facts),
        Act::Contest => judged(whistle, facts),
        Act::Settle => {
            let waits = |call: &Call| {
                Sheet::ALL
                    .iter()
                    .any(|sheet| call.sheet(*sheet).is_some_and(super::model::Scores::is_contested))
            };
            whistle.active().any(waits).then_some(()).ok_or(No::NothingToSettle {})
        }
        _ => Ok(()),
    }
}

/// The part of the acting unit.
fn own<'w>(whistle: &'w Whistle, facts: &Facts<'_>) -> Result<&'w Call, No> {
    whistle.call(facts.unit).ok_or_else(|| No::NotCalled { unit: facts.unit.clone() })
}

fn own_part(act: Act, whistle: &Whistle, facts: &Facts<'_>) -> Result<(), No> {
    let call = own(whistle, facts)?;
    if call.is_disputed() {
        return Err(No::Disputed {});
    }
    match act {
        Act::Ack if call.ack.is_some() => Err(No::AckedAlready {}),
        Act::Dispute => may_dispute(whistle, call, facts),
        Act::Muster if call.ack.is_none() => Err(No::NotAcked {}),
        Act::Muster if call.muster.is_some() => Err(No::MusteredAlready {}),
        Act::Done if call.muster.is_none() => Err(No::NotMustered {}),
        Act::Done if whistle.plan.is_none() => Err(No::NoPlan {}),
        Act::Done if call.done.is_some() => Err(No::DoneAlready {}),
        _ => Ok(()),
    }
}

/// Once; before arrival, but in an emergency only after it (D§B.2).
fn may_dispute(whistle: &Whistle, call: &Call, facts: &Facts<'_>) -> Result<(), No> {
    let before = whistle.kind.as_ref().and_then(|kind| facts.book.whistle(kind.as_str()));
    let before = before.is_none_or(|kind| kind.dispute_before_arrival);
    match (call.dispute.is_some(), call.done.is_some(), before, call.muster.is_some()) {
        (true, ..) => Err(No::DisputeSpent {}),
        (_, true, ..) => Err(No::DoneAlready {}),
        (_, _, true, true) => Err(No::DisputeLate {}),
        (_, _, false, false) => Err(No::DisputeBeforeArrival {}),
        _ => Ok(()),
    }
}

fn sound(
    kind: &Slug,
    ask: &Remark,
    calls: &[CallAsk],
    facts: &Facts<'_>,
    id: DutyId,
) -> Result<Vec<Event>, No> {
    facts.book.whistle(kind.as_str()).ok_or_else(|| No::UnknownType { given: kind.clone() })?;
    judge::calls(calls, facts)?;
    let mut events = vec![Event::Sounded { kind: kind.clone(), ask: ask.clone() }];
    let duties = std::iter::once(id).chain(facts.ids.iter().copied());
    for (n, (call, duty)) in calls.iter().zip(duties).enumerate() {
        events.push(Event::Called { call: call.clone(), duty, lead: n == 0 });
    }
    Ok(events)
}

fn further(whistle: &Whistle, call: &CallAsk, facts: &Facts<'_>) -> Result<Vec<Event>, No> {
    if whistle.call(&call.unit).is_some() {
        return Err(No::CalledTwice { unit: call.unit.clone() });
    }
    let n = whistle.active().count() + 1;
    if n > judge::MAX_CALLS {
        return Err(No::TooManyCalls { n, max: judge::MAX_CALLS });
    }
    judge::may_call(facts.book, &call.unit, &call.entry, facts.now)?;
    let duty = facts.ids.first().copied().ok_or(No::NoCalls {})?;
    Ok(vec![Event::Called { call: call.clone(), duty, lead: false }])
}

fn dispute(whistle: &Whistle, cited: &Slug, ground: &Remark, facts: &Facts<'_>) -> Result<Vec<Event>, No> {
    let call = own(whistle, facts)?;
    if call.entry == *cited {
        return Err(No::SameEntry { entry: cited.clone() });
    }
    facts.book.mandate(cited.as_str()).ok_or_else(|| No::UnknownEntry { given: cited.clone() })?;
    let due = due_at(facts.now, facts.rules.ruling, facts.cal);
    Ok(vec![Event::Disputed { unit: call.unit.clone(), cited: cited.clone(), ground: ground.clone(), due }])
}

fn rule(
    whistle: &Whistle,
    unit: &UnitCode,
    outcome: Outcome,
    to: Option<&UnitCode>,
    ground: &Remark,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, No> {
    let call = whistle.call(unit).filter(|call| call.is_disputed());
    let nothing = || No::NothingToRule { unit: unit.clone() };
    let (call, dispute) = call.and_then(|call| Some((call, call.dispute.as_ref()?))).ok_or_else(nothing)?;
    let (to, entry) = match outcome {
        Outcome::Keep | Outcome::Misuse => (unit.clone(), call.entry.clone()),
        Outcome::Move => {
            let owner = facts.book.mandate(dispute.cited.as_str()).and_then(|entry| entry.lead.as_ref());
            let to = to.or(owner).filter(|to| *to != unit);
            let to = to.ok_or_else(|| No::NoTarget { entry: dispute.cited.clone() })?;
            if whistle.call(to).is_some() {
                return Err(No::CalledTwice { unit: to.clone() });
            }
            judge::may_call(facts.book, to, &dispute.cited, facts.now)?;
            (to.clone(), dispute.cited.clone())
        }
    };
    let in_time = facts.now <= dispute.due;
    Ok(vec![Event::Ruled { unit: unit.clone(), outcome, to, entry, ground: ground.clone(), in_time }])
}

fn muster(
    whistle: &Whistle,
    post: Option<&PostCode>,
    decides: bool,
    authority: Option<&Remark>,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, No> {
    let call = own(whistle, facts)?;
    let unit = call.unit.clone();
    let post = post.unwrap_or(facts.post);
    let found = facts.book.post(post).filter(|found| found.unit == unit);
    let found = found.ok_or_else(|| No::PostElsewhere { unit: unit.clone() })?;
    let post = post.clone();
    if !decides {
        return Ok(vec![Event::Watched { unit, post }]);
    }
    // A head decides by the post; anybody else by the word of somebody who may (D§15.16).
    let head = found.has_role("unit_chief");
    if !head && authority.is_none() {
        return Err(No::AuthorityNeeded {});
    }
    let in_time = facts.met(facts.dues(call).arrival);
    Ok(vec![Event::Mustered { unit, post, authority: authority.cloned(), in_time }])
}

fn plan(
    whistle: &Whistle,
    tasks: &[TaskAsk],
    note: Option<&Remark>,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, No> {
    if tasks.is_empty() {
        return Err(No::NoTasks {});
    }
    if tasks.len() > MAX_TASKS {
        return Err(No::TooManyTasks { n: tasks.len(), max: MAX_TASKS });
    }
    for task in tasks {
        if task.unit != whistle.street && whistle.call(&task.unit).is_none() {
            return Err(No::TaskElsewhere { unit: task.unit.clone() });
        }
        if task.due < facts.now.day() {
            return Err(No::TaskPast { due: task.due });
        }
    }
    let made = tasks.iter().zip(facts.ids).map(|(task, duty)| Task {
        duty: *duty,
        unit: task.unit.clone(),
        what: task.what.clone(),
        due: task.due,
    });
    Ok(vec![Event::Planned { tasks: made.collect(), note: note.cloned() }])
}

fn release(whistle: &Whistle, unit: &UnitCode, why: &Remark) -> Result<Vec<Event>, No> {
    let call = whistle.call(unit).ok_or_else(|| No::NotCalled { unit: unit.clone() })?;
    if call.lead {
        return Err(No::ReleaseLead {});
    }
    if let Some(dispute) = call.dispute.as_ref().filter(|_| call.is_disputed()) {
        return Err(No::RulingPending { until: dispute.due });
    }
    if call.done.is_some() {
        return Err(No::DoneAlready {});
    }
    Ok(vec![Event::Released { unit: unit.clone(), why: why.clone() }])
}

/// A word on the result.
struct Said<'a> {
    side: Side,
    done: bool,
    note: &'a Remark,
    how: Option<How>,
    units: &'a [UnitCode],
}

fn confirm(whistle: &Whistle, said: &Said<'_>, facts: &Facts<'_>) -> Result<Vec<Event>, No> {
    let Said { side, note, how, .. } = *said;
    if side == Side::Street && !facts.is_street(whistle) {
        return Err(No::StreetOnly { act: Act::Confirm, street: whistle.street.clone() });
    }
    if whistle.word(side).is_some() {
        return Err(No::WordGiven { side });
    }
    let other = match side {
        Side::Street => whistle.word(Side::Resident),
        Side::Resident => whistle.word(Side::Street),
    };
    if other.is_some_and(|word| word.by == *facts.post) {
        return Err(No::OneHand {});
    }
    let note = note.clone();
    if said.done {
        return Ok(vec![Event::Confirmed { side, note, how }]);
    }
    let lead = whistle.lead().map(|call| call.unit.clone());
    let units = if said.units.is_empty() { lead.clone().into_iter().collect() } else { said.units.to_vec() };
    if let Some(stray) = units.iter().find(|unit| whistle.call(unit).is_none()) {
        return Err(No::NotCalled { unit: stray.clone() });
    }
    let first = units.first().cloned().or(lead);
    let mut events = vec![Event::NotDone { side, note, how, units }];
    // The first time it goes back to work; the second time to the leader in charge (D§B.2).
    if let (true, None, Some(unit)) =
        (whistle.not_done + 1 >= facts.rules.no_show_max, &whistle.escalation, first)
    {
        let leader = (facts.leader)(&unit);
        events.push(Event::Escalated { unit, kind: MissKind::Stall, leader });
    }
    Ok(events)
}

/// Which sheet the acting unit fills in, and for which part.
fn sheet_of<'w>(
    whistle: &'w Whistle,
    unit: Option<&UnitCode>,
    facts: &Facts<'_>,
) -> Result<(Sheet, &'w Call), No> {
    let find = |unit: &UnitCode| whistle.call(unit).ok_or_else(|| No::NotCalled { unit: unit.clone() });
    if facts.is_street(whistle) {
        let unit = unit.or_else(|| whistle.lead().map(|call| &call.unit));
        return Ok((Sheet::Department, find(unit.unwrap_or(facts.unit))?));
    }
    Ok((Sheet::Street, find(facts.unit)?))
}

fn open_sheet(whistle: &Whistle, facts: &Facts<'_>) -> Result<(), No> {
    if facts.is_street(whistle) {
        let sheet = Sheet::Department;
        let some = whistle.active().any(|call| call.score.is_none());
        return some.then_some(()).ok_or(No::ScoredAlready { sheet });
    }
    let sheet = Sheet::Street;
    own(whistle, facts)?.back.is_none().then_some(()).ok_or(No::ScoredAlready { sheet })
}

fn scored(
    whistle: &Whistle,
    unit: Option<&UnitCode>,
    points: &BTreeMap<Slug, Decimal>,
    note: Option<&Remark>,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, No> {
    let (sheet, call) = sheet_of(whistle, unit, facts)?;
    if call.sheet(sheet).is_some() {
        return Err(No::ScoredAlready { sheet });
    }
    let (points, computed) = score::fill(facts.rules, call, sheet, points)?;
    Ok(vec![Event::Scored { unit: call.unit.clone(), sheet, points, computed, note: note.cloned() }])
}

/// Whoever is judged: the department by the street's sheet, the street by the department's.
fn judged(whistle: &Whistle, facts: &Facts<'_>) -> Result<(), No> {
    let sheet = if facts.is_street(whistle) { Sheet::Street } else { Sheet::Department };
    let mine = |call: &&Call| facts.is_street(whistle) || call.unit == *facts.unit;
    let mut sheets = whistle.active().filter(mine).filter_map(|call| call.sheet(sheet)).peekable();
    if sheets.peek().is_none() {
        return Err(No::NotScored {});
    }
    sheets.any(|scores| scores.contest.is_none()).then_some(()).ok_or(No::ContestedAlready {})
}

fn contest(
    whistle: &Whistle,
    unit: Option<&UnitCode>,
    why: &Remark,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, No> {
    let (own_sheet, call) = sheet_of(whistle, unit, facts)?;
    let sheet = match own_sheet {
        Sheet::Department => Sheet::Street,
        Sheet::Street => Sheet::Department,
    };
    let scores = call.sheet(sheet).ok_or(No::NotScored {})?;
    if scores.contest.is_some() {
        return Err(No::ContestedAlready {});
    }
    Ok(vec![Event::Contested { unit: call.unit.clone(), sheet, why: why.clone() }])
}

/// What follows when the watched moment of a part has passed: the miss, and with the second one the leader in charge,
/// with a further one the quarterly session. Nothing when it has not passed.
pub fn missed(whistle: &Whistle, call: &Call, facts: &Facts<'_>) -> Vec<Event> {
    let max = facts.rules.no_show_max;
    let Some((kind, due)) = judge::watch(whistle, call, &facts.dues(call), max, facts.cal) else {
        return Vec::new();
    };
    if facts.now <= due {
        return Vec::new();
    }
    let unit = call.unit.clone();
    let n = u32::try_from(call.misses.len()).unwrap_or(u32::MAX).saturating_add(1);
    let mut events = vec![Event::Missed { unit: unit.clone(), kind, due }];
    if n == max {
        let leader = (facts.leader)(&unit);
        events.push(Event::Escalated { unit, kind, leader });
    } else if n > max && whistle.quarterly.is_none() {
        events.push(Event::Listed { unit });
    }
    events
}
