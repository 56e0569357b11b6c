//! Whether an act is open to an actor now, before looking at what the command says. `decide` asks it first and
//! `actions` asks it for every button, so a page can never offer what would be refused for these reasons.
//!
//! The order is the order in which a person wants to hear it: the kind does not know the act; the state does not
//! admit it; it is not yours; it is too late, too often, too little.

use super::context::Context;
use super::model::Duty;
use super::profile::{ChildrenRule, Profile};
use super::refusal::DutyRefusal as No;
use super::state::State;
use super::vocab::{Act, DueOwner, StateName, Who};
use crate::clock;
use crate::id::{PostCode, Slug, UnitCode};
use crate::time::Instant;
use std::collections::BTreeSet;

/// Says whether `act` is open.
pub(super) fn admit(act: Act, duty: Option<&Duty>, ctx: &Context<'_>) -> Result<(), No> {
    if ctx.profile.off.contains(&act) {
        return Err(No::ActOff { act });
    }
    let Some(duty) = duty else {
        return match act {
            Act::Draft | Act::Register => register_role(act, ctx),
            _ => Err(No::NotThere { act }),
        };
    };
    if ctx.now < duty.updated_at {
        return Err(No::TimeBack { last: duty.updated_at });
    }
    let name = duty.state.name();
    // A whistle calls all departments at once, before its lead has signed (D§B.2); a lead by itself signs first.
    let called = act == Act::AddSupport && name == StateName::Assigned && ctx.from_owner;
    if !called && !state_admits(act, name, ctx.profile) {
        return Err(No::WrongState { act, state: name });
    }
    who(act, duty, ctx)?;
    stand_aside(act, duty, ctx)?;
    limits(act, duty, ctx)
}

/// States in which the lead works on it; a kind that skips a step may submit from the state before it.
pub(super) fn is_working(name: StateName, profile: &Profile) -> bool {
    match name {
        StateName::InProgress | StateName::SuspendAsked => true,
        StateName::Accepted => !profile.start,
        StateName::Assigned => !profile.start && !profile.acceptance,
        _ => false,
    }
}

fn state_admits(act: Act, name: StateName, profile: &Profile) -> bool {
    use StateName as S;
    let held = matches!(name, S::Accepted | S::InProgress | S::SuspendAsked | S::Suspended);
    match act {
        Act::Draft | Act::Register => name == S::Draft,
        Act::Assign => name == S::Registered,
        Act::Accept => name == S::Assigned && profile.acceptance,
        Act::Return => matches!(name, S::Assigned | S::Accepted),
        Act::Rule => matches!(name, S::Arbitrating | S::Assigned | S::Accepted | S::InProgress),
        Act::OfferLead | Act::TakeLead | Act::DeclineLead => {
            matches!(name, S::Assigned | S::Accepted | S::InProgress)
        }
        Act::Start => name == S::Accepted || (name == S::Assigned && !profile.acceptance),
        Act::NoteProgress | Act::AddEvidence | Act::Raise => held || is_working(name, profile),
        Act::AddSupport => matches!(name, S::Accepted | S::InProgress) || is_working(name, profile),
        Act::AskSuspend => name == S::InProgress || (name == S::Accepted && !profile.start),
        Act::GrantSuspend | Act::RefuseSuspend => name == S::SuspendAsked,
        Act::Resume => name == S::Suspended,
        Act::AskExtend | Act::GrantExtend | Act::RefuseExtend => {
            matches!(name, S::Accepted | S::InProgress | S::SuspendAsked) || is_working(name, profile)
        }
        Act::VerifyEvidence => {
            held || is_working(name, profile) || matches!(name, S::Submitted | S::Verified)
        }
        Act::Submit => is_working(name, profile),
        Act::Reject => name == S::Submitted,
        Act::Verify => matches!(name, S::Submitted | S::Closed | S::Archived),
        Act::Close => name == S::Verified || (name == S::Submitted && !profile.verification),
        Act::Archive => name == S::Closed,
        Act::Reopen => matches!(name, S::Closed | S::Archived),
        Act::Split | Act::Merge | Act::Recompute | Act::SetPatron => name.is_open() && name != S::Draft,
        Act::Cancel => name.is_open(),
        Act::HandOver | Act::TakeOver => held,
        Act::Urge => name.is_open() && !matches!(name, S::Draft | S::Registered | S::Suspended | S::Verified),
        Act::Escalate => name.is_open() && !matches!(name, S::Draft | S::Suspended),
        Act::Link => true,
    }
}

fn register_role(act: Act, ctx: &Context<'_>) -> Result<(), No> {
    let roles = &ctx.profile.registrar;
    let ok = roles.is_empty() || ctx.actor.has(roles);
    ok.then_some(()).ok_or_else(|| not_yours(act, Who::RegistrarRole, ctx))
}

