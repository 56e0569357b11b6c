//! Use-cases of the plan: report a figure, ask for a change, decide, carry out; read one item in full.

pub use crate::load::{LoadReport, load_plan};
pub use crate::rules::{Entry, Ruling, Wish};

use crate::event::{Event, VERSION};
use crate::model::{Change, Decision, Value, What};
use crate::progress::slice_start;
use crate::rules::{self, AskFacts, ReportFacts, list_of};
use crate::store;
use base::journal::Fact;
use base::notice::Notice;
use base::op::Op;
use base::{Common, DbFault, Fault, Outcome};
use duty::act::{With, perform_unjudged};
use kernel::access::{Action, List, Resource, Role};
use kernel::duty::{Command, Duty};
use kernel::playbook::{Item, Measure, Playbook};
use kernel::text::Remark;
use kernel::{PostCode, Slug, UnitCode, Words};
use std::sync::Arc;

/// Records a fact of the plan under the next number of its subject.
pub(crate) fn record(op: &mut Op<'_, '_>, subject: &str, event: &Event) -> Outcome<()> {
    let rev = store::last_rev(op.tx, op.district(), subject)? + 1;
    let body = serde_json::to_string(event)?;
    let fact = Fact { subject_kind: "plan", subject, rev, kind: event.kind(), version: VERSION, body: &body };
    match op.record(fact) {
        // Two at once: the loser runs again and sees what the winner wrote.
        Err(Fault::Db(DbFault::Duplicate(text))) => Err(Fault::Db(DbFault::Raced(text))),
        other => other.map(|_| ()),
    }
}

/// An act on the item's duty that follows from a request of the plan: the plan owns the due day (`kinds.toml`).
fn follows() -> With {
    With { follows: true, ..With::default() }
}

/// The subject of an item's facts.
pub(crate) fn subject(book: &Playbook, item: &Item) -> String {
    format!("plan:{}:{}", book.head.year, item.code)
}

fn absent(code: &str) -> Fault {
    Common::NotFound { what: "item", given: code.to_owned() }.into()
}

/// The item or part that a code names: the item, the measure to report in, who leads it by the playbook.
struct Target<'b> {
    item: &'b Item,
    code: &'b Slug,
    measure: Option<&'b Measure>,
    lead: &'b UnitCode,
}

fn find<'b>(book: &'b Playbook, code: &str) -> Option<Target<'b>> {
    if let Some(item) = book.item(code) {
        return Some(Target { item, code: &item.code, measure: item.measure.as_ref(), lead: &item.lead });
    }
    book.plan.items.values().find_map(|item| {
        let part = item.parts.iter().find(|p| p.code.as_str() == code);
        let node = item.nodes.iter().find(|n| n.code.as_str() == code);
        part.map(|p| Target { item, code: &p.code, measure: item.measure.as_ref(), lead: &p.lead }).or_else(
            || {
                node.map(|n| Target {
                    item,
                    code: &n.code,
                    measure: None,
                    lead: n.lead.as_ref().unwrap_or(&item.lead),
                })
            },
        )
    })
}

fn duty_of(op: &mut Op<'_, '_>, code: &Slug) -> Outcome<Option<Duty>> {
    let Some(id) = duty::store::by_number(op.tx, op.district(), code.as_str())? else { return Ok(None) };
    duty::store::locked(op.tx, op.district(), id)
}

/// Reports a figure (调度数, grade R) of an item or a part, by its lead unit.
///
/// Refused on enterprises, for posts outside the lead unit, for statutory figures, for days that have not come or lie
/// before the last figure's, and for a cumulative figure that falls without a word.
pub fn report(op: &mut Op<'_, '_>, code: &str, entry: &Entry) -> Outcome<Value> {
    let book = op.core().book(op.district(), op.today())?;
    let target = find(&book, code).ok_or_else(|| absent(code))?;
    let duty = duty_of(op, target.code)?;
    let lead = duty.as_ref().and_then(|d| d.lead.as_ref()).unwrap_or(target.lead);
    op.judge(Action::MeasureWriteR, &Resource::new().unit(lead).lead(lead))?;
    let year = book.head.year;
    let all = store::values(op.tx, op.district(), year, op.now())?;
    let facts = ReportFacts {
        code: target.code,
        measure: target.measure,
        lead,
        lead_kind: book.unit(lead).map(|u| u.kind),
        open: duty.as_ref().map(Duty::is_open),
        from: slice_start(target.measure, year),
        today: op.today(),
        last: all.iter().rfind(|v| v.code == *target.code),
    };
    let event = rules::report(&facts, entry)?;
    record(op, &subject(&book, target.item), &event)?;
    let Event::Reported { code, rev, day, value, note } = event else {
        return Err(Fault::broken("a report caused another fact"));
    };
    let value = Value { code, rev, day, at: op.now(), value, by: op.actor().post.clone(), note };
    store::insert_value(op.tx, op.district(), year, target.item.code.as_str(), &value)?;
    Ok(value)
}

