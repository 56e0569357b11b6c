//! What an act does: the whistle first, then its duties, then who hears of it. The duties' follower sees the new whistle
//! and so knows that the act came from here.

use super::act::{meta, record};
use super::command::Command;
use super::event::Event;
use super::facts::Loaded;
use super::judge;
use super::model::{Call, Whistle};
use super::store::{self, Derived};
use super::vocab::{Outcome as Ruled, Side};
use super::{TASK_KIND, board, score, tell};
use base::files::{self, Admitted};
use base::op::Op;
use base::{Fault, Outcome};
use duty::act::{With, perform_unjudged, register_unjudged};
use kernel::duty::{
    Command as DutyCommand, Duty, EvidenceKind, GroundKind, NewDuty, OutcomeClass, ReturnReason, Sha256Hex,
    Solved, StateName, VerificationKind,
};
use kernel::text::{Body, Remark, Title};
use kernel::{DutyId, FileId, PostCode, Slug, UnitCode};
use std::collections::{BTreeMap, BTreeSet};

/// An act that was decided: the command that it came from (none for jobs), its events, and files that come with it.
pub(super) struct Deed<'a> {
    /// The command.
    pub(super) command: Option<&'a Command>,
    /// What follows.
    pub(super) events: Vec<Event>,
    /// Evidence whose bytes were put already.
    pub(super) files: &'a [(Admitted, EvidenceKind)],
}

/// Applies and records the events, saves the row, acts on the duties, tells who must hear.
pub(super) fn carry_out(
    op: &mut Op<'_, '_>,
    mut whistle: Whistle,
    id: DutyId,
    deed: &Deed<'_>,
    loaded: &Loaded,
) -> Outcome<Whistle> {
    if deed.events.is_empty() {
        return Ok(whistle);
    }
    let from = whistle.rev;
    let before = whistle.clone();
    note(op, &mut whistle, &deed.events)?;
    let derived = derive(&whistle, loaded)?;
    store::update(op.tx, op.district(), &whistle, &derived, from)?;
    board::count(op, &whistle, &deed.events)?;
    for event in &deed.events {
        on_duties(op, &before, &whistle, event, deed, id)?;
    }
    // New parts have their limits only now.
    if deed.events.iter().any(moves_limits) {
        let duty = duty::store::find(op.tx, op.district(), whistle.id)?;
        let duty = duty.ok_or_else(|| Fault::broken("a whistle without its duty"))?;
        let loaded = Loaded::new(op, &whistle, &duty, 0)?;
        let derived = derive(&whistle, &loaded)?;
        store::update(op.tx, op.district(), &whistle, &derived, whistle.rev)?;
    }
    tell::tell(op, &whistle, &deed.events, &loaded.book)?;
    Ok(whistle)
}

fn moves_limits(event: &Event) -> bool {
    matches!(
        event,
        Event::Called { .. } | Event::Ruled { .. } | Event::Mustered { .. } | Event::NotDone { .. }
    )
}

/// Applies and records events without touching any duty: for acts that came from a duty's own page.
pub(super) fn note(op: &mut Op<'_, '_>, whistle: &mut Whistle, events: &[Event]) -> Outcome<()> {
    let meta = meta(op);
    for event in events {
        whistle.apply(event, &meta);
        record(op, whistle, event)?;
    }
    Ok(())
}

/// What the row holds beside the whistle.
pub(super) fn derive(whistle: &Whistle, loaded: &Loaded) -> Outcome<Derived> {
    let max = loaded.rules()?.no_show_max;
    let mut watch = BTreeMap::new();
    for call in &whistle.calls {
        let dues = loaded.dues().get(&call.duty).copied().unwrap_or_default();
        if let Some((_, at)) = judge::watch(whistle, call, &dues, max, &loaded.cal) {
            watch.insert(call.duty, at);
        }
    }
    let ripe = whistle.end.is_none() && whistle.is_confirmed();
    let patron = whistle.escalation.as_ref().and_then(|escalation| escalation.leader.clone());
    Ok(Derived { watch, patron, ripe })
}