fn not_yours(act: Act, who: Who, ctx: &Context<'_>) -> No {
    No::NotYours { act, who, post: ctx.actor.post.clone() }
}

/// To whom the act belongs. `kernel::access` narrows further; nothing here can be widened by a playbook's policy.
fn who(act: Act, duty: &Duty, ctx: &Context<'_>) -> Result<(), No> {
    let actor = ctx.actor;
    let profile = ctx.profile;
    let own = |post: &Option<PostCode>| post.as_ref() == Some(&actor.post);
    let registrar = duty.registrar == actor.post;
    let desk = registrar || own(&duty.superintendent) || actor.has(&profile.assigner);
    let lead = duty.lead.as_ref() == Some(&actor.unit);
    let system = is_system(&actor.roles);
    let closer = actor.has(&profile.closer);
    let (ok, who) = match act {
        Act::Draft | Act::Cancel => (registrar, Who::Registrar),
        Act::Register => {
            register_role(act, ctx)?;
            (registrar || !profile.registrar.is_empty(), Who::Registrar)
        }
        Act::Assign | Act::Split | Act::Merge => (desk, Who::Desk),
        Act::Urge | Act::SetPatron => (desk || own(&duty.patron) || closer, Who::Desk),
        Act::Accept
        | Act::Return
        | Act::OfferLead
        | Act::Start
        | Act::NoteProgress
        | Act::AddSupport
        | Act::AskSuspend
        | Act::AskExtend
        | Act::AddEvidence
        | Act::Submit
        | Act::HandOver => (lead, Who::Lead),
        Act::Raise => (lead || own(&duty.patron), Who::Lead),
        Act::TakeLead | Act::DeclineLead => {
            let asked = duty.lead_offer.as_ref().ok_or(No::NothingAsked { act })?;
            (asked.to == actor.unit, Who::Offered)
        }
        Act::TakeOver => {
            let asked = duty.hand_over.as_ref().ok_or(No::NothingAsked { act })?;
            (asked.to == actor.post, Who::Successor)
        }
        Act::Rule => (actor.has(&profile.arbiter), Who::Arbiter),
        Act::GrantSuspend | Act::RefuseSuspend => (actor.has(&profile.suspend.roles), Who::Approver),
        Act::GrantExtend | Act::RefuseExtend => (actor.has(&profile.extension_approver), Who::Approver),
        Act::Resume => (lead || desk || system || actor.has(&profile.suspend.roles), Who::Desk),
        Act::VerifyEvidence | Act::Reject | Act::Verify => {
            (actor.has(&profile.verifier.roles), Who::Verifier)
        }
        Act::Close => (closer || (system && !profile.verification), Who::Closer),
        Act::Archive => (closer || desk || system, Who::Closer),
        Act::Reopen => (closer || desk || actor.has(&profile.verifier.roles), Who::Closer),
        Act::Escalate => (system, Who::System),
        Act::Recompute => (system || closer, Who::System),
        Act::Link => (lead || desk || system, Who::Desk),
    };
    ok.then_some(()).ok_or_else(|| not_yours(act, who, ctx))
}

fn is_system(roles: &BTreeSet<Slug>) -> bool {
    roles.iter().any(|role| role.as_str() == "system")
}

/// 回避 (D§2.3.5): who worked on it neither verifies nor closes it, an approver is not the asker, and nobody judges
/// the own line.
fn stand_aside(act: Act, duty: &Duty, ctx: &Context<'_>) -> Result<(), No> {
    let actor = ctx.actor;
    let asker = match (act, &duty.state) {
        (Act::GrantSuspend | Act::RefuseSuspend, State::SuspendAsked { by, .. }) => Some(by),
        (Act::GrantExtend | Act::RefuseExtend, _) => {
            Some(&duty.extension_ask.as_ref().ok_or(No::NothingAsked { act })?.by)
        }
        _ => None,
    };
    if asker == Some(&actor.post) {
        return Err(No::ApproverIsAsker { post: actor.post.clone() });
    }
    let judges = matches!(
        act,
        Act::GrantSuspend
            | Act::RefuseSuspend
            | Act::GrantExtend
            | Act::RefuseExtend
            | Act::VerifyEvidence
            | Act::Verify
            | Act::Reject
    );
    let finishes = matches!(act, Act::Close);
    if judges || finishes {
        let submitter = duty.outcome.as_ref().map(|outcome| &outcome.by);
        if duty.handler.as_ref() == Some(&actor.post) || submitter == Some(&actor.post) {
            return Err(No::OwnWork { act, post: actor.post.clone() });
        }
    }
    match &duty.lead {
        Some(lead) if judges && actor.in_line(lead) => {
            Err(No::OwnLine { act, unit: actor.unit.clone(), lead: lead.clone() })
        }
        Some(lead) if act == Act::Rule && actor.in_line(lead) => {
            Err(No::InterestedArbiter { unit: actor.unit.clone() })
        }
        _ => Ok(()),
    }
}

