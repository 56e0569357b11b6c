//! Drafting, registering, and the forms of the children that a parent brings forth.

use super::super::command::NewDuty;
use super::super::context::Context;
use super::super::event::Event;
use super::super::model::{Duty, Relation};
use super::super::refusal::DutyRefusal as No;
use super::super::vocab::{Fact, RelationKind};
use super::good_due;
use crate::clock::{Clock, ClockEvent};
use crate::id::DutyId;
use crate::text::Title;
use std::collections::BTreeSet;

pub(super) fn draft(duty: Option<&Duty>, form: &NewDuty, ctx: &Context<'_>) -> Result<Event, No> {
    right_kind(form, ctx)?;
    let form = Box::new(form.clone());
    match duty {
        Some(_) => Ok(Event::Redrafted { form }),
        None => Ok(Event::Drafted { id: fresh_id(ctx)?, unit: ctx.actor.unit.clone(), form }),
    }
}

pub(super) fn register(duty: Option<&Duty>, form: &NewDuty, ctx: &Context<'_>) -> Result<Event, No> {
    right_kind(form, ctx)?;
    if form.ground.is_empty() {
        return Err(No::NoGround {});
    }
    if let Some(due) = form.planned_due {
        good_due(due, ctx)?;
    }
    let number = ctx.number.filter(|no| !no.is_empty()).ok_or(No::FactMissing { what: Fact::Number })?;
    let (id, unit) = match duty {
        Some(duty) => (duty.id, duty.registrar_unit.clone()),
        None => (fresh_id(ctx)?, ctx.actor.unit.clone()),
    };
    let clock = match (ctx.rule, &ctx.profile.clock) {
        (Some(rule), _) => {
            let mut clock = form.planned_due.map_or_else(|| Clock::new(rule), |due| Clock::fixed(rule, due));
            clock.on(ClockEvent::Register, ctx.now, rule, ctx.calendar);
            Some(Box::new(clock))
        }
        (None, Some(_)) => return Err(No::FactMissing { what: Fact::Rule }),
        (None, None) => None,
    };
    Ok(Event::Registered { id, no: number.to_owned(), unit, form: Box::new(form.clone()), clock })
}

fn right_kind(form: &NewDuty, ctx: &Context<'_>) -> Result<(), No> {
    let profile = &ctx.profile.kind;
    if form.kind == *profile {
        return Ok(());
    }
    Err(No::WrongKind { given: form.kind.clone(), profile: profile.clone() })
}

fn fresh_id(ctx: &Context<'_>) -> Result<DutyId, No> {
    ctx.ids.first().copied().ok_or(No::FactMissing { what: Fact::Identity })
}

/// The forms with which the children of an event are registered: one for a supporting duty, one per part of a split;
/// empty for every other event. `duty` is the parent before or after the event.
///
/// A supporting duty inherits the parent's grounds and place; a part of a split takes only the grounds that it answers
/// and is no child but stands in the parent's stead.
pub fn child_forms(duty: &Duty, event: &Event) -> Vec<(DutyId, NewDuty)> {
    match event {
        Event::SupportAdded { child, ask, due, .. } => {
            let form = NewDuty {
                criterion: ask.clone(),
                parent: Some(duty.id),
                planned_due: *due,
                relations: BTreeSet::new(),
                ..inherited(duty, duty.title.clone())
            };
            vec![(*child, form)]
        }
        Event::Split { parts } => parts
            .iter()
            .map(|part| {
                let answers = |n: &u32| part.grounds.contains(n);
                let ground =
                    (0u32..).zip(&duty.ground).filter(|(n, _)| answers(n)).map(|(_, g)| g.clone()).collect();
                let origin = Relation { kind: RelationKind::SplitFrom, to: duty.id };
                let form = NewDuty {
                    ground,
                    criterion: part.criterion.clone(),
                    relations: BTreeSet::from([origin]),
                    planned_due: duty.planned_due,
                    ..inherited(duty, part.title.clone())
                };
                (part.id, form)
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn inherited(duty: &Duty, title: Title) -> NewDuty {
    NewDuty {
        kind: duty.kind.clone(),
        title,
        ground: duty.ground.clone(),
        criterion: duty.criterion.clone(),
        priority: duty.priority,
        visibility: duty.visibility,
        superintendent: duty.superintendent.clone(),
        patron: duty.patron.clone(),
        parent: duty.parent,
        relations: BTreeSet::new(),
        place: duty.place.clone(),
        planned_due: None,
        marks: duty.marks.clone(),
    }
}