/// The duties' side of one event.
fn on_duties(
    op: &mut Op<'_, '_>,
    before: &Whistle,
    whistle: &Whistle,
    event: &Event,
    deed: &Deed<'_>,
    id: DutyId,
) -> Outcome<()> {
    match event {
        Event::SolvedLocally { text, .. } | Event::Cancelled { why: text } => end(op, whistle, text),
        Event::Called { call, duty, lead } => called(op, whistle, (&call.unit, &call.entry, *lead), *duty),
        Event::Acked { unit, .. } => on(op, whistle, unit, &DutyCommand::Accept { handler: None }),
        Event::Disputed { unit, ground, .. } => disputed(op, whistle, unit, ground),
        Event::Ruled { unit, outcome, to, entry, ground, .. } => {
            let call = before.call(unit).ok_or_else(|| Fault::broken("a ruling without a part"))?;
            ruled(op, whistle, call, (*outcome, to, entry), ground)
        }
        Event::Mustered { unit, post, .. } => mustered(op, whistle, unit, post),
        Event::Planned { tasks, .. } => {
            for task in tasks {
                let due = task.due;
                make_task(op, whistle, (task.duty, &task.unit, &task.what), due)?;
            }
            Ok(())
        }
        Event::Done { unit, text, .. } => done(op, whistle, unit, text, deed),
        Event::Released { unit, why } => {
            let call = before.call(unit).ok_or_else(|| Fault::broken("a release without a part"))?;
            let duty = part(op, call.duty)?;
            cancel(op, duty, why)
        }
        Event::NotDone { units, note, .. } => {
            for unit in units {
                on(op, whistle, unit, &DutyCommand::Reject { defects: vec![note.clone()] })?;
            }
            Ok(())
        }
        Event::Confirmed { .. } if whistle.is_confirmed() => verify(op, whistle),
        Event::Escalated { leader: Some(leader), .. } => {
            let duty = part(op, id)?;
            let command = DutyCommand::SetPatron { patron: Some(leader.clone()) };
            unjudged(op, duty, &command).map(|_| ())
        }
        _ => Ok(()),
    }
}

/// The duty of a part as it stands.
fn part(op: &mut Op<'_, '_>, id: DutyId) -> Outcome<Duty> {
    let duty = duty::store::locked(op.tx, op.district(), id)?;
    duty.ok_or_else(|| Fault::broken(format!("a whistle's part {id} has no duty")))
}

/// An act that follows: judged already, told by the whistle itself, with the roles that the kind asks for.
fn unjudged(op: &mut Op<'_, '_>, duty: Duty, command: &DutyCommand) -> Outcome<Duty> {
    perform_unjudged(op, duty, command, &With { follows: true, quiet: true, ..With::default() })
}

fn on(op: &mut Op<'_, '_>, whistle: &Whistle, unit: &UnitCode, command: &DutyCommand) -> Outcome<()> {
    let call = whistle.call(unit).ok_or_else(|| Fault::broken("an act without a part"))?;
    let duty = part(op, call.duty)?;
    unjudged(op, duty, command).map(|_| ())
}

fn cancel(op: &mut Op<'_, '_>, duty: Duty, why: &Remark) -> Outcome<()> {
    if !duty.is_open() {
        return Ok(());
    }
    unjudged(op, duty, &DutyCommand::Cancel { reason: why.clone() }).map(|_| ())
}

/// Every open duty of a whistle is struck off: it was solved, withdrawn, or should not have been.
fn end(op: &mut Op<'_, '_>, whistle: &Whistle, why: &Remark) -> Outcome<()> {
    for child in duty::store::children(op.tx, op.district(), whistle.id)?.into_iter().filter(|c| c.open) {
        let duty = part(op, child.id)?;
        cancel(op, duty, why)?;
    }
    let duty = part(op, whistle.id)?;
    cancel(op, duty, why)
}

/// The lead gets the whistle's own duty under the clock of its type; a further department a supporting one, whose clock
/// is the same rule with limits of its own.
fn called(
    op: &mut Op<'_, '_>,
    whistle: &Whistle,
    (unit, entry, lead): (&UnitCode, &Slug, bool),
    id: DutyId,
) -> Outcome<()> {
    let book = op.core().book(op.district(), op.today())?;
    let clock =
        whistle.kind.as_ref().and_then(|kind| book.whistle(kind.as_str())).map(|kind| kind.clock.clone());
    let mandate = Some(entry.clone());
    let duty = part(op, whistle.id)?;
    if lead {
        // The street waits for the result, whoever raised the need.
        let superintendent =
            book.org.post_with_role(&whistle.street, "street_secretary").map(|p| p.code.clone());
        let command = DutyCommand::Assign {
            lead: unit.clone(),
            handler: None,
            superintendent,
            patron: None,
            due: None,
        };
        let with = With { follows: true, quiet: true, mandate, clock, ..With::default() };
        return perform_unjudged(op, duty, &command, &with).map(|_| ());
    }
    let asked = whistle.call(unit).and_then(|call| call.ask.clone()).or_else(|| whistle.ask.clone());
    let ask = asked.ok_or_else(|| Fault::broken("a call that asks nothing"))?;
    let command = DutyCommand::AddSupport { unit: unit.clone(), ask, due: None };
    let behalf = duty.lead.clone();
    let with = With { follows: true, quiet: true, mandate, behalf, id: Some(id), ..With::default() };
    perform_unjudged(op, duty, &command, &with).map(|_| ())
}

