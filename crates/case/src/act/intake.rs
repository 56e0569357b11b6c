//! Filing: the fast road. Seven or eight short statements, nothing read back.

use super::change::{note, save};
use super::effect::{follows, remark};
use crate::event::{Event, SUBJECT_KIND, VERSION, subject};
use crate::facts::{Loaded, desk, rules_of};
use crate::model::{Case, CaseId, Filed, Meta, NewCase, Prepared, Promise};
use crate::refusal::CaseRefusal;
use crate::store::{self, Derived};
use crate::{KIND, rules};
use base::journal::Fact;
use base::op::Op;
use base::vault::Spot;
use base::{DbFault, Fault, Outcome};
use duty::act::With;
use kernel::access::{Action, Resource};
use kernel::cases::Urgency;
use kernel::clock::{ClockEvent, ClockRule, LimitState};
use kernel::duty::{self as kd, Duty, Ground, GroundKind, Mark, NewDuty, Priority, Visibility};
use kernel::playbook::{Category, Playbook, Routed};
use kernel::text::{Remark, Title};
use kernel::{DutyId, Instant, Slug, UnitCode, Words};
use std::collections::BTreeSet;

/// Prepares and files in one go; callers that care about the writer's thread prepare before the transaction.
///
/// # Errors
/// Named refusals of the door, see [`NewCase::prepare`].
pub fn file(op: &mut Op<'_, '_>, new: &NewCase) -> Outcome<Filed> {
    let ready = new.prepare(op.core(), op.district())?;
    file_prepared(op, &ready)
}

/// Files a prepared case: number, duty, case, promise.
///
/// # Errors
/// When the post may not record, or the district takes no cases. A second filing with the same source and number is
/// no error: it gives the first one.
pub fn file_prepared(op: &mut Op<'_, '_>, ready: &Prepared) -> Outcome<Filed> {
    if ready.district != op.district() {
        return Err(CaseRefusal::OtherDistrict { given: ready.district.to_string() }.into());
    }
    let kind = Slug::parse("kind", KIND)?;
    op.judge(Action::CaseRecord, &Resource::new().kind(&kind))?;
    let book = op.core().book(op.district(), op.today())?;
    if let Some(key) = &ready.filing.source_key
        && let Some((id, no)) = store::find_by_source(op.tx, op.district(), key)?
    {
        return again(op, &book, id, no);
    }
    let year = op.today().year();
    let n = op.number(&format!("case:{year}"))?;
    let no = format!("{}-{year}-{n:06}", op.district());
    let (case, duty, stub) = write(op, &book, ready, no, kind)?;
    let category = case.filing.category.as_ref().and_then(|code| book.category(code.as_str()));
    Ok(Filed {
        case: case.id,
        no: case.no.clone(),
        code: Some(ready.code.clone()),
        promise: promise(op, &book, &case, &duty)?,
        stub,
        emergency: category.and_then(|category| category.emergency.clone()),
        again: false,
    })
}

fn again(op: &mut Op<'_, '_>, book: &Playbook, id: CaseId, no: String) -> Outcome<Filed> {
    let duty = duty::store::find(op.tx, op.district(), id)?.ok_or_else(|| store::absent(id))?;
    let case = store::find(op.tx, op.district(), id)?.ok_or_else(|| store::absent(id))?;
    let promise = promise(op, book, &case, &duty)?;
    Ok(Filed { case: id, no, code: None, promise, stub: None, emergency: None, again: true })
}

/// Duty, event, row, counter, search.
fn write(
    op: &mut Op<'_, '_>,
    book: &Playbook,
    ready: &Prepared,
    no: String,
    kind: Slug,
) -> Outcome<(Case, Duty, Option<base::op::Stub>)> {
    let rules = rules_of(book)?;
    let category = ready.filing.category.as_ref().and_then(|code| book.category(code.as_str()));
    let desk = desk(book);
    let with = With {
        number: Some(no.clone()),
        clock: rules.clocks.get(&ready.filing.urgency).cloned(),
        id: Some(ready.id),
        follows: true,
        behalf: desk.map(|post| post.unit.clone()),
        quiet: true,
        ..With::default()
    };
    let form = form(ready, &no, kind, desk.map(|post| post.code.clone()))?;
    let mut duty = duty::act::register_unjudged(op, &kd::Command::Register { form: Box::new(form) }, &with)?;
    let received = ready.received_at.unwrap_or(op.now());
    let filed = Event::Filed { id: ready.id, no, filing: Box::new(ready.filing.clone()), received };
    let meta = Meta { at: op.now(), actor: op.actor().post.clone() };
    let mut case = Case::born(&filed, &meta).map_err(|fault| Fault::broken(fault.to_string()))?;
    let body = serde_json::to_string(&filed)?;
    op.record(Fact {
        subject_kind: SUBJECT_KIND,
        subject: &subject(case.id),
        rev: 1,
        kind: filed.kind(),
        version: VERSION,
        body: &body,
    })?;
    let stub = op.stubs().last().cloned();
    if let Some((category, routed)) = by_itself(book, category, &case)
        && !recurs(op, &case, ready, rules.recurrence_days)?
    {
        duty = dispatch(op, &mut case, duty, category, &routed, ready)?;
    }
    let derived = Derived {
        stage: rules::stage(&case, &duty),
        hot: false,
        sampled: false,
        call_at: None,
        score_at: None,
        look_at: None,
    };
    match store::insert(op.tx, op.district(), &case, &duty, ready, &derived) {
        // Two at once with one source and number (PostgreSQL): the loser runs again and finds the first.
        Err(Fault::Db(DbFault::Duplicate(text))) => return Err(Fault::Db(DbFault::Raced(text))),
        other => other?,
    }
    let day = i64::from(op.today().number());
    op.tally("case.in", case.filing.category.as_ref().map_or("", |c| c.as_str()), day, 1)?;
    op.index("case", &case.id.to_string(), &words_of(&case))?;
    Ok((case, duty, stub))
}

