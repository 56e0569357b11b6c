//! Periodic work: scoring and closing, look-backs, deferrals whose review day has come, retention.
//!
//! Each function is one batch inside one transaction; a job calls it until it has nothing left. Whoever calls is the
//! system's own actor.

use super::change::save;
use super::effect::{follows, remark, score, settle};
use super::load;
use super::personal::erase_unjudged;
use crate::facts::{Loaded, rules_of};
use crate::model::CaseId;
use crate::store;
use base::op::Op;
use base::{Fault, Outcome};
use kernel::access::Action;
use kernel::duty::{self as kd, ResumeTrigger, State};

/// Scores rounds whose window of exclusion is over, and closes them; returns how many were touched.
///
/// # Errors
/// Faults of the machinery; a case that cannot be closed yet is put off by a day.
pub fn score_due(op: &mut Op<'_, '_>, limit: u32) -> Outcome<u64> {
    let due = store::score_due(op.tx, op.district(), op.now(), limit)?;
    let mut n = 0;
    for id in due {
        let (mut case, duty) = load(op, id, Action::CaseRead)?;
        let loaded = Loaded::new(op, &case, &duty, None)?;
        let from = case.rev;
        if case.mark().is_none() {
            score(op, &mut case, &duty, &loaded)?;
        }
        save(op, &case, &duty, &loaded, from)?;
        let duty = settle(op, &case, duty)?;
        match duty::act::perform_unjudged(op, duty, &kd::Command::Close, &follows()) {
            Ok(_) => {}
            // A supporting unit still works on its part: nothing was written, it is asked again tomorrow.
            Err(Fault::Refused(_)) => put_off(op, id)?,
            Err(fault) => return Err(fault),
        }
        n += 1;
    }
    Ok(n)
}

fn put_off(op: &mut Op<'_, '_>, id: CaseId) -> Outcome<()> {
    let sql = "update case_item set score_at = $1 where district = $2 and id = $3";
    let tomorrow = op.today().plus(1).at(9, 0);
    op.tx.exec(sql, &[tomorrow.into(), op.district().into(), id.into()]).map(|_| ())
}

/// Finished cases whose 30th or 90th day has come, for the list of those who look back.
///
/// # Errors
/// Faults of the machinery.
pub fn look_back_due(op: &mut Op<'_, '_>, limit: u32) -> Outcome<Vec<CaseId>> {
    store::look_due(op.tx, op.district(), op.now(), limit)
}

/// Takes up deferred cases whose review day has come (D§B.1 row 15); returns how many.
///
/// # Errors
/// Faults of the machinery.
pub fn resume_due(op: &mut Op<'_, '_>, limit: u32) -> Outcome<u64> {
    let mut n = 0;
    for row in store::ageing(op.tx, op.district(), None, limit)? {
        let Some(duty) = duty::store::locked(op.tx, op.district(), row.id)? else { continue };
        let State::Suspended { review, .. } = &duty.state else { continue };
        if *review > op.today() {
            continue;
        }
        let note = remark("挂账复核日已到，恢复办理")?;
        let resume = kd::Command::Resume { trigger: ResumeTrigger::ReviewDay, note };
        duty::act::perform_unjudged(op, duty, &resume, &follows())?;
        n += 1;
    }
    Ok(n)
}

/// Erases the contacts of cases closed longer ago than the years of retention; returns how many.
///
/// # Errors
/// Faults of the machinery.
pub fn erase_due(op: &mut Op<'_, '_>, limit: u32) -> Outcome<u64> {
    let book = op.core().book(op.district(), op.today())?;
    let years = i32::try_from(rules_of(&book)?.retention_years).unwrap_or(i32::MAX / 12);
    let before = op.today().plus_months(-12 * years).start();
    let due = store::keep_due(op.tx, op.district(), before, limit)?;
    let mut n = 0;
    for id in due {
        let (case, duty) = load(op, id, Action::CaseErase)?;
        if case.erased_at.is_some() {
            store::forget_contact(op.tx, op.district(), id)?;
            continue;
        }
        let loaded = Loaded::new(op, &case, &duty, None)?;
        let ground = remark(&format!("办结已满{years}年，按保存期限删除"))?;
        erase_unjudged(op, case, &duty, &loaded, &ground, false)?;
        n += 1;
    }
    Ok(n)
}
