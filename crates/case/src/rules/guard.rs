//! Whether an act is open now, before looking at what the command says: `decide` asks it first, and pages ask it for
//! every button.

use super::{Context, stage, when};
use crate::model::{Act, Case, Stage};
use crate::refusal::CaseRefusal as No;
use kernel::cases::CaseKind;
use kernel::duty::{Duty, Solved};

/// Says whether `act` is open.
///
/// # Errors
/// The first reason that applies.
pub fn open(act: Act, case: &Case, duty: &Duty, ctx: &Context<'_>) -> Result<(), No> {
    let now = stage(case, duty);
    if !admits(act, now) {
        return Err(if now.is_aside() {
            No::Ended { stage: now }
        } else {
            No::WrongStage { act, stage: now }
        });
    }
    if judges(act) && ctx.in_handler_line() {
        return Err(No::OwnLine { unit: ctx.actor.unit.clone() });
    }
    match act {
        Act::Dispatch if ctx.category.is_none() => Err(No::NotClassified {}),
        Act::Answer if case.filing.kind != CaseKind::Consult => {
            Err(No::NotAConsultation { kind: case.filing.kind })
        }
        Act::Link if !case.links.is_empty() => Err(No::HasLinks { n: case.links.len() }),
        Act::Unlink if case.parent.is_none() => Err(No::NotLinked {}),
        Act::Rate => may_rate(case),
        Act::CallBack => may_call(case, ctx),
        Act::Reopen => may_reopen(case, duty),
        Act::Endorse => may_endorse(case, duty),
        Act::Object => {
            let waits = case.deferral.as_ref().is_some_and(|d| d.objection.is_some());
            waits.then_some(()).ok_or(No::NoObjection {})
        }
        Act::ProposeExclusion => may_propose(case, ctx),
        Act::DecideExclusion => may_decide(case, ctx),
        Act::AppealExclusion => may_appeal(case, ctx),
        Act::LookBack => when::look_back_due(case, duty, ctx.rules, ctx.now).map(|_| ()).ok_or(No::NotDue {}),
        Act::Reveal if !case.filing.contactable => Err(No::NoSealedContact {}),
        Act::Erase if case.erased_at.is_some() => Err(No::ErasedAlready {}),
        Act::Erase if duty.is_open() => Err(No::StillOpen {}),
        _ => Ok(()),
    }
}

/// Acts that judge the handler's work: never by the handler's line (D§2.3.5).
fn judges(act: Act) -> bool {
    matches!(
        act,
        Act::Audit | Act::CallBack | Act::Endorse | Act::Object | Act::DecideExclusion | Act::LookBack
    )
}

fn admits(act: Act, stage: Stage) -> bool {
    use Stage as S;
    let working = matches!(stage, S::Signed | S::Contacted | S::Handling);
    let deferring = matches!(stage, S::DeferralAsked | S::Deferred);
    let early = matches!(stage, S::Received | S::Dispatched | S::Arbitrating);
    let judged = matches!(stage, S::Rated | S::Unreached);
    let finished = matches!(stage, S::Closed | S::Archived);
    match act {
        Act::Classify => matches!(stage, S::Received | S::Arbitrating),
        Act::Dispatch | Act::Answer | Act::HandOver | Act::Refuse => stage == S::Received,
        Act::Link => early || working,
        Act::Unlink => stage == S::Linked,
        Act::Withdraw => early || working || deferring || stage == S::Linked,
        Act::Message => !stage.is_aside() || stage == S::Linked,
        Act::Contact => working || stage == S::DeferralAsked,
        Act::Reply => matches!(stage, S::Contacted | S::Handling | S::DeferralAsked),
        Act::Audit => stage == S::Replied,
        Act::CallBack => matches!(stage, S::Audited | S::Rated),
        Act::Rate => matches!(stage, S::Replied | S::Audited | S::Rated | S::Unreached | S::Linked),
        Act::Reopen => judged || finished || stage == S::Scored,
        Act::Endorse => stage == S::DeferralAsked,
        Act::Object => stage == S::Deferred,
        Act::ProposeExclusion => judged,
        Act::DecideExclusion | Act::AppealExclusion => {
            matches!(stage, S::Exclusion | S::Scored | S::Closed)
        }
        Act::LookBack => finished,
        Act::Reveal | Act::ExportPersonal | Act::Erase => true,
    }
}