/// What a search finds a case by.
pub(crate) fn words_of(case: &Case) -> String {
    let address = case.filing.place.address.as_ref().map_or("", |a| a.as_str());
    format!("{} {address} {}", case.no, case.filing.text)
}

/// The duty of a case. Of a confidential one it says nothing that its page could give away.
fn form(
    ready: &Prepared,
    no: &str,
    kind: Slug,
    superintendent: Option<kernel::PostCode>,
) -> Outcome<NewDuty> {
    let filing = &ready.filing;
    let title =
        if filing.confidential { Title::parse("title", "保密诉求")? } else { filing.title.clone() };
    let mut marks = BTreeSet::new();
    if filing.confidential {
        marks.insert(Mark::Confidential);
    }
    if filing.channel == kernel::cases::Channel::Import {
        marks.insert(Mark::Imported);
    }
    Ok(NewDuty {
        kind,
        title,
        ground: vec![Ground {
            kind: GroundKind::CitizenAppeal,
            text: Remark::parse("ground", &format!("群众诉求{no}"))?,
            day: None,
            source: String::new(),
        }],
        criterion: remark("向诉求人答复，问题解决或依法说明，经审单和回访")?,
        priority: priority(filing.urgency),
        visibility: Visibility::Petitioner,
        superintendent,
        patron: None,
        parent: None,
        relations: BTreeSet::new(),
        place: filing.place.unit.clone().filter(|_| !filing.confidential),
        planned_due: None,
        marks,
    })
}

fn priority(urgency: Urgency) -> Priority {
    match urgency {
        Urgency::Urgent => Priority::Top,
        Urgency::Quick => Priority::Urgent,
        Urgency::General => Priority::Brisk,
        Urgency::Complex => Priority::General,
    }
}

/// Whether the program dispatches it by itself: only where the playbook says so for the category, never for a
/// confidential case, and never to whom it is about.
fn by_itself<'b>(
    book: &'b Playbook,
    category: Option<&'b Category>,
    case: &Case,
) -> Option<(&'b Category, Routed)> {
    let category = category.filter(|category| category.auto)?;
    let plain = !case.filing.confidential && case.filing.against.is_none();
    let routed = book.route(category, case.place()).filter(|_| plain)?;
    Some((category, routed))
}

/// A recurrence is for a dispatcher to see.
fn recurs(op: &mut Op<'_, '_>, case: &Case, ready: &Prepared, days: u32) -> Outcome<bool> {
    let (Some(category), Some(spot)) = (&case.filing.category, &ready.spot) else { return Ok(false) };
    let since = op.today().plus(-i32::try_from(days).unwrap_or(i32::MAX)).start();
    Ok(store::last_at(op.tx, op.district(), case.place(), category, spot, since)?.is_some())
}

fn dispatch(
    op: &mut Op<'_, '_>,
    case: &mut Case,
    duty: Duty,
    category: &Category,
    routed: &Routed,
    ready: &Prepared,
) -> Outcome<Duty> {
    let mandate = routed.mandate.clone().or_else(|| category.mandate.clone());
    let (unit, by_rule) = (routed.unit.clone(), true);
    let event = Event::Dispatched { unit: unit.clone(), mandate: mandate.clone(), by_rule, note: None };
    note(op, case, &event, &ready.sig)?;
    let assign =
        kd::Command::Assign { lead: unit, handler: None, superintendent: None, patron: None, due: None };
    let duty = duty::act::perform_unjudged(op, duty, &assign, &With { mandate, ..follows() })?;
    crate::follow::recount(op, None, Some(&duty))?;
    Ok(duty)
}

