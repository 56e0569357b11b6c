//! Use-cases on cases: load, decide, record. What an act does to the duty happens in the same transaction.

mod change;
mod effect;
pub mod intake;
pub mod jobs;
pub mod personal;
pub mod petition;
mod search;

pub use change::note;
pub use personal::{erase, export_personal, masked_contact, reveal};
pub use petition::{ask, petition, track};
pub use search::search;

use crate::facts::{Loaded, resource_of, shielded};
use crate::model::{Act, Case, CaseId, Cursor, Filter, Offer, Order, Summary};
use crate::rules::{self, Command};
use crate::store;
use base::Outcome;
use base::op::Op;
use kernel::access::{Action, Denied};
use kernel::duty::Duty;
use kernel::{Lang, Refuse, Words};

/// The act of the policy that an act of a case asks for.
pub fn action_of(act: Act) -> Action {
    match act {
        Act::Classify => Action::CaseClassify,
        Act::Dispatch => Action::CaseDispatch,
        Act::Answer => Action::CaseAnswer,
        Act::HandOver => Action::CaseHandOver,
        Act::Refuse => Action::CaseRefuse,
        Act::Link | Act::Unlink => Action::CaseLink,
        Act::Withdraw => Action::CaseWithdraw,
        Act::Message => Action::CaseMessage,
        Act::Contact => Action::CaseContact,
        Act::Reply => Action::CaseReply,
        Act::Audit => Action::CaseAudit,
        Act::CallBack => Action::CaseCallBack,
        Act::Rate => Action::CaseRate,
        Act::Reopen => Action::DutyReopen,
        Act::Endorse => Action::CaseAssentDeferral,
        Act::Object => Action::DutyResume,
        Act::ProposeExclusion => Action::CaseProposeExclusion,
        Act::DecideExclusion => Action::CaseDecideExclusion,
        Act::AppealExclusion => Action::CaseAppealExclusion,
        Act::LookBack => Action::CaseLookBack,
        Act::Reveal => Action::CaseReveal,
        Act::ExportPersonal => Action::CaseExportPersonal,
        Act::Erase => Action::CaseErase,
    }
}

/// Does an act on a case: everything that follows from it is in this transaction.
///
/// # Errors
/// “Not found” for who may not see it; a refusal of the policy, of this area or of the duty.
pub fn perform(
    op: &mut Op<'_, '_>,
    id: CaseId,
    command: &Command,
    expected_rev: Option<u64>,
) -> Outcome<Case> {
    let action = action_of(command.act());
    let (case, duty) = load(op, id, action)?;
    let loaded = Loaded::new(op, &case, &duty, Some(command))?;
    judge(op, action, &case, &duty, &loaded)?;
    effect::carry_out(op, case, duty, command, &loaded, expected_rev)
}

/// The same for whoever has judged already: jobs, and petitioners who gave their query code.
pub(crate) fn perform_unjudged(
    op: &mut Op<'_, '_>,
    case: Case,
    duty: Duty,
    command: &Command,
    expected_rev: Option<u64>,
) -> Outcome<Case> {
    let loaded = Loaded::new(op, &case, &duty, Some(command))?;
    effect::carry_out(op, case, duty, command, &loaded, expected_rev)
}

/// Duty and case with the locks that a change needs; the duty first, everywhere.
pub(crate) fn load(op: &mut Op<'_, '_>, id: CaseId, action: Action) -> Outcome<(Case, Duty)> {
    let duty = duty::store::locked(op.tx, op.district(), id)?;
    let case = store::locked(op.tx, op.district(), id)?;
    match (case, duty) {
        (Some(case), Some(duty)) => Ok((case, duty)),
        _ => Err(Denied::absent(op.actor(), action).into()),
    }
}