fn may_rate(case: &Case) -> Result<(), No> {
    match (case.reply(), case.rating()) {
        // A linked case is rated once its own reply is there.
        (None, _) => Err(No::WrongStage { act: Act::Rate, stage: Stage::Linked }),
        (Some(_), Some(_)) => Err(No::RatedAlready {}),
        (Some(_), None) => Ok(()),
    }
}

fn may_call(case: &Case, ctx: &Context<'_>) -> Result<(), No> {
    if let Some(first) = case.reached() {
        if !ctx.sampled || first.second {
            return Err(No::CalledAlready {});
        }
        if first.by == ctx.actor.post {
            return Err(No::SecondCaller {});
        }
    }
    if case.gave_up() {
        return Err(No::AttemptsSpent { max: ctx.rules.callback_attempts });
    }
    match case.attempts().last().filter(|call| !call.reached) {
        Some(last) => {
            let until = when::other_time_of_day(last.at);
            if ctx.now < until { Err(No::TooSoon { until }) } else { Ok(()) }
        }
        None => Ok(()),
    }
}

fn may_reopen(case: &Case, duty: &Duty) -> Result<(), No> {
    let said = case.rating().map(|r| r.solved).or_else(|| case.reached().and_then(|call| call.solved));
    let found = said.or_else(|| duty.solved());
    let not_solved = |m: &crate::model::Message| m.kind == crate::model::MessageKind::NotSolved;
    let later = case.messages.iter().any(|m| m.round == case.round && not_solved(m));
    let looked =
        case.look_backs.last().is_some_and(|look| look.round == case.round && look.solved != Solved::Yes);
    // After closing a new fact may always begin a new round; the duty's own window still holds.
    let finished = !duty.is_open();
    (found != Some(Solved::Yes) || later || looked || finished).then_some(()).ok_or(No::NothingToReopen {})
}

fn may_endorse(case: &Case, duty: &Duty) -> Result<(), No> {
    let asked = match &duty.state {
        kernel::duty::State::SuspendAsked { at, .. } => *at,
        _ => return Err(No::NothingToEndorse {}),
    };
    let done = case.deferral.as_ref().is_some_and(|d| d.round == case.round && d.endorsed.at >= asked);
    (!done).then_some(()).ok_or(No::NothingToEndorse {})
}

fn may_propose(case: &Case, ctx: &Context<'_>) -> Result<(), No> {
    if case.exclusion.is_some() {
        return Err(No::ExclusionTwice {});
    }
    let rated = when::rated_at(case).unwrap_or(case.updated_at);
    let until = kernel::clock::due(rated, ctx.rules.exclusion_within, ctx.calendar).at;
    (ctx.now <= until).then_some(()).ok_or(No::ExclusionLate { until })
}

fn may_decide(case: &Case, ctx: &Context<'_>) -> Result<(), No> {
    let exclusion = case.exclusion.as_ref().filter(|e| e.pending()).ok_or(No::NothingToDecide {})?;
    let first = exclusion.decided.as_ref().map(|ruling| &ruling.by);
    if exclusion.appeal.is_some() && first == Some(&ctx.actor.post) {
        return Err(No::SameDecider {});
    }
    if exclusion.by == ctx.actor.post {
        return Err(No::OwnLine { unit: ctx.actor.unit.clone() });
    }
    Ok(())
}

fn may_appeal(case: &Case, ctx: &Context<'_>) -> Result<(), No> {
    let exclusion = case.exclusion.as_ref().ok_or(No::NothingToAppeal {})?;
    let (Some(ruling), None) = (&exclusion.decided, &exclusion.appeal) else {
        return Err(No::NothingToAppeal {});
    };
    let until = kernel::clock::due(ruling.at, ctx.rules.appeal_within, ctx.calendar).at;
    (ctx.now <= until).then_some(()).ok_or(No::AppealLate { until })
}