/// Before arrival the duty goes back for a ruling; after it (an emergency) the work goes on while the ruling is awaited.
fn disputed(op: &mut Op<'_, '_>, whistle: &Whistle, unit: &UnitCode, ground: &Remark) -> Outcome<()> {
    let call = whistle.call(unit).ok_or_else(|| Fault::broken("a dispute without a part"))?;
    let duty = part(op, call.duty)?;
    if !matches!(duty.state.name(), StateName::Assigned | StateName::Accepted) {
        return Ok(());
    }
    let reason = ReturnReason::NotMyDuty;
    unjudged(op, duty, &DutyCommand::Return { reason, ground: ground.clone() }).map(|_| ())
}

fn ruled(
    op: &mut Op<'_, '_>,
    whistle: &Whistle,
    call: &Call,
    (outcome, to, entry): (Ruled, &UnitCode, &Slug),
    ground: &Remark,
) -> Outcome<()> {
    let duty = part(op, call.duty)?;
    match outcome {
        Ruled::Misuse if call.lead => end(op, whistle, ground),
        Ruled::Misuse => cancel(op, duty, ground),
        // It never left the department: nothing to give back.
        Ruled::Keep if duty.state.name() != StateName::Arbitrating => Ok(()),
        Ruled::Keep | Ruled::Move => {
            let command = DutyCommand::Rule { lead: to.clone(), binds: true, ground: ground.clone() };
            let mandate = Some(entry.clone());
            let with = With { quiet: true, mandate, ..With::default() };
            let duty = perform_unjudged(op, duty, &command, &with)?;
            // A ruling that keeps it also keeps the signature.
            if outcome == Ruled::Keep && call.ack.is_some() {
                let handler = call.ack.as_ref().map(|ack| ack.by.clone());
                let behalf = Some(call.unit.clone());
                let with = With { follows: true, quiet: true, behalf, ..With::default() };
                perform_unjudged(op, duty, &DutyCommand::Accept { handler }, &with)?;
            }
            Ok(())
        }
    }
}

fn mustered(op: &mut Op<'_, '_>, whistle: &Whistle, unit: &UnitCode, post: &PostCode) -> Outcome<()> {
    let call = whistle.call(unit).ok_or_else(|| Fault::broken("a muster without a part"))?;
    let mut duty = part(op, call.duty)?;
    if duty.state.name() == StateName::Assigned {
        duty = unjudged(op, duty, &DutyCommand::Accept { handler: None })?;
    }
    let book = op.core().book(op.district(), op.today())?;
    let note = format!("到场报到：{}", org::names::unit_and_post(&book, post, kernel::Lang::Zh));
    let note = Remark::parse("note", &note)?;
    unjudged(op, duty, &DutyCommand::Start { note }).map(|_| ())
}

/// A task of the joint plan: a duty under the whistle, addressed to who came for the unit, else to its desk.
fn make_task(
    op: &mut Op<'_, '_>,
    whistle: &Whistle,
    (id, unit, what): (DutyId, &UnitCode, &Remark),
    due: kernel::Day,
) -> Outcome<()> {
    let book = op.core().book(op.district(), op.today())?;
    let came = whistle.call(unit).and_then(|call| call.muster.as_ref()).map(|muster| muster.by.clone());
    let handler = came.or_else(|| duty::effects::desk(&book, unit).map(|post| post.code.clone()));
    let parent = part(op, whistle.id)?;
    let text: String = format!("{} {what}", whistle.title).chars().take(Title::MAX).collect();
    let form = NewDuty {
        kind: Slug::parse("kind", TASK_KIND)?,
        title: Title::parse("title", &text.replace(['\n', '\r', '\t'], " "))?,
        ground: vec![kernel::duty::Ground {
            kind: GroundKind::MeetingDecision,
            text: Remark::parse("ground", &format!("{}联合方案", whistle.no))?,
            day: Some(op.today()),
            source: String::new(),
        }],
        criterion: what.clone(),
        priority: parent.priority,
        visibility: parent.visibility,
        superintendent: parent.superintendent.clone(),
        patron: parent.patron.clone(),
        parent: Some(whistle.id),
        relations: BTreeSet::new(),
        place: parent.place.clone(),
        planned_due: Some(due),
        marks: parent.marks.clone(),
    };
    let with = With { follows: true, id: Some(id), ..With::default() };
    let duty = register_unjudged(op, &DutyCommand::Register { form: Box::new(form) }, &with)?;
    let (superintendent, patron) = (None, None);
    let assign = DutyCommand::Assign { lead: unit.clone(), handler, superintendent, patron, due: Some(due) };
    perform_unjudged(op, duty, &assign, &With { follows: true, ..With::default() }).map(|_| ())
}

