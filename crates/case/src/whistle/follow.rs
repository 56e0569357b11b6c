//! What follows here from an act on a duty's own page. Signing there is as good as here; acts that need more than a duty
//! knows (who came, what was tried, whose word) are refused there and done on the whistle's page.

use super::effect::{derive, note};
use super::event::Event;
use super::facts::Loaded;
use super::model::{Call, End, Whistle};
use super::refusal::WhistleRefusal as No;
use super::store;
use super::vocab::Act;
use base::op::Op;
use base::{Fault, Outcome};
use duty::follow::Follower;
use kernel::duty::{Duty, Event as DutyEvent};

/// The follower of duties of kind `whistle`.
pub const FOLLOWER: Follower = follow;

fn follow(op: &mut Op<'_, '_>, _old: Option<&Duty>, new: &Duty, events: &[DutyEvent]) -> Outcome<()> {
    let id = new.parent.unwrap_or(new.id);
    // A new need has no row yet; a duty of this kind that no whistle made has none at all.
    let Some(mut whistle) = store::locked(op.tx, op.district(), id)? else { return Ok(()) };
    let from = whistle.rev;
    let mut more = Vec::new();
    for event in events {
        more.extend(one(&whistle, new, event)?);
    }
    if more.is_empty() {
        return Ok(());
    }
    note(op, &mut whistle, &more)?;
    let duty = duty::store::find(op.tx, op.district(), id)?;
    let duty = duty.ok_or_else(|| Fault::broken("a whistle without its duty"))?;
    let loaded = Loaded::new(op, &whistle, &duty, 0)?;
    let derived = derive(&whistle, &loaded)?;
    store::update(op.tx, op.district(), &whistle, &derived, from)
}

/// What one event of a part's duty means for the whistle: nothing when the whistle knows of it already.
fn one(whistle: &Whistle, duty: &Duty, event: &DutyEvent) -> Result<Option<Event>, No> {
    let call = whistle.call_of(duty.id);
    let known = |ok: bool, act: Act| if ok { Ok(None) } else { Err(No::UseWhistlePage { act }) };
    let has = |is: fn(&Call) -> bool| call.is_some_and(is);
    let ended = whistle.end.is_some();
    match event {
        DutyEvent::Assigned { .. } => known(call.is_some(), Act::Sound),
        DutyEvent::Accepted { .. } => {
            Ok(call.filter(|call| call.ack.is_none() && call.is_active()).map(|call| {
                let in_time = duty.clock.as_ref().and_then(accepted_in_time);
                Event::Acked { unit: call.unit.clone(), in_time }
            }))
        }
        DutyEvent::Started { .. } => known(has(|call| call.muster.is_some()), Act::Muster),
        DutyEvent::Submitted { .. } => known(has(|call| call.done.is_some()), Act::Done),
        DutyEvent::Returned { .. } => known(has(Call::is_disputed), Act::Dispute),
        DutyEvent::Ruled { .. } => {
            let ruled = |call: &Call| call.dispute.as_ref().is_some_and(|dispute| dispute.ruling.is_some());
            known(has(ruled), Act::Rule)
        }
        DutyEvent::Rejected { .. } => known(has(|call| call.done.is_none()), Act::Confirm),
        DutyEvent::Closed { .. } if duty.id == whistle.id => {
            known(matches!(whistle.end, Some(End::Closed { .. })), Act::Score)
        }
        DutyEvent::Verified { .. } | DutyEvent::Closed { .. } => known(whistle.is_confirmed(), Act::Confirm),
        DutyEvent::LeadTaken { lead, entry, .. } => Ok(call
            .filter(|call| call.unit != *lead)
            .map(|call| Event::Moved { from: call.unit.clone(), to: lead.clone(), entry: entry.clone() })),
        DutyEvent::Cancelled { reason } if duty.id == whistle.id => {
            Ok((!ended).then(|| Event::Cancelled { why: reason.clone() }))
        }
        DutyEvent::Cancelled { reason } => Ok(call
            .filter(|call| call.is_active() && !ended)
            .map(|call| Event::Released { unit: call.unit.clone(), why: reason.clone() })),
        DutyEvent::SupportAdded { child, .. } => known(whistle.call_of(*child).is_some(), Act::Call),
        // What was finished is not taken up again: a new need tells what came back.
        DutyEvent::Reopened { .. } | DutyEvent::Split { .. } | DutyEvent::Merged { .. } => {
            Err(No::UseWhistlePage { act: Act::Sound })
        }
        _ => Ok(None),
    }
}

/// Whether the limit that a signature stops was met; `None` when the rule has none.
fn accepted_in_time(clock: &kernel::clock::Clock) -> Option<bool> {
    use kernel::clock::LimitState;
    // The limit of signing is the first one that stopped; no later one can have stopped at a signature.
    clock.limits().iter().find_map(|limit| match &limit.state {
        LimitState::Stopped { run, at } if !limit.main => Some(*at <= run.due),
        _ => None,
    })
}
