//! Use-cases on whistles: load, decide, record. What an act does to duties happens in the same transaction.

use super::command::Command;
use super::effect;
use super::event::{Event, Meta, SUBJECT_KIND, VERSION, subject};
use super::facts::{Loaded, resource_of, street_of};
use super::judge;
use super::model::{CallAsk, Need, Whistle, WhistleId};
use super::refusal::WhistleRefusal as No;
use super::rules;
use super::store::{self, Derived};
use super::vocab::{Act, Sheet, Side};
use super::{KIND, tell};
use base::files::Admitted;
use base::journal::Fact;
use base::op::Op;
use base::{Fault, Outcome};
use duty::act::{With, register_unjudged};
use kernel::access::{Action, Denied, Resource};
use kernel::duty::{Command as DutyCommand, Duty, EvidenceKind, Ground, GroundKind, Mark, NewDuty};
use kernel::duty::{Priority, Visibility};
use kernel::text::{Remark, Title};
use kernel::{Refuse, Slug, UnitCode};
use std::collections::BTreeSet;

/// Most photos of a need (D§15.2: small, fixed, more is refused).
pub const MAX_PHOTOS: usize = 6;

/// What is written down when a need is raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNeed {
    /// Title.
    pub title: Title,
    /// Street or community where it lies.
    pub place: UnitCode,
    /// What was found and tried.
    pub need: Need,
    /// Where the text comes from, for pages: simulated, example.
    pub marks: BTreeSet<Mark>,
}

/// What a street secretary writes when whistling at once, without a need that somebody raised before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSound {
    /// Type of the playbook.
    pub kind: Slug,
    /// What is asked of all.
    pub ask: Remark,
    /// Departments; the first one leads.
    pub calls: Vec<CallAsk>,
}

/// The act of the policy that an act of a whistle asks for.
pub fn action_of(act: Act) -> Action {
    match act {
        Act::Solve | Act::Cancel => Action::WhistleSolve,
        Act::Sound | Act::Call | Act::Release => Action::WhistleSound,
        Act::Ack => Action::WhistleAck,
        Act::Dispute => Action::WhistleDispute,
        Act::Rule | Act::Settle => Action::WhistleSettle,
        Act::Muster => Action::WhistleMuster,
        Act::Plan => Action::WhistlePlan,
        Act::Done => Action::WhistleDone,
        Act::Confirm => Action::WhistleConfirm,
        Act::Score | Act::Contest => Action::WhistleScore,
    }
}

/// Raises a need, and whistles in the same breath when `sound` says how.
///
/// # Errors
/// The policy; a place outside the district; too many photos; what [`rules::decide`] says of the whistle.
pub fn raise(op: &mut Op<'_, '_>, new: &NewNeed, sound: Option<&NewSound>) -> Outcome<Whistle> {
    let book = op.core().book(op.district(), op.today())?;
    book.whistle_rules().ok_or(No::NoRules {})?;
    let street =
        street_of(&book, &new.place).ok_or_else(|| No::OutsideDistrict { given: new.place.clone() })?;
    if street == new.place {
        return Err(No::PlaceTooWide { given: street }.into());
    }
    op.judge(Action::WhistleRaise, &Resource::new().unit(&op.actor().unit).place(&new.place))?;
    let n = new.need.photos.len();
    if n > MAX_PHOTOS {
        return Err(No::TooManyPhotos { n, max: MAX_PHOTOS }.into());
    }
    let urgent = sound.is_some_and(|sound| tell::exempt(&book, Some(&sound.kind), op.today()));
    let form = form(new, urgent)?;
    let with = With { follows: true, quiet: true, ..With::default() };
    let duty = register_unjudged(op, &DutyCommand::Register { form: Box::new(form) }, &with)?;
    let event = Event::Raised {
        id: duty.id,
        no: duty.no.clone(),
        title: new.title.clone(),
        street,
        place: new.place.clone(),
        need: Box::new(new.need.clone()),
    };
    let meta = meta(op);
    let whistle = Whistle::born(&event, &meta).map_err(|e| Fault::broken(format!("a new whistle: {e:?}")))?;
    record(op, &whistle, &event)?;
    store::insert(op.tx, op.district(), &whistle, &Derived::default())?;
    let Some(sound) = sound else {
        tell::tell(op, &whistle, &[event], &book)?;
        return Ok(whistle);
    };
    let command =
        Command::Sound { kind: sound.kind.clone(), ask: sound.ask.clone(), calls: sound.calls.clone() };
    perform(op, whistle.id, &command, None, &[])
}

fn form(new: &NewNeed, urgent: bool) -> Outcome<NewDuty> {
    let ground = Ground {
        kind: GroundKind::CitizenAppeal,
        text: Remark::parse("text", &new.need.tried.to_string())?,
        day: None,
        source: String::new(),
    };
    Ok(NewDuty {
        kind: Slug::parse("kind", KIND)?,
        title: new.title.clone(),
        ground: vec![ground],
        criterion: Remark::parse("criterion", "街道和居民都确认办成")?,
        priority: if urgent { Priority::Top } else { Priority::General },
        visibility: Visibility::Internal,
        superintendent: None,
        patron: None,
        parent: None,
        relations: BTreeSet::new(),
        place: Some(new.place.clone()),
        planned_due: None,
        marks: new.marks.clone(),
    })
}

