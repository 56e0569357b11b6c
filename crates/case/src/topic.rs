//! 每月一题 (cause of the month): a matter that many ask for becomes a topic, the topic becomes duties of those who own the
//! policy, and the effect is told by counts: cases of that category before it was opened and after it was closed (D§4.27).
//!
//! The duties are ordinary supervised duties with clocks, evidence and verification; a topic closes only when all of them
//! are closed. Who opens a topic does not do its work.

mod event;
mod refusal;
mod store;
#[cfg(test)]
mod tests;

pub use event::{Event, RECORDED, VERSION};
pub use refusal::TopicRefusal;
pub use store::{find, list};

use base::journal::Fact;
use base::op::Op;
use base::{Fault, Outcome};
use duty::act::With;
use kernel::access::{Action, Denied, Resource};
use kernel::duty::{Command, Ground, GroundKind, NewDuty, Priority, Visibility};
use kernel::money::Decimal;
use kernel::playbook::{Playbook, UnitKind};
use kernel::text::{Remark, Title};
use kernel::{Day, DutyId, Instant, PostCode, Slug, UnitCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Kind of thing in the ledger.
pub const SUBJECT_KIND: &str = "topic";
/// The kind of duty that owners get.
const KIND: &str = "supervision";
/// Most owners of a topic.
const OWNERS: usize = 5;
/// Days before the opening that the effect is measured against, and most days after the closing.
pub const SPAN: i64 = 90;
/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// How a topic ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// When.
    pub at: Instant,
    /// By which post.
    pub by: PostCode,
    /// What was changed.
    pub note: Remark,
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// Number: `201908-01`.
    pub no: String,
    /// What it is called.
    pub title: Title,
    /// Why it was opened.
    pub why: Remark,
    /// The category whose cases should become fewer, exactly.
    pub category: Slug,
    /// Community or street; none for the whole district.
    pub place: Option<UnitCode>,
    /// The month that it belongs to: 201908.
    pub month: u32,
    /// Duties of the owners.
    pub duties: Vec<DutyId>,
    /// When it was opened.
    pub opened_at: Instant,
    /// By which post.
    pub opened_by: PostCode,
    /// How it ended.
    pub closing: Option<Closing>,
    /// Revision.
    pub rev: u64,
}

/// What is filled in to open a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTopic {
    /// Title.
    pub title: Title,
    /// Why.
    pub why: Remark,
    /// Category, exactly.
    pub category: Slug,
    /// Community or street; none for the whole district.
    pub place: Option<UnitCode>,
    /// Who owns the policy: one duty each.
    pub owners: Vec<UnitCode>,
    /// What counts as done.
    pub criterion: Remark,
    /// A set due day; otherwise the clock rule of the duty's kind.
    pub due: Option<Day>,
}

/// Opens a topic and gives each owner a duty, in one transaction.
///
/// # Errors
/// When the post may not open topics; no owner, too many or one twice; a category or place that the playbook has not.
pub fn open(op: &mut Op<'_, '_>, new: &NewTopic) -> Outcome<Topic> {
    op.judge(Action::TopicOpen, &Resource::new())?;
    let (today, book) = (op.today(), op.core().book(op.district(), op.today())?);
    sound(&book, new)?;
    let month = month_of(today);
    let seq = op.number(&format!("topic.{month}"))?;
    let no = format!("{month}-{seq:02}");
    let duties = new.owners.iter().map(|owner| charge(op, new, &no, owner)).collect::<Outcome<Vec<_>>>()?;
    let topic = Topic {
        no: no.clone(),
        title: new.title.clone(),
        why: new.why.clone(),
        category: new.category.clone(),
        place: new.place.clone(),
        month,
        duties,
        opened_at: op.now(),
        opened_by: op.actor().post.clone(),
        closing: None,
        rev: 1,
    };
    let event = Event::Opened {
        no,
        title: topic.title.clone(),
        why: topic.why.clone(),
        category: topic.category.clone(),
        place: topic.place.clone(),
        month,
        duties: topic.duties.clone(),
    };
    record(op, &topic, &event)?;
    store::insert(op.tx, op.district(), &topic)?;
    Ok(topic)
}

