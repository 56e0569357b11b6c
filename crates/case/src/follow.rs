//! What follows in a case from an act on its duty, wherever that act was done.
//!
//! Hung on the program when it is assembled: `Followers::new(&[(case::KIND, case::follow::FOLLOWER)])`. It runs in the
//! transaction of the act; what it refuses undoes the act.

use crate::act::note;
use crate::event::Event;
use crate::facts::Loaded;
use crate::model::{Case, CaseId};
use crate::refusal::CaseRefusal as No;
use crate::{rules, store};
use base::Outcome;
use base::op::Op;
use duty::follow::Follower;
use kernel::duty::{self as kd, Duty, State};

/// Hears of every act on a duty of kind `case`.
pub const FOLLOWER: Follower = follow;

fn follow(op: &mut Op<'_, '_>, old: Option<&Duty>, new: &Duty, events: &[kd::Event]) -> Outcome<()> {
    // A filing puts its row in after its duty; a supporting unit's part is a duty without a case of its own.
    let Some(old) = old else { return Ok(()) };
    let Some(mut case) = store::locked(op.tx, op.district(), new.id)? else { return Ok(()) };
    let loaded = Loaded::new(op, &case, new, None)?;
    let from = case.rev;
    for event in events {
        one(op, &mut case, old, new, event, &loaded)?;
    }
    let derived = loaded.derive(&case, new)?;
    store::update(op.tx, op.district(), &case, new, &derived, from)?;
    recount(op, Some(old), Some(new))
}

fn one(
    op: &mut Op<'_, '_>,
    case: &mut Case,
    old: &Duty,
    new: &Duty,
    event: &kd::Event,
    loaded: &Loaded,
) -> Outcome<()> {
    let sig = &loaded.secrets.sig;
    match event {
        kd::Event::Suspended { .. } => may_defer(op, case, old, new, loaded),
        kd::Event::Submitted { outcome, reply, .. } => {
            // The case's own act has written the reply already, with what only staff reads.
            if case.reply().is_none_or(|written| written.at != op.now()) {
                let (outcome, public) = (*outcome, reply.clone());
                let elements = Default::default();
                let event = Event::Replied { outcome, public, internal: None, elements, of: None };
                note(op, case, &event, sig)?;
            }
            answer_linked(op, case)
        }
        kd::Event::Reopened { why, note: words, .. } if case.round < new.round => {
            score(op, case, old, loaded)?;
            note(op, case, &Event::Reopened { why: *why, note: words.clone(), by: None }, sig)
        }
        kd::Event::Closed { .. } => score(op, case, old, loaded),
        kd::Event::Merged { into, reason } if case.parent != Some(*into) => {
            if !case.links.is_empty() {
                return Err(No::HasLinks { n: case.links.len() }.into());
            }
            note(op, case, &Event::Linked { to: *into, why: reason.clone() }, sig)?;
            gather(op, *into, case.id)
        }
        kd::Event::Cancelled { .. } if !case.links.is_empty() => {
            Err(No::HasLinks { n: case.links.len() }.into())
        }
        _ => Ok(()),
    }
}

/// Scores a round that the duty's page finished without the case's acts.
fn score(op: &mut Op<'_, '_>, case: &mut Case, duty: &Duty, loaded: &Loaded) -> Outcome<()> {
    // A case whose act has begun the next round already is one ahead of its duty.
    if case.mark().is_some() || duty.outcome.is_none() || case.round != duty.round {
        return Ok(());
    }
    match rules::score(case, duty, &loaded.context(op, None)?) {
        Some(event) => note(op, case, &event, &loaded.secrets.sig),
        None => Ok(()),
    }
}

