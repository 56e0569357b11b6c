//! Decisions after the reply: audit, call-back, rating, next round, deferral, exclusion, look-back.

use super::command::Command;
use super::decide::masked;
use super::{Context, mark, when};
use crate::event::Event;
use crate::model::{Attachment, Case, LeftOut, Mark};
use crate::refusal::CaseRefusal as No;
use kernel::duty::{Duty, Solved};
use kernel::text::Remark;
use kernel::{Slug, Words};

pub(super) fn on(case: &Case, duty: &Duty, command: &Command, ctx: &Context<'_>) -> Result<Event, No> {
    match command {
        Command::Audit { passed: false, defects } if defects.is_empty() => Err(No::NoDefects {}),
        Command::Audit { passed, defects } => {
            let defects = if *passed { Vec::new() } else { defects.clone() };
            Ok(Event::Audited { passed: *passed, defects })
        }
        Command::CallBack { .. } => call_back(case, command, ctx),
        Command::Rate { contacted, solved, grade, note } => {
            answered(Some(*solved))?;
            let note = note.as_ref().map(masked);
            Ok(Event::Rated { contacted: *contacted, solved: *solved, grade: *grade, note })
        }
        Command::Reopen { why, note } => Ok(Event::Reopened { why: *why, note: note.clone(), by: None }),
        Command::Endorse { granted, ground } => {
            Ok(Event::Endorsed { granted: *granted, ground: ground.clone() })
        }
        Command::Object { upheld, ground } => {
            Ok(Event::ObjectionDecided { upheld: *upheld, ground: ground.clone() })
        }
        Command::ProposeExclusion { class, evidence, files } => propose(class, evidence, files, ctx),
        Command::DecideExclusion { granted, ground } => {
            Ok(Event::ExclusionDecided { granted: *granted, ground: ground.clone() })
        }
        Command::AppealExclusion { ground } => Ok(Event::ExclusionAppealed { ground: ground.clone() }),
        Command::LookBack { solved, note } => {
            let day = when::look_back_due(case, duty, ctx.rules, ctx.now).ok_or(No::NotDue {})?;
            answered(Some(*solved))?;
            Ok(Event::LookedBack { day, solved: *solved, note: note.clone() })
        }
        other => Err(No::WrongStage { act: other.act(), stage: super::stage(case, duty) }),
    }
}

/// What a petitioner or a look may answer: solved, partly, not.
fn answered(solved: Option<Solved>) -> Result<(), No> {
    let ok = matches!(solved, Some(Solved::Yes | Solved::Partly | Solved::No));
    ok.then_some(()).ok_or(No::AnswerNeeded {})
}

fn call_back(case: &Case, command: &Command, ctx: &Context<'_>) -> Result<Event, No> {
    let Command::CallBack { reached, contacted, solved, grade, note } = command else {
        return Err(No::AnswerNeeded {});
    };
    let second = case.reached().is_some();
    if *reached {
        answered(*solved)?;
        if grade.is_none() {
            return Err(No::AnswerNeeded {});
        }
    }
    let tried = u32::try_from(case.attempts().count()).unwrap_or(u32::MAX);
    let max = ctx.rules.callback_attempts.max(1);
    let gave_up = !*reached && !second && tried.saturating_add(1) >= max;
    let said = |yes: bool| yes.then_some(());
    Ok(Event::CalledBack {
        reached: *reached,
        gave_up,
        second,
        contacted: said(*reached).and(*contacted),
        solved: said(*reached).and(*solved),
        grade: said(*reached).and(*grade),
        note: note.as_ref().map(masked),
    })
}

fn propose(class: &Slug, evidence: &Remark, files: &[Attachment], ctx: &Context<'_>) -> Result<Event, No> {
    let unknown = || No::UnknownClass { given: class.to_string() };
    let rule = ctx.rules.exclusions.get(class).ok_or_else(unknown)?;
    let have = files.len();
    if u32::try_from(have).unwrap_or(u32::MAX) < rule.files {
        return Err(No::EvidenceShort { need: rule.files, have });
    }
    Ok(Event::ExclusionProposed { class: class.clone(), evidence: evidence.clone(), files: files.to_vec() })
}

/// The event that scores the present round; `None` when there is nothing to score.
pub(crate) fn score(case: &Case, duty: &Duty, ctx: &Context<'_>) -> Option<Event> {
    let mark = mark(case, duty, ctx)?;
    Some(Event::Scored { mark: Box::new(mark), why: None })
}

/// The event that scores a finished round anew after an appeal or a second call; `None` when nothing moves.
pub(crate) fn rescore(case: &Case, duty: &Duty, ctx: &Context<'_>, why: Words) -> Option<Event> {
    let old = case.mark()?;
    let new = mark(case, duty, ctx)?;
    // Month and unit stay: a figure that was published is corrected where it stood.
    let new = Mark { month: old.month, unit: old.unit.clone(), reduced: old.reduced, ..new };
    let moved = Mark { at: old.at, ..new.clone() } != *old;
    moved.then(|| Event::Scored { mark: Box::new(new), why: Some(why) })
}

/// The event that takes the “solved” of the present round back: a look-back or a recurrence found that it was not
/// (D§15.7). The grade stays what the petitioner said.
pub(crate) fn reduce(case: &Case, ctx: &Context<'_>, why: Words) -> Option<Event> {
    let old = case.mark()?;
    if old.reduced || old.solved == Solved::No {
        return None;
    }
    // A copy that was left out because it was good is none any longer.
    let mark = Mark {
        solved: Solved::No,
        reduced: true,
        left_out: old.left_out.filter(|l| *l == LeftOut::Staff),
        at: ctx.now,
        ..old.clone()
    };
    Some(Event::Scored { mark: Box::new(mark), why: Some(why) })
}