/// Does an act on a whistle. `files` are evidence that comes with [`Command::Done`]; their bytes were put already.
///
/// # Errors
/// “Not found” for who may not see it; a refusal of the policy, of this area or of the duty.
pub fn perform(
    op: &mut Op<'_, '_>,
    id: WhistleId,
    command: &Command,
    rev: Option<u64>,
    files: &[(Admitted, EvidenceKind)],
) -> Outcome<Whistle> {
    let action = action_of(command.act());
    let (whistle, duty) = load(op, id, action)?;
    let loaded = Loaded::new(op, &whistle, &duty, fresh(command))?;
    op.judge(action, &resource_of(&whistle, &duty, &loaded))?;
    // Who rules must not be of the line of a unit that it is about.
    let events = loaded.with(op, rev, |facts| rules::decide(&whistle, command, facts))?;
    effect::carry_out(op, whistle, duty.id, &effect::Deed { command: Some(command), events, files }, &loaded)
}

/// How many duties a command brings forth at most.
fn fresh(command: &Command) -> usize {
    match command {
        Command::Sound { calls, .. } => calls.len().min(judge::MAX_CALLS),
        Command::Plan { tasks, .. } => tasks.len().min(rules::MAX_TASKS),
        Command::Call { .. } => 1,
        _ => 0,
    }
}

/// Whistle and duty with the locks that a change needs; the duty first, everywhere.
pub(super) fn load(op: &mut Op<'_, '_>, id: WhistleId, action: Action) -> Outcome<(Whistle, Duty)> {
    let duty = duty::store::locked(op.tx, op.district(), id)?;
    let whistle = store::locked(op.tx, op.district(), id)?;
    match (whistle, duty) {
        (Some(whistle), Some(duty)) => Ok((whistle, duty)),
        _ => Err(Denied::absent(op.actor(), action).into()),
    }
}

/// Records an event of a whistle that was applied already.
pub(super) fn record(op: &mut Op<'_, '_>, whistle: &Whistle, event: &Event) -> Outcome<()> {
    let body = serde_json::to_string(event)?;
    let subject = subject(whistle.id);
    let fact = Fact {
        subject_kind: SUBJECT_KIND,
        subject: &subject,
        rev: whistle.rev,
        kind: event.kind(),
        version: VERSION,
        body: &body,
    };
    op.record(fact).map(|_| ())
}

/// Who acts, and when.
pub(super) fn meta(op: &Op<'_, '_>) -> Meta {
    Meta { at: op.now(), actor: op.actor().post.clone() }
}

/// A whistle with its duty for reading, when the post may see it.
///
/// # Errors
/// “Not found” when there is none, or it lies outside the scope of the post.
pub fn read(op: &mut Op<'_, '_>, id: WhistleId) -> Outcome<(Whistle, Duty, Loaded)> {
    let action = Action::WhistleRead;
    let whistle = store::find(op.tx, op.district(), id)?;
    let duty = duty::store::find(op.tx, op.district(), id)?;
    let (Some(whistle), Some(duty)) = (whistle, duty) else {
        return Err(Denied::absent(op.actor(), action).into());
    };
    let loaded = Loaded::new(op, &whistle, &duty, 0)?;
    op.judge(action, &resource_of(&whistle, &duty, &loaded))?;
    Ok((whistle, duty, loaded))
}

/// An act as a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The act.
    pub act: Act,
    /// Why it is not open now; such an act is shown with its reason.
    pub blocked: Option<No>,
}

/// What this post can do to a whistle, in the order in which pages show it. What the policy forbids is not offered at all;
/// what the stage does not admit, or what is somebody else's, neither.
///
/// # Errors
/// The playbook has no whistles.
pub fn offers(op: &Op<'_, '_>, whistle: &Whistle, duty: &Duty, loaded: &Loaded) -> Outcome<Vec<Offer>> {
    let resource = resource_of(whistle, duty, loaded);
    let mut out = Vec::new();
    for act in Act::ALL {
        if op.judge(action_of(*act), &resource).is_err() {
            continue;
        }
        let found = loaded.with(op, None, |facts| Ok(rules::open(*act, whistle, facts)))?;
        match found {
            Ok(()) => out.push(Offer { act: *act, blocked: None }),
            Err(no) if is_reason(&no) => out.push(Offer { act: *act, blocked: Some(no) }),
            Err(_) => {}
        }
    }
    Ok(out)
}

/// Reasons that a person wants to read beside a grey button.
fn is_reason(no: &No) -> bool {
    matches!(
        no,
        No::Disputed {}
            | No::NotAcked {}
            | No::NotMustered {}
            | No::NoPlan {}
            | No::DisputeBeforeArrival {}
            | No::DisputeLate {}
            | No::DisputeSpent {}
    ) && no.field().is_none()
}

/// Whose word on the result this post can still write down.
pub fn sides(whistle: &Whistle, unit: &UnitCode, post: &kernel::PostCode) -> Vec<Side> {
    let open = |side: &Side| {
        let mine = *side == Side::Resident || *unit == whistle.street;
        let other = if *side == Side::Street { Side::Resident } else { Side::Street };
        mine && whistle.word(*side).is_none() && whistle.word(other).is_none_or(|word| word.by != *post)
    };
    Side::ALL.iter().copied().filter(open).collect()
}

/// The sheet that a unit fills in.
pub fn sheet_by(whistle: &Whistle, unit: &UnitCode) -> Sheet {
    if *unit == whistle.street { Sheet::Department } else { Sheet::Street }
}
