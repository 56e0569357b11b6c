//! Marks: what a finished round counts for in the three rates (D§4.27), and the counters that a mark moves.

use super::Context;
use crate::model::{Case, LeftOut, Mark, month_of};
use kernel::cases::Grade;
use kernel::clock::LimitState;
use kernel::duty::{Duty, Solved};

/// The mark of the present round; `None` for a duty that never had a lead.
pub fn mark(case: &Case, duty: &Duty, ctx: &Context<'_>) -> Option<Mark> {
    let unit = duty.lead.clone()?;
    let rated = super::rated_at(case).unwrap_or(ctx.now);
    let (solved, grade, own) = said(case);
    let reached = grade.is_some();
    let kind_counts = ctx.rules.counted_kinds.contains(&case.filing.kind);
    let category_counts = ctx.category.is_none_or(|category| category.counts);
    let excluded = case.exclusion.as_ref().filter(|e| e.granted()).map(|e| e.class.clone());
    let mark = Mark {
        round: case.round,
        month: month_of(rated.day()),
        unit,
        category: case.filing.category.clone(),
        responded: responded(case, duty),
        in_time: duty.outcome.as_ref().and_then(|outcome| outcome.in_time),
        valid: reached && kind_counts && category_counts,
        solved,
        grade,
        own,
        excluded,
        left_out: None,
        reduced: false,
        at: ctx.now,
    };
    // An easy order made by staff, and a further copy of a good result, raise nothing; a bad result always counts,
    // so a copy cannot hide one (D§15.8).
    let left_out = if case.is_staff() {
        Some(LeftOut::Staff)
    } else if ctx.twin && counts_well(&mark) {
        Some(LeftOut::SameProblem)
    } else {
        None
    };
    Some(Mark { left_out, ..mark })
}

/// Whether a mark raises the rates: spoken to in time, and solved to satisfaction where it was asked.
pub fn counts_well(mark: &Mark) -> bool {
    let fine = matches!(mark.grade, None | Some(Grade::VerySatisfied | Grade::Satisfied));
    mark.responded != Some(false) && fine && (!mark.valid || mark.solved == Solved::Yes)
}

/// What the petitioner said: by the own channel first, else in the last call.
fn said(case: &Case) -> (Solved, Option<Grade>, bool) {
    if let Some(rating) = case.rating() {
        return (rating.solved, Some(rating.grade), true);
    }
    match case.reached() {
        Some(call) => (call.solved.unwrap_or(Solved::NotAsked), call.grade, false),
        None if case.gave_up() => (Solved::Unreached, None, false),
        None => (Solved::NotAsked, None, false),
    }
}

/// Whether somebody spoke to the petitioner in time: the clock's contact limit, unless the petitioner denies it. Rules
/// without such a limit are answered so quickly that the reply itself is the contact.
fn responded(case: &Case, duty: &Duty) -> Option<bool> {
    let denied = case.rating().and_then(|rating| rating.contacted) == Some(false)
        || case.reached().and_then(|call| call.contacted) == Some(false);
    if denied {
        return Some(false);
    }
    let clock = duty.clock.as_ref()?;
    let limit = clock.limits().iter().find(|limit| limit.name.as_str() == "contact");
    match limit.map(|limit| &limit.state) {
        Some(LimitState::Stopped { run, at }) => Some(*at <= run.due),
        Some(LimitState::Running(_)) => Some(false),
        Some(LimitState::Waiting) | None => duty.outcome.as_ref().and_then(|outcome| outcome.in_time),
    }
}

/// Names of the counters that a mark adds one to; the names are part of the scopes of `tally`.
pub fn counters(mark: &Mark) -> Vec<String> {
    let mut out = vec!["all".to_owned()];
    if let Some(why) = mark.left_out {
        out.push(format!("left.{}", why.code()));
        return out;
    }
    let side = if let Some(class) = &mark.excluded {
        out.push(format!("class.{class}"));
        'x'
    } else {
        'i'
    };
    let mut add = |name: &str, yes: bool| {
        if yes {
            out.push(format!("{side}.{name}"));
        }
    };
    add("rb", mark.responded.is_some());
    add("rn", mark.responded == Some(true));
    add("tb", mark.in_time.is_some());
    add("tn", mark.in_time == Some(true));
    add("vb", mark.valid);
    add("sn", mark.valid && mark.solved == Solved::Yes);
    add("sp", mark.valid && mark.solved == Solved::Partly);
    if let Some(grade) = mark.grade.filter(|_| mark.valid) {
        out.push(format!("{side}.g.{}", grade.code()));
    }
    out
}
