//! The one decision: case, duty, command and facts in; events or a refusal out.

use super::command::Command;
use super::{Context, guard, judge, stage};
use crate::event::Event;
use crate::model::{Case, MessageKind, Stage};
use crate::refusal::CaseRefusal as No;
use kernel::cases::Urgency;
use kernel::duty::Duty;
use kernel::text::Remark;
use kernel::{Slug, UnitCode};

/// Says what follows from `command` for the case; what it does to the duty is the act's business. Applying the events
/// with `Meta { at: ctx.now, actor }` gives the new case.
///
/// # Errors
/// The first reason that applies; each names field, value, reason and next step.
pub fn decide(case: &Case, duty: &Duty, command: &Command, ctx: &Context<'_>) -> Result<Vec<Event>, No> {
    if let Some(given) = ctx.expected_rev.filter(|given| *given != case.rev) {
        return Err(No::Stale { given, now: case.rev });
    }
    guard::open(command.act(), case, duty, ctx)?;
    let event = match command {
        Command::Classify { .. } => classify(case, command, ctx)?,
        Command::Dispatch { unit, mandate, note, .. } => dispatch(case, unit, mandate, note, ctx)?,
        Command::Answer { article, text } => Event::Answered { article: article.clone(), text: text.clone() },
        Command::HandOver { line, note } => Event::HandedOver { line: *line, note: note.clone() },
        Command::Refuse { ground, reason, route } => {
            Event::Refused { ground: *ground, reason: reason.clone(), route: route.clone() }
        }
        Command::Link { to, why } => link(case, *to, why, ctx)?,
        Command::Unlink { why } => Event::Unlinked { why: why.clone() },
        Command::Withdraw { why } => Event::Withdrawn { why: why.clone() },
        Command::Message { kind, text, attachments } => {
            said(case, duty, *kind)?;
            Event::Said { kind: *kind, text: masked(text), attachments: attachments.clone() }
        }
        Command::Contact { way, reached, note } => {
            Event::Contacted { way: *way, reached: *reached, note: masked(note) }
        }
        Command::Reply { outcome, public, internal, elements, .. } => Event::Replied {
            outcome: *outcome,
            public: public.clone(),
            internal: internal.clone(),
            elements: elements.clone(),
            of: None,
        },
        other => judge::on(case, duty, other, ctx)?,
    };
    Ok(vec![event])
}

fn classify(case: &Case, command: &Command, ctx: &Context<'_>) -> Result<Event, No> {
    let Command::Classify { kind, category, urgency, place, why } = command else {
        return Err(No::NotClassified {});
    };
    let unknown = || No::UnknownCategory { given: category.to_string() };
    let found = ctx.category.filter(|found| found.code == *category).ok_or_else(unknown)?;
    if !found.kinds.is_empty() && !found.kinds.contains(kind) {
        return Err(No::KindNotOffered { kind: *kind, category: category.to_string() });
    }
    let urgency: Urgency = urgency.unwrap_or(found.urgency);
    let place = place.clone().unwrap_or_else(|| case.filing.place.clone());
    Ok(Event::Classified { kind: *kind, category: category.clone(), urgency, place, why: why.clone() })
}

fn dispatch(
    case: &Case,
    unit: &Option<UnitCode>,
    mandate: &Option<Slug>,
    note: &Option<Remark>,
    ctx: &Context<'_>,
) -> Result<Event, No> {
    let routed = ctx.route.map(|route| &route.unit);
    let unit = unit.as_ref().or(routed).ok_or(No::NoRoute {})?;
    if let Some(route) = routed.filter(|route| *route != unit && note.is_none()) {
        return Err(No::DetourNeedsNote { route: route.clone(), unit: unit.clone() });
    }
    if let Some(against) = &case.filing.against
        && case.filing.confidential
        && ctx.target_line.contains(against)
    {
        return Err(No::AgainstItself { unit: unit.clone() });
    }
    let entry = ctx.category.and_then(|category| category.mandate.as_ref());
    let mandate = mandate.as_ref().or(entry).cloned();
    Ok(Event::Dispatched { unit: unit.clone(), mandate, by_rule: routed == Some(unit), note: note.clone() })
}

fn link(case: &Case, to: kernel::DutyId, why: &Remark, ctx: &Context<'_>) -> Result<Event, No> {
    if to == case.id {
        return Err(No::LinkSelf {});
    }
    let target = ctx.target.filter(|target| target.id == to);
    match target {
        Some(target) if target.takes => Ok(Event::Linked { to, why: why.clone() }),
        Some(target) => Err(No::LinkTarget { no: target.no.clone() }),
        None => Err(No::LinkTarget { no: to.to_string() }),
    }
}

/// “Not solved” follows a reply; an objection follows a deferral. Everything else may be said at any time.
fn said(case: &Case, duty: &Duty, kind: MessageKind) -> Result<(), No> {
    let now = stage(case, duty);
    let ok = match kind {
        MessageKind::NotSolved => case.reply().is_some(),
        MessageKind::Objection => now == Stage::Deferred && case.deferral.is_some(),
        MessageKind::More | MessageKind::Coached => true,
    };
    ok.then_some(()).ok_or(No::WrongStage { act: crate::model::Act::Message, stage: now })
}

/// Numbers that identify a person do not enter the ledger. Masking never makes a text longer.
pub(super) fn masked(text: &Remark) -> Remark {
    Remark::parse("text", &crate::model::masked_text(text.as_str())).unwrap_or_else(|_| text.clone())
}