/// Everybody who asked gets an own reply (D§2.3.11): a copy on each linked case, and on those linked to them.
fn answer_linked(op: &mut Op<'_, '_>, case: &Case) -> Outcome<()> {
    let Some(reply) = case.reply().cloned() else { return Ok(()) };
    let mut waiting: Vec<CaseId> = case.links.clone();
    while let Some(id) = waiting.pop() {
        let Some(duty) = duty::store::find(op.tx, op.district(), id)? else { continue };
        let Some(mut linked) = store::locked(op.tx, op.district(), id)? else { continue };
        waiting.extend(linked.links.iter().copied());
        if linked.end.is_some() {
            continue;
        }
        let loaded = Loaded::new(op, &linked, &duty, None)?;
        let from = linked.rev;
        let event = Event::Replied {
            outcome: reply.outcome,
            public: reply.public.clone(),
            internal: None,
            elements: Default::default(),
            of: Some(case.id),
        };
        note(op, &mut linked, &event, &loaded.secrets.sig)?;
        let derived = loaded.derive(&linked, &duty)?;
        store::update(op.tx, op.district(), &linked, &duty, &derived, from)?;
    }
    Ok(())
}

fn gather(op: &mut Op<'_, '_>, into: CaseId, from: CaseId) -> Outcome<()> {
    let Some(duty) = duty::store::find(op.tx, op.district(), into)? else { return Ok(()) };
    let Some(mut target) = store::locked(op.tx, op.district(), into)? else { return Ok(()) };
    if target.links.contains(&from) {
        return Ok(());
    }
    let loaded = Loaded::new(op, &target, &duty, None)?;
    let rev = target.rev;
    note(op, &mut target, &Event::Gathered { case: from }, &loaded.secrets.sig)?;
    let derived = loaded.derive(&target, &duty)?;
    store::update(op.tx, op.district(), &target, &duty, &derived, rev)
}

/// A deferral needs the hotline's consent beside the district's, from two posts, and a unit may defer only a share of
/// its open cases, one at least (D§B.1 row 14, D§15.18).
fn may_defer(op: &mut Op<'_, '_>, case: &Case, old: &Duty, new: &Duty, loaded: &Loaded) -> Outcome<()> {
    let asked = match &old.state {
        State::SuspendAsked { at, .. } => *at,
        _ => old.updated_at,
    };
    let endorsed = case.deferral.as_ref().map(|deferral| &deferral.endorsed);
    let endorsed =
        endorsed.filter(|ruling| ruling.granted && ruling.at >= asked).ok_or(No::NotEndorsed {})?;
    if endorsed.by == op.actor().post {
        return Err(No::BothConsents {}.into());
    }
    let Some(unit) = &new.lead else { return Ok(()) };
    let percent = loaded.rules()?.deferral_cap_percent;
    let open = store::tally(op.tx, op.district(), OPEN, unit.as_str(), 0)?;
    let deferred = store::tally(op.tx, op.district(), DEFERRED, unit.as_str(), 0)?;
    let most = (open.saturating_mul(i64::from(percent)) / 100).max(1);
    if deferred >= most {
        return Err(No::DeferralCap { unit: unit.clone(), deferred, open, percent }.into());
    }
    Ok(())
}

/// Kept counts of a unit's open and deferred cases.
pub const OPEN: &str = "case.open";
/// See [`OPEN`].
pub const DEFERRED: &str = "case.deferred";

/// Moves the kept counts by what an act changed.
pub(crate) fn recount(op: &mut Op<'_, '_>, old: Option<&Duty>, new: Option<&Duty>) -> Outcome<()> {
    let open = |duty: &Duty| duty.lead.clone().filter(|_| duty.is_open());
    let deferred = |duty: &Duty| duty.lead.clone().filter(|_| matches!(duty.state, State::Suspended { .. }));
    let pairs = [
        (OPEN, old.and_then(open), new.and_then(open)),
        (DEFERRED, old.and_then(deferred), new.and_then(deferred)),
    ];
    for (scope, before, after) in pairs {
        if before == after {
            continue;
        }
        for (unit, delta) in before.map(|unit| (unit, -1)).into_iter().chain(after.map(|unit| (unit, 1))) {
            op.tally(scope, unit.as_str(), 0, delta)?;
        }
    }
    Ok(())
}