/// The promise of a case as it stands: computed from its clock.
///
/// # Errors
/// Faults of the machinery only.
pub fn promise(op: &Op<'_, '_>, book: &Playbook, case: &Case, duty: &Duty) -> Outcome<Promise> {
    let unit = duty.holder.hold.unit.clone();
    let name = |unit: &UnitCode| {
        book.unit(unit).map_or_else(|| Words::new(unit.as_str(), unit.as_str()), |found| found.name.clone())
    };
    let unit_name = name(&unit);
    let Some(clock) = &duty.clock else {
        return Ok(Promise { unit, unit_name, by: None, dispatched_by: None, steps: Vec::new() });
    };
    let (code, version) = clock.rule();
    let Some(rule) = book.clock_version(code.as_str(), version) else {
        return Ok(Promise { unit, unit_name, by: clock.main_due(), dispatched_by: None, steps: Vec::new() });
    };
    let calendar = op.core().calendar(op.district(), op.today())?;
    let dispatched_by = clock
        .limits()
        .iter()
        .filter(|limit| rule.limit(&limit.name).is_some_and(|l| l.stops == ClockEvent::Assign))
        .find_map(|limit| match &limit.state {
            LimitState::Running(run) => Some(run.due),
            _ => None,
        });
    // What has not begun begins at the latest when the step before it ends.
    let start = dispatched_by.unwrap_or(op.now());
    let mut by = None;
    let mut steps = Vec::new();
    for limit in clock.limits() {
        let Some(line) = rule.limit(&limit.name) else { continue };
        let due = match &limit.state {
            LimitState::Waiting if case.end.is_none() => {
                kernel::clock::due_with(start, limit.limit, limit.counting, &calendar).at
            }
            LimitState::Waiting => continue,
            LimitState::Running(run) | LimitState::Stopped { run, .. } => run.due,
        };
        let done = matches!(limit.state, LimitState::Stopped { .. });
        if limit.main && !done {
            by = Some(due);
        }
        if !done {
            steps.push(step(rule, line, due, &unit_name));
        }
    }
    Ok(Promise { unit, unit_name, by, dispatched_by, steps })
}

/// One step in words: what, until when, by which rule.
fn step(rule: &ClockRule, line: &kernel::clock::LimitRule, due: Instant, unit: &Words) -> Words {
    let (title, limit) = (line.title(), line.limit.words());
    let who = match line.stops {
        ClockEvent::Assign => unit.clone(),
        _ => Words::new("承办单位", "the unit that handles it"),
    };
    let en = kernel::Lang::En;
    Words::new(
        format!("{}最迟{}{}（{}：{}内）", who.zh, due.minute_text(), title.zh, rule.title.zh, limit.zh),
        format!(
            "{}: {} by {} at the latest ({}: within {})",
            who.get(en),
            title.get(en),
            due.minute_text(),
            rule.title.get(en),
            limit.get(en)
        ),
    )
}

/// A case that was linked by mistake stands alone again. Its duty went into the other and cannot come back, so the
/// matter gets a new duty and a new case; the old number stays the petitioner's and follows the new case.
pub(super) fn stand_alone(
    op: &mut Op<'_, '_>,
    case: &Case,
    parent: CaseId,
    why: &Remark,
    loaded: &Loaded,
) -> Outcome<()> {
    super::effect::with_other(op, parent, &Event::Released { case: case.id })?;
    let id = DutyId::new(op.id());
    let contact = reseal(op, case, id, loaded)?;
    let mut filing = case.filing.clone();
    filing.source_key = None;
    let ready = Prepared {
        id,
        district: op.district(),
        // Nobody is told a code of the new case: the petitioner keeps number and code of the old one.
        secret: crate::model::secret_of(
            op.core(),
            op.district(),
            id,
            &base::hex(&op.core().ids.bytes::<16>()),
        ),
        code: String::new(),
        contact,
        contact_hash: loaded.secrets.contact_hash.clone(),
        spot: loaded.secrets.spot.clone(),
        sig: loaded.secrets.sig.clone(),
        received_at: Some(case.received_at),
        filing,
    };
    let book = loaded.book.clone();
    let year = op.today().year();
    let n = op.number(&format!("case:{year}"))?;
    let no = format!("{}-{year}-{n:06}", op.district());
    let (mut new, new_duty, _) = write(op, &book, &ready, no, Slug::parse("kind", KIND)?)?;
    let from = new.rev;
    let new_loaded = Loaded::new(op, &new, &new_duty, None)?;
    note(op, &mut new, &Event::Gathered { case: case.id }, &ready.sig)?;
    save(op, &new, &new_duty, &new_loaded, from)?;
    let mut old = store::locked(op.tx, op.district(), case.id)?.ok_or_else(|| store::absent(case.id))?;
    let duty = duty::store::find(op.tx, op.district(), case.id)?.ok_or_else(|| store::absent(case.id))?;
    let from = old.rev;
    note(op, &mut old, &Event::Linked { to: new.id, why: why.clone() }, &loaded.secrets.sig)?;
    save(op, &old, &duty, loaded, from)
}

fn reseal(op: &Op<'_, '_>, case: &Case, id: CaseId, loaded: &Loaded) -> Outcome<Option<String>> {
    let Some(sealed) = &loaded.secrets.contact else { return Ok(None) };
    let (old, new) = (case.id.to_string(), id.to_string());
    let plain = op.vault().open(&Spot::new("case.contact", op.district(), &old), sealed)?;
    Ok(Some(op.vault().seal(&Spot::new("case.contact", op.district(), &new), &plain)?))
}
