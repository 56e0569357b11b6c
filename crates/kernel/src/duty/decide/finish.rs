//! Reporting, judging and ending: submit, reject, verify, close, archive, reopen, split, merge, cancel.

use super::super::command::{Command, SplitPart};
use super::super::context::Context;
use super::super::event::{Event, SplitChild};
use super::super::guard::{count, owns_due};
use super::super::model::Duty;
use super::super::refusal::DutyRefusal as No;
use super::super::state::State;
use super::super::vocab::{Act, Fact, HoldWhy, OutcomeClass, Solved, VerificationKind};
use super::{desk, good_due, ticked};
use crate::clock::{Clock, ClockEvent};
use crate::id::DutyId;
use crate::text::{Body, Remark};
use crate::time::Day;
use std::collections::BTreeSet;

pub(super) fn on(duty: &Duty, command: &Command, ctx: &Context<'_>) -> Result<Event, No> {
    match command {
        Command::Submit { outcome, reply, planned, legal } => {
            submit(duty, *outcome, reply, *planned, legal.as_ref(), ctx)
        }
        Command::Reject { defects } if defects.is_empty() => Err(No::NoDefects {}),
        Command::Reject { defects } => {
            let clock = ticked(duty, ctx, |clock, rule| clock.unfreeze(ctx.now, rule, ctx.calendar))?;
            Ok(Event::Rejected { defects: defects.clone(), clock })
        }
        Command::Verify { kind, solved, note } => verify(duty, *kind, *solved, note, ctx),
        Command::Close => {
            let clock =
                ticked(duty, ctx, |clock, rule| clock.on(ClockEvent::Close, ctx.now, rule, ctx.calendar))?;
            Ok(Event::Closed { clock })
        }
        Command::Archive { retention } => Ok(Event::Archived { retention: *retention }),
        Command::Reopen { why, note, due } => {
            if let Some(due) = due {
                owns_due(Act::Reopen, ctx)?;
                good_due(*due, ctx)?;
            }
            let clock = next_clock(duty, *due, ctx)?;
            Ok(Event::Reopened { why: *why, note: note.clone(), due: *due, clock })
        }
        Command::Split { parts } => split(duty, parts, ctx),
        Command::Merge { into, reason } => merge(duty, *into, reason, ctx),
        Command::Cancel { reason } => Ok(Event::Cancelled { reason: reason.clone() }),
        other => Err(No::WrongState { act: other.act(), state: duty.state.name() }),
    }
}

fn submit(
    duty: &Duty,
    class: OutcomeClass,
    reply: &Body,
    planned: Option<Day>,
    legal: Option<&Remark>,
    ctx: &Context<'_>,
) -> Result<Event, No> {
    let offered = &ctx.profile.outcomes;
    if !offered.is_empty() && !offered.contains(&class) {
        return Err(No::OutcomeNotOffered { class });
    }
    if class == OutcomeClass::PlannedWithDate && planned.is_none_or(|day| day <= ctx.now.day()) {
        return Err(No::PlanNeedsDay {});
    }
    if class == OutcomeClass::NotSolvedLawful && legal.is_none() {
        return Err(No::LawNeeded {});
    }
    let clock = ticked(duty, ctx, |clock, rule| {
        // Who answers has signed and spoken to whoever asked: kinds that skip those steps stop their limits here.
        for event in [ClockEvent::Accept, ClockEvent::Contact, ClockEvent::Submit] {
            clock.on(event, ctx.now, rule, ctx.calendar);
        }
        clock.freeze(ctx.now);
    })?;
    Ok(Event::Submitted {
        outcome: class,
        reply: reply.clone(),
        planned,
        legal: legal.cloned(),
        in_time: clock.as_ref().and_then(|clock| clock.met()),
        hold: desk(duty, if ctx.profile.verification { HoldWhy::ToVerify } else { HoldWhy::ToClose }),
        clock,
    })
}

/// A verification before closing, a look-back after it. Neither says anything about timeliness.
fn verify(
    duty: &Duty,
    kind: VerificationKind,
    solved: Solved,
    note: &Remark,
    ctx: &Context<'_>,
) -> Result<Event, No> {
    let finished = matches!(duty.state, State::Closed { .. } | State::Archived { .. });
    let look_back = kind == VerificationKind::LookBack;
    let accepted = ctx.profile.verifier.kinds.is_empty() || ctx.profile.verifier.kinds.contains(&kind);
    if finished != look_back || !(accepted || look_back) {
        return Err(No::WrongVerification { kind });
    }
    let Some(outcome) = &duty.outcome else { return Err(No::WrongVerification { kind }) };
    let (note, unit, submitter) = (note.clone(), ctx.actor.unit.clone(), outcome.by.clone());
    if look_back {
        return Ok(Event::LookedBack { solved, note, unit, submitter });
    }
    Ok(Event::Verified { kind, solved, note, unit, submitter, hold: desk(duty, HoldWhy::ToClose) })
}

/// The clock of the next round: the lead has it again from this moment, signed for; the old one stays scored.
fn next_clock(duty: &Duty, due: Option<Day>, ctx: &Context<'_>) -> Result<Option<Box<Clock>>, No> {
    ticked(duty, ctx, |clock, rule| {
        *clock = due.map_or_else(|| Clock::new(rule), |due| Clock::fixed(rule, due));
        for event in [ClockEvent::Register, ClockEvent::Assign, ClockEvent::Accept] {
            clock.on(event, ctx.now, rule, ctx.calendar);
        }
    })
}

fn split(duty: &Duty, parts: &[SplitPart], ctx: &Context<'_>) -> Result<Event, No> {
    if parts.len() < 2 {
        return Err(No::SplitFew { parts: count(parts.len()) });
    }
    let all = count(duty.ground.len());
    let covered: BTreeSet<u32> = parts.iter().flat_map(|part| part.grounds.iter().copied()).collect();
    // People count from one.
    if let Some(stray) = covered.iter().find(|n| **n >= all) {
        return Err(No::SplitStray { ground: stray.saturating_add(1) });
    }
    if let Some(gap) = (0..all).find(|n| !covered.contains(n)) {
        return Err(No::SplitGap { ground: gap.saturating_add(1) });
    }
    if parts.iter().any(|part| part.grounds.is_empty()) {
        return Err(No::NoGround {});
    }
    let distinct: BTreeSet<&DutyId> = ctx.ids.iter().take(parts.len()).filter(|id| **id != duty.id).collect();
    if distinct.len() < parts.len() {
        return Err(No::FactMissing { what: Fact::ChildIds });
    }
    let child = |(part, id): (&SplitPart, &DutyId)| SplitChild {
        id: *id,
        title: part.title.clone(),
        criterion: part.criterion.clone(),
        grounds: part.grounds.clone(),
    };
    Ok(Event::Split { parts: parts.iter().zip(ctx.ids).map(child).collect() })
}

fn merge(duty: &Duty, into: DutyId, reason: &Remark, ctx: &Context<'_>) -> Result<Event, No> {
    if into == duty.id {
        return Err(No::MergeSelf { into });
    }
    let missing = No::FactMissing { what: Fact::MergeTarget };
    let target = ctx.merge_target.filter(|target| target.id == into).ok_or(missing)?;
    if !target.open {
        return Err(No::MergeShut { into });
    }
    Ok(Event::Merged { into, reason: reason.clone() })
}