pub(crate) fn judge(
    op: &Op<'_, '_>,
    action: Action,
    case: &Case,
    duty: &Duty,
    loaded: &Loaded,
) -> Outcome<()> {
    if shielded(case, op.actor()) {
        return Err(Denied::absent(op.actor(), action).into());
    }
    let supports: Vec<_> = duty.children.iter().map(|child| child.unit.clone()).collect();
    let resource = resource_of(case, duty, &loaded.handler_line).support(&supports);
    op.judge(action, &resource).map(|_| ())
}

/// A case with its duty for reading, when the post may see it.
///
/// # Errors
/// “Not found” when there is none, or outside the scope of the post, or it is confidential and about the post's unit.
pub fn read(op: &mut Op<'_, '_>, id: CaseId) -> Outcome<(Case, Duty)> {
    let action = Action::CaseRead;
    let found = (store::find(op.tx, op.district(), id)?, duty::store::find(op.tx, op.district(), id)?);
    let (Some(case), Some(duty)) = found else {
        return Err(Denied::absent(op.actor(), action).into());
    };
    let loaded = Loaded::new(op, &case, &duty, None)?;
    judge(op, action, &case, &duty, &loaded)?;
    Ok((case, duty))
}

/// One page of the cases that this post may see, and where the next begins.
///
/// # Errors
/// Faults of the machinery; who may see nothing gets an empty page.
pub fn list(
    op: &mut Op<'_, '_>,
    filter: &Filter,
    order: Order,
    after: Option<Cursor>,
    limit: u32,
) -> Outcome<(Vec<Summary>, Option<Cursor>)> {
    let (scope, actor, district) = (op.scope(Action::CaseList), op.actor(), op.district());
    store::list(op.tx, district, (actor, &scope), filter, order, after, limit)
}

/// The call-backs that this post may make now, and whether each is a blind second one. A post in a handler's line gets
/// none of that handler's cases, so nobody sees what of the own work was drawn (D§15.6).
///
/// # Errors
/// Faults of the machinery.
pub fn work_list(op: &mut Op<'_, '_>, limit: u32) -> Outcome<Vec<store::Callable>> {
    let (district, now) = (op.district(), op.now());
    let rows = store::call_list(op.tx, district, now, limit)?;
    let book = op.core().book(district, op.today())?;
    let mut out = Vec::new();
    for row in rows {
        let found =
            (store::find(op.tx, district, row.case.id)?, duty::store::find(op.tx, district, row.case.id)?);
        let (Some(case), Some(duty)) = found else { continue };
        let line = duty::facts::handler_line(&book, &duty);
        let resource = resource_of(&case, &duty, &line);
        let may = |action| op.judge(action, &resource).is_ok();
        if !shielded(&case, op.actor()) && may(Action::CaseCallBack) && may(Action::CaseSample) {
            out.push(row);
        }
    }
    Ok(out)
}

/// What this post can do to a case beside the acts of its duty, and why not the rest. What the policy forbids is not
/// offered at all; what a stage does not admit neither.
pub fn offers(op: &mut Op<'_, '_>, case: &Case, duty: &Duty) -> Outcome<Vec<Offer>> {
    use crate::refusal::CaseRefusal as No;
    let loaded = Loaded::new(op, case, duty, None)?;
    let mut out = Vec::new();
    for act in Act::ALL {
        if judge(op, action_of(*act), case, duty, &loaded).is_err() {
            continue;
        }
        let context = loaded.context(op, None)?;
        let blocked = match rules::open(*act, case, duty, &context) {
            Ok(()) => None,
            Err(
                No::WrongStage { .. }
                | No::Ended { .. }
                | No::NothingToDecide {}
                | No::NoObjection {}
                | No::NothingToAppeal {}
                | No::NothingToEndorse {}
                | No::NotLinked {}
                | No::NotDue {},
            ) => continue,
            Err(no) => Some((
                Words::new(no.reason(Lang::Zh), no.reason(Lang::En)),
                Words::new(no.next(Lang::Zh), no.next(Lang::En)),
            )),
        };
        out.push(Offer { act: *act, blocked });
    }
    Ok(out)
}
