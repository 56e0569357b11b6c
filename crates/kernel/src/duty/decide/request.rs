//! Deferral (挂账), more time (延期), and the recomputation of limits.

use super::super::command::Command;
use super::super::context::Context;
use super::super::event::Event;
use super::super::model::Duty;
use super::super::refusal::DutyRefusal as No;
use super::super::state::State;
use super::super::vocab::{Act, Fact};
use super::{good_due, ticked};
use crate::clock::{Clock, ClockRefusal};
use crate::refusal::Refuse;
use crate::text::{Lang, Words};
use crate::time::{Day, Instant};

pub(super) fn on(duty: &Duty, command: &Command, ctx: &Context<'_>) -> Result<Event, No> {
    match (command, &duty.state) {
        (Command::AskSuspend { reason, review, plan }, _) => {
            good_review(*review, ctx)?;
            Ok(Event::SuspendAsked { reason: *reason, review: *review, plan: plan.clone() })
        }
        (Command::GrantSuspend, State::SuspendAsked { by, reason, review, .. }) => {
            // The approver may have let the day pass; then it must be asked anew.
            good_review(*review, ctx)?;
            let clock = ticked(duty, ctx, |clock, _| clock.pause(ctx.now, reason.say(Lang::Zh)))?;
            Ok(Event::Suspended { asked_by: by.clone(), reason: *reason, review: *review, clock })
        }
        (Command::RefuseSuspend { why }, _) => Ok(Event::SuspendRefused { why: why.clone() }),
        (Command::Resume { trigger, note }, _) => {
            let clock = ticked(duty, ctx, |clock, rule| clock.resume(ctx.now, rule, ctx.calendar))?;
            Ok(Event::Resumed { trigger: *trigger, note: note.clone(), clock })
        }
        (Command::AskExtend { to, reason }, _) => {
            good_due(*to, ctx)?;
            // Tried on a copy, so that an impossible day is refused now and not when an approver looks at it.
            extended(duty, *to, ctx.now, reason.as_str(), Act::AskExtend, ctx)?;
            Ok(Event::ExtendAsked { to: *to, reason: reason.clone() })
        }
        (Command::GrantExtend, _) => {
            let act = Act::GrantExtend;
            let ask = duty.extension_ask.as_ref().ok_or(No::NothingAsked { act })?;
            // Judged by the moment of asking: a slow approver does not make a timely request late.
            let clock = extended(duty, ask.to, ask.at, ask.reason.as_str(), act, ctx)?;
            Ok(Event::Extended { to: ask.to, clock: Some(Box::new(clock)) })
        }
        (Command::RefuseExtend { why }, _) => {
            let act = Act::RefuseExtend;
            let ask = duty.extension_ask.as_ref().ok_or(No::NothingAsked { act })?;
            Ok(Event::ExtendRefused { to: ask.to, why: why.clone() })
        }
        (other, state) => Err(No::WrongState { act: other.act(), state: state.name() }),
    }
}

fn good_review(review: Day, ctx: &Context<'_>) -> Result<(), No> {
    let today = ctx.now.day();
    if review <= today {
        return Err(No::ReviewPast { review });
    }
    let latest = today.plus(i32::try_from(ctx.profile.suspend.review_days).unwrap_or(i32::MAX));
    if review > latest {
        return Err(No::ReviewFar { review, latest });
    }
    Ok(())
}

fn extended(duty: &Duty, to: Day, at: Instant, why: &str, act: Act, ctx: &Context<'_>) -> Result<Clock, No> {
    let rule = ctx.rule.ok_or(No::FactMissing { what: Fact::Rule })?;
    let mut clock = duty.clock.clone().ok_or(No::NoClock { act })?;
    clock.extend(to, at, why, rule, ctx.calendar).map_err(|no| in_words(&no, to, act))?;
    Ok(clock)
}

fn in_words(no: &ClockRefusal, to: Day, act: Act) -> No {
    match no {
        ClockRefusal::NotRunning => No::NoClock { act },
        ClockRefusal::Late { due } => No::ExtendLate { due: *due },
        ClockRefusal::Count { max } => No::ExtendSpent { max: *max },
        other => No::Clock {
            to,
            why: Words::new(other.reason(Lang::Zh), other.reason(Lang::En)),
            next: Words::new(other.next(Lang::Zh), other.next(Lang::En)),
        },
    }
}

/// A recomputation is an event only when it moves something: it is logged, and explains itself (D§2.3.3).
pub(super) fn recompute(duty: &Duty, ctx: &Context<'_>) -> Result<Vec<Event>, No> {
    let mut why = Vec::new();
    let clock = ticked(duty, ctx, |clock, rule| {
        why = clock.recompute(rule, ctx.calendar).into_iter().map(|change| change.why).collect();
    })?;
    Ok(if why.is_empty() { Vec::new() } else { vec![Event::Recomputed { why, clock }] })
}