fn sound(book: &Playbook, new: &NewTopic) -> Result<(), TopicRefusal> {
    if book.category(new.category.as_str()).is_none() {
        return Err(TopicRefusal::UnknownCategory { given: new.category.to_string() });
    }
    let is_place = |unit: &UnitCode| {
        book.unit(unit).is_some_and(|u| matches!(u.kind, UnitKind::Street | UnitKind::Community))
    };
    if let Some(place) = new.place.as_ref().filter(|place| !is_place(place)) {
        return Err(TopicRefusal::NotAPlace { given: place.to_string() });
    }
    let different: BTreeSet<&UnitCode> = new.owners.iter().collect();
    if new.owners.is_empty() || new.owners.len() > OWNERS || different.len() != new.owners.len() {
        return Err(TopicRefusal::Owners { n: new.owners.len(), max: OWNERS });
    }
    let unknown = new.owners.iter().find(|unit| book.unit(unit).is_none_or(|u| u.kind.is_respondent()));
    unknown.map_or(Ok(()), |unit| Err(TopicRefusal::NotAnOwner { given: unit.to_string() }))
}

/// The duty of one owner. That the topic was allowed is what allows it.
fn charge(op: &mut Op<'_, '_>, new: &NewTopic, no: &str, owner: &UnitCode) -> Outcome<DutyId> {
    let ground = Ground {
        kind: GroundKind::CitizenAppeal,
        text: Remark::parse("ground", &format!("每月一题{no}：{}", new.why))?,
        day: Some(op.today()),
        source: format!("topic:{no}"),
    };
    let form = NewDuty {
        kind: Slug::parse("kind", KIND)?,
        title: new.title.clone(),
        ground: vec![ground],
        criterion: new.criterion.clone(),
        priority: Priority::General,
        visibility: Visibility::Internal,
        superintendent: None,
        patron: None,
        parent: None,
        relations: BTreeSet::new(),
        place: new.place.clone(),
        planned_due: new.due,
        marks: BTreeSet::new(),
    };
    let with = With { follows: true, ..With::default() };
    let born = duty::act::register_unjudged(op, &Command::Register { form: Box::new(form) }, &with)?;
    let assign = Command::Assign {
        lead: owner.clone(),
        handler: None,
        superintendent: None,
        patron: None,
        due: new.due,
    };
    Ok(duty::act::perform_unjudged(op, born, &assign, &with)?.id)
}

/// Closes a topic: every duty of its owners is done.
///
/// # Errors
/// When the post may not open topics, there is no such topic, it is closed, or a duty is still open.
pub fn close(op: &mut Op<'_, '_>, no: &str, note: &Remark) -> Outcome<Topic> {
    op.judge(Action::TopicOpen, &Resource::new())?;
    let found = store::locked(op.tx, op.district(), no)?;
    let mut topic = found.ok_or_else(|| Fault::from(Denied::absent(op.actor(), Action::TopicRead)))?;
    if topic.closing.is_some() {
        return Err(TopicRefusal::ClosedAlready {}.into());
    }
    let mut open = 0;
    for id in &topic.duties {
        open += usize::from(duty::store::find(op.tx, op.district(), *id)?.is_some_and(|duty| duty.is_open()));
    }
    if open > 0 {
        return Err(TopicRefusal::DutiesOpen { n: open }.into());
    }
    topic.rev = topic.rev.saturating_add(1);
    topic.closing = Some(Closing { at: op.now(), by: op.actor().post.clone(), note: note.clone() });
    record(op, &topic, &Event::Closed { note: note.clone() })?;
    store::update(op.tx, op.district(), &topic)?;
    Ok(topic)
}

fn record(op: &mut Op<'_, '_>, topic: &Topic, event: &Event) -> Outcome<()> {
    let body = serde_json::to_string(event)?;
    let subject = format!("topic:{}", topic.no);
    op.record(Fact {
        subject_kind: SUBJECT_KIND,
        subject: &subject,
        rev: topic.rev,
        kind: event.kind(),
        version: VERSION,
        body: &body,
    })?;
    Ok(())
}