/// The target and criterion in force: the last approved change, else the playbook's.
pub(crate) fn in_force(item: &Item, changes: &[Change]) -> (Option<kernel::money::Decimal>, Words) {
    let granted = |what| changes.iter().rev().find_map(|c| c.granted(what));
    let target = granted(What::Target).and_then(kernel::money::Decimal::parse);
    let own = item.measure.as_ref().and_then(|m| m.target);
    let criterion =
        granted(What::Criterion).map_or_else(|| item.criterion.clone(), |text| Words::new(text, text));
    (target.or(own), criterion)
}

/// Asks for a change of an item (申请调整). A later due day is asked on the duty's clock in the same transaction, so
/// everything that the clock rule says about extensions holds here too.
pub fn propose(op: &mut Op<'_, '_>, code: &str, wish: &Wish, reason: &Remark) -> Outcome<Change> {
    let book = op.core().book(op.district(), op.today())?;
    let item = book.item(code).ok_or_else(|| absent(code))?;
    let duty = duty_of(op, &item.code)?;
    let lead = duty.as_ref().and_then(|d| d.lead.clone()).unwrap_or_else(|| item.lead.clone());
    op.judge(Action::PlanPropose, &Resource::new().list(list_of(item)).lead(&lead).unit(&lead))?;
    let earlier = changes_of(op, &book, item)?;
    let (target, criterion) = in_force(item, &earlier);
    let facts = AskFacts {
        item,
        lead: &lead,
        due: duty.as_ref().and_then(crate::look::main_due).unwrap_or(item.due),
        target,
        criterion: &criterion.zh,
        open: duty.as_ref().map(Duty::is_open),
        unit: &op.actor().unit,
        planner: op.actor().has(Role::Planner),
        earlier: &earlier,
    };
    let no = Slug::parse("no", &format!("{}-C{}", item.code, earlier.len() + 1))?;
    let event = rules::ask(&facts, no, wish, reason)?;
    record(op, &subject(&book, item), &event)?;
    if let (Wish::Due(to), Some(duty)) = (wish, duty) {
        let ask = Command::AskExtend { to: *to, reason: reason.clone() };
        perform_unjudged(op, duty, &ask, &follows())?;
    }
    let Event::ChangeAsked { no, what, was, wish, reason } = event else {
        return Err(Fault::broken("a request caused another fact"));
    };
    let (asked_by, asked_at) = (op.actor().post.clone(), op.now());
    let item_code = item.code.clone();
    let change = Change {
        no,
        item: item_code,
        what,
        was,
        wish,
        reason,
        asked_by,
        asked_at,
        decision: None,
        applied: None,
    };
    store::insert_change(op.tx, op.district(), book.head.year, &change)?;
    tell_approvers(op, &book, item, &change)?;
    Ok(change)
}

/// Answers a request. An approved later due day moves the duty's clock, which keeps the first date; an approved target
/// or criterion holds from this moment; an approved cancellation waits for [`apply`], because only who registered a
/// duty may strike it off.
pub fn decide(op: &mut Op<'_, '_>, no: &str, ruling: &Ruling) -> Outcome<Change> {
    let (book, mut change) = request(op, no)?;
    let item = book.item(change.item.as_str()).ok_or_else(|| absent(change.item.as_str()))?;
    let list = list_of(item);
    let action = match list {
        List::City => Action::PlanApprove137,
        List::District => Action::PlanApprove21,
    };
    op.judge(action, &Resource::new().list(list).requester(&change.asked_by, None))?;
    let by = op.actor().post.clone();
    let event = rules::decide(&change, list, &by, ruling)?;
    record(op, &subject(&book, item), &event)?;
    if change.what == What::Due
        && let Some(duty) = duty_of(op, &item.code)?
    {
        let command = match ruling.approve {
            true => Command::GrantExtend,
            false => Command::RefuseExtend { why: Remark::parse("why", &ruling.why)? },
        };
        perform_unjudged(op, duty, &command, &follows())?;
    }
    let (document, why) = (ruling.document.trim().to_owned(), ruling.why.trim().to_owned());
    change.decision = Some(Decision { approved: ruling.approve, by, at: op.now(), document, why });
    store::update_change(op.tx, op.district(), book.head.year, &change)?;
    tell_asker(op, item, &change)?;
    Ok(change)
}

