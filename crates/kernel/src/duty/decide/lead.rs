//! Who leads: assignment, return, ruling, agreed change, support (D§2.3.4: exactly one lead at any moment).

use super::super::command::Command;
use super::super::context::{Context, LeadFacts, MandateList};
use super::super::event::Event;
use super::super::guard::post_in;
use super::super::model::Duty;
use super::super::refusal::DutyRefusal as No;
use super::super::vocab::{Act, Fact, HoldWhy};
use super::{desk, good_due, ticked};
use crate::clock::{Clock, ClockEvent};
use crate::id::{DutyId, PostCode, Slug, UnitCode};
use crate::text::Remark;
use crate::time::Day;

pub(super) fn on(duty: &Duty, command: &Command, ctx: &Context<'_>) -> Result<Event, No> {
    match command {
        Command::Assign { lead, handler, superintendent, patron, due } => {
            let named = Named { handler, superintendent, patron, due: *due };
            assign(duty, lead, &named, ctx)
        }
        Command::Return { reason, ground } => {
            let hold = desk(duty, HoldWhy::Arbitration);
            Ok(Event::Returned { reason: *reason, ground: ground.clone(), hold })
        }
        Command::Rule { lead, binds, ground } => rule(duty, lead, *binds, ground, ctx),
        Command::OfferLead { to, reason } => {
            differs(duty, to)?;
            may_lead(to, ctx)?;
            Ok(Event::LeadOffered { to: to.clone(), reason: reason.clone() })
        }
        Command::TakeLead => {
            let lead = ctx.actor.unit.clone();
            let entry = may_lead(&lead, ctx)?;
            let clock =
                ticked(duty, ctx, |clock, rule| clock.on(ClockEvent::Accept, ctx.now, rule, ctx.calendar))?;
            Ok(Event::LeadTaken { lead, handler: ctx.actor.post.clone(), entry, clock })
        }
        Command::DeclineLead { why } => {
            Ok(Event::LeadDeclined { by: ctx.actor.unit.clone(), why: why.clone() })
        }
        Command::AddSupport { unit, ask, due } => support(duty, unit, ask, *due, ctx),
        other => Err(No::WrongState { act: other.act(), state: duty.state.name() }),
    }
}

/// Posts and day that an assignment may name beside the lead.
struct Named<'a> {
    handler: &'a Option<PostCode>,
    superintendent: &'a Option<PostCode>,
    patron: &'a Option<PostCode>,
    due: Option<Day>,
}

fn assign(duty: &Duty, lead: &UnitCode, named: &Named<'_>, ctx: &Context<'_>) -> Result<Event, No> {
    let entry = may_lead(lead, ctx)?;
    if let Some(post) = named.handler
        && !post_in(post, lead)
    {
        return Err(No::HandlerElsewhere { post: post.clone(), lead: lead.clone() });
    }
    if let Some(due) = named.due {
        good_due(due, ctx)?;
    }
    let clock = ticked(duty, ctx, |clock, rule| {
        // Another rule than at registration: a request was found to be more urgent. It counts from its registration.
        let other_rule = *clock.rule().0 != rule.code;
        if other_rule || named.due.is_some() {
            *clock = named.due.map_or_else(|| Clock::new(rule), |due| Clock::fixed(rule, due));
            clock.on(ClockEvent::Register, duty.registered_at.unwrap_or(ctx.now), rule, ctx.calendar);
        }
        clock.on(ClockEvent::Assign, ctx.now, rule, ctx.calendar);
        if named.due.or(duty.planned_due).is_some() {
            clock.on(ClockEvent::Given, ctx.now, rule, ctx.calendar);
        }
    })?;
    Ok(Event::Assigned {
        lead: lead.clone(),
        handler: named.handler.clone(),
        superintendent: named.superintendent.clone(),
        patron: named.patron.clone(),
        due: named.due,
        entry,
        clock,
    })
}

/// A ruling keeps the lead or moves it. Limits run on: the total is unchanged (D§B.1 row 9).
fn rule(duty: &Duty, lead: &UnitCode, binds: bool, ground: &Remark, ctx: &Context<'_>) -> Result<Event, No> {
    if ctx.actor.in_line(lead) {
        return Err(No::InterestedArbiter { unit: ctx.actor.unit.clone() });
    }
    let moved = duty.lead.as_ref() != Some(lead);
    let returned = matches!(duty.state, super::super::state::State::Arbitrating { .. });
    if !moved && !returned {
        return Err(No::SameLead { lead: lead.clone() });
    }
    let entry = if moved { may_lead(lead, ctx)? } else { duty.entry.clone() };
    // After the last return somebody must do it.
    let binds = binds || duty.return_no >= ctx.profile.returns.max;
    Ok(Event::Ruled { lead: lead.clone(), moved, binds, entry, ground: ground.clone() })
}

fn support(
    duty: &Duty,
    unit: &UnitCode,
    ask: &Remark,
    due: Option<Day>,
    ctx: &Context<'_>,
) -> Result<Event, No> {
    if duty.lead.as_ref() == Some(unit) {
        return Err(No::SupportSelf { unit: unit.clone() });
    }
    if duty.children.iter().any(|child| child.unit == *unit) {
        return Err(No::SupportTwice { unit: unit.clone() });
    }
    if let Some(due) = due {
        good_due(due, ctx)?;
    }
    let known = |id: DutyId| id == duty.id || duty.children.iter().any(|child| child.id == id);
    let child =
        ctx.ids.first().copied().filter(|id| !known(*id)).ok_or(No::FactMissing { what: Fact::ChildIds })?;
    Ok(Event::SupportAdded { child, unit: unit.clone(), ask: ask.clone(), due })
}

fn differs(duty: &Duty, unit: &UnitCode) -> Result<(), No> {
    if duty.lead.as_ref() == Some(unit) {
        return Err(No::SameLead { lead: unit.clone() });
    }
    Ok(())
}

/// Whether `unit` may lead by what the mandates say; gives the entry that is cited.
fn may_lead(unit: &UnitCode, ctx: &Context<'_>) -> Result<Option<Slug>, No> {
    let missing = No::FactMissing { what: Fact::LeadFacts };
    let LeadFacts { kind, mandate, .. } =
        ctx.lead_facts.filter(|facts| facts.unit == *unit).ok_or(missing)?;
    if *kind == super::super::context::UnitKind::Enterprise && !ctx.profile.enterprise_may_lead {
        return Err(No::EnterpriseLead { unit: unit.clone() });
    }
    match mandate {
        None if ctx.profile.mandate_needed => Err(No::NoMandate { unit: unit.clone() }),
        None => Ok(None),
        Some(answer) if kind.is_grassroots() && answer.list == MandateList::TakenBack => {
            Err(No::TakenBack { unit: unit.clone(), entry: answer.entry.clone() })
        }
        Some(answer)
            if kind.is_grassroots() && answer.list == MandateList::Support && answer.lead != *unit =>
        {
            let (entry, lead) = (answer.entry.clone(), answer.lead.clone());
            Err(No::SupportOnly { unit: unit.clone(), entry, lead })
        }
        Some(answer) => Ok(Some(answer.entry.clone())),
    }
}

/// A second assignment is refused in words of its own: two leads are what “责任不清” nearly always means (D§2.1).
pub(super) fn second_lead(duty: &Duty, asked: &UnitCode) -> No {
    match &duty.lead {
        Some(lead) if lead == asked => No::SameLead { lead: lead.clone() },
        Some(lead) => No::SecondLead { lead: lead.clone(), asked: asked.clone() },
        None => No::WrongState { act: Act::Assign, state: duty.state.name() },
    }
}