/// One topic, with the duties of its owners as they stand.
///
/// # Errors
/// When the post may not read topics, or there is none of this number.
pub fn read(op: &mut Op<'_, '_>, no: &str) -> Outcome<(Topic, Vec<kernel::duty::Duty>)> {
    op.judge(Action::TopicRead, &Resource::new())?;
    let found = find(op.tx, op.district(), no)?;
    let topic = found.ok_or_else(|| Fault::from(Denied::absent(op.actor(), Action::TopicRead)))?;
    let mut duties = Vec::new();
    for id in &topic.duties {
        duties.extend(duty::store::find(op.tx, op.district(), *id)?);
    }
    Ok((topic, duties))
}

/// Cases of the category in a span of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Cases received.
    pub cases: u64,
    /// Days.
    pub days: i64,
}

impl Stretch {
    /// Cases in thirty days; none of an empty span.
    pub fn per_month(self) -> Option<Decimal> {
        let cases = i64::try_from(self.cases).ok()?.checked_mul(30)?;
        Decimal::ratio(cases, self.days).filter(|_| self.days > 0)
    }
}

/// What the topic did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The ninety days before it was opened.
    pub before: Stretch,
    /// Since it was closed, at most ninety days; none while it is open.
    pub after: Option<Stretch>,
    /// Cases received by month, from three months before the opening on.
    pub months: Vec<(u32, u64)>,
}

impl Effect {
    /// By how many per cent the cases in thirty days fell; negative when they rose. None before it can be said: while the
    /// topic is open, in the first thirty days after it, and where there was nothing before.
    pub fn drop(&self) -> Option<Decimal> {
        let after = self.after.filter(|after| after.days >= 30)?;
        let (before, after) = (self.before.per_month()?, after.per_month()?);
        let fell = before.raw().checked_sub(after.raw())?.checked_mul(100)?;
        Decimal::ratio(fell, before.raw()).filter(|_| before.raw() > 0)
    }
}

/// Counts the cases around a topic. It reads an index only.
///
/// # Errors
/// Faults of the machinery.
pub fn effect(op: &mut Op<'_, '_>, topic: &Topic) -> Outcome<Effect> {
    let (district, now) = (op.district(), op.now());
    let book = op.core().book(district, op.today())?;
    let is_place = |kind| matches!(kind, UnitKind::Street | UnitKind::Community);
    let places: Vec<UnitCode> = match &topic.place {
        Some(place) => vec![place.clone()],
        None => book.org.units.values().filter(|u| is_place(u.kind)).map(|u| u.code.clone()).collect(),
    };
    let category = topic.category.as_str();
    let mut count = |from: Instant, until: Instant| {
        crate::hot::counted(op.tx, district, &places, category, (from, until))
    };
    let start = topic.opened_at.plus_micros(-SPAN * DAY);
    let before = Stretch { cases: count(start, topic.opened_at)?, days: SPAN };
    let after = match &topic.closing {
        None => None,
        Some(closing) => {
            let until = now.min(closing.at.plus_micros(SPAN * DAY));
            let days = until.micros().saturating_sub(closing.at.micros()) / DAY;
            Some(Stretch { cases: count(closing.at, until)?, days })
        }
    };
    let first = topic.opened_at.day().plus_months(-3);
    let mut months = Vec::new();
    for month in crate::rates::months(month_of(first), month_of(now.day())) {
        let (year, of) = (i16::try_from(month / 100).unwrap_or(0), i8::try_from(month % 100).unwrap_or(1));
        if let Some(day) = Day::new(year, of, 1) {
            months.push((month, count(day.start(), day.plus_months(1).start())?));
        }
    }
    Ok(Effect { before, after, months })
}

/// The month of a day as a number: 201908.
pub fn month_of(day: Day) -> u32 {
    u32::try_from(i32::from(day.year()) * 100 + i32::from(day.month())).unwrap_or(0)
}
