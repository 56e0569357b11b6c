//! The work itself: signing, starting, noting, evidence, handing over, urging, raising.

use super::super::command::Command;
use super::super::context::Context;
use super::super::event::Event;
use super::super::guard::post_in;
use super::super::model::Duty;
use super::super::refusal::DutyRefusal as No;
use super::ticked;
use crate::clock::ClockEvent;
use crate::id::PostCode;

pub(super) fn on(duty: &Duty, command: &Command, ctx: &Context<'_>) -> Result<Event, No> {
    match command {
        Command::Accept { handler } => {
            let handler = handler.clone().unwrap_or_else(|| ctx.actor.post.clone());
            own_post(duty, &handler, ctx)?;
            let clock =
                ticked(duty, ctx, |clock, rule| clock.on(ClockEvent::Accept, ctx.now, rule, ctx.calendar))?;
            Ok(Event::Accepted { handler, clock })
        }
        Command::Start { note } => {
            let handler = duty.handler.clone().unwrap_or_else(|| ctx.actor.post.clone());
            // A kind without signing starts with the work, so the limits of signing stop here too.
            let clock = ticked(duty, ctx, |clock, rule| {
                clock.on(ClockEvent::Accept, ctx.now, rule, ctx.calendar);
                clock.on(ClockEvent::Contact, ctx.now, rule, ctx.calendar);
            })?;
            Ok(Event::Started { handler, note: note.clone(), clock })
        }
        Command::NoteProgress { percent, text } => match *percent {
            Some(percent) if percent > 100 => Err(No::PercentOver { percent }),
            percent => Ok(Event::Progressed { percent, text: text.clone() }),
        },
        Command::AddEvidence { file, kind, note, sha256 } => {
            if duty.evidence.iter().any(|e| e.sha256 == *sha256 || e.file == *file) {
                return Err(No::EvidenceTwice { file: *file });
            }
            Ok(Event::EvidenceAdded { file: *file, kind: *kind, note: note.clone(), sha256: sha256.clone() })
        }
        Command::VerifyEvidence { file, good, note } => {
            if !duty.evidence.iter().any(|e| e.file == *file) {
                return Err(No::EvidenceUnknown { file: *file });
            }
            Ok(Event::EvidenceVerified { file: *file, good: *good, note: note.clone() })
        }
        Command::HandOver { to, note } => {
            own_post(duty, to, ctx)?;
            if duty.handler.as_ref() == Some(to) {
                return Err(No::SameHandler { post: to.clone() });
            }
            // Taking a colleague's duty is an acceptance by itself.
            if ctx.actor.post == *to {
                return Ok(Event::HandedOver { to: to.clone() });
            }
            Ok(Event::HandOverAsked { to: to.clone(), note: note.clone() })
        }
        Command::TakeOver => Ok(Event::HandedOver { to: ctx.actor.post.clone() }),
        Command::Urge { note } => Ok(Event::Urged { note: note.clone() }),
        Command::Escalate { rung, asked, note } => {
            if *rung <= duty.rung {
                return Err(No::RungPassed { rung: *rung, reached: duty.rung });
            }
            Ok(Event::Escalated { rung: *rung, asked: asked.clone(), note: note.clone() })
        }
        Command::SetPatron { patron } => Ok(Event::PatronSet { patron: patron.clone() }),
        Command::Raise { block, ask } => Ok(Event::Raised { block: *block, ask: ask.clone() }),
        Command::Link { relation } => {
            if relation.to == duty.id {
                return Err(No::LinkSelf { to: relation.to });
            }
            Ok(Event::Linked { relation: relation.clone() })
        }
        other => Err(No::WrongState { act: other.act(), state: duty.state.name() }),
    }
}

/// A handler is a post of the lead unit. The acting post is one by its unit, whatever its code.
fn own_post(duty: &Duty, post: &PostCode, ctx: &Context<'_>) -> Result<(), No> {
    let Some(lead) = &duty.lead else { return Ok(()) };
    if post_in(post, lead) || (ctx.actor.post == *post && ctx.actor.unit == *lead) {
        return Ok(());
    }
    Err(No::HandlerElsewhere { post: post.clone(), lead: lead.clone() })
}