/// Carries out an approved cancellation: the planner strikes the item off, with its open nodes and parts.
pub fn apply(op: &mut Op<'_, '_>, no: &str) -> Outcome<Change> {
    let (book, mut change) = request(op, no)?;
    let item = book.item(change.item.as_str()).ok_or_else(|| absent(change.item.as_str()))?;
    let list = list_of(item);
    let action = match list {
        List::City => Action::PlanChange137,
        List::District => Action::PlanChange21,
    };
    op.judge(action, &Resource::new().list(list))?;
    let event = rules::apply(&change)?;
    record(op, &subject(&book, item), &event)?;
    let reason = Remark::parse("reason", &format!("{}：{}", change.no, change.reason))?;
    let below = item.parts.iter().map(|p| &p.code).chain(item.nodes.iter().map(|n| &n.code));
    for code in below.chain(std::iter::once(&item.code)) {
        if let Some(duty) = duty_of(op, code)?.filter(Duty::is_open) {
            perform_unjudged(op, duty, &Command::Cancel { reason: reason.clone() }, &With::default())?;
        }
    }
    change.applied = Some((op.actor().post.clone(), op.now()));
    store::update_change(op.tx, op.district(), book.head.year, &change)?;
    tell_asker(op, item, &change)?;
    Ok(change)
}

/// Every request of the year, oldest first.
pub fn changes(op: &mut Op<'_, '_>) -> Outcome<Vec<Change>> {
    op.judge(Action::PlanRead, &Resource::new())?;
    let book = op.core().book(op.district(), op.today())?;
    store::changes(op.tx, op.district(), book.head.year)
}

fn changes_of(op: &mut Op<'_, '_>, book: &Playbook, item: &Item) -> Outcome<Vec<Change>> {
    let all = store::changes(op.tx, op.district(), book.head.year)?;
    Ok(all.into_iter().filter(|c| c.item == item.code).collect())
}

/// A request, locked; absent and out of sight look the same.
fn request(op: &mut Op<'_, '_>, no: &str) -> Outcome<(Arc<Playbook>, Change)> {
    op.judge(Action::PlanRead, &Resource::new())?;
    let book = op.core().book(op.district(), op.today())?;
    let found = store::locked_change(op.tx, op.district(), book.head.year, no)?;
    let change = found.ok_or_else(|| Common::NotFound { what: "change", given: no.to_owned() })?;
    Ok((book, change))
}

/// Whether this post may answer `change`, for the page's buttons; [`decide`] judges again.
pub fn may_decide(op: &Op<'_, '_>, item: &Item, change: &Change) -> bool {
    let (list, action) = match list_of(item) {
        List::City => (List::City, Action::PlanApprove137),
        List::District => (List::District, Action::PlanApprove21),
    };
    op.judge(action, &Resource::new().list(list).requester(&change.asked_by, None)).is_ok()
}

/// Whether this post may carry out an approved cancellation of `item`.
pub fn may_apply(op: &Op<'_, '_>, item: &Item) -> bool {
    let (list, action) = match list_of(item) {
        List::City => (List::City, Action::PlanChange137),
        List::District => (List::District, Action::PlanChange21),
    };
    op.judge(action, &Resource::new().list(list)).is_ok()
}

fn tell_approvers(op: &mut Op<'_, '_>, book: &Playbook, item: &Item, change: &Change) -> Outcome<()> {
    let role = match list_of(item) {
        List::City => "supervision_director",
        List::District => "chief",
    };
    let words = Words::new(
        format!("待审批调整 {}：{}", change.no, item.title.zh),
        format!("Change {} to decide: {}", change.no, item.title.en),
    );
    for post in book.org.posts_with_role(role) {
        tell(op, &post.code, change, "asked", &words)?;
    }
    Ok(())
}

fn tell_asker(op: &mut Op<'_, '_>, item: &Item, change: &Change) -> Outcome<()> {
    let (zh, en) = match change.state() {
        crate::model::ChangeState::Refused => ("未获批准", "refused"),
        crate::model::ChangeState::Applied => ("已执行", "carried out"),
        _ => ("已批准", "approved"),
    };
    let words = Words::new(
        format!("调整申请{}{zh}：{}", change.no, item.title.zh),
        format!("Change {} {en}: {}", change.no, item.title.en),
    );
    let asker = change.asked_by.clone();
    tell(op, &asker, change, change.state().code(), &words)
}

fn tell(op: &mut Op<'_, '_>, post: &PostCode, change: &Change, stage: &str, words: &Words) -> Outcome<()> {
    if op.actor().post == *post {
        return Ok(());
    }
    let link = format!("/plan/{}", change.item);
    let notice = Notice { post: post.as_str(), subject: change.no.as_str(), stage, words, link: &link };
    if op.notify(&notice)? {
        duty::outside::send(op, post, &notice, false)?;
    }
    Ok(())
}