/// Windows and caps.
fn limits(act: Act, duty: &Duty, ctx: &Context<'_>) -> Result<(), No> {
    if matches!(act, Act::AskExtend | Act::GrantExtend | Act::RefuseExtend) {
        owns_due(act, ctx)?;
    }
    match act {
        Act::Return => may_return(duty, ctx),
        Act::OfferLead if duty.lead_offer.is_some() => Err(No::AskPending { act }),
        Act::HandOver if duty.hand_over.is_some() => Err(No::AskPending { act }),
        Act::AskExtend => may_extend(act, duty, ctx),
        Act::Recompute if duty.clock.is_none() => Err(No::NoClock { act }),
        Act::AddEvidence => {
            let max = ctx.profile.evidence.max;
            let have = count(duty.evidence.iter().filter(|e| e.round == duty.round).count());
            (have < max).then_some(()).ok_or(No::EvidenceFull { max })
        }
        Act::Submit => {
            enough_evidence(duty, ctx)?;
            let waits = ctx.profile.children == ChildrenRule::BeforeSubmit;
            children_done(act, waits, ctx)
        }
        Act::Close => children_done(act, ctx.profile.children != ChildrenRule::Free, ctx),
        Act::Reopen => may_reopen(duty, ctx),
        Act::Urge => match duty.urgings.last() {
            Some(last) if last.at.day() == ctx.now.day() => Err(No::UrgedToday { at: last.at }),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

fn may_return(duty: &Duty, ctx: &Context<'_>) -> Result<(), No> {
    let rule = &ctx.profile.returns;
    if duty.bound {
        let lead = duty.lead.clone().unwrap_or_else(|| duty.registrar_unit.clone());
        return Err(No::Bound { lead });
    }
    if duty.return_no >= rule.max {
        return Err(No::ReturnsSpent { max: rule.max });
    }
    let since = duty.assigned_at.unwrap_or(duty.updated_at);
    let until = clock::due(since, rule.window, ctx.calendar).at;
    (ctx.now <= until).then_some(()).ok_or(No::ReturnLate { window: rule.window, until })
}

/// Whether the due day may be moved from here: a kind may leave it to the plan, whose change asks for more.
pub(super) fn owns_due(act: Act, ctx: &Context<'_>) -> Result<(), No> {
    let owner = ctx.profile.due_owner;
    (owner == DueOwner::Duty || ctx.from_owner).then_some(()).ok_or(No::DueOwned { act, owner })
}

fn may_extend(act: Act, duty: &Duty, ctx: &Context<'_>) -> Result<(), No> {
    if duty.extension_ask.is_some() {
        return Err(No::AskPending { act });
    }
    let due = main_due(duty).ok_or(No::NoClock { act })?;
    let rule = ctx.rule.ok_or(No::NoClock { act })?;
    let max = rule.extension.max_count;
    if ctx.now > due {
        return Err(No::ExtendLate { due });
    }
    if count(duty.granted_extensions()) >= max {
        return Err(No::ExtendSpent { max });
    }
    Ok(())
}

fn main_due(duty: &Duty) -> Option<Instant> {
    duty.clock.as_ref().and_then(clock::Clock::main_due)
}

fn enough_evidence(duty: &Duty, ctx: &Context<'_>) -> Result<(), No> {
    let rule = &ctx.profile.evidence;
    let counts = |kind| rule.kinds.is_empty() || rule.kinds.contains(&kind);
    let have = count(duty.counting_evidence().filter(|e| counts(e.kind)).count());
    (have >= rule.min).then_some(()).ok_or(No::EvidenceShort { have, need: rule.min })
}

fn children_done(act: Act, waits: bool, ctx: &Context<'_>) -> Result<(), No> {
    let open = ctx.children.open;
    (!waits || open == 0).then_some(()).ok_or(No::ChildrenOpen { act, open })
}

fn may_reopen(duty: &Duty, ctx: &Context<'_>) -> Result<(), No> {
    let (State::Closed { at: closed, .. } | State::Archived { closed, .. }) = &duty.state else {
        return Ok(());
    };
    let Some(days) = ctx.profile.reopen_days else { return Ok(()) };
    let until = closed.day().plus(i32::try_from(days).unwrap_or(i32::MAX));
    (ctx.now.day() <= until).then_some(()).ok_or(No::ReopenLate { until })
}

/// Counts as the refusals write them.
pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Whether a post belongs to a unit, by the unit part of its code.
pub(super) fn post_in(post: &PostCode, unit: &UnitCode) -> bool {
    post.unit_part() == unit.as_str()
}
