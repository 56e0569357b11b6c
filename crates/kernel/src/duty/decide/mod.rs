//! The one decision: state, command and facts in; events or a refusal out. Pure.
//!
//! `guard::admit` has said that the act is open to the actor; the functions here look at what the command says and
//! compute what travels in the event: the clock after it and whom the time is charged to.

mod finish;
mod handle;
mod lead;
mod register;
mod request;

pub use register::child_forms;

use super::command::Command;
use super::context::Context;
use super::event::Event;
use super::guard::admit;
use super::model::{Duty, Hold};
use super::refusal::DutyRefusal as No;
use super::state::State;
use super::vocab::{Fact, HoldWhy};
use crate::clock::{Clock, ClockRule};
use crate::id::UnitCode;
use crate::time::Day;

/// Says what follows from `command`: the events, in order, or why not. Applying them with
/// `Meta { at: ctx.now, actor: ctx.actor.post }` gives the new state. The list is empty only for a recomputation
/// that moves nothing.
///
/// # Errors
/// The first reason that applies, in the order that `guard` explains; each names field, value, reason and next step.
pub fn decide(duty: Option<&Duty>, command: &Command, ctx: &Context<'_>) -> Result<Vec<Event>, No> {
    if let (Some(duty), Some(given)) = (duty, ctx.expected_rev)
        && duty.rev != given
    {
        return Err(No::Stale { given, now: duty.rev });
    }
    if let Some(Duty { kind, state, .. }) = duty
        && *state != State::Draft
        && *kind != ctx.profile.kind
    {
        return Err(No::WrongKind { given: kind.clone(), profile: ctx.profile.kind.clone() });
    }
    let act = command.act();
    admit(act, duty, ctx).map_err(|no| match (command, duty, &no) {
        (Command::Assign { lead, .. }, Some(duty), No::WrongState { .. }) => lead::second_lead(duty, lead),
        _ => no,
    })?;
    let event = match (command, duty) {
        (Command::Draft { form }, duty) => register::draft(duty, form, ctx)?,
        (Command::Register { form }, duty) => register::register(duty, form, ctx)?,
        (Command::Recompute, Some(duty)) => return request::recompute(duty, ctx),
        (command, Some(duty)) => on(duty, command, ctx)?,
        (_, None) => return Err(No::NotThere { act }),
    };
    Ok(vec![event])
}

/// Commands on a duty that exists.
fn on(duty: &Duty, command: &Command, ctx: &Context<'_>) -> Result<Event, No> {
    match command {
        Command::Assign { .. }
        | Command::Rule { .. }
        | Command::OfferLead { .. }
        | Command::TakeLead
        | Command::DeclineLead { .. }
        | Command::Return { .. }
        | Command::AddSupport { .. } => lead::on(duty, command, ctx),
        Command::Accept { .. }
        | Command::Start { .. }
        | Command::NoteProgress { .. }
        | Command::AddEvidence { .. }
        | Command::VerifyEvidence { .. }
        | Command::HandOver { .. }
        | Command::TakeOver
        | Command::Urge { .. }
        | Command::Escalate { .. }
        | Command::SetPatron { .. }
        | Command::Raise { .. }
        | Command::Link { .. } => handle::on(duty, command, ctx),
        Command::AskSuspend { .. }
        | Command::GrantSuspend
        | Command::RefuseSuspend { .. }
        | Command::Resume { .. }
        | Command::AskExtend { .. }
        | Command::GrantExtend
        | Command::RefuseExtend { .. } => request::on(duty, command, ctx),
        _ => finish::on(duty, command, ctx),
    }
}

/// The clock after `change`; `None` for a duty without one.
fn ticked(
    duty: &Duty,
    ctx: &Context<'_>,
    change: impl FnOnce(&mut Clock, &ClockRule),
) -> Result<Option<Box<Clock>>, No> {
    let Some(clock) = &duty.clock else { return Ok(None) };
    let rule = ctx.rule.ok_or(No::FactMissing { what: Fact::Rule })?;
    let mut clock = clock.clone();
    change(&mut clock, rule);
    Ok(Some(Box::new(clock)))
}

/// A due day that can still be met and is not absurd.
fn good_due(due: Day, ctx: &Context<'_>) -> Result<(), No> {
    if ctx.calendar.office(due).closes(due) <= ctx.now {
        return Err(No::DuePast { due });
    }
    let days = i32::try_from(ctx.profile.max_due_days).unwrap_or(i32::MAX);
    let latest = ctx.now.day().plus(days);
    if due > latest {
        return Err(No::DueFar { due, latest });
    }
    Ok(())
}

/// Whoever asked for it, and waits: the superintendent, else the registrar.
fn desk(duty: &Duty, why: HoldWhy) -> Hold {
    let named = duty.superintendent.as_ref().and_then(|post| {
        let unit = UnitCode::parse("unit", post.unit_part()).ok()?;
        Some(Hold { unit, post: Some(post.clone()), why })
    });
    named.unwrap_or_else(|| Hold {
        unit: duty.registrar_unit.clone(),
        post: Some(duty.registrar.clone()),
        why,
    })
}