/// A department's report: its files, its open tasks, its part.
fn done(
    op: &mut Op<'_, '_>,
    whistle: &Whistle,
    unit: &UnitCode,
    text: &Body,
    deed: &Deed<'_>,
) -> Outcome<()> {
    let call = whistle.call(unit).ok_or_else(|| Fault::broken("a report without a part"))?;
    let mut duty = part(op, call.duty)?;
    for (file, kind) in deed.files {
        let id = FileId::new(op.id());
        files::insert(op.tx, op.district(), id, file, &op.actor().post, op.now())?;
        let sha256 = Sha256Hex::try_from(file.sha256.clone()).map_err(Fault::broken)?;
        let command = DutyCommand::AddEvidence { file: id, kind: *kind, note: None, sha256 };
        duty = unjudged(op, duty, &command)?;
    }
    let outcome = match deed.command {
        Some(Command::Done { outcome, .. }) => *outcome,
        _ => OutcomeClass::Resolved,
    };
    let submit = |outcome| DutyCommand::Submit { outcome, reply: text.clone(), planned: None, legal: None };
    unjudged(op, duty, &submit(outcome))?;
    let tasks = whistle.plan.iter().flat_map(|plan| &plan.tasks).filter(|task| task.unit == *unit);
    for task in tasks {
        let duty = part(op, task.duty)?;
        if duty.state.name() == StateName::Assigned {
            unjudged(op, duty, &submit(outcome))?;
        }
    }
    Ok(())
}

/// Both said that it is done: every part is verified by who wrote down the last word.
fn verify(op: &mut Op<'_, '_>, whistle: &Whistle) -> Outcome<()> {
    let words = [Side::Street, Side::Resident].map(|side| whistle.word(side).map(|w| w.note.to_string()));
    let note: String = words.into_iter().flatten().collect::<Vec<_>>().join("；");
    let note = Remark::parse("note", &note.chars().take(Remark::MAX).collect::<String>())?;
    for call in whistle.active() {
        let duty = part(op, call.duty)?;
        let kind = VerificationKind::PetitionerConfirm;
        let command = DutyCommand::Verify { kind, solved: Solved::Yes, note: note.clone() };
        unjudged(op, duty, &command)?;
    }
    Ok(())
}

/// Closes what waits: tasks and supporting parts once both confirmed, the whistle itself once it is scored. Done by the
/// job, because nobody closes what the same post reported.
pub(super) fn wind_up(op: &mut Op<'_, '_>, whistle: Whistle) -> Outcome<()> {
    let mut waits = false;
    for child in duty::store::children(op.tx, op.district(), whistle.id)?.into_iter().filter(|c| c.open) {
        let mut duty = part(op, child.id)?;
        if duty.kind.as_str() == TASK_KIND && duty.state.name() == StateName::Assigned {
            // Confirmed as a whole: a task that nobody reported apart falls with it.
            let why = Remark::parse("reason", "哨单已整体确认办成，不再单独办理")?;
            cancel(op, duty, &why)?;
            continue;
        }
        if matches!(duty.state.name(), StateName::Submitted | StateName::Verified) {
            duty = unjudged(op, duty, &DutyCommand::Close)?;
        }
        // A deferred task keeps the whistle open; its own end brings the job back.
        waits |= duty.is_open();
    }
    store::wound_up(op.tx, op.district(), whistle.id)?;
    if waits || !score::is_complete(&whistle) || whistle.end.is_some() {
        return Ok(());
    }
    let mut whistle = whistle;
    let from = whistle.rev;
    let events = [Event::Closed {}];
    note(op, &mut whistle, &events)?;
    store::update(op.tx, op.district(), &whistle, &Derived::default(), from)?;
    board::count(op, &whistle, &events)?;
    let duty = part(op, whistle.id)?;
    if duty.is_open() {
        unjudged(op, duty, &DutyCommand::Close)?;
    }
    Ok(())
}
